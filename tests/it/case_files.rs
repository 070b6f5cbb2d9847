//! A copy of what is kept of a person, for that person: asked for, looked through by somebody else, made, and gone.
mod receivers;

use std::io::{Cursor, Read};

use chrono::TimeDelta;
use serde_json::json;
use throughcare::worker;

use crate::achievements::assessed;
use crate::documents::upload;
use crate::support::browser::Seen;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::user;
use crate::support::{World, pdf};

// Dana's case with a note, a record and a paper.
async fn scene(w: &World) -> (String, String) {
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, person, &[]).await;
    let note = [("kind", "note"), ("body", "Her neighbour told us at the gate.")];
    w.amina.post(format!("{case}/notes"), note).await.redirects();
    let sought = [("kind", "tracing"), ("sought", "Leyla"), ("account", "Asked the tracing service."), ("trace", "searching")];
    w.amina.post(format!("{case}/records"), sought).await.redirects();
    upload(&w.amina, &case, "certificate", b"%PDF-1.7 certificate").await.redirects();
    (case, person.to_string())
}

async fn asked(w: &World, case: &str, person: &str) -> String {
    let sections = ["person", "case", "notes", "records", "documents"].map(|section| ("sections", section));
    let fields = sections.into_iter().chain([("person", person), ("reason", "She asked on Monday"), ("lang", "en")]);
    w.amina.post(format!("{case}/file"), fields).await.redirects()
}

// The file for programs, opened.
async fn bundle(w: &World, case: &str, id: &str) -> zip::ZipArchive<Cursor<Vec<u8>>> {
    let file = w.ground.files.join(format!("case_files/{id}.zip"));
    let mut work = w.operate().await;
    let key = work.case_key(case.trim_start_matches("/cases/").parse().expect("an id")).await.expect("the key");
    let bytes = key.open("case_files.file", &std::fs::read(&file).expect("the file")).expect("it opens");
    zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP")
}

fn section(bundle: &mut zip::ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut said = String::new();
    bundle.by_name(&format!("{name}.json")).expect("a section").read_to_string(&mut said).expect("text");
    said
}

#[tokio::test]
async fn s30_a_copy_is_released_by_somebody_else_and_only_what_they_tick_goes() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let path = asked(&w, &case, &person).await;
    let own = w.amina.get(&path).await;
    own.shows("To be looked through")
        .shows("Dana Saleh")
        .shows("Her neighbour told us")
        .lacks("Leyla")
        .lacks("Release what is ticked");
    w.amina.post(format!("{path}/release"), [("keep", "0")]).await.is(403);
    w.amina.get(format!("{path}/pdf")).await.is(409);
    for somebody in [&w.odd, &w.chen] {
        somebody.get(&path).await.is(404);
    }
    w.bruno.get(&path).await.is(403);
    // The list says how it stands with it, and leads nobody to what they may not open.
    let list = format!("{case}/file");
    w.bruno.get(&list).await.is(200).shows("To be looked through").lacks(&path);
    w.amina.get(&list).await.link(&path);
    w.pia.get("/").await.shows("Look through a copy for the person");
    // Free words are not ticked until somebody ticks them.
    let read = w.pia.get(&path).await;
    read.shows("Only what is ticked goes");
    assert_eq!(read.body.matches("name=\"keep\"").count() - read.body.matches(" checked").count(), 3);
    w.pia.post(format!("{path}/release"), [("sent", "true")]).await.is(422).shows("Tick what is to go");
    w.pia.post(format!("{path}/release"), [("keep", "0"), ("keep", "1"), ("keep", "4")]).await.redirects();
    w.amina.get(&path).await.shows("It is being made");
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.is(409);
    w.work_off().await;
    w.amina.get(&path).await.shows("Ready").link(&format!("{path}/pdf"));
    w.amina.get("/").await.shows("Hand the copy to the person");
    // What was ticked stands on the paper, and nothing else that was gathered.
    let paper = pdf::read(&w.amina.get(format!("{path}/pdf")).await.is(200).bytes);
    for said in ["Copy for the person", "Dana Saleh", "Documents", "Birth"] {
        assert!(paper.contains(said), "{said} in\n{paper}");
    }
    for unsaid in ["neighbour", "Leyla", "Notes", "Records"] {
        assert!(!paper.contains(unsaid), "{unsaid} in\n{paper}");
    }
    assert_eq!(w.count("case_files where content is null and state = 'made'").await, 1);
    assert_eq!(w.count("facts where kind = 'exported'").await, 1);
}

