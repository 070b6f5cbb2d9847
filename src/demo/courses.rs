//! The courses a referral can take, with how many of the six hundred take each.
use anyhow::Result;
use chrono::TimeDelta;

use super::chance::desk_hour;
use super::trip::{Trip, outcome};
use crate::referrals::action::Action;
use crate::referrals::loop_state::Receipt;
use crate::referrals::referral::Actor;
use crate::referrals::words::{Extent, Source};

/// How a referral goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The service was given, and the person said so.
    Verified,
    /// The service was given; the person is to be asked.
    AwaitingPerson,
    /// Only the provider says that it was given.
    ReportedOnly,
    /// The provider says yes, the person no.
    Disputed,
    /// The person could not be reached for an answer.
    PersonSilent,
    /// The person is not asked, for safety.
    NotAsked,
    /// The receiver said no.
    Declined,
    /// The receiver could not give it.
    Failed,
    /// Cancelled before anybody took it on.
    CancelledEarly,
    /// The sender asked to cancel, and the receiver has not answered.
    CancellationPending,
    /// The receiver agreed to cancel.
    CancellationConfirmed,
    /// The receiver had given the service already.
    OutcomeBeatCancellation,
    /// Consent was withdrawn, and the service with it.
    Withdrawn,
    /// Consent to share was withdrawn, the service went on.
    SharingStopped,
    /// The person no longer wants it.
    NoLongerWanted,
    /// Sent by mistake.
    Mistaken,
    /// Verified, then opened again.
    Reopened,
    /// Sent today.
    JustSent,
    /// Sent days ago, and nobody has seen it.
    Unacknowledged,
    /// Seen, not yet decided.
    Acknowledged,
    /// Taken on, nothing arranged yet.
    Accepted,
    /// An appointment is to come.
    Appointed,
    /// The person did not come.
    Missed,
    /// The service is being given.
    Running,
    /// The service is being given, longer than agreed.
    RunningLate,
    /// On a waiting list.
    Waitlisted,
    /// On hold, since the person can't be reached.
    PersonUnreachable,
    /// A draft.
    Writing,
    /// A draft that waits for a colleague.
    InReview,
    /// A draft that a colleague sent back.
    Returned,
    /// An emergency, served at once.
    Emergency,
    /// An emergency that has just come in.
    EmergencyNew,
    /// To an organisation without account, whose answers the sender types in.
    OnBehalf,
    /// The person went by themselves.
    Oneself,
}

impl Course {
    /// It was started from the child record of its case, where there is one.
    pub fn starts_from_record(self) -> bool {
        matches!(self, Self::JustSent | Self::Accepted | Self::InReview | Self::Running | Self::Acknowledged)
    }

    /// How many take each course; together six hundred.
    pub const SHARES: [(usize, Course); 34] = [
        (184, Course::Verified),
        (42, Course::AwaitingPerson),
        (30, Course::ReportedOnly),
        (8, Course::Disputed),
        (14, Course::PersonSilent),
        (18, Course::NotAsked),
        (52, Course::Declined),
        (26, Course::Failed),
        (14, Course::CancelledEarly),
        (8, Course::CancellationPending),
        (9, Course::CancellationConfirmed),
        (5, Course::OutcomeBeatCancellation),
        (6, Course::Withdrawn),
        (4, Course::SharingStopped),
        (6, Course::NoLongerWanted),
        (5, Course::Mistaken),
        (3, Course::Reopened),
        (14, Course::JustSent),
        (18, Course::Unacknowledged),
        (16, Course::Acknowledged),
        (18, Course::Accepted),
        (18, Course::Appointed),
        (8, Course::Missed),
        (20, Course::Running),
        (10, Course::RunningLate),
        (16, Course::Waitlisted),
        (6, Course::PersonUnreachable),
        (6, Course::Writing),
        (5, Course::InReview),
        (2, Course::Returned),
        (5, Course::Emergency),
        (2, Course::EmergencyNew),
        (1, Course::OnBehalf),
        (1, Course::Oneself),
    ];

