//! Notes: their kinds, what a good one is, one from the phone, and the one at the top of a case.
use serde_json::json;

use crate::plans::id;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION};

async fn writes(w: &World, by: &Browser, case: &str, kind: &str, body: &str, more: &[(&str, &str)]) -> String {
    let fields = [("kind", kind), ("body", body)];
    by.post(format!("{case}/notes"), fields.iter().chain(more).copied().collect::<Vec<_>>()).await.redirects();
    w.value("select id::text from case_notes order by recorded_at desc, id desc limit 1").await
}

#[tokio::test]
async fn one_note_stands_at_the_top_of_a_case_and_what_stood_there_stays_in_the_history() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let first = writes(&w, &w.amina, &case, "risk", "Never call before noon.", &[("pinned", "true")]).await;
    let second = writes(&w, &w.amina, &case, "note", "She moved to her aunt.", &[]).await;
    w.amina.get(&case).await.shows("Know this first Never call before noon.");
    w.bruno.post(format!("{case}/notes/{second}/pin"), [("", "")]).await.redirects();
    let seen = w.amina.get(&case).await;
    seen.shows("Know this first She moved to her aunt.").shows("A pinned note was taken down").shows("Never call before noon.");
    assert_eq!(w.count("case_notes where pinned").await, 1);
    // A correction takes the place of the words that it corrects.
    writes(&w, &w.amina, &case, "note", "She moved to her grandmother.", &[("corrects", &second)]).await;
    w.amina.get(&case).await.shows("Know this first She moved to her grandmother.");
    let pinned = w.value("select id::text from case_notes where pinned").await;
    w.amina.post(format!("{case}/notes/{pinned}/unpin"), [("", "")]).await.redirects();
    w.amina.get(&case).await.lacks("Know this first").shows("She moved to her grandmother.");
    // Pinned three times and taken down three times: none of it is lost.
    assert_eq!(w.count("case_moves where kind = 'pinned'").await, 3);
    assert_eq!(w.count("case_moves where kind = 'unpinned'").await, 3);
    w.odd.post(format!("{case}/notes/{first}/pin"), [("", "")]).await.is(404);
}

#[tokio::test]
async fn a_name_of_the_other_direction_stands_apart_from_the_day_beside_it() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.sql("update users set name = 'أمينة حداد' where login = 'amina'").await;
    writes(&w, &w.amina, &case, "risk", "Never call before noon.", &[("pinned", "true")]).await;
    let seen = w.amina.get(&case).await;
    assert!(seen.body.contains("\u{2068}أمينة حداد\u{2069} · "), "{}", seen.body);
}

#[tokio::test]
async fn a_quick_note_is_one_tap_from_my_day_and_from_the_case() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let household = w.household(dana).await.to_string();
    let open = w.case(&w.amina, ASSISTANCE, dana, &[("household", &household), ("whole_household", "true")]).await;
    let guarded = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Sami Noor").await, &[]).await;
    w.amina.get("/").await.link("/quick-note");
    let link = w.amina.get(&open).await.link("/quick-note?case=");
    let page = w.amina.get(link).await;
    // S13: the name of a standard case, the code of a guarded one.
    page.shows("Dana Aziz").lacks("Sami").shows("What a good note is").shows("quotation marks");
    w.amina.post("/quick-note", [("case", id(&open)), ("kind", "observation"), ("body", "")]).await.is(422).shows("Fill this in");
    w.amina.post("/quick-note", [("case", id(&open)), ("kind", "observation"), ("body", "The well is dry.")]).await.redirects();
    w.amina.get(&open).await.shows("Observation").shows("The well is dry.");
    w.odd.post("/quick-note", [("case", id(&guarded)), ("kind", "note"), ("body", "x")]).await.is(404);
}

#[tokio::test]
async fn what_each_letter_of_facts_means_stands_beside_a_note_and_its_field_has_room_to_dictate() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let quick = w.amina.get(&case).await.link("/quick-note?case=");
    for (path, room) in [(format!("{case}/notes"), 6), (quick, 12)] {
        let page = w.amina.get(path).await;
        page.shows("Factual What you saw, heard and did").shows("Accurate Times and places are right");
        page.shows("Complete Who, what, when, where").shows("Timely The same day if you can");
        page.shows("Secure Only what is needed, about this person only");
        assert!(page.body.contains(&format!("name=\"body\" rows=\"{room}\"")), "{}", page.body);
    }
}

#[tokio::test]
async fn s28_a_correction_keeps_the_time_of_the_note_that_it_corrects() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let then = w.ground.clock.now() - chrono::TimeDelta::days(30);
    let typed = then.format("%Y-%m-%dT%H:%M").to_string();
    let late = [("happened_at", typed.as_str()), ("late_reason", "No network")];
    let first = writes(&w, &w.amina, &case, "contact", "She came alone.", &late).await;
    let page = w.amina.get(format!("{case}/notes?corrects={first}")).await;
    page.keeps(&typed).shows("She came alone.").shows("Correct a note").lacks("Write a note");
    writes(&w, &w.amina, &case, "contact", "She came with her aunt.", &[("corrects", &first), ("happened_at", &typed)]).await;
    assert_eq!(w.value("select count(distinct happened_at)::text from case_notes").await, "1");
    let second = w.value(&format!("select id::text from case_notes where corrects = '{first}'")).await;
    writes(&w, &w.amina, &case, "contact", "She came with her sister.", &[("corrects", &second)]).await;
    assert_eq!(w.value("select count(distinct happened_at)::text from case_notes").await, "1");
}

#[tokio::test]
async fn a_program_pins_a_note_and_takes_it_down() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let note = writes(&w, &w.amina, &case, "decision", "No visits alone.", &[]).await;
    let token = w.token(&w.amina).await;
    let call = async |tail: &str| {
        let seen = crate::people::call(&w, &token, "POST", &format!("/api/v1{case}/notes/{note}/{tail}"), "", json!(null)).await;
        seen.is(200);
        serde_json::from_str::<serde_json::Value>(&seen.body).expect("JSON")
    };
    assert_eq!(call("pin").await, json!({ "note": note }));
    w.amina.get(&case).await.shows("Know this first No visits alone.").shows("Decision");
    assert_eq!(call("unpin").await, json!({ "note": null }));
}
