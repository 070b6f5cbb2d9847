//! The desk as a browser speaks to it, beside the engine as the server uses it.
use std::sync::Arc;

use serde_json::{Value, json};
use xforms::instance::Extent;
use xforms::session::{Plan, Session, Surroundings};
use xforms::xform;
use xforms::xlsform::{self, Sheet, Workbook};
use xforms::xpath::moment::Moment;
use xforms_web::Desk;

const NOW: i64 = 1_795_761_000_000;
const FORM: &str = "
survey
type | name | label::English (en) | label::العربية (ar) | relevant | constraint | constraint_message::English (en) | required | calculation | choice_filter
start | start | | | | | | | |
end | end | | | | | | | |
text | head | Who is the head? | من رب الأسرة؟ | | | | yes | |
integer | size | How many live here? | كم يسكن هنا؟ | | . > 0 | At least one | | |
begin_repeat | member | Member | فرد | | | | | |
text | name | Name | الاسم | | | | | |
integer | age | Age | العمر | | | | | |
select_one yesno | school | At school? | في المدرسة؟ | ${age} < 18 | | | | |
end_repeat | | | | | | | | |
calculate | children | | | | | | | count(${member}[age < 18]) |
note | many | ${children} children | ${children} أطفال | ${children} > 1 | | | | |
select_one_from_file towns.csv | town | Town | المدينة | | | | | | zone = 'north'
image | picture | A picture of the roof | صورة السقف | | | | | |
choices
list_name | name | label::English (en) | label::العربية (ar)
yesno | yes | Yes | نعم
yesno | no | No | لا
settings
form_id | version | default_language
household | 7 | English (en)
";
// Of several questions on a page one asks for another.
const PAGE: &str = "
survey
type | name | label | appearance | relevant | constraint
begin_group | health | Health | field-list | |
select_one yesno | ill | Is anybody ill? | | |
text | what | What of? | | ${ill} = 'yes' |
integer | days | For how many days? | | | . < 100
end_group | | | | |
choices
list_name | name | label
yesno | yes | Yes
yesno | no | No
";
const TOWNS: &str = "name,label,zone\nirbid,Irbid,north\naqaba,Aqaba,south\n";

fn xform(form: &str) -> String {
    let mut workbook = Workbook::default();
    for (row, line) in form.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        match workbook.sheets.last_mut().filter(|_| line.contains('|')) {
            None => workbook.sheets.push(Sheet { name: line.to_owned(), rows: Vec::new() }),
            Some(sheet) => sheet.rows.push((row as u32 + 1, line.split('|').map(|cell| cell.trim().to_owned()).collect())),
        }
    }
    let outcome = xlsform::read(&workbook, "household");
    outcome.form.unwrap_or_else(|| panic!("{:?}", outcome.problems)).to_xform()
}

struct Browser(Desk);

impl Browser {
    fn open() -> Self {
        Self::open_form(FORM)
    }

    fn open_form(form: &str) -> Self {
        let mut browser = Self(Desk::default());
        let opened = browser.ask(&json!({
            "do": "open", "xform": xform(form), "files": { "jr://file-csv/towns.csv": TOWNS }, "language": "English (en)",
            "now": NOW, "offset": 180, "seed": "7", "properties": { "username": "amina" },
        }));
        assert_eq!(opened["handle"], 0, "{opened}");
        browser
    }

    fn ask(&mut self, request: &Value) -> Value {
        serde_json::from_str(&self.0.call(request.to_string().as_bytes())).expect("a reply is JSON")
    }

    fn page(&mut self, address: &str) -> Value {
        self.ask(&json!({ "do": "page", "page": address }))
    }

    fn say(&mut self, at: &str, text: &str) -> Value {
        self.ask(&json!({ "do": "answer", "at": at, "text": text }))
    }

    fn add(&mut self) -> Value {
        self.ask(&json!({ "do": "add", "at": "/data", "text": "/data/member" }))
    }

