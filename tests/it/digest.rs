//! "What waits for me" by mail: on whose mornings, what it says, and what it never says (S13).
use chrono::{DateTime, Utc};
use throughcare::platform::outbox::State;
use throughcare::platform::outbox::store;
use throughcare::worker;

use crate::support::World;
use crate::support::world::{FIELD, user};

// A Monday, six in the morning in Amman.
const MONDAY: &str = "2026-11-30T03:00:00Z";

async fn at(w: &World, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().expect("a moment");
    w.ground.clock.forward(moment - w.ground.clock.now());
    worker::tick(&w.ground).await.expect("it ticks");
    w.work_off().await;
}

// Amina, at an organisation in Amman whose weekend is Friday and Saturday, with an overdue task of a case that must not be named.
async fn amina_waits(w: &World, digest: &str) -> String {
    w.sql("update organisations set time_zone = 'Asia/Amman', weekend = '{5,6}', holidays = '{2026-12-01}' where id = 1").await;
    let page = w.amina.get("/account/notifications").await;
    page.shows("You have no mail address here");
    w.sql("update users set email = 'amina@harbour.example' where login = 'amina'").await;
    w.amina.get("/account/notifications").await.shows("amina@harbour.example");
    let chosen = [("kinds", "referral_accepted"), ("digest", digest), ("digest_address", "amina@harbour.example")];
    w.amina.post("/account/notifications", chosen).await.redirects();
    let person = w.known_person("Dana Khoury").await;
    let case = w.only_case(person, FIELD, "child_protection", user("amina")).await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         values (gen_random_uuid(), 'own', '{case}', 0, 0, '{}', 'Call Dana', '2026-11-20T08:00:00Z')",
        user("amina")
    ))
    .await;
    w.value(&format!("select code from cases where id = '{case}'")).await
}

#[tokio::test]
async fn s13_a_digest_counts_what_waits_and_names_nobody_and_nothing() {
    let w = World::new().await;
    let code = amina_waits(&w, "daily").await;
    at(&w, MONDAY).await;
    assert!(w.ground.mail.kept().is_empty(), "it is not morning yet");
    at(&w, "2026-11-30T05:00:00Z").await;
    at(&w, "2026-11-30T06:00:00Z").await;
    let sent = w.ground.mail.kept();
    assert_eq!(sent.len(), 1, "once a day");
    let text = String::from_utf8_lossy(&sent[0].bytes).into_owned();
    assert!(text.contains("overdue tasks: 1") && text.contains("http://127.0.0.1:8080"), "{text}");
    for secret in ["Dana", "Call", code.as_str(), "Amina", "child", "Harbour "] {
        assert!(!text.contains(secret), "{secret} stands in {text}");
    }
}

#[tokio::test]
async fn nobody_is_written_to_on_days_of_rest_or_when_nothing_waits() {
    let w = World::new().await;
    amina_waits(&w, "daily").await;
    // Friday, Saturday, and a holiday on Tuesday; on Wednesday it goes out, on Thursday nothing waits any more.
    for day in ["2026-11-27", "2026-11-28", "2026-12-01"] {
        at(&w, &format!("{day}T05:00:00Z")).await;
    }
    assert!(w.ground.mail.kept().is_empty());
    at(&w, "2026-12-02T05:00:00Z").await;
    assert_eq!(w.ground.mail.kept().len(), 1);
    w.sql("update tasks set done_at = now(); update notifications set read_at = now()").await;
    at(&w, "2026-12-03T05:00:00Z").await;
    assert_eq!(w.ground.mail.kept().len(), 1);
}

#[tokio::test]
async fn a_weekly_digest_comes_on_the_first_working_day_of_the_readers_own_week() {
    let w = World::new().await;
    amina_waits(&w, "weekly").await;
    for day in ["2026-11-29", "2026-11-30", "2026-12-02", "2026-12-03"] {
        at(&w, &format!("{day}T05:00:00Z")).await;
    }
    assert_eq!(w.ground.mail.kept().len(), 1, "on Sunday alone");
}

