//! Text messages, and mail where none reaches a person: through the gateway, to people who may be written to, and to nobody else.
mod codes;
mod hours;
mod mails;
mod numbers;
mod reminders;
mod reports;
mod tls;

use std::sync::Arc;

use chrono::TimeDelta;
use throughcare::platform::db::Ground;
use throughcare::platform::ids::MessageId;
use throughcare::platform::outbox::{Carrier, NewMessage, Recipient};
use throughcare::worker;
use uuid::Uuid;

use crate::support::World;
use crate::support::gateway::{Gateway, HANGS_UP, SAYS_NOTHING};
use crate::support::post::{free_port, trial};

const SMS: &str = "THROUGHCARE_SMS_URL";

async fn post(w: &World, number: &str) -> MessageId {
    let to = Recipient { name: String::new(), address: number.into() };
    let mut work = w.operate().await;
    let message = NewMessage { carrier: Carrier::Text, to, subject: String::new(), ..trial("") };
    let id = work.post(message).await.expect("it is posted");
    work.commit().await.expect("it commits");
    id
}

// What the outside knows it by.
async fn public(w: &World, id: MessageId) -> String {
    w.value(&format!("select replace(public_id::text, '-', '') from messages where id = '{id}'")).await
}

async fn send(ground: &Arc<Ground>) {
    worker::send_off(ground).await.expect("it sends");
}

/// Writes down a telephone of somebody's, safe to text where it is said so, at these hours.
async fn phone(w: &World, person: Uuid, safe: bool, hours: &str) {
    w.sql(&format!(
        "insert into person_contacts (id, person_id, channel, value, value_key, safe_to_text, hours)
         values (gen_random_uuid(), '{person}', 'phone', '0790 123456', '90123456', {safe}, '{hours}')"
    ))
    .await;
}

fn standing(state: &str, result: &str, detail: &str, tries: i32) -> (String, String, String, i32) {
    (state.into(), result.into(), detail.into(), tries)
}

#[tokio::test]
async fn a_gateway_gets_number_words_and_id_with_its_token() {
    let w = World::new().await;
    let gateway = Gateway::answering(202).await;
    let ground = w.with_mail(&[(SMS, gateway.url())]);
    let id = post(&w, "+962 79 012-3456").await;
    send(&ground).await;
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("sent", "accepted", "", 1));
    let took = gateway.took();
    assert_eq!(took.len(), 1, "{took:?}");
    assert_eq!((took[0].body["to"].as_str(), took[0].body["text"].as_str()), (Some("+962790123456"), Some("Please sign in.")));
    let head = &took[0].head;
    assert!(head.starts_with("POST /send?from=care HTTP/1.1\r\n") && head.contains("authorization: Bearer tram\r\n"), "{head}");
    let public = public(&w, id).await;
    assert_eq!(took[0].body["id"].as_str(), Some(public.as_str()));
    assert!(head.contains(&format!("idempotency-key: {public}\r\n")), "{head}");
    w.ada.get("/admin/mail?show=sent").await.shows("Trial message").lacks("Please sign in").lacks("+962");
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_under_the_same_id_and_one_for_good_is_not() {
    let w = World::new().await;
    let gateway = Gateway::answering(500).await;
    let ground = w.with_mail(&[(SMS, gateway.url())]);
    let (id, wrong) = (post(&w, "0790 123456").await, post(&w, "ask her brother").await);
    for (answer, result, detail, tries) in
        [(500, "gateway_deferred", "500", 1), (503, "gateway_busy", "503", 2), (401, "gateway_sign_in_refused", "401", 3)]
    {
        gateway.answers(answer);
        send(&ground).await;
        assert_eq!(w.standing(id).await, standing("queued", result, detail, tries));
        ground.clock.forward(TimeDelta::minutes(5));
    }
    assert_eq!(w.standing(wrong).await, standing("bounced", "bad_number", "", 1));
    gateway.answers(422);
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("bounced", "gateway_refused", "422", 4));
    ground.clock.forward(TimeDelta::hours(1));
    send(&ground).await;
    let ids: Vec<_> = gateway.took().into_iter().map(|took| took.body["id"].clone()).collect();
    assert!(ids.len() == 4 && ids.iter().all(|one| *one == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn what_the_gateway_may_have_it_gets_again_under_the_same_id() {
    let w = World::new().await;
    let gateway = Gateway::answering(HANGS_UP).await;
    let ground = w.with_mail(&[(SMS, gateway.url()), ("THROUGHCARE_SMS_TIMEOUT", "1".to_owned())]);
    let id = post(&w, "0790 123456").await;
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("queued", "gateway_cut_off", "", 1));
    gateway.answers(SAYS_NOTHING);
    ground.clock.forward(TimeDelta::minutes(5));
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("queued", "gateway_silent", "", 2));
    gateway.answers(200);
    ground.clock.forward(TimeDelta::minutes(5));
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("sent", "accepted", "", 3));
    // The program ended after the gateway had it and before that was written down.
    w.sql(&format!(
        "update messages set state = 'sending', sent_at = null, held_until = now() - interval '1 minute' where id = '{id}'"
    ))
    .await;
    gateway.answers(409);
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("sent", "accepted", "", 4));
    let ids: Vec<_> = gateway.took().into_iter().map(|took| took.body["id"].clone()).collect();
    assert!(ids.len() == 4 && ids.iter().all(|one| *one == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn a_message_is_given_up_once_the_gateway_was_away_for_two_days() {
    let w = World::new().await;
    let ground = w.with_mail(&[(SMS, format!("http://127.0.0.1:{}/", free_port()))]);
    let id = post(&w, "0790 123456").await;
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("queued", "gateway_unreachable", "", 1));
    ground.clock.forward(TimeDelta::hours(49));
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("dead", "gateway_unreachable", "", 2));
    w.ada.get("/admin/mail").await.shows("Given up").shows("The gateway can’t be reached");
}

#[tokio::test]
async fn without_a_gateway_text_messages_wait_untried() {
    let w = World::new().await;
    let ground = w.with_mail(&[]);
    let id = post(&w, "0790 123456").await;
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    worker::send_until(ground, stopped).await;
    assert_eq!(w.standing(id).await, standing("queued", "", "", 0));
}
