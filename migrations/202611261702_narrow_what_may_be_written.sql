-- What may be changed of a row once it stands, and in whose name it is written. A log, a note, a move, a message stay as they were written;
-- no row changes whose it is except through a definer function; and nobody writes in the name of somebody else or of the other side.

-- Of a standing row these columns may be changed by whoever may change it at all; none where none are named.
create function access.changes_only(t regclass, columns text[]) returns void language plpgsql as $$
declare r text;
begin
  foreach r in array array['throughcare_web', 'throughcare_worker'] loop
    if has_any_column_privilege(r, t, 'update') then
      execute format('revoke update on %s from %I', t, r);
      if cardinality(columns) > 0 then
        execute format('grant update (%s) on %s to %I', (select string_agg(quote_ident(c), ', ') from unnest(columns) c), t, r);
      end if;
    end if;
  end loop;
end $$;
-- The columns of a table without those that say whose a row is, what it belongs to, who wrote it and when.
create function access.own_columns(t regclass, fixed text[] default '{}') returns text[] stable language sql as $$
  select array_agg(attname::text order by attnum) from pg_attribute
  where attrelid = t and attnum > 0 and not attisdropped and attgenerated = '' and attname::text <> all (fixed || array[
    'id', 'public_id', 'code', 'case_id', 'referral_id', 'root', 'org', 'unit', 'case_type', 'case_manager', 'supervisor', 'scope', 'has_case',
    'from_org', 'from_unit', 'from_scope', 'from_manager', 'from_supervisor', 'to_org', 'to_unit', 'to_scope', 'sent',
    'author', 'author_name', 'recorded_at'])
$$;

