//! Two hands on one referral at the same moment, over the database: whatever is tried, one move follows the other, and each is one that
//! DOMAIN section 3 names.
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::SeedableRng;
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

#[tokio::test]
async fn of_two_answers_to_the_same_page_exactly_one_counts() {
    let w = World::new().await;
    let rivals: [(Fields, [(&Browser, &str, Fields); 2]); 4] = [
        (&[], [(&w.chen, "accept", &[]), (&w.chen, "decline", &[("reason", "no_capacity")])]),
        (&[], [(&w.chen, "accept", &[]), (&w.amina, "cancel", &[("reason", "need_met")])]),
        (&[("accept", "")], [(&w.chen, "complete", &[("what", "A check-up")]), (&w.chen, "fail", &[("reason", "service_stopped")])]),
        (&[("accept", "")], [(&w.chen, "complete", &[("what", "A check-up")]), (&w.amina, "person_no_longer_wants", &[])]),
    ];
    for (before, [one, two]) in rivals {
        let sent = w.sent(PROTECTION).await;
        for (act, _) in before {
            moved(&w.chen, &sent, act, &[]).await.redirects();
        }
        let version = w.value(&format!("select version::text from referrals where id = '{}'", sent.id)).await;
        let with = |fields: Fields| fields.iter().copied().chain([("version", version.as_str())]).collect::<Vec<_>>();
        let (first, second) = (with(one.2), with(two.2));
        let answers = tokio::join!(moved(one.0, &sent, one.1, &first), moved(two.0, &sent, two.1, &second));
        let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{} against {}", one.1, two.1);
        let winner = if answers.0.status == 303 { one.1 } else { two.1 };
        let log = log(&w, sent.id).await;
        assert!(log.iter().filter(|(act, ..)| [one.1, two.1].contains(&act.as_str())).all(|(act, ..)| act == winner), "{log:?}");
    }
}

#[tokio::test]
async fn two_who_edit_one_note_never_lose_a_word() {
    let w = World::new().await;
    let person = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, PROTECTION, person, &[]).await;
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "First words")]).await.redirects();
    let id = w.value("select id::text from case_notes").await;
    let with = |text: &'static str| [("kind", "note"), ("body", text), ("corrects", id.as_str())].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let answers = tokio::join!(
        w.amina.post(format!("{case}/notes"), with("Mended in one tab")),
        w.amina.post(format!("{case}/notes"), with("Mended in another"))
    );
    let page = w.amina.get(&case).await;
    for (seen, words) in [(answers.0, "Mended in one tab"), (answers.1, "Mended in another")] {
        assert!(seen.status.is_redirection() || seen.text().contains(words), "{}: {}", seen.status, seen.text());
        assert!(page.text().contains(words) || !seen.status.is_redirection(), "{words} was acknowledged and is gone");
    }
}
