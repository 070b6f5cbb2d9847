//! What lies beside a `pack.toml` in the folders `forms` and `rules`, read together: rules know fields, fields know forms.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::check;
use super::forms::{self, Opened, PackForm};
use super::mistake::Mistake;
use super::pack::Pack;
use super::page::Page;
use super::rules::{self, PackField, PackRule, PackScore};

/// A file with its path and what is in it.
pub type Beside = (PathBuf, Vec<u8>);

/// The files of both folders in the pack's folder.
pub fn gather(dir: &Path) -> Result<Vec<Beside>, Vec<Mistake>> {
    let mut files = Vec::new();
    let mut unread = Vec::new();
    for folder in ["forms", "rules"] {
        let entries = std::fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        paths.sort();
        for path in paths {
            match std::fs::read(&path) {
                Ok(bytes) => files.push((path, bytes)),
                Err(error) => unread.push(whole(&path, format!("It can't be read: {error}"), "Check who may read it")),
            }
        }
    }
    if unread.is_empty() { Ok(files) } else { Err(unread) }
}

/// The pack with its forms, fields, rules and scores, or every mistake in them.
pub fn complete(dir: &Path, pack: Pack, files: &[Beside]) -> Result<Pack, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let opened = open_forms(dir, &pack, files, &mut mistakes);
    let codes: Vec<&str> = opened.iter().map(|form| form.listed.code.as_str()).collect();
    let read = Reading { pack: &pack, forms: &codes, mistakes: &mut mistakes };
    let (fields, ruled, scores) = read.rules(dir, files, &opened);
    // With a form left out, whoever refers to it would be told wrong things.
    if mistakes.is_empty() {
        let forms = opened.into_iter().map(|form| form.listed).collect();
        return Ok(Pack { forms, fields, rules: ruled, scores, ..pack });
    }
    mistakes.sort();
    Err(mistakes)
}

fn open_forms(dir: &Path, pack: &Pack, files: &[Beside], mistakes: &mut Vec<Mistake>) -> Vec<Opened> {
    let folder = dir.join("forms");
    let mut opened: Vec<Opened> = Vec::new();
    for listed in &pack.forms {
        let path = folder.join(&listed.file);
        let Some((_, source)) = files.iter().find(|(file, _)| *file == path) else {
            mistakes.push(whole(&path, "The pack names this form, and the file is not there", "Add it, or take it out of `[[forms]]`"));
            continue;
        };
        match forms::open(&path, listed, source) {
            Ok(form) => {
                if opened.iter().any(|other| other.listed.code == form.listed.code) {
                    let what = format!("Another form of the pack has the id `{}` too", form.listed.code);
                    mistakes.push(whole(&path, what, "Give it another `form_id` in its settings"));
                }
                check::forms::texts(&path, &form, mistakes);
                opened.push(form);
            }
            Err(found) => mistakes.extend(found),
        }
    }
    for (path, _) in files.iter().filter(|(path, _)| path.parent() == Some(&folder)) {
        let named = |form: &PackForm| path.file_name().is_some_and(|name| *name == *form.file);
        if !pack.forms.iter().any(named) {
            mistakes.push(whole(path, "No entry of `[[forms]]` names this file", "Add one to `pack.toml`, or take the file out"));
        }
    }
    opened
}

struct Reading<'r> {
    pack: &'r Pack,
    forms: &'r [&'r str],
    mistakes: &'r mut Vec<Mistake>,
}

impl Reading<'_> {
    fn rules(mut self, dir: &Path, files: &[Beside], opened: &[Opened]) -> (Vec<PackField>, Vec<PackRule>, Vec<PackScore>) {
        let folder = dir.join("rules");
        let here: Vec<&Beside> = files.iter().filter(|(path, _)| path.parent() == Some(&folder)).collect();
        let texts: Vec<(&Path, &str)> = here
            .into_iter()
            .filter_map(|(path, bytes)| match std::str::from_utf8(bytes) {
                Ok(text) => Some((path.as_path(), text)),
                Err(_) => {
                    self.mistakes.push(whole(path, "It is not UTF-8", "Save it as UTF-8"));
                    None
                }
            })
            .collect();
        let text_of = |name: String| {
            let path = folder.join(name);
            texts.iter().find(|(file, _)| *file == path).map(|(file, text)| (*file, *text))
        };
        let fields = text_of("fields.toml".to_owned()).and_then(|(file, text)| {
            let checked = |fields: &Vec<PackField>, page: &mut Page<'_>| check::fields::all(fields, opened, page);
            self.page(file, text, rules::fields, checked)
        });
        // Without the fields every name in a rule would be unknown.
        let Some(fields) = fields.or_else(|| text_of("fields.toml".to_owned()).is_none().then(Vec::new)) else {
            return (Vec::new(), Vec::new(), Vec::new());
        };
        let fields = check::fields::with_choices(fields, opened);
        let known = check::rules::Known::of(&fields);
        let scores = text_of("scores.toml".to_owned()).and_then(|(file, text)| {
            let checked = |scores: &Vec<PackScore>, page: &mut Page<'_>| check::rules::scores(scores, &known, page);
            self.page(file, text, rules::scores, checked)
        });
        let mut ruled = Vec::new();
        for name in self.names(&texts) {
            let (Some((file, toml)), Some((cel, text))) = (text_of(format!("{name}.toml")), text_of(format!("{name}.cel"))) else {
                continue;
            };
            let compiled = known.compile(cel, text, self.mistakes);
            let checked = |rule: &PackRule, page: &mut Page<'_>| check::rules::tests(rule, compiled.as_ref(), &known, page);
            ruled.extend(self.page(file, toml, |entry| rules::rule(entry, &name, text), checked));
        }
        (fields, ruled, scores.unwrap_or_default())
    }

    // The names of rules; each has two files.
    fn names(&mut self, texts: &[(&Path, &str)]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (path, _) in texts {
            let (Some(stem), Some(end)) = (path.file_stem(), path.extension()) else { continue };
            let stem = stem.to_string_lossy().into_owned();
            let other = match end.to_str() {
                Some("toml") if stem != "fields" && stem != "scores" => "cel",
                Some("cel") => "toml",
                _ => continue,
            };
            let beside = path.with_extension(other);
            if !texts.iter().any(|(file, _)| *file == beside) {
                let what = if other == "cel" { "The rule has no expression" } else { "The rule names no service and has no tests" };
                self.mistakes.push(whole(path, what, format!("Add the file `{stem}.{other}` beside it")));
            }
            names.insert(stem);
        }
        names
    }

    fn page<T>(
        &mut self,
        file: &Path,
        text: &str,
        read: impl FnOnce(&mut super::entry::Entry<'_, '_>) -> T,
        check: impl FnOnce(&T, &mut Page<'_>),
    ) -> Option<T> {
        let mut page = Page::new(file, text);
        page.know("form", self.forms);
        let levels: Vec<&str> = self.pack.risk_levels.iter().map(|level| level.code.as_str()).collect();
        page.know("risk level", &levels);
        let read = page.whole(read);
        if let Some(read) = &read {
            check(read, &mut page);
        }
        let found = page.into_mistakes();
        let right = found.is_empty();
        self.mistakes.extend(found);
        read.filter(|_| right)
    }
}

fn whole(file: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Mistake {
    Mistake { file: file.to_owned(), line: 1, column: None, what: what.into(), remedy: remedy.into() }
}
