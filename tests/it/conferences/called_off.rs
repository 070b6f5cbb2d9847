//! Conferences that do not take place because their case is closed: who is told, and in which words.
use super::{CLINIC, STRANGER, agreed, asked, id_of, meeting, person_comes};
use crate::support::World;
use crate::support::case_work::{GBV, GENERAL};
use crate::support::world::{RECEPTION, user};

async fn closed(w: &World, case: &str) {
    let version = w.value(&format!("select version::text from cases where id = '{}'", id_of(case))).await;
    let checklist = [
        ("reason", "needs_met"),
        ("discussed", "true"),
        ("reviewed", "true"),
        ("way_back", "true"),
        ("way_back_how", "spoken"),
        ("version", version.as_str()),
    ];
    w.amina.post(format!("{case}/closure"), checklist).await.redirects();
}

#[tokio::test]
async fn s27_whoever_was_asked_to_a_conference_is_told_by_the_code_that_it_is_called_off() {
    let w = World::new().await;
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, GENERAL, person, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", id_of(&case))).await;
    agreed(&w, &case, person, "2,3").await;
    let later = meeting(&w, &case, "conference", 30).await;
    person_comes(&w, &later).await;
    asked(&w, &later, CLINIC, "need").await;
    asked(&w, &later, STRANGER, "urgency").await;
    let page = w.amina.get(format!("{case}/closure")).await;
    page.shows("Meetings called off with the case: 1").shows("Will be told by a notification").shows("Tell them yourself");
    page.shows(&code).lacks("Shelter for women");
    closed(&w, &case).await;
    w.work_off().await;
    let told = "A conference that your organisation was asked to does not take place";
    w.chen.get("/notifications").await.shows(told).shows(&code).lacks("Dana").lacks("Shelter");
    w.odd.get("/notifications").await.lacks(told);
    w.sql(&format!(
        "insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), '{}', {RECEPTION}, 'relative')",
        id_of(&case)
    ))
    .await;
    w.chen.get("/notifications").await.lacks(told);
}

// A conference that the clinic is asked to and that lies ahead.
async fn ahead_with_the_clinic(w: &World) -> String {
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, GENERAL, person, &[]).await;
    agreed(w, &case, person, CLINIC).await;
    let later = meeting(w, &case, "conference", 30).await;
    person_comes(w, &later).await;
    asked(w, &later, CLINIC, "need").await;
    case
}

const OFF: &str = "A conference that your organisation was asked to does not take place";

#[tokio::test]
async fn s04_who_was_asked_on_what_does_not_stand_any_more_is_not_told_that_a_conference_is_called_off() {
    for ended in ["withdrawn_at = now()", "given_on = current_date - 9, expires_on = current_date - 1"] {
        let w = World::new().await;
        let case = ahead_with_the_clinic(&w).await;
        w.sql(&format!("update consents set {ended}")).await;
        let page = w.amina.get(format!("{case}/closure")).await;
        page.shows("Tell them yourself").lacks("Will be told by a notification");
        closed(&w, &case).await;
        w.work_off().await;
        w.chen.get("/notifications").await.lacks(OFF);
        assert_eq!(w.count("notifications where party_id is not null").await, 0, "{ended}");
    }
}

#[tokio::test]
async fn s09_of_a_restricted_case_no_organisation_is_told_that_a_conference_is_called_off() {
    let w = World::new().await;
    let case = ahead_with_the_clinic(&w).await;
    let (id, amina, salma) = (id_of(&case), user("amina"), user("salma"));
    w.sql("update roles set cleared = cleared || '{4}' where code = 'provider'").await;
    w.sql(&format!("update cases set case_type = {GBV}, case_manager = '{salma}' where id = '{id}'")).await;
    w.salma.get(format!("{case}/closure")).await.shows("Tell them yourself").lacks("Will be told by a notification");
    w.sql(&format!("update cases set case_type = {GENERAL}, case_manager = '{amina}' where id = '{id}'")).await;
    closed(&w, &case).await;
    w.work_off().await;
    w.chen.get("/notifications").await.shows(OFF);
    w.sql(&format!("update cases set case_type = {GBV} where id = '{id}'")).await;
    w.chen.get("/notifications").await.lacks(OFF);
}

#[tokio::test]
async fn what_is_planned_for_later_is_called_off_when_the_case_is_closed() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Saleh").await, &[]).await;
    let (begun, later) = (meeting(&w, &case, "interview", 0).await, meeting(&w, &case, "conference", 30).await);
    closed(&w, &case).await;
    // Its history ends with why.
    w.amina.get(&later).await.shows("Changes of time").shows("Did not take place · The case was closed");
    w.amina.get(&begun).await.shows("Planned").lacks("The case was closed");
    let at = w.in_hours(40);
    let moved = [("starts_at", at.as_str()), ("asked_by", "person"), ("move_reason", "transport"), ("version", "1")];
    w.amina.post(format!("{begun}/time"), moved).await.is(409).shows("This case is closed");
    assert_eq!(w.count("facts where kind = 'meeting.concluded' and note ->> 'reason' = 'case_closed'").await, 1);
}
