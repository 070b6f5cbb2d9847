//! Who sees a case for a handed task alone: they do that task, and the course of the case is for others.
use serde_json::json;

use super::with_task;
use crate::closing::closes;
use crate::people::call;
use crate::plans::id;
use crate::support::World;
use crate::support::world::{FIELD, RECEPTION, user};

// Amina hands her task to Karim and lets him in for it.
async fn handed(w: &World, task: &str) {
    let form = [("assignee", user("karim").to_string()), ("reason", "On leave".to_owned()), ("let_in", "true".to_owned())];
    w.amina.post(format!("/tasks/{task}/handing"), form).await.redirects();
}

#[tokio::test]
async fn whoever_is_in_for_a_handed_task_does_it_and_neither_moves_nor_closes_nor_gives_away_the_case() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let (case, task) = with_task(&w).await;
    handed(&w, &task).await;
    let kept = w.amina.get(&case).await;
    let seen = karim.get(&case).await;
    seen.is(200);
    for own in ["stage", "pause", "closure"] {
        kept.link(&format!("{case}/{own}"));
        seen.lacks(&format!("\"{case}/{own}\""));
        karim.get(format!("{case}/{own}")).await.is(403).shows("You were let in to this case for a task");
    }
    for other in ["assignment", "transfer"] {
        seen.lacks(&format!("\"{case}/{other}\""));
        karim.get(format!("{case}/{other}")).await.is(403);
    }
    seen.lacks(&format!("\"{case}/file\""));
    karim.get(format!("{case}/file")).await.is(200).lacks("name=\"sections\"");
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    let me = user("karim").to_string();
    // Whether it has a keeper or not, to give it to another is not for their role.
    karim.post(format!("{case}/assignment"), [("manager", me.as_str()), ("version", &version)]).await.is(403);
    for (topic, field, value) in [("stage", "stage", "assessment"), ("pause", "reason", "person_away")] {
        let refused = karim.post(format!("{case}/{topic}"), [(field, value), ("version", &version)]).await;
        refused.is(403).shows("You were let in to this case for a task");
    }
    let closed = closes(&w, &karim, &case, &[("reason", "needs_met")]).await;
    closed.is(403).shows("You were let in to this case for a task");
    let copied = karim.post(format!("{case}/file"), [("reason", "She asked"), ("sections", "case")]).await;
    copied.is(403).shows("You were let in to this case for a task");
    let token = w.token(&karim).await;
    let paused = call(&w, &token, "POST", &format!("/api/v1{case}/pause"), "\"1\"", json!({ "reason": "person_away" })).await;
    paused.is(403).shows("in_for_task");
    assert_eq!(w.count("cases where closed_at is null and paused_reason is null").await, 1);
    // The task itself, and what is written of it, are theirs.
    karim.post(format!("{case}/notes"), [("kind", "note"), ("body", "Rang the school.")]).await.redirects();
    karim.post(format!("/tasks/{task}/done"), [("back", "")]).await.redirects();
}

#[tokio::test]
async fn who_sees_the_case_in_another_way_too_loses_nothing_by_a_handed_task() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let (case, task) = with_task(&w).await;
    handed(&w, &task).await;
    w.sql(&format!(
        "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{}', '{}', 'team', now() + interval '9 days', 1)",
        id(&case),
        user("karim")
    ))
    .await;
    karim.get(&case).await.link(&format!("{case}/closure"));
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    karim.post(format!("{case}/pause"), [("reason", "person_away"), ("version", &version)]).await.redirects();
}

#[tokio::test]
async fn whoever_is_in_for_a_handed_task_announces_no_transfer_by_any_way() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let (case, task) = with_task(&w).await;
    w.sql("insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), 1, 2, 'flagged', '2020-01-01')").await;
    handed(&w, &task).await;
    let to = RECEPTION.to_string();
    let announced = karim.post(format!("{case}/transfer-notice"), [("to", to.as_str())]).await;
    announced.is(403).shows("You were let in to this case for a task");
    let token = w.token(&karim).await;
    let notice = call(&w, &token, "POST", &format!("/api/v1{case}/referrals"), "\"1\"", json!({ "to": "notice:2" })).await;
    notice.is(403).shows("in_for_task");
    assert_eq!(w.count("referrals").await, 0);
}

#[tokio::test]
async fn whoever_is_in_for_a_handed_task_takes_up_no_case_that_waits_for_a_keeper() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let (case, task) = with_task(&w).await;
    handed(&w, &task).await;
    w.sql(&format!("update cases set case_manager = null where id = '{}'", id(&case))).await;
    karim.get(&case).await.is(200);
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    let me = user("karim").to_string();
    let taken = karim.post(format!("{case}/assignment"), [("manager", me.as_str()), ("version", &version)]).await;
    taken.is(403).shows("You were let in to this case for a task");
    assert_eq!(w.count("cases where case_manager is null").await, 1);
}
