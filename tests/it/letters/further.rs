//! A further letter of a referral that was sent: in another language, to another contact.
use serde_json::json;
use uuid::Uuid;

use super::{GUARDED, LEGAL_AID, arranged, contact, draft, field, posted, sent_again, submitted, within};
use crate::answer_links::{mails, way_in};
use crate::referrals::{ALL, PERSON, answers, does};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{CLINIC, HARBOUR, user};

async fn to_legal_aid(w: &World) -> String {
    arranged(w, ASSISTANCE, "amina").await;
    contact(w, LEGAL_AID, false, false).await;
    let path = draft(w, &w.amina, "outside", &[("organisation", "50")]).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    path
}

#[tokio::test]
async fn a_further_letter_goes_in_another_language_to_another_contact_and_its_link_takes_over() {
    let w = World::new().await;
    let path = to_legal_aid(&w).await;
    let (old, _) = way_in(&w).await;
    let other = Uuid::now_v7();
    w.sql(&format!(
        "insert into organisation_contacts (id, org, keeper, name, named, email, phone, lang, verified_at, verified_by)
           values ('{other}', {LEGAL_AID}, {HARBOUR}, 'Nadia Karim', true, 'nadia@partner.example', '555 0901', 'fr', now(), '{ada}');
         update persons set name = 'Dana Renamed' where id = '{PERSON}'",
        ada = user("ada")
    ))
    .await;
    w.amina.get(format!("{path}/letter")).await.shows("Write a further letter").lacks("Earlier letters");
    for _ in 0..2 {
        assert_eq!(w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects(), format!("{path}/letter"));
    }
    assert_eq!(w.count("letters").await, 2);
    let page = w.amina.get(format!("{path}/letter")).await;
    page.shows("A further letter for the same referral").lacks("Attached notes").lacks("Before it can be submitted");
    assert_eq!(w.count("answer_links where revoked_at is null").await, 1, "nothing changes before it goes");
    let other = other.to_string();
    let changes = [("lang", "fr"), ("contact", other.as_str()), ("subject", ""), ("message", ""), ("based_on", "")];
    submitted(&w.amina, &path, &changes).await.redirects();
    w.work_off().await;
    assert_eq!(posted(&w).await, 2);
    let mail = mails(&w).await.pop().expect("a mail");
    assert_eq!(mail["to"]["address"], "nadia@partner.example");
    assert!(mail["text"].as_str().is_some_and(|text| text.contains("Bonjour")), "{mail}");
    let (new, _) = way_in(&w).await;
    w.guest().get(&format!("/r/{old}")).await.is(404);
    w.guest().get(&format!("/r/{new}")).await.is(200);
    w.amina.get(format!("{path}/letter")).await.shows("Nadia Karim").shows("Earlier letters").shows("Rima Desk");
    let file = w.amina.get(format!("{path}/letter")).await.link(&format!("{path}/letters/"));
    assert_eq!(w.amina.get(&file).await.is(200).headers["content-type"], "application/pdf");
    w.chen.get(&file).await.is(404);
    assert_eq!(w.count("referral_moves where action = 'submit'").await, 1);
}

#[tokio::test]
async fn a_further_letter_says_what_was_shared_then_and_not_what_is_known_now() {
    let w = World::new().await;
    let path = to_legal_aid(&w).await;
    w.sql(&format!("update persons set admin1 = 'A hidden town' where id = '{PERSON}'")).await;
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    submitted(&w.amina, &path, &[]).await.redirects();
    let mut work =
        throughcare::platform::db::Work::open(&w.ground, throughcare::platform::db::Actor::System { job: "test", org: Some(1) })
            .await
            .expect("work");
    let id: Uuid = w.value("select id::text from letters where number = 2").await.parse().expect("an id");
    let content = throughcare::letters::store::frozen(&mut work, id.into()).await.expect("a frozen letter");
    let said = format!("{:?}", content.sections);
    assert!(said.contains("Amman") && !said.contains("hidden town"), "{said}");
}

