//! What is left in the tables of an erased case, asked of the database; and the list by which a backup is brought up to date.
use serde_json::{Value, json};
use sqlx::Row;
use throughcare::access::retention::actions;
use throughcare::access::retention::kept::{self, Erased};

use super::{close, erased, old, old_referral};
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;

async fn rows(w: &World, sql: &str) -> Vec<String> {
    let mut work = w.operate().await;
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(work.db()).await.expect("the catalogue answers");
    rows.iter().map(|row| row.get(0)).collect()
}

// The cases of a world in which every table of a case holds a row, erased.
async fn everything_erased() -> World {
    let w = World::new().await;
    w.with_every_role("boss", 1).await;
    w.estate().await;
    crate::catalogue::lived_in(&w).await;
    // A copy that waits for its case, and a reminder that no gateway took.
    w.sql(
        "update arrivals set meant_for = (select min(id::text)::uuid from cases);
         update messages set about = (select min(id::text)::uuid from meetings), body = ''",
    )
    .await;
    for case in rows(&w, "select id::text from cases").await {
        w.sql(&format!("select access.erase_again('{case}', now())")).await;
    }
    w
}

#[tokio::test]
async fn s29_every_table_of_a_case_goes_with_it_or_holds_no_word_of_it() {
    let w = everything_erased().await;
    let kept: Vec<String> = rows(&w, "select unnest(access.tables_kept_for_figures())::text").await;
    let of_cases = rows(&w, "select name::text from case_tables union select name::text from referral_tables").await;
    assert!(of_cases.len() > 35 && kept.iter().all(|table| of_cases.contains(table)), "{of_cases:?}");
    let mut left = Vec::new();
    for table in of_cases.iter().filter(|table| !kept.contains(table)) {
        if w.count(&format!("{table} where case_id is not null")).await > 0 {
            left.push(table.clone());
        }
    }
    assert!(left.is_empty(), "rows of erased cases: {left:?}");
    for table in &kept {
        assert!(w.count(table).await > 0, "{table} keeps its rows for the figures");
        let sealed = rows(
            &w,
            &format!(
                "select column_name::text from information_schema.columns where table_name = '{table}' and data_type = 'bytea'"
            ),
        )
        .await;
        for column in sealed {
            assert_eq!(
                w.count(&format!("{table} where length({column}) > 0")).await,
                0,
                "sealed words are left in {table}.{column}"
            );
        }
    }
    let named = [
        "case_moves.actor_name",
        "case_closures.author_name",
        "plans.author_name",
        "meetings.author_name",
        "referral_moves.shown_name",
    ];
    for (table, column) in named.iter().filter_map(|name| name.split_once('.')) {
        assert_eq!(w.count(&format!("{table} where {column} <> ''")).await, 0, "{table}.{column}");
    }
    assert_eq!(
        w.count("keys k where destroyed_at is null and exists (select from cases c where c.id in (k.owner, k.case_id))").await,
        0
    );
}

// What may go on naming an erased case beside the tables of cases: ids and codes, without a word.
const NAMES_IT: [&str; 13] = [
    "bars.case_id",
    "cases.id",
    "erasures.case_id",
    "facts.case_id",
    "grants.case_id",
    "keys.case_id",
    "keys.owner",
    "referrals.case_id",
    "referrals.opened_case",
    "retention_holds.case_id",
    "screenings.at_case",
    "transfer_receipts.case_id",
    "transfers.only_case",
];

