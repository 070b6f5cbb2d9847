//! The files that authors send: a form in whatever kind of file, and lists and pictures beside it.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{WATER, publish};
use crate::forms_pages::PNG;
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::spreadsheets::{xform, xls, xlsx};

#[tokio::test]
async fn a_workbook_an_old_one_whatever_it_is_called_and_an_xform_are_read_from_the_page_and_from_programs() {
    let w = World::new().await;
    let program = w.ada.program().await;
    let kinds = ["new.xlsx", "old.xlsx", "made.xml"].into_iter().zip([xlsx, xls, xform as fn(&str) -> Vec<u8>]);
    for (name, made) in kinds {
        let water = |id: &str| made(&WATER.replace(",water,1", &format!(",{id}_{},1", &name[..3])));
        let page = water("page");
        let edition = w.ada.upload("/forms", &[("subject", "person")], Some(("file", name, page.as_slice()))).await.redirects();
        w.ada.get(&edition).await.shows(name).shows("Is there water?").shows("Minutes on foot").shows("at most 600");
        assert_eq!(w.ada.get(format!("{edition}/source")).await.is(200).bytes, page, "{name} is kept as it came");
        let new = json!({ "name": name, "file": STANDARD.encode(water("rest")), "terms": { "subject": "person" } });
        program.call("POST", "/api/v1/forms", Some(&new)).await.is(201);
    }
    assert_eq!(w.count("form_editions where state = 'draft' and questions = 3").await, 6);
    // Told with its place, as of a table.
    let broken = WATER.replace("select_one yesno,", "select_one yesnoo,");
    for bytes in [xlsx(&broken), xls(&broken)] {
        let told = w.ada.upload("/forms", &[("subject", "person")], Some(("file", "broken.xls", bytes.as_slice()))).await;
        told.is(422).shows("survey 2 type There is no list “yesnoo”");
    }
}

const TOWNS: &[u8] = b"name,label\nirb,Irbid\namm,Amman\n";
const ASKS: &str = "survey,type,name,label,media::image\n,select_one_from_file towns.csv,town,Which town?,leaf.png\n\
    settings,form_title,form_id,version\n,Towns,towns,1\n";

#[tokio::test]
async fn a_list_and_a_picture_beside_a_form_are_asked_from_and_come_to_phones_as_they_were_sent() {
    let w = World::new().await;
    let terms = [("subject", "household"), ("case_types", "3"), ("intake", "true"), ("offline", "true")];
    let files = [("file", "towns_form.csv", ASKS.as_bytes()), ("media", "towns.csv", TOWNS), ("media", "leaf.png", PNG)];
    let edition = w.ada.upload_all("/forms", &terms, &files).await.redirects();
    w.ada.get(&edition).await.shows("towns.csv").shows("leaf.png");
    publish(&w, &edition).await;
    // On a case its choices are the list's.
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    let case = w.case(&w.amina, ASSISTANCE, person, &[("household", household.as_str()), ("whole_household", "true")]).await;
    let form = edition.split('/').nth(2).expect("its form").parse().expect("an id");
    let copy = w.amina.begins(&case, form).await;
    let page = format!("{copy}?at=/data/town");
    let asked = w.amina.get(&page).await;
    asked.shows("Which town?").shows("Irbid").shows("Amman");
    let picture = w.amina.get(asked.link(&format!("{copy}/media/"))).await;
    assert_eq!(picture.is(200).bytes, PNG);
    w.amina.fills(&page, &[("/data/town", "irb")], "next").await.redirects();
    assert_eq!(w.amina.get(&page).await.body.matches(" checked").count(), 1);
    // A phone fetches both, and the manifest says their digests.
    let (phone, id) = (w.aminas_phone(), edition.rsplit('/').next().expect("an id"));
    let manifest = phone.get(&format!("/forms/{id}/manifest")).await;
    for (name, sent) in [("towns.csv", TOWNS), ("leaf.png", PNG)] {
        let file = phone.get(&format!("/forms/{id}/media/{name}")).await;
        assert_eq!(file.is(200).bytes, sent, "{name}");
        let digest = w.value(&format!("select md5(decode('{}', 'hex'))", hex::encode(sent))).await;
        let line = format!("<filename>{name}</filename><hash>md5:{digest}</hash>");
        assert!(manifest.is(200).body.contains(&line), "{line}: {}", manifest.body);
    }
}

#[tokio::test]
async fn a_program_sends_the_files_beside_a_form() {
    let w = World::new().await;
    let program = w.ada.program().await;
    let media =
        [("towns.csv", TOWNS), ("leaf.png", PNG)].map(|(name, bytes)| json!({ "name": name, "file": STANDARD.encode(bytes) }));
    let mut new =
        json!({ "name": "towns_form.csv", "file": STANDARD.encode(ASKS), "media": media, "terms": { "subject": "person" } });
    let made: Value = serde_json::from_str(&program.call("POST", "/api/v1/forms", Some(&new)).await.is(201).body).expect("JSON");
    let (form, edition) = (made["form"].as_str().expect("a form"), made["edition"].as_str().expect("an edition"));
    let whole = program.get(format!("/api/v1/forms/{form}/editions/{edition}")).await;
    let whole: Value = serde_json::from_str(&whole.is(200).body).expect("JSON");
    let mut names: Vec<&str> = whole["media"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["leaf.png", "towns.csv"]);
    // What no form needs is no file of one.
    new["media"] = json!([{ "name": "run.exe", "file": STANDARD.encode(b"MZ\xff") }]);
    program.call("POST", "/api/v1/forms", Some(&new)).await.is(422);
}