    /// How many days ago it begins, at the latest and at the earliest.
    pub fn days_ago(self) -> (i64, i64) {
        match self {
            Course::JustSent | Course::Writing | Course::InReview | Course::EmergencyNew => (0, 1),
            Course::Returned | Course::Emergency => (1, 4),
            Course::Acknowledged => (1, 3),
            // What waits for somebody began lately, so that a handful is late and not everything.
            Course::Unacknowledged => (2, 8),
            Course::Accepted | Course::Appointed | Course::CancellationPending => (2, 6),
            Course::Running | Course::Waitlisted | Course::PersonUnreachable => (5, 12),
            Course::OutcomeBeatCancellation | Course::OnBehalf => (4, 8),
            Course::AwaitingPerson => (5, 9),
            Course::Disputed => (4, 7),
            Course::Reopened | Course::SharingStopped => (8, 13),
            Course::Missed => (8, 16),
            Course::RunningLate => (16, 22),
            _ => (16, 120),
        }
    }

    /// It ends with a move that the sending side owes.
    pub fn waits_for_sender(self) -> bool {
        matches!(
            self,
            Course::AwaitingPerson
                | Course::Disputed
                | Course::PersonSilent
                | Course::Reopened
                | Course::OnBehalf
                | Course::Oneself
        ) || matches!(self, Course::InReview | Course::Returned | Course::Emergency)
    }

    /// Nobody of the system answers it.
    pub fn is_outside(self) -> bool {
        matches!(self, Course::OnBehalf | Course::Oneself)
    }

    /// It skips what an emergency skips.
    pub fn is_emergency(self) -> bool {
        matches!(self, Course::Emergency | Course::EmergencyNew)
    }

    /// Its consent was withdrawn.
    pub fn is_withdrawn(self) -> bool {
        matches!(self, Course::Withdrawn | Course::SharingStopped)
    }

    /// Takes the referral along this course.
    pub fn take(self, trip: &mut Trip<'_>) -> Result<()> {
        match self {
            Course::Verified | Course::AwaitingPerson | Course::ReportedOnly | Course::Disputed => self.after_outcome(trip),
            Course::PersonSilent | Course::NotAsked | Course::Reopened | Course::SharingStopped => self.after_outcome(trip),
            Course::Writing | Course::InReview | Course::Returned => self.unsent(trip),
            Course::Declined | Course::CancelledEarly | Course::Mistaken | Course::Withdrawn => self.cut_short(trip),
            Course::JustSent | Course::Unacknowledged | Course::EmergencyNew => trip.submit(),
            Course::Emergency | Course::OnBehalf | Course::Oneself => self.apart(trip),
            _ => self.under_way(trip),
        }
    }

    fn after_outcome(self, trip: &mut Trip<'_>) -> Result<()> {
        trip.completed()?;
        let person = trip.confirmer();
        match self {
            Course::Verified => trip.asked(Receipt::Received(person), (120, 230)),
            Course::ReportedOnly => trip.asked(Receipt::ProviderOnly, (160, 260)),
            Course::Disputed => trip.asked(Receipt::NotReceived(person), (150, 220)),
            Course::NotAsked => trip.asked(Receipt::NotAsked("unsafe".into()), (100, 200)),
            Course::PersonSilent => (0..3).try_for_each(|_| trip.asked(Receipt::NoAnswer, (40, 80))),
            Course::Reopened => {
                trip.asked(Receipt::Received(person), (120, 200))?;
                trip.sends(&Action::ReopenLoop { reason: "Said again what came, and it was for a neighbour".into() }, (20, 60))
            }
            Course::SharingStopped => trip.sends(&Action::Withdraw { extent: Extent::StopSharing }, (20, 90)),
            _ => Ok(()),
        }
    }

    fn unsent(self, trip: &mut Trip<'_>) -> Result<()> {
        if self == Course::Writing {
            return Ok(());
        }
        trip.sends(&Action::SendForReview, (0, 1))?;
        if self == Course::Returned {
            let reviewer = trip.reviewer;
            trip.does(
                &Actor::COLLEAGUE,
                reviewer,
                &Action::Return { reason: "Please say which document is missing".into() },
                (2, 12),
            )?;
        }
        Ok(())
    }

