//! The verbs of documents.
use chrono::NaiveDate;

use super::document::{Document, KINDS, OfRecord, PHOTO, sniff};
use super::{jobs, store, strip};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, RecordId};
use crate::platform::jobs::Job;
use crate::tasks;

/// A document to add.
#[derive(Debug, Clone, Default)]
pub struct NewDocument {
    /// One of [`KINDS`].
    pub kind: String,
    /// What it is, in the worker's words.
    pub title: String,
    /// When it runs out.
    pub expires_on: Option<NaiveDate>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The record that it belongs to.
    pub record: Option<OfRecord>,
}

/// Whether the photo of a person may be kept here: nowhere in a guarded case but with a record of tracing, under a consent of its own (S18).
pub async fn takes_photo(
    work: &mut Work,
    case: CaseId,
    sensitivity: Sensitivity,
    record: Option<OfRecord>,
) -> Result<bool, Error> {
    if sensitivity == Sensitivity::Standard {
        return Ok(true);
    }
    Ok(record.is_some_and(|of| of.tracing) && store::traced_by_consent(work, case).await?)
}

/// Adds a document to a case. Where a scanner is set it waits to be looked through.
pub async fn add(work: &mut Work, case: CaseId, new: NewDocument) -> Result<DocumentId, Error> {
    let NewDocument { kind, title, expires_on, bytes, record } = new;
    let kind = kind.as_str();
    let around = store::around(work, case).await?;
    work.may_in(Act::DocumentAdd, around.unit, Some(case)).await?;
    if !KINDS.contains(&kind) {
        return Err(invalid("kind", "not_a_choice"));
    }
    if kind == PHOTO && !takes_photo(work, case, around.sensitivity, record).await? {
        return Err(invalid("kind", "no_photo"));
    }
    let media_type = sniff(&bytes)?;
    // Nor a voice.
    if media_type.starts_with("audio/") && around.sensitivity != Sensitivity::Standard {
        return Err(invalid("file", "file_type"));
    }
    let bytes = strip::clean(media_type, bytes).ok_or_else(|| invalid("file", "picture_broken"))?;
    let (id, scanned) = (DocumentId::new(), work.ground().clamd.is_some());
    let document = Document {
        id,
        case_id: case,
        kind: kind.to_owned(),
        title,
        media_type: media_type.to_owned(),
        size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        file: format!("documents/{id}"),
        added_by_name: work.standing.name.clone(),
        recorded_at: work.now(),
        withdrawn_at: None,
        expires_on,
        scan: if scanned { "waiting" } else { "none" }.to_owned(),
        record: record.map(|of| of.root),
        guarded: record.is_some_and(|of| of.guarded),
    };
    store::insert(work, &document, &bytes).await?;
    if scanned {
        work.enqueue(Job::new(jobs::SCAN, Some(around.org), serde_json::json!({}))).await?;
    }
    work.record(Fact::DocumentAdded, About::case(case).with(id).note(serde_json::json!({ "kind": kind }))).await?;
    Ok(id)
}

/// Opens a document: its row and its bytes.
pub async fn open(work: &mut Work, case: CaseId, id: DocumentId) -> Result<(Document, Vec<u8>), Error> {
    let document = store::find(work, case, id).await?;
    work.may(Act::CaseRead)?;
    document.must_be_served()?;
    must_be_consented(work, &document).await?;
    let bytes = store::read(work, &document).await?;
    work.record(Fact::DocumentOpened, About::case(case).with(id)).await?;
    Ok((document, bytes))
}

// The photo of a person is in a guarded case for the search alone, and no longer than the consent to it lasts (S18).
async fn must_be_consented(work: &mut Work, document: &Document) -> Result<(), Error> {
    if document.kind != PHOTO || document.record.is_none() {
        return Ok(());
    }
    let around = store::around(work, document.case_id).await?;
    if around.sensitivity == Sensitivity::Standard || store::traced_by_consent(work, document.case_id).await? {
        return Ok(());
    }
    Err(Error::Conflict(Clash::State { state: "no_consent".to_owned(), code: "photo_without_consent" }))
}

/// The documents of a case that may leave it: looked through, and of no record with parts that stay with whoever works the case. The photo of a
/// person belongs to such a record where the case is guarded.
pub async fn leaving(work: &mut Work, case: CaseId) -> Result<Vec<Document>, Error> {
    let all = store::list(work, case, None).await?;
    Ok(all.into_iter().filter(|document| document.is_served() && !document.guarded).collect())
}

/// Takes the documents of a record along to the case that it is moved to (S28): kept there anew by whoever moves it, and looked through anew where
/// a scanner is set; withdrawn here. What is in quarantine goes nowhere: it is withdrawn. What may not be kept there is told beside the field `to`.
pub async fn carry(work: &mut Work, (from, root): (CaseId, RecordId), (to, record): (CaseId, OfRecord)) -> Result<(), Error> {
    for document in store::list(work, from, Some(root)).await? {
        take_along(work, document, (to, Some(record))).await?;
    }
    Ok(())
}

/// The same with one document; what it is on the other case, or nothing where it lay in quarantine.
pub async fn take_along(
    work: &mut Work,
    document: Document,
    (to, record): (CaseId, Option<OfRecord>),
) -> Result<Option<DocumentId>, Error> {
    let (from, id) = (document.case_id, document.id);
    let mut there = None;
    if !document.is_in_quarantine() {
        let bytes = store::read(work, &document).await?;
        let (kind, title, expires_on) = (document.kind, document.title, document.expires_on);
        there = match add(work, to, NewDocument { kind, title, expires_on, bytes, record }).await {
            Ok(new) => Some(new),
            Err(Error::Invalid(_)) => return Err(invalid("to", "document_not_kept_there")),
            Err(error) => return Err(error),
        };
    }
    withdraw(work, from, id).await?;
    Ok(there)
}

/// Withdraws a document that should not have been added; it is never erased.
pub async fn withdraw(work: &mut Work, case: CaseId, id: DocumentId) -> Result<(), Error> {
    let around = store::around(work, case).await?;
    work.may_in(Act::DocumentAdd, around.unit, Some(case)).await?;
    let document = store::find(work, case, id).await?;
    store::withdraw(work, &document).await?;
    for key in [store::expiry_key(id, 60), store::expiry_key(id, 14), format!("document_infected:{id}")] {
        tasks::actions::done_under(work, case, &key).await?;
    }
    work.record(Fact::DocumentWithdrawn, About::case(case).with(id)).await
}
