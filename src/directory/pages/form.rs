//! Between a service and the fields of its form.
use chrono::NaiveTime;
use uuid::Uuid;

use super::show::number;
use crate::directory::service::{Location, Opening, Service, Status, Visibility};
use crate::directory::vocabulary::Vocabulary;
use crate::platform::ids::UnitId;
use crate::platform::lang::Lang;
use crate::web::Form;

/// Whom a service may be for.
pub(super) const SEXES: [&str; 3] = ["female", "male", "other"];
/// Empty places that a form offers beside those that are there.
const SPARE_PLACES: usize = 1;
// No entry has more places than this.
const MOST_PLACES: usize = 60;

/// The form of an entry as it stands.
pub(in crate::directory) fn of(service: &Service, viewers: &[String]) -> Form {
    let shown = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let yes = |on: bool| if on { "true".to_owned() } else { String::new() };
    let mut form = Form::blank([
        ("version", service.version.to_string()),
        ("name", service.name.clone()),
        ("unit", shown(service.unit)),
        ("description", service.description.clone()),
        ("documents_required", service.documents_required.clone()),
        ("eligibility", service.eligibility.clone()),
        ("min_age", shown(service.min_age)),
        ("max_age", shown(service.max_age)),
        ("accessibility", service.accessibility.clone()),
        ("phone", service.phone.clone()),
        ("email", service.email.clone()),
        ("url", service.url.clone()),
        ("status", service.status.code().to_owned()),
        ("capacity", shown(service.capacity)),
        ("places_free", shown(service.places_free)),
        ("waiting_days", shown(service.waiting_days)),
        ("not_accepting", yes(service.not_accepting)),
        ("requires_approval", yes(service.requires_approval)),
        ("visibility", service.visibility.code().to_owned()),
        ("viewers", viewers.join("\n")),
        ("places", (service.locations.len() + SPARE_PLACES).to_string()),
    ]);
    for lang in Lang::ALL {
        form.set(&format!("name_{lang}"), service.names.get(lang.code()).cloned().unwrap_or_default());
    }
    form.set_all("needs", service.needs.clone());
    form.set_all("languages", service.languages.clone());
    form.set_all("sexes", service.sexes.clone());
    form.set_all("cleared_types", service.cleared_types.iter().map(ToString::to_string).collect());
    for day in 1..=7_i16 {
        let spans: Vec<String> = service.opening_hours.iter().filter(|hour| hour.weekday == day).map(span).collect();
        form.set(&format!("hours_{day}"), spans.join(", "));
    }
    for (at, place) in service.locations.iter().enumerate() {
        form.set(&format!("place_{at}_id"), place.id.to_string());
        form.set(&format!("place_{at}_name"), place.name.clone());
        form.set(&format!("place_{at}_admin1"), place.admin1.clone());
        form.set(&format!("place_{at}_admin2"), place.admin2.clone());
        form.set(&format!("place_{at}_address"), place.address.clone());
        form.set(&format!("place_{at}_visibility"), place.visibility.code());
    }
    form
}

fn span(hour: &Opening) -> String {
    format!("{}-{}", hour.opens.format("%H:%M"), hour.closes.format("%H:%M"))
}

