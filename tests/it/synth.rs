//! The measured world: rows made outside the database are those that the database itself would have made.
use sqlx::{AssertSqlSafe, Executor};
use throughcare::bench::world;
use throughcare::platform::db::Work;

use crate::support::world::World;

const CASE: &str = "org, unit, case_type, case_manager, supervisor, scope";
const REFERRAL: &str =
    "case_id, case_type, from_org, from_scope, from_manager, from_supervisor, to_org, to_unit, to_scope, to_assignee, sent";

// A table, the columns that triggers keep, and an update that changes nothing but wakes them.
fn kept() -> [(&'static str, String, &'static str); 17] {
    let case = |table, wakes| (table, CASE.to_owned(), wakes);
    let referral = |table, wakes| (table, REFERRAL.to_owned(), wakes);
    [
        ("persons", "org, unit, scope, has_case".to_owned(), "unit = unit"),
        ("person_keys", "clearance, key".to_owned(), "key = key"),
        ("households", "org, unit, scope, has_case".to_owned(), "unit = unit"),
        ("cases", format!("{CASE}, next_due_at, keepers_due_at"), "code = code"),
        case("case_people", "part = part"),
        case("case_notes", "kind = kind"),
        case("case_moves", "kind = kind"),
        case("consents", "kind = kind"),
        (
            "referrals",
            "from_org, from_unit, from_scope, from_manager, from_supervisor, to_org, to_unit, to_scope, case_type, sent"
                .to_owned(),
            "area = area",
        ),
        referral("referral_people", "person_id = person_id"),
        referral("referral_moves", "action = action"),
        referral("packets", "person_id = person_id"),
        referral("appointments", "state = state"),
        case("meetings", "state = state"),
        ("tasks", "org, unit, case_type, scope, supervisor, case_id, pressing".to_owned(), "due_at = due_at"),
        ("case_people", "person_id".to_owned(), "part = part"),
        ("notifications", "due_at, over_at".to_owned(), "referral_id = referral_id"),
    ]
}

async fn state(work: &mut Work) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (table, columns, _) in kept() {
        let id = if table == "person_keys" { "person_id" } else { "id" };
        let sql = format!(
            "select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from (select {id}, {columns} from {table}) t"
        );
        let (rows,): (String,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(work.db()).await.expect("the columns are there");
        found.push((table.to_owned(), rows));
    }
    found
}

#[tokio::test]
async fn the_triggers_find_nothing_to_correct_in_the_measured_world() {
    let world = World::new().await;
    let mut work = world.operate().await;
    world::make(&mut work, 60, |_| {}).await.expect("the world is made");
    let before = state(&mut work).await;
    for (table, _, wakes) in kept() {
        work.db().execute(AssertSqlSafe(format!("update {table} set {wakes}"))).await.expect("nothing changes");
    }
    for ((table, was), (_, is)) in before.iter().zip(state(&mut work).await) {
        assert!(!was.is_empty(), "{table} is empty");
        let differs = was.lines().zip(is.lines()).find(|(was, is)| was != is);
        assert!(differs.is_none(), "{table}: {differs:?}");
    }
}
