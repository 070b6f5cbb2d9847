//! Tokens, codes and what a guesser or a log learns of them.
use throughcare::referrals::links;
use uuid::Uuid;

use super::{DESK, RUTH, mails, one_time_code, outside, way_in};
use crate::support::World;

#[tokio::test]
async fn unknown_expired_and_revoked_answer_alike_and_only_a_full_token_hears_that_it_expired() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (token, code) = way_in(&w).await;
    let unknown = links::secrets(&w.ground, Uuid::from_u128(99));
    let nobody = w.guest_at("203.0.113.1");
    let gone = nobody.get(&format!("/r/{}", unknown.token)).await;
    gone.is(404).shows("This link opens nothing");
    let known = w.guest_at("203.0.113.2").post("/r", &[("code", &code)]).await;
    w.work_off().await;

    w.sql("update answer_links set expires_at = now() - interval '1 minute'").await;
    w.guest().get(&format!("/r/{token}")).await.is(410).shows("has expired").lacks("Dana");
    w.guest().post(&format!("/r/{token}"), &[]).await.is(410);
    let expired = w.guest_at("203.0.113.3").post("/r", &[("code", &code)]).await;
    w.sql("update answer_links set expires_at = now() + interval '1 day', revoked_at = now()").await;
    let revoked = w.guest().get(&format!("/r/{token}")).await;
    assert_eq!((revoked.status, &revoked.body), (gone.status, &gone.body));
    let typed_revoked = w.guest_at("203.0.113.4").post("/r", &[("code", &code)]).await;
    let typed_unknown = w.guest_at("203.0.113.5").post("/r", &[("code", &unknown.short_code)]).await;
    for other in [&expired, &typed_revoked, &typed_unknown] {
        assert_eq!((other.status, &other.location, &other.body), (known.status, &known.location, &known.body));
    }
    w.work_off().await;
    assert_eq!(w.count("messages where kind = 'code'").await, 1);
}

#[tokio::test]
async fn guessing_codes_from_many_addresses_finds_nothing_and_is_slowed() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let mut slowed = 0;
    for nth in 0..340u128 {
        let guesser = w.guest_at(&format!("10.{}.{}.1", nth / 200, nth % 200));
        let code = throughcare::platform::ids::short_code(&(nth * 0x9E37_79B9_7F4A_7C15).to_be_bytes());
        let typed = guesser.post("/r", &[("code", &code)]).await;
        slowed += u32::from(typed.status == 429);
        if typed.status.is_redirection() && nth.is_multiple_of(20) {
            guesser.post("/r/pin", &[("pin", "12345678")]).await.lacks("Dana");
        }
    }
    assert!(slowed >= 30, "only {slowed} of 340 were slowed");
    assert_eq!(w.count("link_sessions where proved_at is not null").await, 0);
    assert_eq!(w.count("link_codes").await, 0);

    let one = w.guest_at("192.0.2.99");
    w.sql("delete from link_tries").await;
    let tries = [1, 2, 3, 4, 5, 6u128].map(|nth| throughcare::platform::ids::short_code(&(nth * 7).to_be_bytes()));
    let mut last = 0;
    for code in &tries {
        last = one.post("/r", &[("code", code)]).await.status.as_u16();
    }
    assert_eq!(last, 429, "the sixth try of one address waits");
}

#[tokio::test]
async fn whoever_has_the_right_codes_is_not_slowed_by_the_tries_of_others() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (token, short) = way_in(&w).await;
    let (stranger, neighbour, holder) = (w.guest_at("198.51.100.9"), w.guest_at("198.51.100.1"), w.guest_at("198.51.100.1"));
    for _ in 0..5 {
        stranger.post("/r", &[("code", &short)]).await.redirects();
    }
    w.sql("update link_tries set tries = 15").await;
    stranger.post("/r", &[("code", &short)]).await.is(429);
    holder.post("/r", &[("code", &short)]).await.redirects();
    let code = one_time_code(&w).await;
    neighbour.post(&format!("/r/{token}"), &[]).await.redirects();
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    for _ in 0..4 {
        neighbour.post("/r/pin", &[("pin", wrong)]).await.is(422);
    }
    assert_eq!(holder.post("/r/pin", &[("pin", &code)]).await.redirects(), "/r");
    // A code has five tries, whoever makes them.
    assert_eq!(w.count("link_codes where tries = 5").await, 1);
}

