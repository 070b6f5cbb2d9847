-- A re-opened case goes on with whoever kept it. Where they left, or may no longer keep it, whoever opens it again leaves it to the inbox of
-- its unit, and needs no right to give cases away for that: nobody gets it by this.
create function access.leave_in_inbox(the_case uuid, the_version int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases;
begin
  select * into c from cases where id = the_case for update;
  if not found or not access.sees_case(the_case) then raise no_data_found; end if;
  if not access.holds('case.close', c.unit, c.id) or c.closed_at is not null or c.case_manager is null
    or (access.may_keep(c.case_manager, c.unit, c.case_type) and access.fit_for(c.case_manager, c.id, c.case_type)) then
    raise insufficient_privilege;
  end if;
  if c.version <> the_version then raise serialization_failure; end if;
  update cases set case_manager = null, version = version + 1 where id = the_case;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
