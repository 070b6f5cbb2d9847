//! `Idempotency-Key` on POST: a caller that lost our answer sends the same request again and gets the same answer, with nothing done
//! twice. The key, the change and the stored answer commit together.
//!
//! ```ignore
//! async fn create(mut work: Work, asked: Asked<NewThing>) -> Result<Response, Error> {
//!     if let Some(answer) = asked.answered(&mut work).await? {
//!         return Ok(answer);
//!     }
//!     let thing = actions::make(&mut work, &asked.body).await?;
//!     asked.answer(work, StatusCode::CREATED, Some(thing.path()), &wire(thing)).await
//! }
//! ```
//! Answers are kept for a day as they were sent: answer with ids, codes and versions, not with what a person told.
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Digest;

use super::body;
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;

/// The header that carries the key.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// No JSON body is larger than this, unless a call says otherwise.
pub const MOST_BYTES: usize = 1024 * 1024;
const LONGEST_KEY: usize = 100;

/// A JSON request of at most so many bytes and, where the caller sent one, its key.
#[derive(Debug)]
pub struct Asked<T, const MOST: usize = MOST_BYTES> {
    /// What was asked for.
    pub body: T,
    key: Option<String>,
    request_hash: Vec<u8>,
}

impl<T, const MOST: usize> Asked<T, MOST> {
    /// The answer given before under this key; [`Clash::KeyReused`] if that was to another request. The key is taken otherwise: a second
    /// request with it waits until this work has committed or not.
    pub async fn answered(&self, work: &mut Work) -> Result<Option<Response>, Error> {
        let Some(key) = &self.key else { return Ok(None) };
        let (me, now) = (work.me()?, work.now());
        let taken = sqlx::query!(
            "insert into idempotency_keys (user_id, key, request_hash, at) values ($1, $2, $3, $4) on conflict do nothing",
            me.0,
            key,
            self.request_hash,
            now
        )
        .execute(work.db())
        .await?;
        if taken.rows_affected() == 1 {
            return Ok(None);
        }
        let before = sqlx::query!(
            "select request_hash, status as \"status!\", body as \"body!\", location from idempotency_keys where user_id = $1 and key = $2",
            me.0,
            key
        )
        .fetch_one(work.db())
        .await?;
        if before.request_hash != self.request_hash {
            return Err(Error::Conflict(Clash::KeyReused));
        }
        let status = u16::try_from(before.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        Ok(Some(answer(status.unwrap_or(StatusCode::OK), before.location.as_deref(), before.body)))
    }

    /// Frees the key: what is asked is refused, although something stays counted, so that there is no answer to repeat.
    pub async fn free(&self, work: &mut Work) -> Result<(), Error> {
        let (Some(key), me) = (&self.key, work.me()?) else { return Ok(()) };
        sqlx::query!("delete from idempotency_keys where user_id = $1 and key = $2", me.0, key).execute(work.db()).await?;
        Ok(())
    }

    /// Stores the answer under the key, commits and answers.
    pub async fn answer(
        &self,
        mut work: Work,
        status: StatusCode,
        location: Option<String>,
        body: &impl Serialize,
    ) -> Result<Response, Error> {
        let body = serde_json::to_string(body).map_err(anyhow::Error::from)?;
        if let Some(key) = &self.key {
            let me = work.me()?;
            sqlx::query!(
                "update idempotency_keys set status = $3, body = $4, location = $5 where user_id = $1 and key = $2",
                me.0,
                key,
                i32::from(status.as_u16()),
                body,
                location
            )
            .execute(work.db())
            .await?;
        }
        work.commit().await?;
        Ok(answer(status, location.as_deref(), body))
    }
}

fn answer(status: StatusCode, location: Option<&str>, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(location) = location.and_then(|location| HeaderValue::from_str(location).ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Forgets the answers of more than a day ago.
pub async fn forget_old(work: &mut Work) -> Result<(), Error> {
    let before = work.now() - chrono::TimeDelta::days(1);
    sqlx::query!("delete from idempotency_keys where at < $1", before).execute(work.db()).await?;
    Ok(())
}

impl<S: Send + Sync, T: DeserializeOwned, const MOST: usize> FromRequest<S> for Asked<T, MOST> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let (parts, sent) = request.into_parts();
        let key = match parts.headers.get(HEADER).map(HeaderValue::to_str) {
            None => None,
            Some(Ok(key)) if (1..=LONGEST_KEY).contains(&key.len()) => Some(key.to_owned()),
            Some(_) => return Err(invalid("idempotency_key", "not_understood")),
        };
        let bytes = axum::body::to_bytes(sent, MOST).await.map_err(|_| invalid("", "too_large"))?;
        let mut hash = sha2::Sha256::new();
        for part in [parts.method.as_str().as_bytes(), b" ", parts.uri.to_string().as_bytes(), b"\n", &bytes] {
            hash.update(part);
        }
        Ok(Self { body: body::read(&bytes)?, key, request_hash: hash.finalize().to_vec() })
    }
}
