//! What whoever keeps the service running may see of it, and nobody else.
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use tower::ServiceExt as _;

use crate::support::World;
use crate::support::case_work::ASSISTANCE;

async fn asked_from(w: &World, from: [u8; 4]) -> (u16, String) {
    let app = throughcare::cli::serve::service(w.ground.clone());
    let mut request = Request::get("/metrics").body(Body::empty()).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 4000))));
    let answer = app.oneshot(request).await.expect("the router answers");
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn figures_name_routes_and_what_waits_but_no_case_and_only_this_machine_reads_them() {
    let w = World::new().await;
    let case = w.case(&w.amina, ASSISTANCE, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(&case).await.is(200);
    w.sql("insert into jobs (id, kind, run_at) values (gen_random_uuid(), 'nothing', now() - interval '1 hour')").await;
    let (status, figures) = asked_from(&w, [127, 0, 0, 1]).await;
    assert_eq!(status, 200);
    let counted = "throughcare_requests_total{method=\"GET\",route=\"/cases/{id}\",status=\"200\"}";
    for figure in [
        counted,
        "throughcare_request_seconds_bucket{route=\"/cases/{id}\"",
        "throughcare_jobs_given_up 0",
        "throughcare_mail_dead 0",
    ] {
        assert!(figures.contains(figure), "{figure} is not in\n{figures}");
    }
    assert!(!figures.contains(case.trim_start_matches("/cases/")) && !figures.contains("Dana"));
    let waited = figures.lines().find_map(|line| line.strip_prefix("throughcare_jobs_oldest_due_seconds ")).expect("a figure");
    assert!(waited.parse::<f64>().expect("seconds") > 3500.0, "{waited}");
    assert_eq!(asked_from(&w, [10, 0, 0, 7]).await.0, 404);
    w.amina.get("/metrics").await.is(404);
}
