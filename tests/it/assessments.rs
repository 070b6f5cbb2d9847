//! Assessments: from a screening to the analysis it leads to, the level of risk, gates, approval, and who may read what.
mod rounds;

use serde_json::json;
use uuid::Uuid;

use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::sent::{ASSISTANCE, CHILD, GBV, PROTECTION};
use crate::support::world::{FIELD, user};

const SCREENING: &str = "household_screening";
const ANALYSIS: &str = "household_analysis";

// Dana's household with Amina.
async fn household(w: &World) -> String {
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    let more = [("household", household.as_str()), ("whole_household", "true"), ("risk", "moderate")];
    w.case(&w.amina, ASSISTANCE, person, &more).await
}

/// One person's case of this type with Amina.
pub async fn alone(w: &World, case_type: i16) -> String {
    let person = w.known_person("Dana Saleh").await;
    w.case(&w.amina, case_type, person, &[("risk", "low")]).await
}

/// Begins a round with this tool.
pub async fn begun(by: &Browser, case: &str, tool: &str) -> String {
    let form = by.post(format!("{case}/assessments"), [("tool", tool)]).await.redirects();
    form.trim_end_matches("/answers").to_owned()
}

async fn version(w: &World, round: &str) -> String {
    w.value(&format!("select version::text from assessments where id = '{}'", round.rsplit('/').next().expect("an id"))).await
}

/// Saves these answers, as the pages of their domains do.
pub async fn said(w: &World, by: &Browser, round: &str, answers: &[(&str, &str)]) {
    let version = version(w, round).await;
    let names: Vec<(String, &str)> = answers.iter().map(|(code, answer)| (format!("q_{code}"), *answer)).collect();
    let fields = names.iter().map(|(name, answer)| (name.as_str(), *answer)).chain([("version", version.as_str())]);
    by.post(format!("{round}/answers"), fields.collect::<Vec<_>>()).await.redirects();
}

/// Says that a round is done, at this risk.
pub async fn finalised(w: &World, by: &Browser, round: &str, risk: &str, reason: &str) -> crate::support::browser::Seen {
    let version = version(w, round).await;
    by.post(format!("{round}/finalisation"), [("version", version.as_str()), ("risk", risk), ("reason", reason)]).await
}

async fn moved(w: &World, by: &Browser, case: &str, stage: &str) -> crate::support::browser::Seen {
    let id = case.trim_start_matches("/cases/");
    let version = w.value(&format!("select version::text from cases where id = '{id}'")).await;
    by.post(format!("{case}/stage"), [("stage", stage), ("version", &version)]).await
}

const SOUND: [(&str, &str); 3] = [("home", "sound"), ("stay", "sure"), ("living_from", "days")];

#[tokio::test]
async fn a_screening_leads_to_an_analysis_and_gates_open_after_it() {
    let w = World::new().await;
    let case = household(&w).await;
    w.amina
        .get(&case)
        .await
        .shows("Short screening of the household")
        .shows("Not begun")
        .shows("Opens after: Assessment (finalised)");
    moved(&w, &w.amina, &case, "planning").await.is(422).shows("Opens after: Assessment (finalised)").shows("still shut");
    let round = begun(&w.amina, &case, SCREENING).await;
    assert_eq!(begun(&w.amina, &case, SCREENING).await, round, "one round is written at a time");
    w.amina.get(format!("{round}/answers")).await.shows("part 1 of 7").shows("Does the roof leak").shows("Dana Saleh · C-");
    said(&w, &w.amina, &round, &[("evicted", "yes"), ("meals", "most_days")]).await;
    w.amina
        .get(format!("{round}/finalisation"))
        .await
        .shows("6 of 16")
        .shows("A task is left: In-depth analysis of the household.");
    finalised(&w, &w.amina, &round, "moderate", "").await.redirects();
    w.amina
        .get(&case)
        .await
        .shows("In-depth analysis")
        .shows("Due by")
        .shows("6 of 16")
        .shows("Opens after: Assessment (finalised)");
    w.amina.get("/").await.shows("In-depth analysis");
    moved(&w, &w.amina, &case, "planning").await.is(422);
    let analysis = begun(&w.amina, &case, ANALYSIS).await;
    said(&w, &w.amina, &analysis, &SOUND).await;
    finalised(&w, &w.amina, &analysis, "low", "reassessed").await.redirects();
    let shown = w.amina.get(&case).await;
    shown.lacks("Opens after: Assessment").shows("Assess again").shows("2 of 40").shows("Opens after: Plan (agreed)");
    assert_eq!(w.count("tasks where kind = 'analysis_due' and done_at is null").await, 0);
    assert_eq!(w.count("tasks where kind = 'assess_again' and done_at is null").await, 1);
    moved(&w, &w.amina, &case, "planning").await.redirects();
    // Neither words nor answers reach the audit.
    assert_eq!(w.count("facts where kind like 'assessment.%'").await, 6);
    assert_eq!(w.count("facts where note::text like '%most_days%'").await, 0);
}

