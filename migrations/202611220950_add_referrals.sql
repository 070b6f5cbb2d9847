-- Referrals and all that belongs to one: people, moves, messages, packets, appointments; tasks and notifications.

create table referrals (
  id uuid constraint referrals_pkey primary key,
  public_id uuid not null default gen_random_uuid() constraint referrals_public_id_key unique,
  code text not null constraint referrals_code_key unique,
  kind text not null constraint referrals_kind_known check (kind in ('internal', 'partner', 'external', 'self', 'transfer_notice')),
  case_id uuid constraint referrals_case_id_fkey references cases (id),
  case_type smallint not null default 0,
  -- A child record (note, consent, assessment …) it was started from.
  started_from uuid,
  from_org int not null constraint referrals_from_org_fkey references organisations (id),
  from_unit int not null constraint referrals_from_unit_fkey references units (id),
  from_scope int[] not null default '{}',
  from_manager uuid constraint referrals_from_manager_fkey references users (id),
  from_supervisor uuid constraint referrals_from_supervisor_fkey references users (id),
  to_org int constraint referrals_to_org_fkey references organisations (id),
  to_unit int constraint referrals_to_unit_fkey references units (id),
  to_scope int[] not null default '{}',
  to_assignee uuid constraint referrals_to_assignee_fkey references users (id),
  to_name text not null default '' constraint referrals_to_name_length check (length(to_name) <= 200),
  service_id uuid constraint referrals_service_id_fkey references services (id),
  service_name text not null default '',
  need text not null,
  area text not null default '',
  priority text not null constraint referrals_priority_known check (priority in ('emergency', 'urgent', 'normal')),
  status text not null constraint referrals_status_known check (status in ('draft', 'requested', 'accepted', 'in_progress', 'on_hold', 'rejected', 'completed', 'failed', 'cancelled', 'entered_in_error')),
  step text not null,
  loop text not null default 'open' constraint referrals_loop_known check (loop in ('open', 'verified', 'reported_only', 'disputed', 'unreachable', 'not_asked', 'not_served')),
  status_before_hold text,
  author uuid not null constraint referrals_author_fkey references users (id),
  reviewer uuid constraint referrals_reviewer_fkey references users (id),
  needs_review boolean not null default false,
  reason bytea,
  confirm_way text constraint referrals_confirm_way_known check (confirm_way in ('with_worker', 'call', 'sms', 'portal', 'do_not_ask')),
  confirm_tries int not null default 0,
  tell_provider_disputed boolean not null default false,
  safe_for_person boolean,
  safe_for_worker boolean,
  dont_go_alone boolean not null default false,
  accompaniment text constraint referrals_accompaniment_known check (accompaniment in ('adult', 'case_worker', 'no_safe_adult', 'not_needed')),
  accompaniment_reason text not null default '',
  safe_contact text not null default '' constraint referrals_safe_contact_length check (length(safe_contact) <= 400),
  emergency_basis text,
  instead_of uuid constraint referrals_instead_of_fkey references referrals (id),
  counter_to uuid constraint referrals_counter_to_fkey references referrals (id),
  requested_at timestamptz,
  acknowledged_at timestamptz,
  decided_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  loop_closed_at timestamptz,
  acknowledge_by timestamptz,
  decide_by timestamptz,
  due_at timestamptz,
  follow_up_at timestamptz,
  -- When the next of the clocks strikes, whichever it is; null when none runs. Kept with each move.
  next_due_at timestamptz,
  next_side text constraint referrals_next_side_known check (next_side in ('from', 'to')),
  expected_on date,
  waitlist_position int,
  appointment_at timestamptz,
  cancellation_asked_at timestamptz,
  withdrawn_at timestamptz,
  person_declined boolean not null default false,
  outcome text,
  outcome_note bytea,
  outcome_amount text not null default '',
  satisfied boolean,
  new_needs boolean,
  opened_case uuid constraint referrals_opened_case_fkey references cases (id),
  escalated_at timestamptz,
  reminded_at timestamptz,
  -- How soon the receiver must react, whom it serves, what became of the packet and of a review that an emergency skipped.
  pace text not null default 'ordinary' constraint referrals_pace_known check (pace in ('ordinary', 'same_day')),
  served text not null default 'persons' constraint referrals_served_known check (served in ('persons', 'household')),
  tries_allowed smallint not null default 3,
  sharing text not null default 'open' constraint referrals_sharing_known check (sharing in ('open', 'deletion_asked', 'deletion_confirmed')),
  later_review text not null default 'not_owed' constraint referrals_later_review_known check (later_review in ('not_owed', 'owed', 'done')),
  deletion_asked_at timestamptz,
  last_moved_at timestamptz,
  -- Everybody who wrote a part of it: none of them may approve it.
  hands uuid[] not null default '{}',
  -- The form as it was left, sealed with the referral's own key; gone once it is sent.
  draft bytea,
  precaution bytea,
  version int not null default 1,
  recorded_at timestamptz not null default now()
);
create index referrals_case_id_idx on referrals (case_id);
create index referrals_from_org_idx on referrals (from_org);
create index referrals_from_unit_idx on referrals (from_unit, requested_at);
create index referrals_from_manager_idx on referrals (from_manager, requested_at);
create index referrals_from_supervisor_idx on referrals (from_supervisor) where from_supervisor is not null;
create index referrals_to_org_idx on referrals (to_org);
create index referrals_inbox_idx on referrals (to_unit, status, next_due_at) where status in ('requested', 'accepted', 'in_progress', 'on_hold');
create index referrals_to_unit_idx on referrals (to_unit, requested_at);
create index referrals_to_assignee_idx on referrals (to_assignee, status);
create index referrals_service_id_idx on referrals (service_id);
create index referrals_author_idx on referrals (author);
create index referrals_reviewer_idx on referrals (reviewer) where reviewer is not null;
create index referrals_instead_of_idx on referrals (instead_of) where instead_of is not null;
create index referrals_counter_to_idx on referrals (counter_to) where counter_to is not null;
create index referrals_opened_case_idx on referrals (opened_case) where opened_case is not null;
create index referrals_due_idx on referrals (next_due_at) where next_due_at is not null;

