-- Retention (S29): how long a closed case is kept says its pack; what holds it longer, who proposes that it is erased and who else decides stands here. Of an
-- erased case there remain codes, dates and reasons, for figures; whoever it was about is nobody any more, and what was sealed is opened by no key.
alter table cases add column erased_at timestamptz;
alter table persons add column erased_at timestamptz;
alter table persons drop constraint persons_name_length;
alter table persons add constraint persons_name_length check (length(name) <= 200 and (name <> '' or erased_at is not null)) not valid;

-- Until when a child record holds its case: a search that goes on, a reunification that is not over, a best-interests decision that is looked at again. The
-- words of a record are sealed, so it says so beside them.
alter table case_records add column holds_until date;
alter table person_records add column holds_until date;

create table retention_holds (
  id uuid constraint retention_holds_pkey primary key,
  case_id uuid not null constraint retention_holds_case_id_fkey references cases (id),
  reason text not null constraint retention_holds_reason_known check (reason in ('court', 'investigation', 'claim', 'audit', 'person_asks')),
  -- The number of the file elsewhere, sealed with a key of its own.
  reference bytea not null,
  placed_by uuid not null constraint retention_holds_placed_by_fkey references users (id),
  placed_by_name text not null,
  placed_at timestamptz not null,
  lifted_by uuid constraint retention_holds_lifted_by_fkey references users (id),
  lifted_by_name text,
  lifted_at timestamptz,
  constraint retention_holds_two_people check (lifted_by is distinct from placed_by),
  constraint retention_holds_lifted check ((lifted_at is null) = (lifted_by is null))
);
create index retention_holds_case_id_idx on retention_holds (case_id);
create index retention_holds_placed_by_idx on retention_holds (placed_by);
create index retention_holds_lifted_by_idx on retention_holds (lifted_by);

create table erasures (
  id uuid constraint erasures_pkey primary key,
  case_id uuid not null constraint erasures_case_id_fkey references cases (id),
  case_code text not null,
  org int not null constraint erasures_org_fkey references organisations (id),
  unit int not null constraint erasures_unit_fkey references units (id),
  case_type smallint not null constraint erasures_case_type_fkey references case_types (id),
  supervisor uuid constraint erasures_supervisor_fkey references users (id),
  state text not null default 'proposed' constraint erasures_state_known check (state in ('proposed', 'approved', 'refused', 'stopped', 'erased')),
  -- What the proposer says, sealed with a key of its own until the case is erased.
  words bytea,
  by_officer boolean not null,
  proposed_by uuid not null constraint erasures_proposed_by_fkey references users (id),
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid constraint erasures_decided_by_fkey references users (id),
  decided_by_name text,
  decided_at timestamptz,
  -- When receivers outside have had their time to delete what they got.
  erase_at timestamptz,
  erased_at timestamptz,
  -- Sealed files beside the database that still have to be taken away.
  files text[] not null default '{}',
  swept_at timestamptz,
  constraint erasures_two_people check (state not in ('approved', 'stopped', 'erased') or (decided_by is not null and decided_by <> proposed_by))
);
create unique index erasures_live_key on erasures (case_id) where state in ('proposed', 'approved');
create index erasures_case_id_idx on erasures (case_id);
create index erasures_org_idx on erasures (org, erased_at desc);
create index erasures_unit_idx on erasures (unit);
create index erasures_case_type_idx on erasures (case_type);
create index erasures_supervisor_idx on erasures (supervisor);
create index erasures_proposed_by_idx on erasures (proposed_by);
create index erasures_decided_by_idx on erasures (decided_by);

-- Nobody reads these but through the functions below: who answers for a case is not always somebody who sees it.
select access.close_table(t::regclass) from unnest(array['retention_holds', 'erasures']) t;
create policy access_writes on retention_holds for all to throughcare_access using (true);
create policy access_writes on erasures for all to throughcare_access using (true);
grant insert, update on retention_holds, erasures to throughcare_access;

-- What erasing takes away and empties.
do $$
declare t regclass;
begin
  for t in select distinct tgrelid::regclass from pg_trigger where tgname in ('copy_case', 'copy_referral') loop
    execute format('create policy access_erases on %s for delete to throughcare_access using (true)', t);
    execute format('grant delete on %s to throughcare_access', t);
  end loop;
  foreach t in array array['tasks', 'notifications', 'person_documents', 'person_contacts', 'person_corrections', 'person_correction_answers', 'person_records',
      'household_members', 'arrivals', 'cover_referrals']::regclass[] loop
    execute format('create policy access_erases on %s for delete to throughcare_access using (true)', t);
    execute format('grant delete on %s to throughcare_access', t);
  end loop;
