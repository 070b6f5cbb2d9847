//! The only way from one state of a referral to the next.

use chrono::{DateTime, Utc};

use super::action::{Action, Consent, Outcome};
use super::loop_state;
use super::permit;
use super::referral::{Actor, Closing, Move, State, When};
use super::refusal::{Refused, Why};
use super::submission::Cleared;
use super::words::{Act, Extent, Kind, LaterReview, Loop, Priority, Sharing, Status, Step};

/// The moves that an action makes, in order, or why it is refused.
///
/// An empty list means that the action is allowed and leaves nothing to log: editing a draft being written.
pub fn step(state: &State, action: &Action, by: &Actor, when: &When) -> Result<Vec<Move>, Refused> {
    let refused = |why| Refused::new(why, action.act(), state);
    permit::permit(state, action.act(), by).map_err(refused)?;
    require_content(state, action, by).map_err(refused)?;
    match action {
        Action::Edit if state.step == Step::Writing => Ok(Vec::new()),
        Action::ServeNow { outcome } => serve_now(state, outcome, by, when),
        _ => one(state, action, by, when).map(|made| vec![made]).map_err(refused),
    }
}

/// The acts a side could do now: what a page offers as buttons.
pub fn offered(state: &State, by: &Actor) -> Vec<Act> {
    let ready = |act: &Act| match act {
        Act::Submit => permit::not_ready(state, state.terms.priority).is_none(),
        Act::Withdraw => Extent::ALL.iter().any(|extent| permit::withdrawal(state, *extent).is_ok()),
        _ => true,
    };
    Act::ALL.iter().copied().filter(|act| permit::permit(state, *act, by).is_ok() && ready(act)).collect()
}

fn require_content(state: &State, action: &Action, by: &Actor) -> Result<(), Why> {
    let given = |text: &str, why| {
        if text.trim().is_empty() { Err(why) } else { Ok(()) }
    };
    match action {
        Action::Submit(cleared) if !cleared.is_for(&state.terms) => Err(Why::CheckedForAnother),
        Action::Submit(cleared) => permit::not_ready(state, cleared.priority()).map_or(Ok(()), Err),
        Action::Return { reason } | Action::Decline { reason } | Action::Fail { reason } => given(reason, Why::ReasonNeeded),
        Action::Cancel { reason } | Action::RequestCancellation { reason } => given(reason, Why::ReasonNeeded),
        Action::MarkError { reason } | Action::ReopenLoop { reason } => given(reason, Why::ReasonNeeded),
        Action::Complete { outcome } | Action::ServeNow { outcome } => given(&outcome.what, Why::OutcomeNeeded),
        Action::Amend { consent: Consent::Missing } => Err(Why::ConsentMissing),
        Action::Withdraw { extent } => permit::withdrawal(state, *extent).map(|_| ()),
        Action::ConfirmReceipt(receipt) => loop_state::closed(state, receipt, by.side, DateTime::UNIX_EPOCH).map(|_| ()),
        _ => Ok(()),
    }
}

// The four steps of S2; the caller stores them in one transaction.
fn serve_now(state: &State, outcome: &Outcome, by: &Actor, when: &When) -> Result<Vec<Move>, Refused> {
    let steps = [Action::Acknowledge, Action::Accept, Action::Start, Action::Complete { outcome: outcome.clone() }];
    let mut made: Vec<Move> = Vec::new();
    for action in steps.iter().skip(usize::from(state.step != Step::Sent)) {
        let before = made.last().map_or(*state, |last| last.state);
        let next = one(&before, action, by, when).map_err(|why| Refused::new(why, Act::ServeNow, state))?;
        made.push(next);
    }
    Ok(made)
}

fn one(state: &State, action: &Action, by: &Actor, when: &When) -> Result<Move, Why> {
    let at = settled(state, action.act(), when)?;
    let mut after = changed(state, action, by, at)?;
    if order(action.act()) != Order::Beside {
        after.times.last = Some(at);
    }
    Ok(Move {
        act: action.act(),
        side: by.side,
        on_behalf: by.on_behalf.filter(|_| permit::is_answer(action.act())),
        reason: action.reason_code().map(str::to_owned),
        from: state.place(),
        happened_at: at,
        recorded_at: when.recorded_at,
        state: after,
    })
}

#[derive(PartialEq, Eq)]
enum Order {
    /// Can't have happened before the step it follows, or a duration would be negative.
    Strict,
    /// Is never refused for its place in time, because it protects somebody; it counts as the latest step.
    Lenient,
    /// Happened beside the steps, in any order after sending: a message, or the person's word that the service came,
    /// which is often older than the provider's report.
    Beside,
}

