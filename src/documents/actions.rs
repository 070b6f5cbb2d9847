//! The verbs of documents.
use chrono::NaiveDate;

use super::document::{Document, KINDS, PHOTO, sniff};
use super::{jobs, store, strip};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId};
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
}

/// Adds a document to a case. Where a scanner is set it waits to be looked through.
pub async fn add(work: &mut Work, case: CaseId, new: NewDocument) -> Result<DocumentId, Error> {
    let NewDocument { kind, title, expires_on, bytes } = new;
    let kind = kind.as_str();
    let around = store::around(work, case).await?;
    work.may_in(Act::DocumentAdd, around.unit, Some(case)).await?;
    if !KINDS.contains(&kind) {
        return Err(invalid("kind", "not_a_choice"));
    }
    // No photo of a person in guarded cases (S18).
    if kind == PHOTO && around.sensitivity != Sensitivity::Standard {
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
    let bytes = store::read(work, &document).await?;
    work.record(Fact::DocumentOpened, About::case(case).with(id)).await?;
    Ok((document, bytes))
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
