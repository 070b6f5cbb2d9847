-- Letters: templates that an organisation edited, the letter of each referral, and what was attached to its packet.

-- A shipped template stands in its pack; here stand the organisations' own versions. A version never changes: a sent letter names its own.
create table letter_templates (
  id uuid constraint letter_templates_pkey primary key,
  org int not null constraint letter_templates_org_fkey references organisations (id),
  pack text not null,
  kind text not null,
  lang text not null constraint letter_templates_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  version int not null,
  -- The texts; null puts the pack's own back in force.
  body jsonb,
  written_by uuid not null constraint letter_templates_written_by_fkey references users (id),
  written_by_name text not null,
  recorded_at timestamptz not null default now(),
  constraint letter_templates_version_key unique (org, pack, kind, lang, version)
);
create index letter_templates_written_by_idx on letter_templates (written_by);
select access.close_table('letter_templates');
create policy own_read on letter_templates for select to throughcare_web using (org = any ((select access.my_orgs())::int[]));
create policy administrators_write on letter_templates for insert to throughcare_web with check (org = any ((select access.my_orgs_for('letter.template'))::int[]));
create policy jobs_read on letter_templates for select to throughcare_worker using (org = (select access.job_org()));
grant select, insert on letter_templates to throughcare_web;
grant select on letter_templates to throughcare_worker;

-- One letter a referral. Only the sender's side reads it: the receiver has the message, the paper, and the referral itself.
create table letters (
  id uuid constraint letters_pkey primary key,
  referral_id uuid not null constraint letters_referral_id_fkey references referrals (id) on delete cascade,
  state text not null default 'draft' constraint letters_state_known check (state in ('draft', 'submitted', 'issued', 'dropped')),
  -- Why nothing went out.
  reason text,
  way text not null constraint letters_way_known check (way in ('email', 'hand', 'post')),
  lang text not null constraint letters_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  contact_id uuid,
  template_kind text not null,
  -- The version in force when it was submitted: the pack's, or the organisation's own.
  template_pack text not null default '',
  template_pack_version int,
  template_id uuid constraint letters_template_id_fkey references letter_templates (id),
  -- Sealed with the letter's own key: what was typed; what was frozen when it was submitted; the exact bytes that went out.
  typed bytea not null,
  frozen bytea,
  body bytea,
  digest bytea,
  -- An agreement with client tracking stood when it was submitted, and must still stand when it goes.
  by_agreement boolean not null default false,
  submitted_by uuid constraint letters_submitted_by_fkey references users (id),
  submitted_at timestamptz,
  issued_at timestamptz,
  printed_at timestamptz,
  version int not null default 1,
  recorded_at timestamptz not null default now(),
  constraint letters_referral_id_key unique (referral_id)
);
create index letters_template_id_idx on letters (template_id);
create index letters_submitted_by_idx on letters (submitted_by);
select access.close_referral_table('letters', 'false');

-- Notes and documents of the case that consent lets travel in the packet, copied and sealed with a key of their own when it is frozen.
create table referral_attachments (
  id uuid constraint referral_attachments_pkey primary key,
  referral_id uuid not null constraint referral_attachments_referral_id_fkey references referrals (id) on delete cascade,
  source text not null constraint referral_attachments_source_known check (source in ('note', 'document')),
  source_id uuid not null,
  title bytea not null,
  media_type text not null,
  size_bytes bigint not null,
  -- The name of the sealed file in the data folder.
  file text not null,
  recorded_at timestamptz not null default now(),
  constraint referral_attachments_once unique (referral_id, source_id)
);

-- Attachments open and close with the packets they belong to: all of them, or none.
create function access.packets_open(the_referral uuid) returns boolean stable language sql security definer set search_path = public, pg_temp as $$
  select count(*) > 0 and bool_and(opened_at is not null and closed_at is null and (closes_at is null or closes_at > now()) and access.consent_stands(consent_id))
  from packets where referral_id = the_referral and not is_supplement
$$;
select access.close_referral_table('referral_attachments', 'access.packets_open(referral_id)');

do $$
begin
  execute format($f$create function access.letter_key(the_letter uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as
    $b$ select k.wrapped from keys k where k.owner = the_letter and k.destroyed_at is null and (access.actor_kind() = 'operator' or exists (
      select from letters where id = the_letter and (from_org = access.job_org() or (%s)))) $b$ $f$, access.from_rule());
  execute format($f$create function access.attachment_key(the_attachment uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as
    $b$ select k.wrapped from keys k where k.owner = the_attachment and k.destroyed_at is null and exists (
      select from referral_attachments where id = the_attachment and ((%s) or ((%s) and access.packets_open(referral_id)))) $b$ $f$,
    access.from_rule(), access.to_rule());
end $$;

-- A packet closed for good takes the attachments with it: their keys go (S4).
create function access.close_attachments() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update keys set wrapped = ''::bytea, destroyed_at = now()
  where destroyed_at is null and owner in (select id from referral_attachments where referral_id = new.referral_id);
  return null;
end $$;
create trigger packets_close_attachments after update on packets for each row when (old.closed_at is null and new.closed_at is not null)
  execute function access.close_attachments();

-- Whether everything a letter rests on still stands when it is about to go, asked for the sender's organisation of a letter that was just
-- read: by the job that sends it, or by whoever prints it. Answers with a coded reason, or null if it may go.
create function access.letter_stands(the_letter uuid, the_day date) returns text stable language plpgsql security definer set search_path = public, pg_temp as $$
declare l letters; r referrals;
begin
  select * into l from letters where id = the_letter
    and (from_org = access.job_org() or from_org = any (access.my_orgs()) or access.actor_kind() = 'operator');
  if not found then raise no_data_found; end if;
  select * into strict r from referrals where id = l.referral_id;
  if r.deletion_asked_at is not null or exists (select from packets p where p.referral_id = r.id and not access.consent_stands(p.consent_id)) then return 'consent_withdrawn'; end if;
  if r.status not in ('requested', 'accepted', 'in_progress', 'on_hold') then return 'referral_ended'; end if;
  if l.by_agreement and not exists (select from agreements a where a.from_org = r.from_org and a.to_org = r.to_org and a.client_tracking
    and a.starts_on <= the_day and (a.ends_on is null or a.ends_on >= the_day)) then return 'agreement_ended'; end if;
  return null;
end $$;

-- Where a referral to an organisation by name arrives: the unit nearest to the top in which somebody answers referrals, else the top.
create function access.front_desk(the_org int) returns int stable language sql security definer set search_path = public, pg_temp as $$
  select u.id from units u where u.org = the_org and u.active
  order by exists (select from memberships m join roles r on r.id = m.role where m.unit = u.id and m.ended_at is null and 'referral.answer' = any (r.acts)) desc,
    cardinality(u.path), u.id limit 1
$$;

-- The kind of organisation of a receiver that has no row of its own: consent may reach it by that.
alter table referrals add column to_kind text not null default '' constraint referrals_to_kind_known
  check (to_kind in ('', 'ministry', 'municipality', 'un_agency', 'ngo', 'provider', 'other'));

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
