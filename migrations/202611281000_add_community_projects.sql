-- Community projects (Italy's PUC): what a host offers and for how many, who of a case was placed in one from a support of their plan, who is exempt,
-- and for how many hours they were there each week. Nothing follows from attendance by itself (S25): no trigger, no job and no figure reads it.

create table projects (
  id uuid constraint projects_pkey primary key,
  org int not null constraint projects_org_fkey references organisations (id),
  -- The unit that keeps it.
  unit int not null constraint projects_unit_fkey references units (id),
  title text not null constraint projects_title_length check (length(title) between 1 and 200),
  -- The organisation or municipality where it takes place; and its unit, where that works in this system and keeps attendance itself.
  host text not null constraint projects_host_length check (length(host) between 1 and 200),
  host_unit int constraint projects_host_unit_fkey references units (id),
  area text not null constraint projects_area_known check (area in ('culture', 'social', 'art', 'environment', 'training', 'common_goods')),
  places smallint not null constraint projects_places_range check (places between 1 and 500),
  weekly_hours smallint not null constraint projects_weekly_hours_range check (weekly_hours between 8 and 16),
  starts_on date not null,
  ends_on date,
  place text not null default '' constraint projects_place_length check (length(place) <= 200),
  -- Who answers for it at the host.
  responsible text not null constraint projects_responsible_length check (length(responsible) between 1 and 200),
  ended_at timestamptz,
  recorded_at timestamptz not null default now(),
  author uuid not null constraint projects_author_fkey references users (id),
  version int not null default 1,
  constraint projects_dates_ordered check (ends_on >= starts_on)
);
create index projects_org_idx on projects (org, starts_on desc);
create index projects_unit_idx on projects (unit);
create index projects_host_unit_idx on projects (host_unit);
create index projects_author_idx on projects (author);
select access.close_table('projects');
-- No person is in it: colleagues know what their organisation offers.
create policy of_ones_organisation on projects for select to throughcare_web using (org = any ((select access.my_orgs())::int[]));
create policy begun_in_ones_own_name on projects for insert to throughcare_web with check (
  org = any ((select access.my_orgs_for('service.edit'))::int[]) and author = (select access.me())
  and exists (select from units u where u.id = projects.unit and u.org = projects.org));
create policy kept_by_the_unit on projects for update to throughcare_web using (org = any ((select access.my_orgs_for('service.edit'))::int[]));
grant select, insert on projects to throughcare_web;
grant update (title, host, host_unit, area, places, weekly_hours, starts_on, ends_on, place, responsible, ended_at, version) on projects to throughcare_web;

-- Who need not take part, and why.
create table project_exemptions (
  id uuid constraint project_exemptions_pkey primary key,
  case_id uuid not null constraint project_exemptions_case_id_fkey references cases (id) on delete cascade,
  person_id uuid not null constraint project_exemptions_person_id_fkey references persons (id),
  reason text not null constraint project_exemptions_reason_known check (reason in ('work', 'small_children', 'disability', 'study')),
  until_on date,
  ended_at timestamptz,
  author uuid not null constraint project_exemptions_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1
);
create index project_exemptions_case_id_idx on project_exemptions (case_id);
create index project_exemptions_person_id_idx on project_exemptions (person_id);
create index project_exemptions_author_idx on project_exemptions (author);
create unique index project_exemptions_live_key on project_exemptions (case_id, person_id, reason) where ended_at is null;
select access.close_case_table('project_exemptions', array['ended_at', 'version']);
create policy in_ones_own_name on project_exemptions as restrictive for insert to throughcare_web with check (author = (select access.me()) and ended_at is null);

-- Somebody's place in a project, taken from a support of their plan.
create table project_placements (
  id uuid constraint project_placements_pkey primary key,
  case_id uuid not null constraint project_placements_case_id_fkey references cases (id) on delete cascade,
  project_id uuid not null constraint project_placements_project_id_fkey references projects (id),
  person_id uuid not null constraint project_placements_person_id_fkey references persons (id),
  plan_line uuid not null constraint project_placements_plan_line_fkey references plan_lines (id),
  -- As agreed with the person.
  weekly_hours smallint not null constraint project_placements_weekly_hours_range check (weekly_hours between 8 and 16),
  -- They are exempt, and take part because they want to.
  own_wish boolean not null default false,
  starts_on date not null,
  left_on date,
  left_reason text constraint project_placements_left_reason_known
    check (left_reason in ('completed', 'found_work', 'own_wish', 'health', 'care', 'moved', 'project_ended', 'not_suitable', 'other', 'case_closed')),
  author uuid not null constraint project_placements_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint project_placements_of_case_key unique (id, case_id),
  -- Whoever leaves before their first day was never there.
  constraint project_placements_left_for_a_reason check ((left_on is null) = (left_reason is null))
);
create index project_placements_case_id_idx on project_placements (case_id);
create index project_placements_project_id_idx on project_placements (project_id);
create index project_placements_person_id_idx on project_placements (person_id);
create index project_placements_plan_line_idx on project_placements (plan_line);
create index project_placements_author_idx on project_placements (author);
-- One at a time for each person of a case.
create unique index project_placements_live_key on project_placements (case_id, person_id) where left_on is null;
select access.close_case_table('project_placements', array['left_on', 'left_reason', 'version']);
create policy in_ones_own_name on project_placements as restrictive for insert to throughcare_web with check (author = (select access.me()) and left_on is null);

-- How many hours somebody was there in a week. Each time it is said is a row of its own; the newest of a week counts, and nothing is overwritten.
create table project_attendance (
  id uuid constraint project_attendance_pkey primary key,
  placement_id uuid not null,
  case_id uuid not null constraint project_attendance_case_id_fkey references cases (id) on delete cascade,
  -- Its Monday.
  week date not null constraint project_attendance_week_begins check (extract(isodow from week) = 1),
  -- The how-manieth time of this week: two who write upon one state collide.
  nth int not null constraint project_attendance_nth_positive check (nth > 0),
  present smallint not null constraint project_attendance_present_range check (present between 0 and 60),
  justified smallint not null constraint project_attendance_justified_range check (justified between 0 and 60),
  unjustified smallint not null constraint project_attendance_unjustified_range check (unjustified between 0 and 60),
  -- Said by the host, not by whoever works on the case.
  by_host boolean not null default false,
  author uuid not null constraint project_attendance_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint project_attendance_placement_id_fkey foreign key (placement_id, case_id) references project_placements (id, case_id) on delete cascade,
  constraint project_attendance_nth_key unique (placement_id, week, nth)
);
create index project_attendance_placement_id_idx on project_attendance (placement_id, case_id);
create index project_attendance_case_id_idx on project_attendance (case_id);
create index project_attendance_author_idx on project_attendance (author);
select access.close_case_table('project_attendance');
create policy in_ones_own_name on project_attendance as restrictive for insert to throughcare_web with check (author = (select access.me()) and not by_host);
-- Jobs neither read nor write it: no machine draws anything from it (S25).
revoke select, insert on project_attendance from throughcare_worker;

-- How many places of a project are taken: by whoever has not left, as long as their case is worked on by the organisation that keeps the project. The
-- figure is the same for every colleague, whichever cases they see.
create function access.places_taken(the_project uuid) returns int stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select count(*)::int from projects p join project_placements l on l.project_id = p.id join cases c on c.id = l.case_id
    where p.id = the_project and p.org = any (access.my_orgs()) and l.left_on is null and c.closed_at is null and c.org = p.org);