    fn finish(&mut self, later: i64) -> Value {
        self.ask(&json!({ "do": "finish", "now": NOW + later, "offset": 180 }))
    }
}

const ANSWERS: &[(&str, &str)] = &[
    ("/data/head", "Dana <Saleh>"),
    ("/data/size", "3"),
    ("/data/member[1]/name", "Samir"),
    ("/data/member[1]/age", "7"),
    ("/data/member[1]/school", "no"),
    ("/data/member[2]/name", "Lina"),
    ("/data/member[2]/age", "9"),
    ("/data/town", "irbid"),
];

// As a page of the server does it.
fn on_the_server() -> (String, String) {
    let files = |address: &str| xforms::beside::read(address, TOWNS);
    let plan = Plan::new(xform::read(&xform(FORM)).form.expect("a form"), &files).expect("a plan");
    let mut surroundings = Surroundings::new(Moment { milliseconds: NOW, offset: 180 }, 7);
    surroundings.language = "English (en)".to_owned();
    surroundings.properties = vec![("username".to_owned(), "amina".to_owned())];
    let mut session = Session::open(Arc::new(plan), surroundings);
    let repeat = session.plan().place("/data/member").expect("a repeat");
    for (address, text) in ANSWERS {
        if session.find(address).is_none() {
            session.add_round(session.instance().root(), repeat).expect("a round");
        }
        session.answer(session.find(address).expect("a question"), text).expect("an answer");
    }
    session.set_now(Moment { milliseconds: NOW + 60_000, offset: 180 });
    session.finish();
    (session.instance().to_xml(Extent::Submission), session.instance().to_xml(Extent::Everything))
}

#[test]
fn a_browser_writes_the_bytes_that_the_server_writes() {
    let mut browser = Browser::open();
    for (address, text) in ANSWERS {
        if browser.say(address, text)["error"] == "unknown" {
            browser.add();
            let said = browser.say(address, text);
            assert!(said["error"].is_null(), "{address}: {said}");
        }
    }
    let finished = browser.finish(60_000);
    let (submission, draft) = on_the_server();
    assert_eq!(finished["submission"], submission);
    assert_eq!(finished["draft"], draft);
    assert!(submission.contains("<town>irbid</town>") && submission.contains("&lt;Saleh&gt;"), "{submission}");
}

#[test]
fn only_questions_that_look_otherwise_are_shown_anew() {
    let mut browser = Browser::open();
    let first = browser.page("/data/head");
    assert_eq!(first["questions"][0]["label"], "Who is the head?");
    assert_eq!(first["questions"][0]["finding"]["fault"], "required");
    let said = browser.say("/data/head", "Dana");
    assert_eq!(said["page"]["questions"][0]["value"], "Dana");
    assert_eq!(said["page"]["questions"][0]["finding"], Value::Null);
    let again = browser.say("/data/head", "Dana");
    assert_eq!(again["page"]["questions"], json!([]));
    assert_eq!(again["page"]["order"], json!(["/data/head"]));
    let size = browser.page("/data/size");
    assert_eq!(size["previous"], "/data/head");
    let said = browser.say("/data/size", "0");
    assert_eq!(said["page"]["questions"][0]["finding"]["message"], "At least one");
}

#[test]
fn of_a_page_of_several_questions_only_what_follows_from_an_answer_is_told() {
    let mut browser = Browser::open_form(PAGE);
    let first = browser.ask(&json!({ "do": "page" }));
    assert_eq!(first["order"], json!(["/data/health/ill", "/data/health/days"]));
    let told = |said: &Value| -> Vec<String> {
        let questions = said["page"]["questions"].as_array().expect("questions");
        questions.iter().map(|question| question["address"].as_str().unwrap_or_default().replace("/data/health/", "")).collect()
    };
    // What comes again after it was gone is told as if it were new.
    for _ in 0..2 {
        let said = browser.say("/data/health/ill", "yes");
        assert_eq!(told(&said), ["ill", "what"]);
        assert_eq!(said["page"]["order"].as_array().map(Vec::len), Some(3));
        let said = browser.say("/data/health/ill", "no");
        assert_eq!(told(&said), ["ill"]);
        assert_eq!(said["page"]["order"], first["order"]);
    }
    let said = browser.say("/data/health/days", "100");
    assert_eq!(told(&said), ["days"]);
    assert_eq!(said["page"]["questions"][0]["finding"]["fault"], "constraint");
    assert_eq!(said["page"]["progress"]["answered"], 2);
}

