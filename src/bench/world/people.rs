//! Households, their people, and the keys by which they are found.
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::copy::{Json, Sheets};
use super::skew::{self, NGO};
use crate::demo::chance::Chance;
use crate::demo::{keys, names};
use crate::packs::Sensitivity;
use crate::people::{ContactEntry, DocumentEntry, Particulars, search};

/// How many live in each household.
pub const SIZE: usize = 5;

/// Somebody.
pub struct Somebody {
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
    keys: Arc<Vec<String>>,
}

/// A household with its people, the head first, then a spouse and three children.
pub struct Home {
    /// Its id.
    pub id: Uuid,
    /// Where it is registered.
    pub unit: i32,
    /// Roughly where they live.
    pub area: String,
    /// When it was registered.
    pub at: DateTime<Utc>,
    /// Its people.
    pub members: Vec<Somebody>,
}

/// The names of the world. The first families are by far the commonest, the last are borne by few.
pub struct Names {
    families: Vec<(String, String)>,
    keys: HashMap<(usize, usize), Arc<Vec<String>>>,
}

impl Names {
    /// Listed families, then composed ones.
    pub fn new() -> Self {
        let listed = names::ARABIC_FAMILIES.iter().chain(&names::LATIN_FAMILIES);
        let mut families: Vec<(String, String)> = listed.map(|(own, latin)| ((*own).to_owned(), (*latin).to_owned())).collect();
        let first =
            [("با", "Ba"), ("دا", "Da"), ("كا", "Ka"), ("ما", "Ma"), ("را", "Ra"), ("شا", "Sha"), ("تا", "Ta"), ("زا", "Za")];
        let middle = [("ري", "ri"), ("لو", "lu"), ("مي", "mi"), ("نو", "nu"), ("كي", "ki"), ("سو", "su")];
        let last =
            [("دان", "dan"), ("رف", "ref"), ("مول", "mul"), ("نيم", "nim"), ("شق", "shaq"), ("بت", "bet"), ("غور", "ghur")];
        for a in first {
            for b in middle {
                families.extend(last.iter().map(|c| (format!("{}{}{}", a.0, b.0, c.0), format!("{}{}{}", a.1, b.1, c.1))));
            }
        }
        Self { families, keys: HashMap::new() }
    }

    // By the third power of chance: one household in eight bears the commonest name, one in a thousand the rarest.
    fn family(&self, chance: &mut Chance) -> usize {
        let count = i64::try_from(self.families.len()).unwrap_or(1);
        let part = chance.between(0, (1 << 20) - 1);
        usize::try_from((((part * part * part) >> 30) * count) >> 30).unwrap_or_default()
    }

    fn person(&mut self, chance: &mut Chance, family: usize, sex: &str) -> (String, String, Arc<Vec<String>>) {
        let (own, latin) = &self.families[family];
        let woman = sex == "female";
        let given: &[names::Name] = match (own.is_empty(), woman) {
            (false, true) => &names::ARABIC_WOMEN,
            (false, false) => &names::ARABIC_MEN,
            (true, true) => &names::LATIN_WOMEN,
            (true, false) => &names::LATIN_MEN,
        };
        let at = usize::try_from(chance.between(0, i64::try_from(given.len()).unwrap_or(1) - 1)).unwrap_or_default();
        let spelt = format!("{} {latin}", given[at].1);
        let (name, latin) = if own.is_empty() { (spelt, String::new()) } else { (format!("{} {own}", given[at].0), spelt) };
        let keys = self.keys.entry((family, at * 2 + usize::from(woman))).or_insert_with(|| {
            let named = Particulars { name: name.clone(), name_latin: latin.clone(), ..Particulars::default() };
            Arc::new(search::keys_of(&named, &[], &[]))
        });
        (name, latin, keys.clone())
    }
}

/// Somebody's household, not yet written.
pub fn home(chance: &mut Chance, names: &mut Names, number: u32) -> Home {
    let days = chance.between(705, 900);
    let at = chance.days_ago(days);
    let family = names.family(chance);
    let year = chance.now.year();
    let members = (0..SIZE).map(|nth| {
        let sex = if nth == 1 || chance.percent(50) { "female" } else { "male" };
        let age = if nth < 2 { chance.between(26, 66) } else { chance.between(3, 15) };
        let (name, latin, keys) = names.person(chance, family, sex);
        let day = u32::try_from(chance.between(1, 365)).unwrap_or(1);
        let born_on = NaiveDate::from_yo_opt(year - i32::try_from(age).unwrap_or(30), day).unwrap_or_default();
        Somebody { id: chance.id(at), name, latin, sex, born_on, keys }
    });
    let members = members.collect();
    Home { id: chance.id(at), unit: skew::unit_of(number), area: format!("Area {}", number % 4), at, members }
}

