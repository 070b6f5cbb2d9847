//! Who stands at the door: the key of a phone in the address, or name and password.
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};

use super::answer::{self, Door};
use crate::access::{Act, sessions};
use crate::error::Error;
use crate::forms::devices;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::{UnitId, UserId, hash};
use crate::platform::lang::Lang;
use crate::web::{gate, holder};

/// A collecting app of somebody whom we know.
pub(super) struct Caller {
    /// The work goes on as that user.
    pub work: Work,
    /// The unit to which what they send belongs, where it names no case.
    pub unit: UnitId,
    /// An administrator vouches that the phone is locked and can be wiped.
    pub is_vouched: bool,
    /// The address under which this caller reaches everything else.
    pub root: String,
    door: Door,
    route: Option<String>,
}

impl Caller {
    /// Answers with a document, once everything is lasting.
    pub async fn show(self, status: StatusCode, body: String) -> Response {
        let (lang, now, door) = (self.work.lang(), self.work.now(), self.door);
        match self.work.commit().await {
            Ok(()) => answer::xml(lang, now, status, body),
            Err(error) => answer::refused(lang, now, door, &error),
        }
    }

    /// Answers with words for the worker, once everything is lasting.
    pub async fn say(self, status: StatusCode, key: &str) -> Response {
        let (lang, now, door) = (self.work.lang(), self.work.now(), self.door);
        match self.work.commit().await {
            Ok(()) => answer::said(lang, now, status, &crate::platform::text::text(lang, key)),
            Err(error) => answer::refused(lang, now, door, &error),
        }
    }

    /// Answers with a file, once everything is lasting.
    pub async fn hand_over(self, media_type: &str, bytes: Vec<u8>) -> Response {
        let (lang, now, door) = (self.work.lang(), self.work.now(), self.door);
        if let Err(error) = self.work.commit().await {
            return answer::refused(lang, now, door, &error);
        }
        let mut response = Response::new(axum::body::Body::from(bytes));
        if let Ok(value) = http::HeaderValue::from_str(media_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        answer::dress(response.headers_mut(), lang, now);
        response
    }

    /// Refuses; what was not to be had is noted as a denied try.
    pub async fn refuse(self, error: Error) -> Response {
        let (lang, now, door) = (self.work.lang(), self.work.now(), self.door);
        let (ground, actor) = (self.work.ground().clone(), self.work.actor.clone());
        drop(self.work);
        let response = answer::refused(lang, now, door, &error);
        let denied = matches!(error, Error::NotFound | Error::Forbidden(_)).then(|| response.status().as_u16());
        gate::note_denied(&ground, actor, self.route, denied).await;
        response
    }
}

impl FromRequestParts<Arc<Ground>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ground: &Arc<Ground>) -> Result<Self, Response> {
        let lang = parts.extensions.get::<Lang>().copied().unwrap_or_default();
        let door = if key_of(parts.uri.path()).is_some() { Door::Key } else { Door::Password };
        let work = match Work::from_request_parts(parts, ground).await {
            Ok(work) => work,
            Err(error) => return Err(answer::refused(lang, ground.clock.now(), door, &error)),
        };
        Box::pin(enter(work, parts, door)).await.map_err(|error| answer::refused(lang, ground.clock.now(), door, &error))
    }
}

async fn enter(mut work: Work, parts: &Parts, door: Door) -> Result<Caller, Error> {
    if !is_private(&work.ground().base_url, &parts.headers) {
        return Err(Error::Forbidden("tls"));
    }
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string()).unwrap_or_default();
    let base = work.ground().base_url.join("openrosa").map_err(anyhow::Error::from)?.to_string();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (user, device, root) = match key_of(parts.uri.path()) {
        Some(key) => match devices::store::of_key(&mut work, key).await? {
            Some(device) => (device.user, Some(device), format!("{base}/key/{key}")),
            None => return Err(unknown_key(work, key, &address).await),
        },
        None => {
            let (user, again) = proved(work, &parts.headers, &address).await?;
            work = again;
            (user, None, base)
        }
    };
    let work = holder::open_user(work, user).await?;
    if work.standing.must_change_password && device.is_none() {
        return Err(Error::Forbidden("password"));
    }
    work.may(Act::CaseEdit)?;
    let own = work.standing.units.first().copied();
    let unit = device.as_ref().map(|device| device.unit).filter(|unit| work.standing.units.contains(unit)).or(own);
    let unit = unit.ok_or(Error::Forbidden(Act::CaseEdit.code()))?;
    Ok(Caller { work, unit, is_vouched: device.is_some_and(|device| device.is_vouched), root, door, route })
}