#[tokio::test]
async fn s21_the_level_is_proposed_raised_freely_and_lowered_with_a_reason_only() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    finalised(&w, &w.amina, &round, "moderate", "").await.is(422).shows("Some questions must be answered first");
    w.amina.get(format!("{round}/finalisation")).await.shows("Might the household have to leave").lacks("name=\"risk\"");
    said(&w, &w.amina, &round, &[("evicted", "yes")]).await;
    w.amina.get(format!("{round}/finalisation")).await.shows("Proposed by the answers.");
    finalised(&w, &w.amina, &round, "", "").await.is(422);
    finalised(&w, &w.amina, &round, "low", "").await.is(422).shows("Why it is lower");
    finalised(&w, &w.amina, &round, "low", "because").await.is(422);
    finalised(&w, &w.amina, &round, "low", "safety_plan_works").await.redirects();
    w.amina.get(&case).await.shows("The safety plan is in place and works");
    w.bruno.get(&round).await.shows("Level set Low").shows("Why it is lower The safety plan is in place and works");
    assert_eq!(w.value("select risk from cases").await, "low");
    let again = begun(&w.amina, &case, SCREENING).await;
    said(&w, &w.amina, &again, &[("evicted", "no")]).await;
    finalised(&w, &w.amina, &again, "high", "").await.redirects();
    w.amina.get(&case).await.shows("Take a safety action");
    assert_eq!(w.value("select level from assessments where round = 2").await, "low");
    // The same level again puts no follow-up off.
    let due = "select max(due_at)::text from tasks where kind = 'follow_up' and done_at is null";
    let before = w.value(due).await;
    w.ground.clock.forward(chrono::TimeDelta::minutes(20));
    let third = begun(&w.amina, &case, SCREENING).await;
    said(&w, &w.amina, &third, &[("evicted", "no")]).await;
    finalised(&w, &w.amina, &third, "high", "").await.redirects();
    assert_eq!(w.value(due).await, before);
}

#[tokio::test]
async fn what_has_no_answer_is_said_beside_the_points_and_before_a_level_is_set() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    said(&w, &w.amina, &round, &[("evicted", "no")]).await;
    let end = format!("{round}/finalisation");
    w.amina.get(&end).await.shows("counts as no need").shows("Safety, protection and legal status: 2 without an answer");
    let rest = ["roof", "care", "papers", "unsafe", "school"].map(|code| (code, "no"));
    said(&w, &w.amina, &round, &[&rest[..], &[("water", "yes"), ("income", "yes")]].concat()).await;
    w.amina.get(&end).await.shows("Food and nutrition: 1 without an answer").lacks("legal status: 2");
    finalised(&w, &w.amina, &round, "moderate", "").await.redirects();
    w.bruno.get(&round).await.shows("1 without an answer");
    let again = begun(&w.amina, &case, SCREENING).await;
    let all = [&rest[..], &[("evicted", "no"), ("water", "yes"), ("income", "yes"), ("meals", "never")]].concat();
    said(&w, &w.amina, &again, &all).await;
    w.amina.get(format!("{again}/finalisation")).await.shows("0 of 16").lacks("counts as no need").lacks("without an answer");
}

