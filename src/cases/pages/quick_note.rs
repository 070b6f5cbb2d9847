//! A note from a phone: one large field, one tap away from My day and from the case; and pinning a note to the top of its case.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::fields::facts;
use crate::access::Act;
use crate::audit::About;
use crate::cases::note::{self, NewNote};
use crate::cases::{Case, actions, beside, list, store};
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NoteId};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "cases/html/quick_note.html")]
struct Quick {
    p: Page,
    form: Form,
    back: String,
    cases: Vec<Choice>,
    kinds: Vec<Choice>,
    facts: Vec<(String, String)>,
}

/// GET /quick-note?case=
pub(super) async fn new(mut work: Work, Query(mut query): Query) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    if !query.filled("kind") {
        query.set("kind", "note");
    }
    let (page, seen) = page(&mut work, query).await?;
    work.show(About::subjects(seen), page).await
}

/// POST /quick-note
pub(super) async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let case: Option<CaseId> = form.parsed("case");
    let kind = form.one_of("kind", note::KINDS.iter().copied());
    let body = form.text("body", note::MOST_CHARACTERS);
    let written = match form.check() {
        Ok(()) => {
            let note = NewNote { prior_consent: form.ticked("prior_consent"), ..NewNote::of(&kind, &body) };
            write(&mut work, case.ok_or(Error::NotFound)?, &note).await
        }
        Err(error) => Err(error),
    };
    match written {
        Ok(path) => work.then(&path, "case-notes-done").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let (page, _) = page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn write(work: &mut Work, case: CaseId, note: &NewNote) -> Result<String, Error> {
    let case = noted(work, case).await?;
    let path = case.path();
    actions::write_note(work, case, note.clone()).await?;
    Ok(path)
}

/// The case that a note is written on. Of one that was handed over meanwhile its former side, which keeps a receipt, is told so.
pub(super) async fn noted(work: &mut Work, id: CaseId) -> Result<Case, Error> {
    match store::find(work, id).await {
        Err(Error::NotFound) if beside::went_away(work, id).await? => {
            Err(Error::Conflict(Clash::State { state: "handed_over".to_owned(), code: "case_moved_away" }))
        }
        found => found,
    }
}

// One's own open cases, and the one that was come from.
async fn page(work: &mut Work, form: Form) -> Result<(Quick, Vec<Uuid>), Error> {
    let from = form.value("case").parse::<CaseId>().ok();
    let own = list::own_open(work, from).await?;
    let p = Page::titled(work, "quick-note-title").await?;
    let seen = own.iter().map(|(id, _)| id.0).collect();
    let back = own.iter().find(|(id, _)| Some(*id) == from).map_or_else(|| "/".to_owned(), |(id, _)| format!("/cases/{id}"));
    let quick = Quick {
        cases: own.into_iter().map(|(id, words)| Choice::new(id.to_string(), words)).collect(),
        kinds: note::KINDS.iter().map(|kind| Choice::new(*kind, p.tc("note-kind", kind))).collect(),
        facts: facts(&p),
        back,
        form,
        p,
    };
    Ok((quick, seen))
}

/// POST /cases/{id}/notes/{note}/pin
pub(super) async fn pin(mut work: Work, Path((id, note)): Path<(CaseId, NoteId)>) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    actions::pin_note(&mut work, &case, note).await?;
    work.then(&case.path(), "case-note-pinned").await
}

/// POST /cases/{id}/notes/{note}/unpin
pub(super) async fn unpin(mut work: Work, Path((id, note)): Path<(CaseId, NoteId)>) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    actions::unpin_note(&mut work, &case, note).await?;
    work.then(&case.path(), "case-note-unpinned").await
}
