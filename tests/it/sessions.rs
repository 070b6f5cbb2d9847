//! Sessions of supervision: whose is due, what is decided, and what stays between the two who met.
use serde_json::json;

use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::GBV;
use crate::support::world::{FIELD, user};

async fn child(w: &World) -> String {
    let person = w.known_person("Dana Saleh").await;
    w.case(&w.amina, CHILD_PROTECTION, person, &[]).await
}

// Bruno meets Amina alone; answers the address of the session.
async fn met(w: &World, case: &str) -> String {
    let (amina, case) = (user("amina").to_string(), case.trim_start_matches("/cases/"));
    let fields = [("kind", "individual"), ("workers", amina.as_str()), ("cases", case)];
    w.bruno.post("/team/sessions", fields).await.redirects()
}

#[tokio::test]
async fn high_risk_is_discussed_every_week_and_the_rest_every_two() {
    let w = World::new().await;
    let case = child(&w).await;
    w.bruno.get("/team/sessions").await.shows("Amina Haddad").shows("Never").lacks("Overdue");
    w.sql("update cases set opened_at = now() - interval '8 days', risk = 'moderate'").await;
    w.bruno.get("/team/sessions").await.lacks("Overdue since");
    w.sql("update cases set risk = 'high'").await;
    let list = w.bruno.get("/team/sessions").await;
    list.shows("Overdue since").lacks("Dana");
    list.link("/team/sessions/new?kind=individual");
    let new = format!("/team/sessions/new?kind=individual&workers={}", user("amina"));
    w.bruno.get(new).await.shows("Cases discussed").shows("Child protection").lacks("Dana");
    met(&w, &case).await;
    w.bruno.get("/team/sessions").await.lacks("Overdue since");
    // A worker sees what they took part in, and nobody's turn.
    w.amina.get("/team/sessions").await.shows("Individual").shows("Bruno Costa").lacks("Whose session is due");
    w.amina.get("/team/sessions/new").await.is(403);
    w.odd.get("/team/sessions").await.lacks("Amina");
}

#[tokio::test]
async fn of_many_open_cases_high_risk_comes_first_and_the_rest_is_reached_by_its_code() {
    let w = World::new().await;
    let code_of = async |case: &str| {
        let id = case.trim_start_matches("/cases/");
        w.value(&format!("select code from cases where id = '{id}'")).await
    };
    let high = child(&w).await;
    let id = high.trim_start_matches("/cases/");
    w.sql(&format!(
        "update cases set risk = 'high' where id = '{id}';
         insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at, risk)
           select gen_random_uuid(), 'C-OLD-' || n, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source,
             now() - interval '30 days', 'low' from cases, generate_series(1, 45) n where id = '{id}'"
    ))
    .await;
    let last = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Rima Noor").await, &[]).await;
    let (high, last) = (code_of(&high).await, code_of(&last).await);
    let amina = user("amina").to_string();
    let page = w.bruno.get(format!("/team/sessions/new?kind=individual&workers={amina}")).await;
    page.shows(&high).lacks(&last).shows("More open cases of theirs that do not stand above: 7");
    let met = [("kind", "individual"), ("workers", amina.as_str())];
    w.bruno
        .post("/team/sessions", [&met[..], &[("more", "C-0000")]].concat())
        .await
        .is(422)
        .shows("You see no case with this code");
    let path = w.bruno.post("/team/sessions", [&met[..], &[("more", last.as_str())]].concat()).await.redirects();
    w.bruno.get(&path).await.shows(&last);
}

#[tokio::test]
async fn a_session_has_the_company_of_its_kind_and_says_why_it_is_late() {
    let w = World::new().await;
    child(&w).await;
    let amina = user("amina").to_string();
    let group = [("kind", "group"), ("workers", amina.as_str())];
    w.bruno.post("/team/sessions", group).await.is(422).shows("at least two workers");
    w.bruno.post("/team/sessions", [("kind", "case_discussion"), ("workers", &amina)]).await.is(422);
    let late = [("kind", "individual"), ("workers", amina.as_str()), ("happened_at", "2026-01-01T10:00")];
    w.bruno.post("/team/sessions", late).await.is(422);
    let path = w.bruno.post("/team/sessions", [&late[..], &[("late_reason", "Power cut")]].concat()).await.redirects();
    w.bruno.get(&path).await.shows("Power cut");
    // Not with oneself, and not with somebody of another organisation.
    for other in ["bruno", "odd", "chen"] {
        w.bruno.post("/team/sessions", [("kind", "individual"), ("workers", &user(other).to_string())]).await.is(422);
    }
}

#[tokio::test]
async fn what_is_decided_becomes_a_task_of_the_case() {
    let w = World::new().await;
    let case = child(&w).await;
    let path = met(&w, &case).await;
    let decisions = format!("{path}/decisions");
    let id = case.trim_start_matches("/cases/");
    let day = w.in_days(60);
    let decided = [("case", id), ("words", "Visit the school"), ("due_on", &day[..10])];
    w.bruno.post(&decisions, [("case", id), ("words", "Visit the school")]).await.is(422).keeps("Visit the school");
    let far = [("case", id), ("words", "Visit the school"), ("due_on", "2099-03-01")];
    w.bruno.post(&decisions, far).await.is(422).shows("This lies too far ahead").keeps("Visit the school");
    assert_eq!(w.bruno.post(&decisions, decided).await.redirects(), path);
    w.amina.get("/").await.shows("Visit the school");
    w.amina.get(&path).await.shows("Visit the school").shows("To do by").lacks("Make it a task");
    w.amina.post(&decisions, decided).await.is(403);
    w.odd.post(&decisions, decided).await.is(404);
    w.pia.get(&path).await.is(404);
    let program = w.bruno.program().await;
    let read: serde_json::Value = serde_json::from_str(&program.get(format!("/api/v1{path}")).await.body).expect("json");
    assert_eq!((&read["decisions"][0]["words"], &read["cases"][0]), (&json!("Visit the school"), &json!(id)));
    let due: serde_json::Value = serde_json::from_str(&program.get("/api/v1/team/sessions-due").await.body).expect("json");
    assert_eq!((&due[0]["name"], &due[0]["cases"]), (&json!("Amina Haddad"), &json!(1)));
    let other = json!({ "kind": "shadowing", "workers": [user("amina")] });
    assert_eq!(program.call("POST", "/api/v1/team/sessions", Some(&other)).await.status, 201);
}

