-- What append_events does, for a batch of one append with one event and nothing beside it (ADR 0008): the most frequent
-- of all while a node has little to do, when its callers wait for nothing else. Null if the stream is not where it is
-- expected, or if its last event has a higher position; nothing is written then. A taken event id raises
-- unique_violation.
create function append_event(
  name text, expected bigint, event_id uuid, event_type text, event_data json, event_metadata json,
  recorded timestamptz, restore_offset bigint)
returns bigint language plpgsql volatile as $$
declare
  base bigint := (pg_current_xact_id()::text::bigint + restore_offset) << 20;
begin
  if expected = 0 then
    insert into streams (stream, version, first_position, last_position) values (name, 1, base, base)
      on conflict do nothing;
  else
    update streams s set version = expected + 1, last_position = base
      where s.stream = name and s.version = expected and s.last_position < base;
  end if;
  if not found then
    return null;
  end if;
  insert into events (position, stream, version, id, type, data, metadata, recorded_at)
    values (base, name, expected + 1, event_id, event_type, event_data, event_metadata, recorded);
  insert into event_ids (id, position) values (event_id, base);
  return base;
end
$$;
