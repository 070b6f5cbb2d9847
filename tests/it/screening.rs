//! Screening: every household of a unit against every service that has a rule.
use rules::{Field, Fields, Kind};
use serde_json::{Value, json};
use throughcare::eligibility::screening::run::{Step, advance};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::ScreeningId;
use uuid::Uuid;

use crate::people::call;
use crate::support::World;
use crate::support::world::{CLINIC, FIELD, HARBOUR, RECEPTION, user};

mod command;
mod found;
mod proposing;

/// Social assistance: a standard type.
pub const ASSISTANCE: i16 = 3;
const CHILD: i16 = 2;
const GBV: i16 = 4;

pub const ELDER: &str = "members.exists(m, m.age >= 60)";
pub const LARGE: &str = "household.size >= 4";

fn known() -> Fields {
    let field = |name: &str, kind| Field { name: name.to_owned(), kind, choices: Vec::new() };
    Fields { household: vec![field("size", Kind::Int)], members: vec![field("age", Kind::Int)] }
}

/// A public service of Clinic's with this rule in force.
pub async fn service(w: &World, name: &str, rule: &str, places: Option<i32>) -> Uuid {
    let compiled = rules::compile(rule, &known()).expect("a right rule");
    let compiled = serde_json::to_string(&compiled).expect("a rule is data").replace('\'', "''");
    let (id, places) = (Uuid::now_v7(), places.map_or("null".to_owned(), |places| places.to_string()));
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs, places_free) values ('{id}', {CLINIC}, {RECEPTION}, '{name}', '{{health}}', {places});
         insert into eligibility_rules (id, service_id, number, state, text, compiled, written_by_name, activated_at)
           values (gen_random_uuid(), '{id}', 1, 'active', '{rule}', '{compiled}', 'Clinic', now())"
    ))
    .await;
    id
}

/// So many open cases of Amina's of this type, opened one day after another, of each of which this is known.
pub async fn households(w: &World, count: usize, case_type: i16, profile: &Value) -> Vec<Uuid> {
    let mut cases = Vec::new();
    for nth in 0..count {
        let (id, person, amina) = (Uuid::now_v7(), Uuid::now_v7(), user("amina"));
        w.sql(&format!(
            "insert into persons (id, code, org, unit, name) values ('{person}', 'P-{id}', 1, {FIELD}, 'Dana Secret');
             insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
               values ('{id}', 'C-{id}', 1, {FIELD}, {case_type}, '{amina}', '{person}', 'protection', 1, 'assessment', 'walk_in', now() - make_interval(days => {days}));
             insert into profiles (case_id, fields, computed_at) values ('{id}', '{profile}', now())",
            days = 100 - nth
        ))
        .await;
        w.key_of(id).await;
        cases.push(id);
    }
    cases
}

pub fn old() -> Value {
    json!({ "household": { "size": 5 }, "members": [{ "age": 70 }, { "age": 9 }] })
}

pub fn young() -> Value {
    json!({ "household": { "size": 2 }, "members": [{ "age": 30 }] })
}

fn unasked() -> Value {
    json!({ "household": {}, "members": [{}] })
}

/// Bruno has his unit screened; answers the screening's address.
pub async fn begun(w: &World) -> String {
    w.bruno.post("/screenings", [("unit", &*FIELD.to_string())]).await.redirects()
}

pub fn id_of(path: &str) -> Uuid {
    path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("the address of a screening")
}

async fn found(w: &World) -> i64 {
    w.count("screening_results").await
}

