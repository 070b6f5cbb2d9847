//! Agreeing to a plan by a code: to a safe telephone, for ten minutes, five tries, and never needed.
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::phone;
use crate::plans::{assessed, id, step, version, written};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::sent::PROTECTION;

// A plan that was put forward, and the person of its case.
async fn proposed(w: &World) -> (String, String) {
    let (case, person) = assessed(w, PROTECTION).await;
    let plan = written(w, &case, &person).await;
    step(w, &w.amina, &plan, "proposal", &[]).await.redirects();
    (plan, person)
}

async fn send(w: &World, plan: &str, person: &str) -> Seen {
    w.amina.post(format!("{plan}/codes"), [("to", person)]).await
}

// The same, where the person sits there with the telephone in their hand.
async fn send_to_hand(w: &World, plan: &str, person: &str) -> Seen {
    w.amina.post(format!("{plan}/codes"), [("to", person), ("in_hand", "true")]).await
}

// The code that the telephone shows last.
async fn shown(w: &World) -> String {
    w.work_off().await;
    let text = w.ground.sms.kept().pop().expect("a message").text;
    text.chars().filter(char::is_ascii_digit).collect()
}

async fn agree(w: &World, plan: &str, person: &str, code: &str) -> Seen {
    step(w, &w.amina, plan, "agreement", &[("side", "person"), ("person", person), ("way", "code"), ("code", code)]).await
}

fn another(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

#[tokio::test]
async fn a_person_agrees_by_the_code_that_their_telephone_shows() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "when he is out").await;
    let to = send_to_hand(&w, &plan, &person).await.redirects();
    let page = w.amina.get(&to).await;
    page.shows("Code from their telephone");
    let chosen = format!("<option value=\"{person}\" selected");
    assert_eq!(page.body.matches(&chosen).count(), 2, "whom the page is about is chosen, also where a code is sent");
    let code = shown(&w).await;
    assert_eq!(code.len(), 6, "{code}");
    let said = w.ground.sms.kept().pop().expect("a message").text;
    assert!(!said.contains("Dana") && !said.contains("Harbour"), "{said}");
    // Nothing typed is no try.
    agree(&w, &plan, &person, "").await.is(422).shows("Fill this in");
    assert_eq!(w.value("select tries::text from plan_codes").await, "0");
    agree(&w, &plan, &person, another(&code)).await.is(422).shows("This code is wrong");
    agree(&w, &plan, &person, &code).await.redirects();
    w.amina.get(&plan).await.shows("By a code to their telephone").shows("Still to agree The organisation");
    agree(&w, &plan, &person, &code).await.is(422).shows("This code is wrong");
    assert_eq!(w.count("facts where kind in ('plan.code_sent', 'plan.code_refused')").await, 3);
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    assert_eq!(w.value(&format!("select state from plans where id = '{}'", id(&plan))).await, "agreed");
}

#[tokio::test]
async fn a_code_counts_for_ten_minutes_and_five_tries_and_the_newest_alone() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "").await;
    send(&w, &plan, &person).await.redirects();
    let first = shown(&w).await;
    for _ in 0..5 {
        agree(&w, &plan, &person, another(&first)).await.is(422);
    }
    agree(&w, &plan, &person, &first).await.is(422).shows("This code is wrong");
    send(&w, &plan, &person).await.redirects();
    let second = shown(&w).await;
    w.ground.clock.forward(TimeDelta::minutes(11));
    agree(&w, &plan, &person, &second).await.is(422).shows("This code is wrong");
    for _ in 0..3 {
        w.ground.clock.forward(TimeDelta::seconds(1));
        send(&w, &plan, &person).await.redirects();
    }
    send(&w, &plan, &person).await.is(422).shows("Five codes were sent within an hour");
    let newest = shown(&w).await;
    agree(&w, &plan, &person, &newest).await.redirects();
    w.odd.post(format!("{plan}/codes"), [("to", person.as_str())]).await.is(404);
}

#[tokio::test]
async fn s06_a_code_goes_to_a_safe_telephone_or_not_at_all_and_s25_nobody_needs_one() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    send(&w, &plan, &person).await.is(422).shows("marked no telephone safe for text messages");
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "").await;
    send(&w, &plan, &person).await.redirects();
    w.sql("update person_contacts set safe_to_text = false").await;
    w.work_off().await;
    assert!(w.ground.sms.kept().is_empty(), "what is no longer safe when its turn comes is not sent");
    assert_eq!(w.count("messages where state = 'dropped' and result = 'text_no_safe_phone'").await, 1);
    let said = [("side", "person"), ("person", person.as_str()), ("way", "said"), ("witness", "The receptionist")];
    step(&w, &w.amina, &plan, "agreement", &said).await.redirects();
    w.amina.get(&plan).await.shows("Said aloud before a witness");
}

#[tokio::test]
async fn s06_at_an_hour_that_may_not_be_safe_a_code_goes_only_to_a_telephone_in_the_persons_hand() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "6-9").await;
    send(&w, &plan, &person).await.is(422).shows("may be read by somebody else");
    send_to_hand(&w, &plan, &person).await.redirects();
    assert_eq!(w.count("facts where kind = 'plan.code_sent' and (note ->> 'in_hand')::boolean").await, 1);
    w.ground.clock.forward(TimeDelta::minutes(4));
    w.work_off().await;
    assert!(w.ground.sms.kept().is_empty(), "the person may have gone by now");
    assert_eq!(w.count("messages where state = 'dropped' and result = 'text_unsafe_hour'").await, 1);
    send_to_hand(&w, &plan, &person).await.redirects();
    assert_eq!(shown(&w).await.len(), 6);
}

#[tokio::test]
async fn a_code_proves_that_the_person_agrees_now_and_not_weeks_ago() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "").await;
    send(&w, &plan, &person).await.redirects();
    let code = shown(&w).await;
    let long_ago = [
        ("side", "person"),
        ("person", person.as_str()),
        ("way", "code"),
        ("code", code.as_str()),
        ("happened_at", "2026-01-01T10:00"),
        ("late_reason", "Power cut"),
    ];
    step(&w, &w.amina, &plan, "agreement", &long_ago).await.is(422).shows("the person agrees now");
    agree(&w, &plan, &person, &code).await.redirects();
}

#[tokio::test]
async fn programs_send_codes_and_count_wrong_ones_too() {
    let w = World::new().await;
    let (plan, person) = proposed(&w).await;
    phone(&w, person.parse::<Uuid>().expect("an id"), true, "").await;
    let program = w.amina.program().await;
    let codes = format!("/api/v1{plan}/codes");
    program.call("POST", &codes, Some(&json!({ "person": person }))).await.is(200);
    let code = shown(&w).await;
    let agreement = format!("/api/v1{plan}/agreement");
    let over = format!("\"{}\"", version(&w, &plan).await);
    let with = |code: &str| json!({ "side": "person", "person": person, "way": "code", "code": code });
    program.call_over("POST", &agreement, &over, Some(&with(another(&code)))).await.is(422).shows("wrong_code");
    assert_eq!(w.value("select tries::text from plan_codes").await, "1");
    program.call_over("POST", &agreement, &over, Some(&with(&code))).await.is(200);
    program.call("POST", &codes, Some(&json!({}))).await.is(422).shows("required");
}
