//! Over REST a question goes the way it goes over the pages, and no more is told by it.
use serde_json::{Value, json};

use super::{Pair, pair, told};
use crate::support::World;
use crate::support::browser::Seen;

fn read(seen: &Seen) -> Value {
    serde_json::from_str(&seen.is(200).body).expect("JSON")
}

#[tokio::test]
async fn a_question_is_asked_answered_and_ended_over_rest() {
    let w = World::new().await;
    let Pair { own, other, .. } = pair(&w).await;
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let (amina, odd) = (w.amina.program().await, w.odd.program().await);
    let (path, theirs) = (format!("/api/v1/people/{own}/elsewhere"), format!("/api/v1/people/{other}/elsewhere"));
    let listed = read(&amina.get(&path).await);
    assert!(!listed.to_string().contains(&other.to_string()), "a hit is a handle");
    let hit = &listed["hits"][0]["hit"];
    amina.call("POST", &path, Some(&json!({ "hit": hit }))).await.is(422);
    odd.call("POST", &path, Some(&json!({ "hit": hit, "agreed": true }))).await.is(404);
    amina.call("POST", &path, Some(&json!({ "hit": hit, "agreed": true }))).await.is(201);
    w.work_off().await;
    amina.call("POST", &path, Some(&json!({ "hit": hit, "agreed": true }))).await.is(422).shows("asked_elsewhere_lately");
    assert_eq!(read(&amina.get(&path).await)["hits"][0]["lately"], "asked");
    let waiting = read(&odd.get("/api/v1/questions").await);
    let question = format!("/api/v1/questions/{}", waiting["items"][0]["id"].as_str().expect("an id"));
    amina.get(&question).await.is(404);
    let put = read(&odd.get(&question).await);
    assert_eq!((&put["theirs"]["name"], &put["state"]), (&json!("Fatima Hussein"), &json!("asked")));
    let said = async |answer: &str, version: &Value| {
        odd.call("POST", &format!("{question}/answer"), Some(&json!({ "answer": answer, "version": version }))).await
    };
    said("perhaps", &put["version"]).await.is(422);
    said("yes", &json!(77)).await.is(412);
    said("yes", &put["version"]).await.is(200);
    told(&w).await;
    let known = read(&odd.get(&theirs).await)["items"][0].clone();
    assert_eq!(known["state"], "same");
    assert!(read(&odd.get(&question).await)["theirs"].is_null(), "what was told to answer by is told no more");
    let ending = format!("{theirs}/{}/ending", known["id"].as_str().expect("an id"));
    odd.call("POST", &ending, Some(&json!({ "reason": "boredom", "version": known["version"] }))).await.is(422);
    odd.call("POST", &ending, Some(&json!({ "reason": "own_wish", "version": known["version"] }))).await.is(200);
    let ended = read(&amina.get(&path).await);
    assert_eq!(ended["items"][0]["state"], "ended");
    assert!(!ended.to_string().contains("own_wish"), "the other side is not told why");
}
