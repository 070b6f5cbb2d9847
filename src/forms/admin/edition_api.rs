//! REST calls of one edition: what it says, what it changes, publish, retire, discard.
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::api::FormEdition;
use super::difference::between;
use super::problem::Kept;
use super::store;
use super::telling::{Teller, consequence_code, group_of};
use super::{actions, beside};
use crate::access::Act;
use crate::api::{Asked, IfMatch, Nothing, versioned};
use crate::error::Error;
use crate::forms::store as forms;
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};
use crate::web::form::Path;
use crate::web::{Page, Routes};

/// The calls.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/forms/{form}/editions/{edition}", show)
        .api("GET", "/api/v1/forms/{form}/editions/{edition}/xform", xform)
        .api("GET", "/api/v1/forms/{form}/editions/{edition}/difference", difference)
        .api("PUT", "/api/v1/forms/{form}/editions/{edition}/publication", publish)
        .api("PUT", "/api/v1/forms/{form}/editions/{edition}/retirement", retire)
        .api("PUT", "/api/v1/forms/{form}/editions/{edition}/removal", discard)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, xform, difference, publish, retire, discard))]
struct Described;

/// An edition with what is unwise in it.
#[derive(Debug, Serialize, ToSchema)]
struct FormEditionWhole {
    edition: FormEdition,
    warnings: Vec<Kept>,
    /// The names of the files beside it.
    media: Vec<String>,
}

async fn found(work: &mut Work, (form, edition): (FormId, EditionId)) -> Result<(Form, Edition), Error> {
    let form = actions::form(work, form).await?;
    work.may(Act::FormManage)?;
    let edition = actions::edition(work, &form, edition).await?;
    Ok((form, edition))
}

/// One edition. Its version comes as `ETag`.
#[utoipa::path(get, path = "/api/v1/forms/{form}/editions/{edition}", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 200, body = FormEditionWhole), (status = 404)))]
async fn show(mut work: Work, Path(ids): Path<(FormId, EditionId)>) -> Result<Response, Error> {
    let (_, edition) = found(&mut work, ids).await?;
    let warnings = store::warnings(&mut work, edition.id).await?;
    let media = forms::media(&mut work, edition.id).await?.into_iter().map(|file| file.name).collect();
    work.commit().await?;
    Ok(versioned(edition.version, FormEditionWhole { edition: FormEdition::from(&edition), warnings, media }))
}

/// The XForm of an edition, as every client is given it.
#[utoipa::path(get, path = "/api/v1/forms/{form}/editions/{edition}/xform", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 200, description = "the XForm", content_type = "application/xml"), (status = 404)))]
async fn xform(mut work: Work, Path(ids): Path<(FormId, EditionId)>) -> Result<Response, Error> {
    let (_, edition) = found(&mut work, ids).await?;
    let text = forms::xform(&mut work, edition.id).await?;
    work.commit().await?;
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}

/// One change against the edition before.
#[derive(Debug, Serialize, ToSchema)]
struct FormChange {
    /// `form`, `added`, `removed`, `moved`, `kind`, `wording`, `rules`, `choices`, or `files` for one beside the form.
    kind: &'static str,
    /// What it is about.
    what: String,
    /// Its name, or which text or rule.
    which: String,
    old: String,
    new: String,
    /// What becomes of answers: `kept`, `new`, `no_longer_asked`, `apart`, `may_not_fit` or `choice_gone`.
    answers: &'static str,
}

/// What an edition changes against the one before it; empty for the first.
#[utoipa::path(get, path = "/api/v1/forms/{form}/editions/{edition}/difference", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 200, body = Vec<FormChange>), (status = 404)))]
async fn difference(mut work: Work, Path(ids): Path<(FormId, EditionId)>) -> Result<Response, Error> {
    let (form, edition) = found(&mut work, ids).await?;
    let editions = forms::editions(&mut work, form.id).await?;
    let Some(before) = editions.iter().find(|one| one.number < edition.number) else {
        work.commit().await?;
        return Ok(axum::Json(Vec::<FormChange>::new()).into_response());
    };
    let (old, new) = (actions::definition(&mut work, before.id).await?, actions::definition(&mut work, edition.id).await?);
    let files = beside::between(&mut work, before.id, edition.id).await?;
    let p = Page::plain(work.lang(), "", work.now());
    work.commit().await?;
    let changes = between(old.form(), new.form());
    let teller = Teller::new(&p, old.form(), new.form());
    let wire = changes.iter().map(|change| {
        let row = teller.row(change);
        let answers = consequence_code(change.consequence());
        FormChange { kind: group_of(change), what: row.what, which: row.which, old: row.old, new: row.new, answers }
    });
    let beside = files.iter().map(|file| FormChange {
        kind: "files",
        what: file.name.clone(),
        which: String::new(),
        old: String::new(),
        new: beside::said(&p, file),
        answers: "kept",
    });
    Ok(axum::Json(wire.chain(beside).collect::<Vec<_>>()).into_response())
}

/// Publishes a draft; the edition before it is retired, and copies that were begun keep theirs.
#[utoipa::path(put, path = "/api/v1/forms/{form}/editions/{edition}/publication", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 200, body = FormEdition), (status = 403), (status = 404), (status = 409), (status = 412)))]
async fn publish(
    mut work: Work,
    Path(ids): Path<(FormId, EditionId)>,
    version: IfMatch,
    _: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    let (form, edition) = found(&mut work, ids).await?;
    actions::publish(&mut work, &form, &edition, version.0).await?;
    now(work, edition.id).await
}

/// Retires what is published: the form is not begun any more until another edition is published.
#[utoipa::path(put, path = "/api/v1/forms/{form}/editions/{edition}/retirement", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 200, body = FormEdition), (status = 403), (status = 404), (status = 409), (status = 412)))]
async fn retire(
    mut work: Work,
    Path(ids): Path<(FormId, EditionId)>,
    version: IfMatch,
    _: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    let (form, edition) = found(&mut work, ids).await?;
    actions::retire(&mut work, &form, &edition, version.0).await?;
    now(work, edition.id).await
}

/// Discards a draft; a form that nothing is left of goes with it.
#[utoipa::path(put, path = "/api/v1/forms/{form}/editions/{edition}/removal", tag = "forms", params(("form" = FormId, Path), ("edition" = EditionId, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 412)))]
async fn discard(
    mut work: Work,
    Path(ids): Path<(FormId, EditionId)>,
    version: IfMatch,
    _: Asked<Option<Nothing>>,
) -> Result<Response, Error> {
    let (form, edition) = found(&mut work, ids).await?;
    actions::discard(&mut work, &form, &edition, version.0).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn now(mut work: Work, id: EditionId) -> Result<Response, Error> {
    let edition = forms::edition(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(edition.version, FormEdition::from(&edition)))
}
