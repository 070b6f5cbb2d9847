//! Drives PostgreSQL's own programs: makes a cluster, starts it, sees whether it runs, stops it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::install::Installation;
use super::place::{LEAST_FREE_MEGABYTES, Owner, Place, make_private, our_uid};
use super::processes::{Phase, is_running};
use super::settings;

/// The cluster's superuser, whom only migrations and the doctor use.
pub const SUPERUSER: &str = "postgres";
/// The application's database, made together with the cluster.
pub const DATABASE: &str = "throughcare";
/// The number in the socket's name; nothing listens on a network port.
pub const PORT: u16 = 5432;

const STOP_PATIENCE: Duration = Duration::from_secs(60);
const ORPHAN_PATIENCE: Duration = Duration::from_secs(1);
const ORPHAN_LIMIT: Duration = Duration::from_secs(30);
// Recovery after a crash reads at most a few gigabytes of log.
const START_PATIENCE: Duration = Duration::from_secs(600);

/// One cluster with the programs and the user that run it.
#[derive(Debug, Clone)]
pub struct Server {
    place: Place,
    owner: Owner,
    installation: Installation,
}

impl Server {
    /// Puts together what is needed to run the cluster of a place.
    pub fn new(place: Place, owner: Owner, installation: Installation) -> Self {
        Self { place, owner, installation }
    }

    /// Makes a cluster. It gets its name only when complete, so that a start that was cut short leaves none behind.
    pub fn make(&self) -> Result<()> {
        self.sweep_unfinished();
        let unfinished = self.place.data.join(format!("postgres.unfinished-{}", std::process::id()));
        make_private(&unfinished, self.owner)?;
        let mut initdb = self.command("initdb");
        initdb
            .arg("--pgdata")
            .arg(&unfinished)
            .args(["--username", SUPERUSER, "--encoding", "UTF8", "--data-checksums"])
            // Order by code point never changes with the system's libraries, which would break indexes silently;
            // where people read a sorted list the query names an ICU collation.
            .args(["--locale", "C.UTF-8", "--lc-messages", "C"])
            // Whoever can open the socket's folder is its owner or root, so nobody needs a password.
            .args(["--auth-local", "trust", "--auth-host", "reject"]);
        expect_success(&mut initdb, "The database could not be made")?;
        self.make_database(&unfinished)?;
        fs::rename(&unfinished, &self.place.cluster)?;
        File::open(&self.place.data)?.sync_all()?;
        Ok(())
    }

    /// Starts PostgreSQL without waiting for it.
    pub fn spawn(&self) -> Result<Child> {
        self.clear_leftovers()?;
        let log = File::create(self.start_log())?;
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(&self.place.cluster).args(settings::arguments(&self.place.socket));
        // In a process group of its own, so that Ctrl-C reaches the program alone, which then stops it in order.
        postgres.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        postgres.spawn().context("PostgreSQL could not be started")
    }

