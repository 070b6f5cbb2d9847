//! The personal-data guard: finds what would tell, in a letter or in words to the other side, who is meant (DOMAIN 5).
//!
//! *Known* is what the registry knows of everyone on a case, gathered by [`known`] as the actor may see it; [`find`] is pure and marks
//! the exact words: names in any script and spelling, dates of birth, phones, document numbers, e-mails, addresses.
//! An ordinary word that is also somebody's name ("may", "grace", أمل) counts only with a sign that it is meant as one.
//! Deliberately not here: who may override, and the fact that says so (`letters`, `conversation`).
mod addresses;
mod compounds;
mod dates;
mod names;
mod numbers;
mod ordinary;
mod script;
mod store;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use chrono::NaiveDate;

pub use store::{known, names_nobody};

use crate::platform::ids;

/// As long as `R-QXZM-6RVW`.
const CODE: usize = 11;

/// What is known of the people on a case, as written in the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Full names, each script and spelling an entry of its own.
    pub names: Vec<String>,
    pub births: Vec<NaiveDate>,
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
    let words = words::of(text);
    let signs = numbers::signs(text);
    let mut hits = numbers::emails(text, &known.emails);
    hits.extend(numbers::phones(&signs, &known.phones));
    hits.extend(numbers::documents(&signs, &known.documents));
    hits.extend(dates::births(&words, &known.births));
    hits.extend(addresses::find(&words, &known.addresses));
    hits.extend(names::find(&words, &known.names));
    // A code of ours stands for a name and is none, whatever its letters sound like: QXZM is no Kasim.
    let codes = codes(text);
    hits.retain(|hit| !codes.iter().any(|code| code.start <= hit.start && hit.end <= code.end));
    joined(hits, text)
}

fn codes(text: &str) -> Vec<Range<usize>> {
    let (mut codes, mut from) = (Vec::new(), None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_ascii_alphanumeric() || c == '-' {
            from.get_or_insert(at);
        } else if let Some(start) = from.take() {
            let word = &text[start..at];
            let kind = word.chars().next().unwrap_or_default().to_ascii_uppercase();
            if word.len() == CODE && ids::read_code(kind, word).is_some() {
                codes.push(start..at);
            }
        }
    }
    codes
}

/// In order; what overlaps becomes one hit, and so do two names with nothing but a space or a hyphen between them.
fn joined(mut hits: Vec<Hit>, text: &str) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut joined: Vec<Hit> = Vec::new();
    for hit in hits {
        match joined.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            Some(last) if last.kind == Kind::Name && hit.kind == Kind::Name && is_gap(&text[last.end..hit.start]) => {
                last.end = hit.end;
            }
            _ => joined.push(hit),
        }
    }
    joined
}

fn is_gap(between: &str) -> bool {
    between.chars().count() <= 2 && between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}'))
}

/// What was found, as codes for a fact, each once.
pub fn kinds<'a>(hits: impl IntoIterator<Item = &'a Hit>) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = hits.into_iter().map(|hit| hit.kind.code()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// A text in pieces: plain, or marked by the guard.
pub fn marked(text: &str, hits: &[Hit]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for hit in hits {
        let (Some(before), Some(found)) = (text.get(at..hit.start), text.get(hit.start..hit.end)) else { continue };
        pieces.push((before.to_owned(), false));
        pieces.push((found.to_owned(), true));
        at = hit.end;
    }
    pieces.push((text.get(at..).unwrap_or_default().to_owned(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}
