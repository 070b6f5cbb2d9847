//! What was asked lately stands on both pages and is not offered again; who asked and who answered stand under their own words.
use super::{Pair, answers, asked, asks, handle, pair, row, told};
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::world::{FIELD, user};

#[tokio::test]
async fn who_was_asked_lately_is_not_offered_again_and_the_pages_say_since_when() {
    let w = World::new().await;
    let Pair { own, .. } = pair(&w).await;
    let (person, page) = (format!("/people/{own}"), format!("/people/{own}/elsewhere"));
    let before = w.amina.get(&page).await;
    w.amina.get(&person).await.shows("No other organisation has confirmed");
    asked(&w, own).await;
    let after = w.amina.get(&page).await;
    after.shows("Asked already").shows("Asked Amina Haddad ·").lacks("Asked by").shows("Answer by");
    after.lacks("f-hit-").lacks("Nobody like this person");
    w.bruno.get(&page).await.lacks("f-hit-").shows("Asked already");
    w.amina.get(&person).await.shows("Asked on").shows("Answer by").lacks("No other organisation has confirmed");
    asks(&w.amina, own, &handle(&before)).await.is(422).shows("This was asked lately");
    told(&w).await;
    w.amina.get(&page).await.lacks("f-hit-").shows("Can be asked again from");
    w.amina.get(&person).await.shows("No other organisation has confirmed");
    w.sql("update person_questions set due_at = due_at - interval '31 days'").await;
    asks(&w.amina, own, &handle(&w.amina.get(&page).await)).await.redirects();
}

#[tokio::test]
async fn whoever_answered_stands_under_answered_by() {
    let w = World::new().await;
    let Pair { own, other, .. } = pair(&w).await;
    asked(&w, own).await;
    let (question, _) = row(&w, other).await;
    w.odd.get(format!("/questions/{question}")).await.shows("Both sides are told").lacks("Answered by");
    answers(&w, &w.odd, other, "yes").await.redirects();
    w.odd.get(format!("/questions/{question}")).await.shows("Answered by Odd Stranger").lacks("Asked by");
    w.odd.get(format!("/people/{other}/elsewhere")).await.shows("Answered by Odd Stranger");
    w.odd.get("/questions").await.shows("Your organisation answered yes");
    w.amina.get(format!("/people/{own}/elsewhere")).await.shows("Asked Amina Haddad").lacks("Answered by");
}

#[tokio::test]
async fn what_others_see_and_what_belongs_to_jobs_is_nobodys_to_ask_past_the_pages() {
    let w = World::new().await;
    let Pair { own, other, .. } = pair(&w).await;
    asked(&w, own).await;
    for sql in [
        "select access.sight_of(access.me(), id) from cases",
        "select access.leave_unseen_tasks(null, 1)",
        "select access.consent_lets_ask(id, 3) from consents",
        "select access.keeps_from_asking(q, now()) from person_questions q",
    ] {
        is(tries(&w, "amina", sql).await, DENIED);
    }
    let case = w.only_case(own, FIELD, "gender_based_violence", user("salma")).await;
    let would_see = format!("select 1 where access.would_see('{}', '{case}')", user("salma"));
    assert_eq!(tries(&w, "amina", &would_see).await, Ok(0), "only of a case that one sees");
    assert_eq!(tries(&w, "salma", &would_see).await, Ok(1));
    let lately = format!("select 1 from access.asked_lately('{own}', array['{other}']::uuid[], now())");
    assert_eq!(tries(&w, "amina", &lately).await, Ok(1));
    assert_eq!(tries(&w, "odd", &lately).await, Ok(0), "only of a person whom one sees");
}
