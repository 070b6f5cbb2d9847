//! What came from a phone and is on nobody's case: who looks, whether its people are known, and what becomes of it.
mod moved;
mod torn;

use chrono::{Datelike, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::phone::{correction, filled, photo};
use crate::support::world::{COAST, FIELD, user};

const FORM: &str = "household_intake";
const FAMILY: &str = "<head_name>Dana Saleh</head_name><head_sex>female</head_sex><head_birth_date>1990-05-01</head_birth_date>
    <members><member><member_name>Omar Saleh</member_name><member_age>7</member_age><member_relationship>child</member_relationship></member>
    <member><member_name>Lina Saleh</member_name><member_age>70</member_age><member_relationship/></member></members>";
const DANA: [(&str, &str); 2] = [("sex", "female"), ("born_on", "1990-05-01")];
const OPENING: [(&str, &str); 3] = [("case_type", "3"), ("intake_source", "self"), ("priority", "normal")];

// Amina's phone sends this; answers the arrival's address.
async fn sent(w: &World, id: &str, answers: &str) -> String {
    w.aminas_phone().send(&filled(FORM, id, answers), &[]).await.is(201);
    let arrival = w.value(&format!("select id::text from arrivals where instance_id = 'uuid:{id}'")).await;
    format!("/arrivals/{arrival}")
}

async fn world() -> World {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    w
}

async fn open(w: &World, path: &str, people: &[(&str, &str)]) -> Seen {
    w.amina.post(format!("{path}/opening"), OPENING.iter().chain(people).copied()).await
}

// A household case of Dana's, with Amina; person and address.
async fn known(w: &World) -> (Uuid, String) {
    let person = w.person(&w.amina, "Dana Saleh", &DANA).await;
    let household = w.household(person).await.to_string();
    let fields = [("household", household.as_str()), ("whole_household", "true")];
    (person, w.case(&w.amina, ASSISTANCE, person, &fields).await)
}

async fn code_of(w: &World, case: &str) -> String {
    w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await
}

#[tokio::test]
async fn an_arrival_waits_in_its_unit_as_a_task_that_is_overdue_after_a_day() {
    let w = world().await;
    let path = sent(&w, "1", FAMILY).await;
    w.bruno.get("/").await.shows("Look at a received form").shows("Household & intake").lacks("Dana");
    w.bruno.get("/arrivals").await.shows("Household & intake").shows("Amina Haddad").shows("Waits").lacks("Dana");
    let code = path[path.len() - 5..].to_uppercase();
    w.bruno.get("/arrivals").await.shows(&code);
    let page = w.bruno.get(&path).await;
    page.shows(&code).shows("Name of the head").shows("Dana Saleh").shows("Woman").shows("Member 1").shows("Omar Saleh");
    w.ground.clock.forward(TimeDelta::hours(25));
    w.bruno.get("/arrivals").await.shows("Waits for more than a day");
    throughcare::worker::tick(&w.ground).await.expect("the minute is left");
    w.work_off().await;
    assert_eq!(w.count("facts where kind = 'task.overdue'").await, 1);
    // Neither another organisation nor another unit sees it.
    w.member("cleo", COAST, "case_worker").await;
    for other in [w.odd.clone(), w.browser("cleo").await] {
        other.get(&path).await.is(404);
        other.post(format!("{path}/discarding"), [("reason", "trial")]).await.is(404);
        other.get("/arrivals").await.lacks("Household & intake");
    }
}

#[tokio::test]
async fn whoever_is_known_is_shown_before_a_case_is_opened() {
    let w = world().await;
    let person = w.person(&w.amina, "Dana Saleh", &DANA).await;
    let path = sent(&w, "1", FAMILY).await;
    w.amina.get(&path).await.shows("Somebody like this is known").shows("It is Dana Saleh");
    let asked = open(&w, &path, &[("relationship_2", "parent")]).await;
    asked.is(422).shows("Say whether this is somebody who is known");
    let people = [("person_0", person.to_string()), ("relationship_2", "parent".to_owned())];
    let people: Vec<(&str, &str)> = people.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let case = open(&w, &path, &people).await.redirects();
    w.amina.get(&case).await.is(200).shows("Dana Saleh");
    assert_eq!(w.count("persons where name like '% Saleh'").await, 3);
    let members = w.value("select string_agg(p.name || ' ' || m.relationship, ', ' order by p.name) from household_members m join persons p on p.id = m.person_id").await;
    assert_eq!(members, "Dana Saleh head, Lina Saleh parent, Omar Saleh child");
    assert_eq!(w.count("submissions where state = 'complete' and case_id = (select id from cases)").await, 1);
    w.amina.get("/").await.lacks("Look at a received form");
    w.amina.get(&path).await.shows("Amina Haddad decided on").lacks("Omar");
    // Nothing is decided twice.
    w.bruno.post(format!("{path}/discarding"), [("reason", "trial")]).await.is(409).shows("decided on already");
    open(&w, &path, &people).await.is(409);
}

#[tokio::test]
async fn a_new_family_is_registered_whole_or_not_at_all() {
    let w = world().await;
    let path = sent(&w, "1", FAMILY).await;
    open(&w, &path, &[]).await.is(422).shows("Fill this in");
    let other_type = [("relationship_2", "parent"), ("case_type", "2"), ("intake_source", "self"), ("priority", "normal")];
    w.amina.post(format!("{path}/opening"), other_type).await.is(422);
    assert_eq!(w.count("persons").await, 0);
    let case = open(&w, &path, &[("relationship_2", "parent"), ("person_2", "leave")]).await.redirects();
    assert_eq!(w.count("persons").await, 2);
    w.amina.get(&case).await.shows("Dana Saleh");
    let born = format!("{}-01-01 true", w.ground.clock.now().year() - 7);
    assert_eq!(w.value("select born_on::text || ' ' || born_estimated from persons where name = 'Omar Saleh'").await, born);
    // The same family again is seen to be known, and a second case of the type asked about.
    let again = sent(&w, "2", FAMILY).await;
    let page = w.amina.get(&again).await;
    page.shows("It is Dana Saleh").shows("It is Omar Saleh").shows(&code_of(&w, &case).await);
    let dana = w.value("select id::text from persons where name = 'Dana Saleh'").await;
    let people = [("person_0", dana.as_str()), ("person_1", "leave"), ("person_2", "leave")];
    open(&w, &again, &people).await.is(422).shows("Open another case all the same");
}

#[tokio::test]
async fn an_arrival_goes_on_a_case_with_its_files_where_one_may_write_there() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    let xml = filled(FORM, "1", &format!("{FAMILY}<photo>door.jpg</photo>"));
    w.aminas_phone().send(&xml, &[("door.jpg", &photo())]).await.is(201);
    let path = format!("/arrivals/{}", w.value("select id::text from arrivals").await);
    w.amina
        .get(&path)
        .await
        .shows("Photo of the door · JPG")
        .lacks("door.jpg")
        .shows("Attached")
        .shows(&code)
        .lacks("1990-05-01");
    w.amina.post(format!("{path}/placement"), [("case", "")]).await.is(422);
    let child = w.known_person("Omar").await;
    let other = w.case(&w.amina, CHILD_PROTECTION, child, &[]).await;
    let (other, nowhere) = (code_of(&w, &other).await, throughcare::platform::ids::code('C'));
    for wrong in [other.as_str(), &nowhere, "C-1"] {
        let refused = w.amina.post(format!("{path}/placement"), [("code", wrong)]).await;
        refused.is(422).shows("This form is not for this case, or you may not write on it");
    }
    let placed = w.amina.post(format!("{path}/placement"), [("case", code.as_str())]).await.redirects();
    assert_eq!(placed, case);
    let kept =
        "documents d join submission_files f on f.document_id = d.id where f.name = 'door.jpg' and d.media_type = 'image/jpeg'";
    assert_eq!((w.count(kept).await, w.count("arrival_files").await), (1, 0));
    w.amina.get("/arrivals?view=done").await.shows("On a case");
    w.amina.get(&path).await.shows("Go to the case").link(&case);
    // What the sender corrects afterwards goes straight to the case.
    w.aminas_phone().send(&correction(FORM, "2", "1", FAMILY), &[]).await.is(201);
    assert_eq!(w.value("select string_agg(state, ' ' order by recorded_at) from submissions").await, "replaced complete");
}

