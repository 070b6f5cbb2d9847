//! What an answer link sees: its one referral and no other row.
use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::LinkId;
use uuid::Uuid;

use super::{Generated, Link, ids};
use crate::support::World;

// What stands beside the referral's own rows: the two organisations' calendars and the words of the case type, no data of anybody.
const BESIDE: [&str; 3] = ["organisations", "case_types", "packs"];

async fn seen_by_link(w: &World, g: &Generated, link: &Link, tables: &[String]) {
    let mut work = Work::open(&w.ground, Actor::Link(LinkId(link.id))).await.expect("work");
    let opened = g.opens(link);
    let referrals: BTreeSet<Uuid> = opened.iter().map(|referral| referral.id).collect();
    assert_eq!(ids(&mut work, "select id from referrals").await, referrals);
    assert_eq!(ids(&mut work, "select referral_id from referral_moves").await, referrals);
    for table in tables {
        let (count,): (i64,) =
            sqlx::query_as(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(work.db()).await.expect("a count");
        match table.as_str() {
            "referrals" | "referral_moves" => {}
            beside if BESIDE.contains(&beside) => assert!(count <= 2 && (count > 0) == opened.is_some(), "{table}: {count}"),
            _ => assert_eq!(count, 0, "a link sees rows of {table}"),
        }
    }
    for other in &g.referrals {
        let (key,): (Option<Vec<u8>>,) =
            sqlx::query_as("select access.referral_key($1)").bind(other.id).fetch_one(work.db()).await.expect("an answer");
        assert_eq!(key.is_some(), Some(other.id) == opened.map(|referral| referral.id), "the key of another referral");
    }
    let changed = sqlx::query("update referrals set need = need").execute(work.db()).await.expect("an answer");
    assert_eq!(changed.rows_affected(), u64::from(opened.is_some()));
}

#[tokio::test]
async fn a_link_sees_its_one_referral_and_no_other_row_of_any_table() {
    for seed in 21..=24 {
        let w = World::new().await;
        let g = Generated::new(seed);
        w.sql(&g.sql()).await;
        w.sql("insert into keys (owner, case_id, wrapped) select id, case_id, 'x' from referrals").await;
        let mut work = w.operate().await;
        let tables: Vec<(String,)> = sqlx::query_as(
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
               and has_any_column_privilege('throughcare_web', oid, 'select') order by 1",
        )
        .fetch_all(work.db())
        .await
        .expect("the tables");
        let tables: Vec<String> = tables.into_iter().map(|(name,)| name).collect();
        assert!(tables.len() > 25);
        for link in &g.links {
            seen_by_link(&w, &g, link, &tables).await;
        }
    }
}
