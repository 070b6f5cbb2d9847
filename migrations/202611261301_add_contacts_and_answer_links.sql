-- Registered contacts of organisations, and answer links: the way in of an organisation without account, to one referral each.

-- Where an organisation is reached about referrals. `keeper` is the organisation whose register this is: an organisation keeps its own desk,
-- and each keeps for itself whom it knows at organisations outside the system, so that nobody's telephone check counts for anybody else.
create table organisation_contacts (
  id uuid constraint organisation_contacts_pkey primary key,
  org int not null constraint organisation_contacts_org_fkey references organisations (id),
  keeper int not null constraint organisation_contacts_keeper_fkey references organisations (id),
  name text not null constraint organisation_contacts_name_length check (length(name) between 1 and 200),
  desk text not null default '' constraint organisation_contacts_desk_length check (length(desk) <= 200),
  -- A person by name, or a desk.
  named boolean not null default false,
  email text not null default '' constraint organisation_contacts_email_length check (length(email) <= 200),
  phone text not null default '' constraint organisation_contacts_phone_length check (length(phone) <= 60),
  lang text not null default 'en' constraint organisation_contacts_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  -- Somebody rang the organisation's known number and heard that this contact is right (S17).
  verified_at timestamptz,
  verified_by uuid constraint organisation_contacts_verified_by_fkey references users (id),
  retired_at timestamptz,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint organisation_contacts_reachable check (email <> '' or phone <> ''),
  constraint organisation_contacts_verified check ((verified_at is null) = (verified_by is null))
);
create index organisation_contacts_org_idx on organisation_contacts (org);
create index organisation_contacts_keeper_idx on organisation_contacts (keeper, org);
create index organisation_contacts_verified_by_idx on organisation_contacts (verified_by);

-- Organisations all of whose services are hidden from the actor (S14): neither are their people shown.
create function access.my_hidden_orgs() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(org), '{}') from (
    select s.org from services s group by s.org
    having not bool_or(s.visibility = 'public' or (s.visibility = 'cleared' and s.cleared_types && access.my_types())
      or exists (select from service_viewers v where v.service_id = s.id and v.user_id = access.me()))) hidden);
end $$;

select access.close_table('organisation_contacts');
create policy keepers_read on organisation_contacts for select to throughcare_web using (
  keeper = any ((select access.my_orgs_for('agreement.edit'))::int[])
  or (keeper = any ((select access.my_orgs())::int[]) and org <> all ((select access.my_hidden_orgs())::int[])));
-- The desks that a partner under an agreement names for itself.
create policy partners_read on organisation_contacts for select to throughcare_web using (keeper = org
  and org <> all ((select access.my_hidden_orgs())::int[])
  and exists (select from agreements a where a.to_org = org and a.from_org = any ((select access.my_orgs())::int[])));
create policy keepers_add on organisation_contacts for insert to throughcare_web with check (
  keeper = any ((select access.my_orgs_for('agreement.edit'))::int[])
  and (org = keeper or exists (select from organisations o where o.id = org and not o.in_system)));
create policy keepers_change on organisation_contacts for update to throughcare_web
  using (keeper = any ((select access.my_orgs_for('agreement.edit'))::int[]));
create policy jobs_read on organisation_contacts for select to throughcare_worker using (keeper = (select access.job_org())
  or (keeper = org and exists (select from agreements a where a.to_org = org and a.from_org = (select access.job_org()))));
grant select, insert, update on organisation_contacts to throughcare_web;
grant select on organisation_contacts to throughcare_worker;

-- An answer link opens one referral to its receiver. Token and short code are derived from the keyring and `letter`, the id of the paper or
-- message that carries them; only their hashes lie here.
create table answer_links (
  id uuid constraint answer_links_pkey primary key,
  referral_id uuid not null constraint answer_links_referral_id_fkey references referrals (id) on delete cascade,
  letter uuid not null constraint answer_links_letter_key unique,
  contact_id uuid constraint answer_links_contact_id_fkey references organisation_contacts (id),
  token_hash bytea not null constraint answer_links_token_hash_key unique,
  code_hash bytea not null constraint answer_links_code_hash_key unique,
  issued_at timestamptz not null,
  issued_by uuid constraint answer_links_issued_by_fkey references users (id),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid constraint answer_links_revoked_by_fkey references users (id)
);
create index answer_links_referral_id_idx on answer_links (referral_id, issued_at);
create index answer_links_contact_id_idx on answer_links (contact_id);
create index answer_links_issued_by_idx on answer_links (issued_by);
create index answer_links_revoked_by_idx on answer_links (revoked_by);

