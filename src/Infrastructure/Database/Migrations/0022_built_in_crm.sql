-- The built-in CRM (ADR 0017). What callers send again is told by the ids they give.

create table crm_tickets (
  id uuid primary key,
  number bigint generated always as identity unique,
  external_id uuid not null unique,
  subject text not null,
  requester_name text not null,
  requester_id uuid not null,
  body text not null,
  created_at timestamptz not null
);
create index crm_tickets_requester on crm_tickets (requester_id);

create table crm_comments (
  id uuid primary key,
  ticket_id uuid not null references crm_tickets,
  number bigint generated always as identity,
  body text not null,
  created_at timestamptz not null
);
create index crm_comments_ticket on crm_comments (ticket_id, number);

-- Bytes come in first, a chunk per transaction: one long transaction would hold back every reader of the log.
-- Only a row whose bytes were verified has confirmed_at, and of those there is one per external id.
create table crm_attachments (
  id uuid primary key,
  ticket_id uuid not null references crm_tickets,
  external_id text not null,
  number bigint generated always as identity,
  file_name text not null,
  content_type text not null,
  length bigint not null,
  sha256 text not null,
  created_at timestamptz not null,
  confirmed_at timestamptz
);
create unique index crm_attachments_confirmed on crm_attachments (ticket_id, external_id) where confirmed_at is not null;
create index crm_attachments_unconfirmed on crm_attachments (created_at) where confirmed_at is null;

create table crm_attachment_chunks (
  attachment_id uuid not null references crm_attachments on delete cascade,
  number int not null,
  bytes bytea not null,
  primary key (attachment_id, number)
);
-- Audio does not compress; trying costs more than it saves.
alter table crm_attachment_chunks alter column bytes set storage external;
