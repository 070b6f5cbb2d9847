//! Answers as a file: of the cases that whoever asks sees, with labels or codes, without names, harmless in a spreadsheet; large ones behind
//! the page.
use chrono::TimeDelta;
use parquet::file::reader::{FileReader, SerializedFileReader};
use throughcare::worker;
use xforms::xlsform::Workbook;

use super::{WATER, again, publish, published};
use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::world::user;

const FORM: &str = "survey,type,name,label\n,text,head_name,Name of the head\n,select_multiple of,needs,Needs\n,text,remark,Remark\n,geopoint,spot,Where\n\
    choices,list_name,name,label\n,of,food,Food\n,of,rent,Rent\nsettings,form_title,form_id\n,Needs,needs\n";
const REPEATED: &str = "survey,type,name,label\n,begin_repeat,member,Member\n,integer,age,Age\n,end_repeat,,\nsettings,form_title,form_id\n,Members,members\n";

// A complete copy on a case, as whoever filled it left it.
async fn filled(w: &World, case: &str, edition: &str, xml: &str) {
    let case = case.trim_start_matches("/cases/");
    let edition = edition.rsplit('/').next().expect("an id");
    let mut work = w.operate().await;
    let key = work.case_key(case.parse().expect("an id")).await.expect("the key");
    let sealed = hex::encode(key.seal("submissions.answers", xml.as_bytes()));
    drop(work);
    w.sql(&format!(
        "insert into submissions (id, case_id, form_id, edition_id, instance_id, state, answers, origin, author, author_name, started_at, completed_at)
         select gen_random_uuid(), '{case}', form_id, id, 'uuid:' || gen_random_uuid(), 'complete', decode('{sealed}', 'hex'), 'page', '{}', 'Amina Haddad', now(), now()
         from form_editions where id = '{edition}'",
        user("amina")
    ))
    .await;
}

async fn standard_case(w: &World) -> String {
    let person = w.known_person("Dana Saleh").await;
    // The standard type is for households.
    let household = w.household(person).await.to_string();
    w.case(&w.amina, ASSISTANCE, person, &[("household", household.as_str()), ("whole_household", "true")]).await
}

fn asked<'a>(format: &'a str, values: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("format", format), ("values", values)]
}

const ANSWERS: &str = "<data id=\"needs\"><head_name>Dana Saleh</head_name><needs>food rent</needs><remark>=HYPERLINK(\"x\")</remark><spot>31.9 35.9 0 0</spot></data>";

