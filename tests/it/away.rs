//! Who is away or carries a full load is told beside their name, and gets more only if it is meant.
use chrono::TimeDelta;
use serde_json::json;

use crate::people::call;
use crate::supervision::{CHILD, cases, keeper};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::world::{FIELD, user};

// Bruno has Karim stand in for Amina from today on, for three days.
async fn cover(w: &World, more: &[(&str, &str)]) -> Seen {
    let day = |count: i64| (w.ground.clock.now().date_naive() + TimeDelta::days(count)).to_string();
    let (worker, colleague, from, until) = (user("amina").to_string(), user("karim").to_string(), day(0), day(3));
    let form = [("worker", &*worker), ("colleague", &*colleague), ("from_on", &*from), ("until_on", &*until)];
    w.bruno.post("/covers", [&form[..], more].concat()).await
}

#[tokio::test]
async fn whoever_is_away_is_proposed_nothing_and_gets_a_case_only_if_it_is_meant() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let waits = cases(&w, CHILD, 1, None).await;
    let (id, unit, amina) = (waits.to_string(), FIELD.to_string(), user("amina").to_string());
    let option = format!("<option value=\"{amina}\"");
    let before = w.bruno.get("/team").await;
    assert!(before.body.contains(&option), "{}", before.body);
    cover(&w, &[]).await.redirects();
    let board = w.bruno.get("/team").await;
    board.shows("Amina Haddad · away until").shows("Karim Saleh");
    assert!(!board.body.contains(&option), "{}", board.body);
    let (version, to) = (format!("version_{id}"), format!("to_{id}"));
    let given = [("unit", &*unit), ("case", &*id), (&*version, "1"), (&*to, &*amina)];
    w.bruno.post("/team/assignments", given).await.is(422).shows("They are away").shows("somebody who is away all the same");
    let page = format!("/cases/{id}/assignment");
    w.bruno.get(&page).await.shows("Amina Haddad · 0% · away until");
    let one = [("manager", &*amina), ("version", "1")];
    w.bruno.post(&page, one).await.is(422).shows("They are away").shows("What their cover does not take waits");
    assert_eq!(keeper(&w, waits).await, "nobody");
    w.bruno.post(&page, [&one[..], &[("away", "true")]].concat()).await.redirects();
    assert_eq!(keeper(&w, waits).await, "amina");
}

#[tokio::test]
async fn s24_the_page_that_assigns_one_case_says_what_each_carries_and_asks_above_a_full_caseload() {
    let w = World::new().await;
    cases(&w, CHILD, 26, Some("amina")).await;
    let waits = cases(&w, CHILD, 1, None).await;
    let (page, amina) = (format!("/cases/{waits}/assignment"), user("amina").to_string());
    w.bruno.get(&page).await.shows("Amina Haddad · 104%").lacks("Give it to them all the same");
    let form = [("manager", &*amina), ("version", "1")];
    w.bruno.post(&page, form).await.is(422).shows("more than a full caseload").shows("Give it to them all the same");
    assert_eq!(keeper(&w, waits).await, "nobody");
    w.bruno.post(&page, [&form[..], &[("overfull", "true")]].concat()).await.redirects();
    assert_eq!(keeper(&w, waits).await, "amina");
}

#[tokio::test]
async fn s24_a_caseload_goes_to_a_colleague_beyond_a_full_one_only_by_saying_so() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let hers = cases(&w, CHILD, 20, Some("amina")).await;
    cases(&w, CHILD, 10, Some("karim")).await;
    w.bruno.get("/covers").await.shows("Karim Saleh · 40%").shows("Amina Haddad · 80%");
    cover(&w, &[]).await.is(422).shows("Karim Saleh · 40%, then 120%").shows("Arrange it all the same");
    assert_eq!(keeper(&w, hers).await, "amina");
    cover(&w, &[("overfull", "true")]).await.redirects();
    assert_eq!(keeper(&w, hers).await, "karim");
}

#[tokio::test]
async fn s24_a_case_is_opened_for_a_colleague_beyond_a_full_caseload_only_by_saying_so() {
    let w = World::new().await;
    cases(&w, CHILD, 25, Some("amina")).await;
    let (person, child, amina) = (w.known_person("Dana Aziz").await.to_string(), CHILD.to_string(), user("amina").to_string());
    w.bruno.get(format!("/cases/new?person={person}")).await.shows("Amina Haddad · 100%").lacks("Give it to them all the same");
    let form = [
        ("person", &*person),
        ("case_type", &*child),
        ("intake_source", "self"),
        ("priority", "normal"),
        ("keeper", &*amina),
        ("limits_explained_on", "2026-01-15"),
    ];
    let seen = w.bruno.post("/cases/new", form).await;
    seen.is(422).shows("more than a full caseload").shows("Give it to them all the same");
    let token = w.token(&w.bruno).await;
    let new = async |overfull: bool| {
        let body = json!({ "person_id": person, "case_type": CHILD, "intake_source": "self", "priority": "normal", "case_manager": amina, "overfull": overfull });
        call(&w, &token, "POST", "/api/v1/cases", "", body).await
    };
    new(false).await.is(422).shows("carries_full");
    let hers = format!("cases where case_manager = '{amina}'");
    assert_eq!(w.count(&hers).await, 25);
    w.bruno.post("/cases/new", [&form[..], &[("overfull", "true")]].concat()).await.redirects();
    new(true).await.is(201);
    assert_eq!(w.count(&hers).await, 27);
}
