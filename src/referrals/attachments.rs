//! What travels in a packet beside its words: copies of notes and documents, each sealed with a key of its own, opened as the packet is and
//! never by mail (ADR 0006). Their keys go when the packet is closed for good (S4). Choosing them is the letter's (`letters::attachments`).
use anyhow::Context;
use axum::response::{IntoResponse, Response};
use http::header;
use uuid::Uuid;

use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::row::Referral;

const TITLE: &str = "referral_attachments.title";
const FILE: &str = "referral_attachments.file";

/// What is attached, opened, with its title in the language of whoever writes.
pub struct Chosen {
    /// `note` or `document`.
    pub source: &'static str,
    /// Of which record it is a copy.
    pub source_id: Uuid,
    /// What it is called.
    pub title: String,
    /// What its bytes were found to be.
    pub media_type: String,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// Copies the chosen records into the packet of a referral that has just been sent, each sealed with a key of its own.
pub async fn freeze(work: &mut Work, referral: &Referral, chosen: &[Chosen]) -> Result<(), Error> {
    for one in chosen {
        let id = Uuid::now_v7();
        let key = work.new_key(id, referral.case_id.map(|case| case.0)).await?;
        let file = format!("attachments/{id}");
        let path = work.ground().files.join(&file);
        crate::documents::store::write_file(&path, &key.seal(FILE, &one.bytes))
            .await
            .context("an attachment's file cannot be written")?;
        sqlx::query!(
            "insert into referral_attachments (id, referral_id, source, source_id, title, media_type, size_bytes, file)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id,
            referral.id.0,
            one.source,
            one.source_id,
            key.seal(TITLE, one.title.as_bytes()),
            one.media_type,
            i64::try_from(one.bytes.len()).unwrap_or(i64::MAX),
            file
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

/// An attachment as one side may read it now.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its id.
    pub id: Uuid,
    /// What it is called; it may name somebody, so it stands on pages and never in a file's name.
    pub title: String,
    /// What its bytes were found to be.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
    file: String,
}

/// What is attached to a referral, as far as the actor may open it now.
pub async fn list(work: &mut Work, referral: ReferralId) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query!(
        "select id, title, media_type, size_bytes, file from referral_attachments where referral_id = $1 order by recorded_at, id",
        referral.0
    )
    .fetch_all(work.db())
    .await?;
    let mut attachments = Vec::new();
    for row in rows {
        // A destroyed key reads as absent.
        let Ok(key) = work.attachment_key(row.id).await else { continue };
        let title = key.open_text(TITLE, &row.title)?;
        attachments.push(Attachment {
            id: row.id,
            title,
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            file: row.file,
        });
    }
    Ok(attachments)
}

/// Opens one attachment; that it was opened is a fact.
pub async fn open(work: &mut Work, referral: &Referral, id: Uuid, about: About) -> Result<(Attachment, Vec<u8>), Error> {
    let found = list(work, referral.id).await?.into_iter().find(|known| known.id == id).ok_or(Error::NotFound)?;
    let key = work.attachment_key(id).await?;
    let sealed = tokio::fs::read(work.ground().files.join(&found.file)).await.context("an attachment's file cannot be read")?;
    let bytes = key.open(FILE, &sealed)?;
    work.record(Fact::AttachmentOpened, about.with(id)).await?;
    Ok((found, bytes))
}

/// The file to be kept by whoever opened it, under a name that gives nothing away (S13).
pub fn download(code: &str, found: Attachment, bytes: Vec<u8>) -> Response {
    let ending = match found.media_type.as_str() {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "audio/wav" => "wav",
        "text/plain" => "txt",
        _ => "jpg",
    };
    let media_type = if ending == "txt" { "text/plain; charset=utf-8".to_owned() } else { found.media_type };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{code}.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
