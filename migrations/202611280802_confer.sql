-- A case conference with other organisations (S27): whether the person is asked to come, or why not; who comes, on what ground each section is shared
-- with them, and that they keep it to themselves; and the minutes, one packet for each organisation with what is shared with it and nothing else.
create table conferences (
  meeting_id uuid constraint conferences_pkey primary key constraint conferences_meeting_id_fkey references meetings (id) on delete cascade,
  case_id uuid not null constraint conferences_case_id_fkey references cases (id) on delete cascade,
  person_invited boolean not null,
  not_invited_reason text constraint conferences_reason_length check (length(not_invited_reason) <= 40),
  constraint conferences_why_not check (person_invited = (not_invited_reason is null))
);
create index conferences_case_id_idx on conferences (case_id);
select access.close_case_table('conferences', array['person_invited', 'not_invited_reason']);

create table conference_parties (
  id uuid constraint conference_parties_pkey primary key,
  meeting_id uuid not null constraint conference_parties_meeting_id_fkey references meetings (id) on delete cascade,
  case_id uuid not null constraint conference_parties_case_id_fkey references cases (id) on delete cascade,
  to_org int not null constraint conference_parties_to_org_fkey references organisations (id),
  -- Who comes for it, sealed with the case's key.
  who bytea not null,
  agreed_at timestamptz,
  agreed_how text constraint conference_parties_agreed_how_known check (agreed_how in ('signed', 'said', 'written')),
  removed_at timestamptz,
  author uuid not null constraint conference_parties_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  constraint conference_parties_agreed_somehow check ((agreed_at is null) = (agreed_how is null))
);
create unique index conference_parties_once on conference_parties (meeting_id, to_org) where removed_at is null;
create index conference_parties_meeting_id_idx on conference_parties (meeting_id);
create index conference_parties_case_id_idx on conference_parties (case_id);
create index conference_parties_to_org_idx on conference_parties (to_org);
create index conference_parties_author_idx on conference_parties (author);
select access.close_case_table('conference_parties', array['agreed_at', 'agreed_how', 'removed_at']);
create policy in_ones_own_name on conference_parties as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and agreed_at is null and removed_at is null);

-- One section that is shared with one party, and what it rests on.
create table conference_shares (
  id uuid constraint conference_shares_pkey primary key,
  party_id uuid not null constraint conference_shares_party_id_fkey references conference_parties (id) on delete cascade,
  case_id uuid not null constraint conference_shares_case_id_fkey references cases (id) on delete cascade,
  section text not null constraint conference_shares_section_length check (length(section) <= 60),
  consent_id uuid not null constraint conference_shares_consent_id_fkey references consents (id),
  constraint conference_shares_once unique (party_id, section)
);
create index conference_shares_case_id_idx on conference_shares (case_id);
create index conference_shares_consent_id_idx on conference_shares (consent_id);
select access.close_case_table('conference_shares', array[]::text[]);

create table conference_packets (
  id uuid constraint conference_packets_pkey primary key,
  party_id uuid not null constraint conference_packets_party_id_fkey references conference_parties (id) on delete cascade,
  case_id uuid not null constraint conference_packets_case_id_fkey references cases (id) on delete cascade,
  from_org int not null constraint conference_packets_from_org_fkey references organisations (id),
  to_org int not null constraint conference_packets_to_org_fkey references organisations (id),
  -- What the receiver reads: the code, never a name beside it.
  code text not null,
  pack text not null,
  pack_version int not null,
  held_at timestamptz not null,
  body bytea not null,
  author uuid not null constraint conference_packets_author_fkey references users (id),
  recorded_at timestamptz not null default now(),
  constraint conference_packets_once unique (party_id)
);
create index conference_packets_case_id_idx on conference_packets (case_id);
create index conference_packets_from_org_idx on conference_packets (from_org);
create index conference_packets_to_org_idx on conference_packets (to_org, recorded_at desc);
create index conference_packets_author_idx on conference_packets (author);
select access.close_case_table('conference_packets', array[]::text[]);
create policy in_ones_own_name on conference_packets as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and from_org = org);

-- The packets that the actor receives: of their organisation, where they answer referrals, cleared for the type where it is guarded, and only as long
-- as everything that one rests on still stands.
create function access.my_conference_packets() returns uuid[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return array(select p.id from conference_packets p join case_types t on t.id = p.case_type
    where p.to_org = any ((select access.my_orgs_for('referral.answer'))::int[])
      and (t.sensitivity = 'standard' or p.case_type = any ((select access.my_types())::smallint[]))
      and not exists (select from conference_shares s join consents c on c.id = s.consent_id where s.party_id = p.party_id and c.withdrawn_at is not null)
    order by p.recorded_at desc, p.id limit 1000);
end $$;
create policy receiver_reads on conference_packets for select to throughcare_web using (id = any ((select access.my_conference_packets())::uuid[]));
create function access.conference_key(the_packet uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join conference_packets p on p.id = k.owner
  where k.owner = the_packet and k.destroyed_at is null and (access.sees_case(p.case_id) or p.id = any (access.my_conference_packets()))
$$;

-- Consent that is taken back takes the key of what rested on it along (S4).
create function access.close_conference_packets() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update keys set wrapped = ''::bytea, destroyed_at = now()
  where destroyed_at is null and owner in (select p.id from conference_packets p join conference_shares s on s.party_id = p.party_id where s.consent_id = new.id);
  return null;
end $$;
create trigger consents_close_conference_packets after update of withdrawn_at on consents for each row
  when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function access.close_conference_packets();
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
