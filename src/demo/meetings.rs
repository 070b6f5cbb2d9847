//! Meetings of the cases that somebody works on: held ones of the last days, planned ones of the coming week.
use chrono::{NaiveTime, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, user};
use super::chance::Chance;
use super::notes;
use super::tables::{Tables, bytes};
use crate::meetings::Words;

const KINDS: [&str; 4] = ["interview", "home_visit", "interview", "conference"];
const PURPOSES: [&str; 3] = ["Go through the next steps together.", "See how the family is doing.", "Agree on one plan for all."];

/// Adds a meeting to every third case that is worked on.
// No chance is used up: what else the world holds stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, file: &CaseFile, nth: usize) {
    let (Some(manager), None) = (file.manager, file.closed_at) else { return };
    if !nth.is_multiple_of(3) {
        return;
    }
    let turn = nth / 3;
    let days = i64::try_from(turn % 9).unwrap_or(0) - 2;
    // Another hour for each type of case, as nobody is at two meetings at once.
    let hour = TimeDelta::hours(7 + (i64::try_from(turn).unwrap_or(0) + 2 * i64::from(file.case_type)) % 7);
    let starts = chance.now.date_naive().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(days) + hour;
    if starts < file.opened_at {
        return;
    }
    let kind = KINDS[turn % KINDS.len()];
    let held = starts < chance.now - TimeDelta::hours(1);
    let invited = if kind == "conference" {
        vec!["School counsellor, Marsa school".to_owned(), "Nurse, Al Noor Clinic".to_owned()]
    } else {
        Vec::new()
    };
    let words = Words {
        place: if kind == "home_visit" { "At their home" } else { "Office, room 2" }.to_owned(),
        purpose: PURPOSES[turn % PURPOSES.len()].to_owned(),
        came: if held { invited.clone() } else { Vec::new() },
        others_agreed: held && !invited.is_empty(),
        invited,
        told: (held && kind != "conference").then(|| notes::add_met(tables, file, kind, starts)),
        ..Words::default()
    };
    let words = serde_json::to_vec(&words).unwrap_or_default();
    let recorded = file.opened_at.max(starts - TimeDelta::days(6)).min(chance.now);
    tables.add(
        "meetings",
        json!({ "id": Uuid::new_v5(&file.id, b"meeting"), "case_id": file.id, "kind": kind, "starts_at": starts, "ends_at": starts + TimeDelta::minutes(60),
            "holder": user(manager), "words": bytes(&file.key.seal("meetings.words", &words)), "state": if held { "held" } else { "planned" },
            "author": user(manager), "author_name": member_of(manager).name, "recorded_at": recorded, "version": 1 }),
    );
}
