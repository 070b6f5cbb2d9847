//! What the directory takes of an HSDS service.
use std::collections::BTreeMap;

use chrono::NaiveTime;
use uuid::Uuid;

use crate::directory::hsds;
use crate::directory::service::{Location, Opening, Service, Status, Visibility};
use crate::directory::vocabulary::Vocabulary;

/// A column and why the record cannot be taken.
pub(super) type Problem = (&'static str, &'static str);

/// Fills a blank entry with what the data says. Terms that mean no need of a loaded pack are counted in `unmapped`.
pub(super) fn of(
    it: &hsds::Service,
    blank: Service,
    locations: &[hsds::Location],
    known: &Vocabulary,
    unmapped: &mut BTreeMap<String, usize>,
) -> Result<Service, Problem> {
    let places: Vec<&hsds::Location> =
        it.places.iter().filter_map(|place| locations.iter().find(|location| location.id == place.location)).collect();
    let phone = it.phones.first().or_else(|| it.places.iter().find_map(|place| place.phones.first()));
    let capacity = it.capacities.first();
    Ok(Service {
        name: within(&it.name.text, 300, ("name", "The name is longer than 300 characters."))?,
        names: it.name.translations.clone(),
        description: within(&it.description.text, 8000, ("description", "The description is longer than 8,000 characters."))?,
        needs: needs(it, known, unmapped),
        languages: languages(it, &places),
        documents_required: joined(it.documents.iter().map(|document| document.name.text.as_str())),
        eligibility: it.eligibility.text.clone(),
        min_age: age(it.minimum_age, "minimum_age")?,
        max_age: age(it.maximum_age, "maximum_age")?,
        accessibility: joined(
            places.iter().flat_map(|place| place.accessibility.iter().filter_map(|a| a.description.as_deref())),
        ),
        phone: phone.map(number).unwrap_or_default(),
        email: it.email.clone().unwrap_or_default(),
        url: it.url.clone().unwrap_or_default(),
        status: match it.status {
            hsds::Status::Active => Status::Active,
            hsds::Status::Inactive => Status::Inactive,
            hsds::Status::Defunct => Status::Defunct,
            hsds::Status::TemporarilyClosed => Status::TemporarilyClosed,
        },
        capacity: capacity.and_then(|c| c.maximum).and_then(whole),
        places_free: capacity.and_then(|c| whole(c.available)),
        waiting_days: it.wait_time.as_deref().and_then(days),
        verified_at: it.assured_on.map(|date| date.and_time(NaiveTime::MIN).and_utc()),
        locations: once(places.iter().map(|place| location(place)).collect()),
        opening_hours: hours(it, &places),
        ..blank
    })
}

fn within(text: &str, most: usize, problem: Problem) -> Result<String, Problem> {
    if text.chars().count() > most { Err(problem) } else { Ok(text.to_owned()) }
}

fn age(years: Option<f64>, column: &'static str) -> Result<Option<i32>, Problem> {
    match years {
        None => Ok(None),
        Some(years) if (0.0..=130.0).contains(&years) => Ok(Some(years.floor() as i32)),
        Some(_) => Err((column, "An age must be between 0 and 130 years.")),
    }
}

fn whole(number: f64) -> Option<i32> {
    (0.0..=1e9).contains(&number).then_some(number as i32)
}

fn number(phone: &hsds::Phone) -> String {
    phone.extension.map_or_else(|| phone.number.clone(), |extension| format!("{} ({extension})", phone.number))
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join("; ")
}

fn needs(it: &hsds::Service, known: &Vocabulary, unmapped: &mut BTreeMap<String, usize>) -> Vec<String> {
    let mut needs: Vec<String> = Vec::new();
    for attribute in &it.attributes {
        let term = &attribute.term;
        let words = term.code.iter().chain([&term.name.text]).chain(term.name.translations.values());
        match words.filter_map(|word| known.need_of_term(word)).next() {
            Some(code) if !needs.iter().any(|need| need == code) => needs.push(code.to_owned()),
            Some(_) => {}
            None => {
                let name = if term.name.text.is_empty() { term.code.clone().unwrap_or_default() } else { term.name.text.clone() };
                *unmapped.entry(name).or_default() += 1;
            }
        }
    }
    needs
}

