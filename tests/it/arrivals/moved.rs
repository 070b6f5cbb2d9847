//! A form that was put on the wrong case, and of two corrections the one that stands.
use serde_json::json;

use super::{FAMILY, FORM, code_of, known, sent, world};
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION};
use crate::support::phone::{correction, drawing, filled, inked, photo, photo_png};
use crate::support::world::{COAST, ELSEWHERE, user};

// What may be answered with a picture, and is signed.
const SIGNED: &str = "survey
    type | name | label | appearance
    text | case_code | Which case |
    image | face | A picture |
    image | sign | Sign here | signature
    geopoint | place | Where |
    settings
    form_title | form_id | version
    Signed | signed | 1";

// A household case of somebody else, with Amina.
pub(super) async fn of_rana(w: &World) -> String {
    let person = w.person(&w.amina, "Rana Said", &[]).await;
    let household = w.household(person).await.to_string();
    let fields = [("household", household.as_str()), ("whole_household", "true")];
    w.case(&w.amina, ASSISTANCE, person, &fields).await
}

pub(super) fn id(case: &str) -> &str {
    case.trim_start_matches("/cases/")
}

// A copy that a phone sent, on its case.
pub(super) async fn copy_of(w: &World, case: &str, nth: &str) -> String {
    let found = format!("select id::text from submissions where instance_id = 'uuid:{nth}' and state <> 'moved'");
    format!("{case}/forms/{}", w.value(&found).await)
}

async fn moves(by: &Browser, copy: &str, to: &str) -> Seen {
    let version = by.get(copy).await.marked("version");
    by.post(format!("{copy}/move"), [("to", to), ("reason", "other_person"), ("version", version.as_str())]).await
}

#[tokio::test]
async fn s28_a_form_on_the_wrong_case_is_moved_to_the_right_one_with_its_versions_and_files() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named_wrongly) = (code_of(&w, &right).await, code_of(&w, &wrong).await);
    let named = format!("<case_code>{named_wrongly}</case_code>");
    let xml = filled(FORM, "1", &format!("{named}{FAMILY}<photo>door.jpg</photo>"));
    w.aminas_phone().send(&xml, &[("door.jpg", &photo())]).await.is(201);
    w.aminas_phone().send(&correction(FORM, "2", "1", &format!("{named}{FAMILY}")), &[]).await.is(201);
    let copy = w.value("select id::text from submissions where state = 'complete'").await;
    let (copy, forms) = (format!("{wrong}/forms/{copy}"), format!("{wrong}/forms"));
    let version = w.bruno.get(&copy).await.shows("Filled in on the wrong case?").marked("version");
    let fields = [("to", code.as_str()), ("reason", "other_person"), ("version", version.as_str())];
    w.odd.post(format!("{copy}/move"), fields).await.is(404);
    w.bruno.post(format!("{copy}/move"), [("to", "C-1"), ("version", version.as_str())]).await.is(422).keeps("C-1");
    w.bruno.post(format!("{copy}/move"), [("to", code.as_str()), ("reason", "other_person"), ("version", "9")]).await.is(409);
    let there = w.bruno.post(format!("{copy}/move"), fields).await.redirects();
    w.bruno.get(&there).await.shows("Complete").shows("Dana Saleh").shows("Amina Haddad").shows("Versions");
    // No version of it tells of the case on which it was: what asked for that names the right one.
    let before = w.value("select id::text from submissions where state = 'replaced'").await;
    for version in [&there, &format!("{right}/forms/{before}")] {
        w.bruno.get(version).await.shows(&format!("Which case {code}")).lacks(&named_wrongly);
    }
    // The wrong case keeps a stub without answers, and its timeline says so, as does that of the right one.
    w.bruno.get(&copy).await.is(404);
    w.bruno.get(&forms).await.shows("Moved to another case").lacks("Corrected since");
    w.bruno.get(&wrong).await.shows("moved to the case where it belongs").shows("It tells of somebody else");
    w.bruno.get(&right).await.shows("moved here from another case");
    let stubs = format!("submissions where case_id = '{}' and state = 'moved' and answers = ''", id(&wrong));
    let papers = format!("documents where case_id = '{}' and withdrawn_at is null", id(&right));
    assert_eq!((w.count(&stubs).await, w.count(&papers).await), (2, 1));
    assert_eq!(w.count("documents where withdrawn_at is null").await, 1);
    let known = format!("select fields::text from profiles where case_id = '{}'", id(&wrong));
    assert_eq!(w.value(&known).await, "{\"household\": {}}");
    // What its sender corrects afterwards follows it.
    w.aminas_phone().send(&correction(FORM, "3", "2", FAMILY), &[]).await.is(201);
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id(&right))).await, 3);
    assert_eq!(w.count("facts where kind = 'form.moved'").await, 2);
}

