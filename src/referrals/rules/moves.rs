//! The only way from one state of a referral to the next.

use chrono::{DateTime, Utc};

use super::action::{Action, Consent, Outcome};
use super::effects;
use super::loop_state;
use super::permit;
use super::referral::{Actor, Move, State, When};
use super::refusal::{Refused, Why};
use super::words::{Act, Extent, Status, Step};

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
        Action::MarkError { reason } | Action::ReopenLoop { reason } | Action::NoteDecision { reason } => {
            given(reason, Why::ReasonNeeded)
        }
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
    let order = order(state, action.act());
    let at = settled(state, &order, when)?;
    let mut after = effects::after(state, action, by.side, at)?;
    if order == Order::Strict || (after.status, after.step) != (state.status, state.step) {
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

fn order(state: &State, act: Act) -> Order {
    match act {
        Act::Assign | Act::InterimNote | Act::Amend | Act::Message => Order::Beside,
        Act::ConfirmDeletion | Act::ConfirmReceipt | Act::ReopenLoop | Act::NoteDecision => Order::Beside,
        Act::Approve if state.status != Status::Draft => Order::Beside,
        Act::Withdraw | Act::PersonNoLongerWants | Act::MarkError => Order::Lenient,
        _ => Order::Strict,
    }
}

fn settled(state: &State, order: &Order, when: &When) -> Result<DateTime<Utc>, Why> {
    match order {
        Order::Strict => when.settle(state.times.last),
        Order::Beside => when.settle(state.times.sent),
        Order::Lenient => when.settle(None).map(|at| state.times.last.map_or(at, |last| at.max(last))),
    }
}
