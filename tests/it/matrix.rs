//! The access matrix, printed to two text files and reviewed as a diff: what each role sees by its relation to a case, and where each of
//! its acts counts. A change of the pack, a policy or the permission table shows here.
use std::collections::BTreeSet;
use std::fmt::Write;

use sqlx::AssertSqlSafe;
use throughcare::access::Act;
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::UserId;
use uuid::Uuid;

use crate::support::World;
use crate::support::sent::{ASSISTANCE, CHILD, GBV, PROTECTION};
use crate::support::world::{COAST, ELSEWHERE, FIELD, RECEPTION};

const BELOW: i32 = 111;
const TYPES: [(&str, i16); 5] = [
    ("general (protected)", PROTECTION),
    ("child (protected)", CHILD),
    ("assistance (standard)", ASSISTANCE),
    ("survivors (restricted)", GBV),
    ("complaints (restricted)", 5),
];

/// How a case stands to somebody of the field unit: its name, its unit, and what binds it to them.
#[derive(Clone, Copy)]
struct Relation {
    name: &'static str,
    unit: i32,
    bond: &'static str,
}

const fn relation(name: &'static str, unit: i32, bond: &'static str) -> Relation {
    Relation { name, unit, bond }
}

const RELATIONS: [Relation; 12] = [
    relation("manager", FIELD, "manager"),
    relation("supervisor", FIELD, "supervisor"),
    relation("own unit", FIELD, ""),
    relation("below", BELOW, ""),
    relation("above", 1, ""),
    relation("beside", COAST, ""),
    relation("team", COAST, "team"),
    relation("barred", FIELD, "barred"),
    relation("sent here", ELSEWHERE, "sent"),
    relation("to me", ELSEWHERE, "assigned"),
    relation("focal", ELSEWHERE, "focal"),
    relation("elsewhere", ELSEWHERE, ""),
];

/// The letter of each kind of record, and where its case stands.
const KINDS: [(char, &str); 9] = [
    ('c', "select id from cases"),
    ('n', "select case_id from case_notes"),
    ('e', "select case_id from case_records"),
    ('p', "select id from persons"),
    ('h', "select person_id from person_records"),
    ('k', "select case_id from consents"),
    ('d', "select case_id from documents"),
    ('t', "select case_id from tasks"),
    ('r', "select case_id from referrals"),
];

// The user, case, person and referral of one cell share a number.
fn number(role: usize, case_type: usize, relation: usize) -> Uuid {
    Uuid::from_u128(((role as u128) << 16) | ((case_type as u128) << 8) | (relation as u128) | (1 << 64))
}

fn somebody(role: usize) -> Uuid {
    Uuid::from_u128(0x0005_0000 + role as u128)
}

fn cell(role: usize, case_type: usize, at: usize) -> String {
    let (id, me, bound) = (number(role, case_type, at), somebody(role), RELATIONS[at]);
    let mine = |bond: &str| if bound.bond == bond { format!("'{me}'") } else { "null".to_owned() };
    let manager = if bound.bond == "barred" { format!("'{me}'") } else { mine("manager") };
    let (tail, author) = (id.simple(), somebody(0));
    let to = if matches!(bound.bond, "sent" | "assigned" | "focal") { FIELD } else { RECEPTION };
    let mut sql = format!(
        "insert into persons (id, code, org, unit, name) values ('{id}', 'P{tail}', 0, {unit}, 'Somebody');
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{id}', 'C{tail}', 0, {unit}, {kind}, {manager}, {supervisor}, '{id}', 'protection', 1, 'identified', 'self', now());
         insert into case_people (id, case_id, person_id, part) values ('{id}', '{id}', '{id}', 'subject');
         insert into case_notes (id, case_id, kind, happened_at, author, author_name) values ('{id}', '{id}', 'note', now(), '{author}', 'x');
         insert into case_records (id, case_id, root, kind, happened_at, author, author_name) values ('{id}', '{id}', '{id}', 'incident', now(), '{author}', 'x');
         insert into person_records (id, person_id, org, unit, root, pack, pack_version, kind, case_types, happened_at, author, author_name)
           values ('{id}', '{id}', 0, {unit}, '{id}', 'protection', 1, 'counselling', '{{{kind}}}', now(), '{author}', 'x');
         insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name)
           values ('{id}', '{id}', '{id}', 'consent', 'consent', 'x', current_date, '{author}', 'x');
         insert into documents (id, case_id, kind, title, media_type, size_bytes, file, added_by, added_by_name)
           values ('{id}', '{id}', 'letter', '', 'application/pdf', 1, '{tail}', '{author}', 'x');
         insert into tasks (id, kind, case_id, org, unit, due_at) values ('{id}', 'other', '{id}', 0, 0, now());
         insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, to_assignee, need, priority, status, step, author, requested_at)
           values ('{id}', 'R{tail}', 'partner', '{id}', 0, {unit}, {to}, {assigned}, 'health', 'normal', 'requested', 'sent', '{author}', now());",
        unit = bound.unit,
        kind = TYPES[case_type].1,
        supervisor = mine("supervisor"),
        assigned = mine("assigned"),
    );
    match bound.bond {
        "team" => write!(sql, "insert into grants (id, case_id, user_id, basis, until, org) values ('{id}', '{id}', '{me}', 'team', now() + interval '1 day', 1);"),
        "barred" => write!(sql, "insert into bars (id, case_id, user_id, reason) values ('{id}', '{id}', '{me}', 'relative');"),
        _ => Ok(()),
    }
    .expect("text grows");
    sql
}

