-- Name and date of birth of a registered person are changed by two. Whoever registered somebody puts their own slips right within a day, so it is
-- known who that was; no key to users, since nothing is looked up by it.
alter table persons add column registered_by uuid default access.me();
-- What stood when a correction was proposed, to be read beside what would be right.
alter table person_corrections add column was text not null default '' constraint person_corrections_was_length check (length(was) <= 400);

-- Whoever answered what waits for a second person ends its task, wherever that hangs: on a case, or in a unit, that they need not see.
create function access.end_answered(the_row uuid, the_moment timestamptz) returns setof uuid language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from person_correction_answers a where a.correction_id = the_row and a.author = access.me())
    and not exists (select from person_joins j where j.id = the_row and j.decided_by = access.me()) then return; end if;
  return query update tasks t set done_at = the_moment, done_by = access.me(), version = t.version + 1
    where t.once = any (array['check_correction:' || the_row, 'check_join:' || the_row]) and t.done_at is null returning t.id;
end $$;
select access.own_functions();
revoke all on function access.end_answered(uuid, timestamptz) from throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
