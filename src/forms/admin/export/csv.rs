//! Tables as CSV: one is a file by itself, several lie in a ZIP.
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cell::{Cell, harmless};

/// Writes tables as text.
pub struct Csv {
    files: Vec<(String, ::csv::Writer<Vec<u8>>)>,
}

impl Csv {
    /// Files with these names and headings.
    pub fn new(tables: &[(String, Vec<String>)]) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for (name, heads) in tables {
            // Spreadsheets take a text for one of their own country's code page unless it says what it is.
            let mut writer = ::csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
            writer.write_record(heads.iter().map(|head| harmless(head)))?;
            files.push((name.clone(), writer));
        }
        Ok(Self { files })
    }

    /// Adds a row.
    pub fn row(&mut self, table: usize, cells: &[Cell]) -> anyhow::Result<()> {
        let words = cells.iter().map(|cell| match cell {
            Cell::Blank => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Whole(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
        });
        Ok(self.files[table].1.write_record(words)?)
    }

    /// The bytes, their type and the ending of their name.
    pub fn finish(self) -> anyhow::Result<(Vec<u8>, &'static str, &'static str)> {
        let mut files = Vec::new();
        for (name, writer) in self.files {
            files.push((format!("{name}.csv"), writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?));
        }
        if files.len() == 1 {
            let bytes = files.pop().map(|(_, bytes)| bytes).unwrap_or_default();
            return Ok((bytes, "text/csv; charset=utf-8", "csv"));
        }
        Ok((zipped(&files)?, "application/zip", "zip"))
    }
}

/// Several files as one.
pub fn zipped(files: &[(String, Vec<u8>)]) -> anyhow::Result<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(name.as_str(), SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        out.write_all(bytes)?;
    }
    Ok(out.finish()?.into_inner())
}
