//! Mail against real servers: one that misbehaves on purpose, and Postfix with TLS; and the program killed in the middle of a thousand messages.
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::RngExt;
use throughcare::mail::bounces;
use throughcare::platform::db::Ground;
use throughcare::worker;

use crate::support::World;
use crate::support::post::{MailServer, Postfix, Scratch, free_port, trial};
use crate::support::server::Server;
use crate::support::world::keyring_path;

const SMTP: &str = "THROUGHCARE_SMTP_URL";

fn to(w: &World, url: String) -> Arc<Ground> {
    w.with_mail(&[(SMTP, url)])
}

async fn send(ground: &Arc<Ground>) -> usize {
    worker::send_off(ground).await.expect("it sends")
}

#[tokio::test]
async fn a_server_that_is_down_for_a_while_gets_everything_once_when_it_is_back() {
    let (w, scratch, port) = (World::new().await, Scratch::new(), free_port());
    let ground = to(&w, format!("smtp://127.0.0.1:{port}"));
    let ids = [w.post("a@clinic.example").await, w.post("b@clinic.example").await, w.post("c@shelter.example").await];
    send(&ground).await;
    for id in ids {
        assert_eq!(w.standing(id).await, ("queued".into(), "unreachable".into(), String::new(), 1));
    }
    let server = MailServer::start(&scratch, &["--port", &port.to_string()]);
    ground.clock.forward(TimeDelta::minutes(1));
    send(&ground).await;
    assert_eq!(w.count("messages where state = 'sent'").await, 3);
    let counts = server.counts();
    assert!(counts.len() == 3 && counts.values().all(|count| *count == 1), "{counts:?}");
    let took = server.took();
    assert!(took.iter().all(|took| took.from.starts_with("bounces+") && took.id.ends_with("@care.example>")), "{took:?}");
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_and_one_for_good_is_not() {
    let (w, scratch) = (World::new().await, Scratch::new());
    let server = MailServer::start(&scratch, &[]);
    let ground = to(&w, format!("smtp://127.0.0.1:{}", server.port));
    let (later, never, content, wrong) = (
        w.post("desk@later.example").await,
        w.post("desk@never.example").await,
        w.post("desk@content.example").await,
        w.post("no address").await,
    );
    send(&ground).await;
    assert_eq!(w.standing(later).await, ("queued".into(), "recipient_deferred".into(), "451".into(), 1));
    assert_eq!(w.standing(never).await, ("bounced".into(), "recipient_refused".into(), "550".into(), 1));
    assert_eq!(w.standing(content).await, ("bounced".into(), "content_refused".into(), "554".into(), 1));
    assert_eq!(w.standing(wrong).await, ("bounced".into(), "bad_address".into(), String::new(), 1));
    for _ in 0..4 {
        ground.clock.forward(TimeDelta::minutes(10));
        send(&ground).await;
    }
    assert_eq!(w.standing(later).await, ("sent".into(), "accepted".into(), String::new(), 4));
    assert_eq!(server.took().len(), 1);
    let results = w.value("select string_agg(t.result, ' ' order by number) from message_tries t join messages m on m.id = t.message_id where m.state = 'sent'");
    assert_eq!(results.await, "recipient_deferred recipient_deferred recipient_deferred accepted");
    assert_eq!(w.count("facts where kind = 'message.bounced'").await, 3);
    assert_eq!(w.count("facts where note::text like '%@%' and kind like 'message.%'").await, 0);
}

#[tokio::test]
async fn a_server_that_hangs_up_or_thinks_too_long_after_the_message_gets_it_again_under_the_same_id() {
    let (w, scratch) = (World::new().await, Scratch::new());
    let server = MailServer::start(&scratch, &["--think", "2.5"]);
    let ground = to(&w, format!("smtp://127.0.0.1:{}?timeout=30", server.port));
    let slow = w.post("desk@slow.example").await;
    send(&ground).await;
    assert_eq!(w.standing(slow).await.0, "sent", "slow is not lost");
    let hasty = to(&w, format!("smtp://127.0.0.1:{}?timeout=1", server.port));
    let apart = Scratch::new();
    let thinker = MailServer::start(&apart, &["--think", "8"]);
    let impatient = to(&w, format!("smtp://127.0.0.1:{}?timeout=1", thinker.port));
    let cut = w.post("desk@cut.example").await;
    send(&hasty).await;
    assert_eq!(w.standing(cut).await, ("queued".into(), "cut_off_after_data".into(), String::new(), 1));
    hasty.clock.forward(TimeDelta::minutes(2));
    send(&hasty).await;
    assert_eq!(w.standing(cut).await, ("sent".into(), "accepted".into(), String::new(), 2));
    let ids: Vec<String> = server.took().into_iter().filter(|took| took.to == "desk@cut.example").map(|took| took.id).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "the far end can tell that it is one message: {ids:?}");
    let late = w.post("desk@slow.example").await;
    send(&impatient).await;
    assert_eq!(w.standing(late).await, ("queued".into(), "timeout_after_data".into(), String::new(), 1));
}

