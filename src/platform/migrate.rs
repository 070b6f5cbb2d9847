//! Brings a database to this program's schema: the cluster's roles first, then the migrations, as the role that owns the tables.
use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::platform::seal::Keyring;

/// Makes roles, sets the login roles' passwords, and applies what is missing. `admin` may create roles; run it as often as you like.
#[expect(clippy::disallowed_methods, reason = "runs before there is a schema to check a query against")]
pub async fn migrate(admin: &PgConnectOptions, keyring: &Keyring) -> anyhow::Result<()> {
    let mut db = PgConnection::connect_with(admin).await.context("the database does not answer")?;
    // Two starts at once migrate one after the other.
    db.execute("select pg_advisory_lock(7420196)").await?;
    db.execute(include_str!("roles.sql"))
        .await
        .context("the roles could not be made; the connection needs the right to create roles")?;
    for role in ["throughcare_web", "throughcare_worker"] {
        let sql = format!("alter role {role} password '{}'", keyring.role_password(role));
        db.execute(AssertSqlSafe(sql)).await?;
    }
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
