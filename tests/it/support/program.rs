//! A program that calls the REST face with a person's token.
use axum::body::Body;
use http::Request;

use super::browser::{Browser, Seen};

/// A token of somebody's, and the router it is sent to.
#[derive(Clone)]
pub struct Program {
    router: Browser,
    pub token: String,
}

impl Browser {
    /// Makes a token under "My account", as a person does, and a program that sends it.
    pub async fn program(&self) -> Program {
        let page = self.post("/account/tokens", [("name", "Figures"), ("days", "30")]).await;
        let text = page.is(200).text();
        let secret = text.split_whitespace().find(|word| word.starts_with("tc_"));
        Program { router: self.clone(), token: secret.expect("the page shows the secret").to_owned() }
    }
}

impl Program {
    /// A program with this token, before the same router as somebody's browser.
    pub fn of(browser: &Browser, token: String) -> Self {
        Self { router: browser.clone(), token }
    }

    /// Reads.
    pub async fn get(&self, path: impl AsRef<str>) -> Seen {
        self.call("GET", path.as_ref(), None).await
    }

    /// Any method. No cookie travels: the token alone says who calls.
    pub async fn call(&self, method: &str, path: &str, body: Option<&serde_json::Value>) -> Seen {
        self.call_over(method, path, "\"1\"", body).await
    }

    /// The same over another version than the first.
    pub async fn call_over(&self, method: &str, path: &str, version: &str, body: Option<&serde_json::Value>) -> Seen {
        self.send(method, path, ("if-match", version), body).await
    }

    /// Sends something under this key.
    pub async fn call_once(&self, key: &str, path: &str, body: &serde_json::Value) -> Seen {
        self.send("POST", path, ("idempotency-key", key), Some(body)).await
    }

    /// Sends these very words, be they JSON or not.
    pub async fn call_text(&self, method: &str, path: &str, body: &str) -> Seen {
        self.send_text(method, path, ("if-match", "\"1\""), Some(body.to_owned())).await
    }

    async fn send(&self, method: &str, path: &str, header: (&str, &str), body: Option<&serde_json::Value>) -> Seen {
        self.send_text(method, path, header, body.map(ToString::to_string)).await
    }

    async fn send_text(&self, method: &str, path: &str, header: (&str, &str), body: Option<String>) -> Seen {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header(header.0, header.1)
            .body(body.map_or_else(Body::empty, Body::from))
            .expect("a request");
        self.router.send(request).await
    }
}
