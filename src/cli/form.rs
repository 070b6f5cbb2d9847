//! `throughcare form check`.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::forms::admin::{Kept, Looked, Media, Sent, look};

/// Lists longer than this are none that a form can bring.
const LONGEST_LIST: u64 = 5 * 1024 * 1024;

#[derive(Debug, clap::Subcommand)]
pub enum FormCommand {
    /// Name every mistake in a form's file, with sheet, row, column and remedy, as an upload would. The exit code is 1 where the form can't be
    /// used. Files that it calls for are looked for beside it, and in the folder of its name that ends in `-media`.
    Check {
        /// An XLSForm as .xlsx, .xls or .csv, or an XForm as .xml.
        file: PathBuf,
        /// Whom it asks: what a household may not be asked together is a mistake then; without this it is a warning.
        #[arg(long)]
        about: Option<About>,
    },
}

/// Whom a form asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum About {
    /// A household together.
    Household,
    /// One person alone.
    Person,
}

/// Runs it.
pub fn run(command: &FormCommand) -> anyhow::Result<ExitCode> {
    let FormCommand::Check { file, about } = command;
    let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    let (told, right) = check(file, bytes, *about);
    print!("{told}");
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

// What is printed, and whether the form can be used.
fn check(path: &Path, bytes: Vec<u8>, about: Option<About>) -> (String, bool) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Looked { form, problems, alone } = look(&Sent { name, bytes, media: beside(path) });
    let alone = alone.into_iter().filter(|_| about != Some(About::Person));
    let alone = alone.map(|one| Kept { mistake: about == Some(About::Household), ..one });
    let mut problems: Vec<Kept> = problems.into_iter().chain(alone).collect();
    problems.sort_by_key(|problem| !problem.mistake);
    let mut told = String::new();
    for problem in &problems {
        let severity = if problem.mistake { "mistake" } else { "warning" };
        told.push_str(&format!("{severity}: {}\n", problem.line()));
    }
    let mistakes = problems.iter().filter(|problem| problem.mistake).count();
    let warnings = problems.len() - mistakes;
    match form.filter(|_| mistakes == 0) {
        Some(form) => {
            let languages: Vec<&str> = form.languages.iter().map(|language| language.name.as_str()).collect();
            let (id, questions, languages) = (&form.id, form.shown_questions(), languages.join(", "));
            told.push_str(&format!("The form {id} can be used: {questions} questions in {languages}; {warnings} warnings.\n"));
            (told, true)
        }
        None => {
            told.push_str(&format!("The form can't be used: {mistakes} mistakes, {warnings} warnings.\n"));
            (told, false)
        }
    }
}

// Lists with what stands in them; of pictures and sounds it is enough that they are there.
fn beside(path: &Path) -> Vec<Media> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folders = [folder.join(format!("{stem}-media")), folder];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let media = files.filter_map(|entry| {
        let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_list = [".csv", ".xml", ".geojson"].iter().any(|end| name.ends_with(end)) && about.len() <= LONGEST_LIST;
        let bytes = if is_list && entry.path() != path { std::fs::read(entry.path()).ok()? } else { Vec::new() };
        // The server writes this one; whatever lies here is a trial of the author's.
        (name != "cases.csv").then_some(Media { name, media_type: "", bytes })
    });
    media.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_sheet_row_column_and_remedy() {
        let (told, right) =
            check(Path::new("visit.csv"), b"survey,type,name,label\n,integr,age,Age\nsettings,form_id\n,visit\n".to_vec(), None);
        assert!(!right);
        let first = told.lines().next().unwrap_or_default();
        assert!(first.starts_with("mistake: survey, row 2, column type: "), "{told}");
        assert!(first.ends_with("Perhaps `integer` is meant."), "{told}");
    }

    #[test]
    fn a_right_form_is_told_in_one_line() {
        let (told, right) = check(
            Path::new("visit.csv"),
            b"survey,type,name,label\n,integer,age,Age\nsettings,form_id,version\n,visit,1\n".to_vec(),
            None,
        );
        assert!(right && told == "The form visit can be used: 1 questions in default; 0 warnings.\n", "{told}");
    }

    #[test]
    fn circles_missing_files_and_what_a_household_is_not_asked_are_told_as_an_upload_tells_them() {
        let text =
            b"survey,type,name,label,calculation\n,calculate,a,,${b} + 1\n,calculate,b,,${a} + 1\nsettings,form_id\n,visit\n";
        let (told, right) = check(Path::new("nowhere/visit.csv"), text.to_vec(), None);
        assert!(!right && told.contains("circle"), "{told}");
        let text = b"survey,type,name,label\n,text,a,Does your husband beat you?\n,select_one_from_file towns.csv,b,Where?\nsettings,form_id\n,visit\n";
        let (told, right) = check(Path::new("nowhere/visit.csv"), text.to_vec(), None);
        assert!(
            right && told.contains("warning: survey, row 2, column label: A household would be asked `a` (`beat`)"),
            "{told}"
        );
        assert!(told.contains("towns.csv"), "{told}");
        assert!(!check(Path::new("nowhere/visit.csv"), text.to_vec(), Some(About::Household)).1);
        assert!(!check(Path::new("nowhere/visit.csv"), text.to_vec(), Some(About::Person)).0.contains("beat"));
    }
}
