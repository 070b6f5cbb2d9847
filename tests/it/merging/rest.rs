//! Joining over REST: the same two people, the same day, the same undoing.
use serde_json::{Value, json};

use super::{a_day_later, twins};
use crate::support::World;
use crate::support::browser::Seen;

fn read(seen: &Seen) -> Value {
    serde_json::from_str(&seen.is(200).body).expect("JSON")
}

#[tokio::test]
async fn two_records_are_joined_by_two_and_undone_over_rest() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let (amina, bruno, odd) = (w.amina.program().await, w.bruno.program().await, w.odd.program().await);
    let path = format!("/api/v1/people/{dana}/joins");
    let proposal =
        |version: i32| json!({ "goes": twin.to_string(), "stays_version": version, "goes_version": 1, "taken": ["name"] });
    odd.call("POST", &path, Some(&proposal(1))).await.is(404);
    amina.call("POST", &path, Some(&json!({ "stays_version": 1 }))).await.is(422);
    amina.call("POST", &path, Some(&proposal(7))).await.is(412);
    amina.call("POST", &path, Some(&proposal(1))).await.is(201);
    let waiting = read(&bruno.get("/api/v1/joins").await);
    assert_eq!((&waiting["items"][0]["stays"], &waiting["more"]), (&json!(dana.to_string()), &json!(false)));
    assert_eq!(read(&odd.get("/api/v1/joins").await)["items"], json!([]));
    let one = format!("{path}/{}", waiting["items"][0]["id"].as_str().expect("an id"));
    let agree = |answer: &str| json!({ "answer": answer, "version": 1, "stays_version": 1, "goes_version": 1 });
    amina.call("POST", &format!("{one}/answer"), Some(&agree("agree"))).await.is(409);
    odd.call("POST", &format!("{one}/answer"), Some(&agree("agree"))).await.is(404);
    bruno.call("POST", &format!("{one}/answer"), Some(&agree("perhaps"))).await.is(422);
    bruno.call("POST", &format!("{one}/answer"), Some(&agree("agree"))).await.is(200);
    a_day_later(&w).await;
    let joined = read(&amina.get(&path).await)["items"][0].clone();
    assert_eq!((&joined["state"], &joined["taken"]), (&json!("joined"), &json!(["name"])));
    w.amina.get(format!("/people/{dana}")).await.shows("Danah Aziz");
    amina.call("POST", &format!("{one}/undoing"), Some(&json!({ "version": 1 }))).await.is(412);
    amina.call("POST", &format!("{one}/undoing"), Some(&json!({ "version": joined["version"] }))).await.is(200);
    w.amina.get(format!("/people/{twin}")).await.is(200).shows("Danah Aziz");
}

#[tokio::test]
async fn two_persons_are_kept_apart_over_rest() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let path = format!("/api/v1/people/{dana}/same/{twin}/apart");
    w.odd.program().await.call("POST", &path, None).await.is(404);
    w.amina.program().await.call("POST", &path, None).await.is(200);
    w.bruno.get(format!("/people/{dana}/same/{twin}")).await.shows("found two persons");
}
