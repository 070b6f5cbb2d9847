//! Forms filled in a browser without a network: what is offered, what becomes of a copy, and how devices are wiped (S20).
use axum::body::Body;
use http::{Request, header};
use serde_json::Value;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::phone::filled;
use crate::support::sent::{ASSISTANCE, GBV};
use crate::support::world::{FIELD, HARBOUR, PASSWORD, user};

const DEVICE: &str = "7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d7c1d";

// A form of Harbour's that is published for these types.
async fn form(w: &World, code: &str, types: &[i16]) {
    let types = types.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    w.sql(&format!(
        "insert into forms (id, org, code, title, case_types, intake, offline) values (gen_random_uuid(), {HARBOUR}, '{code}', 'Form {code}', '{{{types}}}', true, true);
         insert into form_editions (id, form_id, number, state, form_version, source, source_name, xform, hash, published_at)
           select gen_random_uuid(), id, 1, 'published', '3', '', 'x.xml', '<h:html/>', repeat('a', 32), now() from forms where code = '{code}';
         insert into form_media (edition_id, name, media_type, bytes, hash)
           select e.id, 'the towns.csv', 'text/csv', 'name', repeat('b', 32) from form_editions e join forms f on f.id = e.form_id where f.code = '{code}'"
    ))
    .await;
}

fn copy(code: &str, id: &str) -> String {
    format!("<data id=\"{code}\" version=\"3\"><head>Dana</head><meta><instanceID>{id}</instanceID></meta></data>")
}

async fn send(by: &Browser, csrf: &str, xml: &str) -> Seen {
    hand_in(by, csrf, &[("xml", xml)], ("a.pdf", b"%PDF-1.7 a paper")).await
}

/// As the browser sends a copy: the token first.
pub async fn hand_in(by: &Browser, csrf: &str, fields: &[(&str, &str)], (name, bytes): (&str, &[u8])) -> Seen {
    let unit = FIELD.to_string();
    let fields = [fields, &[("unit", unit.as_str())]].concat();
    by.upload_as(csrf, "/field/submissions", &fields, Some(("file", name, bytes))).await
}

/// What a browser is answered.
pub fn read(seen: &Seen) -> Value {
    serde_json::from_str(&seen.is(200).body).expect("JSON")
}

#[tokio::test]
async fn s20_restricted_forms_are_never_offered_and_protected_ones_are_kept_for_72_hours() {
    let w = World::new().await;
    for (code, types) in [("open", &[ASSISTANCE][..]), ("child", &[ASSISTANCE, CHILD_PROTECTION]), ("gbv", &[ASSISTANCE, GBV])] {
        form(&w, code, types).await;
    }
    let offered = read(&w.amina.get("/field/forms").await);
    let forms = offered["forms"].as_array().expect("forms");
    let hours = |code: &str| forms.iter().find(|form| form["code"] == code).map(|form| form["hours"].clone());
    assert_eq!((hours("open"), hours("child"), hours("gbv")), (Some(Value::Null), Some(72.into()), None));
    let open = forms.iter().find(|form| form["code"] == "open").expect("it is offered");
    assert_eq!(w.amina.get(open["xform"].as_str().expect("an address")).await.is(200).body, "<h:html/>");
    assert_eq!(w.amina.get(open["media"][0]["address"].as_str().expect("an address")).await.is(200).body, "name");
    // Even a copy that somebody made by hand is not taken.
    let said = read(&send(&w.amina, w.amina.csrf(), &copy("gbv", "uuid:1")).await);
    assert_eq!(said["result"], "refused");
    assert_eq!(w.count("arrivals").await, 0);
    // A stranger is offered nothing of Harbour's.
    assert_eq!(read(&w.odd.get("/field/forms").await)["forms"], Value::Array(Vec::new()));
    w.odd.get(open["xform"].as_str().expect("an address")).await.is(404);
}

#[tokio::test]
async fn s18_what_may_become_a_guarded_case_keeps_no_places_and_waits_as_one() {
    let w = World::new().await;
    w.intake_form("children", &[ASSISTANCE, CHILD_PROTECTION], "person").await;
    form(&w, "child", &[CHILD_PROTECTION]).await;
    let answers = "<head_name>Dana</head_name><photo>door.jpg</photo><paper>a.pdf</paper><place>33.5 36.3 0 5</place>";
    assert_eq!(read(&send(&w.amina, w.amina.csrf(), &filled("children", "1", answers)).await)["result"], "landed");
    let arrival = w.value("select id::text from arrivals").await;
    w.amina.get(format!("/arrivals/{arrival}")).await.is(200).shows("Paper · PDF").lacks("door.jpg").lacks("33.5");
    assert_eq!(w.value("select case_type::text from arrivals").await, CHILD_PROTECTION.to_string());
    // Whoever is cleared for standard types alone is offered no form for protected ones, and what they send waits as a standard one.
    w.sql(&format!("update roles set cleared = array_remove(cleared, {CHILD_PROTECTION}::smallint)")).await;
    let offered = read(&w.amina.get("/field/forms").await).to_string();
    assert!(offered.contains("\"children\"") && !offered.contains("\"child\""), "{offered}");
    assert_eq!(read(&send(&w.amina, w.amina.csrf(), &filled("children", "2", answers)).await)["result"], "landed");
    assert_eq!(w.value("select case_type::text from arrivals where instance_id = 'uuid:2'").await, ASSISTANCE.to_string());
    assert_eq!(read(&send(&w.amina, w.amina.csrf(), &copy("child", "uuid:3")).await)["result"], "refused");
}

