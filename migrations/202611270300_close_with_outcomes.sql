-- How a case was closed: the reason, what became of each goal of the plan that held, what was talked about, how the person comes back, and who
-- follows the referrals that go on. One row for every closing; opened again, the case keeps them all.
create table case_closures (
  id uuid constraint case_closures_pkey primary key,
  case_id uuid not null constraint case_closures_case_id_fkey references cases (id) on delete cascade,
  reason text not null constraint case_closures_reason_length check (length(reason) <= 60),
  -- The plan that held, its goals, and in the same order what became of each.
  plan_id uuid,
  goals uuid[] not null default '{}' constraint case_closures_goals_bounded check (cardinality(goals) <= 120),
  outcomes text[] not null default '{}' constraint case_closures_outcomes_known check (outcomes <@ array['achieved', 'partly', 'not', 'no_longer_wanted']),
  discussed boolean not null,
  reviewed boolean not null,
  -- How the way back was explained; empty where it was not.
  way_back text not null default '' constraint case_closures_way_back_known check (way_back in ('', 'spoken', 'phone', 'paper', 'through_somebody')),
  -- The person wants a letter about it and can keep it safely.
  letter boolean not null default false,
  -- Who follows the referrals that go on.
  follows uuid constraint case_closures_follows_fkey references users (id),
  -- Explanation, best interests and who considered them, and what was said of each goal: sealed with the case's key.
  sealed bytea,
  author uuid not null constraint case_closures_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint case_closures_plan_id_fkey foreign key (plan_id, case_id) references plans (id, case_id) on delete cascade,
  constraint case_closures_paired check (cardinality(goals) = cardinality(outcomes)),
  constraint case_closures_of_a_plan check (cardinality(goals) = 0 or plan_id is not null)
);
create index case_closures_case_id_idx on case_closures (case_id, recorded_at);
create index case_closures_plan_id_idx on case_closures (plan_id, case_id);
create index case_closures_follows_idx on case_closures (follows);
create index case_closures_author_idx on case_closures (author);
select access.close_case_table('case_closures');
create policy in_ones_own_name on case_closures as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and access.holds('case.close', unit, case_id));

-- For restricted types the other side sees role and organisation, not staff names (S31): a case that went to another organisation names the
-- office of whoever closed it before.
create function access.hide_author() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.org <> old.org and exists (select from case_types t where t.id = new.case_type and t.sensitivity = 'restricted')
    and not exists (select from users u where u.id = new.author and u.org = new.org) then
    new.author_name := access.office_of(new.author);
  end if;
  return new;
end $$;
create trigger hide_author before update on case_closures for each row execute function access.hide_author();

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
