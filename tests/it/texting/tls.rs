//! A gateway over TLS: believed with a certificate that is its own and that somebody vouches for, and not waited for without end.
use chrono::TimeDelta;

use super::{SMS, post, send, standing};
use crate::support::World;
use crate::support::gateway::Gateway;
use crate::support::post::Scratch;

const CA: &str = "THROUGHCARE_SMS_CA";

#[tokio::test]
async fn a_gateway_gets_nothing_before_it_has_proved_who_it_is() {
    let (w, scratch, elsewhere) = (World::new().await, Scratch::new(), Scratch::new());
    let (own, foreign) = (scratch.certificate(), elsewhere.certificate_of("DNS:sms.example.org"));
    let (gateway, impostor) = (Gateway::over_tls(202, &own).await, Gateway::over_tls(202, &foreign).await);
    let id = post(&w, "+962 79 012 3456").await;
    for (url, trusted, result) in [
        // Somebody vouches for it, but nobody whom we trust.
        (gateway.https(), &foreign.0, "tls_failed"),
        // It is vouched for under another name.
        (impostor.https(), &foreign.0, "tls_failed"),
        (gateway.https(), &own.0, "accepted"),
    ] {
        let ground = w.with_mail(&[(SMS, url), (CA, trusted.display().to_string())]);
        ground.clock.forward(TimeDelta::hours(1) * (1 + w.standing(id).await.3));
        send(&ground).await;
        assert_eq!(w.standing(id).await.1, result);
    }
    assert!(impostor.took().is_empty(), "{:?}", impostor.took());
    assert_eq!(gateway.took().len(), 1);
    assert_eq!(gateway.took()[0].body["to"].as_str(), Some("+962790123456"));
}

#[tokio::test]
async fn a_gateway_that_does_not_take_the_call_in_time_counts_as_away() {
    let (w, scratch) = (World::new().await, Scratch::new());
    let (certificate, _) = scratch.certificate();
    // The machine takes the call, and nobody ever answers it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://tram@{}/send", silent.local_addr().expect("an address"));
    let settings = [(SMS, url), (CA, certificate.display().to_string()), ("THROUGHCARE_SMS_TIMEOUT", "1".to_owned())];
    let ground = w.with_mail(&settings);
    let id = post(&w, "+962 79 012 3456").await;
    send(&ground).await;
    assert_eq!(w.standing(id).await, standing("queued", "gateway_timeout", "", 1));
}
