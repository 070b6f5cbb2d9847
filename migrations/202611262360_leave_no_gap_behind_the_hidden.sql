-- A household whose head the actor does not see would tell by the gap that somebody is hidden (S11): it is not seen either.
create policy head_is_seen on households as restrictive for all to throughcare_web
  using (head_id is null or exists (select from persons p where p.id = head_id));

-- Units that work for hidden services alone are offered to nobody from whom those are hidden (S14), but to their own people.
create function access.my_hidden_units() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(unit), '{}') from (
    select s.unit from services s where s.unit <> all (access.my_units()) group by s.unit
    having not bool_or(s.visibility = 'public' or (s.visibility = 'cleared' and s.cleared_types && access.my_types())
      or exists (select from service_viewers v where v.service_id = s.id and v.user_id = access.me()))) hidden);
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
