//! Reminders of a meeting: whoever agreed is written to on a safe telephone, in neutral words, and nobody else is.
use chrono::TimeDelta;
use uuid::Uuid;

use super::phone;
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::{ASSISTANCE, GBV, PROTECTION};
use crate::support::world::{FIELD, user};

pub(super) const CASE: Uuid = Uuid::from_u128(0x5e);
pub(super) const PERSON: Uuid = Uuid::from_u128(0x5f);

pub(super) async fn case(w: &World, case_type: i16, keeper: &str) {
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name, languages) values ('{PERSON}', 'P-T', 1, {FIELD}, 'Dana Secret', '{{ku,ar}}');
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{CASE}', 'C-TEXT', 1, {FIELD}, {case_type}, '{}', '{}', '{PERSON}', 'protection', 1, 'assessment', 'self', now());
         insert into case_people (id, case_id, person_id, part, org, unit, case_type, scope)
           values (gen_random_uuid(), '{CASE}', '{PERSON}', 'subject', 0, 0, 0, '{{}}')",
        user(keeper),
        user("bruno")
    ))
    .await;
    w.key_of(CASE).await;
}

/// Plans an interview in three days, of which the person wants to be reminded a day before.
pub(super) async fn planned(w: &World, by: &Browser) -> Seen {
    let at = w.in_hours(72);
    let form = [
        ("kind", "interview"),
        ("starts_at", at.as_str()),
        ("minutes", "60"),
        ("place", "Shelter for women"),
        ("purpose", "Her complaint"),
        ("remind", "24"),
    ];
    by.post(format!("/cases/{CASE}/meetings"), form).await
}

// Amina is refused, and reads why before she tries.
async fn refused(w: &World, why: &str) {
    planned(w, &w.amina).await.is(422).shows(why);
    w.amina.get(format!("/cases/{CASE}/meetings/new")).await.shows(why).lacks("name=\"remind\"");
}

/// What the telephone shows.
pub(super) fn texts(w: &World) -> Vec<String> {
    w.ground.sms.kept().into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn s06_whoever_agreed_is_reminded_once_in_their_language_on_the_telephone_that_is_safe() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    w.amina.get(format!("/cases/{CASE}/meetings/new")).await.shows("Remind the person").shows("A day before, by text message");
    let path = planned(&w, &w.amina).await.redirects();
    w.amina.get(&path).await.shows("Message to the person Will be sent");
    w.after(TimeDelta::hours(47)).await;
    assert!(texts(&w).is_empty());
    w.after(TimeDelta::hours(2)).await;
    w.after(TimeDelta::hours(1)).await;
    let sent = w.ground.sms.kept();
    assert_eq!((sent.len(), sent[0].to.as_str()), (1, "0790123456"));
    assert!(sent[0].text.starts_with("لديك موعد في "), "{}", sent[0].text);
    w.amina.get(&path).await.shows("Message to the person Sent");
    assert_eq!(w.count("facts where kind = 'message.sent' and note::text like '%meeting_reminder%'").await, 1);
}

#[tokio::test]
async fn nobody_is_reminded_who_did_not_ask_for_it() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let at = w.in_hours(72);
    let form = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60")];
    let path = w.amina.post(format!("/cases/{CASE}/meetings"), form).await.redirects();
    w.amina.get(&path).await.lacks("Will be sent");
    w.after(TimeDelta::hours(60)).await;
    assert!(texts(&w).is_empty());
    let asked = [("version", "1"), ("remind", "48")];
    w.amina.post(format!("{path}/reminder"), asked).await.redirects();
    w.amina.get(&path).await.shows("Will be sent");
    w.amina.post(format!("{path}/reminder"), [("version", "1"), ("remind", "")]).await.redirects();
    w.after(TimeDelta::hours(1)).await;
    assert!(texts(&w).is_empty(), "and it can be taken back");
    w.odd.post(format!("{path}/reminder"), asked).await.is(404);
}

#[tokio::test]
async fn s13_of_a_guarded_case_the_message_says_day_and_hour_alone() {
    let w = World::new().await;
    case(&w, PROTECTION, "amina").await;
    w.sql(&format!("update persons set languages = '{{fr}}' where id = '{PERSON}'")).await;
    phone(&w, PERSON, true, "").await;
    planned(&w, &w.amina).await.redirects();
    w.after(TimeDelta::hours(49)).await;
    let said = texts(&w).pop().expect("a message");
    assert!(said.starts_with("Rendez-vous\u{a0}: ") && said.chars().count() < 45, "{said}");
    for word in ["Dana", "C-TEXT", "Shelter", "complaint", "Harbour", "Amina"] {
        assert!(!said.contains(word), "{said}");
    }
}

