//! The memory of the program that serves: `throughcare serve` in a process of its own over a world that is there, whose pages are opened over
//! HTTP. The process that made the world, and measures, would tell of itself. Jobs are left alone: they would change what is measured next.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::memory;
use super::pages::CLIENTS;
use crate::config::Storage;

/// How long to wait for the program, or for a page of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What somebody opens who is signed in.
pub struct Seat {
    /// Their session, as a browser sends it.
    pub cookie: String,
    /// The addresses.
    pub paths: Vec<String>,
}

/// What a fresh program over this database took at most, in megabytes, when eight clients at once had opened all of these pages.
pub fn most_memory(storage: &Storage, seats: &[Seat]) -> anyhow::Result<f64> {
    let server = Server::start(storage)?;
    let pages: Vec<(&str, &str)> =
        seats.iter().flat_map(|seat| seat.paths.iter().map(|path| (seat.cookie.as_str(), path.as_str()))).collect();
    let (address, pages) = (server.address, pages.as_slice());
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || open_all(address, pages, client * 7))).collect();
        let done = clients.into_iter().map(|client| client.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a client broke off"))));
        done.collect::<anyhow::Result<()>>()
    })?;
    memory::peak_of(server.child.id()).context("this machine does not tell how much memory a process takes")
}

// Each client begins elsewhere, as people do.
fn open_all(address: SocketAddr, pages: &[(&str, &str)], from: usize) -> anyhow::Result<()> {
    for nth in 0..pages.len() {
        let (cookie, path) = pages[(nth + from) % pages.len()];
        let status = get(address, path, cookie)?;
        ensure!(status == 200, "{path} answers {status}");
    }
    Ok(())
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(storage: &Storage) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).context("there is no free port")?;
        // An operator's settings are not for this one: it is to send nothing to anybody.
        let child = Command::new(std::env::current_exe()?)
            .args(["serve", "--no-worker"])
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("RUST_LOG", "warn")
            .env("THROUGHCARE_DATA", &storage.data)
            .env("THROUGHCARE_KEYRING", &storage.keyring)
            .env("THROUGHCARE_LISTEN", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("the program cannot be started")?;
        let mut server = Self { child, address };
        let begun = Instant::now();
        while !get(address, "/readyz", "").is_ok_and(|status| status == 200) {
            ensure!(server.child.try_wait()?.is_none() && begun.elapsed() < PATIENCE, "the program does not serve");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In order, so that it stops the database that it started.
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !told.is_ok_and(|sent| sent.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

// The status of a page that was read to its end.
fn get(address: SocketAddr, path: &str, cookie: &str) -> anyhow::Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept-encoding: gzip, deflate, br\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = answer.split(|byte| *byte == b' ').nth(1).and_then(|word| std::str::from_utf8(word).ok());
    Ok(status.context("an answer breaks off")?.parse()?)
}