end $$;

-- Under the project's lock, so that of two who take the last place at the same moment the second sees the first.
create function access.keep_places() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare the_project projects;
begin
  perform pg_advisory_xact_lock(hashtextextended('project ' || new.project_id::text, 0));
  select * into the_project from projects p where p.id = new.project_id;
  if not found or the_project.org is distinct from new.org then raise no_data_found; end if;
  if the_project.ended_at is not null or new.starts_on < the_project.starts_on or new.starts_on > the_project.ends_on then
    raise check_violation using constraint = 'project_placements_project_runs', message = 'the project does not run on that day';
  end if;
  if (select count(*) from project_placements l join cases c on c.id = l.case_id
      where l.project_id = new.project_id and l.left_on is null and c.closed_at is null and c.org = the_project.org) >= the_project.places then
    raise check_violation using constraint = 'project_placements_place_free', message = 'every place is taken';
  end if;
  return new;
end $$;
-- Its name comes after `copy_case`: by then the row knows its organisation.
create trigger keep_places before insert on project_placements for each row execute function access.keep_places();

-- Whoever has a place leaves it with the case: opened again, it does not come back beside whoever has it by then.
create function access.leave_places_with_case() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update project_placements set left_on = new.closed_at::date, left_reason = 'case_closed', version = version + 1 where case_id = new.id and left_on is null;
  return null;
end $$;
create trigger leave_places after update of closed_at on cases for each row when (old.closed_at is null and new.closed_at is not null)
  execute function access.leave_places_with_case();

