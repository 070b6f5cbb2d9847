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

/// What a figure counts of the referrals that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Those that reached a stage.
    Stage(Stage),
    /// Those of which the first rate is: their outcome is due, and the person is to be asked.
    Due,
    /// Of these the ones that the person confirmed in time.
    DueVerified,
}

impl Counting {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Stage(Stage::Sent),
        Self::Stage(Stage::Answered),
        Self::Stage(Stage::Accepted),
        Self::Stage(Stage::Served),
        Self::Stage(Stage::Verified),
        Self::Due,
        Self::DueVerified,
    ];

    /// The code in addresses and text keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Stage(stage) => stage.code(),
            Self::Due => "due",
            Self::DueVerified => "due_verified",
        }
    }

    /// As an address says it.
    pub fn of(query: &Form) -> Option<Self> {
        Self::ALL.into_iter().find(|counting| counting.code() == query.value("stage"))
    }

    fn counts(self, now: DateTime<Utc>, one: &Seen) -> bool {
        let figures = tally(now, std::iter::once(one)).figures;
        match self {
            Self::Stage(stage) => figures.sent == 1 && stage.reached(&one.counted),
            Self::Due => figures.verified_served().of == 1,
            Self::DueVerified => figures.verified_served().part == 1,
        }
    }
}

/// The referrals behind one figure, the newest first: those that it counts, of this need and month of sending.
pub fn behind<'a>(at: (DateTime<Utc>, Tz), seen: &'a [Seen], query: &Form) -> Vec<&'a Seen> {
    let (now, zone) = at;
    let counting = Counting::of(query).unwrap_or(Counting::Stage(Stage::Sent));
    let (need, month) = (query.value("need"), query.value("month"));
    let sent_in = |one: &Seen| one.counted.requested_at.map(|at| month_code(at, zone)).unwrap_or_default();
    let chosen = seen.iter().filter(|one| (need.is_empty() || one.need == need) && (month.is_empty() || sent_in(one) == month));
    chosen.filter(|one| counting.counts(now, one)).collect()
}

/// The part of a list that is asked for, of pages of this size, and which page it is, from 1.
pub fn page_of<'a>(all: &[&'a Seen], query: &Form, size: usize) -> (usize, Vec<&'a Seen>) {
    let last = all.len().div_ceil(size).max(1);
    let page = query.value("page").parse::<usize>().unwrap_or(1).clamp(1, last);
    (page, all.iter().skip((page - 1) * size).take(size).copied().collect())
}

// `2026-05`, as addresses name a month.
fn month_code(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::ReferralId;
    use crate::referrals::figures::Wanted;
    use crate::referrals::words::{Kind, Loop, Status};
    use crate::reports::tally::Counted;

    fn seen(closing: Loop, wanted: Wanted) -> Seen {
        let at = |day: &str| Some(format!("{day}T10:00:00Z").parse().unwrap());
        let counted = Counted {
            kind: Kind::Partner,
            status: Status::Completed,
            closing,
            requested_at: at("2026-05-31"),
            acknowledged_at: None,
            decided_at: None,
            ended_at: None,
            loop_closed_at: None,
            due_at: at("2026-06-10"),
            wanted,
        };
        let id = ReferralId::new();
        Seen { id, code: String::new(), need: "health".into(), to_name: String::new(), area: String::new(), counted }
    }

    #[test]
    fn each_figure_opens_what_it_counted() {
        let all = [
            seen(Loop::Verified, Wanted::Still),
            seen(Loop::Open, Wanted::Still),
            seen(Loop::NotAsked, Wanted::Still),
            seen(Loop::Open, Wanted::NoLonger),
        ];
        let now = "2026-07-01T10:00:00Z".parse().unwrap();
        let open = |query: &str| behind((now, chrono_tz::UTC), &all, &Form::parse(query.as_bytes())).len() as u64;
        let rate = tally(now, all.iter()).figures.verified_served();
        assert_eq!((open("stage=due_verified"), open("stage=due")), (rate.part, rate.of));
        assert_eq!((open("stage=sent"), open("stage=due&month=2026-05"), open("stage=due&month=2026-06")), (4, 2, 0));
        assert_eq!(open("need=shelter"), 0);
    }

    #[test]
    fn a_list_is_read_page_by_page() {
        let all = [seen(Loop::Open, Wanted::Still), seen(Loop::Open, Wanted::Still), seen(Loop::Open, Wanted::Still)];
        let all: Vec<&Seen> = all.iter().collect();
        let page = |query: &str| page_of(&all, &Form::parse(query.as_bytes()), 2);
        for (query, number, shown) in [("", 1, 2), ("page=2", 2, 1), ("page=9", 2, 1), ("page=x", 1, 2)] {
            let (page, rows) = page(query);
            assert_eq!((page, rows.len()), (number, shown), "{query}");
        }
    }
}
