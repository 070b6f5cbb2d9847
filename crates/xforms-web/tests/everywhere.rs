//! The same answers give the same bytes wherever they are given: on the server, in the engine that browsers load, and in a batch.
//! `scripts/assets.sh` builds that engine, and Node.js runs it here.
#[path = "../../xforms/tests/generated/mod.rs"]
mod generated;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use support::Sample;
use xforms::form::{QuestionKind, SecondarySource};
use xforms::instance::{Extent, Instance, NodeId};
use xforms::session::{PlaceId, Plan, Session, Surroundings};
use xforms::xlsform::{self, Workbook};
use xforms::xpath::moment::Moment;
use xforms::{beside, xform};
use xforms_web::Desk;

mod support {
    /// A form with its name.
    pub struct Sample {
        pub name: String,
        pub workbook: xforms::xlsform::Workbook,
    }
}

const NOW: Moment = Moment { milliseconds: 1_795_761_000_000, offset: 180 };
const SEED: u64 = 7;
/// What lies beside every form that wants a file.
const ROWS: &str = "name,label,key,id,price,age\na,Alpha,a,a,2.5,20\nb,بيت,b,b,3,30\n";
/// Enough to reach the end of every form here.
const MOST_DEEDS: usize = 150;

// One form filled in on the server, and the same deeds as a browser asks the engine for them.
struct Filled {
    name: String,
    plan: Arc<Plan>,
    session: Session,
    requests: Vec<Value>,
}

// The forms that are compared with another converter, and some by chance: groups, repeats, cascades, days, Arabic, files.
fn samples() -> Vec<Sample> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../xforms/tests/forms");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").flatten().map(|file| file.path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).expect("it is text"));
    let mut samples: Vec<Sample> = texts.flat_map(|text| below_headings(&text)).collect();
    samples.extend((0..16).map(generated::sample));
    samples
}

fn below_headings(text: &str) -> Vec<Sample> {
    let parts = text.split("\n## ").skip(1).filter_map(|part| part.split_once('\n'));
    parts.map(|(name, tables)| Sample { name: name.trim().to_owned(), workbook: Workbook::from_tables(tables) }).collect()
}

fn surroundings() -> Surroundings {
    let mut surroundings = Surroundings::new(NOW, SEED);
    surroundings.properties = vec![("username".to_owned(), "amina".to_owned())];
    surroundings
}

// Nothing for a form whose files are of a kind that is not made here.
fn fill(sample: &Sample) -> Option<Filled> {
    let form = xlsform::read(&sample.workbook, &sample.name).form.expect("it is right");
    let text = form.to_xform();
    let addresses = form.secondary.iter().filter_map(|one| match &one.source {
        SecondarySource::File(address) if address.ends_with(".csv") => Some(address.clone()),
        _ => None,
    });
    let lists: BTreeMap<String, &str> = addresses.map(|address| (address, ROWS)).collect();
    let files = |address: &str| beside::read(address, lists.get(address)?);
    let plan = Arc::new(Plan::new(xform::read(&text).form.expect("a form"), &files).ok()?);
    let open = json!({
        "do": "open", "xform": text, "files": lists, "now": NOW.milliseconds, "offset": NOW.offset, "seed": SEED.to_string(),
        "properties": { "username": "amina" },
    });
    let session = Session::open(plan.clone(), surroundings());
    let mut filled = Filled { name: sample.name.clone(), plan, session, requests: vec![open] };
    filled.answer_all();
    filled.session.finish();
    filled.requests.extend(["check", "finish", "close"].map(|what| json!({ "do": what })));
    Some(filled)
}

// Every question that is asked, with its page.
fn asked(session: &Session) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for page in session.pages() {
        all.extend(page.questions.iter().map(|one| (session.address(*one), page.address.clone())));
    }
    all
}

// What may grow and has fewer than two rounds: where, which, and how many.
fn growing(session: &Session) -> Option<(NodeId, PlaceId, usize)> {
    let places = session.pages().into_iter().flat_map(|page| page.growing);
    let counted = places.map(|(parent, repeat)| (parent, repeat, session.rounds(parent, repeat).len()));
    counted.min_by_key(|(_, _, rounds)| *rounds).filter(|(_, _, rounds)| *rounds < 2)
}

impl Filled {
    // Page after page until nothing new is asked. Two rounds of what may grow, and the first of them is taken out again once.
    fn answer_all(&mut self) {
        let mut done = HashSet::new();
        while self.requests.len() < MOST_DEEDS {
            let fresh = asked(&self.session).into_iter().find(|(address, _)| !done.contains(address));
            if let Some((address, page)) = fresh {
                self.requests.push(json!({ "do": "page", "page": page }));
                self.answer(&address, done.len() + 1);
                done.insert(address);
                continue;
            }
            let Some((parent, repeat, rounds)) = growing(&self.session) else { break };
            let path = self.plan.node(repeat).expect("a repeat").path.clone();
            self.requests.push(json!({ "do": "add", "at": self.session.address(parent), "text": path }));
            self.session.add_round(parent, repeat).expect("it may grow");
            if rounds == 1 && done.insert(path) {
                let first = self.session.rounds(parent, repeat)[0];
                self.requests.push(json!({ "do": "remove", "at": self.session.address(first) }));
                self.session.remove_round(first).expect("it may shrink");
            }
        }
    }

    fn answer(&mut self, address: &str, nth: usize) {
        let element = self.session.find(address).expect("it was asked");
        let Some(text) = self.said(element, nth) else { return };
        // What is refused here is refused there.
        let _ = self.session.answer(element, &text);
        self.requests.push(json!({ "do": "answer", "at": address, "text": text }));
    }

