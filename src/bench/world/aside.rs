//! What makes writing millions of rows slow is laid aside for as long as they are written: triggers, look-ups of foreign keys, indexes.
//!
//! All in the caller's transaction, so that nobody ever sees the tables without them. Foreign keys are checked when they are put back.
use sqlx::{AssertSqlSafe, Executor};

use crate::error::Error;
use crate::platform::db::Work;

/// What was laid aside, as the statements that put it back.
pub struct Aside {
    tables: &'static [&'static str],
    statements: Vec<(String, String)>,
}

/// Lays everything aside that slows writing to these tables.
pub async fn lay(work: &mut Work, tables: &'static [&'static str]) -> Result<Aside, Error> {
    let names: Vec<String> = tables.iter().map(|&name| name.to_owned()).collect();
    // Foreign keys go first and come back last. A key that another table's foreign key leans on stays.
    let found = sqlx::query!(
        r#"with mine as (select to_regclass(t) as id from unnest($1::text[]) t)
           select c.conname::text as "name!", format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as "drop!",
             format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as "make!",
             case c.contype when 'f' then 1 else 2 end as "rank!"
           from pg_constraint c join mine on mine.id = c.conrelid
           where c.contype = 'f' or (c.contype in ('p', 'u') and not exists (
             select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and f.conrelid not in (select id from mine)))
           union all
           select i.indexrelid::regclass::text, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), 3
           from pg_index i join mine on mine.id = i.indrelid where not exists (select from pg_constraint c where c.conindid = i.indexrelid)
           order by 4, 1"#,
        &names
    )
    .fetch_all(work.db())
    .await?;
    for row in &found {
        run(work, &row.drop).await?;
    }
    for table in tables {
        // COPY is refused under row security, which is forced on the owner too.
        run(work, &format!("alter table {table} disable trigger user, no force row level security")).await?;
    }
    Ok(Aside { tables, statements: found.into_iter().map(|row| (row.name, row.make)).collect() })
}

impl Aside {
    /// Puts everything back; `say` hears of each.
    pub async fn put_back(self, work: &mut Work, say: impl Fn(&str)) -> Result<(), Error> {
        for (name, make) in self.statements.iter().rev() {
            say(name);
            run(work, make).await?;
        }
        for table in self.tables {
            run(work, &format!("alter table {table} enable trigger user, force row level security")).await?;
        }
        Ok(())
    }
}

// Names and definitions come from the database's own catalogue.
async fn run(work: &mut Work, sql: &str) -> Result<(), Error> {
    let done = work.db().execute(AssertSqlSafe(sql.to_owned())).await;
    done.map_err(|error| anyhow::Error::from(error).context(format!("{sql} failed")))?;
    Ok(())
}
