-- An adapter that is taken for lost, so that whoever sees it again knows that its agent may be signed out this moment.
alter table adapter_presence add column lost boolean not null default false;

-- Since when somebody has looked for lost adapters without a break: before that, silence says nothing.
create table adapter_watch (
  singleton boolean primary key default true check (singleton),
  since timestamptz not null,
  looked_at timestamptz not null
) with (fillfactor = 50);
