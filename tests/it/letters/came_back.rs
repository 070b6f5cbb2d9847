//! Letters that never arrived.
use throughcare::mail::bounces::{self, Taken};

use super::{LEGAL_AID, arranged, contact, draft, submitted};
use crate::mail::returned;
use crate::referrals::CASE;
use crate::support::World;
use crate::support::case_work::ASSISTANCE;

async fn came_back(w: &World) -> String {
    arranged(w, ASSISTANCE, "amina").await;
    contact(w, LEGAL_AID, false, false).await;
    let path = draft(w, &w.amina, "outside", &[("organisation", "50")]).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.shows("Waiting for others");
    let id = w.value("select replace(public_id::text, '-', '') from messages where kind = 'letter'").await;
    let report = returned(&id, "failed");
    assert_eq!(bounces::take(&w.ground, report.as_bytes(), None).await.expect("it is taken in"), Taken::Known);
    w.work_off().await;
    path
}

#[tokio::test]
async fn a_letter_that_came_back_is_told_and_is_the_writers_move_until_another_goes() {
    let w = World::new().await;
    let path = came_back(&w).await;
    w.amina.get("/notifications").await.shows("A letter came back");
    w.amina.get("/").await.shows("Their copy never arrived").lacks("Waiting for others");
    let seen = w.amina.get(&path).await;
    seen.shows("It is your side’s move: their copy never arrived").shows("Write a further letter");
    // The state and the log say so, here and on the case.
    seen.shows("Letter came back").shows("The letter came back");
    w.amina.get("/referrals?tab=sent").await.shows("Letter came back");
    w.amina.get(format!("/cases/{CASE}")).await.shows("Letter came back").shows("The letter came back");
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    submitted(&w.amina, &path, &[("email", "right@partner.example"), ("contact", "other")]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.lacks("Their copy never arrived").shows("Waiting for others");
    w.amina.get(&path).await.lacks("Letter came back").shows("The letter came back");
    w.amina.get(format!("/cases/{CASE}?only=referrals")).await.lacks("Letter came back").shows("The letter came back");
}

#[tokio::test]
async fn whoever_was_called_instead_has_it() {
    let w = World::new().await;
    let path = came_back(&w).await;
    let called = [("on_behalf", "phone"), ("who", "The desk"), ("version", "")];
    w.amina.post(format!("{path}/acknowledgement"), called).await.redirects();
    w.amina.get(&path).await.lacks("their copy never arrived");
    w.amina.get("/").await.lacks("Their copy never arrived");
}

#[tokio::test]
async fn whoever_read_the_referral_before_its_letter_came_back_reads_it_again() {
    let w = World::new().await;
    let path = came_back(&w).await;
    let before = w.value("select (version - 1)::text from referrals where copy_lost_at is not null").await;
    let called = [("on_behalf", "phone"), ("who", "The desk"), ("version", before.as_str())];
    w.amina.post(format!("{path}/acknowledgement"), called).await.is(409);
}

// Somebody outside got the letter by mail, at an address that was only typed.
async fn to_a_typed_address(w: &World) -> String {
    arranged(w, ASSISTANCE, "amina").await;
    let to = [("to_name", "Parish hall"), ("to_kind", "provider")];
    let path = draft(w, &w.amina, "outside", &to).await;
    let words = [("email", "hall@parish.example"), ("contact_name", "Rosa")];
    submitted(&w.amina, &path, &words).await.redirects();
    w.work_off().await;
    path
}

#[tokio::test]
async fn s04_whoever_can_not_be_asked_by_mail_to_delete_is_a_task_of_the_sender() {
    let w = World::new().await;
    let path = to_a_typed_address(&w).await;
    let consent = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    w.amina.post(format!("{consent}/withdrawal"), [("extent", "end_service"), ("how", "by_phone")]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.shows("to stop using and delete what they have");
    let page = w.amina.get(&path).await;
    page.shows("Nobody at Parish hall can be asked by e-mail").shows("Note that they deleted it").lacks("sees nothing more");
    w.amina.get(&consent).await.shows("Parish hall").shows("ask it yourself");
    let told = [("on_behalf", "phone"), ("who", "The desk")];
    w.amina.post(format!("{path}/deletion-confirmation"), told).await.redirects();
    w.amina.get("/").await.lacks("to stop using and delete what they have");
    w.amina.get(&consent).await.shows("copies are deleted");
}

#[tokio::test]
async fn a_withdrawal_without_an_answer_shows_its_form_again() {
    let w = World::new().await;
    to_a_typed_address(&w).await;
    let consent = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    let again = w.amina.post(format!("{consent}/withdrawal"), [("extent", "stop_sharing")]).await;
    again.is(422).shows("How did the person say so?").shows("Withdraw consent");
    assert!(again.body.contains("tc-field-wrong"));
}
