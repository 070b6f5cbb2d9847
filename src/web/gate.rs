//! The gate: no route is reached without passing here. It opens the [`Work`], finds out who acts, refuses forged requests, turns errors
//! into answers, and notes denied tries.
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::audit::{About, Fact};
use crate::error::{Carried, Error};
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids;
use crate::platform::lang::Lang;
use crate::web::form::Form;
use crate::web::routes::Routes;
use crate::web::{answer, form, holder, lost, metrics, once};

/// An unused session ends after this; the page goes blank earlier.
pub const IDLE_MINUTES: u32 = 15;

/// The language of a page before sign-in, remembered in a cookie.
pub const LANG_COOKIE: &str = "lang";
const FLASH_COOKIE: &str = "flash";

/// Closes every route behind its gate and adds the headers that every answer carries.
pub fn close(routes: Routes, ground: Arc<Ground>) -> Router {
    let [pages, api, open] = routes.into_parts();
    let pages =
        pages.layer(from_fn_with_state(ground.clone(), page_gate)).layer(from_fn_with_state(ground.clone(), answer::as_page));
    let api = api.layer(from_fn_with_state(ground.clone(), api_gate)).layer(from_fn(crate::api::problem::as_problem));
    let open =
        open.layer(from_fn_with_state(ground.clone(), open_gate)).layer(from_fn_with_state(ground.clone(), answer::as_page));
    Router::new()
        .merge(pages)
        .merge(api)
        .merge(open)
        .fallback(|| async { Error::NotFound })
        .layer(from_fn_with_state(ground.clone(), answer::as_page))
        .layer(from_fn(secure_headers))
        .layer(from_fn(metrics::count))
        // Whoever reads a body bounds it: `Form`, `Upload`, `Asked`, each by what it is for.
        .layer(DefaultBodyLimit::disable())
        .with_state(ground)
}

/// The name of the session cookie: bound to the host when the service is reached over TLS.
pub fn session_cookie(ground: &Ground) -> &'static str {
    if ground.base_url.scheme() == "https" { "__Host-session" } else { "session" }
}

/// A cookie with the attributes all of ours have.
pub fn cookie(ground: &Ground, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(ground.base_url.scheme() == "https")
        .build()
}

/// A cookie that carries one text key to the next page.
pub fn flash_cookie(ground: &Ground, key: &str) -> Cookie<'static> {
    cookie(ground, FLASH_COOKIE, key.to_owned())
}

// The open work travels to the handler here; whoever extracts it first owns it.
#[derive(Clone)]
struct Opened(Arc<Mutex<Option<Work>>>);

impl FromRequestParts<Arc<Ground>> for Work {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &Arc<Ground>) -> Result<Self, Error> {
        let opened = parts.extensions.get::<Opened>().ok_or(Error::SignIn)?;
        opened
            .0
            .lock()
            .ok()
            .and_then(|mut opened| opened.take())
            .ok_or_else(|| anyhow::anyhow!("the work was extracted twice").into())
    }
}

// A disk that is nearly full takes nothing new; leaving stays possible, and reading goes on.
fn no_room(ground: &Ground, request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD)
        || matches!(request.uri().path(), "/sign-out" | "/search" | "/people");
    !reads && ground.disk.is_nearly_full()
}

