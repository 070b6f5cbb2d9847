-- A lockdown ends the keys of phones and of programs too: a collecting app can't be told to wipe what it keeps, but it fetches and sends nothing
-- more (S20).
grant update (revoked_at) on devices to throughcare_access;
create or replace function access.lock_down(the_org int, at timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_org <> all (access.my_orgs_for('admin.users')) then raise insufficient_privilege; end if;
  update sessions s set ended_at = at from users u where u.id = s.user_id and u.org = the_org and s.ended_at is null;
  update field_devices set wipe_asked_at = at where org = the_org and wiped_at is null and wipe_asked_at is null;
  update devices set revoked_at = at where org = the_org and revoked_at is null;
  update api_tokens set revoked_at = at where org = the_org and revoked_at is null;
end $$;

-- It lasts until it is lifted: meanwhile only those who may lift it come in by a session, and nobody by a token or a collecting app, even with a
-- password that is right.
create or replace function access.session(the_hash bytea, idle interval) returns table (session_id uuid, user_id uuid, csrf text, org int, org_name text, name text, lang text, digits text, must_change_password boolean, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare s sessions;
begin
  select * into s from sessions where token_hash = the_hash and ended_at is null and expires_at > now() and seen_at > now() - idle;
  if not found then return; end if;
  if s.seen_at < now() - interval '1 minute' then
    update sessions set seen_at = now() where id = s.id;
  end if;
  return query select s.id, u.id, s.csrf, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, u.must_change_password, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = s.user_id and u.active
      and (not access.is_locked_down(u.org) or 'admin.users' = any (a.acts));
end $$;
create or replace function access.token(the_hash bytea) returns table (token_id uuid, user_id uuid, org int, org_name text, name text, lang text, digits text, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare k api_tokens;
begin
  select * into k from api_tokens where token_hash = the_hash and revoked_at is null and expires_at > now();
  if not found then return; end if;
  if k.used_at is null or k.used_at < now() - interval '1 minute' then
    update api_tokens set used_at = now() where id = k.id;
  end if;
  return query select k.id, u.id, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = k.user_id and u.active and not access.is_locked_down(u.org);
end $$;
create or replace function access.holder(the_user uuid) returns table (user_id uuid, org int, org_name text, name text, lang text, digits text, must_change_password boolean, acts text[], units int[], time_zone text)
stable language sql security definer set search_path = public, pg_temp as $$
  select u.id, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, u.must_change_password, a.acts, a.units, o.time_zone
  from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = the_user and u.active
    and not access.is_locked_down(u.org)
$$;
-- Whether this user may sign in now.
create function access.may_come_in(the_user uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select not access.is_locked_down(u.org) or 'admin.users' = any (a.acts) from users u, access.standing(u.id) a where u.id = the_user
$$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
