//! The pack `inclusion`, as Italy's GePI has it: assignment by a coordinator, and panels that say what opens them.
use super::{assessed, household, set, waiting};
use crate::closing::closes;
use crate::plans::{agreed, begun, step, written};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::world::{FIELD, user};

const INCLUSION: i16 = 60;
const PRELIMINARY: &str = "Opens after: Preliminary analysis (finalised)";
const PACT: &str = "Opens after: Pact for inclusion (agreed)";
const WAITS: &str = "To be assigned · now";
const BEGUN: &str = "Preliminary analysis · now";
const EVALUATION: &str = "Opens after: Evaluation (finalised)";
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
    w.amina.get(&case).await.is(200).shows(BEGUN);
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
    w.amina.get(format!("{case}/achievements")).await.shows("Progress of the family").lacks("Achievements");
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    // Several needs: the framework is owed, and what the analysis opens is open all the same.
    assert_eq!(w.count("tasks where kind = 'analysis_due' and done_at is null").await, 1);
    w.amina.get(&case).await.lacks(PRELIMINARY);
    // The task bears the pack's name of it, on the case and on lists; which way was chosen is no need.
    w.amina.get("/").await.shows("Framework analysis").lacks("In-depth analysis");
    w.amina.get(&case).await.shows("Framework analysis").lacks("In-depth analysis").shows("0 of 15 points").shows("more need");
    w.amina.get(format!("{case}/assessments")).await.shows("Results of the pact");
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

// Bruno coordinates, Amina accompanies, and a household waits to be assigned.
async fn waits(w: &World) -> (Browser, String) {
    let coordinator = w.also("bruno", FIELD, "inclusion_coordinator").await;
    w.also("amina", FIELD, "inclusion_case_manager").await;
    let case = waiting(w, &coordinator).await;
    coordinator.get(&case).await.shows(WAITS);
    (coordinator, case)
}

async fn changed(w: &World, by: &Browser, case: &str, topic: &str, (name, value): (&str, &str)) -> Seen {
    let id = case.trim_start_matches("/cases/");
    let version = w.value(&format!("select version::text from cases where id = '{id}'")).await;
    by.post(format!("{case}/{topic}"), [(name, value), ("version", &version)]).await
}

#[tokio::test]
async fn a_case_is_no_longer_to_be_assigned_once_somebody_keeps_it() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    let (coordinator, case) = waits(&w).await;
    let amina = user("amina").to_string();
    changed(&w, &coordinator, &case, "assignment", ("manager", &amina)).await.redirects();
    w.amina.get(&case).await.shows(BEGUN).shows("Moved to Preliminary analysis");
    assert_eq!(w.count("facts where kind = 'case.moved' and note ->> 'to' = 'preliminary_analysis'").await, 1);
    // Who keeps it does not wait for somebody to; what goes back to the inbox is not begun anew.
    w.amina.get(format!("{case}/stage")).await.shows("Framework analysis").lacks("value=\"to_assign\"");
    changed(&w, &w.amina, &case, "stage", ("stage", "to_assign")).await.is(422);
    changed(&w, &coordinator, &case, "assignment", ("manager", "")).await.redirects();
    coordinator.get(&case).await.shows(BEGUN);
}

#[tokio::test]
async fn the_next_step_is_what_the_stage_asks_of_whoever_reads() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    let (coordinator, case) = waits(&w).await;
    coordinator.get(&case).await.shows("Next step Assign case").lacks("Begin: Preliminary analysis");
    changed(&w, &coordinator, &case, "assignment", ("manager", &user("amina").to_string())).await.redirects();
    // No gate of this process waits for consent: it is asked for beside the analysis.
    w.amina.get(&case).await.shows("Next step Begin: Preliminary analysis Record consent");
    assessed(&w, &w.amina, &case, "preliminary_analysis", &OUTCOME).await;
    w.amina.get(&case).await.shows("Next step Begin: Framework analysis Move on to: Framework analysis");
    w.sql("update assessments set goes_on_to = null").await;
    w.sql("update cases set stage = 'pact'").await;
    w.amina.get(&case).await.shows("Next step Begin: Pact for inclusion").lacks("Begin: Framework analysis");
}

#[tokio::test]
async fn whoever_opens_a_case_and_keeps_it_begins_with_the_work() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    let amina = w.also("amina", FIELD, "inclusion_case_manager").await;
    let (case, _) = household(&w, &amina, INCLUSION).await;
    amina.get(&case).await.shows(BEGUN);
    assert_eq!(w.count("case_moves where kind = 'stage'").await, 0);
}

#[tokio::test]
async fn a_case_that_was_assigned_while_it_was_paused_goes_on_with_the_work() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    let (coordinator, case) = waits(&w).await;
    changed(&w, &coordinator, &case, "pause", ("reason", "person_away")).await.redirects();
    changed(&w, &coordinator, &case, "assignment", ("manager", &user("amina").to_string())).await.redirects();
    changed(&w, &w.amina, &case, "resumption", ("reason", "person_back")).await.redirects();
    w.amina.get(&case).await.shows(BEGUN);
}

#[tokio::test]
async fn what_stands_before_the_next_stage_holds_for_a_case_that_was_assigned_too() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    let gate = r#"[{"panel": "consent", "state": "agreed"}]"#;
    w.sql(&format!(
        "insert into packs (name, version, body) select name, version + 1, jsonb_set(body, '{{processes,0,stages,1,gates}}', '{gate}')
         from packs where name = 'inclusion'"
    ))
    .await;
    let (coordinator, case) = waits(&w).await;
    changed(&w, &coordinator, &case, "assignment", ("manager", &user("amina").to_string())).await.redirects();
    w.amina.get(&case).await.shows(WAITS);
}
