//! What every table must have, asked of the database itself. Each failure prints the SQL to paste.
use sqlx::Row;

use throughcare::platform::ids::UserId;

use crate::support::World;

// Tables without row security, each with its reason.
const OPEN_TABLES: &[(&str, &str)] =
    &[("_sqlx_migrations", "belongs to the migration tool, holds no data of ours, and no role of ours may read it")];

async fn rows(w: &World, sql: &'static str) -> Vec<String> {
    let mut work = w.operate().await;
    sqlx::query(sql).fetch_all(work.db()).await.expect("the catalogue answers").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_table_has_row_security_enabled_and_forced() {
    let w = World::new().await;
    let open = rows(&w, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)").await;
    let unexcused: Vec<_> = open
        .iter()
        .filter(|table| !OPEN_TABLES.iter().any(|(name, _)| name == table))
        .map(|table| format!("select access.close_table('{table}');"))
        .collect();
    assert!(unexcused.is_empty(), "{}", unexcused.join("\n"));
}

#[tokio::test]
async fn every_foreign_key_is_indexed() {
    let w = World::new().await;
    let missing = rows(
        &w,
        "select format('create index %s_%s_idx on %s (%s);', c.conrelid::regclass, a.attname, c.conrelid::regclass, a.attname)
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.connamespace = 'public'::regnamespace
           and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])",
    )
    .await;
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[tokio::test]
async fn every_constraint_is_named_by_us() {
    let w = World::new().await;
    let unnamed = rows(
        &w,
        "select conname::text from pg_constraint c where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'u')
           and conrelid <> '_sqlx_migrations'::regclass and conname ~ '_(check|key|fkey)[0-9]+$'",
    )
    .await;
    assert!(unnamed.is_empty(), "name these constraints: {unnamed:?}");
}

#[tokio::test]
async fn the_runtime_roles_own_nothing_and_cannot_pass_row_security() {
    let w = World::new().await;
    let owned = rows(&w, "select relname::text from pg_class where relowner in ('throughcare_web'::regrole, 'throughcare_worker'::regrole, 'throughcare_figures'::regrole)").await;
    assert!(owned.is_empty(), "{owned:?}");
    let strong = rows(&w, "select rolname::text from pg_roles where rolname like 'throughcare%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)").await;
    assert!(strong.is_empty(), "{strong:?}");
}

#[tokio::test]
async fn every_definer_function_has_a_fixed_search_path_and_belongs_to_access() {
    let w = World::new().await;
    let loose = rows(
        &w,
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('access', 'public') and p.prosecdef
           and (p.proowner not in ('throughcare_access'::regrole, 'throughcare_figures'::regrole) or not coalesce(array_to_string(p.proconfig, ',') like '%search_path=public, pg_temp%', false))",
    )
    .await;
    assert!(loose.is_empty(), "{loose:?}");
}

// Tables that the world below leaves empty, each with its reason.
const EMPTY: &[(&str, &str)] = &[
    ("seals", "the sealer of the audit runs beside the tests"),
    ("idempotency_keys", "kept for programs and for forms that carry their page's mark"),
    ("saved_views", "one is a convenience and holds no person"),
];

