//! A person's browser without a screen: keeps cookies, sends forms as pages do, and asks what a person would see.
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use throughcare::access::sessions;
use throughcare::platform::db::{Actor, Ground, Work};
use throughcare::platform::ids::UserId;
use tower::ServiceExt;

/// A browser, signed in or not.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    cookie: Arc<Mutex<String>>,
    csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub body: String,
    /// The body as it came, where it is no text.
    pub bytes: axum::body::Bytes,
    pub location: Option<String>,
    pub headers: http::HeaderMap,
}

impl Browser {
    /// Nobody is signed in.
    pub fn nobody(app: &Router) -> Self {
        Self { app: app.clone(), cookie: Arc::default(), csrf: String::new() }
    }

    /// A browser with a running session of this user.
    pub async fn signed_in(ground: &Arc<Ground>, app: &Router, login: &str) -> Self {
        let mut work = Work::open(ground, Actor::Nobody).await.expect("the database is there");
        let (id,): (uuid::Uuid,) = sqlx::query_as("select user_id from access.credentials($1)")
            .bind(login)
            .fetch_one(work.db())
            .await
            .expect("the user exists");
        let secret = sessions::begin(&mut work, UserId(id), "test").await.expect("a session");
        let (csrf,): (String,) = sqlx::query_as("select csrf from access.session($1, interval '1 hour')")
            .bind(throughcare::platform::ids::hash(&secret))
            .fetch_one(work.db())
            .await
            .expect("the session is there");
        work.commit().await.expect("it commits");
        Self { app: app.clone(), cookie: Arc::new(Mutex::new(format!("session={secret}"))), csrf }
    }

    /// Opens a page.
    pub async fn get(&self, path: impl AsRef<str>) -> Seen {
        let request = Request::get(path.as_ref()).header(header::COOKIE, self.cookies()).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// Sends a form, with the session's token as a page would.
    pub async fn post(
        &self,
        path: impl AsRef<str>,
        fields: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Seen {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &self.csrf);
        for (name, value) in fields {
            form.append_pair(name.as_ref(), value.as_ref());
        }
        let request = Request::post(path.as_ref())
            .header(header::COOKIE, self.cookies())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.finish()))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form that has a file, as a page with a field for one does; the file is its field, its name and its bytes.
    pub async fn upload(&self, path: impl AsRef<str>, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Seen {
        self.upload_as(&self.csrf, path, fields, file).await
    }

    /// The same with a token of the caller's.
    pub async fn upload_as(
        &self,
        csrf: &str,
        path: impl AsRef<str>,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
    ) -> Seen {
        self.send_files(csrf, path, fields, file.as_slice()).await
    }

    /// Sends a form with several files.
    pub async fn upload_all(&self, path: impl AsRef<str>, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Seen {
        self.send_files(&self.csrf, path, fields, files).await
    }

    async fn send_files(
        &self,
        csrf: &str,
        path: impl AsRef<str>,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Seen {
        let mut body = Vec::new();
        for (name, value) in [("_csrf", csrf)].iter().chain(fields) {
            body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), *bytes, b"\r\n"].concat());
        }
        body.extend(b"--b--\r\n");
        let request = Request::post(path.as_ref())
            .header(header::COOKIE, self.cookies())
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Sends any request with this browser's cookies.
    pub async fn send(&self, request: Request<Body>) -> Seen {
        let response = self.app.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap_or_default();
            if let Some(pair) = text.split(';').next().filter(|pair| pair.starts_with("session=")) {
                *self.cookie.lock().expect("one test at a time") = pair.to_owned();
            }
        }
        let bytes = axum::body::to_bytes(body, 20_000_000).await.expect("a body");
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Seen { status: parts.status, body, bytes, location, headers: parts.headers }
    }

    /// The session's token, for requests that a test builds itself.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The cookies, likewise.
    pub fn cookies(&self) -> String {
        self.cookie.lock().expect("one test at a time").clone()
    }
}

impl Seen {
    /// The page shows this text (as a reader sees it: tags and entities resolved).
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "{} does not show {text:?}:\n{}", self.status, self.text());
        self
    }

    /// A field of the page still holds what was typed.
    #[track_caller]
    pub fn keeps(&self, typed: &str) -> &Self {
        assert!(self.body.contains(&format!("value=\"{typed}\"")), "{} lost {typed:?}:\n{}", self.status, self.body);
        self
    }

    /// The page does not contain this anywhere, not even in its source.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text) && !self.text().contains(text), "{} shows {text:?}:\n{}", self.status, self.text());
        self
    }

    /// The answer has this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// What the next page is to say of this action: the key of a text.
    pub fn flash(&self) -> String {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let mut said = cookies.filter_map(|cookie| cookie.strip_prefix("flash=")?.split(';').next());
        said.next_back().unwrap_or_default().to_owned()
    }

    /// The browser is sent on; answers where.
    #[track_caller]
    pub fn redirects(&self) -> String {
        assert!(self.status.is_redirection(), "{} instead of a redirect:\n{}", self.status, self.text());
        self.location.clone().expect("a redirect says where")
    }

    /// What a reader sees: no tags, entities resolved, runs of white space as one space, marks of direction removed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' if inside => {
                    inside = false;
                    text.push(' ');
                }
                '\u{2068}' | '\u{2069}' | '\u{200e}' | '\u{200f}' => {}
                _ if !inside => text.push(c),
                _ => {}
            }
        }
        let text = text
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&lt;", "<")
            .replace("&#60;", "<")
            .replace("&gt;", ">")
            .replace("&#62;", ">")
            .replace("&amp;", "&")
            .replace("&#38;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of the first hidden field of this name.
    #[track_caller]
    pub fn marked(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let at = self.body.find(&field).unwrap_or_else(|| panic!("no field is called {name}:\n{}", self.text()));
        self.body[at + field.len()..].split('"').next().unwrap_or_default().to_owned()
    }

    /// The first link or form address in the page that starts so.
    #[track_caller]
    pub fn link(&self, start: &str) -> String {
        let at = self.body.find(&format!("\"{start}")).unwrap_or_else(|| panic!("no link starts with {start}:\n{}", self.text()));
        self.body[at + 1..].split('"').next().unwrap_or_default().to_owned()
    }
}
