//! The sheets `choices` and `external_choices`: lists by name, in order.
use std::collections::HashMap;

use crate::form::{Choice, ChoiceList, Place};

use super::headings;
use super::references::Context;
use super::settings::Found;
use super::sheet::{Cleaning, Record, Table, Workbook};
use super::texts::{Keeping, Languages, Writer};
use crate::findings::Findings;

/// A list before its texts are built.
#[derive(Debug, Clone)]
pub(super) struct ListDraft {
    pub name: String,
    pub records: Vec<Record>,
    pub outside: bool,
    pub used: bool,
}

impl ListDraft {
    /// How the labels are kept: for each language as soon as one of them must be.
    pub fn keeping(&self) -> Keeping {
        let must = self.records.iter().any(|record| {
            let media = ["image", "big-image", "audio", "video"].iter().any(|kind| record.cell(kind).is_some());
            media || record.all("label").any(|cell| cell.language.is_some() || cell.text.contains("${"))
        });
        if must { Keeping::Translated } else { Keeping::Inline }
    }

    /// Notes the languages that its labels speak.
    pub fn note(&self, languages: &mut Languages) {
        for record in &self.records {
            for key in ["label", "image", "big-image", "audio", "video"] {
                languages.note(&record.all(key).collect::<Vec<_>>(), self.keeping());
            }
        }
    }

    /// Adds the choice "other" for a question that lets people specify.
    pub fn add_other(&mut self, place: &Place) {
        if self.records.iter().any(|record| record.get("name") == Some("other")) {
            return;
        }
        let mut spoken: Vec<Option<String>> = Vec::new();
        for cell in self.records.iter().flat_map(|record| record.all("label")) {
            if !spoken.contains(&cell.language) {
                spoken.push(cell.language.clone());
            }
        }
        let mut record = Record::made(&place.sheet, place.row, &[("name", "other")]);
        for language in if spoken.is_empty() { vec![None] } else { spoken } {
            record.put("label", "Other");
            if let Some(cell) = record.cells.last_mut() {
                cell.language = language;
            }
        }
        self.records.push(record);
    }

    /// The list with its texts.
    pub fn build(&self, writer: &Writer<'_>, findings: &mut Findings) -> ChoiceList {
        let keeping = self.keeping();
        let choices = self.records.iter().map(|record| choice(record, keeping, writer, findings)).collect();
        let place = self.records.first().map(|record| record.place("list_name")).unwrap_or_default();
        ChoiceList { name: self.name.clone(), choices, outside: self.outside, place }
    }
}

fn choice(record: &Record, keeping: Keeping, writer: &Writer<'_>, findings: &mut Findings) -> Choice {
    const TAKEN: &[&str] = &["list_name", "name", "label", "image", "big-image", "audio", "video"];
    let extra = record
        .cells
        .iter()
        .filter(|cell| !TAKEN.contains(&cell.key.as_str()) && crate::xml::is_name(&cell.key))
        .map(|cell| (cell.key.clone(), cell.text.clone()))
        .collect();
    Choice {
        value: record.get("name").unwrap_or_default().to_owned(),
        label: writer.label(record, keeping, Context::none(), findings),
        extra,
        place: record.place("name"),
    }
}

/// Reads both sheets.
pub(super) fn read(workbook: &Workbook, settings: &Found, findings: &mut Findings) -> Vec<ListDraft> {
    let mut lists = Vec::new();
    for (name, outside) in [("choices", false), ("external_choices", true)] {
        let Some(sheet) = workbook.sheet(name) else { continue };
        let table = sheet.table(headings::Kind::Choices, Cleaning::Quotes);
        if table.records.iter().all(|record| record.cells.is_empty()) {
            continue;
        }
        check_columns(&sheet.name, &table, findings);
        group(table, outside, &mut lists, findings);
    }
    for list in &lists {
        check_values(list, settings.allow_duplicates, findings);
    }
    lists
}

fn group(table: Table, outside: bool, lists: &mut Vec<ListDraft>, findings: &mut Findings) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for record in table.records {
        if record.cells.is_empty() {
            continue;
        }
        let Some(name) = record.get("list_name").map(str::to_owned) else {
            findings.warn(
                "no-list-name",
                record.place("list_name"),
                "This choice belongs to no list.",
                "Fill in `list_name`, or clear the row.",
            );
            continue;
        };
        if let Some(&at) = places.get(&name) {
            lists[at].records.push(record);
        } else {
            places.insert(name.clone(), lists.len());
            lists.push(ListDraft { name, records: vec![record], outside, used: false });
        }
    }
}

fn check_columns(sheet: &str, table: &Table, findings: &mut Findings) {
    let at = |column: &str| Place { sheet: sheet.to_owned(), row: table.heading, column: column.to_owned() };
    for needed in ["list_name", "name"] {
        if !table.has(needed) {
            findings.mistake("missing-column", at(needed), format!("The column `{needed}` is missing."), "Add it.");
        }
    }
    for column in table.columns.iter().filter(|column| !column.key.is_empty() && !column.known) {
        if !crate::xml::is_name(&column.key) {
            let what = format!(
                "The column `{}` can't be used in filters, since its heading is no name, and is left out.",
                column.heading
            );
            findings.warn("bad-heading", at(&column.heading), what, "Use letters, digits and `_`, without spaces.");
        }
    }
}

fn check_values(list: &ListDraft, allow_duplicates: bool, findings: &mut Findings) {
    let mut seen: Vec<&str> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for record in &list.records {
        let Some(name) = record.get("name") else {
            findings.mistake(
                "no-choice-name",
                record.place("name"),
                "This choice has no `name`.",
                "Fill in what shall be stored for it.",
            );
            continue;
        };
        if !known.insert(name) && !allow_duplicates && !seen.contains(&name) {
            seen.push(name);
            let what = format!("The list `{}` has more than one choice named `{name}`.", list.name);
            let remedy =
                "Give each a name of its own, or set `allow_choice_duplicates` to `yes` in the settings if this is meant.";
            findings.warn("duplicate-choice", record.place("name"), what, remedy);
        }
        if record.cell("label").is_none() && !["image", "audio", "video"].iter().any(|kind| record.cell(kind).is_some()) {
            findings.warn(
                "no-choice-label",
                record.place("label"),
                format!("The choice `{name}` has no label."),
                "Say what people shall read.",
            );
        }
    }
    if !crate::xml::is_name(&list.name.replace(' ', "_")) && list.name.contains(['\'', '"', '&', '<']) {
        let place = list.records.first().map(|record| record.place("list_name")).unwrap_or_default();
        findings.mistake(
            "bad-list-name",
            place,
            format!("`{}` can't be the name of a list.", list.name),
            "Use letters, digits and `_`.",
        );
    }
}
