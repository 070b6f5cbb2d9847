//! `GET /metrics`: what whoever keeps the service running watches, in the text format of Prometheus. How often and how fast each route
//! answers, and what waits: jobs, mail, facts not yet sealed. Nothing in it is counted by case type, organisation or person.
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::gate::same;
use crate::config::SecretText;
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};

// Upper bounds in seconds.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

// One for the process, as counters are.
static RECORDER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let installed = PrometheusBuilder::new().set_buckets(&BUCKETS).and_then(PrometheusBuilder::install_recorder);
    installed.inspect_err(|error| tracing::error!(?error, "Nothing is counted for /metrics.")).ok()
});

/// Counts every answer under its route's name; addresses, which hold ids, are never written down.
pub async fn count(route: Option<Extension<MatchedPath>>, request: Request, next: Next) -> Response {
    settle_now_and_then();
    let (began, method) = (Instant::now(), known(request.method()));
    let response = next.run(request).await;
    let route = route.map_or_else(|| "none".to_owned(), |route| route.0.as_str().to_owned());
    let status = response.status().as_str().to_owned();
    counter!("throughcare_requests_total", "method" => method, "route" => route.clone(), "status" => status).increment(1);
    histogram!("throughcare_request_seconds", "route" => route).record(began.elapsed());
    response
}

// Puts what was measured since into its buckets, so that it takes no room while nobody asks.
fn settle_now_and_then() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    if let Some(recorder) = RECORDER.as_ref()
        && ASKED.fetch_add(1, Ordering::Relaxed).is_multiple_of(1024)
    {
        recorder.run_upkeep();
    }
}

// A method can be any word; each new one would be a line of its own for good.
fn known(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// GET /metrics, for whoever asks on this machine itself or knows the token; [`Error::NotFound`] for everybody else.
pub async fn show(
    State(ground): State<Arc<Ground>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !may_read(ground.metrics_token.as_ref().map(SecretText::exposed), peer.map(|peer| peer.0.0), &headers) {
        return Err(Error::NotFound);
    }
    let recorder = RECORDER.as_ref().ok_or_else(|| anyhow::anyhow!("no recorder"))?;
    measure_backlog(&ground).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render()).into_response())
}

// With a token set, the token alone opens. Without one, a request that comes from this machine and was passed on by nobody.
fn may_read(token: Option<&str>, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    if let Some(token) = token {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        return sent.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|sent| same(sent, token));
    }
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name));
    !passed_on && peer.is_some_and(|peer| peer.ip().is_loopback())
}

// What waits for the worker, and since when.
async fn measure_backlog(ground: &Arc<Ground>) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "metrics", org: None }).await?;
    // Text messages wait without fault where nobody set a gateway.
    let (now, texts) = (work.now(), ground.sms.channel.is_open());
    let waits = sqlx::query!(
        "select (select count(*) from jobs where done_at is null and given_up_at is null and run_at <= $1) as \"jobs_due!\",
           (select min(run_at) from jobs where done_at is null and given_up_at is null) as jobs_since,
           (select count(*) from jobs where given_up_at is not null) as \"jobs_given_up!\",
           (select count(*) from messages where state in ('queued', 'sending') and due_at <= $1 and (carrier = 'mail' or $2)) as \"mail_due!\",
           (select count(*) from messages where state = 'dead') as \"mail_dead!\",
           (select sealed_at from seals order by number desc limit 1) as sealed_at",
        now,
        texts
    )
    .fetch_one(work.db())
    .await?;
    let since = |moment| now.signed_duration_since(moment).to_std().unwrap_or(Duration::ZERO).as_secs_f64();
    let backlog = [
        ("throughcare_jobs_due", waits.jobs_due),
        ("throughcare_jobs_given_up", waits.jobs_given_up),
        ("throughcare_mail_due", waits.mail_due),
        ("throughcare_mail_dead", waits.mail_dead),
    ];
    for (name, waiting) in backlog {
        gauge!(name).set(f64::from(i32::try_from(waiting).unwrap_or(i32::MAX)));
    }
    gauge!("throughcare_jobs_oldest_due_seconds").set(waits.jobs_since.map_or(0.0, since));
    gauge!("throughcare_audit_sealed_seconds_ago").set(waits.sealed_at.map_or(0.0, since));
    let pools = [("web", ground.web.connections()), ("worker", ground.worker.connections())];
    for (pool, (open, idle)) in pools {
        gauge!("throughcare_database_connections", "pool" => pool, "state" => "open").set(f64::from(open));
        gauge!("throughcare_database_connections", "pool" => pool, "state" => "idle").set(f64::from(idle));
    }
    work.commit().await
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn figures_are_for_this_machine_or_whoever_knows_the_token() {
        let (here, there) = (Some(([127, 0, 0, 1], 9).into()), Some(([10, 0, 0, 7], 9).into()));
        let plain = HeaderMap::new();
        assert!(may_read(None, here, &plain));
        assert!(!may_read(None, there, &plain) && !may_read(None, None, &plain));
        let passed_on =
            HeaderMap::from_iter([(http::HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("10.0.0.7"))]);
        assert!(!may_read(None, here, &passed_on), "a proxy on this machine");
        let with = |token| HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(token))]);
        assert!(may_read(Some("0123456789abcdef"), there, &with("Bearer 0123456789abcdef")));
        assert!(
            !may_read(Some("0123456789abcdef"), here, &with("Bearer 0123456789abcdee"))
                && !may_read(Some("0123456789abcdef"), here, &plain)
        );
    }
}
