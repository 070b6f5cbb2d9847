//! Counting referrals: the funnel, the days each step took, and the two rates of S8 side by side.
use chrono::{DateTime, TimeDelta, Utc};

use crate::referrals::figures::{Figures, ReferralFact, Wanted};
use crate::referrals::words::{Kind, Loop, Status};

/// What counting needs to know of one referral: dates and codes, nobody's name.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Who was asked.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// Whether the person confirmed.
    pub closing: Loop,
    /// When it was sent.
    pub requested_at: Option<DateTime<Utc>>,
    /// When the receiver said it has it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When the receiver accepted or declined.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the loop closed.
    pub loop_closed_at: Option<DateTime<Utc>>,
    /// When its outcome was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the person still wanted the service.
    pub wanted: Wanted,
}

/// A stage of the funnel; each contains the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Sent.
    Sent,
    /// The receiver answered in any way.
    Answered,
    /// The receiver took the person on.
    Accepted,
    /// The receiver reports the service given.
    Served,
    /// The person confirms it.
    Verified,
}

impl Stage {
    /// From the widest to the narrowest.
    pub const ALL: [Self; 5] = [Self::Sent, Self::Answered, Self::Accepted, Self::Served, Self::Verified];

    /// The code in addresses and text keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Accepted => "accepted",
            Self::Served => "served",
            Self::Verified => "verified",
        }
    }

    /// Whether a referral reached this stage.
    pub fn reached(self, r: &Counted) -> bool {
        let taken_on =
            matches!(r.status, Status::Accepted | Status::InProgress | Status::OnHold | Status::Completed | Status::Failed);
        match self {
            Self::Sent => true,
            Self::Answered => r.acknowledged_at.is_some() || r.decided_at.is_some(),
            Self::Accepted => taken_on || (r.status == Status::Cancelled && r.decided_at.is_some()),
            Self::Served => r.status == Status::Completed,
            Self::Verified => r.status == Status::Completed && r.closing == Loop::Verified,
        }
    }

    // When a referral reached it, where it did.
    fn reached_at(self, r: &Counted) -> Option<DateTime<Utc>> {
        let at = match self {
            Self::Sent => r.requested_at,
            Self::Answered => r.acknowledged_at.or(r.decided_at),
            Self::Accepted => r.decided_at,
            Self::Served => r.ended_at,
            Self::Verified => r.loop_closed_at,
        };
        at.filter(|_| self.reached(r))
    }
}

/// Median and ninetieth percentile of how many days a step took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Days {
    /// Half of them took no longer.
    pub median: f64,
    /// Nine in ten took no longer.
    pub p90: f64,
}

/// The counts of one set of referrals.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many reached each stage, in the order of [`Stage::ALL`].
    pub funnel: [u64; 5],
    /// The figures of S8.
    pub figures: Figures,
    // From sending to each stage.
    days: [Vec<f64>; 5],
}

impl Tally {
    /// Counts one referral; drafts, transfer notices and those entered in error count nowhere.
    pub fn count(&mut self, r: &Counted, now: DateTime<Utc>, time_to_ask: TimeDelta) {
        let fact = ReferralFact {
            kind: r.kind,
            status: r.status,
            closing: r.closing,
            requested_on: r.requested_at.map(|at| at.date_naive()),
            due_at: r.due_at,
            wanted: r.wanted,
        };
        let before = self.figures.sent;
        self.figures.count(&fact, now, time_to_ask);
        if self.figures.sent == before {
            return;
        }
        for (count, stage) in self.funnel.iter_mut().zip(Stage::ALL) {
            *count += u64::from(stage.reached(r));
        }
        let Some(sent) = r.requested_at else { return };
        for (spans, stage) in self.days.iter_mut().zip(Stage::ALL) {
            spans.extend(stage.reached_at(r).map(|at| days(at - sent)));
        }
    }

    /// How many reached this stage.
    pub fn reached(&self, stage: Stage) -> u64 {
        self.funnel[stage as usize]
    }

    /// From sending to this stage.
    pub fn days_to(&self, stage: Stage) -> Option<Days> {
        spread(&self.days[stage as usize])
    }
}

fn days(span: TimeDelta) -> f64 {
    span.num_minutes() as f64 / (24.0 * 60.0)
}

// The nearest-rank percentile: always a value that occurred.
fn spread(values: &[f64]) -> Option<Days> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get(((share * sorted.len() as f64).ceil() as usize).saturating_sub(1)).copied();
    Some(Days { median: at(0.5)?, p90: at(0.9)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[3.0]), Some(Days { median: 3.0, p90: 3.0 }));
        assert_eq!(spread(&[4.0, 1.0, 2.0, 3.0, 10.0, 5.0, 6.0, 7.0, 8.0, 9.0]), Some(Days { median: 5.0, p90: 9.0 }));
    }
}
