//! A person's particulars, contacts and restrictions as a reader sees them.
use chrono::NaiveTime;

use crate::config::Numbering;
use crate::people::texting::{Hours, no_address, undialled};
use crate::people::{Contact, Particulars, Person, Way};
use crate::web::Page;
use crate::web::parts::{Badge, Entry, Tone};

/// What anybody who contacts or visits this person must know first, one sentence each; for the bar above everything about them.
pub fn restrictions(p: &Page, person: &Person, contacts: &[Contact]) -> Vec<String> {
    let mut said = Vec::new();
    if person.dont_go_alone {
        said.push(p.t("people-dont-go-alone"));
    }
    if !person.contact_restriction.is_empty() {
        said.push(person.contact_restriction.clone());
    }
    if !contacts.iter().any(|contact| contact.is_safe()) {
        said.push(p.t("people-no-safe-contact"));
    }
    said
}

/// Sex, age and code in one line.
pub fn detail(p: &Page, person: &Person) -> String {
    let sex = person.sex.as_deref().map(|sex| p.tc("person-sex", sex));
    let age = person.born_on.map(|day| p.reader.age(day, person.born_estimated));
    sex.into_iter().chain(age).chain([person.code.clone()]).collect::<Vec<_>>().join(" · ")
}

/// The summary list of a person's page.
pub fn summary(p: &Page, person: &Person) -> Vec<Entry> {
    let edit = format!("{}/edit", person.path());
    let mut rows: Vec<Entry> = fields(p, person)
        .into_iter()
        .map(|(field, text)| Entry::new(p.tc("person-field", field), text).changed_at(edit.clone()))
        .collect();
    rows.push(Entry::new(p.t("people-registered"), p.when(&person.recorded_at)));
    rows
}

/// Field by field, as words; for the summary and for showing both versions of a conflict.
pub fn fields(p: &Page, person: &Particulars) -> Vec<(&'static str, String)> {
    let list = |words: Vec<String>| p.list(words);
    let place = [&person.admin1, &person.admin2, &person.admin3].into_iter().filter(|part| !part.is_empty());
    let born = person.born_on.map(|day| {
        let age = p.reader.age(day, person.born_estimated);
        if person.born_estimated { age } else { format!("{} ({age})", p.date(&day)) }
    });
    let confidential = [
        ("address", person.address_confidential),
        ("phone", person.phone_confidential),
        ("household", person.household_confidential),
    ];
    let hidden = confidential.iter().filter(|(_, on)| *on).map(|(what, _)| p.tc("people-confidential", what)).collect();
    let difficulties = person
        .difficulties
        .iter()
        .filter(|(_, level)| *level != "none")
        .map(|(function, level)| p.detailed(&p.tc("person-function", function), &p.tc("person-level", level)))
        .collect();
    vec![
        ("name", person.name.clone()),
        ("name_latin", person.name_latin.clone()),
        ("sex", person.sex.as_deref().map(|sex| p.tc("person-sex", sex)).unwrap_or_default()),
        ("gender", person.gender.clone()),
        ("born_on", born.unwrap_or_default()),
        ("languages", list(person.languages.iter().map(|code| p.tc("person-language", code)).collect())),
        ("worker_sex", preferred(p, person.worker_sex.as_deref())),
        ("interpreter_sex", preferred(p, person.interpreter_sex.as_deref())),
        ("difficulties", list(difficulties)),
        ("place", place.cloned().collect::<Vec<_>>().join(" › ")),
        ("address", person.address.clone()),
        ("confidential", list(hidden)),
        ("dont_go_alone", if person.dont_go_alone { p.t("people-dont-go-alone") } else { String::new() }),
        ("contact_restriction", person.contact_restriction.clone()),
    ]
}

/// With whom they would rather speak, in words; nothing where they have no preference or were not asked (S25).
pub fn preferred(p: &Page, code: Option<&str>) -> String {
    code.map(|code| p.tc("person-preferred", code)).unwrap_or_default()
}

/// With whom somebody would rather speak, as case worker and as interpreter; nothing of what they did not say.
pub fn wishes(p: &Page, worker: Option<&str>, interpreter: Option<&str>) -> Vec<Entry> {
    let said = [("worker_sex", worker), ("interpreter_sex", interpreter)].into_iter().filter(|(_, code)| code.is_some());
    said.map(|(field, code)| Entry::new(p.tc("person-field", field), preferred(p, code))).collect()
}

/// A contact on a page.
pub struct ShownContact {
    /// Number or address.
    pub value: String,
    /// Safe for what, or not safe.
    pub states: Vec<Badge>,
    /// The words that make it safe.
    pub notes: Vec<Entry>,
    /// Where it is changed.
    pub href: String,
}

/// A contact with its safety words. What nobody marked safe says so in the plainest word there is.
pub fn contact(p: &Page, person: &Person, contact: &Contact, numbering: &Numbering) -> ShownContact {
    let safe = [("call", contact.safe_to_call), ("text", contact.safe_to_text), ("email", contact.safe_to_email)];
    let mut states: Vec<Badge> =
        safe.iter().filter(|(_, on)| *on).map(|(way, _)| Badge::new(p.tc("people-safe", way), Tone::Good)).collect();
    if !contact.is_safe() {
        states.push(Badge::new(p.t("people-not-safe"), Tone::Danger).with_icon("phone-off"));
    }
    if contact.shared {
        states.push(Badge::new(p.t("people-shared"), Tone::Warning));
    }
    let voicemail = if contact.voicemail { p.t("people-voicemail-yes") } else { p.t("people-voicemail-no") };
    let notes = [
        ("agreed_word", contact.agreed_word.clone()),
        ("hours", contact.hours.clone()),
        ("texts_at", texts_at(p, contact, numbering)),
        ("others", contact.others.clone()),
        ("may_say", contact.may_say.clone()),
        ("voicemail", if contact.channel == "phone" { voicemail } else { String::new() }),
        ("checked_on", contact.checked_on.map(|day| p.date(&day)).unwrap_or_default()),
    ];
    ShownContact {
        value: contact.value.clone(),
        states,
        notes: notes
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(field, text)| Entry::new(p.tc("person-field", field), text))
            .collect(),
        href: format!("{}/contacts/{}", person.path(), contact.id),
    }
}

// When a message may leave by itself, as the hours are understood, or why never; nothing where nobody wrote any down.
fn texts_at(p: &Page, contact: &Contact, numbering: &Numbering) -> String {
    if !contact.is_safe_for(Way::Text) && !contact.is_safe_for(Way::Email) {
        return String::new();
    }
    if let Some(why) = undialled(contact, numbering).or(no_address(contact)) {
        return p.ta("texting-never", "why", p.error(why));
    }
    let clock = |time: NaiveTime| p.reader.digits(&time.format("%H:%M").to_string());
    match Hours::of(&contact.hours) {
        Hours::Any => String::new(),
        Hours::Between(from, until) => format!("{} – {}", clock(from), clock(until)),
        Hours::InWords => p.t("texting-hours-in-words"),
    }
}