async fn page_gate(State(ground): State<Arc<Ground>>, jar: CookieJar, request: Request, next: Next) -> Response {
    let token = jar.get(session_cookie(&ground)).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let work = match holder::open_session(&ground, &token).await {
        Ok(work) => work,
        Err(Error::SignIn) => return lost::refuse(&ground, request).await,
        Err(error) => return error.into_response(),
    };
    let mut response = pass(&ground, work, &jar, request, next).await;
    if jar.get(FLASH_COOKIE).is_some() && response.status().is_success() {
        let mut gone = cookie(&ground, FLASH_COOKIE, String::new());
        gone.make_removal();
        append_cookie(response.headers_mut(), &gone);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn pass(ground: &Arc<Ground>, mut work: Work, jar: &CookieJar, request: Request, next: Next) -> Response {
    work.standing.path = request.uri().path().to_owned();
    work.standing.flash = jar.get(FLASH_COOKIE).map(|cookie| cookie.value().to_owned());
    if let Some(lang) = kept_lang(jar).filter(|lang| *lang != work.standing.lang)
        && let Err(error) = holder::speak(&mut work, lang).await
    {
        return error.into_response();
    }
    if work.standing.must_change_password && !matches!(request.uri().path(), "/account/password" | "/sign-out") {
        return axum::response::Redirect::to("/account/password").into_response();
    }
    let (mut request, sent) = refuse_forged(request, &work.standing.csrf, ground).await;
    let sent = match sent {
        Ok(sent) => sent,
        Err(Unreadable::Forged) => return Error::Forbidden("csrf").into_response(),
        Err(Unreadable::TooLarge) => return crate::error::invalid("", "too_large").into_response(),
    };
    if no_room(ground, &request) {
        return with_typed(Error::Full.into_response(), &sent);
    }
    match once::answered(ground, &mut work, &sent).await {
        Ok(None) => {}
        Ok(Some(response)) => return response,
        Err(error) => return error.into_response(),
    }
    let (actor, route) = (work.actor.clone(), request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()));
    request.extensions_mut().insert(Lang::clone(&work.standing.lang));
    request.extensions_mut().insert(Opened(Arc::new(Mutex::new(Some(work)))));
    let response = next.run(request).await;
    note_denied(ground, actor, route, denied(&response)).await;
    // An address that answers to no such request is a page with a way on, as one that is not there.
    let response = if response.status() == StatusCode::METHOD_NOT_ALLOWED { Error::NotFound.into_response() } else { response };
    with_typed(response, &sent)
}

// What was typed travels with a refusal that lies outside the form.
fn with_typed(mut response: Response, sent: &Form) -> Response {
    if let Some(typed) = answer::Typed::of(sent, &response) {
        response.extensions_mut().insert(typed);
    }
    response
}

async fn api_gate(State(ground): State<Arc<Ground>>, mut request: Request, next: Next) -> Response {
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let mut work = match holder::open_token(&ground, bearer.unwrap_or_default()).await {
        Ok(work) => work,
        Err(error) => return error.into_response(),
    };
    if no_room(&ground, &request) {
        return Error::Full.into_response();
    }
    work.standing.path = request.uri().path().to_owned();
    let (actor, route) = (work.actor.clone(), request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()));
    request.extensions_mut().insert(Opened(Arc::new(Mutex::new(Some(work)))));
    let mut response = next.run(request).await;
    note_denied(&ground, actor, route, denied(&response)).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

// Open routes work as nobody: definer functions alone answer them. A forged sign-in is refused by its origin.
async fn open_gate(State(ground): State<Arc<Ground>>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let by_link = is_answer_link(request.uri().path());
    // A page that names no referrer posts with the origin `null`; what follows there carries a token of its own.
    let nameless = by_link && request.headers().get(header::ORIGIN).is_some_and(|origin| origin == "null");
    let excused = nameless && !says_cross_site(request.headers());
    if request.method() != Method::GET && !excused && foreign_origin(request.headers(), &ground) {
        return Error::Forbidden("csrf").into_response();
    }
    let lang = chosen_lang(&jar, request.headers());
    request.extensions_mut().insert(lang);
    // A liveness probe must answer without a database.
    if request.uri().path() != "/healthz" && !request.uri().path().starts_with("/assets/") {
        match Work::open(&ground, Actor::Nobody).await {
            Ok(mut work) => {
                work.standing.lang = lang;
                work.standing.path = loggable(request.uri().path()).to_owned();
                request.extensions_mut().insert(Opened(Arc::new(Mutex::new(Some(work)))));
            }
            Err(error) => return error.into_response(),
        }
    }
    let response = next.run(request).await;
    // Whoever reloads after a form of an answer link finds a page with a way on.
    let nowhere = by_link && response.status() == StatusCode::METHOD_NOT_ALLOWED;
    if nowhere { Error::NotFound.into_response() } else { response }
}

fn says_cross_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

/// Whether an address is one of an answer link: its pages name no referrer and are kept nowhere.
pub fn is_answer_link(path: &str) -> bool {
    path == "/r" || path.starts_with("/r/")
}

/// A path as logs, facts and pages may hold it: the token of an answer link, the secret of a calendar or of a gateway, or the key of a phone is a way in,
/// and is written down nowhere.
pub fn loggable(path: &str) -> &str {
    let secret = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 20);
    match path {
        _ if secret("/r/") => "/r/{token}",
        _ if secret("/calendar/feed/") => "/calendar/feed/{secret}",
        _ if secret("/openrosa/key/") => "/openrosa/key/{token}",
        _ if secret("/texts/reports/") => "/texts/reports/{secret}",
        _ => path,
    }
}

