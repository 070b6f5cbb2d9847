-- What a coordinator weighs when giving out cases: which languages a colleague speaks, and up to which level (I to III) they work alone.
alter table users
  add column languages text[] not null default '{}' constraint users_languages_count check (cardinality(languages) <= 10),
  add column level smallint constraint users_level_known check (level between 1 and 3);

-- How much lies with whom in these units: open cases that the reader sees, by keeper, type and risk. The rule is that of the cases themselves;
-- it is asked here because under row security each of thousands of rows would be asked anew.
create function access.team_load(the_units int[], the_time timestamptz)
  returns table (manager uuid, case_type smallint, pack text, pack_version int, risk text, cases int, overdue int)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query execute format('select case_manager, case_type, pack, pack_version, risk, count(*)::int, count(*) filter (where next_due_at < $2)::int
    from cases where unit = any ($1) and closed_at is null and %s group by 1, 2, 3, 4, 5', access.case_rule('id')) using the_units, the_time;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
