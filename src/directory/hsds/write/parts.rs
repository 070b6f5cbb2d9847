//! The smaller records of the specification, and how single values are written.
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc, Weekday};
use serde_json::{Map, Value, json};

use super::super::shapes::{
    Accessibility, Address, Area, Attribute, Capacity, Document, Frequency, Language, LocationKind, Phone, Schedule, Status,
    Wording,
};

/// The specification wants most of an address even where a country has no such thing; it is then empty.
pub(super) fn address(it: &Address) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "attention", &it.attention);
    record.insert("address_1".to_owned(), json!(it.line_1));
    put(&mut record, "address_2", &it.line_2);
    record.insert("city".to_owned(), json!(it.city));
    put(&mut record, "region", &it.region);
    record.insert("state_province".to_owned(), json!(it.state_province));
    record.insert("postal_code".to_owned(), json!(it.postal_code));
    record.insert("country".to_owned(), json!(it.country));
    put(&mut record, "address_type", kind(it.kind));
    Value::Object(record)
}

pub(super) fn accessibility(it: &Accessibility) -> Value {
    without_nulls(json!({ "id": it.id.0, "description": it.description, "details": it.details, "url": it.url }))
}

pub(super) fn area(it: &Area) -> Value {
    without_nulls(json!({ "id": it.id.0, "name": it.name, "description": it.description }))
}

pub(super) fn phone(it: &Phone) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "number", &it.number);
    put(&mut record, "extension", it.extension);
    put(&mut record, "type", &it.kind);
    put(&mut record, "description", &it.description);
    put_list(&mut record, "languages", it.languages.iter().map(language).collect());
    Value::Object(record)
}

pub(super) fn language(it: &Language) -> Value {
    without_nulls(json!({ "id": it.id.0, "code": it.code, "name": it.name, "note": it.note }))
}

pub(super) fn document(it: &Document) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put_wording(&mut record, "document", &it.name);
    put(&mut record, "uri", &it.url);
    Value::Object(record)
}

/// A capacity must say when it was counted; the service's own last change is the nearest known moment.
pub(super) fn capacity(it: &Capacity, modified_at: Option<DateTime<Utc>>) -> Value {
    let updated_at = it.updated_at.or(modified_at).unwrap_or(DateTime::UNIX_EPOCH);
    without_nulls(json!({
        "id": it.id.0,
        "unit": { "id": it.unit.0, "name": it.unit_name },
        "available": number(it.available),
        "maximum": it.maximum.map(number),
        "description": it.description,
        "updated": moment(updated_at),
    }))
}

pub(super) fn attribute(it: &Attribute, entity: &str, owner: &str) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    put(&mut record, "link_id", owner);
    put(&mut record, "link_entity", entity);
    put(&mut record, "link_type", &it.kind);
    put(&mut record, "value", &it.value);
    match &it.term.id {
        None => put_wording(&mut record, "label", &it.term.name),
        Some(id) => {
            let mut term = Map::new();
            put(&mut term, "id", &id.0);
            put(&mut term, "code", &it.term.code);
            put_wording(&mut term, "name", &it.term.name);
            term.insert("description".to_owned(), json!(it.term.description));
            put(&mut term, "taxonomy", &it.term.taxonomy);
            put(&mut term, "parent_id", it.term.parent.as_ref().map(|id| &id.0));
            put(&mut record, "taxonomy_term_id", &id.0);
            record.insert("taxonomy_term".to_owned(), Value::Object(term));
        }
    }
    Value::Object(record)
}

pub(super) fn schedule(it: &Schedule) -> Value {
    let mut record = Map::new();
    put(&mut record, "id", &it.id.0);
    let frequency = it.frequency.map(|frequency| match frequency {
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
    });
    put(&mut record, "freq", frequency);
    put(&mut record, "interval", it.interval);
    let days: Vec<String> = it
        .days
        .iter()
        .map(|day| format!("{}{}", day.nth.map(|nth| nth.to_string()).unwrap_or_default(), weekday(day.weekday)))
        .collect();
    put(&mut record, "byday", Some(days.join(",")).filter(|days| !days.is_empty()));
    let days: Vec<String> = it.month_days.iter().map(i8::to_string).collect();
    put(&mut record, "bymonthday", Some(days.join(",")).filter(|days| !days.is_empty()));
    put(&mut record, "opens_at", it.opens_at.map(time));
    put(&mut record, "closes_at", it.closes_at.map(time));
    put(&mut record, "dtstart", it.starts_on.map(date));
    put(&mut record, "until", it.until.map(date));
    put(&mut record, "valid_from", it.valid_from.map(date));
    put(&mut record, "valid_to", it.valid_to.map(date));
    put(&mut record, "attending_type", &it.attending_type);
    put(&mut record, "description", &it.description);
    put(&mut record, "notes", &it.notes);
    Value::Object(record)
}

pub(super) fn put(record: &mut Map<String, Value>, key: &str, value: impl serde::Serialize) {
    let value = json!(value);
    if !value.is_null() {
        record.insert(key.to_owned(), value);
    }
}

pub(super) fn put_wording(record: &mut Map<String, Value>, key: &str, wording: &Wording) {
    if !wording.text.is_empty() || key == "description" {
        record.insert(key.to_owned(), json!(wording.text));
    }
    for (tag, text) in &wording.translations {
        record.insert(format!("{key}_{tag}"), json!(text));
    }
}

pub(super) fn put_list(record: &mut Map<String, Value>, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        record.insert(key.to_owned(), Value::Array(list));
    }
}

pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(record) => Value::Object(record.into_iter().filter(|(_, value)| !value.is_null()).collect()),
        other => other,
    }
}

/// Whole numbers are written without a fraction, as people expect of ages and beds.
pub(super) fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers well within the range are cast")]
    if value.fract() == 0.0 && value.abs() < 1e15 { json!(value as i64) } else { json!(value) }
}

pub(super) fn date(date: NaiveDate) -> String {
    date.to_string()
}

pub(super) fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

pub(super) fn weekday(day: Weekday) -> &'static str {
    ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.num_days_from_monday() as usize]
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Inactive => "inactive",
        Status::Defunct => "defunct",
        Status::TemporarilyClosed => "temporarily closed",
    }
}

pub(super) fn kind(kind: LocationKind) -> &'static str {
    match kind {
        LocationKind::Physical => "physical",
        LocationKind::Postal => "postal",
        LocationKind::Virtual => "virtual",
    }
}
