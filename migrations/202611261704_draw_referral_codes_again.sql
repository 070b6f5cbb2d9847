-- Whether some referral has this code, seen or not: asked of a code that was just drawn, so that one that is taken is drawn again.
create function access.referral_code_taken(the_code text) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from referrals where code = the_code)
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
