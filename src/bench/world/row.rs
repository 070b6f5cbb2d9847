//! The row of a referral itself: what was asked, where it stands, when it moved, how it ended.
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::copy::{Bytes, Cell, Sheets};
use super::people::Home;
use super::sending::{NEED, SERVICE, Sent};
use super::skew;
use crate::demo::chance::Chance;
use crate::demo::trip;
use crate::referrals::referral::{State, Times};
use crate::referrals::row::Deadline;
use crate::referrals::words::{Approval, FollowUp, Side, Status};

/// Writes it.
pub(super) fn write(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>, home: &Home) {
    let codes = Codes::of(&sent.state);
    let words = Words::of(sheets, chance, sent);
    let deadline = sent.deadline;
    let service = skew::service(skew::number_of(sent.desk));
    let hands = vec![sent.file.manager];
    let next_side = deadline.next_side.map(Side::code);
    let asked: [(_, &dyn Cell); 12] = [
        ("id", &sent.id),
        ("case_id", &sent.file.id),
        ("from_unit", &sent.file.unit),
        ("service_id", &service),
        ("service_name", &SERVICE),
        ("need", &NEED),
        ("area", &home.area),
        ("author", &sent.file.manager),
        ("hands", &hands),
        ("due_at", &sent.state.terms.due_at),
        ("next_side", &next_side),
        ("recorded_at", &sent.written_at),
    ];
    let parts = [
        &asked[..],
        &codes.columns(),
        &words.columns(),
        &times(&sent.state.times),
        &clocks(&sent.state, &deadline),
        &sent.access(),
    ];
    sheets.add("referrals", &parts);
}

struct Codes {
    kind: &'static str,
    priority: &'static str,
    status: &'static str,
    step: &'static str,
    closing: &'static str,
    confirm: Option<&'static str>,
    pace: &'static str,
    served: &'static str,
    sharing: &'static str,
    later_review: &'static str,
    sequel: &'static str,
    tries: i32,
    tries_allowed: i16,
}

impl Codes {
    fn of(state: &State) -> Self {
        let terms = &state.terms;
        Self {
            kind: terms.kind.code(),
            priority: terms.priority.code(),
            status: state.status.code(),
            step: state.step.code(),
            closing: state.closing.state.code(),
            confirm: terms.follow_up.map(FollowUp::code),
            pace: terms.pace.code(),
            served: terms.served.code(),
            sharing: state.sharing.code(),
            later_review: state.later_review.code(),
            sequel: state.sequel.code(),
            tries: i32::from(state.closing.tries),
            tries_allowed: i16::from(terms.tries_allowed),
        }
    }

    fn columns(&self) -> [(&'static str, &dyn Cell); 13] {
        [
            ("kind", &self.kind),
            ("priority", &self.priority),
            ("status", &self.status),
            ("step", &self.step),
            ("loop", &self.closing),
            ("confirm_way", &self.confirm),
            ("pace", &self.pace),
            ("served", &self.served),
            ("sharing", &self.sharing),
            ("later_review", &self.later_review),
            ("sequel", &self.sequel),
            ("confirm_tries", &self.tries),
            ("tries_allowed", &self.tries_allowed),
        ]
    }
}

struct Words {
    code: String,
    public: Uuid,
    reason: Bytes,
    note: Option<Bytes>,
    outcome: Option<String>,
    with: &'static str,
    reviewer: Option<Uuid>,
    needs_review: bool,
    expected: Option<NaiveDate>,
    started: Option<DateTime<Utc>>,
    version: i32,
}

impl Words {
    fn of(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>) -> Self {
        let state = &sent.state;
        let seal = |place: &str, text: &str| Bytes(sent.key.seal(place, text.as_bytes()));
        let given = state.status == Status::Completed;
        let why_not = sent.log.iter().rev().find_map(|(made, _)| made.reason.clone()).filter(|_| state.status.is_answered());
        let needs_review = state.terms.approval == Approval::Needed;
        let waits = state.status == Status::OnHold;
        Self {
            code: sheets.code(chance, 'R'),
            public: chance.public_id(),
            reason: seal("referrals.reason", "Asks for a check-up; the last one was more than a year ago."),
            note: given.then(|| seal("referrals.outcome_note", &trip::outcome(NEED).what)),
            outcome: if given { Some("given".to_owned()) } else { why_not },
            with: if sent.file.subject > 1 { "adult" } else { "not_needed" },
            reviewer: needs_review.then(|| skew::user(6)),
            needs_review,
            expected: waits.then(|| chance.now.date_naive() + TimeDelta::days(chance.between(5, 40))),
            started: sent.log.iter().find(|(made, _)| made.state.status == Status::InProgress).map(|(made, _)| made.happened_at),
            version: i32::try_from(sent.log.len()).unwrap_or(1),
        }
    }

    fn columns(&self) -> [(&'static str, &dyn Cell); 13] {
        [
            ("code", &self.code),
            ("public_id", &self.public),
            ("reason", &self.reason),
            ("outcome_note", &self.note),
            ("outcome", &self.outcome),
            ("accompaniment", &self.with),
            ("reviewer", &self.reviewer),
            ("needs_review", &self.needs_review),
            ("expected_on", &self.expected),
            ("started_at", &self.started),
            ("version", &self.version),
            ("safe_for_person", &true),
            ("safe_for_worker", &true),
        ]
    }
}

fn times(times: &Times) -> [(&'static str, &dyn Cell); 8] {
    [
        ("requested_at", &times.sent),
        ("acknowledged_at", &times.acknowledged),
        ("decided_at", &times.decided),
        ("ended_at", &times.ended),
        ("cancellation_asked_at", &times.cancellation_asked),
        ("withdrawn_at", &times.deletion_asked),
        ("deletion_asked_at", &times.deletion_asked),
        ("last_moved_at", &times.last),
    ]
}

fn clocks<'a>(state: &'a State, deadline: &'a Deadline) -> [(&'static str, &'a dyn Cell); 7] {
    [
        ("loop_closed_at", &state.closing.changed_at),
        ("appointment_at", &state.appointment_at),
        ("acknowledge_by", &deadline.acknowledge_by),
        ("decide_by", &deadline.decide_by),
        ("follow_up_at", &deadline.follow_up_at),
        ("next_due_at", &deadline.next_due_at),
        // The clocks have said what there was to say of what has ended.
        ("look_at", &deadline.next_due_at),
    ]
}
