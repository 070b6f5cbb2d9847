//! Forms taken along for a case without a network: what a device is told, where the copy lands, and what becomes of it when rights are lost.
use serde_json::Value;

use crate::fences::tries;
use crate::field::{hand_in, read};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV, GENERAL};
use crate::support::phone::{filled, recording};
use crate::support::world::user;

const PAPER: (&str, &[u8]) = ("a.pdf", b"%PDF-1.7 a paper");
const DANA: &str = "<head_name>Dana Saleh</head_name>";
const LOOK: &str = "Look at a received form";
// What is asked no more.
const EARLY: &str = "survey
    type | name | label | relevant
    text | name | Name |
    text | early | Asked early | today() < date('2020-06-01')
    select_multiple of | needs | Needs |
    choices
    list_name | name | label
    of | food | Food
    of | rent | Rent
    settings
    form_title | form_id | version
    Early | early | 1";

// Dana's case with Amina, and the form of a visit to one person; answers the case's address.
async fn known(w: &World) -> String {
    w.intake_form("visit", &[GENERAL], "person").await;
    w.case(&w.amina, GENERAL, w.known_person("Dana Saleh").await, &[]).await
}

// The same of a type that nothing guards.
async fn standard(w: &World) -> String {
    w.intake_form("visit", &[ASSISTANCE], "person").await;
    let case = w.sent(ASSISTANCE).await.case;
    w.key_of(case).await;
    format!("/cases/{case}")
}

fn id_of(case: &str) -> &str {
    case.trim_start_matches("/cases/")
}

async fn take(w: &World, by: &Browser, case: &str, form: &str) -> Seen {
    let form = w.value(&format!("select id::text from forms where code = '{form}'")).await;
    by.post(format!("/field{case}/forms/{form}"), [("", "")]).await
}

// Amina hands in a copy for this case, of which she has seen this version.
async fn bring(w: &World, case: &str, id: &str, seen: &str) -> Value {
    let xml = filled("visit", id, DANA);
    let fields = [("xml", xml.as_str()), ("case", id_of(case)), ("case_version", seen)];
    read(&hand_in(&w.amina, w.amina.csrf(), &fields, PAPER).await)
}

// The same of somebody by this name, with when it was begun and handed in on the device.
async fn bring_later(w: &World, case: &str, (id, name): (&str, &str), (begun, handed_in): (&str, &str)) -> Value {
    let told = read(&take(w, &w.amina, case, "visit").await);
    let seen = told["version"].as_str().unwrap_or_default();
    let xml = filled("visit", id, &format!("<head_name>{name}</head_name>"));
    let times = [("begun", begun), ("handed_in", handed_in)];
    let fields = [&[("xml", xml.as_str()), ("case", id_of(case)), ("case_version", seen)][..], &times].concat();
    read(&hand_in(&w.amina, w.amina.csrf(), &fields, PAPER).await)
}

// A standard case of Dana's household, and a form of some years of which rules read whom it names.
async fn read_by_rules(w: &World) -> String {
    w.rules_read_the_name("visit").await;
    w.intake_form("visit", &[ASSISTANCE], "household").await;
    w.sql("update form_editions set published_at = '2019-01-01T00:00:00Z'").await;
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    w.case(&w.amina, ASSISTANCE, person, &[("household", household.as_str()), ("whole_household", "true")]).await
}

#[tokio::test]
async fn s31_a_copy_keeps_when_it_was_filled_in_and_one_that_comes_late_is_not_the_newest() {
    let w = World::new().await;
    let case = read_by_rules(&w).await;
    let (morning, noon) = ("2020-03-01T08:00:00Z", "2020-03-01T12:00:00Z");
    assert_eq!(bring_later(&w, &case, ("1", "Dana Saleh"), (noon, "2020-03-01T13:00:00Z")).await["result"], "landed");
    assert_eq!(bring_later(&w, &case, ("2", "Dana"), (morning, "2020-03-01T09:00:00Z")).await["result"], "landed");
    let kept = format!(
        "select concat_ws(' ', started_at = '{morning}', completed_at = '2020-03-01T09:00:00Z', arrived_at > completed_at) from submissions where instance_id = 'uuid:2'"
    );
    assert_eq!(w.value(&kept).await, "t t t");
    assert_eq!(w.name_that_rules_know().await, "Dana Saleh", "rules read what was completed last, not what came last");
    let copy = w.value("select id::text from submissions where instance_id = 'uuid:2'").await;
    w.amina.get(format!("{case}/forms/{copy}")).await.shows("Begun").shows("Completed").shows("Arrived");
}

