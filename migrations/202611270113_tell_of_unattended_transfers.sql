-- A request waits for ever where the last who may decide has left. Since when nobody may is kept, so that it is told once.
alter table transfers add column unattended_at timestamptz;
create index transfers_undecided_idx on transfers (to_org) where state = 'submitted';

-- Marks those that wait for the job's organisation, or takes the mark off again; answers with the newly marked. Of restricted cases nothing is
-- told (S11).
create function access.mark_unattended_transfers(the_moment timestamptz) returns table (id uuid, from_org int, to_org int)
language sql security definer set search_path = public, pg_temp as $$
  with standing as (
    select t.id, not exists (
      select from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = t.to_unit
      where m.org = t.to_org and m.ended_at is null and w.active and 'transfer.decide' = any (r.acts)
        and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))
        and not exists (select from transfer_items i where i.transfer_id = t.id and i.state = 'waiting' and i.case_type <> all (r.cleared))) as alone
    from transfers t where t.to_org = access.job_org() and t.state = 'submitted' and t.case_type = 0
  ), changed as (
    update transfers t set unattended_at = case when s.alone then the_moment end
    from standing s where s.id = t.id and s.alone = (t.unattended_at is null)
    returning t.id, t.from_org, t.to_org, t.unattended_at
  )
  select c.id, c.from_org, c.to_org from changed c where c.unattended_at is not null
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;

-- Only the job finds it out.
alter policy anybody_appends on facts with check (
  kind <> all (array['referral.reminder', 'referral.due', 'referral.escalated', 'case.safety_action_missing', 'task.overdue', 'service.stale', 'transfer.unattended'])
  and ((select access.actor_kind()) in ('user', 'link') or (case_id is null and referral_id is null)));