#[tokio::test]
async fn it_is_counted_again_when_it_is_sent_and_its_choice_ends_with_the_address() {
    let w = World::new().await;
    amina_waits(&w, "daily").await;
    let moment: DateTime<Utc> = "2026-11-30T05:00:00Z".parse().expect("a moment");
    w.ground.clock.forward(moment - w.ground.clock.now());
    worker::tick(&w.ground).await.expect("it ticks");
    worker::work_off(&w.ground).await.expect("the round");
    w.sql("update tasks set done_at = now(); update notifications set read_at = now()").await;
    worker::send_off(&w.ground).await.expect("it sends");
    let mut work = w.operate().await;
    let delivery = store::state_of(&mut work, user("amina").0).await.expect("it answers").expect("it was posted");
    assert_eq!((delivery.state, delivery.result.as_deref()), (State::Dropped, Some("nothing_waits")));
    drop(work);
    w.sql("update users set email = 'other@harbour.example' where login = 'amina'; update tasks set done_at = null").await;
    at(&w, "2026-12-02T05:00:00Z").await;
    assert!(w.ground.mail.kept().is_empty(), "nobody chose this address");
    let stale = [("digest", "daily"), ("digest_address", "amina@harbour.example")];
    w.amina.post("/account/notifications", stale).await.is(422).shows("Your address changed meanwhile");
    let program = w.amina.program().await;
    let put = |address: &str| serde_json::json!({ "often": "daily", "address": address });
    program.call("PUT", "/api/v1/notifications/digest", Some(&put("amina@harbour.example"))).await.is(412);
    program.call("PUT", "/api/v1/notifications/digest", Some(&put("other@harbour.example"))).await.is(200);
    program.get("/api/v1/notifications/digest").await.shows("\"often\":\"daily\"");
}

#[tokio::test]
async fn s09_it_counts_only_what_its_reader_may_see() {
    let w = World::new().await;
    amina_waits(&w, "daily").await;
    w.sql("update tasks set done_at = now(); update notifications set read_at = now()").await;
    // A restricted case of Salma's leaves a task in the unit's inbox: Amina's own count does not know of it.
    let person = w.known_person("Rana").await;
    let case = w.only_case(person, FIELD, "gender_based_violence", user("salma")).await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, title, due_at) values (gen_random_uuid(), 'own', '{case}', 0, 0, 'x', '2026-11-20T08:00:00Z')"
    ))
    .await;
    at(&w, "2026-11-30T05:00:00Z").await;
    assert!(w.ground.mail.kept().is_empty());
}

#[tokio::test]
async fn it_counts_only_the_kinds_of_news_that_its_reader_wants_in_the_mail() {
    let w = World::new().await;
    amina_waits(&w, "daily").await;
    w.sql(&format!(
        "update tasks set done_at = now();
         update notifications set read_at = now();
         insert into notifications (id, user_id, org, kind, case_id)
         select gen_random_uuid(), '{}', 1, 'case_assigned', case_id from tasks where title = 'Call Dana'",
        user("amina")
    ))
    .await;
    let choose = async |mailed: &str| {
        let chosen =
            [("kinds", "case_assigned"), ("mailed", mailed), ("digest", "daily"), ("digest_address", "amina@harbour.example")];
        w.amina.post("/account/notifications", chosen).await.redirects();
    };
    choose("task_added").await;
    at(&w, "2026-11-30T05:00:00Z").await;
    assert!(w.ground.mail.kept().is_empty(), "it is heard here, and left out of the mail");
    w.amina.get("/notifications").await.shows("A case was assigned to you");
    choose("case_assigned").await;
    at(&w, "2026-12-02T05:00:00Z").await;
    let sent = w.ground.mail.kept();
    assert_eq!(sent.len(), 1);
    let text = String::from_utf8_lossy(&sent[0].bytes).into_owned();
    assert!(text.contains("notifications you have not read: 1"), "{text}");
}
