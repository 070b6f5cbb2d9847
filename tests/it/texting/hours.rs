//! Safe hours that are over when a message's turn comes: it waits for the next ones, unless these come too late (S6).
use chrono::TimeDelta;
use throughcare::worker;

use super::reminders::{PERSON, case, planned, texts};
use super::{phone, send};
use crate::support::World;
use crate::support::sent::ASSISTANCE;

// Clocks show this time next, and stand there.
fn wait_until(w: &World, hour: u32, minute: u32) {
    let now = w.ground.clock.now();
    let today = now.date_naive().and_hms_opt(hour, minute, 0).expect("a time of day").and_utc();
    let next = if today > now { today } else { today + TimeDelta::days(1) };
    w.ground.clock.forward(next - now);
}

// A meeting in three days at this hour, of which the reminder was posted a day before, while the gateway was away for so many hours. Answers its page.
async fn held_up(w: &World, (hour, minute): (u32, u32), away: i64) -> String {
    case(w, ASSISTANCE, "amina").await;
    phone(w, PERSON, true, "09:00-17:00").await;
    wait_until(w, hour, minute);
    let path = planned(w, &w.amina).await.redirects();
    w.ground.clock.forward(TimeDelta::hours(48) + TimeDelta::minutes(1));
    worker::tick(&w.ground).await.expect("a minute");
    worker::work_off(&w.ground).await.expect("the jobs run");
    w.amina.get(&path).await.shows("Message to the person On its way");
    w.ground.clock.forward(TimeDelta::hours(away));
    send(&w.ground).await;
    path
}

#[tokio::test]
async fn s06_a_reminder_whose_safe_hours_are_over_waits_for_the_next_ones() {
    let w = World::new().await;
    let path = held_up(&w, (12, 0), 8).await;
    assert!(texts(&w).is_empty(), "it is evening");
    w.amina.get(&path).await.shows("Message to the person Waits for the next safe hour");
    w.after(TimeDelta::hours(12)).await;
    assert!(texts(&w).is_empty(), "it is a minute past eight");
    w.after(TimeDelta::hours(1)).await;
    w.after(TimeDelta::hours(1)).await;
    assert_eq!(texts(&w).len(), 1);
    w.amina.get(&path).await.shows("Message to the person Sent");
    w.ada.get("/admin/mail").await.lacks("Put off");
    assert_eq!(w.count("notifications where kind = 'meeting_reminder_lost'").await, 0);
}

#[tokio::test]
async fn s06_a_reminder_that_would_come_too_late_is_not_sent_and_whoever_keeps_the_case_learns_of_it() {
    let w = World::new().await;
    let path = held_up(&w, (9, 30), 10).await;
    w.work_off().await;
    w.amina.get(&path).await.shows("Not sent: No safe hour is left");
    w.amina.get("/notifications").await.shows("A person was not reminded of a meeting");
    w.after(TimeDelta::hours(14)).await;
    assert!(texts(&w).is_empty());
    assert_eq!(w.count("messages where state = 'dropped' and result = 'text_too_late'").await, 1);
}
