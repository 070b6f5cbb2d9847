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

    // What it is about: the names in the engine's sentence, which are the author's own and need no translation.
    fn names(&self) -> Vec<&str> {
        self.what.split('`').skip(1).step_by(2).filter(|name| !name.is_empty()).collect()
    }
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
    /// The names that it is about; empty where the sentence says them.
    pub names: String,
    /// What to do, in the reader's language.
    pub remedy: String,
    /// The engine's own words, for readers of another language than its.
    pub detail: String,
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
    let (what, remedy) = if translated {
        (p.tc("form-problem", &one.code), p.tc("form-mend", &one.code))
    } else {
        (quoted(&one.what), quoted(&one.remedy))
    };
    Told {
        sheet: one.sheet.clone(),
        row,
        column: one.column.clone(),
        what,
        names: if translated { one.names().join(", ") } else { String::new() },
        remedy,
        detail: if translated { quoted(format!("{} {}", one.what, one.remedy).trim()) } else { String::new() },
        mistake: one.mistake,
    }
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
    fn english_readers_have_the_engines_words_and_others_a_sentence_with_the_names_and_those_words_beside() {
        let english = told(&page(Lang::En), &[unknown_list()]);
        assert_eq!((english[0].what.as_str(), english[0].detail.as_str()), ("There is no list “village”.", ""));
        let french = told(&page(Lang::Fr), &[unknown_list()]);
        assert_eq!(french[0].names, "village");
        assert!(french[0].what.contains("liste") && french[0].detail.contains("There is no list"), "{french:?}");
        let odd = Kept { code: "of-another-day".to_owned(), ..unknown_list() };
        assert_eq!(told(&page(Lang::Ar), &[odd])[0].what, "There is no list “village”.");
    }

    #[test]
    fn every_sentence_stands_beside_what_to_do() {
        for code in COMMON {
            for lang in Lang::ALL {
                assert!(
                    text::has(lang, &format!("form-problem-{code}")) && text::has(lang, &format!("form-mend-{code}")),
                    "{lang} {code}"
                );
            }
        }
    }

    // What authors meet most often.
    const COMMON: &[&str] = &[
        "unknown-list",
        "unknown-reference",
        "unknown-type",
        "no-name",
        "no-type",
        "no-label",
        "bad-name",
        "duplicate-name",
        "missing-column",
        "wrong-end",
        "unclosed-section",
        "no-choice-name",
        "duplicate-choice",
        "no-choice-label",
        "no-survey",
        "expression",
        "circle",
        "broken-reference",
        "unknown-instance",
        "path-nowhere",
        "file-missing",
        "missing-translation",
        "unused-list",
        "sheet-ignored",
        "unknown-column",
        "column-twice",
        "no-list-name",
        "space-in-choice",
        "reserved-name",
        "no-calculation",
        "no-form-id",
        "not-xml",
        "not-an-xform",
        "unreadable",
        "asked-alone",
        "too-large",
        "same-version",
        "no-case-asked",
        "no-question",
        "bad-pattern",
        "area-of-text",
        "bad-default",
        "no-rule",
        "filter-column",
        "falling-range",
        "media-missing",
        "cases-given",
        "list-column",
        "file-unused",
    ];
}