/// Writes a household; `clearances` say for each member under which type's clearance they are found.
pub fn write(sheets: &mut Sheets, chance: &mut Chance, home: &Home, number: u32, clearances: &[Option<i16>]) {
    let scope = skew::scope(home.unit, 0, Sensitivity::Standard);
    let code = sheets.code(chance, 'H');
    let has_case = clearances.iter().any(Option::is_some);
    sheets.add(
        "households",
        &[&[
            ("id", &home.id),
            ("code", &code),
            ("org", &NGO),
            ("unit", &home.unit),
            ("scope", &scope),
            ("has_case", &has_case),
            ("head_id", &home.members[0].id),
            ("recorded_at", &home.at),
        ]],
    );
    for (nth, (person, clearance)) in home.members.iter().zip(clearances).enumerate() {
        write_person(sheets, chance, home, person, *clearance);
        let relationship = ["head", "spouse", "child", "child", "child"][nth];
        let id = chance.id(home.at);
        let joined = home.at.date_naive();
        sheets.add(
            "household_members",
            &[&[
                ("id", &id),
                ("household_id", &home.id),
                ("person_id", &person.id),
                ("relationship", &relationship),
                ("joined_on", &joined),
            ]],
        );
        write_keys(sheets, chance, person, number * 5 + u32::try_from(nth).unwrap_or_default(), clearance.unwrap_or(0));
    }
}

fn write_person(sheets: &mut Sheets, chance: &mut Chance, home: &Home, person: &Somebody, clearance: Option<i16>) {
    let scope = skew::scope(home.unit, 0, Sensitivity::Standard);
    let code = sheets.code(chance, 'P');
    let languages = if person.latin.is_empty() { vec!["en", "fr"] } else { vec!["ar"] };
    let address = format!("{} Orchard Street", chance.between(1, 900));
    sheets.add(
        "persons",
        &[&[
            ("id", &person.id),
            ("code", &code),
            ("org", &NGO),
            ("unit", &home.unit),
            ("scope", &scope),
            ("has_case", &clearance.is_some()),
            ("name", &person.name),
            ("name_latin", &person.latin),
            ("sex", &person.sex),
            ("born_on", &person.born_on),
            ("languages", &languages),
            ("admin1", &home.area),
            ("address", &address),
            ("recorded_at", &home.at),
        ]],
    );
}

// Adults carry a document and two in five a phone; everybody is found by their name.
fn write_keys(sheets: &mut Sheets, chance: &mut Chance, person: &Somebody, number: u32, clearance: i16) {
    let adult = number % 5 < 2;
    let contact = (adult && chance.percent(80)).then(|| ContactEntry {
        channel: "phone".into(),
        value: format!("+999 7{number:09}"),
        safe_to_call: true,
        ..ContactEntry::default()
    });
    let document = adult.then(|| DocumentEntry {
        kind: "national_id".into(),
        number: format!("SA-{number:09}"),
        ..DocumentEntry::default()
    });
    let numbers = search::keys_of(&Particulars::default(), contact.as_slice(), document.as_slice());
    for key in person.keys.iter().chain(&numbers) {
        sheets.add("person_keys", &[&[("clearance", &clearance), ("key", key), ("person_id", &person.id)]]);
    }
    let at = chance.now - TimeDelta::days(200);
    if let Some(contact) = contact {
        let (id, key, checked) = (chance.id(at), keys::phone(&contact.value), chance.now.date_naive() - TimeDelta::days(60));
        sheets.add(
            "person_contacts",
            &[&[
                ("id", &id),
                ("person_id", &person.id),
                ("channel", &"phone"),
                ("value", &contact.value),
                ("value_key", &key),
                ("safe_to_call", &true),
                ("hours", &"9 to 12"),
                ("checked_on", &checked),
                ("recorded_at", &at),
            ]],
        );
    }
    if let Some(document) = document {
        let (id, key) = (chance.id(at), keys::document(&document.number));
        sheets.add(
            "person_documents",
            &[&[
                ("id", &id),
                ("person_id", &person.id),
                ("kind", &document.kind),
                ("number", &document.number),
                ("number_key", &key),
                ("recorded_at", &at),
            ]],
        );
    }
}

/// A fact to be written down.
pub struct Happened<'a> {
    /// Its code.
    pub kind: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Uuid,
    /// In which organisation.
    pub org: i32,
    /// About which case.
    pub case: Option<Uuid>,
    /// About which referral.
    pub referral: Option<Uuid>,
    /// What else it concerns.
    pub subjects: Vec<Uuid>,
}

/// Writes a fact down, as the program does with everything that happens.
pub fn fact(sheets: &mut Sheets, chance: &mut Chance, fact: &Happened<'_>) {
    let (id, actor) = (chance.id(fact.at), format!("user:{}", fact.by));
    sheets.add(
        "facts",
        &[&[
            ("id", &id),
            ("at", &fact.at),
            ("actor", &actor),
            ("org", &Some(fact.org)),
            ("kind", &fact.kind),
            ("case_id", &fact.case),
            ("referral_id", &fact.referral),
            ("subjects", &fact.subjects),
            ("note", &Json("{}".into())),
        ]],
    );
}
