//! What is wrong or unwise in a form, as it is kept beside an edition and told to whoever has to mend it.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xforms::problem::{Problem, Severity};

use crate::platform::lang::Lang;
use crate::platform::text;
use crate::web::Page;

/// More than this is read by nobody; whoever mends the first learns of the others.
pub const MOST_SHOWN: usize = 200;

/// A mistake or a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormProblem)]
pub struct Kept {
    /// The form can't be used as it is.
    #[serde(default)]
    pub mistake: bool,
    /// A stable code.
    pub code: String,
    /// Name of the sheet; empty where the whole file is meant.
    #[serde(default)]
    pub sheet: String,
    /// Row, counted from 1; 0 where the whole sheet is meant.
    #[serde(default)]
    pub row: u32,
    /// Heading of the column; empty where the whole row is meant.
    #[serde(default)]
    pub column: String,
    /// What is wrong, in English.
    pub what: String,
    /// What to do about it, in English.
    #[serde(default)]
    pub remedy: String,
}

impl Kept {
    /// As the engine found it.
    pub fn of(problem: &Problem) -> Self {
        Self {
            mistake: problem.severity == Severity::Mistake,
            code: problem.code.to_owned(),
            sheet: problem.place.sheet.clone(),
            row: problem.place.row,
            column: problem.place.column.clone(),
            what: problem.what.clone(),
            remedy: problem.remedy.clone(),
        }
    }

