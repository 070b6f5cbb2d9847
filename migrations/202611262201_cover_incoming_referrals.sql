-- A cover takes the referrals along that wait for the absent worker in the inbox, and gives them back; what stays says why.

-- Which incoming referrals a cover took. Known to the receiving side alone; whose it is says the referral.
create table cover_referrals (
  id uuid constraint cover_referrals_pkey primary key,
  cover_id uuid not null constraint cover_referrals_cover_id_fkey references covers (id),
  referral_id uuid not null constraint cover_referrals_referral_id_fkey references referrals (id) on delete cascade,
  org int not null constraint cover_referrals_org_fkey references organisations (id),
  taken_at timestamptz not null,
  returned_at timestamptz
);
create index cover_referrals_cover_id_idx on cover_referrals (cover_id);
create index cover_referrals_referral_id_idx on cover_referrals (referral_id);
create index cover_referrals_org_idx on cover_referrals (org);
select access.close_table('cover_referrals');
create policy receiving_side on cover_referrals for select to throughcare_web using (
  org = any ((select access.my_orgs())::int[]) and exists (select from referrals r where r.id = referral_id and r.to_org = cover_referrals.org));
grant select on cover_referrals to throughcare_web;
create policy access_covers on cover_referrals for all to throughcare_access using (true);
grant insert, update on cover_referrals to throughcare_access;

alter table notifications add column cover_referrals int;
-- What type of case a referral comes from is the sender's own: its receiver reads need, urgency and area (ARCHITECTURE "Access"). A restricted
-- type is named on no list, not even to those who work on it (S13, S19). The rest stands as it was.
create or replace view my_notifications with (security_invoker = true) as
select n.id, n.kind, n.recorded_at, n.read_at, coalesce(n.done_at, t.done_at) as done_at, coalesce(nc.id, tc.id) as case_id, coalesce(nr.id, tr.id) as referral_id, t.kind as task,
  t.title as task_title, coalesce(nr.code, tr.code, nc.code, tc.code, h.code) as code, ct.id as case_type, ct.pack as programme,
  case
    when t.id is not null then t.due_at
    when nr.id is not null and n.org = nr.from_org then nr.next_due_at
    when nr.id is not null and nr.status in ('requested', 'accepted', 'in_progress', 'on_hold') then
      case when nr.next_side = 'to' then nr.next_due_at else nr.due_at end
    when nr.id is null then nc.next_due_at
  end as due_at, h.id as transfer_id, n.cover_id, n.cover_cases, v.until_on as cover_until, n.cover_referrals
from notifications n
  left join tasks t on t.id = n.task_id
  left join cases nc on nc.id = n.case_id
  left join cases tc on tc.id = t.case_id
  left join referrals nr on nr.id = n.referral_id
  left join referrals tr on tr.id = t.referral_id
  left join case_types ct on ct.sensitivity <> 'restricted' and ct.id = coalesce(nc.case_type, tc.case_type,
    case when n.org = nr.from_org then nullif(nr.case_type, 0) end, case when n.org = tr.from_org then nullif(tr.case_type, 0) end)
  left join transfers h on h.id = n.transfer_id
  left join covers v on v.id = n.cover_id
where n.user_id = (select access.me())
  and not (n.task_id is not null and exists (select from notifications later
    where later.user_id = n.user_id and later.task_id = n.task_id and (later.recorded_at, later.id) > (n.recorded_at, n.id)))
  and not (n.kind in ('referral.reminder', 'referral.due', 'referral.escalated') and exists (select from notifications later
    where later.user_id = n.user_id and later.referral_id = n.referral_id and later.kind in ('referral.reminder', 'referral.due', 'referral.escalated')
      and (later.recorded_at, later.id) > (n.recorded_at, n.id)))
  and not (n.kind <> all (array['referral.reminder', 'referral.due', 'referral.escalated', 'packet_deletion_asked', 'packet.deletion_asked',
      'consent_withdrawn', 'consent.withdrawn'])
    and exists (select from notifications later
    where later.user_id = n.user_id and later.referral_id = n.referral_id and (later.recorded_at, later.id) > (n.recorded_at, n.id)
      and later.kind <> all (array['referral.reminder', 'referral.due', 'referral.escalated', 'packet_deletion_asked', 'packet.deletion_asked',
        'consent_withdrawn', 'consent.withdrawn'])));

