//! The forms of a pack: XLSForm or XForm files in its folder `forms`, each with the cases that it is for.
use std::path::Path;

use serde::{Deserialize, Serialize};
use xforms::form::Form;
use xforms::problem::{Problem, Severity};
use xforms::session::Plan;
use xforms::{file, sense};

use super::entry::Entry;
use super::mistake::Mistake;
use super::words::{Word, vocabulary};

/// One entry of `[[forms]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackForm {
    /// Its file below the folder `forms`.
    pub file: String,
    /// Its id as an XForm, the same in every edition.
    pub code: String,
    /// Its name for people, in the form's first language.
    pub title: String,
    /// Codes of the case types in whose cases it is filled.
    pub case_types: Vec<String>,
    /// Who answers.
    pub subject: FormSubject,
    /// Whether a filled copy may open a new case.
    pub intake: bool,
    /// Whether it may be filled without a network.
    pub offline: bool,
    /// Questions and choices whose words give something away, and why a household may be asked them together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewed: Vec<Reviewed>,
    /// The file as its author wrote it. It is kept with the form's editions, not with the pack.
    #[serde(skip)]
    pub source: Vec<u8>,
}

/// Somebody looked at a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Its name in the form.
    pub question: String,
    /// Why it may be asked.
    pub reason: String,
}

vocabulary! {
    /// Who answers a form.
    FormSubject {
        /// The household together; nothing is asked that one may only say alone (S12).
        Household = "household",
        /// One person alone.
        Person = "person",
    }
}

/// A form of the pack as its file says it.
pub(super) struct Opened {
    /// What `[[forms]]` says of it.
    pub listed: PackForm,
    /// The questions.
    pub form: Form,
}

/// One entry of `[[forms]]`; id, title and source come with the file.
pub(super) fn form(entry: &mut Entry<'_, '_>) -> PackForm {
    PackForm {
        file: entry.text("file").map(|(file, _)| file).unwrap_or_default(),
        code: String::new(),
        title: String::new(),
        case_types: entry.mentions("case_types", "case type"),
        subject: entry.word("subject"),
        intake: entry.flag("intake"),
        offline: entry.flag("offline"),
        reviewed: entry.each_maybe("reviewed", |one| Reviewed {
            question: one.text("question").map(|(name, _)| name).unwrap_or_default(),
            reason: one.text("reason").map(|(reason, _)| reason).unwrap_or_default(),
        }),
        source: Vec::new(),
    }
}

/// Reads the file of a form, or tells every mistake in it.
pub(super) fn open(path: &Path, listed: &PackForm, source: &[u8]) -> Result<Opened, Vec<Mistake>> {
    let file::Outcome { form, mut problems, .. } = file::read(&listed.file, source);
    if let Some(form) = &form {
        problems.extend(senseless(form));
    }
    let right = problems.iter().all(|problem| problem.severity != Severity::Mistake);
    match form.filter(|_| right) {
        Some(form) => {
            let (code, title) = (form.id.clone(), form.title.clone());
            Ok(Opened { listed: PackForm { code, title, source: source.to_owned(), ..listed.clone() }, form })
        }
        None => Err(problems
            .iter()
            .filter(|problem| problem.severity == Severity::Mistake)
            .map(|problem| mistake(path, problem))
            .collect()),
    }
}

// What only filling it in would find, as an upload of it would.
fn senseless(form: &Form) -> Vec<Problem> {
    let none = |_: &str| None;
    let circles = Plan::new(form.clone(), &none).err().unwrap_or_default();
    circles.into_iter().chain(sense::problems(form, &none, &|_| true)).collect()
}

// In CSV a row is a line of the file, unless a cell above it spans several.
fn mistake(file: &Path, problem: &Problem) -> Mistake {
    let told = problem.to_string();
    let remedy = problem.remedy.trim_end_matches('.').to_owned();
    let what = told.strip_suffix(problem.remedy.as_str()).unwrap_or(&told).trim().trim_end_matches('.').to_owned();
    Mistake { file: file.to_owned(), line: line(problem.place.row), column: None, what, remedy }
}

/// The line of a row; the first where the whole sheet is meant.
pub(super) fn line(row: u32) -> usize {
    usize::try_from(row).unwrap_or(1).max(1)
}
