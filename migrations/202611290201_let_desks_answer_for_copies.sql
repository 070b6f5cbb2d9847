-- Where nobody of an organisation may open what came to it, its desk says that no copy is left, and opens nothing. And hosts are asked to delete what
-- they know once the person refuses what they had agreed to, or somebody else becomes the host.

-- Which case it was: bars outlive packets and places, and so does the asking (S10). Of one that was asked for before this column, as long as its packet stands.
alter table conference_recalls add column case_ref uuid;
alter table project_recalls add column case_ref uuid;
alter policy asked_by_its_case on conference_recalls with check (deleted_at is null and exists (
  select from conference_packets p where p.id = conference_recalls.id and p.from_org = conference_recalls.from_org and p.to_org = conference_recalls.to_org
    and p.case_id = conference_recalls.case_ref and access.sees_case(p.case_id)));

-- Who answers for copies of this type and case in an organisation: whoever may open them there and is not barred from the case (S10). Where nobody is,
-- the desk: whoever answers referrals or keeps the units there; of a restricted type its focal points alone, as in the inbox (S9).
create function access.copies_desk(the_org int, the_type smallint, the_case uuid) returns uuid[]
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare guard text; the_desk uuid[]; readers uuid[];
begin
  select t.sensitivity into guard from case_types t where t.id = the_type;
  guard := coalesce(guard, 'standard');
  the_desk := array(select distinct u.id from users u join memberships m on m.user_id = u.id join roles r on r.id = m.role
    where u.active and m.org = the_org and m.ended_at is null and ('referral.answer' = any (r.acts) or 'admin.units' = any (r.acts))
      and not exists (select from bars b where b.case_id = the_case and b.lifted_at is null and (b.user_id = u.id or exists (
        select from memberships o join units n on n.id = o.unit where o.user_id = u.id and o.ended_at is null and b.unit = any (n.path))))
    order by u.id);
  readers := array(select distinct m.user_id from memberships m join roles r on r.id = m.role
    where m.user_id = any (the_desk) and m.org = the_org and m.ended_at is null and 'referral.answer' = any (r.acts)
      and (guard = 'standard' or exists (select from memberships o join roles c on c.id = o.role
        where o.user_id = m.user_id and o.ended_at is null and the_type = any (c.cleared)))
    order by m.user_id);
  if cardinality(readers) > 0 then return readers; end if;
  if guard <> 'restricted' then return the_desk; end if;
  return array(select distinct f.user_id from focal_points f join units n on n.id = f.unit
    where f.user_id = any (the_desk) and n.org = the_org order by f.user_id);
end $$;

create or replace function access.my_minutes_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from conference_recalls r left join conference_packets p on p.id = r.id
    where r.deleted_at is null and r.to_org = any (access.my_orgs_for('referral.answer') || access.my_orgs_for('admin.units'))
      and access.me() = any (access.copies_desk(r.to_org, r.case_type, coalesce(r.case_ref, p.case_id)))
    order by r.asked_at, r.id limit 1000);
end $$;
-- Hosts are told of nobody whose case is guarded.
create or replace function access.my_hosting_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from project_recalls r left join project_placements l on l.id = r.placement
    where r.deleted_at is null and r.to_org = any (access.my_orgs_for('referral.answer') || access.my_orgs_for('admin.units'))
      and access.me() = any (access.copies_desk(r.to_org, null, coalesce(r.case_ref, l.case_id)))
    order by r.asked_at, r.id limit 1000);
end $$;

