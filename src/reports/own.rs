//! Figures counted from what the reader's own row security shows, and the list behind each.
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use super::store::{self, Seen};
use super::tally::{Stage, Tally};
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Form;

/// Seven days to ask the person after the outcome was due (DOMAIN section 3).
pub const TIME_TO_ASK: TimeDelta = TimeDelta::days(7);
// A list behind a figure shows at most so many.
const MOST_BEHIND: usize = 500;

/// How many months back are asked for: three, six or twelve.
pub fn months(query: &Form) -> i64 {
    match query.value("months") {
        "3" => 3,
        "12" => 12,
        _ => 6,
    }
}

/// What the reader's side sent in these months.
pub async fn seen(work: &mut Work, months: i64) -> Result<Vec<Seen>, Error> {
    let since = work.now() - TimeDelta::days(30 * months);
    store::own(work, since).await
}

/// Counts these.
pub fn tally<'a>(now: DateTime<Utc>, seen: impl Iterator<Item = &'a Seen>) -> Tally {
    let mut tally = Tally::default();
    seen.for_each(|seen| tally.count(&seen.counted, now, TIME_TO_ASK));
    tally
}

/// Counts them by the month in which they were sent, the oldest first.
pub fn by_month(now: DateTime<Utc>, zone: Tz, seen: &[Seen]) -> BTreeMap<(i32, u32), Tally> {
    let mut months: BTreeMap<(i32, u32), Tally> = BTreeMap::new();
    for seen in seen {
        let Some(at) = seen.counted.requested_at else { continue };
        let local = at.with_timezone(&zone);
        months.entry((local.year(), local.month())).or_default().count(&seen.counted, now, TIME_TO_ASK);
    }
    months
}

/// Gathers them by need, the most sent first. Below thirty no order by rate (S8), so the order is by number alone.
pub fn by_need(seen: &[Seen]) -> Vec<(&str, Vec<&Seen>)> {
    let mut needs: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for seen in seen {
        needs.entry(&seen.need).or_default().push(seen);
    }
    let mut needs: Vec<_> = needs.into_iter().collect();
    needs.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.len()));
    needs
}

/// The referrals behind one figure: of this stage and need, those that count at all.
pub fn behind<'a>(now: DateTime<Utc>, seen: &'a [Seen], query: &Form) -> Vec<&'a Seen> {
    let stage = Stage::ALL.into_iter().find(|stage| stage.code() == query.value("stage")).unwrap_or(Stage::Sent);
    let need = query.value("need");
    let counts = |one: &Seen| tally(now, std::iter::once(one)).figures.sent == 1;
    let chosen = seen.iter().filter(|one| (need.is_empty() || one.need == need) && counts(one) && stage.reached(&one.counted));
    chosen.take(MOST_BEHIND).collect()
}
