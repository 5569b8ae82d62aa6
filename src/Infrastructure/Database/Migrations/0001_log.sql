-- The log (ADR 0001, 0007, 0008). Position: (transaction id + restore offset) * 2^20 + ordinal in the transaction.

create table log_epoch (
  singleton boolean primary key default true check (singleton),
  restore_offset bigint not null
);
insert into log_epoch (restore_offset) values (0);

create table events (
  position bigint not null primary key,
  stream text collate "C" not null,
  version bigint not null,
  id uuid not null,
  type text not null,
  data json not null,
  metadata json not null,
  recorded_at timestamptz not null
) partition by range (position);
create index events_stream on events (stream, version);

-- Takes what no other partition covers, so that an append never fails for the lack of one.
create table events_default partition of events default;

-- Every event id of the log. A unique index on a partitioned table would have to hold the position.
create table event_ids (
  id uuid primary key,
  position bigint not null
);

-- Where each stream stands. Room on each page keeps the updates off the index.
create table streams (
  stream text collate "C" primary key,
  version bigint not null,
  first_position bigint not null,
  last_position bigint not null
) with (fillfactor = 50);

create table outbox (
  id uuid primary key,
  kind text not null,
  key text not null,
  payload text not null,
  due_at timestamptz not null,
  -- The causing transaction's, counted on: the order of delivery within a key.
  position bigint not null,
  attempts int not null default 0,
  locked_until timestamptz,
  last_error text,
  created_at timestamptz not null
) with (fillfactor = 70);
create index outbox_due on outbox (kind, due_at);
create index outbox_order on outbox (key, position);

