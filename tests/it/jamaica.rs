//! The flow of Jamaica's case management, end to end: information at the front desk, a higher level of intervention, a worker of that level, the needs
//! assessment, the individual development plan, follow-up, and closing.
use serde_json::{Value, json};

use crate::achievements::{assessed_as, household};
use crate::closing::{closes, version};
use crate::people::call;
use crate::plans::{begun, line, step};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::{FIELD, user};

const INFORMATION: i16 = 81;
const LONG_TERM: &str = "83";

// A supervisor, an assistant at the front desk and a social worker, each of their level.
async fn tiers(w: &World) -> (Browser, Browser, Browser) {
    w.load_pack("family-accompaniment").await;
    w.sql("update users set level = 3 where login = 'bruno'").await;
    for (login, role, level) in [("tanya", "path_assistant_1", 1), ("marcia", "path_social_worker", 3)] {
        w.member(login, FIELD, role).await;
        w.sql(&format!("update users set level = {level} where login = '{login}'")).await;
    }
    (w.also("bruno", FIELD, "family_supervisor").await, w.browser("tanya").await, w.browser("marcia").await)
}

async fn moves_on(w: &World, by: &Browser, case: &str, stage: &str) {
    let version = version(w, case).await;
    by.post(format!("{case}/stage"), [("stage", stage), ("version", &version)]).await.redirects();
}

// A draft with one goal, what is expected of it and what the family does for it.
async fn drafted(w: &World, by: &Browser, case: &str, person: &str) -> (String, String) {
    let plan = begun(by, case).await;
    let goal = line(w, by, &plan, "goal", "", "A trade of her own", &[]).await;
    let result = line(w, by, &plan, "result", &goal, "She finishes the course", &[]).await;
    let due = [("person", person), ("due_on", "2030-03-01")];
    line(w, by, &plan, "commitment", &result, "Goes to every lesson", &due).await;
    (plan, goal.rsplit('/').next().expect("an id").to_owned())
}

#[tokio::test]
async fn a_family_goes_from_information_to_long_term_work_with_a_development_plan_and_out_again() {
    let w = World::new().await;
    let (bruno, tanya, marcia) = tiers(&w).await;
    let (case, dana) = household(&w, &tanya, INFORMATION).await;
    let dana = dana.to_string();
    // Level I needs neither an assessment nor a plan, and is told of none.
    let told = tanya.get(&case).await;
    told.shows("Level I: information and referral").shows("Intake and orientation").shows("Next step Record consent");
    told.lacks("Begin: Needs assessment").lacks("Move on to: Needs assessment");
    // It is more than information: the supervisor gives it the next level, which ends the assistant's part in it.
    let edition = version(&w, &case).await;
    bruno.post(format!("{case}/type"), [("case_type", LONG_TERM), ("version", &edition)]).await.redirects();
    tanya.get(&case).await.is(404);
    let token = w.token(&bruno).await;
    let board = call(&w, &token, "GET", "/api/v1/team", "", json!(null)).await;
    let board: Value = serde_json::from_str(&board.is(200).body).expect("a board");
    let waits = &board["waiting"][0];
    assert_eq!((&waits["level"], &waits["proposed"]), (&json!(3), &json!(user("marcia").to_string())));
    let edition = version(&w, &case).await;
    let marcia_id = user("marcia").to_string();
    bruno.post(format!("{case}/assignment"), [("manager", marcia_id.as_str()), ("version", &edition)]).await.redirects();
    // The plan waits for the needs assessment, the intervention for the plan.
    let told = marcia.get(&case).await;
    told.shows("Level III: long-term intervention").shows("Opens after: Needs assessment (finalised)");
    told.shows("Next step Begin: Needs assessment");
    let edition = version(&w, &case).await;
    marcia.post(format!("{case}/stage"), [("stage", "development_plan"), ("version", &edition)]).await.is(422);
    let found = [("kind", "social_investigation"), ("account", "Two rooms for six; wants to learn a trade"), ("finding", "low")];
    marcia.post(format!("{case}/records"), found).await.redirects();
    let answers = [("water_from", "home"), ("toilet", "yes"), ("meals", "never"), ("income_line", "above")];
    assessed_as(&w, &marcia, &case, ("needs_screening", "low"), &answers).await;
    moves_on(&w, &marcia, &case, "development_plan").await;
    let (plan, goal) = drafted(&w, &marcia, &case, &dana).await;
    marcia.get(&case).await.shows("Individual development plan");
    step(&w, &marcia, &plan, "proposal", &[]).await.redirects();
    let said = [("side", "person"), ("person", dana.as_str()), ("way", "said"), ("witness", "The receptionist")];
    step(&w, &marcia, &plan, "agreement", &said).await.redirects();
    step(&w, &marcia, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    moves_on(&w, &marcia, &case, "intervention").await;
    let check = [("kind", "compliance_check"), ("account", "All children were at school"), ("way", "in_person")];
    marcia.post(format!("{case}/records"), check).await.redirects();
    marcia.get(&case).await.shows("Compliance with the programme");
    let ready = [("goals_reached", "all"), ("agrees", "yes")];
    assessed_as(&w, &marcia, &case, ("graduation_check", "low"), &ready).await;
    moves_on(&w, &marcia, &case, "evaluation").await;
    let (outcome, reason) = (format!("g_{goal}"), ("reason", "needs_met"));
    closes(&w, &marcia, &case, &[reason, (&outcome, "achieved")]).await.redirects();
    marcia.get(&case).await.shows("Goals: Reached 1").shows("Closed");
}

#[tokio::test]
async fn each_tier_opens_cases_up_to_its_own_level() {
    let w = World::new().await;
    let (_, tanya, marcia) = tiers(&w).await;
    let person = w.known_person("Dana Saleh").await;
    w.household(person).await;
    let form = format!("/cases/new?person={person}");
    tanya.get(&form).await.shows("Level I: information").lacks("Level II:").lacks("Level III:").lacks("Accompanied family");
    marcia.get(&form).await.shows("Level I: information").shows("Level II: short-term").shows("Level III: long-term");
}
