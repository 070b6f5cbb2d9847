//! Answers as a file: CSV, a spreadsheet or Parquet; with codes or with labels of a language; one table for the copies and one for each
//! repeat, joined by keys.
//!
//! Whoever asks gets the copies on cases that they see now, of their own organisation and of no restricted type. Names and
//! places on the map go only where somebody with the right to them asks, and never of protected cases (S13, S18). A thousand copies are
//! made while one waits; more in a *job* that reads under the asker's own rights and is kept, sealed, for a day.
//! Invariants. Each export is a fact that names the cases. Cells that a spreadsheet would run are made harmless.
mod api;
mod cell;
mod columns;
mod csv;
pub mod jobs;
mod make;
mod pages;
mod parquet;
mod rows;
mod store;
mod wanted;
mod withheld;
mod xlsx;

use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Routes;

/// So many copies are made into a file while one waits.
const AT_ONCE: i64 = 1_000;
/// No file holds more copies.
const MOST_COPIES: i64 = 20_000;
/// No table of a file has more rows.
const MOST_ROWS: usize = 200_000;
/// No file holds more text, in bytes.
const MOST_TEXT: usize = 64 * 1024 * 1024;

/// The actor may take answers away in a file: who reads cases and their figures.
pub fn may(work: &Work) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    work.may(Act::ReportLoop)
}

/// The actor may have names in it: who answers for a caseload.
fn may_names(work: &Work) -> Result<(), Error> {
    work.may(Act::CaseAssign)
}

/// The pages and calls.
pub(super) fn routes() -> Routes {
    pages::routes().and(api::routes())
}
