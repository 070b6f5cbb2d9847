//! What goes back to a collecting app: XML with the headers that it looks for, and refusals with the status that it acts upon.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::post::MOST_BYTES;
use crate::error::{Clash, Error};
use crate::platform::lang::Lang;
use crate::platform::text::{text, text_with};

/// Who is asked for name and password.
const REALM: &str = "Basic realm=\"Throughcare\", charset=\"UTF-8\"";

/// An XML document as an OpenRosa answer.
pub(super) fn xml(lang: Lang, now: DateTime<Utc>, status: StatusCode, body: String) -> Response {
    // Collect takes nothing for a list of forms whose type is not exactly this.
    let mut response = (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response();
    dress(response.headers_mut(), lang, now);
    response
}

/// An answer in the envelope that collecting apps show to the worker.
pub(super) fn said(lang: Lang, now: DateTime<Utc>, status: StatusCode, words: &str) -> Response {
    let words = escaped(words);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>{words}</message></OpenRosaResponse>"
    );
    xml(lang, now, status, body)
}

/// The headers of every answer: OpenRosa's version and date, the language of the words, and nothing that a proxy keeps.
pub(super) fn dress(headers: &mut HeaderMap, lang: Lang, now: DateTime<Utc>) {
    headers.insert(HeaderName::from_static("x-openrosa-version"), HeaderValue::from_static("1.0"));
    if let Ok(date) = HeaderValue::from_str(&now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert(header::DATE, date);
    }
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-openrosa-accept-content-length"), HeaderValue::from(MOST_BYTES));
}

/// How a caller is to prove themselves when they have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Collect asks the worker for name and password when it sees a challenge.
    Password,
    /// The address itself holds the key: a challenge would have Collect ask for a password that nothing takes.
    Key,
}

/// A refusal: its status, and words for the worker.
pub(super) fn refused(lang: Lang, now: DateTime<Utc>, door: Door, error: &Error) -> Response {
    let (status, key) = explained(door, error);
    let words = match error {
        Error::SlowDown(seconds) => text_with(lang, key, &[("seconds", (*seconds).into())]),
        _ => text(lang, key),
    };
    let mut response = said(lang, now, status, &words);
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(REALM));
    }
    match error {
        Error::SlowDown(seconds) => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds))),
        Error::Full => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("600"))),
        _ => {}
    }
    response
}

// Collect tries again later what was refused with anything but 201 and 202, and keeps it; so no answer here loses what was filled in.
fn explained(door: Door, error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::SignIn if door == Door::Password => (StatusCode::UNAUTHORIZED, "openrosa-sign-in"),
        Error::SignIn => (StatusCode::FORBIDDEN, "openrosa-no-key"),
        Error::Forbidden("tls") => (StatusCode::FORBIDDEN, "openrosa-tls"),
        Error::Forbidden("password") => (StatusCode::FORBIDDEN, "openrosa-password"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "openrosa-forbidden"),
        Error::NotFound => (StatusCode::NOT_FOUND, "openrosa-not-found"),
        Error::Invalid(errors) if errors.0.values().any(|code| *code == "too_large") => {
            (StatusCode::PAYLOAD_TOO_LARGE, "openrosa-too-large")
        }
        Error::Invalid(errors) if errors.get("form") == Some("form_needs_case") => {
            (StatusCode::BAD_REQUEST, "openrosa-needs-case")
        }
        Error::Invalid(_) | Error::Unread(..) | Error::VersionMissing => (StatusCode::BAD_REQUEST, "openrosa-unread"),
        Error::Conflict(Clash::Stale) => (StatusCode::CONFLICT, "openrosa-busy"),
        Error::Conflict(_) => (StatusCode::CONFLICT, "openrosa-conflict"),
        Error::SlowDown(_) => (StatusCode::TOO_MANY_REQUESTS, "openrosa-slow"),
        Error::Full => (StatusCode::SERVICE_UNAVAILABLE, "openrosa-full"),
        Error::Broken(cause) => {
            let reference = crate::platform::ids::code('E');
            tracing::error!(reference, error = ?cause, "A request of a collecting app failed.");
            (StatusCode::INTERNAL_SERVER_ERROR, "openrosa-broken")
        }
    }
}

/// Text as it stands in XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no sign for these, not even escaped.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::invalid;

    #[test]
    fn a_password_is_asked_for_only_where_one_is_taken() {
        let now = DateTime::from_timestamp(1_297_702_095, 0).unwrap();
        let by_password = refused(Lang::En, now, Door::Password, &Error::SignIn);
        assert_eq!(by_password.status(), 401);
        assert!(by_password.headers().contains_key("www-authenticate"));
        assert_eq!(by_password.headers()["date"], "Mon, 14 Feb 2011 16:48:15 GMT");
        let by_key = refused(Lang::En, now, Door::Key, &Error::SignIn);
        assert_eq!((by_key.status().as_u16(), by_key.headers().contains_key("www-authenticate")), (403, false));
    }

    #[test]
    fn each_refusal_has_the_status_that_clients_act_on_and_says_when_to_come_again() {
        let of = |error: &Error| refused(Lang::En, DateTime::UNIX_EPOCH, Door::Password, error);
        for (error, status) in [
            (Error::NotFound, 404_u16),
            (Error::Forbidden("tls"), 403),
            (Error::Conflict(Clash::Stale), 409),
            (Error::Conflict(Clash::KeyReused), 409),
            (invalid("xml", "required"), 400),
            (invalid("file", "too_large"), 413),
            (Error::SlowDown(30), 429),
            (Error::Full, 503),
        ] {
            let told = of(&error);
            assert_eq!(told.status(), status, "{error:?}");
            assert_eq!(told.headers()["x-openrosa-version"], "1.0", "{error:?}");
            let waits = matches!(error, Error::SlowDown(_) | Error::Full);
            assert_eq!(told.headers().contains_key("retry-after"), waits, "{error:?}");
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_left_out() {
        assert_eq!(escaped("a<b & \"c\"\u{1}>"), "a&lt;b &amp; &quot;c&quot;&gt;");
    }
}
