//! Filling in a form on the server: page by page, saved at each step, with what is wrong beside it; completed once nothing is; corrected.
use serde_json::json;
use throughcare::platform::ids::FormId;

use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::sent::PROTECTION;
use crate::support::world::user;

const NEEDS: &str = "survey
    type | name | label::English (en) | label::Arabic (ar) | required | relevant | constraint | constraint_message::English (en) | appearance
    text | head | **Who** heads the household? | من رب الأسرة؟ | yes | | | |
    date | since | Here since when? | منذ متى هنا؟ | | | . <= today() | This day is still to come. |
    begin_group | home | The home | السكن | | | | | field-list
    select_one yes_no | roof | Is there a roof? | هل هناك سقف؟ | yes | | | |
    text | why | Why not? | لماذا؟ | | ${roof} = 'no' | | | multiline
    integer | rooms | How many rooms? | كم غرفة؟ | | | . < 20 | Fewer than twenty. |
    end_group | | | | | | | |
    begin_repeat | member | Member | فرد | | | | |
    text | name | Name | الاسم | yes | | | |
    integer | age | Age | العمر | | | | |
    end_repeat | | | | | | | |
    geopoint | place | Where is it? | أين؟ | yes | | | |
    choices
    list_name | name | label::English (en) | label::Arabic (ar)
    yes_no | yes | Yes | نعم
    yes_no | no | No | لا
    settings
    form_title | form_id | default_language
    Household needs | needs | English (en)";

// Dana's household with Amina, and the form that is for it.
async fn household(w: &World) -> (String, FormId) {
    let form = w.form("household", &[ASSISTANCE], NEEDS).await;
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    let more = [("household", household.as_str()), ("whole_household", "true")];
    (w.case(&w.amina, ASSISTANCE, person, &more).await, form)
}

// Everything that the form needs, page after page; answers the page of what is missing.
async fn filled(by: &Browser, copy: &str) -> String {
    let at = |page: &str| format!("{copy}?at=/data/{page}");
    by.fills(&at("head"), &[("/data/head", "Dana Saleh")], "next").await.redirects();
    by.fills(&at("home"), &[("/data/home/roof", "yes"), ("/data/home/rooms", "3")], "next").await.redirects();
    by.fills(&at("member[1]/name"), &[("/data/member[1]/name", "Rami")], "next").await.redirects();
    by.fills(&at("place"), &[("/data/place", "31.95"), ("/data/place", "35.93")], "next").await.redirects()
}

async fn completed(by: &Browser, copy: &str) {
    let end = filled(by, copy).await;
    let version = by.get(&end).await.shows("Nothing is missing").marked("version");
    by.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
}

#[tokio::test]
async fn a_form_is_filled_in_page_by_page_and_saved_at_each_step() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    w.amina.get(format!("{case}/forms")).await.shows("Household needs").shows("Fill in");
    let copy = w.amina.begins(&case, form).await;
    assert_eq!(w.amina.begins(&case, form).await, copy, "one draft of a form at a time");
    w.amina.get(&copy).await.shows("Who heads the household?").shows("0 of 7 answered · page 1 of 7");
    let next = w.amina.fills(&copy, &[("/data/head", "Dana Saleh")], "next").await.redirects();
    assert!(next.contains("at=%2Fdata%2Fsince"), "{next}");
    // Whoever comes back later goes on where they were.
    w.amina.get(&copy).await.shows("Here since when?").shows("1 of 7 answered");
    w.amina.get(&case).await.shows("Household needs").shows("Begun");
    for (typed, says) in [("31/02/2020", "Write a day such as 27/11/2026"), ("2999-01-01", "This day is still to come.")] {
        let again = w.amina.fills(&next, &[("/data/since", typed)], "next").await.redirects();
        let page = w.amina.get(&again).await;
        page.shows(&format!("Here since when: {says}"));
    }
    w.amina.get(&next).await.keeps("01/01/2999");
    let home = w.amina.fills(&next, &[("/data/since", "27/11/2020")], "next").await.redirects();
    w.amina.get(&next).await.keeps("27/11/2020").lacks("still to come");
    w.amina.get(&home).await.shows("The home").shows("Is there a roof?").lacks("Why not?");
    assert_eq!(w.count("facts where kind = 'form.saved'").await, 4);
    assert_eq!(
        w.count("facts where note::text like '%Dana%' or note::text like '%2020%'").await,
        0,
        "no answer reaches the audit"
    );
    assert_eq!(w.count("submissions where encode(answers, 'escape') like '%Dana%'").await, 0, "answers are sealed");
}

