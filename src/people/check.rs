//! What may be written down: known codes, lengths, dates that can be. Pages and calls come through here alike.
use chrono::NaiveDate;

use crate::error::FieldErrors;
use crate::people::contact::DOCUMENT_KINDS;
use crate::people::person::{FUNCTIONS, LEVELS, PREFERRED, SEXES};
use crate::people::{ContactEntry, DocumentEntry, Particulars, names};
use crate::platform::lang::SPOKEN;
use crate::platform::typed;

/// Fewer digits are no phone number.
const SHORTEST_PHONE: usize = 3;
/// Nobody is older.
const OLDEST: u32 = 120;
/// A person speaks so many languages of those offered, at most.
const MOST_LANGUAGES: usize = 10;

/// What is wrong with a person's particulars, field by field.
pub fn particulars(person: &Particulars, today: NaiveDate) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if typed::is_blank(&person.name) {
        errors.add("name", "required");
    }
    let lengths = [
        ("name", &person.name, 200),
        ("name_latin", &person.name_latin, 200),
        ("gender", &person.gender, 60),
        ("admin1", &person.admin1, 100),
        ("admin2", &person.admin2, 100),
        ("admin3", &person.admin3, 100),
        ("address", &person.address, 400),
        ("contact_restriction", &person.contact_restriction, 400),
    ];
    too_long(&mut errors, &lengths);
    if person.sex.as_deref().is_some_and(|sex| !SEXES.contains(&sex)) {
        errors.add("sex", "not_a_choice");
    }
    for (field, code) in [("worker_sex", &person.worker_sex), ("interpreter_sex", &person.interpreter_sex)] {
        if code.as_deref().is_some_and(|code| !PREFERRED.contains(&code)) {
            errors.add(field, "not_a_choice");
        }
    }
    if person.languages.len() > MOST_LANGUAGES || person.languages.iter().any(|code| !SPOKEN.contains(&code.as_str())) {
        errors.add("languages", "not_a_choice");
    }
    let known =
        |(function, level): (&String, &String)| FUNCTIONS.contains(&function.as_str()) && LEVELS.contains(&level.as_str());
    if !person.difficulties.iter().all(known) {
        errors.add("difficulties", "not_a_choice");
    }
    if let Some(day) = person.born_on {
        if day > today {
            errors.add("born_on", "in_the_future");
        } else if today.years_since(day).is_some_and(|age| age > OLDEST) {
            errors.add("born_on", "too_long_ago");
        }
    }
    errors
}

/// What is wrong with a phone or e-mail address. Whatever is marked safe says when that was checked (S6).
pub fn contact(entry: &ContactEntry) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let domain = entry.value.trim().split_once('@').map(|(_, domain)| domain);
    match entry.channel.as_str() {
        "phone" | "email" if entry.value.trim().is_empty() => errors.add("value", "required"),
        "phone" if names::phone_key(&entry.value).len() < SHORTEST_PHONE => errors.add("value", "not_a_phone"),
        "email" if !domain.is_some_and(|domain| domain.contains('.') && !domain.contains(['@', ' '])) => {
            errors.add("value", "not_an_email");
        }
        "phone" | "email" => {}
        _ => errors.add("channel", "not_a_choice"),
    }
    let lengths = [
        ("value", &entry.value, 200),
        ("others", &entry.others, 200),
        ("hours", &entry.hours, 100),
        ("may_say", &entry.may_say, 200),
        ("agreed_word", &entry.agreed_word, 60),
    ];
    too_long(&mut errors, &lengths);
    if entry.is_safe() && entry.checked_on.is_none() {
        errors.add("checked_on", "required");
    }
    errors
}

/// The same on this day: nobody checked on a day to come whether a contact is safe (S6).
pub fn contact_by(entry: &ContactEntry, today: NaiveDate) -> FieldErrors {
    let mut errors = contact(entry);
    if entry.checked_on.is_some_and(|day| day > today) {
        errors.add("checked_on", "in_the_future");
    }
    errors
}

/// What is wrong with a document.
pub fn document(entry: &DocumentEntry) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if !DOCUMENT_KINDS.contains(&entry.kind.as_str()) {
        errors.add("document_kind", if entry.kind.is_empty() { "required" } else { "not_a_choice" });
    }
    if names::document_key(&entry.number).is_empty() {
        errors.add("document_number", if entry.number.trim().is_empty() { "required" } else { "not_understood" });
    }
    too_long(&mut errors, &[("document_number", &entry.number, 60)]);
    errors
}

/// The same on this day: no paper holds until a year that nobody will see.
pub fn document_by(entry: &DocumentEntry, today: NaiveDate) -> FieldErrors {
    let mut errors = document(entry);
    if let Some(code) = entry.expires_on.and_then(|day| typed::wrong_expiry(day, today)) {
        errors.add("document_expires_on", code);
    }
    errors
}

fn too_long(errors: &mut FieldErrors, lengths: &[(&str, &String, usize)]) {
    for (field, text, most) in lengths {
        if text.chars().count() > *most {
            errors.add(field, "too_long");
        }
        if text.chars().any(typed::is_steering) {
            errors.add(field, "not_text");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s06_a_safe_mark_says_when_it_was_checked() {
        let phone = ContactEntry { channel: "phone".into(), value: "0790 123456".into(), ..ContactEntry::default() };
        assert!(contact(&phone).is_empty());
        let marked = ContactEntry { safe_to_call: true, ..phone };
        assert_eq!(contact(&marked).get("checked_on"), Some("required"));
    }

    #[test]
    fn numbers_addresses_and_dates_must_be_ones() {
        let entry =
            |channel: &str, value: &str| ContactEntry { channel: channel.into(), value: value.into(), ..ContactEntry::default() };
        assert_eq!(contact(&entry("phone", "none")).get("value"), Some("not_a_phone"));
        assert_eq!(contact(&entry("email", "dana at home")).get("value"), Some("not_an_email"));
        assert_eq!(contact(&entry("fax", "1")).get("channel"), Some("not_a_choice"));
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let born =
            |year| Particulars { name: "Dana".into(), born_on: NaiveDate::from_ymd_opt(year, 1, 1), ..Particulars::default() };
        assert!(particulars(&born(1990), today).is_empty());
        assert_eq!(particulars(&born(2027), today).get("born_on"), Some("in_the_future"));
        assert_eq!(particulars(&born(1900), today).get("born_on"), Some("too_long_ago"));
    }
}
