//! Retention: when a closed case is due, what holds it, who decides, and what is left of it (S29).
mod known;
mod left;

use chrono::TimeDelta;
use throughcare::access::retention::kept;
use throughcare::reports::refresh;

use crate::children::DETERMINED;
use crate::documents::upload;
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::sent::Sent;
use crate::support::world::{FIELD, user};

const LIST: &str = "/protection?view=retention";

/// A case that was closed long ago.
pub(crate) struct Old {
    pub id: String,
    pub path: String,
    pub code: String,
    pub person: String,
}

// Her case of child protection with a note and a paper, by Amina, closed eight years ago.
async fn old(w: &World, name: &str) -> Old {
    let person = w.person(&w.amina, name, &[("sex", "female"), ("born_on", "1990-05-01")]).await;
    let path = w.case(&w.amina, CHILD_PROTECTION, person, &[]).await;
    w.amina.post(format!("{path}/notes"), [("kind", "note"), ("body", "Her neighbour told us at the gate.")]).await.redirects();
    upload(&w.amina, &path, "certificate", b"%PDF-1.7 certificate").await.redirects();
    let id = path.trim_start_matches("/cases/").to_owned();
    close(w, &id, 8).await;
    let code = w.value(&format!("select code from cases where id = '{id}'")).await;
    Old { id, path, code, person: person.to_string() }
}

async fn close(w: &World, case: &str, years: i32) {
    w.sql(&format!(
        "update cases set closed_at = now() - interval '{years} years', close_reason = 'needs_met' where id = '{case}'"
    ))
    .await;
}

async fn propose(by: &Browser, cases: &[&str]) -> Seen {
    let ids = cases.iter().map(|id| ("case", *id)).chain([("words", "Its time is over")]);
    by.post("/protection/retention/proposals", ids).await
}

async fn decide(by: &Browser, cases: &[&str], decision: &str) -> Seen {
    let ids = cases.iter().map(|id| ("case", *id)).chain([("decision", decision), ("from", "proposed")]);
    by.post("/protection/retention/decisions", ids).await
}

/// Pia proposes and Bruno approves; what waits to be done is done.
pub(crate) async fn erased(w: &World, cases: &[&str]) {
    propose(&w.pia, cases).await.redirects();
    decide(&w.bruno, cases, "approve").await.redirects();
    w.work_off().await;
}

#[tokio::test]
async fn s29_two_people_decide_and_one_of_them_is_a_protection_officer() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    w.pia.get(LIST).await.is(200).shows(&old.code).lacks("Dana Saleh").link(&format!("/cases/{}", old.id));
    w.amina.get(LIST).await.is(403);
    propose(&w.amina, &[&old.id]).await.is(403);
    propose(&w.pia, &[]).await.is(422).shows("Its time is over");
    propose(&w.pia, &[&old.id]).await.redirects();
    decide(&w.pia, &[&old.id], "approve").await.is(409).shows("You proposed this yourself");
    let waiting = w.bruno.get(format!("{LIST}&show=proposed")).await;
    waiting.shows(&old.code).shows("Proposed by Pia Guard").shows("Its time is over");
    propose(&w.bruno, &[&old.id]).await.is(409).shows("not due, or waits already");
    // Refused it stands where it stood; two supervisors alone do not decide.
    decide(&w.bruno, &[&old.id], "refuse").await.redirects();
    propose(&w.bruno, &[&old.id]).await.redirects();
    w.member("bea", FIELD, "supervisor").await;
    let bea = w.browser("bea").await;
    decide(&bea, &[&old.id], "approve").await.is(409).shows("must be a protection officer");
    decide(&w.pia, &[&old.id], "approve").await.redirects();
    w.work_off().await;
    w.pia.get(format!("{LIST}&show=over")).await.shows(&old.code).shows("Erased");
    assert_eq!(w.count("facts where kind = 'case.erased'").await, 1);
}

#[tokio::test]
async fn s29_the_database_itself_asks_for_two() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    propose(&w.pia, &[&old.id]).await.redirects();
    let erasure = w.value("select id::text from erasures").await;
    let approve = format!("select access.approve_erasure('{erasure}', current_date, now())");
    is(tries(&w, "pia", &approve).await, DENIED);
    assert!(tries(&w, "bruno", &approve).await.is_ok());
    for behind in ["empty_case", "erase_again"] {
        is(tries(&w, "pia", &format!("select access.{behind}('{}', now())", old.id)).await, DENIED);
    }
    is(tries(&w, "pia", "select from erasures").await, DENIED);
    is(tries(&w, "bruno", "update cases set erased_at = now()").await, DENIED);
}