#[tokio::test]
async fn one_who_comes_in_rightly_again_and_again_is_not_slowed() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (token, short) = way_in(&w).await;
    let guest = w.guest_at("198.51.100.7");
    for nth in 0..6 {
        let asked = if nth % 2 == 0 {
            guest.post(&format!("/r/{token}"), &[]).await
        } else {
            guest.post("/r", &[("code", &short)]).await
        };
        asked.redirects();
        let code = one_time_code(&w).await;
        assert_eq!(guest.post("/r/pin", &[("pin", &code)]).await.redirects(), "/r", "the {nth}th time");
        w.sql("update link_codes set made_at = made_at - interval '5 minutes'").await;
    }
}

#[tokio::test]
async fn a_one_time_code_has_five_tries_and_a_quarter_of_an_hour() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (token, _) = way_in(&w).await;
    let guest = w.guest();
    guest.post(&format!("/r/{token}"), &[]).await.redirects();
    let code = one_time_code(&w).await;
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    for nth in 0..5 {
        w.sql("delete from link_tries").await;
        guest.post("/r/pin", &[("pin", wrong)]).await.is(422).shows("This does not fit");
        assert_eq!(w.count("link_uses where what = 'refused'").await, nth + 1);
    }
    w.sql("delete from link_tries").await;
    guest.post("/r/pin", &[("pin", &code)]).await.is(422);
    w.sql("update link_codes set made_at = made_at - interval '5 minutes'").await;
    guest.post(&format!("/r/{token}"), &[]).await.redirects();
    let second = one_time_code(&w).await;
    w.sql("update link_codes set expires_at = now() - interval '1 second'").await;
    guest.post("/r/pin", &[("pin", &second)]).await.is(422);
    assert_eq!(w.count("facts where kind = 'link.refused' and org = 1").await, 7);
}

#[tokio::test]
async fn s17_paper_and_mail_carry_no_one_time_code_and_nothing_of_the_person() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string()), ("by_mail", "true".to_owned())]).await.redirects();
    let (token, short) = way_in(&w).await;
    let link = w.value("select id::text from answer_links").await;
    let guest = w.guest();
    guest.post("/r", &[("code", &short.to_lowercase())]).await.redirects();
    let code = one_time_code(&w).await;
    let slip = w.amina.get(format!("/links/{link}")).await;
    slip.shows(&short)
        .shows("Harbour switchboard")
        .shows("Walk-in clinic")
        .lacks(&code)
        .lacks(&token)
        .lacks("Dana")
        .lacks("Stitches");
    for mail in mails(&w).await {
        // The link's own random letters say nothing, whatever they happen to spell.
        let words = format!("{} {}", mail["subject"], mail["text"]).replace(&token, "");
        for secret in ["Dana", "Stitches", "Walk-in", "Health", "R-", "C-2222", short.as_str()] {
            assert!(!words.contains(secret), "a mail says {secret}: {words}");
        }
    }
    let read = w.amina.post(format!("/links/{link}/code"), [("", "")]).await;
    read.is(200).shows("555 0201").shows("Ruth Adler");
    assert_eq!(w.count("facts where kind = 'link.code_read'").await, 1);
    w.chen.get(format!("/links/{link}")).await.is(404);
}

// Everything that the program could write to a log, at its most talkative.
#[derive(Clone, Default)]
struct Said(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one at a time").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_and_no_row_holds_a_token_a_code_or_a_pin() {
    let said = Said::default();
    let writer = said.clone();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let quiet = tracing::subscriber::set_default(log);
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string()), ("by_mail", "true".to_owned())]).await.redirects();
    let (token, short) = way_in(&w).await;
    let guest = w.guest();
    guest.get(&format!("/r/{token}")).await.is(200);
    guest.get(&format!("/r/{token}/more")).await.is(404);
    guest.send("DELETE", &format!("/r/{token}"), None).await;
    guest.post("/r", &[("code", &short)]).await.redirects();
    guest.post(&format!("/r/{token}"), &[]).await.redirects();
    let code = one_time_code(&w).await;
    guest.post("/r/pin", &[("pin", &code)]).await.redirects();
    guest.get("/r").await.is(200);
    tracing::warn!("The log is read.");
    drop(quiet);
    let log = String::from_utf8_lossy(&said.0.lock().expect("one at a time")).into_owned();
    assert!(log.contains("The log is read."));
    let mut work = w.operate().await;
    for secret in [&token, &short, &short.replace('-', ""), &code] {
        assert!(!log.contains(secret.as_str()), "a log holds {secret}");
        for table in [
            "facts",
            "jobs",
            "answer_links",
            "link_uses",
            "link_codes",
            "link_sessions",
            "link_tries",
            "messages",
            "notifications",
        ] {
            let sql = format!("select count(*) from {table} t where t::text like '%' || $1 || '%'");
            let (count,): (i64,) =
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(secret.as_str()).fetch_one(work.db()).await.expect("a count");
            assert_eq!(count, 0, "{table} holds {secret}");
        }
    }
}
