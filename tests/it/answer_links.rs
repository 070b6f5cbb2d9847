//! Answer links: how an organisation without account answers one referral, and all that a link must not do.
mod endings;
mod register;
mod secrets;

use throughcare::directory::contacts;
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::ContactId;
use throughcare::referrals::links;
use uuid::Uuid;

use crate::referrals::{ALL, COVERED, answers, does, drafted, scene};
use crate::support::World;
use crate::support::guest::Guest;
use crate::support::world::{CLINIC, user};

const RUTH: Uuid = Uuid::from_u128(0x07);
const DESK: Uuid = Uuid::from_u128(0xDE5);

/// A referral to Clinic, which has no account here any more; Harbour knows a nurse there, whom Ada has rung, and a desk.
pub async fn outside(w: &World, case_type: i16, keeper: &str) -> String {
    scene(w, case_type, keeper, COVERED).await;
    w.sql(&format!(
        "update organisations set in_system = false where id = {CLINIC};
         insert into organisation_contacts (id, org, keeper, name, named, email, phone, verified_at, verified_by)
           values ('{RUTH}', {CLINIC}, 1, 'Ruth Adler', true, 'ruth@clinic.example', '555 0201', now(), '{ada}');
         insert into organisation_contacts (id, org, keeper, name, named, email) values ('{DESK}', {CLINIC}, 1, 'Reception', false, 'desk@clinic.example')",
        ada = user("ada")
    ))
    .await;
    let by = if keeper == "salma" { &w.salma } else { &w.amina };
    let path = drafted(w, by).await;
    assert_eq!(by.post(format!("{path}/edit"), answers("send", ALL)).await.redirects(), path);
    path
}

/// The token and the short code of the newest link.
pub async fn way_in(w: &World) -> (String, String) {
    let letter = w.value("select letter::text from answer_links order by issued_at desc, id desc limit 1").await;
    let secrets = links::secrets(&w.ground, letter.parse().expect("an id"));
    (secrets.token, secrets.short_code)
}

/// What the outbox holds for the worker of Harbour: address, subject and text of each message, the latest last.
pub async fn mails(w: &World) -> Vec<serde_json::Value> {
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("select id, body from messages order by posted_at, id").fetch_all(work.db()).await.expect("messages");
    let mut mails = Vec::new();
    for (id, body) in rows {
        let (wrapped,): (Vec<u8>,) =
            sqlx::query_as("select access.message_key($1)").bind(id).fetch_one(work.db()).await.expect("a key");
        let key = w.ground.keyring.unwrap(id, &wrapped).expect("the key opens");
        let text = key.open_text("messages.body", &body).expect("the message opens");
        mails.push(serde_json::from_str(&text).expect("a message"));
    }
    mails
}

/// The one-time code that was sent last.
async fn one_time_code(w: &World) -> String {
    w.work_off().await;
    let mails = mails(w).await;
    let text = mails.last().and_then(|mail| mail["text"].as_str()).expect("a mail");
    text.split(|c: char| !c.is_ascii_digit() && c != ' ')
        .map(|part| part.chars().filter(char::is_ascii_digit).collect::<String>())
        .find(|digits| digits.len() == 8)
        .expect("a code")
}

/// Amina makes a link for Ruth; a guest proves themselves by it.
pub async fn inside(w: &World, path: &str) -> Guest {
    let by = if w.amina.get(path).await.status == 200 { &w.amina } else { &w.salma };
    by.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.redirects();
    came_in(w).await
}

/// A guest who proved themselves by the newest link.
pub async fn came_in(w: &World) -> Guest {
    let guest = w.guest();
    let (token, _) = way_in(w).await;
    assert_eq!(guest.post(&format!("/r/{token}"), &[]).await.redirects(), "/r");
    let code = one_time_code(w).await;
    assert_eq!(guest.post("/r/pin", &[("pin", &code)]).await.redirects(), "/r");
    guest.get("/r").await.is(200);
    guest
}

async fn rows_of_everything(w: &World) -> Vec<(String, i64)> {
    let mut work = w.operate().await;
    let tables: Vec<(String,)> = sqlx::query_as(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '_sqlx_migrations' order by 1",
    )
    .fetch_all(work.db())
    .await
    .expect("the tables");
    let mut counts = Vec::new();
    for (table,) in tables {
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(work.db())
            .await
            .expect("a count");
        counts.push((table, count));
    }
    counts
}

