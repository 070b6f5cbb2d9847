//! What somebody wants to have in a file.
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::FieldErrors;
use crate::platform::ids::EditionId;

/// The kinds of file.
pub const FORMATS: [&str; 3] = ["xlsx", "csv", "parquet"];

/// What goes into a file, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormExportWanted)]
pub struct Wanted {
    /// `xlsx`, `csv` or `parquet`.
    #[serde(default)]
    pub format: String,
    /// Choices and headings by their labels; by their codes otherwise.
    #[serde(default)]
    pub labels: bool,
    /// The form's own name of the language of labels; its first where empty.
    #[serde(default)]
    pub language: String,
    /// Names and what tells who somebody is; needs the right to assign cases.
    #[serde(default)]
    pub names: bool,
    /// Copies of one edition alone.
    #[serde(default)]
    pub edition: Option<EditionId>,
    /// Complete here on this day or later: a copy that was filled in without a network counts on the day on which it came onto its case.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Complete here on this day or earlier.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl Wanted {
    /// What is wrong with it by itself.
    pub fn faults(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if !FORMATS.contains(&self.format.as_str()) {
            errors.add("format", if self.format.is_empty() { "required" } else { "not_a_choice" });
        }
        if self.language.chars().count() > 120 {
            errors.add("language", "too_long");
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from > until
        {
            errors.add("until", "form_export_days");
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_kind_and_its_days_are_in_order() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        let wanted = Wanted {
            format: "doc".to_owned(),
            labels: false,
            language: String::new(),
            names: false,
            edition: None,
            from: day(2),
            until: day(1),
        };
        let faults = wanted.faults();
        assert_eq!((faults.get("format"), faults.get("until")), (Some("not_a_choice"), Some("form_export_days")));
        assert!(Wanted { format: "csv".to_owned(), until: day(2), ..wanted }.faults().is_empty());
    }
}
