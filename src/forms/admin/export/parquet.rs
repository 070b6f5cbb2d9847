//! Tables as Parquet, for statistics: typed columns, values as they are. One table is a file by itself, several lie in a ZIP.
//!
//! Beside each column that holds no texts stands another, `…_text`, with the words of what such a column can't hold: a number that is none, the
//! hour behind a day. It is there in every file, whatever was answered, so that a program finds the same columns each time.
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::cell::{Cell, Holds};
use super::csv::zipped;

/// So many rows make a group, which is written at once.
const GROUP: usize = 5_000;

// A column of a file: the cell of a row that it is made of, and how.
struct Column {
    cell: usize,
    holds: Holds,
    /// It has what the column before it can't hold.
    is_rest: bool,
}

/// Writes tables column by column.
pub struct Parquet {
    files: Vec<File>,
}

struct File {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl Parquet {
    /// Files with these names and columns.
    pub fn new(tables: &[(String, Vec<String>)], holds: Vec<Vec<Holds>>) -> anyhow::Result<Self> {
        let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
        let mut files = Vec::new();
        for ((name, heads), holds) in tables.iter().zip(holds) {
            let (mut columns, mut fields) = (Vec::new(), Vec::new());
            for (cell, (head, holds)) in heads.iter().zip(holds).enumerate() {
                fields.push(Arc::new(field(head, holds)?));
                columns.push(Column { cell, holds, is_rest: false });
                if holds != Holds::Text {
                    fields.push(Arc::new(field(&beside(head, heads), Holds::Text)?));
                    columns.push(Column { cell, holds, is_rest: true });
                }
            }
            let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
            let writer = SerializedFileWriter::new(Vec::new(), schema, properties.clone())?;
            files.push(File { name: name.clone(), columns, rows: Vec::new(), writer });
        }
        Ok(Self { files })
    }

    /// Adds a row.
    pub fn row(&mut self, table: usize, cells: Vec<Cell>) -> anyhow::Result<()> {
        let file = &mut self.files[table];
        file.rows.push(cells);
        if file.rows.len() >= GROUP { file.flush() } else { Ok(()) }
    }

