//! `throughcare screen`, as whoever runs the server calls it.
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};

use super::{ASSISTANCE, ELDER, begun, households, old, service, young};
use crate::support::World;
use crate::support::world::keyring_path;

// Thirteen households, which take three slices.
async fn thirteen(w: &World) {
    service(w, "Elder care", ELDER, None).await;
    households(w, 7, ASSISTANCE, &old()).await;
    households(w, 6, ASSISTANCE, &young()).await;
    w.sql("alter table screenings alter column slice set default 5").await;
}

// Instead of going on after its first slice, it is in this state.
async fn stopped_as(w: &World, state: &str) {
    w.sql(&format!(
        "create function stop() returns trigger language plpgsql as $$ begin new.state := tg_argv[0]; return new; end $$;
         create trigger stop before update on screenings for each row when (new.state = 'running') execute function stop('{state}')"
    ))
    .await;
}

fn command(w: &World, more: &[&str]) -> Command {
    let url = std::env::var("THROUGHCARE_TEST_PG").expect("a server");
    let name = w.database.get_database().expect("a database");
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughcare"));
    command
        .arg("screen")
        .args(more)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", format!("{}/{name}", url.rsplit_once('/').expect("an address").0))
        .env("THROUGHCARE_DATA", w.ground.files.join("screen"))
        .env("THROUGHCARE_KEYRING", keyring_path())
        .stdin(Stdio::null());
    command
}

async fn screened(w: &World, more: &[&str]) -> Output {
    let mut command = command(w, more);
    tokio::task::spawn_blocking(move || command.output()).await.expect("it is waited for").expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn the_command_goes_through_every_household_and_prints_what_was_found() {
    let w = World::new().await;
    thirteen(&w).await;
    let done = screened(&w, &["--org", "1", "--json"]).await;
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let found: Value = serde_json::from_slice(&done.stdout).expect("JSON, and nothing but JSON");
    assert_eq!(found["cases"], json!(13));
    let line = &found["services"][0];
    assert_eq!((&line["name"], &line["provider"]), (&json!("Elder care"), &json!("Clinic")));
    assert_eq!((&line["eligible"], &line["not_eligible"], &line["unknown"]), (&json!(7), &json!(6), &json!(0)));
    assert!(said(&done).contains("5 of 13 cases (38 %)"), "{}", said(&done));
    // For people: a table, and where to go on.
    let table = screened(&w, &["--org", "1", "--unit", "11", "--case-type", "social_assistance"]).await;
    assert_eq!(table.status.code(), Some(0), "{}", said(&table));
    let row = String::from_utf8_lossy(&table.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(row.ends_with("7 6 0 Elder care (Clinic)"), "{row}");
    assert!(said(&table).contains("/screenings/"), "{}", said(&table));
}

#[tokio::test]
async fn the_command_says_what_it_cannot_screen_and_exits_with_one() {
    let w = World::new().await;
    thirteen(&w).await;
    for (asked, says) in [
        (&["--org", "77", "--json"][..], "Harbour"),
        (&["--org", "1", "--unit", "21"][..], "no such unit"),
        (&["--org", "1", "--case-type", "made_up"][..], "social_assistance"),
        (&["--org", "1", "--service", "made_up"][..], "no public service"),
    ] {
        let refused = screened(&w, asked).await;
        assert_eq!(refused.status.code(), Some(1), "{asked:?}");
        assert!(said(&refused).contains(says) && refused.stdout.is_empty(), "{asked:?}: {}", said(&refused));
    }
    assert_eq!(w.count("screenings").await, 0);
    begun(&w).await;
    let twice = screened(&w, &["--org", "1", "--unit", "11"]).await;
    assert_eq!(twice.status.code(), Some(1));
    assert!(said(&twice).contains("is being screened already"), "{}", said(&twice));
}

#[tokio::test]
async fn the_command_exits_with_three_when_somebody_stopped_it_and_with_one_when_it_failed() {
    for (state, code) in [("paused", 3), ("cancelled", 3), ("failed", 1)] {
        let w = World::new().await;
        thirteen(&w).await;
        stopped_as(&w, state).await;
        let stopped = screened(&w, &["--org", "1", "--unit", "11", "--json"]).await;
        assert_eq!(stopped.status.code(), Some(code), "{state}: {}", said(&stopped));
        assert!(stopped.stdout.is_empty(), "{state}: nothing was found yet");
        assert_eq!(w.count(&format!("screenings where state = '{state}' and done = 5")).await, 1);
    }
}

#[tokio::test]
async fn what_a_killed_command_left_is_gone_through_by_the_worker_and_nobody_is_counted_twice() {
    let w = World::new().await;
    thirteen(&w).await;
    // It can begin, and keep nothing of what it finds.
    let mut other = PgConnection::connect_with(&w.database).await.expect("the database answers");
    other.execute("begin; lock table screening_results in share mode").await.expect("the lock");
    let mut running =
        command(&w, &["--org", "1", "--unit", "11"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    for nth in 0.. {
        let (begun,): (i64,) = sqlx::query_as("select count(*) from screenings").fetch_one(&mut other).await.expect("a count");
        if begun == 1 {
            break;
        }
        assert!(nth < 300, "it begins nothing");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    running.kill().expect("it is ours to kill");
    running.wait().expect("it has ended");
    other.execute("rollback").await.expect("the lock is given back");
    // The database may still be about to notice that the command is gone: then it is looked again.
    w.after(TimeDelta::seconds(10)).await;
    w.after(TimeDelta::seconds(10)).await;
    let path = w.bruno.get("/screenings").await.link("/screenings/");
    w.bruno.get(path).await.shows("13 / 13 · 100%").shows("Elder care · Clinic 7 6 0");
    assert_eq!(w.count("screening_results").await, 13);
}
