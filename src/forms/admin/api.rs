//! REST calls: the forms, one with its editions, an upload, who may fill it.
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions::{self, Terms, Uploaded};
use super::problem::Kept;
use super::reading::{self, MOST_BYTES, Media, Sent};
use crate::access::Act;
use crate::api::{Asked, IfMatch, Paged, versioned};
use crate::error::{Error, invalid};
use crate::forms::store as forms;
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};
use crate::web::Routes;
use crate::web::form::Path;

/// A form and its files in Base64.
const MOST_JSON: usize = 4 * MOST_BYTES;

/// The calls.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/forms", index)
        .api("POST", "/api/v1/forms", create)
        .api("GET", "/api/v1/forms/{form}", show)
        .api("PUT", "/api/v1/forms/{form}", update)
        .api("POST", "/api/v1/forms/{form}/editions", add)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, update, add))]
struct Described;

/// A form.
#[derive(Debug, Serialize, ToSchema)]
struct FormKept {
    id: FormId,
    /// Its id in the form itself.
    code: String,
    title: String,
    /// The pack that brings it; absent for the organisation's own.
    pack: Option<String>,
    /// Numbers of case types; empty for all that are not restricted.
    case_types: Vec<i16>,
    /// `household` or `person`.
    subject: String,
    /// It may come from a device before there is a case.
    intake: bool,
    /// It may be filled in without a network.
    offline: bool,
    version: i32,
}

impl From<&Form> for FormKept {
    fn from(form: &Form) -> Self {
        Self {
            id: form.id,
            code: form.code.clone(),
            title: form.title.clone(),
            pack: form.pack.clone(),
            case_types: form.case_types.clone(),
            subject: form.subject.clone(),
            intake: form.intake,
            offline: form.offline,
            version: form.version,
        }
    }
}

/// One definition of a form.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FormEdition {
    id: EditionId,
    /// Counts the form's editions from 1.
    number: i32,
    /// `draft`, `published` or `retired`.
    state: String,
    /// The version as its author wrote it.
    form_version: String,
    /// The MD5 digest of its XForm.
    hash: String,
    languages: Vec<String>,
    questions: i32,
    recorded_at: DateTime<Utc>,
    published_at: Option<DateTime<Utc>>,
    retired_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<&Edition> for FormEdition {
    fn from(edition: &Edition) -> Self {
        Self {
            id: edition.id,
            number: edition.number,
            state: edition.state.clone(),
            form_version: edition.form_version.clone(),
            hash: edition.hash.clone(),
            languages: edition.languages.clone(),
            questions: edition.questions,
            recorded_at: edition.recorded_at,
            published_at: edition.published_at,
            retired_at: edition.retired_at,
            version: edition.version,
        }
    }
}

/// A form with its editions, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct FormWithEditions {
    form: FormKept,
    editions: Vec<FormEdition>,
}

/// The forms of the organisation and those that packs bring.
#[utoipa::path(get, path = "/api/v1/forms", tag = "forms", responses((status = 200, body = Paged<FormKept>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::FormManage)?;
    let org = work.org();
    let known = forms::forms(&mut work).await?;
    work.commit().await?;
    let items = known.iter().filter(|form| form.org.is_none() || form.org == org).map(FormKept::from).collect();
    Ok(axum::Json(Paged { items, next: None }).into_response())
}

/// One form with its editions. Its version comes as `ETag`.
#[utoipa::path(get, path = "/api/v1/forms/{form}", tag = "forms", params(("form" = FormId, Path)), responses((status = 200, body = FormWithEditions), (status = 404)))]
async fn show(mut work: Work, Path(id): Path<FormId>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    work.may(Act::FormManage)?;
    let editions = forms::editions(&mut work, form.id).await?;
    work.commit().await?;
    let whole = FormWithEditions { form: FormKept::from(&form), editions: editions.iter().map(FormEdition::from).collect() };
    Ok(versioned(form.version, whole))
}

/// Who may fill a form, and where.
#[derive(Debug, Deserialize, ToSchema)]
struct FormTerms {
    /// Numbers of case types; empty for all that are not restricted.
    #[serde(default)]
    case_types: Vec<i16>,
    /// `household` or `person`.
    #[serde(default)]
    subject: String,
    /// It may come from a device before there is a case.
    #[serde(default)]
    intake: bool,
    /// It may be filled in without a network.
    #[serde(default)]
    offline: bool,
}

