//! Cases of every type, with what is written on them: consent, notes, steps, and the next follow-up.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::copy::{Bytes, Cell, Sheets};
use super::people::{Happened, Home, SIZE, fact};
use super::skew::{self, Keepers, NGO, PROVIDER};
use crate::demo::chance::Chance;
use crate::packs::{Pack, Sensitivity, StageKind};
use crate::platform::seal::{DataKey, Keyring};

/// The types of ten cases in a row.
const TYPES: [i16; 10] = [4, 2, 2, 1, 1, 1, 1, 3, 3, 3];

/// A case, as far as what hangs on it needs to know.
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Seals its words.
    pub key: DataKey,
    /// Its unit.
    pub unit: i32,
    /// Its type.
    pub case_type: i16,
    /// How closely it is guarded.
    pub sensitivity: Sensitivity,
    /// Whether its referrals are always reviewed.
    pub reviewed: bool,
    /// Who may see it.
    pub scope: Vec<i32>,
    /// Who keeps it.
    pub manager: Uuid,
    /// Who supervises it, where somebody is named.
    pub supervisor: Option<Uuid>,
    /// Who of the household it is about.
    pub subject: usize,
    /// Its risk level.
    pub risk: &'static str,
    /// Since when it runs.
    pub opened_at: DateTime<Utc>,
    /// Until when it ran.
    pub closed_at: Option<DateTime<Utc>>,
    /// The consent under which its referrals go.
    pub consent: Uuid,
    /// What is due next, over all of its tasks.
    pub next_due: Option<DateTime<Utc>>,
    /// The same over those that are the keeper's to see to.
    pub keepers_due: Option<DateTime<Utc>>,
    stage: String,
}

