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

#[tokio::test]
async fn who_looked_is_told_in_plain_words_and_turned_back_and_forth() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, crate::support::case_work::CHILD_PROTECTION, dana, &[]).await;
    w.amina.get(&case).await.is(200);
    w.amina.get(format!("/people/{dana}")).await.is(200);
    let log = w.pia.get(format!("{case}/log")).await;
    log.shows("Looked at the case").shows("Opened the case").shows("Amina Haddad, Harbour").lacks("case.opened").lacks("Dana");
    w.pia.get(format!("/people/{dana}/log")).await.shows("Looked at the person's page").shows("Amina Haddad");
    w.amina.get(format!("{case}/log")).await.is(403);
    w.odd.get(format!("/people/{dana}/log")).await.is(404);
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into facts (id, actor, org, kind, case_id) select gen_random_uuid(), '', 1, 'printed', '{id}' from generate_series(1, 120)"
    ))
    .await;
    let first = w.pia.get(format!("{case}/log")).await;
    let second = w.pia.get(first.link(&format!("{case}/log?before="))).await;
    let back = w.pia.get(second.link(&format!("{case}/log?after="))).await;
    assert_eq!(back.body.matches("<tr data-row").count(), 50);
    assert_eq!(first.body.matches("<tr data-row").count(), 50);
}

// Those who read the organisation's logs don't know that the case is there (S11); whoever answers for it sees who looked.
#[tokio::test]
async fn s09_the_log_of_a_restricted_case_is_read_by_its_named_supervisor_alone() {
    let w = World::new().await;
    let gita = w.gita().await;
    let dana = w.known_person("Dana Aziz").await;
    let supervisor = crate::support::world::user("gita").to_string();
    let case = w.case(&w.salma, crate::support::case_work::GBV, dana, &[("supervisor", &supervisor)]).await;
    w.salma.get(&case).await.is(200);
    gita.get(&case).await.link(&format!("{case}/log"));
    gita.get(format!("{case}/log")).await.shows("Looked at the case").shows("Salma");
    w.salma.get(format!("{case}/log")).await.is(403);
    w.pia.get(format!("{case}/log")).await.is(404);
}

#[tokio::test]
async fn the_owning_side_sees_who_broke_the_glass() {
    let w = World::new().await;
    let (case, _, _) = crate::consent::child_case(&w, "2017-03-01", "false").await;
    let code = w.value(&format!("select code from cases where id = '{case}'")).await;
    w.odd.post("/break-glass", [("case", code.as_str()), ("ground", "child"), ("reason", "Found alone.")]).await.redirects();
    w.odd.get(format!("/cases/{case}/consents")).await.is(200);
    w.pia
        .get(format!("/cases/{case}/log"))
        .await
        .shows("Odd Stranger, Stranger")
        .shows("Opened it in an emergency")
        .shows("Looked at consent");
}

#[test]
fn every_fact_has_words_in_every_language() {
    use throughcare::platform::{lang::Lang, text};
    for lang in Lang::ALL {
        for fact in throughcare::audit::Fact::ALL {
            let key = format!("fact-{}", fact.code().replace(['.', '_'], "-"));
            assert!(text::has(lang, &key), "{lang} has no words for {key}");
        }
    }
}
