//! Errors as problem documents (RFC 9457). Field errors carry the same stable codes as the forms.
use axum::Json;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::error::{Carried, Clash, Error};

/// What went wrong, for a program to read.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// A stable code: `not_found`, `sign_in`, `forbidden`, `invalid`, `stale`, `version_missing`, `state`, `key_reused`, `slow_down`, `full`, `broken`.
    pub code: &'static str,
    /// One sentence in English.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Why, for `state` (a stable code) and `forbidden` (the act that is missing).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The state the record is in, for `state`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Field to error code, for `invalid`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, &'static str>,
    /// Where reading stopped, for a body that can't be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Quote this when you ask about it, for `broken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Problem {
    fn of(error: &Error) -> Self {
        let (code, title) = match error {
            Error::NotFound => ("not_found", "There is nothing here that you may see."),
            Error::SignIn => ("sign_in", "Send a valid bearer token."),
            Error::Forbidden("in_for_task") => ("forbidden", "You were let in for a handed task: do that task."),
            Error::Forbidden(_) => ("forbidden", "Your role does not allow this."),
            Error::Invalid(_) | Error::Unread(..) => ("invalid", "Some fields are not acceptable."),
            Error::Conflict(Clash::Stale) => ("stale", "The record changed since you read it."),
            Error::Conflict(Clash::State { .. }) => ("state", "The record's state does not allow this."),
            Error::Conflict(Clash::KeyReused) => ("key_reused", "This idempotency key was used for another request."),
            Error::VersionMissing => ("version_missing", "Say in If-Match which version you have read."),
            Error::SlowDown(_) => ("slow_down", "Too many tries; wait."),
            Error::Full => ("full", "The disk is nearly full: reading goes on, writing waits until there is room."),
            Error::Broken(_) => ("broken", "Something went wrong on our side; nothing was changed."),
        };
        let (mut reason, mut state, mut fields, mut detail, mut reference) = (None, None, BTreeMap::new(), None, None);
        match error {
            Error::Forbidden(act) => reason = Some(*act),
            Error::Conflict(Clash::State { state: is, code }) => (reason, state) = (Some(*code), Some(is.clone())),
            Error::Invalid(errors) => fields.clone_from(&errors.0),
            Error::Unread(errors, place) => (fields, detail) = (errors.0.clone(), Some(place.clone())),
            Error::Broken(cause) => {
                let quoted = crate::platform::ids::code('E');
                tracing::error!(reference = quoted, error = ?cause, "An API request failed.");
                reference = Some(quoted);
            }
            _ => {}
        }
        Self { code, title, status: error.status().as_u16(), reason, state, fields, detail, reference }
    }
}

/// Turns an error that a handler answered with into a problem document.
pub async fn as_problem(request: Request, next: Next) -> Response {
    let conditional = request.headers().contains_key(header::IF_MATCH);
    let response = next.run(request).await;
    let Some(Carried(error)) = response.extensions().get::<Carried>().cloned() else { return response };
    // RFC 9110 has a status of its own for a version that the caller named and that is gone.
    let status = match *error {
        Error::Conflict(Clash::Stale) if conditional => http::StatusCode::PRECONDITION_FAILED,
        _ => error.status(),
    };
    let mut answer = (status, Json(Problem { status: status.as_u16(), ..Problem::of(&error) })).into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if matches!(*error, Error::SignIn) {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Error::SlowDown(seconds) = *error {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}
