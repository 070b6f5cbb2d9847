//! An XLSForm in one CSV file, as other converters read it: a first cell that is not blank names the sheet that begins there; the cells after
//! it, in the same row or the next that has any, are the sheet's headings, and further rows are its rows.
//!
//! Rows are counted as a spreadsheet shows the file, so that a problem is found where it is told. Cells are parted by commas, or by the
//! semicolons or tabs that some spreadsheets write.
use std::fmt;

use super::sheet::{Sheet, Workbook};

const MOST_BYTES: usize = 16 << 20;
const MOST_ROWS: usize = 200_000;
const MOST_COLUMNS: usize = 500;
const MOST_SHEETS: usize = 64;

/// Why a file is no CSV that we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvError {
    /// Its bytes are not UTF-8.
    NotText,
    /// A quotation mark opens a cell that never ends; says in which row.
    OpenQuote(usize),
    /// More than the limits allow; says of what.
    TooMuch(&'static str),
}

impl fmt::Display for CsvError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvError::NotText => out.write_str("The file is not UTF-8. Save it as \"CSV UTF-8\"."),
            CsvError::OpenQuote(row) => {
                write!(out, "A cell in row {row} begins with a quotation mark and never ends. Add the mark at its end.")
            }
            CsvError::TooMuch(what) => write!(out, "The file has too many {what}. Take out what is not part of the form."),
        }
    }
}

impl std::error::Error for CsvError {}

impl Workbook {
    /// Reads a CSV file.
    pub fn from_csv(bytes: &[u8]) -> Result<Workbook, CsvError> {
        if bytes.len() > MOST_BYTES {
            return Err(CsvError::TooMuch("bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| CsvError::NotText)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut filling = Filling::default();
        let mut reader = Reader { characters: text.chars().peekable(), separator: separator(text) };
        let mut number = 0;
        while let Some(cells) = reader.row(number + 1)? {
            number += 1;
            filling.put(number, cells)?;
        }
        Ok(filling.workbook)
    }
}

// Whichever comes first parts the cells: nothing else stands between the name of the first sheet and its headings.
fn separator(text: &str) -> char {
    text.chars().find(|character| matches!(character, ',' | ';' | '\t')).unwrap_or(',')
}

struct Reader<'t> {
    characters: std::iter::Peekable<std::str::Chars<'t>>,
    separator: char,
}

impl Reader<'_> {
    // The next row; nothing at the end of the file.
    fn row(&mut self, number: usize) -> Result<Option<Vec<String>>, CsvError> {
        if self.characters.peek().is_none() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.cell(number)?;
            if cells.len() > MOST_COLUMNS && !cell.trim().is_empty() {
                return Err(CsvError::TooMuch("columns"));
            }
            if cells.len() <= MOST_COLUMNS {
                cells.push(cell);
            }
            if end == End::OfRow {
                return Ok(Some(cells));
            }
        }
    }

    // A mark counts at the beginning of a cell only, and one inside a quotation is written twice.
    fn cell(&mut self, number: usize) -> Result<(String, End), CsvError> {
        let mut cell = String::new();
        if self.characters.next_if_eq(&'"').is_some() {
            loop {
                match self.characters.next() {
                    None => return Err(CsvError::OpenQuote(number)),
                    Some('"') if self.characters.next_if_eq(&'"').is_none() => break,
                    Some(character) => cell.push(character),
                }
            }
        }
        loop {
            match self.characters.next() {
                None | Some('\n') => return Ok((cell, End::OfRow)),
                Some('\r') => {
                    self.characters.next_if_eq(&'\n');
                    return Ok((cell, End::OfRow));
                }
                Some(character) if character == self.separator => return Ok((cell, End::OfCell)),
                Some(character) => cell.push(character),
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum End {
    OfCell,
    OfRow,
}

#[derive(Default)]
struct Filling {
    workbook: Workbook,
    /// The sheet that rows belong to now.
    at: usize,
    /// For each column of these rows, the column of the sheet; empty until the headings are read.
    columns: Vec<usize>,
}

impl Filling {
    fn put(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), CsvError> {
        let row = u32::try_from(number).ok().filter(|_| number <= MOST_ROWS).ok_or(CsvError::TooMuch("rows"))?;
        let name = cells.remove(0).trim().to_owned();
        if !name.is_empty() {
            self.begin(name)?;
        }
        let Some(last) = cells.iter().rposition(|cell| !cell.trim().is_empty()) else { return Ok(()) };
        cells.truncate(last + 1);
        // What stands above the first sheet belongs to none.
        let Some(sheet) = self.workbook.sheets.get_mut(self.at) else { return Ok(()) };
        if self.columns.is_empty() {
            self.columns = headings(sheet, row, cells);
            return Ok(());
        }
        let mut placed: Vec<String> = Vec::new();
        for (cell, column) in cells.into_iter().zip(&self.columns) {
            if placed.len() <= *column {
                placed.resize(column + 1, String::new());
            }
            placed[*column] = cell;
        }
        sheet.rows.push((row, placed));
        Ok(())
    }

    // A sheet may go on further down, under headings of its own.
    fn begin(&mut self, name: String) -> Result<(), CsvError> {
        self.columns.clear();
        if let Some(known) = self.workbook.sheets.iter().position(|sheet| sheet.name.eq_ignore_ascii_case(&name)) {
            self.at = known;
            return Ok(());
        }
        if self.workbook.sheets.len() == MOST_SHEETS {
            return Err(CsvError::TooMuch("sheets"));
        }
        self.at = self.workbook.sheets.len();
        self.workbook.sheets.push(Sheet { name, rows: Vec::new() });
        Ok(())
    }
}

// The columns that these headings stand for; those that the sheet does not know yet are added to it.
fn headings(sheet: &mut Sheet, row: u32, cells: Vec<String>) -> Vec<usize> {
    let Some((_, known)) = sheet.rows.first_mut() else {
        let columns = (0..cells.len()).collect();
        sheet.rows.push((row, cells));
        return columns;
    };
    let place = |cell: String| {
        known.iter().position(|heading| heading.trim() == cell.trim()).unwrap_or_else(|| {
            known.push(cell);
            known.len() - 1
        })
    };
    cells.into_iter().map(place).collect()
}
