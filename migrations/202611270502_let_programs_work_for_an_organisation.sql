-- A user may be a program of the organisation's: it has memberships like anybody, and so a role and a reach, but no password, and works by
-- tokens that an administrator makes. What it is never changes: no column grant lets anybody turn a person into a program.
alter table users add column is_program boolean not null default false;
create policy program_tokens_make on api_tokens for insert to throughcare_web with check (
  org = any ((select access.my_orgs_for('admin.users'))::int[])
  and exists (select from users u where u.id = api_tokens.user_id and u.org = api_tokens.org and u.is_program and u.active));
