//! Rules of services: written, tried, put into force, explained clause by clause; who may write them, and whom they never read.
mod unsaid;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::achievements::household;
use crate::people::call;
use crate::referrals::{CASE, COVERED, PERSON, SERVICE, scene};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::{CLINIC, FIELD, RECEPTION};

const RULE: &str = "members.exists(m, m.age >= 18) && household.income < 100.0";

/// A pack that declares a field which a form asks.
pub async fn with_income(w: &World) {
    w.sql(
        r#"insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{fields}', '[{"of_member": false, "name": "income",
             "kind": "number", "labels": {"en": "Income per head", "ar": "الدخل للفرد", "fr": "Revenu par personne", "es": "Ingreso por persona"},
             "form": "household_needs", "path": "/data/income/per_head"}]') from packs where name = 'protection'"#,
    )
    .await;
}

fn rule() -> String {
    format!("/services/{SERVICE}/rule")
}

async fn says(by: &Browser, go: &str, text: &str, more: &[(&str, &str)]) -> Seen {
    let version = by.get(rule()).await.marked("version");
    let fields = [("version", version.as_str()), ("text", text), ("go", go)];
    by.post(rule(), fields.iter().chain(more).copied()).await
}

/// Puts this rule into force.
pub async fn applied(w: &World, text: &str) {
    says(&w.chen, "activate", text, &[]).await.redirects();
}

async fn world() -> World {
    let w = World::new().await;
    with_income(&w).await;
    scene(&w, PROTECTION, "amina", COVERED).await;
    w
}

#[tokio::test]
async fn a_verdict_is_explained_clause_by_clause_and_the_unknown_names_its_question() {
    let w = world().await;
    applied(&w, RULE).await;
    let page = w.amina.get(format!("/cases/{CASE}/services?need=health")).await;
    page.is(200)
        .shows("More information needed")
        .shows("Met At least one member: Age at least 18 (36)")
        .shows("Income per head less than 100: unknown, ask")
        .shows("Income per head (would decide services: 1)");
    page.link(&format!("/cases/{CASE}/forms?form=household_needs"));
    w.sql(
        r#"insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{forms}', '[{"file": "needs.csv", "code": "household_needs",
             "title": "Needs", "case_types": [], "subject": "household", "intake": false, "offline": false}]') from packs where name = 'protection'
             order by version desc limit 1"#,
    )
    .await;
    let page = w.amina.get(format!("/cases/{CASE}/services?need=health")).await;
    page.lacks("Income per head (would decide services: 1)").lacks("/forms?form=household_needs");
    applied(&w, "members.exists(m, m.age >= 60) && household.income < 100.0").await;
    let page = w.amina.get(format!("/cases/{CASE}/services?need=health")).await;
    page.shows("Not eligible").shows("A condition is not met: At least one member: Age at least 60: no (36)");
    w.amina.get(format!("/cases/{CASE}")).await.shows("See which services fit and why");
}

#[tokio::test]
async fn the_clauses_are_read_in_arabic_too() {
    let w = world().await;
    applied(&w, RULE).await;
    w.sql("update users set lang = 'ar' where login = 'amina'").await;
    let amina = w.browser("amina").await;
    amina
        .get(format!("/cases/{CASE}/services?need=health"))
        .await
        .shows("يلزم استكمال المعلومات")
        .shows("فرد واحد على الأقل: العمر لا يقل عن 18 (36)")
        .shows("الدخل للفرد أقل من 100: غير معروف، يُرجى السؤال");
}

#[tokio::test]
async fn answers_stand_as_the_form_calls_them() {
    let w = world().await;
    w.sql(
        r#"insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{fields,1}', '{"of_member": false, "name": "tenure",
             "kind": "choice", "labels": {"en": "Home", "ar": "المسكن", "fr": "Logement", "es": "Vivienda"}, "choices": ["rented", "own_home"],
             "called": {"rented": {"en": "Let by somebody", "ar": "بالإيجار", "fr": "Loué", "es": "Alquilada"}}}', true)
             from packs where name = 'protection' order by version desc limit 1"#,
    )
    .await;
    applied(&w, "household.tenure in ['rented', 'own_home']").await;
    let path = format!("/cases/{CASE}/services?need=health");
    w.amina.get(&path).await.shows("Let by somebody").shows("own home").lacks("rented");
    w.sql("update users set lang = 'ar' where login = 'amina'").await;
    w.browser("amina").await.get(path).await.shows("بالإيجار").lacks("rented");
}