#[tokio::test]
async fn s29_nothing_of_an_erased_case_is_found() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let paper = w.value(&format!("select file from documents where case_id = '{}'", old.id)).await;
    assert!(w.ground.files.join(&paper).exists());
    w.amina.get("/search?q=Dana+Saleh").await.shows("Dana Saleh").link(&format!("/people/{}", old.person));
    w.amina.get(&old.path).await.is(200);
    erased(&w, &[&old.id]).await;
    for somebody in [&w.amina, &w.bruno, &w.pia] {
        somebody.get(&old.path).await.is(404);
        somebody.get(format!("/people/{}", old.person)).await.is(404);
        somebody.get("/search?q=Dana+Saleh").await.lacks(&old.person);
    }
    for list in ["/", "/cases", "/cases?state=closed", "/notifications", "/calendar", "/people"] {
        w.amina.get(list).await.lacks(&old.code).lacks("Dana Saleh");
    }
    w.pia.get("/protection").await.lacks(&old.code);
    let program = w.amina.program().await;
    program.get(format!("/api/v1{}", old.path)).await.is(404);
    program.get("/api/v1/cases").await.lacks(&old.code);
    program.get(format!("/api/v1/people/{}", old.person)).await.is(404);
    assert!(!w.ground.files.join(&paper).exists());
    let (id, person) = (&old.id, &old.person);
    assert_eq!(w.count(&format!("keys where (owner = '{id}' or case_id = '{id}') and destroyed_at is null")).await, 0);
    assert_eq!(w.count(&format!("person_keys where person_id = '{person}'")).await, 0);
    assert_eq!(w.count(&format!("persons where id = '{person}' and name = '' and born_on is null")).await, 1);
    assert_eq!(w.count(&format!("case_notes where case_id = '{id}'")).await, 0);
    // What the figures need, and the audit, stay.
    assert_eq!(w.count(&format!("cases where id = '{id}' and close_reason = 'needs_met' and closed_at is not null")).await, 1);
    assert!(w.count(&format!("case_moves where case_id = '{id}' and actor_name = ''")).await > 0);
    assert!(w.count(&format!("facts where case_id = '{id}'")).await > 3);
}

#[tokio::test]
async fn s29_a_childs_time_runs_from_the_age_of_the_pack() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let born =
        |years: i32| format!("update persons set born_on = (now() - interval '{years} years')::date where id = '{}'", old.person);
    // Of age two years ago: five more to go.
    w.sql(&born(20)).await;
    w.pia.get(LIST).await.lacks(&old.code);
    propose(&w.pia, &[&old.id]).await.is(404);
    w.sql(&born(26)).await;
    close(&w, &old.id, 12).await;
    w.pia.get(LIST).await.shows(&old.code).shows("when the child came of age");
    // The years are the pack's.
    w.sql("update packs set body = jsonb_set(body, '{case_types,1,retention}', '\"30 years\"')").await;
    w.pia.get(LIST).await.lacks(&old.code);
}

#[tokio::test]
async fn s29_a_hold_is_placed_by_one_and_lifted_by_another() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let hold = [("case", old.code.as_str()), ("reason", "court"), ("reference", "No. 17/26")];
    w.amina.post("/protection/retention/holds", hold).await.is(403);
    w.pia.post("/protection/retention/holds", [hold[0], hold[1]]).await.is(422);
    w.pia.post("/protection/retention/holds", [("case", "C-2222-2222"), hold[1], hold[2]]).await.is(422);
    w.pia.post("/protection/retention/holds", hold).await.redirects();
    w.pia.get(LIST).await.lacks(&old.code);
    w.pia.get(format!("{LIST}&show=held")).await.shows(&old.code).shows("Legal hold");
    w.bruno.get(format!("{LIST}&show=holds")).await.shows("No. 17/26").shows("A court");
    propose(&w.pia, &[&old.id]).await.is(409);
    let id = w.value("select id::text from retention_holds").await;
    w.pia.post("/protection/retention/lifts", [("hold", &id)]).await.is(409).shows("somebody else lifts it");
    w.bruno.post("/protection/retention/lifts", [("hold", &id)]).await.redirects();
    w.pia.get(LIST).await.shows(&old.code);
    assert_eq!(w.count("retention_holds where encode(reference, 'escape') like '%17/26%'").await, 0, "sealed");
}

