//! What was written on the cases: steps, notes, consent, and what is to be done next.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::tables::{Tables, bytes};
use crate::meetings::Told;
use crate::packs::Sensitivity;
use crate::platform::ids::NoteId;

const ENGLISH: [&str; 8] = [
    "Met at the office as agreed. Explained what we do and what we can't promise.",
    "Phone call at the safe hour. All well since the last visit; asks about the appointment.",
    "Home visit. The roof still leaks over the second room; the children sleep in the front.",
    "Went through the papers together. One document is missing; agreed who asks for it.",
    "Talked about what would help most in the next two weeks. Wrote it down together.",
    "Accompanied to the desk. They were received kindly and know when to come back.",
    "Asked how it goes at school. Goes every day since the start of the month.",
    "Agreed to speak again next week. Nothing urgent today.",
];
const ARABIC: [&str; 4] = [
    "تم اللقاء في المكتب كما اتُّفق. شرحنا ما يمكننا تقديمه وما لا نستطيع الوعد به.",
    "زيارة منزلية. الوضع مستقر منذ الزيارة السابقة، والأسرة تنتظر الموعد.",
    "اتصال هاتفي في الوقت الآمن. طُلبت مساعدة في استخراج وثيقة ناقصة.",
    "اتفقنا على الخطوة التالية معاً وعلى موعد الاتصال القادم.",
];

/// Adds notes and the next follow-up.
pub fn add(tables: &mut Tables, chance: &mut Chance, file: &CaseFile) {
    let author = file.worker();
    let until = file.closed_at.unwrap_or(chance.now);
    let count = chance.between(1, 5);
    for nth in 0..count {
        let at = file.opened_at + (until - file.opened_at) * i32::try_from(nth).unwrap_or(0) / 5;
        let kind = chance.weighed(&[(5, "note"), (3, "contact"), (2, "visit")]);
        let kind = if nth == 0 && file.risk == "high" { "safety_action" } else { kind };
        if matches!(kind, "contact" | "visit") {
            tables.met(file.id, at);
        }
        let text = if org_of(file.unit) == 3 { *chance.one(&ARABIC) } else { *chance.one(&ENGLISH) };
        tables.add(
            "case_notes",
            json!({ "id": chance.id(at), "case_id": file.id, "kind": kind, "body": bytes(&file.key.seal("case_notes.body", text.as_bytes())),
                "happened_at": at, "recorded_at": at, "author": user(author), "author_name": member_of(author).name,
                "pinned": false }),
        );
    }
    if file.closed_at.is_none() && file.stage != "paused" {
        add_next(tables, chance, file);
    }
}

/// The contact of the last weeks on a case that somebody works on; one in a dozen has gone silent.
// No chance is used up: what else the world holds stays as it was.
pub fn add_latest(tables: &mut Tables, chance: &Chance, file: &CaseFile, nth: usize) {
    let worked_on = file.manager.is_some() && file.closed_at.is_none() && file.stage != "paused";
    let days = i64::try_from((nth * 5 + 3) % 24).unwrap_or(0);
    let at = chance.now - TimeDelta::days(days) - TimeDelta::hours(3);
    if !worked_on || nth % 12 == 11 || at <= file.opened_at {
        return;
    }
    let author = file.worker();
    let (kind, text) = if nth.is_multiple_of(2) { ("contact", ENGLISH[1]) } else { ("visit", ENGLISH[2]) };
    let text = if org_of(file.unit) == 3 { ARABIC[2 - nth % 2] } else { text };
    tables.met(file.id, at);
    tables.add(
        "case_notes",
        json!({ "id": Uuid::new_v5(&file.id, b"latest contact"), "case_id": file.id, "kind": kind,
            "body": bytes(&file.key.seal("case_notes.body", text.as_bytes())), "happened_at": at, "recorded_at": at, "author": user(author),
            "author_name": member_of(author).name, "pinned": false }),
    );
}