#[tokio::test]
async fn s28_a_form_that_names_its_case_and_somebody_else_says_so_until_somebody_settled_it() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let named = format!("<case_code>{}</case_code>", code_of(&w, &case).await);
    let xml = filled(FORM, "1", &format!("{named}<head_name>Salma Zoubi</head_name>"));
    w.aminas_phone().send(&xml, &[]).await.is(201);
    let unfit = format!("{named}<head_name>dana saleh</head_name><head_birth_date>soon</head_birth_date>");
    w.aminas_phone().send(&filled(FORM, "2", &unfit), &[]).await.is(201);
    let copy = |id: &str| format!("select id::text from submissions where instance_id = 'uuid:{id}'");
    let own = format!("{case}/forms/{}", w.value(&copy("2")).await);
    w.amina.get(&own).await.lacks("names somebody else").shows("This does not fit the question");
    let copy = format!("{case}/forms/{}", w.value(&copy("1")).await);
    let page = w.amina.get(&copy).await;
    page.shows("This form names somebody else").shows("Salma Zoubi").shows("Dana Saleh");
    page.shows(&format!("It belongs on the case {} all the same", code_of(&w, &case).await));
    for list in [format!("{case}/forms"), case.clone()] {
        w.amina.get(list).await.shows("Names somebody else");
    }
    let version = page.marked("version");
    w.odd.post(format!("{copy}/belonging"), [("version", version.as_str()), ("belongs", "true")]).await.is(404);
    let unsaid = w.amina.post(format!("{copy}/belonging"), [("version", version.as_str())]).await;
    unsaid.is(422).shows("Tick this if the form belongs here").shows("Salma Zoubi").lacks("f-other_person");
    w.amina.post(format!("{copy}/belonging"), [("version", "9"), ("belongs", "true")]).await.is(409);
    w.amina.post(format!("{copy}/belonging"), [("version", version.as_str()), ("belongs", "true")]).await.redirects();
    w.amina.get(&copy).await.lacks("names somebody else");
    w.amina.get(format!("{case}/forms")).await.lacks("Names somebody else");
    assert_eq!(w.count("facts where kind = 'form.belongs'").await, 1);
}

#[tokio::test]
async fn s28_a_form_whose_correction_is_begun_is_not_moved() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named) = (code_of(&w, &right).await, format!("<case_code>{}</case_code>", code_of(&w, &wrong).await));
    w.aminas_phone().send(&filled(FORM, "1", &named), &[]).await.is(201);
    let copy = format!("{wrong}/forms/{}", w.value("select id::text from submissions").await);
    w.amina.post(format!("{copy}/correction"), [("", "")]).await.redirects();
    let version = w.amina.get(&copy).await.marked("version");
    let fields = [("to", code.as_str()), ("reason", "other_case"), ("version", version.as_str())];
    w.amina.post(format!("{copy}/move"), fields).await.is(422).shows("A correction of it is begun");
    let (program, wanted) = (w.amina.program().await, json!({ "to": code, "reason": "other_case" }));
    let told = program.call_over("POST", &format!("/api/v1{copy}/move"), &format!("\"{version}\""), Some(&wanted)).await;
    told.is(422).shows("correction_begun");
    assert_eq!(w.count(&format!("submissions where case_id = '{}'", id(&right))).await, 0);
}

