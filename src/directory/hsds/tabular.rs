//! The tabular form: one CSV file a table, named in a data package or by the file's own name.
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::rows::{Gathered, Origin, Position, Problem, Row, Table};

/// What data packages say about the files beside them: the table's name by the file's path.
#[derive(Debug, Default)]
pub(super) struct Packages {
    tables: BTreeMap<String, String>,
}

impl Packages {
    /// Reads a `datapackage.json`; paths in it only name files that are found anyway.
    pub fn describe(&mut self, name: &str, bytes: &[u8], gathered: &mut Gathered) {
        let package: Value = match serde_json::from_slice(bytes) {
            Ok(package) => package,
            Err(error) => {
                return gathered.refuse_unread(name, format!("The data package is not JSON: {error}."));
            }
        };
        let folder = name.strip_suffix("datapackage.json").unwrap_or_default();
        for resource in package["resources"].as_array().into_iter().flatten() {
            let Some(table) = resource["name"].as_str() else {
                continue;
            };
            let one = resource["path"].as_str();
            let many = resource["path"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for path in one.into_iter().chain(many) {
                self.tables.insert(format!("{folder}{}", path.trim_start_matches("./")), table.to_owned());
            }
        }
    }

    /// The table's name: as the package says, or as the file is called.
    fn table_of<'a>(&'a self, file: &'a str) -> &'a str {
        let stem = file.rsplit('/').next().and_then(|last| last.get(..last.len().saturating_sub(4)));
        self.tables.get(file).map_or(stem.unwrap_or(file), String::as_str)
    }
}

/// Reads one CSV file; tables of the specification that the directory has no use for are passed over.
pub(super) fn read(name: &str, packages: &Packages, bytes: &[u8], gathered: &mut Gathered) {
    let table = packages.table_of(name);
    let Some(table) = Table::named(table) else {
        if !packages.tables.contains_key(name) {
            gathered.refuse_file(name, "The file is not named after a table of HSDS that is read here.");
        }
        return;
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns: Vec<String> = match reader.headers() {
        Ok(heading) => heading.iter().map(|column| column.trim().to_ascii_lowercase()).collect(),
        Err(error) => {
            return gathered.refuse_unread(name, format!("The heading cannot be read: {error}."));
        }
    };
    let file: Arc<str> = Arc::from(name);
    // Row 1 is the heading, as a spreadsheet counts.
    for (record, row) in reader.records().zip(2..) {
        if gathered.is_full() {
            return;
        }
        let at = Position { file: file.clone(), row, path: String::new() };
        match cells(record, &columns) {
            Ok(cells) => gathered.add(Row { table, origin: Origin::Tabular, at, cells }),
            Err(problem) => gathered.refuse(at.refused(problem)),
        }
    }
}

fn cells(record: csv::Result<csv::StringRecord>, columns: &[String]) -> Result<BTreeMap<String, String>, Problem> {
    let record = record.map_err(|error| match error.kind() {
        csv::ErrorKind::Utf8 { .. } => Problem::new("", "The row is not UTF-8 text."),
        _ => Problem::new("", format!("The row cannot be read: {error}.")),
    })?;
    if record.len() != columns.len() {
        let reason = format!("The row has {} cells where the heading has {}.", record.len(), columns.len());
        return Err(Problem::new("", reason));
    }
    let cells = columns.iter().cloned().zip(record.iter().map(str::to_owned));
    Ok(cells.filter(|(_, text)| !text.trim().is_empty()).collect())
}
