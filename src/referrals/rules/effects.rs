//! What a permitted action leaves behind.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::Action;
use super::clearance::Cleared;
use super::loop_state;
use super::permit;
use super::referral::{Closing, State, Times};
use super::refusal::Why;
use super::words::{Extent, Kind, LaterReview, Loop, Priority, Sequel, Sharing, Side, Status, Step};

// Who is promised a day beyond this is promised nothing; more often a year was mistyped.
const FARTHEST_APPOINTMENT: TimeDelta = TimeDelta::days(366);

/// The state after an action that was permitted, or what its content makes impossible.
pub fn after(state: &State, action: &Action, side: Side, at: DateTime<Utc>) -> Result<State, Why> {
    let to = |status, step| State { status, step, ..*state };
    let ended = |status, known| ended(state, status, known, at);
    Ok(match action {
        Action::Edit => to(Status::Draft, Step::Writing),
        Action::SendForReview => to(Status::Draft, Step::InReview),
        Action::Return { .. } => to(Status::Draft, Step::Returned),
        Action::Approve if state.status == Status::Draft => to(Status::Draft, Step::Approved),
        Action::Approve => State { later_review: LaterReview::Done, ..*state },
        Action::Discard => to(Status::Draft, Step::Discarded),
        Action::Submit(cleared) => submitted(state, cleared, at),
        Action::Complete { .. } => ended(Status::Completed, loop_state::after_completion(state)),
        Action::Decline { .. } => refused(ended(Status::Rejected, Loop::NotServed)),
        Action::Fail { .. } => refused(ended(Status::Failed, Loop::NotServed)),
        Action::NoteDecision { .. } => State { sequel: Sequel::Settled, ..*state },
        Action::Cancel { .. } | Action::ConfirmCancellation | Action::PersonNoLongerWants => {
            ended(Status::Cancelled, Loop::NotServed)
        }
        Action::Withdraw { extent } => withdrawn(state, permit::withdrawal(state, *extent)?, at),
        Action::ConfirmDeletion => State { sharing: Sharing::DeletionConfirmed, ..*state },
        Action::MarkError { .. } => erroneous(state, at),
        Action::ConfirmReceipt(receipt) => State { closing: loop_state::closed(state, receipt, side, at)?, ..*state },
        Action::ReopenLoop { .. } => reopened(state, at),
        _ => return running(state, action, at),
    })
}

// What the receiver does between acknowledging and the ending.
fn running(state: &State, action: &Action, at: DateTime<Utc>) -> Result<State, Why> {
    let to = |status, step| State { status, step, ..*state };
    let timed = |status, step, times| State { status, step, times, ..*state };
    let times = state.times;
    Ok(match action {
        Action::Acknowledge => timed(Status::Requested, Step::Acknowledged, Times { acknowledged: Some(at), ..times }),
        Action::Accept => timed(Status::Accepted, Step::Assigned, Times { decided: Some(at), ..times }),
        Action::Start => {
            let decided = times.decided.or(Some(at));
            timed(Status::InProgress, Step::Started, Times { decided, ..times })
        }
        Action::Resume => to(Status::InProgress, Step::Started),
        Action::Waitlist { .. } => to(Status::OnHold, Step::Waitlisted),
        Action::HoldUnreachable => to(Status::OnHold, Step::PersonUnreachable),
        Action::Schedule { at: appointment } => appointed(state, Step::Scheduled, *appointment, at)?,
        Action::Reschedule { at: appointment } => appointed(state, Step::Rescheduled, *appointment, at)?,
        Action::NoShow => missed(state, at)?,
        Action::AppointmentCancelled => to(Status::Accepted, Step::AppointmentCancelled),
        Action::VisitCompleted => to(Status::InProgress, Step::VisitCompleted),
        Action::RequestCancellation { .. } => {
            let asked = Times { cancellation_asked: Some(at), ..times };
            timed(state.status, Step::CancellationRequested, asked)
        }
        _ => *state,
    })
}

fn submitted(state: &State, cleared: &Cleared, at: DateTime<Utc>) -> State {
    let mut after = State { status: Status::Requested, step: Step::Sent, terms: cleared.terms(&state.terms), ..*state };
    after.times.sent = Some(at);
    // An emergency skips prior review and is reviewed the next working day instead (S2).
    if cleared.priority() == Priority::Emergency && state.step != Step::Approved {
        after.later_review = LaterReview::Owed;
    }
    after
}

fn appointed(state: &State, step: Step, appointment: DateTime<Utc>, at: DateTime<Utc>) -> Result<State, Why> {
    if appointment < at {
        return Err(Why::AppointmentInPast);
    }
    if appointment - at > FARTHEST_APPOINTMENT {
        return Err(Why::AppointmentTooFar);
    }
    Ok(State { step, appointment_at: Some(appointment), ..*state })
}

fn missed(state: &State, at: DateTime<Utc>) -> Result<State, Why> {
    if state.appointment_at.is_some_and(|appointment| appointment > at) {
        return Err(Why::AppointmentNotYet);
    }
    Ok(State { step: Step::NoShow, ..*state })
}

fn reopened(state: &State, at: DateTime<Utc>) -> State {
    let closing = Closing { state: Loop::Open, changed_at: Some(at), ..state.closing };
    State { closing, ..*state }
}

fn ended(state: &State, status: Status, known: Loop, at: DateTime<Utc>) -> State {
    let mut after = State { status, step: Step::Ended, ..*state };
    after.closing.state = known;
    after.closing.changed_at = if known == Loop::Open { None } else { Some(at) };
    after.times.ended = Some(at);
    after.times.decided = state.times.decided.or((status == Status::Rejected).then_some(at));
    after
}

// A refusal is not the end for the person: somebody looks for another way, or talks with them.
fn refused(state: State) -> State {
    let sequel = if state.terms.kind == Kind::TransferNotice { Sequel::NotOwed } else { Sequel::Owed };
    State { sequel, ..state }
}

fn withdrawn(state: &State, extent: Extent, at: DateTime<Utc>) -> State {
    let after = match extent {
        Extent::EndService => ended(state, Status::Cancelled, Loop::NotServed, at),
        Extent::StopSharing => *state,
    };
    deletion_asked(after, at)
}

// What was sent in error may have reached somebody who should never have seen it, so copies are asked back as well.
fn erroneous(state: &State, at: DateTime<Utc>) -> State {
    let was_sent = state.status != Status::Draft;
    let mut after = State { status: Status::EnteredInError, step: Step::Ended, ..*state };
    after.times.ended = state.times.ended.or(Some(at));
    if was_sent { deletion_asked(after, at) } else { after }
}

fn deletion_asked(mut state: State, at: DateTime<Utc>) -> State {
    if state.sharing == Sharing::Open && state.terms.kind != Kind::SelfReferral {
        state.sharing = Sharing::DeletionAsked;
        state.times.deletion_asked = Some(at);
    }
    state
}
