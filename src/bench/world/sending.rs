//! Referrals on every course, each step taken by the referral rules, with all that is stored beside them.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::casework::{File, Task, Wrapped};
use super::copy::{Bytes, Cell, Json, Sheets};
use super::people::{Happened, Home, fact};
use super::skew::{self, NGO, PROVIDER};
use crate::demo::chance::Chance;
use crate::demo::courses::Course;
use crate::demo::trip::{self, Departure, Trip};
use crate::packs::{Pack, Sensitivity};
use crate::platform::ids::UserId;
use crate::platform::seal::{DataKey, Keyring};
use crate::referrals::actions::fact_of;
use crate::referrals::clocks::watch::{Clockwork, Holders};
use crate::referrals::referral::{Move, State};
use crate::referrals::sending::packet::{self, Section};
use crate::referrals::words::{Approval, FollowUp, Kind, Priority, Served, Side, Status};

const ENDED: [(u32, Course); 7] = [
    (60, Course::Verified),
    (9, Course::ReportedOnly),
    (14, Course::Declined),
    (6, Course::Failed),
    (5, Course::NotAsked),
    (4, Course::CancelledEarly),
    (2, Course::NoLongerWanted),
];
const RUNNING: [(u32, Course); 10] = [
    (10, Course::JustSent),
    (15, Course::Unacknowledged),
    (12, Course::Acknowledged),
    (12, Course::Accepted),
    (12, Course::Appointed),
    (15, Course::Running),
    (12, Course::Waitlisted),
    (20, Course::AwaitingPerson),
    (4, Course::Disputed),
    (3, Course::CancellationPending),
];
const SERVICE: &str = "Measured service";
const NEED: &str = "health";

/// What every referral is made with.
pub struct Ground<'a> {
    /// Makes keys.
    pub keyring: &'a Keyring,
    /// The pack.
    pub pack: &'a Pack,
    /// Deadlines and calendars.
    pub clockwork: &'a Clockwork,
}

struct Sent<'a> {
    id: Uuid,
    file: &'a File,
    desk: i32,
    receiver: Uuid,
    assignee: Option<Uuid>,
    to_scope: Vec<i32>,
    key: DataKey,
    state: State,
    log: Vec<(Move, &'static str)>,
    written_at: DateTime<Utc>,
}

impl Sent<'_> {
    // The access columns that rows of a referral carry.
    fn access(&self) -> [(&'static str, &dyn Cell); 9] {
        [
            ("case_type", &self.file.case_type),
            ("from_org", &NGO),
            ("from_scope", &self.file.scope),
            ("from_manager", &self.file.manager),
            ("from_supervisor", &self.file.supervisor),
            ("to_org", &PROVIDER),
            ("to_unit", &self.desk),
            ("to_scope", &self.to_scope),
            ("to_assignee", &self.assignee),
        ]
    }

    fn who(&self, part: &str) -> Uuid {
        match part {
            "receiver" => self.receiver,
            "reviewer" => skew::user(6),
            _ => self.file.manager,
        }
    }
}

/// Sends a case's next referral and writes everything down.
pub fn send(
    sheets: &mut Sheets,
    chance: &mut Chance,
    ground: &Ground<'_>,
    home: &Home,
    file: &mut File,
    number: u32,
) -> anyhow::Result<()> {
    let restricted = file.sensitivity == Sensitivity::Restricted;
    let desk = if restricted { skew::GUARDED_DESK } else { skew::desk_of(number) };
    let (state, log, written_at) = travel(chance, file)?;
    let id = chance.id(written_at);
    let (key, wrapped, epoch) = ground.keyring.new_data_key(id);
    Wrapped { owner: id, case: file.id, bytes: wrapped, epoch }.write(sheets);
    let receiver = skew::answers_at(desk);
    let taken = state.times.decided.is_some() && state.status != Status::Rejected;
    let to_scope = skew::scope(desk, file.case_type, file.sensitivity);
    let sent = Sent { id, file, desk, receiver, assignee: taken.then_some(receiver), to_scope, key, state, log, written_at };
    write_row(sheets, chance, ground, &sent, home);
    write_people(sheets, chance, &sent, home);
    for (made, who) in &sent.log {
        write_move(sheets, chance, &sent, made, sent.who(who));
    }
    write_packet(sheets, chance, ground, &sent, home);
    write_appointment(sheets, chance, &sent);
    let due = write_turns(sheets, chance, ground, &sent);
    due.into_iter().for_each(|due| file.awaits(due));
    Ok(())
}