#[tokio::test]
async fn s06_where_it_is_not_safe_nothing_is_promised_and_the_page_says_why() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    refused(&w, "marked no telephone safe for text messages").await;
    phone(&w, PERSON, false, "").await;
    refused(&w, "marked no telephone safe for text messages").await;
    w.sql("update person_contacts set safe_to_text = true, hours = 'when he is out'").await;
    refused(&w, "hours are written in words").await;
    w.sql("update person_contacts set hours = '9-17'; update persons set contact_restriction = 'never by telephone'").await;
    refused(&w, "must be respected").await;
    w.sql("update persons set contact_restriction = ''; update case_people set not_safe_to_involve = true").await;
    refused(&w, "not safe to involve").await;
    w.sql("update case_people set not_safe_to_involve = false").await;
    planned(&w, &w.amina).await.redirects();
    // A conference is about the person, who may not know of it.
    let at = w.in_hours(72);
    let form = [("kind", "conference"), ("starts_at", at.as_str()), ("minutes", "60"), ("remind", "24")];
    w.amina.post(format!("/cases/{CASE}/meetings"), form).await.is(422).shows("about the person and not with them");
}

#[tokio::test]
async fn s06_hours_that_might_be_of_an_evening_are_no_hours_and_the_page_of_the_person_says_so() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "5-8").await;
    refused(&w, "might be those of a morning as of an evening").await;
    let page = format!("/people/{PERSON}");
    w.amina.get(&page).await.shows("Messages by themselves Never");
    w.sql("update person_contacts set hours = '5-18'").await;
    w.amina.get(&page).await.shows("Messages by themselves 05:00 – 18:00");
    planned(&w, &w.amina).await.redirects();
}

#[tokio::test]
async fn nobody_is_promised_a_text_message_where_none_can_be_sent() {
    let mut w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    w.sql("update person_contacts set value = 'ask her 12345'").await;
    refused(&w, "can’t be dialled").await;
    w.sql("update person_contacts set value = '0790 123456'; update persons set died_on = current_date").await;
    refused(&w, "The person has died").await;
    w.sql("update persons set died_on = null").await;
    w.ground = w.with_mail(&[]);
    let (amina, ada) = (w.browser("amina").await, w.browser("ada").await);
    amina.get(format!("/cases/{CASE}/meetings/new")).await.shows("No text message can be sent").lacks("name=\"remind\"");
    planned(&w, &amina).await.is(422).shows("No text message can be sent");
    ada.get("/admin/mail").await.shows("Nobody receives text messages").shows("No gateway for text messages is set");
    assert_eq!(w.count("messages").await, 0);
}

#[tokio::test]
async fn s06_nothing_leaves_by_itself_about_a_restricted_case() {
    let w = World::new().await;
    case(&w, GBV, "salma").await;
    phone(&w, PERSON, true, "").await;
    planned(&w, &w.salma).await.is(422).shows("Nothing is sent by itself about this kind of case");
    assert_eq!(w.count("messages").await, 0);
}

#[tokio::test]
async fn s06_what_is_no_longer_safe_when_it_is_due_or_leaves_is_not_sent() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let path = planned(&w, &w.amina).await.redirects();
    w.sql("update person_contacts set safe_to_text = false").await;
    w.after(TimeDelta::hours(49)).await;
    w.amina.get(&path).await.shows("Not sent: The person marked no telephone safe for text messages");
    // Posted while it was safe, and not any more when its turn comes.
    w.sql("update person_contacts set safe_to_text = true").await;
    let path = planned(&w, &w.amina).await.redirects();
    w.ground.clock.forward(TimeDelta::hours(49));
    throughcare::worker::tick(&w.ground).await.expect("a minute");
    throughcare::worker::work_off(&w.ground).await.expect("the jobs run");
    w.amina.get(&path).await.shows("On its way");
    w.sql("update person_contacts set value = '0791 654321'").await;
    w.work_off().await;
    assert!(texts(&w).is_empty(), "the telephone it was posted for is not the safe one any more");
    w.amina.get(&path).await.shows("Not sent: The contact was changed meanwhile");
}

#[tokio::test]
async fn a_meeting_that_is_moved_or_called_off_takes_its_reminder_along() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let path = planned(&w, &w.amina).await.redirects();
    w.ground.clock.forward(TimeDelta::hours(49));
    throughcare::worker::tick(&w.ground).await.expect("a minute");
    throughcare::worker::work_off(&w.ground).await.expect("the jobs run");
    let to = w.in_hours(72);
    let form = [("version", "1"), ("starts_at", to.as_str()), ("asked_by", "person"), ("move_reason", "transport")];
    w.amina.post(format!("{path}/time"), form).await.redirects();
    w.work_off().await;
    assert!(texts(&w).is_empty(), "what was posted for the old time goes nowhere");
    w.amina.get(&path).await.shows("Will be sent");
    w.after(TimeDelta::hours(49)).await;
    assert_eq!(texts(&w).len(), 1, "the new time has a reminder of its own");
    let other = planned(&w, &w.amina).await.redirects();
    let off = [("version", "1"), ("state", "not_held"), ("reason", "unwell")];
    w.amina.post(format!("{other}/outcome"), off).await.redirects();
    w.after(TimeDelta::hours(60)).await;
    assert_eq!(texts(&w).len(), 1, "nobody is reminded of what was called off");
}

