//! The registry: three hundred households of people who do not exist.
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::org_of;
use super::chance::Chance;
use super::country::AREAS;
use super::keys;
use super::names;
use super::tables::Tables;

/// How many households there are.
pub const HOUSEHOLDS: usize = 300;

/// How many the later units registered.
pub const MORE_HOUSEHOLDS: usize = 60;

/// How many the teams for inclusion and accompaniment registered.
pub const FAMILIES: usize = 30;

/// How many the outreach team visited.
pub const VISITED: usize = 20;

/// How many the co-management office registered.
pub const COMANAGED: usize = 8;

/// How many the team that works by levels of intervention registered.
pub const TIERED: usize = 14;

/// A person, as far as cases and referrals need to know them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their name in its own script.
    pub name: String,
    /// The same in Latin letters; empty where it is Latin already.
    pub latin: String,
    /// Their sex.
    pub sex: &'static str,
    /// When they were born.
    pub born_on: NaiveDate,
    /// What they are to the head of the household.
    pub relationship: &'static str,
}

impl Person {
    /// Whole years on this day.
    pub fn age(&self, today: NaiveDate) -> u32 {
        today.years_since(self.born_on).unwrap_or_default()
    }
}

/// A household; its head comes first.
#[derive(Clone, Debug)]
pub struct Household {
    /// Its id.
    pub id: Uuid,
    /// Where it is registered.
    pub unit: i32,
    /// Roughly where it lives.
    pub area: &'static str,
    /// When it was registered.
    pub recorded_at: DateTime<Utc>,
    /// Its people, the head first.
    pub members: Vec<Person>,
}

/// In which script somebody's own name is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Latin,
}

/// Adds every household with its people and answers with them.
pub fn add(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let units = [(70, 11), (40, 12), (18, 13), (62, 32), (40, 34), (40, 51), (12, 21), (18, 41)];
    add_those(tables, chance, &units, 0..HOUSEHOLDS)
}

/// Adds those whom the later units registered.
pub fn add_more(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let units = [(16, 71), (10, 81), (16, 52), (8, 53), (6, 54)];
    add_those(tables, chance, &units, HOUSEHOLDS..HOUSEHOLDS + MORE_HOUSEHOLDS)
}

/// Adds those whom the teams for inclusion and accompaniment registered.
pub fn add_families(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let first = HOUSEHOLDS + MORE_HOUSEHOLDS;
    add_those(tables, chance, &[(16, 43), (14, 35)], first..first + FAMILIES)
}

/// Adds those whom the outreach team visited.
pub fn add_outreach(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let first = HOUSEHOLDS + MORE_HOUSEHOLDS + FAMILIES;
    add_those(tables, chance, &[(1, 36)], first..first + VISITED)
}

/// Adds those whom the co-management office registered.
pub fn add_social(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let first = HOUSEHOLDS + MORE_HOUSEHOLDS + FAMILIES + VISITED;
    add_those(tables, chance, &[(1, 101)], first..first + COMANAGED)
}

/// Adds those whom the team that works by levels of intervention registered.
pub fn add_tiers(tables: &mut Tables, chance: &mut Chance) -> Vec<Household> {
    let first = HOUSEHOLDS + MORE_HOUSEHOLDS + FAMILIES + VISITED + COMANAGED;
    add_those(tables, chance, &[(1, 37)], first..first + TIERED)
}

fn add_those(tables: &mut Tables, chance: &mut Chance, units: &[(u32, i32)], nths: std::ops::Range<usize>) -> Vec<Household> {
    let mut households = Vec::with_capacity(nths.len());
    for nth in nths {
        let unit = chance.weighed(units);
        let household = household(chance, unit);
        add_household(tables, chance, &household, nth);
        households.push(household);
    }
    households
}

fn household(chance: &mut Chance, unit: i32) -> Household {
    let days = chance.between(125, 400);
    let recorded_at = chance.days_ago(days);
    let area = match unit {
        12 | 101 => "Jabal",
        34..=37 => "Wadi",
        51..=54 => "Sahel",
        _ => AREAS[usize::from(chance.percent(12))].0,
    };
    let script = chance.weighed(&[(68, Script::Arabic), (32, Script::Latin)]);
    let family = *chance.one(if script == Script::Arabic { &names::ARABIC_FAMILIES[..] } else { &names::LATIN_FAMILIES });
    let size = chance.weighed(&[(8, 1), (10, 2), (14, 3), (18, 4), (18, 5), (14, 6), (9, 7), (6, 8), (3, 9)]);
    let year = chance.now.year();
    let head_age = i32::try_from(chance.between(22, 68)).unwrap_or(40);
    let mut members = Vec::new();
    for at in 0..size {
        let relationship = match at {
            0 => "head",
            1 if head_age > 24 && chance.percent(75) => "spouse",
            _ if head_age < 35 && chance.percent(20) => "sibling",
            _ if chance.percent(12) => "parent",
            _ => "child",
        };
        let age = match relationship {
            "head" => head_age,
            "spouse" | "sibling" => (head_age - 6).max(18),
            "parent" => head_age + 24,
            _ => i32::try_from(chance.between(0, i64::from((head_age - 18).clamp(1, 19)))).unwrap_or(4),
        };
        members.push(person(chance, script, family, relationship, year - age, recorded_at));
    }
    Household { id: chance.id(recorded_at), unit, area, recorded_at, members }
}

