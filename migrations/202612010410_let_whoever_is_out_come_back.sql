-- Whoever set out on a visit says that they are back, that they need more time or that it was not safe, also once they see its case no more: it was handed
-- on, a colleague covers for them, or they were barred from it (S22). They learn nothing of the case: no row of it opens to them, and no grant is made.

-- Who set out, beside the sealed words that say so too.
alter table meetings add column out_by uuid constraint meetings_out_by_fkey references users (id);
create index meetings_out_by_idx on meetings (out_by) where out_by is not null;
grant update (out_by) on meetings to throughcare_web;
create policy migrator_marks on meetings for all to throughcare_migrator using (true);
create policy migrator_reads on tasks for select to throughcare_migrator using (true);
update meetings m set out_by = coalesce((select t.assignee from tasks t where t.once = 'visit_out:' || m.id and t.done_at is null), m.holder)
  where m.set_out_at is not null and m.back_at is null;
drop policy migrator_marks on meetings;
drop policy migrator_reads on tasks;
-- One sets out oneself, sends nobody else, and takes the place of nobody who is out.
create function access.keep_out_by() returns trigger language plpgsql as $$
begin
  if new.out_by is distinct from old.out_by and (new.out_by is distinct from access.me() or (old.out_by is not null and old.back_at is null)) then
    raise insufficient_privilege;
  end if;
  return new;
end $$;
create trigger keep_out_by before update of out_by on meetings for each row
  when (current_user in ('throughcare_web', 'throughcare_worker')) execute function access.keep_out_by();

-- The visits that the actor is out on, or one that they set out on until a week after they came back, by when it was said what was not safe: when, who is
-- asked about it, and sealed words that the next function opens. The next three end as this one does.
create function access.my_visits(the_meeting uuid)
  returns table (id uuid, case_id uuid, kind text, starts_at timestamptz, ends_at timestamptz, holder uuid, state text, set_out_at timestamptz,
    back_by timestamptz, back_at timestamptz, missed_at timestamptz, version int, words bytea, unit int, supervisor uuid, looks uuid)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select m.id, m.case_id, m.kind, m.starts_at, m.ends_at, m.holder, m.state, m.set_out_at, m.back_by, m.back_at, m.missed_at, m.version, m.words, m.unit,
      coalesce(nullif(m.supervisor, m.case_manager), (select w.id from memberships s join roles r on r.id = s.role join users w on w.id = s.user_id
        where s.unit = m.unit and s.ended_at is null and w.active and not w.is_program and r.supervises and m.case_type = any (r.cleared)
          and w.id is distinct from m.case_manager and access.fit_for(w.id, m.case_id, m.case_type) order by w.name limit 1)),
      (select t.assignee from tasks t where t.case_id = m.case_id and t.once = 'visit_overdue:' || m.id and t.done_at is null)
    from meetings m where m.out_by = access.me()
      and ((m.id = the_meeting and (m.back_at is null or m.back_at > now() - interval '7 days')) or (the_meeting is null and m.back_at is null))
    order by m.back_by, m.id limit 20;
end $$;
-- The key to the words of such a visit, so that what was not safe is kept with them. Nothing else of the case can be read, and so opened with it.
create function access.visit_key(the_meeting uuid) returns bytea stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select k.wrapped from meetings m join keys k on k.owner = m.case_id
    where m.id = the_meeting and m.out_by = access.me() and (m.back_at is null or m.back_at > now() - interval '7 days')
      and k.destroyed_at is null);
end $$;
-- Says by when they are back after all, or that they are; false where somebody was faster. Who says anew by when is looked for anew.
create function access.save_my_visit(the_meeting uuid, the_version int, the_words bytea, the_back_by timestamptz, the_back_at timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update meetings m set words = coalesce(the_words, m.words), back_by = the_back_by, back_at = the_back_at,
    missed_at = case when m.back_by is distinct from the_back_by then null else m.missed_at end, version = m.version + 1
  where m.id = the_meeting and m.version = the_version and m.out_by = access.me()
    and (m.back_at is null or m.back_at > now() - interval '7 days');
  return found;
end $$;
-- Whether a key of a task is about a visit of this case that the actor set out on.
create function access.is_of_my_visit(the_case uuid, the_key text) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from meetings m where m.case_id = the_case and m.out_by = access.me()
    and (m.back_at is null or m.back_at > now() - interval '7 days')
    and the_key = any (array['visit_out:' || m.id, 'visit_overdue:' || m.id, 'visit_not_safe:' || m.id]));
end $$;

create or replace function access.end_case_task(the_case uuid, the_key text, the_moment timestamptz) returns table (id uuid, kind text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) and not access.is_of_my_visit(the_case, the_key) then raise no_data_found; end if;
  update tasks t set once = null where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is not null;
  return query update tasks t set done_at = the_moment, done_by = access.me(), once = null, version = t.version + 1
    where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is null
    returning t.id, t.kind;
end $$;
-- What ended under a key gives it free, and what is open keeps it: nobody's task is done by asking for the same once more.
create function access.free_task_key(the_case uuid, the_key text) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_case(the_case) and not access.is_of_my_visit(the_case, the_key) then raise no_data_found; end if;
  update tasks t set once = null where t.case_id = the_case and t.once = the_key and t.side = 'from' and t.referral_id is null and t.done_at is not null;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;

-- That one is out stands among one's tasks as long as one is, whatever else one may see by now; it says when, and one's own name.
alter policy need_to_know on tasks using (
  (scope && (select access.my_scope())
   or ((assignee = (select access.me()) or supervisor = (select access.me()) or handed_by = (select access.me())) and case_type = any ((select access.my_types())::smallint[]))
   or (side = 'from' and case_id = any ((select access.my_grants())::uuid[]))
   or (side = 'to' and unit = any ((select access.my_focal_units())::int[]) and case_type = any ((select access.my_types())::smallint[])))
  and (case_id is null or case_id <> all ((select access.my_bars())::uuid[]))
  or (kind = 'visit_out' and assignee = (select access.me()) and done_at is null));
