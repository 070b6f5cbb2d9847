-- Two records of one person in one organisation. Somebody proposes that they are joined, somebody else agrees, and a day later a job carries it out, whole or not
-- at all; for ninety days it can be undone. Whoever looked at two records and found two persons says so, and they are not offered again.
create table person_pairs_apart (
  one uuid not null constraint person_pairs_apart_one_fkey references persons (id),
  other uuid not null constraint person_pairs_apart_other_fkey references persons (id),
  author uuid not null constraint person_pairs_apart_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null,
  constraint person_pairs_apart_pkey primary key (one, other),
  constraint person_pairs_apart_ordered check (one < other)
);
create index person_pairs_apart_other_idx on person_pairs_apart (other);
create index person_pairs_apart_author_idx on person_pairs_apart (author);

create table person_joins (
  id uuid constraint person_joins_pkey primary key,
  org int not null constraint person_joins_org_fkey references organisations (id),
  stays uuid not null constraint person_joins_stays_fkey references persons (id),
  goes uuid not null constraint person_joins_goes_fkey references persons (id),
  goes_code text not null,
  -- The versions that were compared; whatever changed since stops the joining.
  stays_version int not null,
  goes_version int not null,
  -- What is taken from the record that goes.
  chosen text[] not null default '{}' constraint person_joins_chosen_known check (chosen <@ array['name', 'name_latin', 'sex', 'gender', 'born_on', 'languages',
    'difficulties', 'place', 'address', 'household']),
  state text not null default 'proposed' constraint person_joins_state_known check (state in ('proposed', 'returned', 'agreed', 'stopped', 'joined', 'undone')),
  proposed_by uuid not null constraint person_joins_proposed_by_fkey references users (id),
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid constraint person_joins_decided_by_fkey references users (id),
  decided_by_name text,
  decided_at timestamptz,
  due_at timestamptz,
  -- Nobody reads these: whoever agreed saw everything of both; somebody said no; what stood in the record that stays, and what was put there. What undoing
  -- needs is forgotten once it was undone, or can't be any more.
  whole boolean not null default false,
  against boolean not null default false,
  overwritten jsonb not null default '{}',
  taken jsonb not null default '{}',
  own_keys text[] not null default '{}',
  moved_keys text[] not null default '{}',
  joined_at timestamptz,
  undone_by uuid constraint person_joins_undone_by_fkey references users (id),
  undone_by_name text,
  undone_at timestamptz,
  version int not null default 1,
  constraint person_joins_two_records check (stays <> goes),
  constraint person_joins_two_people check (state not in ('agreed', 'stopped', 'joined', 'undone') or (decided_by is not null and decided_by <> proposed_by))
);
create unique index person_joins_live_key on person_joins (least(stays, goes), greatest(stays, goes)) where state in ('proposed', 'agreed');
create unique index person_joins_gone_key on person_joins (goes) where state = 'joined';
create index person_joins_org_idx on person_joins (org);
create index person_joins_stays_idx on person_joins (stays);
create index person_joins_goes_idx on person_joins (goes);
create index person_joins_goes_code_idx on person_joins (goes_code);
create index person_joins_proposed_by_idx on person_joins (proposed_by);
create index person_joins_decided_by_idx on person_joins (decided_by);
create index person_joins_undone_by_idx on person_joins (undone_by);

-- Every row that was moved, as `table.column` and its id, so that undoing moves these back and no other. `back` went the other way.
create table person_join_rows (
  join_id uuid not null constraint person_join_rows_join_id_fkey references person_joins (id),
  place text not null,
  row_id uuid not null,
  back boolean not null default false,
  constraint person_join_rows_pkey primary key (join_id, place, row_id)
);

select access.close_table(t::regclass) from unnest(array['person_pairs_apart', 'person_joins', 'person_join_rows']) t;
-- Both are seen by whoever sees both; what was joined, by whoever sees the record that stays.
create policy with_both on person_pairs_apart for select to throughcare_web
  using (exists (select from persons p where p.id = one) and exists (select from persons p where p.id = other));
