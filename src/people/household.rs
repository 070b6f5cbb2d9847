//! A household: its head, its members with their relationship to the head, and when each joined and left.
use chrono::NaiveDate;

use crate::platform::ids::{HouseholdId, OrgId, PersonId, RowId, UnitId};

/// Relationships to the head that are offered.
pub const RELATIONSHIPS: &[&str] = &[
    "head",
    "spouse",
    "child",
    "stepchild",
    "foster_child",
    "parent",
    "sibling",
    "grandparent",
    "grandchild",
    "other_relative",
    "caregiver",
    "unrelated",
];

/// A household as the actor sees it: members whose person is not visible to the actor are not in it (S12).
#[derive(Debug, Clone)]
pub struct Household {
    /// The id.
    pub id: HouseholdId,
    /// The code by which it is called.
    pub code: String,
    /// The organisation that registered it.
    pub org: OrgId,
    /// Its unit.
    pub unit: UnitId,
    /// The head, where the actor sees that person.
    pub head: Option<PersonId>,
    /// Members who stay and members who left, the head first, then by age.
    pub members: Vec<Member>,
    /// Counts changes.
    pub version: i32,
}

impl Household {
    /// The household's page.
    pub fn path(&self) -> String {
        format!("/households/{}", self.id)
    }

    /// Those who live in it now.
    pub fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.left_on.is_none())
    }

    /// Those who left.
    pub fn past(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.left_on.is_some())
    }
}

/// Somebody's time in a household.
#[derive(Debug, Clone)]
pub struct Member {
    /// The row.
    pub id: RowId,
    /// The person.
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// Their name in Latin letters.
    pub name_latin: String,
    /// Their code.
    pub code: String,
    /// Their sex.
    pub sex: Option<String>,
    /// Their date of birth.
    pub born_on: Option<NaiveDate>,
    /// It is estimated.
    pub born_estimated: bool,
    /// To the head, one of [`RELATIONSHIPS`].
    pub relationship: String,
    /// Since when.
    pub joined_on: NaiveDate,
    /// Until when.
    pub left_on: Option<NaiveDate>,
    /// The actor sees this person through restricted cases alone.
    pub restricted_only: bool,
}

impl Member {
    /// What lists show: the name, or the code of somebody known through restricted cases alone (S13).
    pub fn on_lists(&self) -> String {
        match (self.restricted_only, self.name_latin.as_str()) {
            (true, _) => self.code.clone(),
            (false, "") => self.name.clone(),
            (false, latin) => format!("{} · {latin}", self.name),
        }
    }
}

/// One of a person's households, as seen from the person.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The row.
    pub id: RowId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its code.
    pub code: String,
    /// To the head.
    pub relationship: String,
    /// Since when.
    pub joined_on: NaiveDate,
    /// Until when.
    pub left_on: Option<NaiveDate>,
}
