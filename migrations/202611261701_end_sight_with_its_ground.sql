-- Sight ends with the ground it was given on, and definer functions ask for the right as well as for sight (ARCHITECTURE "Access").

-- Another type is another circle of people: every exception made for the old one ends, whoever keeps it goes where they are not cleared,
-- and nobody new comes in but a named supervisor (S9).
drop function access.reclassify(uuid, int, smallint, uuid);
create function access.reclassify(the_case uuid, the_version int, the_type smallint, the_manager uuid, the_supervisor uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select * into c from cases where id = the_case for update;
  if not found or not access.sees_case(the_case) then raise no_data_found; end if;
  if not access.holds('case.classify', c.unit, c.id) then raise insufficient_privilege; end if;
  if c.version <> the_version then raise serialization_failure; end if;
  if the_manager <> coalesce(c.case_manager, '00000000-0000-0000-0000-000000000000')
    or exists (select from unnest(array[the_manager, the_supervisor]) who where who is not null and not access.fit_for(who, c.id, the_type)) then
    raise insufficient_privilege;
  end if;
  update cases set case_type = the_type, case_manager = the_manager, supervisor = the_supervisor, version = version + 1 where id = the_case;
  update grants set revoked_at = now() where case_id = the_case and revoked_at is null;
end $$;

-- Who gives a case away holds the right to, takes it out of the inbox for themselves, or has just opened it; to a unit of its own
-- organisation in which they hold the right as well, and to people who may see it.
create or replace function access.hand_over(the_case uuid, the_version int, the_unit int, the_manager uuid, the_supervisor uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select * into c from cases where id = the_case for update;
  if not found or not access.sees_case(the_case) then raise no_data_found; end if;
  if not (access.holds('case.assign', c.unit, c.id)
      or (c.case_manager is null and the_manager = access.me() and access.holds('case.edit', c.unit, c.id))
      or (c.case_manager = access.me() and c.recorded_at = now())) then
    raise insufficient_privilege;
  end if;
  if the_unit <> c.unit and not (access.holds('case.assign', c.unit, c.id) and access.holds('case.assign', the_unit, null)
      and exists (select from units where id = the_unit and org = c.org and active)) then
    raise insufficient_privilege;
  end if;
  if exists (select from unnest(array[the_manager, the_supervisor]) who where who is not null and not access.fit_for(who, c.id, c.case_type)) then
    raise insufficient_privilege;
  end if;
  if c.version <> the_version then raise serialization_failure; end if;
  update cases set unit = the_unit, case_manager = the_manager, supervisor = the_supervisor, version = version + 1 where id = the_case;
  update grants set revoked_at = now() where case_id = the_case and revoked_at is null and basis in ('team', 'break_glass');
end $$;

-- A case that becomes restricted at this moment is not broken into: whichever comes second sees the first.
create or replace function access.break_glass(the_grant uuid, the_case uuid, the_code text, the_reason text, the_until timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select x.* into c from cases x
  where (x.id = the_case or x.code = the_code) and x.case_type in (select id from case_types where sensitivity <> 'restricted')
    and x.id <> all (access.my_bars()) and cardinality(access.my_orgs_for('break_glass.use')) > 0
  for share of x;
  if not found then return null; end if;
  insert into grants (id, case_id, user_id, basis, reason, until, granted_by, org)
  values (the_grant, c.id, access.me(), 'break_glass', the_reason, the_until, access.me(), c.org);
  return c.id;
end $$;

-- Who leaves a case: off the last one in the open their search keys go to where their other cases lie (S11); off the only one they are again
-- the registering unit's to see. A household likewise.
create function access.person_left_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update persons p set has_case = false where p.id = old.person_id and p.has_case and not exists (select from case_people cp where cp.person_id = p.id);
  update person_keys set clearance = access.clearance_of(old.person_id)
    where person_id = old.person_id and clearance <> access.clearance_of(old.person_id);
  return null;
end $$;
create trigger case_people_unclear after delete on case_people for each row execute function access.person_left_case();
create function access.household_left_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update households h set has_case = false where h.id = old.household_id and h.has_case and not exists (select from cases c where c.household_id = h.id);
  return null;
end $$;
create trigger cases_household_left after update of household_id on cases for each row
  when (old.household_id is not null and old.household_id is distinct from new.household_id) execute function access.household_left_case();

-- Those who left before this rule stood.
create function access.let_go_of_those_who_left() returns void language sql security definer set search_path = public, pg_temp as $$
  update persons p set has_case = false where p.has_case and not exists (select from case_people cp where cp.person_id = p.id);
  update households h set has_case = false where h.has_case and not exists (select from cases c where c.household_id = h.id);
  update person_keys k set clearance = access.clearance_of(k.person_id) where k.clearance <> access.clearance_of(k.person_id)
$$;

-- Whose data a packet is: the sender's side, a job of the sender's organisation, the operator.
do $$
begin
  execute format($f$create function access.sends_referral(the_referral uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as
    $b$ select access.actor_kind() = 'operator' or exists (select from referrals where id = the_referral and (from_org = access.job_org() or (%s))) $b$ $f$, access.from_rule());
end $$;
-- The receiver's own ending closes what it was sent; otherwise only the sender does.
create or replace function access.close_packets(the_referral uuid, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sends_referral(the_referral) and not (access.works_on(the_referral)
      and exists (select from referrals r where r.id = the_referral and r.status in ('completed', 'failed', 'rejected', 'cancelled', 'entered_in_error'))) then
    raise no_data_found;
  end if;
  update packets set closes_at = least(coalesce(closes_at, the_moment), the_moment) where referral_id = the_referral and closed_at is null;
end $$;
create or replace function access.destroy_packets(the_referral uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sends_referral(the_referral) then raise no_data_found; end if;
  update keys set wrapped = ''::bytea, destroyed_at = now() where destroyed_at is null and owner in (select id from packets where referral_id = the_referral);
  update packets set closed_at = coalesce(closed_at, now()), brief = '{}' where referral_id = the_referral;
end $$;
-- Nothing called these.
drop function access.destroy_packet_key(uuid);
drop function access.put_case_key(uuid, bytea, int);

-- A key is stored once, and for a case only by who works on it; before anybody is signed in only for a message that stands already. Whoever
-- finds the place taken is told, so that nothing is ever sealed with a key that was not kept.
drop function access.put_key(uuid, uuid, bytea, int);
create function access.put_key(the_owner uuid, the_case uuid, the_wrapped bytea, the_epoch int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() not in ('user', 'link', 'system', 'operator') and not exists (select from messages where id = the_owner) then
    raise insufficient_privilege;
  end if;
  if the_case is not null and access.actor_kind() <> 'operator' and not access.sees_case(the_case)
    and not exists (select from cases where id = the_case and org = access.job_org()) then
    raise no_data_found;
  end if;
  insert into keys (owner, case_id, wrapped, epoch) values (the_owner, the_case, the_wrapped, the_epoch) on conflict (owner) do nothing;
  if not found then raise serialization_failure; end if;
end $$;

-- The masked search: whoever is barred from a case of somebody's (S10) does not meet them as a masked hit either, unless another case
-- shows them to the searcher anyway.
create or replace function access.search_people(the_keys text[]) returns table (person_id uuid, name text, name_latin text, born_on date, org_name text, desk text, kinds text[])
stable language sql security definer set search_path = public, pg_temp as $$
  with found as (
    select k.person_id, max(k.clearance) as clearance, array_agg(distinct left(k.key, 1)) as kinds from (
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = 0 and k.key = any (the_keys) limit 400)
      union all
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = any (access.my_types()) and k.clearance <> 0 and k.key = any (the_keys) limit 100)
    ) k where access.me() is not null group by k.person_id order by count(*) desc limit 200)
  select p.id, p.name, p.name_latin, p.born_on, o.name, o.general_desk, f.kinds
  from found f join persons p on p.id = f.person_id join organisations o on o.id = p.org
  where (f.clearance = 0 and not exists (select from case_people cp where cp.person_id = p.id and cp.case_id = any ((select access.my_bars())::uuid[])))
    or access.sees_person(p.id)
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
select access.let_go_of_those_who_left();
drop function access.let_go_of_those_who_left();
