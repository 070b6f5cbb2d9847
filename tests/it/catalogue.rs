//! What every table must have, asked of the database itself. Each failure prints the SQL to paste.
use sqlx::Row;

use crate::support::World;

// Tables without row security, each with its reason.
const OPEN_TABLES: &[(&str, &str)] =
    &[("_sqlx_migrations", "belongs to the migration tool, holds no data of ours, and no role of ours may read it")];

async fn rows(w: &World, sql: &'static str) -> Vec<String> {
    let mut work = w.operate().await;
    sqlx::query(sql).fetch_all(work.db()).await.expect("the catalogue answers").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_table_has_row_security_enabled_and_forced() {
    let w = World::new().await;
    let open = rows(&w, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)").await;
    let unexcused: Vec<_> = open
        .iter()
        .filter(|table| !OPEN_TABLES.iter().any(|(name, _)| name == table))
        .map(|table| format!("select access.close_table('{table}');"))
        .collect();
    assert!(unexcused.is_empty(), "{}", unexcused.join("\n"));
}

#[tokio::test]
async fn every_foreign_key_is_indexed() {
    let w = World::new().await;
    let missing = rows(
        &w,
        "select format('create index %s_%s_idx on %s (%s);', c.conrelid::regclass, a.attname, c.conrelid::regclass, a.attname)
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.connamespace = 'public'::regnamespace
           and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])",
    )
    .await;
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[tokio::test]
async fn every_constraint_is_named_by_us() {
    let w = World::new().await;
    let unnamed = rows(
        &w,
        "select conname::text from pg_constraint c where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'u')
           and conrelid <> '_sqlx_migrations'::regclass and conname ~ '_(check|key|fkey)[0-9]+$'",
    )
    .await;
    assert!(unnamed.is_empty(), "name these constraints: {unnamed:?}");
}

#[tokio::test]
async fn the_runtime_roles_own_nothing_and_cannot_pass_row_security() {
    let w = World::new().await;
    let owned = rows(&w, "select relname::text from pg_class where relowner in ('throughcare_web'::regrole, 'throughcare_worker'::regrole, 'throughcare_figures'::regrole)").await;
    assert!(owned.is_empty(), "{owned:?}");
    let strong = rows(&w, "select rolname::text from pg_roles where rolname like 'throughcare%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)").await;
    assert!(strong.is_empty(), "{strong:?}");
}

#[tokio::test]
async fn every_definer_function_has_a_fixed_search_path_and_belongs_to_access() {
    let w = World::new().await;
    let loose = rows(
        &w,
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('access', 'public') and p.prosecdef
           and (p.proowner not in ('throughcare_access'::regrole, 'throughcare_figures'::regrole) or not coalesce(array_to_string(p.proconfig, ',') like '%search_path=public, pg_temp%', false))",
    )
    .await;
    assert!(loose.is_empty(), "{loose:?}");
}

#[tokio::test]
async fn without_an_actor_nothing_is_there() {
    let w = World::new().await;
    let tables = rows(&w, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege('throughcare_web', oid, 'select')").await;
    assert!(tables.len() > 20);
    for table in tables {
        let mut work =
            throughcare::platform::db::Work::open(&w.ground, throughcare::platform::db::Actor::Nobody).await.expect("work");
        let count = sqlx::query(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(work.db())
            .await
            .expect("it counts")
            .get::<i64, _>(0);
        assert_eq!(count, 0, "nobody sees rows of {table}");
    }
}
