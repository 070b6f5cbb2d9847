//! What may be changed of a row once it stands, and in whose name it is written: SQL tried as a signed-in user, past every page.
use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use throughcare::platform::db::{Actor, Work};
use uuid::Uuid;

use crate::consent::child_case;
use crate::fences::{DENIED, as_user, is, tries};
use crate::support::World;
use crate::support::sent::{PROTECTION, Sent};
use crate::support::world::{CLINIC, FIELD, HARBOUR, RECEPTION, user};

async fn rows(w: &World, sql: String) -> BTreeSet<String> {
    let mut work = w.operate().await;
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(work.db()).await.expect("the catalogue answers");
    rows.into_iter().collect()
}

// What may be updated by whoever serves pages or jobs, as `table.column`.
async fn changeable(w: &World) -> BTreeSet<String> {
    rows(
        w,
        "select distinct c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
           unnest(array['throughcare_web', 'throughcare_worker']) r
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and has_column_privilege(r, c.oid, a.attnum, 'update')"
            .to_owned(),
    )
    .await
}

#[tokio::test]
async fn what_was_written_down_stays_as_it_was_written() {
    let w = World::new().await;
    let all = changeable(&w).await;
    // A note on the wrong person leaves a stub, and is pinned or not; a note is never rewritten, for its words are sealed and its author stays.
    let stubs = ["case_notes.body", "case_notes.moved_at", "case_notes.pinned", "case_records.body", "case_records.moved_at"];
    let logs = [
        "_moves.",
        "_notes.",
        "_messages.",
        "_records.",
        "_uses.",
        "facts.",
        "seals.",
        "packets.",
        "not_referred.",
        "referral_people.",
    ];
    let loose: Vec<_> = all
        .iter()
        .filter(|column| logs.iter().any(|log| column.contains(log)))
        .filter(|column| !stubs.contains(&column.as_str()) && !column.starts_with("person_records."))
        .collect();
    assert!(
        loose.is_empty(),
        "append-only, but changeable; name no columns in `close_case_table` or `close_referral_table`: {loose:?}"
    );
}

#[tokio::test]
async fn nothing_changes_whose_it_is_by_a_plain_update() {
    let w = World::new().await;
    let registered = rows(
        &w,
        "select distinct tgrelid::regclass::text from pg_trigger where tgname in ('copy_case', 'copy_referral')
         union select unnest(array['cases', 'persons', 'households', 'household_members', 'referrals', 'tasks', 'users'])"
            .to_owned(),
    )
    .await;
    assert!(registered.len() > 16, "{registered:?}");
    let whose = [
        "id",
        "case_id",
        "referral_id",
        "person_id",
        "household_id",
        "org",
        "unit",
        "scope",
        "case_type",
        "case_manager",
        "supervisor",
        "from_org",
        "from_unit",
        "from_scope",
        "from_manager",
        "from_supervisor",
        "to_org",
        "to_unit",
        "to_scope",
        "sent",
        "has_case",
        "author",
        "recorded_at",
    ];
    let loose: Vec<_> = changeable(&w)
        .await
        .into_iter()
        .filter(|column| {
            column.split_once('.').is_some_and(|(table, column)| registered.contains(table) && whose.contains(&column))
        })
        .collect();
    assert!(loose.is_empty(), "{loose:?}");
}

async fn accepted(w: &World) -> Sent {
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    sent
}

fn move_by(sent: &Sent, side: &str, actor: &str, org: i32) -> String {
    format!(
        "insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at, actor_id, actor_org)
         values (gen_random_uuid(), '{}', 'message', '{side}', 'accepted', 'accepted', 'assigned', now(), '{}', {org})",
        sent.id,
        user(actor)
    )
}

#[tokio::test]
async fn each_side_writes_into_the_log_in_its_own_name_and_nothing_out_of_it() {
    let w = World::new().await;
    let sent = accepted(&w).await;
    assert_eq!(tries(&w, "chen", &move_by(&sent, "to", "chen", CLINIC)).await, Ok(1));
    assert_eq!(tries(&w, "amina", &move_by(&sent, "from", "amina", HARBOUR)).await, Ok(1));
    for (login, side, actor, org) in [
        ("chen", "from", "chen", CLINIC),
        ("chen", "system", "chen", CLINIC),
        ("chen", "to", "amina", HARBOUR),
        ("chen", "to", "chen", HARBOUR),
        ("amina", "to", "amina", HARBOUR),
        ("odd", "from", "odd", 3),
    ] {
        is(tries(&w, login, &move_by(&sent, side, actor, org)).await, DENIED);
    }
    for sql in [
        "update referral_moves set reason = 'other'",
        "delete from referral_moves",
        "update referral_messages set shown_name = 'x'",
    ] {
        is(tries(&w, "amina", sql).await, DENIED);
        is(tries(&w, "chen", sql).await, DENIED);
    }
}

