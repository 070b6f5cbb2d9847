//! What the directory knows of organisations, services and locations, without anything of our own.
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

/// The identifier a record has in the data it came from; a UUID in well-kept data, any text in other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsdsId(pub String);

impl fmt::Display for HsdsId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text, with its translations by language tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    pub text: String,
    pub translations: BTreeMap<String, String>,
}

impl Wording {
    /// The text in this language, or as it was first written.
    pub fn in_language(&self, tag: &str) -> &str {
        self.translations.get(tag).unwrap_or(&self.text)
    }
}

/// A body that offers services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organisation {
    pub id: HsdsId,
    pub name: Wording,
    pub alternate_name: Option<String>,
    pub description: Wording,
    pub email: Option<String>,
    pub website: Option<String>,
    pub parent: Option<HsdsId>,
    pub phones: Vec<Phone>,
    pub attributes: Vec<Attribute>,
}

/// Something an organisation does for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    pub id: HsdsId,
    pub organisation: HsdsId,
    pub name: Wording,
    pub alternate_name: Option<String>,
    pub description: Wording,
    pub url: Option<String>,
    pub email: Option<String>,
    pub status: Status,
    pub application_process: Option<String>,
    pub interpretation: Option<String>,
    pub fees: Option<String>,
    pub wait_time: Option<String>,
    pub eligibility: Wording,
    pub minimum_age: Option<f64>,
    pub maximum_age: Option<f64>,
    pub alert: Option<String>,
    /// The day on which somebody last assured that this entry is right, and that person's address.
    pub assured_on: Option<NaiveDate>,
    pub assurer_email: Option<String>,
    pub modified_at: Option<DateTime<Utc>>,
    pub places: Vec<Place>,
    pub areas: Vec<Area>,
    pub phones: Vec<Phone>,
    pub schedules: Vec<Schedule>,
    pub languages: Vec<Language>,
    pub documents: Vec<Document>,
    pub capacities: Vec<Capacity>,
    pub attributes: Vec<Attribute>,
}

/// Whether a service runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Active,
    Inactive,
    Defunct,
    TemporarilyClosed,
}

/// A service at one of its locations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub id: HsdsId,
    pub location: HsdsId,
    pub description: Option<String>,
    pub areas: Vec<Area>,
    pub phones: Vec<Phone>,
    pub schedules: Vec<Schedule>,
}

/// Somewhere people can go, write or call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    pub id: HsdsId,
    pub kind: LocationKind,
    pub organisation: Option<HsdsId>,
    pub name: Wording,
    pub alternate_name: Option<String>,
    pub description: Wording,
    pub transportation: Option<String>,
    pub url: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub addresses: Vec<Address>,
    pub accessibility: Vec<Accessibility>,
    pub phones: Vec<Phone>,
    pub schedules: Vec<Schedule>,
    pub languages: Vec<Language>,
    pub attributes: Vec<Attribute>,
}

/// Whether a location or an address is a place, a letter box or only on the net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LocationKind {
    #[default]
    Physical,
    Postal,
    Virtual,
}

/// An address, from the street to the country.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    pub id: HsdsId,
    pub kind: LocationKind,
    pub attention: Option<String>,
    pub line_1: String,
    pub line_2: Option<String>,
    pub city: String,
    pub region: Option<String>,
    pub state_province: String,
    pub postal_code: String,
    pub country: String,
}

/// What makes a location reachable, or not, for disabled people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accessibility {
    pub id: HsdsId,
    pub description: Option<String>,
    pub details: Option<String>,
    pub url: Option<String>,
}

/// A number to call, and the languages answered there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phone {
    pub id: HsdsId,
    pub number: String,
    pub extension: Option<u64>,
    pub kind: Option<String>,
    pub description: Option<String>,
    pub languages: Vec<Language>,
}

/// A language that is spoken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Language {
    pub id: HsdsId,
    pub code: Option<String>,
    pub name: Option<String>,
    pub note: Option<String>,
}

/// When a service or a location is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    pub id: HsdsId,
    pub frequency: Option<Frequency>,
    pub interval: Option<u64>,
    pub days: Vec<Day>,
    /// Days of the month, negative when counted from its end.
    pub month_days: Vec<i8>,
    /// The local times as written; an offset from UTC is not applied.
    pub opens_at: Option<NaiveTime>,
    pub closes_at: Option<NaiveTime>,
    pub starts_on: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub attending_type: Option<String>,
    pub description: Option<String>,
    pub notes: Option<String>,
}

impl Schedule {
    /// The weekdays on which this schedule opens every week; none for monthly and fortnightly ones.
    pub fn weekly(&self) -> impl Iterator<Item = Weekday> {
        let every_week = self.frequency != Some(Frequency::Monthly) && self.interval.is_none_or(|n| n == 1);
        self.days.iter().filter(move |day| every_week && day.nth.is_none()).map(|day| day.weekday)
    }
}

/// How often a schedule repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    Weekly,
    Monthly,
}

/// A weekday, or one certain one of the month: the second Monday, the last Friday (-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub nth: Option<i8>,
    pub weekday: Weekday,
}

/// A paper to bring.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub id: HsdsId,
    pub name: Wording,
    pub url: Option<String>,
}

/// How much of something a service has left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capacity {
    pub id: HsdsId,
    /// The unit's own id and name, such as beds.
    pub unit: HsdsId,
    pub unit_name: String,
    pub available: f64,
    pub maximum: Option<f64>,
    pub description: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
}

/// Where the people live whom a service is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    pub id: HsdsId,
    pub name: Option<String>,
    pub description: Option<String>,
}

/// A term of a taxonomy, said of an organisation, a service or a location.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attribute {
    pub id: HsdsId,
    /// What the term is used for here, such as `service_type`.
    pub kind: Option<String>,
    pub value: Option<String>,
    pub term: Term,
}

/// A word of a taxonomy; without an id when the data gives only its label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    pub id: Option<HsdsId>,
    pub code: Option<String>,
    pub name: Wording,
    pub description: String,
    pub taxonomy: Option<String>,
    pub parent: Option<HsdsId>,
}
