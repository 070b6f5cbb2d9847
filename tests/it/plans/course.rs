//! What becomes of a plan: actions marked, reviews, the next version, the end; and the same over REST.
use serde_json::{Value, json};

use super::{agreed, assessed, id, line, step, written};
use crate::support::World;
use crate::support::sent::PROTECTION;

#[tokio::test]
async fn a_new_version_is_a_copy_and_says_what_it_changes() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let first = written(&w, &case, &person).await;
    step(&w, &w.amina, &first, "proposal", &[]).await.redirects();
    agreed(&w, &first, &person).await;
    let commitment = w.value("select id::text from plan_lines where kind = 'commitment'").await;
    w.amina.post(format!("{first}/lines/{commitment}/state"), [("version", "1"), ("state", "done")]).await.redirects();
    w.amina.post(format!("{first}/lines/{commitment}/state"), [("version", "1"), ("state", "open")]).await.is(409);
    w.amina.get(&case).await.shows("1 of 2 done");
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 1);
    let second = super::begun(&w.amina, &case).await;
    w.amina.get(&second).await.shows("Plan 2").shows("A dry home").shows("Nothing yet against the version it was copied from");
    let goal = w.value(&format!("select id::text from plan_lines where kind = 'goal' and plan_id = '{}'", id(&second))).await;
    w.amina.post(format!("{second}/lines/{goal}"), [("version", "1"), ("words", "A dry, warm home")]).await.redirects();
    line(&w, &w.amina, &second, "goal", "", "Papers for everybody", &[]).await;
    let page = w.amina.get(&second).await;
    page.shows("Changed: Goal A dry home A dry, warm home").shows("New: Goal Papers for everybody");
    // Until both have agreed to the second, the first holds.
    w.amina.get(&case).await.shows("Plan 2").shows("Plan 1");
    step(&w, &w.amina, &second, "proposal", &[]).await.redirects();
    agreed(&w, &second, &person).await;
    w.amina.get(&first).await.shows("Replaced by a newer version").shows("A dry home").lacks("A dry, warm home");
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 1, "what was done stays done");
    assert_eq!(w.count("tasks where kind = 'plan_review' and done_at is null").await, 1);
    w.amina.get(format!("{case}/plans")).await.shows("Plan 2").shows("Plan 1").shows("Write a new version");
}

#[tokio::test]
async fn reviews_say_how_far_each_result_has_come_and_the_last_one_ends_the_plan() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    step(&w, &w.amina, &plan, "review", &[]).await.is(409);
    agreed(&w, &plan, &person).await;
    let result = w.value("select id::text from plan_lines where kind = 'result'").await;
    let (how, what) = (format!("p_{result}"), format!("w_{result}"));
    step(&w, &w.amina, &plan, "review", &[("words", "She hopes.")]).await.is(422).shows("She hopes.");
    step(&w, &w.amina, &plan, "review", &[(&how, "splendid")]).await.is(422);
    let partly = [(how.as_str(), "partly"), (&what, "One leak is left"), ("satisfaction", "unsaid"), ("next_on", "2030-05-01")];
    step(&w, &w.amina, &plan, "review", &partly).await.redirects();
    w.amina.get(&plan).await.shows("Partly").shows("One leak is left").shows("Did not want to say").shows("0 of 1");
    assert_eq!(w.count("tasks where kind = 'plan_review' and done_at is null and due_at::date = '2030-05-01'").await, 1);
    assert_eq!(w.count("plan_reviews where unsaid and satisfaction is null").await, 1);
    assert_eq!(w.count("plan_reviews where position('leak'::bytea in sealed) > 0").await, 0);
    let achieved = [(how.as_str(), "achieved"), ("satisfaction", "4"), ("words", "The roof holds.")];
    step(&w, &w.amina, &plan, "ending", &achieved).await.redirects();
    let page = w.amina.get(&plan).await;
    page.shows("Ended").shows("Achieved").shows("4 · Satisfied").shows("at the end").shows("1 of 1").shows("The roof holds.");
    assert_eq!(page.body.matches("tc-bar-fill").count(), 2, "a bar for each review");
    assert_eq!(w.count("tasks where kind in ('plan_review', 'plan_action') and done_at is null").await, 0);
    step(&w, &w.amina, &plan, "ending", &achieved).await.is(409);
    w.amina.get(&case).await.shows("The plan ended").lacks("Opens after: Plan");
}

#[tokio::test]
async fn a_plan_takes_its_course_over_rest_over_its_newest_versions_only() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let token = w.token(&w.amina).await;
    let program = crate::support::program::Program::of(&w.nobody, token);
    let api = format!("/api/v1{case}/plans");
    let read = |body: &str| serde_json::from_str::<Value>(body).expect("JSON");
    let made = program.call("POST", &api, Some(&json!({}))).await;
    made.is(201);
    let plan = format!("{api}/{}", read(&made.body)["id"].as_str().expect("an id"));
    let add = async |kind: &str, under: Value, words: &str| {
        let body = json!({ "kind": kind, "under": under, "words": words, "person": if kind == "commitment" { json!(person) } else { Value::Null } });
        read(&program.call("POST", &format!("{plan}/lines"), Some(&body)).await.is(201).body)["id"].clone()
    };
    let goal = add("goal", Value::Null, "A dry home").await;
    let result = add("result", goal.clone(), "The roof holds").await;
    let deed = add("commitment", result.clone(), "Clears the room").await;
    program.call("POST", &format!("{plan}/lines"), Some(&json!({ "kind": "result", "words": "x" }))).await.is(422).shows("under");
    let words = json!({ "wants": "To stay" });
    program.call_over("PUT", &format!("{plan}/words"), "\"7\"", Some(&words)).await.is(412);
    let over = async |tail: &str, body: Value| {
        let version = read(&program.get(&plan).await.body)["version"].to_string();
        program.call_over("POST", &format!("{plan}/{tail}"), &format!("\"{version}\""), Some(&body)).await
    };
    over("proposal", json!({})).await.is(200).shows("proposed");
    over("agreement", json!({ "side": "person", "person": person, "way": "said" })).await.is(422).shows("witness");
    over("agreement", json!({ "side": "person", "person": person, "way": "thumb", "witness": "The receptionist" })).await.is(200);
    over("agreement", json!({ "side": "organisation", "way": "signed_in" })).await.is(200).shows("agreed");
    let mark = format!("{plan}/lines/{}/state", deed.as_str().expect("an id"));
    program.call_over("POST", &mark, "\"2\"", Some(&json!({ "state": "done" }))).await.is(412);
    program.call_over("POST", &mark, "\"1\"", Some(&json!({ "state": "done" }))).await.is(200);
    let result = result.as_str().expect("an id");
    over("ending", json!({ "progress": { result: "achieved" }, "satisfaction": "5" })).await.is(200).shows("ended");
    let whole = read(&program.get(&plan).await.body);
    assert_eq!(whole["reviews"][0]["progress"][result], "achieved");
    assert_eq!((whole["agreements"][0]["way"].as_str(), whole["lines"].as_array().map(Vec::len)), (Some("thumb"), Some(3)));
}