#[tokio::test]
async fn s29_no_other_table_names_an_erased_case_but_by_its_id() {
    let w = everything_erased().await;
    let columns = rows(
        &w,
        "select t.relname || '.' || a.attname from pg_class t join pg_attribute a on a.attrelid = t.oid
         where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and a.atttypid = 'uuid'::regtype and not a.attisdropped
           and (a.attname <> 'id' or t.relname = 'cases')
           and t.oid not in (select name from case_tables union all select name from referral_tables)",
    )
    .await;
    assert!(columns.len() > 100, "{columns:?}");
    let mut naming = Vec::new();
    for (table, column) in columns.iter().filter_map(|name| name.split_once('.')) {
        if w.count(&format!("{table} where {column} in (select id from cases where erased_at is not null)")).await > 0 {
            naming.push(format!("{table}.{column}"));
        }
    }
    let left: Vec<_> = naming.iter().filter(|name| !NAMES_IT.contains(&name.as_str())).collect();
    assert!(naming.contains(&"cases.id".to_owned()) && left.is_empty(), "{left:?}");
    assert!(w.count("bars").await > 0);
    assert_eq!(w.count("bars where reason not in ('', 'subject_of_complaint')").await, 0, "why somebody is barred");
    assert_eq!(w.count("grants where reason <> ''").await, 0);
    assert!(w.count("messages where about in (select id from meetings)").await > 0);
    assert_eq!(
        w.count("messages where about in (select id from meetings) and (body is not null or forgotten_at is null)").await,
        0
    );
}

#[tokio::test]
async fn s29_a_copy_made_for_the_person_goes_with_the_case() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    w.sql(&format!("update cases set closed_at = null, close_reason = null where id = '{}'", old.id)).await;
    let wish = [("sections", "person"), ("person", old.person.as_str()), ("reason", "She asked on Monday"), ("lang", "en")];
    let copy = w.amina.post(format!("{}/file", old.path), wish).await.redirects();
    w.pia.post(format!("{copy}/release"), [("keep", "0")]).await.redirects();
    w.work_off().await;
    close(&w, &old.id, 8).await;
    let id = copy.rsplit('/').next().expect("an id");
    let files = ["pdf", "zip"].map(|ending| w.ground.files.join(format!("case_files/{id}.{ending}")));
    assert!(files.iter().all(|file| file.exists()));
    erased(&w, &[&old.id]).await;
    assert!(!files.iter().any(|file| file.exists()));
    w.amina.get(&copy).await.is(404);
}

#[tokio::test]
async fn s29_of_the_people_known_through_erased_cases_alone_nothing_is_left() {
    let w = everything_erased().await;
    for table in
        ["case_people", "person_documents", "person_contacts", "person_records", "person_corrections", "household_members"]
    {
        let only = format!("{table} x join persons p on p.id = x.person_id where p.erased_at is not null");
        assert_eq!(w.count(&only).await, 0, "{table}");
    }
    assert_eq!(w.count("persons where erased_at is null and has_case").await, 0);
    assert_eq!(w.count("persons where erased_at is not null and (name <> '' or address <> '' or born_on is not null)").await, 0);
}

#[tokio::test]
async fn s29_a_backup_that_was_put_back_is_brought_up_to_date() {
    let w = World::new().await;
    let (first, second) = (old(&w, "Dana Saleh").await, old(&w, "Rana Aziz").await);
    erased(&w, &[&first.id]).await;
    let listed = kept::list(&w.ground).expect("the list");
    assert_eq!(listed.iter().map(|one| one.case.to_string()).collect::<Vec<_>>(), std::slice::from_ref(&first.id));
    let text = std::fs::read_to_string(kept::file(&w.ground)).expect("the file");
    assert!(!text.contains(&first.code) && !text.contains("Dana"), "ids and moments alone: {text}");
    // The second was erased in a database that is not there any more.
    let (case, at) = (second.id.parse().expect("an id"), w.ground.clock.now());
    kept::add(&w.ground, Erased { case, at }).expect("it is listed");
    kept::add(&w.ground, Erased { case, at }).expect("it is listed once");
    w.amina.get(&second.path).await.is(200);
    let paper = w.value(&format!("select file from documents where case_id = '{}'", second.id)).await;
    assert_eq!(actions::again(&w.ground, &w.operator).await.expect("it runs"), 1);
    assert_eq!(actions::again(&w.ground, &w.operator).await.expect("it runs twice"), 0);
    w.amina.get(&second.path).await.is(404);
    assert!(!w.ground.files.join(&paper).exists());
}