#[tokio::test]
async fn a_partner_without_account_answers_a_referral_from_its_link_to_the_outcome() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string()), ("by_mail", "true".to_owned())]).await.redirects();
    let (token, _) = way_in(&w).await;
    let sent = mails(&w).await;
    assert_eq!(sent[0]["to"]["address"], "ruth@clinic.example");
    assert!(sent[0]["text"].as_str().is_some_and(|text| text.contains(&format!("/r/{token}\n"))), "{sent:?}");

    let guest = w.guest();
    let door = guest.get(&format!("/r/{token}")).await;
    door.is(200)
        .shows("Harbour asks for your organisation’s help")
        .shows("Send me a code")
        .lacks("Dana")
        .lacks("Walk-in")
        .lacks("Health");
    assert_eq!(door.headers["referrer-policy"], "no-referrer");
    assert_eq!(door.headers["cache-control"], "no-store");
    assert_eq!(guest.post(&format!("/r/{token}"), &[]).await.redirects(), "/r");
    guest.get("/r").await.shows("Type the one-time code").lacks("Dana").lacks("ruth@");
    let code = one_time_code(&w).await;
    let proved = guest.post("/r/pin", &[("pin", &format!("{} {}", &code[..4], &code[4..]))]).await;
    assert_eq!(proved.redirects(), "/r");
    let cookies: Vec<_> = proved.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.contains("Path=/r") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
    );

    guest.get("/r").await.is(200).shows("Health").shows("This is what you need to decide").lacks("Dana Saleh").lacks("Stitches");
    assert_eq!(guest.post("/r/acknowledgement", &[]).await.redirects(), "/r?said=acknowledgement");
    guest.get("/r/acceptance").await.is(200).shows("Accept the referral");
    let at = (chrono::Utc::now() + chrono::TimeDelta::days(30)).format("%F 10:30").to_string();
    let accepted = guest.post("/r/acceptance", &[("at", at.as_str()), ("place", "Room 4")]).await;
    assert_eq!(accepted.redirects(), "/r?said=acceptance");
    guest.get("/r").await.shows("Dana Saleh").shows("Stitches need care").shows("555 7788");
    guest.post("/r/message", &[("text", "Please bring the papers")]).await.redirects();
    guest.post("/r/outcome", &[("what", "Wound dressed"), ("how_much", "1 visit")]).await.redirects();
    w.amina
        .get(&path)
        .await
        .shows("Wound dressed")
        .shows("Please bring the papers")
        .shows("Answered by secure link, Clinic")
        .shows("Came in with the code");
    assert_eq!(w.count("referral_moves where side = 'to' and on_behalf is null and actor_id is null").await, 5);
    assert_eq!(w.count("link_uses where what = 'answered'").await, 4);
    assert!(w.count("facts where actor like 'link:%' and kind = 'referral.accepted' and org = 1").await == 1);
}

#[tokio::test]
async fn a_mail_scanner_that_opens_every_link_changes_nothing_and_sends_nothing() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string()), ("by_mail", "true".to_owned())]).await.redirects();
    w.work_off().await;
    let (token, code) = way_in(&w).await;
    let before = rows_of_everything(&w).await;
    for nth in 0..10 {
        let scanner = w.guest_at(&format!("198.51.100.{nth}"));
        for page in [
            format!("/r/{token}"),
            format!("/r/{token}?lang=ar"),
            "/r".into(),
            "/r/start".into(),
            "/r/done".into(),
            "/r/pin".into(),
            format!("/r?code={code}"),
        ] {
            assert!(!scanner.get(&page).await.status.is_server_error(), "{page}");
            scanner.send("HEAD", &page, None).await;
        }
        for page in ["acceptance", "decline", "outcome", "message"] {
            scanner.get(&format!("/r/{page}")).await.is(401);
        }
    }
    w.work_off().await;
    assert_eq!(rows_of_everything(&w).await, before);
}

#[tokio::test]
async fn s19_the_answer_page_shows_no_basis_no_reason_of_a_cancellation_and_never_that_word() {
    let w = World::new().await;
    let path = outside(&w, 4, "salma").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/acceptance", &[]).await.redirects();
    // Whoever no longer wants it is not held by the handshake, and withdrawn consent is a withdrawal (S4).
    for held in ["not_wanted", "consent_withdrawn"] {
        does(&w.salma, &path, "request_cancellation", &[("reason", held)]).await.is(422);
    }
    let cancel = [("reason", "need_met"), ("remark", "She went back to her husband")];
    does(&w.salma, &path, "request_cancellation", &cancel).await.redirects();
    for lang in ["en", "ar", "fr", "es"] {
        let seen = guest.get(&format!("/r?lang={lang}")).await;
        seen.is(200).lacks("husband").lacks("Salma");
        let text = seen.text().to_lowercase();
        for word in ["survivor", "survivant", "sobreviviente", "ناجية", "ناجٍ", "vital_interest", "gender-based", "gbv"]
        {
            assert!(!text.contains(word), "{lang} shows {word}: {text}");
        }
    }
    guest.get("/r?lang=en").await.shows("Cancellation asked for").lacks("no longer needed").lacks("need met").lacks("Consent");
}

