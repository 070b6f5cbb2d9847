//! Whom a case is proposed to and given: the level of worker that it asks for, the place, and how many workers one supervisor has.
use serde_json::{Value, json};

use super::{CHILD, cases, keeper};
use crate::people::call;
use crate::support::World;
use crate::support::world::{COAST, FIELD, user};

// More case workers of Harbour's field unit.
async fn colleagues(w: &World, logins: &[&str]) {
    for login in logins {
        let id = user(login);
        w.sql(&format!(
            "insert into users (id, org, login, name) values ('{id}', 1, '{login}', '{login} Zidan');
             insert into memberships (id, user_id, unit, org, role)
               select gen_random_uuid(), '{id}', {FIELD}, 1, r.id from roles r where r.code = 'case_worker' and r.org is null"
        ))
        .await;
    }
}

// Whom the board of a unit proposes for the only case that waits.
async fn proposed(w: &World, token: &str, unit: i32) -> String {
    let board = call(w, token, "GET", &format!("/api/v1/team?unit={unit}"), "", json!(null)).await;
    let board: Value = serde_json::from_str(&board.is(200).body).expect("a board");
    let to = board["waiting"][0]["proposed"].as_str().expect("somebody is proposed");
    w.value(&format!("select login from users where id = '{to}'")).await
}

#[tokio::test]
async fn a_complex_case_is_proposed_to_a_worker_of_its_level_and_goes_below_it_only_by_saying_so() {
    let w = World::new().await;
    let (waits, token) = (cases(&w, CHILD, 1, None).await, w.token(&w.bruno).await);
    colleagues(&w, &["zoe"]).await;
    cases(&w, CHILD, 5, Some("amina")).await;
    assert_eq!(proposed(&w, &token, FIELD).await, "zoe", "who carries least");
    w.sql("update users set level = 1 where login = 'zoe'; update users set level = 2 where login = 'amina'").await;
    assert_eq!(proposed(&w, &token, FIELD).await, "amina", "a child's case asks for level II");
    let (case, zoe) = (waits.to_string(), user("zoe").to_string());
    let (version, to) = (format!("version_{waits}"), format!("to_{waits}"));
    let form = [("case", case.as_str()), (&version, "1"), (&to, &zoe)];
    let seen = w.bruno.post("/team/assignments", form).await;
    seen.is(422).shows("asks for a worker of a higher level").shows("below the level it asks for");
    // Where one case is assigned, their level stands beside their name.
    let asked = w.bruno.get(format!("/cases/{waits}/assignment")).await;
    asked.is(200).shows("zoe Zidan · 0% · Level I").lacks("Amina Haddad · Level");
    let body = json!({ "cases": [{ "case": waits, "to": zoe, "version": 1 }] });
    call(&w, &token, "POST", "/api/v1/team/assignments", "", body).await.is(422).shows("beyond_level");
    let single = [("manager", zoe.as_str()), ("version", "1")];
    w.bruno.post(format!("/cases/{waits}/assignment"), single).await.is(422).shows("asks for a worker of a higher level");
    assert_eq!(keeper(&w, waits).await, "nobody");
    let sure = [&form[..], &[("beyond_level", "true")]].concat();
    w.bruno.post("/team/assignments", sure).await.redirects();
    assert_eq!(keeper(&w, waits).await, "zoe");
}

#[tokio::test]
async fn a_worker_of_the_unit_where_a_case_waits_goes_before_one_of_another() {
    let w = World::new().await;
    cases(&w, CHILD, 1, None).await;
    colleagues(&w, &["zoe"]).await;
    cases(&w, CHILD, 5, Some("zoe")).await;
    w.sql(&format!("update memberships set unit = {COAST} where user_id = '{}'", user("amina"))).await;
    let (token, bruno) = (w.token(&w.bruno).await, user("bruno"));
    let coordinator = "select id from roles where code = 'coordinator'";
    w.sql(&format!("update memberships set unit = 1, role = ({coordinator}) where user_id = '{bruno}'")).await;
    // Amina carries nothing, but a fifth of a caseload does not outweigh the place.
    assert_eq!(proposed(&w, &token, 1).await, "zoe");
    w.bruno.get("/team?unit=1").await.shows("same unit");
}

#[tokio::test]
async fn s24_on_the_board_a_case_of_high_risk_weighs_more_than_one_of_low() {
    let w = World::new().await;
    cases(&w, CHILD, 10, Some("amina")).await;
    for (risk, load) in [("low", "30%"), ("moderate", "40%"), ("high", "60%")] {
        w.sql(&format!("update cases set risk = '{risk}'")).await;
        w.bruno.get("/team").await.shows(&format!("Amina Haddad {load} · Amina Haddad 10"));
    }
}

