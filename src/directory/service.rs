//! A service as people use it, and what follows from its particulars: whether it takes people, whether its entry is fresh.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use crate::platform::ids::{OrgId, ServiceId, UnitId};
use crate::platform::lang::Lang;

/// An organisation, as the directory knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrgId,
    pub name: String,
    /// Its name by language code.
    pub names: BTreeMap<String, String>,
    pub kind: String,
    /// Its people work with this program, so referrals reach an inbox.
    pub in_system: bool,
    /// The desk that answers for it.
    pub general_desk: String,
}

impl Organisation {
    /// Its name in this language, or as it was first written.
    pub fn name_in(&self, lang: Lang) -> &str {
        self.names.get(lang.code()).unwrap_or(&self.name)
    }
}

/// Whether a service runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Active,
    Inactive,
    Defunct,
    TemporarilyClosed,
}

impl Status {
    /// Every status, as a form lists them.
    pub const ALL: [Self; 4] = [Self::Active, Self::TemporarilyClosed, Self::Inactive, Self::Defunct];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Defunct => "defunct",
            Self::TemporarilyClosed => "temporarily_closed",
        }
    }

    /// The status of a stored code; the database holds no other.
    pub fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.code() == code).unwrap_or_default()
    }
}

/// Who learns that a service or a place exists (S14).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody, and the open-data face.
    #[default]
    Public,
    /// Those cleared for one of its case types.
    Cleared,
    /// Users listed by name.
    Named,
}

impl Visibility {
    /// Every visibility, from the widest to the narrowest.
    pub const ALL: [Self; 3] = [Self::Public, Self::Cleared, Self::Named];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Cleared => "cleared",
            Self::Named => "named",
        }
    }

    /// The visibility of a stored code. An unknown one is the narrowest, so that a mistake never opens a shelter.
    pub fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|visibility| visibility.code() == code).unwrap_or(Self::Named)
    }
}

/// A place where a service is offered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Location {
    pub id: Uuid,
    /// Its id in the data it came from.
    pub external_id: Option<String>,
    pub name: String,
    pub admin1: String,
    pub admin2: String,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub visibility: Visibility,
}

impl Location {
    /// `Quay house, 1 Quay Street, Downtown, Amman`: whatever of it is known.
    pub fn line(&self) -> String {
        let parts = [&self.name, &self.address, &self.admin2, &self.admin1];
        let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        known.join(", ")
    }
}

/// Hours on one weekday, 1 Monday to 7 Sunday. Hours that close before they open last past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    pub weekday: i16,
    pub opens: NaiveTime,
    pub closes: NaiveTime,
}

impl Opening {
    /// Whether it is open at this local time.
    pub fn covers(&self, weekday: i16, time: NaiveTime) -> bool {
        if self.opens < self.closes {
            return self.weekday == weekday && self.opens <= time && time < self.closes;
        }
        let next = self.weekday % 7 + 1;
        (self.weekday == weekday && self.opens <= time) || (next == weekday && time < self.closes)
    }
}

/// An agreement that holds today between the reader's organisation and the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub kind: String,
    pub places: Option<i32>,
    pub client_tracking: bool,
    pub ends_on: Option<NaiveDate>,
}

/// How far an entry can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Somebody confirmed it lately.
    Fresh,
    /// The last confirmation is older than the pack's deadline.
    OutOfDate,
    /// Nobody ever confirmed it.
    NeverConfirmed,
}

impl Freshness {
    /// What a confirmation of this moment is worth, if entries confirmed before `stale_before` are out of date.
    pub fn of(verified_at: Option<DateTime<Utc>>, stale_before: DateTime<Utc>) -> Self {
        match verified_at {
            None => Self::NeverConfirmed,
            Some(at) if at < stale_before => Self::OutOfDate,
            Some(_) => Self::Fresh,
        }
    }
}