#[tokio::test]
async fn answers_leave_with_labels_or_codes_without_names_and_harmless() {
    let w = World::new().await;
    let (form, edition) = published(&w, FORM).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &edition, ANSWERS).await;
    let coded = w.bruno.post(format!("{form}/export"), asked("csv", "codes")).await;
    let text = coded.is(200).body.clone();
    assert!(text.starts_with("\u{feff}key,case,edition,completed_at,arrived_at,disputed,names_other,needs,remark\n"), "{text}");
    assert!(text.contains(",food rent,\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    assert!(!text.contains("Dana") && !text.contains("31.9"), "no names and no places unless they are asked for: {text}");
    let labelled = w.bruno.post(format!("{form}/export"), asked("csv", "labels")).await;
    let text = &labelled.is(200).body;
    assert!(text.contains("Needs,Remark\n") && text.contains("Food; Rent"), "{text}");
    assert!(labelled.headers["content-disposition"].to_str().expect("text").contains("needs.csv"));
    // Names go to whoever answers for a caseload and asks.
    let named = |mut fields: Vec<(&'static str, &'static str)>| {
        fields.push(("names", "true"));
        fields
    };
    let text = w.bruno.post(format!("{form}/export"), named(asked("csv", "codes"))).await.is(200).body.clone();
    assert!(text.contains("31.9 35.9 0 0"), "{text}");
    assert!(text.contains("head_name") && text.matches("Dana Saleh").count() == 2 && text.contains("Amina Haddad"), "{text}");
    w.amina.post(format!("{form}/export"), named(asked("csv", "codes"))).await.is(403);
    for (format, begins) in [("xlsx", "PK"), ("parquet", "PAR1")] {
        let file = w.bruno.post(format!("{form}/export"), asked(format, "labels")).await;
        assert!(file.is(200).body.starts_with(begins), "{format}");
    }
    let facts =
        w.value("select count(*)::text from facts where kind = 'exported' and subjects = array[(select id from cases)]").await;
    assert_eq!(facts, "5");
    assert_eq!(w.value("select count(*)::text from facts where kind = 'exported' and note ->> 'names' = 'true'").await, "1");
}

const SHELTER: &str = "survey,type,name,label\n,select_one of,roof,Roof\n,integer,rooms,Rooms\n,text,remark,Remark\n\
    choices,list_name,name,label\n,of,tin,Tin sheets\n,of,none,No roof\nsettings,form_title,form_id,version\n,Shelter,shelter,1\n";

// The rows of a spreadsheet of this edition's copies: the number of the edition, and the answers.
async fn sheet(w: &World, form: &str, values: &str, edition: &str) -> Vec<String> {
    let edition = edition.rsplit('/').next().expect("an id");
    let fields = [asked("xlsx", values), vec![("edition", edition)]].concat();
    let file = w.bruno.post(format!("{form}/export"), fields).await;
    let workbook = Workbook::open(&file.is(200).bytes).expect("a spreadsheet");
    let rows = workbook.sheets[0].rows.iter().map(|(_, cells)| [&cells[2..3], &cells[7..]].concat().join("|"));
    let mut rows: Vec<String> = rows.collect();
    rows[1..].sort();
    rows
}

#[tokio::test]
async fn a_spreadsheet_holds_labels_or_codes_and_each_answer_keeps_the_words_of_its_edition() {
    let w = World::new().await;
    let (form, first) = published(&w, SHELTER).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &first, "<data id=\"shelter\" version=\"1\"><roof>tin</roof><rooms>3</rooms><remark>=1+1</remark></data>")
        .await;
    let copy = w.value("select id::text from submissions").await;
    let reworded =
        SHELTER.replace("Roof\n", "What covers it?\n").replace("Tin sheets", "Corrugated iron").replace("shelter,1", "shelter,2");
    let second = again(&w, &form, &reworded).await;
    publish(&w, &second).await;
    filled(&w, &case, &second, "<data id=\"shelter\" version=\"2\"><roof>tin</roof><rooms>4</rooms><remark/></data>").await;
    // On its page, in the words that were asked.
    w.amina
        .get(format!("{case}/forms/{copy}"))
        .await
        .is(200)
        .shows("Roof")
        .shows("Tin sheets")
        .lacks("Corrugated")
        .lacks("What covers");
    assert_eq!(sheet(&w, &form, "labels", &first).await, ["Edition|Roof|Rooms|Remark", "1|Tin sheets|3|=1+1"]);
    assert_eq!(sheet(&w, &form, "codes", &first).await, ["edition|roof|rooms|remark", "1|tin|3|=1+1"]);
    // Both in one file: a column is called as it is asked now, and each answer as it was asked.
    let both = sheet(&w, &form, "labels", "").await;
    assert_eq!(both, ["Edition|What covers it?|Rooms|Remark", "1|Tin sheets|3|=1+1", "2|Corrugated iron|4"]);
}

#[tokio::test]
async fn a_parquet_file_holds_typed_columns_with_labels_or_codes() {
    let w = World::new().await;
    let (form, edition) = published(&w, SHELTER).await;
    let case = standard_case(&w).await;
    filled(
        &w,
        &case,
        &edition,
        "<data id=\"shelter\" version=\"1\"><roof>tin</roof><rooms>3</rooms><remark>=1+1</remark></data>",
    )
    .await;
    for (values, holds) in [
        ("labels", "Roof: \"Tin sheets\", Rooms: 3, Rooms_text: null, Remark: \"=1+1\"}"),
        ("codes", "roof: \"tin\", rooms: 3, rooms_text: null, remark: \"=1+1\"}"),
    ] {
        let file = w.bruno.post(format!("{form}/export"), asked("parquet", values)).await;
        let read = SerializedFileReader::new(file.is(200).bytes.clone()).expect("it is Parquet");
        let rows: Vec<String> = read.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        assert!(rows.len() == 1 && rows[0].ends_with(holds), "{values}: {rows:?}");
    }
}

#[tokio::test]
async fn s13_s18_only_cases_that_one_sees_and_of_guarded_ones_neither_names_nor_places() {
    let w = World::new().await;
    let (form, edition) = published(&w, FORM).await;
    w.bruno
        .post(format!("{form}/export"), asked("csv", "codes"))
        .await
        .is(422)
        .shows("There are no complete copies that you see.");
    let guarded = w.case(&w.amina, 1, w.known_person("Leyla Omar").await, &[]).await;
    w.gita().await;
    let gita = user("gita").to_string();
    let restricted = w.case(&w.salma, GBV, w.known_person("Hidden Person").await, &[("supervisor", &gita)]).await;
    filled(&w, &guarded, &edition, ANSWERS).await;
    filled(&w, &restricted, &edition, &ANSWERS.replace("food rent", "food")).await;
    let mut fields = asked("csv", "codes");
    fields.push(("names", "true"));
    let text = w.bruno.post(format!("{form}/export"), fields).await.is(200).body.clone();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("food rent") && !text.contains("31.9"), "{text}");
    assert!(text.contains("head_name") && !text.contains("Leyla") && !text.contains("Dana"), "{text}");
    // The worker of the restricted case sees her case, and no file holds it.
    w.salma.post(format!("{form}/export"), asked("csv", "codes")).await.is(422);
    // An administrator keeps the form and sees no case.
    w.ada.get(format!("{form}/export")).await.is(403);
    w.ada.get("/forms").await.shows("fewer than 10");
}

