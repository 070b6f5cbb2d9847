//! Tables as a spreadsheet, a sheet each. Rows are written to a file without a name as they come, so that a large one takes little memory.
//!
//! Days are days and numbers are numbers. A text stays as it was given: a cell of text is never run. One that begins like a formula is also
//! marked as text, so that it stays one when somebody edits it; the apostrophe itself is for CSV, which knows no kinds.
use std::path::Path;

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::cell::{Cell, Holds, harmless};

/// What a cell takes.
const LONGEST: usize = 32_000;

/// How a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As it comes.
    Plain,
    /// Days.
    Day,
    /// Days with a time, all by the clock of one place, which the heading names: spreadsheets know no zones.
    Moment,
    /// What the form worked out: a number where it is one.
    Computed,
}

impl Look {
    /// Of a column that holds this, and may be worked out.
    pub fn of(holds: Holds, is_computed: bool) -> Self {
        match holds {
            Holds::Day => Self::Day,
            Holds::Moment => Self::Moment,
            Holds::Text if is_computed => Self::Computed,
            Holds::Text | Holds::Whole | Holds::Number => Self::Plain,
        }
    }
}

/// Writes tables as sheets.
pub struct Xlsx {
    workbook: Workbook,
    rows: Vec<u32>,
    looks: Vec<Vec<Look>>,
    zone: Tz,
    day: Format,
    moment: Format,
    marked: Format,
}

impl Xlsx {
    /// Sheets with these names and headings; what is written lies beside the sealed files until the end, where nobody else reads.
    pub fn new(tables: &[(String, Vec<String>)], looks: Vec<Vec<Look>>, zone: Tz, folder: &Path) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let bold = Format::new().set_bold();
        for ((name, heads), looks) in tables.iter().zip(&looks) {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(name)?;
            sheet.set_freeze_panes(1, 0)?;
            for (column, head) in heads.iter().enumerate() {
                let is_moment = looks.get(column) == Some(&Look::Moment);
                let head = if is_moment { format!("{head} ({zone})") } else { head.clone() };
                sheet.write_string_with_format(0, u16::try_from(column)?, shown(&head), &bold)?;
            }
        }
        Ok(Self {
            workbook,
            rows: vec![1; tables.len()],
            looks,
            zone,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            marked: Format::new().set_quote_prefix(),
        })
    }

    /// Adds a row.
    pub fn row(&mut self, table: usize, cells: &[Cell]) -> anyhow::Result<()> {
        let sheet = self.workbook.worksheet_from_index(table)?;
        let row = self.rows[table];
        for (column, cell) in cells.iter().enumerate() {
            let look = self.looks.get(table).and_then(|looks| looks.get(column)).copied().unwrap_or(Look::Plain);
            let column = u16::try_from(column)?;
            match cell {
                Cell::Blank => {}
                // Whole numbers of forms have at most nine digits.
                Cell::Whole(number) => {
                    sheet.write_number(row, column, *number as f64)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                Cell::Text(text) => match meant(text, look, self.zone) {
                    Meant::Number(number) => {
                        sheet.write_number(row, column, number)?;
                    }
                    Meant::Day(day) => {
                        sheet.write_datetime_with_format(row, column, &day, &self.day)?;
                    }
                    Meant::Moment(moment) => {
                        sheet.write_datetime_with_format(row, column, &moment, &self.moment)?;
                    }
                    Meant::Text if harmless(text) != *text => {
                        sheet.write_string_with_format(row, column, shown(text), &self.marked)?;
                    }
                    Meant::Text => {
                        sheet.write_string(row, column, shown(text))?;
                    }
                },
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

enum Meant {
    Text,
    Number(f64),
    Day(ExcelDateTime),
    Moment(ExcelDateTime),
}

// What does not fit its column stays a text, and so does a day before spreadsheets can count.
fn meant(text: &str, look: Look, zone: Tz) -> Meant {
    match look {
        Look::Plain => Meant::Text,
        Look::Day => day(text).map_or(Meant::Text, Meant::Day),
        Look::Moment => moment(text, zone).map_or(Meant::Text, Meant::Moment),
        Look::Computed => number(text).map_or(Meant::Text, Meant::Number),
    }
}

fn day(text: &str) -> Option<ExcelDateTime> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    date(day)
}

fn date(day: NaiveDate) -> Option<ExcelDateTime> {
    let (year, month, day) = (u16::try_from(day.year()).ok()?, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn moment(text: &str, zone: Tz) -> Option<ExcelDateTime> {
    let local = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&zone).naive_local();
    let (hour, minute) = (u16::try_from(local.hour()).ok()?, u8::try_from(local.minute()).ok()?);
    date(local.date())?.and_hms(hour, minute, f64::from(local.second())).ok()
}

// A code such as 0079 or a long number is no number to count with.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.len() <= 15;
    let leads = digits.starts_with('0') && digits.len() > 1 && !digits.starts_with("0.");
    if plain && !leads && digits.starts_with(|c: char| c.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn shown(text: &str) -> String {
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain(['…']).collect() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_what_is_worked_out_are_no_texts_and_codes_stay_texts() {
        let is = |text: &str, look| match meant(text, look, chrono_tz::UTC) {
            Meant::Text => "text",
            Meant::Number(_) => "number",
            Meant::Day(_) => "day",
            Meant::Moment(_) => "moment",
        };
        assert_eq!(is("2026-11-27", Look::Day), "day");
        assert_eq!(is("2026-11-27", Look::Plain), "text");
        assert_eq!(is("1812-01-01", Look::Day), "text");
        assert_eq!(is("2026-11-27T10:00:00+02:00", Look::Moment), "moment");
        // The same moment is the same cell, whichever clock wrote it down.
        let local = |text: &str| moment(text, chrono_tz::Asia::Amman).map(|at| at.to_excel());
        assert_eq!(local("2026-11-26T22:00:00.000Z"), local("2026-11-27T01:00:00.000+03:00"));
        for (text, kind) in
            [("12.5", "number"), ("-3", "number"), ("0", "number"), ("0791234567", "text"), ("=1", "text"), ("", "text")]
        {
            assert_eq!(is(text, Look::Computed), kind, "{text}");
        }
    }
}
