//! Transfers and edits of the same cases at once.
use std::time::Duration;

use super::{id_of, wanted};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::{COAST, FIELD, RECEPTION, user};

async fn one_hand(n: usize, case: String, due: String, bruno: Browser) -> (usize, u16) {
    let seen = match n / 20 {
        0 | 5 => wanted(&[&case], COAST).with("go", "direct").sent(&bruno).await,
        1 | 6 => wanted(&[&case], FIELD).with("go", "direct").sent(&bruno).await,
        2 | 7 => bruno.post(format!("{case}/stage"), [("stage", "assessment"), ("version", "1")]).await,
        3 | 8 => bruno.post(format!("{case}/notes"), [("kind", "note"), ("body", "Came by")]).await,
        _ => bruno.post(format!("{case}/tasks"), [("title", "Look in"), ("due_at", due.as_str())]).await,
    };
    assert!(matches!(seen.status.as_u16(), 303 | 404 | 409 | 422), "{n}: {} {}", seen.status, seen.text());
    (n, seen.status.as_u16())
}

#[tokio::test]
async fn two_hundred_transfers_and_edits_at_once_leave_each_case_one_owner_and_a_whole_history() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let mut cases = Vec::new();
    for n in 0..20 {
        cases.push(w.assistance(&format!("Person Number{n}")).await);
    }
    let answers = tokio::task::LocalSet::new()
        .run_until(async {
            let mut tries = tokio::task::JoinSet::new();
            for n in 0..200usize {
                tries.spawn_local(one_hand(n, cases[n % 20].clone(), w.in_days(60), w.bruno.clone()));
            }
            tokio::time::timeout(Duration::from_secs(120), tries.join_all()).await.expect("nobody waits for ever")
        })
        .await;
    let moved = answers.iter().filter(|(n, status)| matches!(n / 20, 0 | 1 | 5 | 6) && *status == 303).count();
    assert!(moved >= 20, "{moved} moved: a race that nobody wins proves nothing");
    for case in &cases {
        let id = id_of(case);
        let owner = w.owner(case).await;
        assert!(owner == FIELD.to_string() || owner == COAST.to_string());
        let moves = w.count(&format!("case_moves where case_id = '{id}' and kind = 'transferred'")).await;
        let receipts = w.count(&format!("transfer_receipts where case_id = '{id}'")).await;
        let done = w.count(&format!("transfer_items where case_id = '{id}' and state = 'done'")).await;
        assert_eq!((moves, receipts), (done, done), "every move is in the history, once");
        assert_eq!(
            w.count(&format!("transfer_items where case_id = '{id}' and state <> 'done'")).await,
            0,
            "a refused one left nothing"
        );
        // Each move begins where the one before it ended, and the last one led to where the case is.
        let to = async |unit: &str| {
            w.count(&format!("case_moves where case_id = '{id}' and kind = 'transferred' and to_value = '{unit}'")).await
        };
        let (there, back) = (to("Harbour coast unit").await, to("Harbour field unit").await);
        assert_eq!(there - back, i64::from(owner == COAST.to_string()), "{there} there and {back} back");
        for table in ["case_notes", "case_people", "tasks", "case_moves"] {
            assert_eq!(w.count(&format!("{table} where case_id = '{id}' and unit <> {owner}")).await, 0, "{table} went along");
        }
        let version: i32 =
            w.value(&format!("select version::text from cases where id = '{id}'")).await.parse().expect("a number");
        assert!(i64::from(version) > moves, "each move is a version");
    }
}

// Whose case somebody asked for twice: once of the clinic, once of the coast unit, with both agreed before either job ran.
async fn both_approved(w: &World) -> (String, String, String) {
    w.works_also("bruno", COAST, "supervisor").await;
    let case = w.assistance("Dana Aziz").await;
    let first = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    let second = wanted(&[&case], COAST).sent(&w.amina).await.redirects();
    let approve = async |by: &Browser, transfer: &str, manager: &str| {
        let item = w.records_ids(transfer).await.remove(0);
        let fields = [("manager", manager), ("go", "approve"), ("take", item.as_str())];
        by.post(format!("{transfer}/decision"), fields).await
    };
    let chen = user("chen").to_string();
    let (one, two) = tokio::join!(approve(&w.chen, &first, &chen), approve(&w.bruno, &second, ""));
    one.redirects();
    two.redirects();
    (case, first, second)
}

async fn exactly_one_moved(w: &World, first: &str, second: &str) {
    let outcome = async |transfer: &str| w.value(&format!("select state from transfers where id = '{}'", id_of(transfer))).await;
    let states = [outcome(first).await, outcome(second).await];
    assert!(states.contains(&"transferred".to_owned()) && states.contains(&"failed".to_owned()), "{states:?}");
    let loser = if states[0] == "failed" { first } else { second };
    assert_eq!(w.records(loser).await, [("failed".to_owned(), "moved_already".to_owned())]);
    w.amina.get(loser).await.shows("It was handed over meanwhile").lacks("1 waiting");
}

#[tokio::test]
async fn of_two_requests_that_were_both_approved_one_moves_and_the_other_ends_with_its_reason() {
    let w = World::new().await;
    let (_, first, second) = both_approved(&w).await;
    w.work_off().await;
    exactly_one_moved(&w, &first, &second).await;
}

#[tokio::test]
async fn a_request_that_hung_since_its_case_went_elsewhere_is_ended_within_a_minute() {
    let w = World::new().await;
    let (case, first, second) = both_approved(&w).await;
    // As it stood before: the job of what came second found nothing and said nothing.
    w.sql("delete from jobs where kind = 'transfer_begin' and body ->> 'transfer' = (select id::text from transfers where to_org = 1)").await;
    w.work_off().await;
    assert_eq!(w.owner(&case).await, RECEPTION.to_string());
    w.sql("update transfer_items set state = 'waiting', reason = null where state = 'failed'").await;
    w.sql("update transfers set state = 'approved', ended_at = null where state = 'failed'").await;
    w.after(chrono::TimeDelta::minutes(1)).await;
    exactly_one_moved(&w, &first, &second).await;
}

#[tokio::test]
async fn s22_who_is_out_on_a_visit_while_its_case_moves_away_is_the_one_who_says_that_they_are_back() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let case = w.assistance("Dana Aziz").await;
    let (at, by) = (w.in_hours(0), w.in_hours(2));
    let plan = [
        ("kind", "home_visit"),
        ("starts_at", at.as_str()),
        ("minutes", "60"),
        ("place", "At the centre"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
    ];
    let visit = w.amina.post(format!("{case}/meetings"), plan).await.redirects();
    let out = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.amina.post(format!("{visit}/setting-out"), out).await.redirects();
    let manager = user("bruno").to_string();
    wanted(&[&case], COAST).with("go", "direct").with("manager", &manager).sent(&w.bruno).await.redirects();
    w.amina.get(&visit).await.is(404);
    w.amina.get("/").await.shows("You are out on a visit").link("/visits");
    w.bruno.get("/").await.lacks("You are out on a visit");
}