#[tokio::test]
async fn a_copy_that_is_sent_again_is_counted_once() {
    let w = World::new().await;
    form(&w, "needs", &[ASSISTANCE]).await;
    let first = read(&send(&w.amina, w.amina.csrf(), &copy("needs", "uuid:1")).await);
    assert_eq!(first["result"], "landed");
    let again = read(&send(&w.amina, w.amina.csrf(), &copy("needs", "uuid:1")).await);
    assert_eq!(again["result"], "known");
    assert_eq!(
        w.value("select count(*) || ' ' || min(unit) || ' ' || min(origin) from arrivals").await,
        format!("1 {FIELD} browser")
    );
    assert_eq!(w.count("arrival_files").await, 1);
    // Other answers under the same id are no repetition either: one draft that was filled in twice.
    let otherwise = copy("needs", "uuid:1").replace("Dana", "Somebody else");
    assert_eq!(read(&send(&w.amina, w.amina.csrf(), &otherwise).await)["result"], "conflict");
    // The same id from somebody else is no repetition: it is kept on their device, and they are told.
    let other = read(&send(&w.bruno, w.bruno.csrf(), &copy("needs", "uuid:1")).await);
    assert_eq!(other["result"], "conflict");
    assert!(other["words"].as_str().is_some_and(|words| words.contains("kept here")), "{other}");
    // Read later in another language, it is said in that one.
    assert_eq!(other["word"], "words_conflict");
}

#[tokio::test]
async fn what_can_not_be_taken_says_why_and_a_forged_one_is_not_read() {
    let w = World::new().await;
    form(&w, "needs", &[ASSISTANCE]).await;
    for (xml, words) in [(copy("unheard", "uuid:1"), "not known here"), ("<data".to_owned(), "could not read it")] {
        let said = read(&send(&w.amina, w.amina.csrf(), &xml).await);
        assert_eq!(said["result"], "refused");
        assert!(said["words"].as_str().is_some_and(|said| said.contains(words)), "{said}");
    }
    send(&w.amina, "forged", &copy("needs", "uuid:1")).await.is(403);
    assert!(send(&w.nobody, "", &copy("needs", "uuid:1")).await.status.is_redirection());
    assert_eq!(w.count("arrivals").await, 0);
}

#[tokio::test]
async fn the_page_that_a_browser_keeps_names_nobody() {
    let w = World::new().await;
    let page = w.amina.get("/field").await;
    page.is(200).lacks("Amina").lacks("Harbour").lacks(w.amina.csrf());
    let policy = page.headers.get("content-security-policy").and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    let elsewhere = w.amina.get("/").await;
    let policy = elsewhere.headers.get("content-security-policy").and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(!policy.contains("wasm"), "{policy}");
    let worker = w.amina.get("/field/sw.js").await;
    assert_eq!(worker.is(200).headers.get("service-worker-allowed").map(|value| value.as_bytes()), Some(&b"/field"[..]));
    assert!(!worker.body.contains("/*"), "everything was filled in: {}", worker.body);
    // Whoever works on no case has no use for it.
    w.ada.get("/field").await.is(403);
}

async fn must_wipe(w: &World) -> bool {
    let request = Request::post("/field/standing")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(format!("device={DEVICE}")))
        .expect("a request");
    read(&w.nobody.send(request).await)["wipe"] == true
}

async fn wiped(w: &World) {
    let request = Request::post("/field/wiped")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(format!("device={DEVICE}")))
        .expect("a request");
    w.nobody.send(request).await.is(204);
}