#[tokio::test]
async fn a_form_for_cases_that_stand_waits_to_be_put_on_one_and_opens_none() {
    let w = world().await;
    let (_, case) = known(&w).await;
    w.sql("update forms set intake = false").await;
    let path = sent(&w, "1", FAMILY).await;
    w.amina.get(&path).await.shows("This form is for cases that are open already");
    open(&w, &path, &[("person_0", "new"), ("relationship_2", "parent")]).await.is(422);
    let code = code_of(&w, &case).await;
    w.amina.post(format!("{path}/placement"), [("code", code.as_str())]).await.redirects();
    assert_eq!(w.count("submissions where state = 'complete'").await, 1);
}

#[tokio::test]
async fn what_belongs_nowhere_is_discarded_with_a_reason_and_says_nothing_more() {
    let w = world().await;
    let path = sent(&w, "1", FAMILY).await;
    w.amina.post(format!("{path}/discarding"), [("reason", "")]).await.is(422);
    w.amina.post(format!("{path}/discarding"), [("reason", "because")]).await.is(422);
    w.amina.post(format!("{path}/discarding"), [("reason", "refused")]).await.redirects();
    w.amina.get(&path).await.shows("The person does not want it kept").lacks("Dana");
    assert_eq!(w.value("select length(body)::text || ' ' || state from arrivals").await, "0 discarded");
    assert_eq!(w.count("keys k join arrivals a on a.id = k.owner where k.destroyed_at is not null and k.wrapped = ''").await, 1);
    assert_eq!(w.value("select note->>'reason' from facts where kind = 'arrival.discarded'").await, "refused");
    // The phone that sends it again is told that it came, and opens nothing anew.
    w.aminas_phone().send(&filled(FORM, "1", FAMILY), &[("a.jpg", &photo())]).await.is(201);
    assert_eq!((w.count("arrivals").await, w.count("arrival_files").await), (1, 0));
}

