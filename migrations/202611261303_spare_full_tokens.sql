-- Only short codes are counted all together: whoever holds a full token is not made to wait because somebody else guesses at codes.
create or replace function access.note_link_try(the_keys bytea[], the_all bytea) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into link_tries (key, tries) select k, 1 from unnest(array_remove(the_keys || the_all, null)) k
  on conflict (key) do update set
    tries = case when link_tries.since < now() - case when link_tries.key = the_all then interval '10 minutes' else interval '1 day' end then 1 else link_tries.tries + 1 end,
    since = case when link_tries.since < now() - case when link_tries.key = the_all then interval '10 minutes' else interval '1 day' end then now() else link_tries.since end,
    last_at = now()
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
