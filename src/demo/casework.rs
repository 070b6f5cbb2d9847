//! Two hundred and fifty cases in every stage and of every type, with what was written on them.
use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::achievements;
use super::assessments;
use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::meetings;
use super::notes;
use super::plans;
use super::records;
use super::registry::{Household, Person};
use super::supervision;
use super::tables::Tables;
use crate::cases::store::Safety;
use crate::packs::{Pack, Sensitivity, StageKind};
use crate::platform::seal::{DataKey, Keyring};

/// Who keeps how many cases of which type: unit, case manager, named supervisor, type, how many.
pub type Load = (i32, Option<&'static str>, Option<&'static str>, &'static str, usize);

/// The caseloads of the first pack.
pub const CASELOADS: [Load; 32] = [
    (11, Some("amina"), Some("bruno"), "general_protection", 16),
    (11, Some("amina"), Some("bruno"), "child_protection", 14),
    (11, Some("amina"), None, "social_assistance", 14),
    (11, Some("basma"), Some("bruno"), "general_protection", 12),
    (11, Some("basma"), Some("bruno"), "child_protection", 8),
    (11, Some("basma"), None, "social_assistance", 12),
    (11, Some("dario"), Some("bruno"), "general_protection", 10),
    (11, Some("dario"), Some("bruno"), "child_protection", 8),
    (11, Some("dario"), None, "social_assistance", 14),
    (11, Some("bruno"), None, "general_protection", 3),
    (11, Some("bruno"), None, "child_protection", 3),
    (11, None, None, "general_protection", 4),
    (11, None, None, "child_protection", 2),
    (11, None, None, "social_assistance", 4),
    (12, Some("emeka"), Some("farah"), "general_protection", 10),
    (12, Some("emeka"), Some("farah"), "child_protection", 6),
    (12, Some("emeka"), None, "social_assistance", 14),
    (12, None, None, "general_protection", 2),
    (13, Some("salma"), Some("rima"), "gender_based_violence", 12),
    (13, Some("salma"), Some("rima"), "general_protection", 3),
    (13, Some("rima"), None, "gender_based_violence", 3),
    (14, Some("ines"), None, "staff_complaint", 3),
    (32, Some("karim"), Some("leila"), "social_assistance", 24),
    (32, Some("karim"), Some("leila"), "general_protection", 4),
    (34, Some("musa"), None, "social_assistance", 16),
    (34, Some("musa"), None, "child_protection", 4),
    (51, Some("sofia"), Some("paul"), "general_protection", 13),
    (51, Some("sofia"), Some("paul"), "child_protection", 5),
    (21, Some("chen"), None, "general_protection", 2),
    (22, Some("noor"), None, "general_protection", 2),
    (41, Some("rosa"), None, "social_assistance", 1),
    (41, Some("rosa"), None, "general_protection", 2),
];

/// A case, as far as its referrals need to know it.
pub struct CaseFile {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: i32,
    /// Its type.
    pub case_type: i16,
    /// How closely it is guarded.
    pub sensitivity: Sensitivity,
    /// Its referrals are always reviewed.
    pub always_reviewed: bool,
    /// Who keeps it; nobody where it stands in the unit's inbox.
    pub manager: Option<&'static str>,
    /// Who supervises it, where somebody is named.
    pub supervisor: Option<&'static str>,
    /// Whom it is about.
    pub person: Person,
    /// Where they live.
    pub household: Household,
    /// It concerns the whole household.
    pub for_household: bool,
    /// How far it has come.
    pub stage: String,
    /// Its risk level.
    pub risk: &'static str,
    /// Since when it runs.
    pub opened_at: DateTime<Utc>,
    /// Until when it ran.
    pub closed_at: Option<DateTime<Utc>>,
    /// The child record that was written on it, from which its referrals start.
    pub record: Option<Uuid>,
    /// The consent under which its referrals go.
    pub consent: Option<Uuid>,
    /// When that was given.
    pub consented_at: DateTime<Utc>,
    /// Seals its words.
    pub key: DataKey,
}

impl CaseFile {
    /// Whoever acts on it: its manager, or for the unit's inbox the supervisor on duty.
    pub fn worker(&self) -> &'static str {
        self.manager.unwrap_or(match self.unit {
            12 => "farah",
            43 => "giulia",
            37 => "andres",
            _ => "bruno",
        })
    }

    /// The person's age today.
    pub fn age(&self, today: NaiveDate) -> u32 {
        self.person.age(today)
    }
}

