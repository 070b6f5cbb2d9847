//! What is agreed at a conference: by whom and by when, and who took part, put right afterwards.
use serde_json::json;

use super::{CLINIC, MINUTES, asked, conference, held_with_the_clinic, person_comes, promises};
use crate::support::World;
use crate::support::world::{FIELD, user};

// Whose minutes are not shared yet: the path of the meeting, and the field for how the clinic took part.
async fn with_the_clinic(w: &World) -> (String, String) {
    let (_, meeting) = conference(w, CLINIC).await;
    person_comes(w, &meeting).await;
    asked(w, &meeting, CLINIC, "need").await;
    promises(w, &meeting, CLINIC).await;
    let att = format!("att_{}", w.value("select id::text from conference_parties").await);
    (meeting, att)
}

#[tokio::test]
async fn what_a_colleague_in_the_room_agrees_to_becomes_their_task_without_the_right_to_give_out_tasks() {
    let w = World::new().await;
    let (meeting, att) = with_the_clinic(&w).await;
    // Both work on such cases there: one is barred from this one, the other has cases of their own alone.
    let (zeno, yara) = (w.member("zeno", FIELD, "supervisor").await, w.member("yara", FIELD, "case_worker").await);
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) select gen_random_uuid(), id, '{zeno}', 'relative' from cases;
         update roles set reach = 'own' where code = 'case_worker'"
    ))
    .await;
    let (bruno, salma) = (format!("u:{}", user("bruno")), format!("u:{}", user("salma")));
    let day = w.in_days(20)[..10].to_owned();
    w.amina.get(&meeting).await.shows("Bruno Costa").lacks("Salma Noor").lacks("Zeno").lacks("Yara");
    let form = |who| {
        let took_part = [("version", "1"), ("state", "held"), ("att_person", "came"), (att.as_str(), "came")];
        let his = [("decision_1", "Ring the school"), ("who_1", who), ("by_1", day.as_str())];
        [&took_part[..], &his, &[("decision_2", "Bring the papers"), ("who_2", "person"), ("by_2", day.as_str())]].concat()
    };
    let outcome = format!("{meeting}/outcome");
    // A colleague who may not open the case is let in by nobody so.
    let (zeno, yara) = (format!("u:{zeno}"), format!("u:{yara}"));
    for who in [&salma, &zeno, &yara] {
        w.amina.post(&outcome, form(who)).await.is(422);
    }
    w.amina.post(&outcome, form(&bruno)).await.redirects();
    let his = format!("tasks where title = 'Ring the school' and assignee = '{}' and done_at is null", user("bruno"));
    assert_eq!(w.count(&his).await, 1);
    w.amina.get(&meeting).await.shows("Ring the school · Bruno Costa").shows("Bring the papers · The person");
    assert_eq!(w.count("tasks where title = 'Bring the papers'").await, 0, "what the person does is nobody's task");
}

#[tokio::test]
async fn a_decision_asks_who_does_it_and_by_when_beside_the_field_and_there_is_room_for_three_at_once() {
    let w = World::new().await;
    let (meeting, att) = with_the_clinic(&w).await;
    w.amina.get(&meeting).await.shows("Decision 3").lacks("Decision 4");
    let form = [
        ("version", "1"),
        ("state", "held"),
        ("minutes", ""),
        ("att_person", "came"),
        (att.as_str(), "came"),
        ("decision_1", "Ring the school"),
    ];
    let outcome = format!("{meeting}/outcome");
    let page = w.amina.post(&outcome, form).await;
    page.is(422).shows("Fill this in").keeps("Ring the school").link("#f-who_1");
    page.link("#f-by_1");
    // More room is made by a button, which records nothing.
    let more = [&form[..], &[("more", "yes")]].concat();
    w.amina.post(&outcome, more).await.is(200).keeps("Ring the school").shows("Decision 4").lacks("Decision 5");
    assert_eq!(w.count("meetings where state = 'planned'").await, 1);
}

#[tokio::test]
async fn s27_a_program_says_too_that_an_organisation_that_was_there_keeps_to_itself_what_it_heard() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    let party = w.value("select id::text from conference_parties").await;
    let (program, path) = (w.amina.program().await, format!("/api/v1{meeting}/outcome"));
    let said = |agreed: bool| {
        let clinic = json!({ "party": party, "how": "came", "agreed": agreed });
        json!({ "state": "held", "version": 1, "attended": [{ "how": "came" }, clinic] })
    };
    program.call("POST", &path, Some(&said(false))).await.is(422).shows("party_must_agree");
    program.call("POST", &path, Some(&said(true))).await.is(200);
    assert_eq!(w.count("conference_parties where agreed_how = 'said'").await, 1);
}

