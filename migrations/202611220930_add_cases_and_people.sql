-- Cases, the rows that belong to a case, persons and households. Every case-bearing row carries its access columns
-- (org, unit, case_type, case_manager, supervisor, scope), written by trigger and never by the caller.

create table cases (
  id uuid constraint cases_pkey primary key,
  code text not null constraint cases_code_key unique,
  org int not null constraint cases_org_fkey references organisations (id),
  unit int not null constraint cases_unit_fkey references units (id),
  case_type smallint not null constraint cases_case_type_fkey references case_types (id),
  scope int[] not null default '{}',
  case_manager uuid constraint cases_case_manager_fkey references users (id),
  supervisor uuid constraint cases_supervisor_fkey references users (id),
  person_id uuid not null,
  household_id uuid,
  pack text not null,
  pack_version int not null,
  stage text not null,
  paused_reason text,
  priority text not null default 'normal' constraint cases_priority_known check (priority in ('emergency', 'urgent', 'normal')),
  risk text constraint cases_risk_known check (risk in ('high', 'moderate', 'low')),
  risk_set_at timestamptz,
  safety_action_at timestamptz,
  last_contact_at timestamptz,
  next_due_at timestamptz,
  intake_source text not null,
  limits_explained_on date,
  opened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  closed_at timestamptz,
  close_reason text,
  version int not null default 1,
  constraint cases_pack_fkey foreign key (pack, pack_version) references packs (name, version),
  constraint cases_closed_has_reason check ((closed_at is null) = (close_reason is null))
);
create index cases_unit_idx on cases (unit, next_due_at) where closed_at is null;
create index cases_org_idx on cases (org);
create index cases_case_type_idx on cases (case_type);
create index cases_manager_idx on cases (case_manager, next_due_at) where closed_at is null;
create index cases_all_manager_idx on cases (case_manager);
create index cases_supervisor_idx on cases (supervisor) where supervisor is not null;
create index cases_person_id_idx on cases (person_id);
create index cases_household_id_idx on cases (household_id) where household_id is not null;
create index cases_pack_idx on cases (pack, pack_version);
create index cases_scope_idx on cases using gin (scope);

create table persons (
  id uuid constraint persons_pkey primary key,
  code text not null constraint persons_code_key unique,
  org int not null constraint persons_org_fkey references organisations (id),
  unit int not null constraint persons_unit_fkey references units (id),
  scope int[] not null default '{}',
  has_case boolean not null default false,
  name text not null constraint persons_name_length check (length(name) between 1 and 200),
  name_latin text not null default '' constraint persons_name_latin_length check (length(name_latin) <= 200),
  sex text constraint persons_sex_known check (sex in ('female', 'male', 'other', 'unknown')),
  gender text not null default '' constraint persons_gender_length check (length(gender) <= 60),
  born_on date constraint persons_born_on_range check (born_on > '1890-01-01'),
  born_estimated boolean not null default false,
  languages text[] not null default '{}' constraint persons_languages_count check (cardinality(languages) <= 10),
  disability jsonb not null default '{}',
  admin1 text not null default '',
  admin2 text not null default '',
  admin3 text not null default '',
  address text not null default '' constraint persons_address_length check (length(address) <= 400),
  address_confidential boolean not null default false,
  phone_confidential boolean not null default false,
  household_confidential boolean not null default false,
  dont_go_alone boolean not null default false,
  contact_restriction text not null default '' constraint persons_restriction_length check (length(contact_restriction) <= 400),
  died_on date,
  version int not null default 1,
  recorded_at timestamptz not null default now()
);
create index persons_org_idx on persons (org);
create index persons_unit_idx on persons (unit, recorded_at) where not has_case;
create index persons_all_unit_idx on persons (unit);

create table person_documents (
  id uuid constraint person_documents_pkey primary key,
  person_id uuid not null constraint person_documents_person_id_fkey references persons (id),
  kind text not null,
  number text not null constraint person_documents_number_length check (length(number) between 1 and 60),
  number_key text not null,
  expires_on date,
  recorded_at timestamptz not null default now()
);
create index person_documents_person_id_idx on person_documents (person_id);
create index person_documents_key_idx on person_documents (number_key);

