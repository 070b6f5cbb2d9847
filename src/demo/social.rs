//! The pack for social referral: a co-management institute, the family sheets it filled in, and what it referred to other institutions.
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

const NAME: &str = "social-referral";
const FORM: &str = "ficha_familiar";

macro_rules! beside {
    ($($file:literal),+) => { &[$(($file, include_bytes!(concat!("../../packs/social-referral/", $file)) as &[u8])),+] };
}

const FILES: &[(&str, &[u8])] = beside!(
    "forms/ficha_familiar.csv",
    "rules/fields.toml",
    "rules/scores.toml",
    "rules/child_care.cel",
    "rules/child_care.toml",
    "rules/pension.cel",
    "rules/pension.toml",
    "rules/scholarship.cel",
    "rules/scholarship.toml"
);

const OFFICE: i32 = 101;

/// Who works with the pack.
pub const MEMBERS: [Member; 4] = [
    member("isabel", "Isabel Mora", "social_comanager", OFFICE),
    member("mateo", "Mateo Solís", "social_supervisor", OFFICE),
    member("oscar", "Óscar Vargas", "social_administrator", 100),
    member("irene", "Irene Castro", "social_protection_officer", 100),
];

const CASELOADS: [Load; 1] = [(OFFICE, Some("isabel"), Some("mateo"), "social_referral", 6)];

/// Each with the id that a rule of the pack knows the service by.
const SERVICES: [(Entry, &str); 3] = [
    (
        (32, "social_protection", "Pension without contributions", "معاش غير قائم على الاشتراك", "Pension non contributive"),
        "cr-pension",
    ),
    ((34, "education", "Scholarship", "منحة دراسية", "Bourse d'études"), "cr-scholarship"),
    ((41, "education", "Child care", "رعاية الأطفال", "Garde d'enfants"), "cr-child-care"),
];

const SHARES: [(usize, Course); 4] =
    [(1, Course::JustSent), (1, Course::Accepted), (1, Course::Verified), (1, Course::AwaitingPerson)];

/// What a family sheet says beyond its people: path and answer.
const SAID: [[(&str, &str); 6]; 2] = [
    [
        ("reference/tenure", "precarious"),
        ("means/income", "120000"),
        ("means/food_short", "yes"),
        ("means/home_state", "bad"),
        ("means/water", "no"),
        ("wishes/wanted", "pension housing"),
    ],
    [
        ("reference/tenure", "rented"),
        ("means/income", "260000"),
        ("means/food_short", "no"),
        ("means/home_state", "fair"),
        ("means/water", "yes"),
        ("wishes/wanted", "scholarship care"),
    ],
];

/// The pack, as it is shipped.
pub fn pack() -> Result<Pack, Error> {
    sheets::pack(NAME, include_str!("../../packs/social-referral/pack.toml"), FILES)
}

/// Publishes the pack's forms; answers with its family sheet.
pub async fn publish(work: &mut Work, pack: &Pack) -> Result<Asked, Error> {
    sheets::publish(work, pack, FORM).await
}

/// Adds all of it; answers with the cases whose families have a sheet.
pub fn add(
    tables: &mut Tables,
    (seed, now): (u64, DateTime<Utc>),
    role_ids: &[(String, i32)],
    (keyring, pack): (&Keyring, (i32, &Pack)),
    asked: &Asked,
) -> anyhow::Result<Vec<Uuid>> {
    let mut chance = Chance::new(seed + 4, now);
    cast::add_social(tables, &mut chance, role_ids);
    let services = services::add_ruled(tables, &mut chance, &SERVICES, 52);
    let households = registry::add_social(tables, &mut chance);
    let files = casework::add(tables, &mut chance, keyring, pack, (&CASELOADS, &households));
    sendings::add(tables, &mut chance, (keyring, pack.1), (&files, &services), &SHARES)?;
    let mut answered = Vec::new();
    for (file, said) in files.iter().filter(|file| file.closed_at.is_none()).zip(&SAID) {
        add_copy(tables, file, asked, said, seed)?;
        answered.push(file.id);
    }
    Ok(answered)
}

fn add_copy(tables: &mut Tables, file: &CaseFile, asked: &Asked, said: &[(&str, &str)], seed: u64) -> anyhow::Result<()> {
    let mut sheet = Sheet::begin(asked, file, "Español (es)", seed);
    let members = &file.household.members;
    sheet.rounds("/data/family", "member", members.len())?;
    for (nth, person) in members.iter().enumerate() {
        for (path, answer) in of_member(person, person.age(sheet.at().date_naive())) {
            sheet.say(&format!("/data/family/member[{}]/sheet/{path}", nth + 1), &answer)?;
        }
    }
    let fixed = [
        ("reference/explained", "OK"),
        ("reference/province", "alajuela"),
        ("reference/canton", "Upala"),
        ("reference/zone", "rural"),
        ("means/debts", "no"),
        ("means/receives", "none"),
        ("wishes/limits_known", "way"),
        ("wishes/tried", "no"),
        ("wishes/contact_wish", "visit"),
    ];
    for (path, answer) in fixed.iter().chain(said) {
        sheet.say(&format!("/data/{path}"), answer)?;
    }
    sheet.keep(tables, file)
}

fn of_member(person: &Person, age: u32) -> Vec<(&'static str, String)> {
    let relation = match person.relationship {
        known @ ("head" | "spouse" | "child" | "parent") => known,
        _ => "relative",
    };
    let activity = match (person.relationship, age) {
        ("head", _) => "seeking",
        (_, 65..) => "home",
        (_, ..18) => "studies",
        _ => "own",
    };
    vec![
        ("name", person.name.split(' ').next().unwrap_or_default().to_owned()),
        ("relation", relation.to_owned()),
        ("sex", person.sex.to_owned()),
        ("age", age.to_string()),
        ("activity", activity.to_owned()),
        ("studies", "yes".to_owned()),
        ("insured", "none".to_owned()),
        ("pension", "no".to_owned()),
        ("difficulty", if age >= 65 { "a_lot" } else { "none" }.to_owned()),
    ]
}