#[tokio::test]
async fn how_somebody_took_part_in_a_conference_is_put_right_and_asked_of_everybody_again() {
    let w = World::new().await;
    let (meeting, att) = with_the_clinic(&w).await;
    let form = [("version", "1"), ("state", "held"), ("att_person", "came"), (att.as_str(), "came")];
    w.amina.post(format!("{meeting}/outcome"), form).await.redirects();
    let correction = w.amina.get(&meeting).await.link(&format!("{meeting}/correction"));
    let role = att.replace("att_", "role_");
    let mut right = vec![("version", "2"), ("state", "held"), ("minutes", "One plan."), ("why", "It was the deputy")];
    w.amina.post(&correction, right.clone()).await.is(422).shows("Fill this in");
    right.extend([("att_person", "did_not"), (att.as_str(), "sent"), (role.as_str(), "Deputy head")]);
    w.amina.post(&correction, right).await.redirects();
    w.amina.get(&meeting).await.shows("Sent somebody: Deputy head").shows("It was the deputy").shows("What stood here before");
    assert_eq!(w.count("meetings where position('deputy'::bytea in words) > 0").await, 0, "also what stood before is sealed");
}

#[tokio::test]
async fn s27_once_others_have_the_minutes_a_conference_took_place_as_they_say() {
    let w = World::new().await;
    let (meeting, att) = with_the_clinic(&w).await;
    let took_part = [("state", "held"), ("att_person", "came"), (att.as_str(), "came")];
    w.amina.post(format!("{meeting}/outcome"), [&took_part[..], &[("version", "1")]].concat()).await.redirects();
    w.amina.post(format!("{meeting}/conference/minutes"), [MINUTES[0]]).await.redirects();
    let correction = format!("{meeting}/correction");
    let version = w.value("select version::text from meetings").await;
    let why = [("version", version.as_str()), ("why", "It was otherwise")];
    let not_held = [&why[..], &[("state", "not_held"), ("reason", "unwell")]].concat();
    w.amina.post(&correction, not_held).await.is(422).shows("Organisations have the minutes of this conference");
    let other = [&why[..], &[("state", "held"), ("att_person", "did_not"), (att.as_str(), "came")]].concat();
    w.amina.post(&correction, other).await.is(422);
    let words = [&why[..], &took_part[..], &[("minutes", "One plan for all.")]].concat();
    w.amina.post(&correction, words).await.redirects();
}

#[tokio::test]
async fn whatever_is_wrong_with_a_conference_is_said_at_once_and_beside_its_field() {
    let w = World::new().await;
    let (meeting, _) = with_the_clinic(&w).await;
    let form = [("version", "1"), ("state", "held"), ("decision_1", "Ring the school"), ("who_1", "me"), ("by_1", "2020-01-01")];
    let page = w.amina.post(format!("{meeting}/outcome"), form).await;
    page.is(422).shows("Decision 1: By when").link("#f-by_1");
    page.link("#f-att_person");
}

#[tokio::test]
async fn a_conference_that_was_held_says_that_its_minutes_are_not_shared_yet_and_asks_nobody_to_come_any_more() {
    let w = World::new().await;
    let (meeting, att) = with_the_clinic(&w).await;
    w.amina.get(&meeting).await.lacks("The minutes are not shared");
    let form = [("version", "1"), ("state", "held"), ("att_person", "came"), (att.as_str(), "came")];
    w.amina.post(format!("{meeting}/outcome"), form).await.redirects();
    let conference = format!("{meeting}/conference");
    w.amina.get(&meeting).await.shows("The minutes are not shared").link(&conference);
    w.amina.get(&conference).await.lacks("/invitation").lacks("/removal");
}

#[tokio::test]
async fn s27_at_the_same_moment_minutes_are_shared_or_the_conference_did_not_take_place_and_never_both() {
    let w = World::new().await;
    let (_, meeting) = held_with_the_clinic(&w).await;
    let version = w.value("select version::text from meetings").await;
    let right = [("version", version.as_str()), ("why", "It was otherwise"), ("state", "not_held"), ("reason", "unwell")];
    let (correction, minutes) = (format!("{meeting}/correction"), format!("{meeting}/conference/minutes"));
    let (corrected, shared) = tokio::join!(w.amina.post(&correction, right), w.bruno.post(&minutes, [MINUTES[0]]));
    let (corrected, shared) = (corrected.status.is_redirection(), shared.status.is_redirection());
    assert_ne!(corrected, shared, "one of them is refused");
}
