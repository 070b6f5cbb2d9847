//! The sheet `settings`: one row for the whole form.
use crate::form::{Place, Settings};

use super::headings;
use super::sheet::{Cleaning, Record, Table, Workbook};
use crate::findings::{self, Findings, nearest};

/// What the sheet says, before languages and names are known.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub record: Record,
    pub settings: Settings,
    pub form_id: String,
    pub title: String,
    pub version: String,
    pub root: String,
    pub default_language: Option<String>,
    pub allow_duplicates: bool,
    pub cleaning: Option<Cleaning>,
}

/// Reads the sheet, if there is one; `fallback` names a form whose author gave no id.
pub(super) fn read(workbook: &Workbook, fallback: &str, findings: &mut Findings) -> Found {
    let record = match workbook.sheet("settings") {
        Some(sheet) => {
            let mut table = sheet.table(headings::Kind::Settings, Cleaning::Quotes);
            check(&sheet.name, &table, findings);
            if table.records.is_empty() { Record::default() } else { table.records.swap_remove(0) }
        }
        None => Record::default(),
    };
    let text = |key: &str| record.get(key).unwrap_or_default().to_owned();
    let form_id = record.get("form_id").unwrap_or(fallback).to_owned();
    let root = record.get("name").unwrap_or("data").to_owned();
    if !crate::xml::is_name(&root) || root.contains(':') {
        let what = format!("`{root}` can't be the name of the form's root.");
        findings.mistake(
            "bad-name",
            record.place("name"),
            what,
            "Leave the column `name` blank, or use letters, digits and `_`.",
        );
    }
    Found {
        settings: Settings {
            style: text("style"),
            public_key: text("public_key"),
            submission_url: text("submission_url"),
            auto_send: text("auto_send"),
            auto_delete: text("auto_delete"),
            namespaces: namespaces(record.get("namespaces").unwrap_or_default(), &record.place("namespaces"), findings),
            client_editable: if is_yes(&text("client_editable")) { "true".to_owned() } else { String::new() },
        },
        title: record.get("form_title").unwrap_or(&form_id).to_owned(),
        version: text("version"),
        default_language: record.get("default_language").map(str::to_owned),
        allow_duplicates: is_yes(&text("allow_choice_duplicates")),
        cleaning: (record.get("clean_text_values").is_some_and(is_no)).then_some(Cleaning::Quotes),
        form_id,
        root,
        record,
    }
}

fn check(sheet: &str, table: &Table, findings: &mut Findings) {
    const OURS: &[&str] =
        &["form_title", "form_id", "version", "instance_name", "default_language", "style", "public_key", "submission_url"];
    for column in table.columns.iter().filter(|column| !column.known && !column.heading.is_empty()) {
        // Settings of other tools are nobody's mistake; near misses of ours are.
        if let Some(close) = nearest(&column.heading, OURS.iter().copied()) {
            let place = Place { sheet: sheet.to_owned(), row: table.heading, column: column.heading.clone() };
            findings.warn(
                "unknown-column",
                place,
                format!("There is no setting `{}`.", column.heading),
                format!("Perhaps `{close}` is meant."),
            );
        }
    }
    if let Some(second) = table.records.get(1) {
        let place = Place { row: second.row, ..findings::sheet(sheet) };
        findings.warn("second-settings", place, "Only the first row of the settings counts.", "Take the others out.");
    }
}

fn namespaces(text: &str, place: &Place, findings: &mut Findings) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        match word.split_once('=') {
            Some((prefix, address)) if crate::xml::is_name(prefix) && !prefix.contains(':') => {
                found.push((prefix.to_owned(), address.trim_matches(['"', '\'']).to_owned()));
            }
            _ => findings.mistake(
                "broken-namespace",
                place.clone(),
                format!("`{word}` is no namespace."),
                "Write `prefix=\"address\"`, several separated by spaces.",
            ),
        }
    }
    found
}

/// Whether a cell says yes.
pub(super) fn is_yes(text: &str) -> bool {
    matches!(text.trim(), "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()")
}

/// Whether a cell says no.
pub(super) fn is_no(text: &str) -> bool {
    matches!(text.trim(), "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()")
}
