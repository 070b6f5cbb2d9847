-- A calendar on another device says "Appointment" and the time, and nobody can widen that (S13): a phone lies open, and its calendar is copied to servers
-- of others. What is planned on a case of a pack that wants none of its own there is left out: `no_calendar_feed` in the newest version of the pack.
drop function access.calendar_feed(bytea, timestamptz, timestamptz);
create function access.calendar_feed(the_hash bytea, the_from timestamptz, the_to timestamptz)
  returns table (id uuid, starts_at timestamptz, ends_at timestamptz, lang text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select m.id, m.starts_at, m.ends_at, coalesce(u.lang, o.lang)
    from calendar_feeds f join users u on u.id = f.user_id and u.active join organisations o on o.id = u.org
      join meetings m on m.holder = f.user_id join cases c on c.id = m.case_id
    where f.secret_hash = the_hash and m.state = 'planned' and m.starts_at >= the_from and m.starts_at < the_to
      and not exists (select from packs p where p.name = c.pack and p.version = (select max(n.version) from packs n where n.name = c.pack)
        and p.body #>> '{supervision,no_calendar_feed}' = 'true')
      and not exists (select from bars b where b.case_id = m.case_id and b.lifted_at is null and (b.user_id = f.user_id or exists (
        select from memberships s join units n on n.id = s.unit where s.user_id = f.user_id and s.ended_at is null and b.unit = any (n.path))))
    order by m.starts_at limit 500;
  return query select s.id, s.starts_at, s.ends_at, coalesce(u.lang, o.lang)
    from calendar_feeds f join users u on u.id = f.user_id and u.active join organisations o on o.id = u.org
      join supervision_plans s on s.supervisor = f.user_id or s.workers @> array[f.user_id]
    where f.secret_hash = the_hash and s.state = 'planned' and s.starts_at >= the_from and s.starts_at < the_to
    order by s.starts_at limit 100;
end $$;
-- Contract: unused since release 1
alter table calendar_feeds drop column with_codes;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
