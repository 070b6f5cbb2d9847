-- The list of a reader's notifications walks an index in the order that it shows and stops at the page's last row, however many wait. When one is due
-- and whether its task is done are therefore kept beside it, as its task, its referral or its case says; its order follows from its own columns.
alter table notifications add column due_at timestamptz, add column over_at timestamptz;

-- When a referral is due for one of its sides: the receiver is not shown a deadline that is the sender's alone (S7).
create function access.due_for(the_org int, sender int, status text, next_side text, next_due_at timestamptz, due_at timestamptz) returns timestamptz
immutable language sql as $$
  select case
    when the_org = sender then next_due_at
    when status in ('requested', 'accepted', 'in_progress', 'on_hold') then case when next_side = 'to' then next_due_at else due_at end
  end
$$;
grant execute on function access.due_for(int, int, text, text, timestamptz, timestamptz) to throughcare_access;

-- What it is about waits until it is told, so that a change of its date at the same moment finds the notification too. Whoever changes several
-- notifications holds them in the order of their ids first, as a reader does who marks all of them as read: two who do so don't wait for each other.
create function access.date_told() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.task_id is not null then
    select t.due_at, t.done_at into new.due_at, new.over_at from tasks t where t.id = new.task_id for no key update;
  elsif new.referral_id is not null then
    select access.due_for(new.org, r.from_org, r.status, r.next_side, r.next_due_at, r.due_at) into new.due_at
      from referrals r where r.id = new.referral_id for no key update;
  elsif new.case_id is not null then
    select c.next_due_at into new.due_at from cases c where c.id = new.case_id for no key update;
  end if;
  return new;
end $$;
create function access.date_told_of_task() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from notifications n where n.task_id = new.id order by n.id for no key update;
  update notifications n set due_at = new.due_at, over_at = new.done_at
    where n.task_id = new.id and (n.due_at, n.over_at) is distinct from (new.due_at, new.done_at);
  return null;
end $$;
create function access.date_told_of_referral() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from notifications n where n.referral_id = new.id and n.task_id is null order by n.id for no key update;
  update notifications n set due_at = access.due_for(n.org, new.from_org, new.status, new.next_side, new.next_due_at, new.due_at)
    where n.referral_id = new.id and n.task_id is null
      and n.due_at is distinct from access.due_for(n.org, new.from_org, new.status, new.next_side, new.next_due_at, new.due_at);
  return null;
end $$;
create function access.date_told_of_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from notifications n where n.case_id = new.id and n.referral_id is null and n.task_id is null order by n.id for no key update;
  update notifications n set due_at = new.next_due_at
    where n.case_id = new.id and n.referral_id is null and n.task_id is null and n.due_at is distinct from new.next_due_at;
  return null;
end $$;
create policy access_dates on notifications for update to throughcare_access using (true);
grant update (due_at, over_at) on notifications to throughcare_access;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
create trigger notifications_dated before insert or update of task_id, referral_id, case_id on notifications for each row execute function access.date_told();
create trigger tasks_date_told after update on tasks for each row
  when ((old.due_at, old.done_at) is distinct from (new.due_at, new.done_at)) execute function access.date_told_of_task();
create trigger referrals_date_told after update on referrals for each row
  when ((old.from_org, old.status, old.next_side, old.next_due_at, old.due_at) is distinct from (new.from_org, new.status, new.next_side, new.next_due_at, new.due_at))
  execute function access.date_told_of_referral();
create trigger cases_date_told after update on cases for each row
  when (old.next_due_at is distinct from new.next_due_at) execute function access.date_told_of_case();

-- What was told before. The trigger finds the dates.
create policy migrator_marks on notifications for all to throughcare_migrator using (true);
update notifications set case_id = case_id where task_id is not null or referral_id is not null or case_id is not null;
drop policy migrator_marks on notifications;

-- First what is urgent, then what is due first, then what is never due; among equals the newest. The kinds are those of the group `urgent` (a test
-- compares them). All three grow the same way, so that a page begins behind one key.
alter table notifications
  add column done boolean not null generated always as (done_at is not null or over_at is not null) stored,
  add column stands_at timestamptz not null generated always as (case
    when kind = any (array['break_glass_used', 'break_glass.used', 'case_safety_action_missing', 'case.safety_action_missing', 'worker_threat_logged',
      'worker.threat_logged', 'visit_overdue', 'visit.overdue', 'consent_withdrawn', 'consent.withdrawn', 'packet_deletion_asked', 'packet.deletion_asked',
      'referral_escalated', 'referral.escalated']) then '1970-01-01 00:00:00+00'::timestamptz
    else coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz) end) stored,
  add column newness interval not null generated always as ('2100-01-01 00:00:00+00'::timestamptz - recorded_at) stored;
drop index notifications_open_idx;
drop index notifications_user_id_idx;
create index notifications_order_idx on notifications (user_id, done, stands_at, newness, id);
create index notifications_newest_idx on notifications (user_id, done, recorded_at, id);

-- The reader's own, one row for one matter: of the rings of a referral's deadlines, of the news of a referral and of what was told of one task only
-- the newest stands; somebody's safety, a withdrawal and a missed deadline are matters of their own, which no later news covers up.
create view my_matters with (security_invoker = true) as
select n.id, n.org, n.kind, n.case_id, n.referral_id, n.task_id, n.transfer_id, n.cover_id, n.cover_cases, n.cover_referrals, n.packet_id, n.party_id,
  n.recorded_at, n.read_at, coalesce(n.done_at, n.over_at) as done_at, n.due_at, n.done, n.stands_at, n.newness
from notifications n
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
grant select on my_matters to throughcare_web;
-- The same with what is shown of each.
create or replace view my_notifications with (security_invoker = true) as
select n.id, n.kind, n.recorded_at, n.read_at, n.done_at, coalesce(nc.id, tc.id) as case_id, coalesce(nr.id, tr.id) as referral_id, t.kind as task,
  t.title as task_title, coalesce(nr.code, tr.code, nc.code, tc.code, h.code, k.code, q.case_code) as code, ct.id as case_type, ct.pack as programme,
  n.due_at, h.id as transfer_id, n.cover_id, n.cover_cases, v.until_on as cover_until, n.cover_referrals, n.packet_id, q.was_at as called_off_at
from my_matters n
  left join tasks t on t.id = n.task_id
  left join cases nc on nc.id = n.case_id
  left join cases tc on tc.id = t.case_id
  left join referrals nr on nr.id = n.referral_id
  left join referrals tr on tr.id = t.referral_id
  left join case_types ct on ct.sensitivity <> 'restricted' and ct.id = coalesce(nc.case_type, tc.case_type,
    case when n.org = nr.from_org then nullif(nr.case_type, 0) end, case when n.org = tr.from_org then nullif(tr.case_type, 0) end)
  left join transfers h on h.id = n.transfer_id
  left join covers v on v.id = n.cover_id
  left join conference_packets k on k.id = n.packet_id
  left join lateral access.called_off(n.party_id) q on true;
