//! Lines that a rule of the pack decides: from the answers of a form, the members and the registry; by nobody's hand.
use serde_json::{Value, json};

use super::{household, set};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::FIELD;

const VISITED: i16 = 90;
// The organisation's own edition of the pack's questionnaire, as far as these tests ask.
const NEEDS: &str = "survey
    type | name | label | appearance
    text | head_name | Who heads the household? |
    begin_group | dwelling | The dwelling |
    begin_group | fit | Is the home fit to live in? | field-list
    select_one yes_no | leaks | Does rain come in? |
    select_one yes_no | has_toilet | Is there a toilet? |
    end_group | | |
    end_group | | |
    choices
    list_name | name | label
    yes_no | yes | Yes
    yes_no | no | No
    settings
    form_title | form_id
    What the household lacks | household_needs";
const TOILET: &str = "/data/dwelling/fit/has_toilet";
const LEAKS: &str = "/data/dwelling/fit/leaks";

// Dana's household, visited by Amina.
async fn visited(w: &World) -> String {
    w.load_pack("household-referral").await;
    let amina = w.also("amina", FIELD, "outreach_worker").await;
    household(w, &amina, VISITED).await.0
}

// Answers the page of the home in this copy and completes it.
async fn completed(by: &Browser, copy: &str, answers: &[(&str, &str)]) {
    by.fills(&format!("{copy}?at=/data/dwelling/fit"), answers, "next").await.redirects();
    let version = by.get(format!("{copy}/completion")).await.is(200).marked("version");
    by.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
}

#[tokio::test]
async fn answers_of_a_form_achieve_a_line_and_what_they_leave_out_stays_unknown() {
    let w = World::new().await;
    let case = visited(&w).await;
    let line = |code: &str| format!("{case}/achievements/line?line={code}");
    let toilet = w.amina.get(line("toilet")).await;
    toilet.shows("Not yet known").shows("Nobody has said so far").shows("Has a toilet of its own: unknown, ask");
    toilet.link(&format!("{case}/forms?form=household_needs"));
    // She lives alone, which the registry knows without a form.
    w.amina.get(line("schooling")).await.shows("Does not apply").shows("By what the registry holds");
    let form = w.form("household", &[VISITED], NEEDS).await;
    let copy = w.amina.begins(&case, form).await;
    w.amina.get(line("toilet")).await.shows("Nobody has said so far");
    completed(&w.amina, &copy, &[(TOILET, "yes")]).await;
    w.amina.get(line("toilet")).await.shows("Achieved").shows("What the household lacks ·").shows("Met").lacks("unknown, ask");
    w.amina.get(line("dry_home")).await.shows("Not yet known").shows("What the household lacks ·");
    w.amina.get(&case).await.shows("1 of 11 achieved").shows("10 not yet known");
    // Nobody sets it by hand.
    let seen = [("state", "to_achieve"), ("seen_on", "2026-02-03"), ("words", "Seen")];
    set(&w.amina, &case, ("toilet", "0"), &seen).await.is(422).shows("known by itself");
    assert_eq!(w.count("achievement_marks").await, 0);
    let told = w.amina.program().await.get(format!("/api/v1{case}/achievements")).await;
    let whole: Value = serde_json::from_str(&told.is(200).body).expect("JSON");
    let lines = whole["lines"].as_array().expect("lines");
    let toilet = lines.iter().find(|one| one["line"] == "toilet").expect("the line");
    let (known, stands) = (&toilet["known"], &toilet["stands"][0]);
    assert_eq!((known, &stands["state"], &stands["from"]), (&json!("rule"), &json!("achieved"), &json!("rule")));
    assert!(stands["seen_on"].is_string(), "{stands}");
}

#[tokio::test]
async fn a_line_follows_what_was_corrected() {
    let w = World::new().await;
    let case = visited(&w).await;
    let form = w.form("household", &[VISITED], NEEDS).await;
    let copy = w.amina.begins(&case, form).await;
    completed(&w.amina, &copy, &[(TOILET, "yes"), (LEAKS, "no")]).await;
    let dry = format!("{case}/achievements/line?line=dry_home");
    w.amina.get(&dry).await.shows("Achieved");
    let draft = w.amina.post(format!("{copy}/correction"), [("", "")]).await.redirects();
    w.amina.get(&dry).await.shows("Achieved");
    completed(&w.amina, &draft, &[(TOILET, "yes"), (LEAKS, "yes")]).await;
    w.amina.get(&dry).await.shows("To achieve").shows("Not met");
    w.amina.get(format!("{case}/achievements")).await.shows("1 of 4 achieved");
}

#[tokio::test]
async fn s28_a_form_that_names_somebody_else_achieves_nothing_until_somebody_settled_it() {
    let w = World::new().await;
    let case = visited(&w).await;
    let form = w.form("household", &[VISITED], NEEDS).await;
    let copy = w.amina.begins(&case, form).await;
    let head = "/data/head_name";
    w.amina.fills(&format!("{copy}?at={head}"), &[(head, "Salma Zoubi")], "next").await.redirects();
    completed(&w.amina, &copy, &[(TOILET, "yes")]).await;
    let toilet = format!("{case}/achievements/line?line=toilet");
    w.amina.get(&toilet).await.shows("Not yet known").shows("Nobody has said so far");
    let version = w.amina.get(&copy).await.shows("This form names somebody else").marked("version");
    w.amina.post(format!("{copy}/belonging"), [("version", version.as_str()), ("belongs", "true")]).await.redirects();
    w.amina.get(&toilet).await.shows("Achieved").shows("What the household lacks ·");
}

#[tokio::test]
async fn a_line_that_a_rule_decides_is_counted_by_place_too() {
    let w = World::new().await;
    w.load_pack("household-referral").await;
    let amina = w.also("amina", FIELD, "outreach_worker").await;
    for _ in 0..6 {
        let (_, person) = household(&w, &amina, VISITED).await;
        w.sql(&format!("update persons set admin1 = 'Zarqa', admin2 = '' where id = '{person}'")).await;
    }
    let known = r#"'{"household": {"has_toilet": true}}'::jsonb"#;
    w.sql(&format!("insert into profiles (case_id, fields, computed_at) select id, {known}, now() from cases")).await;
    amina.get("/loop/achievements").await.shows("Zarqa").shows("6 / 0");
}
