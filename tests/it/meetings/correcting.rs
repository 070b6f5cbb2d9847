//! What became of a meeting is put right by whoever may record it; what stood before stays.
use chrono::TimeDelta;

use super::{CASE, GENERAL, case, planned};
use crate::people::call;
use crate::support::World;
use crate::support::world::user;

const SAID: &str = "She spoke of school.";

// An interview that was recorded as held; answers with its path.
async fn held(w: &World) -> String {
    case(w, GENERAL, "amina").await;
    let path = planned(w, "interview", 0).await;
    let form = [("version", "1"), ("state", "held"), ("minutes", SAID)];
    w.amina.post(format!("{path}/outcome"), form).await.redirects();
    path
}

#[tokio::test]
async fn what_became_of_a_meeting_is_put_right_with_a_reason_and_what_stood_before_stays() {
    let w = World::new().await;
    let path = held(&w).await;
    let correction = format!("{path}/correction");
    w.amina.get(&correction).await.is(200).shows(SAID);
    let right = [("version", "2"), ("state", "no_show"), ("minutes", "Nobody came to the door.")];
    w.amina.post(&correction, right).await.is(422).shows("Fill this in");
    let right = [&right[..], &[("why", "Ticked by mistake")]].concat();
    w.odd.post(&correction, right.clone()).await.is(404);
    w.amina.post(&correction, right.clone()).await.redirects();
    w.amina.post(&correction, right).await.is(409);
    let same = [("version", "3"), ("state", "no_show"), ("minutes", "Nobody came to the door."), ("why", "To be sure")];
    w.amina.post(&correction, same).await.is(422).shows("That is what stands already");
    let page = w.amina.get(&path).await;
    page.shows("The person did not come").shows("Nobody came to the door.").shows("Ticked by mistake");
    page.shows("What stood here before").shows("Took place").shows(SAID);
    w.amina.get(format!("/cases/{CASE}")).await.shows("Interview: put right").shows("Ticked by mistake");
    let told = format!("case_notes where case_id = '{CASE}' and kind = 'contact_attempt' and corrects is not null");
    assert_eq!(w.count(&told).await, 1, "the note that told of it is corrected with it");
    // The fact says which fields, and no word of them (S28).
    let fact = w.value("select note::text from facts where kind = 'meeting.corrected'").await;
    assert!(fact.contains("minutes") && !fact.contains("door") && !fact.contains("mistake"), "{fact}");
    let ahead = planned(&w, "interview", 3).await;
    w.amina.get(format!("{ahead}/correction")).await.is(409).shows("Nothing is recorded of this meeting yet");
}

#[tokio::test]
async fn what_became_of_a_meeting_is_read_on_the_case_in_the_readers_language_whoever_wrote_it_down() {
    let w = World::new().await;
    held(&w).await;
    w.amina.get(format!("/cases/{CASE}")).await.shows("Interview · Took place").shows(SAID);
    w.sql(&format!("update users set lang = 'ar' where id = '{}'", user("amina"))).await;
    w.amina.get(format!("/cases/{CASE}")).await.shows("مقابلة · جرى").shows(SAID);
}

#[tokio::test]
async fn s23_a_contact_that_was_none_ends_no_silence() {
    let w = World::new().await;
    let path = held(&w).await;
    let spoken_with = format!("cases where id = '{CASE}' and last_contact_at is not null");
    assert_eq!(w.count(&spoken_with).await, 1);
    let right = |version, state| [("version", version), ("state", state), ("minutes", SAID), ("why", "Ticked by mistake")];
    w.amina.post(format!("{path}/correction"), right("2", "no_show")).await.redirects();
    assert_eq!(w.count(&spoken_with).await, 0, "as if nobody had spoken with them");
    w.amina.post(format!("{path}/correction"), right("3", "late")).await.redirects();
    assert_eq!(w.count(&spoken_with).await, 1);
}

