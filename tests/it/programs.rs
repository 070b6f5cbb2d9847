//! What people do on pages, programs do over REST: the board, the loop, documents, the course of a case, tasks.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use throughcare::reports::refresh;

use crate::referrals::{ALL, COVERED, answers, does, drafted, scene, sent};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::user;

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.is(200).body).expect("JSON")
}

fn column<'a>(board: &'a Value, name: &str) -> &'a Value {
    board["columns"].as_array().expect("columns").iter().find(|column| column["column"] == name).expect("the column")
}

#[tokio::test]
async fn the_board_shows_each_side_its_referrals_with_the_moves_that_are_legal() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let (sender, receiver, stranger) = (w.amina.program().await, w.chen.program().await, w.odd.program().await);
    let board = json(&sender.get("/api/v1/referrals?tab=sent").await);
    let card = &column(&board, "new")["referrals"][0];
    assert_eq!((&card["code"], &card["case_id"]), (&json!(sent.code), &json!(sent.case)));
    assert!(card["possible"].as_array().expect("acts").contains(&json!("cancel")), "{card}");
    let board = json(&receiver.get("/api/v1/referrals?tab=received&column=new").await);
    let card = &column(&board, "new")["referrals"][0];
    assert!(card["possible"].as_array().expect("acts").contains(&json!("accept")) && card["case_id"].is_null(), "{card}");
    stranger.get("/api/v1/referrals?tab=received").await.is(200).lacks(&sent.code);
    sender.get("/api/v1/referrals?tab=sent&overdue=true").await.is(200).lacks(&sent.code);
    sender.get("/api/v1/referrals?column=nowhere").await.is(422).shows("not_a_choice");
}

#[tokio::test]
async fn s07_on_the_board_no_date_tells_the_receiver_a_dispute_from_silence() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.sql(&format!(
        "update referrals set next_side = 'from', next_due_at = now() - interval '1 day', loop = 'disputed' where id = '{}'",
        sent.id
    ))
    .await;
    let board = json(&w.chen.program().await.get("/api/v1/referrals?tab=received").await);
    let card = &column(&board, "ended")["referrals"][0];
    assert_eq!((&card["code"], &card["next_due_at"], &card["loop"]), (&json!(sent.code), &Value::Null, &json!("reported_only")));
    w.chen.get("/referrals?tab=received").await.shows(&sent.code).lacks("overdue by");
    w.chen.get("/referrals?tab=received&overdue=true").await.lacks(&sent.code);
    w.amina.get("/referrals?tab=sent&overdue=true").await.shows(&sent.code);
}

#[tokio::test]
async fn a_full_column_hides_no_other_and_says_that_there_are_more() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let columns =
        "kind, case_id, from_org, from_unit, to_unit, need, area, priority, status, step, author, requested_at, last_moved_at";
    w.sql(&format!(
        "insert into referrals (id, code, {columns}, next_side, next_due_at) select gen_random_uuid(), 'R-full-' || n, {columns}, 'to',
           now() - interval '1 day' from referrals, generate_series(1, 600) n where id = '{id}';
         update referrals set status = 'accepted', step = 'scheduled', next_due_at = now() + interval '9 days' where id = '{id}'",
        id = sent.id
    ))
    .await;
    for (program, tab) in [(w.bruno.program().await, "sent"), (w.chen.program().await, "received")] {
        let board = json(&program.get(format!("/api/v1/referrals?tab={tab}")).await);
        let (new, scheduled) = (column(&board, "new"), column(&board, "scheduled"));
        assert_eq!((&new["total"], &new["more"]), (&json!(500), &json!(true)), "{tab}");
        assert_eq!((&scheduled["total"], &scheduled["more"]), (&json!(1), &json!(false)), "{tab}");
    }
    w.chen.get("/referrals?tab=received").await.shows("Sent 500+");
}

