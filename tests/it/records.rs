//! Child records: what is kept beside a case or a person, who reads it, and what is started from it.
use serde_json::json;
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::Browser;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::{ELSEWHERE, FIELD, user};

// Writes a record of this kind under a case or person; answers its address.
async fn written(by: &Browser, place: &str, kind: &str, account: &str) -> String {
    by.post(format!("{place}/records"), [("kind", kind), ("account", account)]).await.redirects()
}

async fn dana(w: &World, case_type: i16) -> (Uuid, String) {
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, case_type, person, &[]).await;
    (person, case)
}

#[tokio::test]
async fn an_incident_is_written_shown_on_the_case_and_read_by_those_who_see_it() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    w.amina.get(&case).await.link(&format!("{case}/records"));
    w.amina.get(format!("{case}/records")).await.shows("Incident").shows("No records yet").lacks("Counselling session");
    let form = w.amina.get(format!("{case}/records/new?kind=incident")).await;
    form.shows("What was done").lacks("Risk level found").lacks("Dana");
    let path = written(&w.amina, &case, "incident", "Windows broken at night.").await;
    w.amina.get(&path).await.is(200).shows("Windows broken at night.").shows("Amina Haddad").lacks("Dana Saleh");
    w.amina.get(&case).await.link(&path);
    w.bruno.get(&path).await.shows("Windows broken at night.");
    for somebody in [&w.chen, &w.odd, &w.salma, &w.ada] {
        let seen = somebody.get(&path).await;
        assert!(matches!(seen.status.as_u16(), 403 | 404), "{}", seen.status);
        seen.lacks("Windows");
    }
}

#[tokio::test]
async fn each_shape_asks_its_own_parts_and_keeps_no_other() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let fields =
        [("kind", "assessment"), ("account", "Stable."), ("finding", "low"), ("next_on", "2027-01-20"), ("minutes", "30")];
    let path = w.amina.post(format!("{case}/records"), fields).await.redirects();
    w.amina.get(&path).await.shows("Risk level found").shows("Low").shows("2027").lacks("30 min");
    w.amina.post(format!("{case}/records"), [("kind", "assessment"), ("account", "x"), ("finding", "huge")]).await.is(422);
    w.amina.post(format!("{case}/records"), [("kind", "counselling"), ("account", "x")]).await.is(422);
    w.amina.post(format!("{case}/records"), [("kind", "incident"), ("place", "Market")]).await.is(422).keeps("Market");
}

#[tokio::test]
async fn s28_a_correction_keeps_the_old_words_and_the_second_of_two_at_once_is_refused() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let path = written(&w.amina, &case, "incident", "On Monday.").await;
    let upon = path.rsplit('/').next().expect("an id").to_owned();
    let correction = format!("{path}/correction");
    w.amina.get(&correction).await.shows("On Monday.");
    assert_eq!(w.amina.post(&correction, [("account", "On Tuesday."), ("upon", &upon)]).await.redirects(), path);
    w.amina.get(&path).await.shows("On Tuesday.").shows("Earlier versions").shows("On Monday.");
    w.amina.get(format!("{case}/records")).await.shows("Corrected");
    let late = w.bruno.post(&correction, [("account", "On a Wednesday."), ("upon", &upon)]).await;
    late.is(409).shows("On a Wednesday.");
    assert_eq!(w.count("case_records").await, 2);
    assert_eq!(w.count("case_records where position('Monday'::bytea in body) > 0").await, 0);
}

#[tokio::test]
async fn s28_what_was_written_in_the_wrong_place_moves_and_leaves_a_stub() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let other = w.known_person("Omar Nasser").await;
    let right = w.case(&w.amina, PROTECTION, other, &[]).await;
    let id = right.trim_start_matches("/cases/");
    let code = w.value(&format!("select code from cases where id = '{id}'")).await;
    let path = written(&w.amina, &case, "incident", "It was Omar.").await;
    w.amina.post(format!("{path}/move"), [("to", "C-0000-0000")]).await.is(422);
    w.amina.post(format!("{path}/move"), [("to", code.as_str())]).await.redirects();
    w.amina.get(&path).await.is(200).lacks("It was Omar.").shows("No words are left here");
    let moved = w.amina.get(format!("{right}/records")).await.link(&format!("{right}/records/0"));
    w.amina.get(moved).await.shows("It was Omar.");
    assert_eq!(w.count("case_records where body is null").await, 1);
}