create function access.set_referral_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.case_id is not null then
    select c.unit, c.org, c.case_type, c.case_manager, c.supervisor, c.scope
    into new.from_unit, new.from_org, new.case_type, new.from_manager, new.from_supervisor, new.from_scope from cases c where c.id = new.case_id;
  else
    new.case_type := 0;
    new.from_scope := access.scope_of(new.from_unit, 0::smallint);
    new.from_org := (select org from units where id = new.from_unit);
  end if;
  if new.to_unit is not null then
    new.to_org := (select org from units where id = new.to_unit);
    new.to_scope := access.scope_of(new.to_unit, new.case_type);
  else
    new.to_scope := '{}';
  end if;
  return new;
end $$;
create trigger referrals_scope before insert or update on referrals for each row execute function access.set_referral_scope();

-- The one statement of who sees a referral: the sender's side as for the case; the receiver's side once it is sent. Restricted types
-- reach the receiving unit's named focal points and the assignee only (S9).
create function access.from_rule() returns text immutable language sql as $$
  select $rule$(
    from_scope && (select access.my_scope())
    or (from_manager = (select access.me()) and case_type = any ((select access.my_types())::smallint[]))
    or (from_supervisor = (select access.me()) and case_type = any ((select access.my_types())::smallint[]))
    or case_id = any ((select access.my_grants())::uuid[])
  ) and (case_id is null or case_id <> all ((select access.my_bars())::uuid[]))$rule$
$$;
create function access.to_rule() returns text immutable language sql as $$
  select $rule$(sent and (
    to_scope && (select access.my_scope())
    or (to_assignee = (select access.me()) and case_type = any ((select access.my_types())::smallint[]))
    or (to_unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[]))
  )) and (case_id is null or case_id <> all ((select access.my_bars())::uuid[]))$rule$
$$;

