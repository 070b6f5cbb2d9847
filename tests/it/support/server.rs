//! The real program as a process of its own, to be killed; and a caller that knows no more of HTTP than it needs.
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A running `throughcare serve`.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    said: PathBuf,
}

impl Server {
    /// Starts the program on this data folder, with these settings beside, and waits until it serves.
    pub async fn start(data: &Path, settings: &[(&str, String)]) -> Self {
        let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let said = data.with_extension("said");
        let child = Command::new(env!("CARGO_BIN_EXE_throughcare"))
            .arg("serve")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("THROUGHCARE_DATA", data)
            .env("THROUGHCARE_LISTEN", address.to_string())
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&said).expect("a file for its words"))
            .spawn()
            .expect("the program starts");
        let mut server = Self { child, address, said };
        let begun = Instant::now();
        while get(address, "/readyz").await != Some(200) {
            let ended = server.child.try_wait().expect("a look");
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(60), "it does not serve: {}", server.words());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    /// What it printed.
    pub fn words(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("it is ours to kill");
        self.child.wait().expect("it has ended");
    }

    /// Ends it in order, with all that it started.
    pub fn stop(&mut self) {
        signal("TERM", self.child.id());
        self.child.wait().expect("it has ended");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A failed test leaves nothing behind; what has ended already is not asked twice.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
        std::fs::remove_file(&self.said).ok();
    }
}

/// Sends a signal to one process.
pub fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args([format!("-{name}"), process.to_string()]).status().expect("kill runs");
    assert!(sent.success(), "process {process} is not there");
}

/// The status of a page; none if the answer never came.
pub async fn get(address: SocketAddr, path: &str) -> Option<u16> {
    send(address, &format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")).await
}

/// Sends a JSON request under an idempotency key; the status, or none if the answer never came.
pub async fn post(address: SocketAddr, token: &str, key: &str, path: &str, body: &str) -> Option<u16> {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
         if-match: \"1\"\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    send(address, &request).await
}

async fn send(address: SocketAddr, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}
