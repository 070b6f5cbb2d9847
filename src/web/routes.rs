//! The register of routes: method, path and gate of each, so that a test can try every one of them.
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};

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
        [self.pages, self.api, self.open]
    }

    fn record(&mut self, method: &'static str, path: &'static str, gate: Gate) {
        self.recorded.push(Recorded { method, path, gate });
    }
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