drop function access.tell_of_cover(uuid, text, int, timestamptz);
-- Runs as its caller, one of the two functions below.
create function access.tell_of_cover(the_cover uuid, the_kind text, the_cases int, the_referrals int, the_moment timestamptz) returns void language sql set search_path = public, pg_temp as $$
  insert into notifications (id, user_id, org, kind, cover_id, cover_cases, cover_referrals, recorded_at, once)
  select gen_random_uuid(), u.id, u.org, case when u.id = v.worker then the_kind || '_for_you' else the_kind end, v.id, the_cases, the_referrals, the_moment,
    the_kind || ':' || v.id || ':' || u.id
  from covers v join users u on u.id in (v.worker, v.colleague) where v.id = the_cover and u.active and u.id is distinct from access.me()
  on conflict do nothing
$$;

-- May this user answer referrals of this kind in this unit, as somebody to whom one is assigned?
create function access.may_answer(the_user uuid, the_unit int, the_case uuid, the_type smallint) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select access.user_holds(the_user, 'referral.answer', the_unit) and access.fit_for(the_user, the_case, the_type)
$$;
-- Why a case, or an incoming referral, of the covered worker's stays with them; null when it goes along. Not cleared and barred are one
-- word: who is barred is for those to know who keep the case (S10). A restricted case goes only with a cover of its named supervisor, a
-- restricted referral with one that a focal point of its unit arranges (S9).
create function access.why_case_stays(v covers, c cases) returns text stable language sql security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted') and c.supervisor is distinct from v.arranged_by then 'named_supervisor'
    when not exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')
      and not access.user_holds(v.arranged_by, 'cover.arrange', c.unit) then 'not_yours'
    when not (access.may_keep(v.arranged_by, c.unit, c.case_type) and access.fit_for(v.arranged_by, c.id, c.case_type)) then 'not_yours'
    when c.supervisor = v.colleague then 'supervises'
    when not exists (select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = c.unit
      where m.user_id = v.colleague and m.ended_at is null and w.active and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))) then 'out_of_reach'
    when not (access.may_keep(v.colleague, c.unit, c.case_type) and access.fit_for(v.colleague, c.id, c.case_type)) then 'not_permitted'
  end
$$;
create function access.why_referral_stays(v covers, r referrals) returns text stable language sql security definer set search_path = public, pg_temp as $$
  select case
    when exists (select from case_types t where t.id = r.case_type and t.sensitivity = 'restricted')
      and not exists (select from focal_points f where f.unit = r.to_unit and f.user_id = v.arranged_by) then 'focal_point'
    when not exists (select from case_types t where t.id = r.case_type and t.sensitivity = 'restricted')
      and not access.user_holds(v.arranged_by, 'cover.arrange', r.to_unit) then 'not_yours'
    when not access.fit_for(v.arranged_by, r.case_id, r.case_type) then 'not_yours'
    when not access.user_holds(v.colleague, 'referral.answer', r.to_unit) then 'out_of_reach'
    when not access.fit_for(v.colleague, r.case_id, r.case_type) then 'not_permitted'
  end
$$;

create or replace function access.covered_cases(the_cover uuid) returns setof uuid stable language sql security definer set search_path = public, pg_temp as $$
  select c.id from covers v join cases c on c.case_manager = v.worker and c.closed_at is null and c.org = v.org
  where v.id = the_cover and (access.job_org() = v.org or access.me() = v.arranged_by) and access.why_case_stays(v, c) is null