#[tokio::test]
async fn a_wrong_rule_is_refused_with_line_and_column_and_nothing_is_lost() {
    let w = world().await;
    let wrong = "household.size >= 3\n  && household.incom < 5.0";
    let seen = says(&w.chen, "save", wrong, &[]).await;
    seen.is(422).shows("The condition has mistakes").shows("Line 2, column").shows("household.incom < 5.0").shows("income");
    assert_eq!(w.count("eligibility_rules").await, 0);
    says(&w.chen, "save", "household.size", &[]).await.is(422).shows("Line 1, column");
    let said = says(&w.chen, "save", "member.age > 3", &[]).await;
    said.is(422).shows("members.exists(m, m.age …)").shows("m.age Whole number").lacks(">member.age<");
    says(&w.chen, "save", &"!".repeat(2001), &[]).await.is(422);
    says(&w.chen, "save", "  ", &[]).await.is(422).shows("Fill this in");
    let token = w.token(&w.chen).await;
    let path = format!("/api/v1{}", rule());
    let refused = call(&w, &token, "PUT", &path, "\"0\"", json!({ "text": wrong })).await;
    let told: Value = serde_json::from_str(&refused.is(422).body).expect("JSON");
    assert!(told["detail"].as_str().is_some_and(|said| said.contains("Line 2, column")), "{told}");
    // What is meant is named in every language.
    w.sql("update users set lang = 'fr' where login = 'chen'").await;
    let chen = w.browser("chen").await;
    says(&chen, "save", wrong, &[]).await.is(422).shows("Vouliez-vous dire household.income").lacks("Was household");
    says(&chen, "save", "member.age > 3", &[]).await.is(422).shows("members.exists(m, m.age …)").lacks("Ask of one");
}

#[tokio::test]
async fn only_who_keeps_the_service_writes_its_rule_and_who_sees_it_reads_it() {
    let w = world().await;
    w.amina.get(rule()).await.is(200).shows("No rule is applied").lacks("name=\"text\"");
    for other in [&w.amina, &w.odd, &w.ada] {
        other.post(rule(), [("version", "0"), ("text", RULE), ("go", "activate")]).await.is(403);
        other.post(format!("{}/retirement", rule()), [("", "")]).await.is(403);
    }
    says(&w.chen, "save", RULE, &[]).await.redirects();
    w.amina.get(rule()).await.lacks("household.income");
    applied(&w, RULE).await;
    w.odd.get(rule()).await.shows("Version 1 is applied").shows("household.income < 100.0").lacks("name=\"text\"");
    w.sql(&format!("update services set visibility = 'named' where id = '{SERVICE}'")).await;
    w.amina.get(rule()).await.is(404);
    w.odd.post(rule(), [("text", RULE)]).await.is(404);
}

#[tokio::test]
async fn a_failing_test_case_keeps_a_rule_from_being_applied() {
    let w = world().await;
    let child = [("v1_age", "9"), ("v_income", "20"), ("test_name", "a child alone"), ("expect", "eligible")];
    says(&w.chen, "keep", RULE, &child).await.redirects();
    w.chen.get(rule()).await.shows("a child alone").shows("Fails: it comes to “Not eligible”");
    says(&w.chen, "activate", RULE, &[]).await.is(422).shows("A test case fails");
    w.amina.get(rule()).await.shows("No rule is applied");
    let adult = [("drop_test", "0"), ("v1_age", "30"), ("test_name", "an adult"), ("expect", "unknown")];
    says(&w.chen, "keep", RULE, &adult).await.redirects();
    applied(&w, RULE).await;
    w.chen.get(rule()).await.shows("an adult").lacks("a child alone").shows("Version 1 is applied");
}

#[tokio::test]
async fn trying_values_explains_and_keeps_nothing() {
    let w = world().await;
    let values = [("v1_age", "67"), ("v_income", "120.5")];
    let seen = says(&w.chen, "try", RULE, &values).await;
    seen.is(200).shows("At least one member: Age at least 18 (67)").shows("Income per head less than 100 (120.5)");
    says(&w.chen, "try", RULE, &[("v1_age", "old")]).await.shows("This could not be understood");
    says(&w.chen, "try", RULE, &[("v_income", "1,500")]).await.shows("This could not be understood");
    says(&w.chen, "try", RULE, &[("v_income", "12,5")]).await.shows("Income per head less than 100 (12.5)");
    let one = "members.exists(m, m.age >= 6 && m.sex == 'female')";
    let seen = says(&w.chen, "try", one, &[("v1_age", "40"), ("v1_sex", "male"), ("v2_age", "9"), ("v2_sex", "female")]).await;
    seen.shows("(Age: 9 · Sex: Women and girls)");
    assert_eq!(w.count("eligibility_rules").await, 0);
}