create table person_contacts (
  id uuid constraint person_contacts_pkey primary key,
  person_id uuid not null constraint person_contacts_person_id_fkey references persons (id),
  channel text not null constraint person_contacts_channel_known check (channel in ('phone', 'email')),
  value text not null constraint person_contacts_value_length check (length(value) between 3 and 200),
  value_key text not null,
  -- Unknown is not safe (S6): each stays false until the person said so.
  safe_to_call boolean not null default false,
  safe_to_text boolean not null default false,
  safe_to_email boolean not null default false,
  shared boolean not null default false,
  others text not null default '' constraint person_contacts_others_length check (length(others) <= 200),
  hours text not null default '' constraint person_contacts_hours_length check (length(hours) <= 100),
  may_say text not null default '' constraint person_contacts_may_say_length check (length(may_say) <= 200),
  voicemail boolean not null default false,
  agreed_word text not null default '' constraint person_contacts_word_length check (length(agreed_word) <= 60),
  checked_on date,
  recorded_at timestamptz not null default now()
);
create index person_contacts_person_id_idx on person_contacts (person_id);
create index person_contacts_key_idx on person_contacts (value_key);

-- Search keys. Clearance 0 is everybody; a person known only through restricted cases stands under that type's id, which is
-- never scanned for those not cleared (S11: timing).
create table person_keys (
  clearance smallint not null,
  key text not null,
  person_id uuid not null constraint person_keys_person_id_fkey references persons (id),
  constraint person_keys_pkey primary key (clearance, key, person_id)
);
create index person_keys_person_id_idx on person_keys (person_id);

create table households (
  id uuid constraint households_pkey primary key,
  code text not null constraint households_code_key unique,
  org int not null constraint households_org_fkey references organisations (id),
  unit int not null constraint households_unit_fkey references units (id),
  scope int[] not null default '{}',
  has_case boolean not null default false,
  head_id uuid constraint households_head_id_fkey references persons (id),
  version int not null default 1,
  recorded_at timestamptz not null default now()
);
create index households_org_idx on households (org);
create index households_unit_idx on households (unit);
create index households_head_id_idx on households (head_id);

create table household_members (
  id uuid constraint household_members_pkey primary key,
  household_id uuid not null constraint household_members_household_id_fkey references households (id),
  person_id uuid not null constraint household_members_person_id_fkey references persons (id),
  relationship text not null,
  joined_on date not null,
  left_on date,
  constraint household_members_dates check (left_on is null or left_on >= joined_on)
);
create index household_members_household_id_idx on household_members (household_id);
create index household_members_person_id_idx on household_members (person_id);

alter table cases add constraint cases_person_id_fkey foreign key (person_id) references persons (id);
alter table cases add constraint cases_household_id_fkey foreign key (household_id) references households (id);
alter table grants add constraint grants_case_id_fkey foreign key (case_id) references cases (id);
alter table bars add constraint bars_case_id_fkey foreign key (case_id) references cases (id);

create function access.set_case_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  new.scope := access.scope_of(new.unit, new.case_type);
  return new;
end $$;
create trigger cases_scope before insert or update on cases for each row execute function access.set_case_scope();

create function access.set_registry_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  new.scope := access.scope_of(new.unit, 0::smallint);
  return new;
end $$;
create trigger persons_scope before insert or update of unit on persons for each row execute function access.set_registry_scope();
create trigger households_scope before insert or update of unit on households for each row execute function access.set_registry_scope();

-- The one statement of what makes a case-bearing row visible; every policy over such rows is this text.
create function access.case_rule(id_column text) returns text immutable language sql as $$
  select format($rule$(
    scope && (select access.my_scope())
    or (case_manager = (select access.me()) and case_type = any ((select access.my_types())::smallint[]))
    or (supervisor = (select access.me()) and case_type = any ((select access.my_types())::smallint[]))
    or %1$I = any ((select access.my_grants())::uuid[])
  ) and %1$I <> all ((select access.my_bars())::uuid[])$rule$, id_column)
$$;

select access.close_table(t::regclass) from unnest(array['cases', 'persons', 'person_documents', 'person_contacts', 'person_keys', 'households', 'household_members']) t;

do $$
begin
  execute format('create policy need_to_know on cases for all to throughcare_web using (%s)', access.case_rule('id'));