-- One line a use: a code was asked for, sent, read out, refused, proved; the page was opened; something was answered.
create table link_uses (
  id uuid constraint link_uses_pkey primary key,
  referral_id uuid not null constraint link_uses_referral_id_fkey references referrals (id) on delete cascade,
  link_id uuid not null constraint link_uses_link_id_fkey references answer_links (id) on delete cascade,
  what text not null constraint link_uses_what_known check (what in ('code_asked', 'code_sent', 'code_read', 'refused', 'proved', 'opened', 'answered')),
  detail text not null default '' constraint link_uses_detail_length check (length(detail) <= 60),
  at timestamptz not null default now()
);
create index link_uses_referral_id_idx on link_uses (referral_id, at);
create index link_uses_link_id_idx on link_uses (link_id, at);

-- One-time codes: a keyed hash, useless without the keyring. Five tries, a quarter of an hour.
create table link_codes (
  id uuid constraint link_codes_pkey primary key,
  link_id uuid not null constraint link_codes_link_id_fkey references answer_links (id) on delete cascade,
  code_hash bytea not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  tries int not null default 0,
  used_at timestamptz
);
create index link_codes_link_id_idx on link_codes (link_id, made_at);

-- A browser on its way in (not yet proved; for a short code that nobody issued, of no link at all), or in.
create table link_sessions (
  id uuid constraint link_sessions_pkey primary key,
  token_hash bytea not null constraint link_sessions_token_hash_key unique,
  link_id uuid constraint link_sessions_link_id_fkey references answer_links (id) on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  proved_at timestamptz,
  ended_at timestamptz
);
create index link_sessions_link_id_idx on link_sessions (link_id);
create index link_sessions_expires_at_idx on link_sessions (expires_at);

-- Tries by address, by code and by all together; hashes only.
create table link_tries (
  key bytea constraint link_tries_pkey primary key,
  tries int not null default 0,
  since timestamptz not null default now(),
  last_at timestamptz not null default now()
);

-- The sender's side keeps and reads them; the receiver has no part in the table itself.
select access.close_referral_table(t::regclass, 'false') from unnest(array['answer_links', 'link_uses']) t;
drop policy both_sides on answer_links;
drop policy both_sides on link_uses;
do $$
begin
  execute format('create policy sender_keeps on answer_links for all to throughcare_web using (%s) with check (%s)', access.from_rule(), access.from_rule());
  execute format('create policy sender_reads on link_uses for select to throughcare_web using (%s)', access.from_rule());
  execute format('create policy sender_adds on link_uses for insert to throughcare_web with check (%s)', access.from_rule());
end $$;
revoke update on link_uses from throughcare_web, throughcare_worker;
select access.close_table(t::regclass) from unnest(array['link_codes', 'link_sessions', 'link_tries']) t;
create policy access_writes on answer_links for update to throughcare_access using (true);
create policy access_writes on link_uses for insert to throughcare_access with check (true);
create policy access_writes on link_codes for all to throughcare_access using (true);
create policy access_writes on link_sessions for all to throughcare_access using (true);
create policy access_writes on link_tries for all to throughcare_access using (true);
grant insert on link_uses to throughcare_access;
grant insert, update, delete on link_codes, link_sessions, link_tries to throughcare_access;

-- The referral a link opens now: not revoked or expired, sent, still shared, and no longer than its packet. A link whose own answer ends the
-- referral keeps its sight to the end of that transaction, as the row it has just written shows.
create function access.live_link(the_link uuid) returns uuid stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return (select r.id from answer_links l join referrals r on r.id = l.referral_id
    where l.id = the_link and l.revoked_at is null and l.expires_at > now() and r.sent and r.sharing = 'open'
      and (r.status in ('requested', 'accepted', 'in_progress', 'on_hold')
        or (r.status in ('completed', 'failed') and exists (select from packets p where p.referral_id = r.id and p.opened_at is not null
          and p.closed_at is null and (p.closes_at is null or p.closes_at > now()) and access.consent_stands(p.consent_id)))
        or r.xmin = pg_current_xact_id_if_assigned()::xid));
end $$;

create function access.my_link() returns uuid stable language sql parallel safe
  return case when access.actor_kind() = 'link' then split_part(current_setting('throughcare.actor', true), ':', 2)::uuid end;
