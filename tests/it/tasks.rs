//! Tasks and the clocks behind them.
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::{FIELD, user};

async fn tick(w: &World) {
    w.sql("delete from jobs").await;
    throughcare::worker::tick(&w.ground).await.expect("the minute's work is left");
    w.work_off().await;
}

#[tokio::test]
async fn s21_a_high_risk_without_a_safety_action_reaches_the_supervisor_once() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "high")]).await;
    w.amina.get(&case).await.shows("No safety action is logged").shows("Take a safety action");
    tick(&w).await;
    w.bruno.get("/").await.lacks("High risk without a safety action");
    w.sql("update tasks set remind_at = now() - interval '1 minute' where kind = 'safety_action'").await;
    tick(&w).await;
    tick(&w).await;
    assert_eq!(w.value("select count(*)::text from facts where kind = 'case.safety_action_missing'").await, "1");
    w.bruno.get("/").await.shows("High risk without a safety action");
    w.amina.post(format!("{case}/notes"), [("kind", "safety_action"), ("body", "Moved to her sister.")]).await.redirects();
    w.amina.get(&case).await.lacks("No safety action is logged");
}

#[tokio::test]
async fn s21_each_risk_level_sets_the_next_follow_up() {
    let w = World::new().await;
    for (risk, hours) in [("high", "48"), ("moderate", "72"), ("low", "240")] {
        let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", risk)]).await;
        let id = case.trim_start_matches("/cases/");
        let due = format!(
            "select round(extract(epoch from t.due_at - c.opened_at) / 3600)::int::text from tasks t join cases c on c.id = t.case_id
             where c.id = '{id}' and t.kind = 'follow_up'"
        );
        assert_eq!(w.value(&due).await, hours, "{risk}");
    }
}

#[tokio::test]
async fn s21_a_missed_follow_up_at_high_risk_reaches_the_supervisor_and_no_other_does() {
    let w = World::new().await;
    let high = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "high")]).await;
    let low = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Sami Noor").await, &[("risk", "low")]).await;
    let code = async |case: &str| w.value(&format!("select code from cases where id = '{}'", crate::plans::id(case))).await;
    let (high, low) = (code(&high).await, code(&low).await);
    w.after(chrono::TimeDelta::hours(47)).await;
    w.bruno.get("/notifications?kind=tasks").await.lacks("A task is overdue: Follow-up");
    w.after(chrono::TimeDelta::hours(2)).await;
    for reader in [&w.amina, &w.bruno] {
        reader.get("/notifications?kind=tasks").await.shows("A task is overdue: Follow-up").shows(&high).lacks(&low);
    }
    w.after(chrono::TimeDelta::days(9)).await;
    w.amina.get("/notifications?kind=tasks").await.shows(&low);
    w.bruno.get("/notifications?kind=tasks").await.shows(&high).lacks(&low);
}

#[tokio::test]
async fn what_is_overdue_is_told_once_and_done_with_one_tap() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.sql("update tasks set kind = 'own', title = 'Ring the school'").await;
    w.amina.get("/").await.lacks("Overdue");
    w.sql("update tasks set due_at = now() - interval '3 hours', overdue_at = now() - interval '3 hours'").await;
    tick(&w).await;
    tick(&w).await;
    assert_eq!(w.value("select count(*)::text from facts where kind = 'task.overdue'").await, "1");
    let page = w.amina.get("/").await;
    page.shows("Overdue").shows("Ring the school");
    assert!(
        w.amina.get(&case).await.body.contains("name=\"back\" value=\"case\""),
        "the page of the case says where it was tapped"
    );
    let to = w.amina.post(page.link("/tasks/"), [("back", "case")]).await.redirects();
    assert_eq!(to, case);
    w.amina.get("/").await.shows("Nothing waits for you");
}

// The level of risk is enforced: a follow-up ends only with what came of it, and the next one begins there (DOMAIN section 2).
#[tokio::test]
async fn s21_a_follow_up_is_done_by_writing_what_came_of_it() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let open = "select string_agg(id::text, ' ') from tasks where kind = 'follow_up' and done_at is null";
    let task = w.value(open).await;
    w.amina.post(format!("/tasks/{task}/done"), [("back", "")]).await.is(409).shows("done by the work itself");
    w.amina.get("/").await.shows("Write what came of it").link(&format!("{case}/notes?kind=contact"));
    w.amina.post(format!("{case}/notes"), [("kind", "contact_attempt"), ("body", "Nobody answered.")]).await.redirects();
    assert_eq!(w.value(open).await, task, "an attempt is no contact");
    w.amina.post(format!("{case}/notes"), [("kind", "contact"), ("body", "She is well.")]).await.redirects();
    let next = w.value(open).await;
    assert!(next != task && !next.contains(' '), "{next}");
}

