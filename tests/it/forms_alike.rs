//! The same answers are the same copy, byte for byte: filled in over the server's pages without scripts, in the engine that browsers load, and
//! handed in from there; and a file of all copies tells them alike. `tests/browser/field-kinds.test.mjs` fills the same form on a device, and
//! holds what it hands in against the same copy. Of each copy alone are its own id, when it was begun and ended, and the names of its files.
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use throughcare::forms::store::ANSWERS;
use uuid::Uuid;
use xforms::xlsform::Workbook;

use crate::field::{hand_in, read};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;

const FORM: &str = include_str!("../forms/every_kind.csv");
const COPY: &str = include_str!("../forms/every_kind.xml");
const OF_EACH_ALONE: [&str; 6] = ["start", "end", "signed", "sketch", "house", "instanceID"];
/// 27 November 2026 in Amman, where Harbour works in this test.
const NOW: i64 = 1_795_761_000_000;

// What a device's fields give the engine for the same answers: question and text; `+` and where begins another round of a repeat there.
const GIVEN: &[(&str, &str)] = &[
    ("/data/days/born", "2016-03-05"),
    ("/data/days/arrived", "2024-03-05"),
    ("/data/days/woke", "06:30:00.000+03:00"),
    ("/data/days/visit", "2025-11-27T14:05:00.000+03:00"),
    ("/data/taken/signed", "signed.png"),
    ("/data/taken/home", "31.9534 35.9106 0 0"),
    ("/data/chosen/order", "food care rent"),
    ("/data/chosen/pain", "9"),
    ("/data/chosen/why", "Nobody knows"),
    ("/data/chosen/pain", "7"),
    ("/data/chosen/card", "5901234123457"),
    ("/data/chosen/area", "north"),
    ("/data/chosen/area", "south"),
    ("/data/chosen/town", "qasr"),
    ("/data/child[1]/name", "Yara"),
    ("/data/child[1]/age", "4"),
    ("/data/child[1]/illness[1]/what", "Fever"),
    ("+/data/child[1]", "/data/child/illness"),
    ("/data/child[1]/illness[2]/what", "Cough"),
    ("+/data", "/data/child"),
    ("/data/child[2]/name", "Jad"),
    ("/data/child[2]/age", "9"),
    ("+/data/child[2]", "/data/child/illness"),
    ("/data/child[2]/illness[1]/what", "Measles"),
];

// The form as an administrator publishes it, and Dana's household with Amina: the addresses of the form, its edition and the case.
async fn published(w: &World) -> (String, String, String) {
    w.sql("update organisations set time_zone = 'Asia/Amman' where id = 1").await;
    let file = ("file", "every_kind.csv", FORM.as_bytes());
    let case_type = ASSISTANCE.to_string();
    let terms = [("subject", "household"), ("case_types", case_type.as_str())];
    let edition = w.ada.upload("/forms", &terms, Some(file)).await.redirects();
    let version = w.ada.get(&edition).await.marked("version");
    w.ada.post(format!("{edition}/publication"), [("version", version)]).await.redirects();
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    let more = [("household", household.as_str()), ("whole_household", "true")];
    let case = w.case(&w.amina, ASSISTANCE, person, &more).await;
    (edition.split("/editions/").next().expect("its form").to_owned(), edition, case)
}

// Page by page, as people type; answers the address of the complete copy.
async fn over_pages(w: &World, case: &str, form: &str) -> String {
    let copy = w.amina.begins(case, form.trim_start_matches("/forms/").parse().expect("an id")).await;
    let fills = async |page: &str, answers: &[(&str, &str)], go: &str| {
        let named: Vec<(String, &str)> = answers.iter().map(|(name, text)| (format!("/data/{name}"), *text)).collect();
        let named: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        w.amina.fills(&format!("{copy}?at=/data/{page}"), &named, go).await.redirects();
    };
    let visit = ("days/visit", "27/11/2025 14:05");
    fills("days", &[("days/born", "5/3/2016"), ("days/arrived", "2024-03-05"), ("days/woke", "6:30"), visit], "next").await;
    // What was not touched stays as it is.
    fills("days", &[("days/born", "05/03/2016"), ("days/arrived", "05/03/2024"), ("days/woke", "06:30"), visit], "next").await;
    fills("taken", &[("taken/home", "31.9534"), ("taken/home", "٣٥٫٩١٠٦")], "next").await;
    let order = [("chosen/order", "food"), ("chosen/order", "care"), ("chosen/order", "rent"), ("chosen/card", "5901234123457")];
    let chosen = |more: &[(&'static str, &'static str)]| [&order[..], more].concat();
    fills("chosen", &chosen(&[("chosen/pain", "9"), ("chosen/area", "north")]), "stay").await;
    let hurts = [("chosen/pain", "9"), ("chosen/why", "Nobody knows"), ("chosen/area", "north")];
    fills("chosen", &chosen(&hurts), "stay").await;
    fills("chosen", &chosen(&[("chosen/pain", "7"), ("chosen/area", "south")]), "next").await;
    fills("chosen", &chosen(&[("chosen/pain", "7"), ("chosen/area", "south"), ("chosen/town", "qasr")]), "next").await;
    for (nth, name, age, illnesses) in [(1, "Yara", "4", &["Fever", "Cough"][..]), (2, "Jad", "٩", &["Measles"])] {
        if nth == 2 {
            fills("child[%2B]", &[], "add:/data/child").await;
        }
        let (called, aged) = (format!("child[{nth}]/name"), format!("child[{nth}]/age"));
        fills(&called, &[(called.as_str(), name)], "next").await;
        fills(&aged, &[(aged.as_str(), age)], "next").await;
        for (at, what) in illnesses.iter().enumerate() {
            // A round that is added begins with none of those in it.
            if at > 0 || nth > 1 {
                fills(&format!("child[{nth}]/illness[%2B]"), &[], &format!("add:/data/child[{nth}]/illness")).await;
            }
            let ill = format!("child[{nth}]/illness[{}]/what", at + 1);
            fills(&ill, &[(ill.as_str(), what)], "next").await;
        }
    }
    let end = format!("{copy}/completion");
    let version = w.amina.get(&end).await.shows("Nothing is missing").marked("version");
    w.amina.post(&end, [("version", version)]).await.redirects();
    copy
}

