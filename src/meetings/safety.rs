//! What is asked about safety before somebody goes out (S22): when a visit is planned, and again when the worker sets out. No SQL.
use serde::{Deserialize, Serialize};

use crate::error::FieldErrors;

/// The kinds of meetings for which somebody goes out.
pub const VISITS: [&str; 2] = ["home_visit", "accompaniment"];
const LONGEST: usize = 200;

/// Is it safe for both, and what is done where it is not; sealed among the words of the meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Safety {
    /// For the person.
    pub person: Option<bool>,
    /// For the worker.
    pub worker: Option<bool>,
    /// What is done about it.
    pub precaution: String,
}

impl Safety {
    /// What is wrong with it, beside each field: both are answered, and where one is not safe it is said what is done.
    pub fn check(&self, errors: &mut FieldErrors) {
        for (field, answer) in [("safe_for_person", self.person), ("safe_for_worker", self.worker)] {
            if answer.is_none() {
                errors.add(field, "required");
            }
        }
        let unsafe_for_one = self.person == Some(false) || self.worker == Some(false);
        if unsafe_for_one && self.precaution.trim().is_empty() {
            errors.add("precaution", "precaution_needed");
        }
        if self.precaution.chars().count() > LONGEST {
            errors.add("precaution", "too_long");
        }
    }
}

/// Somebody goes out for it.
pub fn is_visit(kind: &str) -> bool {
    VISITS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s22_both_are_asked_and_what_is_not_safe_says_what_is_done() {
        let codes = |person, worker, precaution: &str| {
            let mut errors = FieldErrors::default();
            Safety { person, worker, precaution: precaution.to_owned() }.check(&mut errors);
            errors.0.into_keys().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(codes(Some(true), Some(true), ""), "");
        assert_eq!(codes(None, Some(true), ""), "safe_for_person");
        assert_eq!(codes(Some(true), None, ""), "safe_for_worker");
        assert_eq!(codes(Some(true), Some(false), " "), "precaution");
        assert_eq!(codes(Some(false), Some(false), "At the centre, with a colleague"), "");
    }
}