#[tokio::test]
async fn an_answer_that_leads_to_more_questions_shows_them_before_going_on() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    let home = format!("{copy}?at=/data/home");
    let stays = w.amina.fills(&home, &[("/data/home/roof", "no"), ("/data/home/rooms", "25")], "next").await.redirects();
    w.amina.get(&stays).await.shows("Why not?").shows("Fewer than twenty.").keeps("25");
    let stays = w.amina.fills(&home, &[("/data/home/roof", "no"), ("/data/home/rooms", "٣")], "stay").await.redirects();
    w.amina.get(&stays).await.shows("Why not?").keeps("3");
    // Where answers of a page lead to more of its questions, and only there, a button shows them.
    w.amina.get(format!("{copy}?at=/data/place")).await.shows("Where is it?").lacks("Show what follows");
    w.amina.get(&home).await.shows("Show what follows from these answers");
    w.amina.fills(&home, &[("/data/home/roof", "yes"), ("/data/home/rooms", "3")], "stay").await.redirects();
    let more = w.amina.fills(&home, &[("/data/home/roof", "no"), ("/data/home/rooms", "3")], "more").await.redirects();
    assert!(more.ends_with("#f-%2Fdata%2Fhome%2Fwhy"), "{more}");
    w.amina.get(&home).await.shows("Why not?");
    let words = [("/data/home/roof", "no"), ("/data/home/why", "It burnt"), ("/data/home/rooms", "3")];
    let on = w.amina.fills(&home, &words, "next").await.redirects();
    w.amina.get(&on).await.shows("Member 1 of 1").shows("Name");
    // What is ruled out again is not asked, and not forgotten either.
    w.amina.fills(&home, &[("/data/home/roof", "yes"), ("/data/home/rooms", "3")], "next").await.redirects();
    w.amina.get(&home).await.lacks("It burnt");
    w.amina.fills(&home, &[("/data/home/roof", "no"), ("/data/home/rooms", "3")], "stay").await.redirects();
    w.amina.get(&home).await.shows("It burnt");
}

#[tokio::test]
async fn of_two_tabs_the_second_sees_both_answers_and_loses_none() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    let page = format!("{copy}?at=/data/head");
    w.amina.fills(&page, &[("/data/head", "Dana Saleh")], "next").await.redirects();
    let mine = |name: &'static str| {
        [("version", "1"), ("at", "/data/head"), ("asked", "/data/head"), ("/data/head", name), ("go", "next")]
    };
    let both = w.amina.post(&copy, mine("Diana Saleh")).await;
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    both.is(409)
        .shows("You changed this meanwhile, in another window")
        .lacks("Changed by")
        .shows(&code)
        .shows("Who heads the household?")
        .shows("Diana Saleh")
        .shows("Dana Saleh");
    let chosen = [
        ("version", "2"),
        ("at", "/data/head"),
        ("asked", "/data/head"),
        ("go", "next"),
        ("_either", "/data/head"),
        ("_mine./data/head", "Diana Saleh"),
        ("_theirs./data/head", "Dana Saleh"),
        ("_take./data/head", "mine"),
    ];
    w.amina.post(&copy, chosen).await.redirects();
    w.amina.get(&page).await.keeps("Diana Saleh");
    // Who typed the same meets no question.
    w.amina.post(&copy, mine("Diana Saleh")).await.is(409).lacks("_take");
}

#[tokio::test]
async fn rounds_are_added_opened_and_removed() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    w.amina.fills(&format!("{copy}?at=/data/member[1]/name"), &[("/data/member[1]/name", "Rami")], "next").await.redirects();
    let all = format!("{copy}?at=/data/member[%2B]");
    w.amina.get(&all).await.shows("Member 1 of 1").shows("Rami").shows("Add: Member");
    let second = w.amina.fills(&all, &[], "add:/data/member").await.redirects();
    assert!(second.contains("member%5B2%5D%2Fname"), "{second}");
    w.amina.get(&second).await.shows("Member 2 of 2");
    w.amina.fills(&second, &[("/data/member[2]/name", "Lina")], "next").await.redirects();
    let back = w.amina.fills(&all, &[], "remove:/data/member[1]").await.redirects();
    w.amina.get(&back).await.shows("Member 1 of 1").shows("Lina").lacks("Rami");
    w.amina.fills(&all, &[], "add:/data/nothing").await.redirects();
    w.amina.get(&all).await.shows("Member 1 of 1");
}

