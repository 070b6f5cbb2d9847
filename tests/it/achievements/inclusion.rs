//! The pack `inclusion`, as Italy's GePI has it: assignment by a coordinator, and panels that say what opens them.
use super::{assessed, household, set};
use crate::closing::closes;
use crate::plans::{agreed, begun, step, written};
use crate::support::World;
use crate::support::world::{FIELD, user};

const INCLUSION: i16 = 60;
const PRELIMINARY: &str = "Opens after: Preliminary analysis (finalised)";
const PACT: &str = "Opens after: Pact for inclusion (agreed)";
const EVALUATION: &str = "Opens after: Final evaluation (finalised)";
const OUTCOME: [(&str, &str); 3] = [("home_lost", "no"), ("living_from", "work"), ("path", "complex")];

async fn assigned(w: &World) -> (String, String) {
    w.load_pack("inclusion").await;
    let coordinator = w.also("bruno", FIELD, "inclusion_coordinator").await;
    w.also("amina", FIELD, "inclusion_case_manager").await;
    let (case, dana) = household(w, &coordinator, INCLUSION).await;
    w.amina.get(&case).await.is(404);
    let id = case.trim_start_matches("/cases/");
    let edition = w.value(&format!("select version::text from cases where id = '{id}'")).await;
    let amina = user("amina").to_string();
    coordinator.post(format!("{case}/assignment"), [("manager", amina.as_str()), ("version", &edition)]).await.redirects();
    w.amina.get(&case).await.is(200).shows("To be assigned");
    (case, dana.to_string())
}

#[tokio::test]
async fn what_is_tried_before_the_preliminary_analysis_is_refused_and_says_what_opens_it() {
    let w = World::new().await;
    let (case, person) = assigned(&w).await;
    w.amina.get(&case).await.shows(PRELIMINARY).shows(PACT);
    w.amina.get(format!("{case}/assessments")).await.shows(PRELIMINARY).shows(PACT);
    w.amina.get(format!("{case}/plans")).await.shows(PRELIMINARY).shows("Pact for inclusion");
    w.amina
        .post(format!("{case}/assessments"), [("tool", "framework_analysis")])
        .await
        .is(422)
        .shows(PRELIMINARY)
        .shows("still shut");
    let rent = [("state", "to_achieve"), ("seen_on", "2026-02-03")];
    w.amina.get(format!("{case}/achievements")).await.shows(PRELIMINARY);
    set(&w.amina, &case, ("rent_is_paid", "0"), &rent).await.is(422).shows(PRELIMINARY).shows("still shut");
    let project = [("kind", "community_project"), ("account", "Helps in the garden")];
    w.amina.get(format!("{case}/records")).await.shows(PRELIMINARY).lacks("new?kind=community_project");
    w.amina.post(format!("{case}/records"), project).await.is(422).shows(PRELIMINARY).shows("Helps in the garden");
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.is(422).shows(PRELIMINARY);
    for (count, table) in [(0, "assessments"), (0, "achievement_marks"), (0, "case_records"), (0, "plans where state <> 'draft'")]
    {
        assert_eq!(w.count(table).await, count, "{table}");
    }
    // No figure stands on what is shut, and each card bears the name of what opens.
    w.amina.get(&case).await.lacks("of 7 achieved").shows("Progress of the family").lacks("Achievements");
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    // Several needs: the framework is owed, and what the analysis opens is open all the same.
    assert_eq!(w.count("tasks where kind = 'analysis_due' and done_at is null").await, 1);
    w.amina.get(&case).await.lacks(PRELIMINARY);
    w.amina.post(format!("{case}/assessments"), [("tool", "framework_analysis")]).await.redirects();
    set(&w.amina, &case, ("rent_is_paid", "0"), &rent).await.redirects();
    w.amina.post(format!("{case}/records"), project).await.redirects();
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
}

#[tokio::test]
async fn an_analysis_that_is_owed_has_one_clock_which_is_its_tasks() {
    let w = World::new().await;
    let (case, _) = assigned(&w).await;
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    // As where the case was opened again, which counts the task anew.
    w.sql("update assessments set next_due_at = now() - interval '40 days' where goes_on_to is not null").await;
    for page in [case.clone(), format!("{case}/assessments")] {
        w.amina.get(page).await.shows("Due by").lacks("Was due by");
    }
    w.sql("update tasks set due_at = now() - interval '2 days' where kind = 'analysis_due'").await;
    w.amina.get(&case).await.shows("Was due by");
}

