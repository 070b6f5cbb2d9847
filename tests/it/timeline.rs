//! What happened, as the case and both sides of a referral read it afterwards; and what services are called there.
use uuid::Uuid;

use crate::people::call;
use crate::referrals::{ALL, CASE, SERVICE, answers, does, sent};
use crate::support::World;
use crate::support::world::{CLINIC, RECEPTION};

#[tokio::test]
async fn the_timeline_of_a_case_tells_what_became_of_its_referrals_and_consents() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Wound dressed")]).await.redirects();
    let case = format!("/cases/{CASE}");
    does(&w.amina, &path, "confirm_receipt", &[("receipt", "no_answer")]).await.redirects();
    w.amina.get(format!("{case}?only=referrals")).await.shows("Nobody was reached").lacks("The person was asked");
    does(&w.amina, &path, "confirm_receipt", &[("receipt", "received"), ("by", "person")]).await.redirects();
    let seen = w.amina.get(&case).await;
    seen.shows("Sent")
        .shows("Accepted, no appointment yet")
        .shows("Service given")
        .shows("The person was asked")
        .shows("Consent given");
    assert_eq!(seen.link(&path), path);
    // Among everything else a referral stands once; on its own filter each step does.
    seen.shows("earlier steps");
    w.amina.get(format!("{case}?only=referrals")).await.lacks("earlier steps");
    w.amina.get(format!("{case}?only=referrals")).await.shows("Service given").lacks("Consent given");
    w.amina.get(format!("{case}?only=consents")).await.shows("Consent given").lacks("The person was asked");
    w.amina.get(format!("{case}?only=moves")).await.lacks("Consent given").lacks("The person was asked");
    w.sql("update consents set withdrawn_at = now()").await;
    w.amina.get(format!("{case}?only=consents")).await.shows("Consent given").shows("Consent withdrawn");
    w.amina.get(format!("{case}?only=consents")).await.lacks("Consent expired").lacks("Consent refused");
    for (kind, until) in [("consent", "current_date - 2"), ("refused", "null")] {
        w.sql(&format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, expires_on, recorded_by, recorded_by_name)
             select gen_random_uuid(), case_id, person_id, basis, '{kind}', '', current_date - 30, {until}, recorded_by, 'Amina' from consents limit 1"
        ))
        .await;
    }
    w.amina.get(format!("{case}?only=consents")).await.shows("Consent expired").shows("Consent refused");
}

#[tokio::test]
async fn how_much_was_given_is_shown_to_both_sides_and_to_programs() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Cash"), ("how_much", "350 in two parts")]).await.redirects();
    for side in [&w.amina, &w.chen] {
        side.get(&path).await.shows("How much or how often").shows("350 in two parts");
    }
    let token = w.token(&w.amina).await;
    let seen = call(&w, &token, "GET", &format!("/api/v1{path}"), "", serde_json::Value::Null).await;
    seen.is(200).shows("\"outcome_amount\":\"350 in two parts\"");
}

#[tokio::test]
async fn what_a_referral_will_not_come_to_is_not_shown_as_to_come() {
    let w = World::new().await;
    let path = sent(&w).await;
    w.amina.get(&path).await.shows("Served · to come").lacks("not to come");
    does(&w.chen, &path, "decline", &[("reason", "no_capacity")]).await.redirects();
    for side in [&w.amina, &w.chen] {
        let seen = side.get(&path).await;
        seen.shows("Accepted · not to come").shows("Served · not to come").shows("Confirmed by the person · not to come");
    }
}

// S7: that the person said no is the sender's own, so the receiver's line looks as before.
#[tokio::test]
async fn s07_a_denied_service_is_still_to_be_confirmed_as_the_receiver_sees_it() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Wound dressed")]).await.redirects();
    w.amina.get(&path).await.shows("Confirmed by the person · to come");
    does(&w.amina, &path, "confirm_receipt", &[("receipt", "not_received"), ("by", "person")]).await.redirects();
    w.amina.get(&path).await.shows("Served · done").shows("Confirmed by the person · not to come");
    w.chen.get(&path).await.shows("Served · done").shows("Confirmed by the person · to come");
}

