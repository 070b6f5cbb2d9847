//! Notes and documents of the case that travel with a referral. They never go by mail: they belong to the packet, need a consent that names
//! the section `attachments`, open for the receiver when the packet does, and their keys go when it is closed for good (S4).
use anyhow::Context;
use uuid::Uuid;

use crate::audit::{About, Fact};
use crate::cases;
use crate::documents::{self, document::Document};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, NoteId, ReferralId};
use crate::platform::text::text;
use crate::referrals::row::Referral;
use crate::web::Form;

/// The packet section that names them.
pub const SECTION: &str = "attachments";
const TITLE: &str = "referral_attachments.title";
const FILE: &str = "referral_attachments.file";

/// A note that could be attached.
#[derive(Clone, Debug)]
pub struct NoteBrief {
    pub id: NoteId,
    pub kind: String,
    pub happened_at: chrono::DateTime<chrono::Utc>,
    pub begins: String,
    pub body: String,
}

/// The documents of a case that are in use.
pub async fn documents(work: &mut Work, case: CaseId) -> Result<Vec<Document>, Error> {
    documents::store::list(work, case).await
}

/// The notes of a case that may be attached: no stub, nothing that was corrected since, no safety action and no threat (S25).
pub async fn notes(work: &mut Work, case: CaseId) -> Result<Vec<NoteBrief>, Error> {
    let all = cases::notes::list(work, case, 100).await?;
    let corrected: Vec<NoteId> = all.iter().filter_map(|note| note.corrects).collect();
    let brief = |note: &cases::note::Note| {
        let body = note.body.clone()?;
        let fits = !corrected.contains(&note.id) && !matches!(note.kind.as_str(), "safety_action" | "threat" | "risk");
        let begins = body.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        fits.then(|| NoteBrief { id: note.id, kind: note.kind.clone(), happened_at: note.happened_at, begins, body })
    };
    Ok(all.iter().filter_map(brief).take(30).collect())
}

/// The referral's draft with the section of attachments in it, so that consent is asked for them like for any other section.
pub fn announced(form: &Form, titles: &[String]) -> Form {
    let mut form = form.clone();
    let mut sections: Vec<String> = form.all("sections").iter().filter(|section| *section != SECTION).cloned().collect();
    if !titles.is_empty() {
        sections.push(SECTION.to_owned());
        form.set("text_attachments", titles.join("\n"));
    }
    form.set_all("sections", sections);
    form
}

/// What is attached, opened, with its title in the language of whoever writes.
pub struct Chosen {
    pub source: &'static str,
    pub source_id: Uuid,
    pub title: String,
    media_type: String,
    bytes: Vec<u8>,
}

/// The chosen records. One that is not the case's, or may not travel, is refused.
pub async fn chosen(work: &mut Work, case: CaseId, document_ids: &[Uuid], note_ids: &[Uuid]) -> Result<Vec<Chosen>, Error> {
    let mut chosen = Vec::new();
    for id in document_ids {
        let (document, bytes) = documents::actions::open(work, case, DocumentId(*id)).await?;
        let title = document.title.clone();
        chosen.push(Chosen { source: "document", source_id: *id, title, media_type: document.media_type, bytes });
    }
    if !note_ids.is_empty() {
        let known = notes(work, case).await?;
        for id in note_ids {
            let note = known.iter().find(|note| note.id.0 == *id).ok_or_else(|| invalid("note", "not_a_choice"))?;
            let kind = text(work.lang(), &format!("note-kind-{}", note.kind.replace('_', "-")));
            let title = format!("{kind}, {}", note.happened_at.with_timezone(&work.zone()).date_naive());
            let bytes = note.body.clone().into_bytes();
            chosen.push(Chosen { source: "note", source_id: *id, title, media_type: "text/plain".to_owned(), bytes });
        }
    }
    Ok(chosen)
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
    pub id: Uuid,
    pub title: String,
    pub media_type: String,
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
pub async fn open(work: &mut Work, referral: &Referral, id: Uuid) -> Result<(Attachment, Vec<u8>), Error> {
    let found = list(work, referral.id).await?.into_iter().find(|known| known.id == id).ok_or(Error::NotFound)?;
    let key = work.attachment_key(id).await?;
    let sealed = tokio::fs::read(work.ground().files.join(&found.file)).await.context("an attachment's file cannot be read")?;
    let bytes = key.open(FILE, &sealed)?;
    work.record(Fact::AttachmentOpened, About::referral(referral.id).with(id).between(referral.orgs())).await?;
    Ok((found, bytes))
}
