//! The table of DOMAIN section 3: which act which side may do in which state, before its content is looked at.

use super::referral::{Actor, Hand, State};
use super::refusal::Why;
use super::words::{Act, Approval, Extent, Kind, LaterReview, Loop, Priority, Sequel, Sharing, Side, Status, Step};

/// Whether the actor may do this in this state, and if not, why.
pub fn permit(state: &State, act: Act, by: &Actor) -> Result<(), Why> {
    right_side(state, act, by)?;
    if !right_state(state, act) {
        return Err(explain(state, act));
    }
    if matches!(act, Act::Approve | Act::Return) && by.hand == Hand::Author {
        return Err(Why::OwnReview);
    }
    Ok(())
}

/// Why a draft can't be sent as it stands, if so: an emergency skips prior review (S2).
pub fn not_ready(state: &State, priority: Priority) -> Option<Why> {
    match (state.step, state.terms.approval) {
        _ if priority == Priority::Emergency => None,
        (Step::Approved, _) => None,
        (Step::InReview, _) => Some(Why::InReview),
        (_, Approval::Needed) => Some(Why::ApprovalNeeded),
        (_, Approval::NotNeeded) => None,
    }
}

/// What a withdrawal changes: a service already ended can't be ended, so only sharing stops.
pub fn withdrawal(state: &State, extent: Extent) -> Result<Extent, Why> {
    let shared = state.terms.kind != Kind::SelfReferral;
    match (extent, state.sharing) {
        (Extent::EndService, _) if state.status.is_in_flight() => Ok(Extent::EndService),
        _ if !shared => Err(Why::NothingShared),
        (_, Sharing::Open) => Ok(Extent::StopSharing),
        _ => Err(Why::SharingStopped),
    }
}

/// Whether an act is the receiver's, so that the sender records it on its behalf at most.
pub fn is_answer(act: Act) -> bool {
    matches!(part(act), Part::Receiver)
}

enum Part {
    Sender,
    SenderOrSystem,
    Receiver,
    Either,
}

fn part(act: Act) -> Part {
    match act {
        Act::Edit | Act::SendForReview | Act::Return | Act::Approve | Act::Discard | Act::Submit => Part::Sender,
        Act::Cancel | Act::RequestCancellation | Act::MarkError | Act::Amend | Act::ReopenLoop | Act::NoteDecision => {
            Part::Sender
        }
        Act::Withdraw | Act::PersonNoLongerWants | Act::ConfirmReceipt => Part::SenderOrSystem,
        Act::Message => Part::Either,
        Act::Assign | Act::Acknowledge | Act::Accept | Act::Decline | Act::Waitlist | Act::HoldUnreachable => Part::Receiver,
        Act::Start | Act::Resume | Act::Schedule | Act::Reschedule | Act::NoShow => Part::Receiver,
        Act::AppointmentCancelled | Act::VisitCompleted | Act::InterimNote | Act::Complete | Act::Fail => Part::Receiver,
        Act::ConfirmCancellation | Act::ConfirmDeletion | Act::ServeNow => Part::Receiver,
    }
}

fn right_side(state: &State, act: Act, by: &Actor) -> Result<(), Why> {
    match (part(act), by.side) {
        (Part::Sender | Part::SenderOrSystem | Part::Either, Side::From) => Ok(()),
        (Part::SenderOrSystem, Side::System) => Ok(()),
        (Part::Receiver | Part::Either, Side::To) if state.terms.kind == Kind::SelfReferral => Err(Why::NoReceiver),
        // By answer link: nobody there has an account to be given it.
        (Part::Receiver, Side::To) if state.terms.kind == Kind::External && act == Act::Assign => Err(Why::NoReceiver),
        (Part::Receiver | Part::Either, Side::To) => Ok(()),
        (Part::Receiver, Side::From) => for_the_receiver(state.terms.kind, act, by),
        _ => Err(Why::NotYourSide),
    }
}

// Where nobody works in this system on the other side, the sender records what it hears beside what the receiver answers by link: for an
// organisation with its source, for a self-referral what the person tells. A receiver with an account is never answered for.
fn for_the_receiver(kind: Kind, act: Act, by: &Actor) -> Result<(), Why> {
    match (kind, act) {
        (Kind::SelfReferral, Act::Start | Act::Resume | Act::HoldUnreachable | Act::VisitCompleted) => Ok(()),
        (Kind::SelfReferral, Act::InterimNote | Act::Complete | Act::Fail) => Ok(()),
        (Kind::SelfReferral, _) => Err(Why::NoReceiver),
        (Kind::External, Act::Assign) => Err(Why::NoReceiver),
        (Kind::External, _) if by.on_behalf.is_some() => Ok(()),
        (Kind::External, _) => Err(Why::SourceNeeded),
        _ => Err(Why::ReceiverAnswersItself),
    }
}

