-- append_events also takes streams that an append only looks at (ADR 0043): rows of w_* whose w_next is their w_expected.
-- Such a stream has to be at that version, 0 for one that does not exist, and is neither locked nor written; an append whose
-- look fails is refused as one whose stream is elsewhere. All else is as 0001 says.
create or replace function append_events(
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
      where s.stream = w.stream and s.version = w.expected and s.last_position < base and w.next > w.expected;
    get diagnostics written = row_count;
    missed := missed - written;
  end if;
  -- What is looked at was not written either: counted only where there may be some.
  if missed > 0 then
    missed := missed - (
      select count(*) from unnest(w_stream, w_expected, w_next) w (stream, expected, next)
      left join streams s on s.stream = w.stream
      where w.next = w.expected and coalesce(s.version, 0) = w.expected);
  end if;

  if missed > 0 then
    failed := append_failures(base, n_append, n_stream, n_next, w_append, w_stream, w_next, w_expected);
    delete from streams s using unnest(n_append, n_stream) n (append, stream)
      where s.stream = n.stream and s.last_position = base and n.append = any (failed);
    update streams s set version = w.expected
      from unnest(w_append, w_stream, w_expected, w_next) w (append, stream, expected, next)
      where s.stream = w.stream and s.last_position = base and w.append = any (failed) and w.next > w.expected;
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

-- Which appends have a stream that the current transaction did not move to where they want it, or did not find where they look.
create function append_failures(
  base bigint, n_append int[], n_stream text[], n_next bigint[], w_append int[], w_stream text[], w_next bigint[], w_expected bigint[])
returns int[] language sql volatile as $$
  select array_agg(distinct m.append)
  from (select append, stream, next, false as looks from unnest(n_append, n_stream, n_next) n (append, stream, next)
        union all
        select append, stream, next, next = expected from unnest(w_append, w_stream, w_next, w_expected) w (append, stream, next, expected)) m
  left join streams s on s.stream = m.stream
  where not (coalesce(s.version, 0) = m.next and (m.looks or coalesce(s.last_position = base, false)))
$$;
drop function append_failures(bigint, int[], text[], bigint[], int[], text[], bigint[]);
