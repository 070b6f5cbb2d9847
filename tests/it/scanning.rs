//! Documents that a virus scanner looks through, and papers that run out.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use serde_json::json;
use throughcare::config::Clamd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::documents::upload;
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::world::user;

// A clamd that speaks INSTREAM: it finds something where "EICAR" stands, and hangs up while it is away.
struct Fake {
    at: String,
    away: Arc<AtomicBool>,
}

impl Fake {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address").to_string();
        let away = Arc::new(AtomicBool::new(false));
        let gone = away.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if !gone.load(Ordering::SeqCst) {
                    answer(stream).await;
                }
            }
        });
        Self { at, away }
    }
}

async fn answer(mut stream: TcpStream) {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await.expect("a command");
    assert_eq!(&command, b"zINSTREAM\0");
    let mut said = Vec::new();
    loop {
        let length = stream.read_u32().await.expect("a length");
        if length == 0 {
            break;
        }
        let mut piece = vec![0; length as usize];
        stream.read_exact(&mut piece).await.expect("a piece");
        said.extend(piece);
    }
    let found = said.windows(5).any(|five| five == b"EICAR");
    let word: &[u8] = if found { b"stream: Eicar-Test-Signature FOUND\0" } else { b"stream: OK\0" };
    stream.write_all(word).await.expect("an answer");
}

async fn case(w: &World) -> String {
    w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await
}

#[tokio::test]
async fn a_document_waits_until_it_was_looked_through() {
    let fake = Fake::new().await;
    let w = World::scanned_by(Clamd::Tcp(fake.at.clone())).await;
    let case = case(&w).await;
    let papers = format!("{case}/documents");
    upload(&w.amina, &case, "certificate", b"%PDF-1.7 certificate").await.redirects();
    let page = w.amina.get(&papers).await;
    page.shows("Waits for the virus scan");
    assert!(!page.body.contains(&format!("href=\"{papers}/")), "what waits is not linked");
    let id = w.value("select id::text from documents").await;
    w.amina.get(format!("{papers}/{id}")).await.is(409).shows("waits for the virus scan");
    w.work_off().await;
    w.amina.get(&papers).await.lacks("Waits for the virus scan").link(&format!("{papers}/{id}"));
    w.amina.get(format!("{papers}/{id}")).await.is(200);
}

#[tokio::test]
async fn what_is_infected_stays_in_quarantine_and_whoever_added_it_is_told() {
    let fake = Fake::new().await;
    let w = World::scanned_by(Clamd::Tcp(fake.at.clone())).await;
    let case = case(&w).await;
    upload(&w.amina, &case, "report", b"%PDF-1.7 EICAR").await.redirects();
    w.work_off().await;
    let id = w.value("select id::text from documents").await;
    w.amina.get(format!("{case}/documents")).await.shows("In quarantine: a virus was found");
    for somebody in [&w.amina, &w.bruno] {
        let refused = somebody.get(format!("{case}/documents/{id}")).await;
        refused.is(409).shows("It is in quarantine").lacks("EICAR");
    }
    w.amina.get("/").await.shows("A virus was found in a document that you added");
    w.ada.get("/admin").await.shows("In quarantine 1").shows("Wait to be scanned 0");
    let program = w.amina.program().await;
    let list = program.get(format!("/api/v1{case}/documents")).await;
    assert!(list.body.contains("\"scan\":\"infected\""), "{}", list.body);
    assert_eq!(program.get(format!("/api/v1{case}/documents/{id}")).await.status, 409);
    // Withdrawn, it asks nothing more.
    w.amina.post(format!("{case}/documents/{id}/withdrawal"), [("", "")]).await.redirects();
    w.amina.get("/").await.lacks("A virus was found");
    w.ada.get("/admin").await.shows("In quarantine 0");
}

#[tokio::test]
async fn while_the_scanner_is_away_documents_wait_and_none_is_lost() {
    let fake = Fake::new().await;
    let w = World::scanned_by(Clamd::Tcp(fake.at.clone())).await;
    let case = case(&w).await;
    fake.away.store(true, Ordering::SeqCst);
    upload(&w.amina, &case, "certificate", b"%PDF-1.7 certificate").await.redirects();
    w.work_off().await;
    w.amina.get(format!("{case}/documents")).await.shows("Waits for the virus scan");
    fake.away.store(false, Ordering::SeqCst);
    w.sql("update jobs set run_at = now() - interval '1 hour' where kind = 'documents.scan'").await;
    w.work_off().await;
    w.amina.get(format!("{case}/documents")).await.lacks("Waits for the virus scan");
}

#[tokio::test]
async fn without_a_scanner_the_administrator_reads_that_nothing_is_scanned() {
    let w = World::new().await;
    let case = case(&w).await;
    upload(&w.amina, &case, "certificate", b"%PDF-1.7 certificate").await.redirects();
    let id = w.value("select id::text from documents").await;
    w.amina.get(format!("{case}/documents/{id}")).await.is(200);
    w.ada.get("/admin").await.shows("Documents are not scanned");
}

#[tokio::test]
async fn a_paper_that_runs_out_is_a_task_of_the_keeper_sixty_and_fourteen_days_before() {
    let w = World::new().await;
    let case = case(&w).await;
    let program = w.amina.program().await;
    let today = w.ground.clock.now().date_naive();
    let paper = |days: i64| json!({ "kind": "identity", "title": "Passport", "file": "JVBERi0xLjcgeA==", "expires_on": today + TimeDelta::days(days) });
    let path = format!("/api/v1{case}/documents");
    assert_eq!(program.call("POST", &path, Some(&paper(90))).await.status, 201);
    let open = format!("tasks where kind = 'document_expires' and done_at is null and assignee = '{}'", user("amina"));
    let tick = async || {
        throughcare::worker::tick(&w.ground).await.expect("a tick");
        w.work_off().await;
    };
    tick().await;
    assert_eq!(w.count(&open).await, 0);
    w.amina.get(format!("{case}/documents")).await.shows("Runs out");
    w.ground.clock.forward(TimeDelta::days(31));
    tick().await;
    assert_eq!(w.count(&open).await, 1);
    w.sql("update tasks set done_at = now() where kind = 'document_expires'").await;
    w.ground.clock.forward(TimeDelta::minutes(2));
    tick().await;
    assert_eq!(w.count(&open).await, 0, "told once");
    w.ground.clock.forward(TimeDelta::days(46));
    tick().await;
    assert_eq!(w.count(&open).await, 1, "and once more");
    w.ground.clock.forward(TimeDelta::days(3));
    tick().await;
    assert_eq!(w.count(&open).await, 1);
}

#[tokio::test]
async fn what_was_kept_before_the_scanner_was_set_says_so_and_is_looked_through_afterwards() {
    let fake = Fake::new().await;
    let w = World::scanned_by(Clamd::Tcp(fake.at.clone())).await;
    let case = case(&w).await;
    let papers = format!("{case}/documents");
    for file in [b"%PDF-1.7 certificate".as_slice(), b"%PDF-1.7 EICAR"] {
        upload(&w.amina, &case, "certificate", file).await.redirects();
    }
    w.sql("update documents set scan = 'none'").await;
    w.amina.get(&papers).await.shows("Not scanned yet").link(&format!("{papers}/"));
    w.work_off().await;
    w.amina.get(&papers).await.lacks("Not scanned yet").shows("In quarantine: a virus was found");
    assert_eq!(w.count("documents where scan = 'clean'").await, 1);
}
