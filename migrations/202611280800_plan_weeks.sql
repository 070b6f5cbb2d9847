-- The week of a worker in hours: what they are contracted for, and the blocks that they plan beside their meetings. Words of a block are theirs alone,
-- sealed with a key of their own planner; a supervisor reads how much is set aside and never for what: nobody's self-care is reported.
create table contracted_hours (
  user_id uuid constraint contracted_hours_pkey primary key constraint contracted_hours_user_id_fkey references users (id) on delete cascade,
  org int not null constraint contracted_hours_org_fkey references organisations (id),
  hours smallint not null constraint contracted_hours_of_a_week check (hours between 1 and 80),
  set_by uuid not null constraint contracted_hours_set_by_fkey references users (id),
  set_at timestamptz not null,
  version int not null default 1
);
create index contracted_hours_org_idx on contracted_hours (org);
create index contracted_hours_set_by_idx on contracted_hours (set_by);
select access.close_table('contracted_hours');

-- Whoever works where the actor supervises.
create function access.my_team() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select distinct m.user_id from memberships m
    where m.ended_at is null and m.user_id <> access.me() and m.unit = any ((select access.my_supervised_units())::int[]) limit 5000);
end $$;
create policy known_to_the_team on contracted_hours for select to throughcare_web using (user_id = (select access.me())
  or user_id = any ((select access.my_team())::uuid[]) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy set_from_above on contracted_hours for insert to throughcare_web with check (set_by = (select access.me())
  and (org = any ((select access.my_orgs_for('admin.users'))::int[])
    or (org = any ((select access.my_orgs())::int[]) and user_id = any ((select access.my_team())::uuid[])))
  and exists (select from users u where u.id = contracted_hours.user_id and u.org = contracted_hours.org));
create policy changed_from_above on contracted_hours for update to throughcare_web
  using (org = any ((select access.my_orgs_for('admin.users'))::int[]) or user_id = any ((select access.my_team())::uuid[]))
  with check (set_by = (select access.me()));
grant select, insert on contracted_hours to throughcare_web;
grant update (hours, set_by, set_at, version) on contracted_hours to throughcare_web;

create table week_blocks (
  id uuid constraint week_blocks_pkey primary key,
  user_id uuid not null constraint week_blocks_user_id_fkey references users (id) on delete cascade,
  kind text not null constraint week_blocks_kind_known check (kind in ('networking', 'administration', 'self_care')),
  on_day date not null,
  -- In minutes since midnight, as the worker's clock shows it: a block keeps its hour when clocks change.
  from_minute smallint not null,
  minutes smallint not null,
  weekly boolean not null,
  -- The last day on which a weekly one comes.
  until_day date,
  words bytea not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint week_blocks_within_a_day check (from_minute >= 0 and minutes >= 15 and from_minute + minutes <= 1440),
  constraint week_blocks_until_known check (until_day is null or (weekly and until_day >= on_day))
);
create index week_blocks_user_id_idx on week_blocks (user_id, on_day);
select access.close_table('week_blocks');
create policy ones_own on week_blocks for all to throughcare_web using (user_id = (select access.me())) with check (user_id = (select access.me()));
grant select, insert, delete on week_blocks to throughcare_web;
grant update (kind, on_day, from_minute, minutes, weekly, until_day, words, version) on week_blocks to throughcare_web;

-- The key of one's own planner; nobody is given another's.
create function access.planner_key() returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select wrapped from keys where owner = access.me() and destroyed_at is null
$$;

-- How many minutes of a week are planned, of everybody whom the actor supervises: all that is set aside and planned sessions of supervision without what
-- they are for, and meetings of cases that the actor sees (S11).
create function access.team_week(the_from date, the_start timestamptz, the_end timestamptz)
  returns table (worker uuid, is_visit boolean, minutes int)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select b.user_id, false, sum(b.minutes)::int
    from week_blocks b cross join lateral (select the_from + (((b.on_day - the_from) % 7) + 7) % 7 as day) o
    where b.user_id = any ((select access.my_team())::uuid[]) and o.day >= b.on_day and (b.weekly or o.day = b.on_day)
      and (b.until_day is null or o.day <= b.until_day)
    group by b.user_id;
  return query select w.id, false, (sum(extract(epoch from s.ends_at - s.starts_at)) / 60)::int
    from supervision_plans s cross join lateral unnest(s.workers || s.supervisor) as w (id)
    where (s.workers && (select access.my_team())::uuid[] or s.supervisor = any ((select access.my_team())::uuid[]))
      and s.state <> 'called_off' and s.starts_at >= the_start and s.starts_at < the_end and w.id = any ((select access.my_team())::uuid[])
    group by w.id;
  return query execute format('select holder, true, (sum(extract(epoch from ends_at - starts_at)) / 60)::int from meetings
    where holder = any ((select access.my_team())::uuid[]) and starts_at >= $1 and starts_at < $2 and state <> ''not_held'' and %s group by holder',
    access.case_rule('case_id')) using the_start, the_end;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
