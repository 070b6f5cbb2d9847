//! Who stays known after a case was erased, what holds it in silence, what a stopped erasure leaves behind, and how the list goes on.
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use super::{LIST, close, decide, erased, old, old_referral, propose};
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::world::{FIELD, user};

#[tokio::test]
async fn s29_members_of_a_household_whom_another_case_knows_stay_in_it() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let home = w.household(old.person.parse().expect("an id")).await;
    let (son, mother) = (w.known_person("Sami Saleh").await, w.known_person("Rana Aziz").await);
    w.only_case(son, FIELD, "general_protection", user("amina")).await;
    w.sql(&format!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on)
           select gen_random_uuid(), '{home}', person, 'child', '2020-01-01' from unnest(array['{son}', '{mother}']::uuid[]) person;
         update cases set household_id = '{home}' where id = '{}'",
        old.id
    ))
    .await;
    erased(&w, &[&old.id]).await;
    let page = w.amina.get(format!("/households/{home}")).await;
    page.is(200).shows("Sami Saleh").lacks("Dana Saleh").lacks("Rana Aziz");
    assert_eq!(w.count(&format!("household_members where household_id = '{home}'")).await, 1);
}

#[tokio::test]
async fn s29_whoever_was_counselled_last_week_keeps_their_name_and_what_was_said() {
    let w = World::new().await;
    let person = w.person(&w.amina, "Dana Saleh", &[("born_on", "1990-05-01")]).await;
    let path = w.case(&w.amina, CHILD_PROTECTION, person, &[]).await;
    let said = [("kind", "counselling"), ("account", "She wants to study.")];
    let talk = w.amina.post(format!("/people/{person}/records"), said).await.redirects();
    let case = path.trim_start_matches("/cases/");
    close(&w, case, 8).await;
    erased(&w, &[case]).await;
    w.amina.get(&path).await.is(404);
    w.amina.get(format!("/people/{person}")).await.shows("Dana Saleh");
    w.amina.get(&talk).await.shows("She wants to study.");
}

#[tokio::test]
async fn s29_whoever_spoke_for_somebody_on_another_case_keeps_their_name() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let son = w.known_person("Sami Saleh").await;
    let case = w.only_case(son, FIELD, "general_protection", user("amina")).await;
    let (mother, amina) = (&old.person, user("amina"));
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_by, given_by_person, given_on, recorded_by, recorded_by_name)
         values (gen_random_uuid(), '{case}', '{son}', 'consent', 'representative', 'School', 'caregiver', '{mother}', current_date, '{amina}', 'Amina Haddad')"
    ))
    .await;
    erased(&w, &[&old.id]).await;
    assert_eq!(w.count(&format!("persons where id = '{mother}' and name = 'Dana Saleh' and erased_at is null")).await, 1);
}

#[tokio::test]
async fn s29_two_cases_of_one_person_erased_at_once_leave_nobody_behind() {
    let w = World::new().await;
    let first = old(&w, "Dana Saleh").await;
    let second = w.only_case(first.person.parse().expect("an id"), FIELD, "general_protection", user("amina")).await.to_string();
    close(&w, &second, 8).await;
    propose(&w.pia, &[&second]).await.redirects();
    decide(&w.bruno, &[&second], "approve").await.redirects();
    // The first is erased already, but nobody knows of it yet.
    let mut work = w.operate().await;
    let sql = format!("select access.erase_again('{}', now())", first.id);
    sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(work.db()).await.expect("it is erased");
    let later = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        work.commit().await.expect("it commits");
    };
    tokio::join!(w.work_off(), later);
    assert_eq!(w.count("cases where erased_at is not null").await, 2);
    assert_eq!(w.count(&format!("persons where id = '{}' and name = '' and erased_at is not null", first.person)).await, 1);
}

