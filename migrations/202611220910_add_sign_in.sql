-- Credentials, sessions and tokens. Only definer functions touch the first two: before an actor exists nothing else answers.

create table credentials (
  user_id uuid constraint credentials_pkey primary key constraint credentials_user_id_fkey references users (id),
  password_hash text not null,
  changed_at timestamptz not null default now()
);

create table sessions (
  id uuid constraint sessions_pkey primary key,
  token_hash bytea not null constraint sessions_token_hash_key unique,
  user_id uuid not null constraint sessions_user_id_fkey references users (id),
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  device text not null default '' constraint sessions_device_length check (length(device) <= 200),
  ended_at timestamptz
);
create index sessions_user_id_idx on sessions (user_id);

-- Tries by login and by address, both as hashes: no list of who tried remains.
create table sign_in_tries (
  key bytea constraint sign_in_tries_pkey primary key,
  failures int not null default 0,
  last_at timestamptz not null default now()
);

create table api_tokens (
  id uuid constraint api_tokens_pkey primary key,
  token_hash bytea not null constraint api_tokens_token_hash_key unique,
  user_id uuid not null constraint api_tokens_user_id_fkey references users (id),
  org int not null constraint api_tokens_org_fkey references organisations (id),
  name text not null constraint api_tokens_name_length check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user_id_idx on api_tokens (user_id);
create index api_tokens_org_idx on api_tokens (org);

select access.close_table(t::regclass) from unnest(array['credentials', 'sessions', 'sign_in_tries', 'api_tokens']) t;
create policy own_sessions on sessions for select to throughcare_web using (user_id = (select access.me()));
create policy own_sessions_end on sessions for update to throughcare_web using (user_id = (select access.me()));
grant select, update (ended_at) on sessions to throughcare_web;
-- A token works as its maker, so nobody makes one for somebody else; administrators see and revoke those of their organisation.
create policy own_tokens on api_tokens for select to throughcare_web using (user_id = (select access.me()) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy own_tokens_make on api_tokens for insert to throughcare_web with check (user_id = (select access.me()) and org = any ((select access.my_orgs_for('token.create'))::int[]));
create policy own_tokens_revoke on api_tokens for update to throughcare_web using (user_id = (select access.me()) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
grant select, insert, update (revoked_at) on api_tokens to throughcare_web;

-- The definer's own writes, narrow by table and column.
create policy access_writes on credentials for all to throughcare_access using (true);
create policy access_writes on sessions for all to throughcare_access using (true);
create policy access_writes on sign_in_tries for all to throughcare_access using (true);
create policy access_writes on api_tokens for update to throughcare_access using (true);
create policy access_writes on users for update to throughcare_access using (true);
grant insert, update on credentials to throughcare_access;
grant insert, update on sessions to throughcare_access;
grant insert, update, delete on sign_in_tries to throughcare_access;
grant update (used_at) on api_tokens to throughcare_access;
grant update (must_change_password) on users to throughcare_access;

create function access.credentials(the_login text) returns table (user_id uuid, password_hash text) stable language sql security definer set search_path = public, pg_temp as $$
  select u.id, c.password_hash from users u join credentials c on c.user_id = u.id where u.login = lower(the_login) and u.active
$$;

create function access.start_session(the_id uuid, the_hash bytea, the_user uuid, the_csrf text, the_device text, lifetime interval) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into sessions (id, token_hash, user_id, csrf, device, expires_at) values (the_id, the_hash, the_user, the_csrf, left(the_device, 200), now() + lifetime)
$$;

-- Who holds this session, with all that a page needs to know of them in one look-up. Marks it seen at most once a minute.
create function access.session(the_hash bytea, idle interval) returns table (session_id uuid, user_id uuid, csrf text, org int, org_name text, name text, lang text, digits text, must_change_password boolean, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare s sessions;
begin
  select * into s from sessions where token_hash = the_hash and ended_at is null and expires_at > now() and seen_at > now() - idle;
  if not found then return; end if;
  if s.seen_at < now() - interval '1 minute' then
    update sessions set seen_at = now() where id = s.id;
  end if;
  return query select s.id, u.id, s.csrf, u.org, o.name, u.name, coalesce(u.lang, o.lang), u.digits, u.must_change_password, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = s.user_id and u.active;
end $$;

-- Every act a user holds through any membership, and their units.
create function access.standing(the_user uuid) returns table (acts text[], units int[]) stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct act) filter (where act is not null), '{}'), coalesce(array_agg(distinct m.unit), '{}')
  from memberships m join roles r on r.id = m.role left join lateral unnest(r.acts) act on true
  where m.user_id = the_user and m.ended_at is null
$$;

create function access.end_session(the_hash bytea) returns void language sql security definer set search_path = public, pg_temp as $$
  update sessions set ended_at = now() where token_hash = the_hash and ended_at is null
$$;
-- All of a user's sessions: the user's own wish, or an administrator's when they deactivate or change a role.
create function access.end_sessions(the_user uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_user is distinct from access.me() and not exists (select from users where id = the_user and org = any (access.my_orgs_for('admin.users'))) then
    raise insufficient_privilege;
  end if;
  update sessions set ended_at = now() where user_id = the_user and ended_at is null;
end $$;

-- All of a user's tokens, when an administrator deactivates them.
grant update (revoked_at) on api_tokens to throughcare_access;
create function access.revoke_tokens(the_user uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_user is distinct from access.me() and not exists (select from users where id = the_user and org = any (access.my_orgs_for('admin.users'))) then
    raise insufficient_privilege;
  end if;
  update api_tokens set revoked_at = now() where user_id = the_user and revoked_at is null;
end $$;

create function access.token(the_hash bytea) returns table (token_id uuid, user_id uuid, org int, org_name text, name text, lang text, digits text, acts text[], units int[], time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare k api_tokens;
begin
  select * into k from api_tokens where token_hash = the_hash and revoked_at is null and expires_at > now();
  if not found then return; end if;
  if k.used_at is null or k.used_at < now() - interval '1 minute' then
    update api_tokens set used_at = now() where id = k.id;
  end if;
  return query select k.id, u.id, u.org, o.name, u.name, coalesce(u.lang, o.lang), u.digits, a.acts, a.units, o.time_zone
    from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = k.user_id and u.active;
end $$;

create function access.set_password(the_user uuid, the_hash text, temporary boolean) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'operator' and the_user is distinct from access.me()
     and not exists (select from users where id = the_user and org = any (access.my_orgs_for('admin.users'))) then
    raise insufficient_privilege;
  end if;
  insert into credentials (user_id, password_hash) values (the_user, the_hash)
  on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = now();
  update users set must_change_password = temporary where id = the_user;
end $$;

-- How long this key (login or address) must still wait: 1 s after the third failure, doubled up to 15 minutes.
create function access.wait_before_try(the_keys bytea[]) returns interval stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(max(last_at + least(interval '15 minutes', interval '1 second' * power(2, least(failures, 20) - 3)) - now()), interval '0')
  from sign_in_tries where key = any (the_keys) and failures >= 3
$$;
create function access.note_failure(the_keys bytea[]) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into sign_in_tries (key, failures) select k, 1 from unnest(the_keys) k
  on conflict (key) do update set failures = case when sign_in_tries.last_at < now() - interval '1 day' then 1 else sign_in_tries.failures + 1 end, last_at = now()
$$;
create function access.forget_failures(the_keys bytea[]) returns void language sql security definer set search_path = public, pg_temp as $$
  delete from sign_in_tries where key = any (the_keys)
$$;

select access.own_functions();
grant execute on function access.set_password(uuid, text, boolean) to throughcare_migrator;
