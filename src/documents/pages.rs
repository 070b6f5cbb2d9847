//! Pages of documents: the list with its upload, of a case or of one of its records; opening, withdrawing.
use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header;

use super::actions::{self, NewDocument};
use super::document::{Document, KINDS, OfRecord, PHOTO};
use super::store;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId};
use crate::platform::typed;
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
    // Where the photo of a person may be kept, that it is the exception.
    kind_hint: String,
    // Of a search for family, where nobody agreed to one yet.
    no_photo: bool,
    heads: [String; 4],
    rows: Vec<Line>,
}

struct Line {
    href: String,
    of_record: String,
    title: String,
    served: bool,
    scan: Badge,
    kind: String,
    expires: Badge,
    by: String,
}

/// Where documents are listed and added: a case, or one of its records.
pub struct Shelf {
    /// The case.
    pub case: CaseId,
    /// The record.
    pub record: Option<OfRecord>,
    /// The page of the case or record.
    pub back: String,
}

impl Shelf {
    fn of_case(case: CaseId) -> Self {
        Self { case, record: None, back: format!("/cases/{case}") }
    }

    fn path(&self) -> String {
        format!("{}/documents", self.back)
    }
}

/// GET /cases/{id}/documents
async fn index(work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    list(work, &Shelf::of_case(id)).await
}

/// POST /cases/{id}/documents
async fn create(mut work: Work, Path(id): Path<CaseId>, request: Request) -> Result<Response, Error> {
    store::around(&mut work, id).await?;
    put(work, &Shelf::of_case(id), request).await
}

/// The documents of a case or a record, and the form that adds one.
pub async fn list(mut work: Work, shelf: &Shelf) -> Result<Response, Error> {
    let page = page(&mut work, shelf, Form::default()).await?;
    let about = About::case(shelf.case);
    let about = match shelf.record {
        Some(of) => about.with(of.root),
        None => about,
    };
    work.show(about, page).await
}

/// Adds what was sent to a case or a record that the actor was found to see.
pub async fn put(mut work: Work, shelf: &Shelf, request: Request) -> Result<Response, Error> {
    let mut upload = match Upload::read(&work, request).await {
        Ok(upload) => upload,
        Err(Error::Invalid(errors)) => return again(work, shelf, Form::default().with_errors(errors)).await,
        Err(error) => return Err(error),
    };
    let title = upload.form.text("title", 200);
    let kind = upload.form.text("kind", 40);
    let expires_on = upload.form.date_maybe("expires_on");
    if let Some(code) = expires_on.and_then(|day| typed::wrong_expiry(day, work.today())) {
        upload.form.errors.add("expires_on", code);
    }
    let added = match upload.form.check() {
        Ok(()) => {
            let bytes = std::mem::take(&mut upload.bytes);
            actions::add(&mut work, shelf.case, NewDocument { kind, title, expires_on, bytes, record: shelf.record }).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => work.then(&shelf.path(), "documents-added").await,
        Err(Error::Invalid(errors)) => again(work, shelf, upload.form.with_errors(errors)).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, shelf: &Shelf, form: Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, shelf, form).await?;
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

async fn page(work: &mut Work, shelf: &Shelf, form: Form) -> Result<Index, Error> {
    let around = store::around(work, shelf.case).await?;
    let p = Page::of(work, around.code.clone()).await?;
    let documents = store::list(work, shelf.case, shelf.record.map(|of| of.root)).await?;
    let scanned = work.ground().clamd.is_some();
    let rows = documents.iter().map(|document| line(&p, shelf, document, scanned)).collect();
    // What would be refused is not offered (S18).
    let photo = actions::takes_photo(work, shelf.case, around.sensitivity, shelf.record).await?;
    let kinds = KINDS.iter().filter(|kind| photo || **kind != PHOTO);
    Ok(Index {
        form,
        back: shelf.back.clone(),
        code: around.code,
        action: shelf.path(),
        kinds: kinds.map(|kind| Choice::new(*kind, p.tc("document-kind", kind))).collect(),
        kind_hint: if photo { p.t("documents-photo-rarely") } else { String::new() },
        no_photo: shelf.record.is_some_and(|of| of.tracing) && !photo,
        heads: ["title", "kind", "added-by", "withdraw"].map(|head| p.t(&format!("documents-{head}"))),
        rows,
        p,
    })
}

fn line(p: &Page, shelf: &Shelf, document: &Document, scanned: bool) -> Line {
    let scan = match document.scan.as_str() {
        "waiting" => Badge::new(p.t("document-scan-waiting"), Tone::Info),
        "infected" => Badge::new(p.t("document-scan-infected"), Tone::Danger),
        "none" if scanned => Badge::new(p.t("document-scan-not-yet"), Tone::Warning),
        _ => Badge::default(),
    };
    let expires = document.expires_on.map(|day| match (day - p.reader.today()).num_days() {
        ..0 => Badge::new(format!("{} · {}", p.t("document-expired"), p.date(&day)), Tone::Danger),
        0..=60 => Badge::new(format!("{} · {}", p.t("document-expires"), p.date(&day)), Tone::Warning),
        _ => Badge::new(format!("{} · {}", p.t("document-expires"), p.date(&day)), Tone::Neutral),
    });
    Line {
        href: document.path(),
        of_record: document
            .record
            .filter(|_| shelf.record.is_none())
            .map(|root| format!("/cases/{}/records/{root}", document.case_id))
            .unwrap_or_default(),
        title: document.title.clone(),
        served: document.is_served(),
        scan,
        kind: p.tc("document-kind", &document.kind),
        expires: expires.unwrap_or_default(),
        by: format!("{}, {}", document.added_by_name, p.reader.day(document.recorded_at)),
    }
}
