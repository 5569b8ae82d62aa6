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

-- The position that the current transaction's first event has. Gives the transaction its id.
create function log_base() returns bigint language sql volatile as $$
  select (pg_current_xact_id()::text::bigint + restore_offset) << 20 from log_epoch
$$;

-- Every event below is visible to the current snapshot; at or above it one could still appear.
create function log_horizon() returns bigint language sql stable as $$
  select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + restore_offset) << 20 from log_epoch
$$;

-- Commits many appends in one transaction. Arrays of one kind run in parallel; *_append says which append of the
-- batch (from 0) a row belongs to. n_*: streams to be created, w_*: streams to be moved on, both sorted by name,
-- so that two batches wait for each other in one direction only. An append with a stream that is not where it is
-- expected (or whose last event a younger transaction wrote: its position would be lower) comes back in "failed",
-- with nothing of it written; the others are written. A taken event id or idempotency key raises unique_violation.
create function append_events(
  n_append int[], n_stream text[], n_next bigint[], n_ordinal int[],
  w_append int[], w_stream text[], w_expected bigint[], w_next bigint[],
  e_append int[], e_stream text[], e_version bigint[], e_id uuid[], e_type text[], e_data json[], e_metadata json[],
  o_append int[], o_id uuid[], o_kind text[], o_key text[], o_payload text[], o_due timestamptz[],
  k_append int[], k_actor text[], k_key text[], k_hash bytea[], k_response text[],
  recorded timestamptz,
  out base bigint, out failed int[])
language plpgsql volatile
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  written int;
  wanted int := 0;
  moved int := 0;
begin
  base := log_base();
  failed := '{}';

  if n_stream is not null then
    insert into streams as s (stream, version, first_position, last_position)
      select n.stream, n.next, base + n.ordinal, base from unnest(n_stream, n_next, n_ordinal) n (stream, next, ordinal)
      on conflict do nothing;
    get diagnostics written = row_count;
    moved := moved + written;
    wanted := wanted + cardinality(n_stream);
  end if;
  if w_stream is not null then
    update streams s set version = w.next, last_position = base
      from unnest(w_stream, w_expected, w_next) w (stream, expected, next)
      where s.stream = w.stream and s.version = w.expected and s.last_position < base;
    get diagnostics written = row_count;
    moved := moved + written;
    wanted := wanted + cardinality(w_stream);
  end if;

  if moved < wanted then
    failed := append_failures(base, n_append, n_stream, n_next, w_append, w_stream, w_next);
    delete from streams s using unnest(n_append, n_stream) n (append, stream)
      where s.stream = n.stream and s.last_position = base and n.append = any (failed);
    update streams s set version = w.expected
      from unnest(w_append, w_stream, w_expected) w (append, stream, expected)
      where s.stream = w.stream and s.last_position = base and w.append = any (failed);
  end if;

  insert into events (position, stream, version, id, type, data, metadata, recorded_at)
    select base + e.ordinal - 1, e.stream, e.version, e.id, e.type, e.data, e.metadata, recorded
    from unnest(e_append, e_stream, e_version, e_id, e_type, e_data, e_metadata)
      with ordinality e (append, stream, version, id, type, data, metadata, ordinal)
    where e.append <> all (failed);
  insert into event_ids (id, position)
    select e.id, base + e.ordinal - 1 from unnest(e_append, e_id) with ordinality e (append, id, ordinal)
    where e.append <> all (failed) order by e.id;
  if k_key is not null then
    insert into idempotency_keys (actor, key, request_hash, response, position, created_at)
      select k.actor, k.key, k.hash, k.response, base, recorded
      from unnest(k_append, k_actor, k_key, k_hash, k_response) k (append, actor, key, hash, response)
      where k.append <> all (failed) order by k.actor collate "C", k.key collate "C";
  end if;
  if o_id is not null then
    insert into outbox (id, kind, key, payload, due_at, position, created_at)
      select o.id, o.kind, o.key, o.payload, o.due, base + o.ordinal - 1, recorded
      from unnest(o_append, o_id, o_kind, o_key, o_payload, o_due)
        with ordinality o (append, id, kind, key, payload, due, ordinal)
      where o.append <> all (failed) order by o.id
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

-- After a restore into a cluster with lower transaction ids new positions would be below old ones: lift them.
create function log_raise_epoch() returns bigint language plpgsql volatile as $$
declare
  highest bigint := (select max(position) >> 20 from events);
  next bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  lifted bigint;
begin
  update log_epoch set restore_offset = highest + 1 - next
    where restore_offset + next <= highest returning restore_offset into lifted;
  return lifted;
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