#[tokio::test]
async fn s31_a_late_answer_by_link_says_when_and_why_and_restricted_types_show_no_names() {
    let w = World::new().await;
    let path = outside(&w, 4, "salma").await;
    w.sql("update referrals set requested_at = now() - interval '5 days', last_moved_at = now() - interval '5 days'").await;
    let guest = inside(&w, &path).await;
    let early = (w.ground.clock.now() - chrono::TimeDelta::days(3)).format("%Y-%m-%d %H:%M").to_string();
    guest
        .post("/r/acceptance", &[("happened_at", &early), ("remark", "We saw her at once")])
        .await
        .is(422)
        .shows("We saw her at once");
    guest.post("/r/acceptance", &[("happened_at", &early), ("late_reason", "Written on paper first")]).await.redirects();
    assert_eq!(w.count("referral_moves where action = 'accept' and happened_at < now() - interval '2 days' and recorded_at > now() - interval '1 hour'").await, 1);
    guest.get("/r").await.is(200).lacks("Salma Noor");
    w.salma.get(&path).await.shows("Answered by secure link");
}

#[tokio::test]
async fn nothing_typed_is_lost_when_the_sender_was_faster() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    guest.get("/r/acceptance").await.is(200);
    w.sql("update referrals set version = version + 1").await;
    let seen = guest.post("/r/acceptance", &[("version", "2"), ("remark", "Come on Monday, third floor")]).await;
    seen.is(409).shows("Come on Monday, third floor").shows("has changed meanwhile");
    does(&w.amina, &path, "cancel", &[("reason", "need_met")]).await.redirects();
    let seen = guest.post("/r/acceptance", &[("remark", "Come on Monday, third floor")]).await;
    seen.is(401).shows("Come on Monday, third floor").lacks("Dana");
}

#[tokio::test]
async fn who_accepts_in_a_second_tab_reads_that_they_have_accepted_already() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    let version =
        w.value(&format!("select version::text from referrals where id = '{}'", path.trim_start_matches("/referrals/"))).await;
    guest.post("/r/acceptance", &[("version", &version)]).await.redirects();
    let seen = guest.post("/r/acceptance", &[("version", &version), ("remark", "On Monday")]).await;
    seen.is(409).shows("You have accepted this already").shows("On Monday").lacks("has changed meanwhile");
}

#[tokio::test]
async fn a_date_that_cannot_be_read_is_shown_how_to_write() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/acceptance", &[("at", "next Monday")]).await.is(422).shows("Write the date as 30/12/2026 14:00");
    guest.post("/r/acceptance", &[("remark", "")]).await.redirects();
    guest.post("/r/appointment", &[("at", "")]).await.is(422).shows("Write the date as 30/12/2026 14:00").lacks("Fill this in");
    let soon = (w.ground.clock.now() + chrono::TimeDelta::days(3)).format("%d/%m/%Y 14:00").to_string();
    guest.post("/r/appointment", &[("at", &soon)]).await.redirects();
    assert_eq!(w.count("referrals where appointment_at is not null").await, 1);
}

#[tokio::test]
async fn a_form_from_another_page_does_nothing() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    guest.send("POST", "/r/acceptance", Some("remark=forged".to_owned())).await.is(401);
    assert_eq!(w.count("referrals where status = 'accepted'").await, 0);
}

#[tokio::test]
async fn an_issue_for_the_same_letter_is_the_same_link_and_a_preview_creates_nothing() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let referral = path.trim_start_matches("/referrals/").parse().expect("an id");
    let letter = Uuid::now_v7();
    assert_eq!(links::secrets(&w.ground, letter), links::secrets(&w.ground, letter));
    assert_eq!(w.count("answer_links").await, 0);
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    let known = contacts::list(&mut work, CLINIC).await.expect("contacts");
    assert_eq!(known.first().map(|contact| contact.id), Some(ContactId(RUTH)));
    let first = links::issue(&mut work, referral, letter, Some(ContactId(DESK))).await.expect("a link");
    assert_eq!(links::issue(&mut work, referral, letter, Some(ContactId(DESK))).await.expect("a link"), first);
    work.commit().await.expect("it commits");
    w.guest().get(&format!("/r/{}", links::secrets(&w.ground, letter).token)).await.is(200);
}
