//! A correction that names another case or somebody else than what it corrects, and answers that break the rules of their form.
use super::moved::{copy_of, id, of_rana};
use super::{FAMILY, FORM, code_of, known, world};
use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GENERAL};
use crate::support::phone::{correction, filled, photo};

// What a phone lets pass where its user insists.
const AGED: &str = "survey
    type | name | label | constraint | constraint_message
    text | case_code | Which case | |
    integer | age | How old | . < 120 | Nobody is that old
    settings
    form_title | form_id | version
    Aged | aged | 1";

#[tokio::test]
async fn an_answer_of_a_phone_that_breaks_a_rule_of_the_form_is_marked() {
    let w = World::new().await;
    w.form("person", &[GENERAL], AGED).await;
    let case = w.case(&w.amina, GENERAL, w.known_person("Lina Nasser").await, &[]).await;
    let named = format!("<case_code>{}</case_code>", code_of(&w, &case).await);
    for (nth, age) in [("1", "500"), ("2", "50")] {
        w.aminas_phone().send(&filled("aged", nth, &format!("{named}<age>{age}</age>")), &[]).await.is(201);
    }
    let marked = "Against a rule of the form";
    w.amina.get(copy_of(&w, &case, "1").await).await.shows(marked).shows("Nobody is that old");
    w.amina.get(copy_of(&w, &case, "2").await).await.lacks(marked);
}

#[tokio::test]
async fn s28_a_correction_that_names_another_case_waits_until_somebody_says_where_both_belong() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (named, meant) = (code_of(&w, &wrong).await, code_of(&w, &right).await);
    let of = |code: &str| format!("<case_code>{code}</case_code>{FAMILY}");
    let phone = w.aminas_phone();
    phone.send(&filled(FORM, "1", &of(&named)), &[]).await.is(201);
    // Corrected twice on the phone: the later one waits, and nothing on the case has changed.
    for (nth, old) in [("2", "1"), ("3", "2")] {
        phone.send(&correction(FORM, nth, old, &of(&meant)), &[]).await.is(201);
    }
    assert_eq!(w.value("select string_agg(state, ' ') from submissions").await, "complete");
    assert_eq!(w.count("arrivals where state = 'waiting'").await, 1);
    assert_eq!(w.count(&format!("tasks where kind = 'arrival' and case_id = '{}' and done_at is null", id(&wrong))).await, 1);
    let arrival = w.value("select id::text from arrivals where state = 'waiting'").await;
    let arrival = format!("/arrivals/{arrival}");
    w.amina.get(&arrival).await.shows("It names another case than the form that it corrects").shows(&named).shows(&meant);
    w.odd.get(&arrival).await.is(404);
    w.amina.post(format!("{arrival}/placement"), [("case", meant.as_str())]).await.redirects();
    // It is on the case that was chosen, and so is what it corrects.
    let states = "select string_agg(state, ' ' order by instance_id, state) from submissions where case_id = ";
    assert_eq!(w.value(&format!("{states}'{}'", id(&right))).await, "replaced complete");
    assert_eq!(w.value(&format!("{states}'{}'", id(&wrong))).await, "moved");
    assert_eq!(w.count("tasks where kind = 'arrival' and done_at is null").await, 0);
}

#[tokio::test]
async fn s28_what_was_settled_of_a_form_holds_for_what_corrects_it_as_long_as_that_names_the_same_person() {
    let w = world().await;
    let (_, case) = known(&w).await;
    let code = code_of(&w, &case).await;
    let of = |name: &str| format!("<case_code>{code}</case_code><head_name>{name}</head_name>");
    let phone = w.aminas_phone();
    phone.send(&filled(FORM, "1", &of("Salma Zoubi")), &[]).await.is(201);
    let copy = copy_of(&w, &case, "1").await;
    let version = w.amina.get(&copy).await.shows("This form names somebody else").marked("version");
    w.amina.post(format!("{copy}/belonging"), [("version", version.as_str()), ("belongs", "true")]).await.redirects();
    phone.send(&correction(FORM, "2", "1", &of("Salma Zoubi")), &[]).await.is(201);
    let copy = copy_of(&w, &case, "2").await;
    w.amina.get(&copy).await.shows("Salma Zoubi").lacks("This form names somebody else");
    // Corrected on a page it stays so.
    let draft = w.amina.post(format!("{copy}/correction"), [("", "")]).await.redirects();
    let version = w.amina.get(format!("{draft}/completion")).await.marked("version");
    w.amina.post(format!("{draft}/completion"), [("version", version)]).await.redirects();
    w.amina.get(&draft).await.shows("Salma Zoubi").lacks("This form names somebody else");
    let last = w.value("select instance_id from submissions where state = 'complete'").await;
    let other = correction(FORM, "3", last.trim_start_matches("uuid:"), &of("Rana Said"));
    phone.send(&other, &[]).await.is(201);
    w.amina.get(copy_of(&w, &case, "3").await).await.shows("Rana Said").shows("This form names somebody else");
}

