//! The open-data face of the directory: Human Services Data Specification 3.0 and 3.1.
//!
//! Reads JSON (single records, arrays, paged lists, records nested in one another) and the tabular
//! form (a folder of CSV files, with or without its `datapackage.json`); writes 3.1 JSON.
//! A row that cannot be understood, or that refers to something that is not there, is refused with a
//! reason in plain words; all other rows are kept. The same input always gives the same output.
//! Translations, which the specification leaves open, are read and written as `name_ar`, `description_fr`.
//! Nothing here touches the database: the caller decides what to do with a [`Reading`].
mod files;
mod json;
mod link;
mod merge;
mod parts;
mod rows;
mod shapes;
mod tabular;
mod values;
pub mod write;

use std::io;
use std::path::Path;

pub use shapes::{
    Accessibility, Address, Area, Attribute, Capacity, Day, Document, Frequency, HsdsId, Language, Location, LocationKind,
    Organisation, Phone, Place, Schedule, Service, Status, Term, Wording,
};

/// Everything one import file or folder says, in the order of ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub organisations: Vec<Organisation>,
    pub services: Vec<Service>,
    pub locations: Vec<Location>,
    pub refused: Vec<RefusedRow>,
    /// Files of which nothing could be read.
    pub unread: usize,
}

/// One row, or one value of a row, that was not taken over, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusedRow {
    /// The file's path below the folder that was read.
    pub file: String,
    /// The row as a spreadsheet counts (the heading is row 1), or the number of the JSON record; 0 is the file itself.
    pub row: usize,
    /// The column, or the path inside a JSON record, such as `phones[0].number`.
    pub column: String,
    /// What is wrong, in a full sentence.
    pub reason: String,
}

/// Reads a file, or every `.json` and `.csv` file of a folder.
pub fn read(path: &Path) -> io::Result<Reading> {
    let mut gathered = rows::Gathered::default();
    files::gather(path, &mut gathered)?;
    let unread = gathered.unread;
    Ok(Reading { unread, ..link::link(gathered) })
}

#[cfg(test)]
mod tests;
