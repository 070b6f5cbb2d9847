-- Browsers that keep forms without a network (S20): each is known by a secret of its own, so that what it keeps can be wiped at its next contact even when
-- nobody is signed in there; and lockdowns, by which an organisation that has to leave ends all its sessions and has all its devices wiped.
create table field_devices (
  id uuid constraint field_devices_pkey primary key,
  org int not null constraint field_devices_org_fkey references organisations (id),
  user_id uuid not null constraint field_devices_user_id_fkey references users (id),
  secret_hash bytea not null constraint field_devices_secret_hash_key unique constraint field_devices_secret_hash_size check (length(secret_hash) = 32),
  made_at timestamptz not null,
  seen_at timestamptz not null,
  -- A lockdown asks for it, and takes it back when it is lifted.
  wipe_asked_at timestamptz,
  -- An administrator asks for it because the device is lost; nothing takes that back.
  lost_at timestamptz,
  wiped_at timestamptz
);
create index field_devices_org_idx on field_devices (org, seen_at desc);
create index field_devices_user_id_idx on field_devices (user_id);
select access.close_table('field_devices');
create policy own_and_of_administrators on field_devices for select to throughcare_web using (
  user_id = (select access.me()) or org = any ((select access.my_orgs_for('admin.users'))::int[]));
grant select, insert on field_devices to throughcare_web;
create policy access_writes on field_devices for update to throughcare_access using (true);
grant update (seen_at, wipe_asked_at, lost_at, wiped_at) on field_devices to throughcare_access;

create table lockdowns (
  id uuid constraint lockdowns_pkey primary key,
  org int not null constraint lockdowns_org_fkey references organisations (id),
  declared_by uuid not null constraint lockdowns_declared_by_fkey references users (id),
  declared_by_name text not null,
  declared_at timestamptz not null,
  lifted_by uuid constraint lockdowns_lifted_by_fkey references users (id),
  lifted_by_name text,
  lifted_at timestamptz,
  constraint lockdowns_lifted_by_somebody check ((lifted_at is null) = (lifted_by is null))
);
create unique index lockdowns_org_key on lockdowns (org) where lifted_at is null;
create index lockdowns_org_idx on lockdowns (org, declared_at desc);
create index lockdowns_declared_by_idx on lockdowns (declared_by);
create index lockdowns_lifted_by_idx on lockdowns (lifted_by);
select access.close_table('lockdowns');
create policy of_administrators on lockdowns for select to throughcare_web using (org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy in_ones_own_name on lockdowns for insert to throughcare_web with check (
  declared_by = (select access.me()) and lifted_at is null and org = any ((select access.my_orgs_for('admin.users'))::int[]));
create policy lifted_in_ones_own_name on lockdowns for update to throughcare_web using (
  lifted_at is null and org = any ((select access.my_orgs_for('admin.users'))::int[])) with check (lifted_by = (select access.me()));
grant select, insert, update (lifted_by, lifted_by_name, lifted_at) on lockdowns to throughcare_web;
-- Whether an organisation is locked down: from its declaration until somebody lifts it.
create function access.is_locked_down(the_org int) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from lockdowns where org = the_org and lifted_at is null)
$$;
-- While it is, no further device begins to keep anything.
create policy in_ones_own_name on field_devices for insert to throughcare_web with check (
  user_id = (select access.me()) and org = any ((select access.my_orgs())::int[]) and wipe_asked_at is null and lost_at is null and wiped_at is null
  and not access.is_locked_down(org));

-- What a device asks, signed in or not: whether what it keeps must go. It must when that was asked for, when it is lost, or when its user works here no more. That it was
-- here is noted.
create function access.field_device_seen(the_hash bytea, at timestamptz) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
  must boolean;
begin
  update field_devices d set seen_at = greatest(d.seen_at, at) from users u where d.secret_hash = the_hash and u.id = d.user_id
    returning d.wipe_asked_at is not null or d.lost_at is not null or not u.active into must;
  return coalesce(must, false);
end $$;

-- A device says that nothing is left on it.
create function access.field_device_wiped(the_hash bytea, at timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update field_devices set wiped_at = coalesce(wiped_at, at) where secret_hash = the_hash
$$;

-- Ends all sessions of an organisation's people and asks its devices to be wiped.
create function access.lock_down(the_org int, at timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_org <> all (access.my_orgs_for('admin.users')) then raise insufficient_privilege; end if;
  update sessions s set ended_at = at from users u where u.id = s.user_id and u.org = the_org and s.ended_at is null;
  update field_devices set wipe_asked_at = at where org = the_org and wiped_at is null and wipe_asked_at is null;
end $$;

-- Asks devices that have not been here since to be wiped no more; lost ones must go all the same.
create function access.lift_lockdown(the_org int, since timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_org <> all (access.my_orgs_for('admin.users')) then raise insufficient_privilege; end if;
  update field_devices set wipe_asked_at = null where org = the_org and wiped_at is null and wipe_asked_at >= since;
end $$;

-- Asks the devices of one person to be wiped, when one is lost or that person must not keep anything any more.
create function access.wipe_devices(the_user uuid, at timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from users where id = the_user and org = any (access.my_orgs_for('admin.users'))) then raise insufficient_privilege; end if;
  update field_devices set lost_at = at where user_id = the_user and wiped_at is null and lost_at is null;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