#[tokio::test]
async fn whoever_kept_an_earlier_case_of_the_person_is_proposed_and_the_board_says_why() {
    let w = World::new().await;
    let (waits, token) = (cases(&w, CHILD, 1, None).await, w.token(&w.bruno).await);
    colleagues(&w, &["zoe"]).await;
    cases(&w, CHILD, 5, Some("amina")).await;
    let earlier = cases(&w, CHILD, 1, Some("amina")).await;
    let closed = "closed_at = now() - interval '1 year', close_reason = 'needs_met'";
    w.sql(&format!("update cases set {closed} where id = '{earlier}'")).await;
    assert_eq!(proposed(&w, &token, FIELD).await, "zoe", "who carries least");
    w.bruno.get("/team").await.lacks("knows the family");
    let person = w.value(&format!("select person_id::text from cases where id = '{waits}'")).await;
    w.sql(&format!("update cases set person_id = '{person}' where id = '{earlier}'")).await;
    assert_eq!(proposed(&w, &token, FIELD).await, "amina");
    w.bruno.get("/team").await.shows("knows the family");
}

#[tokio::test]
async fn s24_the_board_says_where_one_supervisor_has_more_workers_than_the_pack_says() {
    let w = World::new().await;
    // Salma works on cases that Bruno supervises, too.
    colleagues(&w, &["zoe", "zac", "zia", "zad"]).await;
    w.bruno.get("/team").await.is(200).lacks("More workers than one supervisor is meant for");
    colleagues(&w, &["zed"]).await;
    w.bruno
        .get("/team")
        .await
        .shows("More workers than one supervisor is meant for")
        .shows("Harbour field unit: workers 7, supervisors 1; one supervisor is meant for 6 at most.")
        .shows("make one more colleague there a supervisor");
    let board = call(&w, &w.token(&w.bruno).await, "GET", "/api/v1/team", "", json!(null)).await;
    board.is(200).shows("\"stretched\":[{\"unit\":\"Harbour field unit\",\"workers\":7,\"supervisors\":1,\"most\":6}]");
    // A second one shares them.
    let supervisor = "select id from roles where code = 'supervisor' and org is null";
    w.sql(&format!("update memberships set role = ({supervisor}) where user_id = '{}'", user("zed"))).await;
    w.bruno.get("/team").await.lacks("More workers than one supervisor is meant for");
}

#[tokio::test]
async fn whoever_works_here_from_a_unit_above_stands_on_no_board_and_is_asked_about_all_the_same() {
    let w = World::new().await;
    let (waits, token, zoe) = (cases(&w, CHILD, 1, None).await, w.token(&w.bruno).await, user("zoe"));
    colleagues(&w, &["zoe"]).await;
    w.sql(&format!(
        "update roles set reach = 'subtree' where code = 'case_worker' and org is null;
         update memberships set unit = 1 where user_id = '{zoe}'; update users set level = 1 where id = '{zoe}'"
    ))
    .await;
    w.bruno.get("/team?workers=all").await.is(200).lacks("zoe Zidan");
    let give = async |meant: bool| {
        let body = json!({ "cases": [{ "case": waits, "to": zoe, "version": 1 }], "beyond_level": meant });
        call(&w, &token, "POST", "/api/v1/team/assignments", "", body).await
    };
    give(false).await.is(422).shows("beyond_level").shows(&format!("to_{waits}"));
    assert_eq!(keeper(&w, waits).await, "nobody");
    give(true).await.is(200);
    assert_eq!(keeper(&w, waits).await, "zoe");
}

#[tokio::test]
async fn s24_what_somebody_carries_in_another_unit_counts_when_they_are_given_more() {
    let w = World::new().await;
    for (login, role) in [("amina", "case_worker"), ("bruno", "supervisor")] {
        w.also(login, COAST, role).await;
    }
    cases(&w, CHILD, 13, Some("amina")).await;
    w.sql(&format!("update cases set unit = {COAST}")).await;
    cases(&w, CHILD, 12, Some("amina")).await;
    let (waits, amina) = (cases(&w, CHILD, 1, None).await, user("amina").to_string());
    w.bruno.get(format!("/team?unit={FIELD}")).await.shows("Amina Haddad 48%");
    let (case, unit, version, to) = (waits.to_string(), FIELD.to_string(), format!("version_{waits}"), format!("to_{waits}"));
    let form = [("unit", &*unit), ("case", &*case), (&*version, "1"), (&*to, &*amina)];
    w.bruno.post("/team/assignments", form).await.is(422).shows("more than a full caseload");
    w.bruno.post("/team/assignments", [&form[..], &[("overfull", "true")]].concat()).await.redirects();
    assert_eq!(keeper(&w, waits).await, "amina");
}