#[tokio::test]
async fn the_movement_log_has_the_time_of_day_and_the_receipt_that_an_answer_was() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    let log = |page: &str| page[page.rfind("What happened").expect("the log")..].to_owned();
    let text = log(&w.amina.get(&path).await.text());
    assert!(text.contains("Accepted, no appointment yet") && text.contains("Received"), "{text}");
    let hour = w.ground.clock.now().format(", %H:").to_string();
    let above_the_foot = text.split("Confidential").next().unwrap_or_default();
    assert_eq!(above_the_foot.matches(&hour).count(), 3, "sent, received and accepted, each with its time: {text}");
    does(&w.chen, &path, "start", &[]).await.redirects();
    assert_eq!(log(&w.chen.get(&path).await.text()).matches("Received").count(), 1);
}

#[tokio::test]
async fn a_service_goes_by_its_own_name_in_the_readers_language_wherever_it_is_shown() {
    let w = World::new().await;
    let path = sent(&w).await;
    w.sql("update services set names = '{\"fr\": \"Dispensaire ouvert\"}'").await;
    for reader in [&w.amina, &w.chen] {
        reader.post("/account", [("lang", "fr"), ("digits", "latin")]).await.redirects();
    }
    for page in [path.as_str(), &format!("/cases/{CASE}"), "/", "/referrals?tab=sent"] {
        w.amina.get(page).await.shows("Dispensaire ouvert");
    }
    w.chen.get(&path).await.shows("Dispensaire ouvert");
    w.bruno.get(format!("/cases/{CASE}")).await.shows("Walk-in clinic").lacks("Dispensaire");
    // Whoever does not see the service any more reads what it was called when it was chosen.
    w.sql("update services set visibility = 'named'").await;
    w.amina.get(&path).await.shows("Walk-in clinic").lacks("Dispensaire");
}

#[tokio::test]
async fn a_draft_names_what_runs_already_and_what_waits_beside_it() {
    let w = World::new().await;
    let first = sent(&w).await;
    let other = Uuid::from_u128(0x5E5);
    w.sql(&format!("insert into services (id, org, unit, name, needs) values ('{other}', {CLINIC}, {RECEPTION}, 'Evening clinic', '{{health}}')")).await;
    let drafts = [Uuid::now_v7().to_string(), Uuid::now_v7().to_string()];
    let services = [format!("service:{SERVICE}"), format!("service:{other}")];
    let chosen = [("need", "health"), ("draft", &drafts[0]), ("draft", &drafts[1]), ("to", &services[0]), ("to", &services[1])];
    let edit = w.amina.post(format!("/cases/{CASE}/refer"), chosen).await.redirects();
    let seen = w.amina.get(&edit).await;
    seen.shows("Other drafts of this case wait to be sent").shows("Evening clinic");
    seen.link(&format!("/referrals/{}/edit", drafts[1]));
    let refused = w.amina.post(&edit, answers("send", ALL)).await;
    refused.is(422).shows("A referral for the same service is under way");
    refused.link(&first);
}

#[tokio::test]
async fn the_page_of_a_case_says_what_comes_next() {
    let w = World::new().await;
    let person = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, crate::support::case_work::GENERAL, person, &[]).await;
    w.amina.get(&case).await.shows("Next step Record consent").link(&format!("{case}/consents/new"));
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name)
         values (gen_random_uuid(), '{}', '{person}', 'consent', 'consent', 'to refer', current_date, '{}', 'Amina')",
        case.trim_start_matches("/cases/"),
        crate::support::world::user("amina")
    ))
    .await;
    w.amina.get(&case).await.shows("Next step Begin: Assessment");
    w.pia.get(&case).await.lacks("Next step");
}

#[tokio::test]
async fn the_page_of_a_case_says_first_what_to_do_and_last_what_happened() {
    let w = World::new().await;
    let case = w.case(&w.amina, crate::support::case_work::GENERAL, w.known_person("Dana Aziz").await, &[]).await;
    let page = w.amina.get(&case).await;
    let place = |mark: &str| page.body.find(mark).unwrap_or_else(|| panic!("{mark} is not there:\n{}", page.text()));
    let parts = ["tasks", "people", "plan", "referrals", "timeline"].map(|part| place(&format!("id=\"case-{part}\"")));
    assert!(place("/consents/new\"") < parts[0] && parts.is_sorted(), "{parts:?}");
    page.link(&format!("{case}?only=notes#case-timeline"));
}
