//! The group `meta`, which every form has: audit, `instanceID`, `instanceName`.
use crate::form::{Preload, QuestionKind};

use super::draft::{Asked, Shape};
use super::parameters::{self, get};
use super::settings::is_yes;
use super::sheet::Record;
use super::survey::Reader;

const AUDIT: &[&str] = &[
    "identify-user",
    "track-changes",
    "track-changes-reasons",
    "location-priority",
    "location-min-interval",
    "location-max-age",
];

/// Adds the group `meta`: audit, `instanceID`, `instanceName`.
pub(super) fn add(reader: &mut Reader<'_>, settings: &Record) {
    let with_id = !settings.get("omit_instanceid").is_some_and(is_yes);
    if !with_id && reader.audit.is_none() && settings.cell("instance_name").is_none() {
        return;
    }
    let meta = reader.draft.add(0, "meta", Shape::Group, Record::default());
    if let Some(record) = reader.audit.take() {
        let place = record.place("parameters");
        let pairs = record.get("parameters").map(|text| parameters::read(text, &place, reader.findings)).unwrap_or_default();
        parameters::only(AUDIT, &pairs, &place, reader.findings);
        let located = AUDIT[3..].iter().filter(|key| get(&pairs, key).is_some()).count();
        if located > 0 && located < 3 {
            let remedy = "Give location-priority, location-min-interval and location-max-age together.";
            reader.findings.mistake("broken-parameter", place, "Places in the audit need three parameters.", remedy);
        }
        let item =
            reader.draft.add(meta, "audit", Shape::Question(Asked::new(QuestionKind::Hidden("binary".to_owned()))), record);
        reader.draft.items[item].parameters = pairs;
    }
    let string = || Asked::new(QuestionKind::Hidden("string".to_owned()));
    if with_id {
        let what = settings.get("instance_id").unwrap_or("uid").to_owned();
        let asked = Asked { preload: Some(Preload { what, parameter: String::new() }), ..string() };
        let record = Record::made("settings", settings.row, &[("read_only", "true()")]);
        reader.draft.add(meta, "instanceID", Shape::Question(asked), record);
    }
    if let Some(cell) = settings.cell("instance_name") {
        let mut record = Record::made(&settings.sheet, settings.row, &[("calculation", &cell.text)]);
        for made in &mut record.cells {
            made.heading.clone_from(&cell.heading);
        }
        reader.draft.add(meta, "instanceName", Shape::Question(string()), record);
    }
}
