-- A case conference with other organisations (S27): whether the person is asked to come, or why not; who comes, on what ground each section is shared
-- with them, and that they keep it to themselves; and the minutes, one packet for each organisation with what is shared with it and nothing else.
create table conferences (
  meeting_id uuid constraint conferences_pkey primary key constraint conferences_meeting_id_fkey references meetings (id) on delete cascade,
  case_id uuid not null constraint conferences_case_id_fkey references cases (id) on delete cascade,
  person_invited boolean not null,
  not_invited_reason text constraint conferences_reason_length check (length(not_invited_reason) <= 40),
  constraint conferences_why_not check (person_invited = (not_invited_reason is null))
);
create index conferences_case_id_idx on conferences (case_id);
select access.close_case_table('conferences', array['person_invited', 'not_invited_reason']);

create table conference_parties (
  id uuid constraint conference_parties_pkey primary key,
  meeting_id uuid not null constraint conference_parties_meeting_id_fkey references meetings (id) on delete cascade,
  case_id uuid not null constraint conference_parties_case_id_fkey references cases (id) on delete cascade,
  to_org int not null constraint conference_parties_to_org_fkey references organisations (id),
  -- Who comes for it, sealed with the case's key.
  who bytea not null,
  agreed_at timestamptz,
  agreed_how text constraint conference_parties_agreed_how_known check (agreed_how in ('signed', 'said', 'written')),
  removed_at timestamptz,
  author uuid not null constraint conference_parties_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint conference_parties_agreed_somehow check ((agreed_at is null) = (agreed_how is null))
);
create unique index conference_parties_once on conference_parties (meeting_id, to_org) where removed_at is null;
create index conference_parties_meeting_id_idx on conference_parties (meeting_id);
create index conference_parties_case_id_idx on conference_parties (case_id);
create index conference_parties_to_org_idx on conference_parties (to_org);
create index conference_parties_author_idx on conference_parties (author);
select access.close_case_table('conference_parties', array['agreed_at', 'agreed_how', 'removed_at']);
create policy in_ones_own_name on conference_parties as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and agreed_at is null and removed_at is null);

-- One section that is shared with one party, and what it rests on.
create table conference_shares (
  id uuid constraint conference_shares_pkey primary key,
  party_id uuid not null constraint conference_shares_party_id_fkey references conference_parties (id) on delete cascade,
  case_id uuid not null constraint conference_shares_case_id_fkey references cases (id) on delete cascade,
  section text not null constraint conference_shares_section_length check (length(section) <= 60),
  consent_id uuid not null constraint conference_shares_consent_id_fkey references consents (id),
  constraint conference_shares_once unique (party_id, section)
);
create index conference_shares_case_id_idx on conference_shares (case_id);
create index conference_shares_consent_id_idx on conference_shares (consent_id);
select access.close_case_table('conference_shares', array[]::text[]);

create table conference_packets (
  id uuid constraint conference_packets_pkey primary key,
  party_id uuid not null constraint conference_packets_party_id_fkey references conference_parties (id) on delete cascade,
  case_id uuid not null constraint conference_packets_case_id_fkey references cases (id) on delete cascade,
  from_org int not null constraint conference_packets_from_org_fkey references organisations (id),
  to_org int not null constraint conference_packets_to_org_fkey references organisations (id),
  -- What the receiver reads: the code, never a name beside it.
  code text not null,
  pack text not null,
  pack_version int not null,
  held_at timestamptz not null,
  body bytea not null,
  author uuid not null constraint conference_packets_author_fkey references users (id),
  recorded_at timestamptz not null default now(),
  constraint conference_packets_once unique (party_id)
);
create index conference_packets_case_id_idx on conference_packets (case_id);
create index conference_packets_from_org_idx on conference_packets (from_org);
create index conference_packets_to_org_idx on conference_packets (to_org, recorded_at desc);
create index conference_packets_author_idx on conference_packets (author);
select access.close_case_table('conference_packets', array[]::text[]);
create policy in_ones_own_name on conference_packets as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and from_org = org);

-- What each part of a packet rested on when it was shared: another consent, it may be, than the one that stood when its organisation was asked.
create table conference_packet_bases (
  packet_id uuid not null constraint conference_packet_bases_packet_id_fkey references conference_packets (id) on delete cascade,
  section text not null constraint conference_packet_bases_section_length check (length(section) <= 60),
  case_id uuid not null constraint conference_packet_bases_case_id_fkey references cases (id) on delete cascade,
  consent_id uuid not null constraint conference_packet_bases_consent_id_fkey references consents (id),
  constraint conference_packet_bases_pkey primary key (packet_id, section)
);
create index conference_packet_bases_case_id_idx on conference_packet_bases (case_id);
create index conference_packet_bases_consent_id_idx on conference_packet_bases (consent_id);
select access.close_case_table('conference_packet_bases', array[]::text[]);