#[tokio::test]
async fn s29_a_search_for_somebody_holds_the_case() {
    let w = World::new().await;
    let mut cases = Vec::new();
    for (name, trace) in [("Dana Saleh", "searching"), ("Rana Aziz", "found")] {
        let old = old(&w, name).await;
        w.sql(&format!("update cases set closed_at = null, close_reason = null where id = '{}'", old.id)).await;
        let sought = [("kind", "tracing"), ("sought", "Leyla"), ("account", "Asked the tracing service."), ("trace", trace)];
        w.amina.post(format!("{}/records", old.path), sought).await.redirects();
        close(&w, &old.id, 8).await;
        cases.push(old);
    }
    w.pia.get(LIST).await.lacks(&cases[0].code).shows(&cases[1].code);
    w.pia.get(format!("{LIST}&show=held")).await.shows(&cases[0].code).shows("Somebody is still sought").lacks("Leyla");
}

#[tokio::test]
async fn s29_a_best_interests_decision_that_is_looked_at_again_holds_the_case() {
    let w = World::new().await;
    let (decided, other) = (old(&w, "Dana Saleh").await, old(&w, "Rana Aziz").await);
    w.pia.get(LIST).await.shows(&decided.code);
    w.sql(&format!("update cases set closed_at = null, close_reason = null where id = '{}'", decided.id)).await;
    let panel = [&DETERMINED[..], &[("panel", "Hana, chair\nOmar, legal officer")]].concat();
    w.amina.post(format!("{}/records", decided.path), panel).await.redirects();
    close(&w, &decided.id, 8).await;
    w.pia.get(LIST).await.lacks(&decided.code).shows(&other.code);
    let held = w.pia.get(format!("{LIST}&show=held")).await;
    held.shows(&decided.code).shows("A best-interests decision is to be looked at again").lacks("stays with her aunt");
}

#[tokio::test]
async fn s29_a_complaint_holds_the_case_and_tells_nobody_who_may_not_know() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    w.bruno.get(LIST).await.shows(&old.code);
    let person = old.person.parse().expect("an id");
    let complaint = w.only_case(person, FIELD, "staff_complaint", user("salma")).await;
    w.pia.get(format!("{LIST}&show=held")).await.shows(&old.code).shows("A complaint is open");
    // To somebody who is not cleared for complaints its time seems not to have come.
    for show in ["due", "held", "proposed"] {
        w.bruno.get(format!("{LIST}&show={show}")).await.lacks(&old.code).lacks("complaint");
    }
    propose(&w.bruno, &[&old.id]).await.is(404);
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' where id = '{complaint}'")).await;
    w.bruno.get(LIST).await.shows(&old.code);
}

#[tokio::test]
async fn s29_s09_a_restricted_case_is_listed_for_its_named_supervisor_and_the_cleared_officer() {
    let w = World::new().await;
    let gita = w.gita().await;
    let person = w.person(&w.salma, "Dana Saleh", &[]).await;
    let supervisor = user("gita").to_string();
    let path = w.case(&w.salma, GBV, person, &[("supervisor", supervisor.as_str())]).await;
    let id = path.trim_start_matches("/cases/").to_owned();
    close(&w, &id, 8).await;
    let code = w.value(&format!("select code from cases where id = '{id}'")).await;
    w.sql(
        "insert into roles (id, code, labels, acts, reach, cleared)
         values (9500, 'narrow_officer', '{}', '{case.read,audit.read,consent.review}', 'subtree', '{1,2,3}')",
    )
    .await;
    for (login, role) in [("nadia", "narrow_officer"), ("hana", "gbv_supervisor")] {
        w.member(login, if login == "nadia" { 1 } else { FIELD }, role).await;
        w.browser(login).await.get(LIST).await.is(200).lacks(&code);
    }
    w.bruno.get(LIST).await.lacks(&code);
    w.pia.get(LIST).await.shows(&code).lacks("Gender-based violence");
    gita.get(LIST).await.shows(&code).lacks("Gender-based violence");
    propose(&gita, &[&id]).await.redirects();
    decide(&w.bruno, &[&id], "approve").await.is(404);
    decide(&w.pia, &[&id], "approve").await.redirects();
    w.work_off().await;
    for somebody in [&w.salma, &gita, &w.pia] {
        somebody.get(&path).await.is(404);
    }
}

/// A referral of a case that was closed long ago, served and confirmed as long ago.
pub(crate) async fn old_referral(w: &World, case_type: i16) -> Sent {
    let sent = w.sent(case_type).await;
    w.sql(&format!(
        "update referrals set status = 'completed', step = 'ended', loop = 'verified', requested_at = now() - interval '8 years',
           acknowledged_at = now() - interval '8 years' + interval '1 day', decided_at = now() - interval '8 years' + interval '2 days',
           ended_at = now() - interval '8 years' + interval '9 days', loop_closed_at = now() - interval '8 years' + interval '10 days',
           due_at = now() - interval '8 years' + interval '20 days', look_at = null, next_due_at = null where id = '{}'",
        sent.id
    ))
    .await;
    w.key_of(sent.case).await;
    close(w, &sent.case.to_string(), 8).await;
    sent
}

