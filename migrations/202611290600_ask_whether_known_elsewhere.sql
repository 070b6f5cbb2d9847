-- Whether somebody is known to another organisation too: one side asks, with the person's consent, the other answers, and after the same days for every answer
-- both read that the person is also known there, or that it was not confirmed. Never more than that, and no record is joined (ADR 0014).
-- Each side has its own row, and reads its own person in it; what the two share nobody reads from either.
create table person_questions (
  id uuid constraint person_questions_pkey primary key,
  question uuid not null,
  side text not null constraint person_questions_side_known check (side in ('asks', 'asked')),
  org int not null constraint person_questions_org_fkey references organisations (id),
  person_id uuid not null constraint person_questions_person_id_fkey references persons (id),
  other_org int not null constraint person_questions_other_org_fkey references organisations (id),
  -- It was not put to anybody: not yet, or never (S11, S16).
  silent boolean not null default false,
  -- What asking rests on; no reference, for it goes with its case, and then this ends. Its last day holds for both sides.
  consent uuid,
  runs_until date,
  -- What the asked side is told, as long as it may answer.
  shown jsonb not null default '{}',
  state text not null default 'asked' constraint person_questions_state_known check (state in ('asked', 'same', 'not_same', 'ended')),
  -- Who of this side asked, or answered last.
  author uuid constraint person_questions_author_fkey references users (id),
  author_name text not null default '',
  asked_at timestamptz not null,
  due_at timestamptz not null,
  answer text constraint person_questions_answer_known check (answer in ('yes', 'no', 'unsure')),
  answered_at timestamptz,
  ended_at timestamptz,
  -- Why this side ended it; the other side never reads it.
  reason text constraint person_questions_reason_known check (reason in ('not_same', 'own_wish', 'not_needed', 'mistake')),
  version int not null default 1,
  constraint person_questions_side_key unique (question, side)
);
create index person_questions_org_idx on person_questions (org);
create index person_questions_person_id_idx on person_questions (person_id);
create index person_questions_other_org_idx on person_questions (other_org);
create index person_questions_author_idx on person_questions (author);
create index person_questions_waiting_idx on person_questions (org, due_at) where side = 'asked' and state = 'asked';
select access.close_table('person_questions');

-- Whoever must not meet a case of either person meets nothing of what lies between the two (S10).
create function access.my_barred_questions() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct q.question), '{}') from person_questions q join case_people cp on cp.person_id = q.person_id
    where cp.case_id = any ((select access.my_bars())::uuid[]));
end $$;
-- A consent that ran out ends it on that day, whatever runs or does not run meanwhile.
create policy with_the_person on person_questions for select to throughcare_web using (
  not silent and exists (select from persons p where p.id = person_id) and question <> all ((select access.my_barred_questions())::uuid[])
  and (state <> 'same' or coalesce(runs_until >= current_date, true)));
grant select on person_questions to throughcare_web;
create policy access_writes on person_questions for all to throughcare_access using (true);
grant insert, update, delete on person_questions to throughcare_access;

-- Joining two records takes along what was asked of them.
create or replace function access.places_of_people() returns table (place_table text, place_column text) immutable language sql as $$
  values ('cases', 'person_id'), ('case_people', 'person_id'), ('consents', 'person_id'), ('consents', 'given_by_person'), ('referral_people', 'person_id'),
    ('packets', 'person_id'), ('person_documents', 'person_id'), ('person_contacts', 'person_id'), ('person_records', 'person_id'), ('person_corrections', 'person_id'),
    ('plan_lines', 'doer'), ('plan_agreements', 'person_id'), ('plan_codes', 'person_id'), ('achievement_marks', 'person_id'), ('case_files', 'person_id'),
    ('case_files', 'given_to'), ('project_exemptions', 'person_id'), ('project_placements', 'person_id'), ('household_members', 'person_id'), ('households', 'head_id'),
    ('person_questions', 'person_id')
$$;

