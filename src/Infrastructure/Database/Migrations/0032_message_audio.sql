-- Recordings that messages play (AHD-8): small, few, and on every node. What they are is in the log.

create table message_audio (
  content_id uuid primary key,
  content bytea not null
);
-- Audio does not compress; trying costs more than it saves.
alter table message_audio alter column content set storage external;
