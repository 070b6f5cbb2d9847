//! A message that tells who is meant goes only with a supervisor's reason: for these very words, seen once more, and read by the protection
//! officer.
use super::{arranged, contact, draft, sent_again, submitted, within};
use crate::referrals::{CASE, does};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::ASSISTANCE;
use crate::support::world::CLINIC;

const TELLING: (&str, &str) = ("message", "Please see Dana Saleh on Monday");
const REASON: (&str, &str) = ("guard_reason", "They share the surname with the street");

// Bruno's draft whose words the guard has stopped.
async fn stopped(w: &World) -> String {
    arranged(w, ASSISTANCE, "amina").await;
    contact(w, CLINIC, false, false).await;
    let path = within(w, &w.amina).await;
    submitted(&w.bruno, &path, &[TELLING]).await.is(422).shows("These words would tell who is meant");
    path
}

async fn reviewed(by: &Browser, path: &str, changes: &[(&str, &str)]) -> Seen {
    let mut fields = sent_again(by, path, changes).await;
    fields.push(("go".to_owned(), "review".to_owned()));
    by.post(format!("{path}/letter"), fields).await
}

#[tokio::test]
async fn the_last_look_marks_what_a_reason_lets_through_and_says_the_reason() {
    let w = World::new().await;
    let path = stopped(&w).await;
    reviewed(&w.bruno, &path, &[REASON]).await.redirects();
    let look = w.bruno.get(format!("{path}/letter/submission")).await;
    look.is(200).shows("They go all the same, for this reason").shows(REASON.1);
    assert!(look.body.contains("<mark>Dana"), "{}", look.body);
}

#[tokio::test]
async fn a_reason_covers_the_words_it_was_given_for_and_no_later_ones() {
    let w = World::new().await;
    let path = stopped(&w).await;
    let other = ("message", "Ring Dana Saleh under 555 7788");
    let seen = reviewed(&w.bruno, &path, &[REASON, other]).await;
    seen.is(422).shows("This reason was given for other words");
    reviewed(&w.bruno, &path, &[REASON]).await.redirects();
    // Amina changes the words of the letter that Bruno let through: what he said no longer covers it.
    let seen = reviewed(&w.amina, &path, &[TELLING]).await;
    seen.is(422).shows("These words would tell who is meant");
    let seen = w.bruno.get(format!("{path}/letter/submission")).await;
    seen.shows("These words would tell who is meant").lacks(REASON.1);
    assert_eq!(w.count("referrals where status = 'requested'").await, 0);
}

#[tokio::test]
async fn line_ends_that_a_browser_changes_are_the_same_words() {
    let w = World::new().await;
    let path = stopped(&w).await;
    submitted(&w.bruno, &path, &[("message", "Please see Dana Saleh\nHe lives here")]).await.is(422);
    reviewed(&w.bruno, &path, &[REASON, ("message", "Please see Dana Saleh\r\nHe lives here\r\n")]).await.redirects();
}

#[tokio::test]
async fn the_protection_officer_reads_the_reason_from_the_log() {
    let w = World::new().await;
    let path = stopped(&w).await;
    submitted(&w.bruno, &path, &[REASON]).await.redirects();
    assert_eq!(w.count("facts where kind = 'letter.guard_overridden' and note::text like '%surname%'").await, 0, "it is sealed");
    let log = w.pia.get(format!("/cases/{CASE}/log")).await;
    log.is(200).shows("in which personal data was found");
    w.pia.get(log.link(&format!("{path}/letter"))).await.is(200).shows(REASON.1);
}

#[tokio::test]
async fn the_reason_beside_words_to_the_other_side_is_read_from_the_log_too() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = draft(&w, &w.amina, "within", &[("organisation", "2")]).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    does(&w.bruno, &path, "message", &[("text", "Dana Saleh comes on Monday"), REASON]).await.redirects();
    let log = w.pia.get(format!("/cases/{CASE}/log")).await;
    w.pia.get(log.link(&path)).await.is(200).shows(REASON.1);
}

#[tokio::test]
async fn supervisors_of_every_pack_may_let_a_message_go() {
    let w = World::new().await;
    w.load_pack("employment-services").await;
    w.load_pack("refugee-protection").await;
    for role in ["supervisor", "employment_supervisor", "refugee_advanced", "refugee_sgbv_supervisor"] {
        let holding = format!("roles where code = '{role}' and 'letter.override_guard' = any (acts)");
        assert_eq!(w.count(&holding).await, 1, "{role}");
    }
}