-- Places that somebody has are not taken away.
create function access.keep_places_taken() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('project ' || new.id::text, 0));
  if (select count(*) from project_placements l join cases c on c.id = l.case_id
      where l.project_id = new.id and l.left_on is null and c.closed_at is null and c.org = new.org) > new.places then
    raise check_violation using constraint = 'projects_places_taken', message = 'more places are taken';
  end if;
  return new;
end $$;
create trigger keep_places_taken before update of places on projects for each row when (new.places < old.places) execute function access.keep_places_taken();

-- Whether somebody's own consent lets an organisation know that they are placed with it: it names that organisation, and both what the host learns, a name
-- and what the person takes part in. A later refusal overrules it as far as it reaches, as it does where something is sent (S3, S4).
create function access.host_may_know(the_case uuid, the_person uuid, the_org int) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
declare learns constant text[] := array['identity', 'need'];
begin
  return exists (select from consents k where k.case_id = the_case and k.person_id = the_person and k.basis = 'consent' and k.kind in ('consent', 'representative')
    and k.child_assent_of is null and k.only_referral is null and the_org = any (k.to_orgs) and k.sections @> learns
    and k.withdrawn_at is null and k.review_finding is distinct from 'not_justified' and coalesce(k.expires_on >= current_date, true)
    and not exists (select from consents n where n.case_id = the_case and n.person_id = the_person and n.kind = 'refused' and n.withdrawn_at is null
      and (n.given_on, n.recorded_at) > (k.given_on, k.recorded_at)
      and (cardinality(n.to_orgs) + cardinality(n.to_kinds) = 0 or the_org = any (n.to_orgs) or (select o.kind from organisations o where o.id = the_org) = any (n.to_kinds))
      and (cardinality(n.sections) = 0 or n.sections && learns)));
end $$;

-- Placements whose hours the actor may keep for the host: in a project of a unit where they answer referrals, and only as long as the person's own
-- consent that this organisation is told stands. Taken back, it ends at once.
create function access.my_hosted() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select l.id from projects p join units u on u.id = p.host_unit join project_placements l on l.project_id = p.id join cases c on c.id = l.case_id
    join case_types t on t.id = c.case_type
    where access.me() is not null and p.host_unit = any (access.my_units()) and access.holds('referral.answer', p.host_unit, null)
      and c.closed_at is null and c.org = p.org and t.sensitivity = 'standard' and (l.left_on is null or (l.left_on > current_date - 30 and l.left_on >= l.starts_on))
      and not exists (select from bars b where b.case_id = l.case_id and b.lifted_at is null and (b.user_id = access.me() or b.unit = any (u.path)))
      and access.host_may_know(l.case_id, l.person_id, u.org)
    order by l.id limit 500);
end $$;
-- Of each the name of the person and what was agreed, and nothing of the case.
create function access.hosted() returns table (placement uuid, project text, person text, hours smallint, from_on date, until_on date)
stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select l.id, p.title, s.name, l.weekly_hours, l.starts_on, least(l.left_on, p.ends_on)
    from project_placements l join projects p on p.id = l.project_id join persons s on s.id = l.person_id
    where l.id = any (access.my_hosted()) order by p.title, s.name, l.id limit 500;
end $$;
create function access.hosted_weeks(the_placement uuid) returns table (from_day date, number int, hours_present smallint, hours_justified smallint, hours_unjustified smallint,
  said_by_host boolean, said_by text, said_at timestamptz) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query select distinct on (a.week) a.week, a.nth, a.present, a.justified, a.unjustified, a.by_host, case when a.by_host then a.author_name else '' end, a.recorded_at
    from project_attendance a where a.placement_id = the_placement and the_placement = any (access.my_hosted()) order by a.week desc, a.nth desc limit 200;
