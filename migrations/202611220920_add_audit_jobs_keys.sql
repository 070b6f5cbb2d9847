-- Facts (append-only), the seals over them, jobs, the outbox, data keys and idempotency keys.

create table facts (
  id uuid constraint facts_pkey primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  actor text not null,
  org int,
  kind text not null,
  case_id uuid,
  referral_id uuid,
  subjects uuid[] not null default '{}',
  fields text[] not null default '{}',
  note jsonb not null default '{}'
);
create index facts_xid_idx on facts (xid, id);
create index facts_case_id_idx on facts (case_id, at) where case_id is not null;
create index facts_org_at_idx on facts (org, at);
create index facts_actor_idx on facts (actor, at);

create table seals (
  number bigint constraint seals_pkey primary key,
  from_xid xid8 not null,
  upto_xid xid8 not null,
  facts_count bigint not null,
  facts_total bigint not null,
  root bytea not null,
  chain bytea not null,
  signature bytea not null,
  sealed_at timestamptz not null default now()
);

create table jobs (
  id uuid constraint jobs_pkey primary key,
  kind text not null,
  org int,
  body jsonb not null default '{}',
  run_at timestamptz not null default now(),
  attempts int not null default 0,
  held_until timestamptz,
  done_at timestamptz,
  given_up_at timestamptz,
  error text,
  -- A job that must exist once carries a key; a second enqueue of the same key does nothing.
  once text constraint jobs_once_key unique
);
create index jobs_due_idx on jobs (run_at) where done_at is null and given_up_at is null;

-- One data key per case, packet or letter, wrapped by the key-encryption key. No grants: only the functions below.
create table keys (
  owner uuid constraint keys_pkey primary key,
  case_id uuid,
  wrapped bytea not null,
  epoch int not null default 1,
  destroyed_at timestamptz
);

create table idempotency_keys (
  user_id uuid not null constraint idempotency_keys_user_id_fkey references users (id),
  key text not null constraint idempotency_keys_key_length check (length(key) between 1 and 100),
  request_hash bytea not null,
  status int,
  body text,
  location text,
  at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (user_id, key)
);

select access.close_table(t::regclass) from unnest(array['facts', 'seals', 'jobs', 'keys', 'idempotency_keys']) t;

-- Facts are appended by everybody and changed by nobody. The actor column is the transaction's own, whatever the caller writes.
create function access.stamp_fact() returns trigger language plpgsql as $$
begin
  new.actor := coalesce(nullif(current_setting('throughcare.actor', true), ''), 'nobody:');
  new.xid := pg_current_xact_id();
  new.at := now();
  return new;
end $$;
create trigger facts_stamp before insert on facts for each row execute function access.stamp_fact();
create policy anybody_appends on facts for insert to throughcare_web with check (true);
create policy jobs_append on facts for insert to throughcare_worker with check (true);
create policy protection_officers_read on facts for select to throughcare_web using (org = any ((select access.my_orgs_for('audit.read'))::int[]));
create policy sealer_reads on facts for select to throughcare_worker using (access.actor_kind() = 'system' and access.job_org() is null);
grant insert on facts to throughcare_web, throughcare_worker;
grant select on facts to throughcare_web, throughcare_worker;
create policy sealer_writes on seals for all to throughcare_worker using (true);
create policy officers_read on seals for select to throughcare_web using (cardinality((select access.my_orgs_for('audit.read'))::int[]) > 0);
grant select, insert on seals to throughcare_worker;
grant select on seals to throughcare_web;

create policy anybody_enqueues on jobs for insert to throughcare_web with check (true);
create policy worker_works on jobs for all to throughcare_worker using (true);
grant insert on jobs to throughcare_web;
-- The unique key is arbitrated without the enqueuer reading the table: on conflict do nothing needs no select here.
grant select, insert, update, delete on jobs to throughcare_worker;

create policy own_keys on idempotency_keys for all to throughcare_web using (user_id = (select access.me()));
grant select, insert, update on idempotency_keys to throughcare_web;
create policy worker_clears on idempotency_keys for all to throughcare_worker using (true);
grant select, delete on idempotency_keys to throughcare_worker;

create policy access_writes on keys for all to throughcare_access using (true);
grant insert, update on keys to throughcare_access;
