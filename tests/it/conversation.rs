//! Words between the two sides: what the sender's may say while the packet is not open to whoever reads them.
use serde_json::json;

use crate::answer_links::{inside, outside};
use crate::referrals::{ALL, COVERED, answers, does, drafted, scene};
use crate::support::World;

const TELLING: (&str, &str) = ("text", "Dana Saleh comes on Monday, 555 7788");

async fn sent(w: &World) -> String {
    scene(w, 1, "amina", COVERED).await;
    let path = drafted(w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    path
}

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