#[tokio::test]
async fn s01_the_receiver_changes_nothing_of_what_the_sender_disclosed() {
    let w = World::new().await;
    let sent = accepted(&w).await;
    let (packet, consent) = (Uuid::now_v7(), Uuid::now_v7());
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name)
           values ('{consent}', '{case}', '{person}', 'consent', 'consent', '', current_date, '{amina}', 'Amina');
         insert into packets (id, referral_id, person_id, consent_id, sections, brief, body, frozen_at, opened_at)
           values ('{packet}', '{id}', '{person}', '{consent}', '{{}}', '{{}}', '', now(), now())",
        case = sent.case,
        person = sent.person,
        id = sent.id,
        amina = user("amina")
    ))
    .await;
    let added = format!(
        "insert into packets (id, referral_id, person_id, sections, brief, body) values (gen_random_uuid(), '{}', '{}', '{{}}', '{{}}', '')",
        sent.id, sent.person
    );
    let person = format!(
        "insert into referral_people (id, referral_id, person_id) values (gen_random_uuid(), '{}', '{}')",
        sent.id, sent.person
    );
    assert_eq!(tries(&w, "amina", &added).await, Ok(1));
    for sql in
        ["update packets set consent_id = null", "update packets set closes_at = null", "delete from packets", &added, &person]
    {
        is(tries(&w, "chen", sql).await, DENIED);
    }
    let other = w.sent(PROTECTION).await;
    for sql in [
        format!("case_id = '{}'", other.case),
        format!("to_unit = {FIELD}"),
        "from_manager = null".to_owned(),
        "author = hands[1]".to_owned(),
    ] {
        is(tries(&w, "chen", &format!("update referrals set {sql} where id = '{}'", sent.id)).await, DENIED);
    }
    is(tries(&w, "amina", "delete from referrals").await, DENIED);
    // What was asked for stands as it was sent.
    for login in ["amina", "chen"] {
        is(tries(&w, login, &format!("update referrals set need = 'cash' where id = '{}'", sent.id)).await, DENIED);
    }
}

#[tokio::test]
async fn a_case_changes_hands_through_its_verbs_alone_and_its_notes_are_their_authors() {
    let w = World::new().await;
    let (case, child, _) = child_case(&w, "2017-03-01", "false").await;
    let (amina, bruno) = (user("amina"), user("bruno"));
    for change in [
        format!("unit = {RECEPTION}"),
        format!("case_manager = '{bruno}'"),
        "case_type = 4".to_owned(),
        format!("person_id = '{child}'"),
    ] {
        is(tries(&w, "amina", &format!("update cases set {change} where id = '{case}'")).await, DENIED);
    }
    let note = |author| {
        format!(
            "insert into case_notes (id, case_id, kind, body, happened_at, author, author_name)
             values (gen_random_uuid(), '{case}', 'note', '', now(), '{author}', 'x')"
        )
    };
    let step = |actor| {
        format!(
            "insert into case_moves (id, case_id, kind, happened_at, actor_id, actor_name) values (gen_random_uuid(), '{case}', 'type', now(), '{actor}', 'x')"
        )
    };
    assert_eq!(tries(&w, "amina", &note(amina)).await, Ok(1));
    assert_eq!(tries(&w, "amina", &step(amina)).await, Ok(1));
    for sql in
        [note(bruno), step(bruno), "update case_moves set reason = ''".into(), "update case_notes set happened_at = now()".into()]
    {
        is(tries(&w, "amina", &sql).await, DENIED);
    }
    assert_eq!(
        tries(&w, "amina", &format!("delete from case_people where case_id = '{case}' and part = 'subject'")).await,
        Ok(0)
    );
}

