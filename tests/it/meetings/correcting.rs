//! What became of a meeting is put right by whoever may record it; what stood before stays.
use super::{CASE, GENERAL, case, planned};
use crate::support::World;

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
