//! Whose move it is, what they are asked to do and by when: one answer for every page, reminder and escalation.

use chrono::{DateTime, Utc};

use super::codes::coded;
use super::deadlines::{Alarms, Watch};
use super::referral::State;
use super::words::{Kind, LaterReview, Loop, Pace, Priority, Sequel, Sharing, Side, Status, Step};
use crate::packs::Period;
use crate::tasks::clock;

coded! {
    /// What somebody is asked to do next.
    Awaited {
        /// The author finishes and sends the draft.
        FinishDraft = "finish_draft",
        /// The author sends what a colleague approved.
        SendApproved = "send_approved",
        /// A colleague approves or returns it.
        Review = "review",
        /// A colleague looks at an emergency that was sent without review.
        ReviewEmergency = "review_emergency",
        Acknowledge = "acknowledge",
        Decide = "decide",
        /// The sender finds out whether the person went.
        AskWhetherWent = "ask_whether_went",
        ScheduleOrStart = "schedule_or_start",
        /// The appointment is still to come.
        Appointment = "appointment",
        /// The appointment is past, and nobody has said what happened.
        ReportAppointment = "report_appointment",
        /// The last appointment was missed or called off.
        NewAppointment = "new_appointment",
        ReportOutcome = "report_outcome",
        OfferPlace = "offer_place",
        /// The receiver can't reach the person, and the sender knows them.
        HelpReachPerson = "help_reach_person",
        AnswerCancellation = "answer_cancellation",
        ConfirmDeletion = "confirm_deletion",
        /// Nobody outside can be asked by mail to delete the copies: the sender asks.
        AskToDelete = "ask_to_delete",
        /// The letter came back: the sender writes again, or calls.
        WriteAgain = "write_again",
        AskPerson = "ask_person",
        ResolveDispute = "resolve_dispute",
        /// After a refusal the sender refers elsewhere, or talks with the person.
        SeekAnother = "seek_another",
        /// Sharing was stopped, and whoever was asked can no longer answer: the sender decides what happens now.
        DecideAfterWithdrawal = "decide_after_withdrawal",
        Nothing = "nothing",
    }
}

/// Whose move it is, what is awaited, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextMove {
    /// The side; nobody when nothing is awaited.
    pub side: Option<Side>,
    /// What is awaited.
    pub what: Awaited,
    /// Since when, for reminders.
    pub since: Option<DateTime<Utc>>,
    /// By when; a draft has no deadline.
    pub due: Option<DateTime<Utc>>,
}

/// The most pressing of all that is awaited.
pub fn next_move(state: &State, watch: &Watch<'_>, now: DateTime<Utc>) -> NextMove {
    let nothing = NextMove { side: None, what: Awaited::Nothing, since: None, due: None };
    all_moves(state, watch, now).into_iter().min_by_key(|next| next.due.unwrap_or(DateTime::<Utc>::MAX_UTC)).unwrap_or(nothing)
}

/// Everything that is awaited: the referral's own next step, and beside it a deletion or a later review.
pub fn all_moves(state: &State, watch: &Watch<'_>, now: DateTime<Utc>) -> Vec<NextMove> {
    let mut found: Vec<NextMove> = main_move(state, watch, now).into_iter().collect();
    if state.sharing == Sharing::DeletionAsked {
        let (side, what) = match state.is_recalled_by_hand() {
            true => (Side::From, Awaited::AskToDelete),
            false => (Side::To, Awaited::ConfirmDeletion),
        };
        found.push(watch.wait(side, what, state.times.deletion_asked, watch.clocks.deletion));
    }
    if state.later_review == LaterReview::Owed && state.status != Status::EnteredInError {
        found.push(watch.wait(Side::From, Awaited::ReviewEmergency, state.times.sent, watch.clocks.later_review));
    }
    if state.sequel == Sequel::Owed && matches!(state.status, Status::Rejected | Status::Failed) {
        found.push(watch.wait(Side::From, Awaited::SeekAnother, state.times.ended, watch.clocks.dispute));
    }
    found
}

/// When the outcome is due: as typed, or by the clock of the priority.
pub fn outcome_due(state: &State, watch: &Watch<'_>) -> Option<DateTime<Utc>> {
    let period = match state.terms.priority {
        Priority::Emergency => watch.clocks.emergency,
        Priority::Urgent => watch.clocks.urgent,
        Priority::Normal => watch.clocks.normal,
    };
    state.terms.due_at.or_else(|| state.times.sent.map(|sent| clock::due(period, sent, watch.to)))
}