#[tokio::test]
async fn every_version_stays_and_says_what_changed() {
    let w = world().await;
    applied(&w, "household.size >= 3").await;
    applied(&w, "household.size >= 4").await;
    let page = w.amina.get(format!("{}?difference=2", rule())).await;
    page.shows("Version 2 is applied").shows("Removed: household.size >= 3").shows("Added: household.size >= 4");
    let version = w.value("select version::text from eligibility_rules where number = 1").await;
    let again = [("number", "1"), ("version", version.as_str())];
    w.chen.post(format!("{}/activation", rule()), again).await.redirects();
    w.amina.get(rule()).await.shows("Version 1 is applied");
    w.chen.post(format!("{}/activation", rule()), again).await.is(409);
    w.chen.post(format!("{}/retirement", rule()), [("", "")]).await.redirects();
    w.amina.get(rule()).await.shows("No rule is applied");
}

#[tokio::test]
async fn s16_no_rule_ever_reads_a_restricted_case() {
    let w = World::new().await;
    scene(&w, GBV, "salma", COVERED).await;
    applied(&w, "members.exists(m, m.age >= 18)").await;
    w.sql("update roles set acts = acts || '{token.create}' where code = 'gbv_case_worker'").await;
    let token = w.token(&w.salma).await;
    let told = call(&w, &token, "GET", &format!("/api/v1/cases/{CASE}/verdicts"), "", Value::Null).await;
    let told: Value = serde_json::from_str(&told.is(200).body).expect("JSON");
    assert_eq!(told, json!({ "verdicts": [], "scores": [] }));
    w.salma.get(format!("/cases/{CASE}/services")).await.is(200).lacks("Age at least 18");
}

#[tokio::test]
async fn verdicts_and_rules_go_over_rest() {
    let w = world().await;
    let (keeper, worker) = (w.token(&w.chen).await, w.token(&w.amina).await);
    let path = format!("/api/v1{}", rule());
    let tests = json!([{ "name": "poor", "expect": "eligible", "household": { "income": 20 }, "members": [{ "age": 30 }] }]);
    let body = json!({ "text": RULE, "labels": { "en": "Adults with little" }, "tests": tests });
    call(&w, &worker, "PUT", &path, "\"0\"", body.clone()).await.is(403);
    let saved: Value = serde_json::from_str(&call(&w, &keeper, "PUT", &path, "\"0\"", body).await.is(200).body).expect("JSON");
    assert_eq!((&saved["active"], &saved["versions"][0]["ran"][0]["passes"]), (&Value::Null, &json!(true)), "{saved}");
    let version = format!("\"{}\"", saved["versions"][0]["version"]);
    call(&w, &keeper, "POST", &format!("{path}/activation"), &version, json!({ "number": 1 })).await.is(200);
    let told = call(&w, &worker, "GET", &format!("/api/v1/cases/{CASE}/verdicts"), "", Value::Null).await;
    let told: Value = serde_json::from_str(&told.is(200).body).expect("JSON");
    let verdict = &told["verdicts"][0];
    assert_eq!((&verdict["verdict"], &verdict["decides"]), (&json!("unknown"), &json!(["household.income"])), "{told}");
    assert_eq!(verdict["clauses"][0]["words"], "At least one member: Age at least 18: yes (36)");
    call(&w, &keeper, "POST", &format!("{path}/retirement"), "", Value::Null).await.is(200);
}

