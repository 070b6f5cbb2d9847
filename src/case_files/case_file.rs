//! A case file, what it says, and the rules that need no database.
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Clash, Error, FieldErrors};
use crate::platform::ids::{CaseId, DocumentId, PersonId, RowId, UserId};
use crate::platform::lang::Lang;

/// The sections that can be asked for, in their order.
pub const SECTIONS: [&str; 13] = [
    "person",
    "case",
    "consents",
    "assessments",
    "forms",
    "plan",
    "achievements",
    "projects",
    "meetings",
    "referrals",
    "notes",
    "records",
    "documents",
];
/// So long the two files are there.
pub const KEPT: TimeDelta = TimeDelta::days(7);
/// The longest reason.
pub const LONGEST_REASON: usize = 400;

/// A value with its name: a code for programs and words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The code.
    pub key: String,
    /// The words.
    pub label: String,
    /// The value, as people read it.
    pub value: String,
    /// For programs: a day as ISO 8601, or the code of what was chosen; empty where the value says it itself.
    #[serde(default)]
    pub code: String,
}

/// Something that is kept: a consent, a note, a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// One of [`SECTIONS`].
    pub section: String,
    /// What it is called.
    pub title: String,
    /// For programs: which kind of its section it is; empty where there are no kinds.
    #[serde(default)]
    pub kind: String,
    /// For programs: the day it is of, as ISO 8601; empty where it has none.
    #[serde(default)]
    pub on: String,
    /// What it says.
    pub lines: Vec<Line>,
    /// It holds free words, or a picture, which may speak of others: it goes only where somebody ticks it.
    pub free: bool,
    /// The document that goes with it.
    pub file: Option<DocumentId>,
}

/// A case file as the reader may see it.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Its id.
    pub id: RowId,
    /// The case.
    pub case_id: CaseId,
    /// Whose data it holds.
    pub person_id: PersonId,
    /// Who receives it for them.
    pub given_to: Option<PersonId>,
    /// The person said so themselves.
    pub own_wish: bool,
    /// The language of its words.
    pub lang: Lang,
    /// Why it was asked for.
    pub reason: String,
    /// `asked`, `refused`, `released`, `made` or `gone`.
    pub state: String,
    /// Who asked.
    pub asked_by: UserId,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who released or refused it.
    pub decided_by_name: Option<String>,
    /// Until when it is there.
    pub expires_at: Option<DateTime<Utc>>,
    /// Which edition of the row this is.
    pub version: i32,
}

impl CaseFile {
    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}/file/{}", self.case_id, self.id)
    }

    /// Nobody has decided yet.
    pub fn must_be_asked(&self) -> Result<(), Error> {
        if self.state == "asked" { Ok(()) } else { Err(self.refused("case_file_decided")) }
    }

    /// The two files are there.
    pub fn must_be_made(&self, now: DateTime<Utc>) -> Result<(), Error> {
        match self.state.as_str() {
            "made" if self.expires_at.is_some_and(|end| end > now) => Ok(()),
            "made" | "gone" => Err(self.refused("case_file_gone")),
            _ => Err(self.refused("case_file_not_made")),
        }
    }

    /// Whoever would receive it is not safe to involve by now, or no longer on the case.
    pub fn unsafe_by_now(&self) -> Error {
        self.refused("case_file_unsafe")
    }

    fn refused(&self, code: &'static str) -> Error {
        Error::Conflict(Clash::State { state: format!("case_file_{}", self.state), code })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewCaseFile {
    /// Whose data.
    pub person: Option<PersonId>,
    /// Who receives it for them; the person where empty.
    pub given_to: Option<PersonId>,
    /// The person said so themselves.
    pub own_wish: bool,
    /// Some of [`SECTIONS`].
    pub sections: Vec<String>,
    /// Why.
    pub reason: String,
    /// The language of its words; the reader's own where absent.
    pub lang: Option<Lang>,
}

impl NewCaseFile {
    /// What is wrong with it by itself.
    pub(super) fn faults(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.person.is_none() {
            errors.add("person", "required");
        }
        if self.sections.is_empty() {
            errors.add("sections", "required");
        } else if self.sections.iter().any(|section| !SECTIONS.contains(&section.as_str())) {
            errors.add("sections", "not_a_choice");
        }
        let length = self.reason.trim().chars().count();
        if length == 0 || length > LONGEST_REASON {
            errors.add("reason", if length == 0 { "required" } else { "too_long" });
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_asked_for_with_a_person_sections_and_a_reason() {
        let empty = NewCaseFile::default().faults();
        assert_eq!(empty.0.keys().collect::<Vec<_>>(), ["person", "reason", "sections"]);
        let odd = NewCaseFile {
            person: Some(PersonId(uuid::Uuid::nil())),
            sections: vec!["safety_plan".to_owned()],
            reason: "She asks".to_owned(),
            ..NewCaseFile::default()
        };
        assert_eq!(odd.faults().get("sections"), Some("not_a_choice"));
    }
}