#[tokio::test]
async fn a_note_on_how_the_worker_is_stays_between_the_two() {
    let w = World::new().await;
    let case = child(&w).await;
    let path = met(&w, &case).await;
    let notes = format!("{path}/wellbeing");
    w.bruno.get(&path).await.link(&notes);
    w.bruno.post(&notes, [("words", "Sleeps badly; will take Friday off.")]).await.redirects();
    w.amina.get(&notes).await.shows("Sleeps badly").shows("Bruno Costa");
    w.amina.post(&notes, [("words", "Better now.")]).await.redirects();
    w.bruno.get(&notes).await.shows("Better now.");
    assert_eq!(w.count("wellbeing_notes where position('badly'::bytea in body) > 0").await, 0);
    assert_eq!(w.count("facts where kind like '%wellbeing%' or note::text like '%wellbeing%'").await, 0);
    w.member("cora", 1, "coordinator").await;
    w.member("carla", FIELD, "supervisor").await;
    let (cora, carla) = (w.browser("cora").await, w.browser("carla").await);
    // Whoever supervises the unit knows that there was a session, and no more.
    for somebody in [&cora, &carla] {
        somebody.get(&path).await.is(200).lacks("How the worker is");
    }
    for somebody in [&cora, &carla, &w.ada, &w.pia, &w.salma, &w.chen, &w.odd] {
        somebody.get(&notes).await.is(404);
        somebody.post(&notes, [("words", "x")]).await.is(404);
    }
    let program = cora.program().await;
    assert_eq!(program.get(format!("/api/v1{notes}")).await.status, 404);
    let (own, words) = (w.amina.program().await, json!({ "words": "By a program." }));
    assert_eq!(own.call("POST", &format!("/api/v1{notes}"), Some(&words)).await.status, 201);
    own.get(format!("/api/v1{notes}")).await.shows("By a program.");
    assert!(!program.get(format!("/api/v1{path}")).await.body.contains("badly"));
}

#[tokio::test]
async fn in_a_group_there_are_no_such_notes() {
    let w = World::new().await;
    w.member("carla", FIELD, "case_worker").await;
    let (amina, carla) = (user("amina").to_string(), user("carla").to_string());
    let group = [("kind", "group"), ("workers", amina.as_str()), ("workers", carla.as_str())];
    let path = w.bruno.post("/team/sessions", group).await.redirects();
    w.amina.get(&path).await.shows("Carla").lacks("How the worker is");
    for somebody in [&w.bruno, &w.amina] {
        somebody.get(format!("{path}/wellbeing")).await.is(404);
        somebody.post(format!("{path}/wellbeing"), [("words", "x")]).await.is(404);
    }
}

#[tokio::test]
async fn what_a_newly_given_case_asks_counts_from_when_it_was_given() {
    let w = World::new().await;
    let case = child(&w).await;
    w.sql("update cases set opened_at = now() - interval '90 days'").await;
    w.bruno.get("/team/sessions").await.shows("Overdue since");
    w.sql(&format!(
        "insert into case_moves (id, case_id, kind, to_value, happened_at, actor_name)
         values (gen_random_uuid(), '{}', 'assigned', '{}', now() - interval '1 day', 'Bruno Costa')",
        case.trim_start_matches("/cases/"),
        user("amina")
    ))
    .await;
    w.bruno.get("/team/sessions").await.shows("Amina Haddad").lacks("Overdue since");
}

#[tokio::test]
async fn s11_a_restricted_case_that_was_discussed_is_named_to_nobody_else() {
    let w = World::new().await;
    let gita = w.gita().await;
    let person = w.known_person("Dana Saleh").await;
    let (supervisor, salma) = (user("gita").to_string(), user("salma").to_string());
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &supervisor), ("risk", "moderate")]).await;
    let id = case.trim_start_matches("/cases/");
    let code = w.value(&format!("select code from cases where id = '{id}'")).await;
    let path = gita.post("/team/sessions", [("kind", "individual"), ("workers", &salma), ("cases", id)]).await.redirects();
    gita.get(&path).await.shows(&code);
    w.salma.get(&path).await.shows(&code);
    w.bruno.get(&path).await.is(200).lacks(&code);
    // Nor does it make anybody's session due for whoever does not see it.
    w.sql("update cases set opened_at = now() - interval '90 days'").await;
    w.sql("update case_moves set happened_at = now() - interval '90 days'").await;
    w.sql("update supervision_cases set held_at = now() - interval '80 days'").await;
    gita.get("/team/sessions").await.shows("Overdue since");
    w.bruno.get("/team/sessions").await.lacks("Overdue since");
    w.bruno.get(format!("/team/sessions/new?kind=individual&workers={salma}")).await.lacks(&code);
}
