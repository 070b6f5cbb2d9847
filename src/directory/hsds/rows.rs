//! Both forms of the data as flat rows of text cells, with the place each came from.
use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::RefusedRow;

/// Most rows of one import; a country's directory has tens of thousands.
const MOST_ROWS: usize = 500_000;
/// Most refusals reported; nobody mends more at once.
const MOST_REFUSED: usize = 5_000;
/// Longest text of one cell, in bytes.
const LONGEST_CELL: usize = 50_000;

/// The tables of the specification that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Organization,
    Service,
    Location,
    ServiceAtLocation,
    Contact,
    Phone,
    Language,
    Schedule,
    Address,
    Accessibility,
    ServiceArea,
    RequiredDocument,
    Unit,
    Capacity,
    Taxonomy,
    TaxonomyTerm,
    Attribute,
}

/// Every table with its name in the singular, then what else files and properties call it.
const TABLES: &[(Table, &[&str])] = &[
    (Table::Organization, &["organization", "organizations", "organization_list"]),
    (Table::Service, &["service", "services", "service_list"]),
    (Table::Location, &["location", "locations"]),
    (Table::ServiceAtLocation, &["service_at_location", "service_at_locations", "service_at_location_list"]),
    (Table::Contact, &["contact", "contacts"]),
    (Table::Phone, &["phone", "phones"]),
    (Table::Language, &["language", "languages"]),
    (Table::Schedule, &["schedule", "schedules"]),
    (Table::Address, &["address", "addresses"]),
    (Table::Accessibility, &["accessibility"]),
    (Table::ServiceArea, &["service_area", "service_areas"]),
    (Table::RequiredDocument, &["required_document", "required_documents"]),
    (Table::Unit, &["unit", "units"]),
    (Table::Capacity, &["capacity", "capacities", "service_capacity", "service_capacities"]),
    (Table::Taxonomy, &["taxonomy", "taxonomies", "taxonomy_detail"]),
    (Table::TaxonomyTerm, &["taxonomy_term", "taxonomy_terms"]),
    (Table::Attribute, &["attribute", "attributes"]),
];

impl Table {
    /// The table that a file or property is named after.
    pub fn named(name: &str) -> Option<Table> {
        TABLES.iter().find(|(_, names)| names.contains(&name)).map(|(table, _)| *table)
    }

    /// The table's name in the specification.
    pub fn name(self) -> &'static str {
        TABLES.iter().find(|(table, _)| *table == self).map_or("", |(_, names)| names[0])
    }

    /// The column by which other rows refer to this table.
    pub fn reference(self) -> String {
        format!("{}_id", self.name())
    }

    /// The table's name in our own words.
    pub fn word(self) -> String {
        self.name().replace("organization", "organisation").replace('_', " ")
    }

    /// Whether a row only says more of the record it belongs to.
    pub fn is_part(self) -> bool {
        !self.is_main() && !matches!(self, Table::Contact | Table::Taxonomy | Table::Unit)
    }

    /// Whether other rows stand or fall with a row of this table, so that it must bring its own id.
    fn is_main(self) -> bool {
        use Table::{Location, Organization, Service, ServiceAtLocation, TaxonomyTerm};
        matches!(self, Organization | Service | Location | ServiceAtLocation | TaxonomyTerm)
    }
}

/// Whether rows came from a table, where an id stands once, or from nested records, which repeat themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Tabular,
    Nested,
}

/// Where a row stands.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub file: Arc<str>,
    pub row: usize,
    /// The path inside a JSON record, ending in a dot, or nothing.
    pub path: String,
}

impl Position {
    /// A refusal of what stands here.
    pub fn refused(&self, problem: Problem) -> RefusedRow {
        RefusedRow {
            file: self.file.to_string(),
            row: self.row,
            column: format!("{}{}", self.path, problem.column),
            reason: problem.reason,
        }
    }
}

/// What is wrong with one column of a row.
#[derive(Debug)]
pub(super) struct Problem {
    pub column: String,
    pub reason: String,
}

impl Problem {
    pub fn new(column: &str, reason: impl Into<String>) -> Self {
        Problem { column: column.to_owned(), reason: reason.into() }
    }
}

/// One row of one table.
#[derive(Debug)]
pub(super) struct Row {
    pub table: Table,
    pub origin: Origin,
    pub at: Position,
    pub cells: BTreeMap<String, String>,
}

impl Row {
    /// The text of a cell, if there is any.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The row's id, made from what it says if it is a part of another record and brings none.
    pub fn settle_id(&mut self) -> Result<(), Problem> {
        if self.get("id").is_some() {
            return Ok(());
        }
        if self.table.is_main() {
            let reason = format!("The {} has no id, so nothing can refer to it.", self.table.word());
            return Err(Problem::new("id", reason));
        }
        let cells = self.cells.iter().flat_map(|(column, text)| [column.as_str(), text.as_str()]);
        let id = derived_id(std::iter::once(self.table.name()).chain(cells));
        self.cells.insert("id".to_owned(), id);
        Ok(())
    }
}

/// An id that depends on these texts only, so that a second import gives the same one.
pub(super) fn derived_id<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// All rows of an import, before they are put together.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub rows: Vec<Row>,
    pub refused: Vec<RefusedRow>,
    /// Files of which nothing could be read.
    pub unread: usize,
}

impl Gathered {
    /// Whether no more rows are taken.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MOST_ROWS
    }

    /// Takes a row, unless it is too large or one too many.
    pub fn add(&mut self, row: Row) {
        if let Some((column, _)) = row.cells.iter().find(|(_, text)| text.len() > LONGEST_CELL) {
            let problem = Problem::new(column, format!("The text is longer than {LONGEST_CELL} bytes."));
            return self.refuse(row.at.refused(problem));
        }
        if self.rows.len() + 1 == MOST_ROWS {
            let reason = format!("The data has more than {MOST_ROWS} rows; this and later ones were not read.");
            return self.refuse(row.at.refused(Problem::new("", reason)));
        }
        if !self.is_full() {
            self.rows.push(row);
        }
    }

    /// Reports a refusal, up to a number that somebody might still read.
    pub fn refuse(&mut self, refused: RefusedRow) {
        if self.refused.len() < MOST_REFUSED {
            self.refused.push(refused);
        } else if self.refused.len() == MOST_REFUSED {
            let reason = "More was refused than is listed here; mend these and import again.".to_owned();
            self.refused.push(RefusedRow { row: 0, column: String::new(), reason, ..refused });
        }
    }

    /// Reports that nothing of a file can be read: it is not what its name says.
    pub fn refuse_unread(&mut self, file: &str, reason: impl Into<String>) {
        self.unread += 1;
        self.refuse_file(file, reason);
    }

    /// Reports that a file as a whole is not taken.
    pub fn refuse_file(&mut self, file: &str, reason: impl Into<String>) {
        let (file, column, reason) = (file.to_owned(), String::new(), reason.into());
        self.refuse(RefusedRow { file, row: 0, column, reason });
    }
}
