//! Forms as an administrator keeps them: what is wrong is told with its place and remedy, what is right is looked at, compared, published
//! and retired.
mod exports;
mod files;

use serde_json::{Value, json};
use throughcare::forms::store;
use throughcare::platform::ids::EditionId;

use crate::support::World;
use crate::support::browser::{Browser, Seen};

/// A small form as CSV.
pub const WATER: &str = "survey,type,name,label::English (en),label::Arabic (ar),relevant,constraint\n\
    ,select_one yesno,water,Is there water?,هل يوجد ماء؟,,\n\
    ,integer,walk,Minutes on foot,دقائق سيراً,${water} = 'no',. <= 600\n\
    ,text,remark,Anything else?,شيء آخر؟,,\n\
    choices,list_name,name,label::English (en),label::Arabic (ar)\n\
    ,yesno,yes,Yes,نعم\n\
    ,yesno,no,No,لا\n\
    settings,form_title,form_id,version\n\
    ,Water at home,water,1\n";

/// Chooses a file of a form about one person on a page and sends it.
pub async fn upload(by: &Browser, path: &str, name: &str, text: &str) -> Seen {
    upload_about(by, "person", path, (name, text)).await
}

async fn upload_about(by: &Browser, subject: &str, path: &str, (name, text): (&str, &str)) -> Seen {
    by.upload(path, &[("subject", subject)], Some(("file", name, text.as_bytes()))).await
}

/// A form that stands and can be filled in; answers the address of the form and of its edition.
pub async fn published(w: &World, text: &str) -> (String, String) {
    let edition = upload(&w.ada, "/forms", "water.csv", text).await.redirects();
    publish(w, &edition).await;
    (edition.split("/editions/").next().expect("its form").to_owned(), edition)
}

async fn publish(w: &World, edition: &str) {
    let version = w.ada.get(edition).await.marked("version");
    w.ada.post(format!("{edition}/publication"), [("version", version)]).await.redirects();
}

async fn again(w: &World, form: &str, text: &str) -> String {
    upload(&w.ada, &format!("{form}/editions"), "water2.csv", text).await.redirects()
}

#[tokio::test]
async fn a_mistake_in_a_form_is_told_with_sheet_row_column_and_remedy_and_nothing_is_kept() {
    let w = World::new().await;
    let broken = WATER.replace("select_one yesno,", "select_one yesnoo,").replace("${water} =", "${watr} =");
    let seen = upload(&w.ada, "/forms", "my <b>form.csv", &broken).await;
    seen.is(422).shows("To be mended: 2").shows("my <b>form.csv").shows("Nothing was kept");
    assert!(!seen.body.contains("<b>form"), "the name of the file is text");
    seen.shows("survey 2 type There is no list “yesnoo” on the sheet “choices”. Perhaps “yesno” is meant.");
    seen.shows("survey 3 relevant There is no question, group or repeat named “watr”. Perhaps “${water}” is meant.");
    assert_eq!(w.count("forms").await + w.count("form_editions").await, 0);
    // Read by somebody who speaks another language: a sentence by the mistake's code, and the author's own names behind it.
    w.sql("update users set lang = 'es' where login = 'ada'").await;
    let seen = upload(&w.ada, "/forms", "form.csv", &broken).await;
    seen.is(422).shows("No hay una lista de opciones con este nombre: yesnoo").lacks("There is no list");
    w.sql("update users set lang = 'en' where login = 'ada'").await;
    upload(&w.ada, "/forms", "picture.png", "\u{1}\u{2} no form at all").await.is(422).shows("survey");
    upload(&w.ada, "/forms", "empty.csv", "").await.is(422).shows("Fill this in.");
    let unasking = "survey,type,name,calculation\n,calculate,one,1\nsettings,form_title,form_id\n,Nothing,nothing\n";
    upload(&w.ada, "/forms", "form.csv", unasking).await.is(422).shows("The form asks no question.");
    upload(&w.ada, "/forms", "form.csv", WATER).await.redirects();
    assert_eq!(w.count("form_editions where state = 'draft'").await, 1);
}

