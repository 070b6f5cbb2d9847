//! A gateway over HTTP: one POST a message, of which only the first line of the answer counts.
//!
//! Written out on `tokio-rustls` and not with a client library: one request with a fixed head is all that is ever said, a connection is used
//! once, and the TLS and its list of authorities are those that mail uses already.
use std::io;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::ShortMessage;
use crate::config::SmsGateway;
use crate::platform::mail::Failure;

const LONGEST_LINE: u64 = 4096;

/// A gateway that takes text messages.
pub struct Gateway {
    settings: SmsGateway,
    tls: Option<TlsConnector>,
}

impl Gateway {
    /// A gateway that is not spoken to yet; refuses one over TLS where the system trusts no authority.
    pub fn new(settings: &SmsGateway) -> anyhow::Result<Self> {
        let tls = if settings.tls { Some(connector()?) } else { None };
        Ok(Self { settings: settings.clone(), tls })
    }

    /// Its name.
    pub fn host(&self) -> &str {
        &self.settings.host
    }

    /// Hands a message over.
    pub async fn hand_over(&self, message: &ShortMessage) -> Result<(), Failure> {
        let request = self.request(message);
        let address = (self.settings.host.as_str(), self.settings.port);
        let away = |result| Failure::server(result, None);
        let stream = self.within(TcpStream::connect(address)).await?.map_err(|_| away("gateway_unreachable"))?;
        let Some(tls) = &self.tls else { return self.exchange(stream, &request).await };
        let name = ServerName::try_from(self.settings.host.clone()).map_err(|_| away("tls_failed"))?;
        let stream = self.within(tls.connect(name, stream)).await?.map_err(|_| away("tls_failed"))?;
        self.exchange(stream, &request).await
    }

    async fn within<T>(&self, step: impl Future<Output = T>) -> Result<T, Failure> {
        timeout(self.limit(), step).await.map_err(|_| Failure::server("gateway_timeout", None))
    }

    async fn exchange(&self, stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> Result<(), Failure> {
        match timeout(self.limit(), ask(stream, request)).await {
            Ok(Ok(Some(status))) => judge(status),
            // Whether the gateway has it is not known. It gets it again, under the same id.
            Ok(_) => Err(Failure::later("gateway_cut_off", None)),
            Err(_) => Err(Failure::later("gateway_silent", None)),
        }
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(self.settings.timeout)
    }

    fn request(&self, message: &ShortMessage) -> Vec<u8> {
        let SmsGateway { host, port, path, authorization, .. } = &self.settings;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let body = json!({ "to": message.to, "text": message.text, "id": message.id }).to_string();
        let secret = authorization.as_ref().map(|secret| format!("Authorization: {}\r\n", secret.exposed())).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{secret}Content-Type: application/json\r\nContent-Length: {}\r\n\
             Idempotency-Key: {}\r\nAccept: application/json\r\nUser-Agent: throughcare\r\nConnection: close\r\n\r\n",
            body.len(),
            message.id
        );
        (head + &body).into_bytes()
    }
}

fn connector() -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    anyhow::ensure!(
        trusted > 0,
        "this system trusts no certificate authority, so that no gateway for text messages can be reached"
    );
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS for the gateway of text messages")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> io::Result<Option<u16>> {
    stream.write_all(request).await?;
    stream.flush().await?;
    let mut line = Vec::new();
    BufReader::new(stream).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
    Ok(status_of(&String::from_utf8_lossy(&line)))
}

// `HTTP/1.1 202 Accepted`; anything else is no answer.
fn status_of(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let status = rest.get(..3)?.parse().ok()?;
    version.starts_with("HTTP/1.").then_some(status)
}

fn judge(status: u16) -> Result<(), Failure> {
    let code = Some(status);
    match status {
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
    use super::*;
    use crate::config::SecretText;
    use crate::platform::mail::FailureKind;

    #[test]
    fn a_request_says_what_the_message_says_under_its_id_and_nothing_can_add_a_header() {
        let settings = SmsGateway {
            host: "::1".into(),
            port: 9000,
            tls: false,
            path: "/send?from=care".into(),
            authorization: Some(SecretText::new("Bearer tram".into())),
            timeout: 5,
        };
        let gateway = Gateway::new(&settings).unwrap();
        let message = ShortMessage { to: "+962790".into(), text: "غداً\r\nX: 1 \"".into(), id: "a1".into() };
        let request = String::from_utf8(gateway.request(&message)).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("POST /send?from=care HTTP/1.1\r\nHost: [::1]:9000\r\nAuthorization: Bearer tram\r\n"),
            "{head}"
        );
        assert!(head.contains(&format!("Content-Length: {}\r\nIdempotency-Key: a1\r\n", body.len())) && !head.contains("X: 1"));
        let said: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(said, json!({ "to": "+962790", "text": "غداً\r\nX: 1 \"", "id": "a1" }));
    }

    #[test]
    fn the_first_line_of_an_answer_decides_what_becomes_of_the_message() {
        assert_eq!(status_of("HTTP/1.1 202 Accepted\r\n"), Some(202));
        for none in ["", "SSH-2.0-x\r\n", "HTTP/1.1\r\n", "HTTP/1.1 ab", "220 mail 200"] {
            assert_eq!(status_of(none), None, "{none}");
        }
        let kind = |status| judge(status).map_err(|failure| failure.kind);
        assert_eq!((kind(200), kind(202), kind(409)), (Ok(()), Ok(()), Ok(())));
        assert_eq!((kind(400), kind(422)), (Err(FailureKind::Never), Err(FailureKind::Never)));
        assert_eq!(
            (kind(401), kind(404), kind(429)),
            (Err(FailureKind::Server), Err(FailureKind::Server), Err(FailureKind::Server))
        );
        assert_eq!((kind(408), kind(500)), (Err(FailureKind::Later), Err(FailureKind::Later)));
    }
}
