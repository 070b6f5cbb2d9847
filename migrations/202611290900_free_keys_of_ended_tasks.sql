-- A closed case ends its tasks, and those that were made under a key kept it: when the case was opened again, what its plan still asks for could not be
-- waited for anew. Whoever ends what stands under a key frees it, also where it ended before.
create or replace function access.end_case_task(the_case uuid, the_key text, the_moment timestamptz) returns table (id uuid, kind text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  update tasks t set once = null where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is not null;
  return query update tasks t set done_at = the_moment, done_by = access.me(), once = null, version = t.version + 1
    where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is null
    returning t.id, t.kind;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
