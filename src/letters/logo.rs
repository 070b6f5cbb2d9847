//! The picture at the head of an organisation's letters: kept by its administrators, printed where a letter may name its sender.
//!
//! PNG and JPEG only, as the bytes say; what a picture tells beside what it shows is cut out. It is measured before anything unpacks it, and
//! printed once before it is kept, so that no letter fails for it later. Letters that were submitted keep the head they had.
use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use super::paper::Logo;
use super::store;
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::audit::{About, Fact};
use crate::documents;
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::upload::Upload;
use crate::web::{Form, Page, Routes};

/// Fourteen millimetres of paper need no more.
const MOST_BYTES: usize = 200_000;
/// Beyond it a small file unpacks into more memory than a letter is worth.
const MOST_DOTS: u64 = 4_000_000;
const MOST_JSON: usize = MOST_BYTES / 3 * 4 + 1024;

/// The page and the calls.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/logo", show)
        .page("POST", "/admin/logo", create)
        .page("POST", "/admin/logo/removal", remove)
        .api("GET", "/api/v1/organisation/logo", picture)
        .api("PUT", "/api/v1/organisation/logo", put)
        .api("POST", "/api/v1/organisation/logo/removal", take_off)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(picture, put, take_off))]
struct Described;

/// Keeps this picture as the organisation's logo.
async fn keep(work: &mut Work, bytes: Vec<u8>) -> Result<(), Error> {
    work.may(Act::AdminUnits)?;
    if bytes.len() > MOST_BYTES {
        return Err(invalid("file", "logo_too_large"));
    }
    let (media_type, bytes) = documents::picture(bytes)?;
    match documents::dots(media_type, &bytes) {
        Some(dots) if (1..=MOST_DOTS).contains(&dots) => {}
        Some(_) => return Err(invalid("file", "logo_too_large")),
        None => return Err(invalid("file", "picture_broken")),
    }
    let logo = Logo::of(media_type, bytes);
    let tried = logo.clone();
    let printed = tokio::task::spawn_blocking(move || tried.prints()).await.map_err(anyhow::Error::from)?;
    if !printed? {
        return Err(invalid("file", "picture_broken"));
    }
    save(work, Some(&logo)).await
}

async fn save(work: &mut Work, logo: Option<&Logo>) -> Result<(), Error> {
    work.may(Act::AdminUnits)?;
    let org = work.standing.org;
    store::keep_logo(work, org, logo).await?;
    work.record(Fact::UnitChanged, About::default().note(json!({ "organisation": org, "logo": logo.is_some() }))).await
}

async fn current(work: &mut Work) -> Result<Option<Logo>, Error> {
    work.may(Act::AdminUnits)?;
    Ok(store::organisation(work, work.standing.org, Lang::default()).await?.logo)
}

#[derive(Template)]
#[template(path = "letters/html/logo.html")]
struct Shown {
    p: Page,
    form: Form,
    // The picture itself, as an address.
    logo: String,
}

async fn page(work: &mut Work, form: Form) -> Result<Shown, Error> {
    let logo = current(work).await?;
    let p = Page::titled(work, "logo-title").await?;
    let address = |logo: Logo| format!("data:{};base64,{}", logo.media_type(), STANDARD.encode(logo.bytes()));
    Ok(Shown { p, form, logo: logo.map(address).unwrap_or_default() })
}

/// GET /admin/logo
async fn show(mut work: Work) -> Result<Response, Error> {
    let page = page(&mut work, Form::default()).await?;
    work.show_plain(page).await
}

/// POST /admin/logo
async fn create(mut work: Work, request: Request) -> Result<Response, Error> {
    work.may(Act::AdminUnits)?;
    let kept = match Upload::read(&work, request).await {
        Ok(upload) => keep(&mut work, upload.bytes).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => work.then("/admin/logo", "logo-kept").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, Form::default().with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /admin/logo/removal
async fn remove(mut work: Work) -> Result<Response, Error> {
    save(&mut work, None).await?;
    work.then("/admin/logo", "logo-removed").await
}

/// A picture for the head of letters.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLogo {
    /// Its bytes in Base64, at most 200 kB: a PNG or JPEG of at most 4 million dots.
    #[serde(default)]
    file: String,
}

/// Whether there is a logo.
#[derive(Debug, Serialize, ToSchema)]
struct LogoKept {
    kept: bool,
}

/// The logo of your organisation's letters, as it is printed.
#[utoipa::path(get, path = "/api/v1/organisation/logo", tag = "letters", responses((status = 200, description = "the picture", content_type = "application/octet-stream")))]
async fn picture(mut work: Work) -> Result<Response, Error> {
    let logo = current(&mut work).await?.ok_or(Error::NotFound)?;
    work.commit().await?;
    let headers = [(header::CONTENT_TYPE, logo.media_type()), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, logo.bytes().to_vec()).into_response())
}

/// Puts a logo at the head of your organisation's letters; letters that were sent keep theirs.
#[utoipa::path(put, path = "/api/v1/organisation/logo", tag = "letters", request_body = NewLogo, responses((status = 200, body = LogoKept)))]
async fn put(mut work: Work, asked: Asked<NewLogo, MOST_JSON>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let bytes = STANDARD.decode(&asked.body.file).map_err(|_| invalid("file", "not_understood"))?;
    keep(&mut work, bytes).await?;
    asked.answer(work, StatusCode::OK, None, &LogoKept { kept: true }).await
}

/// Takes the logo off your organisation's letters.
#[utoipa::path(post, path = "/api/v1/organisation/logo/removal", tag = "letters", responses((status = 200, body = LogoKept)))]
async fn take_off(mut work: Work, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    save(&mut work, None).await?;
    asked.answer(work, StatusCode::OK, None, &LogoKept { kept: false }).await
}
