//! The shared wire format of the REST face: tokens, the OpenAPI document, idempotency keys.
use axum::body::Body;
use axum::extract::FromRequest;
use http::{Request, StatusCode};
use throughcare::api::Asked;
use throughcare::error::{Clash, Error};
use throughcare::platform::db::{Actor, Work};
use throughcare::web::routes::Gate;

use crate::referrals::sent;
use crate::support::World;
use crate::support::world::user;

#[test]
fn every_call_stands_in_the_document() {
    let document = throughcare::routes::document();
    for route in throughcare::routes::all().recorded().iter().filter(|route| route.gate == Gate::Api) {
        let item = document.paths.paths.get(route.path).unwrap_or_else(|| panic!("{} is not described", route.path));
        let described = match route.method {
            "GET" => &item.get,
            "POST" => &item.post,
            "PUT" => &item.put,
            "PATCH" => &item.patch,
            _ => &item.delete,
        };
        assert!(described.is_some(), "{} {} is not described", route.method, route.path);
    }
}

#[tokio::test]
async fn the_document_is_open_api_3_1_and_public() {
    let w = World::new().await;
    let seen = w.nobody.get("/api/openapi.json").await;
    let document: serde_json::Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/me"]["get"]["responses"]["default"].is_object());
}

#[tokio::test]
async fn a_token_works_as_its_maker_until_it_is_revoked() {
    let w = World::new().await;
    let program = w.ada.program().await;
    program.get("/api/v1/me").await.is(200).shows("Ada Admin");
    let page = w.ada.get("/account/tokens").await;
    page.shows("Figures").lacks(&program.token);
    w.ada.post(page.link("/account/tokens/"), [("", "")]).await.redirects();
    let refused = program.get("/api/v1/me").await;
    assert_eq!(refused.is(401).headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn who_may_not_make_tokens_makes_none() {
    let w = World::new().await;
    w.pia.post("/account/tokens", [("name", "Mine"), ("days", "30")]).await.is(403);
    w.ada.post("/account/tokens", [("name", "Long"), ("days", "4000")]).await.is(422).shows("between 1 and 365");
}

async fn asked(key: &str, body: &str) -> Asked<serde_json::Value> {
    let request = Request::post("/api/v1/things").header("idempotency-key", key).body(Body::from(body.to_owned()));
    Asked::from_request(request.expect("a request"), &()).await.expect("it is well formed")
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_and_another_request_is_refused() {
    let w = World::new().await;
    let open = async || Work::open(&w.ground, Actor::User(user("amina"))).await.expect("the database is there");
    let first = asked("k1", r#"{"a":1}"#).await;
    let mut work = open().await;
    assert!(first.answered(&mut work).await.expect("it looks").is_none());
    first.answer(work, StatusCode::CREATED, Some("/things/7".into()), &serde_json::json!({ "id": 7 })).await.expect("it answers");

    let again = asked("k1", r#"{"a":1}"#).await.answered(&mut open().await).await.expect("it looks").expect("the stored answer");
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(again.headers()["location"], "/things/7");
    let other = asked("k1", r#"{"a":2}"#).await.answered(&mut open().await).await;
    assert!(matches!(other, Err(Error::Conflict(Clash::KeyReused))));
}

#[tokio::test]
async fn a_key_whose_work_was_given_up_is_free_again() {
    let w = World::new().await;
    for _ in 0..2 {
        let mut work = Work::open(&w.ground, Actor::User(user("amina"))).await.expect("the database is there");
        assert!(asked("k2", "{}").await.answered(&mut work).await.expect("it looks").is_none());
    }
}

#[tokio::test]
async fn answers_under_old_keys_are_forgotten_by_the_upkeep() {
    let w = World::new().await;
    let amina = crate::support::world::user("amina");
    for (key, hours) in [("old", 30), ("new", 1)] {
        w.sql(&format!(
            "insert into idempotency_keys (user_id, key, request_hash, at) values ('{amina}', '{key}', '', now() - interval '{hours} hours')"
        ))
        .await;
    }
    throughcare::worker::upkeep::forget(&w.ground).await.expect("it forgets");
    assert_eq!(w.value("select string_agg(key, ',') from idempotency_keys").await, "new");
}

#[tokio::test]
async fn what_a_call_does_not_know_or_cannot_read_is_named_and_nothing_is_done() {
    let w = World::new().await;
    let path = sent(&w).await;
    let (program, moves) = (w.chen.program().await, format!("/api/v1{path}/moves"));
    let version = format!("\"{}\"", w.value("select version::text from referrals").await);
    let decline = |fields: serde_json::Value| serde_json::json!({ "action": "decline", "fields": fields });
    for (body, field) in [
        (serde_json::json!({ "action": "acknowledge", "feilds": {} }), "feilds"),
        (decline(serde_json::json!({ "reason": ["no_capacity"], "remrak": ["Full until June"] })), "remrak"),
        (decline(serde_json::json!({ "reason": ["no_capacity"], "what": ["A check-up"] })), "what"),
    ] {
        let seen = program.call_over("POST", &moves, &version, Some(&body)).await;
        assert!(seen.is(422).body.contains(&format!("\"{field}\":\"unknown_field\"")), "{}", seen.body);
    }
    let seen = program.call_text("POST", "/api/v1/people", "{\"name\": \"Dana Saleh\",\n \"sex\" \"female\"}").await;
    seen.is(422).shows("The body is not JSON: expected `:` at line 2 column 8.").lacks("Dana");
    let wrong = serde_json::json!({ "action": "decline", "fields": { "reason": "no_capacity" } });
    let seen = program.call_over("POST", &moves, &version, Some(&wrong)).await;
    assert!(seen.is(422).body.contains("\"fields.reason\":\"not_understood\""), "{}", seen.body);
    assert_eq!(w.count("referrals where status = 'requested' and step = 'sent'").await, 1);
}