// Amina says that the person did not come after all.
async fn missed_after_all(w: &World, path: &str) -> String {
    let right = [("version", "2"), ("state", "no_show"), ("minutes", SAID), ("why", "Ticked by mistake")];
    let done = w.amina.post(format!("{path}/correction"), right).await;
    done.redirects();
    done.flash()
}

// Another interview that was recorded as held.
async fn held_again(w: &World) -> String {
    let path = planned(w, "interview", 0).await;
    w.amina.post(format!("{path}/outcome"), [("version", "1"), ("state", "held"), ("minutes", SAID)]).await.redirects();
    path
}

#[tokio::test]
async fn s23_about_a_silence_that_was_asked_about_somebody_is_asked_again_once_the_contact_that_ended_it_was_none() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let asked = format!("tasks where case_id = '{CASE}' and kind in ('safety_review', 'contact_lost') and done_at is null");
    w.after(TimeDelta::days(31)).await;
    assert_eq!(w.count(&asked).await, 1);
    let path = held_again(&w).await;
    w.after(TimeDelta::hours(1)).await;
    assert_eq!(w.count(&asked).await, 0, "a contact ends it");
    missed_after_all(&w, &path).await;
    w.after(TimeDelta::days(1)).await;
    assert_eq!(w.count(&asked).await, 1);
}

#[tokio::test]
async fn s23_of_two_contacts_that_were_none_neither_ends_a_silence_whichever_is_put_right_first() {
    let w = World::new().await;
    let first = held(&w).await;
    w.after(TimeDelta::days(2)).await;
    let second = held_again(&w).await;
    missed_after_all(&w, &first).await;
    let spoken_with = format!("cases where id = '{CASE}' and last_contact_at is not null");
    assert_eq!(w.count(&spoken_with).await, 1, "the second stands");
    missed_after_all(&w, &second).await;
    assert_eq!(w.count(&spoken_with).await, 0);
}

#[tokio::test]
async fn s23_a_contact_that_was_written_down_late_counts_once_a_later_one_was_none() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    w.after(TimeDelta::days(3)).await;
    let path = held_again(&w).await;
    let (before, notes) = (w.in_hours(-5), format!("/cases/{CASE}/notes"));
    let late = [("kind", "contact"), ("body", "She rang."), ("happened_at", &before)];
    w.amina.post(notes, late).await.redirects();
    missed_after_all(&w, &path).await;
    let rang =
        format!("cases c join case_notes n on n.case_id = c.id and n.happened_at = c.last_contact_at where c.id = '{CASE}'");
    assert_eq!(w.count(&format!("{rang} and n.kind = 'contact'")).await, 1);
}

#[tokio::test]
async fn of_a_meeting_without_its_note_one_of_that_moment_and_those_words_is_corrected_or_else_asked_for() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let closed = "update cases set closed_at = now(), close_reason = 'needs_met'";
    let open = "update cases set closed_at = null, close_reason = null";
    let paths = [planned(&w, "interview", 0).await, planned(&w, "interview", 0).await];
    w.sql(closed).await;
    let held = |minutes| [("version", "1"), ("state", "held"), ("minutes", minutes)];
    w.amina.post(format!("{}/outcome", paths[0]), held(SAID)).await.redirects();
    w.amina.post(format!("{}/outcome", paths[1]), held("Of work.")).await.redirects();
    w.sql(open).await;
    assert_eq!(w.count("case_notes").await, 0, "nothing is noted on a closed case");
    let at = w.value("select to_char(min(starts_at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI') from meetings").await;
    let by_hand = [("kind", "contact"), ("body", SAID), ("happened_at", &at)];
    w.amina.post(format!("/cases/{CASE}/notes"), by_hand).await.redirects();
    missed_after_all(&w, &paths[0]).await;
    assert_eq!(w.count("case_notes where kind = 'contact_attempt' and corrects is not null").await, 1);
    let said = missed_after_all(&w, &paths[1]).await;
    assert!(said.ends_with("meeting-corrected-by-hand"), "{said}");
}