alter table referrals add column sent boolean generated always as (status <> 'draft' and (status <> 'entered_in_error' or requested_at is not null)) stored;
-- When the clocks look at a referral next: at once after every move, then when its next reminder, due notice or escalation rings.
alter table referrals add column look_at timestamptz default '-infinity';
create index referrals_look_idx on referrals (from_org, look_at) where look_at is not null;
create function access.look_again() returns trigger language plpgsql as $$
begin
  new.look_at := '-infinity';
  return new;
end $$;
create trigger referrals_look before update on referrals for each row when (old.version <> new.version) execute function access.look_again();
select access.close_table('referrals');
do $$
begin
  execute format('create policy both_sides_read on referrals for select to throughcare_web using ((%s) or (%s))', access.from_rule(), access.to_rule());
  execute format('create policy both_sides_write on referrals for update to throughcare_web using ((%s) or (%s))', access.from_rule(), access.to_rule());
  execute format('create policy sender_writes on referrals for insert to throughcare_web with check ((%s) or from_unit = any ((select access.my_units())::int[]))', access.from_rule());
  execute format('create policy sender_discards on referrals for delete to throughcare_web using (status = ''draft'' and (%s))', access.from_rule());
end $$;
create policy jobs_of_org on referrals for all to throughcare_worker using (from_org = (select access.job_org()) or (sent and to_org = (select access.job_org())));
grant select, insert, update, delete on referrals to throughcare_web;
grant select, update on referrals to throughcare_worker;
create policy access_spreads on referrals for update to throughcare_access using (true);
grant update on referrals to throughcare_access;
-- A case that moves takes its referrals' sending side along.
create function access.spread_case_to_referrals() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update referrals set case_id = case_id where case_id = new.id;
  return null;
end $$;
create trigger cases_spread_referrals after update on cases for each row
  when (old.unit <> new.unit or old.case_type <> new.case_type or old.scope <> new.scope
    or old.case_manager is distinct from new.case_manager or old.supervisor is distinct from new.supervisor)
  execute function access.spread_case_to_referrals();

create table referral_tables (name regclass constraint referral_tables_pkey primary key);
select access.close_table('referral_tables');
create policy migrator_registers on referral_tables for all to throughcare_migrator using (true);

create function access.copy_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select r.case_id, r.case_type, r.from_org, r.from_scope, r.from_manager, r.from_supervisor, r.to_org, r.to_unit, r.to_scope, r.to_assignee, r.sent
  into new.case_id, new.case_type, new.from_org, new.from_scope, new.from_manager, new.from_supervisor, new.to_org, new.to_unit, new.to_scope, new.to_assignee, new.sent
  from referrals r where r.id = new.referral_id;
  return new;
end $$;
create function access.spread_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare t regclass;
begin
  for t in select name from referral_tables loop
    execute format('update %s set referral_id = referral_id where referral_id = $1', t) using new.id;
  end loop;
  return null;
end $$;
create trigger referrals_spread after update on referrals for each row
  when (old.from_scope <> new.from_scope or old.to_scope <> new.to_scope or old.sent <> new.sent or old.case_type <> new.case_type
    or old.from_manager is distinct from new.from_manager or old.from_supervisor is distinct from new.from_supervisor
    or old.to_assignee is distinct from new.to_assignee or old.to_unit is distinct from new.to_unit)
  execute function access.spread_referral();

