-- A record is written in one's own name; one that is moved to where it belongs keeps its author and its times (S28): such a record stands
-- already. Of a standing row nothing changes but that its words leave when it is moved.
create function access.record_stands(the_author uuid, the_kind text, happened timestamptz, recorded timestamptz) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from case_records r where r.author = the_author and r.kind = the_kind and r.happened_at = happened and r.recorded_at = recorded
      and access.sees_case(r.case_id))
    or exists (select from person_records r where r.author = the_author and r.kind = the_kind and r.happened_at = happened and r.recorded_at = recorded
      and r.org = any (access.my_orgs()) and access.sees_person(r.person_id))
$$;
create policy in_ones_own_name on case_records as restrictive for insert to throughcare_web
  with check (author = (select access.me()) or access.record_stands(author, kind, happened_at, recorded_at));
create policy in_ones_own_name on person_records as restrictive for insert to throughcare_web
  with check (author = (select access.me()) or access.record_stands(author, kind, happened_at, recorded_at));
revoke update on case_records, person_records from throughcare_web;
grant update (body, moved_at) on case_records, person_records to throughcare_web;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
