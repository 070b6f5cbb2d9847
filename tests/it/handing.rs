//! Tasks that are handed to a colleague, tasks that come again, and approvals that don't stall.
mod alone;

use chrono::TimeDelta;
use serde_json::json;

use crate::assessments::{alone, begun, finalised, said};
use crate::closing::closes;
use crate::plans::{assessed, id, step, written};
use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::sent::CHILD;
use crate::support::world::{FIELD, user};

// A case of Amina's with a task of hers; answers the case and the task.
async fn with_task(w: &World) -> (String, String) {
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.post(format!("{case}/tasks"), [("title", "Ring the school"), ("due_at", &w.in_days(60))]).await.redirects();
    (case, w.value("select id::text from tasks where title = 'Ring the school'").await)
}

#[tokio::test]
async fn a_task_is_handed_to_a_colleague_who_gives_it_back_or_does_it() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let (case, task) = with_task(&w).await;
    w.amina.get("/").await.link(&format!("/tasks/{task}/handing"));
    w.amina.get(format!("/tasks/{task}/handing")).await.shows("Karim · does not see the case").lacks("Odd");
    let to = user("karim").to_string();
    w.amina.post(format!("/tasks/{task}/handing"), [("assignee", to.as_str()), ("reason", "")]).await.is(422);
    let odd = [("assignee", user("odd").to_string()), ("reason", "I am on leave".to_owned())];
    w.amina.post(format!("/tasks/{task}/handing"), odd).await.is(422);
    let blind = [("assignee", to.as_str()), ("reason", "I am on leave")];
    w.amina.post(format!("/tasks/{task}/handing"), blind).await.is(422).shows("This colleague does not see the case");
    karim.get(&case).await.is(404);
    let handed = [blind[0], blind[1], ("let_in", "true")];
    w.amina.post(format!("/tasks/{task}/handing"), handed).await.redirects();
    w.work_off().await;
    // Only who may open the case can do anything for it.
    karim.get(&case).await.is(200);
    w.amina.get("/").await.shows("Handed to colleagues").shows("With Karim");
    karim.get("/").await.shows("From Amina Haddad").shows("I am on leave");
    karim.get("/notifications?kind=tasks&due=all").await.shows("A colleague asks you to do a task");
    w.bruno.get("/team").await.shows("What colleagues do for each other").shows("Amina Haddad, done by Karim");
    // It is Karim's now: he cannot pass it further, only back.
    w.amina.post(format!("/tasks/{task}/handing"), handed).await.is(422).shows("It is with Karim").lacks("Not allowed");
    karim.post(format!("/tasks/{task}/handing"), [("assignee", user("bruno").to_string()), ("reason", "x".into())]).await.is(409);
    karim.post(format!("/tasks/{task}/return"), [("reason", "I am ill")]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.shows("Given back by Karim").shows("I am ill").lacks("Handed to colleagues");
    w.amina.get("/notifications?kind=tasks&due=all").await.shows("A task came back to you");
    w.amina.post(format!("/tasks/{task}/handing"), handed).await.redirects();
    karim.post(format!("/tasks/{task}/done"), [("back", "")]).await.redirects();
    w.work_off().await;
    w.amina.get("/notifications?kind=cases&due=all").await.shows("A task that you handed on is done");
    w.amina.get("/").await.lacks("Handed to colleagues");
    assert_eq!(w.count("facts where kind = 'grant.revoked'").await, 0);
    w.after(TimeDelta::minutes(1)).await;
    karim.get(&case).await.is(404);
    assert_eq!(w.count("facts where kind = 'grant.revoked'").await, 1);
}

#[tokio::test]
async fn a_task_goes_back_to_the_unit_when_whoever_it_was_handed_to_no_longer_sees_the_case() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let (_, task) = with_task(&w).await;
    let handed = [("assignee", user("karim").to_string()), ("reason", "On leave".to_owned()), ("let_in", "true".to_owned())];
    w.amina.post(format!("/tasks/{task}/handing"), handed).await.redirects();
    let grant = w.value("select id::text from grants where revoked_at is null").await;
    w.sql(&format!("update grants set until = now() - interval '1 minute' where id = '{grant}'")).await;
    w.after(TimeDelta::minutes(1)).await;
    let left = format!("tasks where id = '{task}' and assignee is null and handed_by is null and done_at is null");
    assert_eq!(w.count(&left).await, 1);
    assert_eq!(w.count("facts where kind = 'task.left_to_unit'").await, 1);
}

