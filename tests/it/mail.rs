//! The outbox: what is posted is sent once it may go, everybody who should sees how it fared, and nobody sees what it said.
use chrono::TimeDelta;
use serde_json::json;
use throughcare::mail::bounces::{self, Taken};
use throughcare::mail::{Asked, sender, store as mail};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::ReferralId;
use throughcare::platform::lang::Lang;
use throughcare::platform::outbox::{Carrier, May, NewMessage, Outgoing, Part, State, store};
use uuid::Uuid;

use crate::support::World;
use crate::support::post::trial;
use crate::support::sent::{ASSISTANCE, PROTECTION};
use crate::support::world::{HARBOUR, user};

fn message(about: Uuid, once: &str) -> NewMessage {
    NewMessage { about: Some(about), once: once.into(), kind: "letter", ..trial("desk@clinic.example") }
}

async fn post(w: &World, message: NewMessage) -> Uuid {
    // Anybody's act may leave a message, also a visitor's who has not proved who they are.
    let mut work = Work::open(&w.ground, Actor::Nobody).await.expect("work");
    let id = work.post(message).await.expect("it is posted");
    work.commit().await.expect("it commits");
    id.0
}

fn may<'a>(_: &'a mut Work, _: &'a Outgoing) -> Asked<'a> {
    let file = Part::File { name: "letter.pdf".into(), media_type: "application/pdf", bytes: b"%PDF-1.7".to_vec() };
    Box::pin(async move { Ok(May::Send(vec![file])) })
}

fn may_not<'a>(_: &'a mut Work, _: &'a Outgoing) -> Asked<'a> {
    Box::pin(async { Ok(May::Drop("rights_ended")) })
}

fn breaks<'a>(_: &'a mut Work, _: &'a Outgoing) -> Asked<'a> {
    Box::pin(async { Err(anyhow::anyhow!("the attachment can't be read").into()) })
}

async fn facts(w: &World, about: Uuid) -> Vec<String> {
    let mut work = w.operate().await;
    sqlx::query_scalar("select kind from facts where $1 = any (subjects) and kind like 'message.%' order by id")
        .bind(about)
        .fetch_all(work.db())
        .await
        .expect("the facts")
}

#[tokio::test]
async fn a_message_posted_twice_under_one_key_is_one_and_holds_nothing_in_the_open() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    let ids = [post(&w, message(about, "letter:1")).await, post(&w, message(about, "letter:1")).await];
    assert_eq!(ids[0], ids[1]);
    assert_eq!(w.count("messages").await, 1);
    let open = w.value("select row_to_json(m)::text from messages m").await;
    assert!(!open.contains("clinic") && !open.contains("Front"), "{open}");
    let mut work = w.operate().await;
    let delivery = store::state_of(&mut work, about).await.expect("it answers").expect("it is there");
    assert_eq!((delivery.id.0, delivery.state, delivery.tries), (ids[0], State::Queued, 0));
}

#[tokio::test]
async fn what_may_go_is_sent_once_with_what_is_fetched_at_that_moment() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    post(&w, message(about, "letter:1")).await;
    assert_eq!(sender::send_due(&w.ground, may).await.expect("it sends"), 1);
    assert_eq!(sender::send_due(&w.ground, may).await.expect("it sends"), 0, "once is enough");
    let sent = w.ground.mail.kept();
    let text = String::from_utf8_lossy(&sent[0].bytes).into_owned();
    assert_eq!((sent.len(), sent[0].to.to_string().as_str()), (1, "desk@clinic.example"));
    assert!(text.contains("letter.pdf") && text.contains("Subject: A message for you"), "{text}");
    assert!(!text.contains("Front desk"), "no name travels in a header: {text}");
    assert_eq!(facts(&w, about).await, ["message.sent"]);
}

#[tokio::test]
async fn s13_the_sender_is_named_for_a_standard_referral_alone() {
    let w = World::new().await;
    w.sql("update organisations set names = '{\"fr\": \"Le Havre\"}' where id = 1").await;
    let (open, guarded) = (w.sent(ASSISTANCE).await, w.sent(PROTECTION).await);
    for (at, (referral, lang)) in
        [(Some(open.id), Lang::En), (Some(open.id), Lang::Fr), (Some(guarded.id), Lang::En), (None, Lang::En)]
            .into_iter()
            .enumerate()
    {
        let once = format!("letter:{at}");
        post(&w, NewMessage { referral: referral.map(ReferralId), lang, ..message(Uuid::now_v7(), &once) }).await;
    }
    while sender::send_due(&w.ground, may).await.expect("it sends") > 0 {}
    let from = |written: &throughcare::platform::mail::Written| {
        let parsed = mail_parser::MessageParser::default().parse(&written.bytes).expect("a message");
        let first = parsed.from().and_then(|from| from.first()).expect("a sender");
        (first.name().unwrap_or_default().to_owned(), first.address().unwrap_or_default().to_owned())
    };
    let mut seen: Vec<_> = w.ground.mail.kept().iter().map(from).collect();
    seen.sort();
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Harbour", "Le Havre", "Throughcare", "Throughcare"]);
    assert!(seen.iter().all(|(_, address)| address == "no-reply@care.example"), "{seen:?}");
}

