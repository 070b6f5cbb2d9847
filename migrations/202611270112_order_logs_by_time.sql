-- A log is read in the order in which things happened. Facts written within the database have ids that say nothing of when, so the order of
-- ids was none.
create or replace function access.who_looked(the_case uuid, the_person uuid, the_before uuid, the_after uuid, the_most int, the_lang text)
returns table (id uuid, at timestamptz, kind text, page text, name text, org_name text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare owner int; restricted boolean := false; named uuid; mark timestamptz;
begin
  if the_case is not null then
    select c.org, t.sensitivity = 'restricted', c.supervisor into owner, restricted, named from cases c join case_types t on t.id = c.case_type where c.id = the_case and access.sees_case(the_case);
  else
    select p.org into owner from persons p where p.id = the_person and access.sees_person(the_person);
  end if;
  if owner is null or not (owner = any (access.my_orgs_for('audit.read')) or coalesce(named = access.me(), false)) then raise no_data_found; end if;
  select f.at into mark from facts f where f.id = coalesce(the_before, the_after);
  -- What concerns a case that the reader does not see is left out (S9, S11).
  return query
    select f.id, f.at, f.kind, f.note ->> 'page', case when restricted and u.org <> owner then access.office_of(u.id) else u.name end,
      coalesce(access.named(o.names, o.name, the_lang), access.named(t.names, t.name, the_lang), nullif(r.to_name, ''))
    from (
      select x.* from facts x
      where (x.case_id = the_case or x.subjects @> array[coalesce(the_case, the_person)]
          or x.referral_id in (select r.id from referrals r where r.case_id = the_case))
        and (the_before is null or (x.at, x.id) < (mark, the_before)) and (the_after is null or (x.at, x.id) > (mark, the_after))
        and (x.case_id is null or x.case_id = the_case or access.sees_case(x.case_id))
      order by case when the_after is null then x.at end desc, case when the_after is null then x.id end desc,
        case when the_after is not null then x.at end, case when the_after is not null then x.id end limit the_most
    ) f
    left join users u on f.actor = 'user:' || u.id left join organisations o on o.id = u.org
    left join answer_links l on f.actor = 'link:' || l.id left join referrals r on r.id = l.referral_id left join organisations t on t.id = r.to_org
    order by f.at desc, f.id desc;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
