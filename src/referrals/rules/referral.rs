//! What a referral is between two moves, who acts on it and when, and what a move leaves behind.

use chrono::{DateTime, SubsecRound, TimeDelta, Timelike, Utc};

use super::refusal::Why;
use super::words::{
    Act, Approval, DisputeSharing, FollowUp, Kind, LaterReview, Loop, Pace, Priority, Sequel, Served, Sharing, Side, Source,
    Status, Step,
};
use crate::packs::Sensitivity;

/// Everything the rules need to know of a referral; one row of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// What was agreed when it was written and sent.
    pub terms: Terms,
    /// The FHIR Task status.
    pub status: Status,
    /// The business status within it.
    pub step: Step,
    /// The loop and how often the person was tried.
    pub closing: Closing,
    /// Whether the receiver may still use the packet.
    pub sharing: Sharing,
    /// The review that an emergency skipped.
    pub later_review: LaterReview,
    /// What the sender still owes the person after a refusal.
    pub sequel: Sequel,
    /// The appointment last made.
    pub appointment_at: Option<DateTime<Utc>>,
    /// When the steps that clocks start from happened.
    pub times: Times,
}

/// What does not change by moves, except that submitting fixes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Who is asked.
    pub kind: Kind,
    /// How soon the service is needed.
    pub priority: Priority,
    /// How soon the receiver must react.
    pub pace: Pace,
    /// How closely the case type is guarded.
    pub sensitivity: Sensitivity,
    /// Whether a colleague must approve before sending.
    pub approval: Approval,
    /// Whom the service is for.
    pub served: Served,
    /// How the person agreed to be asked; an emergency may leave it open.
    pub follow_up: Option<FollowUp>,
    /// Whether the provider may learn of a dispute.
    pub dispute_sharing: DisputeSharing,
    /// When the outcome is due; where absent, the clock of the priority decides.
    pub due_at: Option<DateTime<Utc>>,
    /// How often the person is tried at most (S7).
    pub tries_allowed: u8,
}

/// Where the loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// What is known.
    pub state: Loop,
    /// How often the person was tried in vain; re-opening does not start again from zero.
    pub tries: u8,
    /// When it was last closed or re-opened.
    pub changed_at: Option<DateTime<Utc>>,
}

/// The moments from which clocks run; each is a `happened_at` (S31).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// It was submitted.
    pub sent: Option<DateTime<Utc>>,
    /// The receiver acknowledged it.
    pub acknowledged: Option<DateTime<Utc>>,
    /// The receiver accepted or declined it, or for a self-referral the person went.
    pub decided: Option<DateTime<Utc>>,
    /// The sender asked to cancel.
    pub cancellation_asked: Option<DateTime<Utc>>,
    /// The receiver was asked to delete its copies.
    pub deletion_asked: Option<DateTime<Utc>>,
    /// It ended.
    pub ended: Option<DateTime<Utc>>,
    /// The last move that changed status or step.
    pub last: Option<DateTime<Utc>>,
    /// The letter that carried it came back; none once another is on its way.
    pub copy_lost: Option<DateTime<Utc>>,
    /// The receiver without account was asked by mail to delete its copies.
    pub deletion_mailed: Option<DateTime<Utc>>,
    /// It can't be asked by mail: the sender asks.
    pub deletion_by_hand: Option<DateTime<Utc>>,
}

impl Terms {
    /// The terms of a fresh draft; submitting fixes the rest.
    pub fn new(kind: Kind, sensitivity: Sensitivity, approval: Approval, served: Served) -> Terms {
        Terms {
            kind,
            priority: Priority::Normal,
            pace: Pace::Ordinary,
            sensitivity,
            approval,
            served,
            follow_up: None,
            dispute_sharing: DisputeSharing::KeptFromProvider,
            due_at: None,
            tries_allowed: 3,
        }
    }
}