/// Adds every case and answers with them.
pub fn add(
    tables: &mut Tables,
    chance: &mut Chance,
    keyring: &Keyring,
    pack: (i32, &Pack),
    (loads, households): (&[Load], &[Household]),
) -> Vec<CaseFile> {
    let mut taken = HashSet::new();
    let mut cases = Vec::new();
    for &(unit, manager, supervisor, code, count) in loads {
        for nth in 0..count {
            let Some((household, person)) = subject(chance, households, unit, code, &mut taken) else { continue };
            let plan = Plan { unit, manager, supervisor, code, nth };
            if let Some(mut file) = open(tables, chance, keyring, pack, &plan, (household, person)) {
                notes::add(tables, chance, &file);
                file.record = records::add(tables, chance, pack.1, &file, nth);
                assessments::add(tables, chance, pack, &file, nth);
                meetings::add(tables, chance, &file, nth);
                plans::add(tables, chance, pack.1, &file, nth);
                achievements::add(tables, chance, pack.1, &file, nth);
                notes::add_latest(tables, chance, &file, nth);
                notes::add_waiting(tables, chance, &file);
                cases.push(file);
            }
        }
    }
    supervision::add(tables, chance, &cases);
    cases
}

fn is_household(code: &str) -> bool {
    let of_families = ["social_assistance", "registration_group", "inclusion", "family_accompaniment"];
    of_families.contains(&code) || matches!(code, "household_referral" | "social_referral") || is_of_level(code)
}

// The types of one course of work, by level of intervention.
fn is_of_level(code: &str) -> bool {
    code.starts_with("path_")
}

struct Plan {
    unit: i32,
    manager: Option<&'static str>,
    supervisor: Option<&'static str>,
    code: &'static str,
    nth: usize,
}

// Somebody who lives where the unit works, fits the type, and has no case of it yet.
fn subject<'a>(
    chance: &mut Chance,
    households: &'a [Household],
    unit: i32,
    code: &'static str,
    taken: &mut HashSet<(Uuid, &'static str)>,
) -> Option<(&'a Household, &'a Person)> {
    let today = chance.now.date_naive();
    // A family stands at one level of intervention.
    let once = if is_of_level(code) { "path" } else { code };
    let home = if matches!(unit, 13..=15) { 11 } else { unit };
    let home = if unit == 22 { 21 } else { home };
    let fits = |person: &Person| match code {
        "child_protection" | "refugee_child_protection" => person.age(today) < 18,
        code if is_household(code) => person.relationship == "head",
        "gender_based_violence" | "sgbv" => person.sex == "female" && person.age(today) > 17,
        _ => person.age(today) > 17,
    };
    let free: Vec<_> = households
        .iter()
        .filter(|household| household.unit == home || (unit == 13 && household.unit == 13))
        .flat_map(|household| household.members.iter().map(move |person| (household, person)))
        .filter(|(_, person)| fits(person) && !taken.contains(&(person.id, once)))
        .collect();
    let found = if free.is_empty() { None } else { Some(*chance.one(&free)) };
    if let Some((_, person)) = found {
        taken.insert((person.id, once));
    }
    found
}

fn open(
    tables: &mut Tables,
    chance: &mut Chance,
    keyring: &Keyring,
    (version, pack): (i32, &Pack),
    plan: &Plan,
    (household, person): (&Household, &Person),
) -> Option<CaseFile> {
    let case_type = pack.case_type(plan.code)?;
    let stages = &pack.process(case_type)?.stages;
    let working = stages.iter().filter(|stage| stage.kind == StageKind::Working).count();
    // The first cases of every caseload stay open, so that each desk is alive.
    let roll = if plan.nth < 3 || plan.manager.is_none() { chance.between(0, 5) } else { chance.between(0, 9) };
    // Whoever waits to be assigned to somebody waits at the beginning, and nobody else does.
    let roll = match (plan.code, plan.manager) {
        ("inclusion" | "path_long_term", None) => 0,
        ("inclusion", Some(_)) => roll.max(1),
        // One family has only just begun.
        ("family_accompaniment", Some(_)) if plan.nth == 0 => 0,
        // What is told and referred needs no plan.
        ("path_information", _) => roll.min(1),
        _ => roll,
    };
    let at = match roll {
        6 if plan.nth.is_multiple_of(3) => stages.iter().position(|stage| stage.kind == StageKind::Paused)?,
        7..=8 => stages.iter().position(|stage| stage.kind == StageKind::Closed)?,
        9 => working.saturating_sub(2),
        other => usize::try_from(other).unwrap_or_default().min(working - 1),
    };
    let stage = &stages[at];
    let (first, last) = if at == 0 { (0, 12) } else { (12 + 10 * i64::try_from(at.min(7)).unwrap_or(7), 190) };
    let days = chance.between(first, last);
    let opened_at = chance.days_ago(days).max(household.recorded_at + TimeDelta::hours(1));
    let closed_at = (stage.kind == StageKind::Closed).then(|| opened_at + (chance.now - opened_at) * 3 / 4);
    let id = chance.id(opened_at);
    let key = tables.new_key(keyring, id, Some(id));
    let risk = if case_type.sensitivity == Sensitivity::Restricted {
        chance.weighed(&[(2, "high"), (2, "moderate")])
    } else {
        chance.weighed(&[(2, "high"), (5, "moderate"), (4, "low")])
    };
    let mut file = CaseFile {
        id,
        code: chance.code('C'),
        unit: plan.unit,
        case_type: i16::from(case_type.id),
        sensitivity: case_type.sensitivity,
        always_reviewed: case_type.review == crate::packs::Review::Always,
        manager: plan.manager,
        supervisor: plan.supervisor.filter(|_| case_type.sensitivity != Sensitivity::Standard),
        person: person.clone(),
        household: household.clone(),
        for_household: is_household(plan.code),
        stage: stage.code.clone(),
        risk,
        opened_at,
        closed_at,
        record: None,
        consent: None,
        consented_at: (opened_at + TimeDelta::hours(26)).min(chance.now),
        key,
    };
    add_row(tables, chance, &file, (version, pack));
    add_people(tables, chance, &file, plan);
    notes::add_moves(tables, chance, &file, stages.iter().map(|stage| stage.code.as_str()).take(at.min(working)).collect());
    if at > 0 && !matches!(plan.code, "staff_complaint" | "fraud") {
        file.consent = Some(notes::add_consent(tables, chance, &file));
    }
    Some(file)
}

