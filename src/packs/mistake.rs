//! What is wrong with a pack, where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One mistake in a pack, told so that who wrote the pack can mend it without a programmer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, as the reader was given it.
    pub file: PathBuf,
    /// The line, counted from 1; 1 when the whole file is meant.
    pub line: usize,
    /// The column in characters, counted from 1, where one is known.
    pub column: Option<usize>,
    /// What is wrong, as a sentence without its full stop.
    pub what: String,
    /// What to write instead, as a sentence without its full stop.
    pub remedy: String,
}

impl Mistake {
    /// One that is about the whole file.
    pub fn of_file(file: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, column: None, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.file.display(), self.line);
        write!(out, "{file}:{line}: {}. {}", self.what, self.remedy)
    }
}

impl std::error::Error for Mistake {}