#[tokio::test]
async fn an_original_that_comes_after_its_correction_was_thrown_away_is_looked_at() {
    let w = world().await;
    let phone = w.aminas_phone();
    let state = |id: u8| format!("select state from arrivals where instance_id = 'uuid:{id}'");
    phone.send(&correction(FORM, "2", "1", FAMILY), &[]).await.is(201);
    let id = w.value("select id::text from arrivals").await;
    w.amina.post(format!("/arrivals/{id}/discarding"), [("reason", "duplicate")]).await.redirects();
    phone.send(&filled(FORM, "1", FAMILY), &[]).await.is(201);
    assert_eq!(w.value(&state(1)).await, "waiting");
    // What was corrected twice is not looked at: the last copy counts, however late the first one comes.
    phone.send(&correction(FORM, "4", "3", FAMILY), &[]).await.is(201);
    phone.send(&correction(FORM, "5", "4", FAMILY), &[]).await.is(201);
    phone.send(&filled(FORM, "3", FAMILY), &[]).await.is(201);
    assert_eq!(
        [w.value(&state(3)).await, w.value(&state(4)).await, w.value(&state(5)).await],
        ["discarded", "discarded", "waiting"]
    );
}

#[tokio::test]
async fn files_that_come_after_their_form_was_placed_wait_for_somebody_who_may_write_there() {
    let w = world().await;
    let xml = filled(FORM, "1", "<head_name>Dana Saleh</head_name><photo>door.jpg</photo>");
    w.aminas_phone().send_part(&xml, &[]).await.is(202);
    let path = format!("/arrivals/{}", w.value("select id::text from arrivals").await);
    let case = w.bruno.post(format!("{path}/opening"), OPENING).await.redirects();
    // Amina no longer sees the case: the picture waits with the arrival.
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        case.trim_start_matches("/cases/"),
        user("amina")
    ))
    .await;
    w.aminas_phone().send(&xml, &[("door.jpg", &photo())]).await.is(201);
    w.bruno.get(&path).await.shows("Files came after the form was put on the case").shows("File · JPG").lacks("door.jpg");
    w.bruno.get("/").await.shows("Look at a received form");
    w.bruno.post(format!("{path}/files"), [("", "")]).await.redirects();
    assert_eq!(w.count("documents").await, 1);
    w.bruno.get("/").await.lacks("Look at a received form");
}

#[tokio::test]
async fn who_is_known_elsewhere_is_a_masked_hint_with_whom_to_ask() {
    let w = world().await;
    w.person(&w.odd, "Dana Saleh", &DANA).await;
    let page = w.amina.get(sent(&w, "1", FAMILY).await).await;
    page.shows("Somebody like this is known elsewhere")
        .shows("D••• S••• · Born 1990")
        .lacks("Nobody like these people is known here");
}

