//! Answer links: how an organisation without account answers one referral, and all that a link must not do.
use throughcare::directory::contacts;
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::{ContactId, LinkId};
use throughcare::referrals::links;
use uuid::Uuid;

use crate::referrals::{ALL, COVERED, answers, does, drafted, scene};
use crate::support::World;
use crate::support::guest::Guest;
use crate::support::world::{CLINIC, FIELD, user};

const RUTH: Uuid = Uuid::from_u128(0x07);
const DESK: Uuid = Uuid::from_u128(0xDE5);

/// A referral to Clinic, which has no account here any more; Harbour knows a nurse there, whom Ada has rung, and a desk.
async fn outside(w: &World, case_type: i16, keeper: &str) -> String {
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
async fn way_in(w: &World) -> (String, String) {
    let letter = w.value("select letter::text from answer_links order by issued_at desc, id desc limit 1").await;
    let secrets = links::secrets(&w.ground, letter.parse().expect("an id"));
    (secrets.token, secrets.short_code)
}

/// What the outbox holds for the worker of Harbour: address, subject and text of each message, the latest last.
async fn mails(w: &World) -> Vec<serde_json::Value> {
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
async fn inside(w: &World, path: &str) -> Guest {
    let by = if w.amina.get(path).await.status == 200 { &w.amina } else { &w.salma };
    by.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.redirects();
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
async fn s17_protected_types_reach_only_a_named_contact_who_was_verified_by_telephone() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let page = w.amina.get(&path).await;
    page.shows("Ruth Adler").lacks("Reception");
    for contact in [DESK.to_string(), String::new()] {
        w.amina
            .post(format!("{path}/links"), [("contact", contact.as_str())])
            .await
            .is(422)
            .shows("only a person by name whom we have checked by telephone");
    }
    w.sql(&format!("update organisation_contacts set verified_at = null, verified_by = null where id = '{RUTH}'")).await;
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.is(422);
    assert_eq!(w.count("answer_links").await, 0);
    w.ada.post(format!("/contacts/{RUTH}/verification"), [("version", "1")]).await.redirects();
    w.amina.post(format!("{path}/links"), [("contact", RUTH.to_string())]).await.redirects();

    // The code goes to the register as it stands when it is sent: not to a contact whose address was changed since.
    let link = w.value("select id::text from answer_links").await;
    w.ada
        .post(
            format!("/contacts/{RUTH}"),
            [
                ("version", "2"),
                ("kind", "person"),
                ("name", "Ruth Adler"),
                ("email", "ruth@elsewhere.example"),
                ("phone", "555 0201"),
                ("lang", "en"),
            ],
        )
        .await
        .redirects();
    let (token, _) = way_in(&w).await;
    w.guest().post(&format!("/r/{token}"), &[]).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("messages where kind = 'code'").await, 0);
    assert_eq!(w.count("facts where kind = 'link.code_not_sent'").await, 1);
    w.amina.post(format!("/links/{link}/code"), [("", "")]).await.is(409).shows("a person verified by telephone");
    w.amina.get("/notifications").await.shows("none could be sent");
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
        let words = format!("{} {}", mail["subject"], mail["text"]);
        for secret in ["Dana", "Stitches", "Walk-in", "Health", "R-", "C-2222", short.as_str()] {
            assert!(!words.contains(secret), "a mail says {secret}: {words}");
        }
    }
    let read = w.amina.post(format!("/links/{link}/code"), [("", "")]).await;
    read.is(200).shows("555 0201").shows("Ruth Adler");
    assert_eq!(w.count("facts where kind = 'link.code_read'").await, 1);
    w.chen.get(format!("/links/{link}")).await.is(404);
}

