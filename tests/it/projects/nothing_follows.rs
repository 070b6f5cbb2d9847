//! Hours by week, and that nothing follows from them by itself (S25).
use serde_json::json;
use throughcare::routes;

use super::{Scene, id, noted};
use crate::plans::{agreed, step};
use crate::support::World;

#[tokio::test]
async fn hours_are_written_down_by_week_against_what_was_agreed_and_shown_at_review() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[("weekly_hours", "12")]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-04", "0"), ["10", "2", ""]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-09", "0"), ["", "", ""]).await.is(422).shows("All three are empty");
    noted(&w.amina, &placement, ("2026-02-09", "0"), ["61", "", ""]).await.is(422).keeps("61");
    noted(&w.amina, &placement, ("2026-01-26", "0"), ["8", "", ""]).await.is(422).shows("They were not expected in that week");
    noted(&w.amina, &placement, ("2090-01-02", "0"), ["8", "", ""]).await.is(422);
    noted(&w.amina, &placement, ("2026-02-09", "0"), ["6", "", "6"]).await.redirects();
    let page = w.amina.get(&placement).await;
    page.shows("16 of 24 agreed hours in the weeks written down (2)").shows("Away: 2 hours for a good reason, 6 without one");
    // What was said before stays; two who write upon one state: the second looks again.
    w.amina.get(format!("{placement}?week=2026-02-09")).await.keeps("6").keeps("2026-02-09");
    noted(&w.amina, &placement, ("2026-02-09", "1"), ["8", "4", ""]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-09", "1"), ["0", "", "12"]).await.is(422).keeps("12");
    assert_eq!(w.count("project_attendance").await, 3);
    w.amina.get(&placement).await.shows("18 of 24 agreed hours").shows("Away: 6 hours for a good reason, 0 without one");
    w.amina.get(&scene.plan).await.shows("18 of 24 agreed hours");
    step(&w, &w.amina, &scene.plan, "proposal", &[]).await.redirects();
    agreed(&w, &scene.plan, &scene.person).await;
    w.amina
        .get(format!("{}/review", scene.plan))
        .await
        .shows("Community projects so far")
        .shows("18 of 24 agreed hours")
        .shows("Attendance is never a reason to cut a benefit.");
    // A new version of the plan goes on with the place.
    let next = w.amina.post(format!("{}/plans", scene.case), [("", "")]).await.redirects();
    w.amina.get(&next).await.shows("18 of 24 agreed hours");
}

#[tokio::test]
async fn s25_nothing_follows_from_attendance_by_itself() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[]).await.redirects();
    let standing = format!(
        "select concat_ws(' ', stage, risk, priority, version, next_due_at, closed_at) from cases where id = '{}'",
        id(&scene.case)
    );
    w.work_off().await;
    let stood = w.value(&standing).await;
    let left = ["tasks", "notifications", "messages", "case_moves", "case_notes"];
    let mut before = Vec::new();
    for table in left {
        before.push(w.count(table).await);
    }
    for week in ["2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02"] {
        noted(&w.amina, &placement, (week, "0"), ["0", "0", "8"]).await.redirects();
    }
    w.work_off().await;
    for (table, count) in left.iter().zip(before) {
        assert_eq!(w.count(table).await, count, "{table}");
    }
    assert_eq!(w.value(&standing).await, stood, "the case stands as it stood");
    // The audit knows that somebody wrote, and not what.
    assert_eq!(w.count("facts where kind = 'project.attendance_noted' and (note is null or note::text !~ '[0-9]')").await, 5);
    w.amina
        .get(&placement)
        .await
        .shows("0 of 40 agreed hours")
        .shows("Attendance is never a reason to cut a benefit.")
        .shows("no list of it by name leaves the program");
}