#[tokio::test]
async fn s28_what_is_brought_along_beside_a_correction_and_names_somebody_else_is_settled_on_its_page() {
    let w = world().await;
    let (_, right) = known(&w).await;
    let wrong = of_rana(&w).await;
    let (named, meant) = (code_of(&w, &wrong).await, code_of(&w, &right).await);
    let of = |code: &str, answers: &str| format!("<case_code>{code}</case_code>{answers}");
    let phone = w.aminas_phone();
    phone.send(&filled(FORM, "1", &of(&named, FAMILY)), &[]).await.is(201);
    phone.send(&correction(FORM, "2", "1", &of(&named, "<head_name>Salma Zoubi</head_name>")), &[]).await.is(201);
    // The second correction of the same form does not take its place, but stands beside the first.
    phone.send(&correction(FORM, "3", "1", &of(&meant, FAMILY)), &[]).await.is(201);
    let arrival = format!("/arrivals/{}", w.value("select id::text from arrivals where state = 'waiting'").await);
    w.amina.post(format!("{arrival}/placement"), [("case", meant.as_str())]).await.redirects();
    let unsettled = "submissions where instance_id = 'uuid:2' and state = 'complete' and names_other and belongs_at is null";
    assert_eq!(w.count(unsettled).await, 1);
    w.amina.get(copy_of(&w, &right, "2").await).await.shows("Salma Zoubi").shows("This form names somebody else");
}

#[tokio::test]
async fn s28_rules_know_nothing_of_a_form_at_which_nobody_looked_whom_it_names_once_another_is_completed() {
    let w = world().await;
    let (_, case) = known(&w).await;
    w.rules_read_the_name(FORM).await;
    let code = code_of(&w, &case).await;
    let of = |name: &str| format!("<case_code>{code}</case_code><head_name>{name}</head_name>");
    let phone = w.aminas_phone();
    phone.send(&filled(FORM, "1", &of("Salma Zoubi")), &[]).await.is(201);
    // As one that was kept before that was asked, and the newest.
    w.sql("update submissions set names_other = null, completed_at = completed_at + interval '1 day'").await;
    phone.send(&filled(FORM, "2", &of("Dana Saleh")), &[]).await.is(201);
    assert_eq!(w.name_that_rules_know().await, "Dana Saleh");
    assert_eq!(w.count("submissions where instance_id = 'uuid:1' and names_other").await, 1);
    w.amina.get(copy_of(&w, &case, "1").await).await.shows("This form names somebody else");
}

// A standard case of one person.
async fn of_one(w: &World, name: &str) -> String {
    let person = w.known_person(name).await;
    let household = w.household(person).await.to_string();
    let case = w.case(&w.amina, ASSISTANCE, person, &[("household", household.as_str()), ("whole_household", "true")]).await;
    w.sql("update cases set household_id = null").await;
    case
}

#[tokio::test]
async fn s18_a_picture_that_comes_later_is_kept_only_where_the_case_keeps_it_for_which_its_form_waits() {
    let w = World::new().await;
    w.intake_form("visit", &[ASSISTANCE], "person").await;
    let (right, wrong) = (of_one(&w, "Dana Saleh").await, of_one(&w, "Lina Nasser").await);
    let (named, meant) = (code_of(&w, &wrong).await, code_of(&w, &right).await);
    let of = |code: &str| format!("<case_code>{code}</case_code><head_name>Dana Saleh</head_name><photo>door.jpg</photo>");
    let phone = w.aminas_phone();
    phone.send(&filled("visit", "1", &of(&named)), &[]).await.is(201);
    w.sql(&format!("update cases set case_type = {CHILD_PROTECTION} where id = '{}'", id(&wrong))).await;
    let later = correction("visit", "2", "1", &of(&meant));
    phone.send(&later, &[]).await.is(201);
    phone.send(&later, &[("door.jpg", &photo())]).await.is(201);
    assert_eq!(w.count("arrivals where state = 'waiting'").await, 1);
    assert_eq!(w.count("arrival_files").await, 0);
}
