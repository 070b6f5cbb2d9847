-- Of two requests for the same case the one that is decided first wins; the other ends, instead of waiting for a case that has gone.

-- Fails what requests of this organisation still wait for although the case was handed over meanwhile, for the job that ends them.
create function access.overtake(the_case uuid) returns setof uuid language sql security definer set search_path = public, pg_temp as $$
  update transfer_items i set state = 'failed', reason = 'moved_already' from transfers t, cases c
  where t.id = i.transfer_id and c.id = i.case_id and i.case_id = the_case and i.state = 'waiting' and t.state = 'submitted'
    and t.from_org = access.job_org() and (c.org <> t.from_org or c.unit <> i.from_unit)
  returning i.transfer_id
$$;

select access.own_functions();
revoke all on function access.overtake(uuid) from throughcare_web;
grant execute on all functions in schema access to throughcare_migrator;