#[tokio::test]
async fn the_bundle_holds_a_json_for_each_section_and_the_documents() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    w.sql(&format!("update persons set interpreter_sex = 'woman' where id = '{person}'")).await;
    let program = w.amina.program().await;
    let new = json!({ "person": person, "sections": ["person", "notes", "documents"], "reason": "She asked" });
    let made = program.call("POST", &format!("/api/v1{case}/file"), Some(&new)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = serde_json::from_str::<serde_json::Value>(&made.body).expect("json")["id"].as_str().expect("an id").to_owned();
    let path = format!("{case}/file/{id}");
    w.pia.post(format!("{path}/release"), [("keep", "0"), ("keep", "2")]).await.redirects();
    w.work_off().await;
    let file = w.ground.files.join(format!("case_files/{id}.zip"));
    assert!(!String::from_utf8_lossy(&std::fs::read(&file).expect("the file is there")).contains("Dana"), "sealed");
    let mut bundle = bundle(&w, &case, &id).await;
    let mut names: Vec<String> = bundle.file_names().map(|name| name.expect("a name").into_owned()).collect();
    names.sort();
    assert_eq!(names, ["documents.json", "documents/1.pdf", "manifest.json", "person.json"]);
    let manifest: serde_json::Value = serde_json::from_str(&section(&mut bundle, "manifest")).expect("json");
    assert_eq!((&manifest["schema_version"], &manifest["sections"]), (&json!(1), &json!(["person.json", "documents.json"])));
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    assert_eq!((&manifest["case"], &manifest["documents"]), (&json!(code), &json!(["documents/1.pdf"])));
    let papers: serde_json::Value = serde_json::from_str(&section(&mut bundle, "documents")).expect("json");
    let today = w.ground.clock.now().format("%Y-%m-%d").to_string();
    assert_eq!(
        (&papers[0]["values"][0]["value"], &papers[0]["values"][0]["text"]),
        (&json!("certificate"), &json!("Certificate"))
    );
    assert_eq!(papers[0]["values"][1]["value"], json!(today));
    let said = section(&mut bundle, "person");
    assert!(said.contains("\"1990-05-01\"") && said.contains("1 May 1990") && !said.contains('\u{2068}'), "{said}");
    assert!(said.contains("Dana Saleh") && !said.contains("neighbour"), "{said}");
    assert!(said.contains("\"interpreter_sex\"") && said.contains("a woman") && !said.contains("worker_sex"), "{said}");
    program.get(format!("/api/v1{path}/bundle")).await.is(200);
}

#[tokio::test]
async fn after_seven_days_both_files_are_gone() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let path = asked(&w, &case, &person).await;
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.redirects();
    w.work_off().await;
    let id = path.rsplit('/').next().expect("an id");
    assert!(w.ground.files.join(format!("case_files/{id}.pdf")).exists());
    w.sql("update case_files set expires_at = now() - interval '1 minute'").await;
    w.amina.get(format!("{path}/pdf")).await.is(409).shows("Its seven days are over");
    w.ground.clock.forward(TimeDelta::minutes(2));
    worker::tick(&w.ground).await.expect("a tick");
    w.work_off().await;
    assert!(!w.ground.files.join(format!("case_files/{id}.pdf")).exists());
    assert_eq!(w.count("case_files where state = 'gone'").await, 1);
}

#[tokio::test]
async fn s30_whoever_is_not_safe_to_involve_receives_nothing() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let uncle = w.known_person("Omar Saleh").await.to_string();
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part, not_safe_to_involve) values (gen_random_uuid(), '{id}', '{uncle}', 'caregiver', true)"
    ))
    .await;
    w.amina.get(format!("{case}/file")).await.lacks("Omar Saleh");
    let fields = [("sections", "person"), ("person", person.as_str()), ("given_to", uncle.as_str()), ("reason", "He asks")];
    w.amina.post(format!("{case}/file"), fields).await.is(422).shows("receives nothing");
    let fields = [("sections", "person"), ("person", uncle.as_str()), ("reason", "He asks")];
    w.amina.post(format!("{case}/file"), fields).await.is(422);
    assert_eq!(w.count("case_files").await, 0);
}