$$;
-- Incoming referrals that the covered worker holds and that still run.
create function access.covered_referrals(the_cover uuid) returns setof uuid stable language sql security definer set search_path = public, pg_temp as $$
  select r.id from covers v join referrals r on r.to_assignee = v.worker and r.to_org = v.org and r.sent
    and r.status in ('requested', 'accepted', 'in_progress', 'on_hold')
  where v.id = the_cover and (access.job_org() = v.org or access.me() = v.arranged_by) and access.why_referral_stays(v, r) is null
$$;
-- What stays with the covered worker, for whoever arranged the cover and as far as they see it; of a cover for good for a month.
create function access.cover_leaves(the_cover uuid, the_moment timestamptz, the_most int)
returns table (case_id uuid, referral_id uuid, code text, why text) stable language sql security definer set search_path = public, pg_temp as $$
  select s.case_id, s.referral_id, s.code, s.why from covers v cross join lateral (
    select c.id as case_id, null::uuid as referral_id, c.code, access.why_case_stays(v, c) as why from cases c
      where c.case_manager = v.worker and c.closed_at is null and c.org = v.org and access.sees_case(c.id)
    union all
    select null, r.id, r.code, access.why_referral_stays(v, r) from referrals r
      where r.to_assignee = v.worker and r.to_org = v.org and r.sent and r.status in ('requested', 'accepted', 'in_progress', 'on_hold') and access.sees_referral(r.id)) s
  where v.id = the_cover and v.arranged_by = access.me() and s.why is not null
    and (v.state = 'running' or (v.ended_why = 'for_good' and v.ended_at > the_moment - interval '30 days'))
  order by s.code limit the_most
$$;

-- One referral goes from one to the other, with its tasks, and both sides' log says so. It runs as its caller.
create function access.pass_referral(the_referral uuid, from_user uuid, to_user uuid, what text, the_moment timestamptz) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at, actor_org)
    select gen_random_uuid(), r.id, what, 'system', r.status, r.status, r.step, the_moment, r.to_org from referrals r where r.id = the_referral;
  update referrals set to_assignee = to_user, version = version + 1 where id = the_referral;
  update tasks set assignee = to_user, version = version + 1 where referral_id = the_referral and side = 'to' and done_at is null and assignee = from_user;
end $$;

drop function access.take_cover(uuid, timestamptz);
create function access.take_cover(the_cover uuid, the_moment timestamptz) returns table (case_id uuid, referral_id uuid) language plpgsql security definer set search_path = public, pg_temp as $$
declare v covers; x uuid; cases_taken int := 0; referrals_taken int := 0; back timestamptz;
begin
  select * into v from covers where id = the_cover for update;
  if not found or v.state = 'ended' then return; end if;
  -- For good nothing is owed back.
  back := case when v.until_on is null then the_moment end;
  for x in select c.id from cases c where c.id in (select access.covered_cases(the_cover)) order by c.id for update loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), x, case when v.until_on is null then 'assigned' else 'covered' end, '', the_moment, v.arranged_by, u.name from users u where u.id = v.arranged_by;
    insert into cover_cases (id, cover_id, case_id, taken_at, returned_at) values (gen_random_uuid(), v.id, x, the_moment, back);
    update cases set case_manager = v.colleague, version = version + 1 where id = x;
    cases_taken := cases_taken + 1;
    case_id := x; referral_id := null;
    return next;
  end loop;
  for x in select r.id from referrals r where r.id in (select access.covered_referrals(the_cover)) order by r.id for update loop
    insert into cover_referrals (id, cover_id, referral_id, org, taken_at, returned_at) values (gen_random_uuid(), v.id, x, v.org, the_moment, back);
    perform access.pass_referral(x, v.worker, v.colleague, 'covered', the_moment);
    referrals_taken := referrals_taken + 1;
    case_id := null; referral_id := x;
    return next;
  end loop;
  if v.state = 'planned' then
    perform access.tell_of_cover(v.id, case when v.until_on is null then 'cover_for_good' else 'cover_started' end, cases_taken, referrals_taken, the_moment);
  end if;
  update covers set state = case when until_on is null then 'ended' else 'running' end, started_at = coalesce(started_at, the_moment),
    ended_at = case when until_on is null then the_moment end, ended_why = case when until_on is null then 'for_good' end where id = the_cover;