impl File {
    /// The access columns that rows of a case carry.
    pub fn access(&self) -> [(&'static str, &dyn Cell); 6] {
        [
            ("org", &NGO),
            ("unit", &self.unit),
            ("case_type", &self.case_type),
            ("case_manager", &self.manager),
            ("supervisor", &self.supervisor),
            ("scope", &self.scope),
        ]
    }

    /// Whether it concerns the whole household.
    pub fn of_household(&self) -> bool {
        self.case_type == 3
    }

    /// Everybody on it.
    pub fn people(&self) -> Vec<usize> {
        if self.of_household() { (0..SIZE).collect() } else { vec![self.subject] }
    }

    /// A task that is due then, with somebody or in the unit's inbox.
    pub fn awaits(&mut self, due: DateTime<Utc>, assignee: Option<Uuid>) {
        let earliest = |known: Option<DateTime<Utc>>| Some(known.map_or(due, |known| known.min(due)));
        self.next_due = earliest(self.next_due);
        if assignee.is_none_or(|holder| holder == self.manager) {
            self.keepers_due = earliest(self.keepers_due);
        }
    }
}

/// Opens a household's case of this number.
pub fn open(
    chance: &mut Chance,
    keyring: &Keyring,
    keepers: &mut Keepers,
    pack: &Pack,
    home: &Home,
    number: u32,
) -> Option<(File, Wrapped)> {
    let case_type = TYPES[(number as usize * 7) % TYPES.len()];
    let known = pack.case_type_by_id(u8::try_from(case_type).ok()?)?;
    let restricted = known.sensitivity == Sensitivity::Restricted;
    let days = chance.between(0, 700);
    let opened_at = chance.days_ago(days);
    let closed_at = (number.is_multiple_of(5) && days > 120).then(|| opened_at + (chance.now - opened_at) * 4 / 5);
    let stages = &pack.process(known)?.stages;
    let wanted = if closed_at.is_some() { StageKind::Closed } else { StageKind::Working };
    let fit: Vec<_> = stages.iter().filter(|stage| stage.kind == wanted).collect();
    let stage = chance.one(&fit).code.clone();
    let id = chance.id(opened_at);
    let (key, wrapped, epoch) = keyring.new_data_key(id);
    let file = File {
        id,
        // Given where it is known which codes are taken.
        code: String::new(),
        key,
        unit: home.unit,
        case_type,
        sensitivity: known.sensitivity,
        reviewed: known.review == crate::packs::Review::Always,
        scope: skew::scope(home.unit, case_type, known.sensitivity),
        manager: skew::user(keepers.next(home.unit, known.sensitivity, closed_at)),
        supervisor: restricted.then(|| skew::user(7)),
        // A child, a woman, or either of the adults.
        subject: [0, usize::from(number.is_multiple_of(2)), 3, 0, 1][usize::try_from(case_type).unwrap_or_default()],
        risk: chance.weighed(&[(2, "high"), (5, "moderate"), (4, "low")]),
        opened_at,
        closed_at,
        consent: chance.id(opened_at),
        next_due: None,
        keepers_due: None,
        stage,
    };
    Some((file, Wrapped { owner: id, case: id, bytes: wrapped, epoch }))
}

/// A data key as the database keeps it.
pub struct Wrapped {
    /// Whose words it seals.
    pub owner: Uuid,
    /// Of which case.
    pub case: Uuid,
    /// The key, itself sealed.
    pub bytes: Vec<u8>,
    /// By which epoch's key.
    pub epoch: i32,
}

impl Wrapped {
    /// Writes it.
    pub fn write(self, sheets: &mut Sheets) {
        let (case, bytes) = (Some(self.case), Bytes(self.bytes));
        sheets.add("keys", &[&[("owner", &self.owner), ("case_id", &case), ("wrapped", &bytes), ("epoch", &self.epoch)]]);
    }
}

/// Writes what stands on a case, all but the case itself.
pub fn write_papers(sheets: &mut Sheets, chance: &mut Chance, home: &Home, file: &mut File) {
    for nth in file.people() {
        let id = chance.id(file.opened_at);
        let part = if nth == file.subject { "subject" } else { "member" };
        let row: [(_, &dyn Cell); 5] = [
            ("id", &id),
            ("case_id", &file.id),
            ("person_id", &home.members[nth].id),
            ("part", &part),
            ("recorded_at", &file.opened_at),
        ];
        sheets.add("case_people", &[&row, &file.access()]);
    }
    write_consent(sheets, chance, home, file);
    write_notes(sheets, chance, file);
    write_steps(sheets, chance, file);
    let opened = Happened {
        kind: "case.opened",
        at: file.opened_at,
        by: file.manager,
        org: NGO,
        case: Some(file.id),
        referral: None,
        subjects: vec![],
    };
    fact(sheets, chance, &opened);
    if file.closed_at.is_none() {
        write_follow_up(sheets, chance, file);
        write_meetings(sheets, chance, file);
    }
}

// A running case has a consent that still stands; the older ones of the same person are not made.
fn write_consent(sheets: &mut Sheets, chance: &Chance, home: &Home, file: &File) {
    let today = chance.now.date_naive();
    let given = file.opened_at.date_naive();
    let expires = Some(if file.closed_at.is_none() { today + TimeDelta::days(200) } else { given + TimeDelta::days(360) });
    let sections = vec!["need", "urgency", "area", "access_needs", "identity", "household", "safe_contact"];
    let orgs = vec![PROVIDER];
    let row: [(_, &dyn Cell); 17] = [
        ("id", &file.consent),
        ("case_id", &file.id),
        ("person_id", &home.members[file.subject].id),
        ("basis", &"consent"),
        ("kind", &"consent"),
        ("purpose", &"To ask the organisations named for the services we talked about"),
        ("to_orgs", &orgs),
        ("sections", &sections),
        ("form", &"signature"),
        ("spoken_alone", &true),
        ("understood", &true),
        ("language", &"ar"),
        ("given_on", &given),
        ("expires_on", &expires),
        ("recorded_by", &file.manager),
        ("recorded_by_name", &"Worker"),
        ("recorded_at", &file.opened_at),
    ];
    sheets.add("consents", &[&row, &file.access()]);
}

fn write_notes(sheets: &mut Sheets, chance: &mut Chance, file: &File) {
    let until = file.closed_at.unwrap_or(chance.now);
    for nth in 0..2 {
        let at = file.opened_at + (until - file.opened_at) * nth / 3;
        let text = "Home visit. The situation is stable since the last one; the family asks about the appointment and agreed to speak again.";
        let (id, body) = (chance.id(at), Bytes(file.key.seal("case_notes.body", text.as_bytes())));
        let kind = if nth == 0 && file.risk == "high" { "safety_action" } else { "note" };
        let row: [(_, &dyn Cell); 8] = [
            ("id", &id),
            ("case_id", &file.id),
            ("kind", &kind),
            ("body", &body),
            ("happened_at", &at),
            ("recorded_at", &at),
            ("author", &file.manager),
            ("author_name", &"Worker"),
        ];
        sheets.add("case_notes", &[&row, &file.access()]);
    }
}

fn write_steps(sheets: &mut Sheets, chance: &mut Chance, file: &File) {
    let last = if file.closed_at.is_some() { "closed" } else { "stage" };
    for (kind, to, at) in [
        ("opened", "identified", file.opened_at),
        (last, &*file.stage, file.closed_at.unwrap_or(chance.now) - TimeDelta::minutes(10)),
    ] {
        let id = chance.id(at);
        let row: [(_, &dyn Cell); 8] = [
            ("id", &id),
            ("case_id", &file.id),
            ("kind", &kind),
            ("to_value", &to),
            ("happened_at", &at),
            ("recorded_at", &at),
            ("actor_id", &file.manager),
            ("actor_name", &"Worker"),
        ];
        sheets.add("case_moves", &[&row, &file.access()]);
    }
}

// One in twelve is late, most are due in the next three weeks.
fn write_follow_up(sheets: &mut Sheets, chance: &mut Chance, file: &mut File) {
    let hours = if chance.percent(8) { chance.between(-120, -1) } else { chance.between(1, 500) };
    let due = chance.now + TimeDelta::hours(hours) + TimeDelta::minutes(chance.between(0, 59));
    file.awaits(due, Some(file.manager));
    let task = Task {
        id: chance.id(file.opened_at),
        kind: "follow_up".into(),
        referral: None,
        side: "from",
        assignee: Some(file.manager),
        due,
        remind: Some(due - TimeDelta::hours(20)),
        once: None,
        pressing: file.risk == "high",
        at: file.opened_at,
    };
    let owner: [(_, &dyn Cell); 5] = [
        ("org", &NGO),
        ("unit", &file.unit),
        ("case_type", &file.case_type),
        ("scope", &file.scope),
        ("supervisor", &file.supervisor),
    ];
    task.write(sheets, file.id, &owner);
}

// One behind and one ahead, within four weeks: a worker with 200 cases has fifty in a week.
fn write_meetings(sheets: &mut Sheets, chance: &mut Chance, file: &File) {
    let words = serde_json::json!({ "place": "Centre", "purpose": "To look at the next steps together" }).to_string();
    for (from, to, state) in [(-27, -1, "held"), (0, 27, "planned")] {
        let starts = chance.now + TimeDelta::days(chance.between(from, to)) + TimeDelta::minutes(chance.between(0, 32) * 15);
        let (id, ends, kind) =
            (chance.id(file.opened_at), starts + TimeDelta::hours(1), chance.weighed(&[(3, "interview"), (2, "home_visit")]));
        let sealed = Bytes(file.key.seal("meetings.words", words.as_bytes()));
        let row: [(_, &dyn Cell); 11] = [
            ("id", &id),
            ("case_id", &file.id),
            ("kind", &kind),
            ("starts_at", &starts),
            ("ends_at", &ends),
            ("holder", &file.manager),
            ("words", &sealed),
            ("state", &state),
            ("author", &file.manager),
            ("author_name", &"Worker"),
            ("recorded_at", &file.opened_at),
        ];
        sheets.add("meetings", &[&row, &file.access()]);
    }
}

/// A task, as both rooms that make some write it.
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// For which referral.
    pub referral: Option<Uuid>,
    /// On which side of it.
    pub side: &'static str,
    /// By whom.
    pub assignee: Option<Uuid>,
    /// By when.
    pub due: DateTime<Utc>,
    /// When somebody is reminded.
    pub remind: Option<DateTime<Utc>>,
    /// The key under which there is one only.
    pub once: Option<String>,
    /// It is the follow-up of a high risk.
    pub pressing: bool,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Task {
    /// Writes it with its access columns.
    pub fn write(&self, sheets: &mut Sheets, case: Uuid, access: &[(&'static str, &dyn Cell)]) {
        let row: [(_, &dyn Cell); 11] = [
            ("id", &self.id),
            ("kind", &self.kind),
            ("case_id", &case),
            ("referral_id", &self.referral),
            ("side", &self.side),
            ("assignee", &self.assignee),
            ("due_at", &self.due),
            ("remind_at", &self.remind),
            ("once", &self.once),
            ("pressing", &self.pressing),
            ("recorded_at", &self.at),
        ];
        sheets.add("tasks", &[&row, access]);
    }
}

/// Writes the case itself, once it is known what is due next.
pub fn write(sheets: &mut Sheets, home: &Home, file: &File, pack: (&str, i32)) {
    let household = file.of_household().then_some(home.id);
    let limits = Some(file.opened_at.date_naive());
    let reason = file.closed_at.map(|_| "needs_met");
    let priority = if file.risk == "high" { "urgent" } else { "normal" };
    let safety = (file.risk == "high").then_some(file.opened_at);
    let row: [(_, &dyn Cell); 19] = [
        ("id", &file.id),
        ("code", &file.code),
        ("person_id", &home.members[file.subject].id),
        ("household_id", &household),
        ("pack", &pack.0),
        ("pack_version", &pack.1),
        ("stage", &file.stage),
        ("priority", &priority),
        ("risk", &file.risk),
        ("risk_set_at", &file.opened_at),
        ("safety_action_at", &safety),
        ("next_due_at", &file.next_due),
        ("keepers_due_at", &file.keepers_due),
        ("intake_source", &"outreach"),
        ("limits_explained_on", &limits),
        ("opened_at", &file.opened_at),
        ("recorded_at", &file.opened_at),
        ("closed_at", &file.closed_at),
        ("close_reason", &reason),
    ];
    sheets.add("cases", &[&row, &file.access()]);
}
