//! The JSON form: records, arrays and pages of records, each with other records nested in it.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::rows::{Gathered, Origin, Position, Problem, Row, Table, derived_id};

/// How deep records may be nested in one another; the specification needs seven.
const DEEPEST: usize = 12;

/// The pages of lists that were read, so that a missing one is noticed.
#[derive(Debug, Default)]
pub(super) struct Pages {
    lists: BTreeMap<(String, u64), BTreeSet<u64>>,
}

impl Pages {
    fn note(&mut self, file: &str, page: &Map<String, Value>) {
        let number = |key| page.get(key).and_then(Value::as_u64);
        let (Some(this), Some(all)) = (number("page_number"), number("total_pages")) else {
            return;
        };
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let list = format!("{folder}/{}", page.get("contents").and_then(|c| kind_of(c.get(0)?)).map_or("", Table::name));
        self.lists.entry((list, all)).or_default().insert(this);
    }

    /// Reports lists of which fewer pages were read than they say they have.
    pub fn report_gaps(&self, gathered: &mut Gathered) {
        for ((list, all), read) in &self.lists {
            if (read.len() as u64) < *all {
                let reason = format!("Only {} of the list's {all} pages are in the data.", read.len());
                gathered.refuse_file(list.trim_start_matches('/'), reason);
            }
        }
    }
}

/// Reads one JSON file.
pub(super) fn read(name: &str, bytes: &[u8], pages: &mut Pages, gathered: &mut Gathered) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            return gathered.refuse_unread(name, format!("The file is not valid JSON: {error}."));
        }
    };
    if let Value::Object(page) = &value {
        pages.note(name, page);
    }
    let hint = name.rsplit('/').next().and_then(|last| last.split('.').next()).and_then(Table::named);
    let file: Arc<str> = Arc::from(name);
    for ((record, table), row) in records(&value).into_iter().zip(1..) {
        let at = Position { file: file.clone(), row, path: String::new() };
        match (record, table.or_else(|| kind_of(record)).or(hint).or_else(|| likely_kind(record))) {
            (Value::Object(object), Some(table)) => {
                flatten(gathered, object, Nested { table, at, parent: None, depth: 0 });
            }
            (Value::Object(_), None) => gathered.refuse(at.refused(Problem::new(
                "",
                "The record is neither an organisation nor a service, a service at a location or a location.",
            ))),
            _ => gathered.refuse(at.refused(Problem::new("", "A record was expected here, between braces."))),
        }
    }
}

/// The records of a file, with the table their list is named after.
fn records(value: &Value) -> Vec<(&Value, Option<Table>)> {
    match value {
        Value::Array(records) => records.iter().map(|record| (record, None)).collect(),
        Value::Object(object) => match object.get("contents") {
            Some(Value::Array(records)) => records.iter().map(|record| (record, None)).collect(),
            _ if object.contains_key("id") => vec![(value, None)],
            _ => {
                let lists = object.iter().filter_map(|(key, list)| Some((Table::named(key)?, list.as_array()?)));
                let all: Vec<_> = lists.flat_map(|(table, list)| list.iter().map(move |record| (record, Some(table)))).collect();
                if all.is_empty() && !object.contains_key("contents") { vec![(value, None)] } else { all }
            }
        },
        other => vec![(other, None)],
    }
}

/// What a record is, by the properties that only its table has.
fn kind_of(record: &Value) -> Option<Table> {
    let has = |keys: &[&str]| keys.iter().any(|key| record.get(key).is_some());
    if has(&["service_id", "service"]) && has(&["location_id", "location"]) {
        return Some(Table::ServiceAtLocation);
    }
    let telling: &[(Table, &[&str])] = &[
        (Table::Location, &["location_type", "addresses", "latitude"]),
        (Table::Service, &["status", "organization", "service_at_locations", "eligibility_description"]),
        (Table::TaxonomyTerm, &["taxonomy", "taxonomy_id", "taxonomy_detail", "term_uri", "code", "parent_id"]),
        (Table::Taxonomy, &["version"]),
        (Table::Organization, &["services", "website", "legal_status", "organization_identifiers", "parent_organization_id"]),
    ];
    telling.iter().find(|(_, keys)| has(keys)).map(|(table, _)| *table)
}