#[tokio::test]
async fn a_program_reads_the_packet_as_far_as_it_is_open_to_its_side() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let packet = format!("/api/v1{path}/packet");
    let (sender, receiver, stranger) = (w.amina.program().await, w.chen.program().await, w.odd.program().await);
    assert_eq!(sender.get(&packet).await.is(200).body, "[]", "nothing is disclosed by a draft");
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    sender.get(&packet).await.is(200).shows("Dana Saleh").shows("Stitches need care");
    let brief = json(receiver.get(&packet).await.lacks("Dana Saleh").lacks("555 7788").lacks("Stitches"));
    assert_eq!(brief[0]["full"], json!(false), "{brief}");
    stranger.get(&packet).await.is(404);
    assert_eq!(w.count("facts where kind = 'packet.opened'").await, 0);
    does(&w.chen, &path, "accept", &[]).await.redirects();
    let full = json(receiver.get(&packet).await.shows("555 7788").shows("Stitches need care"));
    let identity = full[0]["sections"].as_array().expect("sections").iter().find(|section| section["code"] == "identity");
    let lines = identity.expect("who it is")["lines"].as_array().expect("lines");
    assert!(lines.iter().any(|line| line["key"] == "name" && line["value"] == "Dana Saleh"), "{full}");
    assert_eq!(w.count("facts where kind = 'packet.opened'").await, 1);
    stranger.get(&packet).await.is(404);
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    assert_eq!(receiver.get(&packet).await.is(200).body, "[]", "nothing is open any more");
}

#[tokio::test]
async fn a_program_reads_the_moves_as_its_side_sees_them() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "acknowledge", &[]).await.redirects();
    does(&w.amina, &path, "cancel", &[("reason", "need_met")]).await.redirects();
    let moves = format!("/api/v1{path}/moves");
    let sender = json(&w.amina.program().await.get(&moves).await);
    let receiver = json(&w.chen.program().await.get(&moves).await);
    for (told, reason) in [(&sender, json!("need_met")), (&receiver, Value::Null)] {
        assert_eq!(
            (&told[0]["action"], &told[0]["reason"], &told[0]["side"]),
            (&json!("cancel"), &reason, &json!("from")),
            "{told}"
        );
        assert_eq!((&told[1]["action"], &told[1]["side"]), (&json!("acknowledge"), &json!("to")), "{told}");
        assert!(told[1]["by"].as_str().is_some_and(|by| by.contains("Clinic")), "{told}");
    }
    w.odd.program().await.get(&moves).await.is(404);
}

#[tokio::test]
async fn the_loop_tells_programs_the_figures_of_the_page() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.sent(GBV).await;
    refresh::refresh_all(&w.ground).await.expect("the counting job runs");
    let program = w.amina.program().await;
    let figures = json(&program.get("/api/v1/loop?months=3").await);
    assert_eq!(figures["months"], 3);
    for (stage, count) in [("sent", 1), ("answered", 1), ("accepted", 1), ("served", 1), ("verified", 0)] {
        assert_eq!(figures["own"][stage], count, "{stage}: {figures}");
    }
    assert_eq!(figures["by_need"][0]["value"], "health");
    program.get("/api/v1/loop/referrals?stage=served").await.is(200).shows(&sent.code).lacks("Dana");
    program.get("/api/v1/loop/referrals?stage=verified").await.is(200).lacks(&sent.code);
    w.sql("update roles set acts = array_remove(acts, 'report.loop') where code = 'case_worker'").await;
    program.get("/api/v1/loop").await.is(403);
}

#[tokio::test]
async fn a_document_is_added_once_however_often_it_is_sent() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let (program, path) = (w.amina.program().await, format!("/api/v1{case}/documents"));
    let pdf = "%PDF-1.7 certificate of birth";
    let new = json!({ "kind": "certificate", "title": "Birth certificate", "file": STANDARD.encode(pdf) });
    program.call("POST", &path, Some(&json!({ "kind": "letter", "title": "x", "file": "MZ" }))).await.is(422);
    program.call("POST", &path, Some(&json!({ "kind": "letter", "title": " ", "file": "" }))).await.is(422).shows("title");
    let made = program.call_once("key-1", &path, &new).await;
    let again = program.call_once("key-1", &path, &new).await;
    assert_eq!(made.is(201).body, again.is(201).body);
    let document = made.headers["location"].to_str().expect("text").to_owned();
    program.get(&path).await.is(200).shows("Birth certificate").shows("application/pdf");
    assert_eq!(program.get(&document).await.is(200).body, pdf);
    let stranger = w.odd.program().await;
    for path in [&path, &document] {
        stranger.get(path).await.is(404);
    }
    program.call("POST", &format!("{document}/withdrawal"), None).await.is(200);
    program.get(&document).await.is(404);
    assert_eq!(w.value("select count(*)::text from documents").await, "1");
}

