//! What an actor could do now, for pages and for programs: the pure rules, narrowed by the actor's rights.

use chrono::{DateTime, Utc};

use super::moves;
use super::referral::{Actor, State};
use super::sides::Rights;
use super::words::{Act, Kind, Side, Source};

/// The acts possible in a state for this actor with these rights at this moment, in the order of the list of acts.
pub fn possible(state: &State, by: Actor, rights: Rights, now: DateTime<Utc>) -> Vec<Act> {
    // An answer that the sender records for an organisation without account needs its source, which the form asks for.
    let side = by.side;
    let on_behalf = (side == Side::From && state.terms.kind == Kind::External).then_some(Source::Phone);
    let actor = Actor { on_behalf, ..by };
    let fits = |act: &Act| rights.allow(*act, side) && (side == Side::From || fits_kind(state.terms.kind, *act));
    // Nobody has missed an appointment that has not come yet.
    let due = |act: &Act| *act != Act::NoShow || state.appointment_at.is_none_or(|appointment| appointment <= now);
    moves::offered(state, &actor).into_iter().filter(|act| fits(act) && due(act)).collect()
}

/// Whether the receiver may do this with a referral of this kind. A transfer notice asks for one thing, that the case be taken over, and that
/// has a page of its own; beside it the receiver confirms receipt, declines, gives it to a colleague.
pub fn fits_kind(kind: Kind, act: Act) -> bool {
    const OF_A_NOTICE: &[Act] =
        &[Act::Acknowledge, Act::Decline, Act::Assign, Act::Fail, Act::ConfirmCancellation, Act::ConfirmDeletion, Act::Message];
    kind != Kind::TransferNotice || OF_A_NOTICE.contains(&act)
}

/// The one act that moves the referral on: the page's primary button.
pub fn primary(possible: &[Act]) -> Option<Act> {
    const ORDER: &[Act] = &[
        Act::Approve,
        Act::Submit,
        Act::SendForReview,
        Act::ServeNow,
        Act::ConfirmCancellation,
        Act::ConfirmDeletion,
        Act::Accept,
        Act::Acknowledge,
        Act::Start,
        Act::Resume,
        Act::Complete,
        Act::ConfirmReceipt,
    ];
    ORDER.iter().copied().find(|act| possible.contains(act))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Sensitivity;
    use crate::referrals::rules::scene::Scene;
    use crate::referrals::words::{Status, Step};

    const WRITER: Rights = Rights { write: true, review: false, answer: false, assign: false, reads_from: true, reads_to: false };
    const ANSWERER: Rights =
        Rights { write: false, review: false, answer: true, assign: false, reads_from: false, reads_to: true };

    fn now() -> DateTime<Utc> {
        "2026-05-20T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn nobody_is_said_not_to_have_come_before_the_appointment() {
        let mut scene = Scene::sent(Kind::Partner);
        for (appointment, offered) in [(now() + chrono::TimeDelta::hours(1), false), (now(), true)] {
            (scene.state.status, scene.state.step) = (Status::Accepted, Step::Scheduled);
            scene.state.appointment_at = Some(appointment);
            let acts = possible(&scene.state, Actor::RECEIVER, ANSWERER, now());
            assert_eq!(acts.contains(&Act::NoShow), offered, "{appointment}");
            assert!(acts.contains(&Act::Reschedule));
        }
    }

    #[test]
    fn each_side_is_offered_its_own_acts_only() {
        let sent = Scene::sent(Kind::Partner);
        let sender = possible(&sent.state, Actor::AUTHOR, WRITER, now());
        let receiver = possible(&sent.state, Actor::RECEIVER, ANSWERER, now());
        assert!(sender.contains(&Act::Cancel) && !sender.contains(&Act::Accept));
        assert!(receiver.contains(&Act::Accept) && !receiver.contains(&Act::Cancel));
        assert_eq!(primary(&receiver), Some(Act::Accept));
    }

    #[test]
    fn without_the_right_nothing_is_offered() {
        let draft = Scene::draft(Kind::Partner, Sensitivity::Standard);
        assert_eq!(possible(&draft.state, Actor::AUTHOR, Rights::default(), now()), []);
        assert!(!possible(&draft.state, Actor::AUTHOR, WRITER, now()).contains(&Act::Approve));
    }

    #[test]
    fn a_notice_is_taken_over_or_declined_and_never_accepted_or_served() {
        let notice = Scene::sent(Kind::TransferNotice);
        let receiver = possible(&notice.state, Actor::RECEIVER, ANSWERER, now());
        assert!(receiver.contains(&Act::Acknowledge) && receiver.contains(&Act::Decline));
        assert!(!receiver.contains(&Act::Accept) && !receiver.contains(&Act::ServeNow));
    }
}