#[tokio::test]
async fn a_draft_is_looked_at_in_each_of_its_languages_and_published() {
    let w = World::new().await;
    w.ada.get("/forms").await.shows("No forms yet").shows("Make a form in a spreadsheet");
    let edition = upload(&w.ada, "/forms", "water.csv", WATER).await.redirects();
    let page = w.ada.get(&edition).await;
    page.shows("Draft")
        .shows("Is there water?")
        .shows("Asked if “Is there water?” is “No”")
        .shows("Accepted if the answer is at most 600");
    page.shows("Page 3").lacks("هل يوجد ماء؟");
    w.ada.get(format!("{edition}?in=1")).await.shows("هل يوجد ماء؟").shows("نعم");
    let source = w.ada.get(format!("{edition}/source")).await;
    assert_eq!(source.is(200).body, WATER);
    let version = page.marked("version");
    w.ada.post(format!("{edition}/publication"), [("version", "7")]).await.is(409);
    w.ada.post(format!("{edition}/publication"), [("version", version.as_str())]).await.redirects();
    w.ada.get("/forms").await.shows("Water at home").shows("Published").shows("English (en), Arabic (ar)").shows("fewer than 10");
    w.ada.post(format!("{edition}/publication"), [("version", "2")]).await.is(409);
    assert_eq!(w.count("facts where kind = 'form.published'").await, 1);
}

#[tokio::test]
async fn of_two_editions_published_at_the_same_moment_the_second_is_refused_in_words() {
    let w = World::new().await;
    let first = upload(&w.ada, "/forms", "water.csv", WATER).await.redirects();
    let form = first.split("/editions/").next().expect("its form").to_owned();
    let second =
        again(&w, &form, &WATER.replace("Is there water?", "Is there clean water?").replace(",water,1", ",water,2")).await;
    let version = w.ada.get(&second).await.marked("version");
    let id: EditionId = first.rsplit('/').next().expect("an id").parse().expect("an id");
    let mut work = w.operate().await;
    let edition = store::edition(&mut work, id).await.expect("an edition");
    store::publish(&mut work, &edition).await.expect("it is published");
    let slowly = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        work.commit().await.expect("it commits");
    };
    let (refused, ()) = tokio::join!(w.ada.post(format!("{second}/publication"), [("version", version)]), slowly);
    refused.is(409).shows("Another edition of this form was published at the same moment");
    assert_eq!(w.count("form_editions where state = 'published'").await, 1);
    publish(&w, &second).await;
}

#[tokio::test]
async fn a_second_edition_says_what_it_changes_and_takes_the_place_of_the_first() {
    let w = World::new().await;
    let (form, first) = published(&w, WATER).await;
    upload(&w.ada, &format!("{form}/editions"), "same.csv", WATER).await.is(422).shows("Nothing has changed");
    let other = WATER.replace(",water,1", ",wells,1");
    upload(&w.ada, &format!("{form}/editions"), "other.csv", &other).await.is(422).shows("another form_id");
    let new = WATER
        .replace("Is there water?", "Is there clean water?")
        .replace(",text,remark,Anything else?,شيء آخر؟,,\n", ",integer,rooms,Rooms,غرف,,\n")
        .replace(",. <= 600", ",. <= 300")
        .replace(",yesno,no,No,لا\n", ",yesno,never,Never,أبداً\n,yesno,no,No,لا\n");
    // Clients tell editions apart by the author's version: one that was used is not used for something else.
    let twice = upload(&w.ada, &format!("{form}/editions"), "twice.csv", &new).await;
    twice.is(422).shows("An earlier edition has the version").shows("Nothing was kept");
    assert_eq!(w.count("form_editions").await, 1);
    let second = again(&w, &form, &new.replace(",water,1", ",water,2")).await;
    let page = w.ada.get(format!("{second}/difference")).await;
    page.shows("Compared with Edition 1").shows("Asked from now on: 1").shows("No longer asked: 1");
    page.shows("Anything else?")
        .shows("nobody is asked any more")
        .shows("Is there clean water?")
        .shows("is at most 300")
        .shows("Never");
    publish(&w, &second).await;
    w.ada.get(&first).await.shows("Retired");
    w.ada.get(&form).await.shows("Edition 2").shows("Published");
    assert_eq!(w.count("form_editions where state = 'published'").await, 1);
    let version = w.ada.get(&second).await.marked("version");
    w.ada.post(format!("{second}/retirement"), [("version", version)]).await.redirects();
    assert_eq!(w.count("form_editions where state = 'published'").await, 0);
    // No version is one like any other.
    let unsaid = |text: &str| text.replace(",water,1", ",water,");
    again(&w, &form, &unsaid(WATER)).await;
    upload(&w.ada, &format!("{form}/editions"), "unsaid.csv", &unsaid(&new)).await.is(422).shows("has the version");
    // Sent as if it were new, it is an edition of the form that stands all the same, and who may fill that in stays as it was.
    let third = new.replace(",water,1", ",water,3");
    let known = upload_about(&w.ada, "household", "/forms", ("known.csv", &third)).await;
    known.redirects();
    assert_eq!(known.flash(), "form-uploaded-known");
    assert_eq!(w.value("select string_agg(subject, ' ') from forms where code = 'water'").await, "person");
}