impl NextMove {
    /// When this deadline makes itself heard; a side without a deadline is left in peace.
    pub fn alarms(&self, watch: &Watch<'_>) -> Option<Alarms> {
        let (since, due_at) = (self.since?, self.due?);
        let calendar = watch.calendar(self.side?);
        Some(Alarms {
            remind_at: clock::remind_at(since, due_at, watch.clocks.reminder, calendar),
            due_at,
            escalate_at: clock::due(watch.clocks.escalation, due_at, calendar),
        })
    }
}

impl Watch<'_> {
    fn wait(&self, side: Side, what: Awaited, since: Option<DateTime<Utc>>, period: Period) -> NextMove {
        let due = since.map(|start| clock::due(period, start, self.calendar(side)));
        NextMove { side: Some(side), what, since, due }
    }
}

fn main_move(state: &State, watch: &Watch<'_>, now: DateTime<Utc>) -> Option<NextMove> {
    match state.status {
        _ if is_left_to_the_sender(state) => {
            let asked = state.times.deletion_asked;
            Some(watch.wait(Side::From, Awaited::DecideAfterWithdrawal, asked, watch.clocks.dispute))
        }
        Status::Draft => draft_move(state),
        Status::Requested => Some(request_move(state, watch)),
        Status::Accepted | Status::InProgress | Status::OnHold => Some(running_move(state, watch, now)),
        Status::Completed | Status::Rejected | Status::Failed | Status::Cancelled => loop_move(state, watch),
        Status::EnteredInError => None,
    }
}

// After a withdrawal nobody decides on what they may not read, and an answer link is closed (S4).
fn is_left_to_the_sender(state: &State) -> bool {
    let unanswerable = state.status == Status::Requested || state.terms.kind == Kind::External && state.status.is_running();
    unanswerable && state.sharing != Sharing::Open && state.terms.kind != Kind::SelfReferral
}

fn draft_move(state: &State) -> Option<NextMove> {
    let what = match state.step {
        Step::Discarded => return None,
        Step::InReview => Awaited::Review,
        Step::Approved => Awaited::SendApproved,
        _ => Awaited::FinishDraft,
    };
    Some(NextMove { side: Some(Side::From), what, since: state.times.last, due: None })
}

fn request_move(state: &State, watch: &Watch<'_>) -> NextMove {
    let due = outcome_due(state, watch);
    if state.terms.kind == Kind::SelfReferral {
        return NextMove { side: Some(Side::From), what: Awaited::AskWhetherWent, since: state.times.sent, due };
    }
    if state.is_copy_lost() {
        let next = watch.wait(Side::From, Awaited::WriteAgain, state.times.copy_lost, watch.clocks.later_review);
        return NextMove { due: [next.due, due].into_iter().flatten().min(), ..next };
    }
    let urgently = state.terms.pace == Pace::SameDay;
    let (what, period) = match (state.step, urgently) {
        (Step::Acknowledged, true) => (Awaited::Decide, watch.clocks.decide_urgently),
        (Step::Acknowledged, false) => (Awaited::Decide, watch.clocks.decide),
        (_, true) => (Awaited::Acknowledge, watch.clocks.acknowledge_urgently),
        (_, false) => (Awaited::Acknowledge, watch.clocks.acknowledge),
    };
    let next = watch.wait(Side::To, what, state.times.sent, period);
    // An answer after the date by which the service was needed helps nobody.
    NextMove { due: [next.due, due].into_iter().flatten().min(), ..next }
}

fn running_move(state: &State, watch: &Watch<'_>, now: DateTime<Utc>) -> NextMove {
    if state.is_cancellation_pending() {
        let asked = state.times.cancellation_asked;
        return watch.wait(Side::To, Awaited::AnswerCancellation, asked, watch.clocks.cancellation);
    }
    let due = outcome_due(state, watch);
    let since = state.times.last.or(state.times.sent);
    // A self-referral has no receiver, so what a receiver would do is the sender's to find out.
    let receiver = if state.terms.kind == Kind::SelfReferral { Side::From } else { Side::To };
    let (side, what, due) = match (state.step, state.appointment_at) {
        (Step::Scheduled | Step::Rescheduled, Some(at)) if at > now => {
            (receiver, Awaited::Appointment, [Some(at), due].into_iter().flatten().min())
        }
        (Step::Scheduled | Step::Rescheduled, at) => (receiver, Awaited::ReportAppointment, at.or(due)),
        (Step::NoShow | Step::AppointmentCancelled, _) => (receiver, Awaited::NewAppointment, due),
        (Step::Waitlisted, _) => (receiver, Awaited::OfferPlace, due),
        (Step::PersonUnreachable, _) => (Side::From, Awaited::HelpReachPerson, due),
        _ if state.status == Status::Accepted => (receiver, Awaited::ScheduleOrStart, due),
        _ => (receiver, Awaited::ReportOutcome, due),
    };
    NextMove { side: Some(side), what, since, due }
}