#[tokio::test]
async fn a_form_is_completed_once_nothing_is_missing_and_corrected_in_a_new_version() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    let end = format!("{copy}/completion");
    let missing = w.amina.get(&end).await;
    missing.shows("Missing or wrong").shows("Who heads the household?").shows("Answer this.").shows("Member 1 of 1 · Name");
    w.amina.post(&end, [("version", "1")]).await.is(422).shows("Some questions must be answered first");
    completed(&w.amina, &copy).await;
    let sheet = w.amina.get(&copy).await;
    sheet
        .shows("Complete")
        .shows("Who heads the household? Dana Saleh")
        .shows("Rami")
        .shows("Is there a roof? Yes")
        .lacks("Why not?");
    w.bruno.get(&copy).await.shows("Dana Saleh");
    w.amina.get(format!("{case}?only=records")).await.shows("Completed a form");
    w.amina.post(&copy, [("version", "9"), ("asked", "/data/head"), ("/data/head", "Other"), ("at", "/data/head")]).await.is(409);
    let draft = w.amina.post(format!("{copy}/correction"), [("", "")]).await.redirects();
    assert_ne!(draft, copy);
    // All its pages call it a correction, and beside it the form is begun anew.
    w.amina.get(&draft).await.shows("Correction, draft");
    w.amina.get(format!("{draft}/completion")).await.shows("Correction, draft");
    w.amina.get(format!("{case}/forms")).await.shows("Correction, draft");
    assert_ne!(w.amina.begins(&case, form).await, draft);
    w.amina.fills(&format!("{draft}?at=/data/head"), &[("/data/head", "Diana Saleh")], "finish").await.redirects();
    w.amina.get(&copy).await.shows("Complete").shows("Versions");
    let version = w.amina.get(format!("{draft}/completion")).await.shows("takes the place").marked("version");
    w.amina.post(format!("{draft}/completion"), [("version", version)]).await.redirects();
    w.amina.get(&draft).await.shows("What was corrected").shows("Who heads the household? Dana Saleh Diana Saleh");
    w.amina
        .get(&copy)
        .await
        .shows("Corrected since")
        .shows("Who heads the household? Dana Saleh")
        .shows("Open the corrected version");
    w.amina.post(format!("{copy}/correction"), [("", "")]).await.is(409);
}

#[tokio::test]
async fn a_form_that_asks_for_the_case_is_told_its_code() {
    let w = World::new().await;
    let (case, _) = household(&w).await;
    let coded = "survey
        type | name | label | required
        text | case_code | Which case? | yes
        text | remark | Remark |
        settings
        form_title | form_id
        Coded | coded";
    let form = w.form("household", &[ASSISTANCE], coded).await;
    let copy = w.amina.begins(&case, form).await;
    let code = w.value("select code from cases").await;
    w.amina.get(format!("{copy}?at=/data/case_code")).await.shows(&code).lacks("name=\"asked\" value=\"/data/case_code\"");
    w.amina.get(format!("{copy}/completion")).await.shows("Nothing is missing");
}

#[tokio::test]
async fn what_was_begun_by_mistake_is_thrown_away_and_what_is_complete_is_not() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    w.amina.get(&copy).await.shows("Throw this draft away");
    w.odd.post(format!("{copy}/removal"), [("version", "1")]).await.is(404);
    w.amina.post(format!("{copy}/removal"), [("version", "9")]).await.is(409);
    assert_eq!(w.amina.post(format!("{copy}/removal"), [("version", "1")]).await.redirects(), format!("{case}/forms"));
    w.amina.get(&copy).await.is(404);
    let copy = w.amina.begins(&case, form).await;
    completed(&w.amina, &copy).await;
    let version = w.value("select version::text from submissions").await;
    w.amina.post(format!("{copy}/removal"), [("version", version)]).await.is(409);
    assert_eq!(w.count("submissions where state = 'complete'").await, 1);
}

