-- Cluster-wide roles, made once and again without harm by `throughcare migrate --roles` (needs a superuser or createrole).
-- migrator owns the tables; access owns the definer functions that policies call and no table; web and worker are what the program
-- runs as: they own nothing and cannot pass row security.
do $$
declare r text;
begin
  foreach r in array array['throughcare_migrator', 'throughcare_access', 'throughcare_web', 'throughcare_worker', 'throughcare_figures'] loop
    if not exists (select from pg_roles where rolname = r) then
      begin
        execute format('create role %I nologin nosuperuser nobypassrls', r);
      exception when duplicate_object or unique_violation then null; -- Another migrate made it at the same moment.
      end;
    end if;
  end loop;
end $$;
alter role throughcare_web login;
alter role throughcare_worker login;
grant throughcare_access, throughcare_figures to throughcare_migrator;
