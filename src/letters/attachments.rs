//! Which notes and documents of the case travel with a referral. They never go by mail: they belong to the packet and need a consent that
//! names the section `attachments`. Keeping and opening them is the packet's (`referrals::attachments`).
use uuid::Uuid;

use crate::cases;
use crate::documents::{self, document::Document};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, NoteId};
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::referrals::attachments::Chosen;
use crate::web::Form;

/// The packet section that names them.
pub const SECTION: &str = "attachments";

/// A note that could be attached.
#[derive(Clone, Debug)]
pub struct NoteBrief {
    pub id: NoteId,
    pub kind: String,
    pub happened_at: chrono::DateTime<chrono::Utc>,
    pub begins: String,
    pub body: String,
}

/// The documents of a case that are in use, without what waits for the virus scan or is in quarantine, and without those of a record with parts that
/// stay with whoever works the case: its words never leave either.
pub async fn documents(work: &mut Work, case: CaseId) -> Result<Vec<Document>, Error> {
    documents::actions::leaving(work, case).await
}

/// The notes of a case that may be attached, in the letter's language: no stub, nothing that was corrected since, no safety action and no threat (S25).
pub async fn notes(work: &mut Work, lang: Lang, case: CaseId) -> Result<Vec<NoteBrief>, Error> {
    let all = cases::notes::list_in(work, lang, case, 100).await?;
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

/// The chosen records. One that is not the case's, or may not travel, is refused.
pub async fn chosen(
    work: &mut Work,
    lang: Lang,
    case: CaseId,
    (document_ids, note_ids): (&[Uuid], &[Uuid]),
) -> Result<Vec<Chosen>, Error> {
    let mut chosen = Vec::new();
    for id in document_ids {
        let (document, bytes) = documents::actions::open(work, case, DocumentId(*id)).await?;
        if document.guarded {
            return Err(invalid("document", "not_a_choice"));
        }
        let title = document.title.clone();
        chosen.push(Chosen { source: "document", source_id: *id, title, media_type: document.media_type, bytes });
    }
    if !note_ids.is_empty() {
        let known = notes(work, lang, case).await?;
        for id in note_ids {
            let note = known.iter().find(|note| note.id.0 == *id).ok_or_else(|| invalid("note", "not_a_choice"))?;
            let kind = text(lang, &format!("note-kind-{}", note.kind.replace('_', "-")));
            let title = format!("{kind}, {}", note.happened_at.with_timezone(&work.zone()).date_naive());
            let bytes = note.body.clone().into_bytes();
            chosen.push(Chosen { source: "note", source_id: *id, title, media_type: "text/plain".to_owned(), bytes });
        }
    }
    Ok(chosen)
}