#[tokio::test]
async fn s31_a_record_of_days_ago_says_why_so_late() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let late = [("kind", "incident"), ("account", "Seen."), ("happened_at", "2026-01-01T10:00")];
    w.amina.post(format!("{case}/records"), late).await.is(422);
    let path = w.amina.post(format!("{case}/records"), [&late[..], &[("late_reason", "Power cut")]].concat()).await.redirects();
    w.amina.get(&path).await.shows("Power cut");
    w.amina
        .post(format!("{case}/records"), [("kind", "incident"), ("account", "x"), ("happened_at", "2090-01-01T10:00")])
        .await
        .is(422);
}

#[tokio::test]
async fn s09_s11_a_record_of_a_restricted_case_stays_inside_it() {
    let w = World::new().await;
    let gita = w.gita().await;
    let supervisor = user("gita").to_string();
    let person = w.known_person("Dana Saleh").await;
    let restricted = w.case(&w.salma, GBV, person, &[("supervisor", &supervisor), ("risk", "moderate")]).await;
    let open = w.only_case(person, FIELD, "general_protection", user("amina")).await;
    let mut work = w.operate().await;
    work.new_key(open, Some(open)).await.expect("a key");
    work.commit().await.expect("it commits");
    let open = format!("/cases/{open}");
    let path = written(&w.salma, &restricted, "survivor_incident", "What she told me.").await;
    gita.get(&path).await.shows("What she told me.");
    for somebody in [&w.amina, &w.bruno, &w.pia, &w.chen, &w.odd] {
        somebody.get(&path).await.is(404);
        somebody.get(format!("{restricted}/records")).await.is(404);
        somebody.post(format!("{restricted}/records"), [("kind", "survivor_incident"), ("account", "x")]).await.is(404);
    }
    for page in [open.clone(), format!("{open}/records"), format!("/people/{person}"), format!("/people/{person}/records")] {
        w.amina.get(page).await.is(200).lacks("onfidential incident").lacks("What she told me");
    }
    // Nor is a restricted kind kept beside the person, whoever asks.
    w.salma.get(format!("/people/{person}/records/new?kind=survivor_incident")).await.is(404);
}

#[tokio::test]
async fn s12_what_is_kept_of_a_person_is_read_by_ones_own_side_alone() {
    let w = World::new().await;
    let (person, case) = dana(&w, PROTECTION).await;
    let path = written(&w.amina, &format!("/people/{person}"), "counselling", "She wants to study.").await;
    assert!(path.starts_with(&format!("/people/{person}/records/")), "{path}");
    w.bruno.get(&path).await.shows("She wants to study.");
    // The stranger has a case of the same person, and with it sees the person; not what Harbour keeps of them.
    w.only_case(person, ELSEWHERE, "general_protection", user("odd")).await;
    w.odd.get(format!("/people/{person}")).await.is(200);
    w.odd.get(&path).await.is(404);
    w.odd.get(format!("/people/{person}/records")).await.is(200).lacks("Amina");
    // A colleague without clearance for this work does not read it, though they see the person.
    w.only_case(person, FIELD, "staff_complaint", w.member("carla", FIELD, "complaints_officer").await).await;
    w.browser("carla").await.get(&path).await.is(404);
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id}', '{}', 'relative')",
        user("bruno")
    ))
    .await;
    w.only_case(person, FIELD, "social_assistance", user("bruno")).await;
    w.bruno.get(format!("/people/{person}")).await.is(200);
    w.bruno.get(&path).await.is(404);
}

