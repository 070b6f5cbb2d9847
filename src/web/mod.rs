//! Shared HTML: the gate every route stands behind, `Work` as an extractor, forms, the page context, error pages, assets.
//!
//! A route is private unless it was declared with [`routes::Routes::open`]. What deliberately is not here: any page of a room.
pub mod answer;
pub mod assets;
pub mod conflict;
pub mod form;
pub mod format;
pub mod gate;
pub mod holder;
pub mod listing;
pub mod lost;
pub mod metrics;
mod once;
pub mod page;
pub mod paper;
pub mod parts;
pub mod routes;
mod summary;
pub mod upload;

pub use form::Form;
pub use page::Page;
pub use routes::Routes;
pub use summary::bare as bare_label;

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;

use crate::platform::db::Ground;

/// Health and assets.
pub fn routes() -> Routes {
    Routes::new()
        .open("GET", "/healthz", || async { StatusCode::OK })
        .open("GET", "/readyz", readyz)
        .open("GET", "/metrics", metrics::show)
        .open("GET", "/assets/{file}", assets::serve)
}

/// GET /readyz: the database answers for pages and for jobs.
async fn readyz(State(ground): State<Arc<Ground>>) -> StatusCode {
    let ready = ground.web.ready().await.is_ok() && ground.worker.ready().await.is_ok();
    if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