#[tokio::test]
async fn every_household_is_counted_for_every_service() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    service(&w, "Family cash", LARGE, None).await;
    for (count, profile) in [(6, old()), (7, young()), (5, unasked())] {
        households(&w, count, ASSISTANCE, &profile).await;
    }
    w.bruno.get("/screenings").await.is(200).shows("Elder care").shows("Nothing has been screened");
    let path = begun(&w).await;
    w.bruno.get(&path).await.shows("Waiting").lacks("What was found");
    w.work_off().await;
    let page = w.bruno.get(&path).await;
    page.shows("Done").shows("18 / 18 · 100%");
    // Of those whose answer is unknown, what most of them lack.
    page.shows("Asked for most").shows("Elder care · Clinic 6 7 5 Age");
    page.shows("Family cash · Clinic 6 7 5 Number of people in the household");
    page.shows("This is the first screening");
    w.bruno.get("/screenings").await.shows("18 / 18 · 2 services");
    w.sql(
        r#"update services set names = '{"ar": "رعاية المسنين"}' where name = 'Elder care';
           update users set lang = 'ar' where login = 'bruno'"#,
    )
    .await;
    w.browser("bruno").await.get(&path).await.shows("رعاية المسنين").lacks("Elder care");
}

#[tokio::test]
async fn whoever_is_not_cleared_for_its_types_reads_no_screening() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 6, ASSISTANCE, &old()).await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.is(200);
    w.sql(&format!("update roles set cleared = array_remove(cleared, {ASSISTANCE}::smallint)")).await;
    w.bruno.get(&path).await.is(404);
    w.bruno.get("/screenings").await.is(200).lacks("6 / 6");
}

#[tokio::test]
async fn where_no_such_case_lies_in_the_unit_that_is_said_and_no_table_of_zeros_shown() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Nobody was screened").lacks("What was found");
}

#[tokio::test]
async fn where_no_form_was_filled_in_the_registry_says_what_is_known() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 5, ASSISTANCE, &young()).await;
    let unfilled = households(&w, 6, ASSISTANCE, &young()).await;
    for case in &unfilled {
        w.sql(&format!(
            "delete from profiles where case_id = '{case}';
             update persons set born_on = current_date - interval '70 years' where id = (select person_id from cases where id = '{case}');
             insert into case_people (id, case_id, person_id, part) select gen_random_uuid(), id, person_id, 'subject' from cases where id = '{case}'"
        ))
        .await;
    }
    // A form that lists nobody leaves that to the registry of today too.
    let empty = json!({ "household": {} });
    w.sql(&format!("insert into profiles (case_id, fields, computed_at) values ('{}', '{empty}', now())", unfilled[0])).await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Elder care · Clinic 6 5 0");
}

#[tokio::test]
async fn s15_a_small_figure_is_hidden_and_what_it_could_be_worked_out_from() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 2, ASSISTANCE, &old()).await;
    households(&w, 6, ASSISTANCE, &young()).await;
    let path = begun(&w).await;
    w.work_off().await;
    let page = w.bruno.get(&path).await;
    page.shows("Elder care · Clinic hidden hidden 0").lacks("verdict=");
    // The list behind a hidden figure would say what it hides.
    let token = w.token(&w.bruno).await;
    for verdict in ["eligible", "not_eligible"] {
        w.bruno.get(format!("{path}/results?line=0&verdict={verdict}")).await.is(404);
        call(&w, &token, "GET", &format!("/api/v1{path}/results?verdict={verdict}"), "", json!({})).await.is(404);
    }
    w.bruno.get(format!("{path}/results?line=0&verdict=unknown")).await.is(200).shows("Nobody to list");
}

#[tokio::test]
async fn s16_protected_and_restricted_cases_are_in_no_screening() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    let standard = households(&w, 6, ASSISTANCE, &old()).await;
    households(&w, 6, CHILD, &old()).await;
    households(&w, 6, GBV, &old()).await;
    for guarded in [CHILD.to_string(), GBV.to_string()] {
        w.bruno.post("/screenings", [("unit", &*FIELD.to_string()), ("case_types", &guarded)]).await.is(422);
    }
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("6 / 6 · 100%");
    assert_eq!((found(&w).await, w.count(&format!("screening_results where case_type <> {ASSISTANCE}")).await), (6, 0));
    // Whoever reads for a screening sees them nowhere, whatever the query.
    let reader = Actor::System { job: "screening", org: Some(HARBOUR) };
    let mut work = Work::open(&w.ground, reader).await.expect("work");
    for table in ["cases", "profiles"] {
        let sql = format!("select count(*) from {table} where case_type <> {ASSISTANCE}");
        let (seen,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(work.db()).await.expect("a count");
        assert_eq!(seen, 0, "{table}");
    }
    drop(work);
    // What becomes protected later takes what was found of it with it.
    w.sql(&format!("update cases set case_type = {CHILD} where id = '{}'", standard[0])).await;
    assert_eq!((found(&w).await, w.count(&format!("screening_proposals where case_id = '{}'", standard[0])).await), (5, 0));
}

