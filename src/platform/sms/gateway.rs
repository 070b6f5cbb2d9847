//! A gateway over HTTP: one POST a message, of whose answer the status alone counts.
use std::time::Duration;

use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::json;

use super::ShortMessage;
use crate::config::{SecretText, SmsGateway};
use crate::platform::http::{Failed, Peer};
use crate::platform::mail::Failure;

/// A gateway that takes text messages.
pub struct Gateway {
    peer: Peer,
    path: String,
    authorization: Option<SecretText>,
}

impl Gateway {
    /// A gateway that is not spoken to yet; refuses one over TLS for which nobody could vouch.
    pub fn new(settings: &SmsGateway) -> anyhow::Result<Self> {
        let SmsGateway { host, port, tls, ca, path, authorization, timeout } = settings;
        let limit = Duration::from_secs(*timeout);
        let peer = if *tls { Peer::over_tls(host, *port, limit, ca.as_deref())? } else { Peer::in_the_open(host, *port, limit) };
        Ok(Self { peer, path: path.clone(), authorization: authorization.clone() })
    }

    /// Its name.
    pub fn host(&self) -> &str {
        self.peer.host()
    }

    /// Hands a message over.
    pub async fn hand_over(&self, message: &ShortMessage) -> Result<(), Failure> {
        let request = self.request(message).map_err(|_| Failure::server("gateway_elsewhere", None))?;
        match self.peer.ask(request).await {
            Ok(status) => judge(status),
            Err(failed) => Err(failure(failed)),
        }
    }

    fn request(&self, message: &ShortMessage) -> Result<Request<Full<Bytes>>, http::Error> {
        let body = json!({ "to": message.to, "text": message.text, "id": message.id }).to_string();
        let mut request = Request::post(self.path.as_str())
            .header(header::HOST, self.peer.authority())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "throughcare")
            .header(header::CONNECTION, "close")
            .header("idempotency-key", message.id.as_str());
        if let Some(secret) = &self.authorization {
            request = request.header(header::AUTHORIZATION, secret.exposed());
        }
        request.body(Full::new(Bytes::from(body)))
    }
}

fn failure(failed: Failed) -> Failure {
    match failed {
        Failed::Unreachable => Failure::server("gateway_unreachable", None),
        Failed::Late => Failure::server("gateway_timeout", None),
        Failed::Untrusted => Failure::server("tls_failed", None),
        // Whether the gateway has it is not known. It gets it again, under the same id.
        Failed::CutOff => Failure::later("gateway_cut_off", None),
        Failed::Silent => Failure::later("gateway_silent", None),
    }
}

fn judge(status: StatusCode) -> Result<(), Failure> {
    let code = Some(status.as_u16());
    match status.as_u16() {
        // A conflict: it has a message of this id already.
        200..=299 | 409 => Ok(()),
        401 | 403 | 407 => Err(Failure::server("gateway_sign_in_refused", code)),
        300..=399 | 404 | 405 => Err(Failure::server("gateway_elsewhere", code)),
        429 | 503 => Err(Failure::server("gateway_busy", code)),
        408 | 425 => Err(Failure::later("gateway_deferred", code)),
        400..=499 => Err(Failure::never("gateway_refused", code)),
        _ => Err(Failure::later("gateway_deferred", code)),
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::platform::mail::FailureKind;

    #[tokio::test]
    async fn a_request_says_what_the_message_says_under_its_id_and_nothing_can_add_a_header() {
        let settings = SmsGateway {
            host: "::1".into(),
            port: 9000,
            tls: false,
            ca: None,
            path: "/send?from=care".into(),
            authorization: Some(SecretText::new("Bearer tram".into())),
            timeout: 5,
        };
        let gateway = Gateway::new(&settings).unwrap();
        let message = ShortMessage { to: "+962790".into(), text: "غداً\r\nX: 1 \"".into(), id: "a1".into() };
        let (head, body) = gateway.request(&message).unwrap().into_parts();
        assert_eq!((head.method.as_str(), head.uri.to_string().as_str()), ("POST", "/send?from=care"));
        let says = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(
            (says("host"), says("authorization"), says("idempotency-key")),
            (Some("[::1]:9000"), Some("Bearer tram"), Some("a1"))
        );
        assert!(says("x").is_none());
        let said: serde_json::Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
        assert_eq!(said, json!({ "to": "+962790", "text": "غداً\r\nX: 1 \"", "id": "a1" }));
        let added = ShortMessage { id: "a1\r\nX: 1".into(), ..message };
        assert!(gateway.request(&added).is_err());
    }

    #[test]
    fn the_status_of_an_answer_decides_what_becomes_of_the_message() {
        let kind = |status| judge(StatusCode::from_u16(status).unwrap()).map_err(|failure| failure.kind);
        assert_eq!((kind(200), kind(202), kind(409)), (Ok(()), Ok(()), Ok(())));
        assert_eq!((kind(400), kind(422)), (Err(FailureKind::Never), Err(FailureKind::Never)));
        assert_eq!(
            (kind(401), kind(404), kind(429)),
            (Err(FailureKind::Server), Err(FailureKind::Server), Err(FailureKind::Server))
        );
        assert_eq!((kind(408), kind(500)), (Err(FailureKind::Later), Err(FailureKind::Later)));
    }
}
