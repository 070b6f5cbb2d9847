//! Sessions that supervisors held with their workers, in which every open case was discussed; one worker in four was not met in time.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::tables::Tables;

// So long before the last session lies the one before it.
const A_FORTNIGHT: TimeDelta = TimeDelta::days(14);

/// Adds two sessions with every worker whom a supervisor is named for.
// No chance is used up: what else the world holds stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, cases: &[CaseFile]) {
    let mut workers: BTreeMap<&str, Vec<&CaseFile>> = BTreeMap::new();
    for file in cases.iter().filter(|file| file.closed_at.is_none()) {
        if let Some(manager) = file.manager {
            workers.entry(manager).or_default().push(file);
        }
    }
    for (nth, (worker, files)) in workers.into_iter().enumerate() {
        let named = files.iter().find_map(|file| file.supervisor.filter(|supervisor| *supervisor != worker));
        let Some(supervisor) = named else { continue };
        // High risk is discussed every week: whoever was met nine days ago is overdue.
        let days = if nth % 4 == 3 { 9 } else { 2 + i64::try_from(nth % 4).unwrap_or(0) };
        let hour = TimeDelta::hours(8 + i64::try_from(nth % 5).unwrap_or(0));
        let last = chance.now.date_naive().and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(days) + hour;
        for held_at in [last, last - A_FORTNIGHT] {
            hold(tables, (worker, supervisor), held_at, &files);
        }
    }
}

fn hold(tables: &mut Tables, (worker, supervisor): (&str, &str), held_at: DateTime<Utc>, files: &[&CaseFile]) {
    let discussed: Vec<_> = files.iter().filter(|file| file.opened_at < held_at).collect();
    let Some(first) = discussed.first() else { return };
    let (unit, at) = (first.unit, held_at.timestamp().to_string());
    let id = Uuid::new_v5(&user(worker), format!("session {} {at}", first.id).as_bytes());
    tables.add(
        "supervision_sessions",
        json!({ "id": id, "org": org_of(unit), "unit": unit, "kind": "individual", "held_at": held_at, "supervisor": user(supervisor),
            "supervisor_name": member_of(supervisor).name, "workers": [user(worker)], "recorded_at": held_at }),
    );
    for file in discussed {
        tables.add(
            "supervision_cases",
            json!({ "id": Uuid::new_v5(&id, file.id.as_bytes()), "session_id": id, "case_id": file.id, "held_at": held_at, "author": user(supervisor) }),
        );
    }
}