create policy in_ones_own_name on person_pairs_apart for insert to throughcare_web
  with check (author = (select access.me()) and access.may_change_person('person.edit', one) and access.may_change_person('person.edit', other));
grant select, insert on person_pairs_apart to throughcare_web;
create policy with_both on person_joins for select to throughcare_web
  using (exists (select from persons p where p.id = stays) and (state = 'joined' or exists (select from persons p where p.id = goes)));
grant select (id, org, stays, goes, goes_code, chosen, state, proposed_by, proposed_by_name, proposed_at, decided_by_name, decided_at, due_at, joined_at,
  undone_by_name, undone_at, version) on person_joins to throughcare_web;
create policy access_writes on person_pairs_apart for delete to throughcare_access using (true);
create policy access_writes on person_joins for all to throughcare_access using (true);
create policy access_writes on person_join_rows for all to throughcare_access using (true);
grant delete on person_pairs_apart to throughcare_access;
grant insert, update, delete on person_joins, person_join_rows to throughcare_access;

-- Every column that names a person, but search keys and the tables above. A test compares it with the foreign keys there are.
create function access.places_of_people() returns table (place_table text, place_column text) immutable language sql as $$
  values ('cases', 'person_id'), ('case_people', 'person_id'), ('consents', 'person_id'), ('consents', 'given_by_person'), ('referral_people', 'person_id'),
    ('packets', 'person_id'), ('person_documents', 'person_id'), ('person_contacts', 'person_id'), ('person_records', 'person_id'), ('person_corrections', 'person_id'),
    ('plan_lines', 'doer'), ('plan_agreements', 'person_id'), ('plan_codes', 'person_id'), ('achievement_marks', 'person_id'), ('case_files', 'person_id'),
    ('case_files', 'given_to'), ('project_exemptions', 'person_id'), ('project_placements', 'person_id'), ('household_members', 'person_id'), ('households', 'head_id')
$$;
do $$
declare t text;
begin
  foreach t in array array['person_documents', 'person_contacts', 'person_records', 'person_corrections', 'household_members'] loop
    execute format('create policy access_joins on %I for update to throughcare_access using (true)', t);
    execute format('grant update (person_id) on %I to throughcare_access', t);
  end loop;
end $$;
grant update (safe_to_call, safe_to_text, safe_to_email, shared, voicemail, hours, version) on person_contacts to throughcare_access;

-- Cases that keep two records apart: restricted ones, those of another organisation, those from which somebody is barred (S9, S10, S1); and, for whoever agrees,
-- those that they do not see. Nobody learns of them: the joining simply does not come (S11).
create function access.cases_in_the_way(one uuid, other uuid, for_me boolean) returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct c.id), '{}') from case_people cp join cases c on c.id = cp.case_id join case_types t on t.id = c.case_type
  where cp.person_id in (one, other) and (t.sensitivity = 'restricted' or c.org <> (select p.org from persons p where p.id = one)
    or exists (select from bars b where b.case_id = c.id and b.lifted_at is null) or (for_me and not access.sees_case(c.id)))
