//! Pages of a list: a limit of at most 100, and an opaque cursor that says after which row the next page starts. Rows that arrive
//! meanwhile never shift a page, as they would with offsets.
use axum::extract::FromRequestParts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Uri;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, FieldErrors, invalid};
use crate::web::Form;

/// The most rows of one page.
pub const MOST: i64 = 100;
const USUAL: i64 = 50;

/// Which page was asked for.
#[derive(Debug, Clone)]
pub struct Paging {
    /// At most so many rows. Fetch one more ([`Paging::fetch`]) to learn whether another page follows.
    pub limit: i64,
    cursor: Option<String>,
    uri: Uri,
}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page is; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Paging {
    /// How many rows to fetch: one more than shown.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// The key of the row after which the page starts, such as `(DateTime<Utc>, Uuid)`.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Error> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid("cursor", "not_understood"))?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| invalid("cursor", "not_understood"))
    }

    /// The page of these rows, of which [`Paging::fetch`] were asked; `key` says after which row a page starts.
    pub fn page<T, K: Serialize>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<Paged<T>, Error> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        rows.truncate(shown);
        let next = match rows.last() {
            Some(last) if more => Some(self.next(&serde_json::to_vec(&key(last)).map_err(anyhow::Error::from)?)),
            _ => None,
        };
        Ok(Paged { items: rows, next })
    }

    // The same address with another cursor, so that every filter stays.
    fn next(&self, key: &[u8]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()) {
            if name != "cursor" {
                query.append_pair(&name, &value);
            }
        }
        query.append_pair("cursor", &URL_SAFE_NO_PAD.encode(key));
        format!("{}?{}", self.uri.path(), query.finish())
    }
}

impl<T> Paged<T> {
    /// The same page with each row in its wire form.
    pub fn map<U>(self, wire: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(wire).collect(), next: self.next }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Error> {
        let mut query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let limit = query.parsed_maybe::<i64>("limit").unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::Invalid(FieldErrors::one("limit", "out_of_range")));
        }
        query.check()?;
        let cursor = query.filled("cursor").then(|| query.value("cursor").to_owned());
        Ok(Self { limit, cursor, uri: parts.uri.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(uri: &'static str) -> Paging {
        let query = Form::parse(uri.split_once('?').map_or("", |(_, query)| query).as_bytes());
        let cursor = query.filled("cursor").then(|| query.value("cursor").to_owned());
        Paging { limit: 2, cursor, uri: Uri::from_static(uri) }
    }

    #[test]
    fn the_next_page_starts_after_the_last_row_and_keeps_the_filters() {
        let page = paging("/api/v1/things?kind=a&cursor=MQ").page(vec![1, 2, 3], |row| *row).expect("a page");
        assert_eq!((page.items, page.next.as_deref()), (vec![1, 2], Some("/api/v1/things?kind=a&cursor=Mg")));
        assert_eq!(paging("/x?cursor=Mg").after::<i32>().expect("our own cursor"), Some(2));
        assert_eq!(paging("/x").page(vec![1, 2], |row| *row).expect("a page").next, None);
        assert!(paging("/x?cursor=!!").after::<i32>().is_err());
    }
}
