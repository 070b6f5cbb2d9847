//! A document, and what may be one.
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Clash, Error, invalid};
use crate::platform::ids::{CaseId, DocumentId, RecordId};

/// The kinds of documents.
pub const KINDS: &[&str] = &["identity", "certificate", "medical", "court", "report", "consent", "letter", "photo", "other"];

/// The kind that shows a person; not kept in guarded cases (S18).
pub const PHOTO: &str = "photo";

/// The record that a document belongs to.
#[derive(Debug, Clone, Copy)]
pub struct OfRecord {
    /// What the record is called by.
    pub root: RecordId,
    /// It has parts that stay with whoever works the case, and so do its documents.
    pub guarded: bool,
    /// It tells of a search for family: the one place of a guarded case where the photo of a person may be (S18).
    pub tracing: bool,
}

/// A document with its title opened.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// One of [`KINDS`].
    pub kind: String,
    /// What it is, in the worker's words.
    pub title: String,
    /// Its type, found by its bytes.
    pub media_type: String,
    /// Its size as kept.
    pub size_bytes: i64,
    /// The name of its sealed file.
    pub file: String,
    /// Who added it.
    pub added_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When it runs out.
    pub expires_on: Option<NaiveDate>,
    /// `none` where no scanner was set, `waiting`, `clean` or `infected`.
    pub scan: String,
    /// The record that it belongs to.
    pub record: Option<RecordId>,
    /// That record has parts that stay with whoever works the case.
    pub guarded: bool,
}

impl Document {
    /// It may be opened and sent on: nothing waits, and nothing was found.
    pub fn is_served(&self) -> bool {
        matches!(self.scan.as_str(), "none" | "clean")
    }

    /// Something was found in it.
    pub fn is_in_quarantine(&self) -> bool {
        self.scan == "infected"
    }

    /// Refuses what waits to be looked through, and what is in quarantine.
    pub(super) fn must_be_served(&self) -> Result<(), Error> {
        if self.is_served() {
            return Ok(());
        }
        let code = if self.is_in_quarantine() { "document_infected" } else { "document_waiting" };
        Err(Error::Conflict(Clash::State { state: format!("scan_{}", self.scan), code }))
    }

    /// The address at which it is opened.
    pub fn path(&self) -> String {
        format!("/cases/{}/documents/{}", self.case_id, self.id)
    }

    /// A name for the file that gives nothing away (S13).
    pub fn file_name(&self) -> String {
        let ending = match self.media_type.as_str() {
            "application/pdf" => "pdf",
            "image/png" => "png",
            "audio/wav" => "wav",
            _ => "jpg",
        };
        format!("document.{ending}")
    }
}

/// The media type of these bytes, if it is one that is taken.
pub fn sniff(bytes: &[u8]) -> Result<&'static str, Error> {
    if bytes.is_empty() {
        return Err(invalid("file", "required"));
    }
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/pdf") => Ok("application/pdf"),
        Some("image/jpeg") => Ok("image/jpeg"),
        Some("image/png") => Ok("image/png"),
        Some("audio/x-wav") => Ok("audio/wav"),
        _ => Err(invalid("file", "file_type")),
    }
}