impl FormTerms {
    fn read(&self) -> Terms {
        Terms { case_types: self.case_types.clone(), subject: self.subject.clone(), intake: self.intake, offline: self.offline }
    }
}

/// Changes who may fill a form of the organisation's own, over the version that was read.
#[utoipa::path(put, path = "/api/v1/forms/{form}", tag = "forms", params(("form" = FormId, Path)), request_body = FormTerms,
    responses((status = 200, body = FormKept), (status = 403), (status = 404), (status = 412), (status = 422)))]
async fn update(mut work: Work, Path(id): Path<FormId>, version: IfMatch, asked: Asked<FormTerms>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    actions::change(&mut work, &form, version.0, &asked.body.read()).await?;
    let form = actions::form(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(form.version, FormKept::from(&form)))
}

/// A file beside a form.
#[derive(Debug, Deserialize, ToSchema)]
struct FormFile {
    /// The name that the form calls it by.
    #[serde(default)]
    name: String,
    /// Its bytes in Base64.
    #[serde(default)]
    file: String,
}

/// A definition to read.
#[derive(Debug, Deserialize, ToSchema)]
struct FormToRead {
    /// The name of the file.
    #[serde(default)]
    name: String,
    /// An .xlsx, .xls, .csv or .xml in Base64, at most 5 MB.
    #[serde(default)]
    file: String,
    /// Files beside it.
    #[serde(default)]
    media: Vec<FormFile>,
    /// Who may fill it; of a form that stands already this is changed by itself.
    #[serde(default)]
    terms: Option<FormTerms>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct FormUpload {
    /// The form; absent where nothing was kept.
    form: Option<FormId>,
    /// The draft; absent where nothing was kept.
    edition: Option<EditionId>,
    /// All that has to be mended; empty where a draft stands.
    problems: Vec<Kept>,
}

/// Reads a definition and keeps it as a draft of the form that it names. With a mistake nothing is kept, and the answer tells all of them.
#[utoipa::path(post, path = "/api/v1/forms", tag = "forms", request_body = FormToRead,
    responses((status = 201, body = FormUpload), (status = 403), (status = 422, body = FormUpload)))]
async fn create(work: Work, asked: Asked<FormToRead, MOST_JSON>) -> Result<Response, Error> {
    work.may(Act::FormManage)?;
    take(work, &asked, None).await
}

/// Reads a definition and keeps it as a draft of this form.
#[utoipa::path(post, path = "/api/v1/forms/{form}/editions", tag = "forms", params(("form" = FormId, Path)), request_body = FormToRead,
    responses((status = 201, body = FormUpload), (status = 403), (status = 404), (status = 422, body = FormUpload)))]
async fn add(mut work: Work, Path(id): Path<FormId>, asked: Asked<FormToRead, MOST_JSON>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    work.may(Act::FormManage)?;
    take(work, &asked, Some(form)).await
}

async fn take(mut work: Work, asked: &Asked<FormToRead, MOST_JSON>, of: Option<Form>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let sent = Arc::new(sent(&asked.body)?);
    let terms = match &of {
        Some(form) => Terms::of(form),
        None => asked.body.terms.as_ref().map(FormTerms::read).unwrap_or_default(),
    };
    match actions::upload(&mut work, sent, &terms, of.as_ref()).await? {
        Uploaded::Draft { form, edition, .. } => {
            let location = format!("/api/v1/forms/{form}/editions/{edition}");
            let answer = FormUpload { form: Some(form), edition: Some(edition), problems: Vec::new() };
            asked.answer(work, StatusCode::CREATED, Some(location), &answer).await
        }
        Uploaded::Mistaken(problems) => {
            let answer = FormUpload { form: None, edition: None, problems };
            asked.answer(work, StatusCode::UNPROCESSABLE_ENTITY, None, &answer).await
        }
    }
}

fn sent(new: &FormToRead) -> Result<Sent, Error> {
    let bytes = STANDARD.decode(&new.file).map_err(|_| invalid("file", "not_understood"))?;
    let mut media = Vec::new();
    for file in &new.media {
        let bytes = STANDARD.decode(&file.file).map_err(|_| invalid("media", "not_understood"))?;
        let name = reading::safe_name(&file.name);
        let media_type = reading::media_type(&name, &bytes).ok_or_else(|| invalid("media", "form_media_type"))?;
        media.push(Media { name, media_type, bytes });
    }
    Ok(Sent { name: reading::safe_name(&new.name), bytes, media })
}