/// Writes what was typed over the service; mistakes are noted in the form.
pub(super) fn fill(form: &mut Form, service: &mut Service, known: &Vocabulary, units: &[(UnitId, String)]) {
    service.version = form.parsed_maybe("version").unwrap_or(0);
    service.name = form.text("name", 300);
    for lang in Lang::ALL {
        let name = form.text_maybe(&format!("name_{lang}"), 300);
        if name.is_empty() {
            service.names.remove(lang.code())
        } else {
            service.names.insert(lang.code().to_owned(), name)
        };
    }
    let units: Vec<String> = units.iter().map(|(id, _)| id.to_string()).collect();
    if form.filled("unit") {
        form.one_of("unit", units.iter().map(String::as_str));
    }
    service.unit = form.parsed_maybe("unit");
    service.description = form.text_maybe("description", 8000);
    // A need or language that came with an import and is no choice here stays when it is sent back.
    let (needs, languages) = (service.needs.clone(), service.languages.clone());
    let codes = known.needs.iter().map(|(code, _)| code.as_str());
    service.needs = form.some_of("needs", codes.chain(needs.iter().map(String::as_str)));
    service.languages = form.some_of("languages", super::LANGUAGES.into_iter().chain(languages.iter().map(String::as_str)));
    service.documents_required = form.text_maybe("documents_required", 2000);
    service.eligibility = form.text_maybe("eligibility", 2000);
    service.min_age = age(form, "min_age");
    service.max_age = age(form, "max_age");
    service.sexes = form.some_of("sexes", SEXES);
    service.accessibility = form.text_maybe("accessibility", 2000);
    service.phone = form.text_maybe("phone", 60);
    service.email = form.text_maybe("email", 200);
    service.url = form.text_maybe("url", 500);
    // Anything but a web address, scripts above all, must not become a link.
    if !service.url.is_empty() && !service.url.starts_with("https://") && !service.url.starts_with("http://") {
        form.errors.add("url", "not_a_web_address");
    }
    service.status = Status::of(&form.one_of("status", Status::ALL.map(Status::code)));
    service.capacity = number(form, "capacity");
    service.places_free = number(form, "places_free");
    service.waiting_days = number(form, "waiting_days");
    service.not_accepting = form.ticked("not_accepting");
    service.requires_approval = form.ticked("requires_approval");
    service.visibility = Visibility::of(&form.one_of("visibility", Visibility::ALL.map(Visibility::code)));
    let types: Vec<String> = known.guarded_types.iter().map(|(id, _)| id.to_string()).collect();
    service.cleared_types =
        form.some_of("cleared_types", types.iter().map(String::as_str)).iter().filter_map(|id| id.parse().ok()).collect();
    service.locations = places(form, &service.locations);
    service.opening_hours = hours(form);
}

fn age(form: &mut Form, name: &str) -> Option<i32> {
    let years = form.parsed_maybe::<i32>(name)?;
    if !(0..=130).contains(&years) {
        form.errors.add(name, "not_understood");
    }
    Some(years)
}

/// How many places the form has room for.
pub(super) fn room_for_places(form: &Form) -> usize {
    form.value("places").parse().unwrap_or(SPARE_PLACES).clamp(SPARE_PLACES, MOST_PLACES)
}

// A place whose fields were all emptied is removed. One keeps its id only if it was this service's before.
fn places(form: &mut Form, before: &[Location]) -> Vec<Location> {
    let mut places = Vec::new();
    for at in 0..room_for_places(form) {
        let mut text = |field: &str| form.text_maybe(&format!("place_{at}_{field}"), 300);
        let (name, admin1, admin2, address) = (text("name"), text("admin1"), text("admin2"), text("address"));
        let visibility = form.value(&format!("place_{at}_visibility")).to_owned();
        let visibility = if visibility.is_empty() { Visibility::Public } else { Visibility::of(&visibility) };
        let id = form.value(&format!("place_{at}_id")).parse::<Uuid>().ok();
        if [&name, &admin1, &admin2, &address].iter().all(|text| text.is_empty()) {
            continue;
        }
        if admin1.is_empty() {
            form.errors.add(&format!("place_{at}_admin1"), "required");
        }
        let same = before.iter().find(|place| Some(place.id) == id).cloned();
        let place = same.unwrap_or_else(|| Location { id: Uuid::now_v7(), ..Location::default() });
        places.push(Location { name, admin1, admin2, address, visibility, ..place });
    }
    places
}

fn hours(form: &mut Form) -> Vec<Opening> {
    let mut hours = Vec::new();
    for weekday in 1..=7_i16 {
        let name = format!("hours_{weekday}");
        let typed = crate::web::form::digits(&form.text_maybe(&name, 100));
        for span in typed.split([',', ';', '،']).map(str::trim).filter(|span| !span.is_empty()) {
            match read_span(span) {
                Some((opens, closes)) => hours.push(Opening { weekday, opens, closes }),
                None => form.errors.add(&name, "not_hours"),
            }
        }
    }
    hours
}

// `09:00-13:00`, also with a dash, with single-digit hours or without minutes.
fn read_span(span: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (opens, closes) = span.split_once(['-', '–', '—'])?;
    let (opens, closes) = (read_time(opens.trim())?, read_time(closes.trim())?);
    (opens != closes).then_some((opens, closes))
}

fn read_time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once([':', '.', 'h']).unwrap_or((text, "0"));
    match (hour.parse().ok()?, if minute.is_empty() { 0 } else { minute.parse().ok()? }) {
        (24, 0) => NaiveTime::from_hms_opt(23, 59, 0),
        (hour, minute) => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
        assert_eq!(read_span("09:00-13:00"), time(9).zip(time(13)));
        assert_eq!(read_span("9 – 13h"), time(9).zip(time(13)));
        assert_eq!(read_span("from nine"), None);
        assert_eq!(read_span("9-9"), None);
    }
}
