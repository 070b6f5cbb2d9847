//! The private PostgreSQL cluster, for whoever has not set `DATABASE_URL`.
//!
//! The program makes, starts, watches and stops it. *Data folder*: everything of one installation. *Cluster*:
//! PostgreSQL's folder inside it. *Leftover*: a server whose program was killed.
//! Invariants: one program per data folder (a lock); only a socket in a closed folder, never a port; never as root;
//! durable settings that no file can weaken; a process is ended only when its working folder is this cluster.
//! What deliberately is not here: connections, pools and migrations (`db`), replication and tuning (an own server).

mod install;
mod place;
mod processes;
mod server;
mod settings;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

pub use install::{Installation, OLDEST};
pub use place::{LEAST_FREE_MEGABYTES, Place};
pub use processes::Phase;
pub use server::{DATABASE, SUPERUSER};
use server::{PORT, Server};

const WATCH: Duration = Duration::from_millis(250);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
const HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// A private cluster that accepts connections. Dropping it stops what it started.
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    keeper: Option<Keeper>,
}

impl Cluster {
    /// Starts the cluster of a data folder and keeps it running, making it first if there is none.
    ///
    /// Blocks for about two seconds the first time, a tenth of that later.
    pub fn start(data: &Path) -> Result<Self> {
        let place = Place::of(data)?;
        let owner = place.owner()?;
        place.check_reachable(owner)?;
        let lock = place.lock()?;
        // A data folder that was just made may be named through a link.
        let place = Place::of(data)?;
        place.check_disk()?;
        let installation = match place.major()? {
            Some(major) => Installation::of_major(major, &place.cluster)?,
            None => Installation::newest()?,
        };
        place.prepare_socket(owner)?;
        let server = Server::new(place.clone(), owner, installation);
        if place.major()?.is_none() {
            tracing::info!("Making a private database in {}", place.cluster.display());
            server.make()?;
        }
        let mut child = server.spawn()?;
        if let Err(error) = server.wait_until_ready(&mut child) {
            server.stop(child.id()).ok();
            return Err(error);
        }
        Ok(Self { place, keeper: Some(Keeper::watch(server, child, lock)) })
    }

    /// The cluster of a data folder for one command: the running program's if there is one, else started for now.
    pub fn borrow_or_start(data: &Path) -> Result<Self> {
        let place = Place::of(data)?;
        if !place.is_locked() {
            return Self::start(data);
        }
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if place.is_ready() {
                return Ok(Self { place, keeper: None });
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "Throughcare is running on {}, but its database accepts no connections. Wait until it has started, or look \
             into what it prints.",
            place.data.display()
        );
    }

    /// Where the superuser connects to the application's database; for migrations only.
    pub fn admin_url(&self) -> String {
        self.url_for(SUPERUSER, DATABASE)
    }

    /// Where a role connects to a database of this cluster.
    pub fn url_for(&self, role: &str, database: &str) -> String {
        self.place.url_for(role, database)
    }

    /// Stops the cluster, unless it is borrowed: open transactions are rolled back, what was acknowledged stays.
    pub fn stop(mut self) -> Result<()> {
        self.keeper.take().map_or(Ok(()), Keeper::stop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.keeper.take().map(Keeper::stop) {
            tracing::error!("The database could not be stopped: {error:#}");
        }
    }
}

impl Place {
    /// Whether a living server of this place accepts connections.
    pub fn is_ready(&self) -> bool {
        self.postmaster().is_some_and(|(pid, phase)| phase == Phase::Ready && self.processes().contains(&pid))
    }

    /// Where a role connects to a database of this place.
    pub fn url_for(&self, role: &str, database: &str) -> String {
        let socket: String = url::form_urlencoded::byte_serialize(self.socket.as_os_str().as_encoded_bytes()).collect();
        format!("postgres://{role}@{socket}:{PORT}/{database}")
    }
}

/// The thread that owns the server's process and starts it again should it die.
#[derive(Debug)]
struct Keeper {
    stopping: Arc<(Mutex<bool>, Condvar)>,
    thread: JoinHandle<Result<()>>,
}

impl Keeper {
    fn watch(server: Server, child: Child, lock: File) -> Self {
        let stopping = Arc::new((Mutex::new(false), Condvar::new()));
        let signal = Arc::clone(&stopping);
        let thread = thread::spawn(move || {
            let result = keep(&server, child, &signal);
            // Held to the very end: the next program may start only when this one's server has gone.
            drop(lock);
            result
        });
        Self { stopping, thread }
    }

    fn stop(self) -> Result<()> {
        *self.stopping.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stopping.1.notify_all();
        match self.thread.join() {
            Ok(result) => result,
            Err(_) => bail!("The thread that watches the database has failed."),
        }
    }
}

/// Watches until told to stop. It never gives up: a full disk may be emptied while the program runs.
fn keep(server: &Server, first: Child, stopping: &(Mutex<bool>, Condvar)) -> Result<()> {
    let mut child = Some(first);
    let mut pause = FIRST_PAUSE;
    let mut started = Instant::now();
    loop {
        let wait = if child.is_some() { WATCH } else { pause };
        if told_within(stopping, wait) {
            return child.map_or(Ok(()), |mut child| end(server, &mut child));
        }
        match &mut child {
            Some(running) => {
                if let Some(status) = running.try_wait()? {
                    pause = if started.elapsed() > HEALTHY_AFTER { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                    tracing::error!(
                        "The database server ended unexpectedly ({status}); starting it again in {pause:?}. {}",
                        server.likely_cause()
                    );
                    child = None;
                }
            }
            None => match server.spawn() {
                Ok(new) => {
                    child = Some(new);
                    started = Instant::now();
                }
                Err(error) => {
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    tracing::error!("The database server cannot be started, next try in {pause:?}: {error:#}");
                }
            },
        }
    }
}

fn told_within((told, changed): &(Mutex<bool>, Condvar), time: Duration) -> bool {
    let guard = told.lock().unwrap_or_else(PoisonError::into_inner);
    let (guard, _) = changed.wait_timeout_while(guard, time, |told| !*told).unwrap_or_else(PoisonError::into_inner);
    *guard
}

fn end(server: &Server, child: &mut Child) -> Result<()> {
    let stopped = server.stop(child.id());
    if stopped.is_ok() {
        child.wait()?;
        server.forget_socket();
    }
    stopped
}
