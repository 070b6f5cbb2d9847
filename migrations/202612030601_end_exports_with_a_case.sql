-- Erasing a case ends the files of answers that may hold its own: they are kept for a day, and a case that is erased is gone at once (S29).
create policy access_ends on form_exports for update to throughcare_access using (true);
grant update (state, reason) on form_exports to throughcare_access;

create or replace function access.empty_case(the_case uuid, the_moment timestamptz) returns text[] language plpgsql security definer set search_path = public, pg_temp as $$
declare c cases; refs uuid[]; named uuid[]; gone uuid[]; papers text[]; home uuid; stands_in uuid;
begin
  select * into strict c from cases where id = the_case for update;
  -- Whoever erases another case of the same household or people, or opens one for them, comes before or afterwards and sees what the other did.
  perform from households where id = c.household_id for update;
  refs := array(select id from referrals where case_id = the_case order by id for update);
  papers := array(
    select file from documents where case_id = the_case
    union all select file from referral_attachments where referral_id = any (refs)
    union all select 'case_files/' || f.id || '.' || ending from case_files f cross join unnest(array['pdf', 'zip']) ending where f.case_id = the_case);
  -- Answers that left as a file go with it, whoever took them: a file may hold those of this case. One that is still being made is not kept.
  with ended as (
    update form_exports x set state = case x.state when 'made' then 'gone' else 'failed' end,
      reason = case x.state when 'made' then x.reason else 'form_export_broken' end
    where x.state in ('waiting', 'made') and x.org = c.org and x.form_id in (select s.form_id from submissions s where s.case_id = the_case)
    returning x.id)
  select papers || coalesce(array_agg('form_exports/' || e.id || '.sealed'), '{}') into papers from ended e;
  -- The household, where no other case is about it.
  home := case when not exists (select from cases x where x.household_id = c.household_id and x.id <> the_case and x.erased_at is null) then c.household_id end;
  named := access.named_on(the_case, refs, home);
  perform from persons where id = any (named) order by id for update;
  gone := access.known_only_here(named, the_case, refs, the_moment);
  perform access.destroy_keys_of(the_case, refs, the_moment);
  perform access.empty_rows(the_case, refs, gone);
  delete from notifications where case_id = the_case or referral_id = any (refs)
    or task_id in (select id from tasks where case_id = the_case or referral_id = any (refs));
  delete from tasks where case_id = the_case or referral_id = any (refs);
  delete from cover_referrals where referral_id = any (refs);
  -- What was placed on it, and what was filled in for it and still waits.
  delete from arrivals where case_id = the_case or meant_for = the_case;
  delete from screening_results where case_id = the_case;
  perform access.clear_tables(array(select name from referral_tables where name <> all (access.tables_kept_for_figures())), 'referral_id', refs);
  perform access.clear_tables(array(select name from case_tables where name <> all (access.tables_kept_for_figures())), 'case_id', array[the_case]);
  update grants set revoked_at = coalesce(revoked_at, the_moment), reason = '' where case_id = the_case;
  -- Why somebody is barred says whom they are related to; a bar that a complaint set by itself has a code.
  update bars set reason = '' where case_id = the_case and reason <> 'subject_of_complaint';
  update transfer_receipts set scope = '{}', desk_scope = '{}', manager = null, supervisor = null where case_id = the_case;
  perform access.forget_people(gone, the_moment);
  -- Whoever of the household is still known keeps it: without the case it is again the registering unit's to see.
  if exists (select from household_members where household_id = home) then home := null; end if;
  -- A case is about somebody; where that is somebody whom another case still knows, from now on about nobody.
  stands_in := case when c.person_id = any (gone) then c.person_id else gen_random_uuid() end;
  if stands_in <> c.person_id then
    insert into persons (id, code, org, unit, name, has_case, erased_at) values (stands_in, 'P-' || stands_in, c.org, c.unit, '', true, the_moment);
    update persons set scope = '{}' where id = stands_in;
  end if;
  update cases set erased_at = the_moment, person_id = stands_in, household_id = home, case_manager = null, supervisor = null, paused_reason = null, next_due_at = null
    where id = the_case;
  update referrals set reason = null, outcome_note = null, draft = null, precaution = null, safe_contact = '', accompaniment_reason = '', outcome_amount = '',
    to_unit = null, to_assignee = null, reviewer = null, look_at = null, next_due_at = null, next_side = null where id = any (refs);
  return papers;
end $$;
