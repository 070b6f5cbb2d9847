//! `throughcare form check`.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use xforms::file;
use xforms::problem::Severity;

#[derive(Debug, clap::Subcommand)]
pub enum FormCommand {
    /// Name every mistake in a form's file, with sheet, row, column and remedy. The exit code is 1 where the form can't be used.
    Check {
        /// An XLSForm as .xlsx, .xls or .csv, or an XForm as .xml.
        file: PathBuf,
    },
}

/// Runs it.
pub fn run(command: &FormCommand) -> anyhow::Result<ExitCode> {
    let FormCommand::Check { file } = command;
    let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    let (told, right) = check(file, &bytes);
    print!("{told}");
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

// What is printed, and whether the form can be used.
fn check(path: &Path, bytes: &[u8]) -> (String, bool) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file::Outcome { form, problems } = file::read(&name, bytes);
    let mut told = String::new();
    for problem in &problems {
        let severity = if problem.severity == Severity::Mistake { "mistake" } else { "warning" };
        told.push_str(&format!("{severity}: {problem}\n"));
    }
    let mistakes = problems.iter().filter(|problem| problem.severity == Severity::Mistake).count();
    let warnings = problems.len() - mistakes;
    match &form {
        Some(form) => {
            let languages: Vec<&str> = form.languages.iter().map(|language| language.name.as_str()).collect();
            told.push_str(&format!(
                "The form {} can be used: {} questions in {}; {warnings} warnings.\n",
                form.id,
                form.shown_questions(),
                languages.join(", ")
            ));
        }
        None => told.push_str(&format!("The form can't be used: {mistakes} mistakes, {warnings} warnings.\n")),
    }
    (told, form.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_sheet_row_column_and_remedy() {
        let (told, right) = check(Path::new("visit.csv"), b"survey,type,name,label\n,integr,age,Age\nsettings,form_id\n,visit\n");
        assert!(!right);
        let first = told.lines().next().unwrap_or_default();
        assert!(first.starts_with("mistake: survey, row 2, column type: "), "{told}");
        assert!(first.ends_with("Perhaps `integer` is meant."), "{told}");
    }

    #[test]
    fn a_right_form_is_told_in_one_line() {
        let (told, right) =
            check(Path::new("visit.csv"), b"survey,type,name,label\n,integer,age,Age\nsettings,form_id,version\n,visit,1\n");
        assert!(right && told == "The form visit can be used: 1 questions in default; 0 warnings.\n", "{told}");
    }
}
