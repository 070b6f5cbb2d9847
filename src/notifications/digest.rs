//! "What waits for me", by mail: counts by kind and a link to sign in, on the mornings of the reader's own working days.
//!
//! It names nobody and nothing (S13): no case, no code, no service. It is counted twice, each time under the reader's own row security: in
//! the morning, to learn whether anything waits at all, and again when it is sent, so that a message that had to wait says what is true.
//! It goes to the address that the reader saw when they chose it; whoever changes the address ends the choice.
//! The place for notifications that go out singly is here too, as further kinds beside [`DIGEST`].
use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use fluent_templates::fluent_bundle::FluentValue;
use serde_json::json;

use super::store::digest::{self as store, Counts, Reader, Week};
use crate::error::Error;
use crate::platform::clock::midnight;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::UserId;
use crate::platform::jobs::Job;
use crate::platform::outbox::{Carrier, May, NewMessage, Outgoing, Part, Recipient};
use crate::platform::text::{text, text_with, without_marks};

/// The kind of these messages.
pub const DIGEST: &str = "digest";
/// The job that posts one organisation's.
pub const ROUND: &str = "digest.round";

// A worker that was away in the morning sends until noon; in the afternoon the day's own work has long begun.
const MORNING: std::ops::Range<u32> = 7..12;

/// Leaves this morning's rounds, unless they were left already. Called at every tick of the worker.
pub async fn begin(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    for (org, week) in store::weeks(work).await? {
        let local = now.with_timezone(&week.zone);
        let today = local.date_naive();
        if MORNING.contains(&local.hour()) && week.works(today) {
            work.enqueue(Job::new(ROUND, Some(org), json!({})).once(format!("{ROUND}:{org}:{today}"))).await?;
        }
    }
    Ok(())
}

/// Runs [`ROUND`]: posts a message to everybody of this organisation who wants one today and for whom something waits.
pub async fn round(work: &mut Work) -> Result<(), Error> {
    let Some(org) = work.org() else { return Ok(()) };
    let Some(week) = store::week(work, org).await? else { return Ok(()) };
    let today = work.now().with_timezone(&week.zone).date_naive();
    for reader in store::readers(work).await? {
        let due = reader.digest == "daily" || week.begins_on(today);
        if !due || counted(work, &reader, &week).await?.nothing() {
            continue;
        }
        work.post(NewMessage {
            kind: DIGEST,
            org,
            carrier: Carrier::Mail,
            to: Recipient { name: String::new(), address: reader.email.clone() },
            lang: reader.lang,
            subject: text(reader.lang, "digest-subject"),
            // What waits is counted when it is sent.
            text: String::new(),
            attach: None,
            about: Some(reader.id.0),
            referral: None,
            once: format!("{DIGEST}:{}:{today}", reader.id),
        })
        .await?;
    }
    Ok(())
}

/// Whether a digest may still go: its reader works here and wants it at this address, its day is not over, and something waits.
pub async fn may_send(work: &mut Work, message: &Outgoing) -> Result<May, Error> {
    let Some(user) = message.about else { return Ok(May::Drop("not_wanted")) };
    let Some(week) = store::week(work, message.org).await? else { return Ok(May::Drop("not_wanted")) };
    let wanted = store::reader(work, UserId(user)).await?.filter(|reader| reader.email == message.to.address);
    let Some(reader) = wanted else { return Ok(May::Drop("not_wanted")) };
    if week.day(message.posted_at) != week.day(work.now()) {
        return Ok(May::Drop("too_late"));
    }
    let counts = counted(work, &reader, &week).await?;
    if counts.nothing() {
        return Ok(May::Drop("nothing_waits"));
    }
    let base_url = work.ground().base_url.to_string();
    Ok(May::Send(vec![Part::Text(words(&reader, &counts, &base_url))]))
}

// Under the reader's own row security: in a work of their own, which changes nothing and ends here.
async fn counted(work: &mut Work, reader: &Reader, week: &Week) -> Result<Counts, Error> {
    let day_ends = week.end_of(week.day(work.now()));
    let mut theirs = Work::open(&work.ground().clone(), Actor::User(reader.id)).await?;
    store::counts(&mut theirs, day_ends).await
}

fn words(reader: &Reader, counts: &Counts, base_url: &str) -> String {
    let lang = reader.lang;
    let line = |key: &str, count: i64| text_with(lang, key, &[("count", FluentValue::from(count))]);
    let lines = [
        ("digest-overdue", counts.overdue),
        ("digest-today", counts.today),
        ("digest-inbox", counts.inbox),
        ("digest-answers", counts.answers),
        ("digest-unread", counts.unread),
    ];
    let mut said = vec![text(lang, "digest-greeting"), String::new()];
    said.extend(lines.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| format!("- {}", line(key, count))));
    said.extend([String::new(), text(lang, "digest-sign-in"), base_url.trim_end_matches('/').to_owned(), String::new()]);
    said.push(text(lang, "digest-end"));
    without_marks(&said.join("\n"))
}

impl Week {
    /// The organisation's own date at a moment.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The moment at which a date is over.
    pub fn end_of(&self, date: NaiveDate) -> DateTime<Utc> {
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        midnight(next, self.zone)
    }

    /// The organisation works on this date.
    pub fn works(&self, date: NaiveDate) -> bool {
        !self.rests(date) && !self.holidays.contains(&date)
    }

    fn rests(&self, date: NaiveDate) -> bool {
        self.weekend.contains(&(date.weekday().number_from_monday().cast_signed()))
    }

    /// This date is the first working day since the last weekend; without a weekend, since Sunday.
    pub fn begins_on(&self, date: NaiveDate) -> bool {
        let before = std::iter::successors(date.pred_opt(), NaiveDate::pred_opt).take(7);
        for day in before {
            let turn = if self.weekend.is_empty() { day.weekday() == chrono::Weekday::Sun } else { self.rests(day) };
            if turn {
                return self.works(date);
            }
            if self.works(day) {
                return false;
            }
        }
        // A week of holidays alone: the first day after it begins the next.
        self.works(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(weekend: &[i32], holidays: &[&str]) -> Week {
        Week {
            zone: chrono_tz::Asia::Amman,
            weekend: weekend.to_vec(),
            holidays: holidays.iter().map(|day| day.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn the_week_begins_on_the_first_working_day_after_its_own_weekend() {
        // 29 November 2026 is a Sunday.
        let begins = |week: &Week, day: &str| week.begins_on(day.parse().unwrap());
        let amman = week(&[5, 6], &["2026-11-29"]);
        assert!(!amman.works("2026-11-27".parse().unwrap()) && !amman.works("2026-11-29".parse().unwrap()));
        assert!(!begins(&amman, "2026-11-29"), "a holiday begins nothing");
        assert!(begins(&amman, "2026-11-30") && !begins(&amman, "2026-12-01"));
        let rome = week(&[6, 7], &[]);
        assert!(begins(&rome, "2026-11-30") && !begins(&rome, "2026-12-01") && !begins(&rome, "2026-11-29"));
        assert!(begins(&week(&[], &[]), "2026-11-30") && !begins(&week(&[], &[]), "2026-11-29"));
    }
}
