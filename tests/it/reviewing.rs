//! Whoever reviews a draft reads all of it, and its author hears what to do next.
use crate::referrals::{ALL, COVERED, answers, does, drafted, scene, sent};
use crate::support::World;

// A draft of Amina's that is not safe for the person, at a service that asks for approval; with Bruno, who reviews.
async fn in_review(w: &World) -> String {
    scene(w, 1, "amina", COVERED).await;
    w.sql("update services set requires_approval = true; update persons set dont_go_alone = true").await;
    let path = drafted(w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), unsafe_answers("review")).await.redirects();
    path
}

fn unsafe_answers(go: &str) -> Vec<(&str, String)> {
    let mut fields = answers(go, ALL);
    fields.retain(|(name, _)| *name != "safe_for_person");
    fields.extend([("safe_for_person", "no".to_owned()), ("precaution", "Two staff at the door".to_owned())]);
    fields
}

#[tokio::test]
async fn who_reviews_a_draft_reads_what_would_be_sent_before_approving() {
    let w = World::new().await;
    let path = in_review(&w).await;
    let seen = w.bruno.get(&path).await;
    seen.is(200).shows("The draft to review").shows("Dana Saleh").shows("Stitches need care").shows("Approve");
    seen.shows("Is it safe for the person?").shows("Two staff at the door").shows("Nobody goes there alone.");
    seen.shows("Exactly what they will see").shows("555 7788").shows("Before they accept");
    w.amina.get(&path).await.lacks("The draft to review");
    w.chen.get(&path).await.is(404);
    does(&w.bruno, &path, "approve", &[]).await.redirects();
    w.bruno.get(&path).await.lacks("The draft to review");
}

#[tokio::test]
async fn a_reviewed_draft_stands_on_its_authors_day_until_it_is_taken_up() {
    let w = World::new().await;
    let path = in_review(&w).await;
    w.amina.get("/").await.lacks("Finish the draft referral");
    does(&w.bruno, &path, "return", &[("reason", "Say since when")]).await.redirects();
    w.amina.get("/").await.shows("Finish the draft referral").link(&format!("{path}/edit"));
    w.bruno.get("/").await.lacks("Finish the draft referral");
    w.amina.post(format!("{path}/edit"), unsafe_answers("review")).await.redirects();
    w.amina.get("/").await.lacks("Finish the draft referral");
    does(&w.bruno, &path, "approve", &[]).await.redirects();
    w.amina.get("/").await.shows("Send the approved referral").link(&format!("{path}/edit"));
    w.amina.get(&path).await.shows("Send what was approved").lacks("Go on writing");
    w.amina.post(format!("{path}/edit"), [("go", "send")]).await.redirects();
    w.amina.get("/").await.lacks("Send the approved referral");
}

#[tokio::test]
async fn what_was_changed_after_the_approval_is_never_dropped_on_sending() {
    let w = World::new().await;
    let path = in_review(&w).await;
    does(&w.bruno, &path, "approve", &[]).await.redirects();
    let mut changed = unsafe_answers("send");
    changed.retain(|(name, _)| *name != "reason");
    changed.push(("reason", "Stitches need care tomorrow".to_owned()));
    let again = w.amina.post(format!("{path}/edit"), changed).await;
    again.is(422).shows("It was approved in other words").shows("Stitches need care tomorrow");
    w.amina.post(format!("{path}/edit"), unsafe_answers("send")).await.redirects();
}

#[tokio::test]
async fn words_kept_in_one_window_after_another_sent_are_handed_back() {
    let w = World::new().await;
    let path = sent(&w).await;
    let mut other = answers("keep", ALL);
    other.retain(|(name, _)| *name != "reason");
    other.push(("reason", "Also asks for a ramp".to_owned()));
    w.amina.post(format!("{path}/edit"), other).await.is(409).shows("Also asks for a ramp");
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    for (day, why) in [("2027-02-31", "Write a date"), ("call Zed", "Write a date"), ("2099-01-01", "too far ahead")] {
        let path = drafted(&w, &w.amina).await;
        let dated = [answers("send", ALL), vec![("due_on", day.to_owned())]].concat();
        w.amina.post(format!("{path}/edit"), dated).await.is(422).shows(why);
    }
}

#[tokio::test]
async fn s22_what_was_answered_on_safety_is_read_by_the_sender_always_and_by_the_receiver_with_the_packet() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), unsafe_answers("send")).await.redirects();
    let said = ["Not safe for the person", "Safe for the worker", "Two staff at the door"];
    for words in said {
        w.amina.get(&path).await.shows(words);
        w.chen.get(&path).await.lacks(words);
    }
    does(&w.chen, &path, "accept", &[]).await.redirects();
    for words in said {
        w.chen.get(&path).await.shows(words);
    }
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.chen.get(&path).await.is(200).lacks("Two staff at the door").lacks("Not safe for the person");
    w.amina.get(&path).await.shows("Two staff at the door");
}
