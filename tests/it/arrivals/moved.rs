//! A form that was put on the wrong case, and of two corrections the one that stands.
use serde_json::json;

use super::{FAMILY, FORM, code_of, known, sent, world};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::phone::{correction, filled, photo};

// A household case of somebody else, with Amina.
async fn of_rana(w: &World) -> String {
    let person = w.person(&w.amina, "Rana Said", &[]).await;
    let household = w.household(person).await.to_string();
    let fields = [("household", household.as_str()), ("whole_household", "true")];
    w.case(&w.amina, ASSISTANCE, person, &fields).await
}

fn id(case: &str) -> &str {
    case.trim_start_matches("/cases/")
}

#[tokio::test]
async fn s28_a_form_on_the_wrong_case_is_moved_to_the_right_one_with_its_versions_and_files() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named) = (code_of(&w, &right).await, format!("<case_code>{}</case_code>", code_of(&w, &wrong).await));
    let xml = filled(FORM, "1", &format!("{named}{FAMILY}<photo>door.jpg</photo>"));
    w.aminas_phone().send(&xml, &[("door.jpg", &photo())]).await.is(201);
    w.aminas_phone().send(&correction(FORM, "2", "1", &format!("{named}{FAMILY}")), &[]).await.is(201);
    let copy = w.value("select id::text from submissions where state = 'complete'").await;
    let (copy, forms) = (format!("{wrong}/forms/{copy}"), format!("{wrong}/forms"));
    let version = w.bruno.get(&copy).await.shows("Filled in on the wrong case?").marked("version");
    let fields = [("to", code.as_str()), ("reason", "other_person"), ("version", version.as_str())];
    w.odd.post(format!("{copy}/move"), fields).await.is(404);
    w.bruno.post(format!("{copy}/move"), [("to", "C-1"), ("version", version.as_str())]).await.is(422).keeps("C-1");
    w.bruno.post(format!("{copy}/move"), [("to", code.as_str()), ("reason", "other_person"), ("version", "9")]).await.is(409);
    let there = w.bruno.post(format!("{copy}/move"), fields).await.redirects();
    w.bruno.get(&there).await.shows("Complete").shows("Dana Saleh").shows("Amina Haddad").shows("Versions");
    // The wrong case keeps a stub without answers, and its timeline says so, as does that of the right one.
    w.bruno.get(&copy).await.is(404);
    w.bruno.get(&forms).await.shows("Moved to another case").lacks("Corrected since");
    w.bruno.get(&wrong).await.shows("moved to the case where it belongs").shows("It tells of somebody else");
    w.bruno.get(&right).await.shows("moved here from another case");
    let stubs = format!("submissions where case_id = '{}' and state = 'moved' and answers = ''", id(&wrong));
    let papers = format!("documents where case_id = '{}' and withdrawn_at is null", id(&right));
    assert_eq!((w.count(&stubs).await, w.count(&papers).await), (2, 1));
    assert_eq!(w.count("documents where withdrawn_at is null").await, 1);
    let known = format!("select fields::text from profiles where case_id = '{}'", id(&wrong));
    assert_eq!(w.value(&known).await, "{\"household\": {}}");
    // What its sender corrects afterwards follows it.
    w.aminas_phone().send(&correction(FORM, "3", "2", FAMILY), &[]).await.is(201);
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id(&right))).await, 3);
    assert_eq!(w.count("facts where kind = 'form.moved'").await, 2);
}

