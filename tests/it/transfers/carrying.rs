//! Whoever is named for a case that changes hands has room for it, is there and works at its level, or it is meant so.
use serde_json::json;

use super::{id_of, wanted};
use crate::people::call;
use crate::supervision::{CHILD, cases};
use crate::support::World;
use crate::support::world::{COAST, RECEPTION, user};

// Chen carries so many children's cases at Clinic; twenty-five are one caseload.
async fn clinic(w: &World, carried: i32) {
    cases(w, CHILD, carried, Some("chen")).await;
    w.sql(&format!("update cases set org = 2, unit = {RECEPTION} where case_manager = '{}'", user("chen"))).await;
}

// A child's case with Amina.
async fn child(w: &World, name: &str) -> String {
    let person = w.known_person(name).await;
    w.case(&w.amina, CHILD, person, &[("risk", "moderate")]).await
}

#[tokio::test]
async fn s24_who_accepts_cases_for_a_worker_is_asked_whether_all_of_them_together_are_meant() {
    let w = World::new().await;
    clinic(&w, 24).await;
    let (one, other) = (child(&w, "Dana Aziz").await, child(&w, "Sami Noor").await);
    let transfer = wanted(&[&one, &other], RECEPTION).sent(&w.amina).await.redirects();
    let (page, chen) = (format!("{transfer}/decision"), user("chen").to_string());
    w.chen.get(&page).await.shows("Chen Li · 96%").lacks("Give it to them all the same");
    let items = w.records_ids(&transfer).await;
    let both = [("manager", chen.as_str()), ("go", "approve"), ("take", items[0].as_str()), ("take", items[1].as_str())];
    let seen = w.chen.post(&page, both).await;
    seen.is(422).shows("With this they would carry more than a full caseload").shows("Give it to them all the same");
    w.chen.post(&page, [&both[..], &[("overfull", "true")]].concat()).await.redirects();
    w.work_off().await;
    assert!(w.records(&transfer).await.iter().all(|(state, _)| state == "done"));
}

#[tokio::test]
async fn s24_what_is_left_out_weighs_nothing() {
    let w = World::new().await;
    clinic(&w, 24).await;
    let (one, other) = (child(&w, "Dana Aziz").await, child(&w, "Sami Noor").await);
    let transfer = wanted(&[&one, &other], RECEPTION).sent(&w.amina).await.redirects();
    let (chen, items) = (user("chen").to_string(), w.records_ids(&transfer).await);
    let first = [("manager", chen.as_str()), ("go", "approve"), ("take", items[0].as_str())];
    w.chen.post(format!("{transfer}/decision"), first).await.redirects();
}

#[tokio::test]
async fn who_moves_a_case_at_once_is_asked_about_the_level_of_whoever_gets_it() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    w.works_also("amina", COAST, "case_worker").await;
    w.newcomer("zoe", "Zoe Zidan", 1, COAST, "case_worker").await;
    w.sql("update users set level = 1 where login in ('zoe', 'amina')").await;
    let (case, zoe, amina) = (child(&w, "Dana Aziz").await, user("zoe").to_string(), user("amina").to_string());
    let direct = || wanted(&[&case], COAST).with("go", "direct").with("manager", &zoe);
    let seen = direct().sent(&w.bruno).await;
    seen.is(422).shows("asks for a worker of a higher level").shows("below the level it asks for");
    // Programs are asked the same.
    let token = w.token(&w.bruno).await;
    let body = |meant: bool| {
        json!({ "cases": [id_of(&case)], "to": COAST, "reason": "closer_service", "agreed_on": super::today(), "go": "direct",
            "case_manager": zoe, "beyond_level": meant })
    };
    call(&w, &token, "POST", "/api/v1/transfers", "", body(false)).await.is(422).shows("beyond_level");
    call(&w, &token, "POST", "/api/v1/transfers", "", body(true)).await.is(201);
    assert_eq!(w.owner(&case).await, COAST.to_string());
    // Whoever keeps it already gets nothing more.
    let kept = child(&w, "Sami Noor").await;
    wanted(&[&kept], COAST).with("go", "direct").with("manager", &amina).sent(&w.bruno).await.redirects();
    assert_eq!(w.owner(&kept).await, COAST.to_string());
}

#[tokio::test]
async fn who_takes_a_case_over_after_a_notice_for_somebody_away_is_asked_whether_they_mean_it() {
    let w = World::new().await;
    let sent = super::notices::announced(&w).await;
    w.newcomer("noor", "Noor Karam", 2, RECEPTION, "provider").await;
    let (noor, unit) = (user("noor").to_string(), RECEPTION.to_string());
    w.sql(&format!(
        "insert into covers (id, org, worker, colleague, from_on, until_on, arranged_by, state, started_at)
         values (gen_random_uuid(), 2, '{noor}', '{chen}', current_date - 1, '2031-01-01', '{chen}', 'running', now())",
        chen = user("chen")
    ))
    .await;
    let page = sent.path("transfer");
    w.chen.get(&page).await.shows("Noor Karam · 0% · away until");
    let form = [("unit", unit.as_str()), ("manager", noor.as_str())];
    w.chen.post(&page, form).await.is(422).shows("They are away").shows("somebody who is away all the same");
    w.chen.post(&page, [&form[..], &[("away", "true")]].concat()).await.redirects();
    assert_eq!(w.value(&format!("select case_manager::text from cases where id = '{}'", sent.case)).await, noor);
}
