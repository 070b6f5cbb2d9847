//! What is unwise about a form as a whole, and whether its expressions can be read.
use std::collections::HashSet;

use crate::form::{Form, Place, SecondarySource};

use super::lists::ListDraft;
use super::settings::Found;
use super::sheet::{Table, Workbook};
use super::texts::Languages;
use crate::findings::{Findings, nearest, sheet};

/// Sheets that are missing, or misspelled.
pub(super) fn sheets(workbook: &Workbook, findings: &mut Findings) {
    const KNOWN: &[&str] = &["survey", "choices", "settings", "entities", "external_choices"];
    if workbook.sheet("survey").is_none() {
        let near = workbook.sheets.iter().map(|sheet| sheet.name.as_str());
        let remedy = nearest("survey", near).map_or_else(
            || "Add a sheet named `survey` with the columns `type`, `name` and `label`.".to_owned(),
            |close| format!("Rename the sheet `{close}` to `survey`."),
        );
        findings.mistake("no-survey", sheet("survey"), "The workbook has no sheet `survey`.", remedy);
    }
    for known in &KNOWN[1..] {
        let missing = workbook.sheet(known).is_none();
        let others =
            workbook.sheets.iter().map(|sheet| sheet.name.as_str()).filter(|name| !KNOWN.contains(&name.to_lowercase().as_str()));
        if let Some(close) = nearest(known, others.filter(|name| !name.starts_with('_')))
            && missing
        {
            findings.warn(
                "sheet-ignored",
                sheet(close),
                format!("The sheet `{close}` is ignored."),
                format!("Perhaps `{known}` is meant."),
            );
        }
    }
}

/// Columns of the survey that are missing or not known.
pub(super) fn columns(name: &str, table: &Table, findings: &mut Findings) {
    let at = |column: &str| Place { sheet: name.to_owned(), row: table.heading, column: column.to_owned() };
    for needed in ["type", "name"] {
        if !table.has(needed) {
            findings.mistake("missing-column", at(needed), format!("The column `{needed}` is missing."), "Add it.");
        }
    }
    const OURS: &[&str] = &[
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "relevant",
        "constraint",
        "constraint_message",
        "required",
        "required_message",
        "calculation",
        "appearance",
        "parameters",
        "choice_filter",
        "repeat_count",
        "trigger",
        "default",
        "read_only",
        "save_to",
    ];
    for column in table.columns.iter().filter(|column| !column.known && !column.heading.is_empty()) {
        let base = column.heading.split(':').next().unwrap_or_default().trim().to_lowercase().replace(' ', "_");
        if let Some(close) = nearest(&base, OURS.iter().copied()) {
            let what = format!("The column `{}` is not known and is ignored.", column.heading);
            findings.warn("unknown-column", at(&column.heading), what, format!("Perhaps `{close}` is meant."));
        }
    }
    let mut seen: Vec<(&str, Option<&str>)> = Vec::new();
    for column in table.columns.iter().filter(|column| !column.key.is_empty()) {
        let identity = (column.key.as_str(), column.language.as_deref());
        if seen.contains(&identity) {
            let what = format!("The column `{}` says the same as another one.", column.heading);
            findings.mistake("column-twice", at(&column.heading), what, "Keep one of them.");
        }
        seen.push(identity);
    }
}

/// Languages that a column speaks and another does not.
pub(super) fn translations(name: &str, table: &Table, findings: &mut Findings) {
    const KEYS: &[&str] =
        &["label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video"];
    let languages: Vec<&str> = distinct(table.columns.iter().filter_map(|column| column.language.as_deref()));
    if languages.is_empty() {
        return;
    }
    // A column that stands empty says nothing in any language.
    let says = |key: &str| table.records.iter().any(|record| record.all(key).any(|cell| !cell.text.trim().is_empty()));
    for key in KEYS.iter().filter(|key| says(key)) {
        let spoken: Vec<&str> =
            table.columns.iter().filter(|column| column.key == *key).filter_map(|column| column.language.as_deref()).collect();
        for language in languages.iter().filter(|language| !spoken.contains(language)) {
            let place = Place { sheet: name.to_owned(), row: table.heading, column: format!("{key}::{language}") };
            let what = format!("The language {language} has no column `{key}`.");
            findings.warn("missing-translation", place, what, format!("Add a column `{key}::{language}`."));
        }
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.fold(Vec::new(), |mut all, name| {
        if !all.contains(&name) {
            all.push(name);
        }
        all
    })
}

/// Settings that name what is not there.
pub(super) fn settings(found: &Found, languages: &Languages, findings: &mut Findings) {
    if let Some(language) = &found.default_language
        && languages.names.iter().any(|name| name != "default")
        && !languages.names.contains(language)
    {
        let place = found.record.place("default_language");
        let remedy = nearest(language, languages.names.iter().map(String::as_str)).map_or_else(
            || "Write it exactly as after `::` in the headings.".to_owned(),
            |close| format!("Perhaps `{close}` is meant."),
        );
        findings.warn("unknown-language", place, format!("No column speaks `{language}`."), remedy);
    }
    if !found.settings.public_key.is_empty() && found.record.get("omit_instanceid").is_some_and(super::settings::is_yes) {
        let remedy = "Take `omit_instanceID` out.";
        findings.mistake(
            "no-instance-id",
            found.record.place("omit_instanceid"),
            "An encrypted form needs its instance ids.",
            remedy,
        );
    }
    if found.record.get("form_id").is_none() {
        let what = "The form has no `form_id`; the name of the file stands in.";
        findings.warn(
            "no-form-id",
            sheet("settings"),
            what,
            "Fill in `form_id` on the sheet `settings`: it must stay the same in all versions.",
        );
    }
}

/// Lists that no question uses.
pub(super) fn unused_lists(lists: &[ListDraft], form: &Form, findings: &mut Findings) {
    // Whatever stands between quotes may be the name of a list; so may the value of a parameter.
    let mut mentioned: HashSet<String> = HashSet::new();
    form.each_expression(&mut |expression| mentioned.extend(expression.text.split(['\'', '"']).map(str::to_owned)));
    form.walk(&mut |node| mentioned.extend(node.parameters.iter().map(|(_, value)| value.clone())));
    for list in lists.iter().filter(|list| !list.used && !mentioned.contains(&list.name)) {
        let place = list.records.first().map(|record| record.place("list_name")).unwrap_or_default();
        findings.warn("unused-list", place, format!("No question uses the list `{}`.", list.name), "Take it out, or use it.");
    }
}

/// Files that are not beside the form.
pub(super) fn files(form: &Form, findings: &mut Findings) {
    for secondary in &form.secondary {
        if let SecondarySource::File(source) = &secondary.source
            && source.matches('/').count() > 3
        {
            let what = format!("`{source}` is no file beside the form.");
            findings.mistake("bad-file", sheet("survey"), what, "Name the file without folders.");
        }
    }
}
