-- When each monitoring was last seen to have a stream, by any node. Lost ones are ended (MON-2).
create table monitor_presence (
  monitor_id uuid primary key,
  seen_at timestamptz not null
) with (fillfactor = 50);
create index monitor_presence_age on monitor_presence (seen_at);

-- Since when somebody has looked for lost monitorings without a break: before that, silence says nothing.
create table monitor_watch (
  singleton boolean primary key default true check (singleton),
  since timestamptz not null,
  looked_at timestamptz not null
) with (fillfactor = 50);
