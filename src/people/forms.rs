//! The registry's forms: reading what was typed, filling them with what is stored, and the choices they offer.
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::people::contact::DOCUMENT_KINDS;
use crate::people::household::RELATIONSHIPS;
use crate::people::person::{FUNCTIONS, LEVELS, PREFERRED, SEXES};
use crate::people::{ContactEntry, DocumentEntry, Particulars, check};
use crate::platform::lang::SPOKEN;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

// Fields that have a hint of their own.
const HINTS: &[(&str, &str)] =
    &[("name", "people-name-hint"), ("name_latin", "people-name-latin-hint"), ("born_on", "people-born-on-hint")];

/// What the forms offer, in the reader's language.
pub struct Offered {
    /// Answers to "sex".
    pub sexes: Vec<Choice>,
    /// With whom they would rather speak.
    pub preferred: Vec<Choice>,
    /// Languages.
    pub languages: Vec<Choice>,
    /// Field name and question of each function.
    pub functions: Vec<(String, String)>,
    /// Levels of difficulty.
    pub levels: Vec<Choice>,
    /// Kinds of document.
    pub document_kinds: Vec<Choice>,
    /// Relationships to the head.
    pub relationships: Vec<Choice>,
    /// Phone or e-mail.
    pub channels: Vec<Choice>,
    // What stands beside a field.
    hints: BTreeMap<String, String>,
}

impl Offered {
    /// All choices in the language of this page.
    pub fn on(p: &Page) -> Self {
        let choices = |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect();
        Self {
            sexes: choices("person-sex", SEXES),
            preferred: choices("person-preferred", PREFERRED),
            languages: choices("person-language", SPOKEN),
            functions: FUNCTIONS.iter().map(|code| (format!("function_{code}"), p.tc("person-function", code))).collect(),
            levels: choices("person-level", LEVELS),
            document_kinds: choices("person-document", DOCUMENT_KINDS),
            relationships: choices("person-relationship", RELATIONSHIPS),
            channels: choices("person-channel", &["phone", "email"]),
            hints: HINTS.iter().map(|(field, key)| ((*field).to_owned(), p.t(key))).collect(),
        }
    }

    /// What is said beside this field of the particulars; nothing beside most.
    pub fn hint(&self, field: &str) -> &str {
        self.hints.get(field).map_or("", String::as_str)
    }

    /// Says beside these fields that a correction of them waits for a second person.
    #[must_use]
    pub fn waiting(mut self, p: &Page, fields: &[String]) -> Self {
        for field in fields {
            let own = self.hint(field);
            let words = if own.is_empty() { p.t("correction-waits") } else { format!("{} {own}", p.t("correction-waits")) };
            self.hints.insert(field.clone(), words);
        }
        self
    }
}

/// Reads a person's particulars; mistakes are noted beside their fields.
pub fn particulars(form: &mut Form, today: NaiveDate) -> Particulars {
    let sex = form.filled("sex").then(|| form.one_of("sex", SEXES.iter().copied()));
    let [worker_sex, interpreter_sex] =
        ["worker_sex", "interpreter_sex"].map(|field| form.filled(field).then(|| form.one_of(field, PREFERRED.iter().copied())));
    let (born_on, born_estimated) = birth(form, today);
    let difficulties = FUNCTIONS
        .iter()
        .filter_map(|code| {
            let field = format!("function_{code}");
            form.filled(&field).then(|| ((*code).to_owned(), form.one_of(&field, LEVELS.iter().copied())))
        })
        .collect();
    let read = Particulars {
        name: form.text("name", 200),
        name_latin: form.text_maybe("name_latin", 200),
        sex,
        gender: form.text_maybe("gender", 60),
        born_on,
        born_estimated,
        languages: form.some_of("languages", SPOKEN.iter().copied()),
        difficulties,
        admin1: form.text_maybe("admin1", 100),
        admin2: form.text_maybe("admin2", 100),
        admin3: form.text_maybe("admin3", 100),
        address: form.text_maybe("address", 400),
        address_confidential: form.ticked("address_confidential"),
        phone_confidential: form.ticked("phone_confidential"),
        household_confidential: form.ticked("household_confidential"),
        dont_go_alone: form.ticked("dont_go_alone"),
        contact_restriction: form.text_maybe("contact_restriction", 400),
        worker_sex,
        interpreter_sex,
    };
    for (field, code) in check::particulars(&read, today).0 {
        form.errors.add(&field, code);
    }
    read
}

// A date is exact; an age is an estimate. An unchanged age keeps the estimated date it came from.
fn birth(form: &mut Form, today: NaiveDate) -> (Option<NaiveDate>, bool) {
    if let Some(day) = form.date_maybe("born_on") {
        // Both may be typed; where they say different things, neither is dropped in silence.
        let age = form.parsed_maybe::<u32>("age");
        if age.is_some_and(|age| today.years_since(day).is_some_and(|years| years != age)) {
            form.errors.add("age", "not_the_age_of_the_date");
        }
        return (Some(day), false);
    }
    let Some(age) = form.parsed_maybe::<u32>("age") else { return (None, false) };
    if age > 120 {
        form.errors.add("age", "too_long_ago");
        return (None, true);
    }
    let before = form.date_maybe("born_about").filter(|day| today.years_since(*day) == Some(age));
    (before.or_else(|| Particulars::born_about(age, today)), true)
}