#[tokio::test]
async fn s11_s16_nobody_meets_what_they_are_not_cleared_for() {
    let w = world().await;
    // Somebody known only as a survivor is no hint for those who are not cleared.
    let hidden = w.person(&w.salma, "Dana Saleh", &DANA).await;
    w.only_case(hidden, FIELD, "gender_based_violence", user("salma")).await;
    let path = sent(&w, "1", "<head_name>Dana Saleh</head_name>").await;
    w.amina.get(&path).await.shows("Nobody like these people is known here");
    assert_eq!(w.count(&format!("cases where case_type = {GBV}")).await, 1);
    // Whose types do not include the form's does not see that it came.
    w.intake_form("children", &[CHILD_PROTECTION], "person").await;
    w.sql("update roles set cleared = array_remove(cleared, 2::smallint) where code = 'supervisor'").await;
    w.aminas_phone().send(&filled("children", "2", "<person_name>Omar</person_name>"), &[]).await.is(201);
    let guarded = w.value("select id::text from arrivals where instance_id = 'uuid:2'").await;
    w.amina.get(format!("/arrivals/{guarded}")).await.is(200).shows("Omar");
    w.bruno.get(format!("/arrivals/{guarded}")).await.is(404);
}

#[tokio::test]
async fn a_program_does_the_same() {
    let w = world().await;
    let program = crate::support::program::Program::of(&w.amina, w.token(&w.amina).await);
    let path = sent(&w, "1", FAMILY).await;
    let calls = format!("/api/v1{path}");
    let listed: Value = serde_json::from_str(&program.get("/api/v1/arrivals").await.is(200).body).expect("JSON");
    assert_eq!(listed[0]["state"], "waiting");
    let said: Value = serde_json::from_str(&program.get(&calls).await.is(200).body).expect("JSON");
    assert_eq!((&said["answers"][1]["answer"], &said["people"][1]["relationship"]), (&json!("Woman"), &json!("child")));
    let wanted = json!({
        "people": [{}, {}, { "who": "new", "relationship": "parent" }], "case_type": ASSISTANCE, "intake_source": "self", "priority": "normal"
    });
    let made = program.call_once("one", &format!("{calls}/opening"), &wanted).await;
    made.is(201);
    assert_eq!(program.call_once("one", &format!("{calls}/opening"), &wanted).await.is(201).body, made.body);
    assert_eq!(w.count("cases").await, 1);
    program.call("POST", &format!("{calls}/discarding"), Some(&json!({ "reason": "trial" }))).await.is(409);
    let (_, case) = known(&w).await;
    let second = format!("/api/v1{}", sent(&w, "2", "<head_name>Rana</head_name>").await);
    let code = code_of(&w, &case).await;
    program.call("POST", &format!("{second}/placement"), Some(&json!({ "case": "C-1" }))).await.is(422);
    let other = program.call("POST", &format!("{second}/placement"), Some(&json!({ "case": code }))).await;
    other.is(422).shows("arrival_other_person");
    program.call("POST", &format!("{second}/placement"), Some(&json!({ "case": code, "other_person": true }))).await.is(200);
}

#[tokio::test]
async fn s31_a_placed_form_stays_in_the_name_of_whoever_filled_it_in_and_at_its_time() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    let path = sent(&w, "1", FAMILY).await;
    w.sql(&format!(
        "update arrivals set author = '{}', author_name = 'Bruno Field', recorded_at = '2026-02-03T08:00:00Z'",
        user("bruno")
    ))
    .await;
    w.amina.post(format!("{path}/placement"), [("case", code.as_str())]).await.redirects();
    let kept = "select concat_ws(' ', u.login, s.author_name, s.completed_at = '2026-02-03T08:00:00Z', s.started_at = s.completed_at, s.recorded_at > s.completed_at)
         from submissions s join users u on u.id = s.author";
    assert_eq!(w.value(kept).await, "bruno Bruno Field t t t");
    w.amina.get(format!("{case}/forms")).await.shows("Bruno Field");
}