#[tokio::test]
async fn s31_a_device_whose_clock_is_ahead_or_was_reset_is_believed_no_further_than_can_be() {
    let w = World::new().await;
    let case = read_by_rules(&w).await;
    let today = "2020-03-01T08:00:00Z";
    assert_eq!(bring_later(&w, &case, ("1", "Dana"), (today, today)).await["result"], "landed");
    // Neither in the future nor before its form was published: then it is as of when it came, and the newest.
    for (id, at) in [("2", "2999-01-01T08:00:00Z"), ("3", "2000-01-01T00:00:00Z")] {
        assert_eq!(bring_later(&w, &case, (id, "Dana Saleh"), (at, at)).await["result"], "landed");
        let now =
            format!("submissions where instance_id = 'uuid:{id}' and started_at = arrived_at and completed_at = arrived_at");
        assert_eq!(w.count(&now).await, 1, "{at}");
        assert_eq!(w.name_that_rules_know().await, "Dana Saleh");
    }
}

#[tokio::test]
async fn s28_rules_know_nothing_of_a_form_that_names_somebody_else_until_somebody_settled_it() {
    let w = World::new().await;
    let case = read_by_rules(&w).await;
    let (before, later) = ("2020-03-01T08:00:00Z", "2020-03-02T08:00:00Z");
    assert_eq!(bring_later(&w, &case, ("1", "Dana Saleh"), (before, before)).await["result"], "landed");
    assert_eq!(bring_later(&w, &case, ("2", "Salma Zoubi"), (later, later)).await["result"], "landed");
    assert_eq!(w.name_that_rules_know().await, "Dana Saleh");
    // What somebody is called afterwards settles nothing.
    w.sql("update persons set name = 'Salma Zoubi' where name = 'Dana Saleh'").await;
    let copy = format!("{case}/forms/{}", w.value("select id::text from submissions where instance_id = 'uuid:2'").await);
    let page = w.amina.get(&copy).await;
    page.shows("This form names somebody else");
    let said = [("version", page.marked("version")), ("belongs", "true".to_owned())];
    w.amina.post(format!("{copy}/belonging"), said).await.redirects();
    assert_eq!(w.name_that_rules_know().await, "Salma Zoubi");
}

#[tokio::test]
async fn a_copy_that_came_since_is_in_the_way_whenever_its_device_says_that_it_was_filled_in() {
    let w = World::new().await;
    let case = known(&w).await;
    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    let seen = read(&take(&w, &w.amina, &case, "visit").await)["version"].as_str().unwrap_or_default().to_owned();
    w.ground.clock.forward(chrono::TimeDelta::hours(1));
    // Filled in before, by its own clock.
    let then = "2020-03-01T08:00:00Z";
    assert_eq!(bring_later(&w, &case, ("2", "Dana"), (then, then)).await["result"], "landed");
    let told = bring(&w, &case, "3", &seen).await;
    assert_eq!(told["result"], "conflict");
    assert_eq!(told["version"], w.value("select id::text from submissions where instance_id = 'uuid:2'").await);
}

#[tokio::test]
async fn what_is_taken_along_names_nobody_and_lands_on_its_case() {
    let w = World::new().await;
    let case = standard(&w).await;
    w.amina.get(format!("{case}/forms")).await.shows("Take along");
    let told = take(&w, &w.amina, &case, "visit").await;
    told.is(200).lacks("Dana");
    let taken = read(&told);
    let code = w.value(&format!("select code from cases where id = '{}'", id_of(&case))).await;
    assert_eq!((&taken["case_code"], &taken["version"]), (&Value::from(code), &Value::from("")));
    assert_eq!(taken["form"]["hours"], Value::Null);
    assert_eq!(w.count("facts where kind = 'form.taken_along'").await, 1);

    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    // The line broke after it had landed: it is no news to itself.
    assert_eq!(bring(&w, &case, "1", "").await["result"], "known");
    let landed = format!("select count(*) || ' ' || min(origin) from submissions where case_id = '{}'", id_of(&case));
    assert_eq!(w.value(&landed).await, "1 browser");
    assert_eq!(w.count("arrivals").await, 0);
}

