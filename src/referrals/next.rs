//! Whose move it is, what they are asked to do and by when: one answer for every page, reminder and escalation.

use chrono::{DateTime, Utc};

use super::codes::coded;
use super::referral::State;
use super::words::{Kind, LaterReview, Loop, Pace, Priority, Sharing, Side, Status, Step};
use crate::tasks::calendar::Calendar;
use crate::tasks::clock::{self, Span};

coded! {
    /// What somebody is asked to do next.
    Awaited {
        /// The author finishes and sends the draft.
        FinishDraft = "finish_draft",
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
        AskPerson = "ask_person",
        ResolveDispute = "resolve_dispute",
        Nothing = "nothing",
    }
}

/// The deadlines of a referral; a pack changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// To acknowledge, from sending.
    pub acknowledge: Span,
    /// To acknowledge an emergency or a case at high risk.
    pub acknowledge_urgently: Span,
    /// To accept or decline, from sending.
    pub decide: Span,
    /// To accept or decline an emergency or a case at high risk.
    pub decide_urgently: Span,
    /// For the outcome of an emergency, where no due date was typed.
    pub emergency: Span,
    /// For the outcome of an urgent referral, where no due date was typed.
    pub urgent: Span,
    /// For any other outcome, where no due date was typed.
    pub normal: Span,
    /// To ask the person, from the outcome.
    pub follow_up: Span,
    /// To take up what the person disputes.
    pub dispute: Span,
    /// To answer a request to cancel.
    pub cancellation: Span,
    /// To confirm that copies were deleted after a withdrawal (S4).
    pub deletion: Span,
    /// To look at an emergency that skipped its review (S2).
    pub later_review: Span,
    /// How long before a deadline both sides are reminded.
    pub reminder: Span,
    /// How long after a deadline each side's supervisor hears of it.
    pub escalation: Span,
}

impl Default for Clocks {
    fn default() -> Clocks {
        Clocks {
            acknowledge: Span::WorkingDays(2),
            acknowledge_urgently: Span::SameDay,
            decide: Span::WorkingDays(5),
            decide_urgently: Span::SameDay,
            emergency: Span::Hours(24),
            urgent: Span::Hours(72),
            normal: Span::Weeks(2),
            follow_up: Span::Days(7),
            dispute: Span::WorkingDays(2),
            cancellation: Span::WorkingDays(2),
            deletion: Span::Days(5),
            later_review: Span::WorkingDays(1),
            reminder: Span::WorkingDays(1),
            escalation: Span::WorkingDays(1),
        }
    }
}

/// What deadlines are worked out with: the clocks, and each side's own calendar.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// The deadlines.
    pub clocks: &'a Clocks,
    /// The sending unit's working days.
    pub from: &'a Calendar,
    /// The receiving unit's working days.
    pub to: &'a Calendar,
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

/// When a deadline makes itself heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarms {
    /// Both sides are reminded.
    pub remind_at: DateTime<Utc>,
    /// Both sides are told that it is due.
    pub due_at: DateTime<Utc>,
    /// Each side's supervisor is told that it is past.
    pub escalate_at: DateTime<Utc>,
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
        found.push(watch.wait(Side::To, Awaited::ConfirmDeletion, state.times.deletion_asked, watch.clocks.deletion));
    }
    if state.later_review == LaterReview::Owed && state.status != Status::EnteredInError {
        found.push(watch.wait(Side::From, Awaited::ReviewEmergency, state.times.sent, watch.clocks.later_review));
    }
    found
}

/// When the outcome is due: as typed, or by the clock of the priority.
pub fn outcome_due(state: &State, watch: &Watch<'_>) -> Option<DateTime<Utc>> {
    let span = match state.terms.priority {
        Priority::Emergency => watch.clocks.emergency,
        Priority::Urgent => watch.clocks.urgent,
        Priority::Normal => watch.clocks.normal,
    };
    state.terms.due_at.or_else(|| state.times.sent.map(|sent| clock::due(span, sent, watch.to)))
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

impl<'a> Watch<'a> {
    /// The calendar of a side.
    pub fn calendar(&self, side: Side) -> &'a Calendar {
        if side == Side::To { self.to } else { self.from }
    }

    fn wait(&self, side: Side, what: Awaited, since: Option<DateTime<Utc>>, span: Span) -> NextMove {
        let due = since.map(|start| clock::due(span, start, self.calendar(side)));
        NextMove { side: Some(side), what, since, due }
    }
}

fn main_move(state: &State, watch: &Watch<'_>, now: DateTime<Utc>) -> Option<NextMove> {
    match state.status {
        Status::Draft => draft_move(state),
        Status::Requested => Some(request_move(state, watch)),
        Status::Accepted | Status::InProgress | Status::OnHold => Some(running_move(state, watch, now)),
        Status::Completed | Status::Rejected | Status::Failed | Status::Cancelled => loop_move(state, watch),
        Status::EnteredInError => None,
    }
}

fn draft_move(state: &State) -> Option<NextMove> {
    let what = match state.step {
        Step::Discarded => return None,
        Step::InReview => Awaited::Review,
        _ => Awaited::FinishDraft,
    };
    Some(NextMove { side: Some(Side::From), what, since: state.times.last, due: None })
}

fn request_move(state: &State, watch: &Watch<'_>) -> NextMove {
    let due = outcome_due(state, watch);
    if state.terms.kind == Kind::SelfReferral {
        return NextMove { side: Some(Side::From), what: Awaited::AskWhetherWent, since: state.times.sent, due };
    }
    let urgently = state.terms.pace == Pace::SameDay;
    let (what, span) = match (state.step, urgently) {
        (Step::Acknowledged, true) => (Awaited::Decide, watch.clocks.decide_urgently),
        (Step::Acknowledged, false) => (Awaited::Decide, watch.clocks.decide),
        (_, true) => (Awaited::Acknowledge, watch.clocks.acknowledge_urgently),
        (_, false) => (Awaited::Acknowledge, watch.clocks.acknowledge),
    };
    let next = watch.wait(Side::To, what, state.times.sent, span);
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
        (Step::Scheduled | Step::Rescheduled, Some(at)) if at > now => (receiver, Awaited::Appointment, Some(at)),
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
