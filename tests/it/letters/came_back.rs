//! Letters that never arrived.
use throughcare::mail::bounces::{self, Taken};

use super::{LEGAL_AID, arranged, contact, draft, submitted};
use crate::mail::returned;
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
    w.amina.get(&path).await.shows("It is your side’s move: their copy never arrived").shows("Write a further letter");
    w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
    submitted(&w.amina, &path, &[("email", "right@partner.example"), ("contact", "other")]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.lacks("Their copy never arrived").shows("Waiting for others");
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