#[tokio::test]
async fn s29_receivers_delete_first_and_a_hold_still_stops_it() {
    let w = World::new().await;
    let (first, second) = (old_referral(&w, CHILD_PROTECTION).await, old_referral(&w, CHILD_PROTECTION).await);
    let (one, two) = (first.case.to_string(), second.case.to_string());
    erased(&w, &[&one, &two]).await;
    assert_eq!(w.count("referrals where sharing = 'deletion_asked'").await, 2, "both receivers are asked");
    assert!(w.count(&format!("notifications where user_id = '{}' and referral_id = '{}'", user("chen"), first.id)).await > 0);
    w.bruno.get(format!("{LIST}&show=approved")).await.shows("To be erased");
    w.bruno.get(format!("/cases/{one}")).await.is(200);
    let code = throughcare::platform::ids::code('C');
    w.sql(&format!("update cases set code = '{code}' where id = '{two}'")).await;
    let hold = [("case", code.as_str()), ("reason", "claim"), ("reference", "No. 18/26")];
    w.bruno.post("/protection/retention/holds", hold).await.redirects();
    w.after(TimeDelta::days(8)).await;
    w.bruno.get(format!("/cases/{one}")).await.is(404);
    for somebody in [&w.amina, &w.chen] {
        somebody.get(format!("/referrals/{}", first.id)).await.is(404);
    }
    w.bruno.get(format!("/cases/{two}")).await.is(200);
    w.pia.get(format!("{LIST}&show=over")).await.shows("Stopped");
    assert_eq!(w.count(&format!("referrals where id = '{}' and status = 'completed' and to_org = 2", first.id)).await, 1);
    assert_eq!(w.count(&format!("referral_people where referral_id = '{}'", first.id)).await, 0);
}

#[tokio::test]
async fn s29_reports_before_and_after_agree() {
    let w = World::new().await;
    let mut cases = Vec::new();
    for _ in 0..6 {
        cases.push(old_referral(&w, ASSISTANCE).await.case.to_string());
    }
    let recent = "update referrals set requested_at = requested_at + interval '2830 days', acknowledged_at = acknowledged_at + interval '2830 days',
       decided_at = decided_at + interval '2830 days', ended_at = ended_at + interval '2830 days',
       loop_closed_at = loop_closed_at + interval '2830 days', due_at = due_at + interval '2830 days'";
    w.sql(recent).await;
    let before = figures(&w).await;
    assert!(before.contains("health") && before.contains(":6"), "{before}");
    w.sql(&recent.replace('+', "-")).await;
    let ids: Vec<&str> = cases.iter().map(String::as_str).collect();
    erased(&w, &ids).await;
    w.after(TimeDelta::days(8)).await;
    assert_eq!(w.count("cases where erased_at is not null").await, 6);
    w.sql(recent).await;
    assert_eq!(figures(&w).await, before);
}

// Everything that is counted for the dashboards, and how cases were closed.
async fn figures(w: &World) -> String {
    refresh::refresh_all(&w.ground).await.expect("the counting job runs");
    w.value(
        "select (select string_agg(concat_ws(':', from_org, cut, value, sensitivity, sent, answered, accepted, served, verified, due, immature,
             days_to_answer_median, days_to_accept_median, days_to_serve_median, days_to_verify_median), ' ' order by from_org, cut, value, sensitivity) from loop_figures)
           || (select string_agg(concat_ws(':', case_type, org, unit, stage, close_reason, opened_at, closed_at), ' ' order by id) from cases)",
    )
    .await
}

#[tokio::test]
async fn s29_whoever_another_case_knows_keeps_their_name() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let other = w.only_case(old.person.parse().expect("an id"), FIELD, "general_protection", user("amina")).await;
    w.key_of(other).await;
    erased(&w, &[&old.id]).await;
    w.amina.get(&old.path).await.is(404);
    w.amina.get(format!("/people/{}", old.person)).await.shows("Dana Saleh");
    w.amina.get(format!("/cases/{other}")).await.is(200);
    assert_eq!(
        w.count(&format!("cases where id = '{}' and person_id = '{}'", old.id, old.person)).await,
        0,
        "nothing leads there"
    );
    assert_eq!(kept::list(&w.ground).expect("the list").len(), 1);
}
