-- Phones that fill forms with a collecting app: each has a key of its own, of which the hash is kept, and works as the user who made it.
create table devices (
  id uuid constraint devices_pkey primary key,
  key_hash bytea not null constraint devices_key_hash_key unique,
  user_id uuid not null constraint devices_user_id_fkey references users (id),
  org int not null constraint devices_org_fkey references organisations (id),
  -- Where what it sends and names no case is looked at.
  unit int not null constraint devices_unit_fkey references units (id),
  name text not null constraint devices_name_length check (length(name) between 1 and 100),
  made_at timestamptz not null default now(),
  used_at timestamptz,
  -- An administrator says that it is locked with a PIN and can be wiped from afar: only then it is given forms of protected types.
  vouched_at timestamptz,
  vouched_by uuid constraint devices_vouched_by_fkey references users (id),
  revoked_at timestamptz,
  constraint devices_vouched_by_somebody check ((vouched_at is null) = (vouched_by is null))
);
create index devices_user_id_idx on devices (user_id);
-- A form that is sent twice makes one key.
create unique index devices_name_key on devices (user_id, lower(name)) where revoked_at is null;
create index devices_org_idx on devices (org, made_at desc);
create index devices_unit_idx on devices (unit);
create index devices_vouched_by_idx on devices (vouched_by);
select access.close_table('devices');
-- A key works as its maker, so nobody makes one for somebody else; administrators see and withdraw those of their organisation.
create policy own_devices on devices for select to throughcare_web using (user_id = (select access.me()) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy own_devices_make on devices for insert to throughcare_web with check (
  user_id = (select access.me()) and org = any ((select access.my_orgs())::int[]) and unit = any ((select access.my_units())::int[])
  and vouched_at is null and revoked_at is null);
create policy own_devices_change on devices for update to throughcare_web using (user_id = (select access.me()) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
grant select, insert, update (revoked_at, vouched_at, vouched_by) on devices to throughcare_web;
create policy access_writes on devices for update to throughcare_access using (true);
grant update (used_at) on devices to throughcare_access;

-- Only an administrator vouches, in their own name; what was withdrawn stays so.
create function access.keep_device() returns trigger language plpgsql as $$
begin
  if old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at then raise insufficient_privilege; end if;
  if (new.vouched_at, new.vouched_by) is distinct from (old.vouched_at, old.vouched_by) then
    if new.vouched_by is distinct from access.me() or not new.org = any (access.my_orgs_for('admin.users')) then raise insufficient_privilege; end if;
  end if;
  return new;
end $$;
create trigger devices_keep before update of revoked_at, vouched_at, vouched_by on devices for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_device();

-- Whose phone this key is, if it works: withdrawn by nobody, and used within ninety days. That it was used is written down at most once a minute.
create function access.device(the_hash bytea) returns table (user_id uuid, unit int, vouched boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare d devices;
begin
  select * into d from devices where key_hash = the_hash and revoked_at is null and coalesce(used_at, made_at) > now() - interval '90 days';
  if not found then return; end if;
  if d.used_at is null or d.used_at < now() - interval '1 minute' then
    update devices set used_at = now() where id = d.id;
  end if;
  return query select d.user_id, d.unit, d.vouched_at is not null;
end $$;
-- Whether this was ever a key of ours: a phone with a key that is over is no guess.
create function access.was_device(the_hash bytea) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from devices where key_hash = the_hash)
$$;
-- All that a request needs to know of an active user, after somebody has proved to be them.
create function access.holder(the_user uuid) returns table (user_id uuid, org int, org_name text, name text, lang text, digits text, must_change_password boolean, acts text[], units int[], time_zone text)
stable language sql security definer set search_path = public, pg_temp as $$
  select u.id, u.org, access.named(o.names, o.name, coalesce(u.lang, o.lang)), u.name, coalesce(u.lang, o.lang), u.digits, u.must_change_password, a.acts, a.units, o.time_zone
  from users u join organisations o on o.id = u.org and o.active, access.standing(u.id) a where u.id = the_user and u.active
$$;

-- What was decided on is listed too.
create index arrivals_settled_idx on arrivals (unit, settled_at desc) where state <> 'waiting';
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
