//! Real clusters in folders of their own: made, killed, found again.
#![expect(clippy::disallowed_methods, reason = "these clusters hold no schema")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use super::{Cluster, Place};

/// A data folder that is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        // Not below the home folder of root, where PostgreSQL's user may not go.
        let path = PathBuf::from(format!("/tmp/throughcare-cluster-{}-{name}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

async fn ask(url: &str, sql: &'static str) -> sqlx::Result<i64> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query_scalar(sql).fetch_one(&mut connection).await
}

async fn run(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

async fn answers_within(url: &str, sql: &'static str, patience: Duration) -> i64 {
    let begun = Instant::now();
    loop {
        match ask(url, sql).await {
            Ok(answer) => return answer,
            Err(error) if begun.elapsed() > patience => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn kill(pid: u32) {
    assert!(Command::new("sh").args(["-c", &format!("kill -9 {pid}")]).status().unwrap().success());
}

fn refusal(data: &Path) -> String {
    format!("{:#}", Cluster::start(data).expect_err("the start must be refused"))
}

#[tokio::test]
async fn a_killed_server_comes_back_and_a_second_start_is_refused() {
    let folder = Folder::new("killed");
    let cluster = Cluster::start(folder.path()).unwrap();
    let url = cluster.admin_url();
    run(&url, "create table entries (n int); insert into entries values (1)").await;

    let again = refusal(folder.path());
    assert!(again.starts_with("Throughcare is already running on the data folder"), "{again}");
    let borrowed = Cluster::borrow_or_start(folder.path()).unwrap();
    assert_eq!(ask(&borrowed.admin_url(), "select count(*) from entries").await.unwrap(), 1);
    borrowed.stop().unwrap();

    let place = Place::of(folder.path()).unwrap();
    kill(place.postmaster().unwrap().0);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(answers_within(&url, "select count(*) from entries", Duration::from_secs(30)).await, 1);

    cluster.stop().unwrap();
    assert!(place.processes().is_empty(), "everything it started has ended");
}

#[tokio::test]
async fn traces_that_name_a_living_stranger_do_not_stop_a_start_or_harm_the_stranger() {
    let folder = Folder::new("traces");
    Cluster::start(folder.path()).unwrap().stop().unwrap();
    let place = Place::of(folder.path()).unwrap();
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    let trace = format!("{}\n{}\n1\n5432\n\n\n\nready\n", stranger.id(), place.cluster.display());
    fs::write(place.cluster.join("postmaster.pid"), &trace).unwrap();
    fs::write(place.socket.join(".s.PGSQL.5432.lock"), &trace).unwrap();

    let cluster = Cluster::start(folder.path()).unwrap();
    assert_eq!(ask(&cluster.admin_url(), "select 1::bigint").await.unwrap(), 1);
    assert!(stranger.try_wait().unwrap().is_none());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn what_cannot_be_opened_is_explained_and_left_alone() {
    let folder = Folder::new("foreign");
    fs::create_dir_all(folder.path().join("postgres")).unwrap();
    let place = Place::of(folder.path()).unwrap();
    if let Err(error) = place.owner() {
        // As root, the folder just made is root's, which is refused in words of its own.
        assert!(error.to_string().contains("belongs to root"), "{error}");
        std::os::unix::fs::chown(&place.cluster, Some(65534), Some(65534)).unwrap();
    }
    assert!(refusal(folder.path()).contains("PG_VERSION is missing"));
    fs::write(place.cluster.join("PG_VERSION"), "9999\n").unwrap();
    let other = refusal(folder.path());
    assert!(other.contains("made by PostgreSQL 9999") && other.contains("apt-get install postgresql-9999"), "{other}");
    assert_eq!(fs::read_dir(&place.cluster).unwrap().count(), 1);
}

#[tokio::test]
async fn a_long_or_peculiar_folder_gets_a_short_socket() {
    let folder = Folder::new(&format!("long, {}", "x".repeat(120)));
    let cluster = Cluster::start(folder.path()).unwrap();
    assert_eq!(ask(&cluster.admin_url(), "select 1::bigint").await.unwrap(), 1);
    let socket = Place::of(folder.path()).unwrap().socket;
    assert!(!socket.starts_with(folder.path()));
    cluster.stop().unwrap();
    assert!(!socket.exists(), "nothing stays outside the data folder");
}