#[tokio::test]
async fn of_two_corrections_that_stand_each_is_marked_until_somebody_chooses() {
    let w = World::new().await;
    let (form, edition) = published(&w, FORM).await;
    let case = standard_case(&w).await;
    for _ in 0..3 {
        filled(&w, &case, &edition, ANSWERS).await;
    }
    let rows = async |mark: &str| {
        let file = w.bruno.post(format!("{form}/export"), asked("csv", "codes")).await;
        file.is(200).body.matches(mark).count()
    };
    assert_eq!((rows(",0,,food rent").await, rows(",1,,food rent").await), (3, 0));
    w.sql("update submissions set replaces = (select min(id::text)::uuid from submissions) where id = (select max(id::text)::uuid from submissions)").await;
    assert_eq!((rows(",0,,food rent").await, rows(",1,,food rent").await), (1, 2));
    w.sql("update submissions set state = 'replaced' where replaces is not null").await;
    assert_eq!((rows(",0,,food rent").await, rows(",1,,food rent").await), (2, 0));
}

#[tokio::test]
async fn s28_a_form_that_names_somebody_else_says_so_until_somebody_settled_it() {
    let w = World::new().await;
    let (form, edition) = published(&w, FORM).await;
    filled(&w, &standard_case(&w).await, &edition, ANSWERS).await;
    let settled = [("null", "null", ",0,,food rent"), ("true", "null", ",0,1,food rent"), ("true", "now()", ",0,0,food rent")];
    for (names_other, belongs_at, row) in settled {
        w.sql(&format!("update submissions set names_other = {names_other}, belongs_at = {belongs_at}")).await;
        let file = w.bruno.post(format!("{form}/export"), asked("csv", "codes")).await;
        assert!(file.is(200).body.contains(row), "{}", file.body);
    }
    let labelled = w.bruno.post(format!("{form}/export"), asked("csv", "labels")).await;
    labelled.is(200).shows("Names somebody else, not settled");
}

#[tokio::test]
async fn rounds_of_a_repeat_are_a_table_of_their_own() {
    let w = World::new().await;
    let (form, edition) = published(&w, REPEATED).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &edition, "<data id=\"members\"><member><age>7</age></member><member><age>9</age></member></data>").await;
    let seen = w.bruno.post(format!("{form}/export"), asked("csv", "codes")).await;
    let text = &seen.is(200).body;
    assert!(text.starts_with("PK") && text.contains("answers.csv") && text.contains("member.csv"));
    assert!(text.contains("key,parent_key,age") && text.contains("/member[2],uuid:") && text.contains(",9\n"), "{text}");
}

#[tokio::test]
async fn a_thousand_copies_and_more_are_made_behind_the_page_for_a_day() {
    let w = World::new().await;
    let (form, edition) = published(&w, WATER).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &edition, "<data id=\"water\"><water>no</water><walk>12</walk></data>").await;
    w.sql(
        "insert into submissions (id, case_id, form_id, edition_id, instance_id, state, answers, origin, author, author_name, started_at, completed_at)
         select gen_random_uuid(), case_id, form_id, edition_id, 'uuid:' || n, state, answers, origin, author, author_name, started_at, completed_at
         from submissions, generate_series(1, 1000) n",
    )
    .await;
    let page = w.bruno.post(format!("{form}/export"), asked("csv", "labels")).await.redirects();
    assert!(page.starts_with(&format!("{form}/exports/")), "{page}");
    w.bruno.get(&page).await.shows("Being made").shows("0 / 1,001").shows("You can leave this page");
    w.bruno.get(format!("{page}/file")).await.is(409);
    for somebody in [&w.amina, &w.ada, &w.odd] {
        somebody.get(&page).await.is(404);
    }
    w.work_off().await;
    w.bruno.get(&page).await.shows("Ready").shows("1,001 / 1,001");
    w.bruno.get(format!("{page}/progress")).await.is(200).shows("Ready");
    let file = w.bruno.get(format!("{page}/file")).await;
    assert_eq!(file.is(200).body.lines().count(), 1002);
    assert!(file.body.contains(",No,12,"), "{}", file.body.lines().nth(1).unwrap_or_default());
    let id = page.rsplit('/').next().expect("an id");
    let sealed = w.ground.files.join(format!("form_exports/{id}.sealed"));
    assert!(!String::from_utf8_lossy(&std::fs::read(&sealed).expect("it is there")).contains("uuid:"), "sealed");
    assert_eq!(w.value("select count(*)::text from facts where kind = 'exported' and actor like 'user:%'").await, "7");
    w.ground.clock.forward(TimeDelta::hours(25));
    worker::tick(&w.ground).await.expect("a tick");
    w.work_off().await;
    assert!(!sealed.exists());
    assert_eq!(w.count("form_exports where state = 'gone'").await, 1);
}