#[tokio::test]
async fn s28_a_form_that_names_its_case_and_somebody_else_says_so_until_somebody_settled_it() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let named = format!("<case_code>{}</case_code>", code_of(&w, &case).await);
    let xml = filled(FORM, "1", &format!("{named}<head_name>Salma Zoubi</head_name>"));
    w.aminas_phone().send(&xml, &[]).await.is(201);
    let unfit = format!("{named}<head_name>dana saleh</head_name><head_birth_date>soon</head_birth_date>");
    w.aminas_phone().send(&filled(FORM, "2", &unfit), &[]).await.is(201);
    let copy = |id: &str| format!("select id::text from submissions where instance_id = 'uuid:{id}'");
    let own = format!("{case}/forms/{}", w.value(&copy("2")).await);
    w.amina.get(&own).await.lacks("names somebody else").shows("This does not fit the question");
    let copy = format!("{case}/forms/{}", w.value(&copy("1")).await);
    let page = w.amina.get(&copy).await;
    page.shows("This form names somebody else").shows("Salma Zoubi").shows("Dana Saleh");
    let version = page.marked("version");
    w.odd.post(format!("{copy}/belonging"), [("version", version.as_str()), ("other_person", "true")]).await.is(404);
    w.amina.post(format!("{copy}/belonging"), [("version", version.as_str())]).await.is(422);
    w.amina.post(format!("{copy}/belonging"), [("version", "9"), ("other_person", "true")]).await.is(409);
    w.amina.post(format!("{copy}/belonging"), [("version", version.as_str()), ("other_person", "true")]).await.redirects();
    w.amina.get(&copy).await.lacks("names somebody else");
    assert_eq!(w.count("facts where kind = 'form.belongs'").await, 1);
}

#[tokio::test]
async fn s28_a_form_whose_correction_is_begun_is_not_moved() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named) = (code_of(&w, &right).await, format!("<case_code>{}</case_code>", code_of(&w, &wrong).await));
    w.aminas_phone().send(&filled(FORM, "1", &named), &[]).await.is(201);
    let copy = format!("{wrong}/forms/{}", w.value("select id::text from submissions").await);
    w.amina.post(format!("{copy}/correction"), [("", "")]).await.redirects();
    let version = w.amina.get(&copy).await.marked("version");
    let fields = [("to", code.as_str()), ("reason", "other_case"), ("version", version.as_str())];
    w.amina.post(format!("{copy}/move"), fields).await.is(422).shows("A correction of it is begun");
    let (program, wanted) = (w.amina.program().await, json!({ "to": code, "reason": "other_case" }));
    let told = program.call_over("POST", &format!("/api/v1{copy}/move"), &format!("\"{version}\""), Some(&wanted)).await;
    told.is(422).shows("correction_begun");
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id(&right))).await, 0);
}

#[tokio::test]
async fn of_two_corrections_of_a_waiting_form_no_page_says_that_the_one_that_stands_was_replaced() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    sent(&w, "1", FAMILY).await;
    for nth in ["2", "3"] {
        w.aminas_phone().send(&correction(FORM, nth, "1", FAMILY), &[]).await.is(201);
    }
    for nth in ["2", "3"] {
        let arrival = w.value(&format!("select id::text from arrivals where instance_id = 'uuid:{nth}'")).await;
        w.amina.post(format!("/arrivals/{arrival}/placement"), [("code", code.as_str())]).await.redirects();
    }
    let mut pages = Vec::new();
    for nth in ["2", "3"] {
        let copy = w.value(&format!("select id::text from submissions where instance_id = 'uuid:{nth}'")).await;
        pages.push(format!("{case}/forms/{copy}"));
    }
    for page in &pages {
        let seen = w.amina.get(page).await;
        seen.shows("Two corrections stand").shows("Let this one stand").lacks("A corrected version has taken its place");
    }
    w.amina.get(format!("{case}/forms")).await.shows("Two corrections stand").lacks("Corrected since");
    let version = w.amina.get(&pages[0]).await.marked("version");
    w.amina.post(format!("{}/standing", pages[0]), [("version", version)]).await.redirects();
    let stands = w.amina.get(&pages[0]).await;
    stands.shows("Complete").lacks("A corrected version has taken its place").lacks("Two corrections stand");
    let other = w.amina.get(&pages[1]).await;
    assert_eq!(other.shows("Corrected since").shows("Open the corrected version").link(&pages[0]), pages[0]);
}
