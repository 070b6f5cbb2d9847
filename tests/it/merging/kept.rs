//! What joining keeps of both records, and what undoing takes away from neither.
use chrono::TimeDelta;

use super::{joined, twins, undone};
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;

#[tokio::test]
async fn s06_what_must_be_respected_in_contact_is_kept_of_both_and_undoing_empties_nothing() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let (rana, second) = twins(&w).await;
    w.sql(&format!(
        "update persons set contact_restriction = 'Never before noon' where id in ('{twin}', '{second}');
         update persons set contact_restriction = 'Only through her sister' where id = '{rana}'"
    ))
    .await;
    joined(&w, dana, twin, &[]).await;
    joined(&w, rana, second, &[]).await;
    w.amina.get(format!("/people/{dana}")).await.shows("Never before noon");
    w.amina.get(format!("/people/{rana}")).await.shows("Only through her sister · Never before noon");
    undone(&w, &w.amina, dana).await.redirects();
    w.amina.get(format!("/people/{dana}")).await.shows("Never before noon");
    undone(&w, &w.amina, rana).await.redirects();
    w.amina.get(format!("/people/{rana}")).await.shows("Only through her sister").lacks("Never before noon");
}

#[tokio::test]
async fn s25_with_whom_somebody_would_rather_speak_is_taken_where_it_was_chosen_and_undoing_takes_it_back() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.sql(&format!("update persons set worker_sex = 'woman', interpreter_sex = 'man' where id = '{twin}'")).await;
    w.amina.get(format!("/people/{dana}/same/{twin}")).await.shows("Preferred case worker").shows("Preferred interpreter");
    joined(&w, dana, twin, &[("take_worker_sex", "other")]).await;
    let said = "coalesce(worker_sex, 'none') || ' ' || coalesce(interpreter_sex, 'none')";
    let stands = format!("select {said} from persons where id = '{dana}'");
    assert_eq!(w.value(&stands).await, "woman none");
    undone(&w, &w.amina, dana).await.redirects();
    assert_eq!(w.value(&stands).await, "none none");
}

#[tokio::test]
async fn s22_undoing_takes_no_warning_and_no_confidentiality_away() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let marks = ["dont_go_alone", "address_confidential", "phone_confidential", "household_confidential"];
    let set: Vec<String> = marks.iter().map(|mark| format!("{mark} = true")).collect();
    w.sql(&format!("update persons set {} where id = '{twin}'", set.join(", "))).await;
    joined(&w, dana, twin, &[]).await;
    undone(&w, &w.amina, dana).await.redirects();
    assert_eq!(w.count(&format!("persons where {} and id in ('{dana}', '{twin}')", marks.join(" and "))).await, 2);
}

#[tokio::test]
async fn s06_a_number_in_both_records_is_as_safe_as_the_more_careful_says() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    for (person, safe, hours) in [(dana, true, "09:00-17:00"), (twin, false, "18:00-20:00")] {
        w.sql(&format!(
            "insert into person_contacts (id, person_id, channel, value, value_key, safe_to_call, safe_to_text, hours)
             values (gen_random_uuid(), '{person}', 'phone', '0790 123456', '90123456', {safe}, {safe}, '{hours}')"
        ))
        .await;
    }
    w.amina.get(format!("/people/{dana}/same/{twin}")).await.shows("0790 123456").shows("Not safe").shows("18:00-20:00");
    joined(&w, dana, twin, &[]).await;
    let careful = format!(
        "person_contacts where person_id = '{dana}' and not safe_to_call and not safe_to_text and hours = '09:00-17:00 / 18:00-20:00'"
    );
    assert_eq!(w.count(&careful).await, 2);
    undone(&w, &w.amina, dana).await.redirects();
    assert_eq!(w.count("person_contacts where safe_to_call or safe_to_text").await, 0, "they are asked again");
}

#[tokio::test]
async fn s29_what_undoing_needs_is_kept_as_long_as_it_may_be_undone() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.case(&w.amina, CHILD_PROTECTION, twin, &[]).await;
    joined(&w, dana, twin, &[("take_name", "other")]).await;
    let kept = "person_joins where overwritten <> '{}'";
    assert_eq!(w.count(kept).await, 1);
    w.after(TimeDelta::days(92)).await;
    assert_eq!(w.count(kept).await + w.count("person_join_rows").await, 0);
    assert_eq!(w.count("person_joins where state = 'joined'").await, 1);
}

#[tokio::test]
async fn s30_who_looked_at_the_record_that_went_is_read_with_the_one_that_stays() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.salma.get(format!("/people/{twin}")).await.is(200);
    w.pia.get(format!("/people/{dana}/log")).await.is(200).lacks("Salma Noor");
    joined(&w, dana, twin, &[]).await;
    w.pia.get(format!("/people/{dana}/log")).await.shows("Salma Noor");
}
