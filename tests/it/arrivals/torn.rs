//! A correction that names another case than what it corrects, and answers that break the rules of their form.
use super::moved::{copy_of, id, of_rana};
use super::{FAMILY, FORM, code_of, known, world};
use crate::support::World;
use crate::support::case_work::GENERAL;
use crate::support::phone::{correction, filled};

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