/// Fills the form with what is stored.
pub fn fill(form: &mut Form, person: &Particulars, today: NaiveDate) {
    let texts = [
        ("name", &person.name),
        ("name_latin", &person.name_latin),
        ("gender", &person.gender),
        ("admin1", &person.admin1),
        ("admin2", &person.admin2),
        ("admin3", &person.admin3),
        ("address", &person.address),
        ("contact_restriction", &person.contact_restriction),
    ];
    for (field, text) in texts {
        form.set(field, text.clone());
    }
    let codes = [("sex", &person.sex), ("worker_sex", &person.worker_sex), ("interpreter_sex", &person.interpreter_sex)];
    for (field, code) in codes {
        form.set(field, code.clone().unwrap_or_default());
    }
    match person.born_on {
        Some(day) if person.born_estimated => {
            form.set("born_about", day.to_string());
            form.set("age", person.age_on(today).unwrap_or_default().to_string());
        }
        Some(day) => form.set("born_on", day.to_string()),
        None => {}
    }
    form.set_all("languages", person.languages.clone());
    for (code, level) in &person.difficulties {
        form.set(&format!("function_{code}"), level.clone());
    }
    let flags = [
        ("address_confidential", person.address_confidential),
        ("phone_confidential", person.phone_confidential),
        ("household_confidential", person.household_confidential),
        ("dont_go_alone", person.dont_go_alone),
    ];
    for (field, on) in flags {
        if on {
            form.set(field, "true");
        }
    }
}

/// Reads one phone or e-mail address (`channel`, `value`, flags). What is marked safe says when that was checked (S6).
pub fn contact(form: &mut Form, today: NaiveDate) -> ContactEntry {
    let entry = ContactEntry {
        channel: form.one_of("channel", ["phone", "email"]),
        value: form.text("value", 200),
        checked_on: form.date_maybe("checked_on"),
        safe_to_email: form.ticked("safe_to_email"),
        ..safety(form)
    };
    for (field, code) in check::contact_by(&entry, today).0 {
        form.errors.add(&field, code);
    }
    entry
}

/// Reads the phone and e-mail address of the registration form, where flags answer what was just asked.
pub fn first_contacts(form: &mut Form, today: NaiveDate) -> Vec<ContactEntry> {
    let mut entries = Vec::new();
    if form.filled("phone") {
        let phone = ContactEntry { channel: "phone".into(), value: form.text("phone", 40), ..safety(form) };
        entries.push(phone);
    }
    if form.filled("email") {
        let email = ContactEntry {
            channel: "email".into(),
            value: form.text("email", 200),
            safe_to_email: form.ticked("safe_to_email"),
            ..ContactEntry::default()
        };
        entries.push(email);
    }
    for entry in &mut entries {
        entry.checked_on = entry.is_safe().then_some(today);
        if let Some(code) = check::contact(entry).get("value") {
            form.errors.add(&entry.channel, code);
        }
    }
    entries
}

fn safety(form: &mut Form) -> ContactEntry {
    ContactEntry {
        safe_to_call: form.ticked("safe_to_call"),
        safe_to_text: form.ticked("safe_to_text"),
        shared: form.ticked("shared"),
        voicemail: form.ticked("voicemail"),
        others: form.text_maybe("others", 200),
        hours: form.text_maybe("hours", 100),
        may_say: form.text_maybe("may_say", 200),
        agreed_word: form.text_maybe("agreed_word", 60),
        ..ContactEntry::default()
    }
}

/// Fills the contact form with what is stored.
pub fn fill_contact(form: &mut Form, entry: &ContactEntry) {
    let texts = [
        ("channel", &entry.channel),
        ("value", &entry.value),
        ("others", &entry.others),
        ("hours", &entry.hours),
        ("may_say", &entry.may_say),
        ("agreed_word", &entry.agreed_word),
    ];
    for (field, text) in texts {
        form.set(field, text.clone());
    }
    let flags = [
        ("safe_to_call", entry.safe_to_call),
        ("safe_to_text", entry.safe_to_text),
        ("safe_to_email", entry.safe_to_email),
        ("shared", entry.shared),
        ("voicemail", entry.voicemail),
    ];
    for (field, on) in flags {
        if on {
            form.set(field, "true");
        }
    }
    form.set("checked_on", entry.checked_on.map(|day| day.to_string()).unwrap_or_default());
}

/// Reads a document (`document_kind`, `document_number`, `document_expires_on`); nothing where no number was typed.
pub fn document_maybe(form: &mut Form) -> Option<DocumentEntry> {
    if !form.filled("document_number") {
        return None;
    }
    let entry = DocumentEntry {
        kind: form.value("document_kind").to_owned(),
        number: form.text("document_number", 60),
        expires_on: form.date_maybe("document_expires_on"),
    };
    for (field, code) in check::document(&entry).0 {
        form.errors.add(&field, code);
    }
    Some(entry)
}

/// The form's own names for what [`crate::people::shown::fields`] calls one thing.
pub fn names_of(field: &str) -> Vec<String> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match field {
        "born_on" => owned(&["born_on", "age", "born_about"]),
        "difficulties" => FUNCTIONS.iter().map(|code| format!("function_{code}")).collect(),
        "place" => owned(&["admin1", "admin2", "admin3"]),
        "confidential" => owned(&["address_confidential", "phone_confidential", "household_confidential"]),
        one => owned(&[one]),
    }
}