create table idempotency_keys (
  actor text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  response text not null,
  position bigint not null,
  created_at timestamptz not null,
  primary key (actor, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- One key per consumer, wrapped by the master key. Without wrapped_key the row says: forgotten, never again.
create table personal_data_keys (
  consumer_id uuid primary key,
  wrapped_key bytea,
  created_at timestamptz not null default clock_timestamp(),
  forgotten_at timestamptz,
  check ((wrapped_key is null) = (forgotten_at is not null))
);
create index personal_data_keys_forgotten on personal_data_keys (forgotten_at) where forgotten_at is not null;

-- Every event below is visible to the current snapshot; at or above it one could still appear.
create function log_horizon() returns bigint language sql stable as $$
  select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + restore_offset) << 20 from log_epoch
$$;

-- Planning over the partitions takes longer than reading a page, so these two keep one plan per session.
create function read_log(after bigint, page int) returns setof events language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set work_mem = '32MB' as $$
begin
  return query
    select * from events e where e.position > after and e.position < (select log_horizon()) order by e.position limit page;
end
$$;

create function read_stream(name text, after bigint, page int) returns setof events language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set work_mem = '32MB' as $$
begin
  return query
    select * from events e
    where e.stream = name and e.version > after
      and e.position >= (select s.first_position from streams s where s.stream = name)
    order by e.version limit page;
end
$$;

-- Commits many appends in one transaction. Arrays of one kind run in parallel; *_append says which append of the
-- batch (from 0) a row belongs to. n_*: streams to be created, w_*: streams to be moved on, both sorted by name,
-- so that two batches wait for each other in one direction only; for this the caller's session has all joins but
-- nested loops off. An append with a stream that is not where it is expected (or whose last event a younger
-- transaction wrote: its position would be lower) comes back in "failed", and nothing of it is written; the others
-- are written. A taken event id or idempotency key raises unique_violation.
create function append_events(
  n_append int[], n_stream text[], n_next bigint[],
  w_append int[], w_stream text[], w_expected bigint[], w_next bigint[],
  e_append int[], e_stream text[], e_version bigint[], e_id uuid[], e_type text[], e_data json[], e_metadata json[],
  o_append int[], o_id uuid[], o_kind text[], o_key text[], o_payload text[], o_due timestamptz[],
  k_append int[], k_actor text[], k_key text[], k_hash bytea[], k_response text[],
  recorded timestamptz, restore_offset bigint,
  out base bigint, out failed int[])
language plpgsql volatile as $$
declare
  written int;
  missed int := cardinality(n_stream) + cardinality(w_stream);
begin
  base := (pg_current_xact_id()::text::bigint + restore_offset) << 20;

  if cardinality(n_stream) > 0 then
    insert into streams (stream, version, first_position, last_position)
      select unnest(n_stream), unnest(n_next), base, base
      on conflict do nothing;
    get diagnostics written = row_count;
    missed := missed - written;
  end if;
  if cardinality(w_stream) > 0 then
    update streams s set version = w.next, last_position = base
      from (select unnest(w_stream) as stream, unnest(w_expected) as expected, unnest(w_next) as next) w
      where s.stream = w.stream and s.version = w.expected and s.last_position < base;
    get diagnostics written = row_count;
    missed := missed - written;
  end if;

  if missed > 0 then
    failed := append_failures(base, n_append, n_stream, n_next, w_append, w_stream, w_next);
    delete from streams s using unnest(n_append, n_stream) n (append, stream)
      where s.stream = n.stream and s.last_position = base and n.append = any (failed);
    update streams s set version = w.expected
      from unnest(w_append, w_stream, w_expected) w (append, stream, expected)
      where s.stream = w.stream and s.last_position = base and w.append = any (failed);
    -- The rest goes on as if the failed ones had never been in the batch.
    select array_agg(e.stream), array_agg(e.version), array_agg(e.id), array_agg(e.type), array_agg(e.data), array_agg(e.metadata)
      into e_stream, e_version, e_id, e_type, e_data, e_metadata
      from unnest(e_append, e_stream, e_version, e_id, e_type, e_data, e_metadata)
        e (append, stream, version, id, type, data, metadata)
      where e.append <> all (failed);
    select array_agg(o.id), array_agg(o.kind), array_agg(o.key), array_agg(o.payload), array_agg(o.due)
      into o_id, o_kind, o_key, o_payload, o_due
      from unnest(o_append, o_id, o_kind, o_key, o_payload, o_due) o (append, id, kind, key, payload, due)
      where o.append <> all (failed);
    select array_agg(k.actor), array_agg(k.key), array_agg(k.hash), array_agg(k.response)
      into k_actor, k_key, k_hash, k_response
      from unnest(k_append, k_actor, k_key, k_hash, k_response) k (append, actor, key, hash, response)
      where k.append <> all (failed);
  end if;

  insert into events (position, stream, version, id, type, data, metadata, recorded_at)
    select generate_series(base, base + cardinality(e_id) - 1), unnest(e_stream), unnest(e_version), unnest(e_id),
      unnest(e_type), unnest(e_data), unnest(e_metadata), recorded;
  insert into event_ids (id, position)
    select unnest(e_id), generate_series(base, base + cardinality(e_id) - 1) order by 1;
  if cardinality(k_key) > 0 then
    insert into idempotency_keys (actor, key, request_hash, response, position, created_at)
      select unnest(k_actor), unnest(k_key), unnest(k_hash), unnest(k_response), base, recorded order by 1, 2;
  end if;
  if cardinality(o_id) > 0 then
    insert into outbox (id, kind, key, payload, due_at, position, created_at)
      select unnest(o_id), unnest(o_kind), unnest(o_key), unnest(o_payload), unnest(o_due),
        generate_series(base, base + cardinality(o_id) - 1), recorded order by 1
      on conflict do nothing;
  end if;
end
$$;

-- Which appends have a stream that the current transaction did not move to where they want it.
create function append_failures(
  base bigint, n_append int[], n_stream text[], n_next bigint[], w_append int[], w_stream text[], w_next bigint[])
returns int[] language sql volatile as $$
  select array_agg(distinct m.append)
  from (select * from unnest(n_append, n_stream, n_next) n (append, stream, next)
        union all
        select * from unnest(w_append, w_stream, w_next) w (append, stream, next)) m
  left join streams s on s.stream = m.stream and s.last_position = base and s.version = m.next
  where s.stream is null
$$;

-- Gives the log's offset. After a restore into a cluster with lower transaction ids new positions would be below
-- old ones: it is raised first. Every writer asks before its first append on a connection. The lock is that of
-- the migrations, "ccschema".
create function log_epoch_offset() returns bigint language plpgsql volatile as $$
declare
  highest bigint := (select max(position) >> 20 from events);
  next bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
begin
  if exists (select from log_epoch where restore_offset + next <= highest) then
    perform pg_advisory_xact_lock(7161694703239654753);
    update log_epoch set restore_offset = highest + 1 - next where restore_offset + next <= highest;
  end if;
  return (select restore_offset from log_epoch);
end
$$;

-- One partition per 2^24 transactions, the current one and some ahead. Events that had to go to the default
-- partition meanwhile are moved.
create function log_ensure_partitions(ahead int) returns void language plpgsql volatile as $$
declare
  width constant bigint := 1::bigint << 44;
  current_number bigint :=
    (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint + restore_offset from log_epoch) >> 24;
  name text;
begin
  for number in current_number .. current_number + ahead loop
    name := 'events_p' || number;
    continue when to_regclass(name) is not null;
    execute format('create table %I (like events including all)', name);
    execute format(
      'with moved as (delete from events_default where position >= %s and position < %s returning *) insert into %I select * from moved',
      number * width, (number + 1) * width, name);
    execute format(
      'alter table events attach partition %I for values from (%s) to (%s)', name, number * width, (number + 1) * width);
  end loop;
end
$$;