#[tokio::test]
async fn monitoring_and_evaluation_wait_for_the_signed_pact() {
    let w = World::new().await;
    let (case, person) = assigned(&w).await;
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    let visit = [("kind", "monitoring_visit"), ("account", "All well at home"), ("way", "in_person")];
    w.amina.post(format!("{case}/records"), visit).await.is(422).shows(PACT);
    w.amina.post(format!("{case}/assessments"), [("tool", "final_evaluation")]).await.is(422).shows(PACT);
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.amina.post(format!("{case}/records"), visit).await.is(422).shows(PACT);
    agreed(&w, &plan, &person).await;
    w.amina.get(&case).await.lacks(PACT).lacks(PRELIMINARY);
    w.amina.post(format!("{case}/records"), visit).await.redirects();
    assessed(&w, &w.amina, &case, "final_evaluation", &[("reached", "all"), ("alone", "yes")]).await;
    // A new pact may begin at any time.
    assert_ne!(begun(&w.amina, &case).await, plan);
}

// The analyses of these tests come out high: what is done at once for safety is written down (S21).
async fn made_safe(w: &World, case: &str) {
    let note = [("kind", "safety_action"), ("body", "Moved to her sister.")];
    w.amina.post(format!("{case}/notes"), note).await.redirects();
}

// A case whose pact both sides agreed to; answers the field of its goal in a closing too.
async fn agreed_pact(w: &World) -> (String, String) {
    let (case, person) = assigned(w).await;
    assessed(w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    let plan = written(w, &case, &person).await;
    step(w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(w, &plan, &person).await;
    made_safe(w, &case).await;
    (case, w.value("select 'g_' || id from plan_lines where kind = 'goal'").await)
}

#[tokio::test]
async fn needs_are_met_once_the_pact_was_evaluated() {
    let w = World::new().await;
    let (case, goal) = agreed_pact(&w).await;
    let met = [("reason", "needs_met"), (goal.as_str(), "achieved")];
    w.amina.get(format!("{case}/closure")).await.shows("Needs met and supports in place").shows(EVALUATION);
    closes(&w, &w.amina, &case, &met).await.is(422).shows("This reason still waits").shows(EVALUATION);
    assert_eq!(w.count("case_closures").await, 0);
    assessed(&w, &w.amina, &case, "final_evaluation", &[("reached", "all"), ("alone", "yes")]).await;
    made_safe(&w, &case).await;
    w.amina.get(format!("{case}/closure")).await.is(200).lacks(EVALUATION);
    closes(&w, &w.amina, &case, &met).await.redirects();
    assert_eq!(w.count("case_closures").await, 1);
}

#[tokio::test]
async fn what_has_happened_waits_for_no_evaluation_and_without_a_pact_there_is_none() {
    let w = World::new().await;
    let (case, goal) = agreed_pact(&w).await;
    closes(&w, &w.amina, &case, &[("reason", "relocated"), (goal.as_str(), "partly")]).await.redirects();
    let w = World::new().await;
    let (case, _) = assigned(&w).await;
    w.amina.get(format!("{case}/closure")).await.is(200).lacks(EVALUATION);
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
}

#[tokio::test]
async fn a_case_that_its_work_left_behind_leads_to_the_stage_that_the_work_has_come_to() {
    let w = World::new().await;
    let (case, person) = assigned(&w).await;
    let open = "tasks where kind = 'take_up' and done_at is null";
    assert_eq!(w.count(open).await, 1);
    w.amina.get(&case).await.shows("Record consent").lacks("Move on to");
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    w.amina.get(&case).await.shows("Record consent").shows("Move on to: Framework analysis");
    assert_eq!(w.count(open).await, 0, "whoever works on a case has taken it up");
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    w.amina.get(&case).await.shows("Move on to: Monitoring");
    let version = w.amina.get(format!("{case}/stage")).await.marked("version");
    w.amina.post(format!("{case}/stage"), [("stage", "monitoring"), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.lacks("Move on to").lacks("To be assigned · now");
}
