//! Secondary instances: files that selects and expressions look things up in.
use std::collections::BTreeMap;

use crate::form::{Place, Secondary, SecondarySource};

use super::draft::{Draft, Shape};
use super::sheet::Record;
use crate::findings::Findings;

// Columns whose expressions may look something up.
const COLUMNS: &[&str] = &[
    "calculation",
    "constraint",
    "relevant",
    "required",
    "read_only",
    "choice_filter",
    "default",
    "label",
    "hint",
    "repeat_count",
];

/// Gathers them from the survey, each once.
pub(super) fn gather(draft: &Draft, lists: &[String], findings: &mut Findings) -> Vec<Secondary> {
    let mut found = Gathering { seen: BTreeMap::new(), order: Vec::new(), findings };
    let mut last_saved = false;
    for item in &draft.items {
        let place = item.record.place("type");
        match &item.shape {
            Shape::External(ending) => {
                let folder = if *ending == "csv" { "file-csv" } else { "file" };
                found.add(&item.name, &format!("jr://{folder}/{}.{ending}", item.name), &place);
            }
            Shape::Question(asked) => {
                if let Some(select) = asked.select.as_ref().filter(|select| select.from_file) {
                    let (id, ending) = select.list.rsplit_once('.').unwrap_or((&select.list, ""));
                    let folder = if ending == "csv" { "file-csv" } else { "file" };
                    found.add(id, &format!("jr://{folder}/{}", select.list), &place);
                }
            }
            _ => {}
        }
        last_saved |= item.record.cells.iter().any(|cell| cell.text.contains("${last-saved#"));
        found.pulldata(&item.record);
    }
    for list in lists {
        if let Some((source, place)) = found.seen.get(list) {
            let what = format!("`{list}` is both a list of the form and the file `{source}`.");
            found.findings.mistake("instance-twice", place.clone(), what, "Rename one of them.");
        }
    }
    let mut secondary: Vec<Secondary> = Vec::new();
    if last_saved {
        secondary.push(Secondary { id: "__last-saved".to_owned(), source: SecondarySource::LastSaved });
    }
    for id in found.order {
        let source = found.seen.get(&id).map(|(source, _)| source.clone()).unwrap_or_default();
        secondary.push(Secondary { id, source: SecondarySource::File(source) });
    }
    secondary
}

struct Gathering<'f> {
    seen: BTreeMap<String, (String, Place)>,
    order: Vec<String>,
    findings: &'f mut Findings,
}

impl Gathering<'_> {
    fn add(&mut self, id: &str, source: &str, place: &Place) {
        match self.seen.get(id) {
            None => {
                self.order.push(id.to_owned());
                self.seen.insert(id.to_owned(), (source.to_owned(), place.clone()));
            }
            Some((other, _)) if other != source => {
                let what = format!("`{id}` would stand for `{source}` and for `{other}`.");
                self.findings.mistake("instance-twice", place.clone(), what, "Rename one of the files.");
            }
            Some(_) => {}
        }
    }

    // `pulldata('file', …)` reads a CSV of that name.
    fn pulldata(&mut self, record: &Record) {
        for column in COLUMNS {
            let Some(cell) = record.cell(column) else { continue };
            let mut rest = cell.text.as_str();
            while let Some((_, after)) = rest.split_once("pulldata(") {
                rest = after;
                let quoted = after.trim_start();
                let Some(quote) = quoted.chars().next().filter(|c| matches!(c, '\'' | '"')) else { continue };
                if let Some((id, _)) = quoted[1..].split_once(quote) {
                    self.add(id.trim(), &format!("jr://file-csv/{}.csv", id.trim()), &record.at(&cell.heading));
                }
            }
        }
    }
}
