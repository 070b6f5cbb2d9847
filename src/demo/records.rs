//! A child record on every other case of the packs that keep some.
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, user};
use super::chance::Chance;
use super::tables::{Tables, bytes};
use crate::packs::{Pack, Shape, Under};
use crate::records::Said;

/// Adds a record to the case, if its pack keeps any for it; answers with its id.
// No chance is used up: the first pack's world stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, pack: &Pack, file: &CaseFile, nth: usize) -> Option<Uuid> {
    let case_type = pack.case_type_by_id(u8::try_from(file.case_type).ok()?)?;
    // What waits for a panel is written only where its plan holds.
    let late = ["monitoring", "evaluation", "accompaniment", "graduation", "intervention", "closed"];
    let holds = late.contains(&file.stage.as_str());
    let mut kinds = pack.record_kinds(Under::Case, &case_type.code).filter(|kind| kind.panel.is_none() || holds);
    let kind = kinds.next().filter(|_| nth.is_multiple_of(2))?;
    let root = Uuid::new_v5(&file.id, b"demo record");
    let at = (file.opened_at + TimeDelta::hours(4)).min(chance.now);
    let body = serde_json::to_string(&said(kind.shape, file.risk)).ok()?;
    let who = file.worker();
    if kind.shape == Shape::Session {
        tables.met(file.id, at);
    }
    tables.add(
        "case_records",
        json!({ "id": root, "case_id": file.id, "root": root, "corrects": null, "kind": kind.code,
            "body": bytes(&file.key.seal("case_records.body", body.as_bytes())), "happened_at": at, "recorded_at": at, "late_reason": null,
            "author": user(who), "author_name": member_of(who).name, "moved_at": null }),
    );
    Some(root)
}

fn said(shape: Shape, risk: &str) -> Said {
    let account = match shape {
        Shape::Incident => "Told us what happened last week, in their own words; wants it to stop and nobody at home to know.",
        Shape::Assessment => {
            "Spoke about living, health, papers and work. Steady support from a neighbour; two things are urgent."
        }
        Shape::Session => "Went through what is open and what comes next; agreed on two steps.",
        _ => "Asked when the next appointment is.",
    };
    Said {
        account: account.to_owned(),
        place: "Near the market".to_owned(),
        done: "Agreed on a safe way to call and on the next visit.".to_owned(),
        finding: risk.to_owned(),
        advice: "Refer for the first need, come back to the second in two weeks.".to_owned(),
        ..Said::default()
    }
}
