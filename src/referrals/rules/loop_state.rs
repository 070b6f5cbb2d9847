//! The loop: who may close it, with what evidence, and what each side sees of it (S7).

use chrono::{DateTime, Utc};

use super::referral::{Closing, State};
use super::refusal::Why;
use super::words::{Confirmer, DisputeSharing, FollowUp, Kind, Loop, Served, Side, Status};
use crate::packs::Sensitivity;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::rules::action::Action;
    use crate::referrals::rules::referral::Actor;
    use crate::referrals::rules::scene::{Scene, outcome};

    fn served(sensitivity: Sensitivity, served: Served) -> Scene {
        let mut scene = Scene::draft(Kind::Partner, sensitivity);
        scene.state.terms.served = served;
        scene.does(&Actor::AUTHOR, &scene.submit(crate::referrals::words::Priority::Normal));
        scene.does(&Actor::RECEIVER, &Action::Accept);
        scene.does(&Actor::RECEIVER, &Action::Complete { outcome: outcome() });
        scene
    }

    fn asked(scene: &mut Scene, receipt: Receipt) -> Loop {
        scene.does(&Actor::AUTHOR, &Action::ConfirmReceipt(receipt));
        scene.state.closing.state
    }

    #[test]
    fn s07_only_the_persons_own_side_verifies() {
        use Confirmer::{AccompanyingWorker, Caregiver, Child, HeadOfHousehold, Person};
        use Sensitivity::{Protected, Restricted, Standard};
        for (confirmer, sensitivity, whom, expected) in [
            (Person, Restricted, Served::Persons, Ok(())),
            (Child, Protected, Served::Persons, Ok(())),
            (AccompanyingWorker, Protected, Served::Persons, Ok(())),
            (Caregiver, Standard, Served::Persons, Ok(())),
            (Caregiver, Protected, Served::Persons, Err(Why::CaregiverCannotVerify)),
            (Caregiver, Restricted, Served::Persons, Err(Why::CaregiverCannotVerify)),
            (HeadOfHousehold, Standard, Served::Household, Ok(())),
            (HeadOfHousehold, Standard, Served::Persons, Err(Why::HeadCannotVerify)),
            (HeadOfHousehold, Protected, Served::Household, Err(Why::HeadCannotVerify)),
        ] {
            let scene = served(sensitivity, whom);
            let tried = scene.tries(&Actor::AUTHOR, &Action::ConfirmReceipt(Receipt::Received(confirmer)));
            assert_eq!(tried.map(|_| ()).map_err(|refused| refused.why), expected, "{confirmer} {sensitivity:?}");
        }
        let provider = served(Standard, Served::Persons);
        let own_claim = Action::ConfirmReceipt(Receipt::Received(Person));
        assert_eq!(provider.refuses(&Actor::RECEIVER, &own_claim).why, Why::NotYourSide);
    }

    #[test]
    fn s07_three_tries_and_then_unreachable_for_good() {
        let mut scene = served(Sensitivity::Standard, Served::Persons);
        assert_eq!(asked(&mut scene, Receipt::NoAnswer), Loop::Open);
        assert_eq!(asked(&mut scene, Receipt::NoAnswer), Loop::Open);
        assert_eq!(asked(&mut scene, Receipt::NoAnswer), Loop::Unreachable);
        scene.does(&Actor::AUTHOR, &Action::ReopenLoop { reason: "she came by".into() });
        assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::ConfirmReceipt(Receipt::NoAnswer)).why, Why::TriesUsedUp);
        assert_eq!(asked(&mut scene, Receipt::Received(Confirmer::Person)), Loop::Verified);
    }

    #[test]
    fn s07_the_provider_can_not_tell_a_dispute_from_silence() {
        let mut scene = served(Sensitivity::Standard, Served::Persons);
        let before = seen_by(&scene.state, Side::To);
        assert_eq!(asked(&mut scene, Receipt::NotReceived(Confirmer::Person)), Loop::Disputed);
        assert_eq!((seen_by(&scene.state, Side::To), seen_by(&scene.state, Side::From)), (before, Loop::Disputed));
        assert_eq!(scene.log.last().and_then(|made| made.seen_by(Side::To)), None);
        scene.state.terms.dispute_sharing = DisputeSharing::Agreed;
        assert_eq!(seen_by(&scene.state, Side::To), Loop::Disputed);
    }

    #[test]
    fn s07_who_agreed_not_to_be_asked_is_not() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.state.terms.follow_up = Some(FollowUp::DoNotAsk);
        scene.does(&Actor::RECEIVER, &Action::Accept);
        scene.does(&Actor::RECEIVER, &Action::Complete { outcome: outcome() });
        assert_eq!(scene.state.closing.state, Loop::NotAsked);
    }

    #[test]
    fn what_was_not_served_needs_no_asking_and_can_be_mended() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::RECEIVER, &Action::Decline { reason: "no_capacity".into() });
        assert_eq!(scene.state.closing.state, Loop::NotServed);
        scene.does(&Actor::AUTHOR, &Action::ReopenLoop { reason: "they did help".into() });
        assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::ConfirmReceipt(Receipt::ProviderOnly)).why, Why::NotCompleted);
        assert_eq!(asked(&mut scene, Receipt::NotReceived(Confirmer::Person)), Loop::NotServed);
    }

    #[test]
    fn s06_an_automatic_answer_counts_only_where_the_person_chose_the_channel() {
        let mut scene = served(Sensitivity::Standard, Served::Persons);
        let own_word = Action::ConfirmReceipt(Receipt::Received(Confirmer::Person));
        assert_eq!(scene.refuses(&Actor::SYSTEM, &own_word).why, Why::AgreedOtherwise);
        scene.state.terms.follow_up = Some(FollowUp::Portal);
        assert!(scene.tries(&Actor::SYSTEM, &own_word).is_ok());
        scene.state.terms.sensitivity = Sensitivity::Restricted;
        assert_eq!(scene.refuses(&Actor::SYSTEM, &own_word).why, Why::AgreedOtherwise);
    }
}