#[tokio::test]
async fn s20_a_lockdown_ends_every_session_and_wipes_each_device_at_its_next_contact() {
    let w = World::new().await;
    w.amina.post("/field/devices", [("device", DEVICE)]).await.is(201);
    assert!(!must_wipe(&w).await);
    w.bruno.post("/admin/lockdown", [("", "")]).await.is(403);
    assert_eq!(w.ada.post("/admin/lockdown", [("", "")]).await.redirects(), "/sign-in");
    for somebody in [&w.amina, &w.bruno, &w.ada, &w.salma] {
        assert!(somebody.get("/").await.redirects().starts_with("/sign-in"));
    }
    w.odd.get("/").await.is(200);
    // Nobody needs to be signed in for a device to learn it.
    assert!(must_wipe(&w).await);
    wiped(&w).await;
    let ada = w.browser("ada").await;
    ada.get("/admin/lockdown").await.shows("A lockdown is in force").shows("Ada Admin").shows("Amina Haddad");
    assert_eq!(w.value("select count(*)::text from field_devices where wiped_at is not null").await, "1");
    // A second one would change nothing.
    ada.post("/admin/lockdown", [("", "")]).await.is(409);
}

#[tokio::test]
async fn s20_until_a_lockdown_is_lifted_nobody_but_administrators_comes_in() {
    let w = World::new().await;
    let program = w.amina.program().await;
    program.get("/api/v1/cases").await.is(200);
    w.ada.post("/admin/lockdown", [("", "")]).await.redirects();
    program.get("/api/v1/cases").await.is(401);
    let locked = "Your organisation is locked down.";
    w.nobody.post("/sign-in", [("login", "amina"), ("password", PASSWORD)]).await.shows(locked);
    // Another organisation works on.
    w.odd.get("/").await.is(200);
    let ada = w.browser("ada").await;
    ada.post("/admin/lockdown/end", [("", "")]).await.redirects();
    // What was revoked stays so; people come in again.
    program.get("/api/v1/cases").await.is(401);
    w.browser("amina").await.get("/").await.is(200);
}

#[tokio::test]
async fn s20_a_device_lost_during_a_lockdown_is_wiped_though_it_is_lifted() {
    let w = World::new().await;
    w.amina.post("/field/devices", [("device", DEVICE)]).await.is(201);
    w.ada.post("/admin/lockdown", [("", "")]).await.redirects();
    let ada = w.browser("ada").await;
    ada.post("/admin/lockdown/devices", [("user", user("amina").to_string())]).await.redirects();
    ada.post("/admin/lockdown/end", [("", "")]).await.redirects();
    assert!(must_wipe(&w).await);
}

#[tokio::test]
async fn s20_a_lifted_lockdown_spares_the_devices_that_were_not_reached() {
    let w = World::new().await;
    w.amina.post("/field/devices", [("device", DEVICE)]).await.is(201);
    w.ada.post("/admin/lockdown", [("", "")]).await.redirects();
    let ada = w.browser("ada").await;
    ada.post("/admin/lockdown/end", [("", "")]).await.redirects();
    ada.get("/admin/lockdown").await.lacks("A lockdown is in force").shows("Lifted by Ada Admin");
    assert!(!must_wipe(&w).await);
    assert!(
        w.value("select string_agg(kind, ' ' order by kind) from facts where kind like 'lockdown%'")
            .await
            .contains("lockdown.lifted")
    );
}

#[tokio::test]
async fn s20_the_devices_of_who_is_revoked_or_lost_one_are_wiped_at_the_next_contact() {
    let w = World::new().await;
    w.amina.post("/field/devices", [("device", DEVICE)]).await.is(201);
    w.sql(&format!("update users set active = false where id = '{}'", user("amina"))).await;
    assert!(must_wipe(&w).await, "who works here no more keeps nothing");
    w.sql(&format!("update users set active = true where id = '{}'", user("amina"))).await;
    assert!(!must_wipe(&w).await);
    let of = |login: &str| [("user", user(login).to_string())];
    w.ada.post("/admin/lockdown/devices", of("odd")).await.is(404);
    w.ada.post("/admin/lockdown/devices", of("amina")).await.redirects();
    assert!(must_wipe(&w).await);
    w.ada.get("/admin/lockdown").await.shows("To be wiped at the next contact");
}

#[tokio::test]
async fn s20_a_lost_device_is_wiped_however_many_were_seen_since() {
    let w = World::new().await;
    w.amina.post("/field/devices", [("device", DEVICE)]).await.is(201);
    w.sql(&format!(
        "insert into users (id, org, login, name) select gen_random_uuid(), {HARBOUR}, 'far' || n, 'Far' from generate_series(1, 200) n;
         insert into field_devices (id, org, user_id, secret_hash, made_at, seen_at)
           select gen_random_uuid(), {HARBOUR}, id, sha256(login::bytea), now(), now() + interval '1 day' from users where login like 'far%'"
    ))
    .await;
    w.ada.post("/admin/lockdown/devices", [("user", user("amina").to_string())]).await.redirects();
    assert!(must_wipe(&w).await);
}
