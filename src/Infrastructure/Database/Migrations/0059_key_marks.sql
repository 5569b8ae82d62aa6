-- By what a node knows that its key files are those of this database (ADR 0018). No key follows from a mark.
create table key_marks (
  name text primary key,
  mark bytea not null,
  known_since timestamptz not null default clock_timestamp()
);