    /// The bytes, their type and the ending of their name.
    pub fn finish(self) -> anyhow::Result<(Vec<u8>, &'static str, &'static str)> {
        let mut files = Vec::new();
        for mut file in self.files {
            file.flush()?;
            files.push((format!("{}.parquet", file.name), file.writer.into_inner()?));
        }
        if files.len() == 1 {
            let bytes = files.pop().map(|(_, bytes)| bytes).unwrap_or_default();
            return Ok((bytes, "application/vnd.apache.parquet", "parquet"));
        }
        Ok((zipped(&files)?, "application/zip", "zip"))
    }
}

impl File {
    fn flush(&mut self) -> anyhow::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &self.columns {
            let Some(mut writer) = group.next_column()? else { anyhow::bail!("a table has more columns than its file") };
            let cells = rows.iter().map(|row| row.get(column.cell).unwrap_or(&Cell::Blank));
            if column.is_rest {
                let blank = Cell::Blank;
                write(&mut writer, Holds::Text, cells.map(|cell| if fits(cell, column.holds) { &blank } else { cell }))?;
            } else {
                write(&mut writer, column.holds, cells)?;
            }
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

// What the column beside another is called; no question's own name.
fn beside(head: &str, heads: &[String]) -> String {
    let mut name = format!("{head}_text");
    while heads.contains(&name) {
        name.push('_');
    }
    name
}

// Whether a column of that kind holds the whole of a cell.
fn fits(cell: &Cell, holds: Holds) -> bool {
    match (cell, holds) {
        (Cell::Blank, _)
        | (_, Holds::Text)
        | (Cell::Whole(_), Holds::Whole | Holds::Number)
        | (Cell::Number(_), Holds::Number) => true,
        (Cell::Text(text), Holds::Day) => text.len() == 10 && day(text).is_some(),
        // Which of all clocks showed a time that does not say so, nobody knows.
        (Cell::Text(text), Holds::Moment) => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => false,
    }
}

fn field(name: &str, holds: Holds) -> Result<Type, parquet::errors::ParquetError> {
    let (physical, logical) = match holds {
        Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Holds::Whole => (Physical::INT64, None),
        Holds::Number => (Physical::DOUBLE, None),
        Holds::Day => (Physical::INT32, Some(LogicalType::Date)),
        Holds::Moment => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build()
}

fn write<'c>(writer: &mut SerializedColumnWriter<'_>, holds: Holds, cells: impl Iterator<Item = &'c Cell>) -> anyhow::Result<()> {
    let mut there = Vec::new();
    match holds {
        Holds::Text => {
            let values: Vec<ByteArray> = present(cells, &mut there, |cell| match cell {
                Cell::Blank => None,
                Cell::Text(text) => Some(ByteArray::from(text.as_str())),
                Cell::Whole(number) => Some(ByteArray::from(number.to_string().as_str())),
                Cell::Number(number) => Some(ByteArray::from(number.to_string().as_str())),
            });
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&there), None)?;
        }
        Holds::Whole => {
            let values: Vec<i64> =
                present(cells, &mut there, |cell| if let Cell::Whole(number) = cell { Some(*number) } else { None });
            writer.typed::<Int64Type>().write_batch(&values, Some(&there), None)?;
        }
        Holds::Number => {
            let values: Vec<f64> = present(cells, &mut there, |cell| match cell {
                Cell::Whole(number) => Some(*number as f64),
                Cell::Number(number) => Some(*number),
                Cell::Blank | Cell::Text(_) => None,
            });
            writer.typed::<DoubleType>().write_batch(&values, Some(&there), None)?;
        }
        Holds::Day => {
            let values: Vec<i32> = present(cells, &mut there, |cell| if let Cell::Text(text) = cell { day(text) } else { None });
            writer.typed::<Int32Type>().write_batch(&values, Some(&there), None)?;
        }
        Holds::Moment => {
            let values: Vec<i64> =
                present(cells, &mut there, |cell| if let Cell::Text(text) = cell { moment(text) } else { None });
            writer.typed::<Int64Type>().write_batch(&values, Some(&there), None)?;
        }
    }
    Ok(())
}

// Days since 1 January 1970. Some devices write the offset behind a day.
fn day(text: &str) -> Option<i32> {
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

// Microseconds since then. Without an offset a time is taken as one in UTC.
fn moment(text: &str) -> Option<i64> {
    let told = DateTime::parse_from_rfc3339(text).map(|at| at.timestamp_micros());
    let bare = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|at| at.and_utc().timestamp_micros());
    told.or_else(|_| bare()).ok()
}

// The values that are there, and for each cell whether one is.
fn present<'c, T>(cells: impl Iterator<Item = &'c Cell>, there: &mut Vec<i16>, value: impl Fn(&Cell) -> Option<T>) -> Vec<T> {
    let mut values = Vec::new();
    for cell in cells {
        let found = value(cell);
        there.push(i16::from(found.is_some()));
        values.extend(found);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn days_and_moments_are_told_as_such() {
        assert_eq!((day("1970-01-02"), day("2026-11-27+02:00"), day("soon"), day("")), (Some(1), Some(20_784), None, None));
        let noon = moment("1970-01-02T14:00:00.000+02:00");
        assert_eq!((noon, moment("1970-01-02T12:00:00"), moment("noon")), (Some(129_600_000_000), noon, None));
        let tables = [("answers".to_owned(), vec!["since".to_owned(), "at".to_owned()])];
        let mut out = Parquet::new(&tables, vec![vec![Holds::Day, Holds::Moment]]).expect("a file");
        out.row(0, vec![Cell::text("1970-01-02"), Cell::text("1970-01-02T12:00:00Z")]).expect("a row");
        out.row(0, vec![Cell::Blank, Cell::text("later")]).expect("a row");
        let (bytes, ..) = out.finish().expect("it ends");
        let path = std::env::temp_dir().join(format!("throughcare-test-{}.parquet", uuid::Uuid::now_v7()));
        std::fs::write(&path, bytes).expect("it is written");
        let read = SerializedFileReader::new(std::fs::File::open(&path).expect("it is there")).expect("it is Parquet");
        let rows: Vec<String> = read.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        std::fs::remove_file(&path).expect("it goes");
        assert!(rows[0].starts_with("{since: 1970-01-02, since_text: null, at: 1970-01-02 12:00:00"), "{}", rows[0]);
        assert_eq!(rows[1], "{since: null, since_text: null, at: null, at_text: \"later\"}");
    }

    #[test]
    fn nothing_that_was_answered_is_lost() {
        let lost = |text: &str, holds| !fits(&Cell::of(text, holds), holds);
        assert!(lost("three", Holds::Whole) && lost("7.5", Holds::Whole) && lost("1,5", Holds::Number));
        assert!(
            lost("31/02/2026", Holds::Day) && lost("2026-11-27+02:00", Holds::Day) && lost("2026-11-27T10:00:00", Holds::Moment)
        );
        for (text, holds) in [
            ("", Holds::Whole),
            ("3", Holds::Whole),
            ("3", Holds::Number),
            ("2026-11-27", Holds::Day),
            ("2026-11-27T10:00:00+02:00", Holds::Moment),
            ("words", Holds::Text),
        ] {
            assert!(!lost(text, holds), "{text}");
        }
        assert_eq!(beside("a", &["a".to_owned(), "a_text".to_owned()]), "a_text_");
    }

    #[test]
    fn a_table_becomes_a_file_that_begins_and_ends_as_parquet_does() {
        let tables = [("answers".to_owned(), vec!["key".to_owned(), "rooms".to_owned()])];
        let mut out = Parquet::new(&tables, vec![vec![Holds::Text, Holds::Whole]]).expect("a file");
        out.row(0, vec![Cell::text("=1"), Cell::Whole(3)]).expect("a row");
        out.row(0, vec![Cell::text("b"), Cell::Blank]).expect("a row");
        out.row(0, vec![Cell::text("c"), Cell::of("three", Holds::Whole)]).expect("a row");
        let (bytes, _, ending) = out.finish().expect("it ends");
        assert_eq!((ending, &bytes[..4], &bytes[bytes.len() - 4..]), ("parquet", &b"PAR1"[..], &b"PAR1"[..]));
        let path = std::env::temp_dir().join(format!("throughcare-test-{}.parquet", uuid::Uuid::now_v7()));
        std::fs::write(&path, bytes).expect("it is written");
        let read = SerializedFileReader::new(std::fs::File::open(&path).expect("it is there")).expect("it is Parquet");
        let rows: Vec<String> = read.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        std::fs::remove_file(&path).expect("it goes");
        assert_eq!(
            rows,
            [
                "{key: \"=1\", rooms: 3, rooms_text: null}",
                "{key: \"b\", rooms: null, rooms_text: null}",
                "{key: \"c\", rooms: null, rooms_text: \"three\"}"
            ]
        );
    }
}