#[tokio::test]
async fn a_packs_rule_is_applied_until_somebody_here_writes_another() {
    let w = world().await;
    w.sql(&format!(
        r#"update services set external_id = 'samra-7' where id = '{SERVICE}';
           insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{{rules}}', '[{{"code": "old", "service": "samra-7",
             "labels": {{"en": "Old people", "ar": "كبار السن", "fr": "Personnes âgées", "es": "Mayores"}}, "text": "members.exists(m, m.age >= 60)",
             "tests": [{{"name": "a grandmother", "expect": "eligible", "household": {{}}, "members": [{{"age": 70}}]}}]}}]')
             from packs where name = 'protection' order by version desc limit 1"#
    ))
    .await;
    let taken = async || {
        let mut work = w.operate().await;
        let taken = throughcare::eligibility::actions::take_over(&mut work).await.expect("it is taken over");
        work.commit().await.expect("it commits");
        taken
    };
    assert_eq!((taken().await, taken().await), (1, 0), "a second time changes nothing");
    w.amina.get(rule()).await.shows("Version 1 is applied").shows("Programme pack protection");
    applied(&w, "members.exists(m, m.age >= 65)").await;
    assert_eq!(taken().await, 0);
    w.amina.get(rule()).await.shows("Version 2 is applied");
}

// The pack gets two scores: one that is known from the registry, and one that a form would have to ask for.
async fn with_scores(w: &World) {
    let labels = r#"{"en": "Need", "ar": "الحاجة", "fr": "Besoin", "es": "Necesidad"}"#;
    let bands = r#"[{"from": 5, "risk": "low"}, {"from": 10, "risk": "high"}]"#;
    let scores = format!(
        r#"[{{"code": "need", "labels": {labels}, "expression": "household.size * 12", "bands": {bands}}},
            {{"code": "means", "labels": {labels}, "expression": "household.income * 2.0", "bands": {bands}}}]"#
    );
    w.sql(&format!(
        "insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{{scores}}', '{scores}')
           from packs where name = 'protection' order by version desc limit 1"
    ))
    .await;
}

const LEAF: &str = "survey
    type | name | label::English (en)
    text | helps | Who helps you?
    settings
    form_title | form_id | default_language
    Own needs | own | English (en)";

const MEANS: &str = "survey
    type | name | label::English (en)
    begin_group | income | Income
    decimal | per_head | Income per head
    end_group | |
    settings
    form_title | form_id | default_language
    Means | household_needs | English (en)";

// Answers the one question of a form, and completes it.
async fn answered(w: &World, text: &str, (question, answer): (&str, &str)) -> String {
    let form = w.form("person", &[PROTECTION], text).await;
    let copy = w.amina.begins(&format!("/cases/{CASE}"), form).await;
    let end = w.amina.fills(&copy, &[(question, answer)], "next").await.redirects();
    let version = w.amina.get(&end).await.shows("Nothing is missing").marked("version");
    w.amina.get(&copy).await.lacks("A level of risk is proposed");
    w.amina.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
    copy
}

#[tokio::test]
async fn the_page_after_a_form_that_a_score_uses_leads_to_the_level_that_is_proposed() {
    let w = world().await;
    with_scores(&w).await;
    // A form that no score asks says nothing of it.
    let other = answered(&w, LEAF, ("/data/helps", "An aunt")).await;
    w.amina.get(&other).await.lacks("A level of risk is proposed");
    let copy = answered(&w, MEANS, ("/data/income/per_head", "6")).await;
    let read = w.amina.get(&copy).await;
    read.shows("A level of risk is proposed")
        .shows("Need: 12 · proposes the risk level")
        .link(&format!("/cases/{CASE}/risk?risk=high"));
    assert_eq!(w.value("select coalesce(risk, 'none') from cases").await, "none");
}

#[tokio::test]
async fn a_score_proposes_a_risk_and_sets_none() {
    let w = world().await;
    with_scores(&w).await;
    let page = w.amina.get(format!("/cases/{CASE}")).await;
    page.is(200)
        .shows("12 · proposes the risk level “Emergency or high”; you decide")
        .shows("Not known yet Ask: Income per head");
    assert_eq!(w.value("select coalesce(risk, 'none') from cases").await, "none");
    // It leads to where a person decides, with the level chosen and why beside it.
    let decide = format!("/cases/{CASE}/risk?risk=high");
    page.link(&decide);
    let asked = w.amina.get(&decide).await;
    asked.shows("Need: 12 · proposes the risk level “Emergency or high”; you decide; +12 · ");
    assert!(checked(&asked, "high"), "{}", asked.body);
    w.amina.post(format!("/cases/{CASE}/risk"), [("version", "1"), ("risk", "high")]).await.redirects();
    w.amina.get(format!("/cases/{CASE}")).await.lacks("risk?risk=");
    // Lowering asks for a reason, whoever proposes it.
    w.sql(
        "insert into packs (name, version, body) select name, version + 1, replace(body::text, 'household.size * 12', 'household.size * 5')::jsonb
           from packs where name = 'protection' order by version desc limit 1",
    )
    .await;
    w.amina.get(format!("/cases/{CASE}/risk?risk=low")).await.shows("Need: 5 · proposes the risk level “Low");
    let version = w.value("select version::text from cases").await;
    let lower = [("version", version.as_str()), ("risk", "low")];
    w.amina.post(format!("/cases/{CASE}/risk"), lower).await.is(422);
}