#[tokio::test]
async fn a_referral_from_a_record_is_linked_to_it_and_to_the_case_and_shown_on_both() {
    let w = World::new().await;
    let (person, case) = dana(&w, PROTECTION).await;
    let record = written(&w.amina, &case, "assessment", "Needs a doctor.").await;
    let talk = written(&w.amina, &format!("/people/{person}"), "communication", "Asked on the phone.").await;
    for (record, called) in [(&record, "Assessment summary"), (&talk, "Communication")] {
        let refer = w.amina.get(record).await.link(if *record == talk { "/people/" } else { "/cases/" });
        let root = record.rsplit('/').next().expect("an id");
        let refer = if refer.contains("/refer?") {
            refer
        } else {
            format!("{}/refer?from={root}", record.split("/records").next().expect("a place"))
        };
        let page = w.amina.get(&refer).await;
        let to = if page.status.is_redirection() { page.redirects() } else { refer };
        assert_eq!(to, format!("{case}/refer?from={root}"));
        let (draft, unit) = (Uuid::now_v7().to_string(), format!("unit:{}", crate::support::world::COAST));
        let fields = [("need", "health"), ("from", root), ("draft", &draft), ("to", &unit)];
        let path = w.amina.post(format!("{case}/refer"), fields).await.redirects();
        let path = path.trim_end_matches("/edit").to_owned();
        let shown = w.amina.get(&path).await;
        shown.shows("Started from").shows(called).link(record);
        w.amina.get(record).await.link(&path);
        w.amina.get(&case).await.link(&path);
    }
}

#[tokio::test]
async fn a_program_writes_corrects_and_reads_records() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let program = w.amina.program().await;
    let path = format!("/api/v1{case}/records");
    let made = program
        .call("POST", &path, Some(&json!({ "kind": "incident", "said": { "account": "At the gate.", "place": "Gate" } })))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = serde_json::from_str::<serde_json::Value>(&made.body).expect("json")["id"].as_str().expect("an id").to_owned();
    let correction = json!({ "upon": id, "said": { "account": "At the back gate." } });
    let again = program.call("POST", &format!("{path}/{id}/corrections"), Some(&correction)).await;
    assert_eq!(again.status, 201, "{}", again.body);
    assert_eq!(program.call("POST", &format!("{path}/{id}/corrections"), Some(&correction)).await.status, 412);
    let read: serde_json::Value = serde_json::from_str(&program.get(format!("{path}/{id}")).await.body).expect("json");
    assert_eq!(read["versions"].as_array().expect("versions").len(), 2);
    assert_eq!(read["versions"][0]["said"]["account"], "At the back gate.");
    let list: serde_json::Value = serde_json::from_str(&program.get(&path).await.body).expect("json");
    assert_eq!((&list["items"][0]["corrected"], list["items"].as_array().map(Vec::len)), (&json!(true), Some(1)));
    assert!(!list.to_string().contains("gate"), "a list carries no words");
    w.sql("update roles set acts = acts || '{token.create}' where code = 'case_worker'").await;
    let stranger = w.browser("odd").await.program().await;
    assert_eq!(stranger.get(format!("{path}/{id}")).await.status, 404);
}