#[tokio::test]
async fn s16_of_many_cases_rules_know_nothing_of_a_guarded_one_without_a_profile() {
    let w = World::new().await;
    let standard = households(&w, 1, ASSISTANCE, &old()).await;
    let guarded = households(&w, 1, CHILD, &old()).await;
    w.sql("delete from profiles").await;
    let mut work = Work::open(&w.ground, Actor::User(user("amina"))).await.expect("work");
    let cases = [standard[0], guarded[0]];
    let known = throughcare::forms::profile::known_of(&mut work, &cases).await.expect("profiles");
    assert_eq!(known.into_keys().collect::<Vec<_>>(), standard);
}

#[tokio::test]
async fn a_screening_can_be_paused_gone_on_with_and_cancelled() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 6, ASSISTANCE, &old()).await;
    let path = begun(&w).await;
    w.bruno.post("/screenings", [("unit", &*FIELD.to_string())]).await.is(409).shows("is being screened already");
    w.bruno.post(format!("{path}/pause"), [("", "")]).await.redirects();
    w.work_off().await;
    w.bruno.get(&path).await.shows("Paused").lacks("What was found");
    assert_eq!(found(&w).await, 0);
    // While another one of the unit is under way it stays paused, and its own page says why.
    let other = begun(&w).await;
    let refused = w.bruno.post(format!("{path}/continuation"), [("", "")]).await;
    assert_eq!(refused.redirects(), path);
    assert!(refused.flash().ends_with("refused-screening-runs"), "{}", refused.flash());
    w.bruno.get(&path).await.shows("Paused");
    w.bruno.post(format!("{other}/cancellation"), [("", "")]).await.redirects();
    w.bruno.post(format!("{path}/continuation"), [("", "")]).await.redirects();
    w.work_off().await;
    w.bruno.get(&path).await.shows("Done").shows("6 / 6");
    // Whoever presses a moment too late is led to what it found.
    assert_eq!(w.bruno.post(format!("{path}/pause"), [("", "")]).await.redirects(), path);
    let second = begun(&w).await;
    w.bruno.post(format!("{second}/cancellation"), [("", "")]).await.redirects();
    w.work_off().await;
    w.bruno.get(&second).await.shows("Cancelled").lacks("What was found");
    assert_eq!(found(&w).await, 6);
}

#[tokio::test]
async fn after_a_crash_in_the_middle_it_goes_on_and_counts_nobody_twice() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 7, ASSISTANCE, &old()).await;
    households(&w, 6, ASSISTANCE, &young()).await;
    let path = begun(&w).await;
    let id = ScreeningId(id_of(&path));
    w.sql("update screenings set slice = 5").await;
    let job = || Actor::System { job: "job", org: Some(HARBOUR) };
    let mut work = Work::open(&w.ground, job()).await.expect("work");
    assert_eq!(advance(&mut work, id).await.expect("a slice"), Step::More);
    work.commit().await.expect("it commits");
    w.bruno.get(format!("{path}/progress")).await.shows("5 / 13 · 38%");
    let mut crashed = Work::open(&w.ground, job()).await.expect("work");
    assert_eq!(advance(&mut crashed, id).await.expect("a slice"), Step::More);
    // Nobody else takes the same slice meanwhile.
    let mut other = Work::open(&w.ground, job()).await.expect("work");
    assert_eq!(advance(&mut other, id).await.expect("a look"), Step::Elsewhere);
    drop(other);
    crashed.again().await.expect("what was not committed is gone");
    w.work_off().await;
    w.bruno.get(&path).await.shows("13 / 13 · 100%").shows("Elder care · Clinic 7 6 0");
    assert_eq!(found(&w).await, 13);
}

