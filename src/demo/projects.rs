//! Two community projects of the inclusion team, with the three families that have come far enough to take part, and one who is exempt.
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, org_of, user};
use super::tables::Tables;
use crate::packs::Pack;
use crate::projects::placement::monday;

const UNIT: i32 = 43;
const KEEPER: &str = "giulia";
// Title, host, area, places, hours a week, where, who answers for it.
type Offer = (&'static str, &'static str, &'static str, i16, i16, &'static str, &'static str);
const OFFERS: [Offer; 2] = [
    ("Gardens of the old port", "Municipality of Marsa", "environment", 4, 8, "Harbour street, behind the market", "Rosa Neri"),
    ("Reading room for children", "Friends of the library", "culture", 2, 10, "Public library", "Ugo Blu"),
];
// Hours there, away for a good reason and without one, of the last weeks.
const WEEKS: [[i16; 3]; 4] = [[8, 0, 0], [6, 2, 0], [8, 0, 0], [5, 0, 3]];

/// Adds the projects of a pack that has such, and who of these cases takes part.
pub fn add(tables: &mut Tables, pack: &Pack, files: &[CaseFile], now: DateTime<Utc>) {
    if pack.projects.is_none() {
        return;
    }
    let this_week = monday(now.date_naive());
    let since = this_week - Days::new(120);
    for (title, host, area, places, hours, place, responsible) in OFFERS {
        tables.add(
            "projects",
            json!({ "id": project(title), "org": org_of(UNIT), "unit": UNIT, "title": title, "host": host, "host_unit": null, "area": area, "places": places,
                "weekly_hours": hours, "starts_on": since, "ends_on": null, "place": place, "responsible": responsible, "ended_at": null,
                "recorded_at": now - TimeDelta::days(120), "author": user(KEEPER), "version": 1 }),
        );
    }
    let open = files.iter().filter(|file| file.closed_at.is_none() && file.manager.is_some());
    // A plan, and with it a support to be placed from, is there from this stage on.
    let (far, early): (Vec<_>, Vec<_>) =
        open.partition(|file| matches!(file.stage.as_str(), "pact" | "monitoring" | "evaluation"));
    for (nth, file) in far.into_iter().take(3).enumerate() {
        let (title, .., hours, _, _) = OFFERS[nth % OFFERS.len()];
        place(tables, file, (title, hours), this_week, now);
    }
    if let Some(file) = early.first() {
        exempt(tables, file, now);
    }
}

fn project(title: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("demo project {title}").as_bytes())
}

fn place(tables: &mut Tables, file: &CaseFile, (title, hours): (&str, i16), this_week: NaiveDate, now: DateTime<Utc>) {
    let (who, plan) = (file.worker(), Uuid::new_v5(&file.id, b"plan"));
    let id = Uuid::new_v5(&file.id, b"placement");
    let first = this_week - Days::new(35);
    tables.add(
        "project_placements",
        json!({ "id": id, "case_id": file.id, "project_id": project(title), "person_id": file.person.id, "plan_line": Uuid::new_v5(&plan, b"support 0"),
            "weekly_hours": hours, "own_wish": false, "starts_on": first, "left_on": null, "left_reason": null, "author": user(who),
            "author_name": member_of(who).name, "recorded_at": now - TimeDelta::days(36), "version": 1 }),
    );
    for (nth, [present, justified, unjustified]) in WEEKS.into_iter().enumerate() {
        let week = first + Days::new(7 * nth as u64);
        tables.add(
            "project_attendance",
            json!({ "id": Uuid::new_v5(&id, week.to_string().as_bytes()), "placement_id": id, "case_id": file.id, "week": week, "nth": 1, "present": present,
                "justified": justified, "unjustified": unjustified, "by_host": false, "author": user(who), "author_name": member_of(who).name,
                "recorded_at": now - TimeDelta::days(28 - 7 * nth as i64) }),
        );
    }
}

fn exempt(tables: &mut Tables, file: &CaseFile, now: DateTime<Utc>) {
    let who = file.worker();
    tables.add(
        "project_exemptions",
        json!({ "id": Uuid::new_v5(&file.id, b"exemption"), "case_id": file.id, "person_id": file.person.id, "reason": "small_children", "until_on": null,
            "ended_at": null, "author": user(who), "author_name": member_of(who).name, "recorded_at": now - TimeDelta::days(9), "version": 1 }),
    );
}
