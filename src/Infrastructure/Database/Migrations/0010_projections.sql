-- Read models (ADR 0015). Their tables are made by the code that declares them; a view of the projection's name
-- says which of them is live. All of this can be dropped: it is rebuilt from the log.
create schema read_models;

-- One row per table: version is the code's, generation counts rebuilds by the same code. Updated with every batch,
-- in the same transaction as the rows, hence the room on the page.
create table projection_checkpoints (
  name text collate "C" not null,
  version int not null,
  generation int not null,
  live boolean not null default false,
  status text not null default 'running' check (status in ('running', 'paused')),
  position bigint not null default 0,
  fence bigint not null default 0,
  error_event_id uuid,
  error_event_type text,
  error_position bigint,
  error text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (name, version, generation)
) with (fillfactor = 10);
create unique index projection_checkpoints_live on projection_checkpoints (name) where live;

-- Events that an admin told one version of a projection to leave out; a rebuild by that version leaves them out too.
create table projection_skips (
  name text collate "C" not null,
  version int not null,
  event_id uuid not null,
  skipped_by text not null,
  skipped_at timestamptz not null default clock_timestamp(),
  primary key (name, version, event_id)
);