#[tokio::test]
async fn what_changed_since_the_screening_before_is_counted_and_listed() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    let (grown, same) = (households(&w, 6, ASSISTANCE, &young()).await, households(&w, 6, ASSISTANCE, &old()).await);
    begun(&w).await;
    w.work_off().await;
    w.sql(&format!("update profiles set fields = '{}' where fields -> 'household' ->> 'size' = '2'", old())).await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Elder care 6 · Elder care · Newly eligible 0");
    let list = w.bruno.get(format!("{path}/changes?line=0&turn=newly")).await;
    list.shows(&format!("C-{}", grown[0])).lacks(&format!("C-{}", same[0])).shows("Amina Haddad");
    w.bruno.get(format!("{path}/changes?line=0&turn=no_longer")).await.shows("Nobody to list");
}

#[tokio::test]
async fn a_service_that_was_not_asked_before_is_compared_with_nothing() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 6, ASSISTANCE, &old()).await;
    begun(&w).await;
    w.work_off().await;
    let cash = service(&w, "Family cash", LARGE, None).await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Elder care 0 0").shows("Family cash – –");
    // Those of another choice of services take away nothing that a later one is compared with.
    for _ in 0..2 {
        w.bruno.post("/screenings", [("unit", &*FIELD.to_string()), ("services", &*cash.to_string())]).await.redirects();
        w.work_off().await;
    }
    assert_eq!(
        w.value("select string_agg(n::text, ' ') from (select count(*) n from screening_results group by screening_id) r").await,
        "6 6 6"
    );
}

#[tokio::test]
async fn another_organisation_and_another_role_see_nothing_of_it() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 6, ASSISTANCE, &old()).await;
    let path = begun(&w).await;
    w.work_off().await;
    let boss = w.also("odd", crate::support::world::ELSEWHERE, "supervisor").await;
    boss.get("/screenings").await.is(200).lacks("18 / 18").shows("Nothing has been screened");
    for stranger in [&boss, &w.amina, &w.chen] {
        stranger.get(&path).await.is(404);
        stranger.post(format!("{path}/proposals"), [("", "")]).await.is(404);
    }
    w.amina.get("/screenings").await.is(403);
}

#[tokio::test]
async fn a_program_does_what_the_pages_do() {
    let w = World::new().await;
    let elder = service(&w, "Elder care", ELDER, Some(3)).await;
    households(&w, 6, ASSISTANCE, &old()).await;
    let token = w.token(&w.bruno).await;
    let ask = |method: &'static str, path: String, body: Value| {
        let (w, token) = (&w, &token);
        async move { call(w, token, method, &path, "", body).await }
    };
    let made = ask("POST", "/api/v1/screenings".into(), json!({ "unit": FIELD, "services": [elder] })).await;
    let path = made.is(201).location.clone().expect("an address");
    ask("POST", format!("{path}/pause"), json!({})).await.is(200).shows("\"state\":\"paused\"");
    ask("POST", format!("{path}/continuation"), json!({})).await.is(200).shows("\"state\":\"waiting\"");
    w.work_off().await;
    ask("GET", path.clone(), json!({})).await.is(200).shows("\"eligible\":6,\"not_eligible\":0,\"unknown\":0");
    ask("GET", format!("{path}/results"), json!({})).await.is(200).shows("\"decided_by\":null");
    ask("GET", format!("{path}/results?verdict=unknown"), json!({})).await.is(200).shows("\"items\":[]");
    ask("GET", format!("{path}/results?verdict=perhaps"), json!({})).await.is(422);
    ask("GET", format!("{path}/proposals"), json!({})).await.is(200).shows("\"reason\":\"no_place\"");
    ask("POST", format!("{path}/proposals"), json!({})).await.is(200);
    ask("POST", format!("{path}/proposals"), json!({})).await.is(409);
    ask("GET", format!("{path}/changes"), json!({})).await.is(200).shows("\"items\":[]");
    ask("GET", "/api/v1/screenings".into(), json!({})).await.is(200).shows("\"done\":6");
}