#[test]
fn a_draft_is_called_by_the_first_name_that_was_said() {
    let mut browser = Browser::open();
    browser.say("/data/head", "Dana");
    assert_eq!(browser.ask(&json!({ "do": "draft" }))["name"], "");
    for (number, name) in [(2, "Lina"), (1, " Samir ")] {
        while browser.say(&format!("/data/member[{number}]/name"), name)["error"] == "unknown" {
            browser.add();
        }
        assert_eq!(browser.ask(&json!({ "do": "draft" }))["name"], name.trim());
    }
}

#[test]
fn rounds_are_cards_and_a_page_that_is_gone_says_where_to_go() {
    let mut browser = Browser::open();
    browser.page("/data/member[+]");
    let added = browser.add();
    let round = added["round"].as_str().expect("a round").to_owned();
    assert_eq!(added["round_page"], format!("{round}/name"));
    browser.say(&format!("{round}/name"), "Lina");
    browser.say(&format!("{round}/age"), "9");
    let cards = browser.page("/data/member[+]");
    let rounds = cards["growing"][0]["rounds"].as_array().expect("cards");
    assert_eq!(rounds.last().expect("the new one")["words"], json!(["Lina", "9"]));
    let school = format!("{round}/school");
    assert_eq!(browser.page(&school)["questions"][0]["choices"][0]["label"], "Yes");
    let grown = browser.say(&format!("{round}/age"), "19");
    assert_eq!((&grown["page"], &grown["next"]), (&Value::Null, &json!("/data/member[+]")));
    let before = rounds.len();
    browser.page("/data/member[+]");
    let left = browser.ask(&json!({ "do": "remove", "at": round }));
    assert_eq!(left["page"]["growing"][0]["rounds"].as_array().map(Vec::len), Some(before - 1));
}

#[test]
fn a_draft_goes_on_where_it_was_left_in_another_language() {
    let mut browser = Browser::open();
    browser.say("/data/head", "Dana");
    let draft = browser.ask(&json!({ "do": "draft" }))["draft"].clone();
    browser.ask(&json!({ "do": "close" }));
    let opened = browser.ask(&json!({
        "do": "open", "xform": xform(FORM), "files": { "jr://file-csv/towns.csv": TOWNS }, "language": "العربية (ar)",
        "now": NOW, "offset": 180, "seed": "8", "draft": draft,
    }));
    assert_eq!(opened["progress"]["answered"], 1);
    let page = browser.ask(&json!({ "do": "page" }));
    assert_eq!(page["questions"][0]["label"], "من رب الأسرة؟");
    assert_eq!(page["questions"][0]["value"], "Dana");
    let town = browser.page("/data/town");
    assert_eq!(town["questions"][0]["choices"].as_array().map(Vec::len), Some(1));
    browser.say("/data/picture", "roof.jpg");
    let checked = browser.ask(&json!({ "do": "check" }));
    assert_eq!(checked["findings"], json!([]));
    assert_eq!(browser.finish(0)["files"], json!(["roof.jpg"]));
}

