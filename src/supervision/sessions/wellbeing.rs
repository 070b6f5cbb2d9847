//! How the worker is, on a page for the two who met alone. It names no case and no person of a case, and looking at it is no fact.
use askama::Template;
use axum::response::Response;

use super::{actions, store};
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::web::form::Path;
use crate::web::{Form, Page, Routes};

/// The page of wellbeing notes.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/team/sessions/{id}/wellbeing", show).page("POST", "/team/sessions/{id}/wellbeing", write)
}

#[derive(Template)]
#[template(path = "supervision/html/wellbeing.html")]
struct Shown {
    p: Page,
    form: Form,
    path: String,
    notes: Vec<(String, String)>,
}

/// GET /team/sessions/{id}/wellbeing
async fn show(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::default()).await?;
    work.show_plain(page).await
}

async fn page(work: &mut Work, id: RowId, form: Form) -> Result<Shown, Error> {
    let session = store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    actions::between(work, &session)?;
    let p = Page::titled(work, "wellbeing-title").await?;
    let names =
        [vec![(session.supervisor, session.supervisor_name.clone())], store::names(work, &session.workers).await?].concat();
    let notes = store::wellbeing(work, id).await?.into_iter().map(|note| {
        let by = names.iter().find(|(user, _)| *user == note.author).map(|(_, name)| name.clone()).unwrap_or_default();
        (p.signed(&by, &p.moment(&note.recorded_at)), note.body)
    });
    Ok(Shown { path: session.path(), notes: notes.collect(), form, p })
}

/// POST /team/sessions/{id}/wellbeing
async fn write(mut work: Work, Path(id): Path<RowId>, form: Form) -> Result<Response, Error> {
    let session = store::find(&mut work, id).await?;
    actions::between(&work, &session)?;
    match actions::note_wellbeing(&mut work, &session, form.value("words")).await {
        Ok(()) => work.then(&format!("{}/wellbeing", session.path()), "wellbeing-kept").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, id, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
