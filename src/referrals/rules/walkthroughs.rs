//! The table of DOMAIN section 3 by example; `properties` goes through all of it.

use chrono::TimeDelta;

use super::action::{Action, Consent};
use super::moves::offered;
use super::referral::Actor;
use super::refusal::Why;
use super::scene::{Scene, other, outcome};
use super::words::{Act, Approval, Extent, Kind, Loop, Priority, Sharing, Side, Source, Status, Step};
use crate::packs::Sensitivity;

fn complete() -> Action {
    Action::Complete { outcome: outcome() }
}

fn request_cancellation() -> Action {
    Action::RequestCancellation { reason: other() }
}

fn accepted() -> Scene {
    let mut scene = Scene::sent(Kind::Partner);
    scene.does(&Actor::RECEIVER, &Action::Accept);
    scene
}

fn goes(scene: &mut Scene, steps: &[(Action, Status, Step)]) {
    for (action, status, step) in steps {
        scene.does(&Actor::RECEIVER, action);
        assert_eq!((scene.state.status, scene.state.step), (*status, *step), "{}", action.act());
    }
}

#[test]
fn a_referral_goes_from_draft_to_a_closed_loop() {
    let mut scene = Scene::sent(Kind::Partner);
    let (running, held) = (Status::InProgress, Status::OnHold);
    let steps = [
        (Action::Acknowledge, Status::Requested, Step::Acknowledged),
        (Action::Accept, Status::Accepted, Step::Assigned),
        (Action::Waitlist { expected_on: None }, held, Step::Waitlisted),
        (Action::Resume, running, Step::Started),
        (Action::VisitCompleted, running, Step::VisitCompleted),
        (Action::InterimNote, running, Step::VisitCompleted),
        (Action::HoldUnreachable, held, Step::PersonUnreachable),
        (Action::Resume, running, Step::Started),
        (complete(), Status::Completed, Step::Ended),
    ];
    goes(&mut scene, &steps);
    assert_eq!(scene.state.closing.state, Loop::Open);
    scene.confirms();
    assert_eq!(scene.state.closing.state, Loop::Verified);
    assert_eq!(scene.log.len(), 11);
}

#[test]
fn an_appointment_is_moved_missed_called_off_and_made_again() {
    let mut scene = accepted();
    let at = scene.now + TimeDelta::hours(9);
    let early = Action::NoShow;
    let steps = [
        (Action::Schedule { at }, Status::Accepted, Step::Scheduled),
        (Action::Reschedule { at }, Status::Accepted, Step::Rescheduled),
        (Action::AppointmentCancelled, Status::Accepted, Step::AppointmentCancelled),
        (Action::Schedule { at }, Status::Accepted, Step::Scheduled),
    ];
    goes(&mut scene, &steps);
    assert_eq!(scene.refuses(&Actor::RECEIVER, &early).why, Why::AppointmentNotYet);
    goes(&mut scene, &[(early, Status::Accepted, Step::NoShow)]);
    let past = Action::Schedule { at };
    assert_eq!(scene.refuses(&Actor::RECEIVER, &past).why, Why::AppointmentInPast);
}

fn refused(scene: &Scene, cases: &[(Actor, Action, Why)]) {
    for (by, action, why) in cases {
        let refused = scene.refuses(by, action);
        assert_eq!(refused.why, *why, "{refused}");
        assert_eq!((refused.status, refused.step), (scene.state.status, scene.state.step));
    }
}

#[test]
fn before_acceptance_only_the_answer_or_a_cancellation_is_possible() {
    let cases = [
        (Actor::RECEIVER, Action::Start, Why::NotYetAccepted),
        (Actor::RECEIVER, complete(), Why::NotYetAccepted),
        (Actor::AUTHOR, Action::Edit, Why::AlreadySent),
        (Actor::AUTHOR, Action::Accept, Why::ReceiverAnswersItself),
        (Actor::AUTHOR, request_cancellation(), Why::CancelAtOnce),
        (Actor::RECEIVER, Action::Cancel { reason: other() }, Why::NotYourSide),
        (Actor::RECEIVER, Action::Decline { reason: " ".into() }, Why::ReasonNeeded),
        (Actor::RECEIVER, Action::ServeNow { outcome: outcome() }, Why::EmergencyOnly),
    ];
    refused(&Scene::sent(Kind::Partner), &cases);
}

#[test]
fn after_acceptance_nobody_goes_back_and_after_the_end_nobody_goes_on() {
    let mut scene = accepted();
    let decline = Action::Decline { reason: other() };
    let text = scene.refuses(&Actor::RECEIVER, &decline).to_string();
    assert_eq!(text, "cannot decline: the referral is accepted (assigned): already_accepted");
    let cases = [
        (Actor::AUTHOR, Action::Cancel { reason: other() }, Why::HandshakeNeeded),
        (Actor::RECEIVER, Action::NoShow, Why::NotFromHere),
        (Actor::RECEIVER, Action::Resume, Why::NotFromHere),
    ];
    refused(&scene, &cases);
    scene.does(&Actor::RECEIVER, &complete());
    let cases = [
        (Actor::RECEIVER, Action::Start, Why::AlreadyEnded),
        (Actor::AUTHOR, Action::PersonNoLongerWants, Why::AlreadyEnded),
        (Actor::AUTHOR, Action::ReopenLoop { reason: other() }, Why::LoopOpen),
        (Actor::AUTHOR, Action::Amend { consent: Consent::Covers }, Why::AlreadyEnded),
    ];
    refused(&scene, &cases);
}