    /// Waits until PostgreSQL accepts connections, however long it needs to recover from a crash.
    pub fn wait_until_ready(&self, child: &mut Child) -> Result<()> {
        let begun = Instant::now();
        let mut said = false;
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("PostgreSQL did not start ({status}). It said:\n{}", self.last_words());
            }
            if self.state() == Some((child.id(), Phase::Ready)) {
                return Ok(());
            }
            if begun.elapsed() > START_PATIENCE {
                bail!("PostgreSQL was not ready after {} minutes. It said:\n{}", 10, self.last_words());
            }
            if begun.elapsed() > Duration::from_secs(5) && !said {
                tracing::info!("The database is recovering from an unclean stop; this can take some minutes.");
                said = true;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops PostgreSQL in order: open transactions are rolled back, everything acknowledged is on disk.
    pub fn stop(&self, pid: u32) -> Result<()> {
        self.signal("INT", pid);
        for last_resort in [false, true] {
            if last_resort {
                self.place.processes().iter().for_each(|&left| self.signal("QUIT", left));
            }
            let begun = Instant::now();
            while begun.elapsed() < STOP_PATIENCE {
                // The server's log keeper goes a moment after it.
                if !is_running(pid) && self.place.processes().is_empty() {
                    return Ok(());
                }
                thread::sleep(Duration::from_millis(20));
            }
            tracing::warn!("PostgreSQL (process {pid}) has not stopped after another minute.");
        }
        bail!("PostgreSQL (process {pid}) cannot be stopped.");
    }

    /// Removes a socket folder outside the data folder, of which nothing else would remind an operator.
    pub fn forget_socket(&self) {
        if !self.place.socket.starts_with(&self.place.data) {
            fs::remove_dir(&self.place.socket).ok();
        }
    }

    /// What an operator should look at first when the server has died.
    pub fn likely_cause(&self) -> String {
        match self.place.free_megabytes() {
            // PostgreSQL ends itself rather than lose what it acknowledged; it recovers once there is room.
            Some(free) if free < LEAST_FREE_MEGABYTES => {
                format!("Only {free} MB are free on its disk: make room, and it comes back by itself.")
            }
            _ => format!("Its log is in {}.", self.place.cluster.join("log").display()),
        }
    }

    /// Ends what a killed program or a killed server left behind, so that a new server can start.
    ///
    /// A process is known by its working folder, never by a number in a file alone: numbers are used again.
    fn clear_leftovers(&self) -> Result<()> {
        let left = self.place.processes();
        if let Some((pid, _)) = self.state()
            && left.contains(&pid)
        {
            tracing::info!("A database server (process {pid}) was left by a program that was killed; stopping it first.");
            self.stop(pid)?;
        }
        let begun = Instant::now();
        loop {
            let left = self.place.processes();
            if left.is_empty() {
                break;
            }
            // Servants of a killed server end by themselves, unless they are deep in a long query.
            if begun.elapsed() > ORPHAN_PATIENCE {
                left.iter().for_each(|&pid| self.signal("QUIT", pid));
            }
            if begun.elapsed() > ORPHAN_LIMIT {
                bail!("These processes still use the database and do not end: {left:?}. End them, then start again.");
            }
            thread::sleep(Duration::from_millis(50));
        }
        // Nothing runs, so these are only traces; PostgreSQL would refuse to start if another process had their number.
        for trace in [
            self.place.cluster.join("postmaster.pid"),
            self.place.socket.join(format!(".s.PGSQL.{PORT}.lock")),
            self.place.socket.join(format!(".s.PGSQL.{PORT}")),
        ] {
            match fs::remove_file(&trace) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("{} cannot be removed", trace.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn state(&self) -> Option<(u32, Phase)> {
        self.place.postmaster()
    }

    /// The standard library cannot signal a process it is not the parent of; PostgreSQL's own tool can.
    fn signal(&self, signal: &str, pid: u32) {
        let sent = self.command("pg_ctl").args(["kill", signal, &pid.to_string()]).output();
        if let Err(error) = sent {
            tracing::warn!("Signal {signal} could not be sent to process {pid}: {error}");
        }
    }

    /// One program of the installation, as the cluster's owner and with nothing of our environment.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.installation.program(program));
        // The working folder must be one that the owner may enter.
        command.env_clear().envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8")]).current_dir("/");
        if our_uid() != self.owner.uid {
            command.uid(self.owner.uid).gid(self.owner.gid);
        }
        command
    }

    /// Makes the application's database with a server for this one statement, before anybody can connect.
    fn make_database(&self, cluster: &Path) -> Result<()> {
        let mut single = self.command("postgres");
        single.args(["--single", "-D"]).arg(cluster).arg("template1");
        let mut child = single.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(format!("create database {DATABASE}\n").as_bytes())?;
        }
        checked(&child.wait_with_output()?, "The application's database could not be made")
    }

    fn sweep_unfinished(&self) {
        let Ok(entries) = fs::read_dir(&self.place.data) else {
            return;
        };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with("postgres.unfinished-") {
                // What cannot be removed does no harm: the next attempt has a name of its own.
                fs::remove_dir_all(entry.path()).ok();
            }
        }
    }

    fn start_log(&self) -> PathBuf {
        self.place.data.join("postgres-start.log")
    }

    /// The end of what PostgreSQL said, first to us and then, once it keeps a log, there.
    fn last_words(&self) -> String {
        let logs = fs::read_dir(self.place.cluster.join("log"));
        let newest = logs.into_iter().flatten().flatten().max_by_key(|entry| entry.metadata().and_then(|m| m.modified()).ok());
        let texts = [Some(self.start_log()), newest.map(|entry| entry.path())];
        let mut words = String::new();
        for text in texts.into_iter().flatten().filter_map(|path| fs::read_to_string(path).ok()) {
            let lines: Vec<&str> = text.lines().collect();
            words.push_str(&lines[lines.len().saturating_sub(6)..].join("\n"));
            words.push('\n');
        }
        words
    }
}

fn expect_success(command: &mut Command, what: &str) -> Result<()> {
    let answer = command.stdin(Stdio::null()).output().with_context(|| what.to_owned())?;
    checked(&answer, what)
}

fn checked(answer: &Output, what: &str) -> Result<()> {
    if !answer.status.success() {
        bail!("{what}. PostgreSQL said:\n{}", String::from_utf8_lossy(&answer.stderr).trim());
    }
    Ok(())
}