$$;
-- Two persons of one organisation whom nothing names side by side, and of whom nothing is kept for restricted types alone or by somebody else.
create function access.may_be_joined(one uuid, other uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select (select count(*) = 2 and count(distinct p.org) = 1 and bool_and(p.erased_at is null) from persons p where p.id in (one, other))
    and not exists (select from person_joins j where j.goes in (one, other) and j.state = 'joined')
    and not exists (select from case_people a join case_people b on b.case_id = a.case_id where a.person_id = one and b.person_id = other)
    and not exists (select from referral_people a join referral_people b on b.referral_id = a.referral_id where a.person_id = one and b.person_id = other)
    and not exists (select from achievement_marks a join achievement_marks b on b.case_id = a.case_id where a.person_id = one and b.person_id = other)
    and not exists (select from project_exemptions a join project_exemptions b on b.case_id = a.case_id where a.person_id = one and b.person_id = other)
    and not exists (select from project_placements a join project_placements b on b.case_id = a.case_id where a.person_id = one and b.person_id = other)
    and not exists (select from person_records r join persons p on p.id = r.person_id where r.person_id in (one, other)
      and (r.org <> p.org or not exists (select from case_types t where t.id = any (r.case_types) and t.sensitivity <> 'restricted')))
    -- What must be respected when they are contacted is kept of both, and has to fit.
    and (select sum(length(d.said)) <= 397 from (select distinct btrim(p.contact_restriction) as said from persons p where p.id in (one, other)) d)
$$;

-- Does the right of the actor reach both of them?
create function access.may_join(one uuid, other uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select access.may_change_person('person.edit', one) and access.may_change_person('person.edit', other)
$$;

create function access.propose_join(the_join uuid, the_stays uuid, the_goes uuid, version_that_stays int, version_that_goes int, the_chosen text[], the_moment timestamptz)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_person(the_stays) or not access.sees_person(the_goes) then raise no_data_found; end if;
  if not access.may_join(the_stays, the_goes) then raise insufficient_privilege; end if;
  -- One that nobody answered for a month stands in nobody's way.
  update person_joins set state = 'returned', version = version + 1 where state = 'proposed' and proposed_at < the_moment - interval '30 days'
    and least(stays, goes) = least(the_stays, the_goes) and greatest(stays, goes) = greatest(the_stays, the_goes);
  insert into person_joins (id, org, stays, goes, goes_code, stays_version, goes_version, chosen, proposed_by, proposed_by_name, proposed_at)
    select the_join, s.org, s.id, g.id, g.code, s.version, g.version, the_chosen, u.id, u.name, the_moment from persons s, persons g, users u
    where s.id = the_stays and g.id = the_goes and s.org = g.org and s.version = version_that_stays and g.version = version_that_goes and u.id = access.me();
  if not found then raise serialization_failure; end if;
end $$;

-- Somebody else agrees to what they see now. Whether it can come about is asked here and kept to itself; owners of cases that keep the two apart are told that
-- somebody holds the person to be registered twice (S11).
create function access.agree_to_join(the_join uuid, the_version int, version_that_stays int, version_that_goes int, the_due timestamptz, the_moment timestamptz)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; apart uuid[];
begin
  select * into j from person_joins where id = the_join for update;
  if not found or not access.sees_person(j.stays) or not access.sees_person(j.goes) then raise no_data_found; end if;
  if j.proposed_by = access.me() or not access.may_join(j.stays, j.goes) then raise insufficient_privilege; end if;
  if j.version <> the_version or j.state <> 'proposed' or j.proposed_at < the_moment - interval '30 days'
    or not exists (select from persons p where p.id = j.stays and p.version = version_that_stays)
    or not exists (select from persons p where p.id = j.goes and p.version = version_that_goes) then raise serialization_failure; end if;
  apart := access.cases_in_the_way(j.stays, j.goes, true);
  update person_joins set state = 'agreed', version = person_joins.version + 1, stays_version = version_that_stays, goes_version = version_that_goes, due_at = the_due,
    decided_by = u.id, decided_by_name = u.name, decided_at = the_moment, whole = cardinality(apart) = 0 and access.may_be_joined(j.stays, j.goes)
    from users u where person_joins.id = the_join and u.id = access.me();
  insert into tasks (id, kind, case_id, org, unit, assignee, due_at, once)
    select gen_random_uuid(), 'same_person', c.id, c.org, c.unit, c.case_manager, the_moment + interval '7 days', 'same_person ' || the_join || ' ' || c.id
    from cases c where c.id = any (apart) and c.org = j.org and c.closed_at is null and c.erased_at is null;
end $$;
-- It is returned, or taken back by whoever proposed it.
create function access.return_join(the_join uuid, the_version int, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins;
begin
  select * into j from person_joins where id = the_join for update;
  if not found or not access.sees_person(j.stays) or not access.sees_person(j.goes) then raise no_data_found; end if;
  if not access.may_join(j.stays, j.goes) then raise insufficient_privilege; end if;
  if j.version <> the_version or j.state <> 'proposed' then raise serialization_failure; end if;
  update person_joins set state = 'returned', version = person_joins.version + 1, decided_by = u.id, decided_by_name = u.name, decided_at = the_moment
    from users u where person_joins.id = the_join and u.id = access.me();
end $$;
-- Somebody says no to what was agreed. It shows to nobody, not even in that the joining is off: that is seen when its time comes, whatever the reason.
create function access.object_to_join(the_join uuid, the_version int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins;
begin
  select * into j from person_joins where id = the_join for update;
  if not found or not access.sees_person(j.stays) or not access.sees_person(j.goes) then raise no_data_found; end if;
  if not access.may_join(j.stays, j.goes) then raise insufficient_privilege; end if;
  if j.version <> the_version or j.state <> 'agreed' then raise serialization_failure; end if;
  update person_joins set against = true where id = the_join;
end $$;

-- A telephone or address that stands in both is as safe as the more careful of the two says, in both rows of it (S6): what one calls unsafe or shared, or knows
-- nothing of, is so, and hours that differ stand beside each other, as words, on which nothing leaves by itself. Undoing lowers none of it: people are asked again.
create function access.settle_contacts(one uuid, other uuid) returns void language sql security definer set search_path = public, pg_temp as $$
  update person_contacts c set safe_to_call = a.call, safe_to_text = a.text, safe_to_email = a.email, shared = a.shared, voicemail = a.voicemail, hours = a.hours,
    version = c.version + 1
  from (select k.channel, k.value_key, bool_and(k.safe_to_call) as call, bool_and(k.safe_to_text) as text, bool_and(k.safe_to_email) as email,
      bool_or(k.shared) as shared, bool_and(k.voicemail) as voicemail,
      coalesce(left(string_agg(distinct nullif(btrim(k.hours), ''), ' / '), 100), '') as hours
    from person_contacts k where k.person_id in (one, other) group by k.channel, k.value_key having count(distinct k.person_id) = 2) a
  where c.person_id in (one, other) and c.channel = a.channel and c.value_key = a.value_key
$$;

-- Moves whatever names one person to another, and writes down what was moved. Households come apart from it.
create function access.move_rows(the_join uuid, from_person uuid, to_person uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare p record;
begin
  for p in select place_table, place_column from access.places_of_people() where place_table not in ('household_members', 'households') loop
    execute format('with moved as (update %1$I set %2$I = $1 where %2$I = $2 returning id)
      insert into person_join_rows (join_id, place, row_id) select $3, $4, id from moved', p.place_table, p.place_column)
      using to_person, from_person, the_join, p.place_table || '.' || p.place_column;
  end loop;
end $$;

-- Somebody lives in one household at a time. What was before moves; of the present ones that of the record that stays is kept, unless the other was chosen, or they
-- share one of which the record that goes is the head. Whichever is not kept is left with the record that nobody sees.
create function access.move_home(the_join uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; own uuid[]; others uuid[]; takes boolean; going uuid[]; coming uuid[];
begin
  select * into strict j from person_joins where id = the_join;
  own := array(select m.id from household_members m where m.person_id = j.stays and m.left_on is null);
  others := array(select m.id from household_members m where m.person_id = j.goes and m.left_on is null);
  takes := cardinality(own) = 0 or (cardinality(others) > 0 and ('household' = any (j.chosen)
    or exists (select from households h join household_members m on m.household_id = h.id where h.head_id = j.goes and m.id = any (own))));
  going := array(select m.id from household_members m where m.person_id = j.goes and (m.left_on is not null or takes));
  coming := case when takes then own else '{}' end;
  update household_members set person_id = j.stays where id = any (going);
  update household_members set person_id = j.goes where id = any (coming);
  insert into person_join_rows (join_id, place, row_id, back)
    select the_join, 'household_members.person_id', m, m = any (coming) from unnest(going || coming) m;
  with heads as (
    update households h set head_id = j.stays where h.head_id = j.goes
      and (exists (select from household_members m where m.household_id = h.id and m.person_id = j.stays and m.left_on is null)
        or not exists (select from household_members m where m.household_id = h.id and m.person_id = j.goes and m.left_on is null)) returning h.id)
    insert into person_join_rows (join_id, place, row_id) select the_join, 'households.head_id', id from heads;
  with heads as (
    update households h set head_id = j.goes where h.head_id = j.stays and h.id in (select m.household_id from household_members m where m.id = any (coming))
      and not exists (select from household_members m where m.household_id = h.id and m.person_id = j.stays and m.left_on is null) returning h.id)
    insert into person_join_rows (join_id, place, row_id, back) select the_join, 'households.head_id', id, true from heads;
  update households set version = version + 1 where id in (select m.household_id from household_members m where m.id = any (going || coming));
end $$;

-- What may be edited of a person, as it stands in this row.
create function access.put_particulars(p persons) returns void language sql security definer set search_path = public, pg_temp as $$
  update persons set name = p.name, name_latin = p.name_latin, sex = p.sex, gender = p.gender, born_on = p.born_on, born_estimated = p.born_estimated,
    languages = p.languages, disability = p.disability, admin1 = p.admin1, admin2 = p.admin2, admin3 = p.admin3, address = p.address,
    address_confidential = p.address_confidential, phone_confidential = p.phone_confidential, household_confidential = p.household_confidential,
    dont_go_alone = p.dont_go_alone, contact_restriction = p.contact_restriction, died_on = p.died_on, version = version + 1 where id = p.id
$$;

-- The record that stays takes what was chosen. What one of the two keeps confidential stays so, and so does every warning.
create function access.take_particulars(the_join uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; s persons; g persons; n persons;
begin
  select * into strict j from person_joins where id = the_join;
  select * into strict s from persons where id = j.stays;
  select * into strict g from persons where id = j.goes;
  n := s;
  if 'name' = any (j.chosen) then n.name := g.name; end if;
  if 'name_latin' = any (j.chosen) then n.name_latin := g.name_latin; end if;
  if 'sex' = any (j.chosen) then n.sex := g.sex; end if;
  if 'gender' = any (j.chosen) then n.gender := g.gender; end if;
  if 'born_on' = any (j.chosen) then n.born_on := g.born_on; n.born_estimated := g.born_estimated; end if;
  if 'languages' = any (j.chosen) then n.languages := g.languages; end if;
  if 'difficulties' = any (j.chosen) then n.disability := g.disability; end if;
  if 'place' = any (j.chosen) then n.admin1 := g.admin1; n.admin2 := g.admin2; n.admin3 := g.admin3; end if;
  if 'address' = any (j.chosen) then n.address := g.address; end if;
  -- Nobody chooses between these: while anything stands here no message leaves by itself (S6).
  if btrim(s.contact_restriction) = '' then
    n.contact_restriction := g.contact_restriction;
  elsif btrim(g.contact_restriction) not in ('', btrim(s.contact_restriction)) then
    n.contact_restriction := btrim(s.contact_restriction) || ' · ' || btrim(g.contact_restriction);
  end if;
  n.address_confidential := s.address_confidential or g.address_confidential;
  n.phone_confidential := s.phone_confidential or g.phone_confidential;
  n.household_confidential := s.household_confidential or g.household_confidential;
  n.dont_go_alone := s.dont_go_alone or g.dont_go_alone;
  n.died_on := coalesce(s.died_on, g.died_on);
  update person_joins set
    overwritten = (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(to_jsonb(s)) e where e.value is distinct from to_jsonb(n) -> e.key),
    taken = (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(to_jsonb(n)) e where e.value is distinct from to_jsonb(s) -> e.key)
    where id = the_join;
  perform access.put_particulars(n);
end $$;

-- Nothing can be undone any more, or it was: names, addresses and search keys that were kept for it are kept no longer (S29).
create function access.forget_join(the_join uuid) returns void language sql security definer set search_path = public, pg_temp as $$
  delete from person_join_rows where join_id = the_join;
  update person_joins set overwritten = '{}', taken = '{}', own_keys = '{}', moved_keys = '{}' where id = the_join;
$$;

-- Carries out what two people agreed on, once its time has come; or leaves everything as it is. Answers with how it ended, with nothing where nothing was to be done.
create function access.carry_out_join(the_join uuid, the_moment timestamptz) returns table (state text, stays uuid, goes uuid)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare j person_joins; same boolean; unseen boolean;
begin
  select * into j from person_joins where id = the_join for update;
  if not found or j.org is distinct from access.job_org() then return; end if;
  if j.state = 'joined' and j.joined_at < the_moment - interval '90 days' then perform access.forget_join(the_join); end if;
  if j.state <> 'agreed' or j.due_at > the_moment then return; end if;
  -- Whoever erases or moves a case of theirs, or opens one, comes before or afterwards.
  perform from cases where id in (select cp.case_id from case_people cp where cp.person_id in (j.stays, j.goes)) order by id for update;
  perform from persons where id in (j.stays, j.goes) order by id for update;
  same := (select count(*) = 2 from persons p where (p.id = j.stays and p.version = j.stays_version) or (p.id = j.goes and p.version = j.goes_version));
  -- A case that came since counts like one that stood then: what whoever agreed does not see is joined to nothing.
  unseen := exists (select from case_people cp where cp.person_id in (j.stays, j.goes) and not access.sight_of(j.decided_by, cp.case_id));
  if j.against or unseen or not j.whole or not same or cardinality(access.cases_in_the_way(j.stays, j.goes, false)) > 0 or not access.may_be_joined(j.stays, j.goes) then
    update person_joins set state = 'stopped', version = version + 1 where id = the_join;
    return query select 'stopped', j.stays, j.goes;
    return;
  end if;
  perform access.take_particulars(the_join);
  perform access.settle_contacts(j.stays, j.goes);
  perform access.move_rows(the_join, j.goes, j.stays);
  perform access.move_home(the_join);
  update person_joins set state = 'joined', joined_at = the_moment, version = version + 1,
    own_keys = array(select k.key from person_keys k where k.person_id = j.stays),
    moved_keys = array(select k.key from person_keys k where k.person_id = j.goes) where id = the_join;
  insert into person_keys (clearance, key, person_id)
    select access.clearance_of(j.stays), k.key, j.stays from person_keys k where k.person_id = j.goes on conflict do nothing;
  delete from person_keys where person_id = j.goes;
  -- A case of theirs that is none: nobody sees the record that goes, and no search finds it.
  update persons set has_case = true, version = version + 1 where id = j.goes;
  return query select 'joined', j.stays, j.goes;
end $$;

-- Moves back what was moved and is still where it was moved to. What came since stays with the record that stayed.
create function access.undo_join(the_join uuid, the_version int, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; s persons; n persons; r record; stands jsonb;
begin
  select * into j from person_joins where id = the_join for update;
  if not found or j.state <> 'joined' or not access.sees_person(j.stays) then raise no_data_found; end if;
  if not access.may_change_person('person.edit', j.stays) then raise insufficient_privilege; end if;
  perform from persons where id in (j.stays, j.goes) order by id for update;
  if j.version <> the_version or j.joined_at < the_moment - interval '90 days'
    or exists (select from person_joins k where k.state = 'joined' and (k.goes = j.stays or (k.stays = j.stays and k.joined_at > j.joined_at)))
    or exists (select from persons p where p.id in (j.stays, j.goes) and p.erased_at is not null)
    or exists (select from person_join_rows m join cases c on c.id = m.row_id where m.join_id = the_join and m.place = 'cases.person_id' and c.erased_at is not null) then
    raise serialization_failure;
  end if;
  for r in select m.place, m.back, array_agg(m.row_id) as ids from person_join_rows m where m.join_id = the_join group by m.place, m.back loop
    execute format('update %1$I set %2$I = $1 where id = any ($2) and %2$I = $3', split_part(r.place, '.', 1), split_part(r.place, '.', 2))
      using case when r.back then j.stays else j.goes end, r.ids, case when r.back then j.goes else j.stays end;
  end loop;
  update households set version = version + 1 where id in (select m.household_id from household_members m join person_join_rows x on x.row_id = m.id
    where x.join_id = the_join and x.place = 'household_members.person_id');
  select * into strict s from persons where id = j.stays;
  stands := to_jsonb(s);
  select * into n from jsonb_populate_record(s, stands || (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(j.overwritten) e
    where stands -> e.key is not distinct from j.taken -> e.key));
  -- A threat, or a wish to keep something secret, that was written down since changed nothing in a box that was ticked already: undoing takes none away (S12, S22).
  n.dont_go_alone := n.dont_go_alone or s.dont_go_alone;
  n.address_confidential := n.address_confidential or s.address_confidential;
  n.phone_confidential := n.phone_confidential or s.phone_confidential;
  n.household_confidential := n.household_confidential or s.household_confidential;
  if btrim(n.contact_restriction) = '' then n.contact_restriction := s.contact_restriction; end if;
  perform access.put_particulars(n);
  update persons p set has_case = exists (select from case_people cp where cp.person_id = p.id), version = version + 1 where p.id in (j.stays, j.goes);
  -- The record that stays is found by its own words again. One that came since and is among those that had come with the other goes too, until whoever sees the
  -- record (`people::merge::undo`, or the next who edits it) has its keys written anew.
  delete from person_keys where person_id = j.stays and key = any (j.moved_keys) and key <> all (j.own_keys);
  insert into person_keys (clearance, key, person_id) select access.clearance_of(j.goes), k, j.goes from unnest(j.moved_keys) k on conflict do nothing;
  update person_keys set clearance = access.clearance_of(j.stays) where person_id = j.stays and clearance <> access.clearance_of(j.stays);
  update person_joins set state = 'undone', undone_by = u.id, undone_by_name = u.name, undone_at = the_moment, version = person_joins.version + 1
    from users u where person_joins.id = the_join and u.id = access.me();
  perform access.forget_join(the_join);
end $$;

-- A person with all the records that were joined into theirs.
create function access.joined_from(the_person uuid) returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  with recursive known as (
    select the_person as person
    union select j.goes from known k join person_joins j on j.stays = k.person and j.state = 'joined')
  select array_agg(person) from known
$$;
-- Who looked at a record that was joined into another is read with the other: nobody sees the first any more.
create or replace function access.who_looked(the_case uuid, the_person uuid, the_before uuid, the_after uuid, the_most int, the_lang text)
returns table (id uuid, at timestamptz, kind text, page text, name text, org_name text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare owner int; restricted boolean := false; named uuid; mark timestamptz; about uuid[];
begin
  if the_case is not null then
    select c.org, t.sensitivity = 'restricted', c.supervisor into owner, restricted, named from cases c join case_types t on t.id = c.case_type where c.id = the_case and access.sees_case(the_case);
  else
    select p.org into owner from persons p where p.id = the_person and access.sees_person(the_person);
  end if;
  if owner is null or not (owner = any (access.my_orgs_for('audit.read')) or coalesce(named = access.me(), false)) then raise no_data_found; end if;
  about := case when the_case is not null then array[the_case] else access.joined_from(the_person) end;
  select f.at into mark from facts f where f.id = coalesce(the_before, the_after);
  -- What concerns a case that the reader does not see is left out (S9, S11).
  return query
    select f.id, f.at, f.kind, f.note ->> 'page', case when restricted and u.org <> owner then access.office_of(u.id) else u.name end,
      coalesce(access.named(o.names, o.name, the_lang), access.named(t.names, t.name, the_lang), nullif(r.to_name, ''))
    from (
      select x.* from facts x
      where (x.case_id = the_case or x.subjects && about
          or x.referral_id in (select r.id from referrals r where r.case_id = the_case))
        and (the_before is null or (x.at, x.id) < (mark, the_before)) and (the_after is null or (x.at, x.id) > (mark, the_after))
        and (x.case_id is null or x.case_id = the_case or access.sees_case(x.case_id))
      order by case when the_after is null then x.at end desc, case when the_after is null then x.id end desc,
        case when the_after is not null then x.at end, case when the_after is not null then x.id end limit the_most
    ) f
    left join users u on f.actor = 'user:' || u.id left join organisations o on o.id = u.org
    left join answer_links l on f.actor = 'link:' || l.id left join referrals r on r.id = l.referral_id left join organisations t on t.id = r.to_org
    order by f.at desc, f.id desc;
end $$;

-- Where somebody who was joined is found now, by id or by code, if the actor sees them there.
create function access.joined_into(the_person uuid, the_code text) returns uuid stable language plpgsql security definer set search_path = public, pg_temp as $$
declare here uuid := the_person; onward uuid;
begin
  if here is null then
    select j.goes into here from person_joins j where j.goes_code = the_code and j.state = 'joined';
    if not found then return null; end if;
  end if;
  loop
    select j.stays into onward from person_joins j where j.goes = here and j.state = 'joined';
    exit when not found;
    here := onward;
  end loop;
  return case when here is distinct from the_person and access.sees_person(here) then here end;
end $$;

-- Nobody is put anywhere under a record that went into another.
create or replace function access.keep_out_the_gone() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Waits for the erasing or the joining; what is asked next sees what came of it.
  perform from persons where id = new.person_id for key share;
  if exists (select from persons where id = new.person_id and erased_at is not null)
    or exists (select from person_joins j where j.goes = new.person_id and j.state = 'joined') then raise no_data_found; end if;
  return new;
end $$;

-- Who is forgotten takes along the records that were joined into theirs, and what was said of them beside others (S29).
create or replace function access.forget_people(the_people uuid[], the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare gone uuid[];
begin
  with recursive named as (
    select unnest(the_people) as person
    union select j.goes from named n join person_joins j on j.stays = n.person and j.state = 'joined')
  select coalesce(array_agg(person), '{}') into gone from named;
  delete from person_join_rows where join_id in (select id from person_joins where stays = any (gone) or goes = any (gone));
  delete from person_joins where stays = any (gone) or goes = any (gone);
  delete from person_pairs_apart where one = any (gone) or other = any (gone);
  update keys set wrapped = ''::bytea, destroyed_at = the_moment
    where destroyed_at is null and owner in (select root from person_records where person_id = any (gone));
  delete from person_correction_answers where correction_id in (select id from person_corrections where person_id = any (gone));
  perform access.clear_tables(array['person_documents', 'person_contacts', 'person_keys', 'person_corrections', 'person_records', 'household_members']::regclass[],
    'person_id', gone);
  update households set head_id = null, version = version + 1 where head_id = any (gone);
  update persons set erased_at = the_moment, name = '', name_latin = '', sex = null, gender = '', born_on = null, born_estimated = false, languages = '{}', disability = '{}',
    admin1 = '', admin2 = '', admin3 = '', address = '', address_confidential = false, phone_confidential = false, household_confidential = false, dont_go_alone = false,
    contact_restriction = '', died_on = null, scope = '{}', has_case = true, version = version + 1 where id = any (gone);
end $$;

select access.own_functions();
-- Parts of the functions above; nobody else asks.
revoke all on function access.cases_in_the_way(uuid, uuid, boolean), access.may_be_joined(uuid, uuid), access.may_join(uuid, uuid), access.move_rows(uuid, uuid, uuid),
  access.move_home(uuid), access.put_particulars(persons), access.take_particulars(uuid), access.settle_contacts(uuid, uuid), access.forget_join(uuid),
  access.joined_from(uuid) from throughcare_web, throughcare_worker;
revoke all on function access.carry_out_join(uuid, timestamptz) from throughcare_web;
grant execute on function access.places_of_people() to throughcare_access;
grant execute on all functions in schema access to throughcare_migrator;
