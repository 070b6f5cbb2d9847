//! What an organisation is told at a conference says who is meant only as far as that is shared with it (S27).
use super::{CLINIC, MINUTES, asked, conference, held, held_with_the_clinic, packet_of, person_comes};
use crate::plans::{begun, line};
use crate::support::World;

#[tokio::test]
async fn s27_minutes_name_nobody_to_an_organisation_that_is_not_told_who_is_meant() {
    let w = World::new().await;
    let (_, meeting) = held_with_the_clinic(&w).await;
    let minutes = format!("{meeting}/conference/minutes");
    let page = w.amina.post(&minutes, [("m_need", "Dana Saleh goes back to school")]).await;
    page.is(422).shows("These words tell who is meant").shows("Dana Saleh goes back to school").link("#f-m_need");
    assert_eq!(w.count("conference_packets").await, 0);
    w.amina.post(&minutes, [("m_need", "She goes back to school")]).await.redirects();
}

#[tokio::test]
async fn s27_whoever_is_told_the_name_reads_it_in_the_minutes_and_no_telephone_with_it() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    // She agreed that the clinic hears her name as well.
    w.sql(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
           select gen_random_uuid(), case_id, person_id, basis, kind, purpose, to_orgs, '{identity}', given_on, recorded_by, recorded_by_name from consents;
         insert into person_contacts (id, person_id, channel, value, value_key)
           select gen_random_uuid(), person_id, 'phone', '+962791234567', 'a' from cases",
    )
    .await;
    person_comes(&w, &meeting).await;
    let party = [("org", CLINIC), ("who", "Nurse Adel"), ("sections", "need"), ("sections", "identity")];
    w.amina.post(format!("{meeting}/conference/parties"), party).await.redirects();
    held(&w, &meeting).await;
    let minutes = format!("{meeting}/conference/minutes");
    let ring = [("m_need", "Dana Saleh: ring +962 79 123 4567")];
    w.amina.post(&minutes, ring).await.is(422).shows("These words tell who is meant");
    w.amina.post(&minutes, [("m_need", "Dana Saleh goes back to school")]).await.redirects();
    w.chen.get(packet_of(&w, CLINIC).await).await.shows("Dana Saleh goes back to school");
}

#[tokio::test]
async fn s27_an_invitation_names_nobody_beside_whoever_comes_and_says_the_year() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    let parties = format!("{meeting}/conference/parties");
    let named = [("org", CLINIC), ("who", "Nurse for Dana Saleh"), ("sections", "need")];
    w.amina.post(&parties, named).await.is(422).shows("These words tell who is meant").keeps("Nurse for Dana Saleh");
    asked(&w, &meeting, CLINIC, "need").await;
    let party = w.value("select id::text from conference_parties").await;
    let (paper, year) = (format!("{parties}/{party}/invitation"), w.ground.clock.now().format("%Y, ").to_string());
    w.amina.get(&paper).await.shows("Nurse Adel").shows(&year);
    // Whatever was written down before leaves with it as little.
    w.sql("update persons set name = 'Adel Saleh' where name = 'Dana Saleh'").await;
    w.amina.get(&paper).await.is(200).lacks("Nurse Adel");
}

#[tokio::test]
async fn s25_what_makes_somebody_safer_is_in_no_invitation_and_no_minutes() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, CLINIC).await;
    let plan = begun(&w.amina, &case).await;
    line(&w, &w.amina, &plan, "safety", "", "A rucksack stands ready", &[]).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    let party = w.value("select id::text from conference_parties").await;
    w.amina.get(format!("{meeting}/conference/parties/{party}/invitation")).await.is(200).lacks("rucksack");
    held(&w, &meeting).await;
    w.amina.get(format!("{meeting}/conference")).await.is(200).lacks("rucksack");
    w.amina.post(format!("{meeting}/conference/minutes"), [MINUTES[0]]).await.redirects();
    let packet = packet_of(&w, CLINIC).await;
    w.chen.get(&packet).await.shows("Back to school").lacks("rucksack");
    w.amina.get(&plan).await.shows("A rucksack stands ready");
}