// On how many cases a form and what corrects it stand.
async fn cases_of(w: &World, nth: &str) -> i64 {
    w.count(&format!(
        "(select distinct case_id from submissions where state <> 'moved' and (instance_id = 'uuid:{nth}'
           or replaces in (select id from submissions where instance_id = 'uuid:{nth}'))) standing"
    ))
    .await
}

#[tokio::test]
async fn s28_of_moving_a_form_and_beginning_its_correction_at_once_one_alone_happens() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named) = (code_of(&w, &right).await, format!("<case_code>{}</case_code>", code_of(&w, &wrong).await));
    for nth in ["1", "2", "3", "4"] {
        w.aminas_phone().send(&filled(FORM, nth, &format!("{named}{FAMILY}")), &[]).await.is(201);
        let copy = copy_of(&w, &wrong, nth).await;
        let version = w.amina.get(&copy).await.marked("version");
        let fields = [("to", code.as_str()), ("reason", "other_case"), ("version", version.as_str())];
        let (away, correction) = (format!("{copy}/move"), format!("{copy}/correction"));
        let (moved, begun) = tokio::join!(w.amina.post(&away, fields), w.bruno.post(&correction, [("", "")]));
        if moved.status == 303 {
            begun.is(404)
        } else {
            moved.is(422).shows("A correction of it is begun")
        };
        assert!(moved.status == 303 || begun.status == 303, "one of them happens");
        assert_eq!(cases_of(&w, nth).await, 1);
    }
}

#[tokio::test]
async fn s28_a_correction_that_comes_while_its_form_is_moved_stands_on_the_case_where_that_is() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (code, named) = (code_of(&w, &right).await, format!("<case_code>{}</case_code>", code_of(&w, &wrong).await));
    let phone = w.aminas_phone();
    for (nth, next) in [("1", "11"), ("2", "12"), ("3", "13"), ("4", "14")] {
        phone.send(&filled(FORM, nth, &format!("{named}{FAMILY}")), &[]).await.is(201);
        let copy = copy_of(&w, &wrong, nth).await;
        let version = w.bruno.get(&copy).await.marked("version");
        let fields = [("to", code.as_str()), ("reason", "other_case"), ("version", version.as_str())];
        let (away, corrected) = (format!("{copy}/move"), correction(FORM, next, nth, &format!("{named}{FAMILY}")));
        let (moved, came) = tokio::join!(w.bruno.post(&away, fields), phone.send(&corrected, &[]));
        came.is(201);
        // Whoever moves what was corrected meanwhile is shown that first.
        assert!(moved.status == 303 || moved.status == 409, "{}", moved.text());
        assert_eq!(cases_of(&w, nth).await, 1);
        for (one, state) in [(nth, "replaced"), (next, "complete")] {
            assert_eq!(w.count(&format!("submissions where instance_id = 'uuid:{one}' and state = '{state}'")).await, 1, "{one}");
        }
    }
}

#[tokio::test]
async fn of_two_corrections_of_a_waiting_form_no_page_says_that_the_one_that_stands_was_replaced() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    sent(&w, "1", FAMILY).await;
    for nth in ["2", "3"] {
        w.aminas_phone().send(&correction(FORM, nth, "1", FAMILY), &[]).await.is(201);
    }
    for nth in ["2", "3"] {
        let arrival = w.value(&format!("select id::text from arrivals where instance_id = 'uuid:{nth}'")).await;
        w.amina.post(format!("/arrivals/{arrival}/placement"), [("code", code.as_str())]).await.redirects();
    }
    let mut pages = Vec::new();
    for nth in ["2", "3"] {
        let copy = w.value(&format!("select id::text from submissions where instance_id = 'uuid:{nth}'")).await;
        pages.push(format!("{case}/forms/{copy}"));
    }
    for page in &pages {
        let seen = w.amina.get(page).await;
        seen.shows("Two corrections stand").shows("Let this one stand").lacks("A corrected version has taken its place");
    }
    w.amina.get(format!("{case}/forms")).await.shows("Two corrections stand").lacks("Corrected since");
    let version = w.amina.get(&pages[0]).await.marked("version");
    w.amina.post(format!("{}/standing", pages[0]), [("version", version)]).await.redirects();
    let stands = w.amina.get(&pages[0]).await;
    stands.shows("Complete").lacks("A corrected version has taken its place").lacks("Two corrections stand");
    let other = w.amina.get(&pages[1]).await;
    assert_eq!(other.shows("Corrected since").shows("Open the corrected version").link(&pages[0]), pages[0]);
}