#[tokio::test]
async fn whoever_is_given_a_task_hears_of_it_and_again_when_it_is_overdue() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let amina = throughcare::platform::ids::UserId::to_string(&crate::support::world::user("amina"));
    let due = w.in_days(20);
    let fields = [("title", "Ring the school"), ("due_at", due.as_str()), ("assignee", amina.as_str())];
    w.bruno.post(format!("{case}/tasks"), fields).await.redirects();
    w.work_off().await;
    w.amina
        .get("/notifications?kind=tasks")
        .await
        .shows("A new task for you: Ring the school")
        .lacks("A task is overdue")
        .lacks("Dana");
    w.sql("update tasks set due_at = now() - interval '1 day' where title = 'Ring the school'").await;
    tick(&w).await;
    w.amina.get("/notifications?kind=tasks").await.shows("A task is overdue: Ring the school");
    w.bruno.get("/notifications?kind=tasks").await.lacks("Ring the school");
}

#[tokio::test]
async fn a_task_is_due_from_today_on_and_within_two_years() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let tasks = format!("{case}/tasks");
    let never = [("title", "Ring the school"), ("due_at", "2099-01-15T09:00")];
    w.amina.post(&tasks, [("title", "Ring the school"), ("due_at", "2020-01-01T09:00")]).await.is(422).shows("lies in the past");
    w.amina.post(&tasks, never).await.is(422).shows("This lies too far ahead").keeps("Ring the school");
    w.amina.post(&tasks, [("title", "Ring the school"), ("due_at", &w.in_days(740))]).await.is(422);
    w.amina.post(&tasks, [("title", "Ring the school"), ("due_at", &w.in_days(729))]).await.redirects();
    w.amina.get(&case).await.shows("Ring the school");
}

#[tokio::test]
async fn s09_a_task_of_a_case_is_given_to_nobody_who_does_not_work_on_such_cases() {
    let w = World::new().await;
    let dana = w.known_person("Dana Saleh").await;
    let case = w.case(&w.bruno, 1, dana, &[]).await;
    let token = w.token(&w.bruno).await;
    for (login, status) in [("odd", 422), ("ada", 422), ("amina", 201)] {
        let task =
            serde_json::json!({ "title": "Call back", "due_at": format!("{}:00Z", w.in_days(60)), "assignee": user(login) });
        let path = format!("/api/v1{case}/tasks");
        crate::people::call(&w, &token, "POST", &path, "", task).await.is(status);
    }
    let task = w.value("select id::text from tasks where title = 'Call back'").await;
    w.bruno.post(format!("/tasks/{task}/assignment"), [("assignee", user("ada").to_string())]).await.is(422);
}

#[tokio::test]
async fn s11_a_task_that_its_holder_no_longer_sees_is_not_told_of_either() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let amina = crate::support::world::user("amina").to_string();
    let due = w.in_days(60);
    let fields = [("title", "Ring the school"), ("due_at", due.as_str()), ("assignee", amina.as_str())];
    w.bruno.post(format!("{case}/tasks"), fields).await.redirects();
    w.work_off().await;
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!("insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id}', '{amina}', 'relative')"))
        .await;
    w.amina.get("/notifications").await.lacks("Ring the school");
}

#[tokio::test]
async fn a_kind_that_the_reader_keeps_quiet_is_not_told() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.post("/account/notifications", [("kinds", "task_overdue")]).await.redirects();
    let amina = crate::support::world::user("amina").to_string();
    let due = w.in_days(60);
    let fields = [("title", "Ring the school"), ("due_at", due.as_str()), ("assignee", amina.as_str())];
    w.bruno.post(format!("{case}/tasks"), fields).await.redirects();
    w.sql("update tasks set due_at = now() - interval '1 day' where title = 'Ring the school'").await;
    tick(&w).await;
    w.amina.get("/notifications").await.lacks("A new task for you").shows("A task is overdue");
}

