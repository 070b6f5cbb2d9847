-- Units in which the actor may review referrals, through a membership there or one above.
create function access.my_review_units(most int) returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select distinct u.id from memberships m join roles r on r.id = m.role
      join units u on u.id = m.unit or (r.reach = 'subtree' and u.path @> array[m.unit])
    where m.user_id = access.me() and m.ended_at is null and 'referral.review' = any (r.acts) limit most);
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