#[tokio::test]
async fn s20_protected_cases_go_along_for_72_hours_and_restricted_ones_never() {
    let w = World::new().await;
    w.intake_form("child", &[CHILD_PROTECTION], "person").await;
    w.intake_form("any", &[], "person").await;
    w.intake_form("survivors", &[GBV], "person").await;
    let child = format!("/cases/{}", w.sent(CHILD_PROTECTION).await.case);
    for form in ["child", "any"] {
        assert_eq!(read(&take(&w, &w.amina, &child, form).await)["form"]["hours"], 72, "{form}");
    }
    let hidden = format!("/cases/{}", w.sent(GBV).await.case);
    for form in ["any", "survivors"] {
        take(&w, &w.salma, &hidden, form).await.is(422);
    }
    w.salma.get(format!("{hidden}/forms")).await.is(200).lacks("Take along");
    // Nobody takes along what they may not see.
    take(&w, &w.odd, &child, "any").await.is(404);
    assert_eq!(w.count("facts where kind = 'form.taken_along'").await, 2);
}

#[tokio::test]
async fn a_copy_waits_in_the_inbox_where_its_case_went_to_somebody_else() {
    let w = World::new().await;
    let case = known(&w).await;
    take(&w, &w.amina, &case, "visit").await.is(200);
    w.sql(&format!("update cases set case_manager = '{}' where id = '{}'", user("bruno"), id_of(&case))).await;
    let said = bring(&w, &case, "1", "").await;
    assert_eq!(said["result"], "landed");
    assert!(said["words"].as_str().is_some_and(|words| words.contains("You may not write on its case any more")), "{said}");
    let (arrival, code) = waiting(&w, &case).await;
    w.bruno.get("/").await.shows(LOOK);
    w.bruno.get(&arrival).await.shows("Filled in for the case").shows(&code);
    // Whoever does not see the case any more does not see what waits for it, though they brought it.
    reads_nothing(&w.amina, &arrival).await;
    // What Bruno puts there is there, and nobody need look any more.
    w.bruno.post(format!("{arrival}/placement"), [("case", &code)]).await.redirects();
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id_of(&case))).await, 1);
    w.bruno.get("/").await.lacks(LOOK);
}

// The address of the one arrival, and the code of this case.
async fn waiting(w: &World, case: &str) -> (String, String) {
    let code = w.value(&format!("select code from cases where id = '{}'", id_of(case))).await;
    (format!("/arrivals/{}", w.value("select id::text from arrivals").await), code)
}

async fn reads_nothing(by: &Browser, arrival: &str) {
    by.get(arrival).await.is(404);
    by.get("/arrivals").await.is(200).lacks(arrival);
    by.get("/").await.lacks(LOOK);
    by.post(format!("{arrival}/discarding"), [("reason", "trial")]).await.is(404);
}

#[tokio::test]
async fn s09_a_copy_for_a_case_that_is_restricted_by_now_is_for_those_alone_who_see_the_case() {
    let w = World::new().await;
    let case = known(&w).await;
    w.gita().await;
    take(&w, &w.amina, &case, "visit").await.is(200);
    w.sql(&format!(
        "update cases set case_type = {GBV}, case_manager = '{}', supervisor = '{}' where id = '{}'",
        user("salma"),
        user("gita"),
        id_of(&case)
    ))
    .await;
    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    let (arrival, code) = waiting(&w, &case).await;
    for other in [&w.amina, &w.bruno, &w.odd] {
        reads_nothing(other, &arrival).await;
    }
    // Nor does the key open for anybody else.
    let opens = format!("select where access.arrival_key('{}') is not null", arrival.trim_start_matches("/arrivals/"));
    for (login, count) in [("amina", 0), ("bruno", 0), ("salma", 1)] {
        assert_eq!(tries(&w, login, &opens).await, Ok(count), "{login}");
    }
    w.salma.get("/").await.shows(LOOK);
    w.salma.get(&arrival).await.shows("Filled in for the case").shows(&code);
    w.salma.post(format!("{arrival}/placement"), [("case", &code)]).await.redirects();
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id_of(&case))).await, 1);
}

#[tokio::test]
async fn a_copy_lands_on_its_case_though_that_is_of_another_type_by_now() {
    let w = World::new().await;
    let case = known(&w).await;
    take(&w, &w.amina, &case, "visit").await.is(200);
    w.sql(&format!("update cases set case_type = {CHILD_PROTECTION} where id = '{}'", id_of(&case))).await;
    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    assert_eq!((w.count("submissions").await, w.count("arrivals").await), (1, 0));
    // A copy for a case that is not there is taken nowhere.
    assert_eq!(bring(&w, &format!("/cases/{}", uuid::Uuid::now_v7()), "2", "").await["result"], "refused");
    assert_eq!((w.count("submissions").await, w.count("arrivals").await), (1, 0));
}

