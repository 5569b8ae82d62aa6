-- Which folder keeps the recordings of a region, where no bucket does (ADR 0009): a node that has another does not start.
create table recording_folders (
  region text primary key,
  folder_id uuid not null,
  known_since timestamptz not null default clock_timestamp()
);
