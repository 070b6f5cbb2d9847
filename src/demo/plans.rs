//! Plans on the cases that have come so far: drafts, plans ready to be agreed, plans that hold with a review or two, and some that ended.
use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::tables::{Tables, bytes};
use crate::packs::plan::PANEL;
use crate::packs::{Pack, Sensitivity, StageKind};
use crate::plans::store;

// Goal, expected result, commitment, support with the need it is for, and how far the result had come at two reviews.
type Aim = (&'static str, &'static str, &'static str, &'static str, &'static str, [&'static str; 2]);
const GOALS: &[Aim] = &[
    (
        "A dry home before winter",
        "The roof holds through a night of rain",
        "Clears the room under the leak",
        "Shelter team looks at the roof",
        "shelter",
        ["partly", "achieved"],
    ),
    (
        "Papers for everybody",
        "Each child has a birth certificate",
        "Asks the midwife for her note",
        "Legal advice on late registration",
        "legal",
        ["not", "partly"],
    ),
    (
        "Enough to eat until the harvest",
        "Three meals on most days",
        "Keeps a note of what runs out when",
        "Registered for food parcels",
        "food",
        ["achieved", "achieved"],
    ),
    (
        "Sleeping through the night again",
        "Four quiet nights a week",
        "Walks an hour each evening",
        "Six talks with the counsellor",
        "mental_health",
        ["not", "partly"],
    ),
];
const TALLY: [(&str, &str); 3] = [
    ("To be asked first, and to hear the truth about what can be done.", "Cares for a sick mother; no transport after six."),
    ("To stay near the school, whatever else changes.", "Cannot read the forms; the phone is shared."),
    ("Work again, if only half days.", "A bad knee; the youngest is two."),
];

/// Adds the plan of a case, if it has come that far.
// No chance is used up: what else the world holds stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, pack: &Pack, file: &CaseFile, nth: usize) {
    let Some(case_type) = u8::try_from(file.case_type).ok().and_then(|id| pack.case_type_by_id(id)) else { return };
    let Some(process) = pack.process(case_type).filter(|process| process.panel(PANEL).is_some()) else { return };
    let place = |code: &str| process.stages.iter().position(|stage| stage.code == code);
    let planning = ["planning", "pact", "family_plan", "development_plan"].into_iter().find_map(place);
    let (Some(here), Some(planning)) = (place(&file.stage), planning) else { return };
    let kind = process.stages.get(here).map(|stage| stage.kind);
    if kind == Some(StageKind::Working) && here < planning {
        return;
    }
    let approver = file.supervisor.filter(|one| *one != file.worker());
    let needs_approval = pack.plan.as_ref().is_some_and(|rules| rules.approved_for(&case_type.code).is_some());
    let state = match (kind, here == planning) {
        (Some(StageKind::Closed), _) => "ended",
        (Some(StageKind::Working), true) => ["draft", "proposed"][nth % 2],
        _ => "agreed",
    };
    // What must be approved is agreed to by nobody while there is nobody to approve it.
    let state = if needs_approval && approver.is_none() && state != "draft" { "proposed" } else { state };
    let until = file.closed_at.unwrap_or(chance.now);
    let at = |percent: i32| (file.opened_at + (until - file.opened_at) * percent / 100).min(chance.now - TimeDelta::hours(1));
    let id = Uuid::new_v5(&file.id, b"plan");
    let world = World { file, id, state, nth, at: &at, approver: approver.filter(|_| needs_approval), now: chance.now };
    world.plan(tables, needs_approval);
    let results = world.lines(tables, pack);
    if matches!(state, "agreed" | "ended") {
        world.agreements(tables);
        world.reviews(tables, &results);
        tables.met(file.id, at(50));
    }
}

struct World<'a> {
    file: &'a CaseFile,
    id: Uuid,
    state: &'a str,
    nth: usize,
    at: &'a dyn Fn(i32) -> DateTime<Utc>,
    approver: Option<&'static str>,
    now: DateTime<Utc>,
}