#[tokio::test]
async fn s29_the_list_outlives_a_power_cut_in_the_middle_of_a_line() {
    let w = World::new().await;
    let (path, at) = (kept::file(&w.ground), w.ground.clock.now());
    let mut cases = Vec::new();
    for torn in ["", "{\"case\":\"0199", "\0\0\0"] {
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(&path, before + torn).expect("it is written");
        assert_eq!(kept::list(&w.ground).expect("it is read").len(), cases.len(), "{torn:?}");
        cases.push(uuid::Uuid::now_v7().to_string());
        let case = cases.last().expect("one").parse().expect("an id");
        kept::add(&w.ground, Erased { case, at }).expect("it goes on");
    }
    // Only the end of the line was lost.
    let whole = std::fs::read_to_string(&path).expect("the file");
    std::fs::write(&path, whole.trim_end()).expect("it is written");
    cases.push(uuid::Uuid::now_v7().to_string());
    kept::add(&w.ground, Erased { case: cases[3].parse().expect("an id"), at }).expect("it goes on");
    let listed = kept::list(&w.ground).expect("the list");
    assert_eq!(listed.iter().map(|one| one.case.to_string()).collect::<Vec<_>>(), cases);
}

#[tokio::test]
async fn s29_erasing_runs_twice_and_changes_nothing_the_second_time() {
    let w = World::new().await;
    let sent = old_referral(&w, CHILD_PROTECTION).await;
    erased(&w, &[&sent.case.to_string()]).await;
    w.after(chrono::TimeDelta::days(8)).await;
    let facts = w.count("facts where kind = 'case.erased'").await;
    w.sql("update jobs set done_at = null, held_until = null, attempts = 0 where kind like 'retention.%'").await;
    w.work_off().await;
    assert_eq!(w.count("jobs where kind like 'retention.%' and done_at is null").await, 0);
    assert_eq!((facts, w.count("facts where kind = 'case.erased'").await), (1, 1));
    assert_eq!(kept::list(&w.ground).expect("the list").len(), 1);
}

#[tokio::test]
async fn s29_programs_hold_propose_and_decide_as_people_do() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    w.sql("update roles set acts = acts || '{token.create}' where code in ('protection_officer', 'supervisor')").await;
    let (pia, bruno) = (w.pia.program().await, w.bruno.program().await);
    pia.get("/api/v1/retention?state=due").await.is(200).shows(&old.code);
    pia.get("/api/v1/retention?state=gone").await.is(422);
    let new = json!({ "case": old.id, "reason": "audit", "reference": "No. 17/26" });
    let held = pia.call("POST", "/api/v1/retention/holds", Some(&new)).await;
    let hold = serde_json::from_str::<Value>(&held.is(201).body).expect("json")["id"].clone();
    let lift = json!({ "hold": hold });
    pia.call("POST", "/api/v1/retention/lifts", Some(&lift)).await.is(409);
    bruno.get("/api/v1/retention/holds").await.is(200).shows("No. 17/26");
    bruno.call("POST", "/api/v1/retention/lifts", Some(&lift)).await.is(200);
    let proposal = json!({ "cases": [old.id], "words": "Its time is over" });
    pia.call("POST", "/api/v1/retention/proposals", Some(&proposal)).await.is(201);
    let decision = json!({ "cases": [old.id], "decision": "approve" });
    pia.call("POST", "/api/v1/retention/decisions", Some(&decision)).await.is(409);
    bruno.call("POST", "/api/v1/retention/decisions", Some(&decision)).await.is(200);
    w.work_off().await;
    pia.get("/api/v1/retention").await.is(200).lacks(&old.code);
    w.amina.get(&old.path).await.is(404);
}