#[tokio::test]
async fn s09_of_a_restricted_case_the_other_who_knows_it_releases() {
    let w = World::new().await;
    let gita = w.gita().await;
    let person = w.known_person("Dana Saleh").await;
    let supervisor = user("gita").to_string();
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &supervisor), ("risk", "moderate")]).await;
    let fields = [("sections", "person"), ("person", &person.to_string()), ("reason", "She asks")];
    let path = w.salma.post(format!("{case}/file"), fields).await.redirects();
    for somebody in [&w.pia, &w.bruno, &w.amina] {
        somebody.get(&path).await.is(404);
        somebody.post(format!("{path}/release"), [("keep", "0")]).await.is(404);
    }
    gita.post(format!("{path}/refusal"), [("", "")]).await.redirects();
    w.salma.get(&path).await.shows("Refused");
    assert_eq!(w.count("case_files where content is not null").await, 0);
}

#[tokio::test]
async fn the_bundle_says_the_service_of_a_referral_and_how_it_stands_each_by_itself() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.key_of(sent.case).await;
    let case = format!("/cases/{}", sent.case);
    let person = sent.person.to_string();
    let fields = [("sections", "referrals"), ("person", person.as_str()), ("reason", "She asks"), ("lang", "en")];
    let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.redirects();
    w.work_off().await;
    let mut bundle = bundle(&w, &case, path.rsplit('/').next().expect("an id")).await;
    let referrals: serde_json::Value = serde_json::from_str(&section(&mut bundle, "referrals")).expect("json");
    let said = |nth: usize, what: &str| referrals[0]["values"][nth][what].clone();
    assert_eq!((said(0, "name"), said(0, "value")), (json!("service"), json!("Day clinic")));
    assert_eq!((said(1, "name"), said(1, "value"), said(1, "text")), (json!("state"), json!("requested"), json!("Sent")));
}

#[tokio::test]
async fn s25_what_makes_somebody_safer_is_in_no_copy_and_on_no_paper() {
    let w = World::new().await;
    let (case, person) = crate::plans::assessed(&w, PROTECTION).await;
    let plan = crate::plans::written(&w, &case, &person).await;
    let safer = async |words: &str| crate::plans::line(&w, &w.amina, &plan, "safety", "", words, &[]).await;
    safer("A bag stands ready").await;
    crate::plans::step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    crate::plans::agreed(&w, &plan, &person).await;
    safer("Calls the neighbour").await;
    let fields = [("sections", "plan"), ("person", person.as_str()), ("reason", "She asks"), ("lang", "en")];
    let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
    w.pia.get(&path).await.shows("A dry home").shows("Clears the room").lacks("A bag stands").lacks("Calls the neighbour");
    w.pia.post(format!("{path}/release"), ["0", "1", "2", "3"].map(|nth| ("keep", nth))).await.redirects();
    w.work_off().await;
    let mut bundle = bundle(&w, &case, path.rsplit('/').next().expect("an id")).await;
    let said = section(&mut bundle, "plan");
    assert!(said.contains("A dry home") && said.contains("Shelter team looks at it"), "{said}");
    assert!(!said.contains("A bag stands") && !said.contains("neighbour") && !said.contains("safety"), "{said}");
    w.amina.get(format!("{case}/print?lang=en&safe=true")).await.is(200).lacks("A bag stands").lacks("Calls the neighbour");
}

const OWN: &str = "survey
    type | name | label::English (en) | label::French (fr)
    select_one yes_no | work | Do you work? | Travaillez-vous
    text | helps | Who helps you? | Qui vous aide
    choices
    list_name | name | label::English (en) | label::French (fr)
    yes_no | yes | Yes | Oui
    yes_no | no | No | Non
    settings
    form_title | form_id | default_language
    Own needs | own | English (en)";

// Dana's own case, with what she answered in an assessment and in a form.
async fn answered(w: &World) -> (String, String) {
    let form = w.form("person", &[PROTECTION], OWN).await;
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, PROTECTION, person, &[("risk", "low")]).await;
    let answers = [("tonight", "no"), ("hurt", "no"), ("eaten", "yes")];
    assessed(w, &w.amina, &case, "member_screening", &answers).await;
    let copy = w.amina.begins(&case, form).await;
    w.amina.fills(&format!("{copy}?at=/data/work"), &[("/data/work", "yes")], "next").await.redirects();
    let words = [("/data/helps", "My aunt Rima")];
    let end = w.amina.fills(&format!("{copy}?at=/data/helps"), &words, "next").await.redirects();
    let version = w.amina.get(&end).await.shows("Nothing is missing").marked("version");
    w.amina.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
    (case, person.to_string())
}