#[tokio::test]
async fn s18_a_guarded_case_takes_over_a_signature_and_neither_a_picture_nor_a_place() {
    let w = World::new().await;
    w.form("person", &[ASSISTANCE, CHILD_PROTECTION], SIGNED).await;
    let wrong = of_rana(&w).await;
    w.sql("update cases set household_id = null").await;
    let right = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Lina Nasser").await, &[]).await;
    let other = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Omar Nasser").await, &[]).await;
    let (named, to) = (format!("<case_code>{}</case_code>", code_of(&w, &wrong).await), code_of(&w, &right).await);
    let phone = w.aminas_phone();
    let picture = filled("signed", "1", &format!("{named}<face>a.jpg</face>"));
    phone.send(&picture, &[("a.jpg", &photo())]).await.is(201);
    phone.send(&filled("signed", "2", &format!("{named}<place>33.5 36.3 0 5</place>")), &[]).await.is(201);
    phone.send(&filled("signed", "3", &format!("{named}<sign>b.png</sign>")), &[("b.png", &inked())]).await.is(201);
    for telling in ["1", "2"] {
        let copy = copy_of(&w, &wrong, telling).await;
        moves(&w.amina, &copy, &to).await.is(422).shows("may not be kept there").keeps(&to);
    }
    let kept = |case: &str| format!("documents where withdrawn_at is null and case_id = '{}'", id(case));
    assert_eq!((w.count(&kept(&wrong)).await, w.count("submissions where state = 'moved'").await), (2, 0));
    let there = moves(&w.amina, &copy_of(&w, &wrong, "3").await, &to).await.redirects();
    w.amina.get(&there).await.shows("Sign here").link(&format!("{right}/documents/"));
    // Nor is it lost on the way to another that is as guarded.
    let there = moves(&w.amina, &there, &code_of(&w, &other).await).await.redirects();
    w.amina.get(&there).await.shows("Sign here").link(&format!("{other}/documents/"));
    assert_eq!((w.count(&kept(&wrong)).await, w.count(&kept(&other)).await), (1, 1));
    // What was withdrawn first does not hold the rest up.
    let withdrawn = w.value(&format!("select d.id::text from {}", kept(&wrong).replacen("documents", "documents d", 1))).await;
    w.amina.post(format!("{wrong}/documents/{withdrawn}/withdrawal"), [("", "")]).await.redirects();
    moves(&w.amina, &copy_of(&w, &wrong, "1").await, &to).await.redirects();
}

#[tokio::test]
async fn s18_a_signature_drawn_on_a_device_reaches_a_guarded_case_and_a_picture_beside_it_does_not() {
    let w = World::new().await;
    w.form("person", &[ASSISTANCE, CHILD_PROTECTION], SIGNED).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Lina Nasser").await, &[]).await;
    let named = format!("<case_code>{}</case_code>", code_of(&w, &case).await);
    let answers = "<face>a.png</face><sign>b.png</sign>";
    let phone = w.aminas_phone();
    phone.send(&filled("signed", "1", &format!("{named}{answers}")), &[("a.png", &inked()), ("b.png", &inked())]).await.is(201);
    w.amina.get(copy_of(&w, &case, "1").await).await.shows("Sign here").link(&format!("{case}/documents/"));
    assert_eq!(w.value("select string_agg(name, ' ') from submission_files").await, "b.png");
    // What was photographed in the place of a signature is a picture.
    phone.send(&filled("signed", "2", &format!("{named}<sign>c.jpg</sign>")), &[("c.jpg", &photo())]).await.is(201);
    assert_eq!(w.count("submission_files").await, 1);
    // So it is where it comes as a PNG, as drawings do.
    phone.send(&filled("signed", "6", &format!("{named}<sign>d.png</sign>")), &[("d.png", &photo_png())]).await.is(201);
    assert_eq!(w.count("submission_files").await, 1);
    // What Collect draws is a JPEG that it names by the millisecond; whoever else sends one may name it so too.
    let drawn = "1764284400000.jpg";
    phone.send(&filled("signed", "5", &format!("{named}<sign>{drawn}</sign>")), &[(drawn, &photo())]).await.is(201);
    assert_eq!(w.count("submission_files").await, 1);
    phone.send(&filled("signed", "4", &format!("{named}<sign>{drawn}</sign>")), &[(drawn, &drawing())]).await.is(201);
    w.amina.get(copy_of(&w, &case, "4").await).await.shows("Sign here").link(&format!("{case}/documents/"));
    assert_eq!(w.count("submission_files").await, 2);
    // What names no case and may become a guarded one waits with its signature.
    phone.send(&filled("signed", "3", answers), &[("a.png", &inked()), ("b.png", &inked())]).await.is(201);
    assert_eq!(w.value("select string_agg(name, ' ') from arrival_files").await, "b.png");
}