#[tokio::test]
async fn a_case_takes_its_course_over_its_newest_version_only() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "moderate")]).await;
    let (program, path) = (w.amina.program().await, format!("/api/v1{case}"));
    let version = async || json(&program.get(&path).await)["version"].to_string();
    let step = async |topic: &str, body: Value| {
        program.call_over("POST", &format!("{path}/{topic}"), &format!("\"{}\"", version().await), Some(&body)).await
    };
    step("stage", json!({ "stage": "assessment" })).await.is(200).shows("\"stage\":\"assessment\"");
    let stale = program.call_over("POST", &format!("{path}/stage"), "\"1\"", Some(&json!({ "stage": "planning" }))).await;
    stale.is(412);
    step("pause", json!({ "reason": "person_away" })).await.is(200).shows("person_away");
    step("stage", json!({ "stage": "consented" })).await.is(409).shows("case_waits");
    step("resumption", json!({ "reason": "" })).await.is(422);
    step("resumption", json!({ "reason": "person_back" })).await.is(200).shows("\"paused_reason\":null");
    assert_eq!(w.count("facts where kind = 'case.resumed'").await, 1);
    step("stage", json!({ "stage": "planning" })).await.is(422).shows("gate_shut");
    step("stage", json!({ "stage": "consented" })).await.is(200).shows("\"stage\":\"consented\"");
    step("risk", json!({ "risk": "low" })).await.is(422).shows("reason");
    step("risk", json!({ "risk": "high" })).await.is(200).shows("high");
    step("limits", json!({ "limits_explained_on": "2999-01-01" })).await.is(422).shows("limits_explained_on");
    step("reopening", json!({ "reason": "new_need" })).await.is(409);
    program.call("POST", &format!("{path}/notes"), Some(&json!({ "kind": "visit", "body": "Saw her room." }))).await.is(201);
    program.get(format!("{path}/notes")).await.is(200).shows("Saw her room.");
    let stranger = w.odd.program().await;
    stranger.get(format!("{path}/notes")).await.is(404);
}

#[tokio::test]
async fn tasks_are_listed_given_and_done() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let program = w.amina.program().await;
    let tasks = format!("/api/v1{case}/tasks");
    let late = json!({ "title": "Ring the school", "due_at": "2999-01-01T09:00:00Z" });
    program.call("POST", &tasks, Some(&late)).await.is(422).shows("too_far");
    let new = json!({ "title": "Ring the school", "due_at": format!("{}:00Z", w.in_days(60)) });
    let made = program.call("POST", &tasks, Some(&new)).await;
    let id: Value = serde_json::from_str(&made.is(201).body).expect("JSON");
    let task = format!("/api/v1/tasks/{}", id["id"].as_str().expect("an id"));
    program.get("/api/v1/tasks").await.is(200).shows("Ring the school").lacks("Dana");
    let to_amina = json!({ "assignee": user("amina") });
    program.call("POST", &format!("{task}/assignment"), Some(&to_amina)).await.is(403).shows("task.assign");
    let supervisor = w.bruno.program().await;
    let to_bruno = json!({ "assignee": user("bruno") });
    let given = json(&supervisor.call("POST", &format!("{task}/assignment"), Some(&to_bruno)).await);
    assert_eq!(given["assignee"], to_bruno["assignee"]);
    supervisor.call("POST", &format!("{task}/assignment"), Some(&to_amina)).await.is(200);
    let stranger = w.odd.program().await;
    stranger.get("/api/v1/tasks").await.is(200).lacks("Ring the school");
    stranger.call("POST", &format!("{task}/done"), None).await.is(404);
    program.call("POST", &format!("{task}/done"), None).await.is(200);
    program.get("/api/v1/tasks").await.is(200).lacks("Ring the school");
}
