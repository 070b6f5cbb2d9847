//! Saying something to another server over HTTP: one request, of whose answer the status alone counts.
//!
//! The protocol is `hyper`'s, which answers our own pages too, and the TLS is that of mail and of the database: no second library is compiled for it
//! (ADR 0011). A connection is used once, and nothing is followed to another address.
//! What deliberately is not here: the body of an answer, redirections, cookies, proxies. Nobody needs them yet.
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Another server, and how it is reached.
pub struct Peer {
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
    limit: Duration,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// Nobody listens there.
    Unreachable,
    /// It did not take the call in time. Nothing was said yet.
    Late,
    /// It speaks no TLS of ours, or nobody whom we trust vouches for it. Nothing was said yet.
    Untrusted,
    /// The connection ended without an answer; whether the request arrived is not known.
    CutOff,
    /// No answer came in time; whether the request arrived is not known.
    Silent,
}

impl Peer {
    /// A server to which everything is said in the open: one on this machine.
    pub fn in_the_open(host: &str, port: u16, limit: Duration) -> Self {
        Self { host: host.to_owned(), port, tls: None, limit }
    }

    /// A server over TLS, for which this file of authorities vouches, or else one that the system trusts; refused where there is none.
    pub fn over_tls(host: &str, port: u16, limit: Duration, authorities: Option<&Path>) -> anyhow::Result<Self> {
        let roots = match authorities {
            Some(file) => roots_in(file)?,
            None => roots_of_the_system()?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS to another server")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { host: host.to_owned(), port, tls: Some(TlsConnector::from(Arc::new(config))), limit })
    }

    /// Its name.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its name and port, as the header `Host` says them.
    pub fn authority(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }

    /// Says this, and answers with the status that came back. Each step (calling, proving who is there, the answer) has the same time.
    pub async fn ask(&self, request: Request<Full<Bytes>>) -> Result<StatusCode, Failed> {
        let address = (self.host.as_str(), self.port);
        let stream = self.within(TcpStream::connect(address)).await?.map_err(|_| Failed::Unreachable)?;
        let Some(tls) = &self.tls else { return self.exchange(stream, request).await };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Failed::Untrusted)?;
        let stream = self.within(tls.connect(name, stream)).await?.map_err(|_| Failed::Untrusted)?;
        self.exchange(stream, request).await
    }

    async fn within<T>(&self, step: impl Future<Output = T>) -> Result<T, Failed> {
        timeout(self.limit, step).await.map_err(|_| Failed::Late)
    }

    async fn exchange(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        request: Request<Full<Bytes>>,
    ) -> Result<StatusCode, Failed> {
        match timeout(self.limit, say(stream, request)).await {
            Ok(answer) => answer.map_err(|_| Failed::CutOff),
            Err(_) => Err(Failed::Silent),
        }
    }
}

// The connection moves only while somebody waits for it: beside the answer, so that no task of its own outlives us.
async fn say(stream: impl AsyncRead + AsyncWrite + Unpin, request: Request<Full<Bytes>>) -> hyper::Result<StatusCode> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let mut connection = Box::pin(connection);
    let mut answer = Box::pin(sender.send_request(request));
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        _ = &mut connection => {
            // Whatever was not answered by now is answered with an error as the connection goes.
            drop(connection);
            answer.await
        }
    };
    answer.map(|answer| answer.status())
}

fn roots_in(file: &Path) -> anyhow::Result<RootCertStore> {
    let unusable = || format!("{} is no file of certificates in PEM", file.display());
    let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates: Vec<CertificateDer<'static>> = certificates.with_context(unusable)?;
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(certificates);
    anyhow::ensure!(trusted > 0, unusable());
    Ok(roots)
}

fn roots_of_the_system() -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    anyhow::ensure!(trusted > 0, "this system trusts no certificate authority, so that no server can be reached over TLS");
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_newer_kind_stands_in_brackets() {
        let limit = Duration::from_secs(1);
        assert_eq!(Peer::in_the_open("::1", 9000, limit).authority(), "[::1]:9000");
        assert_eq!(Peer::in_the_open("sms.example.org", 443, limit).authority(), "sms.example.org:443");
    }

    #[test]
    fn a_file_that_holds_no_certificate_is_refused_at_the_start() {
        let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        assert!(Peer::over_tls("sms.example.org", 443, Duration::from_secs(1), Some(file)).is_err());
    }
}