    /// A mistake of our own about the version of the form.
    pub fn mistake(code: &str, what: &str, remedy: &str) -> Self {
        Self {
            mistake: true,
            code: code.to_owned(),
            sheet: "settings".to_owned(),
            row: 0,
            column: "version".to_owned(),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    /// That a form for devices can't say which case it is about, and need not come before there is one.
    pub fn no_case_asked() -> Self {
        Self {
            mistake: false,
            code: "no-case-asked".to_owned(),
            sheet: String::new(),
            row: 0,
            column: String::new(),
            what: "Filled in on a device, it can't say which case it is about.".to_owned(),
            remedy: "Add a question that chooses from `cases.csv`, or a text question called `case_code`. Without one every copy waits among \
                     the received forms until somebody puts it on a case."
                .to_owned(),
        }
    }

    /// That nobody could be asked anything with it.
    pub fn no_question() -> Self {
        let (what, remedy) = ("The form asks no question.", "Add at least one question to the sheet `survey`.");
        Self { sheet: String::new(), column: String::new(), ..Self::mistake("no-question", what, remedy) }
    }

    /// In one line: where, what, and what to do.
    pub fn line(&self) -> String {
        let row = if self.row == 0 { String::new() } else { format!("row {}", self.row) };
        let column = if self.column.is_empty() { String::new() } else { format!("column {}", self.column) };
        let place = [self.sheet.clone(), row, column].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let place = if place.is_empty() { "the whole file".to_owned() } else { place };
        format!("{place}: {} {}", self.what, self.remedy)
    }

    pub(super) fn place(&self) -> (String, u32, String) {
        (self.sheet.clone(), self.row, self.column.clone())
    }
}

// What an English sentence is about: the names in it, which are the author's own or the format's and need no translation. Those that the
// translated sentence says by itself are not said again.
fn names(english: &str, said: &str) -> Vec<String> {
    let is_of_a_name = |c: char| c.is_alphanumeric() || "_-.:#=${}".contains(c);
    let words: Vec<&str> = said.split(|c: char| !is_of_a_name(c)).map(|word| word.trim_end_matches('.')).collect();
    let names = english.split('`').skip(1).step_by(2).filter(|name| !name.is_empty() && !words.contains(name));
    let mut told: Vec<String> = Vec::new();
    for name in names {
        if !told.iter().any(|one| one == name) {
            told.push(name.to_owned());
        }
    }
    told
}

/// A problem as a row of the page's table.
#[derive(Debug, Clone)]
pub struct Told {
    /// Where: sheet, row and column, empty for what is not meant.
    pub sheet: String,
    pub row: String,
    pub column: String,
    /// What is wrong, in the reader's language.
    pub what: String,
    /// The names that it is about; none where the sentence says them.
    pub names: Vec<String>,
    /// What to do, in the reader's language.
    pub remedy: String,
    /// The names that this speaks of, such as the one that is perhaps meant.
    pub meant: Vec<String>,
    /// It keeps the form from being used.
    pub mistake: bool,
}

/// Problems in the reader's language. The engine speaks English and names names; others read a sentence by code, then the names.
pub fn told(p: &Page, problems: &[Kept]) -> Vec<Told> {
    problems.iter().take(MOST_SHOWN).map(|one| told_one(p, one)).collect()
}

fn told_one(p: &Page, one: &Kept) -> Told {
    let key = format!("form-problem-{}", one.code);
    let translated = p.reader.lang != Lang::En && text::has(p.reader.lang, &key);
    let row = if one.row == 0 { String::new() } else { p.reader.digits(&one.row.to_string()) };
    let ((what, names), (remedy, meant)) = if translated {
        let (what, names) = beside(p.tc("form-problem", &one.code), &one.what);
        let (remedy, mut meant) = beside(p.tc("form-mend", &one.code), &one.remedy);
        meant.retain(|name| !names.contains(name));
        ((what, names), (remedy, meant))
    } else {
        ((quoted(&one.what), Vec::new()), (quoted(&one.remedy), Vec::new()))
    };
    Told { sheet: one.sheet.clone(), row, column: one.column.clone(), what, names, remedy, meant, mistake: one.mistake }
}

// A translated sentence with the names that follow it, before which it has no full stop.
fn beside(said: String, english: &str) -> (String, Vec<String>) {
    let names = names(english, &said);
    let said = if names.is_empty() { said } else { said.trim_end_matches('.').to_owned() };
    (said, names)
}

// The engine marks names as programs do; people read quotes.
fn quoted(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A mark without its other half is what somebody wrote.
    if parts.len().is_multiple_of(2) {
        return text.to_owned();
    }
    let part = |(nth, part): (usize, &&str)| if nth % 2 == 1 { format!("“{part}”") } else { (*part).to_owned() };
    parts.iter().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lang: Lang) -> Page {
        Page::plain(lang, "", chrono::DateTime::UNIX_EPOCH)
    }

    fn unknown_list() -> Kept {
        Kept {
            mistake: true,
            code: "unknown-list".to_owned(),
            sheet: "survey".to_owned(),
            row: 2,
            column: "type".to_owned(),
            what: "There is no list `village`.".to_owned(),
            remedy: "Add its choices to the sheet `choices`.".to_owned(),
        }
    }

    #[test]
    fn each_reader_has_one_language_and_the_names_after_the_sentence() {
        let english = told(&page(Lang::En), &[unknown_list()]);
        assert_eq!((english[0].what.as_str(), english[0].names.len()), ("There is no list “village”.", 0));
        let french = told(&page(Lang::Fr), &[unknown_list()]);
        assert_eq!(french[0].names, ["village"]);
        assert!(french[0].what.contains("liste") && !french[0].what.ends_with('.'), "{french:?}");
        // “choices” stands in the sentence already.
        assert!(french[0].meant.is_empty(), "{french:?}");
        let language = Kept {
            code: "unknown-language".to_owned(),
            what: "No column speaks `Arabisch`.".to_owned(),
            remedy: "Perhaps `Arabic (ar)` is meant.".to_owned(),
            ..unknown_list()
        };
        let arabic = told(&page(Lang::Ar), &[language]);
        assert!(!format!("{} {}", arabic[0].what, arabic[0].remedy).contains("column"), "{arabic:?}");
        assert_eq!(arabic[0].names, ["Arabisch"]);
        assert_eq!(arabic[0].meant, ["Arabic (ar)"]);
        let odd = Kept { code: "of-another-day".to_owned(), ..unknown_list() };
        assert_eq!(told(&page(Lang::Ar), &[odd])[0].what, "There is no list “village”.");
    }

    // The codes that a source file gives to what it finds.
    fn codes(source: &str) -> Vec<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let given = ["mistake(", "warn(", "code: "].into_iter().flat_map(|before| source.split(before).skip(1));
        let code = |rest: &str| {
            let word = rest.trim_start().strip_prefix('"')?.split('"').next()?;
            word.chars().all(|c| c.is_ascii_lowercase() || c == '-').then(|| word.to_owned())
        };
        given.filter_map(code).collect()
    }

    fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(std::fs::read_to_string(&path).expect("a source file"));
            }
        }
    }

    #[test]
    fn every_finding_has_its_sentence_and_what_to_do_in_every_language() {
        let mut found = Vec::new();
        for folder in ["crates/xforms/src", "src/forms/admin"] {
            sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
        }
        let codes: std::collections::BTreeSet<String> = found.iter().flat_map(|source| codes(source)).collect();
        assert!(codes.len() > 80 && codes.contains("unknown-list") && codes.contains("unknown-language"), "{codes:?}");
        let lacks = |key: &str| Lang::ALL.into_iter().any(|lang| !text::has(lang, key));
        let silent = codes.iter().filter(|code| lacks(&format!("form-problem-{code}")) || lacks(&format!("form-mend-{code}")));
        assert_eq!(silent.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
