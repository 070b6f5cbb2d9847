//! The pack for referring households: an outreach team, what households answered to its questionnaire, providers for its services.
//!
//! It has chances of its own, so that what the other packs' worlds hold stays the same whatever is changed here.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::casework::{self, CaseFile, Load};
use super::cast::{self, Member, member};
use super::chance::Chance;
use super::courses::Course;
use super::registry::{self, Person};
use super::sendings;
use super::services::{self, Entry};
use super::sheets::{self, Asked, Sheet};
use super::tables::Tables;
use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::seal::Keyring;

const NAME: &str = "household-referral";
const FORM: &str = "household_needs";

macro_rules! beside {
    ($($file:literal),+) => { &[$(($file, include_bytes!(concat!("../../packs/household-referral/", $file)) as &[u8])),+] };
}

const FILES: &[(&str, &[u8])] = beside!(
    "forms/household_needs.csv",
    "rules/fields.toml",
    "rules/scores.toml",
    "rules/assistive_devices.cel",
    "rules/assistive_devices.toml",
    "rules/cash_assistance.cel",
    "rules/cash_assistance.toml",
    "rules/health_insurance.cel",
    "rules/health_insurance.toml",
    "rules/school_support.cel",
    "rules/school_support.toml",
    "rules/vocational_training.cel",
    "rules/vocational_training.toml"
);

const TEAM: i32 = 36;

/// Who works with the pack.
pub const MEMBERS: [Member; 5] = [
    member("zaid", "Zaid Shami", "outreach_worker", TEAM),
    member("reem", "Reem Obeid", "outreach_worker", TEAM),
    member("huda", "Huda Tell", "outreach_supervisor", TEAM),
    member("samir", "Samir Atallah", "outreach_administrator", 30),
    member("layan", "Layan Haddad", "outreach_protection_officer", 30),
];

const CASELOADS: [Load; 2] =
    [(TEAM, Some("zaid"), Some("huda"), "household_referral", 8), (TEAM, Some("reem"), Some("huda"), "household_referral", 5)];

/// Each with the id that a rule of the pack knows the service by.
const SERVICES: [(Entry, &str); 5] = [
    (
        (32, "cash", "Cash for households visited", "مساعدة نقدية للأسر التي جرت زيارتها", "Aide aux ménages visités"),
        "jo-cash-monthly",
    ),
    (
        (32, "health", "Exemption from health fees", "إعفاء من رسوم العلاج", "Exonération des frais de santé"),
        "jo-health-exemption",
    ),
    ((21, "disability", "Devices and fitting", "أجهزة وتركيبها", "Appareils et ajustement"), "jo-devices"),
    ((34, "education", "School money", "دعم مالي مدرسي", "Aide scolaire"), "jo-school-support"),
    ((34, "livelihood", "Courses in trades", "دورات مهنية", "Cours de métiers"), "jo-training"),
];

const SHARES: [(usize, Course); 4] =
    [(2, Course::JustSent), (2, Course::Accepted), (2, Course::Verified), (1, Course::AwaitingPerson)];

/// What the questionnaire of a household says beyond its people: path and answer.
type Said = [(&'static str, &'static str); 10];
const SAID: [Said; 3] = [
    [
        ("tenure", "rented"),
        ("may_lose_home", "yes"),
        ("has_toilet", "yes"),
        ("income_aid", "40"),
        ("short_days", "3"),
        ("receives", "none"),
        ("missed_care", "yes"),
        ("wanted", "cash school"),
        ("tried", "no"),
        ("leaks", "yes"),
    ],
    [
        ("tenure", "free"),
        ("may_lose_home", "no"),
        ("has_toilet", "no"),
        ("income_aid", "0"),
        ("short_days", "5"),
        ("receives", "food"),
        ("missed_care", "yes"),
        ("wanted", "assistive health_insurance"),
        ("tried", "no"),
        ("leaks", "yes"),
    ],
    [
        ("tenure", "owned"),
        ("may_lose_home", "no"),
        ("has_toilet", "yes"),
        ("income_aid", "0"),
        ("short_days", "0"),
        ("receives", "none"),
        ("missed_care", "no"),
        ("wanted", "training"),
        ("tried", "no"),
        ("leaks", "no"),
    ],
];

const DIFFICULTIES: [&str; 6] = [
    "functioning/seeing",
    "functioning/hearing",
    "functioning/walking",
    "functioning/remembering",
    "functioning/self_care",
    "functioning/communicating",
];

/// The pack, as it is shipped.
pub fn pack() -> Result<Pack, Error> {
    sheets::pack(NAME, include_str!("../../packs/household-referral/pack.toml"), FILES)
}