#[tokio::test]
async fn a_case_given_to_somebody_leaves_the_inbox_and_its_time_begins_for_them() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let version = w.bruno.get(format!("{case}/assignment")).await.marked("version");
    w.bruno.post(format!("{case}/assignment"), [("manager", ""), ("version", &version)]).await.redirects();
    w.bruno.get("/").await.shows("Take up this case").shows("I take this");
    w.sql("update tasks set due_at = now() - interval '3 hours' where kind = 'take_up'").await;
    let version = w.bruno.get(format!("{case}/assignment")).await.marked("version");
    let amina = user("amina").to_string();
    w.bruno.post(format!("{case}/assignment"), [("manager", amina.as_str()), ("version", &version)]).await.redirects();
    w.bruno.get("/").await.lacks("Take up this case");
    w.amina.get("/").await.shows("Take up this case");
    let open = "tasks where kind = 'take_up' and done_at is null";
    assert_eq!(w.count(open).await, 1);
    assert_eq!(w.count(&format!("{open} and due_at > now() and assignee = '{amina}'")).await, 1);
    w.amina.get(&case).await.shows("Assigned to Amina Haddad").shows("Bruno Costa");
}

#[tokio::test]
async fn s21_an_older_contact_written_late_pulls_back_no_follow_up() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "high")]).await;
    let due = "select due_at::text from tasks where kind = 'follow_up' and done_at is null";
    let before = w.value(due).await;
    let (on, why) = (w.in_days(-7), ("late_reason", "First on paper"));
    let contact = [("kind", "contact"), ("body", "Met at the gate."), ("happened_at", on.as_str()), why];
    w.amina.post(format!("{case}/notes"), contact).await.redirects();
    assert_eq!(w.count("tasks where kind = 'follow_up'").await, 2);
    assert_eq!(w.value(due).await, before);
}

#[tokio::test]
async fn s21_setting_the_same_level_again_leaves_an_overdue_follow_up_as_it_is() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "moderate")]).await;
    let late = "due_at = now() - interval '2 days', overdue_at = now() - interval '2 days'";
    w.sql(&format!("update tasks set {late} where kind = 'follow_up'")).await;
    for (risk, made) in [("moderate", 1), ("high", 1)] {
        let version = w.amina.get(format!("{case}/risk")).await.marked("version");
        w.amina.post(format!("{case}/risk"), [("risk", risk), ("version", &version)]).await.redirects();
        assert_eq!(w.count("tasks where kind = 'follow_up'").await, made, "{risk} buys no time");
        w.amina.get(&case).await.shows("overdue by 2 days");
    }
}

#[tokio::test]
async fn a_case_is_overdue_in_the_list_when_it_is_for_its_keeper_or_the_reader_and_not_for_a_colleague() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "moderate")]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    let late = "due_at = now() - interval '2 days', overdue_at = now() - interval '2 days'";
    w.sql(&format!("update tasks set {late}, assignee = '{}'", user("bruno"))).await;
    w.amina.get("/").await.lacks("overdue by");
    w.amina.get("/cases?overdue=yes").await.lacks(&code);
    w.amina.get("/cases?keeper=all&overdue=yes").await.lacks(&code);
    w.bruno.get("/").await.shows("overdue by 2 days");
    w.bruno.get("/cases?keeper=all&overdue=yes").await.shows(&code).shows("overdue by 2 days");
    w.bruno.get("/team").await.shows("With something overdue 0");
    w.sql(&format!("update tasks set assignee = '{}'", user("amina"))).await;
    w.amina.get("/").await.shows("overdue by 2 days");
    w.amina.get("/cases?overdue=yes").await.shows(&code).shows("overdue by 2 days");
    w.bruno.get("/team").await.shows("With something overdue 1");
    // What lies in the unit's inbox is for whoever keeps the case to see to (S21).
    w.sql("update tasks set assignee = null").await;
    w.bruno.get("/cases?keeper=all&overdue=yes").await.shows(&code).shows("overdue by 2 days");
    w.bruno.get("/team").await.shows("With something overdue 1");
    w.sql("update tasks set overdue_at = now() + interval '1 day'").await;
    w.bruno.get("/cases?keeper=all&overdue=yes").await.lacks(&code);
    // Its time has come, and the row says from when it is late.
    w.sql(&format!("update tasks set assignee = '{}'", user("amina"))).await;
    w.amina.get("/").await.shows("Due 2 days ago, late from");
}

// A case at high risk that Amina left in the inbox of her unit.
async fn waits(w: &World) -> String {
    let (dana, kind) = (w.known_person("Dana Aziz").await.to_string(), CHILD_PROTECTION.to_string());
    let fields = [
        ("person", dana.as_str()),
        ("case_type", &kind),
        ("intake_source", "self"),
        ("priority", "normal"),
        ("risk", "high"),
        ("keeper", "inbox"),
        ("limits_explained_on", "2026-01-15"),
    ];
    w.amina.post("/cases/new", fields).await.redirects();
    w.value("select '/cases/' || id from cases").await
}

