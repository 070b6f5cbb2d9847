-- What was filled in on the wrong case is moved to the right one (S28): kept there anew, sealed with that case's key, under the id by which devices
-- know it. A stub without answers stays where it stood; it gives up that id.
alter table submissions drop constraint submissions_state_known;
alter table submissions add constraint submissions_state_known check (state in ('draft', 'complete', 'replaced', 'moved'));
drop index submissions_instance_key;
create unique index submissions_instance_key on submissions (org, instance_id) where state <> 'moved';

create or replace function access.keep_submission() returns trigger language plpgsql as $$
begin
  if old.state = 'draft' and new.state in ('draft', 'complete') then return new; end if;
  if old.state = 'complete' and new.state = 'replaced' and new.answers = old.answers then return new; end if;
  if old.state in ('complete', 'replaced') and new.state = 'moved' and new.answers = ''::bytea then return new; end if;
  raise insufficient_privilege;
end $$;

-- Whoever moves a copy writes it in the name of whoever filled it in, and in the same stroke alone.
create function access.moves_now(the_org int, the_instance text, the_author uuid) returns boolean stable language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  return exists (select from submissions s where s.org = the_org and s.instance_id = the_instance and s.author = the_author and s.state = 'moved'
    and s.xmin = pg_current_xact_id_if_assigned()::xid);
end $$;
alter policy in_ones_own_name on submissions with check (author = (select access.me())
  or exists (select from arrivals a where a.org = submissions.org and a.instance_id = submissions.instance_id and a.author = submissions.author and a.state = 'waiting')
  or access.moves_now(org, instance_id, author));

select access.own_functions();
-- Jobs move nothing.
revoke all on function access.moves_now(int, text, uuid) from throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