-- Who of the organisation that this job is for finds a task of their own for what is called back, in which unit, and by when it is to be answered; nobody once
-- it is. Never a unit as a whole: somebody there may be barred from the case, or not be of those who hear of its type (S10, S11). Of a host those who work
-- where it is or above, where any of them may answer.
create function access.asked_to_delete(the_recall uuid) returns table (of_user uuid, of_unit int, by_then timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare asked record; the_desk uuid[]; near uuid[];
begin
  select r.to_org, r.case_type, coalesce(r.case_ref, p.case_id) as of_case, null::int as host, r.due_at into asked
    from conference_recalls r left join conference_packets p on p.id = r.id
    where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org();
  if not found then
    select r.to_org, null::smallint as case_type, coalesce(r.case_ref, l.case_id) as of_case, r.unit as host, r.due_at into asked
      from project_recalls r left join project_placements l on l.id = r.placement
      where r.id = the_recall and r.deleted_at is null and r.to_org = access.job_org();
    if not found then return; end if;
  end if;
  the_desk := access.copies_desk(asked.to_org, asked.case_type, asked.of_case);
  near := array(select distinct m.user_id from memberships m join units h on h.id = asked.host
    where m.user_id = any (the_desk) and m.ended_at is null and m.unit = any (h.path) order by m.user_id);
  if cardinality(near) > 0 then
    return query select n, asked.host, asked.due_at from unnest(near) n limit 50;
    return;
  end if;
  return query select distinct on (m.user_id) m.user_id, m.unit, asked.due_at from memberships m join roles r on r.id = m.role
    where m.user_id = any (the_desk) and m.org = asked.to_org and m.ended_at is null and ('referral.answer' = any (r.acts) or 'admin.units' = any (r.acts))
    order by m.user_id, m.unit limit 50;
end $$;
-- For the side of the case: nobody of an organisation that is asked may answer, so that somebody has to ask there in another way.
create function access.nobody_answers(the_recall uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from conference_recalls r join conference_packets p on p.id = r.id
    where r.id = the_recall and r.deleted_at is null and access.sees_case(p.case_id) and cardinality(access.copies_desk(r.to_org, r.case_type, p.case_id)) = 0);
end $$;

-- Since when a project has the host that it has, where it had another before.
alter table projects add column host_since timestamptz;
grant update (host_since) on projects to throughcare_web;

-- Asks hosts that were told a name to delete it: on this consent, which was taken back, or because of this refusal, now that nothing else lets them know
-- it any more; with neither named, on any of the case, which is to be erased; with a project and a unit named, that unit, which was its host from one moment
-- (or the beginning) until another and is no more. Consent that has run out told it all the same, where the place is older. Answers what was not asked for
-- before, and of whom: what the person had taken back or refused while it was the host, it was asked for then.
drop function access.ask_hosts_to_delete(uuid, uuid, timestamptz, timestamptz);
create function access.ask_hosts_to_delete(the_case uuid, the_consent uuid, the_project uuid, the_unit int, the_since timestamptz, the_until timestamptz,
  the_moment timestamptz, the_due timestamptz) returns table (the_recall uuid, the_org int)
language plpgsql security definer set search_path = public, pg_temp as $$
declare learns constant text[] := array['identity', 'need'];
begin
  return query insert into project_recalls (id, placement, case_ref, consent, from_org, to_org, unit, project, starts_on, weekly_hours, asked_at, due_at)
    select distinct on (l.id) gen_random_uuid(), l.id, c.id, coalesce(w.id, k.id), p.org, u.org, u.id, p.title, l.starts_on, l.weekly_hours, the_moment, the_due
    from cases c join project_placements l on l.case_id = c.id join projects p on p.id = l.project_id
      join units u on u.id = coalesce(the_unit, p.host_unit) join consents k on k.case_id = c.id and k.person_id = l.person_id
      left join consents w on w.id = the_consent and w.case_id = c.id and w.person_id = l.person_id
      cross join lateral (select case when the_project is null then p.host_since else the_since end as since) h
    where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org())
      and k.basis = 'consent' and k.kind in ('consent', 'representative') and k.child_assent_of is null and k.only_referral is null
      and u.org = any (k.to_orgs) and k.sections @> learns and coalesce(k.expires_on >= l.recorded_at::date, true)
      -- Whoever had left a month before this unit became the host was never shown to it.
      and coalesce(l.left_on > h.since::date - 30, true)
      and (the_consent is null or ((w.id = k.id or w.kind = 'refused') and not access.host_may_know(c.id, l.person_id, u.org)))
      and (the_project is null or (p.id = the_project and l.recorded_at <= the_until and k.recorded_at <= the_until
        and coalesce(k.withdrawn_at >= the_until, true)
        and not exists (select from consents n where n.case_id = c.id and n.person_id = l.person_id and n.kind = 'refused' and n.withdrawn_at is null
          and n.recorded_at < the_until and (n.given_on, n.recorded_at) > (k.given_on, k.recorded_at)
          and (cardinality(n.to_orgs) + cardinality(n.to_kinds) = 0 or u.org = any (n.to_orgs)
            or (select o.kind from organisations o where o.id = u.org) = any (n.to_kinds))
          and (cardinality(n.sections) = 0 or n.sections && learns))
        and not exists (select from units x where x.id = p.host_unit and x.org = u.org)))
      and not exists (select from project_recalls r where r.placement = l.id and r.to_org = u.org
        and (r.deleted_at is null or r.asked_at >= greatest(k.recorded_at, h.since)))
    order by l.id, k.recorded_at desc
    on conflict do nothing returning project_recalls.id, project_recalls.to_org;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
-- Who works where is nobody's to ask; the functions that do belong to the same owner.
revoke execute on function access.copies_desk(int, smallint, uuid) from throughcare_web, throughcare_worker;
revoke execute on function access.asked_to_delete(uuid) from throughcare_web;