#[tokio::test]
async fn two_who_write_one_draft_lose_no_word() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, ANALYSIS).await;
    let answers = format!("{round}/answers");
    let words = |text: &'static str| [("version", "1"), ("domain", "members"), ("q_strengths", text), ("q_aids", "no")];
    w.amina.post(&answers, words("They sing together.")).await.redirects();
    let seen = w.bruno.post(&answers, words("They help their neighbours.")).await;
    seen.is(409).shows("They sing together.").shows("They help their neighbours.").shows("Nothing you typed is lost");
    let chosen = [
        ("version", "2"),
        ("domain", "members"),
        ("_either", "q_strengths"),
        ("_mine.q_strengths", "They help their neighbours."),
        ("_theirs.q_strengths", "They sing together."),
        ("_take.q_strengths", "mine"),
        ("q_aids", "no"),
    ];
    w.bruno.post(&answers, chosen).await.redirects();
    w.amina.get(&round).await.shows("They help their neighbours.");
    let typed = [("version", "3"), ("domain", "members"), ("q_disabilities", "many"), ("q_strengths", "Still here.")];
    w.amina.post(&answers, typed).await.is(422).keeps("many").shows("Still here.");
    // What lies open are codes alone; texts are sealed.
    assert_eq!(w.count("assessments where answers = '{\"aids\": \"no\"}' and sealed is not null").await, 1);
    assert_eq!(w.count("assessments where position('neighbours'::bytea in sealed) > 0").await, 0);
}

#[tokio::test]
async fn what_is_finalised_never_changes() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    said(&w, &w.amina, &round, &[("evicted", "no"), ("roof", "yes")]).await;
    finalised(&w, &w.amina, &round, "low", "reassessed").await.redirects();
    w.amina.post(format!("{round}/answers"), [("version", "3"), ("q_roof", "no")]).await.is(409).shows("never changes");
    finalised(&w, &w.amina, &round, "high", "").await.is(409);
    assert_eq!(w.amina.get(format!("{round}/answers")).await.redirects(), round);
    for change in [
        "answers = '{}'",
        "scores = '{0}', domains = '{a}', mosts = '{1}'",
        "state = 'draft'",
        "state = 'approved'",
        "level = 'high'",
    ] {
        is(tries(&w, "amina", &format!("update assessments set {change}")).await, DENIED);
        is(tries(&w, "bruno", &format!("update assessments set {change}")).await, DENIED);
    }
    let amina = user("amina");
    let forged = format!(
        "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers)
         select gen_random_uuid(), case_id, pack, pack_version, tool, panel, 9, author, author_name, writers from assessments where author = '{amina}'"
    );
    is(tries(&w, "bruno", &forged).await, DENIED);
    let next = begun(&w.amina, &case, SCREENING).await;
    assert_ne!(next, round);
    w.amina.get(format!("{case}/assessments")).await.shows("Round 2").shows("Round 1").shows("1 of 16");
}

