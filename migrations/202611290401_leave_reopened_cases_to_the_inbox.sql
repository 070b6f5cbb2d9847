-- A re-opened case goes on with whoever kept it. Where they left, or may no longer keep it, whoever opens it again leaves it to the inbox of
-- its unit, and needs no right to give cases away for that: nobody gets it by this. The inbox of a unit is nobody for a restricted case (S9), so there
-- somebody takes their place, as where a colleague leaves; and likewise the place of a supervisor who left while the case was closed.

-- Who would keep and supervise a case that is opened again; of a restricted one nobody keeps it only where nobody of the organisation may.
create function access.keepers_again(the_case uuid) returns table (keeper uuid, overseer uuid)
stable rows 1 language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; guarded boolean; nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  select * into c from cases where id = the_case;
  if not found or not access.sees_case(the_case) then raise no_data_found; end if;
  guarded := exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted');
  keeper := case when access.may_keep(c.case_manager, c.unit, c.case_type) and access.fit_for(c.case_manager, c.id, c.case_type) then c.case_manager end;
  overseer := case when access.fit_for(c.supervisor, c.id, c.case_type) then c.supervisor end;
  if guarded and keeper is null then
    keeper := nullif(access.heir(coalesce(c.case_manager, nobody), null, c.id, c.case_type, c.unit), coalesce(c.case_manager, nobody));
  end if;
  if guarded and overseer is null and c.supervisor is not null then
    overseer := nullif(access.heir(c.supervisor, null, c.id, c.case_type, c.unit), c.supervisor);
  end if;
  return next;
end $$;
-- Makes it so.
create function access.keep_again(the_case uuid, the_version int) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; again record;
begin
  select * into c from cases where id = the_case for update;
  if not found or not access.sees_case(the_case) then raise no_data_found; end if;
  select * into again from access.keepers_again(the_case);
  if not access.holds('case.close', c.unit, c.id) or c.closed_at is not null or (again.keeper is null and exists (
      select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')) then
    raise insufficient_privilege;
  end if;
  if c.version <> the_version then raise serialization_failure; end if;
  update cases set case_manager = again.keeper, supervisor = again.overseer, version = version + 1 where id = the_case;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
