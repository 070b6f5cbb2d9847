//! What stands at the head of a letter is its organisation's own.
use throughcare::letters::{paper, store};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::LetterId;

use super::{GUARDED, arranged, contact, submitted, within};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::ASSISTANCE;
use crate::support::pdf::read;
use crate::support::world::CLINIC;

// A grey dot.
const DOT: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cc\xa8\x07\x00\x00\x81\x00\x80\xd3\x94SJ\x00\x00\x00\x00IEND\xaeB`\x82";
const HEAD: &str = "12 Quay Street\nwww.harbour.example";

async fn saved(w: &World, head: &str) -> Seen {
    let page = w.ada.get("/admin/organisation").await;
    let version = crate::polish::hidden(&page, "version");
    let fixed = [("name", "Harbour"), ("general_desk", "Harbour switchboard, 555 0100"), ("lang", "en"), ("time_zone", "UTC")];
    let fields = fixed.into_iter().chain([("weekend", "7"), ("letterhead", head), ("version", version.as_str())]);
    w.ada.post("/admin/organisation", fields.collect::<Vec<_>>()).await
}

// A letter to Clinic of a case of this type, as it is printed.
async fn letter(case_type: i16) -> String {
    read(&paper::render(&frozen(case_type).await).expect("it prints"))
}

async fn frozen(case_type: i16) -> paper::Content {
    let w = World::new().await;
    arranged(&w, case_type, "amina").await;
    contact(&w, CLINIC, true, true).await;
    saved(&w, HEAD).await.redirects();
    logo(&w, DOT).await.redirects();
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    let id = LetterId(w.value("select id::text from letters").await.parse().expect("an id"));
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    store::frozen(&mut work, id).await.expect("a frozen letter")
}

async fn logo(w: &World, bytes: &[u8]) -> Seen {
    w.ada.upload("/admin/logo", &[], Some(("file", "logo", bytes))).await
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

#[tokio::test]
async fn s17_a_logo_stands_on_letters_that_may_name_their_sender() {
    let open = frozen(ASSISTANCE).await;
    assert!(open.letterhead.logo.is_some());
    paper::render(&open).expect("it prints");
    assert!(frozen(GUARDED).await.letterhead.logo.is_none());
}

#[tokio::test]
async fn a_logo_is_a_picture_that_can_be_printed() {
    let w = World::new().await;
    logo(&w, b"<svg xmlns='http://www.w3.org/2000/svg'/>").await.is(422).shows("Only PNG and JPEG");
    logo(&w, b"%PDF-1.7 a paper").await.is(422).shows("Only PNG and JPEG");
    logo(&w, &DOT[..40]).await.is(422).shows("read to its end");
    // A small file may say that it unpacks into gigabytes.
    let mut bomb = DOT.to_vec();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    logo(&w, &bomb).await.is(422).shows("4 million dots");
    logo(&w, &[DOT, &[0; 200_000]].concat()).await.is(422).shows("At most 200 kB");
    w.ada.get("/admin/logo").await.shows("There is no logo yet");
    logo(&w, DOT).await.redirects();
    assert!(w.ada.get("/admin/logo").await.body.contains("data:image/png;base64,iVBOR"));
    w.ada.post("/admin/logo/removal", [("", "")]).await.redirects();
    w.ada.get("/admin/logo").await.shows("There is no logo yet");
    w.amina.get("/admin/logo").await.is(403);
}

#[tokio::test]
async fn s17_what_a_person_of_a_guarded_case_carries_has_a_number_and_not_whose_it_is() {
    let w = World::new().await;
    arranged(&w, GUARDED, "amina").await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[("way", "hand"), ("safe_to_carry", "yes")]).await.redirects();
    let id = LetterId(w.value("select id::text from letters").await.parse().expect("an id"));
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    let content = store::frozen(&mut work, id).await.expect("a frozen letter");
    let text = read(&paper::render(&content).expect("it prints"));
    assert!(text.contains("555 0100") && !text.contains("switchboard"), "{text}");
}