#[tokio::test]
async fn s21_the_clocks_of_a_case_that_waits_go_to_whoever_gets_it_and_what_a_supervisor_does_stays() {
    let w = World::new().await;
    let basma = w.member("basma", FIELD, "case_worker").await.to_string();
    let case = waits(&w).await;
    let id = crate::plans::id(&case);
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, due_at) values (gen_random_uuid(), 'safety_review', '{id}', 0, 0, now())"
    ))
    .await;
    let version = w.bruno.get(format!("{case}/assignment")).await.marked("version");
    w.bruno.post(format!("{case}/assignment"), [("manager", basma.as_str()), ("version", &version)]).await.redirects();
    let hers = format!("tasks where assignee = '{basma}' and kind in ('take_up', 'safety_action', 'follow_up')");
    assert_eq!(w.count(&hers).await, 3);
    assert_eq!(w.count("tasks where kind = 'safety_review' and assignee is null").await, 1);
    let keeper = w.browser("basma").await;
    for page in ["/", case.as_str()] {
        keeper.get(page).await.shows("Take a safety action").shows("Follow-up");
    }
}

#[tokio::test]
async fn whoever_takes_up_a_case_from_the_inbox_keeps_it_and_has_its_clocks() {
    let w = World::new().await;
    let case = waits(&w).await;
    let task = w.value("select id::text from tasks where kind = 'take_up'").await;
    let alone = serde_json::json!({});
    let program = w.bruno.program().await;
    program.call("POST", &format!("/api/v1/tasks/{task}/assignment"), Some(&alone)).await.is(409);
    let way = w.bruno.post(format!("/tasks/{task}/assignment"), [("", "")]).await.redirects();
    let (asked, bruno) = (w.bruno.get(&way).await, user("bruno").to_string());
    assert!(asked.body.contains(&format!("value=\"{bruno}\" selected")), "{}", asked.body);
    let version = asked.marked("version");
    w.bruno.post(format!("{case}/assignment"), [("manager", bruno.as_str()), ("version", &version)]).await.redirects();
    assert_eq!(w.count(&format!("cases where case_manager = '{bruno}'")).await, 1);
    let his = format!("tasks where assignee = '{bruno}' and done_at is null and kind in ('safety_action', 'follow_up')");
    assert_eq!((w.count(&his).await, w.count("tasks where kind = 'take_up' and done_at is null").await), (2, 0));
}

#[tokio::test]
async fn s21_of_what_is_overdue_a_day_begins_with_the_safety_of_whoever_is_at_high_risk() {
    let w = World::new().await;
    w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "high")]).await;
    let low = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Sami Noor").await, &[("risk", "low")]).await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         select gen_random_uuid(), 'own', '{}', 0, 0, '{}', 'Paper ' || n, now() - interval '20 days' from generate_series(1, 6) n",
        crate::plans::id(&low),
        user("amina")
    ))
    .await;
    w.after(chrono::TimeDelta::days(3)).await;
    let day = w.amina.get("/").await;
    let place = |day: &Seen, words: &str| day.body.find(words).unwrap_or_else(|| panic!("{words} is not there"));
    assert!(place(&day, "Take a safety action") < place(&day, "Paper "), "{}", day.text());
    assert!(place(&day, "Follow-up") < place(&day, "Paper "), "{}", day.text());
    day.shows("Emergency or high");
    // The follow-up of a risk that is lower by now waits behind what is later.
    w.sql("update cases set risk = 'low'").await;
    let day = w.amina.get("/").await;
    assert!(place(&day, "Follow-up") > place(&day, "Paper "), "{}", day.text());
}

#[tokio::test]
async fn s13_what_referrals_wait_for_is_told_apart_by_service_and_in_a_restricted_case_by_code() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.key_of(sent.case).await;
    let other = w.referred(sent.case, sent.person, user("amina")).await;
    let hidden = w.sent(GBV).await;
    w.sql(&format!(
        "update referrals set service_name = 'Eye clinic' where id = '{}';
         insert into tasks (id, kind, case_id, referral_id, org, unit, assignee, due_at)
         select gen_random_uuid(), 'referral_ask_person', c.id, r.id, 0, 0, c.case_manager, now() from referrals r join cases c on c.id = r.case_id",
        other.id
    ))
    .await;
    for page in ["/".to_owned(), format!("/cases/{}", sent.case)] {
        let seen = w.amina.get(&page).await;
        seen.shows("Ask whether the service came: Day clinic").shows("Ask whether the service came: Eye clinic");
        assert!(seen.body.contains("\u{2068}Eye clinic\u{2069}"), "a name is set apart, whichever way it is written");
    }
    w.salma.get("/").await.shows(&format!("Ask whether the service came: {}", hidden.code)).lacks("Day clinic");
}