-- Everything that is kept of somebody is of standard types: what is protected or restricted feeds no matching between organisations (S16).
create function access.only_standard(the_person uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select exists (select from persons p where p.id = the_person and p.erased_at is null)
    and not exists (select from person_joins j where j.goes = the_person and j.state = 'joined')
    and not exists (select from case_people cp join cases c on c.id = cp.case_id join case_types t on t.id = c.case_type
      where cp.person_id = the_person and t.sensitivity <> 'standard')
    and not exists (select from person_records r where r.person_id = the_person
      and not exists (select from case_types t where t.id = any (r.case_types) and t.sensitivity = 'standard'))
$$;

-- Somebody's own consent lets this organisation be told who they are: it names that organisation, and the section with name, sex and age, and no later refusal
-- overrules it (S3, S4).
create function access.consent_lets_ask(the_consent uuid, the_org int) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from consents k where k.id = the_consent and k.basis = 'consent' and k.kind in ('consent', 'representative')
    and k.child_assent_of is null and k.only_referral is null and the_org = any (k.to_orgs) and 'identity' = any (k.sections)
    and k.withdrawn_at is null and k.review_finding is distinct from 'not_justified' and coalesce(k.expires_on >= current_date, true)
    and not exists (select from consents n where n.case_id = k.case_id and n.person_id = k.person_id and n.kind = 'refused' and n.withdrawn_at is null
      and (n.given_on, n.recorded_at) > (k.given_on, k.recorded_at)
      and (cardinality(n.to_orgs) + cardinality(n.to_kinds) = 0 or the_org = any (n.to_orgs) or (select o.kind from organisations o where o.id = the_org) = any (n.to_kinds))
      and (cardinality(n.sections) = 0 or 'identity' = any (n.sections))));
end $$;

-- The same, asked by somebody who sees the case that the consent is of.
create function access.lets_me_ask(the_consent uuid, the_org int) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from consents k where k.id = the_consent and access.sees_case(k.case_id)) and access.consent_lets_ask(the_consent, the_org);
end $$;

