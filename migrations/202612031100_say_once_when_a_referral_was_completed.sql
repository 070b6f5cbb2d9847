-- When a referral was completed: when it ended, or, of one that says no more, when it was sent or written. Null of one that is not completed.
create function access.completed_at(status text, ended_at timestamptz, requested_at timestamptz, recorded_at timestamptz) returns timestamptz
immutable language sql as $$
  select case when status = 'completed' then coalesce(ended_at, requested_at, recorded_at) end
$$;
-- When the person was given what it was for: what they say never came was not given.
create function access.given_at(status text, loop text, ended_at timestamptz, requested_at timestamptz, recorded_at timestamptz) returns timestamptz
immutable language sql as $$
  select case when loop <> 'disputed' then access.completed_at(status, ended_at, requested_at, recorded_at) end
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
grant execute on function access.completed_at(text, timestamptz, timestamptz, timestamptz), access.given_at(text, text, timestamptz, timestamptz, timestamptz)
  to throughcare_web, throughcare_worker, throughcare_access;
