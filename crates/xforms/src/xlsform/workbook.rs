//! Spreadsheets: .xlsx, and .xls of old whatever it is called, as text within bounds.
use std::fmt;
use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader, Xls, Xlsx};

use super::biff;
use super::sheet::{Sheet, Workbook};

/// How much of a spreadsheet is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of what is packed in it.
    pub unpacked: u64,
    /// Sheets.
    pub sheets: usize,
    /// Rows of a sheet; further ones must be blank.
    pub rows: u32,
    /// Columns of a sheet; further ones must be blank.
    pub columns: u32,
    /// Bytes of text in all cells.
    pub text: usize,
}

impl Default for Limits {
    // Lists of places run to some tens of thousands of rows.
    fn default() -> Limits {
        Limits { bytes: 16 << 20, unpacked: 160 << 20, sheets: 64, rows: 200_000, columns: 500, text: 64 << 20 }
    }
}

/// Why a file is no workbook that we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkbookError {
    /// Neither .xlsx nor .xls.
    NotASpreadsheet,
    /// More than the limits allow; says of what.
    TooMuch(&'static str),
    /// Damaged, or protected with a password.
    Damaged(String),
}

impl fmt::Display for WorkbookError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkbookError::NotASpreadsheet => {
                out.write_str("The file is neither .xlsx nor .xls. Save it as an Excel workbook (.xlsx).")
            }
            WorkbookError::TooMuch(what) => {
                write!(out, "The file has too many or too large {what}. Take out what is not part of the form.")
            }
            WorkbookError::Damaged(how) => {
                write!(out, "The file is damaged or protected ({how}). Save it anew as .xlsx, without a password.")
            }
        }
    }
}

impl std::error::Error for WorkbookError {}

impl Workbook {
    /// Reads a file.
    pub fn open(bytes: &[u8]) -> Result<Workbook, WorkbookError> {
        Workbook::open_within(bytes, Limits::default())
    }

    /// Reads a file within limits of the caller's choice.
    pub fn open_within(bytes: &[u8], limits: Limits) -> Result<Workbook, WorkbookError> {
        if bytes.len() > limits.bytes {
            return Err(WorkbookError::TooMuch("bytes"));
        }
        if bytes.starts_with(b"PK\x03\x04") {
            check_packed(bytes, limits)?;
            return open_xlsx(bytes, limits);
        }
        if bytes.starts_with(&biff::MAGIC) {
            biff::check(bytes, limits)?;
            return open_xls(bytes, limits);
        }
        Err(WorkbookError::NotASpreadsheet)
    }
}

// What a file says of its own size may be a lie, so everything is unpacked once, counted and thrown away.
fn check_packed(bytes: &[u8], limits: Limits) -> Result<(), WorkbookError> {
    let damaged = |error: &dyn fmt::Display| WorkbookError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > 4096 {
        return Err(WorkbookError::TooMuch("parts"));
    }
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|error| damaged(&error))?;
        left = left.checked_sub(read).ok_or(WorkbookError::TooMuch("parts"))?;
    }
    Ok(())
}

fn open_xlsx(bytes: &[u8], limits: Limits) -> Result<Workbook, WorkbookError> {
    let damaged = |error: calamine::XlsxError| WorkbookError::Damaged(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut filling = Filling::new(limits, names.len())?;
    for name in names {
        let mut sheet = Sheet { name: name.clone(), rows: Vec::new() };
        // Sheets that hold a chart have no cells.
        if let Ok(mut cells) = book.worksheet_cells_reader(&name) {
            while let Some(cell) = cells.next_cell().map_err(damaged)? {
                let (row, column) = cell.get_position();
                filling.put(&mut sheet, row, column, text(cell.get_value()))?;
            }
        }
        filling.workbook.sheets.push(sheet);
    }
    Ok(filling.workbook)
}

fn open_xls(bytes: &[u8], limits: Limits) -> Result<Workbook, WorkbookError> {
    let damaged = |error: calamine::XlsError| WorkbookError::Damaged(error.to_string());
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut filling = Filling::new(limits, names.len())?;
    for name in names {
        let mut sheet = Sheet { name: name.clone(), rows: Vec::new() };
        if let Ok(range) = book.worksheet_range(&name) {
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let at = |offset: usize, first: u32| u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(first);
                filling.put(&mut sheet, at(row, top), at(column, left), text(&as_reference(value)))?;
            }
        }
        filling.workbook.sheets.push(sheet);
    }
    Ok(filling.workbook)
}

struct Filling {
    workbook: Workbook,
    limits: Limits,
    text: usize,
}

impl Filling {
    fn new(limits: Limits, sheets: usize) -> Result<Filling, WorkbookError> {
        if sheets > limits.sheets {
            return Err(WorkbookError::TooMuch("sheets"));
        }
        Ok(Filling { workbook: Workbook::default(), limits, text: 0 })
    }

    fn put(&mut self, sheet: &mut Sheet, row: u32, column: u32, text: String) -> Result<(), WorkbookError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if row >= self.limits.rows {
            return Err(WorkbookError::TooMuch("rows"));
        }
        if column >= self.limits.columns {
            return Err(WorkbookError::TooMuch("columns"));
        }
        self.text += text.len();
        if self.text > self.limits.text {
            return Err(WorkbookError::TooMuch("texts"));
        }
        let number = row + 1;
        let at = match sheet.rows.last() {
            Some((last, _)) if *last == number => sheet.rows.len() - 1,
            Some((last, _)) if *last > number => match sheet.rows.binary_search_by_key(&number, |(row, _)| *row) {
                Ok(at) => at,
                Err(at) => {
                    sheet.rows.insert(at, (number, Vec::new()));
                    at
                }
            },
            _ => {
                sheet.rows.push((number, Vec::new()));
                sheet.rows.len() - 1
            }
        };
        let cells = &mut sheet.rows[at].1;
        let column = column as usize;
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        Ok(())
    }
}

fn as_reference(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(value) => DataRef::SharedString(value),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(value) => DataRef::SharedString(value),
        Data::DurationIso(value) => DataRef::SharedString(value),
        Data::Error(_) | Data::Empty => DataRef::Empty,
    }
}

// Numbers without a fraction are whole, days have no time of day, and what failed to compute is blank.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => value.to_string(),
        DataRef::String(value) => value.clone(),
        DataRef::SharedString(value) => (*value).to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => value.clone(),
        DataRef::DateTime(value) => {
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match (value.as_f64() < 1.0, value.as_f64().fract() == 0.0) {
                (true, _) => time,
                (false, true) => format!("{year:04}-{month:02}-{day:02}"),
                (false, false) => format!("{year:04}-{month:02}-{day:02}T{time}"),
            }
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
