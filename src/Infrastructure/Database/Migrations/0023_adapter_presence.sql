-- When each agent's adapter was last heard of, by any node. Lost adapters are signed out.

create table adapter_presence (
  agent_id uuid primary key,
  node text not null,
  connection text not null,
  seen_at timestamptz not null
) with (fillfactor = 50);
create index adapter_presence_age on adapter_presence (seen_at);