// Begun after the case was opened, and long enough ago for its course.
fn travel(chance: &mut Chance, file: &File) -> anyhow::Result<(State, Vec<(Move, &'static str)>, DateTime<Utc>)> {
    let known = (chance.now - file.opened_at).num_days() - 1;
    let ends = file.closed_at.is_some() || (known > 60 && chance.percent(84));
    let course = if ends { chance.weighed(&ENDED) } else { chance.weighed(&RUNNING) };
    let (last, first) = if ends { (58, known.min(600)) } else { course.days_ago() };
    let (course, last) = if last > known { (Course::JustSent, 0) } else { (course, last) };
    let days = chance.between(last, first.min(known).max(last));
    let written_at = chance.days_ago(days).max(file.opened_at);
    let approval = if file.reviewed { Approval::Needed } else { Approval::NotNeeded };
    let served = if file.of_household() { Served::Household } else { Served::Persons };
    let departure = Departure {
        terms: trip::terms(Kind::Partner, file.sensitivity, approval, served),
        priority: chance.weighed(&[(2, Priority::Urgent), (9, Priority::Normal)]),
        follow_up: FollowUp::WithWorker,
        child: file.subject > 1,
        need: NEED,
        high_risk: file.risk == "high",
    };
    let mut trip = Trip::begin(chance, written_at, departure, ["author", "reviewer", "receiver"]);
    course.take(&mut trip).map_err(|error| error.context(format!("the course {course:?}")))?;
    Ok((trip.state, trip.log, written_at))
}

#[expect(clippy::too_many_lines, reason = "the columns of one row")]
fn write_row(sheets: &mut Sheets, chance: &mut Chance, ground: &Ground<'_>, sent: &Sent<'_>, home: &Home) {
    let (state, terms, times) = (&sent.state, &sent.state.terms, &sent.state.times);
    let deadline = ground.clockwork.deadline(state, chance.now);
    let (code, public) = (sheets.code(chance, 'R'), chance.public_id());
    let given = state.status == Status::Completed;
    let seal = |place: &str, text: &str| Bytes(sent.key.seal(place, text.as_bytes()));
    let reason = seal("referrals.reason", "Asks for a check-up; the last one was more than a year ago.");
    let note = given.then(|| seal("referrals.outcome_note", &trip::outcome(NEED).what));
    let ended = sent.log.iter().rev().find_map(|(made, _)| made.reason.clone()).filter(|_| state.status.is_answered());
    let outcome = if given { Some("given".to_owned()) } else { ended };
    let started = sent.log.iter().find(|(made, _)| made.state.status == Status::InProgress).map(|(made, _)| made.happened_at);
    let expected = (state.status == Status::OnHold).then(|| chance.now.date_naive() + TimeDelta::days(chance.between(5, 40)));
    let (tries, tries_allowed) = (i32::from(state.closing.tries), i16::from(terms.tries_allowed));
    let version = i32::try_from(sent.log.len()).unwrap_or(1);
    let with = if sent.file.subject > 1 { "adult" } else { "not_needed" };
    let needs_review = terms.approval == Approval::Needed;
    let hands = vec![sent.file.manager];
    let next_side = deadline.next_side.map(Side::code);
    let confirm = terms.follow_up.map(FollowUp::code);
    let row: [(_, &dyn Cell); 52] = [
        ("id", &sent.id),
        ("public_id", &public),
        ("code", &code),
        ("kind", &terms.kind.code()),
        ("case_id", &sent.file.id),
        ("from_unit", &sent.file.unit),
        ("service_id", &skew::service(skew::number_of(sent.desk))),
        ("service_name", &SERVICE),
        ("need", &NEED),
        ("area", &home.area),
        ("priority", &terms.priority.code()),
        ("status", &state.status.code()),
        ("step", &state.step.code()),
        ("loop", &state.closing.state.code()),
        ("author", &sent.file.manager),
        ("reviewer", &needs_review.then(|| skew::user(6))),
        ("needs_review", &needs_review),
        ("reason", &reason),
        ("confirm_way", &confirm),
        ("confirm_tries", &tries),
        ("safe_for_person", &true),
        ("safe_for_worker", &true),
        ("accompaniment", &with),
        ("requested_at", &times.sent),
        ("acknowledged_at", &times.acknowledged),
        ("decided_at", &times.decided),
        ("started_at", &started),
        ("ended_at", &times.ended),
        ("loop_closed_at", &state.closing.changed_at),
        ("acknowledge_by", &deadline.acknowledge_by),
        ("decide_by", &deadline.decide_by),
        ("due_at", &terms.due_at),
        ("follow_up_at", &deadline.follow_up_at),
        ("next_due_at", &deadline.next_due_at),
        ("next_side", &next_side),
        ("expected_on", &expected),
        ("appointment_at", &state.appointment_at),
        ("cancellation_asked_at", &times.cancellation_asked),
        ("outcome", &outcome),
        ("outcome_note", &note),
        ("pace", &terms.pace.code()),
        ("served", &terms.served.code()),
        ("tries_allowed", &tries_allowed),
        ("sharing", &state.sharing.code()),
        ("later_review", &state.later_review.code()),
        ("last_moved_at", &times.last),
        ("hands", &hands),
        ("version", &version),
        ("recorded_at", &sent.written_at),
        // The clocks have said what there was to say of what has ended.
        ("look_at", &deadline.next_due_at),
        ("withdrawn_at", &times.deletion_asked),
        ("deletion_asked_at", &times.deletion_asked),
    ];
    sheets.add("referrals", &[&row, &sent.access()]);
}

fn write_people(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>, home: &Home) {
    let id = chance.id(sent.written_at);
    let case = Some(sent.file.id);
    let person = &home.members[sent.file.subject].id;
    let row: [(_, &dyn Cell); 5] =
        [("id", &id), ("referral_id", &sent.id), ("person_id", person), ("case_id", &case), ("sent", &true)];
    sheets.add("referral_people", &[&row, &sent.access()]);
}

fn write_move(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>, made: &Move, by: Uuid) {
    let (id, case) = (chance.id(made.recorded_at), Some(sent.file.id));
    let org = if made.side == Side::To { PROVIDER } else { NGO };
    let role = if made.side == Side::To { "provider" } else { "case_worker" };
    let name = if sent.file.sensitivity == Sensitivity::Restricted { "" } else { "Colleague" };
    let row: [(_, &dyn Cell); 17] = [
        ("id", &id),
        ("referral_id", &sent.id),
        ("action", &made.act.code()),
        ("side", &made.side.code()),
        ("from_status", &made.from.status.code()),
        ("to_status", &made.state.status.code()),
        ("step", &made.state.step.code()),
        ("loop", &made.state.closing.state.code()),
        ("reason", &made.reason),
        ("happened_at", &made.happened_at),
        ("recorded_at", &made.recorded_at),
        ("actor_id", &by),
        ("actor_org", &org),
        ("shown_name", &name),
        ("shown_role", &role),
        ("case_id", &case),
        ("sent", &true),
    ];
    sheets.add("referral_moves", &[&row, &sent.access()]);
    let kind = fact_of(made.act).code();
    let happened = Happened { kind, at: made.recorded_at, by, org, case, referral: Some(sent.id), subjects: Vec::new() };
    fact(sheets, chance, &happened);
    write_notification(sheets, chance, sent, made, kind);
}

// The other side hears of a move; what is older than a month is not kept here.
fn write_notification(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>, made: &Move, kind: &'static str) {
    let age = chance.now - made.recorded_at;
    let to_sender = made.side == Side::To;
    if age > TimeDelta::days(30) || made.state.status == Status::Draft {
        return;
    }
    let (user, org) = if to_sender { (sent.file.manager, NGO) } else { (sent.receiver, PROVIDER) };
    let id = chance.id(made.recorded_at);
    let read = (age > TimeDelta::days(2)).then(|| made.recorded_at + TimeDelta::hours(20));
    let once = format!("synth:{id}");
    sheets.add(
        "notifications",
        &[&[
            ("id", &id),
            ("user_id", &user),
            ("org", &org),
            ("kind", &kind),
            ("referral_id", &sent.id),
            ("recorded_at", &made.recorded_at),
            ("read_at", &read),
            ("once", &once),
        ]],
    );
}

fn write_packet(sheets: &mut Sheets, chance: &mut Chance, ground: &Ground<'_>, sent: &Sent<'_>, home: &Home) {
    let (state, times) = (&sent.state, &sent.state.times);
    let frozen = times.sent.unwrap_or(sent.written_at);
    let id = chance.id(frozen);
    let (key, wrapped, epoch) = ground.keyring.new_data_key(id);
    Wrapped { owner: id, case: sent.file.id, bytes: wrapped, epoch }.write(sheets);
    let person = &home.members[sent.file.subject];
    let age = chance.now.date_naive().years_since(person.born_on).unwrap_or_default().to_string();
    let section = |code: &str, lines: &[(&str, &str)]| Section {
        code: code.to_owned(),
        lines: lines.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    };
    let full = [
        section(
            "need",
            &[("need", NEED), ("service", SERVICE), ("reason", "Asks for a check-up; the last one was more than a year ago.")],
        ),
        section("urgency", &[("priority", state.terms.priority.code())]),
        section("area", &[("area", &home.area)]),
        section("identity", &[("name", &person.name), ("sex", person.sex), ("age", &age)]),
    ];
    let json = |sections: &[Section]| serde_json::to_string(sections).unwrap_or_default();
    let brief = Json(json(&packet::brief(ground.pack, sent.file.sensitivity, &full)));
    let body = Bytes(key.seal("packets.body", json(&full).as_bytes()));
    let closes = match state.status {
        Status::Completed | Status::Failed => times.ended.map(|ended| ended + TimeDelta::days(30)),
        Status::Rejected | Status::Cancelled => times.ended,
        _ => None,
    };
    let (case, consent) = (Some(sent.file.id), Some(sent.file.consent));
    let opened = times.decided.filter(|_| state.status != Status::Rejected);
    let row: [(_, &dyn Cell); 12] = [
        ("id", &id),
        ("referral_id", &sent.id),
        ("person_id", &person.id),
        ("consent_id", &consent),
        ("sections", &vec!["need", "urgency", "area", "identity"]),
        ("brief", &brief),
        ("body", &body),
        ("frozen_at", &frozen),
        ("opened_at", &opened),
        ("closes_at", &closes),
        ("case_id", &case),
        ("sent", &true),
    ];
    sheets.add("packets", &[&row, &sent.access()]);
}

fn write_appointment(sheets: &mut Sheets, chance: &mut Chance, sent: &Sent<'_>) {
    let Some(at) = sent.state.appointment_at else { return };
    let (id, case) = (chance.id(sent.written_at), Some(sent.file.id));
    let state = if at > chance.now { "scheduled" } else { "came" };
    let row: [(_, &dyn Cell); 7] = [
        ("id", &id),
        ("referral_id", &sent.id),
        ("at", &at),
        ("state", &state),
        ("recorded_at", &sent.written_at),
        ("case_id", &case),
        ("sent", &true),
    ];
    sheets.add("appointments", &[&row, &sent.access()]);
}

// Whose move it is, as tasks of both sides; answers with what is due on the sender's.
fn write_turns(sheets: &mut Sheets, chance: &mut Chance, ground: &Ground<'_>, sent: &Sent<'_>) -> Vec<DateTime<Utc>> {
    let (file, manager) = (sent.file, UserId(sent.file.manager));
    let holders = Holders {
        referral: sent.id,
        author: manager,
        manager: Some(manager),
        supervisor: file.supervisor.map(UserId),
        assignee: sent.assignee.map(UserId),
    };
    let mut due = Vec::new();
    for turn in ground.clockwork.turns(&sent.state, &holders, chance.now) {
        let at = sent.state.times.last.unwrap_or(sent.written_at);
        let task = Task {
            id: chance.id(at),
            kind: turn.kind,
            referral: Some(sent.id),
            side: turn.side.code(),
            assignee: turn.assignee.map(|user| user.0),
            due: turn.due_at,
            remind: turn.remind_at,
            once: Some(turn.once),
            at,
        };
        let (none, ours) = (None::<Uuid>, turn.side == Side::From);
        let access: [(_, &dyn Cell); 5] = if ours {
            due.push(turn.due_at);
            [
                ("org", &NGO),
                ("unit", &file.unit),
                ("case_type", &file.case_type),
                ("scope", &file.scope),
                ("supervisor", &file.supervisor),
            ]
        } else {
            [
                ("org", &PROVIDER),
                ("unit", &sent.desk),
                ("case_type", &file.case_type),
                ("scope", &sent.to_scope),
                ("supervisor", &none),
            ]
        };
        task.write(sheets, file.id, &access);
    }
    due
}
