//! An XLSForm written as a table of text: the first column names the sheet that begins there, the rows below leave it blank.
//!
//! Separated by commas, semicolons or tabs, as spreadsheets save them in different countries.
use xforms::problem::Problem;
use xforms::xlsform::{Sheet, Workbook};

use super::reading::mistake;

const MOST_ROWS: usize = 100_000;
const MOST_COLUMNS: usize = 500;
const SHEETS: &[&str] = &["survey", "choices", "settings", "external_choices", "entities"];

/// The table as a workbook; rows keep the numbers that they have in the file.
pub(super) fn workbook(text: &str) -> Result<Workbook, Problem> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|c| first.bytes().filter(|byte| byte == c).count()).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut workbook = Workbook::default();
    for (at, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            return Err(mistake(
                "damaged-file",
                "The table can't be read as text in UTF-8.",
                "Save it anew as CSV in UTF-8, or as .xlsx.",
            ));
        };
        if at >= MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(mistake(
                "too-large",
                "The table has too many rows or columns.",
                "Take out what is not part of the form.",
            ));
        }
        let line = record.position().map_or(0, |place| line(text, place));
        let name = record.get(0).unwrap_or_default().trim();
        let cells: Vec<String> = record.iter().skip(1).map(ToOwned::to_owned).collect();
        let known = SHEETS.iter().any(|sheet| name.eq_ignore_ascii_case(sheet));
        if known {
            workbook.sheets.push(Sheet { name: name.to_owned(), rows: Vec::new() });
        }
        if let Some(sheet) = workbook.sheets.last_mut()
            && (known || name.is_empty())
            && cells.iter().any(|cell| !cell.trim().is_empty())
        {
            sheet.rows.push((line, cells));
        }
    }
    // Where the name of a sheet stands in a row of its own, the next row holds the headings.
    workbook.sheets.retain(|sheet| !sheet.rows.is_empty());
    Ok(workbook)
}

// A quoted cell may hold several lines: the line where the row begins is what people find again. The reader passes over blank lines
// without counting them to the row that follows.
fn line(text: &str, place: &csv::Position) -> u32 {
    let start = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    u32::try_from(place.line()).unwrap_or(u32::MAX).saturating_add(u32::try_from(blank).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_names_the_sheet_and_rows_keep_their_numbers() {
        let text = "survey;type;name\n;text;a\n\n;note;\"two\nlines\"\nsettings;form_id\n;f\n";
        let workbook = workbook(text).expect("a table");
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["survey", "settings"]);
        let rows: Vec<u32> = workbook.sheets[0].rows.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [1, 2, 4]);
        assert_eq!(workbook.sheets[1].rows[1], (7, vec!["f".to_owned()]));
    }
}