#[tokio::test]
async fn s10_whoever_is_barred_from_a_case_never_reads_a_copy_that_waits_for_it() {
    let w = World::new().await;
    let case = known(&w).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{}'", user("bruno"), id_of(&case))).await;
    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    let (arrival, _) = waiting(&w, &case).await;
    w.bruno.get(&arrival).await.is(200);
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id_of(&case),
        user("bruno")
    ))
    .await;
    reads_nothing(&w.bruno, &arrival).await;
}

#[tokio::test]
async fn a_copy_of_a_form_that_was_completed_meanwhile_is_held_back_until_its_worker_has_looked() {
    let w = World::new().await;
    let case = known(&w).await;
    take(&w, &w.amina, &case, "visit").await.is(200);
    assert_eq!(bring(&w, &case, "1", "").await["result"], "landed");
    let told = bring(&w, &case, "2", "").await;
    assert_eq!(told["result"], "conflict");
    assert!(told["words"].as_str().is_some_and(|words| words.contains("filled in for this case meanwhile")), "{told}");
    let seen = w.value("select id::text from submissions").await;
    assert_eq!(told["version"], Value::from(seen.as_str()));
    // Both are shown side by side, to whoever sees the case.
    let mine = filled("visit", "2", "<head_name>Dana Aziz</head_name>");
    let fields = [("case", id_of(&case)), ("case_version", seen.as_str()), ("xml", mine.as_str())];
    let both = w.amina.upload_as(w.amina.csrf(), "/field/comparison", &fields, None).await;
    both.is(200).shows("Name of the head").shows("Dana Aziz").shows("Dana Saleh").shows(&format!("{case}/forms/{seen}"));
    w.odd.upload_as(w.odd.csrf(), "/field/comparison", &fields, None).await.is(404);
    assert_eq!(bring(&w, &case, "2", &seen).await["result"], "landed");
    assert_eq!(w.count(&format!("submissions where case_id = '{}' and state = 'complete'", id_of(&case))).await, 2);
}

#[tokio::test]
async fn s18_a_recording_is_kept_on_a_standard_case_and_on_no_guarded_one() {
    let w = World::new().await;
    let case = standard(&w).await;
    let sound = recording();
    let xml = filled("visit", "1", "<head_name>Dana</head_name><paper>a.wav</paper>");
    let fields = [("xml", xml.as_str()), ("case", id_of(&case)), ("case_version", "")];
    let said = read(&hand_in(&w.amina, w.amina.csrf(), &fields, ("a.wav", sound.as_slice())).await);
    assert_eq!(said["result"], "landed");
    let document = w.value("select id::text from documents where media_type = 'audio/wav'").await;
    let heard = w.amina.get(format!("{case}/documents/{document}")).await;
    assert!(heard.is(200).body.contains("RIFF") && !heard.body.contains("Irbid"));
    w.intake_form("child", &[CHILD_PROTECTION], "person").await;
    let xml = filled("child", "2", DANA);
    let said = read(&hand_in(&w.amina, w.amina.csrf(), &[("xml", xml.as_str())], ("b.wav", sound.as_slice())).await);
    assert_eq!(said["result"], "landed");
    assert_eq!(w.count("arrival_files").await, 0);
}

#[tokio::test]
async fn a_copy_that_waited_in_the_inbox_is_in_the_way_once_it_was_put_on_the_case() {
    let w = World::new().await;
    let case = known(&w).await;
    let xml = filled("visit", "1", DANA);
    assert_eq!(read(&hand_in(&w.amina, w.amina.csrf(), &[("xml", xml.as_str())], PAPER).await)["result"], "landed");
    let (arrival, code) = waiting(&w, &case).await;
    w.ground.clock.forward(chrono::TimeDelta::minutes(5));
    assert_eq!(bring(&w, &case, "2", "").await["result"], "landed");
    let seen = read(&take(&w, &w.amina, &case, "visit").await)["version"].as_str().unwrap_or_default().to_owned();
    w.ground.clock.forward(chrono::TimeDelta::minutes(5));
    w.amina.post(format!("{arrival}/placement"), [("case", &code)]).await.redirects();
    let told = bring(&w, &case, "3", &seen).await;
    assert_eq!(told["result"], "conflict");
    assert_eq!(told["version"], w.value("select id::text from submissions where instance_id = 'uuid:1'").await);
}