/// Publishes the pack's forms; answers with its questionnaire.
pub async fn publish(work: &mut Work, pack: &Pack) -> Result<Asked, Error> {
    sheets::publish(work, pack, FORM).await
}

/// Adds all of it; answers with the cases whose households have answered.
pub fn add(
    tables: &mut Tables,
    (seed, now): (u64, DateTime<Utc>),
    role_ids: &[(String, i32)],
    (keyring, pack): (&Keyring, (i32, &Pack)),
    asked: &Asked,
) -> anyhow::Result<Vec<Uuid>> {
    let mut chance = Chance::new(seed + 3, now);
    for who in MEMBERS {
        cast::add_member(tables, &mut chance, &who, role_ids);
    }
    for (login, unit) in [("chen", 21), ("leila", 32), ("musa", 34)] {
        cast::add_membership(tables, &mut chance, login, unit, "outreach_partner", role_ids);
    }
    let services = services::add_ruled(tables, &mut chance, &SERVICES, 47);
    let households = registry::add_outreach(tables, &mut chance);
    let files = casework::add(tables, &mut chance, keyring, pack, (&CASELOADS, &households));
    sendings::add(tables, &mut chance, (keyring, pack.1), (&files, &services), &SHARES)?;
    let mut answered = Vec::new();
    for (file, said) in files.iter().filter(|file| file.closed_at.is_none()).zip(&SAID) {
        add_copy(tables, file, asked, said, seed)?;
        answered.push(file.id);
    }
    Ok(answered)
}

fn add_copy(tables: &mut Tables, file: &CaseFile, asked: &Asked, said: &Said, seed: u64) -> anyhow::Result<()> {
    let mut sheet = Sheet::begin(asked, file, "العربية (ar)", seed);
    let members = &file.household.members;
    sheet.rounds("/data/members", "member", members.len())?;
    for (nth, person) in members.iter().enumerate() {
        let answers = of_member(person, person.age(sheet.at().date_naive()), said);
        for (path, answer) in answers {
            sheet.say(&format!("/data/members/member[{}]/{path}", nth + 1), &answer)?;
        }
    }
    let fixed = [
        ("visit/explained", "OK"),
        ("visit/governorate", "amman"),
        ("visit/settlement", "town"),
        ("visit/answering", "head"),
        ("means/income_from/income_pension", "0"),
        ("means/income_from/income_family", "20"),
        ("means/income_from/income_other", "0"),
        ("contact/contact_wish", "visit"),
        ("contact/look_for_services", "yes"),
    ];
    let (home, fit) = ("dwelling", "dwelling/fit");
    let groups = [home, home, fit, "means/income_from", "means", "means", "health", "wishes", "attempts", fit];
    let own = said.iter().zip(groups).map(|((name, answer), group)| (format!("{group}/{name}"), *answer));
    for (path, answer) in fixed.into_iter().map(|(path, answer)| (path.to_owned(), answer)).chain(own) {
        sheet.say(&format!("/data/{path}"), answer)?;
    }
    sheet.keep(tables, file)
}

fn of_member(person: &Person, age: u32, said: &Said) -> Vec<(&'static str, String)> {
    let head = person.relationship == "head";
    let wants = |help: &str| said[7].1.contains(help);
    let relation = match person.relationship {
        known @ ("head" | "spouse" | "child" | "parent" | "sibling" | "grandchild") => known,
        _ => "relative",
    };
    let activity = match (head, wants("training"), wants("assistive")) {
        (true, _, true) => "unable",
        (true, true, _) => "irregular",
        (true, ..) => "seeking",
        _ => "home",
    };
    let mut answers = vec![
        ("about/name", person.name.split(' ').next().unwrap_or_default().to_owned()),
        ("about/relation", relation.to_owned()),
        ("about/sex", person.sex.to_owned()),
        ("about/age", age.to_string()),
        ("about/national_number", "yes".to_owned()),
        ("schooling/attends", if wants("school") && !head { "no" } else { "yes" }.to_owned()),
        ("care/insurance", if wants("training") { "civil" } else { "none" }.to_owned()),
        ("work/activity", activity.to_owned()),
        ("work/earned", "320".to_owned()),
        ("work/wants_training", if wants("training") { "yes" } else { "no" }.to_owned()),
    ];
    for path in DIFFICULTIES {
        let much = head && wants("assistive") && path.ends_with("walking");
        answers.push((path, if much { "a_lot" } else { "none" }.to_owned()));
    }
    answers.push(("functioning/devices", "wheelchair".to_owned()));
    answers
}