    // An answer that fits the question.
    fn said(&self, element: NodeId, nth: usize) -> Option<String> {
        // What is calculated, and shown as a field all the same, is calculated anew when a copy is opened.
        let node = self.session.node(element).filter(|node| node.bind.calculate.is_none())?;
        let question = node.question()?;
        let items: Vec<String> = self.session.items(element).unwrap_or_default().into_iter().map(|item| item.value).collect();
        Some(match &question.kind {
            QuestionKind::Text | QuestionKind::Barcode => format!("دانا <Saleh> & “{nth}”"),
            QuestionKind::Integer => (nth % 4 + 1).to_string(),
            QuestionKind::Decimal => format!("{}.25", nth % 3),
            QuestionKind::Range(range) => range.start.clone(),
            // Forms by chance take any answer for a number of rounds, a day for as many as passed since 1970.
            QuestionKind::Date => format!("1970-01-{:02}", nth % 4 + 1),
            QuestionKind::Time => "09:30:00.000+03:00".to_owned(),
            QuestionKind::DateTime => "2026-11-26T23:30:00.000+03:00".to_owned(),
            QuestionKind::SelectOne => items.get(nth % items.len().max(1)).cloned().unwrap_or_default(),
            QuestionKind::SelectMultiple => items.iter().take(2).cloned().collect::<Vec<_>>().join(" "),
            QuestionKind::Rank => items.iter().rev().cloned().collect::<Vec<_>>().join(" "),
            QuestionKind::Acknowledge => "OK".to_owned(),
            QuestionKind::Geopoint => "32.55 35.85 600 5".to_owned(),
            QuestionKind::Geotrace => "32.5 35.8 0 0;32.6 35.9 0 0".to_owned(),
            QuestionKind::Geoshape => "32.5 35.8 0 0;32.6 35.9 0 0;32.6 35.8 0 0;32.5 35.8 0 0".to_owned(),
            QuestionKind::File(_) => format!("{nth}.jpg"),
            QuestionKind::Note | QuestionKind::Hidden(_) => return None,
        })
    }
}

// What the engine that browsers load replies, in order.
fn in_a_browser(requests: &[&Value]) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let engine = root.join("assets/wasm/forms.wasm");
    assert!(engine.exists(), "the engine for browsers is not built; run scripts/assets.sh");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("everywhere.jsonl");
    let lines: Vec<String> = requests.iter().map(|request| request.to_string()).collect();
    std::fs::write(&file, lines.join("\n")).expect("the target folder can be written");
    let run = Command::new("node").arg(root.join("tests/forms/wasm.mjs")).arg(&engine).arg(&file).output().expect("Node.js runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8(run.stdout).expect("it is text");
    said.lines().map(|line| serde_json::from_str(line).expect("a reply is JSON")).collect()
}

#[test]
fn the_same_answers_give_the_same_bytes_on_the_server_in_browsers_and_in_a_batch() {
    let all: Vec<Filled> = samples().iter().filter_map(fill).collect();
    assert!(all.len() > 60, "{}", all.len());
    let requests: Vec<&Value> = all.iter().flat_map(|filled| &filled.requests).collect();
    let replies = in_a_browser(&requests);
    assert_eq!(replies.len(), requests.len());
    let (mut desk, mut replies, mut answered) = (Desk::default(), replies.into_iter(), 0);
    for filled in &all {
        let mut sent = Value::Null;
        for request in &filled.requests {
            let theirs = replies.next().expect("there are as many");
            let ours: Value = serde_json::from_str(&desk.call(request.to_string().as_bytes())).expect("JSON");
            assert_eq!(theirs, ours, "{}: {request}", filled.name);
            answered += usize::from(request["do"] == "answer" && ours["error"].is_null());
            if request["do"] == "finish" {
                sent = theirs;
            }
        }
        let tree = filled.session.instance();
        assert_eq!(sent["submission"], tree.to_xml(Extent::Submission), "{}", filled.name);
        assert_eq!(sent["draft"], tree.to_xml(Extent::Everything), "{}", filled.name);
    }
    assert!(answered > 350, "{answered}");
    let (repeats, arabic) = (|xml: &str| xml.matches("<member>").count() > 1, |xml: &str| xml.contains("دانا"));
    let sent: Vec<String> = all.iter().map(|filled| filled.session.instance().to_xml(Extent::Submission)).collect();
    assert!(sent.iter().any(|xml| repeats(xml) && arabic(xml)), "a household of several members is among them");
}

#[test]
fn records_read_one_after_the_other_come_out_as_they_went_in() {
    for filled in samples().iter().filter_map(fill) {
        // What chance calculated is drawn anew with each reading.
        if filled.requests[0]["xform"].as_str().is_some_and(|form| form.contains("random()")) {
            continue;
        }
        let kept = filled.session.instance().to_xml(Extent::Everything);
        let sent = filled.session.instance().to_xml(Extent::Submission);
        let wrong = |session: &Session| session.findings().into_iter().map(|one| (one.address, one.fault)).collect::<Vec<_>>();
        // One plan for all records of a form.
        for _ in 0..2 {
            let record = Instance::read(&kept).expect("what is written can be read");
            let again = Session::resume(filled.plan.clone(), record, surroundings());
            assert_eq!(again.instance().to_xml(Extent::Submission), sent, "{}", filled.name);
            assert_eq!(wrong(&again), wrong(&filled.session), "{}", filled.name);
        }
    }
}