#[tokio::test]
async fn whoever_has_the_same_name_is_shown_whatever_age_somebody_guessed() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    let named = |age: &str| format!("<head_name>Dana Saleh</head_name><head_sex>female</head_sex>{age}");
    let guessed = sent(&w, "1", &named("<head_age>20</head_age>")).await;
    w.amina.get(&guessed).await.shows("Somebody like this is known").shows(&code);
    let told = sent(&w, "2", &named("<head_birth_date>2006-05-01</head_birth_date>")).await;
    w.amina.get(&told).await.lacks("Somebody like this is known");
}

#[tokio::test]
async fn s28_a_form_that_names_somebody_else_goes_on_a_case_only_once_that_was_said() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    w.rules_read_the_name(FORM).await;
    let path = sent(&w, "1", "<head_name>Salma Zoubi</head_name><head_sex>female</head_sex>").await;
    let asked = w.amina.post(format!("{path}/placement"), [("code", code.as_str())]).await;
    asked.is(422).shows("Salma Zoubi").shows("Dana Saleh").keeps(&code);
    asked.shows(&format!("It belongs on the case {code} all the same"));
    assert_eq!(w.count("submissions").await, 0);
    // A tick says so of the case that was compared, and of no other.
    let id = case.trim_start_matches("/cases/");
    let third = w.person(&w.amina, "Rana Said", &[]).await;
    let home = w.household(third).await.to_string();
    let third = w.case(&w.amina, ASSISTANCE, third, &[("household", home.as_str()), ("whole_household", "true")]).await;
    let third = code_of(&w, &third).await;
    for (code, compared, called) in [(third.as_str(), id, "Rana Said"), (code.as_str(), "", "Dana Saleh")] {
        let said = [("code", code), ("other_person", "true"), ("compared", compared)];
        w.amina.post(format!("{path}/placement"), said).await.is(422).shows("Salma Zoubi").shows(called).keeps(code);
    }
    assert_eq!(w.count("submissions").await, 0);
    let said = [("code", code.as_str()), ("other_person", "true"), ("compared", id)];
    w.amina.post(format!("{path}/placement"), said).await.redirects();
    assert_eq!(w.count("submissions").await, 1);
    assert_eq!(w.name_that_rules_know().await, "Salma Zoubi");
    // A shorter name of the same person is no other one.
    let path = sent(&w, "2", "<head_name>dana</head_name>").await;
    w.amina.post(format!("{path}/placement"), [("code", code.as_str())]).await.redirects();
}

#[tokio::test]
async fn two_corrections_of_one_copy_both_stand_until_somebody_chooses() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    let phone = w.aminas_phone();
    let named = format!("<case_code>{code}</case_code>");
    phone.send(&filled(FORM, "1", &named), &[]).await.is(201);
    phone.send(&correction(FORM, "2", "1", &format!("{named}{FAMILY}")), &[]).await.is(201);
    phone.send(&correction(FORM, "3", "1", &named), &[]).await.is(201);
    let states = "select string_agg(state, ' ' order by instance_id) from submissions";
    assert_eq!(w.value(states).await, "replaced complete complete");
    let second = w.value("select id::text from submissions where instance_id = 'uuid:3'").await;
    let copy = format!("{case}/forms/{second}");
    let page = w.amina.get(&copy).await;
    page.shows("Another correction of the same copy")
        .shows("Where both corrections differ")
        .shows("Version 2")
        .shows("Omar Saleh");
    let first = w.value("select id::text from submissions where instance_id = 'uuid:1'").await;
    let corrected = w.amina.get(format!("{case}/forms/{first}")).await;
    corrected.shows("Corrections of it stand side by side").lacks("A corrected version has taken its place");
    w.amina.post(format!("{copy}/standing"), [("version", "9")]).await.is(409);
    w.amina.post(format!("{copy}/standing"), [("version", page.marked("version"))]).await.redirects();
    assert_eq!(w.value(states).await, "replaced replaced complete");
    w.amina.get(&copy).await.lacks("Another correction of the same copy");
    // Two that wait say so of each other.
    phone.send(&correction(FORM, "5", "4", FAMILY), &[]).await.is(201);
    phone.send(&correction(FORM, "6", "4", FAMILY), &[]).await.is(201);
    let waiting = w.value("select id::text from arrivals where instance_id = 'uuid:6'").await;
    w.amina.get(format!("/arrivals/{waiting}")).await.shows("Another correction of the same form waits too");
}
