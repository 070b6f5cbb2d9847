//! What an emergency is sent on, and who answers for it afterwards.
use crate::referrals::{ALL, CASE, SERVICE, answers, does, drafted, scene};
use crate::support::World;
use crate::support::world::CLINIC;

async fn emergency(w: &World, basis: &str) -> String {
    scene(w, 1, "amina", "").await;
    sent(w, basis).await
}

async fn sent(w: &World, basis: &str) -> String {
    let to = format!("service:{SERVICE}");
    let fields = [("need", "health"), ("to", to.as_str()), ("safe_contact", "Knock twice"), ("basis", basis)];
    let path = w.amina.post(format!("/cases/{CASE}/emergency"), fields).await.redirects();
    path.trim_end_matches("#hand-off").to_owned()
}

#[tokio::test]
async fn s01_an_emergency_on_another_basis_waits_for_a_second_person_and_for_review() {
    let w = World::new().await;
    let path = emergency(&w, "vital_interest").await;
    let basis = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    w.amina.get(&basis).await.shows("Danger to life or safety").shows("Not yet said");
    w.work_off().await;
    w.bruno.get("/notifications").await.shows("C-2222-2222");
    w.bruno.post(format!("{basis}/agreement"), [("told", "no")]).await.is(422);
    w.bruno.post(format!("{basis}/agreement"), [("told", "no"), ("not_told_reason", "She is unconscious")]).await.redirects();
    w.pia.get("/protection?view=bases").await.shows("Waits for review");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Dana Saleh");
    w.pia.post(format!("{basis}/review"), [("finding", "not_justified")]).await.redirects();
    w.work_off().await;
    w.chen.get(&path).await.is(200).lacks("Dana Saleh");
}

#[tokio::test]
async fn s22_an_emergency_says_not_to_go_alone_to_who_writes_sends_and_receives_it() {
    let w = World::new().await;
    scene(&w, 1, "amina", "").await;
    w.amina.get(format!("/cases/{CASE}/emergency")).await.lacks("Don’t go alone");
    w.sql("update persons set dont_go_alone = true, contact_restriction = 'Never before noon'").await;
    w.amina.get(format!("/cases/{CASE}/emergency")).await.shows("Don’t go alone").shows("Never before noon");
    let path = sent(&w, "vital_interest").await;
    for side in [&w.amina, &w.chen] {
        side.get(&path).await.is(200).shows("Nobody goes there alone.");
    }
}

// Whoever reviews is asked, be their place above the unit; whoever wrote it is not.
#[tokio::test]
async fn s02_the_review_of_an_emergency_waits_for_who_may_do_it() {
    let w = World::new().await;
    emergency(&w, "consent").await;
    w.sql("update tasks set assignee = null where kind = 'referral_review_emergency'; update cases set supervisor = null").await;
    w.member("leila", 1, "coordinator").await;
    for reviewer in [&w.bruno, &w.browser("leila").await] {
        reviewer.get("/").await.shows("Review the emergency");
    }
    w.amina.get("/").await.lacks("Review the emergency");
}

// Neither the ground of an emergency nor a yes said in it stands in for consent to anything else (S1, S4).
#[tokio::test]
async fn s02_the_ground_of_an_emergency_covers_no_other_referral() {
    for basis in ["vital_interest", "consent"] {
        let w = World::new().await;
        let urgent = emergency(&w, basis).await;
        w.sql("update consents set withdrawn_at = now() where only_referral is null").await;
        does(&w.chen, &urgent, "accept", &[]).await.redirects();
        does(&w.chen, &urgent, "complete", &[("what", "Stitched")]).await.redirects();
        let path = drafted(&w, &w.amina).await;
        w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.is(422).shows("Consent was withdrawn.");
        w.chen.get(&urgent).await.shows("Dana Saleh");
    }
}

#[tokio::test]
async fn s04_what_a_person_agrees_to_in_an_emergency_can_be_withdrawn() {
    let w = World::new().await;
    let path = emergency(&w, "consent").await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    let consent = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    w.amina.post(format!("{consent}/withdrawal"), [("extent", "stop_sharing"), ("how", "by_phone")]).await.redirects();
    w.chen.get(&path).await.is(200).lacks("Dana Saleh");
}

#[tokio::test]
async fn s02_each_side_of_an_emergency_is_given_the_others_number_to_ring() {
    let w = World::new().await;
    let path = emergency(&w, "vital_interest").await;
    w.amina.get(&path).await.shows("Clinic switchboard, 555 0200").lacks("555 0100");
    w.chen.get(&path).await.shows("Harbour switchboard, 555 0100").lacks("555 0200");
    w.sql(&format!("update services set phone = '555 4321' where id = '{SERVICE}'")).await;
    w.chen.get(&path).await.shows("Harbour switchboard, 555 0100").lacks("555 4321");
}

#[tokio::test]
async fn s02_an_emergency_offers_what_fits_and_the_rest_on_demand_without_scripts() {
    let w = World::new().await;
    scene(&w, 1, "amina", "").await;
    w.sql(&format!(
        "insert into services (id, org, name, needs, not_accepting, max_age) values
           ('00000000-0000-0000-0000-0000000000a1', {CLINIC}, 'Full ward', '{{health}}', true, null),
           ('00000000-0000-0000-0000-0000000000a2', {CLINIC}, 'Ward for children', '{{health}}', false, 12),
           ('00000000-0000-0000-0000-0000000000a3', {CLINIC}, 'Ward far away', '{{health}}', false, null),
           ('00000000-0000-0000-0000-0000000000a4', {CLINIC}, 'Night shelter', '{{shelter}}', false, null),
           ('00000000-0000-0000-0000-0000000000a5', {CLINIC}, 'Lawyers far away', '{{legal}}', false, null);
         insert into locations (id, service_id, name, admin1)
           select gen_random_uuid(), id, 'Annex', 'Irbid' from services where name like '% far away'"
    ))
    .await;
    let page = format!("/cases/{CASE}/emergency");
    let first = w.amina.get(&page).await;
    first.shows("Walk-in clinic").shows("Night shelter").lacks("Full ward").lacks("Ward for children").lacks("Ward far away");
    // Nobody near helps with the law.
    first.shows("Lawyers far away");
    let typed = [("need", "health"), ("safe_contact", "Knock twice"), ("listed", "fit")];
    let look =
        |how: &'static str, words: &'static str| w.amina.post(&page, [&typed[..], &[("look", how), ("find", words)]].concat());
    let fitting = look("fit", "").await;
    fitting.is(200).shows("Walk-in clinic").lacks("Night shelter");
    assert!(fitting.body.contains("value=\"Knock twice\""), "what was typed stays");
    look("all", "").await.is(200).shows("Full ward").shows("Ward for children").shows("Ward far away");
    look("find", "far").await.is(200).shows("Ward far away").lacks("Night shelter");
    look("find", "nowhere").await.is(200).shows("No service has these words").shows("Walk-in clinic");
    assert_eq!(w.value("select count(*)::text from referrals").await, "0");
}

#[tokio::test]
async fn whom_to_phone_stands_first_and_is_not_asked_once_the_service_was_given() {
    let w = World::new().await;
    let path = emergency(&w, "consent").await;
    let page = w.amina.get(&path).await;
    let at = |words: &str| page.body.find(words).unwrap_or_else(|| panic!("{words} is not there"));
    assert!(at("id=\"hand-off\"") < at("What is shared") && at("id=\"hand-off\"") < at("/moves\""), "{}", page.text());
    w.sql("update referrals set status = 'completed', step = 'ended', ended_at = now()").await;
    w.amina.get(&path).await.is(200).lacks("Phone them now");
}
