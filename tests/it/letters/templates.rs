//! Templates that an administrator keeps, and letters over REST.
use serde_json::json;

use super::{arranged, contact, field, submitted, within};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{CLINIC, ELSEWHERE};

// The texts of an editor's page, with another letter over this version.
fn edited(seen: &Seen, letter: &str, version: &str) -> Vec<(String, String)> {
    ["title", "subject", "message", "heading", "confidentiality"]
        .iter()
        .map(|name| ((*name).to_owned(), field(seen, name)))
        .chain([("letter".to_owned(), letter.to_owned()), ("version".to_owned(), version.to_owned())])
        .collect()
}

#[tokio::test]
async fn a_double_click_saves_a_template_once() {
    let w = World::new().await;
    let page = "/admin/letters/protection.referral_letter.en";
    let seen = w.ada.get(page).await;
    for version in ["0", "0", "1"] {
        w.ada.post(page, edited(&seen, "Our own words", version)).await.redirects();
    }
    assert_eq!(w.count("letter_templates").await, 1);
    w.member("noor", 1, "administrator").await;
    w.browser("noor").await.post(page, edited(&seen, "Our own words", "0")).await.is(409).shows("Changed by");
    let own = w.ada.post(page, edited(&seen, "Other words", "0")).await;
    own.is(409).shows("You changed this meanwhile, in another window").lacks("Changed by");
    for version in ["1", "1", "2"] {
        w.ada.post(page, [("go", "back"), ("version", version)]).await.redirects();
    }
    assert_eq!((w.count("letter_templates").await, w.count("facts where kind = 'letter.template_changed'").await), (2, 2));
}

#[tokio::test]
async fn every_organisation_keeps_the_words_of_its_own_programmes() {
    let w = World::new().await;
    w.load_pack("employment-services").await;
    w.member("adam", ELSEWHERE, "employment_administrator").await;
    let adam = w.browser("adam").await;
    let page = "/admin/letters/employment-services.case_transfer.en";
    let seen = adam.get(page).await;
    adam.post(page, edited(&seen, "Words of Pathway", "0")).await.redirects();
    adam.get("/admin/letters").await.shows("Employment services");
    w.ada.get("/admin/letters").await.shows("Protection case management").lacks("Employment services");
    w.ada.get(page).await.is(404);
    w.also("ada", 1, "employment_administrator").await.get(page).await.is(200).lacks("Words of Pathway");
}

#[tokio::test]
async fn an_administrator_edits_a_template_and_letters_that_went_keep_theirs() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let page = "/admin/letters/protection.referral_letter.en";
    w.amina.get(page).await.is(403);
    w.ada.get("/admin/letters").await.shows("Referral letter").shows("Inter-agency referral form");
    let seen = w.ada.get(page).await;
    let texts = |letter: &str, version: &str| edited(&seen, letter, version);
    w.ada.post(page, texts("Dear {{ nobody }}", "0")).await.is(422).shows("There is no such field").shows("Dear {{ nobody }}");
    let told = [texts("Hello", "0"), vec![("subject".to_owned(), "About {{ person }}".to_owned())]].concat();
    let told: Vec<_> = told.into_iter().rev().collect();
    w.ada.post(page, told).await.is(422).shows("may stand on the paper only");
    w.ada
        .post(format!("{page}/preview"), texts("Kind words to {{ to_organisation }}", "0"))
        .await
        .shows("Kind words to Example organisation");
    assert_eq!(w.count("letter_templates").await, 0);

    let before = within(&w, &w.amina).await;
    submitted(&w.amina, &before, &[]).await.redirects();
    w.work_off().await;
    let file = w.amina.get(format!("{before}/letter/file")).await.body;
    w.ada.post(page, texts("Our own words", "0")).await.redirects();
    w.ada.post(page, texts("A second writer's", "0")).await.is(409);
    assert!(w.amina.get(format!("{before}/letter/file")).await.body == file, "what went stays as it went");
    w.amina.get(format!("{before}/letter")).await.shows("pack, version 1");

    w.ada.get(page).await.shows("Version 1").shows("Our own words");
    w.ada.post(page, [("go", "back"), ("version", "1")]).await.redirects();
    w.ada.get(page).await.shows("back to the pack's words").lacks("Our own words");
}

#[tokio::test]
async fn a_program_writes_looks_at_submits_and_asks_after_a_letter() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let desk = contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let program = crate::support::program::Program::of(&w.amina, w.token(&w.amina).await);
    let letter = format!("/api/v1{path}/letter");
    let body = json!({ "way": "email", "lang": "es", "template": "referral_letter", "contact": desk, "message": "Hola" });
    program.call("PUT", &letter, Some(&body)).await.is(412);
    let seen = program.call_over("PUT", &letter, "\"0\"", Some(&body)).await;
    let draft: serde_json::Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
    assert_eq!((&draft["state"], &draft["lang"], &draft["version"]), (&json!("draft"), &json!("es"), &json!(1)));
    program.get(format!("{letter}/preview")).await.is(200);
    program.call("POST", &format!("{letter}/submission"), Some(&json!({ "version": 4 }))).await.is(412);
    program.call("POST", &format!("{letter}/submission"), Some(&json!({ "version": 1 }))).await.is(200).shows("queued");
    program.get(format!("/api/v1{path}")).await.is(200).shows("Submitted").lacks("Emailed");
    w.work_off().await;
    program.get(format!("{letter}/file")).await.is(200);
    program.get(&letter).await.is(200).shows("\"state\":\"sent\"");
    // The referral itself is called by the same words elsewhere.
    program.get(format!("/api/v1{path}")).await.is(200).shows("Emailed");
    let templates = program.get("/api/v1/letter-templates").await;
    templates.is(403);
    let keeper = w.ada.program().await;
    keeper.get("/api/v1/letter-templates/protection.referral_letter.ar").await.is(200).shows("referral_letter");
    keeper.get("/api/v1/letter-templates/protection.nothing.ar").await.is(404);
}

#[tokio::test]
async fn a_preview_says_which_text_is_wrong_and_where() {
    let w = World::new().await;
    let page = "/admin/letters/protection.referral_letter.en";
    let seen = w.ada.get(page).await;
    let shown = w.ada.post(format!("{page}/preview"), edited(&seen, "One\n\n{{ nobody }}", "0")).await;
    shown.shows("(line 3): There is no such field").shows("{{ nobody }}");
    assert!(!shown.body.contains("tc-state"), "a long sentence wraps");
}
