//! The figures of S8: what share of referrals the person confirms as served, beside what share providers report.
//!
//! Never a target for workers, and no ranking of a provider or place below thirty referrals.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::words::{Kind, Loop, Status};

/// What the figures need to know of one referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralFact {
    /// Who was asked.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// Whether the person confirmed.
    pub closing: Loop,
    /// The sender's date of submission; a draft has none.
    pub requested_on: Option<NaiveDate>,
    /// When its outcome was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the person still wanted the service.
    pub wanted: Wanted,
}

/// Whether the person still wanted the service, whoever recorded it and by which ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// As far as is known.
    Still,
    /// They no longer wanted it, or withdrew.
    NoLonger,
}

/// A share, with what it was counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub part: u64,
    /// Out of how many.
    pub of: u64,
}

/// The counts of one month of submission, or of a whole period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sent, without drafts, transfer notices and entered in error.
    pub sent: u64,
    /// Reported as served by the provider.
    pub completed: u64,
    /// Of those sent, the outcome is due.
    pub due: u64,
    /// Due and confirmed by the person.
    pub verified: u64,
    /// Due, and it was agreed not to ask.
    pub not_asked: u64,
    /// Due, and the person no longer wanted it.
    pub no_longer_wanted: u64,
    /// Sent, and the outcome or the time to ask about it is still to come.
    pub immature: u64,
}

/// A year and its month, as referrals are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// The month, from 1.
    pub month: u32,
}

// Below this many referrals a ranking of providers or places says more about chance than about them (S8).
const RANK_FLOOR: u64 = 30;

impl Rate {
    /// The share in per cent; none of nothing.
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| self.part as f64 * 100.0 / self.of as f64)
    }

    /// Whether it may be compared between providers or places at all.
    pub fn may_rank(self) -> bool {
        self.of >= RANK_FLOOR
    }
}

impl Figures {
    /// Verified out of those due, less those not asked and those no longer wanted.
    pub fn verified_served(&self) -> Rate {
        Rate { part: self.verified, of: self.due - self.not_asked - self.no_longer_wanted }
    }

    /// Completed out of sent: the rate that other programmes publish.
    pub fn served(&self) -> Rate {
        Rate { part: self.completed, of: self.sent }
    }

    /// Whether the figure can still change by waiting, so that it is marked.
    pub fn is_immature(&self) -> bool {
        self.immature > 0
    }

    /// Counts one referral; those that count nowhere leave it as it was.
    pub fn count(&mut self, fact: &ReferralFact, as_of: DateTime<Utc>, time_to_ask: TimeDelta) {
        if !counts(fact) {
            return;
        }
        self.sent += 1;
        self.completed += u64::from(fact.status == Status::Completed);
        let asked_by = fact.due_at.and_then(|due| due.checked_add_signed(time_to_ask));
        self.immature += u64::from(asked_by.is_none_or(|by| by > as_of));
        // An early success counts only when its due date comes: otherwise a young month would show successes alone.
        if fact.due_at.is_none_or(|due| due > as_of) {
            return;
        }
        self.due += 1;
        match (fact.wanted, fact.closing) {
            (Wanted::NoLonger, _) => self.no_longer_wanted += 1,
            (_, Loop::NotAsked) => self.not_asked += 1,
            (_, Loop::Verified) => self.verified += 1,
            _ => {}
        }
    }
}

/// The figures by month of submission; `time_to_ask` is how long after the due date the person is asked at the latest.
pub fn by_month<'a>(
    facts: impl IntoIterator<Item = &'a ReferralFact>,
    as_of: DateTime<Utc>,
    time_to_ask: TimeDelta,
) -> BTreeMap<Month, Figures> {
    let mut months: BTreeMap<Month, Figures> = BTreeMap::new();
    for fact in facts.into_iter().filter(|fact| counts(fact)) {
        let Some(date) = fact.requested_on else {
            continue;
        };
        let month = Month { year: date.year(), month: date.month() };
        months.entry(month).or_default().count(fact, as_of, time_to_ask);
    }
    months
}