end $$;
-- Whoever belongs to the unit may open a case in it, even one that only another will see.
create policy members_open on cases for insert to throughcare_web with check (unit = any ((select access.my_units())::int[]));
create policy jobs_of_org on cases for all to throughcare_worker using (org = (select access.job_org()));
grant select, insert, update on cases to throughcare_web, throughcare_worker;

create table case_people (
  id uuid constraint case_people_pkey primary key,
  case_id uuid not null constraint case_people_case_id_fkey references cases (id) on delete cascade,
  person_id uuid not null constraint case_people_person_id_fkey references persons (id),
  part text not null constraint case_people_part_known check (part in ('subject', 'member', 'caregiver', 'chosen_adult')),
  not_safe_to_involve boolean not null default false,
  recorded_at timestamptz not null default now(),
  constraint case_people_case_id_person_id_key unique (case_id, person_id)
);
create index case_people_person_id_idx on case_people (person_id);

-- Rows of a case copy its access columns when written, and again when the case moves.
create table case_tables (name regclass constraint case_tables_pkey primary key);
select access.close_table('case_tables');

create function access.copy_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  select c.org, c.unit, c.case_type, c.case_manager, c.supervisor, c.scope
  into new.org, new.unit, new.case_type, new.case_manager, new.supervisor, new.scope
  from cases c where c.id = new.case_id;
  return new;
end $$;

create function access.spread_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare t regclass;
begin
  for t in select name from case_tables loop
    execute format('update %s set case_id = case_id where case_id = $1', t) using new.id;
  end loop;
  return null;
end $$;
create trigger cases_spread after update on cases for each row
  when (old.unit <> new.unit or old.case_type <> new.case_type or old.scope <> new.scope
    or old.case_manager is distinct from new.case_manager or old.supervisor is distinct from new.supervisor)
  execute function access.spread_case();