#[tokio::test]
async fn a_draft_that_is_discarded_takes_a_form_that_nothing_is_left_of_with_it() {
    let w = World::new().await;
    let edition = upload(&w.ada, "/forms", "water.csv", WATER).await.redirects();
    let version = w.ada.get(&edition).await.marked("version");
    assert_eq!(w.ada.post(format!("{edition}/removal"), [("version", version)]).await.redirects(), "/forms");
    assert_eq!(w.count("forms").await, 0);
    let (form, first) = published(&w, WATER).await;
    w.ada.post(format!("{first}/removal"), [("version", "2")]).await.is(409);
    let second = again(&w, &form, &WATER.replace("Minutes", "Time").replace(",water,1", ",water,2")).await;
    let version = w.ada.get(&second).await.marked("version");
    assert_eq!(w.ada.post(format!("{second}/removal"), [("version", version)]).await.redirects(), form);
}

#[tokio::test]
async fn forms_are_kept_by_the_administrators_of_their_organisation_alone() {
    let w = World::new().await;
    let (form, edition) = published(&w, WATER).await;
    for somebody in [&w.amina, &w.bruno, &w.pia] {
        for path in [&form, &edition, &format!("{edition}/difference"), &"/forms/new".to_owned()] {
            somebody.get(path).await.is(403);
        }
        upload(somebody, "/forms", "water.csv", WATER).await.is(403);
        somebody.post(format!("{edition}/retirement"), [("version", "2")]).await.is(403);
        somebody.post(&form, [("version", "1"), ("subject", "household")]).await.is(403);
    }
    // Whoever reads cases and figures is offered the answers, and nothing to change.
    w.amina.get("/forms").await.shows("Water at home").lacks("Upload a form");
    for path in [&form, &edition, &format!("{form}/export")] {
        w.odd.get(path).await.is(404);
        w.chen.get(path).await.is(404);
    }
    let page = w.ada.get(&form).await;
    let version = page.marked("version");
    let restricted = [("version", version.as_str()), ("subject", "person"), ("case_types", "4"), ("offline", "true")];
    w.ada.post(&form, restricted).await.is(422).shows("A form for restricted cases stays off devices.");
    w.ada
        .post(&form, [("version", version.as_str()), ("subject", "person"), ("case_types", "3"), ("offline", "true")])
        .await
        .redirects();
    w.ada.get(&form).await.shows("with ODK Collect");
    w.ada.get(&edition).await.shows("say which case it is about").shows("case_code");
    let clash = w.ada.post(&form, [("version", version.as_str()), ("subject", "household"), ("case_types", "3")]).await;
    clash.is(409).shows("What it is about");
}

#[tokio::test]
async fn s12_a_form_about_a_household_asks_nothing_that_only_one_may_be_asked() {
    let w = World::new().await;
    let asks = WATER.replace("Anything else?", "Has anybody been beaten?");
    let seen = upload_about(&w.ada, "household", "/forms", ("home.csv", &asks)).await;
    seen.is(422).shows("survey 4 label A household would be asked “remark” (“beaten”)").shows("in a form about one person");
    // Told in the same round as what else is wrong.
    let twice = asks.replace("${water}", "${watr}");
    let seen = upload_about(&w.ada, "household", "/forms", ("home.csv", &twice)).await;
    seen.is(422).shows("A household would be asked “remark”").shows("named “watr”");
    assert_eq!(w.count("forms").await, 0);
    // Of one person alone it may be asked; and such a form never becomes one about a household.
    let (form, _) = published(&w, &asks).await;
    let version = w.ada.get(&form).await.marked("version");
    w.ada
        .post(&form, [("version", version.as_str()), ("subject", "household")])
        .await
        .is(422)
        .shows("it is for one person alone");
    let (other, _) = published(&w, &WATER.replace(",water,1", ",wells,1")).await;
    let version = w.ada.get(&other).await.marked("version");
    w.ada.post(&other, [("version", version.as_str()), ("subject", "household")]).await.redirects();
}

