//! Somebody at a desk: signed in, asking for pages through the real router, with a clock in the hand and an eye on what comes back.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, ensure};
use axum::Router;
use axum::body::Body;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::{Request, StatusCode, header};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

use super::served::Seat;
use crate::access::sessions;
use crate::cli::serve;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::{self, UserId};

/// The largest page that is read.
const MOST: usize = 50_000_000;

/// What a page must hold to count: so many times this text.
#[derive(Clone, Debug)]
pub struct Mark {
    text: String,
    times: usize,
}

impl Mark {
    /// This text, once or more.
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), times: 1 }
    }

    /// This text, at least so often.
    pub fn often(text: impl Into<String>, times: usize) -> Self {
        Self { text: text.into(), times }
    }

    fn is_in(&self, page: &str) -> bool {
        page.matches(&self.text).take(self.times).count() == self.times
    }
}

/// A page to open, and what it must hold.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Its address.
    pub path: String,
    /// What it must hold.
    pub mark: Mark,
}

/// The program's whole service; what leaves it is looked at before it is compressed.
pub fn service(ground: Arc<Ground>) -> Router {
    serve::plain_service(ground).layer(from_fn(look)).layer(CompressionLayer::new())
}

// The mark asked for, and whether the page held it.
#[derive(Clone)]
struct Seen(bool);

async fn look(request: Request<Body>, next: Next) -> Response {
    let wanted = request.extensions().get::<Mark>().cloned();
    let response = next.run(request).await;
    let Some(mark) = wanted else { return response };
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MOST).await else { return Response::from_parts(parts, Body::empty()) };
    parts.extensions.insert(Seen(std::str::from_utf8(&bytes).is_ok_and(|page| mark.is_in(page))));
    Response::from_parts(parts, Body::from(bytes))
}

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
    marked: bool,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As a browser asks: compressed.
    Compressed,
    /// As it is written.
    Plain,
}

impl Desk {
    /// Sits this user down.
    pub async fn of(ground: &Arc<Ground>, app: &Router, user: UserId) -> anyhow::Result<Self> {
        let mut work = Work::open(ground, Actor::Nobody).await.map_err(broken)?;
        let secret = sessions::begin(&mut work, user, "bench").await.map_err(broken)?;
        let hour = sqlx::postgres::types::PgInterval { months: 0, days: 0, microseconds: 3_600_000_000 };
        let csrf = sqlx::query_scalar!("select csrf as \"csrf!\" from access.session($1, $2)", ids::hash(&secret), hour)
            .fetch_one(work.db())
            .await?;
        work.commit().await.map_err(broken)?;
        Ok(Self { app: app.clone(), cookie: format!("session={secret}"), csrf })
    }

    /// The same user's session, for opening these pages in another process.
    pub fn seat(&self, paths: Vec<String>) -> Seat {
        Seat { cookie: self.cookie.clone(), paths }
    }

    /// Opens a page that must be there and hold its mark.
    pub async fn visit(&self, visit: &Visit, packing: Packing) -> anyhow::Result<Answer> {
        let answer = self.get(&visit.path, packing, Some(&visit.mark)).await?;
        ensure!(answer.status == StatusCode::OK, "{} answers {}", visit.path, answer.status);
        ensure!(answer.marked, "{} does not hold {:?} {} times", visit.path, visit.mark.text, visit.mark.times);
        Ok(answer)
    }

    /// Opens whatever lies at this address.
    pub async fn get(&self, path: &str, packing: Packing, mark: Option<&Mark>) -> anyhow::Result<Answer> {
        let mut request = Request::get(path).header(header::COOKIE, &self.cookie);
        if packing == Packing::Compressed {
            request = request.header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd");
        }
        self.send(request.body(Body::empty())?, mark).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let form = {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("_csrf", &self.csrf).extend_pairs(fields).finish()
        };
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form))?, None).await
    }

    async fn send(&self, mut request: Request<Body>, mark: Option<&Mark>) -> anyhow::Result<Answer> {
        if let Some(mark) = mark {
            request.extensions_mut().insert(mark.clone());
        }
        let start = Instant::now();
        let response = self.app.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, MOST).await.context("an answer breaks off")?.to_vec();
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let location = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let marked = parts.extensions.get::<Seen>().is_some_and(|seen| seen.0);
        Ok(Answer { status: parts.status, millis, body, location, marked })
    }
}

/// An error of the program as one of the command line.
pub fn broken(error: crate::error::Error) -> anyhow::Error {
    match error {
        crate::error::Error::Broken(error) => error,
        other => anyhow::anyhow!("{other:?}"),
    }
}

static COUNTING: AtomicBool = AtomicBool::new(false);
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Counts what `sqlx` says of each statement, while somebody counts.
pub struct Count;

impl Count {
    /// Whether statements are told of: telling costs time, so nobody is told while a clock runs.
    pub fn is_on() -> bool {
        COUNTING.load(Ordering::Relaxed)
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Count {
    fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many statements a visit takes.
pub async fn statements(desk: &Desk, visit: &Visit) -> anyhow::Result<u32> {
    let before = STATEMENTS.load(Ordering::Relaxed);
    COUNTING.store(true, Ordering::Relaxed);
    let visited = desk.visit(visit, Packing::Compressed).await;
    COUNTING.store(false, Ordering::Relaxed);
    visited?;
    Ok(u32::try_from(STATEMENTS.load(Ordering::Relaxed) - before)?)
}