/// The clock of a case that waits for a worker: it runs from the last word with the person (S21), whom the desk rang yesterday where they came earlier.
// No chance is used up here either.
pub fn add_waiting(tables: &mut Tables, chance: &Chance, file: &CaseFile) {
    if file.manager.is_some() || file.closed_at.is_some() || file.stage == "paused" {
        return;
    }
    let rang = chance.now - TimeDelta::hours(27);
    if rang > file.opened_at {
        let text = if org_of(file.unit) == 3 { ARABIC[2] } else { ENGLISH[1] };
        tables.met(file.id, rang);
        tables.add(
            "case_notes",
            json!({ "id": Uuid::new_v5(&file.id, b"latest contact"), "case_id": file.id, "kind": "contact",
                "body": bytes(&file.key.seal("case_notes.body", text.as_bytes())), "happened_at": rang, "recorded_at": rang,
                "author": user(file.worker()), "author_name": member_of(file.worker()).name, "pinned": false }),
        );
    }
    let from = tables.last_met(file.id).map_or(file.opened_at, |met| met.max(file.opened_at));
    // Due and overdue, as all the packs have it.
    let (due, overdue) = match file.risk {
        "high" => (48, 48),
        "moderate" => (72, 120),
        _ => (240, 240),
    };
    tables.add(
        "tasks",
        json!({ "id": Uuid::new_v5(&file.id, b"follow up"), "kind": "follow_up", "case_id": file.id, "referral_id": null, "side": "from",
            "org": org_of(file.unit), "unit": file.unit, "assignee": null, "title": "", "due_at": from + TimeDelta::hours(due),
            "overdue_at": from + TimeDelta::hours(overdue), "remind_at": null, "once": null, "version": 1, "recorded_at": from }),
    );
}

/// The note that tells of a meeting that was held, in the name of whoever held it.
pub fn add_met(tables: &mut Tables, file: &CaseFile, kind: &str, at: DateTime<Utc>) -> Told {
    let (id, author, visit) = (Uuid::new_v5(&file.id, b"meeting told"), file.worker(), kind == "home_visit");
    let text = match (org_of(file.unit) == 3, visit) {
        (true, _) => ARABIC[usize::from(visit)],
        (false, true) => ENGLISH[2],
        (false, false) => ENGLISH[0],
    };
    tables.met(file.id, at);
    tables.add(
        "case_notes",
        json!({ "id": id, "case_id": file.id, "kind": if visit { "visit" } else { "contact" },
            "body": bytes(&file.key.seal("case_notes.body", text.as_bytes())), "happened_at": at, "recorded_at": at + TimeDelta::minutes(60),
            "author": user(author), "author_name": member_of(author).name, "pinned": false }),
    );
    Told { note: NoteId(id), at }
}

fn add_next(tables: &mut Tables, chance: &mut Chance, file: &CaseFile) {
    let (kind, due) = if file.manager.is_none() {
        ("take_up", chance.now + TimeDelta::hours(chance.between(-10, 40)))
    } else {
        // One in twenty late, a good handful today, most in the next ten days.
        let days = chance.weighed(&[(1, -3), (1, -1), (8, 0), (7, 1), (6, 2), (6, 4), (6, 6), (5, 9)]);
        ("follow_up", if days == 0 { later_today(chance) } else { around_noon(chance, days) })
    };
    let overdue = due + TimeDelta::days(if kind == "follow_up" && file.risk == "moderate" { 2 } else { 0 });
    tables.add(
        "tasks",
        json!({ "id": chance.id(file.opened_at), "kind": kind, "case_id": file.id, "referral_id": null, "side": "from", "org": org_of(file.unit),
            "unit": file.unit, "assignee": file.manager.map(user), "title": "", "due_at": due, "overdue_at": overdue,
            "remind_at": due - TimeDelta::hours(20), "once": null, "version": 1, "recorded_at": file.opened_at }),
    );
}

fn around_noon(chance: &mut Chance, days: i64) -> DateTime<Utc> {
    let noon = chance.now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(14);
    noon + TimeDelta::days(days) + TimeDelta::minutes(chance.between(-180, 180))
}

// What is due today is still ahead, at whatever hour the demo is loaded.
fn later_today(chance: &mut Chance) -> DateTime<Utc> {
    let midnight = chance.now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(1);
    let left = (midnight - chance.now).max(TimeDelta::minutes(20));
    chance.now + left * i32::try_from(chance.between(1, 9)).unwrap_or(1) / 10
}

