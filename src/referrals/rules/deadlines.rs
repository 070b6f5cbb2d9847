//! The deadlines of referrals, the calendars they are counted in, and when they make themselves heard.

use chrono::{DateTime, Utc};

use super::words::Side;
use crate::packs::{Deadlines, Period};
use crate::tasks::calendar::Calendar;

/// The deadlines of a referral; a pack changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// To acknowledge, from sending.
    pub acknowledge: Period,
    /// To acknowledge an emergency or a case at high risk.
    pub acknowledge_urgently: Period,
    /// To accept or decline, from sending.
    pub decide: Period,
    /// To accept or decline an emergency or a case at high risk.
    pub decide_urgently: Period,
    /// For the outcome of an emergency, where no due date was typed.
    pub emergency: Period,
    /// For the outcome of an urgent referral, where no due date was typed.
    pub urgent: Period,
    /// For any other outcome, where no due date was typed.
    pub normal: Period,
    /// To ask the person, from the outcome.
    pub follow_up: Period,
    /// To take up what the person disputes.
    pub dispute: Period,
    /// To answer a request to cancel.
    pub cancellation: Period,
    /// To confirm that copies were deleted after a withdrawal (S4).
    pub deletion: Period,
    /// To look at an emergency that skipped its review (S2).
    pub later_review: Period,
    /// How long before a deadline both sides are reminded.
    pub reminder: Period,
    /// How long after a deadline each side's supervisor hears of it.
    pub escalation: Period,
}

impl Default for Clocks {
    fn default() -> Clocks {
        Clocks {
            acknowledge: Period::WorkingDays(2),
            acknowledge_urgently: Period::SameDay,
            decide: Period::WorkingDays(5),
            decide_urgently: Period::SameDay,
            emergency: Period::Hours(24),
            urgent: Period::Hours(72),
            normal: Period::Weeks(2),
            follow_up: Period::Days(7),
            dispute: Period::WorkingDays(2),
            cancellation: Period::WorkingDays(2),
            deletion: Period::Days(5),
            later_review: Period::WorkingDays(1),
            reminder: Period::WorkingDays(1),
            escalation: Period::WorkingDays(1),
        }
    }
}

impl From<&Deadlines> for Clocks {
    /// The deadlines of a pack; what it does not state keeps its default.
    fn from(pack: &Deadlines) -> Clocks {
        Clocks {
            acknowledge: pack.acknowledge,
            decide: pack.decide,
            follow_up: pack.follow_up,
            cancellation: pack.cancellation,
            deletion: pack.withdrawal,
            later_review: pack.emergency_review,
            reminder: pack.reminder,
            ..Clocks::default()
        }
    }
}

/// What deadlines are worked out with: the clocks, and each side's own calendar.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// The deadlines.
    pub clocks: &'a Clocks,
    /// The sending unit's working days.
    pub from: &'a Calendar,
    /// The receiving unit's working days.
    pub to: &'a Calendar,
}

/// When a deadline makes itself heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarms {
    /// Both sides are reminded.
    pub remind_at: DateTime<Utc>,
    /// Both sides are told that it is due.
    pub due_at: DateTime<Utc>,
    /// Each side's supervisor is told that it is past.
    pub escalate_at: DateTime<Utc>,
}

impl<'a> Watch<'a> {
    /// The calendar of a side.
    pub fn calendar(&self, side: Side) -> &'a Calendar {
        if side == Side::To { self.to } else { self.from }
    }
}
