//! A browser of somebody without account, who comes by an answer link: keeps cookies, sends forms as the page does, from an address of its own.
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, header};

use super::World;
use super::browser::{Browser, Seen};

/// A browser on its own.
pub struct Guest {
    sender: Browser,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
    pub address: SocketAddr,
}

impl World {
    /// Somebody at this address.
    pub fn guest_at(&self, address: &str) -> Guest {
        let address = format!("{address}:4711").parse().expect("an address");
        Guest { sender: self.nobody.clone(), cookies: Mutex::default(), csrf: Mutex::default(), address }
    }

    /// Somebody somewhere.
    pub fn guest(&self) -> Guest {
        self.guest_at("192.0.2.7")
    }
}

impl Guest {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Seen {
        self.send("GET", path, None).await
    }

    /// Sends a form, with the token of the page that was last open.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &self.csrf.lock().expect("one at a time").clone());
        for (name, value) in fields {
            form.append_pair(name, value);
        }
        self.send("POST", path, Some(form.finish())).await
    }

    /// Any request.
    pub async fn send(&self, method: &str, path: &str, form: Option<String>) -> Seen {
        let cookies: Vec<String> =
            self.cookies.lock().expect("one at a time").iter().map(|(name, value)| format!("{name}={value}")).collect();
        // As browsers send from a page that names no referrer.
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ORIGIN, "null")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(ConnectInfo(self.address))
            .body(form.map_or_else(Body::empty, Body::from))
            .expect("a request");
        let seen = self.sender.send(request).await;
        for cookie in seen.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap_or_default();
            let Some((name, value)) = text.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            let mut kept = self.cookies.lock().expect("one at a time");
            if value.is_empty() {
                kept.remove(name)
            } else {
                kept.insert(name.to_owned(), value.to_owned())
            };
        }
        if let Some((_, rest)) = seen.body.split_once("name=\"_csrf\" value=\"") {
            *self.csrf.lock().expect("one at a time") = rest.split('"').next().unwrap_or_default().to_owned();
        }
        seen
    }
}
