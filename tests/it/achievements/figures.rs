//! What is missing in all, the report on paper, and the same over REST.
use chrono::Datelike;
use serde_json::{Value, json};

use super::{assessed, family, set};
use crate::support::World;

const ANSWERS: [(&str, &str); 4] = [("water_from", "home"), ("toilet", "yes"), ("meals", "never"), ("income_line", "below")];

#[tokio::test]
async fn what_is_not_known_makes_a_range_that_closes_as_it_gets_known() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let list = format!("{case}/achievements");
    // Her identity document is missing, 0.1 of the 0.65 that may apply to a woman alone; nothing else is known.
    w.amina.get(&list).await.shows("at least 15%, at most 100%").shows("Whether poor depends on what is not yet known");
    w.amina.get(&case).await.shows("0 of 8 achieved").shows("1 still to achieve").shows("7 not yet known");
    assessed(&w, &w.amina, &case, "needs_screening", &ANSWERS).await;
    let dana = dana.to_string();
    let seen = [("person", dana.as_str()), ("state", "achieved"), ("seen_on", "2026-02-03"), ("words", "Card seen")];
    set(&w.amina, &case, ("health_insurance", "0"), &seen).await.redirects();
    for line in ["assistive_products", "disability_register"] {
        let nobody = [("state", "does_not_apply"), ("words", "Nobody with a disability")];
        set(&w.amina, &case, (line, "0"), &nobody).await.redirects();
    }
    // Document and income are missing: 0.1 + 0.2 of 0.1 + 0.2 + 0.2 for the home and twice a sixth of 0.2 for health.
    w.amina.get(&list).await.shows("53%").lacks("at least 53%").shows("Poor in several dimensions").shows("Progress over time");
    w.sql(&format!(
        "insert into person_documents (id, person_id, kind, number, number_key) values (gen_random_uuid(), '{dana}', 'passport', 'N77', 'n77')"
    ))
    .await;
    w.amina.get(&list).await.shows("35%").shows("Poor in several dimensions");
    let richer = [ANSWERS[0], ANSWERS[1], ANSWERS[2], ("income_line", "above")];
    assessed(&w, &w.amina, &case, "needs_screening", &richer).await;
    w.amina.get(&list).await.shows("Share of conditions missing: 0%").shows("Not poor in several dimensions");
    w.amina.get(&case).await.shows("6 of 6 achieved");
}

#[tokio::test]
async fn progress_over_time_tells_of_each_month_how_the_list_stood_at_its_end() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let today = w.ground.clock.now().date_naive();
    let end_before = |day: chrono::NaiveDate| day.with_day(1).and_then(|first| first.pred_opt()).expect("a day");
    let last = end_before(today);
    let before = end_before(last);
    w.sql(&format!("update cases set opened_at = '{before}'")).await;
    // Known since the very end of last month: of the one before it is not told.
    let (dana, since) = (dana.to_string(), last.to_string());
    let seen = [("person", dana.as_str()), ("state", "achieved"), ("seen_on", since.as_str()), ("words", "Card seen")];
    set(&w.amina, &case, ("health_insurance", "0"), &seen).await.redirects();
    w.amina.get(format!("{case}/achievements")).await.shows("Progress over time");
    let told = w.amina.program().await.get(format!("/api/v1{case}/achievements")).await;
    let whole: Value = serde_json::from_str(&told.is(200).body).expect("JSON");
    let stood: Vec<(&str, i64)> = whole["progress"]
        .as_array()
        .expect("points")
        .iter()
        .map(|point| (point["on"].as_str().expect("a day"), point["counts"]["achieved"].as_i64().expect("a count")))
        .collect();
    let (before, today) = (before.to_string(), today.to_string());
    assert_eq!(stood, [(before.as_str(), 0), (since.as_str(), 1), (today.as_str(), 1)]);
}

#[tokio::test]
async fn s03_the_report_is_in_the_familys_language_and_names_nobody_who_is_not_safe_to_involve() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let him = w.known_person("Karim Saleh").await;
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part, not_safe_to_involve, org, unit, case_type, scope)
         values (gen_random_uuid(), '{id}', '{him}', 'member', true, 0, 0, 0, '{{}}')"
    ))
    .await;
    let hers = [
        ("person", dana.to_string()),
        ("state", "achieved".into()),
        ("seen_on", "2026-02-03".into()),
        ("words", "Card seen".into()),
    ];
    let hers: Vec<(&str, &str)> = hers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    set(&w.amina, &case, ("health_insurance", "0"), &hers).await.redirects();
    w.amina.get(format!("{case}/achievements")).await.shows("Karim Saleh");
    let print = format!("{case}/achievements/print");
    w.amina.get(format!("{print}?lang=es")).await.shows("safe to carry").lacks("Logros");
    let paper = w.amina.get(format!("{print}?lang=es&safe=true")).await;
    paper.shows("Reporte del hogar").shows("Dana Saleh").shows("Está afiliada/o al sistema de salud").shows("Por alcanzar");
    paper.lacks("Karim Saleh").lacks("Card seen");
    // What stands around it is the reader's, all of it.
    paper.shows("My day").shows("Hide").lacks("Buscar una persona").lacks("Ocultar");
    let arabic = w.amina.get(format!("{print}?lang=ar&safe=true")).await;
    arabic.shows("تقرير الأسرة");
    assert!(arabic.body.contains("<p class=\"tc-lead\">\u{200F}\u{2068}C-"), "code and date are set apart: {}", arabic.body);
    assert_eq!(w.count("facts where kind = 'printed'").await, 2);
}

#[tokio::test]
async fn achievements_are_read_and_set_over_rest_over_their_newest_version_only() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let token = w.token(&w.amina).await;
    let program = crate::support::program::Program::of(&w.nobody, token);
    let api = format!("/api/v1{case}/achievements");
    let read = |body: &str| serde_json::from_str::<Value>(body).expect("JSON");
    let line =
        |whole: &Value, code: &str| whole["lines"].as_array().and_then(|all| all.iter().find(|one| one["line"] == code)).cloned();
    let whole = read(&program.get(&api).await.is(200).body);
    let document = line(&whole, "identity_document").expect("a line");
    assert_eq!((&document["state"], &document["stands"][0]["from"]), (&json!("to_achieve"), &json!("registry")));
    assert_eq!((whole["counts"]["unknown"].as_i64(), &whole["poor"]), (Some(7), &Value::Null));
    assert!((document["share"].as_f64().expect("a share") - 0.1).abs() < 1e-9);
    let mut body = json!({ "line": "health_insurance", "person": dana, "state": "achieved", "seen_on": "2026-02-03" });
    program.call_over("POST", &api, "\"0\"", Some(&body)).await.is(422).shows("achievement_not_shown");
    body["words"] = json!("Card seen");
    program.call_over("POST", &api, "\"0\"", Some(&body)).await.is(200).shows("achieved");
    program.call_over("POST", &api, "\"0\"", Some(&body)).await.is(412);
    let history = read(&program.get(format!("{api}/history?line=health_insurance&person={dana}")).await.is(200).body);
    assert_eq!((history[0]["words"].as_str(), history[0]["version"].as_i64()), (Some("Card seen"), Some(1)));
    let whole = read(&program.get(&api).await.body);
    assert_eq!(line(&whole, "health_insurance").expect("a line")["stands"][0]["version"], 1);
    assert_eq!(whole["progress"][0]["counts"]["achieved"], 1);
}
