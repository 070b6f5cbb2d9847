//! What becomes of a plan: actions marked, reviews, the next version, the end; and the same over REST.
use serde_json::{Value, json};

use super::{agreed, assessed, id, line, step, written};
use crate::support::World;
use crate::support::sent::{CHILD, PROTECTION};

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
    let papers = line(&w, &w.amina, &second, "goal", "", "Papers for everybody", &[]).await;
    let page = w.amina.get(&second).await;
    page.shows("Changed: Goal A dry home A dry, warm home").shows("New: Goal Papers for everybody");
    // Until both have agreed to the second, the first holds.
    w.amina.get(&case).await.shows("Plan 2").shows("Plan 1");
    // Nothing can be said later of how far a goal has come under which nothing is expected.
    step(&w, &w.amina, &second, "proposal", &[]).await.is(422).shows("Under each goal stands an expected result");
    line(&w, &w.amina, &second, "result", &papers, "All have a card", &[]).await;
    step(&w, &w.amina, &second, "proposal", &[]).await.redirects();
    agreed(&w, &second, &person).await;
    w.amina.get(&first).await.shows("Replaced by a newer version").shows("A dry home").lacks("A dry, warm home");
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 1, "what was done stays done");
    assert_eq!(w.count("tasks where kind = 'plan_review' and done_at is null").await, 1);
    w.amina.get(format!("{case}/plans")).await.shows("Plan 2").shows("Plan 1").shows("Write a new version");
}

#[tokio::test]
async fn a_new_version_says_what_was_taken_out_what_has_another_day_and_what_the_person_says_now() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let first = written(&w, &case, &person).await;
    step(&w, &w.amina, &first, "words", &[("wants", "To stay near the school")]).await.redirects();
    step(&w, &w.amina, &first, "proposal", &[]).await.redirects();
    agreed(&w, &first, &person).await;
    let second = super::begun(&w.amina, &case).await;
    let of = |kind: &str| format!("select id::text from plan_lines where kind = '{kind}' and plan_id = '{}'", id(&second));
    let (support, deed) = (w.value(&of("support")).await, w.value(&of("commitment")).await);
    w.amina.post(format!("{second}/lines/{support}/removal"), [("version", "1")]).await.redirects();
    let later = [("version", "1"), ("words", "Clears the room"), ("person", person.as_str()), ("due_on", "2030-06-01")];
    w.amina.post(format!("{second}/lines/{deed}"), later).await.redirects();
    step(&w, &w.amina, &second, "words", &[("wants", "To work again")]).await.redirects();
    let page = w.amina.get(&second).await;
    page.shows("What they want To stay near the school To work again").shows("Taken out: Support Shelter team looks at it");
    page.shows("Changed: Commitment Clears the room (Who: Dana Saleh · By: 1 Mar 2030)").shows("· By: 1 Jun 2030)");
}

#[tokio::test]
async fn each_review_says_of_every_result_how_far_it_has_come_and_how_satisfied_the_person_was() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    let roof = format!("p_{}", w.value("select id::text from plan_lines where kind = 'result'").await);
    let goal = w.value("select id::text from plan_lines where kind = 'goal'").await;
    let card = format!("p_{}", id(&line(&w, &w.amina, &plan, "result", &goal, "All have a card", &[]).await));
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    let (roof, card) = (roof.as_str(), card.as_str());
    step(&w, &w.amina, &plan, "review", &[(roof, "partly"), ("satisfaction", "2")]).await.is(422);
    step(&w, &w.amina, &plan, "review", &[(roof, "partly"), (card, "not"), ("satisfaction", "6")]).await.is(422);
    step(&w, &w.amina, &plan, "review", &[(roof, "partly"), (card, "not"), ("satisfaction", "2")]).await.redirects();
    step(&w, &w.amina, &plan, "review", &[(roof, "achieved"), (card, "partly"), ("satisfaction", "5")]).await.redirects();
    let page = w.amina.get(&plan).await;
    page.shows("The roof holds Partly Achieved").shows("All have a card Not yet Partly");
    page.shows("0 of 2").shows("1 of 2").shows("2 · Not very satisfied").shows("5 · Very satisfied");
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
    // How satisfied they are is asked, or it is said why not.
    step(&w, &w.amina, &plan, "review", &[(&how, "partly")]).await.is(422).shows("How satisfied is the person");
    step(&w, &w.amina, &plan, "review", &[(&how, "partly"), ("satisfaction", "unasked")]).await.is(422).shows("Why nobody asked");
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
    page.shows("Open when the plan ended");
    assert_eq!(page.body.matches("tc-bar-fill").count(), 2, "a bar for each review");
    assert_eq!(w.count("tasks where kind in ('plan_review', 'plan_action') and done_at is null").await, 0);
    step(&w, &w.amina, &plan, "ending", &achieved).await.is(409);
    w.amina.get(&case).await.shows("The plan ended").lacks("Opens after: Plan");
}

