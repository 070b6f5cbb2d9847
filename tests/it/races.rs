//! Two hands on one referral at the same moment, over the database: whatever is tried, one move follows the other, and each is one that
//! DOMAIN section 3 names.
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::{PROTECTION, Sent};

type Fields = &'static [(&'static str, &'static str)];

/// Everything that either side may try, with what it asks for.
const ACTS: &[(&str, Fields)] = &[
    ("acknowledge", &[]),
    ("accept", &[]),
    ("decline", &[("reason", "no_capacity")]),
    ("waitlist", &[("position", "3")]),
    ("hold_unreachable", &[]),
    ("start", &[]),
    ("resume", &[]),
    ("schedule", &[("at", "2031-03-05T10:00")]),
    ("no_show", &[]),
    ("visit_completed", &[]),
    ("interim_note", &[("remark", "So far so good")]),
    ("complete", &[("what", "A check-up")]),
    ("fail", &[("reason", "service_stopped")]),
    ("cancel", &[("reason", "need_met")]),
    ("request_cancellation", &[("reason", "need_met")]),
    ("confirm_cancellation", &[]),
    ("person_no_longer_wants", &[]),
    ("withdraw", &[("extent", "end_service")]),
    ("message", &[("text", "When?")]),
    ("mark_error", &[("reason", "The wrong person")]),
    ("confirm_receipt", &[("receipt", "received"), ("by", "person")]),
    ("reopen_loop", &[("reason", "The person came by")]),
];

/// DOMAIN's table: the states that may follow each state.
fn may_follow(from: &str) -> &'static [&'static str] {
    match from {
        "draft" => &["requested", "entered_in_error"],
        "requested" => &["accepted", "rejected", "cancelled", "entered_in_error"],
        "accepted" => &["in_progress", "on_hold", "completed", "failed", "cancelled", "entered_in_error"],
        "in_progress" => &["on_hold", "completed", "failed", "cancelled", "entered_in_error"],
        "on_hold" => &["in_progress", "completed", "failed", "cancelled", "entered_in_error"],
        "rejected" | "completed" | "failed" | "cancelled" => &["entered_in_error"],
        _ => &[],
    }
}

async fn moved(by: &Browser, sent: &Sent, act: &str, fields: &[(&str, &str)]) -> Seen {
    by.post(sent.path("moves"), [("action", act)].into_iter().chain(fields.iter().copied())).await
}

// The log in the order in which it was committed: each line was written under the lock of the one before it.
async fn log(w: &World, referral: Uuid) -> Vec<(String, String, String)> {
    let mut work = w.operate().await;
    sqlx::query_as("select action, from_status, to_status from referral_moves where referral_id = $1 order by id")
        .bind(referral)
        .fetch_all(work.db())
        .await
        .expect("the log")
}

async fn status(w: &World, referral: Uuid) -> String {
    w.value(&format!("select status from referrals where id = '{referral}'")).await
}

#[tokio::test]
async fn whatever_two_hands_do_at_once_the_log_is_one_legal_path() {
    let w = World::new().await;
    let hands = [&w.amina, &w.bruno, &w.chen, &w.chen];
    let mut r = StdRng::seed_from_u64(20_261_123);
    let (mut won, mut lost) = (0, 0);
    for _ in 0..12 {
        let sent = w.sent(PROTECTION).await;
        for _ in 0..6 {
            let mut choice = || {
                let (act, fields) = *ACTS.choose(&mut r).expect("acts");
                (*hands.choose(&mut r).expect("hands"), act, fields)
            };
            let (one, two) = (choice(), choice());
            let answers = tokio::join!(moved(one.0, &sent, one.1, one.2), moved(two.0, &sent, two.1, two.2));
            for (seen, act) in [(answers.0, one.1), (answers.1, two.1)] {
                assert!(matches!(seen.status.as_u16(), 303 | 403 | 404 | 409 | 422), "{act}: {} {}", seen.status, seen.text());
                if seen.status == 303 { won += 1 } else { lost += 1 }
            }
        }
        let log = log(&w, sent.id).await;
        let mut at = "requested".to_owned();
        for (act, from, to) in &log {
            assert_eq!(*from, at, "{act} does not follow what was before it: {log:?}");
            assert!(from == to || may_follow(from).contains(&to.as_str()), "{act}: {from} to {to}");
            at.clone_from(to);
        }
        assert_eq!(at, status(&w, sent.id).await, "{log:?}");
    }
    assert!(won > 20 && lost > 20, "{won} won and {lost} lost: a race that nobody wins or loses proves nothing");
}

