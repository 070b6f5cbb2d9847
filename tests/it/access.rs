//! Sign-in, sessions and the gate.
use axum::body::Body;
use http::{Request, header};

use crate::support::World;
use crate::support::world::PASSWORD;

#[tokio::test]
async fn who_signs_in_with_the_right_password_is_let_in_and_out() {
    let w = World::new().await;
    w.nobody.get("/account").await.redirects();
    assert_eq!(w.nobody.post("/sign-in", [("login", "Amina"), ("password", PASSWORD)]).await.redirects(), "/");
    w.nobody.get("/account").await.shows("Amina Haddad");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_answer_alike_and_ever_slower() {
    let w = World::new().await;
    for login in ["amina", "nobody-here"] {
        w.nobody
            .post("/sign-in", [("login", login), ("password", "wrong")])
            .await
            .is(422)
            .shows("User name or password is wrong");
    }
    w.nobody.post("/sign-in", [("login", "amina"), ("password", "wrong")]).await.is(422);
    assert_eq!(w.count("sign_in_tries where failures >= 3").await, 1, "all three came from one address");
    // As if it had gone on: the first wait is a second, which a busy machine lets pass.
    w.sql("update sign_in_tries set failures = failures + 4 where failures >= 3").await;
    let waits = w.nobody.post("/sign-in", [("login", "amina"), ("password", PASSWORD), ("next", "/cases")]).await;
    waits.is(429).shows("Please wait").shows("second").shows("Sign in").keeps("amina").keeps("/cases");
    assert!(!waits.body.contains(PASSWORD));
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let w = World::new().await;
    let forged = http::Request::post("/sign-out")
        .header("cookie", w.amina.cookies())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("_csrf=guess"))
        .expect("a request");
    w.amina.send(forged).await.is(403);
    w.amina.get("/account").await.is(200);
}

#[tokio::test]
async fn a_changed_password_ends_the_sessions_on_other_devices() {
    let w = World::new().await;
    let other = w.browser("amina").await;
    w.amina.post("/account/password", [("old", PASSWORD), ("new", "password123")]).await.is(422).shows("easily guessed");
    w.amina.post("/account/password", [("old", PASSWORD), ("new", "seven lamps by the harbour")]).await.redirects();
    w.amina.get("/account").await.is(200);
    other.get("/account").await.redirects();
}

#[tokio::test]
async fn the_organisation_is_called_by_its_name_in_the_language_of_the_device() {
    let w = World::new().await;
    w.sql("update organisations set names = '{\"fr\": \"Le Havre\"}' where id = 1").await;
    for (lang, name) in [("fr", "Le Havre"), ("ar", "Harbour"), ("en", "Harbour")] {
        let cookies = format!("{}; lang={lang}", w.amina.cookies());
        let request = Request::get("/account").header(header::COOKIE, cookies).body(Body::empty()).expect("a request");
        let seen = w.amina.send(request).await;
        assert!(seen.is(200).body.contains(&format!("<small>{name}</small>")), "{lang}: {}", seen.body);
    }
}
