//! What is wrong with a rule, for whoever writes it.
use std::fmt;

use serde::Serialize;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// A stable code, such as `unknown-field`, by which it can be translated and looked up.
    pub code: &'static str,
    /// In which line, from 1.
    pub line: usize,
    /// At which character of that line, from 1.
    pub column: usize,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do about it, in a sentence.
    pub remedy: String,
    /// The same without a sentence, so that it can be said in other languages; empty where there is nothing but words.
    pub instead: Vec<Instead>,
}

/// What could stand there instead, as rules write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// This was likely meant.
    Meant(String),
    /// There are these, separated by commas.
    Known(String),
    /// It is written so.
    Write(String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}: {} {}", self.line, self.column, self.what, self.remedy)
    }
}

impl std::error::Error for Mistake {}

/// From where to where something stands in the text, in bytes.
pub(super) type Span = (usize, usize);

/// A mistake before its line and column are counted.
#[derive(Debug)]
pub(super) struct Wrong {
    at: Span,
    code: &'static str,
    what: String,
    remedy: String,
    instead: Vec<Instead>,
}

impl Wrong {
    pub(super) fn new(at: Span, code: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { at, code, what: what.into(), remedy: remedy.into(), instead: Vec::new() }
    }

    /// It is written so.
    pub(super) fn write(mut self, example: impl Into<String>) -> Self {
        self.instead.push(Instead::Write(example.into()));
        self
    }

    /// This was likely meant, if anything was; there are these.
    pub(super) fn names(mut self, meant: Option<String>, known: impl Into<String>) -> Self {
        self.instead.extend(meant.map(Instead::Meant));
        let known = known.into();
        if !known.is_empty() {
            self.instead.push(Instead::Known(known));
        }
        self
    }

    pub(super) fn placed(self, text: &str) -> Mistake {
        let before = text.get(..self.at.0).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Mistake {
            code: self.code,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: self.what,
            remedy: self.remedy,
            instead: self.instead,
        }
    }
}