impl State {
    /// A referral that somebody has begun to write.
    pub fn draft(terms: Terms) -> State {
        State {
            terms,
            status: Status::Draft,
            step: Step::Writing,
            closing: Closing { state: Loop::Open, tries: 0, changed_at: None },
            sharing: Sharing::Open,
            later_review: LaterReview::NotOwed,
            sequel: Sequel::NotOwed,
            appointment_at: None,
            times: Times::default(),
        }
    }

    /// Whether the sender has asked to cancel and the receiver has not yet answered.
    pub fn is_cancellation_pending(&self) -> bool {
        self.status.is_running() && self.step == Step::CancellationRequested
    }

    /// Whoever has no account never got it: the letter came back, and nobody has answered by another way.
    pub fn is_copy_lost(&self) -> bool {
        let unanswered = self.status == Status::Requested && self.step == Step::Sent && self.sharing == Sharing::Open;
        unanswered && self.terms.kind == Kind::External && self.times.copy_lost.is_some()
    }

    /// Copies outside are to be asked back by the sender, since nobody there can be asked by mail (S4).
    pub fn is_recalled_by_hand(&self) -> bool {
        self.sharing == Sharing::DeletionAsked && self.terms.kind == Kind::External && self.times.deletion_by_hand.is_some()
    }

    /// Status, step and loop in one.
    pub fn place(&self) -> Place {
        Place { status: self.status, step: self.step, closing: self.closing.state }
    }
}

/// Where a referral stands, as the movement log shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The FHIR Task status.
    pub status: Status,
    /// The business status.
    pub step: Step,
    /// The loop; show it only through `loop_state::seen_by`.
    pub closing: Loop,
}

/// Who acts: the caller has already checked that they may act for this side at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The side they act for; somebody on both sides says which.
    pub side: Side,
    /// Whether any of the draft is theirs.
    pub hand: Hand,
    /// How the answer was heard that the sender records for an organisation without account.
    pub on_behalf: Option<Source>,
}

/// Whether the actor wrote any part of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// They wrote it, or changed it since.
    Author,
    /// They did not.
    Colleague,
}

impl Actor {
    /// The one who wrote the referral.
    pub const AUTHOR: Actor = Actor { side: Side::From, hand: Hand::Author, on_behalf: None };
    /// Somebody else of the sending side.
    pub const COLLEAGUE: Actor = Actor { side: Side::From, hand: Hand::Colleague, on_behalf: None };
    /// Somebody of the receiving side, by account or by answer link.
    pub const RECEIVER: Actor = Actor { side: Side::To, hand: Hand::Colleague, on_behalf: None };
    /// The program itself.
    pub const SYSTEM: Actor = Actor { side: Side::System, hand: Hand::Colleague, on_behalf: None };

    /// The same actor, recording what the receiver said.
    pub const fn on_behalf(self, source: Source) -> Actor {
        Actor { on_behalf: Some(source), ..self }
    }
}

/// When a step happened and when it was typed in (S31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// As typed.
    pub happened_at: DateTime<Utc>,
    /// As the server knows.
    pub recorded_at: DateTime<Utc>,
    /// Whether it is explained why it was typed in late.
    pub lateness: LateEntry,
    /// How much later needs an explanation.
    pub late_after: TimeDelta,
}

/// Whether a late entry is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateEntry {
    /// A reason was given, such as work first done on paper.
    Explained,
    /// None was given.
    Unexplained,
}

impl When {
    /// A step recorded as it happens.
    pub fn now(now: DateTime<Utc>) -> When {
        When::at(now, now, LateEntry::Unexplained)
    }

    /// A step that happened at one moment and is recorded at another.
    pub fn at(happened_at: DateTime<Utc>, recorded_at: DateTime<Utc>, lateness: LateEntry) -> When {
        When { happened_at, recorded_at, lateness, late_after: TimeDelta::hours(24) }
    }