#[test]
fn an_author_never_reviews_their_own_and_an_edit_undoes_the_approval() {
    let mut scene = Scene::draft(Kind::Partner, Sensitivity::Standard);
    scene.state.terms.approval = Approval::Needed;
    assert_eq!(scene.refuses(&Actor::AUTHOR, &scene.submit(Priority::Normal)).why, Why::ApprovalNeeded);
    scene.does(&Actor::AUTHOR, &Action::SendForReview);
    assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::Approve).why, Why::OwnReview);
    assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::Edit).why, Why::InReview);
    scene.does(&Actor::COLLEAGUE, &Action::Return { reason: "unclear".into() });
    scene.does(&Actor::AUTHOR, &Action::SendForReview);
    scene.does(&Actor::COLLEAGUE, &Action::Approve);
    scene.does(&Actor::AUTHOR, &Action::Edit);
    assert!(!offered(&scene.state, &Actor::AUTHOR).contains(&Act::Submit));
}

#[test]
fn a_cancellation_after_acceptance_is_confirmed_or_won_whichever_comes_first() {
    let mut scene = Scene::sent(Kind::Partner);
    scene.does(&Actor::RECEIVER, &Action::Accept);
    scene.does(&Actor::AUTHOR, &request_cancellation());
    assert_eq!(scene.refuses(&Actor::RECEIVER, &Action::Start).why, Why::CancellationPending);
    let (mut confirmed, mut won) = (scene.clone(), scene);
    confirmed.does(&Actor::RECEIVER, &Action::ConfirmCancellation);
    assert_eq!(confirmed.state.closing.state, Loop::NotServed);
    assert_eq!(confirmed.refuses(&Actor::RECEIVER, &Action::Complete { outcome: outcome() }).why, Why::AlreadyEnded);
    won.does(&Actor::RECEIVER, &Action::Complete { outcome: outcome() });
    assert_eq!(won.refuses(&Actor::RECEIVER, &Action::ConfirmCancellation).why, Why::AlreadyEnded);
}

#[test]
fn s02_served_now_writes_the_four_steps_and_the_review_is_owed() {
    let mut scene = Scene::draft(Kind::Partner, Sensitivity::Standard);
    scene.state.terms.approval = Approval::Needed;
    scene.does(&Actor::AUTHOR, &scene.submit(Priority::Emergency));
    scene.does(&Actor::RECEIVER, &Action::ServeNow { outcome: outcome() });
    let acts: Vec<Act> = scene.log.iter().skip(1).map(|made| made.act).collect();
    assert_eq!(acts, [Act::Acknowledge, Act::Accept, Act::Start, Act::Complete]);
    assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::Approve).why, Why::OwnReview);
    scene.does(&Actor::COLLEAGUE, &Action::Approve);
    assert_eq!(scene.state.status, Status::Completed);
}

#[test]
fn s04_a_withdrawal_stops_sharing_at_once_and_ends_the_service_only_if_asked() {
    let mut scene = Scene::sent(Kind::Partner);
    scene.does(&Actor::RECEIVER, &Action::Accept);
    scene.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::StopSharing });
    assert_eq!((scene.state.status, scene.state.sharing), (Status::Accepted, Sharing::DeletionAsked));
    assert_eq!(scene.refuses(&Actor::AUTHOR, &Action::Amend { consent: Consent::Covers }).why, Why::SharingStopped);
    scene.does(&Actor::RECEIVER, &Action::ConfirmDeletion);
    scene.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::EndService });
    assert_eq!((scene.state.status, scene.state.sharing), (Status::Cancelled, Sharing::DeletionConfirmed));
}

#[test]
fn s04_a_person_who_no_longer_wants_it_is_never_held() {
    let mut scene = Scene::sent(Kind::Partner);
    scene.does(&Actor::RECEIVER, &Action::Accept);
    scene.does(&Actor::AUTHOR, &request_cancellation());
    scene.does(&Actor::COLLEAGUE, &Action::PersonNoLongerWants);
    assert_eq!(scene.state.status, Status::Cancelled);
    let seen = scene.log.last().and_then(|made| made.seen_by(Side::To));
    assert_eq!(seen, Some((Act::Cancel, None)));
}

#[test]
fn the_sender_records_for_those_who_have_no_account_and_for_nobody_else() {
    let told = Actor::AUTHOR.on_behalf(Source::Phone);
    let mut external = Scene::sent(Kind::External);
    assert_eq!(external.refuses(&Actor::AUTHOR, &Action::Accept).why, Why::SourceNeeded);
    external.does(&told, &Action::Accept);
    external.does(&told, &Action::Complete { outcome: outcome() });
    assert_eq!(external.log.last().and_then(|made| made.on_behalf), Some(Source::Phone));
    assert_eq!(external.state.closing.state, Loop::Open);
    let partner = Scene::sent(Kind::Partner);
    assert_eq!(partner.refuses(&told, &Action::Accept).why, Why::ReceiverAnswersItself);

    let mut alone = Scene::sent(Kind::SelfReferral);
    assert_eq!(alone.refuses(&Actor::AUTHOR, &Action::Accept).why, Why::NoReceiver);
    assert_eq!(alone.refuses(&Actor::RECEIVER, &Action::Start).why, Why::NoReceiver);
    alone.does(&Actor::AUTHOR, &Action::Start);
    alone.does(&Actor::AUTHOR, &Action::Complete { outcome: outcome() });
    assert_eq!(alone.state.status, Status::Completed);
}