    fn cut_short(self, trip: &mut Trip<'_>) -> Result<()> {
        trip.submit()?;
        match self {
            Course::Declined => {
                if trip.chance.percent(70) {
                    trip.answers(&Action::Acknowledge, (1, 30))?;
                }
                let reasons = [
                    (8, "no_capacity"),
                    (5, "not_eligible"),
                    (4, "out_of_area"),
                    (2, "person_declined"),
                    (2, "unreachable"),
                    (3, "incomplete"),
                    (1, "duplicate"),
                ];
                let reason = trip.chance.weighed(&reasons).to_owned();
                trip.answers(&Action::Decline { reason }, (10, 90))
            }
            Course::CancelledEarly => {
                let reason = trip.chance.weighed(&[(3, "need_met"), (3, "no_answer"), (2, "relocated")]).to_owned();
                trip.sends(&Action::Cancel { reason }, (20, 150))
            }
            Course::Withdrawn => {
                trip.sends(&Action::Withdraw { extent: Extent::EndService }, (10, 60))?;
                trip.answers(&Action::ConfirmDeletion, (10, 80))
            }
            _ => {
                trip.sends(&Action::MarkError { reason: "Sent for the wrong member of the family".into() }, (1, 20))?;
                trip.answers(&Action::ConfirmDeletion, (10, 80))
            }
        }
    }

    fn under_way(self, trip: &mut Trip<'_>) -> Result<()> {
        match self {
            Course::Acknowledged => {
                trip.submit()?;
                trip.answers(&Action::Acknowledge, (2, 20))
            }
            Course::Appointed => {
                trip.accepted()?;
                let now = trip.chance.now;
                let open = desk_hour(now + TimeDelta::hours(trip.chance.between(3, 120)));
                let at = if open > now { open } else { open + TimeDelta::days(1) };
                trip.answers(&Action::Schedule { at }, (1, 20))
            }
            Course::Missed => missed(trip),
            Course::Running | Course::RunningLate => trip.started(),
            Course::Waitlisted => {
                trip.accepted()?;
                let expected_on = Some(trip.chance.now.date_naive() + TimeDelta::days(trip.chance.between(5, 40)));
                trip.answers(&Action::Waitlist { expected_on }, (2, 30))
            }
            Course::PersonUnreachable => {
                trip.accepted()?;
                trip.answers(&Action::HoldUnreachable, (20, 80))
            }
            Course::Failed => {
                trip.started()?;
                let reason = trip.chance.weighed(&[
                    (3, "no_show"),
                    (3, "unreachable"),
                    (3, "found_not_eligible"),
                    (2, "service_stopped"),
                    (2, "relocated"),
                ]);
                trip.answers(&Action::Fail { reason: reason.to_owned() }, (20, 150))
            }
            Course::NoLongerWanted => {
                trip.accepted()?;
                trip.sends(&Action::PersonNoLongerWants, (20, 150))
            }
            Course::CancellationPending | Course::CancellationConfirmed | Course::OutcomeBeatCancellation => self.handshake(trip),
            _ => trip.accepted(),
        }
    }

    fn handshake(self, trip: &mut Trip<'_>) -> Result<()> {
        trip.accepted()?;
        trip.sends(&Action::RequestCancellation { reason: "need_met".into() }, (20, 100))?;
        match self {
            Course::CancellationConfirmed => trip.answers(&Action::ConfirmCancellation, (5, 40)),
            Course::OutcomeBeatCancellation => trip.answers(&Action::Complete { outcome: outcome("other") }, (5, 40)),
            _ => Ok(()),
        }
    }

    fn apart(self, trip: &mut Trip<'_>) -> Result<()> {
        trip.submit()?;
        match self {
            Course::Emergency => trip.answers(&Action::ServeNow { outcome: outcome("protection") }, (1, 5)),
            Course::OnBehalf => {
                let (told, author) = (Actor::AUTHOR.on_behalf(Source::Phone), trip.author);
                trip.does(&told, author, &Action::Acknowledge, (10, 30))?;
                trip.does(&told, author, &Action::Accept, (10, 30))?;
                trip.does(&told, author, &Action::Complete { outcome: outcome("legal") }, (40, 100))
            }
            _ => {
                trip.sends(&Action::Start, (10, 60))?;
                trip.sends(&Action::Complete { outcome: outcome("health") }, (10, 60))?;
                let person = trip.confirmer();
                trip.asked(Receipt::Received(person), (10, 60))
            }
        }
    }
}

fn missed(trip: &mut Trip<'_>) -> Result<()> {
    trip.accepted()?;
    let at = trip.in_daytime(trip.at + TimeDelta::hours(20));
    trip.answers(&Action::Schedule { at }, (0, 1))?;
    trip.at = trip.at.max(at + TimeDelta::hours(1)).min(trip.chance.now);
    let receiver = trip.receiver;
    trip.does_now(&Actor::RECEIVER, receiver, &Action::NoShow)
}