// One hand of a race: who, and what they send.
#[derive(Clone, Copy)]
struct Hand<'a> {
    by: &'a Browser,
    act: &'static str,
    fields: Fields,
}

impl Hand<'_> {
    async fn tries(&self, sent: &Sent, version: &str) -> Seen {
        let fields: Vec<_> = self.fields.iter().copied().chain([("version", version)]).collect();
        moved(self.by, sent, self.act, &fields).await
    }
}

async fn exactly_one_wins(w: &World, sent: &Sent, one: Hand<'_>, two: Hand<'_>) {
    let version = w.value(&format!("select version::text from referrals where id = '{}'", sent.id)).await;
    let (first, second) = tokio::join!(one.tries(sent, &version), two.tries(sent, &version));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{} against {}", one.act, two.act);
    let (winner, loser) = if first.status == 303 { (one.act, two.act) } else { (two.act, one.act) };
    let log = log(w, sent.id).await;
    assert!(log.iter().any(|(act, ..)| act == winner) && !log.iter().any(|(act, ..)| act == loser), "{winner} won: {log:?}");
}

#[tokio::test]
async fn of_two_answers_to_the_same_page_exactly_one_counts() {
    let w = World::new().await;
    let accept = || Hand { by: &w.chen, act: "accept", fields: &[] };
    let complete = || Hand { by: &w.chen, act: "complete", fields: &[("what", "A check-up")] };
    let decline = Hand { by: &w.chen, act: "decline", fields: &[("reason", "no_capacity")] };
    let cancel = Hand { by: &w.amina, act: "cancel", fields: &[("reason", "need_met")] };
    let fail = Hand { by: &w.chen, act: "fail", fields: &[("reason", "service_stopped")] };
    let unwanted = Hand { by: &w.amina, act: "person_no_longer_wants", fields: &[] };
    for rival in [decline, cancel] {
        exactly_one_wins(&w, &w.sent(PROTECTION).await, accept(), rival).await;
    }
    for rival in [fail, unwanted] {
        let sent = w.sent(PROTECTION).await;
        moved(&w.chen, &sent, "accept", &[]).await.redirects();
        exactly_one_wins(&w, &sent, complete(), rival).await;
    }
}

#[tokio::test]
async fn of_two_who_correct_one_note_the_second_reads_the_first_and_no_word_is_lost() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let notes = format!("{case}/notes");
    w.amina.post(&notes, [("kind", "note"), ("body", "She came at nine")]).await.redirects();
    let id = w.value("select id::text from case_notes").await;
    let corrected = async |text: &'static str| w.amina.post(&notes, [("kind", "note"), ("body", text), ("corrects", &id)]).await;
    let (ten, eleven) = tokio::join!(corrected("At ten"), corrected("At eleven"));
    let (lost, first, second) = if ten.status == 303 { (eleven, "At ten", "At eleven") } else { (ten, "At eleven", "At ten") };
    lost.is(422).shows("This note was corrected meanwhile").shows(first).shows(second);
    let newest = w.value("select id::text from case_notes where corrects is not null").await;
    assert!(lost.body.contains(&newest), "the next try corrects the correction");
    w.amina.post(&notes, [("kind", "note"), ("body", second), ("corrects", &newest)]).await.redirects();
    w.amina.get(&case).await.shows("She came at nine").shows(first).shows(second);
}
