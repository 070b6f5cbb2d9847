//! Versions on the wire: what was read carries its version as `ETag`, and a write names it in `If-Match`, so that nobody overwrites what
//! they have not seen. No `If-Match` answers 428, another version 412.
use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::error::{Clash, Error, same_version};

/// The version that the writer has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i32);

impl IfMatch {
    /// The record still has the version that the writer has read.
    pub fn check(self, version: i32) -> Result<(), Error> {
        same_version(self.0, version)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Error> {
        let given = parts.headers.get(header::IF_MATCH).ok_or(Error::VersionMissing)?;
        // Whatever is no version of ours matches nothing; `*` would defeat the purpose and is treated alike.
        given.to_str().ok().and_then(version).map(Self).ok_or(Error::Conflict(Clash::Stale))
    }
}

fn version(tag: &str) -> Option<i32> {
    tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// A version as `ETag`.
pub fn tag(version: i32) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits in quotes are a header value")
}

/// An answer with the version of what it shows.
pub fn versioned(version: i32, body: impl Serialize) -> Response {
    ([(header::ETAG, tag(version))], Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_strong_tags_are_versions() {
        assert_eq!(version("\"7\""), Some(7));
        assert_eq!(version("W/\"7\""), None);
        assert_eq!(version("*"), None);
    }
}