#[tokio::test]
async fn the_day_that_a_record_names_is_a_task_of_the_case_until_a_newer_record_says_otherwise() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    let open = format!("tasks where kind = 'record_next' and done_at is null and assignee = '{}'", user("amina"));
    let assessed = |account: &'static str, next: &'static str| [("kind", "assessment"), ("account", account), ("next_on", next)];
    let records = format!("{case}/records");
    let first = w.bruno.post(&records, assessed("Stable.", "2031-01-20")).await.redirects();
    w.amina.get("/").await.shows("Look again, as a record of the case says");
    w.amina.get(&case).await.shows("Look again: Assessment summary of");
    // No tap ends it: the record asks for the next one.
    let task = w.value("select id::text from tasks where kind = 'record_next'").await;
    w.amina.get("/").await.lacks(&format!("/tasks/{task}/done")).link(&first);
    w.amina.post(format!("/tasks/{task}/done"), [("", "")]).await.is(409);
    w.amina.get(&first).await.shows("To be looked at again by 20 Jan 2031").link(&format!("{records}/new?kind=assessment"));
    // A record of another kind, and one of longer ago, change nothing.
    written(&w.amina, &case, "incident", "A quarrel.").await;
    let longer_ago = [("happened_at", "2020-01-01T10:00"), ("late_reason", "On paper first")];
    w.amina.post(&records, assessed("Before.", "2020-02-01").into_iter().chain(longer_ago)).await.redirects();
    assert_eq!(w.count(&format!("{open} and due_at::date = '2031-01-20'")).await, 1);
    // A correction moves the day, or takes it away.
    let upon = first.rsplit('/').next().expect("an id").to_owned();
    let correction = format!("{first}/correction");
    w.amina.post(&correction, [("account", "Stable."), ("next_on", "2031-02-03"), ("upon", &upon)]).await.redirects();
    assert_eq!(w.count(&format!("{open} and due_at::date = '2031-02-03'")).await, 1);
    assert_eq!(w.count(&open).await, 1);
    // What comes next is asked by the next record alone; the last one names no day.
    w.amina.post(&records, assessed("Better.", "2031-03-01")).await.redirects();
    assert_eq!(w.count(&format!("{open} and due_at::date = '2031-03-01'")).await, 1);
    assert_eq!(w.count(&open).await, 1);
    w.amina.get(&first).await.lacks("To be looked at again by");
    w.amina.post(&records, assessed("Well.", "")).await.redirects();
    assert_eq!(w.count(&open).await, 0);
    w.amina.get(&case).await.lacks("Look again");
}

#[tokio::test]
async fn the_next_session_of_a_person_is_a_task_of_the_case_that_the_record_is_kept_for() {
    let w = World::new().await;
    let (person, case) = dana(&w, PROTECTION).await;
    let session = [("kind", "counselling"), ("account", "We talked."), ("next_on", "2031-01-20")];
    let path = w.amina.post(format!("/people/{person}/records"), session).await.redirects();
    w.amina.get(&case).await.shows("Look again");
    // Moved to where it belongs, it leaves nothing to do here.
    let other = w.known_person("Omar Nasser").await;
    let right = w.case(&w.amina, PROTECTION, other, &[]).await;
    let code = w.value(&format!("select code from persons where id = '{other}'")).await;
    w.amina.post(format!("{path}/move"), [("to", code.as_str())]).await.redirects();
    w.amina.get(&case).await.lacks("Look again");
    w.amina.get(&right).await.shows("Look again");
}

const PDF: &[u8] = b"%PDF-1.7 the window";

#[tokio::test]
async fn a_record_holds_documents_which_go_along_when_it_is_moved() {
    let w = World::new().await;
    let (_, case) = dana(&w, PROTECTION).await;
    w.amina.get(format!("{case}/records/new?kind=incident")).await.shows("Save and add a document");
    let fields = [("kind", "incident"), ("account", "Windows broken."), ("then", "document")];
    let papers = w.amina.post(format!("{case}/records"), fields).await.redirects();
    let record = papers.trim_end_matches("/documents").to_owned();
    assert_ne!(record, papers);
    let paper = [("title", "Police report"), ("kind", "report")];
    w.odd.upload(&papers, &paper, Some(("file", "r.pdf", PDF))).await.is(404);
    w.amina.upload(&papers, &paper, Some(("file", "r.pdf", PDF))).await.redirects();
    w.amina.get(&record).await.shows("Police report").link(&format!("{case}/documents/0"));
    w.amina.get(format!("{case}/documents")).await.shows("Police report").shows("Belongs to a record").link(&record);
    w.amina.get(format!("{case}?only=records")).await.shows("Incident").shows("Document added").lacks("Case opened");
    let right = w.case(&w.amina, PROTECTION, w.known_person("Omar Nasser").await, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", right.trim_start_matches("/cases/"))).await;
    w.amina.post(format!("{record}/move"), [("to", code.as_str())]).await.redirects();
    w.amina.get(format!("{right}/documents")).await.shows("Police report").shows("Belongs to a record");
    w.amina.get(format!("{case}/documents")).await.lacks("Police report");
    w.amina.get(&papers).await.is(404);
}
