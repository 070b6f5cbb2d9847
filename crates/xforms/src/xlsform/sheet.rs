//! Sheets as text: rows of cells under headings, with the place of each cell.
use crate::form::Place;

use super::headings::{self, Heading};

/// A workbook as text; what a spreadsheet, or a table in a test, comes down to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workbook {
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
}

/// A sheet as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows: number, counted from 1, and cells; blank rows may be left out. The first holds the headings.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// A sheet with its headings understood.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The row of the headings.
    pub heading: u32,
    pub columns: Vec<Heading>,
    pub records: Vec<Record>,
}

/// A row below the headings.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub sheet: String,
    pub row: u32,
    pub cells: Vec<Cell>,
}

/// A cell that is not blank.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// What the column is for, in our own words.
    pub key: String,
    /// The language after `::`, if any.
    pub language: Option<String>,
    /// What is written above the column.
    pub heading: String,
    pub text: String,
}

/// How the text of cells is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cleaning {
    /// Typographic quotes become plain ones.
    Quotes,
    /// The same, and runs of spaces become one.
    QuotesAndSpaces,
}

impl Workbook {
    /// Reads tables in plain text, for forms kept beside code: rows of cells between `|`. A first cell that is not blank names the sheet
    /// that begins there; the rows below it begin with a blank cell. Lines of other kinds are left out.
    pub fn from_tables(text: &str) -> Workbook {
        let mut workbook = Workbook::default();
        for line in text.lines() {
            let Some(row) = line.trim().strip_prefix('|') else { continue };
            let mut cells = row.strip_suffix('|').unwrap_or(row).split('|').map(|cell| cell.trim().to_owned());
            let first = cells.next().unwrap_or_default();
            if !first.is_empty() {
                workbook.sheets.push(Sheet { name: first, rows: Vec::new() });
            } else if let Some(sheet) = workbook.sheets.last_mut() {
                let number = sheet.rows.last().map_or(1, |(last, _)| last.saturating_add(1));
                sheet.rows.push((number, cells.collect()));
            }
        }
        workbook
    }

    /// The sheet of that name, in whatever case.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name))
    }
}

impl Sheet {
    /// Understands the headings and cleans the cells.
    pub(super) fn table(&self, kind: headings::Kind, cleaning: Cleaning) -> Table {
        let Some(((heading, first), rest)) = self.rows.split_first() else {
            return Table { heading: 1, ..Table::default() };
        };
        let columns = headings::read(first, kind);
        let records = rest.iter().map(|(row, cells)| self.record(*row, cells, &columns, cleaning)).collect();
        Table { heading: *heading, columns, records }
    }

    fn record(&self, row: u32, cells: &[String], columns: &[Heading], cleaning: Cleaning) -> Record {
        let cells = columns
            .iter()
            .zip(cells)
            .filter(|(column, _)| !column.key.is_empty())
            .filter_map(|(column, text)| {
                let text = clean(text, cleaning);
                (!text.trim().is_empty()).then(|| Cell {
                    key: column.key.clone(),
                    language: column.language.clone(),
                    heading: column.heading.clone(),
                    text,
                })
            })
            .collect();
        Record { sheet: self.name.clone(), row, cells }
    }
}

impl Table {
    /// Whether there is such a column.
    pub fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|column| column.key == key)
    }
}

impl Record {
    /// A row that no author wrote, at the place of one that caused it.
    pub fn made(sheet: &str, row: u32, cells: &[(&str, &str)]) -> Record {
        let mut record = Record { sheet: sheet.to_owned(), row, cells: Vec::new() };
        for (key, text) in cells {
            record.put(key, text);
        }
        record
    }

    /// Adds a cell.
    pub fn put(&mut self, key: &str, text: &str) {
        let cell = Cell { key: key.to_owned(), language: None, heading: key.to_owned(), text: text.to_owned() };
        self.cells.push(cell);
    }

    /// The text of a column, whatever its language.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.cell(key).map(|cell| cell.text.trim())
    }

    /// The first cell of a column.
    pub fn cell(&self, key: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.key == key)
    }

    /// All cells of a column, one for each language.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Cell> + 'a {
        self.cells.iter().filter(move |cell| cell.key == key)
    }

    /// Takes cells out of a column.
    pub fn take(&mut self, key: &str) -> Vec<Cell> {
        let (taken, kept) = self.cells.drain(..).partition(|cell| cell.key == key);
        self.cells = kept;
        taken
    }

    /// Attributes of a family such as `bind::`, `body::` or `instance::`, without the family's name.
    pub fn attributes<'a>(&'a self, family: &'a str) -> impl Iterator<Item = (&'a str, &'a Cell)> + 'a {
        self.cells.iter().filter_map(move |cell| cell.key.strip_prefix(family).map(|name| (name, cell)))
    }

    /// The place of a column in this row, under the author's own heading.
    pub fn place(&self, key: &str) -> Place {
        let heading = self.cell(key).map_or(key, |cell| cell.heading.as_str());
        self.at(heading)
    }

    /// The place of a heading in this row.
    pub fn at(&self, heading: &str) -> Place {
        Place { sheet: self.sheet.clone(), row: self.row, column: heading.to_owned() }
    }
}

fn clean(text: &str, cleaning: Cleaning) -> String {
    let mut out = String::with_capacity(text.len());
    let text = if cleaning == Cleaning::QuotesAndSpaces { text.trim() } else { text };
    for character in text.chars() {
        let plain = match character {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{a0}' => ' ',
            other => other,
        };
        if cleaning == Cleaning::QuotesAndSpaces && plain == ' ' && out.ends_with(' ') {
            continue;
        }
        out.push(plain);
    }
    out
}
