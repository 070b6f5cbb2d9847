-- A meeting that is called off because its case is closed: whoever agreed to be reminded of it by text message is told so in the same way, and whoever
-- reads minutes in an organisation that was asked to a conference finds a notification.

-- When the word that it does not take place is due, and what became of it: posted, or why not.
alter table meetings
  add column off_due_at timestamptz,
  add column off_told_at timestamptz,
  -- The message that did not get through, of which whoever keeps the case was told last: of one of them they are told once.
  add column lost_message uuid,
  add column off_why text constraint meetings_off_why_length check (length(off_why) <= 40),
  add constraint meetings_off_told_of_due check (off_told_at is null or off_due_at is not null),
  add constraint meetings_off_answered check (off_why is null or off_told_at is not null);
create index meetings_off_idx on meetings (org, off_due_at) where off_due_at is not null and off_told_at is null;
grant update (off_due_at, off_told_at, off_why, lost_message) on meetings to throughcare_web, throughcare_worker;

-- May an organisation that was asked to a conference be told that it is off? Of a restricted case nobody is, not by its code (S9, S13); of any other as long
-- as everything that it was asked on stands: what was taken back, refused since, found not justified or has run out lets nothing more out (S1, S4).
create function access.still_asked(the_party uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from conference_parties p join cases c on c.id = p.case_id join case_types t on t.id = c.case_type
    where p.id = the_party and p.removed_at is null and t.sensitivity <> 'restricted'
      and exists (select from conference_shares s where s.party_id = p.id)
      and not exists (select from conference_shares s join consents k on k.id = s.consent_id where s.party_id = p.id
        and (not access.consent_stands(k.id) or k.expires_on < current_date
          or exists (select from consents n where k.basis = 'consent' and n.case_id = k.case_id and n.person_id = k.person_id and n.kind = 'refused'
            and n.withdrawn_at is null and (n.given_on, n.recorded_at) > (k.given_on, k.recorded_at)
            and (cardinality(n.to_orgs) + cardinality(n.to_kinds) = 0 or p.to_org = any (n.to_orgs)
              or (select o.kind from organisations o where o.id = p.to_org) = any (n.to_kinds))
            and (cardinality(n.sections) = 0 or s.section = any (n.sections))))));
end $$;
-- Who hears of it there: whoever reads minutes. Where nobody does, or nobody may be told, somebody tells them in another way.
create function access.called_off_readers(the_party uuid) returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return coalesce((select access.minutes_readers(p.case_id, p.to_org) from conference_parties p where p.id = the_party and access.still_asked(p.id)), '{}');
end $$;
-- Does the actor read of it, for an organisation that was asked?
create function access.reads_called_off(the_party uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from conference_parties p join meetings m on m.id = p.meeting_id join case_types t on t.id = p.case_type
    where p.id = the_party and m.state = 'not_held' and m.reason = 'case_closed' and p.to_org = any (access.my_orgs_for('referral.answer'))
      and (t.sensitivity = 'standard' or p.case_type = any (access.my_types())) and p.case_id <> all (access.my_bars()) and access.still_asked(p.id));
end $$;
-- The conferences that are called off, as organisations that the actor reads minutes for were asked to them.
create function access.my_called_off() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select p.id from conference_parties p join meetings m on m.id = p.meeting_id join case_types t on t.id = p.case_type
    where m.state = 'not_held' and m.reason = 'case_closed' and p.to_org = any (access.my_orgs_for('referral.answer'))
      and (t.sensitivity = 'standard' or p.case_type = any (access.my_types())) and p.case_id <> all (access.my_bars()) and access.still_asked(p.id)
    order by m.starts_at desc, p.id limit 1000);
end $$;
-- Of one of them the code of the case and when it would have been; nothing more.
create function access.called_off(the_party uuid) returns table (case_code text, was_at timestamptz)
stable strict rows 1 language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select c.code, m.starts_at from conference_parties p join meetings m on m.id = p.meeting_id join cases c on c.id = p.case_id
    where p.id = the_party and access.reads_called_off(p.id);
end $$;
-- Who hears of it in the organisation that this job is for.
create function access.parties_called_off(the_parties uuid[]) returns table (party uuid, readers uuid[])
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select p.id, access.called_off_readers(p.id) from conference_parties p join meetings m on m.id = p.meeting_id
    where p.id = any (the_parties) and p.to_org = access.job_org() and m.state = 'not_held' and m.reason = 'case_closed' limit 50;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
-- A part of the functions above; nobody else asks.
revoke execute on function access.still_asked(uuid), access.reads_called_off(uuid) from throughcare_web, throughcare_worker;

alter table notifications add column party_id uuid constraint notifications_party_id_fkey references conference_parties (id) on delete cascade;
create index notifications_party_id_idx on notifications (party_id) where party_id is not null;
create policy of_called_off on notifications as restrictive for all to throughcare_web
  using (party_id is null or party_id = any ((select access.my_called_off())::uuid[]));
create or replace view my_notifications with (security_invoker = true) as
select n.id, n.kind, n.recorded_at, n.read_at, coalesce(n.done_at, t.done_at) as done_at, coalesce(nc.id, tc.id) as case_id, coalesce(nr.id, tr.id) as referral_id, t.kind as task,
  t.title as task_title, coalesce(nr.code, tr.code, nc.code, tc.code, h.code, k.code, q.case_code) as code, ct.id as case_type, ct.pack as programme,
  case
    when t.id is not null then t.due_at
    when nr.id is not null and n.org = nr.from_org then nr.next_due_at
    when nr.id is not null and nr.status in ('requested', 'accepted', 'in_progress', 'on_hold') then
      case when nr.next_side = 'to' then nr.next_due_at else nr.due_at end
    when nr.id is null then nc.next_due_at
  end as due_at, h.id as transfer_id, n.cover_id, n.cover_cases, v.until_on as cover_until, n.cover_referrals, n.packet_id, q.was_at as called_off_at
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
  left join conference_packets k on k.id = n.packet_id
  left join lateral access.called_off(n.party_id) q on true
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
