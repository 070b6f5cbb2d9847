-- A fact says for which organisation its actor works, and a job is left for that organisation: neither is the caller's to choose.

-- The organisation the actor works for: a user's own, a job's, of an answer link the one that gave it.
create function access.actor_org() returns int stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  case access.actor_kind()
    when 'user' then return (select org from users where id = access.me());
    when 'system' then return access.job_org();
    when 'link' then return (select r.from_org from answer_links l join referrals r on r.id = l.referral_id
      where l.id = split_part(current_setting('throughcare.actor', true), ':', 2)::uuid);
    else return null;
  end case;
end $$;

-- Definer functions and the operator say themselves for which organisation they write; nobody else does.
create or replace function access.stamp_fact() returns trigger language plpgsql as $$
begin
  new.actor := coalesce(nullif(current_setting('throughcare.actor', true), ''), 'nobody:');
  new.xid := pg_current_xact_id();
  new.at := now();
  if current_user in ('throughcare_web', 'throughcare_worker') then new.org := access.actor_org(); end if;
  return new;
end $$;

-- What only jobs find out is told by jobs; before anybody is signed in only that they tried is told, and of no case or referral.
alter policy anybody_appends on facts with check (
  kind <> all (array['referral.reminder', 'referral.due', 'referral.escalated', 'case.safety_action_missing', 'task.overdue', 'service.stale'])
  and ((select access.actor_kind()) in ('user', 'link') or (case_id is null and referral_id is null)));

-- People leave jobs for their own organisation. Three kinds are for another one: it is told of what both sides do, it reviews who broke into
-- its case, and its case moves to the side that decided so; each of these jobs looks again at what it is about. What runs by the clock is
-- left by the clock; and before anybody is signed in only a code is asked for, by answer link.
alter policy anybody_enqueues on jobs with check (
  ((select access.actor_kind()) in ('user', 'link')
    and kind <> all (array['referral_clocks', 'referral_ring', 'tasks.due', 'directory.sweep', 'directory.check', 'transfer_move', 'digest.round'])
    and (org = (select access.actor_org()) or kind in ('notify', 'break_glass.review', 'transfer_begin')))
  or ((select access.actor_kind()) = 'nobody' and kind = 'answer_code'));

-- Jobs that were done are deleted after a while.
create index jobs_done_idx on jobs (done_at) where done_at is not null;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
