-- With whom somebody would rather speak: a woman or a man, as case worker and as interpreter (S25). Nothing stands here where they have no preference or
-- were not asked.
alter table persons
  add column worker_sex text constraint persons_worker_sex_known check (worker_sex in ('woman', 'man')),
  add column interpreter_sex text constraint persons_interpreter_sex_known check (interpreter_sex in ('woman', 'man'));
grant update (worker_sex, interpreter_sex) on persons to throughcare_web, throughcare_worker;
alter table person_joins drop constraint person_joins_chosen_known;
alter table person_joins add constraint person_joins_chosen_known check (chosen <@ array['name', 'name_latin', 'sex', 'gender', 'born_on', 'languages',
  'worker_sex', 'interpreter_sex', 'difficulties', 'place', 'address', 'household']);

-- What may be edited of a person, as it stands in this row.
create or replace function access.put_particulars(p persons) returns void language sql security definer set search_path = public, pg_temp as $$
  update persons set name = p.name, name_latin = p.name_latin, sex = p.sex, gender = p.gender, born_on = p.born_on, born_estimated = p.born_estimated,
    languages = p.languages, disability = p.disability, admin1 = p.admin1, admin2 = p.admin2, admin3 = p.admin3, address = p.address,
    address_confidential = p.address_confidential, phone_confidential = p.phone_confidential, household_confidential = p.household_confidential,
    dont_go_alone = p.dont_go_alone, contact_restriction = p.contact_restriction, worker_sex = p.worker_sex, interpreter_sex = p.interpreter_sex, died_on = p.died_on, version = version + 1 where id = p.id
$$;

-- The record that stays takes what was chosen. What one of the two keeps confidential stays so, and so does every warning.
create or replace function access.take_particulars(the_join uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare j person_joins; s persons; g persons; n persons;
begin
  select * into strict j from person_joins where id = the_join;
  select * into strict s from persons where id = j.stays;
  select * into strict g from persons where id = j.goes;
  n := s;
  if 'name' = any (j.chosen) then n.name := g.name; end if;
  if 'name_latin' = any (j.chosen) then n.name_latin := g.name_latin; end if;
  if 'sex' = any (j.chosen) then n.sex := g.sex; end if;
  if 'gender' = any (j.chosen) then n.gender := g.gender; end if;
  if 'born_on' = any (j.chosen) then n.born_on := g.born_on; n.born_estimated := g.born_estimated; end if;
  if 'languages' = any (j.chosen) then n.languages := g.languages; end if;
  if 'worker_sex' = any (j.chosen) then n.worker_sex := g.worker_sex; end if;
  if 'interpreter_sex' = any (j.chosen) then n.interpreter_sex := g.interpreter_sex; end if;
  if 'difficulties' = any (j.chosen) then n.disability := g.disability; end if;
  if 'place' = any (j.chosen) then n.admin1 := g.admin1; n.admin2 := g.admin2; n.admin3 := g.admin3; end if;
  if 'address' = any (j.chosen) then n.address := g.address; end if;
  -- Nobody chooses between these: while anything stands here no message leaves by itself (S6).
  if btrim(s.contact_restriction) = '' then
    n.contact_restriction := g.contact_restriction;
  elsif btrim(g.contact_restriction) not in ('', btrim(s.contact_restriction)) then
    n.contact_restriction := btrim(s.contact_restriction) || ' · ' || btrim(g.contact_restriction);
  end if;
  n.address_confidential := s.address_confidential or g.address_confidential;
  n.phone_confidential := s.phone_confidential or g.phone_confidential;
  n.household_confidential := s.household_confidential or g.household_confidential;
  n.dont_go_alone := s.dont_go_alone or g.dont_go_alone;
  n.died_on := coalesce(s.died_on, g.died_on);
  update person_joins set
    overwritten = (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(to_jsonb(s)) e where e.value is distinct from to_jsonb(n) -> e.key),
    taken = (select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(to_jsonb(n)) e where e.value is distinct from to_jsonb(s) -> e.key)
    where id = the_join;
  perform access.put_particulars(n);
end $$;

-- Who is forgotten takes along the records that were joined into theirs, and what was said of them beside others (S29).
create or replace function access.forget_people(the_people uuid[], the_moment timestamptz) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare gone uuid[];
begin
  with recursive named as (
    select unnest(the_people) as person
    union select j.goes from named n join person_joins j on j.stays = n.person and j.state = 'joined')
  select coalesce(array_agg(person), '{}') into gone from named;
  delete from person_join_rows where join_id in (select id from person_joins where stays = any (gone) or goes = any (gone));
  delete from person_joins where stays = any (gone) or goes = any (gone);
  delete from person_pairs_apart where one = any (gone) or other = any (gone);
  update keys set wrapped = ''::bytea, destroyed_at = the_moment
    where destroyed_at is null and owner in (select root from person_records where person_id = any (gone));
  delete from person_correction_answers where correction_id in (select id from person_corrections where person_id = any (gone));
  perform access.clear_tables(array['person_documents', 'person_contacts', 'person_keys', 'person_corrections', 'person_records', 'household_members']::regclass[],
    'person_id', gone);
  update households set head_id = null, version = version + 1 where head_id = any (gone);
  update persons set erased_at = the_moment, name = '', name_latin = '', sex = null, gender = '', born_on = null, born_estimated = false, languages = '{}', disability = '{}',
    admin1 = '', admin2 = '', admin3 = '', address = '', address_confidential = false, phone_confidential = false, household_confidential = false, dont_go_alone = false,
    contact_restriction = '', worker_sex = null, interpreter_sex = null, died_on = null, scope = '{}', has_case = true, version = version + 1 where id = any (gone);
end $$;
