//! Deadlines that make themselves heard: once, to both sides, and to supervisors when they are past.
use chrono::TimeDelta;

use crate::support::World;
use crate::support::sent::{PROTECTION, Sent};
use crate::support::world::{RECEPTION, user};

// Told of it in the program; the bell's page belongs to another room.
async fn told(w: &World, sent: &Sent, login: &str, kind: &str) -> i64 {
    w.count(&format!("notifications where referral_id = '{}' and user_id = '{}' and kind = '{kind}'", sent.id, user(login))).await
}

async fn logged(w: &World, sent: &Sent, ring: &str) -> i64 {
    w.count(&format!("referral_moves where referral_id = '{}' and side = 'system' and action = '{ring}'", sent.id)).await
}

#[tokio::test]
async fn a_deadline_is_heard_on_both_sides_and_escalates_once_to_both_supervisors() {
    let w = World::new().await;
    w.member("rosa", RECEPTION, "supervisor").await;
    let sent = w.sent(PROTECTION).await;
    w.after(TimeDelta::zero()).await;
    assert_eq!(logged(&w, &sent, "reminder").await + logged(&w, &sent, "due").await, 0);
    // Two working days and one more to escalate are past after a week, whatever day it is.
    for _ in 0..3 {
        w.after(TimeDelta::days(7)).await;
    }
    for (login, kind, times) in [
        ("amina", "referral.due", 1),
        ("chen", "referral.due", 1),
        ("bruno", "referral.escalated", 1),
        ("rosa", "referral.escalated", 1),
        ("amina", "referral.escalated", 0),
        ("odd", "referral.escalated", 0),
    ] {
        assert_eq!(told(&w, &sent, login, kind).await, times, "{login} {kind}");
    }
    assert_eq!((logged(&w, &sent, "due").await, logged(&w, &sent, "escalated").await), (1, 1));
    w.chen.get("/inbox?shelf=overdue").await.shows(&sent.code).shows("overdue by");
}

#[tokio::test]
async fn a_reminder_comes_before_the_deadline_and_once() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let due = format!("referrals where id = '{}' and next_side = 'to' and next_due_at is not null", sent.id);
    w.after(TimeDelta::zero()).await;
    assert_eq!(w.count(&due).await, 1);
    let mut reminded = 0;
    for _ in 0..7 * 8 {
        w.after(TimeDelta::hours(3)).await;
        if logged(&w, &sent, "due").await == 0 {
            reminded = told(&w, &sent, "chen", "referral.reminder").await;
        }
    }
    assert_eq!((reminded, logged(&w, &sent, "reminder").await), (1, 1));
}

#[tokio::test]
async fn a_new_move_starts_a_new_clock() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.after(TimeDelta::days(7)).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.after(TimeDelta::days(30)).await;
    assert_eq!(logged(&w, &sent, "escalated").await, 2);
}

#[tokio::test]
async fn s07_the_provider_hears_nothing_of_asking_the_person() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.after(TimeDelta::days(21)).await;
    assert_eq!(told(&w, &sent, "amina", "referral.due").await, 1);
    assert_eq!(told(&w, &sent, "chen", "referral.due").await, 0);
}

#[tokio::test]
async fn a_minute_is_worked_once_however_often_it_ticks() {
    let w = World::new().await;
    for _ in 0..3 {
        throughcare::worker::tick(&w.ground).await.expect("it ticks");
    }
    assert_eq!(w.count("jobs where kind = 'referral_clocks' and org = 1").await, 1);
}