#[tokio::test]
async fn s28_a_form_that_was_moved_to_the_case_is_in_the_way_whenever_it_was_filled_in() {
    let w = World::new().await;
    let case = known(&w).await;
    let wrong = w.case(&w.amina, GENERAL, w.person(&w.amina, "Rana Said", &[]).await, &[]).await;
    for (nth, at) in [("1", &wrong), ("2", &case)] {
        assert_eq!(bring(&w, at, nth, "").await["result"], "landed");
        w.ground.clock.forward(chrono::TimeDelta::minutes(5));
    }
    let seen = read(&take(&w, &w.amina, &case, "visit").await)["version"].as_str().unwrap_or_default().to_owned();
    let to = w.value(&format!("select code from cases where id = '{}'", id_of(&case))).await;
    let seen_there = w.value("select id::text from submissions where instance_id = 'uuid:1'").await;
    let copy = format!("{wrong}/forms/{seen_there}");
    let version = w.amina.get(&copy).await.marked("version");
    let fields = [("to", to.as_str()), ("reason", "other_person"), ("version", version.as_str())];
    w.amina.post(format!("{copy}/move"), fields).await.redirects();
    let told = bring(&w, &case, "3", &seen).await;
    assert_eq!(told["result"], "conflict");
    let there = "select id::text from submissions where instance_id = 'uuid:1' and state = 'complete'";
    assert_eq!(told["version"], w.value(there).await);
    // Where it stood nothing is in the way any more.
    assert_eq!(bring(&w, &wrong, "4", &seen_there).await["result"], "landed");
    // Nor is what came before the one that was seen and moved away.
    let copy = async |nth: &str| w.value(&format!("select id::text from submissions where instance_id = 'uuid:{nth}'")).await;
    w.ground.clock.forward(chrono::TimeDelta::minutes(5));
    assert_eq!(bring(&w, &wrong, "5", &copy("4").await).await["result"], "landed");
    let seen = copy("5").await;
    w.sql("update submissions set state = 'moved', answers = '', at_page = '' where instance_id = 'uuid:5'").await;
    assert_eq!(bring(&w, &wrong, "6", &seen).await["result"], "landed");
}

#[tokio::test]
async fn s20_nothing_of_a_restricted_case_is_compared_on_a_device() {
    let w = World::new().await;
    w.intake_form("survivors", &[GBV], "person").await;
    let hidden = w.sent(GBV).await.case;
    w.key_of(hidden).await;
    let case = format!("/cases/{hidden}");
    let form = w.value("select id::text from forms where code = 'survivors'").await;
    let copy = w.salma.post(format!("{case}/forms"), [("form", form)]).await.redirects();
    let xml = filled("survivors", "1", DANA);
    let version = copy.rsplit('/').next().unwrap_or_default();
    let fields = [("case", id_of(&case)), ("case_version", version), ("xml", xml.as_str())];
    w.salma.upload_as(w.salma.csrf(), "/field/comparison", &fields, None).await.is(422);
}

#[tokio::test]
async fn a_copy_on_a_device_is_compared_as_of_when_it_was_handed_in() {
    let w = World::new().await;
    w.form("person", &[ASSISTANCE], EARLY).await;
    w.sql("update form_editions set published_at = '2019-01-01T00:00:00Z'").await;
    let case = w.sent(ASSISTANCE).await.case;
    w.key_of(case).await;
    let (case, then) = (case.to_string(), "2020-03-01T08:00:00Z");
    let xml = filled("early", "1", "<name>Dana</name><early>yes</early><needs>food rent</needs>");
    let fields = [("xml", xml.as_str()), ("case", case.as_str()), ("case_version", ""), ("handed_in", then)];
    assert_eq!(read(&hand_in(&w.amina, w.amina.csrf(), &fields, PAPER).await)["result"], "landed");
    let copy = w.value("select id::text from submissions where instance_id = 'uuid:1'").await;
    let of_form = "select id::text from form_editions where form_id = (select id from forms where code = 'early')";
    let mine = filled("early", "2", "<name>Dana Aziz</name><early>yes</early><needs>rent food</needs>");
    let edition = w.value(of_form).await;
    let fields = [("case", case.as_str()), ("case_version", &copy), ("xml", &mine), ("edition", &edition), ("handed_in", then)];
    let both = read(&w.amina.upload_as(w.amina.csrf(), "/field/comparison", &fields, None).await);
    assert_eq!(both["rows"].as_array().map(Vec::len), Some(1), "the name alone differs, not in which order was ticked: {both}");
}