-- What an organisation is asked to delete, by the id of its packet: the basis was taken back (S4), or the case is to be erased (S29). It outlives both
-- packet and case, until the organisation says that no copy is left; nothing stands in it but a code, days, and who asks whom.
create table conference_recalls (
  id uuid constraint conference_recalls_pkey primary key,
  from_org int not null constraint conference_recalls_from_org_fkey references organisations (id),
  to_org int not null constraint conference_recalls_to_org_fkey references organisations (id),
  case_type smallint not null constraint conference_recalls_case_type_fkey references case_types (id),
  code text not null,
  held_at timestamptz not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  deleted_at timestamptz,
  deleted_by uuid constraint conference_recalls_deleted_by_fkey references users (id),
  constraint conference_recalls_deleted check ((deleted_at is null) = (deleted_by is null))
);
create index conference_recalls_from_org_idx on conference_recalls (from_org);
create index conference_recalls_to_org_idx on conference_recalls (to_org, asked_at);
create index conference_recalls_case_type_idx on conference_recalls (case_type);
create index conference_recalls_deleted_by_idx on conference_recalls (deleted_by);
select access.close_table('conference_recalls');

-- The packets that the actor receives: of their organisation, where they answer referrals, cleared for the type where it is guarded, not barred from
-- the case (S10), and only as long as everything that one rests on still stands and nobody asked for it to be deleted.
create function access.my_conference_packets() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select p.id from conference_packets p join case_types t on t.id = p.case_type
    where p.to_org = any ((select access.my_orgs_for('referral.answer'))::int[])
      and (t.sensitivity = 'standard' or p.case_type = any ((select access.my_types())::smallint[]))
      and p.case_id <> all ((select access.my_bars())::uuid[])
      and exists (select from conference_packet_bases b where b.packet_id = p.id)
      and not exists (select from conference_packet_bases b where b.packet_id = p.id and not access.consent_stands(b.consent_id))
      and not exists (select from conference_recalls r where r.id = p.id)
    order by p.recorded_at desc, p.id limit 1000);
end $$;
create policy receiver_reads on conference_packets for select to throughcare_web using (id = any ((select access.my_conference_packets())::uuid[]));
-- Who reads minutes of a case in an organisation that is asked to confer on it, for the side of the case and for a job of that organisation. Where nobody
-- does, its part goes on paper.
create function access.minutes_readers(the_case uuid, the_org int) returns uuid[]
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_org is distinct from access.job_org() and not access.sees_case(the_case) then return array[]::uuid[]; end if;
  return array(select u.id from users u join cases c on c.id = the_case join case_types t on t.id = c.case_type
    where u.active and exists (select from memberships m join roles r on r.id = m.role
        where m.user_id = u.id and m.org = the_org and m.ended_at is null and 'referral.answer' = any (r.acts))
      and (t.sensitivity = 'standard' or exists (select from memberships m join roles r on r.id = m.role
        where m.user_id = u.id and m.ended_at is null and c.case_type = any (r.cleared)))
      and not exists (select from bars b where b.case_id = c.id and b.lifted_at is null and (b.user_id = u.id or exists (
        select from memberships m join units n on n.id = m.unit where m.user_id = u.id and m.ended_at is null and b.unit = any (n.path))))
    order by u.id limit 200);
end $$;
create function access.minutes_received(the_packets uuid[]) returns table (packet uuid, readers uuid[])
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select p.id, access.minutes_readers(p.case_id, p.to_org) from conference_packets p
    where p.id = any (the_packets) and p.to_org = access.job_org() limit 50;
end $$;
create function access.conference_key(the_packet uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join conference_packets p on p.id = k.owner
  where k.owner = the_packet and k.destroyed_at is null and (access.sees_case(p.case_id) or p.id = any (access.my_conference_packets()))
$$;

-- Consent that is taken back, and another basis that is found not justified (S1), take the key of what rested on it along (S4).
create function access.close_conference_packets() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update keys set wrapped = ''::bytea, destroyed_at = now()
  where destroyed_at is null and owner in (select b.packet_id from conference_packet_bases b where b.consent_id = new.id);
  return null;
end $$;
create trigger consents_close_conference_packets after update of withdrawn_at, review_finding on consents for each row
  when ((old.withdrawn_at is null and new.withdrawn_at is not null)
    or (old.review_finding is distinct from new.review_finding and new.review_finding = 'not_justified'))
  execute function access.close_conference_packets();

-- What the actor's organisation is asked to delete and has not said so of yet, for the same people who could read it.
create function access.my_minutes_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from conference_recalls r join case_types t on t.id = r.case_type
    where r.deleted_at is null and r.to_org = any ((select access.my_orgs_for('referral.answer'))::int[])
      and (t.sensitivity = 'standard' or r.case_type = any ((select access.my_types())::smallint[]))
      and not exists (select from conference_packets p where p.id = r.id and p.case_id = any ((select access.my_bars())::uuid[]))
    order by r.asked_at, r.id limit 1000);
