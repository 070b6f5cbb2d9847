//! The loop: who may close it, with what evidence, and what each side sees of it (S7).

use chrono::{DateTime, Utc};

use super::referral::{Closing, State};
use super::refusal::Why;
use super::words::{Confirmer, DisputeSharing, FollowUp, Kind, Loop, Sensitivity, Served, Side, Status};

/// What came of asking whether the service was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Somebody on the person's side says yes.
    Received(Confirmer),
    /// Somebody on the person's side says no.
    NotReceived(Confirmer),
    /// The person could not be reached this time.
    NoAnswer,
    /// It was agreed, or became necessary, not to ask; with a coded reason.
    NotAsked(String),
    /// Nobody on the person's side can say; what the provider reported stands alone.
    ProviderOnly,
}

/// The loop after an attempt to close it, or why it can't be closed so.
pub fn closed(state: &State, receipt: &Receipt, side: Side, at: DateTime<Utc>) -> Result<Closing, Why> {
    by_agreed_channel(state, receipt, side)?;
    let closing = Closing { changed_at: Some(at), ..state.closing };
    let to = |known| Ok(Closing { state: known, ..closing });
    match receipt {
        Receipt::Received(confirmer) => may_verify(state, *confirmer).and_then(|()| to(Loop::Verified)),
        Receipt::NotReceived(_) if state.status == Status::Completed => to(Loop::Disputed),
        Receipt::NotReceived(_) => to(Loop::NotServed),
        Receipt::NoAnswer => tried(state, closing),
        Receipt::NotAsked(reason) if reason.trim().is_empty() => Err(Why::ReasonNeeded),
        Receipt::NotAsked(_) => to(Loop::NotAsked),
        Receipt::ProviderOnly if state.status == Status::Completed => to(Loop::ReportedOnly),
        Receipt::ProviderOnly => Err(Why::NotCompleted),
    }
}

/// The loop as it stands when the provider reports the service as given: asked about later, unless agreed otherwise.
pub fn after_completion(state: &State) -> Loop {
    match (state.terms.kind, state.terms.follow_up) {
        (Kind::TransferNotice, _) | (_, Some(FollowUp::DoNotAsk)) => Loop::NotAsked,
        _ => Loop::Open,
    }
}

/// What a side may know of the loop.
///
/// Until the person speaks, and whatever they say in confidence, the provider sees that only it reports the service;
/// showing it any other word for some referrals would give the disputed ones away.
pub fn seen_by(state: &State, side: Side) -> Loop {
    let actual = state.closing.state;
    match (side, actual, state.status) {
        (Side::From | Side::System, _, _) => actual,
        (_, Loop::Verified, _) => actual,
        (_, Loop::Disputed, _) if state.terms.dispute_sharing == DisputeSharing::Agreed => actual,
        (_, _, Status::Completed) => Loop::ReportedOnly,
        (_, _, status) if status.is_answered() => Loop::NotServed,
        _ => Loop::Open,
    }
}

// The person's own page and SMS speak for the person alone, and only where that channel was agreed. S6 and S30 keep
// both from restricted types whatever was agreed.
fn by_agreed_channel(state: &State, receipt: &Receipt, side: Side) -> Result<(), Why> {
    let asking = matches!(receipt, Receipt::NoAnswer);
    let own_word = matches!(
        receipt,
        Receipt::Received(Confirmer::Person | Confirmer::Child) | Receipt::NotReceived(Confirmer::Person | Confirmer::Child)
    );
    match (side, state.terms.follow_up) {
        (Side::From, Some(FollowUp::DoNotAsk)) if asking => Err(Why::AgreedNotToAsk),
        (Side::From, _) => Ok(()),
        (Side::System, Some(FollowUp::Sms | FollowUp::Portal))
            if own_word && state.terms.sensitivity != Sensitivity::Restricted =>
        {
            Ok(())
        }
        (Side::System, _) => Err(Why::AgreedOtherwise),
        (Side::To, _) => Err(Why::NotYourSide),
    }
}

// S7 keeps caregivers and heads from verifying what is protected; S12 keeps a head from confirming for others at all,
// which leaves only what was given to the household as a whole.
fn may_verify(state: &State, confirmer: Confirmer) -> Result<(), Why> {
    let standard = state.terms.sensitivity == Sensitivity::Standard;
    match confirmer {
        Confirmer::Person | Confirmer::Child | Confirmer::AccompanyingWorker => Ok(()),
        Confirmer::Caregiver if standard => Ok(()),
        Confirmer::Caregiver => Err(Why::CaregiverCannotVerify),
        Confirmer::HeadOfHousehold if standard && state.terms.served == Served::Household => Ok(()),
        Confirmer::HeadOfHousehold => Err(Why::HeadCannotVerify),
    }
}

fn tried(state: &State, closing: Closing) -> Result<Closing, Why> {
    if state.closing.tries >= state.terms.tries_allowed {
        return Err(Why::TriesUsedUp);
    }
    let tries = state.closing.tries + 1;
    let last = tries == state.terms.tries_allowed;
    let known = if last { Loop::Unreachable } else { Loop::Open };
    let changed_at = if last { closing.changed_at } else { state.closing.changed_at };
    Ok(Closing { state: known, tries, changed_at })
}