#[tokio::test]
async fn what_somebody_took_or_was_given_goes_back_too_and_every_end_of_it_is_written_down() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let (case, task) = with_task(&w).await;
    let karim = user("karim");
    // No word of a colleague's, but what the work itself asks for.
    w.sql(&format!(
        "update tasks set kind = 'follow_up', assignee = null where id = '{task}';
         insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{}', '{karim}', 'team', now() + interval '9 days', 1)",
        id(&case)
    ))
    .await;
    let left = format!("tasks where id = '{task}' and assignee is null");
    let told = format!("facts where kind = 'task.left_to_unit' and subjects = array['{task}'::uuid]");
    for ends in ["until = now() - interval '1 minute'", "revoked_at = now()"] {
        w.sql("update grants set until = now() + interval '9 days', revoked_at = null").await;
        w.bruno.post(format!("/tasks/{task}/assignment"), [("assignee", karim.to_string())]).await.redirects();
        let before = w.count(&told).await;
        w.after(TimeDelta::minutes(1)).await;
        assert_eq!(w.count(&left).await, 0, "he sees the case");
        w.sql(&format!("update grants set {ends}")).await;
        w.after(TimeDelta::minutes(1)).await;
        assert_eq!((w.count(&left).await, w.count(&told).await), (1, before + 1), "{ends}");
    }
}

#[tokio::test]
async fn s13_the_title_of_a_task_and_the_reason_it_is_handed_on_for_name_nobody_of_a_guarded_case() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let (case, task) = with_task(&w).await;
    let due = w.in_days(60);
    let named = [("title", "Call Dana Aziz today"), ("due_at", due.as_str())];
    w.amina
        .post(format!("{case}/tasks"), named)
        .await
        .is(422)
        .shows("These words tell who is meant")
        .keeps("Call Dana Aziz today");
    assert_eq!(w.count("tasks where title like 'Call%'").await, 0);
    let to = user("karim").to_string();
    let reason = [("assignee", to.as_str()), ("reason", "Dana Aziz asked for you"), ("let_in", "true")];
    w.amina.post(format!("/tasks/{task}/handing"), reason).await.is(422).shows("These words tell who is meant");
    // The name of a standard case stands on lists anyway.
    let rima = w.known_person("Rima Noor").await;
    let household = w.household(rima).await.to_string();
    let open = w.case(&w.amina, ASSISTANCE, rima, &[("household", &household), ("whole_household", "true")]).await;
    w.amina.post(format!("{open}/tasks"), [("title", "Call Rima Noor"), ("due_at", due.as_str())]).await.redirects();
}

#[tokio::test]
async fn s09_a_task_of_a_restricted_case_is_handed_to_nobody() {
    let w = World::new().await;
    w.gita().await;
    let case = w.case(&w.salma, GBV, w.known_person("Dana Aziz").await, &[("supervisor", &user("gita").to_string())]).await;
    w.salma.post(format!("{case}/tasks"), [("title", "Call"), ("due_at", &w.in_days(60))]).await.redirects();
    let task = w.value("select id::text from tasks where title = 'Call'").await;
    w.salma.get("/").await.lacks("Hand to a colleague");
    let to = [("assignee", user("gita").to_string()), ("reason", "On leave".to_owned())];
    w.salma.post(format!("/tasks/{task}/handing"), to).await.is(409).shows("stays with whoever holds it");
}