#[tokio::test]
async fn rights_are_asked_again_when_sending() {
    let w = World::new().await;
    let (gone, broken) = (Uuid::now_v7(), Uuid::now_v7());
    post(&w, message(gone, "letter:1")).await;
    sender::send_due(&w.ground, may_not).await.expect("it sends");
    post(&w, message(broken, "letter:2")).await;
    sender::send_due(&w.ground, breaks).await.expect("it sends");
    assert!(w.ground.mail.kept().is_empty());
    let mut work = w.operate().await;
    let states = store::states_of(&mut work, &[gone, broken]).await.expect("it answers");
    assert_eq!((states[&gone].state, states[&gone].result.as_deref()), (State::Dropped, Some("rights_ended")));
    assert_eq!((states[&broken].state, states[&broken].result.as_deref()), (State::Queued, Some("not_ready")));
    drop(work);
    assert_eq!(facts(&w, gone).await, ["message.dropped"]);
}

#[tokio::test]
async fn what_can_not_be_made_ready_for_two_days_is_dead_and_an_administrator_sends_it_again() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    let id = post(&w, message(about, "letter:1")).await;
    let mut turns = 0;
    while turns < 60 && facts(&w, about).await.is_empty() {
        turns += sender::send_due(&w.ground, breaks).await.expect("it sends");
        w.ground.clock.forward(TimeDelta::minutes(30));
    }
    assert!((12..25).contains(&turns), "{turns} tries in two days");
    assert_eq!(facts(&w, about).await, ["message.dead"]);
    let page = w.ada.get("/admin/mail").await;
    page.shows("Letter")
        .shows("Given up")
        .shows("The message could not be made ready")
        .lacks("clinic.example")
        .lacks("Front desk");
    w.ada.get(format!("/admin/mail/{id}")).await.shows("Tries").lacks("clinic.example");
    let version = w.value("select version::text from messages").await;
    w.ada.post(format!("/admin/mail/{id}/resending"), [("version", "1")]).await.is(409);
    w.ada.post(format!("/admin/mail/{id}/resending"), [("version", version.as_str())]).await.redirects();
    sender::send_due(&w.ground, may).await.expect("it sends");
    assert_eq!(facts(&w, about).await, ["message.dead", "message.sent"]);
    assert_eq!(w.count("facts where kind = 'message.resent'").await, 1);
}

#[tokio::test]
async fn only_administrators_of_the_sending_organisation_look_after_its_mail() {
    let w = World::new().await;
    let id = post(&w, message(Uuid::now_v7(), "letter:1")).await;
    sender::send_due(&w.ground, may_not).await.expect("it sends");
    w.amina.get("/admin/mail").await.is(403);
    let alan = w.member("alan", crate::support::world::ELSEWHERE, "administrator").await;
    assert!(!alan.to_string().is_empty());
    let alan = w.browser("alan").await;
    alan.get("/admin/mail?show=dropped").await.is(200).shows("No messages here");
    alan.get(format!("/admin/mail/{id}")).await.is(404);
    alan.post(format!("/admin/mail/{id}/resending"), [("version", "1")]).await.is(404);
    let program = w.ada.program().await;
    let list: serde_json::Value = serde_json::from_str(&program.get("/api/v1/messages?state=dropped").await.body).expect("JSON");
    assert_eq!((&list["items"][0]["state"], &list["items"][0]["result"]), (&json!("dropped"), &json!("rights_ended")));
    program.get(format!("/api/v1/messages/{id}")).await.is(200);
    program.get("/api/v1/messages?state=lost").await.is(422);
    program.get("/api/v1/outbox").await.shows("\"channel\":\"memory\"");
    program.call("POST", "/api/v1/messages/resending", Some(&json!({}))).await.is(200).shows("\"count\":0");
    program.call("POST", &format!("/api/v1/messages/{id}/resending"), Some(&json!({}))).await.is(412);
}

#[tokio::test]
async fn an_administrator_tries_out_the_mail_with_a_message_to_themselves() {
    let w = World::new().await;
    w.ada.post("/admin/mail/trial", [("", "")]).await.redirects();
    w.work_off().await;
    assert!(w.ground.mail.kept().is_empty(), "there is no address to send it to");
    w.sql("update users set email = 'ada@harbour.example' where login = 'ada'").await;
    w.ada.post("/admin/mail/trial", [("", "")]).await.redirects();
    w.work_off().await;
    assert_eq!(w.ground.mail.kept()[0].to.to_string(), "ada@harbour.example");
    w.ada.get("/admin/mail?show=sent").await.shows("Trial message").shows("Sent");
}