#[tokio::test]
async fn s29_nobody_is_put_anywhere_once_they_are_erased() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    let home = w.household(w.known_person("Rana Aziz").await).await;
    erased(&w, &[&old.id]).await;
    let sql = format!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on)
         values (gen_random_uuid(), '{home}', '{}', 'child', current_date)",
        old.person
    );
    let mut work = w.operate().await;
    let refused = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(work.db()).await.expect_err("nobody lives there");
    assert!(refused.to_string().contains("no_data_found"), "{refused}");
}

#[tokio::test]
async fn s11_a_complaint_that_comes_later_holds_the_case_and_says_nothing() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    propose(&w.pia, &[&old.id]).await.redirects();
    let complaint = w.only_case(old.person.parse().expect("an id"), FIELD, "staff_complaint", user("salma")).await;
    // To somebody who may not know of it all stands as it stood.
    w.bruno.get(format!("{LIST}&show=proposed")).await.shows(&old.code).lacks("complaint");
    decide(&w.bruno, &[&old.id], "approve").await.redirects();
    w.after(TimeDelta::days(3)).await;
    w.bruno.get(format!("{LIST}&show=approved")).await.shows(&old.code).lacks("complaint").lacks("To be erased:");
    w.bruno.get(format!("{LIST}&show=over")).await.lacks(&old.code).lacks("Stopped");
    w.pia.get(format!("{LIST}&show=held")).await.shows(&old.code).shows("A complaint is open");
    w.amina.get(&old.path).await.is(200);
    assert_eq!(w.count("facts where kind = 'erasure.stopped'").await, 0);
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' where id = '{complaint}'")).await;
    w.after(TimeDelta::days(2)).await;
    w.amina.get(&old.path).await.is(404);
    w.bruno.get(format!("{LIST}&show=over")).await.shows(&old.code).shows("Erased");
}

#[tokio::test]
async fn s08_referrals_of_an_erasure_that_was_stopped_are_no_less_wanted_than_before() {
    let w = World::new().await;
    let sent = old_referral(&w, CHILD_PROTECTION).await;
    let case = sent.case.to_string();
    erased(&w, &[&case]).await;
    w.chen.post(sent.path("deletion-confirmation"), [("remark", "")]).await.redirects();
    w.bruno.get(format!("{LIST}&show=approved")).await.shows("stopping does not bring that back");
    let stop = [("case", case.as_str()), ("decision", "refuse"), ("from", "approved")];
    w.bruno.post("/protection/retention/decisions", stop).await.redirects();
    w.after(TimeDelta::days(8)).await;
    w.bruno.get(format!("/cases/{case}")).await.is(200);
    assert_eq!(w.count(&format!("referrals where id = '{}' and sharing <> 'open' and withdrawn_at is null", sent.id)).await, 1);
}

#[tokio::test]
async fn s29_the_list_goes_on_where_a_page_ends() {
    let w = World::new().await;
    let old = old(&w, "Dana Saleh").await;
    w.sql(&format!(
        "insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at, closed_at, close_reason)
         select gen_random_uuid(), 'C-' || n, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at,
           closed_at - interval '1 day', close_reason from cases, generate_series(1, 60) n where id = '{}'",
        old.id
    ))
    .await;
    w.sql("update roles set acts = acts || '{token.create}' where code = 'protection_officer'").await;
    let program = w.pia.program().await;
    let mut seen = Vec::new();
    let mut address = "/api/v1/retention?state=due".to_owned();
    loop {
        let page: Value = serde_json::from_str(&program.get(&address).await.is(200).body).expect("json");
        let codes = page["cases"].as_array().expect("a list").iter().map(|case| case["code"].to_string());
        seen.push(codes.collect::<Vec<_>>());
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/api/v1/retention?state=due&after={next}");
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [50, 11]);
    assert!(seen[1].contains(&format!("\"{}\"", old.code)), "the last to be due comes last: {seen:?}");
    let all: std::collections::BTreeSet<_> = seen.concat().into_iter().collect();
    assert_eq!(all.len(), 61, "each once");
    program.get("/api/v1/retention?after=yesterday").await.is(422);
    w.pia.get(LIST).await.shows("Next");
}