#[tokio::test]
async fn what_the_asker_does_not_see_any_more_when_it_is_made_stays_out() {
    let w = World::new().await;
    let (form, edition) = published(&w, WATER).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &edition, "<data id=\"water\"><water>no</water></data>").await;
    let program = w.bruno.program().await;
    let wanted = serde_json::json!({ "format": "csv" });
    let asked = program.call("POST", &format!("/api/v1{form}/exports"), Some(&wanted)).await;
    let id =
        serde_json::from_str::<serde_json::Value>(&asked.is(202).body).expect("JSON")["id"].as_str().expect("an id").to_owned();
    let id_of_case = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id_of_case}', '{}', 'relative')",
        user("bruno")
    ))
    .await;
    w.work_off().await;
    let file = program.get(format!("/api/v1{form}/exports/{id}/file")).await;
    assert_eq!(file.is(200).body.lines().count(), 1, "headings alone: {}", file.body);
}

#[tokio::test]
async fn s29_a_file_of_answers_goes_with_each_case_whose_answers_it_may_hold() {
    let w = World::new().await;
    let program = w.bruno.program().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Saleh").await, &[]).await;
    let other = standard_case(&w).await;
    let mut made = Vec::new();
    for (text, xml, on) in [(WATER, "<data id=\"water\"><water>no</water></data>", &case), (FORM, ANSWERS, &other)] {
        let (form, edition) = published(&w, text).await;
        filled(&w, on, &edition, xml).await;
        let asked = program.call("POST", &format!("/api/v1{form}/exports"), Some(&serde_json::json!({ "format": "csv" }))).await;
        let asked: serde_json::Value = serde_json::from_str(&asked.is(202).body).expect("JSON");
        let id = asked["id"].as_str().expect("an id").to_owned();
        made.push((w.ground.files.join(format!("form_exports/{id}.sealed")), format!("{form}/exports/{id}")));
    }
    w.work_off().await;
    assert!(made.iter().all(|(file, _)| file.exists()));
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!("update cases set closed_at = now() - interval '8 years', close_reason = 'needs_met' where id = '{id}'"))
        .await;
    crate::retention::erased(&w, &[id]).await;
    assert_eq!(made.iter().map(|(file, _)| file.exists()).collect::<Vec<_>>(), [false, true]);
    w.bruno.get(&made[0].1).await.shows("Gone");
    w.bruno.get(format!("{}/file", made[0].1)).await.is(409).shows("a case whose answers it may hold was erased");
    w.bruno.get(format!("{}/file", made[1].1)).await.is(200).shows("food rent");
}

#[tokio::test]
async fn a_copy_that_comes_late_is_in_the_export_of_the_days_on_which_it_came() {
    let w = World::new().await;
    let (form, edition) = published(&w, WATER).await;
    let case = standard_case(&w).await;
    filled(&w, &case, &edition, "<data id=\"water\"><water>no</water></data>").await;
    w.sql("update submissions set completed_at = '2026-05-28T09:00:00Z', arrived_at = '2026-06-05T09:00:00Z', recorded_at = '2026-06-05T09:00:00Z'")
        .await;
    w.bruno.get(format!("{form}/export")).await.shows("counts on the day it came onto its case");
    let of = |from: &'static str, until: &'static str| [asked("csv", "codes"), vec![("from", from), ("until", until)]].concat();
    w.bruno.post(format!("{form}/export"), of("2026-05-01", "2026-05-31")).await.is(422).shows("There are no complete copies");
    let june = w.bruno.post(format!("{form}/export"), of("2026-06-01", "2026-06-30")).await;
    assert_eq!(june.is(200).body.lines().count(), 2, "{}", june.body);
}
