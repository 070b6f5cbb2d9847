//! Tables as a spreadsheet, a sheet each. Rows are written to a file without a name as they come, so that a large one takes little memory.
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook};

use super::cell::{Cell, harmless};

/// What a cell takes.
const LONGEST: usize = 32_000;

/// Writes tables as sheets.
pub struct Xlsx {
    workbook: Workbook,
    rows: Vec<u32>,
}

impl Xlsx {
    /// Sheets with these names and headings; what is written lies beside the sealed files until the end, where nobody else reads.
    pub fn new(tables: &[(String, Vec<String>)], folder: &Path) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let bold = Format::new().set_bold();
        for (name, heads) in tables {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(name)?;
            sheet.set_freeze_panes(1, 0)?;
            for (column, head) in heads.iter().enumerate() {
                sheet.write_string_with_format(0, u16::try_from(column)?, shown(head), &bold)?;
            }
        }
        Ok(Self { workbook, rows: vec![1; tables.len()] })
    }

    /// Adds a row.
    pub fn row(&mut self, table: usize, cells: &[Cell]) -> anyhow::Result<()> {
        let sheet = self.workbook.worksheet_from_index(table)?;
        let row = self.rows[table];
        for (column, cell) in cells.iter().enumerate() {
            let column = u16::try_from(column)?;
            match cell {
                Cell::Blank => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, shown(text))?;
                }
                // Whole numbers of forms have at most nine digits.
                Cell::Whole(number) => {
                    sheet.write_number(row, column, *number as f64)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
            }
        }
        self.rows[table] += 1;
        Ok(())
    }

    /// The bytes, their type and the ending of their name.
    pub fn finish(mut self) -> anyhow::Result<(Vec<u8>, &'static str, &'static str)> {
        let bytes = self.workbook.save_to_buffer()?;
        Ok((bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"))
    }
}

// A text in a sheet is no formula, but becomes one as soon as somebody saves the sheet as CSV.
fn shown(text: &str) -> String {
    let text = harmless(text);
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain(['…']).collect() } else { text }
}