    /// The moment that counts for clocks, or why it can't be so.
    ///
    /// Forms give minutes, the server microseconds: a step typed for the minute in which the previous one happened
    /// is taken to have happened right after it, so that no duration is ever negative.
    pub fn settle(&self, previous: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, Why> {
        if self.happened_at > self.recorded_at {
            return Err(Why::InFuture);
        }
        if self.recorded_at - self.happened_at > self.late_after && self.lateness == LateEntry::Unexplained {
            return Err(Why::LateWithoutReason);
        }
        match previous {
            Some(previous) if self.happened_at < minute_of(previous) => Err(Why::BeforePreviousStep),
            Some(previous) => Ok(self.happened_at.max(previous)),
            None => Ok(self.happened_at),
        }
    }
}

/// One line of the movement log, with the state it leaves behind. Never changed once written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What was done.
    pub act: Act,
    /// For which side.
    pub side: Side,
    /// How the answer was heard, where the sender recorded it for the receiver.
    pub on_behalf: Option<Source>,
    /// The coded reason, if the act has one.
    pub reason: Option<String>,
    /// Where the referral stood.
    pub from: Place,
    /// When it happened; clocks and medians use this.
    pub happened_at: DateTime<Utc>,
    /// When it was typed in.
    pub recorded_at: DateTime<Utc>,
    /// What the store saves.
    pub state: State,
}

impl Move {
    /// Where the referral stands now.
    pub fn to(&self) -> Place {
        self.state.place()
    }

    /// Whether this was a try to ask the person at which nobody was reached: every other answer settles the loop.
    pub fn reached_nobody(&self) -> bool {
        self.act == Act::ConfirmReceipt && matches!(self.state.closing.state, Loop::Open | Loop::Unreachable)
    }

    /// What a side's movement log calls this move and the reason it shows; `None` hides the line.
    ///
    /// The receiver sees neither drafts nor the sender's questions to the person (a dispute would show), and of a
    /// cancellation only that it is one, never why (S7, S19).
    pub fn seen_by(&self, side: Side) -> Option<(Act, Option<&str>)> {
        let reason = self.reason.as_deref();
        if side != Side::To {
            return Some((self.act, reason));
        }
        if self.from.status == Status::Draft && self.act != Act::Submit {
            return None;
        }
        match self.act {
            Act::Approve | Act::ReopenLoop | Act::NoteDecision => None,
            Act::ConfirmReceipt => match self.state.closing.state {
                Loop::Verified => Some((self.act, None)),
                Loop::Disputed if self.state.terms.dispute_sharing == DisputeSharing::Agreed => Some((self.act, None)),
                _ => None,
            },
            Act::PersonNoLongerWants => Some((Act::Cancel, None)),
            Act::Cancel | Act::RequestCancellation | Act::Withdraw | Act::MarkError => Some((self.act, None)),
            _ => Some((self.act, reason)),
        }
    }
}

fn minute_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let whole = at.trunc_subsecs(0);
    whole.with_second(0).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn s31_when_a_step_happened_is_checked_before_it_counts() {
        use LateEntry::{Explained, Unexplained};
        let now = at("2026-05-20T10:00:00Z");
        let previous = Some(at("2026-05-18T08:30:40.5Z"));
        for (happened, lateness, expected) in [
            ("2026-05-20T10:00:00Z", Unexplained, Ok("2026-05-20T10:00:00Z")),
            ("2026-05-20T10:00:01Z", Explained, Err(Why::InFuture)),
            ("2026-05-19T10:00:00Z", Unexplained, Ok("2026-05-19T10:00:00Z")),
            ("2026-05-19T09:59:59Z", Unexplained, Err(Why::LateWithoutReason)),
            ("2026-05-19T09:59:59Z", Explained, Ok("2026-05-19T09:59:59Z")),
            ("2026-05-18T08:30:00Z", Explained, Ok("2026-05-18T08:30:40.5Z")),
            ("2026-05-18T08:29:00Z", Explained, Err(Why::BeforePreviousStep)),
        ] {
            let settled = When::at(at(happened), now, lateness).settle(previous);
            assert_eq!(settled, expected.map(at), "{happened} {lateness:?}");
        }
    }
}