-- Asks, and writes both rows. Whether it can be put to anybody is no matter here: it is answered alike, and in the same time (S11).
create function access.ask_elsewhere(the_row uuid, the_person uuid, the_other uuid, the_consent uuid, the_due timestamptz, the_moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare p persons; o persons; k consents; the_question uuid := gen_random_uuid();
begin
  if not access.sees_person(the_person) then raise no_data_found; end if;
  if not access.may_change_person('person.edit', the_person) then raise insufficient_privilege; end if;
  -- Erasing, joining and withdrawing come before or afterwards.
  perform from persons where id in (the_person, the_other) order by id for key share;
  select * into p from persons where id = the_person;
  select * into o from persons where id = the_other;
  if o.id is null or o.org = p.org or p.org <> all (access.my_orgs())
    or exists (select from case_people cp where cp.person_id = the_other and cp.case_id = any (access.my_bars())) then raise no_data_found; end if;
  select * into k from consents where id = the_consent and person_id = the_person for share;
  if not found or not access.sees_case(k.case_id) or not access.consent_lets_ask(k.id, o.org) then raise serialization_failure; end if;
  perform pg_advisory_xact_lock(hashtextextended('known elsewhere ' || the_person::text || the_other::text, 0));
  -- Whoever asked lately waits for the answer, or asks again after a month, whatever came of it.
  if exists (select from person_questions a join person_questions b on b.question = a.question and b.side = 'asked'
    where a.side = 'asks' and a.person_id = the_person and b.person_id = the_other
      and (a.state = 'asked' or (a.state = 'same' and coalesce(a.runs_until >= current_date, true))
        or (a.state = 'not_same' and a.due_at > the_moment - interval '30 days'))) then
    raise unique_violation using constraint = 'person_questions_lately', message = 'asked lately';
  end if;
  insert into person_questions (id, question, side, org, person_id, other_org, consent, runs_until, author, author_name, asked_at, due_at)
    select the_row, the_question, 'asks', p.org, p.id, o.org, k.id, k.expires_on, u.id, u.name, the_moment, the_due from users u where u.id = access.me();
  insert into person_questions (id, question, side, org, person_id, other_org, silent, runs_until, asked_at, due_at)
    values (gen_random_uuid(), the_question, 'asked', o.org, o.id, p.org, true, k.expires_on, the_moment, the_due);
end $$;

-- Puts it to the other side, and answers which question it is and whose; to nobody where either person is known for more than standard work. The place goes
-- along where the consent names the area and it is not kept confidential (S12).
create function access.put_question(the_row uuid, the_moment timestamptz) returns table (put uuid, to_org int)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare a person_questions; b person_questions;
begin
  select * into a from person_questions where id = the_row and side = 'asks' and org = access.job_org() for update;
  if not found or a.state <> 'asked' or not access.consent_lets_ask(a.consent, a.other_org) then return; end if;
  select * into b from person_questions where question = a.question and side = 'asked' and silent for update;
  if not found or not access.only_standard(a.person_id) or not access.only_standard(b.person_id) then return; end if;
  update person_questions set silent = false, shown = (
      select jsonb_build_object('name', p.name, 'born', extract(year from p.born_on)::int, 'sex', p.sex, 'places', case when 'area' = any (k.sections) and not p.address_confidential
        then to_jsonb(array_remove(array[p.admin1, p.admin2], '')) else '[]' end)
      from persons p join consents k on k.id = a.consent where p.id = a.person_id)
    where id = b.id;
  return query select b.question, b.org;
end $$;

-- Who of the asked organisation, which this job is for, finds a task of their own, in which unit, and by when: whoever sees the person, may answer, and must not
-- meet a case of either (S10). Never a unit as a whole: whoever is barred would learn there that something is (S11).
create function access.to_be_asked(the_question uuid) returns table (of_user uuid, of_unit int, by_then timestamptz)
stable language plpgsql security definer set search_path = public, pg_temp as $$
declare b person_questions;
begin
  select * into b from person_questions q where q.question = the_question and q.side = 'asked' and q.state = 'asked' and not q.silent and q.org = access.job_org();
  if not found then return; end if;
  return query select distinct on (m.user_id) m.user_id, m.unit, b.due_at
    from memberships m join roles r on r.id = m.role join users u on u.id = m.user_id join persons p on p.id = b.person_id
    where m.org = b.org and m.ended_at is null and u.active and not u.is_program and 'person.edit' = any (r.acts)
      and not exists (select from case_people cp join person_questions q on q.person_id = cp.person_id
        where q.question = the_question and not access.fit_for(m.user_id, cp.case_id, 0::smallint))
      and case when p.has_case
        then exists (select from case_people cp join cases c on c.id = cp.case_id join units h on h.id = c.unit
          where cp.person_id = p.id and access.sight_of(m.user_id, c.id) and (m.unit = h.id or (r.reach = 'subtree' and m.unit = any (h.path))))
        else exists (select from units h where h.id = p.unit and (m.unit = h.id or (r.reach = 'subtree' and m.unit = any (h.path)))) end
    order by m.user_id, m.unit limit 50;
end $$;

-- Its tasks are done.
create function access.questions_done(the_questions uuid[], the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update tasks set done_at = the_moment, done_by = access.me(), version = version + 1
    where done_at is null and once = any (array(select 'known_elsewhere:' || q.question || ':' || m.user_id
      from person_questions q join memberships m on m.org = q.org where q.side = 'asked' and q.question = any (the_questions)))
$$;
-- They are over, for both sides, and what was told is told no more.
create function access.end_questions(the_questions uuid[], the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update person_questions set state = 'ended', ended_at = the_moment, shown = '{}', version = version + 1
    where question = any (the_questions) and state in ('asked', 'same');
  select access.questions_done(the_questions, the_moment)
$$;

-- The asked side answers; until the day comes on which both are told, it may think better of it.
create function access.answer_elsewhere(the_row uuid, the_version int, the_answer text, the_moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare q person_questions;
begin
  select * into q from person_questions where id = the_row and side = 'asked' and not silent for update;
  if not found or not access.sees_person(q.person_id) or q.question = any (access.my_barred_questions()) then raise no_data_found; end if;
  if not access.may_change_person('person.edit', q.person_id) then raise insufficient_privilege; end if;
  if q.version <> the_version or q.state <> 'asked' or q.due_at <= the_moment then raise serialization_failure; end if;
  update person_questions set answer = the_answer, answered_at = the_moment, author = u.id, author_name = u.name, version = person_questions.version + 1
    from users u where person_questions.id = q.id and u.id = access.me();
  perform access.questions_done(array[q.question], the_moment);
end $$;

-- Both are told, once the day has come: confirmed by a yes, if everything still allows it, and not confirmed for every other reason there is.
create function access.settle_question(the_row uuid, the_moment timestamptz) returns table (person uuid, same boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare a person_questions; b person_questions; is_same boolean;
begin
  select * into a from person_questions where id = the_row and side = 'asks' and org = access.job_org() for update;
  if not found or a.state <> 'asked' or a.due_at > the_moment then return; end if;
  select * into b from person_questions where question = a.question and side = 'asked' for update;
  is_same := coalesce(b.answer = 'yes' and not b.silent and access.consent_lets_ask(a.consent, a.other_org)
    and access.only_standard(a.person_id) and access.only_standard(b.person_id), false);
  update person_questions set state = case when is_same then 'same' else 'not_same' end, shown = '{}', version = version + 1 where question = a.question;
  perform access.questions_done(array[a.question], the_moment);
  return query select a.person_id, is_same;
end $$;

-- Either side ends that the person is known to both, whichever of them asked; who asked also takes back a question that nobody was told the answer of.
create function access.end_elsewhere(the_row uuid, the_version int, the_reason text, the_moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare q person_questions;
begin
  select * into q from person_questions where id = the_row and not silent for update;
  if not found or not access.sees_person(q.person_id) or q.question = any (access.my_barred_questions()) then raise no_data_found; end if;
  if not access.may_change_person('person.edit', q.person_id) then raise insufficient_privilege; end if;
  if q.version <> the_version or not (q.state = 'same' or (q.state = 'asked' and q.side = 'asks')) then raise serialization_failure; end if;
  update person_questions set reason = the_reason where id = q.id;
  perform access.end_questions(array[q.question] || array(select a.question from person_questions a join person_questions b on b.question = a.question and b.id <> a.id
    where q.state = 'same' and a.state = 'same' and a.person_id = q.person_id
      and b.person_id = (select x.person_id from person_questions x where x.question = q.question and x.id <> q.id)), the_moment);
end $$;

-- What asking rested on was taken back, found not justified, overruled by a refusal, or erased with its case (S4): it ends at once.
create function access.end_with_consent() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform access.end_questions(array(select q.question from person_questions q where q.side = 'asks' and q.state in ('asked', 'same')
    and q.person_id = case tg_op when 'DELETE' then old.person_id else new.person_id end and not access.consent_lets_ask(q.consent, q.other_org)), now());
  return null;
end $$;
create trigger end_questions after update of withdrawn_at, review_finding on consents for each row
  when (old.withdrawn_at is distinct from new.withdrawn_at or old.review_finding is distinct from new.review_finding) execute function access.end_with_consent();
create trigger end_questions_refused after insert on consents for each row when (new.kind = 'refused') execute function access.end_with_consent();
create trigger end_questions_erased after delete on consents for each row execute function access.end_with_consent();

-- Who is forgotten is known nowhere by this any more (S29). An answer that is still due comes on its day, for whoever asked.
create function access.forget_questions() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform access.end_questions(array(select question from person_questions where person_id = new.id and (side = 'asks' or state = 'same')), now());
  perform access.questions_done(array(select question from person_questions where person_id = new.id), now());
  delete from person_questions where person_id = new.id;
  return null;
end $$;
create trigger forget_questions after update of erased_at on persons for each row
  when (old.erased_at is null and new.erased_at is not null) execute function access.forget_questions();

-- A masked hit says which organisation it is of, for the program alone.
drop function access.search_people(text[], text);
create function access.search_people(the_keys text[], the_lang text)
returns table (person_id uuid, name text, name_latin text, born_on date, org int, org_name text, desk text, kinds text[])
stable language sql security definer set search_path = public, pg_temp as $$
  with found as (
    select k.person_id, max(k.clearance) as clearance, array_agg(distinct left(k.key, 1)) as kinds from (
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = 0 and k.key = any (the_keys) limit 400)
      union all
      (select k.person_id, k.clearance, k.key from person_keys k where k.clearance = any (access.my_types()) and k.clearance <> 0 and k.key = any (the_keys) limit 100)
    ) k where access.me() is not null group by k.person_id order by count(*) desc limit 200)
  select p.id, p.name, p.name_latin, p.born_on, p.org, access.named(o.names, o.name, the_lang), o.general_desk, f.kinds
  from found f join persons p on p.id = f.person_id join organisations o on o.id = p.org
  where (f.clearance = 0 and not exists (select from case_people cp where cp.person_id = p.id and cp.case_id = any ((select access.my_bars())::uuid[])))
    or access.sees_person(p.id)
$$;

select access.own_functions();
-- Parts of the functions above, and of jobs; nobody else asks.
revoke all on function access.only_standard(uuid), access.questions_done(uuid[], timestamptz), access.end_questions(uuid[], timestamptz)
  from throughcare_web, throughcare_worker;
revoke all on function access.put_question(uuid, timestamptz), access.to_be_asked(uuid), access.settle_question(uuid, timestamptz) from throughcare_web;
revoke all on function access.consent_lets_ask(uuid, int) from throughcare_web, throughcare_worker;
revoke all on function access.lets_me_ask(uuid, int) from throughcare_worker;
grant execute on function access.places_of_people() to throughcare_access;
grant execute on all functions in schema access to throughcare_migrator;
