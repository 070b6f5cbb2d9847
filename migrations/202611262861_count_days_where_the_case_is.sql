-- The last day of a consent, and an age, are counted on the calendar of the organisation that keeps the case, not on that of Greenwich.
create function access.day_at(the_case uuid, the_moment timestamptz) returns date stable language sql security definer set search_path = public, pg_temp as $$
  select (the_moment at time zone o.time_zone)::date from cases c join organisations o on o.id = c.org where c.id = the_case
$$;
do $$
declare f regprocedure;
begin
  foreach f in array array['access.own_basis(uuid, uuid, int, timestamptz)', 'access.why_member_stays(uuid, uuid, int, timestamptz)',
      'access.transfer_basis(uuid, uuid, timestamptz)', 'access.settle_across(uuid, uuid, uuid, uuid, timestamptz, boolean)']::regprocedure[] loop
    execute replace(pg_get_functiondef(f), 'the_moment::date', 'access.day_at(the_case, the_moment)');
  end loop;
end $$;
select access.own_functions();
-- The functions above ask it of cases that the caller may not see; nobody else does.
revoke all on function access.day_at(uuid, timestamptz) from throughcare_web, throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