async fn roles(w: &World) -> Vec<String> {
    let mut work = w.operate().await;
    sqlx::query_scalar("select code from roles where org is null order by id").fetch_all(work.db()).await.expect("the roles")
}

async fn cast(w: &World, roles: &[String]) {
    w.sql(&format!("insert into units (id, org, parent, name) values ({BELOW}, 1, {FIELD}, 'Harbour field post')")).await;
    for (at, role) in roles.iter().enumerate() {
        let id = somebody(at);
        w.sql(&format!(
            "insert into users (id, org, login, name) values ('{id}', 1, 'matrix-{at}', 'Somebody');
             insert into memberships (id, user_id, unit, org, role) select '{id}', '{id}', {FIELD}, 1, id from roles where code = '{role}' and org is null"
        ))
        .await;
    }
}

async fn seen(work: &mut Work, sql: &'static str) -> BTreeSet<Uuid> {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(work.db()).await.expect("the rows").into_iter().collect()
}

// What this somebody sees of each kind, with and without being the unit's focal point.
async fn sight(w: &World, role: usize) -> Vec<(char, BTreeSet<Uuid>)> {
    let mut work = Work::open(&w.ground, Actor::User(UserId(somebody(role)))).await.expect("work");
    let mut kinds = Vec::new();
    for (letter, sql) in KINDS {
        kinds.push((letter, seen(&mut work, sql).await));
    }
    kinds
}

fn line(label: &str, cells: impl IntoIterator<Item = String>) -> String {
    let cells: String = cells.into_iter().map(|cell| format!(" {cell:<10}")).collect();
    format!("  {label:<24}{cells}").trim_end().to_owned() + "\n"
}