#[tokio::test]
async fn s04_withdrawal_closes_the_link_at_once() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/acceptance", &[]).await.redirects();
    guest.get("/r").await.shows("Dana Saleh");
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    guest.get("/r").await.is(401).shows("This page is closed").lacks("Dana").lacks("withdrawn").lacks("consent");
    let late = guest.post("/r/outcome", &[("what", "Words that were typed before")]).await;
    late.is(401).shows("Words that were typed before").lacks("Dana");
    let (token, code) = way_in(&w).await;
    w.guest().get(&format!("/r/{token}")).await.is(404);
    w.guest_at("192.0.2.8").post("/r", &[("code", &code)]).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("link_codes").await, 1, "no further code is made");
    let mut work =
        Work::open(&w.ground, Actor::Link(LinkId(w.value("select id::text from answer_links").await.parse().expect("an id"))))
            .await
            .expect("work");
    for table in ["referrals", "packets", "referral_moves", "referral_messages", "organisations"] {
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(work.db())
            .await
            .expect("a count");
        assert_eq!(count, 0, "{table}");
    }
}

#[tokio::test]
async fn a_link_ends_with_its_answer_or_with_its_packet() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    let guest = inside(&w, &path).await;
    let seen = guest.post("/r/decline", &[("reason", "no_such_reason")]).await;
    seen.is(422).shows("Decline the referral");
    assert_eq!(guest.post("/r/decline", &[("reason", "no_capacity")]).await.redirects(), "/r/done");
    guest.get("/r/done").await.shows("Thank you").lacks("Dana");
    guest.get("/r").await.is(401).lacks("Health");
    w.amina.get(&path).await.shows("Declined");
}

#[tokio::test]
async fn a_link_lasts_while_it_is_answered_and_a_served_packet_closes_it_later() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    let until = "select extract(day from expires_at - now())::text from answer_links";
    let first: f64 = w.value(until).await.parse().expect("days");
    guest
        .post("/r/acceptance", &[("at", &format!("{}T10:00", (w.ground.clock.now() + chrono::TimeDelta::days(40)).date_naive()))])
        .await
        .redirects();
    let later: f64 = w.value(until).await.parse().expect("days");
    assert!(first < 15.0 && later > 50.0, "{first} {later}");
    guest.post("/r/outcome", &[("what", "Wound dressed")]).await.redirects();
    guest.get("/r").await.is(200).shows("Dana Saleh");
    w.sql("update packets set closes_at = now() - interval '1 second'").await;
    guest.get("/r").await.is(401).lacks("Dana");
}