create function access.my_link_referral() returns uuid stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'link' then return null; end if;
  return access.live_link(access.my_link());
end $$;
-- What a link needs beside its referral: the calendars of the two organisations, and the words of the case type's pack.
create function access.my_link_orgs() returns int[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'link' then return '{}'; end if;
  return (select array_remove(array[r.from_org, r.to_org], null) from referrals r where r.id = access.my_link_referral());
end $$;
create function access.my_link_type() returns smallint stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'link' then return null; end if;
  return (select r.case_type from referrals r where r.id = access.my_link_referral());
end $$;
create function access.my_link_packs() returns text[] stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if access.actor_kind() <> 'link' or access.my_link_referral() is null then return '{}'; end if;
  return (select coalesce(array_agg(distinct p.name), '{}') from packs p
    where access.my_link_type() = 0 or p.name = (select t.pack from case_types t where t.id = access.my_link_type()));
end $$;

create policy link_reads on referrals for select to throughcare_web using (id = (select access.my_link_referral()));
create policy link_answers on referrals for update to throughcare_web using (id = (select access.my_link_referral()));
create policy link_reads on referral_moves for select to throughcare_web using (referral_id = (select access.my_link_referral()));
create policy link_answers on referral_moves for insert to throughcare_web with check (referral_id = (select access.my_link_referral()) and side = 'to');
create policy link_reads on appointments for select to throughcare_web using (referral_id = (select access.my_link_referral()));
create policy link_answers on appointments for insert to throughcare_web with check (referral_id = (select access.my_link_referral()));
create policy link_changes on appointments for update to throughcare_web using (referral_id = (select access.my_link_referral()));
create policy link_reads on packets for select to throughcare_web using (referral_id = (select access.my_link_referral())
  and opened_at is not null and closed_at is null and (closes_at is null or closes_at > now()) and access.consent_stands(consent_id));
create policy link_reads on organisations for select to throughcare_web using (id = any ((select access.my_link_orgs())::int[]));
create policy link_reads on case_types for select to throughcare_web using (id = (select access.my_link_type()));
create policy link_reads on packs for select to throughcare_web using (name = any ((select access.my_link_packs())::text[]));

-- A word may come from a link.
alter table referral_messages alter column author drop not null;
alter table referral_messages alter column org drop not null;
alter table referral_messages add column link_id uuid constraint referral_messages_link_id_fkey references answer_links (id);
alter table referral_messages add constraint referral_messages_by_somebody check ((author is null) <> (link_id is null));
create index referral_messages_link_id_idx on referral_messages (link_id) where link_id is not null;
create policy link_reads on referral_messages for select to throughcare_web using (referral_id = (select access.my_link_referral()));
create policy link_answers on referral_messages for insert to throughcare_web
  with check (referral_id = (select access.my_link_referral()) and side = 'to' and link_id = (select access.my_link()));

do $$
begin
  execute format($f$create or replace function access.sees_referral(the_referral uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as
    $b$ select exists (select from referrals where id = the_referral and ((%s) or (%s) or id = (select access.my_link_referral()))) $b$ $f$,
    access.from_rule(), access.to_rule());
  execute format($f$create or replace function access.packet_key(the_packet uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as
    $b$ select k.wrapped from keys k where k.owner = the_packet and k.destroyed_at is null and exists (
      select from packets where id = the_packet and ((%s) or (((%s) or referral_id = (select access.my_link_referral()))
        and opened_at is not null and closed_at is null and (closes_at is null or closes_at > now()) and access.consent_stands(consent_id)))) $b$ $f$,
    access.from_rule(), access.to_rule());
end $$;

-- Before an actor exists only these answer. Of a link that is unknown, revoked or over nothing is said; that one has expired, only to its
-- full token.
create function access.answer_link(the_token bytea) returns table (link_id uuid, live boolean, org_name text, org_names jsonb, desk text)
stable language sql security definer set search_path = public, pg_temp as $$
  select l.id, l.expires_at > now(), o.name, o.names, o.general_desk
  from answer_links l join referrals r on r.id = l.referral_id join organisations o on o.id = r.from_org
  where l.token_hash = the_token and l.revoked_at is null
    and (access.live_link(l.id) is not null or (l.expires_at <= now() and r.sharing = 'open' and r.status in ('requested', 'accepted', 'in_progress', 'on_hold')))
$$;
create function access.link_of_code(the_code bytea) returns uuid stable language sql security definer set search_path = public, pg_temp as $$
  select l.id from answer_links l where l.code_hash = the_code and access.live_link(l.id) is not null
$$;
-- A browser asks for a code. For a short code that nobody issued the row is the same, of no link.
create function access.ask_by_link(the_link uuid, the_session uuid, the_hash bytea, lifetime interval) returns int language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into link_sessions (id, token_hash, link_id, expires_at) values (the_session, the_hash, the_link, now() + lifetime);
  insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), l.referral_id, l.id, 'code_asked' from answer_links l where l.id = the_link;
  return (select r.from_org from answer_links l join referrals r on r.id = l.referral_id where l.id = the_link);
end $$;
create function access.link_asked(the_hash bytea) returns table (asked boolean, link_id uuid) stable language sql security definer set search_path = public, pg_temp as $$
  select true, s.link_id from link_sessions s where s.token_hash = the_hash and s.proved_at is null and s.ended_at is null and s.expires_at > now()
$$;
-- A try at the newest code; at most five a code, whoever tries. The browser gets a new session when it fits.
create function access.prove_link(the_hash bytea, the_code bytea, the_session uuid, the_new_hash bytea, lifetime interval) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare s link_sessions; c link_codes;
begin
  select * into s from link_sessions where token_hash = the_hash and proved_at is null and ended_at is null and expires_at > now() for update;
  if not found or s.link_id is null or access.live_link(s.link_id) is null then return null; end if;
  update link_codes set tries = tries + 1
    where id = (select k.id from link_codes k where k.link_id = s.link_id order by k.made_at desc, k.id desc limit 1 for update)
      and used_at is null and expires_at > now() and tries < 5 returning * into c;
  if not found or c.code_hash <> the_code then
    insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), l.referral_id, l.id, 'refused' from answer_links l where l.id = s.link_id;
    insert into facts (id, actor, org, kind, case_id, referral_id, subjects)
      select gen_random_uuid(), '', r.from_org, 'link.refused', r.case_id, r.id, array[l.id] from answer_links l join referrals r on r.id = l.referral_id where l.id = s.link_id;
    return null;
  end if;
  update link_codes set used_at = now() where id = c.id;
  update link_sessions set ended_at = now() where id = s.id;
  insert into link_sessions (id, token_hash, link_id, expires_at, proved_at) values (the_session, the_new_hash, s.link_id, now() + lifetime, now());
  insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), l.referral_id, l.id, 'proved' from answer_links l where l.id = s.link_id;
  return s.link_id;