#[tokio::test]
async fn a_new_version_that_names_no_day_keeps_the_one_agreed_for_looking_again() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let first = written(&w, &case, &person).await;
    step(&w, &w.amina, &first, "proposal", &[]).await.redirects();
    agreed(&w, &first, &person).await;
    let second = super::begun(&w.amina, &case).await;
    // Looked at while the second is written: the day that was agreed then is the one that stays.
    let result = format!("select id::text from plan_lines where kind = 'result' and plan_id = '{}'", id(&first));
    let how = format!("p_{}", w.value(&result).await);
    step(&w, &w.amina, &first, "review", &[(how.as_str(), "partly"), ("satisfaction", "3"), ("next_on", "2030-05-01")])
        .await
        .redirects();
    step(&w, &w.amina, &second, "proposal", &[]).await.redirects();
    agreed(&w, &second, &person).await;
    assert_eq!(w.value("select string_agg(review_on::text, ' ') from plans where state = 'agreed'").await, "2030-05-01");
    assert_eq!(w.count("tasks where kind = 'plan_review' and done_at is null and due_at::date = '2030-05-01'").await, 1);
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

#[tokio::test]
async fn s23_results_that_are_looked_at_without_the_person_end_no_silence() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    w.sql(&format!("update cases set opened_at = now() - interval '60 days', last_contact_at = null where id = '{}'", id(&case)))
        .await;
    let met = format!("cases where id = '{}' and last_contact_at is not null", id(&case));
    let how = format!("p_{}", w.value("select id::text from plan_lines where kind = 'result'").await);
    let unasked = [("satisfaction", "unasked"), ("unasked", "Nobody reaches them")];
    step(&w, &w.amina, &plan, "review", &[&[(how.as_str(), "partly")][..], &unasked].concat()).await.redirects();
    w.amina.get(&plan).await.shows("Not asked: Nobody reaches them");
    assert_eq!(w.count(&met).await, 0, "nobody was asked");
    step(&w, &w.amina, &plan, "ending", &[&[(how.as_str(), "not")][..], &unasked].concat()).await.redirects();
    assert_eq!(w.count(&met).await, 0, "an ending is no contact by itself");
    // So that the case may still be closed for the silence.
    w.amina.post(format!("{case}/notes"), [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    let closing = [("reason", "contact_lost"), ("version", version.as_str()), ("discussed", "true"), ("reviewed", "true")];
    w.amina.post(format!("{case}/closure"), closing).await.lacks("Log at least one attempt to reach the person");
}

#[tokio::test]
async fn s23_whoever_says_how_satisfied_they_are_was_met() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    w.sql(&format!("update cases set opened_at = now() - interval '60 days', last_contact_at = null where id = '{}'", id(&case)))
        .await;
    let how = format!("p_{}", w.value("select id::text from plan_lines where kind = 'result'").await);
    step(&w, &w.amina, &plan, "review", &[(&how, "partly"), ("satisfaction", "unsaid")]).await.redirects();
    assert_eq!(w.count(&format!("cases where id = '{}' and last_contact_at is not null", id(&case))).await, 1);
}

#[tokio::test]
async fn what_waited_for_approval_when_a_case_was_closed_waits_again_when_it_opens() {
    let w = World::new().await;
    let (case, person) = assessed(&w, CHILD).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let waits = "tasks where kind = 'approve_plan' and done_at is null";
    assert_eq!(w.count(waits).await, 1);
    w.sql(&format!(
        "update tasks set done_at = now() where done_at is null; update cases set closed_at = now(), close_reason = 'needs_met' where id = '{}'",
        id(&case)
    ))
    .await;
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    w.bruno.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &version)]).await.redirects();
    assert_eq!(w.count(waits).await, 1, "the supervisor is asked again");
}

#[tokio::test]
async fn in_the_last_stage_the_next_step_is_to_review_and_to_close_and_a_closed_case_waits_for_nothing() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name)
         values (gen_random_uuid(), '{}', '{person}', 'consent', 'consent', 'to refer', current_date, '{}', 'Amina')",
        id(&case),
        crate::support::world::user("amina")
    ))
    .await;
    w.amina.get(&case).await.shows("Next step Begin: Plan");
    let plan = written(&w, &case, &person).await;
    w.amina.get(&case).await.shows("Next step Finalise: Plan").link(&plan);
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.amina.get(&case).await.shows("Next step Agree on: Plan");
    agreed(&w, &plan, &person).await;
    w.sql("update cases set stage = 'review'").await;
    w.amina.get(&case).await.shows("Next step Close case").shows("Review by");
    w.sql("update plans set review_on = current_date - 400").await;
    w.amina.get(&case).await.shows("Next step Review progress Close case").link(&format!("{plan}/review"));
    w.sql("update cases set closed_at = now(), stage = 'closed', close_reason = 'needs_met'").await;
    for page in [&case, &plan] {
        w.amina.get(page).await.lacks("Next step").lacks("Review was due by").shows("Held until the case was closed");
    }
}
