-- What was asked of another organisation lately stands on the page that asks, and is not offered there once more.

-- Whoever asked lately waits for the answer, or asks again a month after it, whatever came of it.
create function access.keeps_from_asking(a person_questions, the_moment timestamptz) returns boolean
stable language sql security definer set search_path = public, pg_temp as $$
  select a.side = 'asks' and (a.state = 'asked' or (a.state = 'same' and coalesce(a.runs_until >= current_date, true))
    or (a.state = 'not_same' and a.due_at > the_moment - interval '30 days'))
$$;

-- Of these persons of others, about which this person was asked lately: one line each, from the asker's own side alone. Whoever sees the person reads
-- that side anyway, and what the other side knows of it is not in it (S11).
create function access.asked_lately(the_person uuid, the_others uuid[], the_moment timestamptz)
returns table (of_other uuid, of_state text, since timestamptz, due timestamptz) stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not access.sees_person(the_person) then return; end if;
  return query select distinct on (b.person_id) b.person_id, a.state, a.asked_at, a.due_at
    from person_questions a join person_questions b on b.question = a.question and b.side = 'asked'
    where a.person_id = the_person and b.person_id = any (the_others) and access.keeps_from_asking(a, the_moment)
      and a.question <> all (access.my_barred_questions())
    order by b.person_id, a.asked_at desc;
end $$;

create or replace function access.ask_elsewhere(the_row uuid, the_person uuid, the_other uuid, the_consent uuid, the_due timestamptz, the_moment timestamptz) returns void
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
  if exists (select from person_questions a join person_questions b on b.question = a.question and b.side = 'asked'
    where a.side = 'asks' and a.person_id = the_person and b.person_id = the_other
      and access.keeps_from_asking(a, the_moment)) then
    raise unique_violation using constraint = 'person_questions_lately', message = 'asked lately';
  end if;
  insert into person_questions (id, question, side, org, person_id, other_org, consent, runs_until, author, author_name, asked_at, due_at)
    select the_row, the_question, 'asks', p.org, p.id, o.org, k.id, k.expires_on, u.id, u.name, the_moment, the_due from users u where u.id = access.me();
  insert into person_questions (id, question, side, org, person_id, other_org, silent, runs_until, asked_at, due_at)
    values (gen_random_uuid(), the_question, 'asked', o.org, o.id, p.org, true, k.expires_on, the_moment, the_due);
end $$;

select access.own_functions();
-- A part of the functions above; and what pages ask, no job does.
revoke all on function access.keeps_from_asking(person_questions, timestamptz) from throughcare_web, throughcare_worker;
revoke all on function access.asked_lately(uuid, uuid[], timestamptz), access.my_barred_questions() from throughcare_worker;
grant execute on all functions in schema access to throughcare_migrator;
