//! Words between the two sides: what the sender's may say while the packet is not open to whoever reads them.
use serde_json::json;

use crate::answer_links::{inside, outside};
use crate::referrals::{does, sent};
use crate::support::World;
use crate::support::sent::GBV;

const TELLING: (&str, &str) = ("text", "Dana Saleh comes on Monday, 555 7788");

#[tokio::test]
async fn the_senders_words_name_nobody_before_the_packet_opens_nor_after_it_closed() {
    let w = World::new().await;
    let path = sent(&w).await;
    let stopped = does(&w.amina, &path, "message", &[TELLING]).await;
    stopped.is(422).shows("These words would tell who is meant").shows("a supervisor can send them");
    assert!(stopped.body.contains("<mark>Dana Saleh</mark> comes on Monday, <mark>555 7788</mark>"), "{}", stopped.body);
    assert!(stopped.body.contains(&format!("{}</textarea>", TELLING.1)), "nothing typed is lost");
    does(&w.amina, &path, "message", &[("text", "Please answer soon")]).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.amina, &path, "message", &[TELLING]).await.redirects();
    w.chen.get(&path).await.shows(TELLING.1);
    does(&w.chen, &path, "complete", &[("what", "Wound dressed")]).await.redirects();
    w.sql("update packets set closes_at = now() - interval '1 second'").await;
    does(&w.amina, &path, "message", &[TELLING]).await.is(422).shows("These words would tell who is meant");
    assert_eq!(w.count("referral_messages").await, 2);
}

#[tokio::test]
async fn a_refused_packet_stays_shut_and_so_do_the_words_about_it() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "message", &[("text", "Is this about Dana Saleh?")]).await.redirects();
    does(&w.chen, &path, "decline", &[("reason", "no_capacity")]).await.redirects();
    does(&w.amina, &path, "message", &[("text", "Yes, Dana")]).await.is(422);
    let id = path.trim_start_matches("/referrals/");
    let asked = json!({ "action": "message", "fields": { "text": ["Yes, Dana"] } });
    let program = w.amina.program().await;
    let version = format!("\"{}\"", w.value("select version::text from referrals").await);
    let moves = format!("/api/v1/referrals/{id}/moves");
    program.call_over("POST", &moves, &version, Some(&asked)).await.is(422).shows("personal_data");
}

#[tokio::test]
async fn a_supervisor_lets_words_go_with_a_reason_that_the_other_side_does_not_read() {
    let w = World::new().await;
    let path = sent(&w).await;
    let stopped = does(&w.bruno, &path, "message", &[TELLING]).await;
    assert!(stopped.is(422).body.contains("name=\"guard_reason\""), "{}", stopped.body);
    let why = ("guard_reason", "Their intake knows her already");
    does(&w.amina, &path, "message", &[TELLING, why]).await.is(422);
    does(&w.bruno, &path, "message", &[TELLING, why]).await.redirects();
    assert_eq!(
        w.count("facts where kind = 'letter.guard_overridden' and note -> 'found' = '[\"name\", \"phone\"]' and org = 1").await,
        1
    );
    w.bruno.get(&path).await.shows(TELLING.1).shows(why.1);
    w.chen.get(&path).await.shows(TELLING.1).lacks(why.1);
}

#[tokio::test]
async fn who_comes_by_link_may_write_what_the_sender_may_not_yet() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/message", &[("text", "Do you mean Dana Saleh?")]).await.redirects();
    w.amina.get(&path).await.shows("Do you mean Dana Saleh?");
    does(&w.amina, &path, "message", &[("text", "Yes, Dana")]).await.is(422);
    guest.post("/r/acceptance", &[]).await.redirects();
    does(&w.amina, &path, "message", &[("text", "Yes, Dana")]).await.redirects();
    guest.get("/r").await.shows("Yes, Dana");
}

