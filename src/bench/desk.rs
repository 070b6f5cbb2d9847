//! Somebody at a desk: signed in, asking for pages through the real router, with a clock in the hand.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use tower::ServiceExt;

use crate::access::sessions;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::{self, UserId};

/// A signed-in desk.
#[derive(Clone)]
pub struct Desk {
    app: Router,
    cookie: String,
    csrf: String,
}

/// What came back, and how long the server took.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Milliseconds from the request to the last byte.
    pub millis: f64,
    /// The body as sent.
    pub body: Vec<u8>,
    /// Where it sends the browser on to.
    pub location: String,
}

impl Desk {
    /// Sits this user down.
    pub async fn of(ground: &Arc<Ground>, app: &Router, login: &str) -> anyhow::Result<Self> {
        let mut work = Work::open(ground, Actor::Nobody).await.map_err(broken)?;
        let row =
            sqlx::query_scalar!("select user_id as \"id!\" from access.credentials($1)", login).fetch_optional(work.db()).await?;
        let user = row.with_context(|| format!("nobody is called {login}"))?;
        let secret = sessions::begin(&mut work, UserId(user), "bench").await.map_err(broken)?;
        let hour = sqlx::postgres::types::PgInterval { months: 0, days: 0, microseconds: 3_600_000_000 };
        let csrf = sqlx::query_scalar!("select csrf as \"csrf!\" from access.session($1, $2)", ids::hash(&secret), hour)
            .fetch_one(work.db())
            .await?;
        work.commit().await.map_err(broken)?;
        Ok(Self { app: app.clone(), cookie: format!("session={secret}"), csrf })
    }

    /// Opens a page, plain.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty())?).await
    }

    /// Opens a page as a browser does, compressed.
    pub async fn get_compressed(&self, path: &str) -> anyhow::Result<Answer> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).header(header::ACCEPT_ENCODING, "br");
        self.send(request.body(Body::empty())?).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &self.csrf).extend_pairs(fields);
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form.finish()))?).await
    }

    async fn send(&self, request: Request<Body>) -> anyhow::Result<Answer> {
        let start = Instant::now();
        let response = self.app.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 50_000_000).await?.to_vec();
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let location = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Answer { status: parts.status, millis, body, location })
    }
}

/// An error of the program as one of the command line.
pub fn broken(error: crate::error::Error) -> anyhow::Error {
    match error {
        crate::error::Error::Broken(error) => error,
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// Statements that went to the database so far.
pub static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Counts what `sqlx` says of each statement.
pub struct Count;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Count {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }
}
