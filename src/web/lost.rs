//! A session ends while somebody types. What the form held travels, sealed, through the sign-in page, and the same person finds the form
//! as they left it; anybody else who signs in there finds nothing. No browser keeps any of it.
//!
//! Every form names, beside its token, whose it is: a keyed hash of the user. The server alone can read what it sealed.
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::{Ground, Work};
use crate::platform::ids::UserId;
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::{Form, Page, form, gate, holder};

// Longer texts than this are shown by the browser's own way back.
const MOST_BYTES: usize = 200 * 1024;
// Who comes back later than this has begun another day.
const KEPT_FOR: TimeDelta = TimeDelta::hours(12);
const PLACE: &str = "what was typed";

/// What was typed into a form whose session had ended.
#[derive(Serialize, Deserialize)]
struct Kept {
    whose: String,
    to: String,
    at: DateTime<Utc>,
    fields: BTreeMap<String, Vec<String>>,
}

/// Travels with the refusal of a request without a session: where the person was, and what they had typed, sealed.
#[derive(Clone, Default)]
pub struct Lost {
    /// The page they were on.
    pub next: Option<String>,
    /// What they had typed.
    pub kept: Option<String>,
}

/// The part of a form's token that says whose form it is.
pub fn whose(ground: &Ground, user: UserId) -> String {
    hex::encode(&ground.keyring.derive("whose form", user.0.as_bytes())[..8])
}

/// A request without a session is refused, with what it brought.
pub(super) async fn refuse(ground: &Arc<Ground>, request: Request<Body>) -> Response {
    let mut response = Error::SignIn.into_response();
    if request.method() == http::Method::GET || gate::foreign_origin(request.headers(), ground) {
        return response;
    }
    let mut lost = Lost { next: page_before(request.headers()), kept: None };
    let to = request.uri().path().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded")
        && let Ok(bytes) = axum::body::to_bytes(request.into_body(), form::MOST_BYTES).await
        && bytes.len() <= MOST_BYTES
    {
        lost.kept = kept(ground, to, &Form::parse(&bytes));
    }
    response.extensions_mut().insert(lost);
    response
}

// The page on which the form stood, which is not always the address that it is sent to.
pub(super) fn page_before(headers: &HeaderMap) -> Option<String> {
    let from = url::Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let same = from.port().map_or(from.host_str()?.to_owned(), |port| format!("{}:{port}", from.host_str().unwrap_or_default()));
    let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
    (same == host && from.path() != "/sign-in").then(|| format!("{}{query}", from.path()))
}

/// Fields whose value is shown to nobody again.
pub(super) const SECRETS: [&str; 3] = ["password", "old", "new"];

/// Words of people, not the code of a choice.
pub(super) fn is_worded(value: &str) -> bool {
    !value.trim().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_:./".contains(c))
}

// Only words are worth the way: a choice is made again in a moment. Passwords never travel.
fn kept(ground: &Ground, to: String, sent: &Form) -> Option<String> {
    let fields: BTreeMap<String, Vec<String>> =
        sent.entries().filter(|(name, _)| *name != "_csrf").map(|(name, values)| (name.to_owned(), values.to_vec())).collect();
    let secret = SECRETS.iter().any(|name| fields.contains_key(*name));
    let (_, whose) = sent.value("_csrf").split_once('.')?;
    if secret || !fields.iter().any(|(name, values)| !name.starts_with('_') && values.iter().any(|value| is_worded(value))) {
        return None;
    }
    let kept = Kept { whose: whose.to_owned(), to, at: ground.clock.now(), fields };
    let plain = serde_json::to_vec(&kept).ok()?;
    Some(BASE64.encode(ground.keyring.own_key("what was typed", Uuid::nil()).seal(PLACE, &plain)))
}

#[derive(Template)]
#[template(path = "web/html/lost.html")]
struct LostPage {
    p: Page,
    next: String,
    kept: String,
}

/// The sign-in page that carries what was typed; `None` where nothing was.
pub(super) fn page(ground: &Ground, lang: Lang, lost: &Lost) -> Option<Response> {
    let kept = lost.kept.clone()?;
    let p = Page::plain(lang, text(lang, "sign-in-title"), ground.clock.now());
    let page = LostPage { p, next: lost.next.clone().unwrap_or_default(), kept };
    let html = page.render().ok()?;
    Some((StatusCode::UNAUTHORIZED, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

#[derive(Template)]
#[template(path = "web/html/go_on.html")]
struct GoOn {
    p: Page,
    to: String,
    fields: Vec<(String, String)>,
}

/// The way back to the form, for whoever filled it and has just signed in again; `None` for everybody else.
pub async fn go_on(ground: &Arc<Ground>, session: &str, sealed: &str) -> Result<Option<Response>, Error> {
    let Some(kept) = opened(ground, sealed) else { return Ok(None) };
    let mut work: Work = holder::open_session(ground, session).await?;
    let theirs = work.me().is_ok_and(|me| whose(ground, me) == kept.whose);
    if !theirs || work.standing.must_change_password || work.now() - kept.at > KEPT_FOR {
        return Ok(None);
    }
    let fields = kept.fields.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name.clone(), value)));
    let page = GoOn { p: Page::titled(&mut work, "go-on-title").await?, to: kept.to, fields: fields.collect() };
    work.show_plain(page).await.map(Some)
}

fn opened(ground: &Ground, sealed: &str) -> Option<Kept> {
    let bytes = BASE64.decode(sealed).ok()?;
    let plain = ground.keyring.own_key("what was typed", Uuid::nil()).open(PLACE, &bytes).ok()?;
    serde_json::from_slice(&plain).ok()
}
