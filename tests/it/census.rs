//! The route census: every recorded route is tried by nobody, by the stranger and by a wrong role. A new route is in it by itself.
use axum::body::Body;
use http::Request;
use throughcare::routes;
use throughcare::web::routes::Gate;
use uuid::Uuid;

use crate::support::World;

// A path with its parameters filled by ids that belong to nobody.
fn concrete(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { Uuid::from_u128(7).to_string() } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn nobody_gets_past_a_private_route() {
    let w = World::new().await;
    for route in routes::all().recorded() {
        let path = concrete(route.path);
        let request = Request::builder()
            .method(route.method)
            .uri(&path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::empty())
            .expect("a request");
        let seen = w.nobody.send(request).await;
        match route.gate {
            Gate::Page => assert!(seen.redirects().starts_with("/sign-in"), "{} {path}", route.method),
            Gate::Api => assert_eq!(seen.status, 401, "{} {path}", route.method),
            Gate::Open => assert_ne!(seen.status, 500, "{} {path}: {}", route.method, seen.text()),
        }
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_token_changes_nothing_anywhere() {
    let w = World::new().await;
    for route in routes::all().recorded().iter().filter(|route| route.gate == Gate::Page && route.method != "GET") {
        let request = Request::builder()
            .method(route.method)
            .uri(concrete(route.path))
            .header("cookie", w.amina.cookies())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("a=b"))
            .expect("a request");
        assert_eq!(w.amina.send(request).await.status, 403, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn what_does_not_exist_is_404_for_everybody_and_never_a_defect() {
    let w = World::new().await;
    for route in routes::all().recorded().iter().filter(|route| route.gate == Gate::Page && route.path.contains('{')) {
        for somebody in [&w.odd, &w.amina, &w.chen, &w.ada] {
            let path = concrete(route.path);
            let seen = if route.method == "GET" { somebody.get(&path).await } else { somebody.post(&path, [("a", "b")]).await };
            assert!(matches!(seen.status.as_u16(), 404 | 403), "{} {path} is {}: {}", route.method, seen.status, seen.text());
        }
    }
}

#[test]
fn the_open_routes_are_these_and_no_more() {
    let routes = routes::all();
    let mut open: Vec<String> = routes
        .recorded()
        .iter()
        .filter(|route| route.gate == Gate::Open)
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    open.sort();
    insta::assert_snapshot!(open.join("\n"));
}

#[test]
fn every_path_without_an_id_is_listed() {
    let routes = routes::all();
    let mut broad: Vec<String> = routes
        .recorded()
        .iter()
        .filter(|route| route.gate != Gate::Open && !route.path.contains('{'))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    broad.sort();
    insta::assert_snapshot!(broad.join("\n"));
}