/// The figures of all the referrals together.
pub fn total<'a>(facts: impl IntoIterator<Item = &'a ReferralFact>, as_of: DateTime<Utc>, time_to_ask: TimeDelta) -> Figures {
    let mut figures = Figures::default();
    for fact in facts {
        figures.count(fact, as_of, time_to_ask);
    }
    figures
}

fn counts(fact: &ReferralFact) -> bool {
    fact.requested_on.is_some()
        && fact.kind != Kind::TransferNotice
        && !matches!(fact.status, Status::Draft | Status::EnteredInError)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: TimeDelta = TimeDelta::days(7);

    fn as_of() -> DateTime<Utc> {
        "2026-06-30T12:00:00Z".parse().unwrap()
    }

    fn fact(status: Status, closing: Loop) -> ReferralFact {
        ReferralFact {
            kind: Kind::Partner,
            status,
            closing,
            requested_on: "2026-05-03".parse().ok(),
            due_at: "2026-05-17T20:59:59Z".parse().ok(),
            wanted: Wanted::Still,
        }
    }

    #[test]
    fn s08_the_verified_served_rate_is_counted_as_promised() {
        let verified = fact(Status::Completed, Loop::Verified);
        let silent = fact(Status::Requested, Loop::Open);
        let facts = [
            verified,
            verified,
            fact(Status::Completed, Loop::ReportedOnly),
            fact(Status::Completed, Loop::Disputed),
            fact(Status::Completed, Loop::Unreachable),
            fact(Status::Rejected, Loop::NotServed),
            silent,
            // Counted beside, not in the rate:
            fact(Status::Completed, Loop::NotAsked),
            ReferralFact { wanted: Wanted::NoLonger, ..fact(Status::Cancelled, Loop::NotServed) },
            // Counted nowhere:
            ReferralFact { requested_on: None, due_at: None, ..fact(Status::Draft, Loop::Open) },
            ReferralFact { kind: Kind::TransferNotice, ..fact(Status::Completed, Loop::NotAsked) },
            fact(Status::EnteredInError, Loop::Verified),
        ];
        let figures = total(&facts, as_of(), WEEK);
        assert_eq!(figures.verified_served(), Rate { part: 2, of: 7 });
        assert_eq!(figures.served(), Rate { part: 6, of: 9 });
        assert_eq!((figures.not_asked, figures.no_longer_wanted), (1, 1));
        assert!(!figures.is_immature() && !figures.verified_served().may_rank());
    }

    #[test]
    fn s08_a_young_month_is_marked_and_early_successes_wait() {
        let early = ReferralFact {
            requested_on: "2026-06-20".parse().ok(),
            due_at: "2026-07-04T20:59:59Z".parse().ok(),
            ..fact(Status::Completed, Loop::Verified)
        };
        let just_due = ReferralFact {
            requested_on: "2026-06-11".parse().ok(),
            due_at: "2026-06-25T20:59:59Z".parse().ok(),
            ..fact(Status::Completed, Loop::Open)
        };
        let months = by_month(&[early, just_due, fact(Status::Completed, Loop::Verified)], as_of(), WEEK);
        let june = months[&Month { year: 2026, month: 6 }];
        assert_eq!((june.sent, june.due, june.verified, june.immature), (2, 1, 0, 2));
        assert!(!months[&Month { year: 2026, month: 5 }].is_immature());
    }

    #[test]
    fn s08_somebody_who_no_longer_wants_it_is_deducted_once() {
        let both = ReferralFact { wanted: Wanted::NoLonger, ..fact(Status::Cancelled, Loop::NotAsked) };
        let figures = total(&[both], as_of(), WEEK);
        assert_eq!((figures.due, figures.no_longer_wanted, figures.not_asked), (1, 1, 0));
        assert_eq!(figures.verified_served().percent(), None);
    }

    #[test]
    fn rates_compare_with_what_is_published() {
        let jordan = Rate { part: 801, of: 12_264 };
        assert_eq!(jordan.percent().map(f64::round), Some(7.0));
        assert!(jordan.may_rank());
    }
}
