//! A case on paper: what whoever goes out with it must know, and what paper of a restricted case keeps to itself.
use crate::referrals::does;
use crate::support::World;
use crate::support::sent::{GBV, PROTECTION, Sent};
use crate::support::world::user;

// How to reach the person, and their consent until the end of the century.
async fn known(w: &World, sent: &Sent, keeper: &str) {
    w.sql(&format!(
        "update persons set dont_go_alone = true, contact_restriction = 'Only after six' where id = '{person}';
         insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, expires_on, understood, spoken_alone,
             recorded_by, recorded_by_name)
           values (gen_random_uuid(), '{case}', '{person}', 'consent', 'consent', 'Stitches', '{{2}}', '{{need}}', '2026-01-05', '2099-03-04', true, true,
             '{by}', 'Somebody'),
           (gen_random_uuid(), '{case}', '{person}', 'consent', 'consent', 'Long over', '{{2}}', '{{need}}', '2020-01-05', '2020-03-04', true, true,
             '{by}', 'Somebody')",
        person = sent.person,
        case = sent.case,
        by = user(keeper)
    ))
    .await;
}

#[tokio::test]
async fn the_summary_says_how_to_reach_them_what_they_agreed_to_and_what_is_under_way() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let print = format!("/cases/{}/print", sent.case);
    w.amina.get(&print).await.is(200).shows("No consent stands.").lacks("Before calling");
    known(&w, &sent, "amina").await;
    let due = w.ground.clock.now() + chrono::TimeDelta::days(3);
    let task = [("title", "Ring the clinic"), ("due_at", &w.in_days(3))];
    w.amina.post(format!("/cases/{}/tasks", sent.case), task).await.redirects();
    let page = w.amina.get(&print).await;
    page.shows("Don’t go alone · Only after six").shows("Stitches · until 4 Mar 2099").lacks("Long over");
    page.shows(&format!("{} Day clinic · Sent", sent.code)).shows(&due.format("%-d %b %Y").to_string());
    w.odd.get(&print).await.is(404);
    does(&w.chen, &format!("/referrals/{}", sent.id), "decline", &[("reason", "no_capacity")]).await.redirects();
    w.amina.get(&print).await.lacks(&sent.code);
}

#[tokio::test]
async fn s11_paper_of_a_restricted_case_names_neither_service_nor_purpose() {
    let w = World::new().await;
    let sent = w.sent(GBV).await;
    known(&w, &sent, "salma").await;
    let page = w.salma.get(format!("/cases/{}/print", sent.case)).await;
    page.is(200).shows(&format!("{} Sent", sent.code)).shows("until 4 Mar 2099").shows("Don’t go alone");
    page.lacks("Day clinic").lacks("Stitches").lacks("Only after six").lacks("Dana Example");
}