#[tokio::test]
async fn s30_the_copy_says_what_the_person_answered_and_their_words_only_where_ticked() {
    let w = World::new().await;
    let (case, person) = answered(&w).await;
    let fields =
        [("sections", "assessments"), ("sections", "forms"), ("person", &person), ("reason", "She asks"), ("lang", "fr")];
    let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
    let read = w.pia.get(&path).await;
    read.shows("un endroit sûr où dormir").shows("Travaillez-vous").shows("My aunt Rima").shows("Amina Haddad");
    // Of four entries two are ticked: neither what is sensitive nor what was typed.
    assert_eq!((read.body.matches("name=\"keep\"").count(), read.body.matches(" checked").count()), (4, 2));
    w.pia.post(format!("{path}/release"), [("keep", "0"), ("keep", "2")]).await.redirects();
    w.work_off().await;
    let mut bundle = bundle(&w, &case, path.rsplit('/').next().expect("an id")).await;
    let (assessments, forms) = (section(&mut bundle, "assessments"), section(&mut bundle, "forms"));
    assert!(assessments.contains("\"tonight\"") && !assessments.contains("\"hurt\""), "{assessments}");
    assert!(forms.contains("Oui") && !forms.contains("Rima"), "{forms}");
    let paper = pdf::read(&w.amina.get(format!("{path}/pdf")).await.is(200).bytes);
    for said in ["Copie pour la personne", "Évaluations", "endroit", "Formulaires", "Travaillez", "Oui"] {
        assert!(paper.contains(said), "{said} in\n{paper}");
    }
    for unsaid in ["Rima", "aunt", "menac", "Do you work", "Assessments"] {
        assert!(!paper.contains(unsaid), "{unsaid} in\n{paper}");
    }
}

// What goes unless somebody who looks through it changes a tick.
fn ticked(page: &Seen) -> Vec<(&'static str, String)> {
    let boxes = page.body.split("name=\"keep\"").skip(1).filter_map(|rest| rest.split('>').next());
    let values = boxes.filter(|tag| tag.contains(" checked")).filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next());
    values.map(|place| ("keep", place.to_owned())).collect()
}

#[tokio::test]
async fn s30_whoever_may_have_done_it_goes_only_where_somebody_ticks_it() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let incident = [("kind", "incident"), ("account", "She says the stepfather did it."), ("done", "Saw a doctor.")];
    w.amina.post(format!("{case}/records"), incident).await.redirects();
    let path = asked(&w, &case, &person).await;
    let page = w.pia.get(&path).await;
    page.shows("the stepfather did it").shows("or who may have done it");
    // Not the note, the two records and the paper, but who they are and what the case is.
    assert_eq!(ticked(&page).len(), 2);
    w.pia.post(format!("{path}/release"), ticked(&page)).await.redirects();
    w.work_off().await;
    let paper = pdf::read(&w.amina.get(format!("{path}/pdf")).await.is(200).bytes);
    assert!(paper.contains("Dana Saleh") && !paper.contains("stepfather") && !paper.contains("Incident"), "{paper}");
    let mut bundle = bundle(&w, &case, path.rsplit('/').next().expect("an id")).await;
    assert!(bundle.by_name("records.json").is_err(), "no section of what nobody ticked");
    for name in ["person", "case", "manifest"] {
        let said = section(&mut bundle, name);
        assert!(!said.contains("stepfather"), "{said}");
    }
}

#[tokio::test]
async fn s12_whoever_cares_for_the_person_gets_none_of_their_answers() {
    let w = World::new().await;
    let (case, _) = answered(&w).await;
    let aunt = w.known_person("Rima Saleh").await.to_string();
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{id}', '{aunt}', 'caregiver')"
    ))
    .await;
    let sections = ["person", "assessments", "forms"].map(|section| ("sections", section));
    let fields = sections.into_iter().chain([("person", aunt.as_str()), ("reason", "She asks"), ("lang", "en")]);
    let path = w.amina.post(format!("{case}/file"), fields.collect::<Vec<_>>()).await.redirects();
    w.amina.get(&path).await.shows("Rima Saleh").lacks("Do you work").lacks("safe place to sleep");
}
