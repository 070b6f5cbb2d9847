-- The loop's figures tell the days of each step: beside the first answer and the service also taking on and the person's word.
alter table loop_figures
  add column days_to_accept_median double precision,
  add column days_to_accept_p90 double precision,
  add column days_to_verify_median double precision,
  add column days_to_verify_p90 double precision;

drop function access.referral_dates(int);
create function access.referral_dates(the_org int) returns table (
  kind text, status text, loop text, requested_at timestamptz, acknowledged_at timestamptz, decided_at timestamptz, ended_at timestamptz,
  loop_closed_at timestamptz, due_at timestamptz, no_longer_wanted boolean, need text, to_org int, area text, sensitivity text)
stable language sql security definer set search_path = public, pg_temp as $$
  select r.kind, r.status, r.loop, r.requested_at, r.acknowledged_at, r.decided_at, r.ended_at, r.loop_closed_at, r.due_at,
    r.person_declined or r.withdrawn_at is not null, r.need, r.to_org, r.area, coalesce(t.sensitivity, 'standard')
  from referrals r left join case_types t on t.id = r.case_type
  where access.actor_kind() = 'system' and (the_org is null or r.from_org = the_org) and the_org is not distinct from access.job_org()
    and r.requested_at > now() - interval '13 months' and coalesce(t.sensitivity, 'standard') <> 'restricted'
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
