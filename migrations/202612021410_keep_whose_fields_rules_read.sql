-- The pack as whose fields the names in a rule that was written here were read when it was saved: another pack that is loaded later may call something else
-- by the same name. Null for what speaks of the registry alone, and for what was written before this was kept.
alter table eligibility_rules add column fields_of text;
grant update (fields_of) on eligibility_rules to throughcare_web;
create or replace function access.keep_rule() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (new.text, new.compiled, new.labels, new.tests, new.written_by, new.recorded_at, new.fields_of) is distinct from
    (old.text, old.compiled, old.labels, old.tests, old.written_by, old.recorded_at, old.fields_of) then
    raise exception 'a rule that was in force never changes' using errcode = '42501';
  end if;
  -- As a draft again it could be written over.
  if old.state <> 'draft' and new.state = 'draft' then raise exception 'a rule that was in force is no draft' using errcode = '42501'; end if;
  return new;
end $$;