-- Tables of a case and of a referral are append-only from now on, unless the columns are named that may change; and what the receiver adds
-- to a referral is the exception.
drop function access.close_case_table(regclass);
create function access.close_case_table(t regclass, changes text[] default '{}') returns void language plpgsql as $$
begin
  execute format('alter table %s add column org int not null, add column unit int not null, add column case_type smallint not null,
    add column case_manager uuid, add column supervisor uuid, add column scope int[] not null', t);
  execute format('create trigger copy_case before insert or update on %s for each row execute function access.copy_case()', t);
  perform access.close_table(t);
  execute format('create policy need_to_know on %s for all to throughcare_web using (%s)', t, access.case_rule('case_id'));
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (org = (select access.job_org()))', t);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  perform access.changes_only(t, changes);
  execute format('grant update on %s to throughcare_access', t);
  insert into case_tables values (t);
end $$;
drop function access.close_referral_table(regclass, text);
create function access.close_referral_table(t regclass, receiver_rule text default 'true', changes text[] default '{}', receiver_adds boolean default false)
returns void language plpgsql as $$
begin
  execute format('alter table %s add column case_id uuid, add column case_type smallint not null, add column from_org int not null, add column from_scope int[] not null,
    add column from_manager uuid, add column from_supervisor uuid, add column to_org int, add column to_unit int, add column to_scope int[] not null,
    add column to_assignee uuid, add column sent boolean not null', t);
  execute format('create trigger copy_referral before insert or update on %s for each row execute function access.copy_referral()', t);
  perform access.close_table(t);
  execute format('create policy both_sides on %s for all to throughcare_web using ((%s) or ((%s) and (%s))) with check ((%s) or (%s and (%s)))', t,
    access.from_rule(), access.to_rule(), receiver_rule, access.from_rule(), receiver_adds, access.to_rule());
  execute format('create policy jobs_of_org on %s for all to throughcare_worker using (from_org = (select access.job_org()) or (sent and to_org = (select access.job_org()) and (%s)))', t, receiver_rule);
  execute format('create policy access_spreads on %s for update to throughcare_access using (true)', t);
  execute format('grant select, insert, update on %s to throughcare_web, throughcare_worker', t);
  perform access.changes_only(t, changes);
  execute format('grant update on %s to throughcare_access', t);
  insert into referral_tables values (t);
end $$;

-- The tables that stand already. The registers are read by name and not as rows: row security shows them to no migrator without an actor.
do $$
declare
  t regclass;
  known jsonb := '{
    "case_people": ["part", "not_safe_to_involve"],
    "case_notes": ["body", "pinned", "moved_at"],
    "case_moves": [],
    "case_records": ["body", "moved_at"],
    "documents": ["withdrawn_at"],
    "not_referred": [],
    "consents": ["second_person", "second_agreed_at", "told", "not_told_reason", "reviewed_by", "reviewed_at", "review_finding", "withdrawn_at",
      "withdrawn_how", "ends_service", "version"],
    "transfer_items": ["state", "reason"],
    "cover_cases": [],
    "referral_people": [],
    "referral_moves": [],
    "referral_messages": [],
    "packets": [],
    "appointments": ["state", "asked_by", "reason"],
    "answer_links": ["revoked_at", "revoked_by"],
    "link_uses": []}';
begin
  for t in select distinct tgrelid::regclass from pg_trigger where tgname in ('copy_case', 'copy_referral') loop
    perform access.changes_only(t, case when known ? t::text then array(select jsonb_array_elements_text(known -> t::text)) else access.own_columns(t, array['to_assignee']) end);
  end loop;
  -- What the receiver reads of a referral it did not write, unless it is one of the three that both sides write.
  for t in select polrelid::regclass from pg_policy where polname = 'both_sides' loop
    if t::text not in ('referral_moves', 'referral_messages', 'appointments') then
      execute format('alter policy both_sides on %s with check (%s)', t, access.from_rule());
    end if;
  end loop;
end $$;
revoke delete on referrals, referral_people, packets from throughcare_web;
-- These are taken away and written anew.
revoke update on person_contacts, person_documents from throughcare_web;
drop policy sender_discards on referrals;

-- Whose a case, a person, a household, a referral or a task is.
select access.changes_only('cases', array['stage', 'paused_reason', 'priority', 'risk', 'risk_set_at', 'safety_action_at', 'last_contact_at',
  'limits_explained_on', 'closed_at', 'close_reason', 'version']);
select access.changes_only('referrals', access.own_columns('referrals', array['kind', 'started_from', 'to_name', 'service_id', 'service_name']));
select access.changes_only('persons', access.own_columns('persons'));
select access.changes_only('households', array['head_id', 'version']);
select access.changes_only('household_members', array['relationship', 'left_on']);
select access.changes_only('tasks', array['assignee', 'title', 'due_at', 'overdue_at', 'remind_at', 'done_at', 'done_by', 'escalated_at', 'version']);
create policy subject_stays on case_people as restrictive for delete to throughcare_web using (part <> 'subject');

-- What was asked for stands as it was sent, whichever side looks at it (DOMAIN 3); moves and supplements say what changed.
create function access.refuse() returns trigger language plpgsql as $$
begin
  raise insufficient_privilege;
end $$;
create trigger referrals_stand before update of need, area, reason, precaution, safe_for_person, safe_for_worker, dont_go_alone, accompaniment,
  accompaniment_reason, emergency_basis, served, instead_of, counter_to on referrals for each row
  when (old.status <> 'draft' and current_user in ('throughcare_web', 'throughcare_worker')
    and (old.need, old.area, old.reason, old.precaution, old.safe_for_person, old.safe_for_worker, old.dont_go_alone, old.accompaniment,
      old.accompaniment_reason, old.emergency_basis, old.served, old.instead_of, old.counter_to) is distinct from
      (new.need, new.area, new.reason, new.precaution, new.safe_for_person, new.safe_for_worker, new.dont_go_alone, new.accompaniment,
      new.accompaniment_reason, new.emergency_basis, new.served, new.instead_of, new.counter_to))
  execute function access.refuse();

-- In one's own name, and for the side that one sees the referral from. An answer link has policies of its own.
do $$
declare side text := format('((side = ''from'' and (%s)) or (side = ''to'' and (%s)))', access.from_rule(), access.to_rule());
begin
  execute format('create policy in_ones_own_name on referral_moves as restrictive for insert to throughcare_web
    with check ((select access.actor_kind()) = ''link'' or (actor_id = (select access.me()) and actor_org = any ((select access.my_orgs())::int[]) and %s))', side);
  execute format('create policy in_ones_own_name on referral_messages as restrictive for insert to throughcare_web
    with check ((select access.actor_kind()) = ''link'' or (author = (select access.me()) and org = any ((select access.my_orgs())::int[]) and %s))', side);
end $$;
create policy in_ones_own_name on case_moves as restrictive for insert to throughcare_web with check (actor_id = (select access.me()));
create policy in_ones_own_name on documents as restrictive for insert to throughcare_web with check (added_by = (select access.me()));
create policy in_ones_own_name on consents as restrictive for insert to throughcare_web with check (recorded_by = (select access.me()));
create policy in_ones_own_name on not_referred as restrictive for insert to throughcare_web with check (recorded_by = (select access.me()));
-- A note that is moved to its right case keeps its author and its times (S28): such a note stands already.
create function access.note_stands(the_author uuid, the_kind text, happened timestamptz, recorded timestamptz) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from case_notes n where n.author = the_author and n.kind = the_kind and n.happened_at = happened and n.recorded_at = recorded
    and access.sees_case(n.case_id))
$$;
create policy in_ones_own_name on case_notes as restrictive for insert to throughcare_web
  with check (author = (select access.me()) or access.note_stands(author, kind, happened_at, recorded_at));

-- Grants are given by who assigns the case, ended by them, and reviewed by the protection officer; they are never prolonged. Lifting a bar
-- takes the right to bar.
drop policy case_seers_write on grants;
create policy assigners_give on grants for insert to throughcare_web with check (basis = 'team' and granted_by = (select access.me())
  and exists (select from cases c where c.id = case_id and c.org = grants.org and access.holds('case.assign', c.unit, c.id)));
drop policy reviewers_write on grants;
revoke update on grants from throughcare_web;
grant update (reviewed_by, reviewed_at, review_finding) on grants to throughcare_access;
create function access.revoke_grant(the_grant uuid, the_case uuid, the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) then raise no_data_found; end if;
  if not exists (select from cases c where c.id = the_case and access.holds('case.assign', c.unit, c.id)) then raise insufficient_privilege; end if;
  update grants set revoked_at = the_moment where id = the_grant and case_id = the_case and revoked_at is null;
  if not found then raise no_data_found; end if;
end $$;
-- Never one's own, and once; not justified ends it at once. Answers with the case, for the audit.
create function access.review_glass(the_grant uuid, the_finding text, the_moment timestamptz) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare g grants;
begin
  select * into g from grants where id = the_grant and basis = 'break_glass' and org = any (access.my_orgs_for('break_glass.review'))
    and case_id <> all (access.my_bars()) for update;
  if not found or g.user_id = access.me() then raise no_data_found; end if;
  if g.reviewed_at is not null then raise serialization_failure; end if;
  update grants set reviewed_by = access.me(), reviewed_at = the_moment, review_finding = the_finding,
    revoked_at = case when the_finding = 'not_justified' then coalesce(revoked_at, the_moment) else revoked_at end where id = the_grant;
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1 where once = 'review_break_glass ' || the_grant and done_at is null;
  return g.case_id;
end $$;
drop function access.end_glass_review(uuid, timestamptz);
alter policy case_seers_write on bars with check (set_by = (select access.me()) and exists (select from cases c where c.id = case_id));
alter policy case_seers_lift on bars using (exists (select from cases c where c.id = case_id and access.holds('bar.set', c.unit, c.id)));

-- Users keep their own preferences; name, address and whether they work here are the administrator's to say, whose organisation it is
-- nobody's.
select access.changes_only('users', access.own_columns('users', array['login', 'must_change_password', 'created_at']));
select access.changes_only('memberships', array['ended_at']);
create function access.keep_users() returns trigger language plpgsql as $$
begin
  if current_user = 'throughcare_web' and old.org <> all (access.my_orgs_for('admin.users'))
    and (new.name, new.email, new.active) is distinct from (old.name, old.email, old.active) then
    raise insufficient_privilege;
  end if;
  return new;
end $$;
create trigger users_keep before update of name, email, active on users for each row execute function access.keep_users();

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
