//! How an answer link ends: with its answer, its packet, a withdrawal or the sender’s word.
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::LinkId;

use super::{DESK, inside, mails, outside, way_in};
use crate::referrals::does;
use crate::support::World;

#[tokio::test]
async fn s04_withdrawal_closes_the_link_at_once() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/acceptance", &[]).await.redirects();
    guest.get("/r").await.shows("Dana Saleh");
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    guest.get("/r").await.is(401).shows("This page is closed").lacks("Dana").lacks("withdrawn").lacks("consent");
    let late = guest.post("/r/outcome", &[("what", "Words that were typed before")]).await;
    late.is(401).shows("Words that were typed before").lacks("Dana");
    let (token, code) = way_in(&w).await;
    w.guest().get(&format!("/r/{token}")).await.is(404);
    w.guest_at("192.0.2.8").post("/r", &[("code", &code)]).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("link_codes").await, 1, "no further code is made");
    let mut work =
        Work::open(&w.ground, Actor::Link(LinkId(w.value("select id::text from answer_links").await.parse().expect("an id"))))
            .await
            .expect("work");
    for table in ["referrals", "packets", "referral_moves", "referral_messages", "organisations"] {
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(work.db())
            .await
            .expect("a count");
        assert_eq!(count, 0, "{table}");
    }
}

#[tokio::test]
async fn a_link_ends_with_its_answer_or_with_its_packet() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let guest = inside(&w, &path).await;
    let seen = guest.post("/r/decline", &[("reason", "no_such_reason")]).await;
    seen.is(422).shows("Decline the referral");
    assert_eq!(guest.post("/r/decline", &[("reason", "no_capacity")]).await.redirects(), "/r/done");
    guest.get("/r/done").await.shows("Thank you").lacks("Dana");
    guest.get("/r").await.is(401).lacks("Health");
    w.amina.get(&path).await.shows("Declined");
}

#[tokio::test]
async fn a_link_lasts_while_it_is_answered_and_a_served_packet_closes_it_later() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    let until = "select extract(day from expires_at - now())::text from answer_links";
    let first: f64 = w.value(until).await.parse().expect("days");
    guest
        .post("/r/acceptance", &[("at", &format!("{}T10:00", (w.ground.clock.now() + chrono::TimeDelta::days(40)).date_naive()))])
        .await
        .redirects();
    let later: f64 = w.value(until).await.parse().expect("days");
    assert!(first < 15.0 && later > 50.0, "{first} {later}");
    guest.post("/r/outcome", &[("what", "Wound dressed")]).await.redirects();
    guest.get("/r").await.is(200).shows("Dana Saleh");
    w.sql("update packets set closes_at = now() - interval '1 second'").await;
    guest.get("/r").await.is(401).lacks("Dana");
}

#[tokio::test]
async fn a_revoked_link_is_over_and_a_new_one_takes_its_place() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    let (old, _) = way_in(&w).await;
    guest.get("/r").await.is(200);
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (new, _) = way_in(&w).await;
    assert_ne!(old, new);
    guest.get("/r").await.is(401);
    w.guest().get(&format!("/r/{old}")).await.is(404);
    w.guest().get(&format!("/r/{new}")).await.is(200);
    let link = w.value("select id::text from answer_links where revoked_at is null").await;
    w.chen.post(format!("/links/{link}/revocation"), [("", "")]).await.is(404);
    w.amina.post(format!("/links/{link}/revocation"), [("", "")]).await.redirects();
    w.guest().get(&format!("/r/{new}")).await.is(404);
    w.amina.get(&path).await.shows("Taken back");
}

#[tokio::test]
async fn s04_the_receiver_is_asked_in_writing_to_delete_what_it_has_and_never_told_why() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    inside(&w, &path).await;
    does(&w.amina, &path, "withdraw", &[("extent", "end_service")]).await.redirects();
    w.work_off().await;
    let mails = mails(&w).await;
    let last = mails.last().expect("a mail");
    assert_eq!(last["to"]["address"], "ruth@clinic.example");
    let words = format!("{} {}", last["subject"], last["text"]);
    assert!(words.contains("delete every copy") && words.contains("within 5 days"), "{words}");
    for secret in ["Dana", "consent", "withdr", "Walk-in", "Stitches"] {
        assert!(!words.contains(secret), "{words}");
    }
}