#[tokio::test]
async fn an_approval_is_somebody_elses_and_may_give_it_back() {
    let w = World::new().await;
    let case = alone(&w, CHILD).await;
    let round = begun(&w.amina, &case, "member_analysis").await;
    said(&w, &w.amina, &round, &[("sleeping", "home"), ("danger_now", "no"), ("safer", "She walks with a friend.")]).await;
    finalised(&w, &w.amina, &round, "low", "").await.redirects();
    w.work_off().await;
    w.amina.get(&round).await.shows("Waits for approval").lacks(&format!("action=\"{round}/approval\""));
    w.amina.get(&case).await.shows("Opens after: Assessment (finalised)");
    w.amina.post(format!("{round}/approval"), [("version", &version(&w, &round).await)]).await.is(403);
    w.bruno.get("/notifications?due=all").await.shows("An assessment waits for approval");
    w.bruno.get(&case).await.shows("Approve an assessment");
    w.bruno.post(format!("{round}/return"), [("version", &version(&w, &round).await)]).await.is(422);
    let back = version(&w, &round).await;
    w.bruno.post(format!("{round}/return"), [("version", back.as_str()), ("remark", "Ask about school too.")]).await.redirects();
    w.work_off().await;
    w.amina.get(&round).await.shows("Given back").shows("Ask about school too.");
    w.amina.get("/notifications?due=all").await.shows("was given back");
    w.amina.get("/").await.shows("Mend an assessment that was given back");
    said(&w, &w.amina, &round, &[("school", "yes")]).await;
    // Whoever wrote in it does not approve it, whatever else they may do.
    said(&w, &w.bruno, &round, &[("own_means", "yes")]).await;
    finalised(&w, &w.amina, &round, "low", "").await.redirects();
    w.bruno.get(&round).await.shows("nobody approves what they wrote in");
    w.bruno
        .post(format!("{round}/approval"), [("version", &version(&w, &round).await)])
        .await
        .is(409)
        .shows("Nobody reviews what they wrote");
    is(
        tries(&w, "bruno", "update assessments set state = 'approved', approved_at = now(), approved_by = access.me()").await,
        DENIED,
    );
    w.member("carol", 1, "coordinator").await;
    let carol = w.browser("carol").await;
    carol
        .post(format!("{round}/approval"), [("version", version(&w, &round).await.as_str()), ("remark", "Good.")])
        .await
        .redirects();
    w.amina.get(&round).await.shows("Approved").shows("Carol").shows("Good.").shows("Ask about school too.");
    w.amina.get(&case).await.shows("Gave an assessment back").shows("Ask about school too.");
    w.amina.get(&case).await.lacks("Opens after: Assessment");
    assert_eq!(w.count("tasks where kind in ('approve_assessment', 'mend_assessment') and done_at is null").await, 0);
}

#[tokio::test]
async fn s09_s10_who_does_not_see_the_case_sees_no_assessment_of_it() {
    let w = World::new().await;
    w.gita().await;
    let (person, supervisor) = (w.known_person("Dana Saleh").await, user("gita").to_string());
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &supervisor), ("risk", "moderate")]).await;
    let round = begun(&w.salma, &case, "member_screening").await;
    said(&w, &w.salma, &round, &[("tonight", "yes"), ("hurt", "yes")]).await;
    w.salma.get(&round).await.is(200).shows("Has anybody hurt you");
    // All of a restricted case is sealed.
    assert_eq!(w.count("assessments where answers = '{}' and sealed is not null").await, 1);
    let own = alone(&w, PROTECTION).await;
    let hers = begun(&w.amina, &own, "member_screening").await;
    let id = own.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id}', '{}', 'relative')",
        user("bruno")
    ))
    .await;
    for (case, round, others) in
        [(&case, &round, &[&w.amina, &w.bruno, &w.pia, &w.chen, &w.odd][..]), (&own, &hers, &[&w.bruno, &w.chen, &w.odd][..])]
    {
        for somebody in others {
            for page in [
                round.clone(),
                format!("{round}/answers"),
                format!("{round}/finalisation"),
                format!("{case}/assessments/comparison"),
            ] {
                somebody.get(page).await.is(404);
            }
            somebody.post(format!("{round}/answers"), [("q_hurt", "no")]).await.is(404);
            somebody.post(format!("{case}/assessments"), [("tool", "member_screening")]).await.is(404);
            somebody.post(format!("{round}/approval"), [("version", "1")]).await.is(404);
        }
    }
    // A round of one case is none of another.
    let moved = format!("{own}/assessments/{}", round.rsplit('/').next().expect("an id"));
    w.amina.get(moved).await.is(404);
}

