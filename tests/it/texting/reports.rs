//! What the gateway says later of what it took: shown where the message is shown, in any order, and heard from nobody else.
use axum::body::Body;
use chrono::TimeDelta;
use http::Request;
use serde_json::json;

use super::reminders::{PERSON, case, planned};
use super::{SMS, phone, post, public, send, standing};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::gateway::{Gateway, HANGS_UP};
use crate::support::sent::ASSISTANCE;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const REPORTS: &str = "THROUGHCARE_SMS_REPORTS";

// A world whose gateway takes everything, and may report.
async fn reporting() -> (World, Gateway) {
    let mut w = World::new().await;
    let gateway = Gateway::answering(202).await;
    w.ground = w.with_mail(&[(SMS, gateway.url()), (REPORTS, SECRET.to_owned())]);
    (w, gateway)
}

async fn says(w: &World, secret: &str, body: String) -> Seen {
    let app = throughcare::cli::serve::service(w.ground.clone());
    let request = Request::post(format!("/texts/reports/{secret}")).header("content-type", "application/json");
    Browser::nobody(&app).send(request.body(Body::from(body)).expect("a request")).await
}

async fn reports(w: &World, id: &str, state: &str) -> Seen {
    says(w, SECRET, json!({ "id": id, "state": state }).to_string()).await
}

#[tokio::test]
async fn a_reminder_arrives_or_fails_and_whoever_keeps_the_case_learns_of_it() {
    let (w, _gateway) = reporting().await;
    let amina = w.browser("amina").await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let path = planned(&w, &amina).await.redirects();
    w.after(TimeDelta::hours(49)).await;
    amina.get(&path).await.shows("Message to the person Sent");
    let id = w.value("select public_id::text from messages").await;
    for _ in 0..2 {
        reports(&w, &id, "failed").await.is(204);
        w.work_off().await;
    }
    amina.get(&path).await.shows("Did not arrive: The gateway could not get it to the telephone");
    amina.get("/notifications").await.shows("A person was not reminded of a meeting").shows("C-TEXT").lacks("Dana");
    assert_eq!(w.count("notifications where kind = 'meeting_reminder_lost'").await, 1);
    w.browser("ada").await.get("/admin/mail").await.shows("Came back").shows("Reminder of a meeting");
    // It did get there in the end.
    reports(&w, &id, "delivered").await.is(204);
    amina.get(&path).await.shows("Message to the person Arrived");
    assert_eq!(w.count("facts where kind like 'message.%' and note::text like '%0790%'").await, 0);
}

#[tokio::test]
async fn reports_count_in_any_order_and_however_often_they_come() {
    let (w, _gateway) = reporting().await;
    for (order, end) in [
        (["sent", "delivered", "failed"], "delivered"),
        (["failed", "sent", "delivered"], "delivered"),
        (["delivered", "delivered", "sent"], "delivered"),
        (["failed", "failed", "sent"], "bounced"),
    ] {
        let id = post(&w, "0790 123456").await;
        send(&w.ground).await;
        let public = public(&w, id).await;
        for state in order {
            reports(&w, &public, state).await.is(204);
        }
        assert_eq!(w.standing(id).await.0, end, "{order:?}");
    }
    assert_eq!(w.count("facts where kind = 'message.delivered'").await, 3);
    assert_eq!(w.count("facts where kind = 'message.bounced'").await, 2);
    assert_eq!(w.count("facts where kind = 'message.sent'").await, 4);
}

#[tokio::test]
async fn what_the_gateway_has_by_its_own_word_is_not_handed_over_again() {
    let (w, gateway) = reporting().await;
    gateway.answers(HANGS_UP);
    let id = post(&w, "0790 123456").await;
    send(&w.ground).await;
    assert_eq!(w.standing(id).await, standing("queued", "gateway_cut_off", "", 1));
    reports(&w, &public(&w, id).await, "sent").await.is(204);
    w.ground.clock.forward(TimeDelta::hours(1));
    send(&w.ground).await;
    assert_eq!(w.standing(id).await, standing("sent", "accepted", "", 1));
    assert_eq!(gateway.took().len(), 1);
}

#[tokio::test]
async fn a_message_that_was_put_in_line_again_is_not_ended_by_an_old_report() {
    let (w, _gateway) = reporting().await;
    let id = post(&w, "0790 123456").await;
    send(&w.ground).await;
    let public = public(&w, id).await;
    reports(&w, &public, "failed").await.is(204);
    let version = w.value(&format!("select version::text from messages where id = '{id}'")).await;
    w.browser("ada").await.post(format!("/admin/mail/{id}/resending"), [("version", version)]).await.redirects();
    reports(&w, &public, "failed").await.is(204);
    assert_eq!(w.standing(id).await.0, "queued");
}

#[tokio::test]
async fn nobody_is_heard_without_the_secret_and_nothing_but_a_report() {
    let (w, _gateway) = reporting().await;
    let id = post(&w, "0790 123456").await;
    send(&w.ground).await;
    let public = public(&w, id).await;
    let report = json!({ "id": public, "state": "failed" }).to_string();
    for wrong in ["0", "0123456789abcdef0123456789abcdee", "0123456789abcdef0123456789abcdef0"] {
        says(&w, wrong, report.clone()).await.is(404);
    }
    for wrong in ["".to_owned(), "{}".to_owned(), report.replace("failed", "lost"), format!("{report}{}", " ".repeat(5000))] {
        says(&w, SECRET, wrong).await.is(422);
    }
    reports(&w, "00000000000000000000000000000007", "failed").await.is(204);
    assert_eq!(w.standing(id).await.0, "sent");
    // Mail has reports of its own.
    let mail = w.post("desk@clinic.example").await;
    w.sql(&format!("update messages set state = 'sent', tries = 1, first_try_at = now() where id = '{mail}'")).await;
    reports(&w, &super::public(&w, mail).await, "failed").await.is(204);
    assert_eq!(w.standing(mail).await.0, "sent");
    let unset = World::new().await;
    says(&unset, SECRET, report).await.is(404);
}

#[tokio::test]
async fn a_flood_of_reports_is_held_off_until_the_next_minute() {
    let mut w = World::new().await;
    w.ground = w.with_mail(&[(REPORTS, SECRET.to_owned()), ("THROUGHCARE_SMS_PACE", "1".to_owned())]);
    w.ground.clock.forward(TimeDelta::zero());
    let nobody = "00000000000000000000000000000007";
    for _ in 0..10 {
        reports(&w, nobody, "sent").await.is(204);
    }
    reports(&w, nobody, "sent").await.is(429);
    says(&w, "0", String::new()).await.is(404);
    w.ground.clock.forward(TimeDelta::minutes(1));
    reports(&w, nobody, "sent").await.is(204);
}