/// What a record with only the plainest properties probably is.
fn likely_kind(record: &Value) -> Option<Table> {
    record.get("name")?;
    match record.get("organization_id") {
        Some(_) => Some(Table::Service),
        None => record.get("description").map(|_| Table::Organization),
    }
}

/// A record on its way to being rows.
struct Nested<'a> {
    table: Table,
    at: Position,
    /// The table and id of the record whose list this record stands in.
    parent: Option<(Table, &'a str)>,
    depth: usize,
}

/// Adds a record and all records nested in it; gives back its id for the record around it.
fn flatten(gathered: &mut Gathered, object: &Map<String, Value>, nested: Nested<'_>) -> Option<String> {
    if nested.depth > DEEPEST {
        gathered.refuse(nested.at.refused(Problem::new("", "Records are nested too deeply here.")));
        return None;
    }
    let mut cells: BTreeMap<String, String> =
        object.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect();
    if let Some(parent) = nested.parent {
        name_parent(&mut cells, nested.table, parent, &nested.at, gathered);
    }
    let mut row = Row { table: nested.table, origin: Origin::Nested, at: nested.at, cells };
    if let Err(problem) = row.settle_id() {
        gathered.refuse(row.at.refused(problem));
        return None;
    }
    let id = row.cells["id"].clone();
    for (key, value) in object {
        if let Some(table) = Table::named(key).filter(|table| is_used(row.table, *table)) {
            flatten_below(gathered, &mut row, (key, table, value), nested.depth + 1);
        }
    }
    gathered.add(row);
    Some(id)
}

/// The taxonomy terms of small parts (a phone, a language) have no use in the directory.
fn is_used(parent: Table, child: Table) -> bool {
    child != Table::Attribute || matches!(parent, Table::Organization | Table::Service | Table::Location)
}

fn flatten_below(gathered: &mut Gathered, row: &mut Row, (key, table, value): (&str, Table, &Value), depth: usize) {
    let id = row.cells["id"].clone();
    for (record, number) in value.as_array().into_iter().flatten().zip(0..) {
        let at = below(&row.at, &format!("{key}[{number}]."));
        if let Value::Object(child) = record {
            flatten(gathered, child, Nested { table, at, parent: Some((row.table, &id)), depth });
        }
    }
    if let Value::Object(child) = value {
        let at = below(&row.at, &format!("{key}."));
        let child = flatten(gathered, child, Nested { table, at, parent: None, depth });
        row.cells.extend(child.map(|id| (table.reference(), id)));
    }
}

fn below(at: &Position, step: &str) -> Position {
    Position { path: format!("{}{step}", at.path), ..at.clone() }
}

/// Writes into a nested record what it belongs to, as the tabular form would; where it stands says more
/// than what it claims.
fn name_parent(
    cells: &mut BTreeMap<String, String>,
    table: Table,
    (parent, id): (Table, &str),
    at: &Position,
    gathered: &mut Gathered,
) {
    match (parent, table) {
        (_, Table::Attribute) => {
            cells.insert("link_id".to_owned(), id.to_owned());
            cells.insert("link_entity".to_owned(), parent.name().to_owned());
        }
        // A service may list its locations without saying that it is there; the link is then made here.
        (Table::Service, Table::Location) => {
            let Some(location) = cells.get("id") else {
                return;
            };
            let link = derived_id(["service_at_location", id, location].into_iter());
            let cells = [("id", link.as_str()), ("service_id", id), ("location_id", location.as_str())];
            let cells = cells.map(|(column, text)| (column.to_owned(), text.to_owned())).into();
            gathered.add(Row { table: Table::ServiceAtLocation, origin: Origin::Nested, at: at.clone(), cells });
        }
        _ => {
            cells.insert(parent.reference(), id.to_owned());
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
