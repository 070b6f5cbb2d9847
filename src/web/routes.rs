//! The register of routes: method, path and gate of each, so that a test can try every one of them.
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::response::Redirect;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Uri;

use crate::platform::db::Ground;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// A signed-in person's browser.
    Page,
    /// A bearer token.
    Api,
    /// Everybody.
    Open,
}

/// One recorded route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// The path with its `{parameters}`.
    pub path: &'static str,
    /// Who may come in.
    pub gate: Gate,
}

/// A room's routes, each behind its gate.
#[derive(Default)]
pub struct Routes {
    pages: Router<Arc<Ground>>,
    api: Router<Arc<Ground>>,
    open: Router<Arc<Ground>>,
    recorded: Vec<Recorded>,
    documents: Vec<utoipa::openapi::OpenApi>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page for a signed-in person: `"GET"` or `"POST"`.
    #[must_use]
    pub fn page<H, T>(mut self, method: &'static str, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Ground>>,
        T: 'static,
    {
        self.record(method, path, Gate::Page);
        self.pages = self.pages.route(path, methods(method, handler));
        self
    }

    /// A REST call with a bearer token.
    #[must_use]
    pub fn api<H, T>(mut self, method: &'static str, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Ground>>,
        T: 'static,
    {
        self.record(method, path, Gate::Api);
        self.api = self.api.route(path, methods(method, handler));
        self
    }

    /// A route for everybody. Search for `.open(` to see all that is public.
    #[must_use]
    pub fn open<H, T>(mut self, method: &'static str, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Ground>>,
        T: 'static,
    {
        self.record(method, path, Gate::Open);
        self.open = self.open.route(path, methods(method, handler));
        self
    }

    /// Adds another room's routes.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.pages = self.pages.merge(other.pages);
        self.api = self.api.merge(other.api);
        self.open = self.open.merge(other.open);
        self.recorded.extend(other.recorded);
        self.documents.extend(other.documents);
        self
    }

    /// What a room says of its REST calls, for the OpenAPI document.
    #[must_use]
    pub fn described<D: utoipa::OpenApi>(mut self) -> Self {
        self.documents.push(D::openapi());
        self
    }

    /// Everything the rooms say of their REST calls.
    pub fn documents(&self) -> &[utoipa::openapi::OpenApi] {
        &self.documents
    }

    /// Every recorded route.
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// The three routers, for the gate to close.
    pub(crate) fn into_parts(self) -> [Router<Arc<Ground>>; 3] {
        let back = self.ways_back();
        let pages = back.into_iter().fold(self.pages, |pages, (path, parts)| pages.route(path, way_back(parts)));
        [pages, self.api, self.open]
    }

    // Forms are sent to addresses that are no pages. After a refusal such an address stands in the browser's bar: whoever opens it there, or goes
    // back to it, is led to the nearest page above. Each with how many parts of the address that page has.
    fn ways_back(&self) -> Vec<(&'static str, usize)> {
        let is_page =
            |path: &str| self.recorded.iter().any(|one| one.method == "GET" && one.gate == Gate::Page && one.path == path);
        let sent = self.recorded.iter().filter(|one| one.method == "POST" && one.gate == Gate::Page);
        let mut paths: Vec<&'static str> = sent.map(|one| one.path).filter(|path| !is_page(path)).collect();
        paths.sort_unstable();
        paths.dedup();
        let parts = |path: &str| {
            let above = |count: &usize| is_page(&start_of(path, *count));
            (1..path.split('/').count() - 1).rev().find(above).unwrap_or(0)
        };
        paths.into_iter().map(|path| (path, parts(path))).collect()
    }

    fn record(&mut self, method: &'static str, path: &'static str, gate: Gate) {
        self.recorded.push(Recorded { method, path, gate });
    }
}

// The first so many parts of an address: `/cases/7/plans` has three.
fn start_of(path: &str, parts: usize) -> String {
    let kept = path.split('/').skip(1).take(parts).collect::<Vec<_>>();
    format!("/{}", kept.join("/"))
}

fn way_back(parts: usize) -> MethodRouter<Arc<Ground>> {
    on(MethodFilter::GET, move |uri: Uri| async move { Redirect::to(&start_of(uri.path(), parts)) })
}

fn methods<H, T>(method: &'static str, handler: H) -> MethodRouter<Arc<Ground>>
where
    H: Handler<T, Arc<Ground>>,
    T: 'static,
{
    let filter = match method {
        "GET" => MethodFilter::GET,
        "HEAD" => MethodFilter::HEAD,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        other => unreachable!("no route uses the method {other}"),
    };
    on(filter, handler)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn nothing() {}

    #[test]
    fn an_address_that_forms_are_sent_to_leads_to_the_nearest_page_above() {
        let routes = Routes::new()
            .page("GET", "/cases/{id}", nothing)
            .page("POST", "/cases/{id}", nothing)
            .page("POST", "/cases/{id}/plans/{plan}/proposal", nothing)
            .page("GET", "/cases/{id}/plans/{plan}", nothing)
            .page("POST", "/cases/{id}/closing/return", nothing)
            .page("POST", "/tasks/{id}/done", nothing);
        let back = [("/cases/{id}/closing/return", 2), ("/cases/{id}/plans/{plan}/proposal", 4), ("/tasks/{id}/done", 0)];
        assert_eq!(routes.ways_back(), back);
        assert_eq!(start_of("/cases/7/plans/9/proposal", 4), "/cases/7/plans/9");
        assert_eq!(start_of("/tasks/7/done", 0), "/");
    }
}
