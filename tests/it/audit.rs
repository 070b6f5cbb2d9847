//! The audit: appended by everybody, changed by nobody unnoticed.
use throughcare::audit::{seal, verify};

use crate::support::World;

async fn problems(w: &World) -> Vec<String> {
    let mut work = w.operate().await;
    verify::verify(&w.ground, &mut work).await.expect("verification runs").problems
}

async fn with_two_blocks() -> World {
    let w = World::new().await;
    for login in ["amina", "bruno"] {
        w.nobody.post("/sign-in", [("login", login), ("password", "wrong")]).await.is(422);
        seal_all(&w).await;
    }
    w
}

// Another test's open transaction on the same server may hold the boundary back for a moment.
async fn seal_all(w: &World) {
    for _ in 0..50 {
        if seal::seal_next(&w.ground).await.expect("the sealer works").is_some() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("nothing could be sealed");
}

#[tokio::test]
async fn an_untouched_chain_verifies() {
    let w = with_two_blocks().await;
    assert_eq!(problems(&w).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_changed_fact_is_found() {
    let w = with_two_blocks().await;
    w.sql("update facts set kind = 'session.ended' where id = (select id from facts order by xid limit 1 offset 1)").await;
    assert!(!problems(&w).await.is_empty());
}

#[tokio::test]
async fn a_removed_fact_is_found() {
    let w = with_two_blocks().await;
    w.sql("delete from facts where id = (select id from facts order by xid limit 1 offset 1)").await;
    assert!(!problems(&w).await.is_empty());
}

#[tokio::test]
async fn a_cut_tail_is_found() {
    let w = with_two_blocks().await;
    w.sql("delete from facts where xid >= (select from_xid from seals where number = 2); delete from seals where number = 2")
        .await;
    assert!(problems(&w).await.iter().any(|problem| problem.contains("cut off")));
}

#[tokio::test]
async fn rewritten_roots_are_found_by_the_signature_and_by_the_file_outside() {
    let w = with_two_blocks().await;
    w.sql("delete from facts where id = (select id from facts order by xid limit 1)").await;
    let mut work = w.operate().await;
    let seals = seal::list_after(&mut work, 0).await.expect("the seals");
    let mut previous: Option<seal::Seal> = None;
    for mut forged in seals {
        let leaves = seal::leaves(&mut work, &forged.from_xid, &forged.upto_xid).await.expect("the facts");
        forged.root = hex::encode(throughcare::audit::merkle::root(&leaves));
        forged.chain = forged.chained(previous.as_ref());
        sqlx::query("update seals set root = decode($2, 'hex'), chain = decode($3, 'hex') where number = $1")
            .bind(forged.number)
            .bind(&forged.root)
            .bind(&forged.chain)
            .execute(work.db())
            .await
            .expect("the forgery");
        previous = Some(forged);
    }
    work.commit().await.expect("it commits");
    let problems = problems(&w).await;
    assert!(
        problems.iter().any(|problem| problem.contains("not signed"))
            && problems.iter().any(|problem| problem.contains("file outside"))
    );
}

#[tokio::test]
async fn not_even_the_program_changes_a_fact() {
    let w = World::new().await;
    let mut work = throughcare::platform::db::Work::open(
        &w.ground,
        throughcare::platform::db::Actor::User(crate::support::world::user("ada")),
    )
    .await
    .expect("work");
    assert!(sqlx::query("update facts set kind = 'x'").execute(work.db()).await.is_err());
}
