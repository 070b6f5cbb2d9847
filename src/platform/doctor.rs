//! `throughcare doctor`: what this installation is, and what is wrong with it, in plain words with a remedy.
//!
//! One `key: value` a line, so that scripts can read it. It changes nothing: it looks at a private cluster whether that
//! runs or not, and asks any server it can reach. What deliberately is not here: mending.
#![expect(clippy::disallowed_methods, reason = "looks at databases that may lack the schema")]

use std::fmt::Write;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use sqlx::{Connection, PgConnection};

use crate::config::{Config, Database, Mistake, Web};
use crate::platform::cluster::{DATABASE, Installation, LEAST_FREE_MEGABYTES, OLDEST, Place, SUPERUSER};

/// What scripts may rely on, besides `problems`.
const PROMISED: [&str; 4] = ["version", "data", "database", "postgres"];

const PATIENCE: Duration = Duration::from_secs(5);

/// What was found: the lines to print, and the problems among them.
#[derive(Debug, Default)]
pub struct Findings {
    lines: Vec<(&'static str, String)>,
    problems: Vec<String>,
}

/// Examines the installation, prints what was found, and fails if there is a problem.
pub async fn run(config: Result<Config, Mistake>) -> ExitCode {
    let findings = examine(config).await;
    print!("{}", findings.text());
    if findings.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Examines the installation that these settings describe.
pub async fn examine(config: Result<Config, Mistake>) -> Findings {
    let mut found = Findings::default();
    found.say("version", env!("CARGO_PKG_VERSION"));
    let config = match config {
        Ok(config) => config,
        Err(mistake) => {
            found.problem(mistake.to_string());
            return found;
        }
    };
    let data = config.storage.data.as_path();
    found.say("data", data.display().to_string());
    found.say("address", config.web.base_url.clone());
    match &config.storage.database {
        Database::Private => found.private(data, &config.web).await,
        Database::Server(url) => {
            found.say("database", url.to_string());
            found.say("state", "a server of its own, named by DATABASE_URL");
            found.connect(url.exposed(), "Check DATABASE_URL, and that the server runs and lets this machine in.").await;
        }
    }
    found.keyring(&config.storage.keyring);
    found.say(
        "virus scan",
        if config.clamd.is_some() { "by clamd" } else { "none: documents are served as they came (THROUGHCARE_CLAMD)" },
    );
    found
}

impl Findings {
    /// The lines as they are printed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for key in PROMISED.iter().filter(|key| !self.lines.iter().any(|(known, _)| known == *key)) {
            writeln!(text, "{key}: unknown").ok();
        }
        for (key, value) in &self.lines {
            writeln!(text, "{key}: {}", one_line(value)).ok();
        }
        let count = if self.problems.is_empty() { "none".to_owned() } else { self.problems.len().to_string() };
        writeln!(text, "problems: {count}").ok();
        for (number, problem) in self.problems.iter().enumerate() {
            writeln!(text, "problem {}: {}", number + 1, one_line(problem)).ok();
        }
        text
    }

    fn say(&mut self, key: &'static str, value: impl Into<String>) {
        self.lines.push((key, value.into()));
    }

    fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    async fn private(&mut self, data: &Path, web: &Web) {
        let place = match Place::of(data) {
            Ok(place) => place,
            Err(error) => return self.problem(format!("{error:#}")),
        };
        let url = place.url_for(SUPERUSER, DATABASE);
        self.say("database", url.clone());
        if let Err(error) = place.owner().and_then(|owner| place.check_reachable(owner)) {
            self.say("state", "unknown");
            return self.problem(format!("{error:#}"));
        }
        if place.cluster.exists() && fs::read_dir(&place.cluster).is_err() {
            self.say("state", "unknown");
            return self.problem(format!(
                "{} may not be read by this user. Run the doctor as root, or as the user who runs Throughcare.",
                place.cluster.display()
            ));
        }
        self.disk(&place);
        if place.is_ready() {
            self.running(&place, &url).await;
        } else {
            self.stopped(&place, web);
        }
    }

    async fn running(&mut self, place: &Place, url: &str) {
        self.say("state", "running");
        if !place.is_locked() {
            self.problem(
                "The private database runs, but Throughcare does not: it was killed. Nothing is lost; start Throughcare \
                 again, which stops the database in order and takes it over.",
            );
        }
        self.connect(url, "Stop Throughcare and start it again.").await;
    }

