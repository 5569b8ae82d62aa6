-- What a CRM key has signed within the last minutes: the same request again is refused by every node (REC-10).
create table crm_nonces (
  key_id uuid not null,
  nonce text not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (key_id, nonce)
);
create index crm_nonces_age on crm_nonces (seen_at);
