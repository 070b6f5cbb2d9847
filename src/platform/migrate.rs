//! Brings a database to this program's schema: the cluster's roles first, then the migrations, as the role that owns the tables.
use std::time::Duration;

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::platform::seal::Keyring;

const ROLE_TRIES: u64 = 10;

/// Makes roles, sets the login roles' passwords, and applies what is missing. `admin` may create roles; run it as often as you like.
#[expect(clippy::disallowed_methods, reason = "runs before there is a schema to check a query against")]
pub async fn migrate(admin: &PgConnectOptions, keyring: &Keyring) -> anyhow::Result<()> {
    let mut db = PgConnection::connect_with(admin).await.context("the database does not answer")?;
    // Two starts at once migrate one after the other.
    db.execute("select pg_advisory_lock(7420196)").await?;
    set_roles(&mut db, keyring).await.context("the roles could not be made; the connection needs the right to create roles")?;
    let (database,): (String,) = sqlx::query_as(AssertSqlSafe("select current_database()::text")).fetch_one(&mut db).await?;
    let quoted = database.replace('"', "\"\"");
    db.execute(AssertSqlSafe(format!(
        "alter database \"{quoted}\" owner to throughcare_migrator; alter schema public owner to throughcare_migrator"
    )))
    .await?;
    db.execute("set role throughcare_migrator").await?;
    sqlx::migrate!().run(&mut db).await.context("a migration failed; nothing of it was kept")?;
    db.close().await?;
    Ok(())
}

// Roles belong to the whole cluster, and a lock only to one database: two databases of a cluster that are migrated at once meet here, and the
// second is told that a row changed under it. Doing it again does no harm.
async fn set_roles(db: &mut PgConnection, keyring: &Keyring) -> sqlx::Result<()> {
    let passwords = ["throughcare_web", "throughcare_worker"]
        .map(|role| format!("alter role {role} password '{}';", keyring.role_password(role)))
        .concat();
    let mut tries = 1;
    loop {
        let set = format!("{}\n{passwords}", include_str!("roles.sql"));
        match db.execute(AssertSqlSafe(set)).await {
            Err(error) if tries < ROLE_TRIES && is_race(&error) => tokio::time::sleep(Duration::from_millis(50 * tries)).await,
            done => return done.map(|_| ()),
        }
        tries += 1;
    }
}

// PostgreSQL has no code of its own for it.
fn is_race(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|db| db.code().as_deref() == Some("XX000") && db.message().contains("concurrently updated"))
}