#[tokio::test]
async fn nothing_leaves_in_the_open_and_nobody_signs_in_with_a_wrong_word() {
    let (w, scratch) = (World::new().await, Scratch::new());
    let (certificate, key) = scratch.certificate();
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let id = w.post("desk@clinic.example").await;
    let apart = Scratch::new();
    let open = MailServer::start(&apart, &[]);
    send(&to(&w, format!("smtp://localhost:{}?tls=required", open.port))).await;
    assert_eq!(w.standing(id).await.1, "no_tls");
    let server = MailServer::start(&scratch, &["--cert", &certificate, "--key", &key, "--sign-in", "care:quiet/tram"]);
    let with = |sign_in: &str, more: &str| format!("smtp://{sign_in}localhost:{}?tls=required{more}", server.port);
    let trusted = format!("&ca={certificate}");
    for (sign_in, more, result) in [
        ("care:quiet%2Ftram@", "", "tls_failed"),
        ("care:loud@", trusted.as_str(), "sign_in_refused"),
        ("care:quiet%2Ftram@", trusted.as_str(), "accepted"),
    ] {
        let ground = to(&w, with(sign_in, more));
        ground.clock.forward(TimeDelta::hours(1) * (1 + w.standing(id).await.3));
        send(&ground).await;
        assert_eq!(w.standing(id).await.1, result);
    }
    let took = server.took();
    assert!(took.len() == 1 && took[0].tls && took[0].signed_in, "{took:?}");
    let hidden = Scratch::new();
    let implicit = MailServer::start(&hidden, &["--cert", &certificate, "--key", &key, "--implicit"]);
    let id = w.post("desk@clinic.example").await;
    send(&to(&w, format!("smtps://localhost:{}?ca={certificate}", implicit.port))).await;
    assert_eq!(w.standing(id).await.0, "sent");
    assert!(implicit.took()[0].tls);
}