#[tokio::test]
async fn s11_a_form_goes_to_no_case_on_which_its_mover_may_not_write_and_one_unseen_answers_as_none() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let (wrong, to) = (of_rana(&w).await, code_of(&w, &right).await);
    let named = format!("<case_code>{}</case_code>", code_of(&w, &wrong).await);
    w.aminas_phone().send(&filled(FORM, "1", &format!("{named}{FAMILY}")), &[]).await.is(201);
    let copy = copy_of(&w, &wrong, "1").await;
    let unseen = w.only_case(w.known_person("Omar Far").await, ELSEWHERE, "child_protection", user("odd")).await.to_string();
    for absent in [code_of(&w, &unseen).await, throughcare::platform::ids::code('C')] {
        moves(&w.amina, &copy, &absent).await.is(422).shows("You see no case with this code");
    }
    let of = format!("where id = '{}'", id(&right));
    let refused = "This form is not for this case, or you may not write on it";
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' {of}")).await;
    moves(&w.amina, &copy, &to).await.is(422).shows(refused);
    // She keeps it still and reads it, in a unit where she holds no act.
    w.sql(&format!("update cases set closed_at = null, close_reason = null, unit = {COAST} {of}")).await;
    w.amina.get(&right).await.is(200);
    moves(&w.amina, &copy, &to).await.is(422).shows(refused);
    assert_eq!(w.count("submissions where state = 'moved'").await, 0);
}

#[tokio::test]
async fn s28_a_form_that_names_somebody_else_is_moved_only_once_that_was_said_by_page_and_by_program() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let (wrong, to) = (of_rana(&w).await, code_of(&w, &right).await);
    let salma = format!("<case_code>{}</case_code><head_name>Salma Zoubi</head_name>", code_of(&w, &wrong).await);
    for nth in ["1", "2"] {
        w.aminas_phone().send(&filled(FORM, nth, &salma), &[]).await.is(201);
    }
    let copy = copy_of(&w, &wrong, "1").await;
    let asked = moves(&w.amina, &copy, &to).await;
    asked.is(422).shows("Salma Zoubi").shows("Dana Saleh").shows(&format!("It belongs on the case {to} all the same")).keeps(&to);
    assert!(asked.body.contains("tc-disclosure\" open"), "what is wrong is not folded away");
    let (version, compared) = (asked.marked("version"), asked.marked("compared"));
    let mut said = vec![("to", to.as_str()), ("reason", "other_case"), ("version", &version), ("other_person", "true")];
    w.amina.post(format!("{copy}/move"), said.clone()).await.is(422);
    said.push(("compared", &compared));
    w.amina.post(format!("{copy}/move"), said).await.redirects();
    let (program, copy) = (w.amina.program().await, copy_of(&w, &wrong, "2").await);
    let (call, version) = (format!("/api/v1{copy}/move"), format!("\"{}\"", w.amina.get(&copy).await.marked("version")));
    let wanted = json!({ "to": to, "reason": "other_case" });
    program.call_over("POST", &call, "\"9\"", Some(&wanted)).await.is(412);
    program.call_over("POST", &call, &version, Some(&wanted)).await.is(422).shows("arrival_other_person");
    let wanted = json!({ "to": to, "reason": "other_case", "other_person": true });
    program.call_over("POST", &call, &version, Some(&wanted)).await.is(200);
    assert_eq!(w.count(&format!("submissions where case_id = '{}' and state = 'complete'", id(&right))).await, 2);
    program.get(format!("/api/v1{wrong}/forms")).await.is(200).shows("\"state\":\"moved\"");
}

