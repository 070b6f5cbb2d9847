//! A gateway for text messages in tests: keeps what it is sent, and answers as it is told, over TLS too.
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Takes the message and hangs up without a word.
pub const HANGS_UP: u16 = 0;
/// Takes the message and says nothing for longer than anybody waits.
pub const SAYS_NOTHING: u16 = 1;

/// One message as it came.
#[derive(Debug, Clone)]
pub struct Took {
    pub head: String,
    pub body: Value,
}

/// A running gateway; ends with the test.
pub struct Gateway {
    pub port: u16,
    answer: Arc<AtomicU16>,
    took: Arc<Mutex<Vec<Took>>>,
}

impl Gateway {
    /// Starts one that answers with this status.
    pub async fn answering(status: u16) -> Self {
        Self::begin(status, None).await
    }

    /// The same over TLS, with this certificate and its key.
    pub async fn over_tls(status: u16, certificate: &(PathBuf, PathBuf)) -> Self {
        Self::begin(status, Some(acceptor(certificate))).await
    }

    async fn begin(status: u16, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let gateway = Self { port, answer: Arc::new(AtomicU16::new(status)), took: Arc::default() };
        let (answer, took) = (gateway.answer.clone(), gateway.took.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, took, tls) = (answer.clone(), took.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => take(stream, &answer, &took).await,
                        // Whoever does not believe us hangs up.
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                take(stream, &answer, &took).await;
                            }
                        }
                    }
                });
            }
        });
        gateway
    }

    /// The setting that leads to it; `tram` is its token.
    pub fn url(&self) -> String {
        format!("http://tram@127.0.0.1:{}/send?from=care", self.port)
    }

    /// The same for one over TLS.
    pub fn https(&self) -> String {
        format!("https://tram@127.0.0.1:{}/send?from=care", self.port)
    }

    /// From now on it answers so.
    pub fn answers(&self, status: u16) {
        self.answer.store(status, Ordering::SeqCst);
    }

    /// Everything that it was sent, oldest first.
    pub fn took(&self) -> Vec<Took> {
        self.took.lock().expect("nobody panics over it").clone()
    }
}

fn acceptor((certificate, key): &(PathBuf, PathBuf)) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(certificate).expect("a file").collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key is the certificate's");
    TlsAcceptor::from(Arc::new(config))
}

async fn take(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &AtomicU16, took: &Mutex<Vec<Took>>) {
    let mut said = Vec::new();
    let head = loop {
        let mut piece = [0; 1024];
        let count = stream.read(&mut piece).await.expect("a request");
        assert!(count > 0, "a request has an end");
        said.extend_from_slice(&piece[..count]);
        if let Some(end) = said.windows(4).position(|four| four == b"\r\n\r\n") {
            break String::from_utf8(said.drain(..end + 4).collect()).expect("a head is text");
        }
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|length| length.parse().ok());
    let length: usize = length.expect("a length");
    while said.len() < length {
        let mut piece = [0; 1024];
        let count = stream.read(&mut piece).await.expect("the rest of it");
        assert!(count > 0, "a request is as long as it says");
        said.extend_from_slice(&piece[..count]);
    }
    let body = serde_json::from_slice(&said).expect("a body is JSON");
    took.lock().expect("nobody panics over it").push(Took { head, body });
    match answer.load(Ordering::SeqCst) {
        HANGS_UP => {}
        SAYS_NOTHING => tokio::time::sleep(Duration::from_secs(30)).await,
        status => {
            let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 2\r\n\r\n{{}}");
            stream.write_all(answer.as_bytes()).await.expect("an answer");
        }
    }
}