#[tokio::test]
async fn each_mail_domain_has_its_own_pace_and_holds_up_no_other() {
    let (w, scratch) = (World::new().await, Scratch::new());
    let server = MailServer::start(&scratch, &[]);
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let ground = w.with_mail(&[(SMTP, url), ("THROUGHCARE_MAIL_PACE", "150".to_owned())]);
    for _ in 0..6 {
        w.post("desk@clinic.example").await;
    }
    for number in 0..6 {
        w.post(&format!("desk@other{number}.example")).await;
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = async {
        let begun = Instant::now();
        while server.took().len() < 12 && begun.elapsed() < Duration::from_secs(30) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.send(true).expect("it listens");
    };
    tokio::join!(worker::send_until(ground.clone(), stopped), watching);
    let took = server.took();
    assert_eq!(took.len(), 12);
    let of = |wanted: fn(&str) -> bool| took.iter().filter(move |took| wanted(&took.to)).map(|took| took.at);
    let (first, last) =
        of(|to| to.ends_with("clinic.example")).fold((f64::MAX, 0.0), |(a, b): (f64, f64), at| (a.min(at), b.max(at)));
    assert!(last - first >= 1.9, "six messages, four tenths of a second apart: {}", last - first);
    let others = of(|to| to.contains("other")).fold(0.0, f64::max);
    assert!(others < last, "the others did not wait for it");
}

const MESSAGES: usize = 1000;
const KILLS: usize = 5;

#[tokio::test]
async fn a_program_killed_while_it_sends_a_thousand_messages_loses_none_and_repeats_one_a_crash_at_most() {
    let (w, scratch) = (World::new().await, Scratch::new());
    // The answer comes a little after the message is taken, so that a kill may well fall in between.
    let server = MailServer::start(&scratch, &["--delay", "0.004"]);
    let mut work = w.operate().await;
    for number in 0..MESSAGES {
        work.post(trial(&format!("desk{number}@house{}.example", number % 200))).await.expect("it is posted");
    }
    work.commit().await.expect("it commits");
    let url = std::env::var("THROUGHCARE_TEST_PG").expect("a server");
    let name = w.database.get_database().expect("a database").to_owned();
    let settings = [
        ("DATABASE_URL", format!("{}/{name}", url.rsplit_once('/').expect("an address").0)),
        ("THROUGHCARE_KEYRING", keyring_path().display().to_string()),
        ("THROUGHCARE_MAIL_FROM", "care@care.example".to_owned()),
        ("THROUGHCARE_MAIL_PACE", "60000".to_owned()),
        (SMTP, format!("smtp://127.0.0.1:{}", server.port)),
    ];
    let data = w.ground.files.join("server");
    for _ in 0..KILLS {
        let victim = Server::start(&data, &settings).await;
        let (so_far, more) = (server.took().len(), rand::rng().random_range(60..150));
        until("the victim sends", || server.took().len() >= so_far + more).await;
        tokio::time::sleep(Duration::from_micros(rand::rng().random_range(0..8000))).await;
        victim.kill();
    }
    let survivor = Server::start(&data, &settings).await;
    let begun = Instant::now();
    while w.count("messages where state <> 'sent'").await > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "{} wait: {}",
            w.count("messages where state <> 'sent'").await,
            survivor.words()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let counts = server.counts();
    let wanted: HashSet<String> = (0..MESSAGES).map(|number| format!("desk{number}@house{}.example", number % 200)).collect();
    let got: HashSet<String> = server.took().into_iter().map(|took| took.to).collect();
    let lost = wanted.difference(&got).count();
    let repeated: usize = counts.values().map(|count| count - 1).sum();
    eprintln!("{MESSAGES} messages, {KILLS} kills: {lost} lost, {repeated} repeated");
    assert_eq!((lost, counts.len()), (0, MESSAGES), "each recipient got one message, under one Message-ID");
    assert!(repeated <= KILLS, "{repeated} repeated in {KILLS} crashes");
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: it did not come to that");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn postfix_takes_mail_over_tls_and_what_it_reports_marks_each_message() {
    let (w, scratch) = (World::new().await, Scratch::new());
    // Postfix hands mail for this server on, and learns only then that nobody is there.
    let beyond = MailServer::start(&scratch, &[]);
    let Some(postfix) = Postfix::start(&scratch, beyond.port).await else {
        eprintln!("Left out: Postfix runs as root only, and this user is not root.");
        return;
    };
    let url = |more: &str| format!("smtp://localhost:{}?tls=required{more}", postfix.port);
    let returned = scratch.path("mail").join("bounces");
    let settings = |url: String| {
        [
            (SMTP, url),
            ("THROUGHCARE_MAIL_FROM", "Throughcare <care@care.example>".to_owned()),
            ("THROUGHCARE_BOUNCE_MAILDIR", returned.display().to_string()),
        ]
    };
    let (here, unknown, gone) =
        (w.post("desk@clinic.example").await, w.post("nobody@clinic.example").await, w.post("desk@never.example").await);
    send(&w.with_mail(&settings(url("")))).await;
    assert_eq!(w.standing(here).await.1, "tls_failed", "a certificate that nobody vouches for");
    let ground = w.with_mail(&settings(url(&format!("&ca={}", scratch.path("cert.pem").display()))));
    ground.clock.forward(TimeDelta::minutes(5));
    send(&ground).await;
    assert_eq!(w.standing(unknown).await, ("bounced".into(), "recipient_refused".into(), "550".into(), 2));
    let begun = Instant::now();
    while w.count("messages where state in ('queued', 'sending', 'sent')").await > 0 {
        let said = std::fs::read_to_string(scratch.path("mail.log")).unwrap_or_default();
        assert!(begun.elapsed() < Duration::from_secs(40), "no report came: {said}");
        bounces::look(&ground).await.expect("it looks");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(w.standing(here).await.0, "delivered");
    assert_eq!(w.standing(gone).await, ("bounced".into(), "bounced_back".into(), "5.1.1".into(), 2));
    let delivered: Vec<_> = std::fs::read_dir(scratch.path("mail").join("clinic/new")).expect("mail arrived").flatten().collect();
    let text = std::fs::read_to_string(delivered[0].path()).expect("it can be read");
    assert!(delivered.len() == 1 && text.contains("with ESMTPS") && text.contains("Please sign in."), "{text}");
    ground.mail.channel.close().await;
}

#[tokio::test]
async fn a_mail_server_pipes_what_came_back_into_the_program() {
    use std::io::Write;
    let (w, scratch) = (World::new().await, Scratch::new());
    let server = MailServer::start(&scratch, &[]);
    let id = w.post("desk@clinic.example").await;
    send(&to(&w, format!("smtp://127.0.0.1:{}", server.port))).await;
    let url = std::env::var("THROUGHCARE_TEST_PG").expect("a server");
    let name = w.database.get_database().expect("a database").to_owned();
    let bounce = |database: String, report: String| {
        let mut piped = std::process::Command::new(env!("CARGO_BIN_EXE_throughcare"))
            .args(["bounce", "--to", &server.took()[0].from])
            .env("DATABASE_URL", database)
            .env("THROUGHCARE_DATA", scratch.path("data"))
            .env("THROUGHCARE_KEYRING", keyring_path())
            .stdin(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        piped.stdin.take().expect("it reads").write_all(report.as_bytes()).expect("it reads all");
        let ended = piped.wait_with_output().expect("it ends");
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
    };
    let report =
        "From: MAILER-DAEMON@far.example\r\nSubject: Undeliverable\r\n\r\n<desk@clinic.example>: no such mailbox (5.1.1)\r\n";
    let here = format!("{}/{name}", url.rsplit_once('/').expect("an address").0);
    let (code, words) = bounce(here, report.to_owned());
    assert!(code == Some(0) && words.contains("Taken in"), "{words}");
    assert!(!words.contains("desk@"), "no address is said: {words}");
    assert_eq!(w.standing(id).await, ("bounced".into(), "bounced_back".into(), "5.1.1".into(), 1));
    let (code, _) = bounce(format!("postgres://127.0.0.1:{}/nowhere", free_port()), report.to_owned());
    assert_eq!(code, Some(75), "the mail server keeps it and tries again");
}