fn add_row(tables: &mut Tables, chance: &mut Chance, file: &CaseFile, (version, pack): (i32, &Pack)) {
    let reason = file.closed_at.map(|_| *chance.one(&["needs_met", "needs_met", "person_request", "relocated"]));
    // What this chance stood for is said by what is written on the case: the rest of the world stays as it was.
    chance.hours_after(file.opened_at, 2, 400);
    tables.add(
        "cases",
        json!({
            "id": file.id, "code": file.code, "org": org_of(file.unit), "unit": file.unit, "case_type": file.case_type,
            "case_manager": file.manager.map(user), "supervisor": file.supervisor.map(user), "person_id": file.person.id,
            "household_id": file.for_household.then_some(file.household.id), "pack": pack.name, "pack_version": version, "stage": file.stage,
            "paused_reason": (file.stage == "paused").then_some("person_away"), "priority": if file.risk == "high" { "urgent" } else { "normal" },
            "risk": file.risk, "risk_set_at": file.opened_at,
            "safety_action_at": (file.risk == "high").then(|| (file.opened_at + TimeDelta::hours(1)).min(chance.now)),
            "last_contact_at": null, "intake_source": chance.one(&["self", "outreach", "community", "hotline", "organisation", "school"]),
            "limits_explained_on": file.opened_at.date_naive(), "opened_at": file.opened_at, "recorded_at": file.opened_at,
            "closed_at": file.closed_at, "close_reason": reason, "version": 1,
        }),
    );
}

fn add_people(tables: &mut Tables, chance: &mut Chance, file: &CaseFile, plan: &Plan) {
    let mut add = |chance: &mut Chance, person: Uuid, part: &str, safety: Safety| {
        tables.add(
            "case_people",
            json!({ "id": chance.id(file.opened_at), "case_id": file.id, "person_id": person, "part": part,
                "not_safe_to_involve": safety == Safety::NotSafe, "recorded_at": file.opened_at }),
        );
    };
    add(chance, file.person.id, "subject", Safety::AsBefore);
    if file.for_household {
        for member in file.household.members.iter().filter(|member| member.id != file.person.id) {
            add(chance, member.id, "member", Safety::AsBefore);
        }
    } else if matches!(plan.code, "child_protection" | "refugee_child_protection") {
        let head = &file.household.members[0];
        // One caregiver in each caseload is not safe to involve (S3).
        if head.id != file.person.id {
            add(chance, head.id, "caregiver", if plan.nth == 1 { Safety::NotSafe } else { Safety::AsBefore });
        }
    }
    let barred = match (plan.manager, plan.code, plan.nth) {
        (Some("amina"), "general_protection", 0) => Some(("basma", "relative")),
        (_, "staff_complaint", 0) => Some(("dario", "subject_of_complaint")),
        _ => None,
    };
    if let Some((login, reason)) = barred {
        let by = member_of(plan.supervisor.unwrap_or("ines")).login;
        tables.add(
            "bars",
            json!({ "id": chance.id(file.opened_at), "case_id": file.id, "user_id": user(login), "reason": reason, "set_by": user(by),
                "set_at": file.opened_at }),
        );
    }
}
