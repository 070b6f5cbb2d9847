//! Bars, break-glass and what the protection officer sees.
use crate::consent::child_case;
use crate::support::World;
use crate::support::sent::PROTECTION;
use crate::support::world::user;

async fn code_of(w: &World, case: throughcare::platform::ids::CaseId) -> String {
    let mut work = w.operate().await;
    let (code,): (String,) =
        sqlx::query_as("select code from cases where id = $1").bind(case.0).fetch_one(work.db()).await.expect("the case");
    code
}

fn glass(code: &str) -> [(&str, &str); 3] {
    [("case", code), ("ground", "child"), ("reason", "Found alone at the gate.")]
}

#[tokio::test]
async fn s09_break_glass_opens_for_a_while_and_is_reviewed() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let code = code_of(&w, case).await;
    w.odd.get(format!("/cases/{case}/consents")).await.is(404);
    assert_eq!(w.odd.post("/break-glass", glass(&code)).await.redirects(), format!("/cases/{case}"));
    w.odd.get(format!("/cases/{case}/consents")).await.is(200);
    w.work_off().await;
    let review = w.pia.get("/protection?view=glass").await.shows("Found alone at the gate.").link("/break-glass/");
    w.pia.post(review, [("finding", "not_justified")]).await.redirects();
    w.odd.get(format!("/cases/{case}/consents")).await.is(404);
}

#[tokio::test]
async fn s09_break_glass_answers_alike_for_restricted_barred_and_absent() {
    let w = World::new().await;
    let (restricted, _, _) = child_case(&w, "2000-03-01", "false").await;
    let (barred, _, _) = child_case(&w, "2017-03-01", "false").await;
    w.sql(&format!("update cases set case_type = 4 where id = '{restricted}'")).await;
    let odd = user("odd");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{barred}', '{odd}', 'relative')"
    ))
    .await;
    let absent = throughcare::platform::ids::code('C');
    for code in [code_of(&w, restricted).await, code_of(&w, barred).await, absent] {
        let seen = w.odd.post("/break-glass", glass(&code)).await;
        seen.is(422).shows("Nothing can be opened under this code").shows("Stranger switchboard");
    }
}

#[tokio::test]
async fn s06_whoever_reads_through_an_emergency_access_changes_nothing_of_the_person() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let child = w.value(&format!("select person_id::text from cases where id = '{case}'")).await;
    w.odd.post("/break-glass", glass(&code_of(&w, case).await)).await.redirects();
    w.odd.get(format!("/people/{child}")).await.is(200);
    let phone = [("channel", "phone"), ("value", "555 0199"), ("safe_to_call", "true"), ("checked_on", "2026-01-01")];
    w.odd.post(format!("/people/{child}/contacts"), phone).await.is(403);
    w.amina.post(format!("/people/{child}/contacts"), phone).await.redirects();
}

#[tokio::test]
async fn s09_a_case_is_opened_to_ones_own_people_who_are_cleared_and_a_restricted_one_to_no_unit() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let page = format!("/cases/{case}/access");
    let give = |who: String, until: &'static str| {
        let (w, page) = (&w, page.clone());
        async move { w.bruno.post(&page, [("act", "grant"), ("who", who.as_str()), ("until", until)]).await.status.as_u16() }
    };
    let soon = "2099-01-01";
    assert_eq!(give(format!("user:{}", user("odd")), soon).await, 422, "nobody of another organisation");
    assert_eq!(give(format!("unit:{}", crate::support::world::ELSEWHERE), soon).await, 422, "nor a unit of it");
    assert_eq!(give(format!("user:{}", user("ada")), soon).await, 422, "nobody who is not cleared");
    assert_eq!(give(format!("unit:{}", crate::support::world::COAST), soon).await, 422, "not for a lifetime");
    let month = (chrono::Utc::now() + chrono::TimeDelta::days(30)).format("%F").to_string();
    let coast = format!("unit:{}", crate::support::world::COAST);
    w.bruno.post(&page, [("act", "grant"), ("who", coast.as_str()), ("until", month.as_str())]).await.redirects();
}

#[tokio::test]
async fn s10_a_bar_beats_the_case_managers_own_sight_at_once() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let who = format!("user:{}", user("amina"));
    let page = format!("/cases/{case}/access");
    w.bruno.get(&page).await.shows("Nobody is barred");
    w.bruno.post(&page, [("act", "bar"), ("who", who.as_str()), ("reason", "Related to the family")]).await.redirects();
    w.amina.get(format!("/cases/{case}/consents")).await.is(404);
    w.amina.post("/break-glass", glass(&code_of(&w, case).await)).await.is(422);
}

#[tokio::test]
async fn logs_are_read_in_the_order_in_which_things_happened() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.amina.get(format!("/referrals/{}", sent.id)).await.is(200);
    // Facts written within the database have ids that say nothing of when.
    let newest = "00000000-0000-0000-0000-000000000001";
    w.sql(&format!(
        "insert into facts (id, actor, org, kind, case_id) values ('{newest}', '', 1, 'case.assigned', '{}')",
        sent.case
    ))
    .await;
    let case_log = format!("/cases/{}/log", sent.case);
    for (log, amina) in [("/protection", "<bdi>Amina Haddad</bdi>"), (case_log.as_str(), "Amina Haddad")] {
        let page = w.pia.get(log).await;
        let at = |words: &str| page.body.find(words).unwrap_or_else(|| panic!("{log} has no {words:?}:\n{}", page.text()));
        assert!(at("Assigned the case") < at(amina), "{log}");
        w.pia.get(format!("{log}?before={newest}")).await.shows("Amina Haddad").lacks("Assigned the case");
    }
}
