//! Pages of documents: the list with its upload, opening, withdrawing.
use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use http::header;

use super::actions::{self, NewDocument};
use super::document::{Document, KINDS};
use super::store;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::upload::Upload;
use crate::web::{Form, Page, Routes};

/// The routes of documents.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/documents", index)
        .page("POST", "/cases/{id}/documents", create)
        .page("GET", "/cases/{id}/documents/{document}", show)
        .page("POST", "/cases/{id}/documents/{document}/withdrawal", withdraw)
}

#[derive(Template)]
#[template(path = "documents/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    back: String,
    code: String,
    action: String,
    kinds: Vec<Choice>,
    heads: [String; 4],
    rows: Vec<Line>,
}

struct Line {
    href: String,
    title: String,
    served: bool,
    scan: Badge,
    kind: String,
    expires: Badge,
    by: String,
}

/// GET /cases/{id}/documents
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let page = page(&mut work, id, Form::default()).await?;
    work.show(About::case(id), page).await
}

/// POST /cases/{id}/documents
async fn create(mut work: Work, Path(id): Path<CaseId>, request: Request) -> Result<Response, Error> {
    store::around(&mut work, id).await?;
    let mut upload = match Upload::read(&work, request).await {
        Ok(upload) => upload,
        Err(Error::Invalid(errors)) => return again(work, id, Form::default().with_errors(errors)).await,
        Err(error) => return Err(error),
    };
    let title = upload.form.text("title", 200);
    let kind = upload.form.text("kind", 40);
    let expires_on = upload.form.date_maybe("expires_on");
    let added = match upload.form.check() {
        Ok(()) => {
            let bytes = std::mem::take(&mut upload.bytes);
            actions::add(&mut work, id, NewDocument { kind, title, expires_on, bytes }).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => work.then(&format!("/cases/{id}/documents"), "documents-added").await,
        Err(Error::Invalid(errors)) => again(work, id, upload.form.with_errors(errors)).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, id: CaseId, form: Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, id, form).await?;
    work.show_again(&page)
}

/// GET /cases/{id}/documents/{document}
async fn show(work: Work, Path(ids): Path<(CaseId, DocumentId)>) -> Result<Response, Error> {
    opened(work, ids).await
}

/// The bytes of a document, to be kept and not shown.
pub(super) async fn opened(mut work: Work, (id, document): (CaseId, DocumentId)) -> Result<Response, Error> {
    let (document, bytes) = actions::open(&mut work, id, document).await?;
    work.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, document.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", document.file_name())),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// POST /cases/{id}/documents/{document}/withdrawal
async fn withdraw(mut work: Work, Path((id, document)): Path<(CaseId, DocumentId)>) -> Result<Response, Error> {
    actions::withdraw(&mut work, id, document).await?;
    work.then(&format!("/cases/{id}/documents"), "documents-withdrawn").await
}

async fn page(work: &mut Work, id: CaseId, form: Form) -> Result<Index, Error> {
    let around = store::around(work, id).await?;
    let p = Page::of(work, around.code.clone()).await?;
    let documents = store::list(work, id).await?;
    let today = work.today();
    let rows = documents.iter().map(|document| line(&p, document, today));
    Ok(Index {
        form,
        back: format!("/cases/{id}"),
        code: around.code,
        action: format!("/cases/{id}/documents"),
        kinds: KINDS.iter().map(|kind| Choice::new(*kind, p.tc("document-kind", kind))).collect(),
        heads: ["title", "kind", "added-by", "withdraw"].map(|head| p.t(&format!("documents-{head}"))),
        rows: rows.collect(),
        p,
    })
}

fn line(p: &Page, document: &Document, today: NaiveDate) -> Line {
    let scan = match document.scan.as_str() {
        "waiting" => Badge::new(p.t("document-scan-waiting"), Tone::Info),
        "infected" => Badge::new(p.t("document-scan-infected"), Tone::Danger),
        _ => Badge::default(),
    };
    let expires = document.expires_on.map(|day| match (day - today).num_days() {
        ..0 => Badge::new(format!("{} · {}", p.t("document-expired"), p.date(&day)), Tone::Danger),
        0..=60 => Badge::new(format!("{} · {}", p.t("document-expires"), p.date(&day)), Tone::Warning),
        _ => Badge::new(format!("{} · {}", p.t("document-expires"), p.date(&day)), Tone::Neutral),
    });
    Line {
        href: document.path(),
        title: document.title.clone(),
        served: document.is_served(),
        scan,
        kind: p.tc("document-kind", &document.kind),
        expires: expires.unwrap_or_default(),
        by: format!("{}, {}", document.added_by_name, p.reader.day(document.recorded_at)),
    }
}