fn checked(page: &Seen, level: &str) -> bool {
    page.body.split("<input").any(|input| {
        let input = input.split('>').next().unwrap_or_default();
        input.contains("name=\"risk\"") && input.contains(&format!("value=\"{level}\"")) && input.contains("checked")
    })
}

#[tokio::test]
async fn a_draft_is_for_the_member_who_meets_the_rule() {
    let w = world().await;
    let child = Uuid::from_u128(0xC1);
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name, born_on) values ('{child}', 'P-C', 1, {FIELD}, 'Mina Saleh', '2025-01-01');
         insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{CASE}', '{child}', 'member')"
    ))
    .await;
    for (rule, meant, not) in [("m.age >= 18", PERSON, child), ("m.age < 5", child, PERSON)] {
        applied(&w, &format!("members.exists(m, {rule})")).await;
        let (draft, to) = (Uuid::now_v7().to_string(), SERVICE.to_string());
        let form = [("draft", draft.as_str()), ("to", &to), ("need", "health")];
        w.amina.post(format!("/cases/{CASE}/services"), form).await.redirects();
        let path = format!("/referrals/{draft}/edit");
        let page = w.amina.get(&path).await;
        assert!(page.body.contains(&format!(r#"value="{meant}" checked"#)), "{rule}");
        assert!(!page.body.contains(&format!(r#"value="{not}" checked"#)), "{rule}");
        w.amina.post(&path, [("go", "discard"), ("version", &page.marked("version"))]).await.redirects();
    }
}

#[tokio::test]
async fn a_rule_judges_no_case_whose_pack_calls_something_else_by_its_words() {
    let w = World::new().await;
    for pack in ["household-referral", "social-referral"] {
        w.load_pack(pack).await;
    }
    let income = rules::Field { name: "income_per_head".into(), kind: rules::Kind::Number, choices: Vec::new() };
    let fields = rules::Fields { household: vec![income], members: Vec::new() };
    // An income in dinars, an income in colones, and one that was written here after the second pack's.
    for (name, pack, limit) in [("Cash", "household-referral", "100"), ("Stipend", "social-referral", "90000")] {
        let text = format!("household.income_per_head < {limit}.0");
        let compiled = serde_json::to_string(&rules::compile(&text, &fields).expect("a right rule")).expect("a rule is data");
        let id = Uuid::now_v7();
        w.sql(&format!(
            "insert into services (id, org, unit, name, needs) values ('{id}', {CLINIC}, {RECEPTION}, '{name} fund', '{{food}}');
             insert into eligibility_rules (id, service_id, number, state, text, compiled, written_by_name, activated_at, pack) values
               (gen_random_uuid(), '{id}', 1, 'retired', '{text}', '{compiled}', '{pack}', now(), '{pack}'),
               (gen_random_uuid(), '{id}', 2, 'active', '{text}', '{compiled}', 'Clinic', now(), null)"
        ))
        .await;
    }
    let amina = w.also("amina", FIELD, "outreach_worker").await;
    let (case, _) = household(&w, &amina, 90).await;
    let page = amina.get(format!("{case}/services?need=food")).await;
    page.shows("Cash fund").shows("Income per head and month, in dinars less than 100: unknown, ask");
    page.shows("Stipend fund").lacks("less than 90000");
}

#[tokio::test]
async fn a_rule_that_was_written_here_keeps_its_meaning_when_an_earlier_pack_declares_its_words() {
    let w = world().await;
    applied(&w, RULE).await;
    w.sql(
        "insert into packs (name, version, body) select 'another', 1, jsonb_set(jsonb_set(jsonb_set(body, '{name}', '\"another\"'), '{case_types}', '[]'),
           '{fields,0,labels,en}', '\"Income in colones\"') from packs where name = 'protection' order by version desc limit 1",
    )
    .await;
    w.amina.get(format!("/cases/{CASE}/services?need=health")).await.shows("Income per head less than 100: unknown, ask");
}