end $$;
-- Who is in by this session, with what a page needs; marks it seen at most once a minute.
create function access.link_session(the_hash bytea, idle interval) returns table (link_id uuid, referral_id uuid, from_org int, org_name text, org_names jsonb, desk text, to_name text, time_zone text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare s link_sessions;
begin
  select * into s from link_sessions l where l.token_hash = the_hash and l.proved_at is not null and l.ended_at is null and l.expires_at > now() and l.seen_at > now() - idle;
  if not found then return; end if;
  if s.seen_at < now() - interval '1 minute' then
    update link_sessions set seen_at = now() where id = s.id;
  end if;
  return query select s.link_id, r.id, r.from_org, o.name, o.names, o.general_desk, coalesce(t.name, r.to_name), coalesce(t.time_zone, o.time_zone)
    from referrals r join organisations o on o.id = r.from_org left join organisations t on t.id = r.to_org where r.id = access.live_link(s.link_id);
end $$;
create function access.end_link_session(the_hash bytea) returns void language sql security definer set search_path = public, pg_temp as $$
  update link_sessions set ended_at = now() where token_hash = the_hash and ended_at is null
$$;
-- A link's own lines of use; and that it lasts on while it is answered.
create function access.note_link_use(the_what text, the_detail text) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into link_uses (id, referral_id, link_id, what, detail)
  select gen_random_uuid(), l.referral_id, l.id, the_what, left(the_detail, 60) from answer_links l where l.id = access.my_link() and the_what in ('opened', 'answered')
$$;
create function access.renew_link(the_moment timestamptz) returns void language sql security definer set search_path = public, pg_temp as $$
  update answer_links set expires_at = greatest(expires_at, the_moment)
  where id = access.my_link() and access.my_link_referral() is not null and the_moment < now() + interval '1 year'
$$;
-- A one-time code is made by the sender's organisation: its job, or a colleague who reads it out by telephone. The link, its contact and how
-- the case is guarded come back for the last check.
create function access.put_link_code(the_id uuid, the_link uuid, the_code bytea, the_what text, the_life interval) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare l answer_links;
begin
  select * into l from answer_links where id = the_link;
  if not found or access.live_link(the_link) is null or not access.works_on(l.referral_id) or access.actor_kind() = 'link' then raise no_data_found; end if;
  insert into link_codes (id, link_id, code_hash, expires_at) values (the_id, the_link, the_code, now() + the_life);
  insert into link_uses (id, referral_id, link_id, what) values (gen_random_uuid(), l.referral_id, the_link, the_what);
end $$;
-- When codes were made for a link lately, so that nobody's mailbox is flooded.
create function access.link_codes_since(the_link uuid, the_moment timestamptz) returns table (count bigint, last_at timestamptz) stable language sql security definer set search_path = public, pg_temp as $$
  select count(*), max(made_at) from link_codes where link_id = the_link and made_at > the_moment
$$;

create function access.link_of_one_time_code(the_id uuid) returns uuid stable language sql security definer set search_path = public, pg_temp as $$
  select link_id from link_codes where id = the_id and used_at is null and expires_at > now() and access.job_org() is not null
$$;

-- How long this browser must still wait: after five tries by its address or at its code one second, doubled up to a quarter of an hour; and
-- when all tries together pass what a world of partners types in ten minutes, until those ten minutes are over.
create function access.link_wait(the_keys bytea[], the_all bytea) returns interval stable language sql security definer set search_path = public, pg_temp as $$
  select coalesce(max(case when key = the_all then since + interval '10 minutes' - now()
      else last_at + least(interval '15 minutes', interval '1 second' * power(2, least(tries, 20) - 5)) - now() end), interval '0')
  from link_tries where (key = any (the_keys) and tries >= 5) or (key = the_all and tries >= 300 and since > now() - interval '10 minutes')
$$;
create function access.note_link_try(the_keys bytea[], the_all bytea) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into link_tries (key, tries) select k, 1 from unnest(the_keys || the_all) k
  on conflict (key) do update set
    tries = case when link_tries.since < now() - case when link_tries.key = the_all then interval '10 minutes' else interval '1 day' end then 1 else link_tries.tries + 1 end,
    since = case when link_tries.since < now() - case when link_tries.key = the_all then interval '10 minutes' else interval '1 day' end then now() else link_tries.since end,
    last_at = now()
$$;
create function access.forget_link_tries(the_keys bytea[]) returns void language sql security definer set search_path = public, pg_temp as $$
  delete from link_tries where key = any (the_keys)
$$;
create function access.sweep_links() returns void language sql security definer set search_path = public, pg_temp as $$
  delete from link_sessions where expires_at < now() - interval '1 day';
  delete from link_codes where expires_at < now() - interval '1 day';
  delete from link_tries where last_at < now() - interval '1 day'
$$;

-- Organisations outside that answered the reader's organisation by link at least so often since then: invite them in. A proposal, no figure;
-- restricted types count in nothing (S15).
create function access.often_answering(the_since timestamptz, the_least int) returns table (org int) stable language sql security definer set search_path = public, pg_temp as $$
  select r.to_org from referrals r join organisations o on o.id = r.to_org and not o.in_system left join case_types t on t.id = r.case_type
  where r.from_org = any (access.my_orgs_for('agreement.edit')) and coalesce(t.sensitivity, 'standard') <> 'restricted' and r.requested_at > the_since - interval '90 days'
    and exists (select from link_uses u where u.referral_id = r.id and u.what = 'answered' and u.at > the_since)
  group by r.to_org having count(*) >= the_least
$$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;

-- How partners answered the reader's own organisation, from the aggregates that were suppressed before they were stored (S15).
create function access.partner_figures() returns setof loop_figures stable language sql security definer set search_path = public, pg_temp as $$
  select * from loop_figures where cut = 'to_org' and from_org = any (access.my_orgs())
$$;
revoke all on function access.partner_figures() from public;
grant execute on function access.partner_figures() to throughcare_web;
grant execute on function access.my_orgs() to throughcare_figures;
grant create on schema access to throughcare_figures;
alter function access.partner_figures() owner to throughcare_figures;
revoke create on schema access from throughcare_figures;
