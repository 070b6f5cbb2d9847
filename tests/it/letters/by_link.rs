//! What is attached to a packet, for a partner without an account.
use uuid::Uuid;

use super::{LEGAL_AID, arranged, contact, draft, submitted, within};
use crate::answer_links::came_in;
use crate::referrals::{CASE, does};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::guest::Guest;
use crate::support::world::CLINIC;

const WORDS: &str = "She can read and write French";

// A referral to Legal Aid with a note attached, and somebody of theirs who proved themselves; its path, they, and where the note stands.
async fn attached(w: &World) -> (String, Guest, String) {
    arranged(w, ASSISTANCE, "amina").await;
    contact(w, LEGAL_AID, false, false).await;
    contact(w, CLINIC, false, false).await;
    w.sql("update consents set sections = sections || '{attachments}'").await;
    w.amina.post(format!("/cases/{CASE}/notes"), [("kind", "note"), ("body", WORDS)]).await.redirects();
    let note = w.value("select id::text from case_notes").await;
    let path = draft(w, &w.amina, "outside", &[("organisation", "50")]).await;
    submitted(&w.amina, &path, &[("note", &note)]).await.redirects();
    w.work_off().await;
    let guest = came_in(w).await;
    let one = w.value("select '/r/attachments/' || id from referral_attachments").await;
    (path, guest, one)
}

#[tokio::test]
async fn s04_an_attachment_opens_by_link_with_the_packet_and_closes_when_consent_is_withdrawn() {
    let w = World::new().await;
    let (path, guest, one) = attached(&w).await;
    guest.get("/r").await.is(200).lacks("Attached notes and documents");
    guest.get(&one).await.is(404).lacks("French");
    guest.post("/r/acceptance", &[]).await.redirects();
    for lang in ["ar", "fr", "es", "en"] {
        assert_eq!(guest.get(&format!("/r?lang={lang}")).await.link("/r/attachments/"), one);
    }
    let file = guest.get(&one).await;
    assert_eq!(file.is(200).body, WORDS);
    let code = w.value("select code from referrals").await;
    assert_eq!(file.headers["content-disposition"], format!("attachment; filename=\"{code}.txt\""));
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert_eq!(w.count("facts where kind = 'packet.attachment_opened' and actor like 'link:%' and org = 1").await, 1);
    w.amina.get(&path).await.shows("Opened an attachment");
    w.guest().get(&one).await.is(404).lacks("French");
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    guest.get(&one).await.is(404).lacks("French");
    assert_eq!(w.count("facts where kind = 'packet.attachment_opened'").await, 1);
}

#[tokio::test]
async fn a_link_opens_no_attachment_of_another_referral_and_none_when_it_is_over() {
    let w = World::new().await;
    let (path, guest, one) = attached(&w).await;
    guest.post("/r/acceptance", &[]).await.redirects();
    let other = within(&w, &w.amina).await;
    let note = w.value("select id::text from case_notes").await;
    submitted(&w.amina, &other, &[("note", &note)]).await.redirects();
    does(&w.chen, &other, "accept", &[]).await.redirects();
    let elsewhere = w.chen.get(format!("{other}/attachments")).await.link(&format!("{other}/attachments/"));
    w.chen.get(&elsewhere).await.is(200).shows(WORDS);
    let elsewhere = elsewhere.rsplit('/').next().expect("an id");
    for wrong in [elsewhere.to_owned(), Uuid::now_v7().to_string(), "nothing".to_owned()] {
        guest.get(&format!("/r/attachments/{wrong}")).await.is(404).lacks("French");
    }
    guest.get(&one).await.is(200);
    w.sql("update packets set closes_at = now() - interval '1 second'").await;
    guest.get(&one).await.is(404).lacks("French");
    w.sql("update packets set closes_at = null").await;
    guest.get(&one).await.is(200);
    let link = w.value("select id::text from answer_links").await;
    w.amina.post(format!("/links/{link}/revocation"), [("", "")]).await.redirects();
    guest.get(&one).await.is(404).lacks("French");
    w.amina.get(format!("{path}/attachments")).await.shows("Note");
}
