//! What stands at the head of a letter is its organisation's own.
use throughcare::letters::{paper, store};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::LetterId;

use super::child_form::read;
use super::{GUARDED, arranged, contact, submitted, within};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::CLINIC;

const HEAD: &str = "12 Quay Street\nwww.harbour.example";

async fn saved(w: &World, head: &str) -> crate::support::browser::Seen {
    let page = w.ada.get("/admin/organisation").await;
    let version = crate::polish::hidden(&page, "version");
    let fixed = [("name", "Harbour"), ("general_desk", "Harbour switchboard, 555 0100"), ("lang", "en"), ("time_zone", "UTC")];
    let fields = fixed.into_iter().chain([("weekend", "7"), ("letterhead", head), ("version", version.as_str())]);
    w.ada.post("/admin/organisation", fields.collect::<Vec<_>>()).await
}

// A letter to Clinic of a case of this type, as it is printed.
async fn letter(case_type: i16) -> String {
    let w = World::new().await;
    arranged(&w, case_type, "amina").await;
    contact(&w, CLINIC, true, true).await;
    saved(&w, HEAD).await.redirects();
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    let id = LetterId(w.value("select id::text from letters").await.parse().expect("an id"));
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    read(&paper::render(&store::frozen(&mut work, id).await.expect("a frozen letter")).expect("it prints"))
}

#[tokio::test]
async fn a_letter_carries_the_letterhead_that_an_administrator_wrote() {
    let text = letter(ASSISTANCE).await;
    for line in ["Harbour", "12 Quay Street", "www.harbour.example", "Harbour switchboard, 555 0100"] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let w = World::new().await;
    saved(&w, &"a line\n".repeat(7)).await.is(422);
    saved(&w, HEAD).await.redirects();
    w.ada.get("/admin/organisation").await.shows("12 Quay Street");
}

#[tokio::test]
async fn s17_a_letter_of_a_guarded_case_carries_no_address() {
    let text = letter(GUARDED).await;
    assert!(text.contains("Harbour switchboard, 555 0100") && !text.contains("Quay") && !text.contains("www."), "{text}");
}