end $$;
create policy asked_or_asking on conference_recalls for select to throughcare_web using (id = any ((select access.my_minutes_to_delete())::uuid[])
  or exists (select from conference_packets p where p.id = conference_recalls.id));
create policy asked_by_its_case on conference_recalls for insert to throughcare_web with check (deleted_at is null and exists (
  select from conference_packets p where p.id = conference_recalls.id and p.from_org = conference_recalls.from_org and p.to_org = conference_recalls.to_org
    and access.sees_case(p.case_id)));
create policy jobs_of_either on conference_recalls for all to throughcare_worker using (to_org = (select access.job_org())
  or exists (select from conference_packets p where p.id = conference_recalls.id));
grant select, insert on conference_recalls to throughcare_web, throughcare_worker;
create policy access_notes on conference_recalls for update to throughcare_access using (true);
grant update (deleted_at, deleted_by) on conference_recalls to throughcare_access;

-- Whatever is to be deleted can't be opened any more, by nobody.
create function access.close_recalled_packet() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update keys set wrapped = ''::bytea, destroyed_at = new.asked_at where destroyed_at is null and owner = new.id;
  return null;
end $$;
create trigger conference_recalls_close_packet after insert on conference_recalls for each row execute function access.close_recalled_packet();

-- The actor's organisation has no copy left; whoever of it was asked is asked no more.
create function access.minutes_deleted(the_packet uuid, the_moment timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare asked int;
begin
  update conference_recalls set deleted_at = the_moment, deleted_by = access.me()
    where id = the_packet and deleted_at is null and id = any (access.my_minutes_to_delete()) returning to_org into asked;
  if not found then return false; end if;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
    where done_at is null and once in (select 'delete_minutes:' || the_packet || ':' || u.id from units u where u.org = asked);
  return true;
end $$;
-- Whoever reads minutes hears that they came, by the code of the case, as long as they may be read.
alter table notifications add column packet_id uuid constraint notifications_packet_id_fkey references conference_packets (id) on delete cascade;
create index notifications_packet_id_idx on notifications (packet_id) where packet_id is not null;
create policy of_minutes on notifications as restrictive for all to throughcare_web
  using (packet_id is null or packet_id = any ((select access.my_conference_packets())::uuid[]));
create or replace view my_notifications with (security_invoker = true) as
select n.id, n.kind, n.recorded_at, n.read_at, coalesce(n.done_at, t.done_at) as done_at, coalesce(nc.id, tc.id) as case_id, coalesce(nr.id, tr.id) as referral_id, t.kind as task,
  t.title as task_title, coalesce(nr.code, tr.code, nc.code, tc.code, h.code, k.code) as code, ct.id as case_type, ct.pack as programme,
  case
    when t.id is not null then t.due_at
    when nr.id is not null and n.org = nr.from_org then nr.next_due_at
    when nr.id is not null and nr.status in ('requested', 'accepted', 'in_progress', 'on_hold') then
      case when nr.next_side = 'to' then nr.next_due_at else nr.due_at end
    when nr.id is null then nc.next_due_at
  end as due_at, h.id as transfer_id, n.cover_id, n.cover_cases, v.until_on as cover_until, n.cover_referrals, n.packet_id
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
-- Whoever calls minutes back leaves a job for the organisation that got them; the job looks again at what it is asked.
alter policy anybody_enqueues on jobs with check (
  ((select access.actor_kind()) in ('user', 'link')
    and kind <> all (array['referral_clocks', 'referral_ring', 'tasks.due', 'directory.sweep', 'directory.check', 'transfer_move', 'digest.round',
      'cases.silence', 'meetings.look', 'covers'])
    and (org = (select access.actor_org()) or kind in ('notify', 'break_glass.review', 'transfer_begin', 'transfer_overtaken', 'conference.recall', 'project.recall')))
  or ((select access.actor_kind()) = 'nobody' and kind = 'answer_code'));
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