end $$;
create policy access_stands_in on persons for insert to throughcare_access with check (true);
grant insert, update on persons to throughcare_access;
grant update (head_id, version) on households to throughcare_access;
grant update (reason) on grants to throughcare_access;
create policy access_empties on bars for update to throughcare_access using (true);
grant update (reason) on bars to throughcare_access;

-- Tables that come later are erased with their case as well, whatever is in them.
create or replace function access.close_case_table(t regclass, changes text[] default '{}') returns void language plpgsql as $$
begin
  execute format('alter table %s add column org int not null, add column unit int not null, add column case_type smallint not null,
    add column case_manager uuid, add column supervisor uuid, add column scope int[] not null', t);
  execute format('create trigger copy_case before insert or update on %s for each row execute function access.copy_case()', t);
  perform access.close_table(t);
  execute format('create policy need_to_know on %s for all to throughcare_web using (%s)', t, access.case_rule('case_id'));
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (org = (select access.job_org()))', t);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('create policy access_erases on %s for delete to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  perform access.changes_only(t, changes);
  execute format('grant update, delete on %s to throughcare_access', t);
  insert into case_tables values (t);
end $$;
create or replace function access.close_referral_table(t regclass, receiver_rule text default 'true', changes text[] default '{}', receiver_adds boolean default false)
returns void language plpgsql as $$
begin
  execute format('alter table %s add column case_id uuid, add column case_type smallint not null, add column from_org int not null, add column from_scope int[] not null,
    add column from_manager uuid, add column from_supervisor uuid, add column to_org int, add column to_unit int, add column to_scope int[] not null,
    add column to_assignee uuid, add column sent boolean not null', t);
  execute format('create trigger copy_referral before insert or update on %s for each row execute function access.copy_referral()', t);
  perform access.close_table(t);
  execute format('create policy both_sides on %s for all to throughcare_web using ((%s) or ((%s) and (%s))) with check ((%s) or (%s and (%s)))', t,
    access.from_rule(), access.to_rule(), receiver_rule, access.from_rule(), receiver_adds, access.to_rule());
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (from_org = (select access.job_org()) or (sent and to_org = (select access.job_org()) and (%s)))', t, receiver_rule);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('create policy access_erases on %s for delete to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  perform access.changes_only(t, changes);
  execute format('grant update, delete on %s to throughcare_access', t);
  insert into referral_tables values (t);
end $$;

-- An erased case carries no token of anybody's scope; keeper and supervisor are gone as well, so that nobody sees it and nothing else need be asked.
create or replace function access.set_case_scope() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  new.scope := case when new.erased_at is null then access.scope_of(new.unit, new.case_type) else '{}' end;
  return new;
end $$;

-- How long each case type is kept, from which age of a child the time runs, and which types are complaints: from the newest version of each pack.
create function access.retention_rules() returns table (case_type smallint, period interval, child_age int, complaint boolean)
stable language sql security definer set search_path = public, pg_temp as $$
  select (t.value ->> 'id')::smallint, replace(replace(t.value ->> 'retention', 'working ', ''), 'same day', '0 days')::interval,
    (p.body -> 'supervision' ->> 'child_retention_age')::int, coalesce((t.value ->> 'complaint')::boolean, false)
  from packs p cross join lateral jsonb_array_elements(p.body -> 'case_types') t
  where p.version = (select max(n.version) from packs n where n.name = p.name)
$$;

-- Who answers for the end of a case: the protection officer of its organisation who is cleared for its type, and whoever approves on it; of a restricted
-- case its named supervisor alone (S9). Nobody barred from it (S10).
create function access.answers_for_erasure(the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from cases c join case_types t on t.id = c.case_type
    where c.id = the_case and c.erased_at is null and c.org = any (access.my_orgs()) and c.case_type = any (access.my_types()) and c.id <> all (access.my_bars())
      and (c.org = any (access.my_orgs_for('consent.review'))
        or (access.holds('case.approve', c.unit, c.id)
          and (c.supervisor = access.me() or (t.sensitivity <> 'restricted' and access.sees_case(c.id))))));
end $$;

-- Open complaints of people who are on the case.
create function access.complaints_about(the_case uuid) returns table (id uuid, case_type smallint, org int)
stable language sql security definer set search_path = public, pg_temp as $$
  select distinct x.id, x.case_type, x.org
  from case_people mine join case_people theirs on theirs.person_id = mine.person_id and theirs.case_id <> mine.case_id
    join cases x on x.id = theirs.case_id and x.closed_at is null and x.erased_at is null
  where mine.case_id = the_case and x.case_type in (select r.case_type from access.retention_rules() r where r.complaint)
$$;

-- Why a case is held although its time is over.
create function access.held_by(the_case uuid, the_day date) returns text[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(
    select 'legal_hold' where exists (select from retention_holds h where h.case_id = the_case and h.lifted_at is null)
    union
    select 'complaint' where exists (select from access.complaints_about(the_case))
    union
    select case k.value ->> 'shape' when 'tracing' then 'tracing' when 'reunification' then 'reunification' else 'best_interests' end
    from (
      select r.kind, p.body from case_records r join cases c on c.id = r.case_id join packs p on p.name = c.pack
      where r.case_id = the_case and r.moved_at is null and r.holds_until >= the_day
        and not exists (select from case_records later where later.corrects = r.id)
      union all
      select r.kind, p.body from case_people cp join person_records r on r.person_id = cp.person_id join packs p on p.name = r.pack and p.version = r.pack_version
      where cp.case_id = the_case and r.moved_at is null and r.holds_until >= the_day
        and not exists (select from person_records later where later.corrects = r.id)) kept
      cross join lateral jsonb_array_elements(coalesce(kept.body -> 'records', '[]')) k
    where k.value ->> 'code' = kept.kind
    union
    -- Somebody is still being served; or the figures of the last twelve months, which everybody reads of their own, still count it.
    select 'referral' where exists (select from referrals r where r.case_id = the_case
      and (r.status in ('requested', 'accepted', 'in_progress', 'on_hold') or r.requested_at > now() - interval '13 months'))
    order by 1);
end $$;

-- The cases whose time is over, for whoever answers for them, with what holds each and how far its end has come: in the order of the day on which it was over,
-- so many of them after that one; of these cases only, where some are named. What costs much is asked of no more cases than it takes to fill a page, and of a
-- thousand at most. Where more may come, a last line of state `more` says after which case to go on.
-- One that is held by a complaint of which the reader may not know is not among them: its time seems not to have come. Where its end was proposed before, that
-- stands as if nothing held it (S11).
create function access.retention_cases(the_day date, the_cases uuid[], the_state text, after_day date, after_case uuid, the_most int)
returns table (case_id uuid, code text, case_type smallint, closed_on date, counts_from date, due_on date, held text[], state text, erasure_id uuid,
  by_officer boolean, proposed_by uuid, proposed_by_name text, proposed_at timestamptz, erase_at timestamptz, words bytea, wrapped bytea)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare d record; holding text[]; hidden boolean; stands text; looked int := 0; given int := 0; last_day date; last_case uuid;
begin
  for d in
    with rules as materialized (select r.case_type, r.period, r.child_age from access.retention_rules() r),
    closed as (
      select c.id, c.code, c.case_type, p.born_on, r.period, r.child_age, (c.closed_at at time zone o.time_zone)::date as closed_on
      from cases c join rules r on r.case_type = c.case_type join organisations o on o.id = c.org join persons p on p.id = c.person_id
      where c.org = any ((select access.my_orgs())::int[]) and c.closed_at is not null and c.erased_at is null
        and c.closed_at < (the_day + 2)::timestamptz - (select min(period) from rules)
        and (cardinality(the_cases) = 0 or c.id = any (the_cases))
        -- No case for which `answers_for_erasure` could say yes is left out here.
        and c.case_type = any ((select access.my_types())::smallint[]) and c.id <> all ((select access.my_bars())::uuid[])
        and (c.org = any ((select access.my_orgs_for('consent.review'))::int[]) or c.scope && (select access.my_scope()) or c.case_manager = (select access.me())
          or c.supervisor = (select access.me()) or c.id = any ((select access.my_grants())::uuid[]))),
    dated as (
      select closed.*, greatest(closed.closed_on, coalesce((closed.born_on + make_interval(years => closed.child_age))::date, closed.closed_on)) as counts_from from closed),
    due as (select dated.*, (dated.counts_from + dated.period)::date as due_on from dated)
    select due.*, e.id as erasure, e.state as wanted, e.by_officer, e.proposed_by, e.proposed_by_name, e.proposed_at, e.erase_at, e.words, k.wrapped
    from due left join erasures e on e.case_id = due.id and e.state in ('proposed', 'approved')
      left join keys k on k.owner = e.id and k.destroyed_at is null
    where due.due_on <= the_day and (after_day is null or (due.due_on, due.id) > (after_day, after_case))
      and (the_state is null or the_state = 'held' or coalesce(e.state, 'due') = the_state)
    order by due.due_on, due.id limit 1001
  loop
    if given = the_most or looked = 1000 then
      return query select last_case, ''::text, 0::smallint, last_day, last_day, last_day, '{}'::text[], 'more'::text, null::uuid, null::boolean, null::uuid, null::text,
        null::timestamptz, null::timestamptz, null::bytea, null::bytea;
      return;
    end if;
    looked := looked + 1; last_day := d.due_on; last_case := d.id;
    continue when not access.answers_for_erasure(d.id);
    holding := access.held_by(d.id, the_day);
    hidden := 'complaint' = any (holding) and exists (select from access.complaints_about(d.id) x
      where not (x.case_type = any (access.my_types()) and x.id <> all (access.my_bars())
        and (x.org = any (access.my_orgs_for('consent.review')) or access.sees_case(x.id))));
    continue when hidden and d.erasure is null;
    if hidden then holding := array_remove(holding, 'complaint'); end if;
    stands := case when cardinality(holding) > 0 then 'held' else coalesce(d.wanted, 'due') end;
    continue when stands <> the_state;
    given := given + 1;
    return query select d.id, d.code, d.case_type, d.closed_on, d.counts_from, d.due_on, holding, stands, d.erasure, d.by_officer, d.proposed_by, d.proposed_by_name,
      d.proposed_at, d.erase_at, d.words, d.wrapped;
  end loop;
end $$;

-- Legal holds that are in force, of cases for which the reader answers.
create function access.holds_in_force() returns table (id uuid, case_id uuid, code text, case_type smallint, reason text, placed_by uuid, placed_by_name text,
  placed_at timestamptz, reference bytea, wrapped bytea)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select h.id, c.id, c.code, c.case_type, h.reason, h.placed_by, h.placed_by_name, h.placed_at, h.reference, k.wrapped
    from retention_holds h join cases c on c.id = h.case_id left join keys k on k.owner = h.id and k.destroyed_at is null
    where h.lifted_at is null and c.org = any (access.my_orgs()) and access.answers_for_erasure(c.id)
    order by h.placed_at, h.id;
end $$;

-- What was erased, refused or stopped: ids, codes and dates, for whoever answered for it.
create function access.erasures_settled() returns table (id uuid, code text, case_type smallint, state text, proposed_by_name text, decided_by_name text, settled_at timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select e.id, e.case_code, e.case_type, e.state, e.proposed_by_name, e.decided_by_name, coalesce(e.erased_at, e.decided_at)
    from erasures e join case_types t on t.id = e.case_type
    where e.state in ('refused', 'stopped', 'erased') and e.org = any (access.my_orgs()) and e.case_type = any (access.my_types()) and e.case_id <> all (access.my_bars())
      and (e.org = any (access.my_orgs_for('consent.review'))
        or (access.holds('case.approve', e.unit, null) and (e.supervisor = access.me() or t.sensitivity <> 'restricted')))
    order by coalesce(e.erased_at, e.decided_at) desc, e.id limit 200;
end $$;

-- Places a hold on a case for which the actor answers, open or closed; answers with the case, or with nothing where there is none for them.
create function access.place_hold(the_hold uuid, the_case uuid, the_code text, the_reason text, the_reference bytea, the_moment timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare found_case uuid;
begin
  select c.id into found_case from cases c where (c.id = the_case or c.code = the_code) and access.answers_for_erasure(c.id) for no key update;
  if not found then return null; end if;
  insert into retention_holds (id, case_id, reason, reference, placed_by, placed_by_name, placed_at)
    select the_hold, found_case, the_reason, the_reference, u.id, u.name, the_moment from users u where u.id = access.me();
  return found_case;
end $$;
-- Somebody else lifts it.
create function access.lift_hold(the_hold uuid, the_moment timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare h retention_holds;
begin
  select * into h from retention_holds where id = the_hold for update;
  if not found or not access.answers_for_erasure(h.case_id) then raise no_data_found; end if;
  if h.placed_by = access.me() then raise insufficient_privilege; end if;
  if h.lifted_at is not null then raise serialization_failure; end if;
  update retention_holds set lifted_by = u.id, lifted_by_name = u.name, lifted_at = the_moment from users u where retention_holds.id = the_hold and u.id = access.me();
  return h.case_id;
end $$;

create function access.propose_erasure(the_erasure uuid, the_case uuid, the_words bytea, the_day date, the_moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare stands text;
begin
  perform from cases where id = the_case for no key update;
  select r.state into stands from access.retention_cases(the_day, array[the_case], null, null, null, 1) r;
  if not found then raise no_data_found; end if;
  if stands <> 'due' then raise serialization_failure; end if;
  insert into erasures (id, case_id, case_code, org, unit, case_type, supervisor, words, by_officer, proposed_by, proposed_by_name, proposed_at)
    select the_erasure, c.id, c.code, c.org, c.unit, c.case_type, c.supervisor, the_words, c.org = any (access.my_orgs_for('consent.review')), u.id, u.name, the_moment
    from cases c, users u where c.id = the_case and u.id = access.me();
end $$;

-- Somebody else approves it, and one of the two is a protection officer; nothing that holds it has come meanwhile.
create function access.approve_erasure(the_erasure uuid, the_day date, the_moment timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare e erasures;
begin
  select * into e from erasures where id = the_erasure for update;
  if not found or not access.answers_for_erasure(e.case_id) then raise no_data_found; end if;
  if e.proposed_by = access.me() or not (e.by_officer or e.org = any (access.my_orgs_for('consent.review'))) then raise insufficient_privilege; end if;
  if e.state <> 'proposed' or not exists (select from access.retention_cases(the_day, array[e.case_id], null, null, null, 1) r where r.state = 'proposed') then raise serialization_failure; end if;
  update erasures set state = 'approved', decided_by = u.id, decided_by_name = u.name, decided_at = the_moment from users u where erasures.id = the_erasure and u.id = access.me();
  return e.case_id;
end $$;
-- Refused, taken back or stopped, as long as nothing is erased.
create function access.refuse_erasure(the_erasure uuid, the_moment timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare e erasures;
begin
  select * into e from erasures where id = the_erasure for update;
  if not found or not access.answers_for_erasure(e.case_id) then raise no_data_found; end if;
  if e.state not in ('proposed', 'approved') then raise serialization_failure; end if;
  update erasures set state = 'refused', words = null, decided_by = u.id, decided_by_name = u.name, decided_at = the_moment
    from users u where erasures.id = the_erasure and u.id = access.me();
  update keys set wrapped = ''::bytea, destroyed_at = the_moment where owner = the_erasure and destroyed_at is null;
  return e.case_id;
end $$;

-- Deletes what belongs to these ids from these tables, in whatever order their references allow.
create function access.clear_tables(the_tables regclass[], the_column text, the_ids uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare left_over regclass[] := the_tables; t regclass; count_before int;
begin
  while cardinality(left_over) > 0 loop
    count_before := cardinality(left_over);
    foreach t in array left_over loop
      begin
        execute format('delete from %s where %I = any ($1)', t, the_column) using the_ids;
        left_over := array_remove(left_over, t);
      exception when foreign_key_violation then null; -- Another table goes first.
      end;
    end loop;
    if cardinality(left_over) = count_before then raise exception 'rows of % are still referred to', left_over; end if;
  end loop;
end $$;

-- Of these the figures need codes, dates and reasons; every other table of a case and of its referrals is cleared.
create function access.tables_kept_for_figures() returns regclass[] stable language sql security definer set search_path = public, pg_temp as $$
  select array['case_moves', 'case_closures', 'assessments', 'plans', 'plan_reviews', 'achievement_marks', 'not_referred', 'meetings', 'quality_reviews',
    'referral_moves', 'appointments']::regclass[]
$$;

-- Takes the person out of the rows that the figures keep.
create function access.empty_rows(the_case uuid, the_referrals uuid[], the_gone uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare codes text[] := array(select distinct r.value ->> 'code' from packs p cross join lateral jsonb_array_elements(coalesce(p.body -> 'reasons', '[]')) r);
begin
  update case_moves set reason = case when reason = any (codes) then reason else '' end, actor_name = '',
    from_value = case when kind in ('assigned', 'transferred') then null else from_value end,
    to_value = case when kind in ('assigned', 'transferred') then null else to_value end where case_id = the_case;
  -- What asked for it is cleared, and would take the closing with it.
  update case_closures set sealed = null, author_name = '', approved_by_name = null, request_id = null where case_id = the_case;
  update assessments set answers = '{}', sealed = null, remark = null, late_reason = null, author_name = '', finalised_by_name = null, approved_by_name = null where case_id = the_case;
  update plans set sealed = null, remark = null, author_name = '', proposed_by_name = null, approved_by_name = null where case_id = the_case;
  update plan_reviews set sealed = null, late_reason = null, author_name = '' where case_id = the_case;
  -- Of a member who is known elsewhere nothing is kept beside their name.
  delete from achievement_marks where case_id = the_case and person_id is not null and person_id <> all (the_gone);
  update achievement_marks set words = case when words is not null or document_id is not null then ''::bytea end, document_id = null, author_name = '' where case_id = the_case;
  update meetings set words = ''::bytea, author_name = '' where case_id = the_case;
  update quality_reviews set remark = null, author_name = '' where case_id = the_case;
  update referral_moves set remark = null, late_reason = null, late_words = null, on_behalf = null, shown_name = '', shown_role = '',
    reason = case when reason = any (codes) then reason end where referral_id = any (the_referrals);
  update appointments set place = '', reason = case when reason = any (codes || array['not_needed']) then reason else '' end where referral_id = any (the_referrals);
end $$;

-- Everybody named on the case, its referrals and, where the household is known through it alone, the household.
create function access.named_on(the_case uuid, the_referrals uuid[], the_household uuid) returns uuid[] stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person), '{}') from (
    select person_id as person from case_people where case_id = the_case
    union select person_id from cases where id = the_case
    union select person_id from referral_people where referral_id = any (the_referrals)
    union select person_id from household_members where household_id = the_household) named
$$;
-- Of these the ones who are known through nothing else: no other case, no referral of their own, no household of another case; nothing that they said or
-- agreed to for somebody else's case; and no record about themselves whose own time is not over, as that of a closed case would be counted.
create function access.known_only_here(the_people uuid[], the_case uuid, the_referrals uuid[], the_moment timestamptz) returns uuid[]
stable language sql security definer set search_path = public, pg_temp as $$
  with rules as materialized (select * from access.retention_rules())
  select coalesce(array_agg(p.id), '{}') from persons p
  where p.id = any (the_people)
    and not exists (select from case_people cp where cp.person_id = p.id and cp.case_id <> the_case)
    and not exists (select from cases c where c.person_id = p.id and c.id <> the_case and c.erased_at is null)
    and not exists (select from referral_people rp where rp.person_id = p.id and rp.referral_id <> all (the_referrals))
    and not exists (select from household_members m join cases c on c.household_id = m.household_id
      where m.person_id = p.id and c.id <> the_case and c.erased_at is null)
    and not exists (select from consents k where k.person_id = p.id and k.case_id <> the_case)
    and not exists (select from consents k where k.given_by_person = p.id and k.case_id <> the_case)
    and not exists (select from plan_agreements a where a.person_id = p.id and a.case_id <> the_case)
    and not exists (select from plan_lines l where l.doer = p.id and l.case_id <> the_case)
    and not exists (select from person_records r left join rules k on k.case_type = any (r.case_types)
      where r.person_id = p.id and r.moved_at is null and (k.period is null
        or greatest(r.happened_at, r.recorded_at, (p.born_on + make_interval(years => k.child_age))::timestamptz) + k.period > the_moment))
$$;

-- A case is never opened for somebody who is nobody any more, nor are they put anywhere else by whoever began while they were being erased.
create function access.keep_out_the_gone() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Waits for the erasing; what is asked next sees what came of it.
  perform from persons where id = new.person_id for key share;
  if exists (select from persons where id = new.person_id and erased_at is not null) then raise no_data_found; end if;
  return new;
end $$;
create trigger keep_out_the_gone before insert on cases for each row execute function access.keep_out_the_gone();
create trigger keep_out_the_gone before insert on case_people for each row execute function access.keep_out_the_gone();
create trigger keep_out_the_gone before insert on referral_people for each row execute function access.keep_out_the_gone();
create trigger keep_out_the_gone before insert on household_members for each row execute function access.keep_out_the_gone();

-- People who are nobody any more. Their row stands without a word, so that ids in the audit still lead to one thing.
create function access.forget_people(the_people uuid[], the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update keys set wrapped = ''::bytea, destroyed_at = the_moment
    where destroyed_at is null and owner in (select root from person_records where person_id = any (the_people));
  delete from person_correction_answers where correction_id in (select id from person_corrections where person_id = any (the_people));
  perform access.clear_tables(array['person_documents', 'person_contacts', 'person_keys', 'person_corrections', 'person_records', 'household_members']::regclass[],
    'person_id', the_people);
  update households set head_id = null, version = version + 1 where head_id = any (the_people);
  update persons set erased_at = the_moment, name = '', name_latin = '', sex = null, gender = '', born_on = null, born_estimated = false, languages = '{}', disability = '{}',
    admin1 = '', admin2 = '', admin3 = '', address = '', address_confidential = false, phone_confidential = false, household_confidential = false, dont_go_alone = false,
    contact_restriction = '', died_on = null, scope = '{}', has_case = true, version = version + 1 where id = any (the_people);
end $$;

-- Destroys every key of the case, its referrals, packets, letters, attachments and arrivals, of messages that have gone, and of texts to the person.
create function access.destroy_keys_of(the_case uuid, the_referrals uuid[], the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
-- Reminders of its meetings and codes for its plans are of no referral.
declare texted uuid[] := array(select id from meetings where case_id = the_case union all select id from plan_codes where case_id = the_case);
begin
  -- Receivers may still be on their way to hear that they are to delete what they have; the person is reminded of nothing any more.
  update messages set body = null, forgotten_at = the_moment where forgotten_at is null and (about = any (texted)
    or (referral_id = any (the_referrals) and state in ('sent', 'delivered', 'bounced', 'dropped', 'dead')));
  update keys set wrapped = ''::bytea, destroyed_at = the_moment where destroyed_at is null and owner in (
    select the_case
    union all select k.owner from keys k where k.case_id = the_case
    union all select unnest(the_referrals)
    union all select id from packets where referral_id = any (the_referrals)
    union all select id from letters where referral_id = any (the_referrals)
    union all select id from referral_attachments where referral_id = any (the_referrals)
    union all select id from arrivals where case_id = the_case or meant_for = the_case
    union all select id from retention_holds where case_id = the_case
    union all select id from erasures where case_id = the_case
    union all select id from messages where (referral_id = any (the_referrals) or about = any (texted)) and forgotten_at is not null);
end $$;

-- Erases one case, in one transaction; answers with the sealed files beside the database that must go as well.
create function access.empty_case(the_case uuid, the_moment timestamptz) returns text[] language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; refs uuid[]; named uuid[]; gone uuid[]; papers text[]; home uuid; stands_in uuid;
begin
  select * into strict c from cases where id = the_case for update;
  -- Whoever erases another case of the same household or people, or opens one for them, comes before or afterwards and sees what the other did.
  perform from households where id = c.household_id for update;
  refs := array(select id from referrals where case_id = the_case order by id for update);
  papers := array(
    select file from documents where case_id = the_case
    union all select file from referral_attachments where referral_id = any (refs)
    union all select 'case_files/' || f.id || '.' || ending from case_files f cross join unnest(array['pdf', 'zip']) ending where f.case_id = the_case);
  -- The household, where no other case is about it.
  home := case when not exists (select from cases x where x.household_id = c.household_id and x.id <> the_case and x.erased_at is null) then c.household_id end;
  named := access.named_on(the_case, refs, home);
  perform from persons where id = any (named) order by id for update;
  gone := access.known_only_here(named, the_case, refs, the_moment);
  perform access.destroy_keys_of(the_case, refs, the_moment);
  perform access.empty_rows(the_case, refs, gone);
  delete from notifications where case_id = the_case or referral_id = any (refs)
    or task_id in (select id from tasks where case_id = the_case or referral_id = any (refs));
  delete from tasks where case_id = the_case or referral_id = any (refs);
  delete from cover_referrals where referral_id = any (refs);
  -- What was placed on it, and what was filled in for it and still waits.
  delete from arrivals where case_id = the_case or meant_for = the_case;
  delete from screening_results where case_id = the_case;
  perform access.clear_tables(array(select name from referral_tables where name <> all (access.tables_kept_for_figures())), 'referral_id', refs);
  perform access.clear_tables(array(select name from case_tables where name <> all (access.tables_kept_for_figures())), 'case_id', array[the_case]);
  update grants set revoked_at = coalesce(revoked_at, the_moment), reason = '' where case_id = the_case;
  -- Why somebody is barred says whom they are related to; a bar that a complaint set by itself has a code.
  update bars set reason = '' where case_id = the_case and reason <> 'subject_of_complaint';
  update transfer_receipts set scope = '{}', desk_scope = '{}', manager = null, supervisor = null where case_id = the_case;
  perform access.forget_people(gone, the_moment);
  -- Whoever of the household is still known keeps it: without the case it is again the registering unit's to see.
  if exists (select from household_members where household_id = home) then home := null; end if;
  -- A case is about somebody; where that is somebody whom another case still knows, from now on about nobody.
  stands_in := case when c.person_id = any (gone) then c.person_id else gen_random_uuid() end;
  if stands_in <> c.person_id then
    insert into persons (id, code, org, unit, name, has_case, erased_at) values (stands_in, 'P-' || stands_in, c.org, c.unit, '', true, the_moment);
    update persons set scope = '{}' where id = stands_in;
  end if;
  update cases set erased_at = the_moment, person_id = stands_in, household_id = home, case_manager = null, supervisor = null, paused_reason = null, next_due_at = null
    where id = the_case;
  update referrals set reason = null, outcome_note = null, draft = null, precaution = null, safe_contact = '', accompaniment_reason = '', outcome_amount = '',
    to_unit = null, to_assignee = null, reviewer = null, look_at = null, next_due_at = null, next_side = null where id = any (refs);
  return papers;
end $$;

-- The job that begins, of an erasure that two people decided: its case, as long as it is not over; and whether it waits for the end of a complaint.
create function access.approved_erasure(the_erasure uuid) returns table (case_id uuid, waits boolean)
stable language sql security definer set search_path = public, pg_temp as $$
  select e.case_id, exists (select from access.complaints_about(e.case_id)) from erasures e
  where e.id = the_erasure and e.state = 'approved' and e.org = access.job_org()
$$;
create function access.set_erase_at(the_erasure uuid, the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update erasures set erase_at = coalesce(erase_at, the_moment) where id = the_erasure and state = 'approved' and org = access.job_org()
$$;
-- Erases, once two people have decided and receivers had their time; stops where the case was opened again, went elsewhere or is held by now. Answers with
-- the case and what became of it, `approved` where that is to be asked again; with nothing where nothing was to be done.
create function access.erase_case(the_erasure uuid, the_day date, the_moment timestamptz) returns table (case_id uuid, state text)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare e erasures; c cases; papers text[]; holding text[];
begin
  select * into e from erasures where id = the_erasure for update;
  if not found or e.org is distinct from access.job_org() or e.state <> 'approved' or e.erase_at is null or e.erase_at > the_moment then return; end if;
  select * into strict c from cases where id = e.case_id for update;
  holding := access.held_by(c.id, the_day);
  -- A complaint stops nothing, since whoever decided may not know of it (S11): the case stays, and is looked at again.
  if c.closed_at is not null and c.org = e.org and holding = array['complaint'] then
    return query select c.id, 'approved';
    return;
  end if;
  if c.closed_at is null or c.org <> e.org or cardinality(holding) > 0 then
    update erasures set state = 'stopped', words = null where id = the_erasure;
    update keys set wrapped = ''::bytea, destroyed_at = the_moment where owner = the_erasure and destroyed_at is null;
    return query select c.id, 'stopped';
    return;
  end if;
  papers := access.empty_case(c.id, the_moment);
  update erasures set state = 'erased', erased_at = the_moment, words = null, files = papers where id = the_erasure;
  return query select c.id, 'erased';
end $$;
-- What the last job still has to take away from beside the database.
create function access.erasure_files(the_erasure uuid) returns table (case_id uuid, erased_at timestamptz, files text[])
stable language sql security definer set search_path = public, pg_temp as $$
  select e.case_id, e.erased_at, e.files from erasures e where e.id = the_erasure and e.state = 'erased' and e.swept_at is null and e.org = access.job_org()
$$;
create function access.erasure_swept(the_erasure uuid, the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update erasures set files = '{}', swept_at = the_moment where id = the_erasure and state = 'erased' and org = access.job_org()
$$;
-- After an old backup was put back: erases what was erased since. Answers with the files, or with nothing where the case is unknown or erased already.
create function access.erase_again(the_case uuid, the_moment timestamptz) returns text[] language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'operator' then raise insufficient_privilege; end if;
  if not exists (select from cases where id = the_case and erased_at is null) then return null; end if;
  update erasures set state = case state when 'approved' then 'erased' else 'refused' end, erased_at = the_moment, swept_at = the_moment, words = null
    where case_id = the_case and state in ('proposed', 'approved');
  return access.empty_case(the_case, the_moment);
end $$;

select access.own_functions();
-- They look behind the policies or change what nobody may; only the functions above ask.
revoke all on function access.retention_rules(), access.answers_for_erasure(uuid), access.complaints_about(uuid), access.held_by(uuid, date),
  access.clear_tables(regclass[], text, uuid[]), access.tables_kept_for_figures(), access.empty_rows(uuid, uuid[], uuid[]), access.named_on(uuid, uuid[], uuid),
  access.known_only_here(uuid[], uuid, uuid[], timestamptz), access.forget_people(uuid[], timestamptz), access.destroy_keys_of(uuid, uuid[], timestamptz),
  access.empty_case(uuid, timestamptz) from throughcare_web, throughcare_worker;
revoke all on function access.erase_again(uuid, timestamptz) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