#[tokio::test]
async fn without_an_actor_nothing_is_there() {
    let w = World::new().await;
    w.with_every_role("boss", 1).await;
    w.estate().await;
    lived_in(&w).await;
    conferred(&w).await;
    let tables = rows(&w, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and has_any_column_privilege('throughcare_web', oid, 'select')").await;
    assert!(tables.len() > 20);
    let mut empty = Vec::new();
    for table in tables {
        if w.count(&table).await == 0 && !EMPTY.iter().any(|(name, _)| *name == table) {
            empty.push(table.clone());
        }
        let mut work =
            throughcare::platform::db::Work::open(&w.ground, throughcare::platform::db::Actor::Nobody).await.expect("work");
        let seen = sqlx::query(sqlx::AssertSqlSafe(format!("select from {table} limit 1"))).fetch_all(work.db()).await;
        assert!(seen.expect("it answers").is_empty(), "nobody sees rows of {table}");
    }
    assert!(empty.is_empty(), "a table without rows proves nothing; arrange some in `lived_in`: {empty:?}");
}

// A form, its edition and its copies.
const FORM: &str = "00000000-0000-7000-8000-00000000f000";

// The ground on which something was shared in a conference, and somebody's contract.
async fn conferred(w: &World) {
    let amina = crate::support::world::user("amina");
    w.sql(&format!(
        "insert into conferences (meeting_id, case_id, person_invited) select id, case_id, true from meetings limit 1;
         insert into conference_shares (id, party_id, case_id, section, consent_id)
           select gen_random_uuid(), p.id, p.case_id, 'need', c.id from conference_parties p, consents c limit 1;
         insert into conference_packet_bases (packet_id, section, case_id, consent_id) select p.id, 'need', p.case_id, c.id from conference_packets p, consents c limit 1;
         insert into conference_recalls (id, from_org, to_org, case_type, code, held_at, asked_at, due_at)
           select id, from_org, to_org, case_type, code, held_at, now(), now() from conference_packets limit 1;
         insert into project_recalls (id, placement, consent, from_org, to_org, unit, project, starts_on, weekly_hours, asked_at, due_at)
           select gen_random_uuid(), l.id, c.id, 1, 1, p.unit, p.title, l.starts_on, 8, now(), now()
           from project_placements l join projects p on p.id = l.project_id, consents c limit 1;
         insert into contracted_hours (user_id, org, hours, set_by, set_at) values ('{amina}', 1, 40, '{amina}', now())"
    ))
    .await;
}

/// What the records of the estate leave out, so that every table that somebody reads holds a row.
pub(crate) async fn lived_in(w: &World) {
    let (case, referral, person) = (
        "(select min(id::text)::uuid from cases)",
        "(select min(id::text)::uuid from referrals)",
        "(select min(id::text)::uuid from persons)",
    );
    let amina = crate::support::world::user("amina");
    forms_lived_in(w, case, amina).await;
    agreed(w, amina).await;
    w.sql(&format!(
        "insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), {case}, 31, 'relative');
         insert into quality_reviews (id, case_id, month, answers, result, author, author_name) values (gen_random_uuid(), {case}, '2026-11-01', '{{}}', 'good', '{amina}', 'x');
         insert into supervision_cases (id, session_id, case_id, held_at, author)
           select gen_random_uuid(), id, {case}, now(), supervisor from supervision_sessions limit 1;
         insert into supervision_decisions (id, session_id, case_id, task_id, author)
           select gen_random_uuid(), s.id, t.case_id, t.id, s.supervisor from supervision_sessions s, tasks t where t.case_id is not null limit 1;
         insert into wellbeing_notes (id, session_id, worker, supervisor, author, body)
           select gen_random_uuid(), id, workers[1], supervisor, supervisor, '' from supervision_sessions;
         insert into meetings (id, case_id, kind, starts_at, ends_at, holder, words, author, author_name)
           values (gen_random_uuid(), {case}, 'interview', now(), now() + interval '1 hour', '{amina}', '', '{amina}', 'x');
         insert into meeting_moves (id, meeting_id, case_id, from_at, to_at, asked_by, reason, author, author_name)
           select gen_random_uuid(), id, case_id, now(), now(), 'person', 'other', '{amina}', 'x' from meetings;
         insert into calendar_feeds (user_id, secret_hash, made_at) values ('{amina}', decode(repeat('ab', 32), 'hex'), now());
         insert into case_notes (id, case_id, kind, happened_at, author, author_name) values (gen_random_uuid(), {case}, 'note', now(), '{amina}', 'x');
         insert into person_correction_answers (id, correction_id, accepted, author, author_name) select gen_random_uuid(), id, true, '{amina}', 'x' from person_corrections;
         insert into case_moves (id, case_id, kind, happened_at, actor_name) values (gen_random_uuid(), {case}, 'opened', now(), 'x');
         insert into letter_templates (id, org, pack, kind, lang, version, written_by, written_by_name)
           values (gen_random_uuid(), 1, 'protection', 'referral_letter', 'en', 1, '{amina}', 'x');
         insert into plan_reviews (id, plan_id, case_id, kind, happened_at, author, author_name)
           select gen_random_uuid(), id, case_id, 'review', now(), '{amina}', 'x' from plans;
         insert into achievement_marks (id, case_id, line, nth, state, seen_on, author, author_name)
           values (gen_random_uuid(), {case}, 'papers', 1, 'to_achieve', '2026-01-01', '{amina}', 'x');
         insert into eligibility_rules (id, service_id, number, text, compiled, written_by_name)
           select gen_random_uuid(), id, 1, 'true', '{{}}', 'x' from services limit 1;
         insert into service_preferences (id, case_id, service_id, nth, wish, author, author_name)
           select gen_random_uuid(), {case}, id, 1, 'wanted', '{amina}', 'x' from services limit 1;
         insert into not_referred (id, case_id, need, reason, recorded_by) values (gen_random_uuid(), {case}, 'health', 'not_available', '{amina}');
         insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at)
           values (gen_random_uuid(), {referral}, 'submit', 'from', 'draft', 'requested', 'sent', now());
         insert into referral_messages (id, referral_id, side, body, author, org) values (gen_random_uuid(), {referral}, 'from', '', '{amina}', 1);
         insert into appointments (id, referral_id, at) values (gen_random_uuid(), {referral}, now());
         insert into packets (id, referral_id, person_id, sections, brief, body) values (gen_random_uuid(), {referral}, {person}, '{{}}', '{{}}', '');
         insert into organisation_contacts (id, org, keeper, name, phone) values (gen_random_uuid(), 2, 1, 'Desk', '555 0200');
         insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at)
           values (gen_random_uuid(), {referral}, gen_random_uuid(), '\\x7c01', '\\x7c02', now(), now() + interval '1 day');
         insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), referral_id, id, 'opened' from answer_links;
         insert into transfer_moves (id, transfer_id, action, from_state, to_state, happened_at)
           select gen_random_uuid(), id, 'submit', 'draft', 'submitted', now() from transfers limit 1;
         insert into cover_cases (id, cover_id, case_id, taken_at) select gen_random_uuid(), id, {case}, now() from covers limit 1;
         insert into cover_referrals (id, cover_id, referral_id, org, taken_at) select gen_random_uuid(), id, {referral}, 1, now() from covers limit 1;
         insert into messages (id, org, kind, lang, lane, posted_at, due_at) values (gen_random_uuid(), 1, 'letter', 'en', '', now(), now());
         insert into message_tries (message_id, number, org, began_at) select id, 1, org, now() from messages;
         insert into locations (id, service_id, name) select gen_random_uuid(), id, 'Hall' from services limit 1;
         insert into opening_hours (id, service_id, weekday, opens, closes) select gen_random_uuid(), id, 1, '08:00', '12:00' from services limit 1"
    ))
    .await;
}

