//! Tables as Parquet, for statistics: typed columns, values as they are. One table is a file by itself, several lie in a ZIP.
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

/// Writes tables column by column.
pub struct Parquet {
    files: Vec<File>,
}

struct File {
    name: String,
    holds: Vec<Holds>,
    rows: Vec<Vec<Cell>>,
    writer: SerializedFileWriter<Vec<u8>>,
}

impl Parquet {
    /// Files with these names and columns.
    pub fn new(tables: &[(String, Vec<String>)], holds: Vec<Vec<Holds>>) -> anyhow::Result<Self> {
        let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
        let mut files = Vec::new();
        for ((name, heads), holds) in tables.iter().zip(holds) {
            let fields: Result<Vec<_>, _> =
                heads.iter().zip(&holds).map(|(head, holds)| field(head, *holds).map(Arc::new)).collect();
            let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields?).build()?);
            let writer = SerializedFileWriter::new(Vec::new(), schema, properties.clone())?;
            files.push(File { name: name.clone(), holds, rows: Vec::new(), writer });
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
        for (column, holds) in self.holds.iter().enumerate() {
            let Some(mut writer) = group.next_column()? else { anyhow::bail!("a table has more columns than its file") };
            write(&mut writer, *holds, rows.iter().map(|row| row.get(column).unwrap_or(&Cell::Blank)))?;
            writer.close()?;
        }
        group.close()?;
        Ok(())
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
        assert!(rows[0].starts_with("{since: 1970-01-02, at: 1970-01-02 12:00:00"), "{}", rows[0]);
        assert_eq!(rows[1], "{since: null, at: null}");
    }

    #[test]
    fn a_table_becomes_a_file_that_begins_and_ends_as_parquet_does() {
        let tables = [("answers".to_owned(), vec!["key".to_owned(), "rooms".to_owned()])];
        let mut out = Parquet::new(&tables, vec![vec![Holds::Text, Holds::Whole]]).expect("a file");
        out.row(0, vec![Cell::text("=1"), Cell::Whole(3)]).expect("a row");
        out.row(0, vec![Cell::text("b"), Cell::Blank]).expect("a row");
        let (bytes, _, ending) = out.finish().expect("it ends");
        assert_eq!((ending, &bytes[..4], &bytes[bytes.len() - 4..]), ("parquet", &b"PAR1"[..], &b"PAR1"[..]));
        let path = std::env::temp_dir().join(format!("throughcare-test-{}.parquet", uuid::Uuid::now_v7()));
        std::fs::write(&path, bytes).expect("it is written");
        let read = SerializedFileReader::new(std::fs::File::open(&path).expect("it is there")).expect("it is Parquet");
        let rows: Vec<String> = read.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        std::fs::remove_file(&path).expect("it goes");
        assert_eq!(rows, ["{key: \"=1\", rooms: 3}", "{key: \"b\", rooms: null}"]);
    }
}