// What the engine that browsers load makes of the same answers, with its own id; Node.js runs it.
async fn in_a_browser(w: &World, edition: &str) -> String {
    let edition = edition.rsplit('/').next().expect("an id");
    let xform = w.value(&format!("select xform from form_editions where id = '{edition}'")).await;
    let mut requests = vec![json!({ "do": "open", "xform": xform, "now": NOW, "offset": 180, "seed": "7" })];
    requests.extend(GIVEN.iter().map(|(at, text)| match at.strip_prefix('+') {
        Some(parent) => json!({ "do": "add", "at": parent, "text": text }),
        None => json!({ "do": "answer", "at": at, "text": text }),
    }));
    requests.push(json!({ "do": "finish" }));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let engine = root.join("assets/wasm/forms.wasm");
    assert!(engine.exists(), "the engine for browsers is not built; run scripts/assets.sh");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms_alike.jsonl");
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).expect("the target folder can be written");
    let run = Command::new("node").arg(root.join("tests/forms/wasm.mjs")).arg(&engine).arg(&file).output().expect("Node.js runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8(run.stdout).expect("it is text");
    let replies: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("a reply is JSON")).collect();
    for (request, reply) in requests.iter().zip(&replies) {
        assert!(reply["error"].is_null(), "{request}: {reply}");
    }
    replies.last().and_then(|reply| reply["submission"].as_str()).expect("a copy").to_owned()
}

// The copy on this case that came from there, as it is kept.
async fn kept(w: &World, case: &str, origin: &str) -> String {
    let case: Uuid = case.trim_start_matches("/cases/").parse().expect("an id");
    let mut work = w.operate().await;
    let key = work.case_key(case).await.expect("the key");
    let (sealed,): (Vec<u8>,) = sqlx::query_as("select answers from submissions where case_id = $1 and origin = $2")
        .bind(case)
        .bind(origin)
        .fetch_one(work.db())
        .await
        .expect("one copy");
    key.open_text(ANSWERS, &sealed).expect("it is ours")
}

// Without what is of each copy alone.
fn bare(copy: &str) -> String {
    OF_EACH_ALONE.iter().fold(copy.to_owned(), |copy, name| {
        let Some((before, rest)) = copy.split_once(&format!("<{name}>")) else { return copy };
        let (_, after) = rest.split_once(&format!("</{name}>")).expect("it ends");
        format!("{before}<{name}/>{after}")
    })
}

#[tokio::test]
async fn the_same_answers_are_the_same_copy_over_pages_in_a_browser_and_in_a_file_of_many() {
    let w = World::new().await;
    let (form, edition, case) = published(&w).await;
    let copy = over_pages(&w, &case, &form).await;
    let page = kept(&w, &case, "page").await;
    assert_eq!(bare(&page), COPY.trim_end());
    let theirs = in_a_browser(&w, &edition).await;
    assert_eq!(bare(&theirs), bare(&page));
    // Handed in by the device, which saw the copy that stands, it is kept to the last byte.
    let case_id = case.trim_start_matches("/cases/");
    let seen = copy.rsplit('/').next().expect("an id");
    let fields = [("xml", theirs.as_str()), ("case", case_id), ("case_version", seen)];
    let said = read(&hand_in(&w.amina, w.amina.csrf(), &fields, ("signed.png", crate::forms_pages::PNG)).await);
    assert_eq!(said["result"], "landed", "{said}");
    assert_eq!(kept(&w, &case, "browser").await, theirs);
    for sheet in file_of_all(&w, &form).await.sheets {
        let (heads, rows) = sheet.rows.split_first().expect("headings");
        // Key, case and times of its own come first.
        let own = if heads.1.iter().any(|head| head == "parent_key") { 2 } else { 7 };
        let told = |cells: &[String]| -> Vec<String> {
            let told = cells.iter().zip(&heads.1).skip(own);
            let told = told.filter(|(_, head)| !OF_EACH_ALONE.iter().any(|name| head.contains(name)));
            told.map(|(cell, _)| cell.clone()).collect()
        };
        let mut all: Vec<Vec<String>> = rows.iter().map(|(_, cells)| told(cells)).collect();
        all.sort();
        assert!(!all.is_empty() && all.chunks(2).all(|two| two.len() == 2 && two[0] == two[1]), "{}: {all:?}", sheet.name);
    }
}

// The spreadsheet of all copies.
async fn file_of_all(w: &World, form: &str) -> Workbook {
    let file = w.bruno.post(format!("{form}/export"), [("format", "xlsx"), ("values", "codes")]).await;
    Workbook::open(&file.is(200).bytes).expect("a spreadsheet")
}
