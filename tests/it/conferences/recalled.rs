//! Minutes that are called back: who is asked to delete its copies, who answers, and who hears nothing of it.
use chrono::TimeDelta;

use super::{CLINIC, id_of, minutes_at_the_clinic};
use crate::retention::erased;
use crate::support::World;
use crate::support::case_work::GBV;
use crate::support::world::{RECEPTION, user};

#[tokio::test]
async fn s04_whoever_got_minutes_is_asked_to_delete_them_and_says_so() {
    let w = World::new().await;
    let (_, meeting, packet) = minutes_at_the_clinic(&w).await;
    let (page, consent) = (format!("{meeting}/conference"), w.value("select id::text from consents").await);
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.work_off().await;
    let asked = format!("tasks where kind = 'delete_minutes' and unit = {RECEPTION} and done_at is null");
    assert_eq!(w.count(&asked).await, 1);
    let told = format!(
        "notifications n join tasks t on t.id = n.task_id where n.user_id = '{}' and t.kind = 'delete_minutes'",
        user("chen")
    );
    assert_eq!(w.count(&told).await, 1);
    w.chen.get(&packet).await.is(404);
    w.chen.get("/conferences").await.shows("To be deleted at the latest").shows("No copy is left").lacks("Dana");
    w.chen.program().await.get("/api/v1/conferences/deletions").await.is(200).shows("delete_by");
    w.amina.get(&page).await.shows("To be deleted at the latest").lacks("What it received");
    let deletion = format!("{packet}/deletion");
    w.odd.post(&deletion, [("", "")]).await.is(403);
    w.chen.post(&deletion, [("", "")]).await.redirects();
    w.chen.get("/conferences").await.lacks("To be deleted at the latest");
    w.chen.post(&deletion, [("", "")]).await.is(404);
    w.amina.get(&page).await.shows("Says that no copy is left");
    assert_eq!(w.count(&asked).await, 0);
}

#[tokio::test]
async fn s04_where_nobody_can_open_minutes_the_desk_says_that_no_copy_is_left_and_opens_nothing() {
    let w = World::new().await;
    let (_, meeting, packet) = minutes_at_the_clinic(&w).await;
    let consent = w.value("select id::text from consents").await;
    w.sql("update roles set cleared = '{}' where code = 'provider'").await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.work_off().await;
    assert_eq!(w.count(&format!("tasks where kind = 'delete_minutes' and unit = {RECEPTION} and done_at is null")).await, 1);
    w.chen.get(&packet).await.is(404);
    w.chen.get("/conferences").await.shows("To be deleted at the latest").lacks("Dana");
    // Of a restricted type that is said by focal points alone.
    w.sql(&format!("delete from focal_points; update conference_recalls set case_type = {GBV}")).await;
    w.chen.get("/conferences").await.lacks("To be deleted at the latest");
    w.chen.post(format!("{packet}/deletion"), [("", "")]).await.is(404);
    w.amina.get(format!("{meeting}/conference")).await.shows("nobody there can answer here");
    w.sql(&format!("insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')", user("chen"))).await;
    w.chen.post(format!("{packet}/deletion"), [("", "")]).await.redirects();
    w.amina.get(format!("{meeting}/conference")).await.shows("Says that no copy is left");
    assert_eq!(w.count("tasks where kind = 'delete_minutes' and done_at is null").await, 0);
}

#[tokio::test]
async fn s10_whoever_is_barred_from_the_case_is_no_desk_for_its_minutes_either() {
    let w = World::new().await;
    let (case, _, packet) = minutes_at_the_clinic(&w).await;
    let consent = w.value("select id::text from consents").await;
    let bar = format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id_of(&case),
        user("chen")
    );
    w.sql(&bar).await;
    vera_answers(&w).await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.work_off().await;
    w.chen.get("/conferences").await.lacks("To be deleted at the latest");
    w.chen.post(format!("{packet}/deletion"), [("", "")]).await.is(404);
    // Nor are they asked through their unit, where a colleague is asked.
    w.chen.get("/").await.lacks("Delete minutes of a conference");
    w.chen.get("/notifications").await.lacks("Delete minutes of a conference");
    assert_eq!((to_delete(&w, "vera").await, to_delete(&w, "chen").await), (1, 0));
    assert_eq!(w.count("tasks where kind = 'delete_minutes' and assignee is null").await, 0);
}

// Vera answers at the clinic's reception too.
async fn vera_answers(w: &World) {
    let vera = user("vera");
    w.sql(&format!(
        "insert into users (id, org, login, name) values ('{vera}', {CLINIC}, 'vera', 'Vera Blum');
         insert into memberships (id, user_id, unit, org, role)
           select gen_random_uuid(), '{vera}', {RECEPTION}, {CLINIC}, id from roles where code = 'provider' and org is null"
    ))
    .await;
}

// Tasks to delete minutes of which somebody is told.
async fn to_delete(w: &World, login: &str) -> i64 {
    let user = user(login);
    w.count(&format!(
        "tasks t where t.kind = 'delete_minutes' and t.assignee = '{user}'
         and exists (select from notifications n where n.task_id = t.id and n.user_id = t.assignee)"
    ))
    .await
}

#[tokio::test]
async fn s10_whoever_is_barred_hears_nothing_of_minutes_whose_case_was_erased_either() {
    let w = World::new().await;
    let (case, _, packet) = minutes_at_the_clinic(&w).await;
    let (id, chen) = (id_of(&case), user("chen"));
    vera_answers(&w).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id}', '{chen}', 'relative');
         update cases set closed_at = now() - interval '8 years', close_reason = 'needs_met' where id = '{id}'"
    ))
    .await;
    erased(&w, &[id]).await;
    w.after(TimeDelta::days(8)).await;
    assert_eq!(w.count("conference_packets").await, 0);
    w.chen.get("/conferences").await.lacks("To be deleted at the latest");
    w.chen.post(format!("{packet}/deletion"), [("", "")]).await.is(404);
    assert_eq!((to_delete(&w, "vera").await, to_delete(&w, "chen").await), (1, 0));
}

#[tokio::test]
async fn s11_what_is_to_be_deleted_of_a_restricted_case_its_focal_points_alone_are_asked() {
    let w = World::new().await;
    minutes_at_the_clinic(&w).await;
    vera_answers(&w).await;
    let consent = w.value("select id::text from consents").await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.sql(&format!(
        "update roles set cleared = '{{}}' where code = 'provider'; update conference_recalls set case_type = {GBV};
         insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')",
        user("vera")
    ))
    .await;
    w.work_off().await;
    assert_eq!((to_delete(&w, "vera").await, to_delete(&w, "chen").await), (1, 0));
    assert_eq!(w.count("tasks where kind = 'delete_minutes' and assignee is null").await, 0);
}

#[tokio::test]
async fn s29_minutes_are_asked_back_before_their_case_is_erased() {
    let w = World::new().await;
    let (case, _, packet) = minutes_at_the_clinic(&w).await;
    let id = id_of(&case);
    w.sql(&format!("update cases set closed_at = now() - interval '8 years', close_reason = 'needs_met' where id = '{id}'"))
        .await;
    erased(&w, &[id]).await;
    w.bruno.get(&case).await.is(200);
    w.chen.get(&packet).await.is(404);
    w.chen.get("/conferences").await.shows("To be deleted at the latest");
    w.after(TimeDelta::days(8)).await;
    w.bruno.get(&case).await.is(404);
    // The asking outlives the case: the clinic may still hold what it printed.
    w.chen.post(format!("{packet}/deletion"), [("", "")]).await.redirects();
    assert_eq!(w.count("conference_packets").await, 0);
}
