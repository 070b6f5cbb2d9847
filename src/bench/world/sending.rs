//! Referrals on every course, each step taken by the referral rules, with all that is stored beside them.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::casework::{File, Task, Wrapped};
use super::copy::{Bytes, Cell, Json, Sheets};
use super::people::{Happened, Home, fact};
use super::row;
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
use crate::referrals::row::Deadline;
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
/// What is asked for.
pub(super) const SERVICE: &str = "Measured service";
/// What is needed.
pub(super) const NEED: &str = "health";

/// What every referral is made with.
pub struct Ground<'a> {
    /// Makes keys.
    pub keyring: &'a Keyring,
    /// The pack.
    pub pack: &'a Pack,
    /// Deadlines and calendars.
    pub clockwork: &'a Clockwork,
}

/// A referral that was made, with all that its rows need.
pub(super) struct Sent<'a> {
    pub(super) id: Uuid,
    pub(super) file: &'a File,
    pub(super) desk: i32,
    receiver: Uuid,
    assignee: Option<Uuid>,
    to_scope: Vec<i32>,
    pub(super) key: DataKey,
    pub(super) state: State,
    pub(super) deadline: Deadline,
    pub(super) log: Vec<(Move, &'static str)>,
    pub(super) written_at: DateTime<Utc>,
}

impl Sent<'_> {
    /// The access columns that rows of a referral carry.
    pub(super) fn access(&self) -> [(&'static str, &dyn Cell); 9] {
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

    // When it is due for one of its sides, as the database keeps it with a notification.
    fn due_for(&self, side: Side) -> Option<DateTime<Utc>> {
        let next = self.deadline.next_due_at;
        match (side, self.state.status) {
            (Side::To, Status::Requested | Status::Accepted | Status::InProgress | Status::OnHold) => {
                if self.deadline.next_side == Some(Side::To) { next } else { self.state.terms.due_at }
            }
            (Side::To, _) => None,
            _ => next,
        }
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
    let (assignee, deadline) = (taken.then_some(receiver), ground.clockwork.deadline(&state, chance.now));
    let sent = Sent { id, file, desk, receiver, assignee, to_scope, key, state, deadline, log, written_at };
    row::write(sheets, chance, &sent, home);
    write_people(sheets, chance, &sent, home);
    for (made, who) in &sent.log {
        write_move(sheets, chance, &sent, made, sent.who(who));
    }
    write_packet(sheets, chance, ground, &sent, home);
    write_appointment(sheets, chance, &sent);
    let due = write_turns(sheets, chance, ground, &sent);
    due.into_iter().for_each(|(due, assignee)| file.awaits(due, assignee));
    Ok(())
}

// Begun after the case was opened, and long enough ago for its course.
// Where a referral ended, its moves with the name of each, and when the last was made.
type Travelled = (State, Vec<(Move, &'static str)>, DateTime<Utc>);

fn travel(chance: &mut Chance, file: &File) -> anyhow::Result<Travelled> {
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
    let hearer = if made.side == Side::To { Side::From } else { Side::To };
    if age > TimeDelta::days(30) || made.state.status == Status::Draft {
        return;
    }
    let (user, org) = if hearer == Side::From { (sent.file.manager, NGO) } else { (sent.receiver, PROVIDER) };
    let id = chance.id(made.recorded_at);
    let read = (age > TimeDelta::days(2)).then(|| made.recorded_at + TimeDelta::hours(20));
    let once = format!("synth:{id}");
    let due = sent.due_for(hearer);
    sheets.add(
        "notifications",
        &[&[
            ("id", &id),
            ("user_id", &user),
            ("org", &org),
            ("kind", &kind),
            ("referral_id", &sent.id),
            ("recorded_at", &made.recorded_at),
            ("due_at", &due),
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
fn write_turns(
    sheets: &mut Sheets,
    chance: &mut Chance,
    ground: &Ground<'_>,
    sent: &Sent<'_>,
) -> Vec<(DateTime<Utc>, Option<Uuid>)> {
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
            pressing: false,
            at,
        };
        let (none, ours) = (None::<Uuid>, turn.side == Side::From);
        let access: [(_, &dyn Cell); 5] = if ours {
            due.push((turn.due_at, task.assignee));
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