#[tokio::test]
async fn s18_no_place_is_asked_in_a_guarded_case_and_none_is_missed() {
    let w = World::new().await;
    let form = w.form("person", &[CHILD_PROTECTION], NEEDS).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let copy = w.amina.begins(&case, form).await;
    let page = format!("{copy}?at=/data/place");
    w.amina.get(&page).await.shows("Not asked in a case guarded like this one").lacks("Latitude");
    let sent = [("asked", "/data/place"), ("/data/place", "31.95"), ("/data/place", "35.93")];
    w.amina.fills(&page, &sent, "stay").await.redirects();
    completed(&w.amina, &copy).await;
    w.amina.get(&copy).await.lacks("31.95");
}

#[tokio::test]
async fn s18_a_place_that_was_typed_before_the_case_was_guarded_goes_no_further() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    let page = format!("{copy}?at=/data/place");
    w.amina.fills(&page, &[("/data/place", "31.95"), ("/data/place", "35.93")], "stay").await.redirects();
    w.amina.get(&page).await.keeps("31.95");
    w.sql(&format!("update cases set case_type = {CHILD_PROTECTION}")).await;
    w.amina.get(&page).await.lacks("31.95");
    completed(&w.amina, &copy).await;
    w.amina.get(&copy).await.shows("Dana Saleh").lacks("31.95");
}

#[tokio::test]
async fn s12_what_one_person_says_is_no_form_of_the_household() {
    let w = World::new().await;
    let (household, of_household) = household(&w).await;
    let alone = w.form("person", &[PROTECTION], &NEEDS.replace("needs", "alone").replace("Household", "Own")).await;
    w.amina.get(format!("{household}/forms")).await.shows("Own alone").shows("belongs into their own case");
    w.amina.post(format!("{household}/forms"), [("form", alone.to_string())]).await.is(422).shows("not for this case");
    let own = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.post(format!("{own}/forms"), [("form", of_household.to_string())]).await.is(422);
    w.amina.begins(&own, alone).await;
}

#[tokio::test]
async fn a_copy_is_seen_by_who_sees_its_case_alone() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    let copy = w.amina.begins(&case, form).await;
    for path in [copy.clone(), format!("{copy}/completion"), format!("{copy}/media/leaf.png"), format!("{case}/forms")] {
        w.odd.get(&path).await.is(404);
    }
    w.odd.post(&copy, [("version", "1"), ("go", "next")]).await.is(404);
    w.odd.post(format!("{case}/forms"), [("form", form.to_string())]).await.is(404);
    let hidden = w.form("person", &[GBV], &NEEDS.replace("needs", "care")).await;
    w.gita().await;
    let gita = user("gita").to_string();
    let guarded = w.case(&w.salma, GBV, w.known_person("Dana Aziz").await, &[("supervisor", &gita)]).await;
    let care = w.salma.begins(&guarded, hidden).await;
    w.salma.get(format!("{guarded}/forms")).await.shows("Begun");
    w.amina.get(&care).await.is(404);
    w.bruno.get(format!("{guarded}/forms")).await.is(404);
}

#[tokio::test]
async fn a_program_fills_in_a_form() {
    let w = World::new().await;
    let (case, form) = household(&w).await;
    w.sql("update roles set acts = acts || '{token.create}' where code = 'case_worker'").await;
    let program = w.amina.program().await;
    let all = format!("/api/v1{case}/forms");
    program.get(&all).await.is(200).shows("\"code\":\"needs\"");
    let made = program.call("POST", &all, Some(&json!({ "form": form.to_string() }))).await;
    let path = made.is(201).headers.get("location").and_then(|at| at.to_str().ok()).expect("a location").to_owned();
    program.get(&path).await.is(200).shows("\"address\":\"/data/head\"").shows("Answer this.");
    let answers = json!({ "answers": {
        "/data/head": "Dana Saleh", "/data/home/roof": "no", "/data/home/why": "It burnt", "/data/place": "31.95 35.93",
        "/data/member[1]/name": "Rami", "/data/member[2]/name": "Lina" } });
    program.call("POST", &format!("{path}/answers"), Some(&json!({ "answers": { "/data/none": "x" } }))).await.is(422);
    program.call("POST", &format!("{path}/answers"), Some(&answers)).await.is(200);
    program.call("POST", &format!("{path}/answers"), Some(&answers)).await.is(412);
    program.get(&path).await.shows("Lina").shows("\"missing\":[]").shows("It burnt");
    program.call_over("POST", &format!("{path}/completion"), "\"2\"", Some(&json!({}))).await.is(200).shows("complete");
    program.call("POST", &format!("{path}/correction"), Some(&json!({}))).await.is(201).shows("draft");
}