#[tokio::test]
async fn a_program_hands_a_task_on_and_it_comes_back() {
    let w = World::new().await;
    w.member("karim", FIELD, "case_worker").await;
    let (_, task) = with_task(&w).await;
    let token = w.token(&w.amina).await;
    let path = format!("/api/v1/tasks/{task}/handing");
    crate::people::call(&w, &token, "POST", &path, "", json!({ "reason": "On leave" })).await.is(422);
    let body = json!({ "reason": "On leave", "assignee": user("karim"), "let_in": true });
    crate::people::call(&w, &token, "POST", &path, "", body).await.is(200);
    let mine = crate::people::call(&w, &token, "GET", "/api/v1/tasks", "", json!(null)).await;
    let mine: serde_json::Value = serde_json::from_str(&mine.body).expect("JSON");
    assert_eq!(mine["handed_on"][0]["handed_reason"], json!("On leave"));
    assert_eq!(mine["handed_on"][0]["assignee"], json!(user("karim")));
    crate::people::call(&w, &token, "POST", &format!("/api/v1/tasks/{task}/return"), "", json!({ "reason": "x" })).await.is(403);
}

#[tokio::test]
async fn a_task_that_comes_again_is_made_once_when_the_last_is_done_or_its_day_comes() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let due = w.in_days(1);
    let weekly = [("title", "Weekly call"), ("due_at", due.as_str()), ("step", "weeks"), ("every", "1")];
    w.amina.post(format!("{case}/tasks"), weekly).await.is(422).shows("the last day, or how many times");
    let never = [weekly[0], weekly[1], weekly[2], ("every", "-1"), ("times", "4")];
    w.amina.post(format!("{case}/tasks"), never).await.is(422).shows("A whole number from 1 to 365");
    w.amina.post(format!("{case}/tasks"), weekly.iter().chain(&[("times", "4")]).copied().collect::<Vec<_>>()).await.redirects();
    w.amina.get(&case).await.shows("Comes again").shows("Weekly call · every week");
    let made = "tasks where title = 'Weekly call'";
    assert_eq!(w.count(made).await, 1);
    let task = w.value("select id::text from tasks where title = 'Weekly call'").await;
    w.amina.post(format!("/tasks/{task}/done"), [("back", "")]).await.redirects();
    assert_eq!(w.count(made).await, 2, "done early, the next one is there at once");
    w.after(TimeDelta::days(1)).await;
    assert_eq!(w.count(made).await, 2, "nothing comes before its day");
    w.after(TimeDelta::days(14)).await;
    w.after(TimeDelta::minutes(1)).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.count(made).await, 3, "its day came, once, although the one before is open");
    let end = w.amina.get(&case).await.link("/task-series/");
    w.odd.post(&end, [("", "")]).await.is(404);
    w.amina.post(&end, [("", "")]).await.redirects();
    w.after(TimeDelta::days(30)).await;
    assert_eq!(w.count(made).await, 3);
    w.amina.get(&case).await.lacks("Comes again");
}

#[tokio::test]
async fn what_comes_again_ends_with_its_case_and_is_read_by_a_program() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "low")]).await;
    let token = w.token(&w.amina).await;
    let due = format!("{}:00Z", w.in_days(60));
    let body = json!({ "title": "Weekly call", "due_at": due, "repeat": { "every": 2, "step": "weeks", "times": 3 } });
    crate::people::call(&w, &token, "POST", &format!("/api/v1{case}/tasks"), "", body).await.is(201);
    let series = async || {
        let seen = crate::people::call(&w, &token, "GET", &format!("/api/v1{case}/task-series"), "", json!(null)).await;
        serde_json::from_str::<serde_json::Value>(&seen.body).expect("JSON")
    };
    let first = series().await;
    assert_eq!((&first[0]["every"], &first[0]["step"], &first[0]["made"]), (&json!(2), &json!("weeks"), &json!(1)));
    let version = w.value(&format!("select version::text from cases where id = '{}'", id(&case))).await;
    let closing =
        [("reason", "needs_met"), ("discussed", "true"), ("reviewed", "true"), ("way_back", "true"), ("way_back_how", "spoken")];
    w.amina
        .post(format!("{case}/closure"), closing.iter().chain(&[("version", version.as_str())]).copied().collect::<Vec<_>>())
        .await
        .redirects();
    // In child protection a second person approves.
    w.bruno.post(format!("{case}/closing/approval"), [("version", "1")]).await.redirects();
    assert_eq!(series().await, json!([]));
}