end $$;
create policy access_adds on project_attendance for insert to throughcare_access with check (true);
grant insert on project_attendance to throughcare_access;
create function access.note_hosted(the_id uuid, the_placement uuid, the_week date, the_nth int, the_present smallint, the_justified smallint, the_unjustified smallint,
  the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not the_placement = any (access.my_hosted()) then raise no_data_found; end if;
  insert into project_attendance (id, placement_id, case_id, week, nth, present, justified, unjustified, by_host, author, author_name, recorded_at)
    select the_id, l.id, l.case_id, the_week, the_nth, the_present, the_justified, the_unjustified, true, u.id, u.name, the_moment
    from project_placements l, users u where l.id = the_placement and u.id = access.me();
end $$;

-- What a host is asked to delete: the consent on which it was told a name was taken back (S4), or the case is to be erased (S29). It outlives place, consent
-- and case, until the host says that no copy is left; nothing stands in it but the project, days, hours, and who asks whom.
create table project_recalls (
  id uuid constraint project_recalls_pkey primary key,
  placement uuid not null,
  consent uuid not null,
  from_org int not null constraint project_recalls_from_org_fkey references organisations (id),
  to_org int not null constraint project_recalls_to_org_fkey references organisations (id),
  -- The host's unit, which finds the task.
  unit int not null constraint project_recalls_unit_fkey references units (id),
  project text not null,
  starts_on date not null,
  weekly_hours smallint not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  deleted_at timestamptz,
  deleted_by uuid constraint project_recalls_deleted_by_fkey references users (id),
  constraint project_recalls_deleted check ((deleted_at is null) = (deleted_by is null))
);
create index project_recalls_from_org_idx on project_recalls (from_org);
create index project_recalls_to_org_idx on project_recalls (to_org, asked_at);
create index project_recalls_unit_idx on project_recalls (unit);
create index project_recalls_deleted_by_idx on project_recalls (deleted_by);
create index project_recalls_consent_idx on project_recalls (consent);
-- Once as long as it is not answered.
create unique index project_recalls_live_key on project_recalls (placement, to_org) where deleted_at is null;
select access.close_table('project_recalls');

-- What the actor's organisation is asked to delete and has not said so of yet, for those who answer referrals and are not barred from the case (S10).
create function access.my_hosting_to_delete() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select r.id from project_recalls r
    where r.deleted_at is null and r.to_org = any (access.my_orgs_for('referral.answer'))
      and not exists (select from project_placements l where l.id = r.placement and l.case_id = any (access.my_bars()))
    order by r.asked_at, r.id limit 1000);
end $$;
create policy asked_or_asking on project_recalls for select to throughcare_web using (id = any ((select access.my_hosting_to_delete())::uuid[])
  or exists (select from consents k where k.id = project_recalls.consent));
create policy jobs_of_the_host on project_recalls for select to throughcare_worker using (to_org = (select access.job_org()));
grant select on project_recalls to throughcare_web, throughcare_worker;
create policy access_adds on project_recalls for insert to throughcare_access with check (true);
create policy access_notes on project_recalls for update to throughcare_access using (true);
grant insert on project_recalls to throughcare_access;
grant update (deleted_at, deleted_by) on project_recalls to throughcare_access;

-- Asks every host that was told a name on this consent, now that nothing else lets it know any more; with no consent named, on any of the case, which is to
-- be erased. Consent that has run out told it all the same, where the place is older. Answers what was not asked for before, and of whom.
create function access.ask_hosts_to_delete(the_case uuid, the_consent uuid, the_moment timestamptz, the_due timestamptz) returns table (the_recall uuid, the_org int)
language plpgsql security definer set search_path = public, pg_temp as $$
declare learns constant text[] := array['identity', 'need'];
begin
  return query insert into project_recalls (id, placement, consent, from_org, to_org, unit, project, starts_on, weekly_hours, asked_at, due_at)
    select distinct on (l.id) gen_random_uuid(), l.id, k.id, p.org, u.org, u.id, p.title, l.starts_on, l.weekly_hours, the_moment, the_due
    from cases c join project_placements l on l.case_id = c.id join projects p on p.id = l.project_id join units u on u.id = p.host_unit
      join consents k on k.case_id = c.id and k.person_id = l.person_id
    where c.id = the_case and (access.sees_case(c.id) or c.org = access.job_org())
      and k.basis = 'consent' and k.kind in ('consent', 'representative') and k.child_assent_of is null and k.only_referral is null
      and u.org = any (k.to_orgs) and k.sections @> learns and coalesce(k.expires_on >= l.recorded_at::date, true)
      and (the_consent is null or (k.id = the_consent and not access.host_may_know(c.id, l.person_id, u.org)))
      and not exists (select from project_recalls r where r.placement = l.id and r.to_org = u.org and (r.deleted_at is null or r.asked_at >= k.recorded_at))
    order by l.id, k.recorded_at desc
    on conflict do nothing returning project_recalls.id, project_recalls.to_org;
end $$;

-- The actor's organisation has no copy left; whoever of it was asked is asked no more.
create function access.hosting_deleted(the_placement uuid, the_moment timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare answered uuid;
begin
  update project_recalls set deleted_at = the_moment, deleted_by = access.me()
    where placement = the_placement and id = any (access.my_hosting_to_delete()) returning id into answered;
  if not found then return false; end if;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1 where done_at is null and once = 'delete_hosted:' || answered;
  return true;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
