//! A list as a file that spreadsheets open.
use axum::response::{IntoResponse, Response};
use http::header;

use crate::error::Error;

/// The file: one line of heads, and one for each row.
pub fn as_csv(heads: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Response, Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(heads).map_err(anyhow::Error::from)?;
    for row in rows {
        file.write_record(row.into_iter().map(harmless)).map_err(anyhow::Error::from)?;
    }
    let bytes = file.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"list.csv\"")];
    Ok((headers, bytes).into_response())
}

// A cell that begins like a formula would run in a spreadsheet.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell }
}
