//! What is wrong or unwise in a form, for the person who has to mend it.
use std::fmt;

use crate::form::Place;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether the form can be used all the same.
    pub severity: Severity,
    /// A stable code, such as `unknown-list`, by which it can be translated and looked up.
    pub code: &'static str,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do about it, in a sentence.
    pub remedy: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The form cannot be used.
    Mistake,
    /// The form works, but is likely not what the author wants.
    Warning,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { sheet, row, column } = &self.place;
        write!(out, "{sheet}")?;
        if *row > 0 {
            write!(out, ", row {row}")?;
        }
        if !column.is_empty() {
            write!(out, ", column {column}")?;
        }
        write!(out, ": {} {}", self.what, self.remedy)
    }
}
