-- A proposal to join two records that nobody answered for a month is over: whoever was asked need not look any more, and whoever proposed it is told.
create function access.lapse_join(the_join uuid, the_moment timestamptz) returns table (proposer uuid, in_unit int, of_code text, ended uuid[])
language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; looks uuid[];
begin
  select * into j from person_joins where id = the_join for update;
  if not found or j.org is distinct from access.job_org() or j.state <> 'proposed' or j.proposed_at > the_moment - interval '30 days' then return; end if;
  update person_joins set state = 'returned', version = person_joins.version + 1 where id = the_join;
  with gone as (
    update tasks t set done_at = the_moment, version = t.version + 1 where t.once = 'check_join:' || the_join and t.done_at is null returning t.id)
  select coalesce(array_agg(gone.id), '{}') into looks from gone;
  return query select (select u.id from users u where u.id = j.proposed_by and u.active and u.org = j.org), p.unit, p.code, looks from persons p where p.id = j.stays;
end $$;
-- What was proposed before is over by then too: its job is left here, as `people.join_lapse` is left with each proposal from now on.
create policy migrator_reads on person_joins for select to throughcare_migrator using (true);
create policy migrator_leaves on jobs for insert to throughcare_migrator with check (true);
insert into jobs (id, kind, org, body, run_at, once)
  select gen_random_uuid(), 'people.join_lapse', org, jsonb_build_object('join', id), proposed_at + interval '30 days 1 hour', 'people.join_lapse:' || id
  from person_joins where state = 'proposed';
drop policy migrator_reads on person_joins;
drop policy migrator_leaves on jobs;
select access.own_functions();
revoke all on function access.lapse_join(uuid, timestamptz) from throughcare_web;
grant execute on all functions in schema access to throughcare_migrator;