/// A service with everything its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub id: ServiceId,
    pub organisation: Organisation,
    /// The unit whose inbox takes referrals for it.
    pub unit: Option<UnitId>,
    pub unit_name: Option<String>,
    pub name: String,
    /// Its name by language code.
    pub names: BTreeMap<String, String>,
    pub description: String,
    /// Codes of the pack's needs.
    pub needs: Vec<String>,
    pub languages: Vec<String>,
    pub documents_required: String,
    pub eligibility: String,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    /// Whom it takes; empty for everybody.
    pub sexes: Vec<String>,
    pub accessibility: String,
    pub phone: String,
    pub email: String,
    pub url: String,
    pub status: Status,
    pub capacity: Option<i32>,
    pub places_free: Option<i32>,
    pub waiting_days: Option<i32>,
    pub not_accepting: bool,
    /// The pack's or funder's rule: a referral needs an approval first.
    pub requires_approval: bool,
    pub visibility: Visibility,
    pub cleared_types: Vec<i16>,
    pub verified_at: Option<DateTime<Utc>>,
    /// The name of who confirmed it, for colleagues; others learn only the organisation.
    pub verified_by: Option<String>,
    pub version: i32,
    pub locations: Vec<Location>,
    pub opening_hours: Vec<Opening>,
    pub agreement: Option<Agreement>,
}

impl Service {
    /// A service of this organisation that says nothing yet.
    pub fn blank(organisation: Organisation) -> Self {
        Self {
            id: ServiceId::new(),
            organisation,
            unit: None,
            unit_name: None,
            name: String::new(),
            names: BTreeMap::new(),
            description: String::new(),
            needs: Vec::new(),
            languages: Vec::new(),
            documents_required: String::new(),
            eligibility: String::new(),
            min_age: None,
            max_age: None,
            sexes: Vec::new(),
            accessibility: String::new(),
            phone: String::new(),
            email: String::new(),
            url: String::new(),
            status: Status::Active,
            capacity: None,
            places_free: None,
            waiting_days: None,
            not_accepting: false,
            requires_approval: false,
            visibility: Visibility::Public,
            cleared_types: Vec::new(),
            verified_at: None,
            verified_by: None,
            version: 0,
            locations: Vec::new(),
            opening_hours: Vec::new(),
            agreement: None,
        }
    }

    /// Its name in this language, or as it was first written.
    pub fn name_in(&self, lang: Lang) -> &str {
        self.names.get(lang.code()).unwrap_or(&self.name)
    }

    /// Whether a referral sent now could be taken on.
    pub fn accepts(&self) -> bool {
        self.status == Status::Active && !self.not_accepting
    }
}

/// A service as lists, the Refer page and suggestions show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub id: ServiceId,
    pub org: OrgId,
    pub org_name: String,
    pub in_system: bool,
    pub unit: Option<UnitId>,
    pub name: String,
    pub needs: Vec<String>,
    pub languages: Vec<String>,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    pub sexes: Vec<String>,
    pub admin1: String,
    pub admin2: String,
    /// Whether it has any place that this reader knows of; a telephone service has none.
    pub has_place: bool,
    /// Whether any of its places lies in the area asked for; unknown without an area or without a place.
    pub in_area: Option<bool>,
    pub accepting: bool,
    pub capacity: Option<i32>,
    pub places_free: Option<i32>,
    pub waiting_days: Option<i32>,
    pub requires_approval: bool,
    pub visibility: Visibility,
    pub verified_at: Option<DateTime<Utc>>,
    /// The kind of an agreement with the reader's organisation that holds today.
    pub agreement: Option<String>,
    /// Open at this hour; unknown when it gives no hours.
    pub open_now: Option<bool>,
    /// The reader may change this entry.
    pub own: bool,
}

impl Listed {
    /// Whether nothing that is known of a person keeps them from it; what is unknown keeps nobody away.
    pub fn is_for(&self, age: Option<i32>, sex: Option<&str>) -> bool {
        let of_age = |age| self.min_age.is_none_or(|min| min <= age) && self.max_age.is_none_or(|max| age <= max);
        let of_sex = |sex: &str| self.sexes.is_empty() || self.sexes.iter().any(|one| one == sex);
        age.is_none_or(of_age) && sex.filter(|sex| *sex != "unknown").is_none_or(of_sex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour of the day")
    }

    #[test]
    fn hours_past_midnight_belong_to_the_evening_before() {
        let sunday_night = Opening { weekday: 7, opens: at(20), closes: at(4) };
        assert!(sunday_night.covers(7, at(22)) && sunday_night.covers(1, at(3)));
        assert!(!sunday_night.covers(7, at(3)) && !sunday_night.covers(1, at(4)));
    }

    #[test]
    fn an_unknown_visibility_hides() {
        assert_eq!(Visibility::of("open to all"), Visibility::Named);
    }
}
