-- Of two requests for the same case that were both approved before either had moved, the second hung: its records followed the case out of the
-- organisation's sight, and the job that should have said why they stay found nothing. Submitted or approved, what came second ends.

-- Fails what requests of this organisation still wait for although the case was handed over meanwhile, for the job that ends them.
create or replace function access.overtake(the_case uuid) returns setof uuid language sql security definer set search_path = public, pg_temp as $$
  update transfer_items i set state = 'failed', reason = 'moved_already' from transfers t, cases c
  where t.id = i.transfer_id and c.id = i.case_id and i.case_id = the_case and i.state = 'waiting' and t.state in ('submitted', 'approved')
    and t.from_org = access.job_org() and (c.org <> t.from_org or c.unit <> i.from_unit)
  returning i.transfer_id
$$;

-- The same for every request of this organisation, so that none hangs whatever became of a job.
create function access.overtake_all() returns setof uuid language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    update transfer_items i set state = 'failed', reason = 'moved_already' from transfers t, cases c
    where t.id = i.transfer_id and c.id = i.case_id and i.state = 'waiting' and t.state in ('submitted', 'approved')
      and t.from_org = access.job_org() and (c.org <> t.from_org or c.unit <> i.from_unit)
    returning i.transfer_id)
  select distinct transfer_id from gone
$$;

-- Whether every record of a transfer had gone with another, for the job that ends it.
create function access.all_overtaken(the_transfer uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(bool_and(i.state = 'failed' and i.reason = 'moved_already') filter (where i.state <> 'left_out'), false)
  from transfer_items i join transfers t on t.id = i.transfer_id
  where i.transfer_id = the_transfer and access.job_org() in (t.from_org, t.to_org)
$$;

select access.own_functions();
revoke all on function access.overtake(uuid), access.overtake_all(), access.all_overtaken(uuid) from throughcare_web;
grant execute on all functions in schema access to throughcare_migrator;