fn person(
    chance: &mut Chance,
    script: Script,
    family: names::Name,
    relationship: &'static str,
    born: i32,
    at: DateTime<Utc>,
) -> Person {
    let woman = if relationship == "head" { chance.percent(42) } else { chance.percent(53) };
    let given = match (script, woman) {
        (Script::Arabic, true) => *chance.one(&names::ARABIC_WOMEN),
        (Script::Arabic, false) => *chance.one(&names::ARABIC_MEN),
        (Script::Latin, true) => *chance.one(&names::LATIN_WOMEN),
        (Script::Latin, false) => *chance.one(&names::LATIN_MEN),
    };
    let latin = format!("{} {}", given.1, family.1);
    let (name, latin) = match script {
        Script::Arabic => (format!("{} {}", given.0, family.0), latin),
        Script::Latin => (latin, String::new()),
    };
    let month = u32::try_from(chance.between(1, 12)).unwrap_or(1);
    let day = u32::try_from(chance.between(1, 28)).unwrap_or(1);
    let born_on = NaiveDate::from_ymd_opt(born.max(1920), month, day).unwrap_or_default().min(at.date_naive());
    Person { id: chance.id(at), name, latin, sex: if woman { "female" } else { "male" }, born_on, relationship }
}

fn add_household(tables: &mut Tables, chance: &mut Chance, household: &Household, nth: usize) {
    let org = org_of(household.unit);
    tables.add(
        "households",
        json!({ "id": household.id, "code": chance.code('H'), "org": org, "unit": household.unit, "head_id": household.members[0].id,
            "version": 1, "recorded_at": household.recorded_at }),
    );
    let address = format!(
        "{} {} Street",
        chance.between(1, 140),
        chance.one(&["Olive", "Lighthouse", "Mill", "Market", "Orchard", "Spring"])
    );
    for (at, person) in household.members.iter().enumerate() {
        let row = person_row(chance, household, person, &address);
        tables.add("persons", row);
        let phone = phone(nth, at);
        // Drawn whatever the age is: else a birthday would change all that is drawn after it.
        let has_number = chance.percent(70);
        let number =
            (has_number && person.age(chance.now.date_naive()) > 15).then(|| format!("SA-{:06}", 100_000 + nth * 10 + at));
        for key in keys::of(person, phone.as_deref(), number.as_deref()) {
            tables.add("person_keys", json!({ "clearance": 0, "key": key, "person_id": person.id }));
        }
        if let Some(phone) = phone {
            add_phone(tables, chance, person, &phone, nth);
        }
        if let Some(number) = number {
            tables.add(
                "person_documents",
                json!({ "id": chance.id(household.recorded_at), "person_id": person.id, "kind": "national_id", "number": number,
                    "number_key": keys::document(&number), "expires_on": chance.now.date_naive() + TimeDelta::days(chance.between(-200, 1500)),
                    "recorded_at": household.recorded_at }),
            );
        }
        tables.add(
            "household_members",
            json!({ "id": chance.id(household.recorded_at), "household_id": household.id, "person_id": person.id,
                "relationship": person.relationship, "joined_on": household.recorded_at.date_naive(), "left_on": null }),
        );
    }
}

// The range 555-01xx is kept for fiction. In every eleventh household two people share one phone.
fn phone(nth: usize, at: usize) -> Option<String> {
    match at {
        0 => Some(format!("+999 555 01{:02} {:02}", nth / 4 % 100, nth % 4)),
        1 if nth % 11 == 3 => Some(format!("+999 555 01{:02} {:02}", nth / 4 % 100, nth % 4)),
        1 if nth.is_multiple_of(3) => Some(format!("+999 555 01{:02} {:02}", nth / 4 % 100, 10 + nth % 4)),
        _ => None,
    }
}

fn person_row(chance: &mut Chance, household: &Household, person: &Person, address: &str) -> Value {
    let difficulty = if chance.percent(11) { *chance.one(&["seeing", "hearing", "walking", "remembering"]) } else { "" };
    let disability =
        if difficulty.is_empty() { json!({}) } else { json!({ difficulty: chance.one(&["some", "a_lot", "cannot"]) }) };
    let languages = if person.latin.is_empty() { json!(["en", "fr"]) } else { json!(["ar"]) };
    json!({
        "id": person.id, "code": chance.code('P'), "org": org_of(household.unit), "unit": household.unit, "name": person.name,
        "name_latin": person.latin, "sex": person.sex, "gender": "", "born_on": person.born_on, "born_estimated": chance.percent(14),
        "languages": languages, "disability": disability, "admin1": household.area, "admin2": "", "admin3": "", "address": address,
        "address_confidential": false, "phone_confidential": false, "household_confidential": false, "dont_go_alone": chance.percent(2),
        "contact_restriction": "", "version": 1, "recorded_at": household.recorded_at,
    })
}

fn add_phone(tables: &mut Tables, chance: &mut Chance, person: &Person, phone: &str, nth: usize) {
    let shared = nth % 11 == 3;
    let asked = !shared && chance.percent(70);
    let text = |yes: &str| if asked { yes.to_owned() } else { String::new() };
    tables.add(
        "person_contacts",
        json!({ "id": chance.id(chance.now - TimeDelta::days(60)), "person_id": person.id, "channel": "phone", "value": phone,
            "value_key": keys::phone(phone), "safe_to_call": asked, "safe_to_text": asked && nth.is_multiple_of(2), "safe_to_email": false,
            "shared": shared, "others": if shared { "Shared in the household" } else { "" }, "hours": text("9 to 12"),
            "may_say": text("The office called about the appointment"), "voicemail": false, "agreed_word": text("lemon"),
            "checked_on": asked.then(|| chance.now.date_naive() - TimeDelta::days(chance.between(1, 80))),
            "recorded_at": chance.now - TimeDelta::days(60) }),
    );
}