#[tokio::test]
async fn s31_the_senders_remark_on_a_move_passes_the_guard_until_the_packet_opens() {
    let w = World::new().await;
    let path = sent(&w).await;
    let program = w.amina.program().await;
    let moves = format!("/api/v1{path}/moves");
    let amended = async |remark: &str| {
        let fields = json!({ "sections": ["need", "urgency"], "remark": [remark] });
        let version = format!("\"{}\"", w.value("select version::text from referrals").await);
        program.call_over("POST", &moves, &version, Some(&json!({ "action": "amend", "fields": fields }))).await
    };
    let stopped = amended("Dana Saleh rang, it hurts more").await;
    assert!(stopped.is(422).body.contains("\"remark\":\"personal_data\""), "{}", stopped.body);
    amended("It hurts more").await.is(200);
    w.chen.get(&path).await.shows("It hurts more");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    amended("Dana Saleh rang, it hurts more").await.is(200);
    w.chen.get(&path).await.shows("Dana Saleh rang");
}

#[tokio::test]
async fn s31_an_answer_written_down_for_an_organisation_outside_names_nobody_while_its_link_shows_the_brief_only() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let receipt = |who: &'static str| [("on_behalf", "phone"), ("who", who)];
    let stopped = w.amina.post(format!("{path}/acknowledgement"), receipt("Dana Saleh asked there herself")).await;
    stopped.is(422).shows("These words would tell who is meant");
    assert!(stopped.body.contains("<mark>Dana Saleh</mark> asked there herself"), "{}", stopped.body);
    w.amina.post(format!("{path}/acknowledgement"), receipt("Nurse Ruth")).await.redirects();
    // A refusal ends the link: nobody outside reads it any more.
    let refusal = [("on_behalf", "phone"), ("who", "Nurse Ruth"), ("reason", "no_capacity"), ("remark", "They rang Dana Saleh")];
    w.amina.post(format!("{path}/decline"), refusal).await.redirects();
    w.amina.get(&path).await.shows("They rang Dana Saleh");
}

// Whoever has not been given the packet must not be able to ask the guard whom it is about.
#[tokio::test]
async fn s31_the_guard_answers_no_receiver_what_is_known_of_the_person() {
    let w = World::new().await;
    let path = sent(&w).await;
    for (name, reason) in [("Dana Saleh", "no_capacity"), ("Nora Saleh", "no_capacity")] {
        let remark = format!("Is it {name}?");
        does(&w.chen, &path, "message", &[("text", &remark)]).await.redirects();
        w.chen.post(format!("{path}/decline"), [("reason", reason), ("remark", &remark), ("version", "0")]).await.is(409);
    }
    w.chen.post(format!("{path}/decline"), [("reason", "no_capacity"), ("remark", "Is it Dana Saleh?")]).await.redirects();
}

#[tokio::test]
async fn s31_in_a_restricted_referral_nobody_signs_with_a_name() {
    let w = World::new().await;
    let sent = w.sent(GBV).await;
    let nadia = w.nadia().await;
    let page = sent.path("").trim_end_matches('/').to_owned();
    nadia.get(&page).await.is(200);
    let signed = nadia.post(sent.path("acceptance"), [("remark", "Ask for Nadia")]).await;
    assert!(signed.is(422).body.contains("Ask for <mark>Nadia</mark>"), "{}", signed.body);
    does(&nadia, &page, "message", &[("text", "Ask for Nadia")]).await.is(422).shows("nobody is named to the other side");
    nadia.post(sent.path("acceptance"), [("remark", "Ask for the focal point")]).await.redirects();
    does(&w.salma, &page, "message", &[("text", "Salma will come along")]).await.is(422);
    does(&w.salma, &page, "message", &[("text", "Her worker will come along")]).await.redirects();
}

#[tokio::test]
async fn s07_what_the_person_said_stays_with_the_sender_however_it_was_sent() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Wound dressed")]).await.redirects();
    let said = [("receipt", "received"), ("by", "person"), ("remark", "She found them rude")];
    does(&w.amina, &path, "confirm_receipt", &said).await.redirects();
    w.amina.get(&path).await.shows("She found them rude");
    w.chen.get(&path).await.shows("Confirmed by the person").lacks("rude");
}