#[tokio::test]
async fn what_each_role_sees_by_its_relation_to_a_case() {
    let w = World::new().await;
    let roles = roles(&w).await;
    cast(&w, &roles).await;
    let cells = (0..roles.len())
        .flat_map(|role| (0..TYPES.len()).flat_map(move |kind| (0..RELATIONS.len()).map(move |at| cell(role, kind, at))));
    w.sql(&cells.collect::<String>()).await;
    let mut text = String::from(
        "c case, n note, e record of the case, p person, h record of the person, k consent, d document, t task, r referral; - nothing\n",
    );
    text += &line("", RELATIONS.iter().map(|relation| relation.name.to_owned()));
    for (role, code) in roles.iter().enumerate() {
        let plain = sight(&w, role).await;
        w.sql(&format!("insert into focal_points (unit, user_id) values ({FIELD}, '{}')", somebody(role))).await;
        let focal = sight(&w, role).await;
        w.sql(&format!("delete from focal_points where user_id = '{}'", somebody(role))).await;
        text += &format!("{code}\n");
        for (kind, (name, _)) in TYPES.iter().enumerate() {
            text += &line(
                name,
                RELATIONS.iter().enumerate().map(|(at, relation)| {
                    let kinds = if relation.bond == "focal" { &focal } else { &plain };
                    let id = number(role, kind, at);
                    let letters: String = kinds.iter().filter(|(_, ids)| ids.contains(&id)).map(|(letter, _)| *letter).collect();
                    if letters.is_empty() { "-".to_owned() } else { letters }
                }),
            );
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn where_each_act_of_each_role_counts() {
    let w = World::new().await;
    let roles = roles(&w).await;
    cast(&w, &roles).await;
    let places = [("own unit", FIELD), ("below", BELOW), ("above", 1), ("beside", COAST), ("elsewhere", ELSEWHERE)];
    let mut text = line("", places.iter().map(|(name, _)| (*name).to_owned()));
    for (role, code) in roles.iter().enumerate() {
        text += &format!("{code}\n");
        let mut work = Work::open(&w.ground, Actor::User(UserId(somebody(role)))).await.expect("work");
        for act in Act::ALL {
            let mut cells = Vec::new();
            for (_, unit) in places {
                let holds: (bool,) = sqlx::query_as("select access.holds($1, $2, null)")
                    .bind(act.code())
                    .bind(unit)
                    .fetch_one(work.db())
                    .await
                    .expect("an answer");
                cells.push(if holds.0 { "yes" } else { "-" }.to_owned());
            }
            if cells.contains(&"yes".to_owned()) {
                text += &line(act.code(), cells);
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// States of a referral to an organisation without account, and of its link: what is different from one just sent.
const LINK_STATES: [(&str, &str); 13] = [
    ("draft", "update referrals set status = 'draft', requested_at = null"),
    ("requested", ""),
    ("accepted", "update referrals set status = 'accepted'; update packets set opened_at = now()"),
    ("in progress", "update referrals set status = 'in_progress'; update packets set opened_at = now()"),
    ("on hold", "update referrals set status = 'on_hold'; update packets set opened_at = now()"),
    (
        "completed, packet open",
        "update referrals set status = 'completed'; update packets set opened_at = now(), closes_at = now() + interval '9 days'",
    ),
    (
        "completed, packet over",
        "update referrals set status = 'completed'; update packets set opened_at = now(), closes_at = now() - interval '1 second'",
    ),
    ("rejected", "update referrals set status = 'rejected'"),
    ("cancelled", "update referrals set status = 'cancelled'; update packets set opened_at = now(), closed_at = now()"),
    ("entered in error", "update referrals set status = 'entered_in_error'"),
    (
        "sharing stopped",
        "update referrals set status = 'in_progress', sharing = 'deletion_asked'; update packets set opened_at = now()",
    ),
    ("link expired", "update answer_links set expires_at = now() - interval '1 second'"),
    ("link revoked", "update answer_links set revoked_at = now()"),
];

/// The letter of each table that a link may read; of every other table it sees no row.
const LINK_KINDS: [(char, &str); 9] = [
    ('r', "referrals"),
    ('m', "referral_moves"),
    ('w', "referral_messages"),
    ('a', "appointments"),
    ('p', "packets"),
    ('o', "organisations"),
    ('t', "case_types"),
    ('x', "persons"),
    ('x', "referral_people"),
];

#[tokio::test]
async fn what_an_answer_link_sees_by_the_state_of_its_referral() {
    let mut text = String::from(
        "r referral, m moves, w words, a appointments, p packet, o the two organisations, t its case type, x anything of the person; - nothing\n",
    );
    for (state, sql) in LINK_STATES {
        let w = World::new().await;
        let sent = w.sent(PROTECTION).await;
        let (id, person, amina) = (sent.id, sent.person, crate::support::world::user("amina"));
        w.sql(&format!(
            "update organisations set in_system = false where id = 2;
             update referrals set kind = 'external', to_unit = null, to_org = 2 where id = '{id}';
             insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at) values ('{id}', '{id}', 'submit', 'from', 'draft', 'requested', 'sent', now());
             insert into referral_messages (id, referral_id, side, body, author, org) values ('{id}', '{id}', 'from', 'x', '{amina}', 1);
             insert into appointments (id, referral_id, at) values ('{id}', '{id}', now());
             insert into packets (id, referral_id, person_id, sections, brief, body) values ('{id}', '{id}', '{person}', '{{need}}', '{{}}', 'x');
             insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at) values ('{id}', '{id}', '{id}', 'x', 'x', now(), now() + interval '5 days');"
        ))
        .await;
        w.sql(sql).await;
        let mut work = Work::open(&w.ground, Actor::Link(throughcare::platform::ids::LinkId(id))).await.expect("work");
        let mut letters = String::new();
        for (letter, table) in LINK_KINDS {
            let (count,): (i64,) = sqlx::query_as(AssertSqlSafe(format!("select count(*) from {table}")))
                .fetch_one(work.db())
                .await
                .expect("a count");
            if count > 0 {
                letters.push(letter);
            }
        }
        text += &line(state, [if letters.is_empty() { "-".to_owned() } else { letters }]);
    }
    insta::assert_snapshot!(text);
}
