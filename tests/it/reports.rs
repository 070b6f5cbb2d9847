//! Does the loop close? The figures of S8 within the limits of S15.
use throughcare::reports::refresh;

use crate::support::World;
use crate::support::world::user;

// Sends so many referrals of a case type; every second one was served, every third of those confirmed.
async fn referrals(w: &World, case_type: i16, count: i32) {
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) select gen_random_uuid(), 'P-{case_type}-' || n, 1, 11, 'Somebody' from generate_series(1, {count}) n;
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           select gen_random_uuid(), replace(code, 'P-', 'C-'), 1, 11, {case_type}, '{amina}', '{bruno}', id, 'protection', 1, 'implementation', 'self', now() from persons where code like 'P-{case_type}-%';
         insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, need, priority, status, step, loop, author, requested_at, acknowledged_at, decided_at, ended_at, loop_closed_at, due_at)
           select gen_random_uuid(), 'R' || code, 'partner', id, 1, 11, 21, 'health', 'normal',
             case when n % 2 = 0 then 'completed' else 'requested' end, 'sent', case when n % 6 = 0 then 'verified' else 'open' end, '{amina}',
             now() - interval '40 days', now() - interval '39 days', now() - interval '38 days', case when n % 2 = 0 then now() - interval '30 days' end,
             case when n % 6 = 0 then now() - interval '28 days' end, now() - interval '20 days'
           from (select id, code, row_number() over (order by code) n from cases where case_type = {case_type}) c",
        amina = user("amina"),
        bruno = user("bruno"),
    ))
    .await;
}

#[tokio::test]
async fn s08_the_rate_counts_what_persons_confirm_beside_what_providers_report() {
    let w = World::new().await;
    referrals(&w, 3, 30).await;
    let page = w.bruno.get("/loop").await;
    page.is(200).shows("17% · Served, confirmed by the person 5 / 30").shows("50% · Served, as providers report 15 / 30");
    // Half took no longer, nine in ten took no longer: to the answer, the service and the person's word.
    page.shows("30 · Answered 1.0 / 1.0").shows("15 · Accepted 2.0 / 2.0").shows("15 · Served 10.0 / 10.0");
    page.shows("5 · Confirmed by the person 12.0 / 12.0");
    w.bruno.get("/loop/referrals?stage=verified").await.shows("RC-3-");
    // Each figure opens what it counted.
    for (counting, shown) in
        [("sent", "1–30 of 30"), ("due", "1–30 of 30"), ("due_verified", "1–5 of 5"), ("served", "1–15 of 15")]
    {
        w.bruno.get(format!("/loop/referrals?stage={counting}")).await.shows(shown);
    }
}

#[tokio::test]
async fn the_figures_count_what_the_readers_reach_covers() {
    let w = World::new().await;
    referrals(&w, 3, 30).await;
    // Of somebody above the unit, who keeps no case there, and of somebody beside it.
    w.sql("update roles set reach = 'subtree' where code = 'supervisor'").await;
    w.sql(&format!("update memberships set unit = 1 where user_id = '{}'", user("bruno"))).await;
    w.bruno.get("/loop").await.shows("50% · Served, as providers report 15 / 30");
    w.sql(&format!("update memberships set unit = 12 where user_id = '{}'", user("bruno"))).await;
    w.bruno.get("/loop").await.shows("No referrals in this period");
}

#[tokio::test]
async fn s15_restricted_types_are_in_no_figure() {
    let w = World::new().await;
    referrals(&w, 4, 30).await;
    w.bruno.get("/loop").await.shows("No referrals in this period");
    refresh::refresh_all(&w.ground).await.expect("the counting job runs");
    w.bruno.get("/loop").await.shows("Nothing counted yet");
}

#[tokio::test]
async fn s15_wider_figures_hide_small_cells_and_open_nothing() {
    let w = World::new().await;
    referrals(&w, 1, 9).await;
    referrals(&w, 3, 30).await;
    refresh::refresh_all(&w.ground).await.expect("the counting job runs");
    let page = w.bruno.get("/loop?months=12").await;
    page.shows("By need · standard cases").shows("By need · protected cases").shows("hidden");
    w.odd.get("/loop").await.lacks("By need · standard cases");
}

#[tokio::test]
async fn figures_are_for_those_whose_role_has_them() {
    let w = World::new().await;
    w.sql("update roles set acts = array_remove(acts, 'report.loop') where code = 'case_worker'").await;
    w.amina.get("/loop").await.is(403);
    w.amina.get("/loop/referrals").await.is(403);
}
