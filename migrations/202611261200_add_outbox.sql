-- The outbox: every message that leaves the house is a row that commits together with the change that asked for it. What it says and to
-- whom is sealed under a key of its own; what lies open are ids, codes and times. `lane` is a hash of the recipient's mail domain, for
-- pacing; `public_id` is what the outside sees of a message: its Message-ID and its return path.

create table messages (
  id uuid constraint messages_pkey primary key,
  public_id uuid not null default gen_random_uuid() constraint messages_public_id_key unique,
  org int not null constraint messages_org_fkey references organisations (id),
  kind text not null constraint messages_kind_length check (length(kind) between 1 and 40),
  lang text not null constraint messages_lang_known check (lang in ('en', 'ar', 'fr', 'es')),
  about uuid,
  referral_id uuid,
  lane text not null,
  body bytea,
  state text not null default 'queued' constraint messages_state_known
    check (state in ('queued', 'sending', 'sent', 'delivered', 'bounced', 'dropped', 'dead')),
  posted_at timestamptz not null,
  due_at timestamptz not null,
  -- The two days of trying begin with the first try, or again when somebody resends.
  first_try_at timestamptz,
  tries int not null default 0,
  -- Tries since posting or resending: what the pauses between them grow with.
  failures int not null default 0,
  held_until timestamptz,
  sent_at timestamptz,
  settled_at timestamptz,
  -- How the last try ended, or why it was dropped or bounced: a code.
  result text,
  -- The reply or status code that came with it, such as 451 or 5.1.1.
  detail text constraint messages_detail_shape check (detail ~ '^[0-9.]{1,12}$'),
  forgotten_at timestamptz,
  version int not null default 1
);
create index messages_due_idx on messages (due_at) where state in ('queued', 'sending');
create index messages_org_idx on messages (org, state, posted_at desc);
create index messages_about_idx on messages (about, posted_at desc) where about is not null;
create index messages_kept_idx on messages (coalesce(settled_at, sent_at)) where forgotten_at is null;

create table message_tries (
  message_id uuid not null constraint message_tries_message_id_fkey references messages (id) on delete cascade,
  number int not null,
  org int not null constraint message_tries_org_fkey references organisations (id),
  began_at timestamptz not null,
  ended_at timestamptz,
  -- Null while it runs; `interrupted` when the program ended in the middle.
  result text,
  reply smallint,
  constraint message_tries_pkey primary key (message_id, number)
);
create index message_tries_org_idx on message_tries (org, began_at desc);

select access.close_table('messages'::regclass), access.close_table('message_tries'::regclass);

-- Anybody's act may leave a message, as it may leave a job; only the sender and an organisation's administrators read one, never its body.
create policy anybody_posts on messages for insert to throughcare_web with check (state = 'queued');
create policy administrators_keep on messages for select to throughcare_web using (org = any ((select access.my_orgs_for('admin.mail'))::int[]));
create policy administrators_resend on messages for update to throughcare_web using (org = any ((select access.my_orgs_for('admin.mail'))::int[]));
create policy jobs_of_org on messages for all to throughcare_worker using (org = (select access.job_org()));
create policy sender_works on messages for all to throughcare_worker using ((select access.actor_kind()) = 'system' and (select access.job_org()) is null);
grant insert on messages to throughcare_web;
grant select (id, public_id, org, kind, lang, state, posted_at, due_at, first_try_at, tries, failures, sent_at, settled_at, result, detail, forgotten_at, version) on messages to throughcare_web;
grant update (state, due_at, first_try_at, failures, held_until, settled_at, version) on messages to throughcare_web;
grant select, insert, update, delete on messages to throughcare_worker;

create policy administrators_keep on message_tries for select to throughcare_web using (org = any ((select access.my_orgs_for('admin.mail'))::int[]));
create policy jobs_of_org on message_tries for all to throughcare_worker using (org = (select access.job_org()));
create policy sender_works on message_tries for all to throughcare_worker using ((select access.actor_kind()) = 'system' and (select access.job_org()) is null);
grant select on message_tries to throughcare_web;
grant select, insert, update, delete on message_tries to throughcare_worker;

-- The key of a message opens for the job that sends it, for its own organisation, and for nobody else.
create function access.message_key(the_message uuid) returns bytea stable language sql security definer set search_path = public, pg_temp as $$
  select k.wrapped from keys k join messages m on m.id = k.owner
  where k.owner = the_message and k.destroyed_at is null and m.org = access.job_org()
$$;

-- How messages about something fared. Other rooms ask it of what they have just read under row security; it answers with codes and times.
create function access.deliveries(the_abouts uuid[]) returns table (about uuid, message_id uuid, kind text, state text, posted_at timestamptz, sent_at timestamptz, settled_at timestamptz, tries int, result text)
stable language sql security definer set search_path = public, pg_temp as $$
  select distinct on (m.about) m.about, m.id, m.kind, m.state, m.posted_at, m.sent_at, m.settled_at, m.tries, m.result from messages m
  where m.about = any (the_abouts)
    and (access.actor_kind() = 'operator' or m.org = any (access.my_orgs()) or m.org = access.job_org())
  order by m.about, m.posted_at desc
$$;

-- Forgets what messages said: the key goes, and the sealed words with it. By age, for the program's own upkeep; or about something, for
-- whoever erases it.
create policy access_writes on messages for update to throughcare_access using (true);
grant update (body, forgotten_at) on messages to throughcare_access;
create function access.forget_messages(the_before timestamptz) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare gone bigint;
begin
  if access.actor_kind() <> 'system' or access.job_org() is not null then raise insufficient_privilege; end if;
  with old as (
    update messages set body = null, forgotten_at = now()
    where forgotten_at is null and state in ('sent', 'delivered', 'bounced', 'dropped', 'dead') and coalesce(settled_at, sent_at) < the_before returning id),
  keyless as (update keys set wrapped = ''::bytea, destroyed_at = now() where owner in (select id from old) and destroyed_at is null returning owner)
  select count(*) into gone from keyless;
  return gone;
end $$;
create function access.forget_messages_about(the_about uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with old as (
    update messages set body = null, forgotten_at = now()
    where forgotten_at is null and about = the_about
      and (access.actor_kind() = 'operator' or org = any (access.my_orgs()) or org = access.job_org()) returning id)
  update keys set wrapped = ''::bytea, destroyed_at = now() where owner in (select id from old) and destroyed_at is null;
end $$;

select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