/// The language of somebody who is not signed in: their choice, else what their browser asks for.
pub fn chosen_lang(jar: &CookieJar, headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kept_lang(jar).unwrap_or_else(|| Lang::from_accept_language(asked).unwrap_or_default())
}

/// The language that was chosen in this browser, if one was.
pub fn kept_lang(jar: &CookieJar) -> Option<Lang> {
    jar.get(LANG_COOKIE).and_then(|cookie| cookie.value().parse().ok())
}

// A browser's form carries the session's token as `_csrf` (multipart: `?_csrf` is not used; `Upload` checks its first field), and comes
// from our own pages. The body is read here and handed on, with what was typed.
async fn refuse_forged(request: Request, csrf: &str, ground: &Ground) -> (Request, Result<Form, Unreadable>) {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return (request, Ok(Form::default()));
    }
    if foreign_origin(request.headers(), ground) {
        return (request, Err(Unreadable::Forged));
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return (request, Ok(Form::default()));
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, form::MOST_BYTES).await else {
        return (Request::from_parts(parts, Body::empty()), Err(Unreadable::TooLarge));
    };
    let form = Form::parse(&bytes);
    let sent = if same(bare(form.value("_csrf")), csrf) { Ok(form) } else { Err(Unreadable::Forged) };
    (Request::from_parts(parts, Body::from(bytes)), sent)
}

// Why a form is not taken.
enum Unreadable {
    // It does not come from one of our own pages.
    Forged,
    // It is larger than any of ours.
    TooLarge,
}

/// The token itself, without the mark behind it that says whose form it is.
pub fn bare(sent: &str) -> &str {
    sent.split_once('.').map_or(sent, |(token, _)| token)
}

/// Compares secrets without telling by time where they differ.
pub fn same(a: &str, b: &str) -> bool {
    !b.is_empty() && ids::hash(a) == ids::hash(b)
}

// A browser says where a request comes from: `Sec-Fetch-Site`, or `Origin` in older ones. Neither: not a browser's forged form.
pub(super) fn foreign_origin(headers: &HeaderMap, ground: &Ground) -> bool {
    match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).is_some_and(|origin| {
            let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
            origin != ground.base_url.origin().ascii_serialization()
                && origin.split_once("://").is_none_or(|(_, from)| from != host)
        }),
    }
}

// The status, when the answer is a denial worth noting.
fn denied(response: &Response) -> Option<u16> {
    let carried = response.extensions().get::<Carried>()?;
    matches!(*carried.0, Error::NotFound | Error::Forbidden(_)).then(|| response.status().as_u16())
}

/// Notes a denied try, in a transaction of its own: the handler's was rolled back.
pub async fn note_denied(ground: &Arc<Ground>, actor: Actor, route: Option<String>, status: Option<u16>) {
    let (Some(status), Some(route)) = (status, route) else { return };
    let noted = async {
        let mut work = Work::open(ground, actor).await?;
        work.record(Fact::AccessDenied, About::default().note(serde_json::json!({ "route": route, "status": status }))).await?;
        work.commit().await
    };
    if let Err(error) = noted.await {
        tracing::error!(?error, "A denied try could not be noted.");
    }
}

/// Adds a `Set-Cookie`.
pub fn append_cookie(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, value);
    }
}

// What OWASP's secure headers ask for. Nothing inline, nothing from elsewhere, nothing in a frame.
async fn secure_headers(request: Request, next: Next) -> Response {
    let by_link = is_answer_link(request.uri().path());
    // The one page that runs the engine of forms, plays the sounds of a form and asks a device where it is.
    let in_the_field = request.uri().path() == "/field";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(), microphone=(), interest-cohort=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-permitted-cross-domain-policies", "none"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if in_the_field {
        headers.insert(
            "content-security-policy",
            HeaderValue::from_static(
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'",
            ),
        );
        headers.insert(
            "permissions-policy",
            HeaderValue::from_static("camera=(self), geolocation=(self), microphone=(self), interest-cohort=()"),
        );
    }
    if by_link {
        headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
