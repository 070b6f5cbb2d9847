//! A copy of what is kept of a person, for that person: asked for, looked through by somebody else, made, and gone.
use std::io::{Cursor, Read};

use chrono::TimeDelta;
use serde_json::json;
use throughcare::worker;

use crate::documents::upload;
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::GBV;
use crate::support::world::user;

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
    w.pia.get("/").await.shows("Look through a copy for the person");
    // Free words are not ticked until somebody ticks them.
    let read = w.pia.get(&path).await;
    read.shows("Only what is ticked goes");
    assert_eq!(read.body.matches("name=\"keep\"").count() - read.body.matches(" checked").count(), 3);
    w.pia.post(format!("{path}/release"), [("sent", "true")]).await.is(422);
    w.pia.post(format!("{path}/release"), [("keep", "0"), ("keep", "1"), ("keep", "4")]).await.redirects();
    w.amina.get(&path).await.shows("It is being made");
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.is(409);
    w.work_off().await;
    w.amina.get(&path).await.shows("Ready").link(&format!("{path}/pdf"));
    w.amina.get("/").await.shows("Hand the copy to the person");
    let paper = w.amina.get(format!("{path}/pdf")).await;
    assert!(paper.is(200).body.starts_with("%PDF"), "a PDF");
    assert_eq!(w.count("case_files where content is null and state = 'made'").await, 1);
    assert_eq!(w.count("facts where kind = 'exported'").await, 1);
}

#[tokio::test]
async fn the_bundle_holds_a_json_for_each_section_and_the_documents() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
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
    let mut work = w.operate().await;
    let key = work.case_key(case.trim_start_matches("/cases/").parse().expect("an id")).await.expect("the key");
    let bytes = key.open("case_files.file", &std::fs::read(&file).expect("the file")).expect("it opens");
    let mut bundle = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut names: Vec<String> = bundle.file_names().map(|name| name.expect("a name").into_owned()).collect();
    names.sort();
    assert_eq!(names, ["documents.json", "documents/1.pdf", "person.json"]);
    let mut said = String::new();
    bundle.by_name("person.json").expect("a section").read_to_string(&mut said).expect("text");
    assert!(said.contains("Dana Saleh") && !said.contains("neighbour"), "{said}");
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
