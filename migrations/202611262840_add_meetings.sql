-- Meetings of a case: interviews, home visits, conferences, accompaniment; whose calendar they stand in, what became of each, and every change of time
-- with who asked for it. Place, purpose, who was invited and what was said are sealed with the case's key.
create table meetings (
  id uuid constraint meetings_pkey primary key,
  case_id uuid not null constraint meetings_case_id_fkey references cases (id) on delete cascade,
  kind text not null constraint meetings_kind_known check (kind in ('interview', 'home_visit', 'conference', 'accompaniment')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- In whose calendar it stands.
  holder uuid not null constraint meetings_holder_fkey references users (id),
  words bytea not null,
  state text not null default 'planned' constraint meetings_state_known check (state in ('planned', 'held', 'late', 'no_show', 'not_held')),
  reason text constraint meetings_reason_length check (length(reason) <= 40),
  -- Of a visit: when the worker set out, by when they are back, and when they were (S22).
  set_out_at timestamptz,
  back_by timestamptz,
  back_at timestamptz,
  missed_at timestamptz,
  author uuid not null constraint meetings_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now(),
  version int not null default 1,
  constraint meetings_ends_after_start check (ends_at > starts_at and ends_at <= starts_at + interval '12 hours'),
  constraint meetings_out_with_return check ((set_out_at is null) = (back_by is null) and (back_at is null or set_out_at is not null))
);
create index meetings_case_id_idx on meetings (case_id, starts_at);
create index meetings_holder_idx on meetings (holder, starts_at);
create index meetings_author_idx on meetings (author);
select access.close_case_table('meetings', array['starts_at', 'ends_at', 'holder', 'words', 'state', 'reason', 'set_out_at', 'back_by', 'back_at', 'missed_at', 'version']);
create index meetings_out_idx on meetings (org, back_by) where set_out_at is not null and back_at is null and missed_at is null;
create policy in_ones_own_name on meetings as restrictive for insert to throughcare_web
  with check (author = (select access.me()) and state = 'planned');

create table meeting_moves (
  id uuid constraint meeting_moves_pkey primary key,
  meeting_id uuid not null constraint meeting_moves_meeting_id_fkey references meetings (id) on delete cascade,
  case_id uuid not null constraint meeting_moves_case_id_fkey references cases (id) on delete cascade,
  from_at timestamptz not null,
  to_at timestamptz not null,
  asked_by text not null constraint meeting_moves_asked_by_known check (asked_by in ('person', 'worker', 'organisation')),
  reason text not null constraint meeting_moves_reason_length check (length(reason) <= 40),
  author uuid not null constraint meeting_moves_author_fkey references users (id),
  author_name text not null,
  recorded_at timestamptz not null default now()
);
create index meeting_moves_meeting_id_idx on meeting_moves (meeting_id);
create index meeting_moves_case_id_idx on meeting_moves (case_id);
create index meeting_moves_author_idx on meeting_moves (author);
select access.close_case_table('meeting_moves', array[]::text[]);
create policy in_ones_own_name on meeting_moves as restrictive for insert to throughcare_web with check (author = (select access.me()));

-- An address under which a calendar program fetches one's meetings: only the hash of its secret is kept, and it says neither whom nor where.
create table calendar_feeds (
  user_id uuid constraint calendar_feeds_pkey primary key constraint calendar_feeds_user_id_fkey references users (id) on delete cascade,
  secret_hash bytea not null constraint calendar_feeds_secret_hash_key unique constraint calendar_feeds_secret_hash_length check (length(secret_hash) = 32),
  -- Codes of cases beside the kind of meeting; without them every meeting is "busy".
  with_codes boolean not null,
  made_at timestamptz not null,
  read_at timestamptz
);
select access.close_table('calendar_feeds');
create policy ones_own on calendar_feeds for all to throughcare_web using (user_id = (select access.me())) with check (user_id = (select access.me()));
grant select, insert, update, delete on calendar_feeds to throughcare_web;

-- The meetings behind such an address. A code stands there only while the holder keeps or supervises the case, and never of a restricted one:
-- whoever has lost sight of a case, or is barred from it, learns nothing more of it (S10, S13, S19).
create function access.calendar_feed(the_hash bytea, the_from timestamptz, the_to timestamptz)
  returns table (id uuid, kind text, starts_at timestamptz, ends_at timestamptz, code text, lang text)
stable language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  return query select m.id, case when f.with_codes and t.sensitivity <> 'restricted' and f.user_id in (c.case_manager, c.supervisor) then m.kind end, m.starts_at, m.ends_at,
      case when f.with_codes and t.sensitivity <> 'restricted' and f.user_id in (c.case_manager, c.supervisor) then c.code end, coalesce(u.lang, o.lang)
    from calendar_feeds f join users u on u.id = f.user_id and u.active join organisations o on o.id = u.org
      join meetings m on m.holder = f.user_id join cases c on c.id = m.case_id join case_types t on t.id = c.case_type
    where f.secret_hash = the_hash and m.state = 'planned' and m.starts_at >= the_from and m.starts_at < the_to
      and not exists (select from bars b where b.case_id = m.case_id and b.lifted_at is null and (b.user_id = f.user_id or exists (
        select from memberships s join units n on n.id = s.unit where s.user_id = f.user_id and s.ended_at is null and b.unit = any (n.path))))
    order by m.starts_at limit 500;
end $$;
create function access.has_calendar_feed(the_hash bytea) returns boolean stable language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return exists (select from calendar_feeds f join users u on u.id = f.user_id and u.active where f.secret_hash = the_hash);
end $$;

-- What is planned with a person follows the case to its next keeper.
create function access.hand_meetings() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update meetings set holder = new.case_manager, version = version + 1
  where case_id = new.id and state = 'planned' and set_out_at is null and holder = old.case_manager;
  return null;
end $$;
create trigger cases_hand_meetings after update of case_manager on cases for each row
  when (new.case_manager is not null and old.case_manager is distinct from new.case_manager) execute function access.hand_meetings();
select access.own_functions();
grant execute on all functions in schema access to throughcare_migrator;
