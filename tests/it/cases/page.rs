//! What stands on the page of a case, and what leads to it.
use super::{id_of, version_of};
use crate::supervision::{CHILD, cases};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GENERAL};
use crate::support::world::COAST;

#[tokio::test]
async fn how_much_work_a_case_is_can_be_said_again_and_stays_in_its_course() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(&case).await.lacks("Intensity of work</");
    let says = async |by: &Browser, word: &str| {
        let version = version_of(&w, &case).await;
        by.post(format!("{case}/intensity"), [("intensity", word), ("version", version.as_str())]).await
    };
    says(&w.amina, "splendid").await.is(422);
    says(&w.amina, "information").await.redirects();
    says(&w.amina, "intermediation").await.redirects();
    says(&w.odd, "case_work").await.is(404);
    let page = w.amina.get(&case).await;
    page.shows("Intensity of work").shows("Intermediation and referrals").shows("Information and orientation");
    assert_eq!(w.count("facts where kind = 'case.intensity_set'").await, 2);
    assert_eq!(w.count("case_moves where kind = 'intensity' and from_value = 'information'").await, 1);
}

#[tokio::test]
async fn a_pack_may_call_an_intensity_of_work_otherwise() {
    let w = World::new().await;
    let own = r#"[{"intensity": "intermediation", "labels": {"en": "Light pact", "ar": "م", "fr": "P", "es": "P"}}]"#;
    w.sql(&format!("update packs set body = jsonb_set(body, '{{intensity_words}}', '{own}')")).await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(format!("{case}/intensity")).await.shows("Light pact").shows("Case work").lacks("Intermediation and referrals");
    let version = version_of(&w, &case).await;
    w.amina.post(format!("{case}/intensity"), [("intensity", "intermediation"), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.shows("Light pact").lacks("Intermediation and referrals");
}

#[tokio::test]
async fn an_address_that_only_takes_forms_leads_to_the_page_above_it() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    assert_eq!(w.amina.get(format!("{case}/notes/{}/pin", uuid::Uuid::now_v7())).await.redirects(), case);
    assert_eq!(w.amina.get(format!("/tasks/{}/done", uuid::Uuid::now_v7())).await.redirects(), "/");
    w.amina.post(format!("{case}/print"), [("a", "b")]).await.is(404);
}

#[tokio::test]
async fn members_of_one_name_are_told_apart_by_age_or_code() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    let (sister, other) = (w.known_person("Noor Aziz").await, w.known_person("Noor Aziz").await);
    w.sql(&format!("update persons set born_on = '2014-02-01' where id = '{sister}'")).await;
    for person in [sister, other] {
        w.sql(&format!(
            "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{}', '{person}', 'member')",
            id_of(&case)
        ))
        .await;
    }
    w.amina.get(&case).await.shows("12 years").shows("36 years");
}

#[tokio::test]
async fn whoever_gives_out_cases_gives_a_waiting_one_to_somebody_from_my_day() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let version = version_of(&w, &case).await;
    w.bruno.post(format!("{case}/assignment"), [("manager", ""), ("version", &version)]).await.redirects();
    w.bruno.get("/").await.shows("Give to…").shows("the board of the team");
    w.amina.get("/").await.lacks("Give to…");
}

#[tokio::test]
async fn a_case_for_a_household_leads_to_the_household_that_is_missing_and_back() {
    let w = World::new().await;
    let (omar, kind) = (w.known_person("Omar Said").await.to_string(), ASSISTANCE.to_string());
    let fields = [("person", omar.as_str()), ("case_type", &kind), ("intake_source", "self"), ("priority", "normal")];
    let seen = w.amina.post("/cases/new", fields).await;
    seen.is(422).shows("This type is for a household").shows("in no household that you see").link("/households/new?head=");
    let home = [("head", omar.as_str()), ("joined_on", "2020-01-01"), ("case_type", &kind)];
    let back = w.amina.post("/households/new", home).await.redirects();
    assert!(back.starts_with(&format!("/cases/new?person={omar}&household=")), "{back}");
    w.amina.get(&back).await.shows("For the whole household");
    w.amina.post("/cases/new", fields).await.is(422).shows("Tick “For the whole household” below.");
}

#[tokio::test]
async fn who_writes_in_no_case_is_offered_no_form_and_sent_where_their_work_is() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(&case).await.shows("Write what came of it");
    let body = w.pia.get(&case).await.is(200).body.clone();
    assert!(!body.contains("/notes?kind=contact") && !body.contains("Write what came of it"), "{body}");
    for somebody in [&w.ada, &w.pia] {
        somebody.get("/").await.shows("Your work is here").lacks("Look through your cases");
    }
}

#[tokio::test]
async fn what_ends_a_case_stands_together_at_the_end_of_its_menu() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    let page = w.amina.get(&case).await;
    page.shows("Change Move stage").shows("Pause or close Pause case Close case");
    let at = |words: &str| page.body.find(words).expect(words);
    assert!(at("Print a summary") < at(">Pause or close<"));
}

#[tokio::test]
async fn what_a_closed_case_refuses_is_refused_before_a_form_is_filled_in() {
    let w = World::new().await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    w.sql("update cases set closed_at = now(), stage = 'closed', close_reason = 'needs_met'").await;
    for tail in ["records/new?kind=incident", "risk", "intensity", "people", "stage", "meetings/new"] {
        w.amina.get(format!("{case}/{tail}")).await.is(409).shows("This case is closed. Re-open it first.");
    }
    let record = [("kind", "incident"), ("account", "He came back")];
    w.amina.post(format!("{case}/records"), record).await.is(409);
    assert_eq!(w.count("case_records").await, 0);
    // What was written down already can still be read, and notes are put right.
    w.amina.get(format!("{case}/records")).await.is(200);
    w.amina.get(format!("{case}/notes")).await.is(200);
}

#[tokio::test]
async fn whoever_gives_out_cases_elsewhere_is_not_offered_it_where_they_only_read() {
    let w = World::new().await;
    let case = format!("/cases/{}", cases(&w, CHILD, 1, None).await);
    let pia = w.also("pia", COAST, "supervisor").await;
    pia.get(&case).await.is(200).lacks("Assign case").lacks("Close case");
    w.bruno.get(&case).await.shows("Assign case").shows("Close case");
}