#[tokio::test]
async fn a_program_uploads_compares_and_publishes() {
    use base64::Engine;
    let w = World::new().await;
    let program = w.ada.program().await;
    let file = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let broken = json!({ "name": "water.csv", "file": file(&WATER.replace("yesno,water", "yesnoo,water")), "terms": { "subject": "person" } });
    let told = program.call("POST", "/api/v1/forms", Some(&broken)).await;
    let told: Value = serde_json::from_str(&told.is(422).body).expect("JSON");
    assert_eq!(
        (told["problems"][0]["code"].as_str(), told["problems"][0]["row"].as_u64()),
        (Some("unknown-list"), Some(2)),
        "{told}"
    );
    let new = json!({ "name": "water.csv", "file": file(WATER), "terms": { "subject": "person", "case_types": [3] } });
    let made = program.call("POST", "/api/v1/forms", Some(&new)).await;
    let made: Value = serde_json::from_str(&made.is(201).body).expect("JSON");
    let (form, edition) = (made["form"].as_str().expect("a form"), made["edition"].as_str().expect("an edition"));
    let path = format!("/api/v1/forms/{form}/editions/{edition}");
    program.call("PUT", &format!("{path}/publication"), None).await.is(200);
    program.call_over("PUT", &format!("{path}/retirement"), "\"1\"", None).await.is(412);
    let xform = program.get(format!("{path}/xform")).await;
    assert!(xform.is(200).body.contains("<h:title>Water at home</h:title>"), "{}", xform.body);
    assert_eq!(program.get(format!("{path}/difference")).await.is(200).body, "[]");
    let terms = json!({ "subject": "household", "case_types": [] });
    program.call("PUT", &format!("/api/v1/forms/{form}"), Some(&terms)).await.is(200);
    program.get("/api/v1/forms").await.is(200).shows("\"subject\":\"household\"");
    w.odd.program().await.get(&path).await.is(404);
}

#[tokio::test]
async fn the_files_beside_a_form_are_part_of_its_edition_and_what_was_retired_comes_back() {
    let w = World::new().await;
    let (form, edition) = published(&w, WATER).await;
    upload(&w.ada, &format!("{form}/editions"), "water.csv", WATER).await.is(422).shows("The newest edition is this very form");
    let kept = edition.rsplit('/').next().expect("an id");
    w.sql(&format!(
        "insert into form_media (edition_id, name, media_type, bytes, hash) values ('{kept}', 'towns.csv', 'text/csv', 'a', md5('a'))"
    ))
    .await;
    // The same form without that file is another edition.
    let other = again(&w, &form, WATER).await;
    w.ada.get(format!("{other}/difference")).await.shows("towns.csv is gone.").lacks("Nothing differs");
    publish(&w, &other).await;
    let version = w.ada.get(&other).await.marked("version");
    w.ada.post(format!("{other}/retirement"), [("version", version)]).await.redirects();
    again(&w, &form, WATER).await;
    assert_eq!(w.count("form_editions").await, 3);
    w.sql(&format!(
        "insert into form_media (edition_id, name, media_type, bytes, hash)
         values ('{}', 'towns.csv', 'text/csv', convert_to('b' || chr(10) || 'c', 'UTF8'), md5('b'))",
        other.rsplit('/').next().expect("an id")
    ))
    .await;
    w.ada.get(format!("{other}/difference")).await.shows("towns.csv: lines added 2, removed 1, changed 0.");
}

#[tokio::test]
async fn a_draft_older_than_what_is_published_is_published_no_more() {
    let w = World::new().await;
    let first = upload(&w.ada, "/forms", "water.csv", WATER).await.redirects();
    let form = first.split("/editions/").next().expect("its form").to_owned();
    let second = again(&w, &form, &WATER.replace("Is there water?", "Is there a well?").replace(",water,1", ",water,2")).await;
    publish(&w, &second).await;
    let page = w.ada.get(&first).await;
    page.shows("is newer, and was published on").lacks("Publish this edition");
    let refused = w.ada.post(format!("{first}/publication"), [("version", page.marked("version"))]).await;
    refused.is(409).shows("A newer edition of this form is published");
    w.ada.get(&second).await.shows("Published");
    // The way back: uploaded again it is the newest.
    let third = again(&w, &form, WATER).await;
    publish(&w, &third).await;
    w.ada.get(&second).await.shows("Retired");
}

#[tokio::test]
async fn what_makes_no_sense_in_a_form_is_told_before_a_worker_meets_it() {
    let w = World::new().await;
    let senseless = WATER.replace(". <= 600", "\"regex(., '([')\"");
    upload(&w.ada, "/forms", "water.csv", &senseless).await.is(422).shows("survey 3 constraint The pattern “([” can");
    let asks = WATER.replace("select_one yesno,water", "select_one_from_file cases.csv,water");
    let draft = upload(&w.ada, "/forms", "water.csv", &asks).await.redirects();
    w.ada.get(&draft).await.lacks("cases.csv is not there").lacks("Add the file to the form");
}

#[tokio::test]
async fn what_is_unwise_in_a_form_stands_with_its_row_on_the_draft() {
    let w = World::new().await;
    let unwise = WATER.replace(",yesno,no,No,لا\n", ",yesno,no,No,لا\n,yesno,no,Never,أبداً\n");
    let draft = upload(&w.ada, "/forms", "water.csv", &unwise).await.redirects();
    let page = w.ada.get(&draft).await;
    page.shows("choices 8 name The list “yesno” has more than one choice named “no”.").shows("Give each a name of its own");
}