// English names of languages that data often has in place of a code.
const NAMED: [(&str, &str); 10] = [
    ("arabic", "ar"),
    ("english", "en"),
    ("french", "fr"),
    ("spanish", "es"),
    ("kurdish", "ku"),
    ("persian", "fa"),
    ("somali", "so"),
    ("tigrinya", "ti"),
    ("amharic", "am"),
    ("ukrainian", "uk"),
];

fn languages(it: &hsds::Service, places: &[&hsds::Location]) -> Vec<String> {
    let all = it.languages.iter().chain(places.iter().flat_map(|place| place.languages.iter()));
    let mut codes: Vec<String> = all
        .filter_map(|language| language.code.as_deref().or(language.name.as_deref()))
        .map(|said| {
            let said = said.trim().to_lowercase();
            NAMED.iter().find(|(name, _)| *name == said).map_or(said, |(_, code)| (*code).to_owned())
        })
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

// `3 days`, `2 weeks`, `14`; anything else stays unknown.
fn days(text: &str) -> Option<i32> {
    let mut words = text.split_whitespace();
    let count: i32 = words.next()?.parse().ok()?;
    let each = match words.next().map(str::to_lowercase).as_deref() {
        None | Some("day" | "days") => 1,
        Some("week" | "weeks") => 7,
        Some("month" | "months") => 30,
        Some(_) => return None,
    };
    count.checked_mul(each).filter(|days| (0..=3650).contains(days) && words.next().is_none())
}

fn location(it: &hsds::Location) -> Location {
    let address = it.addresses.first();
    let text = |field: fn(&hsds::Address) -> &str| address.map(field).unwrap_or_default().to_owned();
    let region = address.and_then(|address| address.region.clone()).unwrap_or_default();
    let (state, city) = (text(|a| &a.state_province), text(|a| &a.city));
    let admin1 = if state.is_empty() { region.clone() } else { state };
    // A city that bears its region's name says nothing new; the finer name is then the address's region.
    let admin2 = if city == admin1 { region } else { city };
    let lines = address.map(|address| [Some(address.line_1.as_str()), address.line_2.as_deref()]);
    Location {
        id: Uuid::now_v7(),
        external_id: Some(it.id.0.clone()),
        name: it.name.text.clone(),
        admin2: if admin2 == admin1 { String::new() } else { admin2 },
        admin1,
        address: joined(lines.into_iter().flatten().flatten()),
        latitude: it.latitude,
        longitude: it.longitude,
        visibility: Visibility::Public,
    }
}

fn once(mut locations: Vec<Location>) -> Vec<Location> {
    locations.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    locations.dedup_by(|a, b| a.external_id == b.external_id);
    locations
}

// The service's own hours; else those it has at its places; else those of the places themselves.
fn hours(it: &hsds::Service, places: &[&hsds::Location]) -> Vec<Opening> {
    let own: Vec<&hsds::Schedule> = it.schedules.iter().collect();
    let at_places: Vec<&hsds::Schedule> = it.places.iter().flat_map(|place| place.schedules.iter()).collect();
    let of_places: Vec<&hsds::Schedule> = places.iter().flat_map(|place| place.schedules.iter()).collect();
    let schedules = [own, at_places, of_places].into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    let mut hours: Vec<Opening> = Vec::new();
    for schedule in schedules {
        let Some((opens, closes)) = schedule.opens_at.zip(schedule.closes_at) else { continue };
        hours.extend(schedule.weekly().map(|day| Opening { weekday: day.number_from_monday() as i16, opens, closes }));
    }
    hours.sort();
    hours.dedup();
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_time_is_a_number_of_days_or_unknown() {
        let rows = [
            ("3 days", Some(3)),
            ("2 weeks", Some(14)),
            ("14", Some(14)),
            ("a while", None),
            ("3 days or so", None),
            ("-1 days", None),
        ];
        for (text, expected) in rows {
            assert_eq!(days(text), expected, "{text}");
        }
    }
}