end $$;

drop function access.give_back(uuid, text, timestamptz);
-- Gives back what the cover took and the colleague, or nobody, still keeps. It runs as its caller.
create function access.give_back(the_cover uuid, why text, the_moment timestamptz) returns table (case_id uuid, referral_id uuid) language plpgsql set search_path = public, pg_temp as $$
declare v covers; x uuid; cases_back int := 0; referrals_back int := 0;
begin
  select * into strict v from covers where id = the_cover;
  for x in select c.id from cases c join cover_cases k on k.case_id = c.id and k.cover_id = v.id and k.returned_at is null
      where c.closed_at is null and c.org = v.org and coalesce(c.case_manager, v.colleague) = v.colleague
        and access.may_keep(v.worker, c.unit, c.case_type) and access.fit_for(v.worker, c.id, c.case_type) order by c.id for update of c loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), x, 'cover_ended', '', the_moment, null, u.name from users u where u.id = v.colleague;
    update cases set case_manager = v.worker, version = version + 1 where id = x;
    cases_back := cases_back + 1;
    case_id := x; referral_id := null;
    return next;
  end loop;
  for x in select r.id from referrals r join cover_referrals k on k.referral_id = r.id and k.cover_id = v.id and k.returned_at is null
      where r.status in ('requested', 'accepted', 'in_progress', 'on_hold') and r.to_org = v.org and coalesce(r.to_assignee, v.colleague) = v.colleague
        and access.may_answer(v.worker, r.to_unit, r.case_id, r.case_type) order by r.id for update of r loop
    perform access.pass_referral(x, v.colleague, v.worker, 'cover_ended', the_moment);
    referrals_back := referrals_back + 1;
    case_id := null; referral_id := x;
    return next;
  end loop;
  if v.state = 'running' then
    perform access.tell_of_cover(v.id, 'cover_ended', cases_back, referrals_back, the_moment);
  end if;
  update cover_cases k set returned_at = the_moment where k.cover_id = v.id and k.returned_at is null;
  update cover_referrals k set returned_at = the_moment where k.cover_id = v.id and k.returned_at is null;
  update covers set state = 'ended', ended_why = why, ended_at = the_moment, version = version + 1 where id = v.id;
end $$;
drop function access.end_cover(uuid, text, timestamptz);
create function access.end_cover(the_cover uuid, why text, the_moment timestamptz) returns table (case_id uuid, referral_id uuid) language plpgsql security definer set search_path = public, pg_temp as $$
declare v covers;
begin
  select * into v from covers where id = the_cover for update;
  if not found or v.state = 'ended' then return; end if;
  if not coalesce(access.job_org() = v.org or v.arranged_by = access.me() or v.org = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  return query select * from access.give_back(the_cover, why, the_moment);
end $$;
create or replace function access.hand_over(the_user uuid, the_colleague uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare v uuid;
begin
  if not coalesce((select org from users where id = the_user) = any (access.my_orgs_for('admin.users')), false) then raise insufficient_privilege; end if;
  for v in select id from covers where colleague = the_user and state <> 'ended' for update loop
    perform access.give_back(v, 'colleague_left', now());
  end loop;
  update cover_cases set returned_at = now() where returned_at is null and cover_id in (select id from covers where worker = the_user and state <> 'ended');
  update cover_referrals set returned_at = now() where returned_at is null and cover_id in (select id from covers where worker = the_user and state <> 'ended');
  update covers set state = 'ended', ended_why = 'worker_left', ended_at = now() where worker = the_user and state <> 'ended';
  perform access.hand_over_own(the_user, the_colleague);
end $$;

select access.own_functions();
-- Answers about what the caller may not see; only the functions above ask.
revoke all on function access.why_case_stays(covers, cases), access.why_referral_stays(covers, referrals), access.may_answer(uuid, int, uuid, smallint),
  access.covered_cases(uuid), access.covered_referrals(uuid) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