-- Gives a table of case rows its access columns, trigger, policies and grants.
create function access.close_case_table(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s add column org int not null, add column unit int not null, add column case_type smallint not null,
    add column case_manager uuid, add column supervisor uuid, add column scope int[] not null', t);
  execute format('create trigger copy_case before insert or update on %s for each row execute function access.copy_case()', t);
  perform access.close_table(t);
  execute format('create policy need_to_know on %s for all to throughcare_web using (%s)', t, access.case_rule('case_id'));
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (org = (select access.job_org()))', t);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  execute format('grant update on %s to throughcare_access', t);
  insert into case_tables values (t);
end $$;
-- Registering a table is a migrator's act.
create policy migrator_registers on case_tables for all to throughcare_migrator using (true);

create table case_notes (
  id uuid constraint case_notes_pkey primary key,
  case_id uuid not null constraint case_notes_case_id_fkey references cases (id) on delete cascade,
  kind text not null constraint case_notes_kind_known check (kind in ('note', 'contact', 'contact_attempt', 'safety_action', 'visit', 'risk', 'threat')),
  body bytea,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  late_reason text,
  author uuid not null constraint case_notes_author_fkey references users (id),
  author_name text not null,
  -- A correction is a new note that names the old; nothing is erased. A note on the wrong person is moved and leaves a stub (S28).
  corrects uuid constraint case_notes_corrects_fkey references case_notes (id),
  moved_at timestamptz,
  pinned boolean not null default false
);
create index case_notes_case_id_idx on case_notes (case_id, happened_at);
create index case_notes_corrects_idx on case_notes (corrects);
create index case_notes_author_idx on case_notes (author);

-- Every step of a case: stage, risk, owner, pause, closing, re-opening.
create table case_moves (
  id uuid constraint case_moves_pkey primary key,
  case_id uuid not null constraint case_moves_case_id_fkey references cases (id) on delete cascade,
  kind text not null,
  from_value text,
  to_value text,
  reason text not null default '',
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  actor_id uuid,
  actor_name text not null
);
create index case_moves_case_id_idx on case_moves (case_id, happened_at);

create table documents (
  id uuid constraint documents_pkey primary key,
  case_id uuid not null constraint documents_case_id_fkey references cases (id) on delete cascade,
  kind text not null,
  title bytea not null,
  media_type text not null,
  size_bytes bigint not null,
  file text not null constraint documents_file_key unique,
  added_by uuid not null constraint documents_added_by_fkey references users (id),
  added_by_name text not null,
  recorded_at timestamptz not null default now(),
  withdrawn_at timestamptz
);
create index documents_case_id_idx on documents (case_id);
create index documents_added_by_idx on documents (added_by);

create table consents (
  id uuid constraint consents_pkey primary key,
  case_id uuid not null constraint consents_case_id_fkey references cases (id) on delete cascade,
  person_id uuid not null constraint consents_person_id_fkey references persons (id),
  basis text not null constraint consents_basis_known check (basis in ('consent', 'vital_interest', 'child_best_interests', 'legal_duty')),
  kind text not null constraint consents_kind_known check (kind in ('consent', 'assent', 'representative', 'refused', 'none')),
  purpose text not null constraint consents_purpose_length check (length(purpose) <= 400),
  to_orgs int[] not null default '{}',
  to_kinds text[] not null default '{}',
  sections text[] not null default '{}',
  form text,
  given_by text not null default 'person',
  given_by_person uuid constraint consents_given_by_person_fkey references persons (id),
  witness text not null default '',
  spoken_alone boolean not null default false,
  understood boolean not null default false,
  language text,
  interpreter text not null default '',
  child_assent_of uuid constraint consents_child_assent_of_fkey references consents (id),
  document_id uuid constraint consents_document_id_fkey references documents (id),
  note bytea,
  given_on date not null,
  expires_on date,
  -- A basis other than consent (S1): why, was the person told, who agreed, who reviewed.
  reason text,
  law text not null default '',
  told boolean,
  not_told_reason text not null default '',
  second_person uuid constraint consents_second_person_fkey references users (id),
  second_agreed_at timestamptz,
  second_due_at timestamptz,
  reviewed_by uuid constraint consents_reviewed_by_fkey references users (id),
  reviewed_at timestamptz,
  review_finding text,
  withdrawn_at timestamptz,
  withdrawn_how text,
  ends_service boolean,
  recorded_by uuid not null constraint consents_recorded_by_fkey references users (id),
  recorded_by_name text not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint consents_other_basis_says_why check (basis = 'consent' or reason is not null)
);
create index consents_case_id_idx on consents (case_id);
create index consents_person_id_idx on consents (person_id);
create index consents_given_by_person_idx on consents (given_by_person);
create index consents_child_assent_of_idx on consents (child_assent_of);
create index consents_document_id_idx on consents (document_id);
create index consents_second_person_idx on consents (second_person);
create index consents_reviewed_by_idx on consents (reviewed_by);
create index consents_recorded_by_idx on consents (recorded_by);

select access.close_case_table(t::regclass) from unnest(array['case_people', 'case_notes', 'case_moves', 'documents', 'consents']) t;
grant delete on case_people to throughcare_web;
create index case_people_scope_idx on case_people (case_manager);

-- Who sees a person: the registering unit until the first case, then whoever sees a case of theirs.
create policy need_to_know on persons for select to throughcare_web using (
  (not has_case and scope && (select access.my_scope()))
  or exists (select from case_people cp where cp.person_id = persons.id));
create policy edited_by_those_who_see on persons for update to throughcare_web using (
  (not has_case and scope && (select access.my_scope()))
  or exists (select from case_people cp where cp.person_id = persons.id));
create policy members_register on persons for insert to throughcare_web with check (unit = any ((select access.my_units())::int[]));
create policy jobs_of_org on persons for all to throughcare_worker using (org = (select access.job_org()));
grant select, insert, update on persons to throughcare_web, throughcare_worker;

create policy with_person on person_documents for all to throughcare_web using (exists (select from persons p where p.id = person_id));
create policy with_person on person_contacts for all to throughcare_web using (exists (select from persons p where p.id = person_id));
create policy jobs_with_person on person_documents for select to throughcare_worker using (exists (select from persons p where p.id = person_id));
create policy jobs_with_person on person_contacts for select to throughcare_worker using (exists (select from persons p where p.id = person_id));
grant select, insert, update, delete on person_documents, person_contacts to throughcare_web;
grant select on person_documents, person_contacts to throughcare_worker;

-- A household is seen like a person: by the unit that registered it until a case, then through a case of it.
create policy need_to_know on households for all to throughcare_web using (
  (not has_case and scope && (select access.my_scope()))
  or exists (select from cases c where c.household_id = households.id));
create policy members_register on households for insert to throughcare_web with check (unit = any ((select access.my_units())::int[]));
create policy jobs_of_org on households for all to throughcare_worker using (org = (select access.job_org()));
-- Who does not see a person does not see where that person lives or lived either (S12).
create policy with_household on household_members for all to throughcare_web using (
  exists (select from households h where h.id = household_id) and exists (select from persons p where p.id = person_id));
create policy jobs_with_household on household_members for select to throughcare_worker using (exists (select from households h where h.id = household_id));
grant select, insert, update on households, household_members to throughcare_web, throughcare_worker;

-- A person's first case ends the registering unit's sight; restricted-only persons leave the open search keys.
create function access.clearance_of(the_person uuid) returns smallint stable language sql security definer set search_path = public, pg_temp as $$
  select case when exists (select from case_people cp join case_types t on t.id = cp.case_type where cp.person_id = the_person and t.sensitivity <> 'restricted') then 0::smallint
    else coalesce((select min(cp.case_type) from case_people cp where cp.person_id = the_person), 0::smallint) end
$$;
create policy access_writes on persons for update to throughcare_access using (true);
create policy access_writes on households for update to throughcare_access using (true);
create policy access_writes on person_keys for all to throughcare_access using (true);
grant update (has_case) on persons to throughcare_access;
grant update (has_case) on households to throughcare_access;
grant insert, update, delete on person_keys to throughcare_access;

create function access.person_joined_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update persons set has_case = true where id = new.person_id and not has_case;
  update person_keys set clearance = access.clearance_of(new.person_id)
    where person_id = new.person_id and clearance <> access.clearance_of(new.person_id);
  return null;
end $$;
create trigger case_people_reclear after insert or update on case_people for each row execute function access.person_joined_case();
create function access.household_joined_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update households set has_case = true where id = new.household_id and not has_case;
  return null;
end $$;
create trigger cases_household after insert or update of household_id on cases for each row when (new.household_id is not null) execute function access.household_joined_case();

-- Writes a person's search keys anew; the caller must see the person.
create function access.set_person_keys(the_person uuid, the_keys text[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c smallint := access.clearance_of(the_person);
begin
  if access.actor_kind() <> 'operator' and not access.sees_person(the_person) then raise insufficient_privilege; end if;
  delete from person_keys where person_id = the_person and not (key = any (the_keys));
  insert into person_keys (clearance, key, person_id) select distinct c, k, the_person from unnest(the_keys) k on conflict do nothing;
end $$;

-- Row rules restated for definer functions: does this actor see this case, this person?
do $$
begin
  execute format($f$create function access.sees_case(the_case uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as
    $b$ select exists (select from cases where id = the_case and (%s)) $b$ $f$, access.case_rule('id'));
  execute format($f$create function access.sees_person(the_person uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as
    $b$ select exists (select from persons where id = the_person and not has_case and (scope && access.my_scope() or unit = any (access.my_units())))
      or exists (select from case_people where person_id = the_person and (%s)) $b$ $f$, access.case_rule('case_id'));
end $$;

-- Candidates for a name, number or phone search: at most 200, scored by the program, which then asks row security which of the best
-- may be opened. The others come with the organisation's general desk only; restricted persons only to those who see them (S11).
create function access.search_people(the_keys text[]) returns table (person_id uuid, name text, name_latin text, born_on date, org_name text, desk text, kinds text[])
stable language sql security definer set search_path = public, pg_temp as $$
  with found as (
    select k.person_id, max(k.clearance) as clearance, array_agg(distinct left(k.key, 1)) as kinds from (
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = 0 and k.key = any (the_keys) limit 400)
      union all
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = any (access.my_types()) and k.clearance <> 0 and k.key = any (the_keys) limit 100)
    ) k where access.me() is not null group by k.person_id order by count(*) desc limit 200)
  select p.id, p.name, p.name_latin, p.born_on, o.name, o.general_desk, f.kinds
  from found f join persons p on p.id = f.person_id join organisations o on o.id = p.org
  where f.clearance = 0 or access.sees_person(p.id)
$$;

-- Does the actor hold this act where it counts: in this unit or above it with reach, in exactly this unit, or by a team grant?
create function access.holds(the_act text, the_unit int, the_case uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (
    select from memberships m join roles r on r.id = m.role join units u on u.id = the_unit
    where m.user_id = access.me() and m.ended_at is null and the_act = any (r.acts)
      and (m.unit = the_unit or (r.reach = 'subtree' and m.unit = any (u.path))
        or exists (select from grants g where g.case_id = the_case and g.basis = 'team' and g.revoked_at is null and g.until > now()
                   and (g.user_id = m.user_id or g.unit = m.unit))))
$$;

-- Losing sight (hand-over, re-classification): a plain update would fail, so the rule is checked again and the rows moved here.
create policy access_moves on cases for update to throughcare_access using (true);
grant update on cases to throughcare_access;
create policy access_revokes on grants for update to throughcare_access using (true);
grant update (revoked_at) on grants to throughcare_access;
create function access.hand_over(the_case uuid, the_version int, the_unit int, the_manager uuid, the_supervisor uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  update cases set unit = the_unit, case_manager = the_manager, supervisor = the_supervisor, version = version + 1
  where id = the_case and version = the_version;
  if not found then raise serialization_failure; end if;
  update grants set revoked_at = now() where case_id = the_case and revoked_at is null and basis = 'team';
end $$;
create function access.reclassify(the_case uuid, the_version int, the_type smallint, the_supervisor uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  update cases set case_type = the_type, supervisor = the_supervisor, version = version + 1 where id = the_case and version = the_version;
  if not found then raise serialization_failure; end if;
end $$;

-- Break-glass (S9): opens a case that exists and is not restricted, by its id or its code; answers alike (null) for what is absent,
-- restricted or barred.
create policy access_grants on grants for insert to throughcare_access with check (true);
grant insert on grants to throughcare_access;
create function access.break_glass(the_grant uuid, the_case uuid, the_code text, the_reason text, the_until timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select x.* into c from cases x join case_types t on t.id = x.case_type
  where (x.id = the_case or x.code = the_code) and t.sensitivity <> 'restricted' and x.id <> all (access.my_bars())
    and cardinality(access.my_orgs_for('break_glass.use')) > 0;
  if not found then return null; end if;
  insert into grants (id, case_id, user_id, basis, reason, until, granted_by, org)
  values (the_grant, c.id, access.me(), 'break_glass', the_reason, the_until, access.me(), c.org);
  return c.id;
end $$;

create policy case_seers_read on grants for select to throughcare_web using (user_id = (select access.me()) or org = any ((select access.my_orgs_for('break_glass.review'))::int[]) or exists (select from cases c where c.id = case_id));
create policy case_seers_write on grants for insert to throughcare_web with check (basis = 'team' and exists (select from cases c where c.id = case_id));
create policy reviewers_write on grants for update to throughcare_web using (org = any ((select access.my_orgs_for('break_glass.review'))::int[]) or exists (select from cases c where c.id = case_id));
grant select, insert, update on grants to throughcare_web;
create policy jobs_of_org on grants for select to throughcare_worker using (org = (select access.job_org()));
grant select on grants to throughcare_worker;
create policy case_seers_read on bars for select to throughcare_web using (exists (select from cases c where c.id = case_id));
create policy case_seers_write on bars for insert to throughcare_web with check (exists (select from cases c where c.id = case_id));
create policy case_seers_lift on bars for update to throughcare_web using (exists (select from cases c where c.id = case_id));
grant select, insert, update (lifted_at) on bars to throughcare_web;

-- Data keys: handed out only for a case the actor sees.
create function access.put_case_key(the_case uuid, the_wrapped bytea, the_epoch int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into keys (owner, case_id, wrapped, epoch) values (the_case, the_case, the_wrapped, the_epoch) on conflict (owner) do nothing;
end $$;
create function access.case_key(the_case uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select wrapped from keys where owner = the_case and destroyed_at is null
    and (access.actor_kind() = 'operator' or access.sees_case(the_case)
      or exists (select from cases where id = the_case and org = access.job_org()))
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
