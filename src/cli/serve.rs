//! `serve` and `worker`: run until Ctrl-C or SIGTERM, then stop everything that was started.
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::set_up;
use crate::config::Config;
use crate::platform::db::Ground;
use crate::{routes, web, worker};

/// The whole service over this ground, as `serve` and the tests run it.
pub fn service(ground: Arc<Ground>) -> Router {
    plain_service(ground).layer(CompressionLayer::new())
}

/// The same before anything is compressed, so that whoever measures can read what leaves.
pub fn plain_service(ground: Arc<Ground>) -> Router {
    web::gate::close(routes::all(), ground).layer(CatchPanicLayer::new())
}

/// Serves pages and API.
pub async fn serve(config: &Config, demo: bool, with_worker: bool) -> anyhow::Result<()> {
    // First of all, so that a port that is taken is said before anything is made or promised.
    let listener =
        TcpListener::bind(config.web.listen).with_context(|| format!("{} cannot be listened on", config.web.listen))?;
    let mut opened = set_up::open(config).await?;
    if demo {
        opened.keep_messages_as_files(&config.storage.data);
        super::demo::ensure(&opened).await?;
    }
    let (stop, stopped) = watch::channel(false);
    let work = with_worker.then(|| spawn_worker(&opened.ground, &stopped));
    let handle = axum_server::Handle::new();
    spawn_stop(handle.clone());
    let app = service(opened.ground.clone()).into_make_service_with_connect_info::<SocketAddr>();
    eprintln!("Throughcare is at {}", config.web.base_url);
    let served = match &config.web.tls {
        Some(tls) => {
            let certificate = RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
                .await
                .context("the TLS certificate or key cannot be used")?;
            axum_server::from_tcp_rustls(listener, certificate)?.handle(handle).serve(app).await
        }
        None => axum_server::from_tcp(listener)?.handle(handle).serve(app).await,
    };
    stop.send(true).ok();
    if let Some(work) = work {
        work.await.ok();
    }
    opened.close().await?;
    served.with_context(|| format!("{} cannot be served any longer", config.web.listen))
}

/// Works off jobs until told to stop.
pub async fn work(config: &Config) -> anyhow::Result<()> {
    let opened = set_up::open(config).await?;
    let (stop, stopped) = watch::channel(false);
    let work = spawn_worker(&opened.ground, &stopped);
    told_to_stop().await;
    stop.send(true).ok();
    work.await.ok();
    opened.close().await
}

// Jobs and upkeep, side by side; the handle ends when both have.
#[expect(clippy::disallowed_methods, reason = "the one place that starts the worker")]
fn spawn_worker(ground: &Arc<Ground>, stopped: &watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let (ground, stopped) = (ground.clone(), stopped.clone());
    tokio::spawn(async move {
        tokio::join!(
            worker::work_until(ground.clone(), stopped.clone()),
            worker::send_until(ground.clone(), stopped.clone()),
            worker::upkeep::keep_up(ground, stopped)
        );
    })
}

#[expect(clippy::disallowed_methods, reason = "waits for the signal beside the server")]
fn spawn_stop(handle: axum_server::Handle<SocketAddr>) {
    tokio::spawn(async move {
        told_to_stop().await;
        handle.graceful_shutdown(Some(std::time::Duration::from_secs(5)));
    });
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("a signal handler can be set at start");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
