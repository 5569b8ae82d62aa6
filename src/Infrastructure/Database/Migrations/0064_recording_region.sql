-- The one region that keeps this database's recordings, for good (REC-5): a node of another does not start, and purges nothing.
create table recording_region (
  only_one boolean primary key default true check (only_one),
  region text not null,
  known_since timestamptz not null default clock_timestamp()
);
insert into recording_region (region) select region from recording_folders order by known_since limit 1;
