-- A definer function in SQL is planned anew at each call, one in PL/pgSQL once a connection: a case's key took a millisecond to ask for and
-- now takes a tenth. All that answer with one value are turned, as they stand; the words of a rule are still those of the migration that wrote it.
do $$
declare
  f record;
begin
  for f in select p.prosrc, pg_get_functiondef(p.oid) as whole from pg_proc p join pg_language l on l.oid = p.prolang
           where p.pronamespace = 'access'::regnamespace and l.lanname = 'sql' and p.prosecdef and p.provolatile = 's' and not p.proretset loop
    execute regexp_replace(split_part(f.whole, 'AS $function$', 1), '\mLANGUAGE sql\M', 'LANGUAGE plpgsql')
      || format(E'as $b$ #variable_conflict use_column begin return (select x from (%s\n) as found (x) limit 1); end $b$', rtrim(f.prosrc, E' ;\n'));
  end loop;
end $$;
create or replace function access.standing(the_user uuid) returns table (acts text[], units int[])
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select coalesce(array_agg(distinct act) filter (where act is not null), '{}'), coalesce(array_agg(distinct m.unit), '{}')
    from memberships m join roles r on r.id = m.role left join lateral unnest(r.acts) act on true
    where m.user_id = the_user and m.ended_at is null;
end $$;
