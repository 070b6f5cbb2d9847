-- A lockdown ends the keys of phones too: a collecting app can't be told to wipe what it keeps, but it fetches and sends nothing more (S20).
grant update (revoked_at) on devices to throughcare_access;
create or replace function access.lock_down(the_org int, at timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if the_org <> all (access.my_orgs_for('admin.users')) then raise insufficient_privilege; end if;
  update sessions s set ended_at = at from users u where u.id = s.user_id and u.org = the_org and s.ended_at is null;
  update field_devices set wipe_asked_at = at where org = the_org and wiped_at is null and wipe_asked_at is null;
  update devices set revoked_at = at where org = the_org and revoked_at is null;
end $$;
