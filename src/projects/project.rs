//! A community project: what is offered, where, for how many.
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Error, FieldErrors};
use crate::platform::ids::{OrgId, ProjectId, UnitId};

/// What a project is about.
pub const AREAS: [&str; 6] = ["culture", "social", "art", "environment", "training", "common_goods"];
/// So many hours a week, by agreement.
pub const HOURS: std::ops::RangeInclusive<i16> = 8..=16;
/// More places than any host has.
pub const MOST_PLACES: i16 = 500;
/// The longest title, name or address.
pub const LONGEST: usize = 200;

/// A project as its organisation keeps it. No person is in it.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Whose it is.
    pub org: OrgId,
    /// The unit that keeps it.
    pub unit: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// What it is called.
    pub title: String,
    /// The organisation or municipality where it takes place.
    pub host: String,
    /// The host's unit in this system, which keeps attendance.
    pub host_unit: Option<UnitId>,
    /// Since when it is the host, where another was before.
    pub host_since: Option<DateTime<Utc>>,
    /// One of [`AREAS`].
    pub area: String,
    /// For how many at a time.
    pub places: i16,
    /// Hours a week, unless somebody agrees to others.
    pub weekly_hours: i16,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day, where one is set.
    pub ends_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// Who answers for it at the host.
    pub responsible: String,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Which edition of the row this is.
    pub version: i32,
    /// Places that somebody has.
    pub taken: i32,
}

impl Project {
    /// Places that nobody has; none where more are taken than there are.
    pub fn free(&self) -> i32 {
        (i32::from(self.places) - self.taken).max(0)
    }

    /// Neither ended nor past its last day.
    pub fn runs(&self, today: NaiveDate) -> bool {
        self.ended_at.is_none() && self.ends_on.is_none_or(|last| last >= today)
    }

    /// Somebody may be placed in it.
    pub fn takes(&self, today: NaiveDate) -> bool {
        self.runs(today) && self.free() > 0
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/projects/{}", self.id)
    }
}

/// What is typed of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The unit that keeps it; set once.
    pub unit: Option<UnitId>,
    /// What it is called.
    pub title: String,
    /// The organisation or municipality where it takes place.
    pub host: String,
    /// The host's unit in this system.
    pub host_unit: Option<UnitId>,
    /// One of [`AREAS`].
    pub area: String,
    /// For how many at a time.
    pub places: Option<i16>,
    /// Hours a week.
    pub weekly_hours: Option<i16>,
    /// Its first day.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// Who answers for it at the host.
    pub responsible: String,
}

/// What must be there, once it is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// For how many at a time.
    pub places: i16,
    /// Hours a week.
    pub weekly_hours: i16,
    /// Its first day.
    pub starts_on: NaiveDate,
}

impl Typed {
    /// Everything is there and within its bounds.
    pub fn check(&self) -> Result<Measures, Error> {
        let mut errors = FieldErrors::default();
        for (field, text) in [("title", &self.title), ("host", &self.host), ("responsible", &self.responsible)] {
            if text.trim().is_empty() {
                errors.add(field, "required");
            }
        }
        for (field, text) in
            [("title", &self.title), ("host", &self.host), ("responsible", &self.responsible), ("place", &self.place)]
        {
            if text.chars().count() > LONGEST {
                errors.add(field, "too_long");
            }
        }
        if !AREAS.contains(&self.area.as_str()) {
            errors.add("area", if self.area.is_empty() { "required" } else { "not_a_choice" });
        }
        within(self.places, &(1..=MOST_PLACES), "places", &mut errors);
        within(self.weekly_hours, &HOURS, "weekly_hours", &mut errors);
        if self.starts_on.is_none() {
            errors.add("starts_on", "required");
        }
        if self.ends_on.is_some() && self.ends_on < self.starts_on {
            errors.add("ends_on", "ends_before_it_starts");
        }
        errors.or_ok()?;
        let (Some(places), Some(weekly_hours), Some(starts_on)) = (self.places, self.weekly_hours, self.starts_on) else {
            return Err(crate::error::invalid("starts_on", "required"));
        };
        Ok(Measures { places, weekly_hours, starts_on })
    }
}

/// Notes a number that is missing or out of its bounds.
pub(super) fn within(number: Option<i16>, bounds: &std::ops::RangeInclusive<i16>, field: &str, errors: &mut FieldErrors) {
    match number {
        None => errors.add(field, "required"),
        Some(number) if !bounds.contains(&number) => errors.add(field, "out_of_range"),
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            title: "Garden".into(),
            host: "Municipality".into(),
            area: "environment".into(),
            places: Some(4),
            weekly_hours: Some(8),
            starts_on: NaiveDate::from_ymd_opt(2026, 3, 2),
            responsible: "Rosa Neri".into(),
            ..Typed::default()
        }
    }

    fn refused(typed: &Typed) -> Vec<(String, &'static str)> {
        let Err(Error::Invalid(errors)) = typed.check() else { return Vec::new() };
        errors.0.into_iter().collect()
    }

    #[test]
    fn a_project_has_places_hours_between_eight_and_sixteen_and_somebody_who_answers_for_it() {
        assert_eq!(refused(&typed()), []);
        for (wrong, field, code) in [
            (Typed { weekly_hours: Some(7), ..typed() }, "weekly_hours", "out_of_range"),
            (Typed { weekly_hours: Some(17), ..typed() }, "weekly_hours", "out_of_range"),
            (Typed { places: Some(0), ..typed() }, "places", "out_of_range"),
            (Typed { places: None, ..typed() }, "places", "required"),
            (Typed { area: "sport".into(), ..typed() }, "area", "not_a_choice"),
            (Typed { responsible: " ".into(), ..typed() }, "responsible", "required"),
            (Typed { ends_on: NaiveDate::from_ymd_opt(2026, 3, 1), ..typed() }, "ends_on", "ends_before_it_starts"),
        ] {
            assert_eq!(refused(&wrong), [(field.to_owned(), code)]);
        }
    }
}
