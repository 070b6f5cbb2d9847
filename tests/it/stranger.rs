//! The stranger: holds every role at an organisation that has nothing to do with a record. On each route of the census that names one they
//! meet the very answer that a record meets which does not exist. A new route is in it by itself; `support/estate.rs` says what belongs to
//! its parameters.
use serde_json::{Value, json};
use throughcare::routes;
use throughcare::web::routes::{Gate, Recorded};

use crate::support::World;
use crate::support::browser::{Browser, Seen};

fn with_parameter(gate: Gate) -> Vec<Recorded> {
    let all = routes::all();
    // A template is named by the shared pack and is nobody's record: every organisation finds its own words under the same name.
    let is_record = |route: &&Recorded| route.path.contains('{') && !route.path.contains("{template}");
    all.recorded().iter().filter(|route| route.gate == gate).filter(is_record).cloned().collect()
}

async fn tried(by: &Browser, method: &str, path: &str) -> Seen {
    if method == "GET" { by.get(path).await } else { by.post(path, [("", "")]).await }
}

// What every call of the REST face asks for, all in one.
fn everything() -> Value {
    json!({
        "kind": "note", "body": "Words", "due_at": "2031-01-01T00:00:00Z", "action": "accept", "to": "unit:31", "fields": {}, "sections": [], "to_kinds": [], "extent": "stop_sharing",
        "how": "in_person", "case_manager": null, "unit": 31, "reason": "needs_met", "title": "Call", "due_on": "2031-01-01", "name": "Somebody",
        "relationship": "child", "person": "00000000-0000-0000-0000-000000000007", "person_id": "00000000-0000-0000-0000-000000000007",
        "day": "2026-01-01", "version": 1, "approve": true, "joined_on": "2026-01-01", "left_on": "2026-01-02"
    })
}

// Of it what this call knows, as the document describes it: a field that a call does not know is refused before anything is looked for.
fn asked(document: &Value, route: &Recorded) -> Option<Value> {
    let body =
        &document["paths"][route.path][route.method.to_lowercase()]["requestBody"]["content"]["application/json"]["schema"];
    let named = |schema: &Value| schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()).map(str::to_owned);
    let name = named(body).or_else(|| body["oneOf"].as_array()?.iter().find_map(named))?;
    let mut all = everything();
    all.as_object_mut()?.retain(|field, _| knows(document, &document["components"]["schemas"][&name], field));
    Some(all)
}

// A body that takes another in with it knows the other's fields as well.
fn knows(document: &Value, schema: &Value, field: &str) -> bool {
    let whole = match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    };
    let parts = whole["allOf"].as_array().into_iter().flatten();
    whole["properties"].get(field).is_some() || parts.into_iter().any(|part| knows(document, part, field))
}

// What is not there is 404; but a collecting app is asked for a password before anything is looked for, and a key that is none opens nothing.
fn refusal(route: &Recorded) -> u16 {
    match route.path {
        path if path.starts_with("/openrosa/key/") => 403,
        path if path.starts_with("/openrosa/") => 401,
        _ => 404,
    }
}

#[track_caller]
fn alike(route: &Recorded, there: (&str, &Seen), nowhere: (&str, &Seen)) {
    let (told, refused) = (format!("{} {}", route.method, there.0), refusal(route));
    assert_eq!(there.1.status, refused, "{told}: {}", there.1.text());
    assert_eq!(nowhere.1.status, refused, "{told}: {}", nowhere.1.text());
    assert_eq!(there.1.body.replace(there.0, ""), nowhere.1.body.replace(nowhere.0, ""), "{told}");
    let names = |seen: &Seen| seen.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(there.1), names(nowhere.1), "{told}");
}

#[tokio::test]
async fn on_every_page_the_stranger_meets_what_does_not_exist() {
    let w = World::new().await;
    w.with_every_role("boss", 1).await;
    let (estate, stranger) = (w.estate().await, w.stranger().await);
    for route in with_parameter(Gate::Page) {
        for (there, nowhere) in estate.paths(route.path) {
            let seen = tried(&stranger, route.method, &there).await;
            alike(&route, (&there, &seen), (&nowhere, &tried(&stranger, route.method, &nowhere).await));
        }
    }
}

#[tokio::test]
async fn on_every_rest_call_the_stranger_meets_what_does_not_exist() {
    let w = World::new().await;
    w.with_every_role("boss", 1).await;
    let (estate, stranger) = (w.estate().await, w.stranger().await.program().await);
    let document = serde_json::to_value(routes::document()).expect("JSON");
    for route in with_parameter(Gate::Api) {
        let body = asked(&document, &route);
        for (there, nowhere) in estate.paths(route.path) {
            let seen = stranger.call(route.method, &there, body.as_ref()).await;
            alike(&route, (&there, &seen), (&nowhere, &stranger.call(route.method, &nowhere, body.as_ref()).await));
        }
    }
}

#[tokio::test]
async fn an_open_page_about_a_hidden_record_is_one_that_does_not_exist() {
    let w = World::new().await;
    w.with_every_role("boss", 1).await;
    let estate = w.estate().await;
    for route in with_parameter(Gate::Open).iter().filter(|route| !route.path.starts_with("/assets/")) {
        for (there, nowhere) in estate.paths(route.path) {
            // A wrong key has the next try wait; here each is the first.
            w.sql("delete from sign_in_tries").await;
            let seen = tried(&w.nobody, route.method, &there).await;
            alike(route, (&there, &seen), (&nowhere, &tried(&w.nobody, route.method, &nowhere).await));
        }
    }
}

// Without this the tests above could pass on ids that nobody sees.
#[tokio::test]
async fn the_same_addresses_open_for_whom_they_belong_to() {
    let w = World::new().await;
    let boss = w.with_every_role("boss", 1).await;
    let estate = w.estate().await;
    let program = boss.program().await;
    for route in with_parameter(Gate::Page).iter().filter(|route| route.method == "GET") {
        for (there, _) in estate.paths(route.path) {
            let [own, other] = [boss.get(&there).await, w.chen.get(&there).await];
            assert!(own.status != 404 || other.status != 404, "{there} opens for nobody");
            assert!(own.status != 500 && other.status != 500, "{there}: {} {}", own.text(), other.text());
        }
    }
    for route in with_parameter(Gate::Api).iter().filter(|route| route.method == "GET") {
        for (there, _) in estate.paths(route.path) {
            program.get(&there).await.is(200);
        }
    }
}

#[tokio::test]
async fn a_strangers_codes_in_a_search_or_a_form_are_codes_of_nothing() {
    let w = World::new().await;
    let boss = w.with_every_role("boss", 1).await;
    let (_, stranger) = (w.estate().await, w.stranger().await);
    for sql in ["select code from cases", "select code from referrals", "select code from households", "select code from persons"]
    {
        let (code, nothing) = (w.value(sql).await, "C-0000-0000");
        for page in ["/search?q=", "/people?q=", "/emergency?code=", "/cases?q=", "/referrals?q="] {
            let [known, absent] = [stranger.get(format!("{page}{code}")).await, stranger.get(format!("{page}{nothing}")).await];
            assert_eq!(known.status, absent.status, "{page}{code}");
            assert_eq!(known.text().replace(&code, nothing), absent.text(), "{page}{code}");
        }
    }
    boss.get(format!("/search?q={}", w.value("select code from cases").await)).await.redirects();
}