// Bruno is the named supervisor of a case.
async fn named(w: &World, case: &str) {
    w.sql(&format!("update cases set supervisor = '{}' where id = '{}'", user("bruno"), id(case))).await;
}

// Amina's plan in a child's case whose named supervisor is Bruno, put forward; answers the plan.
async fn put_forward(w: &World) -> String {
    let (case, person) = assessed(w, CHILD).await;
    named(w, &case).await;
    let plan = written(w, &case, &person).await;
    step(w, &w.amina, &plan, "proposal", &[]).await.redirects();
    plan
}

// Who is asked to approve the plan, assessment or closure that waits.
const APPROVER: &str = "select coalesce((select u.login from tasks t join users u on u.id = t.assignee where t.kind like 'approve_%' and t.done_at is null), 'nobody')";

// Amina, who may approve nothing, covers for Bruno, as Carol arranged it.
async fn bruno_is_away(w: &World) {
    let today = w.ground.clock.now().date_naive();
    let (worker, colleague) = (user("bruno").to_string(), user("amina").to_string());
    let (from, until) = (today.to_string(), (today + TimeDelta::days(20)).to_string());
    let cover = [("worker", worker.as_str()), ("colleague", &colleague), ("from_on", &from), ("until_on", &until)];
    w.browser("carol").await.post("/covers", cover).await.redirects();
}

#[tokio::test]
async fn an_approval_goes_to_a_stand_in_while_the_supervisor_is_away_and_never_to_who_wrote_it() {
    let w = World::new().await;
    w.member("carol", 1, "coordinator").await;
    let carol = w.browser("carol").await;
    let plan = put_forward(&w).await;
    assert_eq!(w.value(APPROVER).await, "bruno");
    // The nearest above stands in.
    bruno_is_away(&w).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.value(APPROVER).await, "carol");
    carol.get("/").await.shows("Approve a plan");
    // Had Carol written in it too, nobody would be left, and it waits for Bruno.
    w.sql(&format!("update tasks set assignee = '{}' where kind = 'approve_plan'", user("bruno"))).await;
    w.sql(&format!("update plans set writers = writers || '{}'::uuid", user("carol"))).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.value(APPROVER).await, "bruno");
    w.sql(&format!("update plans set writers = array_remove(writers, '{}'::uuid)", user("carol"))).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.value(APPROVER).await, "carol");
    step(&w, &carol, &plan, "approval", &[("remark", "Good.")]).await.redirects();
    w.amina.get(&plan).await.shows("Approved").shows("Carol · ");
}

#[tokio::test]
async fn an_approver_is_reminded_before_the_day_and_past_it_the_approval_goes_further_up() {
    let w = World::new().await;
    w.member("carol", 1, "coordinator").await;
    let carol = w.browser("carol").await;
    put_forward(&w).await;
    assert_eq!(w.count(REMINDED_BEFORE).await, 1);
    w.sql("update tasks set due_at = now() + interval '6 hours', remind_at = now() + interval '2 hours' where kind = 'approve_plan'").await;
    w.after(TimeDelta::hours(3)).await;
    w.after(TimeDelta::minutes(1)).await;
    w.bruno.get("/notifications?kind=tasks&due=all").await.shows("An approval is due soon");
    assert_eq!(w.count("facts where kind = 'approval.due_soon'").await, 1);
    assert_eq!(w.value(APPROVER).await, "bruno");
    w.after(TimeDelta::hours(4)).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.value(APPROVER).await, "carol");
    assert_eq!(w.count("facts where kind = 'approval.escalated'").await, 1, "it goes up once");
    carol.get("/notifications?kind=tasks&due=all").await.shows("went further up");
    w.bruno.get("/notifications?kind=tasks&due=all").await.shows("went further up");
}

// The approval that waits, with a reminder before its day.
const REMINDED_BEFORE: &str = "tasks where kind like 'approve_%' and done_at is null and remind_at < due_at";