#[tokio::test]
async fn no_further_letter_is_written_once_the_referral_has_ended_or_sharing_has_stopped() {
    let w = World::new().await;
    let path = to_legal_aid(&w).await;
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    let fields = [("version", "1")];
    w.amina.post(format!("{path}/letter/submission"), fields).await.is(409);
    w.amina.post(format!("{path}/letters"), [("", "")]).await.is(409).shows("Nothing more may be shared");
    w.work_off().await;
    assert_eq!(posted(&w).await, 1);
}

#[tokio::test]
async fn a_further_letter_needs_the_consent_that_the_first_one_had() {
    let w = World::new().await;
    let path = to_legal_aid(&w).await;
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    w.sql("update consents set expires_on = current_date - 1").await;
    submitted(&w.amina, &path, &[]).await.is(422).shows("No consent is recorded that allows this");
    w.amina.post(format!("{path}/letter"), [("go", "discard")]).await.redirects();
    w.amina.get(format!("{path}/letter")).await.shows("nothing of it can be changed").lacks("Earlier letters");
    assert_eq!(posted(&w).await, 1);
}

#[tokio::test]
async fn s17_a_further_letter_of_a_guarded_case_goes_to_verified_contacts_alone_and_only_by_the_sender() {
    let w = World::new().await;
    arranged(&w, GUARDED, "amina").await;
    contact(&w, CLINIC, true, true).await;
    let path = within(&w, &w.amina).await;
    w.amina.post(format!("{path}/letters"), [("", "")]).await.is(404);
    submitted(&w.amina, &path, &[]).await.redirects();
    for stranger in [&w.chen, &w.odd] {
        stranger.post(format!("{path}/letters"), [("", "")]).await.is(404);
    }
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    w.sql("update organisation_contacts set verified_at = null, verified_by = null").await;
    submitted(&w.amina, &path, &[("email", "friend@elsewhere.example")]).await.is(422).shows("verified");
}

#[tokio::test]
async fn a_program_writes_a_further_letter_too() {
    let w = World::new().await;
    let path = to_legal_aid(&w).await;
    let letters = format!("/api/v1{path}/letters");
    let program = w.amina.program().await;
    program.call_once("more", &letters, &json!({})).await.is(201).shows("\"number\":2").shows("\"state\":\"draft\"");
    let page = w.amina.get(format!("{path}/letter")).await;
    let spanish = json!({ "lang": "es", "way": "post", "contact_name": field(&page, "contact_name") });
    program.call("PUT", &format!("/api/v1{path}/letter"), Some(&spanish)).await.is(200).shows("\"lang\":\"es\"");
    program
        .call_once("go", &format!("/api/v1{path}/letter/submission"), &json!({ "version": 2 }))
        .await
        .is(200)
        .shows("\"number\":2");
    w.work_off().await;
    program.get(&letters).await.is(200).shows("\"state\":\"to-print\"").shows("\"number\":1");
    let fields = sent_again(&w.amina, &path, &[("subject", "Another"), ("go", "keep")]).await;
    w.amina.post(format!("{path}/letter"), fields).await.redirects();
    w.amina.get(format!("{path}/letter")).await.lacks("Another");
}

#[tokio::test]
async fn a_referral_sent_without_a_letter_says_that_nothing_went_and_gets_one_later() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, LEGAL_AID, false, false).await;
    let path = draft(&w, &w.amina, "outside", &[("organisation", "50")]).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    let unheard = w.amina.get(&path).await;
    unheard.shows("Nothing was sent: tell them yourself").shows("Write a letter");
    unheard.shows("It is your side’s move: tell them of this referral").lacks("the other side’s move");
    unheard.shows("nobody there can read a message").lacks("Send message");
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    submitted(&w.amina, &path, &[("contact", "other"), ("email", "desk@legal.example")]).await.redirects();
    w.work_off().await;
    assert_eq!(posted(&w).await, 1);
    w.amina.get(&path).await.lacks("Nothing was sent: tell them yourself");
}
