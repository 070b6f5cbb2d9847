//! What a referral leaves beside its row: the movement log, the packet, appointments, and who heard of it.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::courses::Course;
use super::sendings::{self, Sending};
use super::tables::{Tables, bytes};
use crate::packs::{Pack, Sensitivity};
use crate::platform::seal::Keyring;
use crate::referrals::referral::Move;
use crate::referrals::sending::packet::{self, Section};
use crate::referrals::words::{Act, Kind, Side, Status};

/// Adds all of it.
pub fn add(tables: &mut Tables, chance: &mut Chance, (keyring, pack): (&Keyring, &Pack), sending: &Sending<'_>) {
    for (made, login) in &sending.log {
        add_move(tables, chance, sending, made, login);
        add_notification(tables, chance, sending, made);
    }
    add_appointments(tables, chance, sending);
    if sending.state.status != Status::Draft && sending.state.terms.kind != Kind::SelfReferral {
        add_packet(tables, chance, (keyring, pack), sending);
    }
}

fn add_move(tables: &mut Tables, chance: &mut Chance, sending: &Sending<'_>, made: &Move, login: &'static str) {
    let restricted = sending.file.sensitivity == Sensitivity::Restricted;
    let who = member_of(login);
    let unit = if made.side == Side::To { sending.service.unit } else { sending.file.unit };
    let words = match made.act {
        Act::Return => Some("Please say which document is missing"),
        Act::MarkError => Some("Sent for the wrong member of the family"),
        Act::Decline => Some("Please try the neighbouring office as well"),
        Act::Waitlist => Some("We take people on in the order in which they came"),
        _ => None,
    };
    let remark = words.map(|text| bytes(&sending.key.seal("referral_moves.remark", text.as_bytes())));
    tables.add(
        "referral_moves",
        json!({ "id": chance.id(made.recorded_at), "referral_id": sending.id, "action": made.act.code(), "side": made.side.code(),
            "from_status": made.from.status.code(), "to_status": made.state.status.code(), "step": made.state.step.code(),
            "loop": made.state.closing.state.code(), "reason": made.reason, "remark": remark,
            "own_side_only": made.act == Act::MarkError, "late_reason": null, "on_behalf": made.on_behalf.map(|source| source.code()),
            "happened_at": made.happened_at, "recorded_at": made.recorded_at, "actor_id": user(login), "actor_org": org_of(unit),
            "shown_name": if restricted { "" } else { who.name }, "shown_role": if made.side == Side::To { "provider" } else { who.role } }),
    );
}

fn add_appointments(tables: &mut Tables, chance: &mut Chance, sending: &Sending<'_>) {
    let Some(at) = sending.state.appointment_at else { return };
    let state = match sending.course {
        Course::Missed => "no_show",
        Course::Appointed => "scheduled",
        _ => "came",
    };
    tables.add(
        "appointments",
        json!({ "id": chance.id(sending.written_at), "referral_id": sending.id, "at": at, "place": "Front desk", "state": state, "reason": "",
            "asked_by": "", "recorded_at": sending.state.times.decided.unwrap_or(sending.written_at) }),
    );
}

fn add_packet(tables: &mut Tables, chance: &mut Chance, (keyring, pack): (&Keyring, &Pack), sending: &Sending<'_>) {
    let (state, file) = (&sending.state, sending.file);
    let sent = state.times.sent.unwrap_or(sending.written_at);
    let id = chance.id(sent);
    let key = tables.new_key(keyring, id, Some(file.id));
    let rejected = state.status == Status::Rejected;
    let opened = state.times.decided.filter(|_| !rejected);
    let closes = match state.status {
        Status::Completed | Status::Failed => state.times.ended.map(|ended| ended + TimeDelta::days(30)),
        Status::Rejected | Status::Cancelled | Status::EnteredInError => state.times.ended,
        _ => None,
    };
    let closed = sending.course.is_withdrawn().then_some(state.times.deletion_asked).flatten();
    if closed.is_some() {
        tables.destroy_key(id, chance.now);
    }
    let full = disclosed(sending, chance.now);
    let brief = if closed.is_some() { Vec::new() } else { packet::brief(pack, file.sensitivity, &full) };
    let sections: Vec<&str> = full.iter().map(|section| section.code.as_str()).collect();
    let body = key.seal("packets.body", json!(full).to_string().as_bytes());
    tables.add(
        "packets",
        json!({ "id": id, "referral_id": sending.id, "person_id": file.person.id, "consent_id": sending.consent, "sections": sections,
            "brief": brief, "body": bytes(&body), "frozen_at": sent, "opened_at": opened, "closes_at": closes, "closed_at": closed,
            "is_supplement": false }),
    );
}

// What the sender chose to tell, as the program would have gathered it.
fn disclosed(sending: &Sending<'_>, now: DateTime<Utc>) -> Vec<Section> {
    let file = sending.file;
    let section = |code: &str, lines: &[(&str, &str)]| Section {
        code: code.to_owned(),
        lines: lines.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    };
    let age = file.age(now.date_naive()).to_string();
    let (need, service) = (sending.service.need, sending.service.name);
    if sending.is_cash() {
        let size = file.household.members.len().to_string();
        let payee = shown_name(sending);
        return vec![
            section("need", &[("need", need), ("service", service)]),
            section(
                "payment",
                &[
                    ("cash_code", &file.code),
                    ("cash_payee", &payee),
                    ("cash_means", "card"),
                    ("cash_band", "up_to_300"),
                    ("household_size", &size),
                ],
            ),
        ];
    }
    vec![
        section("need", &[("need", need), ("service", service), ("reason", sendings::why(need))]),
        section("urgency", &[("priority", sending.state.terms.priority.code())]),
        section("area", &[("area", file.household.area)]),
        section("identity", &[("name", &shown_name(sending)), ("sex", file.person.sex), ("age", &age)]),
        section("safe_contact", &[("contact_restriction", "Through the case worker")]),
    ]
}

fn shown_name(sending: &Sending<'_>) -> String {
    let person = &sending.file.person;
    if person.latin.is_empty() { person.name.clone() } else { format!("{} · {}", person.name, person.latin) }
}

// The other side hears of a move; what is older than a few days has been read.
fn add_notification(tables: &mut Tables, chance: &mut Chance, sending: &Sending<'_>, made: &Move) {
    let hears = match made.side {
        Side::To => Some(sending.author),
        _ if made.act == Act::Submit || made.seen_by(Side::To).is_some() && made.from.status != Status::Draft => {
            sending.to_unit().map(|_| sending.receiver)
        }
        _ => None,
    };
    let age = chance.now - made.recorded_at;
    let Some(login) = hears.filter(|_| age < TimeDelta::days(30)) else { return };
    let read = (age > TimeDelta::days(4) || chance.percent(25))
        .then(|| made.recorded_at + TimeDelta::hours(3))
        .filter(|at| *at < chance.now);
    let once: Uuid = chance.id(made.recorded_at);
    tables.add(
        "notifications",
        json!({ "id": once, "user_id": user(login), "org": org_of(member_of(login).unit), "kind": crate::referrals::actions::fact_of(made.act).code(),
            "case_id": null, "referral_id": sending.id, "task_id": null, "recorded_at": made.recorded_at, "read_at": read,
            "once": format!("demo:{once}") }),
    );
}