fn loop_move(state: &State, watch: &Watch<'_>) -> Option<NextMove> {
    let since = state.closing.changed_at.or(state.times.ended);
    match state.closing.state {
        Loop::Open => {
            let mut next = watch.wait(Side::From, Awaited::AskPerson, since, watch.clocks.follow_up);
            // Nobody asks on a day of rest; the next working day serves the person better than a date in red.
            next.due = next.due.map(|due| due.max(watch.from.start_of(watch.from.working_day_from(watch.from.date(due)))));
            Some(next)
        }
        Loop::Disputed => Some(watch.wait(Side::From, Awaited::ResolveDispute, since, watch.clocks.dispute)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Sensitivity;
    use crate::referrals::rules::action::Action;
    use crate::referrals::rules::deadlines::Clocks;
    use crate::referrals::rules::loop_state::Receipt;
    use crate::referrals::rules::referral::Actor;
    use crate::referrals::rules::scene::{Scene, outcome};
    use crate::referrals::rules::words::{Confirmer, Extent, Source};
    use crate::tasks::calendar::Calendar;
    use chrono::{TimeDelta, Weekday};

    // Wednesday 20 May 2026, noon in Amman; the receiver rests on Friday and Saturday, the sender on the other weekend.
    fn expect(scene: &Scene, side: Side, what: Awaited, due: &str) {
        let to = Calendar::new(chrono_tz::Asia::Amman, &[Weekday::Fri, Weekday::Sat], []).unwrap();
        let from = Calendar::new(chrono_tz::Europe::Rome, &[Weekday::Sat, Weekday::Sun], []).unwrap();
        let clocks = Clocks::default();
        let watch = Watch { clocks: &clocks, from: &from, to: &to };
        let next = next_move(&scene.state, &watch, scene.now);
        assert_eq!((next.side, next.what), (Some(side), what));
        assert_eq!(next.due, due.parse().ok(), "{what}");
        let alarms = next.alarms(&watch);
        assert!(alarms.is_none_or(|rings| rings.remind_at <= rings.due_at && rings.due_at < rings.escalate_at));
    }

    #[test]
    fn each_state_says_whose_move_it_is_and_by_when() {
        let mut scene = Scene::draft(Kind::Partner, Sensitivity::Standard);
        expect(&scene, Side::From, Awaited::FinishDraft, "none");
        scene.does(&Actor::AUTHOR, &scene.submit(Priority::Normal));
        expect(&scene, Side::To, Awaited::Acknowledge, "2026-05-24T20:59:59Z");
        scene.does(&Actor::RECEIVER, &Action::Acknowledge);
        expect(&scene, Side::To, Awaited::Decide, "2026-05-27T20:59:59Z");
        scene.does(&Actor::RECEIVER, &Action::Accept);
        let due = "2026-06-03T09:00:00Z";
        expect(&scene, Side::To, Awaited::ScheduleOrStart, due);
        let appointment = scene.now + TimeDelta::hours(5);
        scene.does(&Actor::RECEIVER, &Action::Schedule { at: appointment });
        expect(&scene, Side::To, Awaited::Appointment, &appointment.to_rfc3339());
        scene.now = appointment + TimeDelta::hours(1);
        expect(&scene, Side::To, Awaited::ReportAppointment, &appointment.to_rfc3339());
        scene.does(&Actor::RECEIVER, &Action::NoShow);
        expect(&scene, Side::To, Awaited::NewAppointment, due);
        scene.does(&Actor::RECEIVER, &Action::HoldUnreachable);
        expect(&scene, Side::From, Awaited::HelpReachPerson, due);
        scene.does(&Actor::RECEIVER, &Action::Resume);
        expect(&scene, Side::To, Awaited::ReportOutcome, due);
    }

    #[test]
    fn a_reviewed_draft_is_its_authors_again() {
        for (answer, what) in [
            (Action::Approve, Awaited::SendApproved),
            (Action::Return { reason: "Say since when.".into() }, Awaited::FinishDraft),
        ] {
            let mut scene = Scene::draft(Kind::Partner, Sensitivity::Standard);
            scene.does(&Actor::AUTHOR, &Action::SendForReview);
            expect(&scene, Side::From, Awaited::Review, "none");
            scene.does(&Actor::COLLEAGUE, &answer);
            expect(&scene, Side::From, what, "none");
        }
    }

    #[test]
    fn an_appointment_after_the_due_date_does_not_move_the_due_date() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::RECEIVER, &Action::Accept);
        let late = scene.now + TimeDelta::days(60);
        scene.does(&Actor::RECEIVER, &Action::Schedule { at: late });
        expect(&scene, Side::To, Awaited::Appointment, "2026-06-03T09:00:00Z");
    }

    #[test]
    fn after_a_refusal_it_is_the_senders_move_until_a_decision_is_noted() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::RECEIVER, &Action::Decline { reason: "no_capacity".into() });
        expect(&scene, Side::From, Awaited::SeekAnother, "2026-05-22T21:59:59Z");
        scene.does(&Actor::AUTHOR, &Action::NoteDecision { reason: "She waits for a place.".into() });
        assert_eq!(scene.log.last().and_then(|made| made.seen_by(Side::To)), None);
        let again = Action::NoteDecision { reason: "twice".into() };
        assert_eq!(scene.refuses(&Actor::AUTHOR, &again).why, crate::referrals::refusal::Why::NothingOwed);
    }

    #[test]
    fn after_the_outcome_the_sender_asks_on_a_working_day() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::RECEIVER, &Action::Accept);
        // Saturday: seven days on is a Saturday, on which the sender rests.
        scene.now = "2026-05-23T10:00:00Z".parse().unwrap();
        scene.does(&Actor::RECEIVER, &Action::Complete { outcome: outcome() });
        let monday = "2026-05-31T22:00:00Z";
        expect(&scene, Side::From, Awaited::AskPerson, monday);
        scene.does(&Actor::AUTHOR, &Action::ConfirmReceipt(Receipt::NotReceived(Confirmer::Person)));
        expect(&scene, Side::From, Awaited::ResolveDispute, "2026-05-26T21:59:59Z");
    }

    #[test]
    fn s02_an_emergency_is_answered_the_same_day_and_reviewed_the_next() {
        let mut scene = Scene::draft(Kind::Partner, Sensitivity::Standard);
        scene.does(&Actor::AUTHOR, &scene.submit(Priority::Emergency));
        expect(&scene, Side::To, Awaited::Acknowledge, "2026-05-20T20:59:59Z");
        scene.does(&Actor::RECEIVER, &Action::ServeNow { outcome: outcome() });
        expect(&scene, Side::From, Awaited::ReviewEmergency, "2026-05-21T21:59:59Z");
    }

    #[test]
    fn s04_the_receiver_answers_within_five_days_that_it_deleted_its_copies() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::EndService });
        let asked = scene.state.times.deletion_asked.unwrap();
        expect(&scene, Side::To, Awaited::ConfirmDeletion, &(asked + TimeDelta::days(5)).to_rfc3339());
    }

    #[test]
    fn a_letter_that_came_back_is_the_senders_move_until_somebody_answers() {
        let mut scene = Scene::sent(Kind::External);
        scene.state.times.copy_lost = Some(scene.now);
        expect(&scene, Side::From, Awaited::WriteAgain, "2026-05-21T21:59:59Z");
        // Called instead: they have it now.
        scene.does(&Actor::AUTHOR.on_behalf(Source::Phone), &Action::Acknowledge);
        assert!(!scene.state.is_copy_lost());
    }

    #[test]
    fn s04_whoever_can_not_be_asked_by_mail_is_asked_by_the_sender_within_five_days() {
        let mut scene = Scene::sent(Kind::External);
        scene.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::EndService });
        let asked = scene.state.times.deletion_asked.unwrap();
        let due = (asked + TimeDelta::days(5)).to_rfc3339();
        expect(&scene, Side::To, Awaited::ConfirmDeletion, &due);
        scene.state.times.deletion_by_hand = Some(asked);
        expect(&scene, Side::From, Awaited::AskToDelete, &due);
    }

    #[test]
    fn s04_where_sharing_alone_stops_the_sender_decides_and_no_answer_is_awaited() {
        let mut scene = Scene::sent(Kind::Partner);
        scene.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::StopSharing });
        expect(&scene, Side::From, Awaited::DecideAfterWithdrawal, "2026-05-22T21:59:59Z");
        // Who has taken the person on goes on serving them.
        let mut served = Scene::sent(Kind::Partner);
        served.does(&Actor::RECEIVER, &Action::Accept);
        served.does(&Actor::SYSTEM, &Action::Withdraw { extent: Extent::StopSharing });
        let asked = served.state.times.deletion_asked.unwrap();
        expect(&served, Side::To, Awaited::ConfirmDeletion, &(asked + TimeDelta::days(5)).to_rfc3339());
    }
}
