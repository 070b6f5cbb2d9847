-- A conference with others is networking, which is told to nobody: a supervisor sees the hours of interviews and visits alone.
create or replace function access.team_visits(the_start timestamptz, the_end timestamptz) returns table (worker uuid, minutes int)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query execute format('select holder, (sum(extract(epoch from ends_at - starts_at)) / 60)::int from meetings
    where holder = any ((select access.my_team())::uuid[]) and starts_at >= $1 and starts_at < $2 and state <> ''not_held'' and kind <> ''conference''
      and %s group by holder',
    access.case_rule('case_id')) using the_start, the_end;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