#[tokio::test]
async fn s19_the_answer_page_shows_no_basis_no_reason_of_a_cancellation_and_never_that_word() {
    let w = World::new().await;
    let path = outside(&w, 4, "salma").await;
    let guest = inside(&w, &path).await;
    guest.post("/r/acceptance", &[]).await.redirects();
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
async fn a_revoked_link_is_over_and_a_new_one_takes_its_place() {
    let w = World::new().await;
    let path = outside(&w, 3, "amina").await;
    let guest = inside(&w, &path).await;
    let (old, _) = way_in(&w).await;
    guest.get("/r").await.is(200);
    w.amina.post(format!("{path}/links"), [("contact", DESK.to_string())]).await.redirects();
    let (new, _) = way_in(&w).await;
    assert_ne!(old, new);
    guest.get("/r").await.is(401);
    w.guest().get(&format!("/r/{old}")).await.is(404);
    w.guest().get(&format!("/r/{new}")).await.is(200);
    let link = w.value("select id::text from answer_links where revoked_at is null").await;
    w.chen.post(format!("/links/{link}/revocation"), [("", "")]).await.is(404);
    w.amina.post(format!("/links/{link}/revocation"), [("", "")]).await.redirects();
    w.guest().get(&format!("/r/{new}")).await.is(404);
    w.amina.get(&path).await.shows("Taken back");
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

#[tokio::test]
async fn administrators_keep_the_register_and_others_read_what_is_theirs_to_read() {
    let w = World::new().await;
    w.sql(&format!("update organisations set in_system = false where id = {CLINIC}")).await;
    let org = CLINIC.to_string();
    let fields = [
        ("org", org.as_str()),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@clinic.example"),
        ("phone", ""),
        ("lang", "fr"),
    ];
    w.ada.post("/contacts", fields).await.is(422).keeps("ruth@clinic.example").shows("checked by telephone");
    let fields = [
        ("org", org.as_str()),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@clinic.example"),
        ("phone", "555 0201"),
        ("lang", "fr"),
    ];
    w.amina.post("/contacts", fields).await.is(403);
    w.ada.post("/contacts", fields).await.redirects();
    let contact = w.ada.get("/contacts").await.shows("Not verified").link("/contacts/0");
    w.ada.post(format!("{contact}/verification"), [("version", "1")]).await.redirects();
    w.amina.get("/contacts").await.shows("Verified by telephone").shows("Ruth Adler").lacks("New contact");
    w.ada.get(&contact).await.shows("Verified by telephone,");
    let other = [
        ("version", "2"),
        ("kind", "person"),
        ("name", "Ruth Adler"),
        ("email", "ruth@elsewhere.example"),
        ("phone", "555 0201"),
        ("lang", "fr"),
    ];
    w.ada.post(&contact, other).await.redirects();
    w.ada.get(&contact).await.shows("Not verified").lacks("Verified by telephone,");
    w.ada.post(&contact, other).await.is(409);
    w.odd.get("/contacts").await.lacks("Ruth");
    w.odd.get(&contact).await.is(404);
    w.ada.post(format!("{contact}/retirement"), [("version", "3")]).await.redirects();
    w.ada.get("/contacts").await.lacks("Ruth");
    assert_eq!(w.count("facts where kind = 'contact.changed'").await, 4);
    assert_eq!(w.count("facts where kind = 'contact.changed' and note::text like '%clinic.example%'").await, 0);
    let stranger = FIELD.to_string();
    w.ada
        .post(
            "/contacts",
            [("org", stranger.as_str()), ("kind", "desk"), ("name", "x"), ("email", "a@b.example"), ("lang", "en")],
        )
        .await
        .is(422);
}

#[tokio::test]
async fn who_answers_often_by_link_is_proposed_for_an_invitation() {
    let w = World::new().await;
    outside(&w, 3, "amina").await;
    w.ada.get("/contacts").await.shows("Too few referrals").lacks("invite them in");
    w.sql(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_org, need, priority, status, step, author, requested_at)
           select gen_random_uuid(), 'R-often-' || n, 'external', case_id, from_org, from_unit, to_org, need, priority, 'accepted', 'assigned', author, now()
           from referrals, generate_series(1, 5) n where kind = 'external';
         insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at)
           select gen_random_uuid(), id, gen_random_uuid(), code::bytea, code::bytea, now(), now() + interval '1 day' from referrals where code like 'R-often-%';
         insert into link_uses (id, referral_id, link_id, what) select gen_random_uuid(), referral_id, id, 'answered' from answer_links",
    )
    .await;
    w.ada.get("/contacts").await.shows("invite them in");
    w.amina.get("/contacts").await.lacks("invite them in");
    w.sql("update cases set case_type = 4").await;
    w.ada.get("/contacts").await.lacks("invite them in");
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

#[tokio::test]
async fn s04_the_receiver_is_asked_in_writing_to_delete_what_it_has_and_never_told_why() {
    let w = World::new().await;
    let path = outside(&w, 1, "amina").await;
    inside(&w, &path).await;
    does(&w.amina, &path, "withdraw", &[("extent", "end_service")]).await.redirects();
    w.work_off().await;
    let mails = mails(&w).await;
    let last = mails.last().expect("a mail");
    assert_eq!(last["to"]["address"], "ruth@clinic.example");
    let words = format!("{} {}", last["subject"], last["text"]);
    assert!(words.contains("delete every copy") && words.contains("within 5 days"), "{words}");
    for secret in ["Dana", "consent", "withdr", "Walk-in", "Stitches"] {
        assert!(!words.contains(secret), "{words}");
    }
}