// How somebody agreed to a plan, and the code that they were sent to do so.
async fn agreed(w: &World, amina: UserId) {
    w.sql(&format!(
        "insert into plan_agreements (id, plan_id, case_id, round, side, way, happened_at, author, author_name)
           select gen_random_uuid(), id, case_id, 1, 'organisation', 'signed_in', now(), '{amina}', 'x' from plans;
         insert into plan_wordings (id, case_id, line_id, words, author, author_name, replaced_by, replaced_at)
           select gen_random_uuid(), case_id, id, '', '{amina}', 'x', '{amina}', now() from plan_lines limit 1;
         insert into plan_codes (id, plan_id, case_id, person_id, round, code_hash, expires_at, author)
           select gen_random_uuid(), id, case_id, (select min(id::text)::uuid from persons), 1, decode(repeat('00', 32), 'hex'), now(), '{amina}' from plans;
         insert into approval_steps (id, case_id, plan_id, act, author, author_name) select gen_random_uuid(), case_id, id, 'submitted', '{amina}', 'x' from plans"
    ))
    .await;
}

// The rows of forms, what is judged of them, and the devices that they are filled in on.
async fn forms_lived_in(w: &World, case: &str, amina: UserId) {
    w.sql(&format!(
        "insert into forms (id, org, code, title, case_types) values ('{FORM}', 1, 'needs', 'Needs', '{{1}}');
         insert into form_editions (id, form_id, number, source, source_name, xform, hash) values ('{FORM}', '{FORM}', 1, '', 'needs.xlsx', '<h/>', repeat('0', 32));
         insert into form_media (edition_id, name, media_type, bytes, hash) values ('{FORM}', 'places.csv', 'text/csv', '', repeat('0', 32));
         insert into submissions (id, case_id, form_id, edition_id, instance_id, answers, origin, author, author_name, started_at)
           values ('{FORM}', {case}, '{FORM}', '{FORM}', 'uuid:1', '', 'page', '{amina}', 'x', now());
         insert into submission_files (submission_id, case_id, name, document_id) select '{FORM}', case_id, 'a.jpg', id from documents limit 1;
         insert into arrivals (id, unit, org, case_type, form_id, edition_id, instance_id, body, origin, author, author_name)
           values ('{FORM}', 11, 1, 1, '{FORM}', '{FORM}', 'uuid:2', '', 'collect', '{amina}', 'x');
         insert into arrival_files (arrival_id, name, media_type, bytes) values ('{FORM}', 'a.jpg', 'image/jpeg', '');
         insert into profiles (case_id, computed_at) values ({case}, now());
         insert into form_exports (id, org, form_id, asked_by, asked_at, wanted, total) values ('{FORM}', 1, '{FORM}', '{amina}', now(), '{{}}', 0);
         insert into field_devices (id, org, user_id, secret_hash, made_at, seen_at) values (gen_random_uuid(), 1, '{amina}', decode(repeat('cd', 32), 'hex'), now(), now());
         insert into lockdowns (id, org, declared_by, declared_by_name, declared_at, lifted_by, lifted_by_name, lifted_at)
           values (gen_random_uuid(), 1, '{amina}', 'x', now(), '{amina}', 'x', now());
         insert into screening_results (screening_id, case_id, org, case_type, verdicts, reasons) select id, {case}, 1, 3, '\\x01', '\\x00' from screenings;
         insert into screening_proposals (id, screening_id, case_id, service_id, service_name, nth, state)
           select gen_random_uuid(), s.id, {case}, v.id, v.name, 1, 'proposed' from screenings s, services v limit 1"
    ))
    .await;
}