create function access.close_referral_table(t regclass, receiver_rule text default 'true') returns void language plpgsql as $$
begin
  execute format('alter table %s add column case_id uuid, add column case_type smallint not null, add column from_org int not null, add column from_scope int[] not null,
    add column from_manager uuid, add column from_supervisor uuid, add column to_org int, add column to_unit int, add column to_scope int[] not null,
    add column to_assignee uuid, add column sent boolean not null', t);
  execute format('create trigger copy_referral before insert or update on %s for each row execute function access.copy_referral()', t);
  perform access.close_table(t);
  execute format('create policy both_sides on %s for all to throughcare_web using ((%s) or ((%s) and (%s))) with check ((%s) or (%s))', t,
    access.from_rule(), access.to_rule(), receiver_rule, access.from_rule(), access.to_rule());
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (from_org = (select access.job_org()) or (sent and to_org = (select access.job_org()) and (%s)))', t, receiver_rule);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  execute format('grant update on %s to throughcare_access', t);
  insert into referral_tables values (t);
end $$;

create table referral_people (
  id uuid constraint referral_people_pkey primary key,
  referral_id uuid not null constraint referral_people_referral_id_fkey references referrals (id) on delete cascade,
  person_id uuid not null constraint referral_people_person_id_fkey references persons (id),
  constraint referral_people_once unique (referral_id, person_id)
);
create index referral_people_person_id_idx on referral_people (person_id);

-- The movement log: append-only, seen by both sides. shown_name stays empty for restricted types (S31).
create table referral_moves (
  id uuid constraint referral_moves_pkey primary key,
  referral_id uuid not null constraint referral_moves_referral_id_fkey references referrals (id) on delete cascade,
  action text not null,
  side text not null constraint referral_moves_side_known check (side in ('from', 'to', 'system')),
  from_status text not null,
  to_status text not null,
  step text not null,
  loop text,
  reason text,
  remark bytea,
  -- Words that only the acting side may read, such as a dispute's reason.
  own_side_only boolean not null default false,
  late_reason text,
  -- How the sender heard an answer that it records for an organisation without account.
  on_behalf text,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  actor_id uuid,
  actor_org int constraint referral_moves_actor_org_fkey references organisations (id),
  shown_name text not null default '',
  shown_role text not null default ''
);
create index referral_moves_referral_id_idx on referral_moves (referral_id, happened_at);
create index referral_moves_actor_org_idx on referral_moves (actor_org);

create table referral_messages (
  id uuid constraint referral_messages_pkey primary key,
  referral_id uuid not null constraint referral_messages_referral_id_fkey references referrals (id) on delete cascade,
  side text not null constraint referral_messages_side_known check (side in ('from', 'to')),
  body bytea not null,
  author uuid not null constraint referral_messages_author_fkey references users (id),
  shown_name text not null default '',
  org int not null constraint referral_messages_org_fkey references organisations (id),
  recorded_at timestamptz not null default now()
);
create index referral_messages_referral_id_idx on referral_messages (referral_id);
create index referral_messages_author_idx on referral_messages (author);
create index referral_messages_org_idx on referral_messages (org);

-- What was disclosed, frozen at submission and sealed with its own key.
create table packets (
  id uuid constraint packets_pkey primary key,
  referral_id uuid not null constraint packets_referral_id_fkey references referrals (id) on delete cascade,
  person_id uuid not null constraint packets_person_id_fkey references persons (id),
  consent_id uuid constraint packets_consent_id_fkey references consents (id),
  sections text[] not null,
  -- What the receiver needs to decide; holds no name for protected and restricted types.
  brief jsonb not null,
  body bytea not null,
  frozen_at timestamptz,
  opened_at timestamptz,
  closes_at timestamptz,
  closed_at timestamptz,
  is_supplement boolean not null default false
);
create index packets_referral_id_idx on packets (referral_id);
create index packets_person_id_idx on packets (person_id);
create index packets_consent_id_idx on packets (consent_id);

create table appointments (
  id uuid constraint appointments_pkey primary key,
  referral_id uuid not null constraint appointments_referral_id_fkey references referrals (id) on delete cascade,
  at timestamptz not null,
  place text not null default '' constraint appointments_place_length check (length(place) <= 200),
  state text not null default 'scheduled' constraint appointments_state_known check (state in ('scheduled', 'came', 'no_show', 'rescheduled', 'cancelled')),
  reason text not null default '',
  asked_by text not null default '',
  recorded_at timestamptz not null default now()
);
create index appointments_referral_id_idx on appointments (referral_id, at);

-- Consent that still stands. Only a live one opens a packet; expiry stops new sharing only (S4), so it is not asked here.
create function access.consent_stands(the_consent uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select the_consent is null or exists (select from consents where id = the_consent and withdrawn_at is null and kind <> 'refused')
$$;

select access.close_referral_table(t::regclass) from unnest(array['referral_people', 'referral_moves', 'referral_messages', 'appointments']) t;
select access.close_referral_table('packets', 'opened_at is not null and closed_at is null and (closes_at is null or closes_at > now()) and access.consent_stands(consent_id)');
grant delete on referral_people, packets to throughcare_web;

do $$
begin
  execute format($f$create function access.sees_referral(the_referral uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as
    $b$ select exists (select from referrals where id = the_referral and ((%s) or (%s))) $b$ $f$, access.from_rule(), access.to_rule());
  execute format($f$create function access.packet_key(the_packet uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as
    $b$ select k.wrapped from keys k where k.owner = the_packet and k.destroyed_at is null and exists (
      select from packets where id = the_packet and ((%s) or ((%s) and opened_at is not null and closed_at is null and (closes_at is null or closes_at > now()) and access.consent_stands(consent_id)))) $b$ $f$,
    access.from_rule(), access.to_rule());
end $$;
-- Before acceptance the receiver reads the brief alone.
create function access.packet_briefs(the_referral uuid) returns table (packet_id uuid, brief jsonb, sections text[]) stable language sql security definer set search_path = public, pg_temp as $$
  select p.id, p.brief, p.sections from packets p where p.referral_id = the_referral and access.sees_referral(the_referral)
    and p.closed_at is null and (p.closes_at is null or p.closes_at > now()) and access.consent_stands(p.consent_id)
$$;
-- The key of a referral's own words (reason, remarks, messages): both sides of it.
create function access.referral_key(the_referral uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select wrapped from keys where owner = the_referral and destroyed_at is null and (access.actor_kind() = 'operator' or access.sees_referral(the_referral))
$$;
create function access.put_key(the_owner uuid, the_case uuid, the_wrapped bytea, the_epoch int) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into keys (owner, case_id, wrapped, epoch) values (the_owner, the_case, the_wrapped, the_epoch) on conflict (owner) do nothing
$$;
-- Withdrawal closes the packet for good: its key goes.
create policy access_writes on packets for update to throughcare_access using (true);
create function access.destroy_packet_key(the_packet uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from packets p where p.id = the_packet and access.sees_referral(p.referral_id)) then raise no_data_found; end if;
  update packets set closed_at = coalesce(closed_at, now()) where id = the_packet;
  update keys set wrapped = ''::bytea, destroyed_at = now() where owner = the_packet and destroyed_at is null;
end $$;

-- Whether the actor sees a referral, or is a job of either side, or the operator.
create function access.works_on(the_referral uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select access.actor_kind() = 'operator' or access.sees_referral(the_referral)
    or exists (select from referrals where id = the_referral and access.job_org() in (from_org, to_org))
$$;
-- Acceptance opens what was disclosed; the receiver can't see a packet before, so it is opened here.
create function access.open_packets(the_referral uuid, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.works_on(the_referral) then raise no_data_found; end if;
  update packets set opened_at = the_moment where referral_id = the_referral and opened_at is null and closed_at is null
    and exists (select from referrals r where r.id = the_referral and r.status in ('accepted', 'in_progress', 'on_hold', 'completed', 'failed'));
end $$;
-- An ended referral closes its packets, now or some time after; the sender still sees what was sent.
create function access.close_packets(the_referral uuid, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.works_on(the_referral) then raise no_data_found; end if;
  update packets set closes_at = least(coalesce(closes_at, the_moment), the_moment) where referral_id = the_referral and closed_at is null;
end $$;
-- Withdrawn consent destroys the packets' keys: nobody reads them again (S4).
create function access.destroy_packets(the_referral uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.works_on(the_referral) then raise no_data_found; end if;
  update keys set wrapped = ''::bytea, destroyed_at = now() where destroyed_at is null and owner in (select id from packets where referral_id = the_referral);
  update packets set closed_at = coalesce(closed_at, now()), brief = '{}' where referral_id = the_referral;
end $$;

create table tasks (
  id uuid constraint tasks_pkey primary key,
  kind text not null,
  case_id uuid constraint tasks_case_id_fkey references cases (id) on delete cascade,
  referral_id uuid constraint tasks_referral_id_fkey references referrals (id) on delete cascade,
  side text not null default 'from' constraint tasks_side_known check (side in ('from', 'to')),
  org int not null constraint tasks_org_fkey references organisations (id),
  unit int not null constraint tasks_unit_fkey references units (id),
  case_type smallint not null default 0,
  scope int[] not null default '{}',
  supervisor uuid,
  assignee uuid constraint tasks_assignee_fkey references users (id),
  title text not null default '' constraint tasks_title_length check (length(title) <= 200),
  due_at timestamptz not null,
  overdue_at timestamptz,
  remind_at timestamptz,
  done_at timestamptz,
  done_by uuid constraint tasks_done_by_fkey references users (id),
  escalated_at timestamptz,
  created_by uuid,
  once text,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint tasks_once_key unique (once)
);
create index tasks_case_id_idx on tasks (case_id);
create index tasks_referral_id_idx on tasks (referral_id);
create index tasks_org_idx on tasks (org);
create index tasks_unit_idx on tasks (unit, due_at) where done_at is null;
create index tasks_all_unit_idx on tasks (unit);
create index tasks_assignee_idx on tasks (assignee, due_at) where done_at is null;
create index tasks_all_assignee_idx on tasks (assignee);
create index tasks_done_by_idx on tasks (done_by);
create index tasks_due_idx on tasks (due_at) where done_at is null and escalated_at is null;

create function access.set_task_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.referral_id is not null and new.side = 'to' then
    select coalesce(r.to_unit, new.unit), coalesce(r.to_org, new.org), r.case_type, r.to_scope, null, r.case_id into new.unit, new.org, new.case_type, new.scope, new.supervisor, new.case_id from referrals r where r.id = new.referral_id;
  elsif new.case_id is not null then
    select c.unit, c.org, c.case_type, c.scope, c.supervisor into new.unit, new.org, new.case_type, new.scope, new.supervisor from cases c where c.id = new.case_id;
  else
    new.scope := access.scope_of(new.unit, 0::smallint);
    new.org := (select org from units where id = new.unit);
    new.case_type := 0;
  end if;
  return new;
end $$;
create trigger tasks_scope before insert or update on tasks for each row execute function access.set_task_scope();
select access.close_table('tasks');
create policy need_to_know on tasks for all to throughcare_web using (
  (scope && (select access.my_scope())
   or ((assignee = (select access.me()) or supervisor = (select access.me())) and case_type = any ((select access.my_types())::smallint[]))
   or (side = 'from' and case_id = any ((select access.my_grants())::uuid[]))
   or (side = 'to' and unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[])))
  and (case_id is null or case_id <> all ((select access.my_bars())::uuid[])));
-- A verb may leave a task for somebody else to see (S11: a clash becomes a task for the other case's owner).
create policy anybody_leaves on tasks for insert to throughcare_web with check ((select access.me()) is not null);
create policy jobs_of_org on tasks for all to throughcare_worker using (org = (select access.job_org()));
create policy access_spreads on tasks for update to throughcare_access using (true);
grant update on tasks to throughcare_access;
grant select, insert, update on tasks to throughcare_web, throughcare_worker;
create policy access_awaits on tasks for insert to throughcare_access with check (true);
grant insert on tasks to throughcare_access;
-- Whose move it is, as tasks of both sides: what is still awaited stays, what is no longer is done. Neither side sees the other's tasks,
-- so both are kept here.
create function access.set_awaited(the_referral uuid, the_tasks jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare r referrals;
begin
  if not access.works_on(the_referral) then raise no_data_found; end if;
  select * into strict r from referrals where id = the_referral;
  update tasks set done_at = now(), done_by = access.me(), once = null, version = version + 1
    where referral_id = the_referral and done_at is null and once like 'awaited:%'
      and once not in (select t->>'once' from jsonb_array_elements(the_tasks) t);
  insert into tasks (id, kind, case_id, referral_id, side, org, unit, assignee, due_at, remind_at, once)
  select (t->>'id')::uuid, t->>'kind', r.case_id, r.id, t->>'side', coalesce(case when t->>'side' = 'to' then r.to_org end, r.from_org),
    coalesce(case when t->>'side' = 'to' then r.to_unit end, r.from_unit), (t->>'assignee')::uuid, (t->>'due_at')::timestamptz, (t->>'remind_at')::timestamptz, t->>'once'
  from jsonb_array_elements(the_tasks) t
  on conflict (once) do update set due_at = excluded.due_at, remind_at = excluded.remind_at, assignee = coalesce(tasks.assignee, excluded.assignee);
end $$;
create function access.spread_case_to_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update tasks set assignee = case when assignee = old.case_manager then new.case_manager else assignee end
  where case_id = new.id and side = 'from' and done_at is null;
  return null;
end $$;
create trigger cases_spread_tasks after update on cases for each row
  when (old.unit <> new.unit or old.case_type <> new.case_type or old.scope <> new.scope
    or old.case_manager is distinct from new.case_manager or old.supervisor is distinct from new.supervisor)
  execute function access.spread_case_to_tasks();

-- What is due next in a case is the earliest of its open tasks, also of those that the actor does not see.
create function access.set_next_due() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update cases set next_due_at = (select min(due_at) from tasks where case_id = new.case_id and side = 'from' and done_at is null) where id = new.case_id;
  return null;
end $$;
create trigger tasks_next_due after insert or update of due_at, done_at on tasks for each row when (new.case_id is not null and new.side = 'from')
  execute function access.set_next_due();

create table notifications (
  id uuid constraint notifications_pkey primary key,
  user_id uuid not null constraint notifications_user_id_fkey references users (id),
  org int not null constraint notifications_org_fkey references organisations (id),
  kind text not null,
  case_id uuid constraint notifications_case_id_fkey references cases (id) on delete cascade,
  referral_id uuid constraint notifications_referral_id_fkey references referrals (id) on delete cascade,
  task_id uuid constraint notifications_task_id_fkey references tasks (id) on delete cascade,
  recorded_at timestamptz not null default now(),
  read_at timestamptz,
  once text constraint notifications_once_key unique
);
create index notifications_user_id_idx on notifications (user_id, recorded_at desc);
create index notifications_unread_idx on notifications (user_id) where read_at is null;
create index notifications_org_idx on notifications (org);
create index notifications_case_id_idx on notifications (case_id);
create index notifications_referral_id_idx on notifications (referral_id);
create index notifications_task_id_idx on notifications (task_id);
select access.close_table('notifications');
-- Shown only while its subject is still the reader's to see (S11): rights are checked at reading, not at writing.
create policy own on notifications for all to throughcare_web using (user_id = (select access.me())
  and (case_id is null or exists (select from cases c where c.id = case_id))
  and (referral_id is null or exists (select from referrals r where r.id = referral_id)));
create policy jobs_of_org on notifications for all to throughcare_worker using (org = (select access.job_org()));
grant select, update (read_at) on notifications to throughcare_web;
grant select, insert on notifications to throughcare_worker;

create table saved_views (
  id uuid constraint saved_views_pkey primary key,
  user_id uuid not null constraint saved_views_user_id_fkey references users (id),
  page text not null,
  name text not null constraint saved_views_name_length check (length(name) between 1 and 60),
  query text not null constraint saved_views_query_length check (length(query) <= 1000)
);
create index saved_views_user_id_idx on saved_views (user_id);
select access.close_table('saved_views');
create policy own on saved_views for all to throughcare_web using (user_id = (select access.me()));
grant select, insert, delete on saved_views to throughcare_web;

-- A user leaves: their open cases, tasks and incoming referrals go to a colleague who is cleared and not barred, else to the unit's inbox.
-- An administrator calls this and learns nothing from it: not how many, not which (S11). A restricted case must not become nobody's: it
-- goes to a focal point of its unit, or to another colleague cleared for its type; and stays where it was when there is none.
create function access.fit_for(the_user uuid, the_case uuid, the_type smallint) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from users where id = the_user and active)
    and (the_type = 0 or exists (select from memberships m join roles r on r.id = m.role where m.user_id = the_user and m.ended_at is null and the_type = any (r.cleared)))
    and not exists (select from bars b where b.case_id = the_case and b.lifted_at is null and (b.user_id = the_user
      or exists (select from memberships m join units u on u.id = m.unit where m.user_id = the_user and m.ended_at is null and b.unit = any (u.path))))
$$;
create function access.heir(the_user uuid, the_colleague uuid, the_case uuid, the_type smallint, the_unit int) returns uuid stable language sql security definer set search_path = public, pg_temp as $$
  select case
    when the_colleague is not null and access.fit_for(the_colleague, the_case, the_type) then the_colleague
    when exists (select from case_types where id = the_type and sensitivity = 'restricted') then coalesce(
      (select f.user_id from focal_points f where f.unit = the_unit and f.user_id <> the_user and access.fit_for(f.user_id, the_case, the_type) order by f.on_duty desc, f.user_id limit 1),
      (select m.user_id from memberships m join users u on u.id = m.user_id join roles r on r.id = m.role
       where m.org = (select org from units where id = the_unit) and m.user_id <> the_user and m.ended_at is null and 'case.edit' = any (r.acts) and the_type = any (r.cleared)
         and access.fit_for(m.user_id, the_case, the_type) order by m.created_at, m.user_id limit 1),
      the_user)
  end
$$;
create policy access_hands_over on cases for update to throughcare_access using (true);
create policy access_hands_over on case_moves for insert to throughcare_access with check (true);
create policy access_hands_over on facts for insert to throughcare_access with check (true);
create policy access_hands_over on notifications for insert to throughcare_access with check (true);
grant update on cases to throughcare_access;
grant insert on case_moves, facts, notifications to throughcare_access;
create function access.hand_over(the_user uuid, the_colleague uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c record; heir uuid; the_org int := (select org from users where id = the_user);
begin
  if not coalesce(the_org = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  if the_colleague is not null and not exists (select from users where id = the_colleague and active and org = the_org and id <> the_user) then raise no_data_found; end if;
  for c in select id, org, case_type, unit, case_manager, supervisor from cases where closed_at is null and (case_manager = the_user or supervisor = the_user) for update loop
    heir := access.heir(the_user, the_colleague, c.id, c.case_type, c.unit);
    update cases set case_manager = case when case_manager = the_user then heir else case_manager end,
      supervisor = case when supervisor = the_user then heir else supervisor end, version = version + 1 where id = c.id;
    insert into case_moves (id, case_id, kind, from_value, to_value, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c.id, 'assigned', null, null, 'left', now(), access.me(), u.name from users u where u.id = access.me();
    insert into facts (id, actor, org, kind, case_id, subjects) values (gen_random_uuid(), '', c.org, 'case.assigned', c.id, array_remove(array[the_user, heir], null));
    if heir is not null and heir <> the_user then
      insert into notifications (id, user_id, org, kind, case_id) values (gen_random_uuid(), heir, the_org, 'case_assigned', c.id);
    end if;
  end loop;
  update tasks t set assignee = access.heir(the_user, the_colleague, t.case_id, t.case_type, t.unit) where t.assignee = the_user and t.done_at is null;
  update referrals r set to_assignee = access.heir(the_user, the_colleague, r.case_id, r.case_type, r.to_unit), version = version + 1
    where r.to_assignee = the_user and r.status in ('requested', 'accepted', 'in_progress', 'on_hold');
end $$;

-- A unit may change its place in the tree while nothing that scope reaches stands in it or below. Restricted cases don't count: scope does
-- not reach them, and the answer must not depend on them (S11).
create function access.unit_holds_records(the_unit int) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from units u where the_unit = any (u.path) and (
    exists (select from persons p where p.unit = u.id) or exists (select from households h where h.unit = u.id)
    or exists (select from cases c join case_types t on t.id = c.case_type where c.unit = u.id and t.sensitivity <> 'restricted')))
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
