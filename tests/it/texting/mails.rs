//! Reminders by mail: where no telephone is safe and an e-mail address is, as neutral as a text message, and of a guarded case not at all.
use chrono::TimeDelta;

use super::reminders::{CASE, PERSON, case, closed, planned, texts};
use super::{SMS, phone};
use crate::support::World;
use crate::support::gateway::Gateway;
use crate::support::sent::{ASSISTANCE, PROTECTION};

// Writes down an e-mail address of hers, safe where it is said so.
async fn address(w: &World, safe: bool) {
    w.sql(&format!(
        "insert into person_contacts (id, person_id, channel, value, value_key, safe_to_email)
         values (gen_random_uuid(), '{PERSON}', 'email', 'dana@home.example', 'dana@home.example', {safe})"
    ))
    .await;
}

// What her mailbox shows: whom it comes from, the subject, and what it says.
fn mails(w: &World) -> Vec<(String, String, String)> {
    let opened = w.ground.mail.kept().into_iter().map(|written| {
        let parsed = mail_parser::MessageParser::default().parse(&written.bytes).expect("a message");
        let from = parsed.from().and_then(|from| from.first()).and_then(|one| one.name()).unwrap_or_default().to_owned();
        let said = parsed.body_text(0).expect("it says something").trim_end().to_owned();
        (from, parsed.subject().unwrap_or_default().to_owned(), said)
    });
    opened.collect()
}

// The reminder is due and lies in the outbox.
async fn posted(w: &World) {
    w.ground.clock.forward(TimeDelta::hours(49));
    throughcare::worker::tick(&w.ground).await.expect("a minute");
    throughcare::worker::work_off(&w.ground).await.expect("the jobs run");
}

#[tokio::test]
async fn s06_whoever_is_safe_by_mail_alone_is_reminded_there_once_and_nothing_tells_who_writes_or_why() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, false, "").await;
    address(&w, true).await;
    w.amina.get(format!("/cases/{CASE}/meetings/new")).await.shows("A day before, by e-mail");
    let path = planned(&w, &w.amina).await.redirects();
    w.amina.get(&path).await.shows("Message to the person Will be sent");
    w.after(TimeDelta::hours(49)).await;
    w.after(TimeDelta::hours(1)).await;
    let sent = mails(&w);
    assert_eq!(sent.len(), 1, "{sent:?}");
    let (from, subject, said) = &sent[0];
    assert_eq!((from.as_str(), subject.as_str()), ("Throughcare", "موعد"));
    assert!(said.starts_with("لديك موعد في ") && said.ends_with("لا أحد يقرأ الردود على هذه الرسالة."), "{said}");
    for word in ["Dana", "C-TEXT", "Shelter", "complaint", "Harbour", "Amina", "http"] {
        assert!(!said.contains(word), "{said}");
    }
    assert!(texts(&w).is_empty());
    w.amina.get(&path).await.shows("Message to the person Sent");
}

#[tokio::test]
async fn s06_no_mail_goes_where_a_text_message_reaches_the_person() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    address(&w, true).await;
    planned(&w, &w.amina).await.redirects();
    w.after(TimeDelta::hours(49)).await;
    assert_eq!((texts(&w).len(), mails(&w).len()), (1, 0));
}

#[tokio::test]
async fn s06_whoever_was_promised_a_text_message_gets_no_mail_once_none_reaches_them() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    address(&w, true).await;
    let path = planned(&w, &w.amina).await.redirects();
    w.sql("update person_contacts set safe_to_text = false").await;
    w.after(TimeDelta::hours(49)).await;
    assert_eq!((texts(&w).len(), mails(&w).len()), (0, 0));
    w.amina.get(&path).await.shows("Not sent: The person marked no telephone safe for text messages");
}

#[tokio::test]
async fn s06_a_mail_that_is_not_safe_or_not_true_any_more_is_not_sent() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    address(&w, true).await;
    let path = planned(&w, &w.amina).await.redirects();
    posted(&w).await;
    w.sql("update person_contacts set safe_to_email = false").await;
    w.work_off().await;
    w.work_off().await;
    assert!(mails(&w).is_empty());
    w.amina.get(&path).await.shows("Not sent: The person marked no telephone safe for text messages, and no e-mail address safe");
    w.amina.get("/notifications").await.shows("A person was not reminded of a meeting").lacks("Dana");
    w.sql("update person_contacts set safe_to_email = true").await;
    let path = planned(&w, &w.amina).await.redirects();
    posted(&w).await;
    let to = w.in_hours(72);
    let form = [("version", "1"), ("starts_at", to.as_str()), ("asked_by", "person"), ("move_reason", "transport")];
    w.amina.post(format!("{path}/time"), form).await.redirects();
    w.work_off().await;
    assert!(mails(&w).is_empty(), "what was posted for the old time goes nowhere");
    w.after(TimeDelta::hours(49)).await;
    assert_eq!(mails(&w).len(), 1, "the new time has a reminder of its own");
}

#[tokio::test]
async fn s06_a_closed_case_reminds_nobody_by_mail_and_says_there_that_nothing_takes_place() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    address(&w, true).await;
    planned(&w, &w.amina).await.redirects();
    posted(&w).await;
    closed(&w, "needs_met").await;
    w.after(TimeDelta::minutes(1)).await;
    let sent = mails(&w);
    assert_eq!((sent.len(), sent[0].1.as_str()), (1, "موعد"), "{sent:?}");
    assert!(sent[0].2.starts_with("موعدك في ") && sent[0].2.contains("لن يجري."), "{sent:?}");
}

#[tokio::test]
async fn s17_of_a_guarded_case_no_mail_goes_to_an_address_that_nobody_proved_by_telephone() {
    let w = World::new().await;
    case(&w, PROTECTION, "amina").await;
    address(&w, true).await;
    planned(&w, &w.amina).await.is(422).shows("marked no telephone safe for text messages");
    assert_eq!(w.count("messages").await, 0);
}

#[tokio::test]
async fn nobody_is_promised_mail_that_could_not_be_sent() {
    let mut w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    address(&w, false).await;
    planned(&w, &w.amina).await.is(422).shows("and no e-mail address safe");
    w.sql("update person_contacts set safe_to_email = true, value = 'ask Dana <d@home.example>'").await;
    planned(&w, &w.amina).await.is(422).shows("What is marked safe is no e-mail address");
    let page = w.amina.get(format!("/people/{PERSON}")).await;
    page.shows("Messages by themselves Never: What is marked safe is no e-mail address");
    w.sql("update person_contacts set value = 'dana@home.example'").await;
    let gateway = Gateway::answering(202).await;
    w.ground = w.with_mail(&[(SMS, gateway.url())]);
    planned(&w, &w.browser("amina").await).await.is(422).shows("No mail can be sent: no mail server is set");
}