/// Adds the steps by which the case came to its stage.
pub fn add_moves(tables: &mut Tables, chance: &mut Chance, file: &CaseFile, before: Vec<&str>) {
    let mut steps: Vec<(&str, Option<String>, Option<String>)> = Vec::new();
    let first = before.first().map_or(file.stage.clone(), |stage| (*stage).to_owned());
    steps.push(("opened", None, Some(first)));
    let mut through: Vec<&str> = before;
    through.push(&file.stage);
    for pair in through.windows(2) {
        let kind = if pair[1] == "closed" { "closed" } else { "stage" };
        steps.push((kind, Some(pair[0].to_owned()), Some(pair[1].to_owned())));
    }
    let until = file.closed_at.unwrap_or(chance.now);
    let count = i32::try_from(steps.len()).unwrap_or(1);
    let who = file.worker();
    for (nth, (kind, from, to)) in steps.into_iter().enumerate() {
        // It was closed when its row says so, and not before what happened on it.
        let part = i32::try_from(nth).unwrap_or(0);
        let at = if kind == "closed" { until } else { file.opened_at + (until - file.opened_at) * part / count };
        let reason = if kind == "opened" { "self" } else { "" };
        tables.add(
            "case_moves",
            json!({ "id": chance.id(at), "case_id": file.id, "kind": kind, "from_value": from, "to_value": to, "reason": reason,
                "happened_at": at, "recorded_at": at, "actor_id": user(who), "actor_name": member_of(who).name }),
        );
    }
}

/// The sections that every consent of the demo reaches.
pub const SECTIONS: [&str; 9] =
    ["need", "urgency", "area", "access_needs", "identity", "household", "safe_contact", "payment", "child"];

/// Adds the consent under which this case's referrals go, and answers with its id.
pub fn add_consent(tables: &mut Tables, chance: &mut Chance, file: &CaseFile) -> Uuid {
    let id = chance.id(file.consented_at);
    let age = file.age(chance.now.date_naive());
    let head = &file.household.members[0];
    let by_head = age < 15 && head.id != file.person.id;
    let (kind, giver) = if by_head { ("representative", "caregiver") } else { ("consent", "person") };
    let row = consent_row(chance, file, id, kind, giver);
    tables.add("consents", row);
    if by_head && age > 5 {
        let beside = chance.id(file.consented_at);
        let mut assent = consent_row(chance, file, beside, "assent", "person");
        assent["child_assent_of"] = json!(id);
        tables.add("consents", assent);
    }
    id
}

fn consent_row(chance: &mut Chance, file: &CaseFile, id: Uuid, kind: &str, giver: &str) -> serde_json::Value {
    let given = file.consented_at.date_naive();
    let months = if file.sensitivity == Sensitivity::Standard { 360 } else { 180 };
    let who = file.worker();
    let others: Vec<i32> = (1..=9).filter(|org| *org != org_of(file.unit)).collect();
    let form = chance.weighed(&[(5, "signature"), (2, "thumb_mark"), (3, "spoken_before_witness")]);
    json!({
        "id": id, "case_id": file.id, "person_id": file.person.id, "basis": "consent", "kind": kind,
        "purpose": "To ask the organisations named for the services we talked about", "to_orgs": others, "to_kinds": [], "sections": SECTIONS,
        "form": form, "given_by": giver, "given_by_person": (giver == "caregiver").then_some(file.household.members[0].id),
        "witness": if form == "spoken_before_witness" { "A colleague of the unit" } else { "" }, "spoken_alone": true, "understood": true,
        "language": if file.person.latin.is_empty() { "en" } else { "ar" }, "interpreter": "", "child_assent_of": null, "given_on": given,
        "expires_on": given + TimeDelta::days(months + 60), "law": "", "not_told_reason": "", "recorded_by": user(who),
        "recorded_by_name": member_of(who).name, "recorded_at": file.consented_at, "withdrawn_at": null, "withdrawn_how": null,
        "ends_service": null, "version": 1,
    })
}

/// A consent that was given and later withdrawn, for the referrals that end so.
pub fn add_withdrawn(
    tables: &mut Tables,
    chance: &mut Chance,
    file: &CaseFile,
    withdrawn_at: DateTime<Utc>,
    ends_service: Option<bool>,
) -> Uuid {
    let id = chance.id(file.consented_at);
    let mut row = consent_row(chance, file, id, "consent", "person");
    row["withdrawn_at"] = json!(withdrawn_at);
    row["withdrawn_how"] = json!("in_person");
    row["ends_service"] = json!(ends_service);
    tables.add("consents", row);
    id
}
