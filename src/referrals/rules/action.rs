//! Everything that can be done with a referral, with what the rules need to know of it.

use chrono::{DateTime, NaiveDate, Utc};

use super::clearance::Cleared;
use super::loop_state::Receipt;
use super::words::{Act, Extent};

/// Something done with a referral, with what the rules need to know of it; texts are kept by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Changes the draft; an approval given before no longer counts.
    Edit,
    /// Asks a colleague to approve.
    SendForReview,
    /// Hands a draft back to its author, with a reason.
    Return { reason: String },
    /// Approves a draft, or afterwards an emergency that skipped its review.
    Approve,
    /// Throws a draft away.
    Discard,
    /// Sends it; the value proves that it was checked.
    Submit(Cleared),
    /// Gives it to somebody of the receiving side, or takes it; the state stays.
    Assign,
    /// Confirms that it arrived.
    Acknowledge,
    /// Takes the person on.
    Accept,
    /// Refuses, with a coded reason.
    Decline { reason: String },
    /// Puts the person on the waiting list.
    Waitlist { expected_on: Option<NaiveDate> },
    /// Waits because the person can't be reached.
    HoldUnreachable,
    /// Begins the service.
    Start,
    /// Goes on after waiting.
    Resume,
    /// Makes an appointment.
    Schedule { at: DateTime<Utc> },
    /// Moves the appointment.
    Reschedule { at: DateTime<Utc> },
    /// The person did not come.
    NoShow,
    /// The appointment was called off.
    AppointmentCancelled,
    /// A visit took place.
    VisitCompleted,
    /// Tells how it goes.
    InterimNote,
    /// Reports the service as given.
    Complete { outcome: Outcome },
    /// Reports that it could not be given, with a coded reason.
    Fail { reason: String },
    /// Calls it off before acceptance, with a coded reason.
    Cancel { reason: String },
    /// Asks the receiver to let it be called off after acceptance, with a coded reason.
    RequestCancellation { reason: String },
    /// Agrees to the cancellation.
    ConfirmCancellation,
    /// Consent was withdrawn; no reason is ever asked.
    Withdraw { extent: Extent },
    /// The receiver has deleted its copies.
    ConfirmDeletion,
    /// The person no longer wants the service; never held by the handshake.
    PersonNoLongerWants,
    /// It should never have been sent, with a reason.
    MarkError { reason: String },
    /// Adds a supplement; the original stays.
    Amend { consent: Consent },
    /// Says something to the other side.
    Message,
    /// Records what came of asking the person.
    ConfirmReceipt(Receipt),
    /// Opens a wrongly closed loop, with a reason.
    ReopenLoop { reason: String },
    /// Notes, in words, what was decided with the person after a refusal.
    NoteDecision { reason: String },
    /// Acknowledges, accepts, starts and completes an emergency at once.
    ServeNow { outcome: Outcome },
}

/// What was given, when the receiver reports the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The service as given; never empty.
    pub what: String,
    /// How much or how often, where that says something; of cash the amount.
    pub how_much: Option<String>,
    /// Of cash: when it was paid.
    pub paid_on: Option<NaiveDate>,
    /// Of cash: whether the payee confirmed it.
    pub paid_confirmed: Option<bool>,
}

/// Whether consent, or another basis, covers a supplement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It covers this recipient and every section of the supplement.
    Covers,
    /// It does not.
    Missing,
}

impl Action {
    /// Its name, without its content.
    pub fn act(&self) -> Act {
        match self {
            Action::Edit => Act::Edit,
            Action::SendForReview => Act::SendForReview,
            Action::Return { .. } => Act::Return,
            Action::Approve => Act::Approve,
            Action::Discard => Act::Discard,
            Action::Submit(_) => Act::Submit,
            Action::Assign => Act::Assign,
            Action::Acknowledge => Act::Acknowledge,
            Action::Accept => Act::Accept,
            Action::Decline { .. } => Act::Decline,
            Action::Waitlist { .. } => Act::Waitlist,
            Action::HoldUnreachable => Act::HoldUnreachable,
            Action::Start => Act::Start,
            Action::Resume => Act::Resume,
            Action::Schedule { .. } => Act::Schedule,
            Action::Reschedule { .. } => Act::Reschedule,
            Action::NoShow => Act::NoShow,
            Action::AppointmentCancelled => Act::AppointmentCancelled,
            Action::VisitCompleted => Act::VisitCompleted,
            Action::InterimNote => Act::InterimNote,
            Action::Complete { .. } => Act::Complete,
            Action::Fail { .. } => Act::Fail,
            Action::Cancel { .. } => Act::Cancel,
            Action::RequestCancellation { .. } => Act::RequestCancellation,
            Action::ConfirmCancellation => Act::ConfirmCancellation,
            Action::Withdraw { .. } => Act::Withdraw,
            Action::ConfirmDeletion => Act::ConfirmDeletion,
            Action::PersonNoLongerWants => Act::PersonNoLongerWants,
            Action::MarkError { .. } => Act::MarkError,
            Action::Amend { .. } => Act::Amend,
            Action::Message => Act::Message,
            Action::ConfirmReceipt(_) => Act::ConfirmReceipt,
            Action::ReopenLoop { .. } => Act::ReopenLoop,
            Action::NoteDecision { .. } => Act::NoteDecision,
            Action::ServeNow { .. } => Act::ServeNow,
        }
    }

    // Re-opening, returning and errors have free reasons, which the caller seals; only codes go into the log.
    pub(super) fn reason_code(&self) -> Option<&str> {
        match self {
            Action::Decline { reason } | Action::Fail { reason } | Action::Cancel { reason } => Some(reason),
            Action::RequestCancellation { reason } => Some(reason),
            Action::ConfirmReceipt(Receipt::NotAsked(reason)) => Some(reason),
            // Who said so is kept (S7); the receiver's log leaves it out.
            Action::ConfirmReceipt(Receipt::Received(who) | Receipt::NotReceived(who)) => Some(who.code()),
            _ => None,
        }
    }
}
