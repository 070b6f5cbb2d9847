//! A form in whatever file its author has: a spreadsheet, CSV or XForm XML, known by what is in it.
use crate::findings::Findings;
use crate::form::{Form, Place};
use crate::problem::Problem;
use crate::xform;
use crate::xlsform::{self, CsvError, Workbook, WorkbookError};

/// What came of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The form, if there is no mistake.
    pub form: Option<Form>,
    /// With a mistake in a table: the form as far as it was understood, for whoever looks for more of them.
    pub sketch: Option<Form>,
    /// Mistakes first, then warnings.
    pub problems: Vec<Problem>,
}

/// Reads a form; `name` is the file's name, which stands in for the id of a form whose author gave none.
pub fn read(name: &str, bytes: &[u8]) -> Outcome {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let begins = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if begins.starts_with(b"<") {
        return match std::str::from_utf8(bytes) {
            Ok(xml) => {
                let xform::Outcome { form, problems } = xform::read(xml);
                Outcome { form, sketch: None, problems }
            }
            Err(_) => refused(name, &CsvError::NotText.to_string()),
        };
    }
    let workbook = match Workbook::open(bytes) {
        Ok(workbook) => Ok(workbook),
        // Text has no such bytes: a workbook that lost its beginning, or no workbook.
        Err(error @ WorkbookError::NotASpreadsheet) if bytes.contains(&0) => Err(error.to_string()),
        // Nothing in a CSV file says that it is one.
        Err(error @ WorkbookError::NotASpreadsheet) => match Workbook::from_csv(bytes) {
            // A text that is no form, under the name of a workbook, is not told to lack a sheet.
            Ok(workbook) if workbook.sheet("survey").is_none() && is_called_a_workbook(name) => Err(error.to_string()),
            read => read.map_err(|error| error.to_string()),
        },
        Err(error) => Err(error.to_string()),
    };
    match workbook {
        Ok(workbook) => {
            let xlsform::Outcome { form, sketch, problems } = xlsform::read(&workbook, stem);
            Outcome { form, sketch, problems }
        }
        Err(why) => refused(name, &why),
    }
}

fn is_called_a_workbook(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("xlsx" | "xls"))
}

// What is wrong and what to do about it stand in two sentences.
fn refused(name: &str, why: &str) -> Outcome {
    let (what, remedy) = why.split_once(". ").map_or((why, ""), |(what, remedy)| (what, remedy));
    let mut findings = Findings::default();
    let place = Place { sheet: name.to_owned(), row: 0, column: String::new() };
    findings.mistake("unreadable", place, format!("{}.", what.trim_end_matches('.')), remedy);
    Outcome { problems: findings.finish(), ..Outcome::default() }
}