#[tokio::test]
async fn s12_what_one_member_says_alone_is_never_on_the_households_pages() {
    let w = World::new().await;
    let case = household(&w).await;
    let head: Uuid = w.value("select person_id::text from cases").await.parse().expect("an id");
    w.amina.post(format!("{case}/assessments"), [("tool", "member_screening")]).await.is(422);
    w.amina
        .get(format!("{case}/assessments"))
        .await
        .shows("What one person says alone")
        .link(&format!("/cases/new?person={head}"));
    let own = w.case(&w.amina, PROTECTION, head, &[("risk", "low")]).await;
    w.amina.post(format!("{own}/assessments"), [("tool", SCREENING)]).await.is(422);
    let round = begun(&w.amina, &own, "member_screening").await;
    said(&w, &w.amina, &round, &[("tonight", "yes"), ("hurt", "yes")]).await;
    finalised(&w, &w.amina, &round, "high", "").await.redirects();
    let id = round.rsplit('/').next().expect("an id");
    for page in [case.clone(), format!("{case}/assessments"), format!("{case}/assessments/comparison"), format!("{case}/print")] {
        w.amina.get(page).await.is(200).lacks("with one person").lacks(id).lacks("hurt");
    }
    // The member's case has rules of its own: who may not see it reads the household's all the same, and nothing of the member's.
    let own_id = own.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{own_id}', '{}', 'relative')",
        user("bruno")
    ))
    .await;
    w.bruno.get(format!("{case}/assessments")).await.is(200);
    w.bruno.get(&round).await.is(404);
    assert_eq!(w.count("assessments where answers ? 'hurt'").await, 0);
}

#[tokio::test]
async fn a_closed_case_is_assessed_no_more() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    w.sql("update cases set closed_at = now(), stage = 'closed', close_reason = 'needs_met'").await;
    w.amina.post(format!("{case}/assessments"), [("tool", ANALYSIS)]).await.is(409);
    w.amina.post(format!("{round}/answers"), [("version", "1"), ("q_roof", "no")]).await.is(409);
    w.amina.get(format!("{case}/assessments")).await.is(200).lacks("Begin");
}

#[tokio::test]
async fn a_program_goes_through_an_assessment() {
    let w = World::new().await;
    let case = household(&w).await;
    let (program, path) = (w.amina.program().await, format!("/api/v1{case}/assessments"));
    let read = |seen: &crate::support::browser::Seen| serde_json::from_str::<serde_json::Value>(&seen.body).expect("json");
    let list = read(program.get(&path).await.is(200));
    assert_eq!((&list["tools"], &list["owed"]), (&json!([SCREENING, ANALYSIS]), &json!(null)));
    let made = program.call("POST", &path, Some(&json!({ "tool": SCREENING }))).await;
    let id = read(made.is(201))["id"].as_str().expect("an id").to_owned();
    let round = format!("{path}/{id}");
    program
        .call("POST", &format!("{round}/answers"), Some(&json!({ "answers": { "evicted": "perhaps" } })))
        .await
        .is(422)
        .shows("q_evicted");
    program
        .call("POST", &format!("{round}/answers"), Some(&json!({ "answers": { "evicted": "yes", "roof": "yes" } })))
        .await
        .is(200);
    program.call("POST", &format!("{round}/answers"), Some(&json!({ "answers": { "roof": "" } }))).await.is(412);
    program.call_over("POST", &format!("{round}/answers"), "\"2\"", Some(&json!({ "answers": { "roof": "" } }))).await.is(200);
    let said = read(program.get(&round).await.is(200));
    assert_eq!((&said["answers"], &said["state"]), (&json!({ "evicted": "yes" }), &json!("draft")));
    let done = program.call_over("POST", &format!("{round}/finalisation"), "\"3\"", Some(&json!({ "risk": "moderate" }))).await;
    assert_eq!(read(done.is(200))["state"], "finalised");
    let list = read(program.get(&path).await.is(200));
    assert_eq!((&list["owed"], &list["rounds"][0]["level"]), (&json!(ANALYSIS), &json!("moderate")));
    let beside = read(program.get(format!("{path}/comparison?tool={SCREENING}")).await.is(200));
    assert_eq!((beside[0]["answers"]["evicted"].as_str(), beside.as_array().map(Vec::len)), (Some("yes"), Some(1)));
    let supervisor = w.bruno.program().await;
    for step in ["approval", "return"] {
        program.call_over("POST", &format!("{round}/{step}"), "\"4\"", Some(&json!({}))).await.is(403);
        supervisor.call_over("POST", &format!("{round}/{step}"), "\"4\"", Some(&json!({}))).await.is(409);
    }
    w.member("nora", FIELD, "case_worker").await;
    w.odd.program().await.get(&round).await.is(404);
    w.browser("nora").await.program().await.get(&round).await.is(404);
}