fn order(act: Act) -> Order {
    match act {
        Act::Assign | Act::InterimNote | Act::Amend | Act::Message => Order::Beside,
        Act::ConfirmDeletion | Act::ConfirmReceipt | Act::ReopenLoop => Order::Beside,
        Act::Withdraw | Act::PersonNoLongerWants | Act::MarkError => Order::Lenient,
        _ => Order::Strict,
    }
}

fn settled(state: &State, act: Act, when: &When) -> Result<DateTime<Utc>, Why> {
    match order(act) {
        Order::Strict => when.settle(state.times.last),
        Order::Beside => when.settle(state.times.sent),
        Order::Lenient => when.settle(None).map(|at| state.times.last.map_or(at, |last| at.max(last))),
    }
}

fn changed(state: &State, action: &Action, by: &Actor, at: DateTime<Utc>) -> Result<State, Why> {
    let mut after = *state;
    let mut go = |status, step| (after.status, after.step) = (status, step);
    match action {
        Action::Edit => go(Status::Draft, Step::Writing),
        Action::SendForReview => go(Status::Draft, Step::InReview),
        Action::Return { .. } => go(Status::Draft, Step::Returned),
        Action::Approve if state.status == Status::Draft => go(Status::Draft, Step::Approved),
        Action::Approve => after.later_review = LaterReview::Done,
        Action::Discard => go(Status::Draft, Step::Discarded),
        Action::Submit(cleared) => after = submitted(state, cleared, at),
        Action::Acknowledge => {
            go(Status::Requested, Step::Acknowledged);
            after.times.acknowledged = Some(at);
        }
        Action::Accept => {
            go(Status::Accepted, Step::Assigned);
            after.times.decided = Some(at);
        }
        Action::Start => {
            go(Status::InProgress, Step::Started);
            after.times.decided = state.times.decided.or(Some(at));
        }
        Action::Resume => go(Status::InProgress, Step::Started),
        Action::Waitlist { .. } => go(Status::OnHold, Step::Waitlisted),
        Action::HoldUnreachable => go(Status::OnHold, Step::PersonUnreachable),
        Action::Schedule { at: appointment } | Action::Reschedule { at: appointment } => {
            after = appointed(state, action.act(), *appointment, at)?;
        }
        Action::NoShow if state.appointment_at.is_some_and(|appointment| appointment > at) => {
            return Err(Why::AppointmentNotYet);
        }
        Action::NoShow => go(Status::Accepted, Step::NoShow),
        Action::AppointmentCancelled => go(Status::Accepted, Step::AppointmentCancelled),
        Action::VisitCompleted => go(Status::InProgress, Step::VisitCompleted),
        Action::RequestCancellation { .. } => {
            go(state.status, Step::CancellationRequested);
            after.times.cancellation_asked = Some(at);
        }
        Action::Complete { .. } => after = ended(state, Status::Completed, loop_state::after_completion(state), at),
        Action::Decline { .. } => {
            after = ended(state, Status::Rejected, Loop::NotServed, at);
            after.times.decided = Some(at);
        }
        Action::Fail { .. } => after = ended(state, Status::Failed, Loop::NotServed, at),
        Action::Cancel { .. } | Action::ConfirmCancellation | Action::PersonNoLongerWants => {
            after = ended(state, Status::Cancelled, Loop::NotServed, at);
        }
        Action::Withdraw { extent } => after = withdrawn(state, permit::withdrawal(state, *extent)?, at),
        Action::ConfirmDeletion => after.sharing = Sharing::DeletionConfirmed,
        Action::MarkError { .. } => after = erroneous(state, at),
        Action::ConfirmReceipt(receipt) => after.closing = loop_state::closed(state, receipt, by.side, at)?,
        Action::ReopenLoop { .. } => {
            after.closing = Closing { state: Loop::Open, changed_at: Some(at), ..state.closing };
        }
        Action::Assign | Action::InterimNote | Action::Amend { .. } | Action::Message | Action::ServeNow { .. } => {}
    }
    Ok(after)
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

fn appointed(state: &State, act: Act, appointment: DateTime<Utc>, at: DateTime<Utc>) -> Result<State, Why> {
    if appointment < at {
        return Err(Why::AppointmentInPast);
    }
    let step = if act == Act::Schedule { Step::Scheduled } else { Step::Rescheduled };
    Ok(State { step, appointment_at: Some(appointment), ..*state })
}

fn ended(state: &State, status: Status, known: Loop, at: DateTime<Utc>) -> State {
    let mut after = State { status, step: Step::Ended, ..*state };
    after.closing.state = known;
    after.closing.changed_at = if known == Loop::Open { None } else { Some(at) };
    after.times.ended = Some(at);
    after
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
