-- A cover is told once to both: to the colleague who stands in and to whoever is away, when it begins and when it ends. Their cases are
-- not told one by one.
alter table notifications add column cover_id uuid constraint notifications_cover_id_fkey references covers (id);
alter table notifications add column cover_cases int;
create index notifications_cover_id_idx on notifications (cover_id) where cover_id is not null;

-- Runs as its caller, one of the two functions below.
create function access.tell_of_cover(the_cover uuid, the_kind text, the_cases int, the_moment timestamptz) returns void language sql set search_path = public, pg_temp as $$
  insert into notifications (id, user_id, org, kind, cover_id, cover_cases, recorded_at, once)
  select gen_random_uuid(), u.id, u.org, case when u.id = v.worker then the_kind || '_for_you' else the_kind end, v.id, the_cases, the_moment,
    the_kind || ':' || v.id || ':' || u.id
  from covers v join users u on u.id in (v.worker, v.colleague) where v.id = the_cover and u.active and u.id is distinct from access.me()
  on conflict do nothing
$$;
create or replace function access.take_cover(the_cover uuid, the_moment timestamptz) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare v covers; c uuid; n int := 0;
begin
  select * into v from covers where id = the_cover for update;
  if not found or v.state = 'ended' then return; end if;
  for c in select x.id from cases x where x.id in (select access.covered_cases(the_cover)) for update loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c, case when v.until_on is null then 'assigned' else 'covered' end, '', the_moment, v.arranged_by, u.name from users u where u.id = v.arranged_by;
    if v.until_on is not null then
      insert into cover_cases (id, cover_id, case_id, taken_at) values (gen_random_uuid(), v.id, c, the_moment);
    end if;
    update cases set case_manager = v.colleague, version = version + 1 where id = c;
    n := n + 1;
    return next c;
  end loop;
  if v.state = 'planned' then
    perform access.tell_of_cover(v.id, case when v.until_on is null then 'cover_for_good' else 'cover_started' end, n, the_moment);
  end if;
  update covers set state = case when until_on is null then 'ended' else 'running' end, started_at = coalesce(started_at, the_moment),
    ended_at = case when until_on is null then the_moment end, ended_why = case when until_on is null then 'for_good' end where id = the_cover;
end $$;
create or replace function access.give_back(the_cover uuid, why text, the_moment timestamptz) returns setof uuid language plpgsql set search_path = public, pg_temp as $$
declare v covers; c uuid; n int := 0;
begin
  select * into strict v from covers where id = the_cover;
  for c in select x.id from cases x join cover_cases k on k.case_id = x.id and k.cover_id = v.id and k.returned_at is null
      where x.closed_at is null and x.org = v.org and coalesce(x.case_manager, v.colleague) = v.colleague
        and access.may_keep(v.worker, x.unit, x.case_type) and access.fit_for(v.worker, x.id, x.case_type) order by x.id for update of x loop
    insert into case_moves (id, case_id, kind, reason, happened_at, actor_id, actor_name)
      select gen_random_uuid(), c, 'cover_ended', '', the_moment, null, u.name from users u where u.id = v.colleague;
    update cases set case_manager = v.worker, version = version + 1 where id = c;
    n := n + 1;
    return next c;
  end loop;
  if v.state = 'running' then
    perform access.tell_of_cover(v.id, 'cover_ended', n, the_moment);
  end if;
  update cover_cases set returned_at = the_moment where cover_id = v.id and returned_at is null;
  update covers set state = 'ended', ended_why = why, ended_at = the_moment, version = version + 1 where id = v.id;
end $$;
create or replace view my_notifications with (security_invoker = true) as
select n.id, n.kind, n.recorded_at, n.read_at, coalesce(n.done_at, t.done_at) as done_at, coalesce(nc.id, tc.id) as case_id, coalesce(nr.id, tr.id) as referral_id, t.kind as task,
  t.title as task_title, coalesce(nr.code, tr.code, nc.code, tc.code, h.code) as code, ct.id as case_type, ct.pack as programme,
  case
    when t.id is not null then t.due_at
    when nr.id is not null and n.org = nr.from_org then nr.next_due_at
    when nr.id is not null and nr.status in ('requested', 'accepted', 'in_progress', 'on_hold') then
      case when nr.next_side = 'to' then nr.next_due_at else nr.due_at end
    when nr.id is null then nc.next_due_at
  end as due_at, h.id as transfer_id, n.cover_id, n.cover_cases, v.until_on as cover_until
from notifications n
  left join tasks t on t.id = n.task_id
  left join cases nc on nc.id = n.case_id
  left join cases tc on tc.id = t.case_id
  left join referrals nr on nr.id = n.referral_id
  left join referrals tr on tr.id = t.referral_id
  left join case_types ct on ct.id = coalesce(nullif(nr.case_type, 0), nullif(tr.case_type, 0), nc.case_type, tc.case_type)
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

select access.own_functions();
