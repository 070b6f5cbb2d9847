//! Finding the files of an import, within bounds.
use std::fs;
use std::io;
use std::path::Path;

use super::rows::Gathered;
use super::{json, tabular};

/// Most bytes of one file and of all files together.
const LARGEST_FILE: u64 = 32 << 20;
const LARGEST_IMPORT: u64 = 256 << 20;
/// Most files of one import, and how deep folders may lie in one another.
const MOST_FILES: usize = 2_000;
const DEEPEST: usize = 4;

/// Gathers the rows of a file, or of all files below a folder in the order of their names.
pub(super) fn gather(path: &Path, gathered: &mut Gathered) -> io::Result<()> {
    let mut names = Vec::new();
    let root = if fs::metadata(path)?.is_dir() {
        walk(path, "", DEEPEST, &mut names)?;
        path
    } else {
        names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        path.parent().unwrap_or(Path::new(""))
    };
    names.sort();
    if names.len() > MOST_FILES {
        gathered.refuse_file(
            &names[MOST_FILES],
            format!("There are more than {MOST_FILES} files; this and later ones were not read."),
        );
        names.truncate(MOST_FILES);
    }
    read_all(root, &names, gathered)
}

fn read_all(root: &Path, names: &[String], gathered: &mut Gathered) -> io::Result<()> {
    let mut packages = tabular::Packages::default();
    let mut pages = json::Pages::default();
    let mut total = 0;
    let is_package = |name: &&String| name.rsplit('/').next() == Some("datapackage.json");
    let (described, plain): (Vec<&String>, Vec<&String>) = names.iter().partition(is_package);
    for name in described.iter().chain(&plain) {
        let path = root.join(name);
        let size = fs::metadata(&path)?.len();
        total += size;
        if size > LARGEST_FILE || total > LARGEST_IMPORT {
            gathered.refuse_file(name, format!("The file, or all files together, are too large ({size} bytes)."));
            continue;
        }
        let bytes = fs::read(&path)?;
        match name {
            _ if is_package(name) => packages.describe(name, &bytes, gathered),
            _ if ends_with(name, ".csv") => tabular::read(name, &packages, &bytes, gathered),
            _ => json::read(name, &bytes, &mut pages, gathered),
        }
    }
    pages.report_gaps(gathered);
    Ok(())
}

/// Symbolic links are not followed: an import must not reach files that its author could not.
fn walk(folder: &Path, below: &str, deeper: usize, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if entry.file_name().to_string_lossy().starts_with('.') || names.len() > MOST_FILES {
            continue;
        }
        if kind.is_dir() && deeper > 0 {
            walk(&entry.path(), &format!("{name}/"), deeper - 1, names)?;
        } else if kind.is_file() && (ends_with(&name, ".json") || ends_with(&name, ".csv")) {
            names.push(name);
        }
    }
    Ok(())
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}