const CALLED: &str = "survey
    type | name | label::English (en)
    text | head_phone | On which number are you reached?
    text | remark | Anything else?
    settings
    form_title | form_id | default_language
    How to reach | reach | English (en)";

#[tokio::test]
async fn s06_a_number_in_a_form_is_offered_as_a_contact_that_nobody_calls_unasked() {
    let w = World::new().await;
    let form = w.form("person", &[PROTECTION], CALLED).await;
    let person = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, PROTECTION, person, &[]).await;
    let copy = w.amina.begins(&case, form).await;
    let at = |name: &str| format!("{copy}?at=/data/{name}");
    w.amina.fills(&at("head_phone"), &[("/data/head_phone", "0790 123 456")], "next").await.redirects();
    let end = w.amina.fills(&at("remark"), &[], "next").await.redirects();
    let version = w.amina.get(&end).await.marked("version");
    w.amina.get(&copy).await.lacks("not known yet");
    w.amina.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
    let read = w.amina.get(&copy).await;
    read.shows("A phone number that is not known yet").shows("Keep it as a contact of Dana Aziz?").keeps("0790 123 456");
    read.shows("Who else may answer or read").shows("What the caller may say");
    let kept = [("channel", "phone"), ("value", "0790 123 456"), ("checked_on", "2026-11-01")];
    w.amina.post(format!("/people/{person}/contacts"), kept).await.redirects();
    assert_eq!(w.count("person_contacts where not safe_to_call").await, 1, "unknown is not safe");
    w.amina.get(&copy).await.lacks("A phone number that is not known yet");
}

#[tokio::test]
async fn s06_a_number_in_a_form_that_names_somebody_else_is_nobodys_contact() {
    let w = World::new().await;
    let named = CALLED.replace("text | remark | Anything else?", "text | head_name | Name");
    let form = w.form("person", &[PROTECTION], &named).await;
    let person = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, PROTECTION, person, &[]).await;
    let copy = w.amina.begins(&case, form).await;
    let at = |name: &str| format!("{copy}?at=/data/{name}");
    w.amina.fills(&at("head_phone"), &[("/data/head_phone", "0790 123 456")], "next").await.redirects();
    let end = w.amina.fills(&at("head_name"), &[("/data/head_name", "Salma Zoubi")], "next").await.redirects();
    let version = w.amina.get(&end).await.marked("version");
    w.amina.post(format!("{copy}/completion"), [("version", version)]).await.redirects();
    let read = w.amina.get(&copy).await;
    read.shows("This form names somebody else").shows("Salma Zoubi").lacks("A phone number that is not known yet");
    let said = [("version", read.marked("version")), ("belongs", "true".to_owned())];
    w.amina.post(format!("{copy}/belonging"), said).await.redirects();
    w.amina.get(&copy).await.shows("A phone number that is not known yet");
}

#[tokio::test]
async fn a_form_that_chooses_its_case_from_a_list_has_the_case_it_is_filled_in_on() {
    const WHICH: &str = "survey
        type | name | label | required
        select_one_from_file cases.csv | which | Which case? | yes
        settings
        form_title | form_id
        Visit | visit";
    let w = World::new().await;
    let (case, _) = household(&w).await;
    let form = w.form("household", &[ASSISTANCE], WHICH).await;
    let code = w.value("select code from cases").await;
    let other = w.known_person("Rami Other").await;
    let their = w.household(other).await.to_string();
    w.case(&w.amina, ASSISTANCE, other, &[("household", &their), ("whole_household", "true")]).await;
    let copy = w.amina.begins(&case, form).await;
    let others = w.value(&format!("select code from cases where code <> '{code}'")).await;
    w.amina.get(&copy).await.shows("Which case?").shows(&code).lacks(&others);
    w.amina.get(format!("{copy}/completion")).await.shows("Nothing is missing");
}
