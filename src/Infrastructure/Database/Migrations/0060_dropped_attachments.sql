-- Bytes that are on their way out, a few chunks per transaction: from the first on nobody may confirm them any more.
alter table crm_attachments add column dropped boolean not null default false;
