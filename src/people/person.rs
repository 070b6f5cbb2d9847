//! A person: particulars that may be edited, and what the registry itself adds.
use std::collections::BTreeMap;
use std::ops::Deref;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::packs::Sensitivity;
use crate::platform::ids::{OrgId, PersonId, UnitId};

/// The answers to "sex".
pub const SEXES: &[&str] = &["female", "male", "other", "unknown"];
/// With whom somebody would rather speak (S25); neither where they have no preference or were not asked.
pub const PREFERRED: &[&str] = &["woman", "man"];
/// The six questions of the Washington Group short set.
pub const FUNCTIONS: &[&str] = &["seeing", "hearing", "walking", "remembering", "self_care", "communicating"];
/// Its four levels, from no difficulty up.
pub const LEVELS: &[&str] = &["none", "some", "a_lot", "cannot"];

/// What is known of a person and may be edited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The name in the person's own script.
    pub name: String,
    /// The same in Latin letters; empty where the name is Latin already.
    pub name_latin: String,
    /// One of [`SEXES`].
    pub sex: Option<String>,
    /// Gender in the person's own words.
    pub gender: String,
    /// Date of birth, exact or estimated.
    pub born_on: Option<NaiveDate>,
    /// The date of birth was estimated from an age.
    pub born_estimated: bool,
    /// Codes of [`crate::platform::lang::SPOKEN`], the best spoken first.
    pub languages: Vec<String>,
    /// [`FUNCTIONS`] to [`LEVELS`], as the person answered.
    pub difficulties: BTreeMap<String, String>,
    /// First administrative level.
    pub admin1: String,
    /// Second administrative level.
    pub admin2: String,
    /// Third administrative level.
    pub admin3: String,
    /// The rest of the address.
    pub address: String,
    /// The address is shown to nobody but those who see this person.
    pub address_confidential: bool,
    /// The same for phones and e-mail addresses.
    pub phone_confidential: bool,
    /// The same for the household; those who stayed never see where this person went (S12).
    pub household_confidential: bool,
    /// Visits are never made alone (S22); no reason is kept.
    pub dont_go_alone: bool,
    /// What must be respected when this person is contacted.
    pub contact_restriction: String,
    /// One of [`PREFERRED`]: who they would rather have as case worker (S25).
    pub worker_sex: Option<String>,
    /// The same of whoever interprets.
    pub interpreter_sex: Option<String>,
}

impl Particulars {
    /// Whole years on this day.
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.born_on?)
    }

    /// At least one function with a lot of difficulty: the short set's own threshold.
    pub fn has_disability(&self) -> bool {
        self.difficulties.values().any(|level| matches!(level.as_str(), "a_lot" | "cannot"))
    }

    /// The date of birth that stands for an age: the first of January of that year.
    pub fn born_about(age: u32, today: NaiveDate) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(today.year().checked_sub_unsigned(age)?, 1, 1)
    }

    /// Own script and Latin in one line.
    pub fn full_name(&self) -> String {
        if self.name_latin.is_empty() { self.name.clone() } else { format!("{} · {}", self.name, self.name_latin) }
    }

    /// The names of the fields that differ, for the audit and for showing a conflict.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        [
            ("name", self.name != other.name),
            ("name_latin", self.name_latin != other.name_latin),
            ("sex", self.sex != other.sex),
            ("gender", self.gender != other.gender),
            ("born_on", (self.born_on, self.born_estimated) != (other.born_on, other.born_estimated)),
            ("languages", self.languages != other.languages),
            ("difficulties", self.difficulties != other.difficulties),
            ("admin1", self.admin1 != other.admin1),
            ("admin2", self.admin2 != other.admin2),
            ("admin3", self.admin3 != other.admin3),
            ("address", self.address != other.address),
            ("address_confidential", self.address_confidential != other.address_confidential),
            ("phone_confidential", self.phone_confidential != other.phone_confidential),
            ("household_confidential", self.household_confidential != other.household_confidential),
            ("dont_go_alone", self.dont_go_alone != other.dont_go_alone),
            ("contact_restriction", self.contact_restriction != other.contact_restriction),
            ("worker_sex", self.worker_sex != other.worker_sex),
            ("interpreter_sex", self.interpreter_sex != other.interpreter_sex),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}

/// A person on the registry.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The code that stands for the name where names are not shown.
    pub code: String,
    /// The organisation that registered the person.
    pub org: OrgId,
    /// Its unit.
    pub unit: UnitId,
    /// A case made this person visible through cases alone.
    pub has_case: bool,
    /// What may be edited.
    pub particulars: Particulars,
    /// Counts edits.
    pub version: i32,
    /// When the person was registered.
    pub recorded_at: DateTime<Utc>,
}

impl Person {
    /// The person's page.
    pub fn path(&self) -> String {
        format!("/people/{}", self.id)
    }
}

// A person *is* their particulars to every reader: `person.name`, not `person.particulars.name`.
impl Deref for Person {
    type Target = Particulars;
    fn deref(&self) -> &Particulars {
        &self.particulars
    }
}

/// What lists, tasks, notifications and titles show for a person: the name for standard cases, the code for all others (S13).
pub fn name_for<'a>(name: &'a str, code: &'a str, sensitivity: Sensitivity) -> &'a str {
    if sensitivity == Sensitivity::Standard { name } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s13_only_standard_cases_show_names_on_lists() {
        assert_eq!(name_for("Dana", "C-1", Sensitivity::Standard), "Dana");
        assert_eq!(name_for("Dana", "C-1", Sensitivity::Protected), "C-1");
        assert_eq!(name_for("Dana", "C-1", Sensitivity::Restricted), "C-1");
    }

    #[test]
    fn an_estimated_age_gives_the_same_age_back() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let born_on = Particulars::born_about(34, today);
        assert_eq!(Particulars { born_on, ..Particulars::default() }.age_on(today), Some(34));
    }
}
