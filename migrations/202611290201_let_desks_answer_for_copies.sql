-- Where nobody of an organisation may open what came to it, its desk says that no copy is left, and opens nothing. And hosts are asked to delete what
-- they know once the person refuses what they had agreed to, or somebody else becomes the host.

-- Who answers for copies of this type and case in an organisation: whoever may open them there and is not barred from the case (S10). Where nobody is,
-- the desk: whoever answers referrals or keeps the units there; of a restricted type its focal points alone, as in the inbox (S9).
create function access.copies_desk(the_org int, the_type smallint, the_case uuid) returns uuid[]
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare guard text; desk uuid[]; readers uuid[];
begin
  select t.sensitivity into guard from case_types t where t.id = the_type;
  guard := coalesce(guard, 'standard');
  desk := array(select distinct u.id from users u join memberships m on m.user_id = u.id join roles r on r.id = m.role
    where u.active and m.org = the_org and m.ended_at is null and ('referral.answer' = any (r.acts) or 'admin.units' = any (r.acts))
      and not exists (select from bars b where b.case_id = the_case and b.lifted_at is null and (b.user_id = u.id or exists (
        select from memberships o join units n on n.id = o.unit where o.user_id = u.id and o.ended_at is null and b.unit = any (n.path))))
    order by u.id limit 500);
  readers := array(select distinct m.user_id from memberships m join roles r on r.id = m.role
    where m.user_id = any (desk) and m.org = the_org and m.ended_at is null and 'referral.answer' = any (r.acts)
      and (guard = 'standard' or exists (select from memberships o join roles c on c.id = o.role
        where o.user_id = m.user_id and o.ended_at is null and the_type = any (c.cleared)))
    order by m.user_id);
  if cardinality(readers) > 0 then return readers; end if;
  if guard <> 'restricted' then return desk; end if;
  return array(select distinct f.user_id from focal_points f join units n on n.id = f.unit
    where f.user_id = any (desk) and n.org = the_org order by f.user_id);
end $$;

create or replace function access.my_minutes_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from conference_recalls r
    where r.deleted_at is null and r.to_org = any (access.my_orgs_for('referral.answer') || access.my_orgs_for('admin.units'))
      and access.me() = any (access.copies_desk(r.to_org, r.case_type, (select p.case_id from conference_packets p where p.id = r.id)))
    order by r.asked_at, r.id limit 1000);
end $$;
-- Hosts are told of nobody whose case is guarded.
create or replace function access.my_hosting_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from project_recalls r
    where r.deleted_at is null and r.to_org = any (access.my_orgs_for('referral.answer') || access.my_orgs_for('admin.units'))
      and access.me() = any (access.copies_desk(r.to_org, null, (select l.case_id from project_placements l where l.id = r.placement)))
    order by r.asked_at, r.id limit 1000);
end $$;

-- The task is found where those work who answer; by a host in its own unit, as long as any of them works there or above.
create or replace function access.recall_units(the_recall uuid) returns table (of_unit int, by_then timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare asked record; desk uuid[];
begin
  select r.to_org, r.case_type, p.case_id, null::int as host, r.due_at into asked
    from conference_recalls r left join conference_packets p on p.id = r.id
    where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org();
  if not found then
    select r.to_org, null::smallint as case_type, l.case_id, r.unit as host, r.due_at into asked
      from project_recalls r left join project_placements l on l.id = r.placement
      where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org();
    if not found then return; end if;
  end if;
  desk := access.copies_desk(asked.to_org, asked.case_type, asked.case_id);
  if asked.host is not null and (cardinality(desk) = 0 or exists (select from memberships m join units h on h.id = asked.host
      where m.user_id = any (desk) and m.ended_at is null and m.unit = any (h.path))) then
    return query select asked.host, asked.due_at;
    return;
  end if;
  return query select distinct m.unit, asked.due_at from memberships m join roles r on r.id = m.role
    where m.user_id = any (desk) and m.org = asked.to_org and m.ended_at is null and ('referral.answer' = any (r.acts) or 'admin.units' = any (r.acts))
    order by 1 limit 50;
end $$;

-- Since when a project has the host that it has, where it had another before.
alter table projects add column host_since timestamptz;
grant update (host_since) on projects to throughcare_web;

-- Asks hosts that were told a name to delete it: on this consent, which was taken back, or because of this refusal, now that nothing else lets them know
-- it any more; with neither named, on any of the case, which is to be erased; with a project and a unit named, that unit, which is its host no more.
-- Consent that has run out told it all the same, where the place is older. Answers what was not asked for before, and of whom.
drop function access.ask_hosts_to_delete(uuid, uuid, timestamptz, timestamptz);
create function access.ask_hosts_to_delete(the_case uuid, the_consent uuid, the_project uuid, the_unit int, the_moment timestamptz, the_due timestamptz)
returns table (the_recall uuid, the_org int) language plpgsql security definer set search_path = public, pg_temp as $$
declare learns constant text[] := array['identity', 'need'];
begin
  return query insert into project_recalls (id, placement, consent, from_org, to_org, unit, project, starts_on, weekly_hours, asked_at, due_at)
    select distinct on (l.id) gen_random_uuid(), l.id, coalesce(w.id, k.id), p.org, u.org, u.id, p.title, l.starts_on, l.weekly_hours, the_moment, the_due
    from cases c join project_placements l on l.case_id = c.id join projects p on p.id = l.project_id
      join units u on u.id = coalesce(the_unit, p.host_unit) join consents k on k.case_id = c.id and k.person_id = l.person_id
      left join consents w on w.id = the_consent and w.case_id = c.id and w.person_id = l.person_id
    where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org())
      and k.basis = 'consent' and k.kind in ('consent', 'representative') and k.child_assent_of is null and k.only_referral is null
      and u.org = any (k.to_orgs) and k.sections @> learns and coalesce(k.expires_on >= l.recorded_at::date, true)
      and (the_consent is null or ((w.id = k.id or w.kind = 'refused') and not access.host_may_know(c.id, l.person_id, u.org)))
      and (the_project is null or (p.id = the_project and l.recorded_at <= p.host_since
        and not exists (select from units h where h.id = p.host_unit and h.org = u.org)))
      and not exists (select from project_recalls r where r.placement = l.id and r.to_org = u.org
        and (r.deleted_at is null or r.asked_at >= greatest(k.recorded_at, p.host_since)))
    order by l.id, k.recorded_at desc
    on conflict do nothing returning project_recalls.id, project_recalls.to_org;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
-- Who works where is nobody's to ask; the functions that do belong to the same owner.
revoke execute on function access.copies_desk(int, smallint, uuid) from throughcare_web, throughcare_worker;