#[tokio::test]
async fn s25_no_machine_reads_attendance_and_no_export_names_anybody() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-02", "0"), ["0", "0", "8"]).await.redirects();
    for role in ["throughcare_worker", "throughcare_figures"] {
        let reads = format!("select has_any_column_privilege('{role}', 'project_attendance', 'select')::text");
        assert_eq!(w.value(&reads).await, "false", "{role}");
    }
    // It is written one week at a time, and read on one case or one place at a time.
    let routes = routes::all();
    let of_many = |path: &str| (path.contains("attendance") || path.contains("placements")) && !path.contains('{');
    assert!(routes.recorded().iter().all(|route| !of_many(route.path)));
    assert!(routes.recorded().iter().filter(|route| route.path.contains("attendance")).all(|route| route.method == "POST"));
    let program = w.amina.program().await;
    program.get(format!("/api/v1{}/placements", scene.case)).await.is(200).shows("\"unjustified\":8").lacks("Dana");
    program.get(format!("/api/v1{placement}")).await.is(200).lacks("Dana");
    program.get("/api/v1/projects").await.is(200).shows("Town garden").lacks(&scene.person).lacks("unjustified");
}

#[tokio::test]
async fn s30_hours_are_in_ones_own_copy_and_in_nobody_elses() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-02", "0"), ["6", "2", ""]).await.redirects();
    let omar = w.known_person("Omar Saleh").await.to_string();
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{}', '{omar}', 'caregiver')",
        id(&scene.case)
    ))
    .await;
    let copy = |person: String| {
        [("sections", "projects".to_owned()), ("person", person), ("reason", "Asked for".to_owned()), ("lang", "en".to_owned())]
    };
    let own = w.amina.post(format!("{}/file", scene.case), copy(scene.person.clone())).await.redirects();
    w.amina.get(&own).await.shows("Town garden").shows("There: 6 · Away, for a good reason: 2 · Away, without one: 0");
    let other = w.amina.post(format!("{}/file", scene.case), copy(omar)).await.redirects();
    w.amina.get(&other).await.is(200).lacks("Town garden").lacks("There: 6");
}

#[tokio::test]
async fn programs_do_what_the_pages_do() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let (amina, bruno) = (w.amina.program().await, scene.coordinator.program().await);
    let offered = json!({ "unit": crate::support::world::FIELD, "title": "Library", "host": "Samra", "area": "culture", "places": 1, "weekly_hours": 8,
        "starts_on": "2026-01-05", "responsible": "Ugo Blu" });
    let made = bruno.call("POST", "/api/v1/projects", Some(&offered)).await;
    let project = serde_json::from_str::<serde_json::Value>(&made.is(201).body).expect("json")["id"].clone();
    amina.call("POST", "/api/v1/projects", Some(&offered)).await.is(403);
    let path = format!("/api/v1/projects/{}", project.as_str().expect("an id"));
    bruno.call("PUT", &path, Some(&json!({ "title": "" }))).await.is(422);
    amina.get(&path).await.is(200).shows("\"free\":1");
    let placing =
        json!({ "project": project, "person": scene.person, "line": scene.line, "weekly_hours": 10, "starts_on": "2026-02-02" });
    let placements = format!("/api/v1{}/placements", scene.case);
    let placed = amina.call("POST", &placements, Some(&placing)).await;
    let placement = serde_json::from_str::<serde_json::Value>(&placed.is(201).body).expect("json")["id"].clone();
    let placement = format!("{placements}/{}", placement.as_str().expect("an id"));
    let hours = json!({ "week": "2026-02-02", "present": 9, "justified": 1 });
    amina.call_over("POST", &format!("{placement}/attendance"), "\"0\"", Some(&hours)).await.is(200).shows("\"agreed\":10");
    amina.call_over("POST", &format!("{placement}/attendance"), "\"0\"", Some(&hours)).await.is(412);
    let exempt = json!({ "person": scene.person, "reason": "study" });
    let exempted = amina.call("POST", &format!("/api/v1{}/exemptions", scene.case), Some(&exempt)).await;
    let exemption = serde_json::from_str::<serde_json::Value>(&exempted.is(201).body).expect("json")["id"].clone();
    let end = format!("/api/v1{}/exemptions/{}/ending", scene.case, exemption.as_str().expect("an id"));
    amina.call("POST", &end, None).await.is(200).shows("[]");
    let leaving = json!({ "left_on": "2026-02-12", "reason": "health" });
    amina.call("POST", &format!("{placement}/ending"), Some(&leaving)).await.is(200).shows("\"left_reason\":\"health\"");
    bruno.call("POST", &format!("{path}/ending"), None).await.is(200);
    amina.call("POST", &placements, Some(&placing)).await.is(422);
}
