-- Whoever decides on a transfer hears before they agree that a record cannot be moved as things are. Why is for whoever sees the case (S10). Who is to
-- keep and to supervise it is theirs to say, and nothing that stands in their way; of a bar whom it bars hears nothing.
create or replace function access.stands_in_the_way(the_transfer uuid, the_moment timestamptz) returns table (item uuid, code text) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query
    select one.id, case when access.sees_case(one.case_id) then one.why when one.why not in ('not_cleared', 'barred') then 'not_yet' end
    from (select i.id, i.case_id, access.why_stays(i.id, the_moment) as why from transfer_items i
      where i.transfer_id = the_transfer and i.state = 'waiting' and (access.sees_case(i.case_id)
        or exists (select from transfers t where t.id = the_transfer and access.holds('transfer.decide', t.to_unit, null)))) one;
end $$;
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
