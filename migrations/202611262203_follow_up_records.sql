-- The day that a record names for the next look or session is a task of its case. One stands at a time for a kind of record; whoever writes
-- the next record may not hold that task themselves. Answers with the task if it was still open.
create function access.end_record_tasks(the_case uuid, the_prefix text, the_kept text, the_due timestamptz, the_moment timestamptz) returns setof uuid
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  return query
    with gone as (select t.id, t.done_at is null as was_open from tasks t where t.case_id = the_case and t.kind = 'record_next' and starts_with(t.once, the_prefix)
        and (t.once is distinct from the_kept or t.due_at is distinct from the_due) for update),
      ended as (update tasks t set done_at = coalesce(t.done_at, the_moment), done_by = coalesce(t.done_by, access.me()), once = null, version = t.version + 1
        from gone where t.id = gone.id)
    select gone.id from gone where gone.was_open;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
