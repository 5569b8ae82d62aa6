-- What may overtake what (ADR 0016): messages of one lane and key go out one at a time, in the order of their
-- position; a slow CRM never holds back a call's media. The lane is the kind's first word.

alter table outbox add column lane text collate "C" generated always as (split_part(kind, '.', 1)) stored;

-- Which process instance works on it until locked_until; only that one may say what became of it.
alter table outbox add column holder uuid;

drop index outbox_due;
drop index outbox_order;
create index outbox_due on outbox (lane, due_at);
create index outbox_order on outbox (lane, key, position);

-- A queue's rows live for moments: without fresh figures the planner reads all that waits to find what is due.
alter table outbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