/// Amina closes the case.
pub(super) async fn closed(w: &World, reason: &str) {
    let version = w.value(&format!("select version::text from cases where id = '{CASE}'")).await;
    let talk = [
        ("reason", reason),
        ("discussed", "true"),
        ("reviewed", "true"),
        ("way_back", "true"),
        ("way_back_how", "spoken"),
        ("version", version.as_str()),
    ];
    w.amina.post(format!("/cases/{CASE}/closure"), talk).await.redirects();
}

#[tokio::test]
async fn s06_whoever_was_to_be_reminded_is_told_that_nothing_takes_place_once_the_case_is_closed() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let path = planned(&w, &w.amina).await.redirects();
    let page = w.amina.get(format!("/cases/{CASE}/closure")).await;
    page.shows("Meetings called off with the case: 1").shows("C-TEXT").shows("The person is told by text message");
    page.shows("does not bring them back").shows("Close case and call off what is planned (1)").lacks("Shelter");
    closed(&w, "needs_met").await;
    w.after(TimeDelta::minutes(1)).await;
    let said = texts(&w).pop().expect("a message");
    assert!(said.starts_with("موعدك في ") && said.ends_with("لن يجري."), "{said}");
    w.amina.get(&path).await.shows("Word that it does not take place Sent").shows("Did not take place · The case was closed");
    w.amina.get(format!("/cases/{CASE}/reopening")).await.shows("do not come back");
    let version = w.value(&format!("select version::text from cases where id = '{CASE}'")).await;
    let again = [("reason", "new_need"), ("version", version.as_str())];
    w.amina.post(format!("/cases/{CASE}/reopening"), again).await.redirects();
    w.after(TimeDelta::hours(50)).await;
    w.amina.get(&path).await.shows("Did not take place");
    assert_eq!(texts(&w).len(), 1, "once, and nobody is reminded of it");
}

#[tokio::test]
async fn s13_of_a_guarded_case_the_word_that_nothing_takes_place_says_day_and_hour_alone() {
    let w = World::new().await;
    case(&w, PROTECTION, "amina").await;
    w.sql(&format!("update persons set languages = '{{fr}}' where id = '{PERSON}'")).await;
    phone(&w, PERSON, true, "").await;
    planned(&w, &w.amina).await.redirects();
    w.after(TimeDelta::hours(49)).await;
    closed(&w, "needs_met").await;
    w.after(TimeDelta::minutes(1)).await;
    let said = texts(&w);
    assert_eq!(said.len(), 2, "also whoever was reminded already");
    assert!(said[1].starts_with("Rendez-vous annulé\u{a0}: ") && said[1].chars().count() < 52, "{}", said[1]);
    for word in ["Dana", "C-TEXT", "Shelter", "complaint", "Harbour", "Amina"] {
        assert!(!said[1].contains(word), "{}", said[1]);
    }
}

#[tokio::test]
async fn s06_nobody_is_told_of_what_is_called_off_where_it_is_not_safe_any_more() {
    let w = World::new().await;
    case(&w, ASSISTANCE, "amina").await;
    phone(&w, PERSON, true, "").await;
    let path = planned(&w, &w.amina).await.redirects();
    w.sql("update person_contacts set safe_to_text = false").await;
    closed(&w, "needs_met").await;
    w.after(TimeDelta::minutes(1)).await;
    w.amina.get(&path).await.shows("Not sent: The person marked no telephone safe for text messages");
    assert!(texts(&w).is_empty());
    // They would come in vain: somebody tells them in another way.
    w.amina.get("/notifications").await.shows("A person was not told that a meeting does not take place").lacks("Dana");
}

#[tokio::test]
async fn no_word_goes_to_the_telephone_of_somebody_who_has_died_nor_to_who_was_not_to_be_reminded() {
    for (reason, remind) in [("death", "24"), ("needs_met", "")] {
        let w = World::new().await;
        case(&w, ASSISTANCE, "amina").await;
        phone(&w, PERSON, true, "").await;
        let path = planned(&w, &w.amina).await.redirects();
        w.amina.post(format!("{path}/reminder"), [("version", "1"), ("remind", remind)]).await.redirects();
        closed(&w, reason).await;
        w.after(TimeDelta::minutes(1)).await;
        assert!(texts(&w).is_empty(), "{reason}");
    }
}