#[tokio::test]
async fn only_a_conference_agrees_on_what_others_do() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 0).await;
    let token = w.token(&w.amina).await;
    let day = w.in_days(5)[..10].to_owned();
    let agreed = |doer: &str, who: serde_json::Value| {
        let mut one = serde_json::json!({ "what": "Ring the school", "due_on": day });
        one[doer] = who;
        serde_json::json!({ "state": "held", "version": 1, "agreed": [one] })
    };
    let outcome = format!("/api/v1{path}/outcome");
    for (doer, who) in [("assignee", serde_json::json!(user("bruno").to_string())), ("person", serde_json::json!(true))] {
        call(&w, &token, "POST", &outcome, "", agreed(doer, who)).await.is(422);
    }
    assert_eq!(w.count("tasks where title = 'Ring the school'").await, 0);
    call(&w, &token, "POST", &outcome, "", agreed("mine", serde_json::json!(true))).await.is(200);
}

#[tokio::test]
async fn what_was_held_after_all_moves_the_follow_up_as_if_it_had_been_said_at_once() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    w.sql("update cases set risk = 'low', risk_set_at = now() - interval '1 day'").await;
    let path = planned(&w, "interview", 0).await;
    w.amina.post(format!("{path}/outcome"), [("version", "1"), ("state", "no_show")]).await.redirects();
    assert_eq!(w.count("tasks where kind = 'follow_up'").await, 0);
    let right = [("version", "2"), ("state", "held"), ("minutes", SAID), ("why", "She was only late")];
    w.amina.post(format!("{path}/correction"), right).await.redirects();
    assert_eq!(w.count("tasks where kind = 'follow_up' and done_at is null").await, 1);
}

#[tokio::test]
async fn s22_what_was_not_safe_is_asked_about_each_time_that_it_is_said() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "home_visit", 0).await;
    let not_safe = [("state", "not_held"), ("reason", "not_safe"), ("why", "It was not safe")];
    w.amina.post(format!("{path}/outcome"), [&not_safe[..], &[("version", "1")]].concat()).await.redirects();
    let right = [("version", "2"), ("state", "no_show"), ("why", "Ticked by mistake")];
    w.amina.post(format!("{path}/correction"), right).await.redirects();
    w.sql("update tasks set done_at = now() where kind = 'visit_not_safe'").await;
    w.amina.post(format!("{path}/correction"), [&not_safe[..], &[("version", "3")]].concat()).await.redirects();
    assert_eq!(w.count("tasks where kind = 'visit_not_safe' and done_at is null").await, 1);
}

#[tokio::test]
async fn what_took_place_after_all_keeps_no_reason_why_it_did_not() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 0).await;
    let unwell = [("version", "1"), ("state", "not_held"), ("reason", "unwell")];
    w.amina.post(format!("{path}/outcome"), unwell).await.redirects();
    // The form of the correction sends the reason along as it stood.
    let right = [("version", "2"), ("state", "held"), ("reason", "unwell"), ("minutes", SAID), ("why", "Ticked by mistake")];
    w.amina.post(format!("{path}/correction"), right).await.redirects();
    assert_eq!(w.count("meetings where state = 'held' and reason is null").await, 1);
}

#[tokio::test]
async fn whoever_came_to_a_conference_beside_the_person_stays_there_when_the_minutes_are_put_right() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let (at, mother) = (w.in_hours(0), ("came", "Mother of the person"));
    let form = [("kind", "conference"), ("starts_at", at.as_str()), ("minutes", "60"), ("invited", mother.1)];
    let path = w.amina.post(format!("/cases/{CASE}/meetings"), form).await.redirects();
    w.amina.get(&path).await.shows("Who else came");
    let held = [("version", "1"), ("state", "held"), ("att_person", "came"), mother, ("others_agreed", "true")];
    w.amina.post(format!("{path}/outcome"), held).await.redirects();
    w.amina.get(format!("{path}/correction")).await.shows("Who else came").shows(mother.1);
}
