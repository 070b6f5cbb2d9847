-- Text messages beside mail: the same outbox, another carrier. A meeting's reminder to the person, where they agreed to one; and codes sent to a
-- person's telephone by which they agree to a plan.
alter table messages add column carrier text not null default 'mail' constraint messages_carrier_known check (carrier in ('mail', 'text'));
grant select (carrier) on messages to throughcare_web;

-- So many hours before it begins the person is reminded, if they agreed; when that is due, and what became of it: posted, or why not.
alter table meetings
  add column remind_before smallint constraint meetings_remind_before_known check (remind_before in (24, 48)),
  add column remind_at timestamptz,
  add column reminded_at timestamptz,
  add column remind_why text constraint meetings_remind_why_length check (length(remind_why) <= 40),
  add constraint meetings_remind_dated check ((remind_before is null) = (remind_at is null)),
  add constraint meetings_remind_answered check (remind_why is null or reminded_at is not null);
create index meetings_remind_idx on meetings (org, remind_at) where remind_at is not null and reminded_at is null and state = 'planned';
grant update (remind_before, remind_at, reminded_at, remind_why) on meetings to throughcare_web, throughcare_worker;

alter table plan_agreements drop constraint plan_agreements_way_known;
alter table plan_agreements
  add constraint plan_agreements_way_known check (way in ('paper', 'thumb', 'said', 'drawn', 'signed_in', 'code')),
  add constraint plan_agreements_code_of_person check (way <> 'code' or side = 'person');

-- A code that a person was sent to agree to a plan as it was put forward this time. Only its keyed hash is kept; it counts for minutes and a few tries.
-- Whoever sent it may have said that the person was there with the telephone in their hand: without that it goes at safe hours only.
create table plan_codes (
  id uuid constraint plan_codes_pkey primary key,
  plan_id uuid not null,
  case_id uuid not null constraint plan_codes_case_id_fkey references cases (id) on delete cascade,
  person_id uuid not null constraint plan_codes_person_id_fkey references persons (id),
  in_hand boolean not null default false,
  round int not null,
  code_hash bytea not null constraint plan_codes_hash_length check (length(code_hash) = 32),
  tries smallint not null default 0 constraint plan_codes_tries_range check (tries between 0 and 5),
  expires_at timestamptz not null,
  used_at timestamptz,
  author uuid not null constraint plan_codes_author_fkey references users (id),
  recorded_at timestamptz not null default now(),
  constraint plan_codes_plan_id_fkey foreign key (plan_id, case_id) references plans (id, case_id) on delete cascade
);
create index plan_codes_plan_id_idx on plan_codes (plan_id, case_id);
create index plan_codes_case_id_idx on plan_codes (case_id);
create index plan_codes_person_id_idx on plan_codes (person_id, recorded_at desc);
create index plan_codes_author_idx on plan_codes (author);
select access.close_case_table('plan_codes', array['tries', 'used_at']);
create policy in_ones_own_name on plan_codes as restrictive for insert to throughcare_web with check (author = (select access.me())
  and tries = 0 and used_at is null
  and exists (select from plans p where p.id = plan_id and p.state = 'proposed' and p.round = plan_codes.round and (not p.needs_approval or p.approved_at is not null)));

-- Whoever refuses a call although something of it stays counted frees its key: there is no answer to repeat.
grant delete on idempotency_keys to throughcare_web;