#[tokio::test]
async fn s28_a_correction_whose_sender_does_not_see_where_the_form_went_waits_for_whoever_does() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let (wrong, to) = (of_rana(&w).await, code_of(&w, &right).await);
    let named = format!("<case_code>{}</case_code>{FAMILY}", code_of(&w, &wrong).await);
    let phone = w.aminas_phone();
    phone.send(&filled(FORM, "1", &named), &[]).await.is(201);
    moves(&w.bruno, &copy_of(&w, &wrong, "1").await, &to).await.redirects();
    let barred = format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id(&right),
        user("amina")
    );
    w.sql(&barred).await;
    for (nth, of) in [("2", "1"), ("3", "2")] {
        phone.send(&correction(FORM, nth, of, &named), &[]).await.is(201);
        assert_eq!(w.count(&format!("submissions where case_id = '{}' and state <> 'moved'", id(&wrong))).await, 0);
        let waiting = format!("select id::text from arrivals where state = 'waiting' and instance_id = 'uuid:{nth}'");
        let arrival = format!("/arrivals/{}", w.value(&waiting).await);
        // The case that it names is no choice: what it corrects was moved away from there.
        let left = format!("value=\"{}\"", code_of(&w, &wrong).await);
        w.bruno.get(&arrival).await.keeps(&to).lacks(&left);
        let back = [("code", code_of(&w, &wrong).await), ("other_person", "true".into()), ("compared", id(&wrong).into())];
        w.bruno.post(format!("{arrival}/placement"), back).await.is(422).shows("This form is not for this case");
        w.bruno.post(format!("{arrival}/placement"), [("code", to.as_str())]).await.redirects();
        // Nothing leads its sender to a case that is not theirs to see.
        w.amina.get(&arrival).await.is(200).lacks("Go to the case");
    }
    let states = format!("select string_agg(state, ' ' order by instance_id) from submissions where case_id = '{}'", id(&right));
    assert_eq!(w.value(&states).await, "replaced replaced complete");
}

#[tokio::test]
async fn s28_nobody_writes_in_the_name_of_another_beside_a_move_that_is_over() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let named = format!("<case_code>{}</case_code>{FAMILY}", code_of(&w, &wrong).await);
    w.aminas_phone().send(&filled(FORM, "1", &named), &[]).await.is(201);
    moves(&w.bruno, &copy_of(&w, &wrong, "1").await, &code_of(&w, &right).await).await.redirects();
    let again = "insert into submissions (id, case_id, form_id, edition_id, instance_id, state, answers, origin, author, author_name, started_at, completed_at)
         select gen_random_uuid(), case_id, form_id, edition_id, instance_id, 'complete', '\\x01'::bytea, origin, author, author_name, started_at, completed_at
         from submissions where state = 'moved'";
    is(tries(&w, "bruno", again).await, DENIED);
    // In one's own name it is refused only since the copy stands already.
    is(tries(&w, "amina", again).await, "23505");
}

#[tokio::test]
async fn s11_an_arrival_that_names_another_case_names_the_one_on_which_it_is_put() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let other = of_rana(&w).await;
    let (code, another) = (code_of(&w, &right).await, code_of(&w, &other).await);
    let amina = user("amina");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{amina}', 'relative')",
        id(&other)
    ))
    .await;
    let arrival = sent(&w, "1", &format!("<case_code>{another}</case_code>{FAMILY}")).await;
    w.amina.post(format!("{arrival}/placement"), [("code", code.as_str())]).await.redirects();
    let there = copy_of(&w, &right, "1").await;
    w.bruno.get(&there).await.shows(&format!("Which case {code}")).lacks(&another);
}