impl World<'_> {
    fn plan(&self, tables: &mut Tables, needs_approval: bool) {
        let (file, who) = (self.file, self.file.worker());
        let (wants, limits) = TALLY[self.nth % TALLY.len()];
        let said =
            json!({ "wants": wants, "limits": limits, "tried": "A cousin helped for a while, then moved away." }).to_string();
        let ready = (self.state != "draft").then(|| (self.at)(45));
        let holds = matches!(self.state, "agreed" | "ended").then(|| (self.at)(50));
        let approver = self.approver.filter(|_| holds.is_some());
        let review_on = (self.state == "agreed").then(|| (self.now + TimeDelta::days(20 + self.nth as i64 % 60)).date_naive());
        if let Some(on) = review_on {
            self.task(tables, "plan_review", on.and_hms_opt(16, 0, 0).map_or(self.now, |due| due.and_utc()), None);
        }
        if self.state == "proposed" && needs_approval {
            self.task(tables, "approve_plan", self.now + TimeDelta::days(2), self.approver);
        }
        tables.add(
            "plans",
            json!({ "id": self.id, "case_id": file.id, "nth": 1, "follows": null, "state": self.state,
                "sealed": bytes(&file.key.seal(store::SAID, said.as_bytes())), "review_on": review_on, "needs_approval": needs_approval && ready.is_some(),
                "round": i32::from(ready.is_some()), "proposed_at": ready, "proposed_by_name": ready.map(|_| member_of(who).name),
                "approved_at": approver.map(|_| (self.at)(48)), "approved_by": approver.map(user), "approved_by_name": approver.map(|login| member_of(login).name),
                "agreed_at": holds, "ended_at": (self.state == "ended").then(|| (self.at)(97)), "recorded_at": (self.at)(40), "author": user(who),
                "author_name": member_of(who).name, "writers": [user(who)], "version": 3 }),
        );
    }

    // Answers with the results.
    fn lines(&self, tables: &mut Tables, pack: &Pack) -> Vec<(Uuid, [&'static str; 2])> {
        let mut results = Vec::new();
        for step in 0..2 {
            let (goal, result, commitment, support, need, progress) = GOALS[(self.nth + step) % GOALS.len()];
            let of_goal = self.line(tables, (step, "goal", goal), None, json!({}));
            let of_result = self.line(tables, (step, "result", result), Some(of_goal), json!({}));
            let done = if step == 0 && self.state != "draft" { "done" } else { "open" };
            let by = self.now.date_naive().checked_add_days(Days::new(6 + self.nth as u64 % 20));
            let person = self.file.person.id;
            self.line(
                tables,
                (step, "commitment", commitment),
                Some(of_result),
                json!({ "doer": person, "due_on": by, "state": done }),
            );
            // A household's plan names no need that only one person alone may be asked about (S12).
            let need = pack.need(need).filter(|need| !(self.file.for_household && need.is_asked_alone()));
            let need = need.map(|need| need.code.clone());
            self.line(
                tables,
                (step, "support", support),
                Some(of_result),
                json!({ "worker": user(self.file.worker()), "need": need, "due_on": by }),
            );
            results.push((of_result, progress));
        }
        if self.file.sensitivity != Sensitivity::Standard {
            self.line(tables, (0, "safety", "A bag and the papers stand ready at a neighbour's."), None, json!({}));
        }
        results
    }

    fn line(
        &self,
        tables: &mut Tables,
        (step, kind, words): (usize, &str, &str),
        parent: Option<Uuid>,
        more: serde_json::Value,
    ) -> Uuid {
        let (file, id) = (self.file, Uuid::new_v5(&self.id, format!("{kind} {step}").as_bytes()));
        let mut row = json!({ "id": id, "plan_id": self.id, "case_id": file.id, "parent": parent, "kind": kind,
            "words": bytes(&file.key.seal(store::WORDS, words.as_bytes())), "doer": null, "worker": null, "service_id": null, "need": null,
            "starts_on": null, "due_on": null, "state": "open", "recorded_at": (self.at)(41) + TimeDelta::seconds(step as i64 * 20 + rank(kind)),
            "author": user(file.worker()), "version": 1 });
        if let (Some(row), serde_json::Value::Object(more)) = (row.as_object_mut(), more) {
            row.extend(more);
        }
        tables.add("plan_lines", row);
        id
    }

    fn agreements(&self, tables: &mut Tables) {
        let (file, who) = (self.file, self.file.worker());
        let witness = json!({ "witness": "The receptionist", "interpreter": "", "strokes": "" }).to_string();
        for side in ["person", "organisation"] {
            let of_person = side == "person";
            tables.add(
                "plan_agreements",
                json!({ "id": Uuid::new_v5(&self.id, side.as_bytes()), "plan_id": self.id, "case_id": file.id, "round": 1, "side": side,
                    "person_id": of_person.then_some(file.person.id), "way": if of_person { "said" } else { "signed_in" },
                    "sealed": of_person.then(|| bytes(&file.key.seal(store::SIGNED, witness.as_bytes()))), "language": if of_person { "Arabic" } else { "" },
                    "happened_at": (self.at)(50), "recorded_at": (self.at)(50), "author": user(who), "author_name": member_of(who).name }),
            );
        }
    }

    fn reviews(&self, tables: &mut Tables, results: &[(Uuid, [&str; 2])]) {
        let (file, who) = (self.file, self.file.worker());
        let ends = self.state == "ended";
        for (at, percent) in [70, 95].into_iter().enumerate().filter(|(at, _)| ends || *at == 0 || self.nth.is_multiple_of(3)) {
            let said =
                json!({ "words": "Went through it together; what is left is agreed for the next weeks.", "of_results": {} })
                    .to_string();
            let unsaid = self.nth % 7 == 3;
            tables.met(file.id, (self.at)(percent));
            tables.add(
                "plan_reviews",
                json!({ "id": Uuid::new_v5(&self.id, format!("review {at}").as_bytes()), "plan_id": self.id, "case_id": file.id,
                    "kind": if ends && at == 1 { "end" } else { "review" }, "results": results.iter().map(|(id, _)| id).collect::<Vec<_>>(),
                    "progress": results.iter().map(|(_, progress)| progress[at]).collect::<Vec<_>>(),
                    "sealed": bytes(&file.key.seal(store::REVIEWED, said.as_bytes())),
                    "satisfaction": if unsaid { None } else { Some(3 + (self.nth + at) % 3) }, "unsaid": unsaid, "happened_at": (self.at)(percent),
                    "recorded_at": (self.at)(percent), "author": user(who), "author_name": member_of(who).name }),
            );
        }
    }

    fn task(&self, tables: &mut Tables, kind: &str, due: DateTime<Utc>, assignee: Option<&'static str>) {
        let file = self.file;
        tables.add(
            "tasks",
            json!({ "id": Uuid::new_v5(&self.id, kind.as_bytes()), "kind": kind, "case_id": file.id, "referral_id": null, "side": "from",
                "org": org_of(file.unit), "unit": file.unit, "assignee": assignee.or(file.manager.filter(|_| kind != "approve_plan")).map(user), "title": "",
                "due_at": due, "overdue_at": due, "remind_at": due - TimeDelta::hours(20), "once": null, "version": 1, "recorded_at": file.opened_at }),
        );
    }
}

// Lines of one goal follow each other.
fn rank(kind: &str) -> i64 {
    ["goal", "result", "commitment", "support", "safety"].iter().position(|known| *known == kind).map_or(9, |at| at as i64)
}