// What Bruno is to approve: he is reminded before its day, and while he is away Carol is asked, under this word.
async fn keeps_moving(w: &World, word: &str) {
    w.member("carol", 1, "coordinator").await;
    assert_eq!(w.value(APPROVER).await, "bruno");
    assert_eq!(w.count(REMINDED_BEFORE).await, 1);
    w.sql("update tasks set due_at = now() + interval '6 hours', remind_at = now() + interval '2 hours' where kind like 'approve_%'").await;
    w.after(TimeDelta::hours(3)).await;
    w.after(TimeDelta::minutes(1)).await;
    w.bruno.get("/notifications?kind=tasks&due=all").await.shows("An approval is due soon");
    assert_eq!(w.count("facts where kind = 'approval.due_soon'").await, 1);
    bruno_is_away(w).await;
    w.after(TimeDelta::minutes(1)).await;
    assert_eq!(w.value(APPROVER).await, "carol");
    w.browser("carol").await.get("/").await.shows(word);
}

#[tokio::test]
async fn the_approval_of_an_assessment_does_not_stall() {
    let w = World::new().await;
    let case = alone(&w, CHILD).await;
    named(&w, &case).await;
    let round = begun(&w.amina, &case, "member_analysis").await;
    said(&w, &w.amina, &round, &[("sleeping", "home"), ("danger_now", "no"), ("safer", "She walks with a friend.")]).await;
    finalised(&w, &w.amina, &round, "low", "").await.redirects();
    keeps_moving(&w, "Approve an assessment").await;
}

#[tokio::test]
async fn the_approval_of_a_closing_does_not_stall() {
    let w = World::new().await;
    let case = alone(&w, CHILD).await;
    named(&w, &case).await;
    closes(&w, &w.amina, &case, &[("reason", "needs_met"), ("explanation", "She is at home and well.")]).await.redirects();
    keeps_moving(&w, "Approve that a case is closed").await;
}

// Bruno is asked to review the safety of whom this case is about.
async fn review_of(w: &World, case: &str) -> uuid::Uuid {
    let task = uuid::Uuid::now_v7();
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         values ('{task}', 'safety_review', '{}', 1, {FIELD}, '{}', '', now() + interval '1 day')",
        id(case),
        user("bruno")
    ))
    .await;
    task
}

#[tokio::test]
async fn s23_a_safety_review_goes_only_to_who_supervises_and_never_to_the_keeper() {
    let w = World::new().await;
    w.member("farah", FIELD, "supervisor").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let task = review_of(&w, &case).await;
    let page = w.bruno.get(format!("/tasks/{task}/handing")).await;
    page.is(200).shows("Farah").lacks("Amina Haddad");
    let to = |login: &str| [("assignee", user(login).to_string()), ("reason", "I am on leave".to_owned())];
    w.bruno.post(format!("/tasks/{task}/handing"), to("amina")).await.is(422);
    w.bruno.post(format!("/tasks/{task}/handing"), to("farah")).await.redirects();
    w.sql(&format!("update tasks set handed_by = null, handed_reason = '' where id = '{task}'")).await;
    let farah = w.browser("farah").await;
    farah.get(format!("/tasks/{task}/handing")).await.is(200).shows("Bruno Costa");
    // Bruno supervises as well, but keeps the case now: neither is it handed to him, nor does he take one that lies in the inbox.
    w.sql(&format!("update cases set case_manager = '{}' where id = '{}'", user("bruno"), id(&case))).await;
    farah.get(format!("/tasks/{task}/handing")).await.is(200).lacks("Bruno Costa");
    farah.post(format!("/tasks/{task}/handing"), to("bruno")).await.is(422);
    w.sql(&format!("update tasks set assignee = null where id = '{task}'")).await;
    w.bruno.post(format!("/tasks/{task}/assignment"), [("assignee", user("bruno").to_string())]).await.is(422);
}

#[tokio::test]
async fn what_a_supervisor_does_is_handed_on_only_where_there_is_another_one() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let task = review_of(&w, &case).await;
    let handing = format!("/tasks/{task}/handing");
    w.bruno.get("/").await.shows("No contact for a long time: review").lacks(&handing);
    w.bruno.get(&handing).await.is(200).shows("only another supervisor").lacks("name=\"assignee\"");
    w.member("farah", FIELD, "supervisor").await;
    w.bruno.get("/").await.link(&handing);
    w.bruno.get(&handing).await.shows("Farah").lacks("only another supervisor");
}