    fn stopped(&mut self, place: &Place, web: &Web) {
        let major = match place.major() {
            Ok(major) => major,
            Err(error) => return self.problem(format!("{error:#}")),
        };
        self.say("state", if major.is_some() { "stopped" } else { "not made yet; the first start makes it" });
        let installation = match major {
            Some(major) => Installation::of_major(major, &place.cluster),
            None => Installation::newest(),
        };
        match installation {
            Ok(installation) => self.say("postgres", installation.major.to_string()),
            Err(error) => {
                self.say("postgres", major.map_or("not installed".to_owned(), |major| format!("{major} (not installed)")));
                self.problem(format!("{error:#}"));
            }
        }
        if place.is_locked() {
            return self.problem(
                "Throughcare is running, but its database is not ready: it is being made, started or started again. If \
                 that does not end within a minute, read what Throughcare prints and the log in the data folder's \
                 postgres/log.",
            );
        }
        if let Err(error) = TcpListener::bind(web.listen) {
            self.problem(format!(
                "Throughcare could not listen on {} ({error}). Stop the program that uses it, or set THROUGHCARE_LISTEN to \
                 another address.",
                web.listen
            ));
        }
    }

    fn disk(&mut self, place: &Place) {
        let Some(free) = place.free_megabytes() else {
            return;
        };
        self.say("free", format!("{free} MB"));
        if free < LEAST_FREE_MEGABYTES * 5 {
            self.problem(format!(
                "Only {free} MB are free on the disk of {}; below {LEAST_FREE_MEGABYTES} MB the database does not start, and \
                 a full disk stops all work. Make room, or move the data to a larger disk and set THROUGHCARE_DATA.",
                place.data.display()
            ));
        }
    }

    async fn connect(&mut self, url: &str, remedy: &str) {
        let answer = tokio::time::timeout(PATIENCE, PgConnection::connect(url)).await;
        match answer {
            Ok(Ok(mut connection)) => {
                if let Err(error) = self.ask(&mut connection).await {
                    self.problem(format!("The database does not answer as it should ({error}). {remedy}"));
                }
            }
            Ok(Err(error)) => self.problem(format!("The database cannot be reached ({error}). {remedy}")),
            Err(_) => self.problem(format!("The database did not answer within {} seconds. {remedy}", PATIENCE.as_secs())),
        }
    }

    async fn ask(&mut self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let (version, number, encoding, durable): (String, i32, String, bool) = sqlx::query_as(
            "select current_setting('server_version'), current_setting('server_version_num')::int, \
             current_setting('server_encoding'), current_setting('fsync')::bool and current_setting('full_page_writes')::bool",
        )
        .fetch_one(&mut *connection)
        .await?;
        self.say("postgres", version.clone());
        if number / 10_000 < i32::try_from(OLDEST).unwrap_or(i32::MAX) {
            self.problem(format!(
                "The server is PostgreSQL {version}, and Throughcare needs {OLDEST} or later. Use a newer server."
            ));
        }
        if encoding != "UTF8" {
            self.problem(format!(
                "The database stores text as {encoding}. Make one with the encoding UTF8 and name it in DATABASE_URL."
            ));
        }
        if !durable {
            self.problem(
                "The server has fsync or full_page_writes off, so that a loss of power can destroy all data. Switch both on.",
            );
        }
        let migrated: bool =
            sqlx::query_scalar("select to_regclass('public._sqlx_migrations') is not null").fetch_one(&mut *connection).await?;
        if !migrated {
            self.say("schema", "none yet; the next start, or throughcare migrate, makes it");
            return Ok(());
        }
        self.schema(connection).await
    }

    async fn schema(&mut self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let readable: bool = sqlx::query_scalar("select has_table_privilege('public._sqlx_migrations', 'select')")
            .fetch_one(&mut *connection)
            .await?;
        if !readable {
            self.say("schema", "made (this role may not read which)");
            return Ok(());
        }
        let (newest, unfinished): (Option<i64>, i64) =
            sqlx::query_as("select max(version), count(*) filter (where not success) from public._sqlx_migrations")
                .fetch_one(connection)
                .await?;
        self.say("schema", newest.map_or("none".to_owned(), |version| version.to_string()));
        if unfinished > 0 {
            self.problem("A migration did not finish. Run throughcare migrate, and read what it says.");
        }
        Ok(())
    }

    fn keyring(&mut self, keyring: &Path) {
        let Ok(file) = fs::metadata(keyring) else {
            return;
        };
        let mode = file.permissions().mode();
        if file.is_file() && mode & 0o077 != 0 {
            self.problem(format!(
                "The keyring {} can be read by other users of this machine (mode {:o}). Run: chmod 600 {}",
                keyring.display(),
                mode & 0o777,
                keyring.display()
            ));
        }
    }
}

/// Keeps each finding on its line, whatever a server or file system said.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
