//! Why a move is refused: a stable code and the state in which it was tried.

use std::fmt;

use super::codes::coded;
use super::referral::State;
use super::words::{Act, Loop, Status, Step};

coded! {
    /// The rule that a refused move would break.
    Why {
        NotYourSide = "not_your_side",
        OwnReview = "own_review",
        NoReceiver = "no_receiver",
        SourceNeeded = "source_needed",
        ReceiverAnswersItself = "receiver_answers_itself",
        Discarded = "discarded",
        NotSent = "not_sent",
        AlreadySent = "already_sent",
        NotYetAccepted = "not_yet_accepted",
        AlreadyAccepted = "already_accepted",
        AlreadyEnded = "already_ended",
        NotEnded = "not_ended",
        CancellationPending = "cancellation_pending",
        /// After acceptance the sender asks, and the receiver confirms.
        HandshakeNeeded = "handshake_needed",
        /// Before acceptance the sender cancels at once.
        CancelAtOnce = "cancel_at_once",
        NotFromHere = "not_from_here",
        InReview = "in_review",
        ApprovalNeeded = "approval_needed",
        CheckedForAnother = "checked_for_another",
        EmergencyOnly = "emergency_only",
        ReasonNeeded = "reason_needed",
        OutcomeNeeded = "outcome_needed",
        ConsentMissing = "consent_missing",
        SharingStopped = "sharing_stopped",
        NothingShared = "nothing_shared",
        AppointmentInPast = "appointment_in_past",
        AppointmentTooFar = "appointment_too_far",
        AppointmentNotYet = "appointment_not_yet",
        InFuture = "in_future",
        LateWithoutReason = "late_without_reason",
        BeforePreviousStep = "before_previous_step",
        LoopClosed = "loop_closed",
        LoopOpen = "loop_open",
        CaregiverCannotVerify = "caregiver_cannot_verify",
        HeadCannotVerify = "head_cannot_verify",
        AgreedNotToAsk = "agreed_not_to_ask",
        /// The person did not agree to be asked by this channel.
        AgreedOtherwise = "agreed_otherwise",
        TriesUsedUp = "tries_used_up",
        /// A person who is not reached is tried again on another day.
        TriedThatDay = "tried_that_day",
        NotCompleted = "not_completed",
        /// No refusal waits for the sender's next step.
        NothingOwed = "nothing_owed",
    }
}

/// A move that the rules do not allow, with the state that the surface names to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The rule.
    pub why: Why,
    /// What was tried.
    pub act: Act,
    /// The status at that moment.
    pub status: Status,
    /// The step at that moment.
    pub step: Step,
    /// The loop at that moment; show it only through `loop_state::seen_by`.
    pub closing: Loop,
}

impl Refused {
    /// The refusal of an act in a state.
    pub fn new(why: Why, act: Act, state: &State) -> Refused {
        Refused { why, act, status: state.status, step: state.step, closing: state.closing.state }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {}: the referral is {} ({}): {}", self.act, self.status, self.step, self.why)
    }
}

impl std::error::Error for Refused {}
