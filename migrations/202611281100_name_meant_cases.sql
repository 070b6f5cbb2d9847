-- A copy that was filled in for a case without a network, by somebody who may not write there any more when it comes back, waits as an
-- arrival that says which case it was meant for. It is guarded as that case is, whatever its form: whoever sees the case sees it, bars and all
-- (S9, S10, S20), and nobody else, not even who brought it. It is no reference: a case that is erased takes it along.
alter table arrivals add column meant_for uuid;
create index arrivals_meant_for_idx on arrivals (meant_for) where meant_for is not null;

-- Of a case of one's own organisation, seen or not: whether it keeps no places and no pictures (S18). Nothing for one that is gone or elsewhere.
create function access.is_guarded(the_case uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select t.sensitivity <> 'standard' from cases c join case_types t on t.id = c.case_type
    where c.id = the_case and c.org = any (access.my_orgs()) and c.erased_at is null);
end $$;

create or replace function access.scope_arrival() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.org := (select org from units where id = new.unit);
  if new.meant_for is not null then
    select c.case_type into new.case_type from cases c where c.id = new.meant_for and c.org = new.org and c.erased_at is null;
    if not found then raise no_data_found; end if;
    -- No token of anybody's opens it.
    new.scope := '{}';
    return new;
  end if;
  new.scope := access.scope_of(new.unit, new.case_type);
  -- Restricted work stays off devices.
  if exists (select from case_types t where t.id = new.case_type and t.sensitivity = 'restricted') then raise insufficient_privilege; end if;
  return new;
end $$;

-- Until what they brought is kept, files and all, whoever brings a copy sees it.
create function access.brings_now(the_arrival uuid) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from arrivals a where a.id = the_arrival and a.author = access.me() and a.xmin = pg_current_xact_id_if_assigned()::xid);
end $$;
alter policy of_ones_unit on arrivals using (
  (meant_for is null and case_type = any ((select access.my_types())::smallint[])
    and (unit = any ((select access.my_units())::int[]) or scope && (select access.my_scope())))
  or (meant_for is not null and (access.sees_case(meant_for) or access.brings_now(id))));
alter policy settled_in_ones_own_name on arrivals using (state = 'waiting' and (
  (meant_for is null and case_type = any ((select access.my_types())::smallint[])
    and (unit = any ((select access.my_units())::int[]) or scope && (select access.my_scope())))
  or (meant_for is not null and (access.sees_case(meant_for) or access.brings_now(id)))));
create or replace function access.arrival_key(the_arrival uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join arrivals a on a.id = k.owner
  where k.owner = the_arrival and k.destroyed_at is null and case when a.meant_for is null
    then a.case_type = any (access.my_types()) and (a.unit = any (access.my_units()) or a.scope && access.my_scope())
    else access.sees_case(a.meant_for) or access.brings_now(a.id) end
$$;

-- Somebody must look at it: whoever keeps its case, whom the one that brings it need not know. After `await_mover`: triggers fire by name.
create function access.give_to_keeper() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.assignee := (select case_manager from cases where id = new.case_id);
  return new;
end $$;
create trigger tasks_keeper before insert on tasks for each row when (new.kind = 'arrival' and new.case_id is not null) execute function access.give_to_keeper();

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
