//! What a referral's deadlines say when they ring, and when they must be looked at again.
//!
//! Before a deadline both sides are reminded, at it both are told, and past it each side's supervisor hears of it; each once. What the
//! sender alone is asked to do (asking the person, taking up a dispute, a later review) rings for the sender alone: a notice would tell
//! the provider what the person said in confidence (S7).

pub mod copies;
pub mod job;
mod store;
pub mod watch;

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::packs::Period;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::deadlines::{Alarms, Clocks, Watch};
use crate::referrals::next::{Awaited, NextMove};
use crate::referrals::rules::codes::coded;
use crate::referrals::words::{Pace, Side};

coded! {
    /// What a deadline says.
    Ring {
        /// It is near.
        Reminder = "reminder",
        /// It is here.
        Due = "due",
        /// It is past, and the supervisors hear of it.
        Escalated = "escalated",
    }
}

/// A line of the movement log that the clocks wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `reminder`, `due` or `escalated`; `sender_changed` where the case went to another organisation meanwhile;
    /// `covered` and `cover_ended` where a colleague of the receiver's stands in, and no longer.
    pub ring: String,
    /// What was awaited.
    pub awaited: String,
    /// When it was said.
    pub happened_at: DateTime<Utc>,
}

/// What the clocks said of a referral, as far as a side hears of it, the oldest line first.
pub async fn said(work: &mut Work, referral: ReferralId, side: Side) -> Result<Vec<Said>, Error> {
    store::said(work, referral, side).await
}

/// The clocks of a referral of this pace. What must be answered the same day is late within hours, not after another working day.
pub fn paced(clocks: &Clocks, pace: Pace) -> Clocks {
    match pace {
        Pace::SameDay => Clocks { escalation: Period::Hours(2), ..*clocks },
        Pace::Ordinary => *clocks,
    }
}

/// What a deadline says by now. A reminder that comes too late is left out; the notice says more.
pub fn ringing(wait: &NextMove, watch: &Watch<'_>, now: DateTime<Utc>) -> Vec<Ring> {
    match wait.alarms(watch) {
        Some(alarms) if now >= alarms.escalate_at => vec![Ring::Due, Ring::Escalated],
        Some(alarms) if now >= alarms.due_at => vec![Ring::Due],
        Some(alarms) if now >= alarms.remind_at => vec![Ring::Reminder],
        _ => Vec::new(),
    }
}

/// When the next of these deadlines has something to say; none once all have said everything.
pub fn looks_next(waits: &[NextMove], watch: &Watch<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let moments = |alarms: Alarms| [alarms.remind_at, alarms.due_at, alarms.escalate_at];
    waits.iter().filter_map(|wait| wait.alarms(watch)).flat_map(moments).filter(|at| *at > now).min()
}

/// Whether the receiver hears nothing of this deadline.
pub fn is_the_senders_own(what: Awaited) -> bool {
    matches!(
        what,
        Awaited::FinishDraft
            | Awaited::SendApproved
            | Awaited::Review
            | Awaited::ReviewEmergency
            | Awaited::AskPerson
            | Awaited::ResolveDispute
            | Awaited::SeekAnother
            | Awaited::DecideAfterWithdrawal
            | Awaited::WriteAgain
            | Awaited::AskToDelete
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::calendar::Calendar;
    use chrono::Weekday;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    // Sent on Sunday noon in Amman; two working days end on Tuesday night, the weekend is Friday and Saturday.
    fn wait(due: &str) -> NextMove {
        NextMove { side: Some(Side::To), what: Awaited::Acknowledge, since: Some(at("2026-05-17T09:00:00Z")), due: Some(at(due)) }
    }

    #[test]
    fn a_deadline_reminds_rings_and_escalates_in_turn() {
        let amman = Calendar::new(chrono_tz::Asia::Amman, &[Weekday::Fri, Weekday::Sat], []).unwrap();
        let clocks = Clocks::default();
        let watch = Watch { clocks: &clocks, from: &amman, to: &amman };
        let acknowledge = wait("2026-05-19T20:59:59Z");
        for (now, rings, next) in [
            ("2026-05-17T10:00:00Z", vec![], Some("2026-05-18T06:00:00Z")),
            ("2026-05-18T06:00:00Z", vec![Ring::Reminder], Some("2026-05-19T20:59:59Z")),
            ("2026-05-19T21:00:00Z", vec![Ring::Due], Some("2026-05-20T20:59:59Z")),
            ("2026-05-20T21:00:00Z", vec![Ring::Due, Ring::Escalated], None),
        ] {
            assert_eq!(ringing(&acknowledge, &watch, at(now)), rings, "{now}");
            assert_eq!(looks_next(&[acknowledge], &watch, at(now)), next.map(at), "{now}");
        }
    }

    #[test]
    fn s02_an_emergency_unanswered_by_the_evening_escalates_within_two_hours() {
        let amman = Calendar::new(chrono_tz::Asia::Amman, &[Weekday::Fri, Weekday::Sat], []).unwrap();
        let clocks = paced(&Clocks::default(), Pace::SameDay);
        let watch = Watch { clocks: &clocks, from: &amman, to: &amman };
        let rings = ringing(&wait("2026-05-17T20:59:59Z"), &watch, at("2026-05-17T23:00:00Z"));
        assert_eq!(rings, [Ring::Due, Ring::Escalated]);
    }

    #[test]
    fn s07_the_provider_hears_nothing_of_what_the_person_is_asked() {
        for what in [Awaited::AskPerson, Awaited::ResolveDispute, Awaited::ReviewEmergency] {
            assert!(is_the_senders_own(what));
        }
        assert!(!is_the_senders_own(Awaited::Acknowledge) && !is_the_senders_own(Awaited::HelpReachPerson));
    }
}
