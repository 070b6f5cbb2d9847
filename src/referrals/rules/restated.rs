//! For tests: DOMAIN section 3 once more, in plain words and apart from the code that decides.

use proptest::prelude::{prop_assert, prop_assert_eq};
use proptest::test_runner::TestCaseError;

use super::action::Action;
use super::referral::{Actor, Hand, Move, State};
use super::words::{Act, Confirmer, Kind, Served, Side, Status, Step};
use crate::packs::Sensitivity;

/// DOMAIN's table once more, in its own words: from where an act may start, and where it may lead.
pub fn leads(act: Act, kind: Kind) -> Vec<(Status, Status)> {
    use Status::{Accepted, Cancelled, Completed, Draft, EnteredInError, Failed, InProgress, OnHold, Rejected, Requested};
    let same = |from: &[Status]| from.iter().map(|status| (*status, *status)).collect();
    let to = |from: &[Status], to| from.iter().map(|status| (*status, to)).collect();
    let alone = kind == Kind::SelfReferral;
    let running = [Accepted, InProgress, OnHold];
    let in_flight = [Requested, Accepted, InProgress, OnHold];
    let answered = [Rejected, Completed, Failed, Cancelled];
    match act {
        Act::Edit | Act::SendForReview | Act::Return | Act::Discard => same(&[Draft]),
        Act::Approve => same(&[&[Draft][..], &in_flight, &answered].concat()),
        Act::Submit => to(&[Draft], Requested),
        Act::Acknowledge => same(&[Requested]),
        Act::Accept => to(&[Requested], Accepted),
        Act::Decline => to(&[Requested], Rejected),
        Act::ServeNow => to(&[Requested], Completed),
        Act::Start if alone => to(&[Requested, Accepted], InProgress),
        Act::Start => to(&[Accepted], InProgress),
        Act::Resume => to(&[OnHold], InProgress),
        Act::Waitlist | Act::HoldUnreachable => to(&running, OnHold),
        Act::Schedule | Act::Reschedule | Act::NoShow | Act::AppointmentCancelled => same(&[Accepted]),
        Act::VisitCompleted | Act::InterimNote => same(&[InProgress]),
        Act::Complete => to(&running, Completed),
        Act::Fail => to(&running, Failed),
        Act::Cancel if alone => to(&in_flight, Cancelled),
        Act::Cancel => to(&[Requested], Cancelled),
        Act::RequestCancellation => same(&running),
        Act::ConfirmCancellation => to(&running, Cancelled),
        Act::PersonNoLongerWants => to(&in_flight, Cancelled),
        Act::Withdraw => [same(&in_flight), to(&in_flight, Cancelled), same(&answered)].concat(),
        Act::Assign | Act::Amend => same(&in_flight),
        Act::Message => same(&[in_flight, answered].concat()),
        Act::ConfirmDeletion => same(&[&in_flight[..], &answered, &[EnteredInError]].concat()),
        Act::ConfirmReceipt | Act::ReopenLoop => same(&answered),
        Act::NoteDecision => same(&[Rejected, Failed]),
        Act::MarkError => to(&[&[Draft][..], &in_flight, &answered].concat(), EnteredInError),
    }
}

/// Who may do it, in DOMAIN's words: sender, receiver, or the system on withdrawn consent and on the person's own word.
pub fn sides(act: Act, kind: Kind) -> &'static [Side] {
    match act {
        Act::Edit | Act::SendForReview | Act::Return | Act::Approve | Act::Discard | Act::Submit => &[Side::From],
        Act::Cancel | Act::RequestCancellation | Act::MarkError | Act::Amend | Act::ReopenLoop | Act::NoteDecision => {
            &[Side::From]
        }
        Act::Withdraw | Act::PersonNoLongerWants | Act::ConfirmReceipt => &[Side::From, Side::System],
        Act::Message => &[Side::From, Side::To],
        _ => match kind {
            Kind::SelfReferral => &[Side::From],
            Kind::External => &[Side::From, Side::To],
            _ => &[Side::To],
        },
    }
}

/// The inner steps of DOMAIN's table: where within its status an act may start.
fn starts_at(act: Act, state: &State) -> bool {
    let pending = state.status.is_running() && state.step == Step::CancellationRequested;
    // The receiver confirms or wins with an outcome; what protects the person, and talking, is never held up.
    let answers = matches!(act, Act::ConfirmCancellation | Act::Complete | Act::Fail);
    let beside = matches!(act, Act::Message | Act::ConfirmDeletion | Act::Approve | Act::MarkError);
    let never_held = matches!(act, Act::Withdraw | Act::PersonNoLongerWants);
    let alone_ends = act == Act::Cancel && state.terms.kind == Kind::SelfReferral;
    if pending {
        return answers || beside || never_held || alone_ends;
    }
    match act {
        Act::ConfirmCancellation => false,
        Act::Acknowledge => state.step == Step::Sent,
        Act::Return => state.step == Step::InReview,
        Act::Approve if state.status == Status::Draft => state.step == Step::InReview,
        Act::SendForReview => matches!(state.step, Step::Writing | Step::Returned),
        Act::Edit | Act::Submit => !matches!(state.step, Step::Discarded),
        Act::Schedule => matches!(state.step, Step::Assigned | Step::NoShow | Step::AppointmentCancelled),
        Act::Reschedule | Act::NoShow | Act::AppointmentCancelled => {
            matches!(state.step, Step::Scheduled | Step::Rescheduled)
        }
        _ => true,
    }
}

pub fn fits_the_table(state: &State, action: &Action, by: &Actor, made: &[Move]) -> Result<(), TestCaseError> {
    let (act, kind) = (action.act(), state.terms.kind);
    prop_assert!(sides(act, kind).contains(&by.side), "{act} by {}", by.side);
    let end = made.last().map_or(*state, |last| last.state);
    prop_assert!(leads(act, kind).contains(&(state.status, end.status)), "{act}: {} to {}", state.status, end.status);
    prop_assert!(starts_at(act, state), "{act} at {} {}", state.status, state.step);
    let reviews = matches!(act, Act::Approve | Act::Return);
    prop_assert!(!reviews || by.hand == Hand::Colleague, "nobody reviews their own");
    let mut place = state.place();
    for one in made {
        prop_assert_eq!(one.from, place);
        place = one.to();
        let stays = one.from.status == place.status;
        let skips = kind == Kind::SelfReferral && (one.from.status, place.status) == (Status::Requested, Status::InProgress);
        prop_assert!(stays || skips || one.from.status.may_become().contains(&place.status));
    }
    Ok(())
}

/// S7 once more, in its own words: may this word of this person's make the loop verified?
pub fn may_verify(who: Confirmer, sensitivity: Sensitivity, served: Served) -> bool {
    match who {
        Confirmer::Person | Confirmer::Child | Confirmer::AccompanyingWorker => true,
        Confirmer::Caregiver => sensitivity == Sensitivity::Standard,
        Confirmer::HeadOfHousehold => sensitivity == Sensitivity::Standard && served == Served::Household,
    }
}