#[test]
fn what_is_missing_says_in_which_round() {
    let form = "
        survey
        type | name | label | required
        begin_repeat | child | Child |
        text | name | Name | yes
        end_repeat | | |
    ";
    let mut browser = Browser::open_form(form);
    let checked = browser.ask(&json!({ "do": "check" }));
    assert_eq!(checked["findings"][0]["rounds"], json!(["Child 1"]));
    assert_eq!(checked["findings"][0]["label"], "Name");
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let mut desk = Desk::default();
    for request in
        ["", "{", "[]", "{\"do\":7}", "{\"do\":\"page\",\"handle\":99}", "{\"do\":\"open\",\"xform\":\"<x>\"}", "\u{feff}null"]
    {
        let reply: Value = serde_json::from_str(&desk.call(request.as_bytes())).expect("JSON");
        assert!(reply["error"].is_string(), "{request}: {reply}");
    }
    assert!(desk.call(&[0xff, 0xfe, b'{']).contains("error"));
    let mut browser = Browser::open();
    let before = browser.ask(&json!({ "do": "draft" }));
    for (what, at, text) in [
        ("answer", "", ""),
        ("answer", "/data", "x"),
        ("answer", "/data/member[0]/name", "x"),
        ("answer", "/data/children", "9"),
        ("answer", "/data/member[99999999999999999999]/name", "x"),
        ("add", "/data/head", "/data/member"),
        ("add", "/data", "/data"),
        ("remove", "/data", ""),
        ("remove", "/data/head", ""),
        ("dance", "", ""),
        ("page", "", ""),
    ] {
        let reply = browser.ask(&json!({ "do": what, "at": at, "text": text, "page": at }));
        assert!(reply["error"].is_string(), "{what} {at}: {reply}");
    }
    assert_eq!(browser.ask(&json!({ "do": "draft" })), before);
}

#[test]
fn rules_that_came_compiled_judge_a_finished_copy() {
    let field = |name: &str, of: &str, kind: &str| json!({ "of": of, "name": name, "kind": kind });
    let small = json!({ "compare": { "operator": "less", "left": { "field": field("size", "household", "int") }, "right": { "int": 4 } } });
    let grown = json!({ "compare": { "operator": "at_least", "left": { "field": field("age", "member", "int") }, "right": { "int": 18 } } });
    let somebody = json!({ "members": { "how": "exists", "such": grown } });
    let rule = |shapes: &[&Value]| {
        let clauses: Vec<Value> = shapes.iter().map(|shape| json!({ "source": [0, 1], "shape": shape })).collect();
        json!({ "text": "…", "clauses": clauses })
    };
    let fields = json!([
        { "name": "size", "kind": "int", "path": "/data/size" },
        { "name": "age", "of_member": true, "kind": "int", "path": "/data/member/age", "repeat": "/data/member" },
    ]);
    let copy =
        "<data id=\"household\"><size>3</size><member><name>Samir</name><age>7</age></member><member><age/></member></data>";
    let rules = json!([rule(&[&small, &somebody]), rule(&[&small]), rule(&[&json!({ "not": small })])]);
    let mut desk = Desk::default();
    let mut judge = |rules: &Value| -> Value {
        let request = json!({ "do": "judge", "draft": copy, "rules": rules, "fields": fields });
        serde_json::from_str(&desk.call(request.to_string().as_bytes())).expect("JSON")
    };
    let said = judge(&rules);
    // Two members are counted, whatever was answered as their number.
    let first = &said["verdicts"][0];
    assert_eq!((&first["verdict"], &first["clauses"]), (&json!("unknown"), &json!([true, null])));
    assert_eq!(first["decides"], json!(["member.age"]));
    // Each condition names what it saw.
    assert_eq!(first["values"][0], json!([["household.size", 2]]));
    assert_eq!(said["verdicts"][1]["clauses"], json!([true]));
    assert_eq!(said["verdicts"][1]["decides"], json!([]));
    assert_eq!(said["verdicts"][2]["verdict"], "not_eligible");
    assert_eq!(judge(&json!([{ "text": "a rule of tomorrow", "clauses": [{ "shape": "new" }] }]))["error"], "request");
}