fn right_state(state: &State, act: Act) -> bool {
    let (status, step) = (state.status, state.step);
    let pending = state.is_cancellation_pending();
    let alone = state.terms.kind == Kind::SelfReferral;
    let draft = status == Status::Draft && step != Step::Discarded;
    let requested = status == Status::Requested;
    let running = status.is_running() && !pending;
    match act {
        Act::Edit => draft && step != Step::InReview,
        Act::SendForReview => draft && matches!(step, Step::Writing | Step::Returned),
        Act::Return => draft && step == Step::InReview,
        Act::Approve => draft && step == Step::InReview || is_later_review_owed(state),
        Act::Discard | Act::Submit => draft,
        Act::Assign => requested || running,
        Act::Acknowledge => requested && step == Step::Sent,
        Act::Accept | Act::Decline => requested,
        Act::ServeNow => requested && state.terms.priority == Priority::Emergency,
        Act::Start => status == Status::Accepted && !pending || alone && requested,
        Act::Waitlist | Act::HoldUnreachable => running,
        Act::Resume => status == Status::OnHold && !pending,
        Act::Schedule => status == Status::Accepted && matches!(step, Step::Assigned | Step::NoShow | Step::AppointmentCancelled),
        Act::Reschedule | Act::NoShow | Act::AppointmentCancelled => {
            status == Status::Accepted && matches!(step, Step::Scheduled | Step::Rescheduled)
        }
        Act::VisitCompleted | Act::InterimNote => status == Status::InProgress && !pending,
        Act::Complete | Act::Fail => status.is_running(),
        Act::Cancel => requested || alone && status.is_running(),
        Act::RequestCancellation => running && !alone,
        Act::ConfirmCancellation => pending,
        Act::PersonNoLongerWants => status.is_in_flight(),
        Act::Withdraw => !matches!(status, Status::Draft | Status::EnteredInError),
        Act::ConfirmDeletion => status != Status::Draft && state.sharing == Sharing::DeletionAsked,
        Act::MarkError => status != Status::EnteredInError && step != Step::Discarded,
        Act::Amend => (requested || running) && state.sharing == Sharing::Open && !alone,
        Act::Message => !matches!(status, Status::Draft | Status::EnteredInError) && !alone,
        Act::ConfirmReceipt => status.is_answered() && state.closing.state == Loop::Open,
        Act::ReopenLoop => status.is_answered() && state.closing.state != Loop::Open,
        Act::NoteDecision => matches!(status, Status::Rejected | Status::Failed) && state.sequel == Sequel::Owed,
    }
}

fn is_later_review_owed(state: &State) -> bool {
    state.later_review == LaterReview::Owed && !matches!(state.status, Status::Draft | Status::EnteredInError)
}

fn explain(state: &State, act: Act) -> Why {
    match (state.status, act) {
        (Status::Draft, _) if state.step == Step::Discarded => Why::Discarded,
        (Status::Draft, Act::Edit | Act::SendForReview) => Why::InReview,
        (Status::Draft, Act::Return | Act::Approve) => Why::NotFromHere,
        (Status::Draft, _) => Why::NotSent,
        (_, Act::ConfirmDeletion) if state.sharing == Sharing::DeletionConfirmed => Why::SharingStopped,
        (_, Act::ConfirmDeletion) => Why::NotFromHere,
        (Status::EnteredInError, _) => Why::AlreadyEnded,
        (_, Act::NoteDecision) => Why::NothingOwed,
        (_, Act::Edit | Act::SendForReview | Act::Return | Act::Approve | Act::Discard | Act::Submit) => Why::AlreadySent,
        (_, Act::Message) => Why::NoReceiver,
        (status, Act::ConfirmReceipt) if status.is_answered() => Why::LoopClosed,
        (status, Act::ReopenLoop) if status.is_answered() => Why::LoopOpen,
        (_, Act::ConfirmReceipt | Act::ReopenLoop) => Why::NotEnded,
        (status, _) if status.is_answered() => Why::AlreadyEnded,
        (_, Act::Amend) if state.terms.kind == Kind::SelfReferral => Why::NothingShared,
        (_, Act::Amend) if state.sharing != Sharing::Open => Why::SharingStopped,
        (_, Act::RequestCancellation) if state.terms.kind == Kind::SelfReferral => Why::CancelAtOnce,
        (Status::Requested, Act::RequestCancellation) => Why::CancelAtOnce,
        (Status::Requested, Act::Acknowledge) => Why::NotFromHere,
        (Status::Requested, Act::ServeNow) => Why::EmergencyOnly,
        (Status::Requested, _) => Why::NotYetAccepted,
        _ if state.is_cancellation_pending() => Why::CancellationPending,
        (_, Act::Acknowledge | Act::Accept | Act::Decline | Act::ServeNow) => Why::AlreadyAccepted,
        (_, Act::Cancel) => Why::HandshakeNeeded,
        _ => Why::NotFromHere,
    }
}