#[tokio::test]
async fn s09_nobody_prolongs_reviews_or_gives_themselves_an_exception() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let code = w.value(&format!("select code from cases where id = '{case}'")).await;
    w.odd.post("/break-glass", [("case", code.as_str()), ("ground", "child"), ("reason", "Found alone.")]).await.redirects();
    is(tries(&w, "odd", "update grants set until = 'infinity'").await, DENIED);
    is(tries(&w, "odd", "update grants set reviewed_at = now(), review_finding = 'justified'").await, DENIED);
    let grant = w.value("select id::text from grants").await;
    let give = |to: &str, org| {
        format!(
            "insert into grants (id, case_id, user_id, basis, until, granted_by, org) values (gen_random_uuid(), '{case}', '{}', 'team', 'infinity', '{}', {org})",
            user(to),
            user(to)
        )
    };
    is(tries(&w, "odd", &give("odd", HARBOUR)).await, DENIED);
    is(tries(&w, "amina", &give("amina", HARBOUR)).await, DENIED);
    assert_eq!(tries(&w, "bruno", &give("bruno", HARBOUR)).await, Ok(1));
    is(tries(&w, "odd", &format!("select access.revoke_grant('{grant}', '{case}', now())")).await, DENIED);
    is(tries(&w, "odd", &format!("select access.review_glass('{grant}', 'justified', now())")).await, crate::fences::ABSENT);
    assert!(tries(&w, "bruno", &format!("select access.revoke_grant('{grant}', '{case}', now())")).await.is_ok());
    assert!(tries(&w, "pia", &format!("select access.review_glass('{grant}', 'justified', now())")).await.is_ok());
    // A bar is lifted by who may bar.
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{case}', '{}', 'relative')",
        user("ada")
    ))
    .await;
    assert_eq!(tries(&w, "amina", "update bars set lifted_at = now()").await, Ok(0));
    assert_eq!(tries(&w, "bruno", "update bars set lifted_at = now()").await, Ok(1));
}

#[tokio::test]
async fn of_themselves_users_change_their_preferences_alone() {
    let w = World::new().await;
    let mine = |change: &str| format!("update users set {change} where id = access.me()");
    assert_eq!(tries(&w, "amina", &mine("lang = 'ar', digits = 'arabic', quiet = '{}'")).await, Ok(1));
    for change in ["org = 2", "login = 'root'", "active = false", "name = 'Bruno Costa'", "email = 'amina@elsewhere.example'"] {
        is(tries(&w, "amina", &mine(change)).await, DENIED);
    }
    let ada = |change: &str| format!("update users set {change} where id = '{}'", user("amina"));
    assert_eq!(tries(&w, "ada", &ada("name = 'Amina H.', email = 'amina@harbour.example', active = false")).await, Ok(1));
    is(tries(&w, "ada", &ada("org = 2")).await, DENIED);
    is(tries(&w, "ada", "update memberships set user_id = access.me()").await, DENIED);
}

#[tokio::test]
async fn a_fact_says_for_which_organisation_its_actor_works_whatever_the_caller_writes() {
    let w = World::new().await;
    let fact = |kind: &str, case: &str| {
        format!("insert into facts (id, actor, org, kind, case_id) values (gen_random_uuid(), '', 2, '{kind}', {case})")
    };
    let mut work = as_user(&w, "amina").await;
    sqlx::query(AssertSqlSafe(fact("viewed", "gen_random_uuid()"))).execute(work.db()).await.expect("anybody appends");
    work.commit().await.expect("it stays");
    assert_eq!(w.value("select org::text from facts where kind = 'viewed'").await, HARBOUR.to_string());
    for kind in ["referral.due", "task.overdue", "case.safety_action_missing"] {
        is(tries(&w, "amina", &fact(kind, "null")).await, DENIED);
    }
    let mut nobody = Work::open(&w.ground, Actor::Nobody).await.expect("work");
    let told = sqlx::query(AssertSqlSafe(fact("viewed", "gen_random_uuid()"))).execute(nobody.db()).await;
    assert!(told.is_err(), "nobody tells of a case");
    let mut nobody = Work::open(&w.ground, Actor::Nobody).await.expect("work");
    sqlx::query(AssertSqlSafe(fact("session.refused", "null"))).execute(nobody.db()).await.expect("that somebody tried is told");
    nobody.commit().await.expect("it stays");
    assert_eq!(w.count("facts where kind = 'session.refused' and org is null").await, 1);
}

#[tokio::test]
async fn people_leave_jobs_for_their_own_organisation_and_none_that_run_by_the_clock() {
    let w = World::new().await;
    let job = |kind: &str, org: &str| format!("insert into jobs (id, kind, org) values (gen_random_uuid(), '{kind}', {org})");
    assert_eq!(tries(&w, "amina", &job("consent.renewal", "1")).await, Ok(1));
    assert_eq!(tries(&w, "amina", &job("notify", "2")).await, Ok(1));
    for (kind, org) in [
        ("consent.unjustified", "2"),
        ("consent.renewal", "null"),
        ("referral_clocks", "1"),
        ("tasks.due", "1"),
        ("directory.sweep", "null"),
    ] {
        is(tries(&w, "amina", &job(kind, org)).await, DENIED);
    }
    let mut nobody = Work::open(&w.ground, Actor::Nobody).await.expect("work");
    assert!(sqlx::query(AssertSqlSafe(job("notify", "1"))).execute(nobody.db()).await.is_err(), "nobody leaves a job");
}