// The key of `/openrosa/key/{token}/…`.
fn key_of(path: &str) -> Option<&str> {
    path.strip_prefix("/openrosa/key/")?.split('/').next()
}

// Neither key nor password travels where others read along: over TLS, or within this machine. A proxy that took the request in without TLS
// says so; what it says is taken only to refuse.
fn is_private(base_url: &url::Url, headers: &HeaderMap) -> bool {
    let here = match base_url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let in_clear = headers.get("x-forwarded-proto").is_some_and(|by| by.as_bytes().eq_ignore_ascii_case(b"http"));
    here || (base_url.scheme() == "https" && !in_clear)
}

// A key that opens nothing. One that we made is only over; others may be guesses, and each further one waits longer. A phone with a key that
// works never waits for what others try at the same address.
async fn unknown_key(mut work: Work, key: &str, address: &str) -> Error {
    let counted = async move {
        if devices::store::was_made(&mut work, key).await? {
            return Ok(());
        }
        let keys = [hash(&format!("device address:{address}"))];
        sessions::wait(&mut work, &keys).await?;
        sessions::note_failure(&mut work, &keys).await?;
        work.commit().await
    };
    match counted.await {
        Ok(()) => Error::SignIn,
        Err(error) => error,
    }
}

// Whose name and password stand in the header; a failure is made lasting, so that the next try waits.
async fn proved(mut work: Work, headers: &HeaderMap, address: &str) -> Result<(UserId, Work), Error> {
    let (login, password) = basic(headers).ok_or(Error::SignIn)?;
    match sessions::prove_again(&mut work, &login, password, address).await {
        Ok(user) => {
            // That earlier failures are forgotten is lasting whatever becomes of the request.
            let ground = work.ground().clone();
            work.commit().await?;
            Ok((user, Work::open(&ground, Actor::Nobody).await?))
        }
        Err(Error::Invalid(_)) => {
            work.commit().await?;
            Err(Error::SignIn)
        }
        Err(error) => Err(error),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, coded) = sent.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), http::HeaderValue::from_static(value))])
    }

    #[test]
    fn a_password_travels_over_tls_or_within_the_machine() {
        let at = |base: &str, headers: &HeaderMap| is_private(&base.parse().unwrap(), headers);
        let nothing = HeaderMap::new();
        for base in ["https://care.example/", "http://127.0.0.1:8080/", "http://localhost:8080/", "http://[::1]:8080/"] {
            assert!(at(base, &nothing), "{base}");
        }
        assert!(!at("http://care.example/", &nothing) && !at("http://10.0.0.7:8080/", &nothing));
        assert!(!at("https://care.example/", &sent("x-forwarded-proto", "HTTP")));
        assert!(at("https://care.example/", &sent("x-forwarded-proto", "https")));
    }

    #[test]
    fn name_and_password_are_read_from_the_header_and_a_password_may_hold_colons() {
        let known = Some(("amina".to_owned(), "a:b ü".to_owned()));
        assert_eq!(basic(&sent("authorization", "basic YW1pbmE6YTpiIMO8")), known);
        for wrong in ["Bearer YW1pbmE6YTpi", "Basic YW1pbmE", "Basic ?", "Basic"] {
            assert_eq!(basic(&sent("authorization", wrong)), None, "{wrong}");
        }
    }
}