/// What a mail server reports of a message.
pub fn returned(id: &str, action: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.far.example\r\nTo: bounces+{id}@care.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.far.example\r\n\r\n\
         Final-Recipient: rfc822; desk@clinic.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
}

#[tokio::test]
async fn what_the_far_end_says_marks_the_message_and_no_other() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    post(&w, message(about, "letter:1")).await;
    let id = w.value("select replace(public_id::text, '-', '') from messages").await;
    let take = async |action: &str, id: &str| {
        bounces::take(&w.ground, returned(id, action).as_bytes(), None).await.expect("it is taken in")
    };
    assert_eq!(take("failed", &id).await, Taken::Unknown, "what was never sent can't come back");
    sender::send_due(&w.ground, may).await.expect("it sends");
    assert_eq!(take("failed", "0123456789abcdef0123456789abcdef").await, Taken::Unknown);
    assert_eq!(take("delayed", &id).await, Taken::Nothing);
    assert_eq!(take("delivered", &id).await, Taken::Known);
    assert_eq!(take("failed", &id).await, Taken::Known, "a refusal further on counts");
    assert_eq!(take("failed", &id).await, Taken::Known, "a second report is known and changes nothing");
    assert_eq!(take("delivered", &id).await, Taken::Known);
    assert_eq!(facts(&w, about).await, ["message.sent", "message.delivered", "message.bounced"]);
    let mut work = w.operate().await;
    assert_eq!(store::state_of(&mut work, about).await.expect("it answers").expect("it is there").state, State::Bounced);
    w.ada.get("/admin/mail").await.shows("Refused at the far end (5.1.1)");
}

#[tokio::test]
async fn what_was_said_is_forgotten_a_month_after_it_was_settled() {
    let w = World::new().await;
    let (old, waiting) = (Uuid::now_v7(), Uuid::now_v7());
    let id = post(&w, message(old, "letter:1")).await;
    sender::send_due(&w.ground, may_not).await.expect("it sends");
    post(&w, message(waiting, "letter:2")).await;
    w.ground.clock.forward(TimeDelta::days(31));
    throughcare::worker::upkeep::forget(&w.ground).await.expect("it forgets");
    assert_eq!(w.count("messages where body is null and forgotten_at is not null").await, 1);
    assert_eq!(w.count("keys k join messages m on m.id = k.owner where k.destroyed_at is not null and k.wrapped = ''").await, 1);
    w.ada.get(format!("/admin/mail/{id}")).await.shows("it can’t be sent again");
    let version: i32 = w.value("select version::text from messages where body is null").await.parse().expect("a version");
    w.ada.post(format!("/admin/mail/{id}/resending"), [("version", version.to_string())]).await.is(409);
    let mut work = w.operate().await;
    store::forget_about(&mut work, waiting).await.expect("it is forgotten");
    work.commit().await.expect("it commits");
    sender::send_due(&w.ground, may).await.expect("it sends");
    assert!(w.ground.mail.kept().is_empty());
    let mut work = w.operate().await;
    let delivery = store::state_of(&mut work, waiting).await.expect("it answers").expect("it is there");
    assert_eq!((delivery.state, delivery.result.as_deref()), (State::Dropped, Some("forgotten")));
}

#[tokio::test]
async fn a_message_whose_sender_died_goes_to_another_when_its_lease_ends() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    post(&w, message(about, "letter:1")).await;
    let lease = TimeDelta::seconds(20);
    let mut work = Work::open(&w.ground, Actor::System { job: "mail", org: None }).await.expect("work");
    mail::take(&mut work, Carrier::Mail, lease, &[]).await.expect("it takes").expect("a message");
    work.commit().await.expect("it commits");
    assert_eq!(sender::send_due(&w.ground, may).await.expect("it sends"), 0, "it is held");
    w.ground.clock.forward(lease + TimeDelta::seconds(1));
    assert_eq!(sender::send_due(&w.ground, may).await.expect("it sends"), 1);
    assert_eq!(w.count("message_tries where result = 'interrupted'").await, 1);
}

#[tokio::test]
async fn a_colleague_sees_how_a_message_of_their_organisation_fares_and_a_stranger_does_not() {
    let w = World::new().await;
    let about = Uuid::now_v7();
    post(&w, message(about, "letter:1")).await;
    let seen_by = async |login: &str| {
        let mut work = Work::open(&w.ground, Actor::User(user(login))).await.expect("work");
        store::state_of(&mut work, about).await.expect("it answers").is_some()
    };
    assert!(seen_by("amina").await && !seen_by("odd").await && !seen_by("chen").await);
    let mut work = Work::open(&w.ground, Actor::System { job: "x", org: Some(HARBOUR + 1) }).await.expect("work");
    assert!(store::state_of(&mut work, about).await.expect("it answers").is_none());
}
