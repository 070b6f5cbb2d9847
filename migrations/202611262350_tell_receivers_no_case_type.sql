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
