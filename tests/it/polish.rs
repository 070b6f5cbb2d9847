//! What fresh eyes stumbled over: words that vanish, refusals that nobody follows up, promises that can't be kept.
use axum::body::Body;
use http::{Request, header};

use crate::people::LOOKED;
use crate::referrals::{ALL, CASE, COVERED, PERSON, SERVICE, answers, does, drafted, scene};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::{ASSISTANCE, GBV, PROTECTION};
use crate::support::world::{PASSWORD, user};

#[tokio::test]
async fn s04_what_a_referral_waits_for_is_done_by_its_move_and_by_no_tap() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.chen.post(sent.path("start"), [("remark", "")]).await.redirects();
    let task = w.value(&format!("select id::text from tasks where referral_id = '{}' and done_at is null", sent.id)).await;
    w.chen.post(format!("/tasks/{task}/done"), [("back", "")]).await.is(409).shows("This is done by the work itself");
    let day = w.chen.get("/").await;
    day.shows("Report the outcome").lacks("/done\"");
    assert_eq!(day.link(&format!("/referrals/{}/outcome", sent.id)), sent.path("outcome"));
    does(&w.amina, &format!("/referrals/{}", sent.id), "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.chen.get("/").await.shows("Confirm that copies are deleted").shows("Report the outcome");
    w.chen.post(sent.path("deletion-confirmation"), [("remark", "")]).await.redirects();
    w.chen.get("/").await.lacks("Confirm that copies are deleted").shows("Report the outcome");
}

#[tokio::test]
async fn the_receivers_day_says_which_referral_what_is_needed_and_who_asks() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    w.chen.post(sent.path("assignment"), [("version", "1")]).await.redirects();
    let hidden = w.sent(GBV).await;
    w.sql(&format!("update referrals set to_assignee = '{}' where id = '{}'", user("chen"), hidden.id)).await;
    w.chen.get("/").await.shows(&format!("{} · Health · Harbour", sent.code)).lacks("Dana");
}

#[tokio::test]
async fn a_declined_referral_stays_the_senders_move_until_something_is_decided() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let page = format!("/referrals/{}", sent.id);
    w.chen.post(sent.path("decline"), [("reason", "no_capacity"), ("remark", "")]).await.redirects();
    w.amina.get("/").await.shows("Refused: refer elsewhere or talk with the person").shows("Dana Example · Day clinic");
    let seen = w.amina.get(&page).await;
    seen.shows("It is your side’s move: refer elsewhere or talk with the person. By").shows("They may be asked again later");
    w.chen.get(&page).await.lacks("refer elsewhere");
    w.chen.get(&page).await.shows("Nothing is awaited");
    does(&w.amina, &page, "note_decision", &[("reason", "")]).await.is(422);
    does(&w.amina, &page, "note_decision", &[("reason", "She waits until March.")]).await.redirects();
    w.amina.get(&page).await.shows("Nothing is awaited").shows("She waits until March.");
    w.amina.get("/").await.lacks("Refused:").lacks("Day clinic");
    w.chen.get(&page).await.lacks("March").lacks("Noted what was decided");
    does(&w.amina, &page, "note_decision", &[("reason", "again")]).await.is(409);
}

#[tokio::test]
async fn a_new_referral_in_place_of_a_declined_one_settles_it_and_a_duplicate_owes_nothing() {
    let w = World::new().await;
    scene(&w, ASSISTANCE, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    does(&w.chen, &path, "decline", &[("reason", "no_capacity")]).await.redirects();
    let other = uuid::Uuid::from_u128(0x5E5);
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values ('{other}', 2, 21, 'Evening clinic', '{{health}}')"
    ))
    .await;
    let next = w.amina.post(format!("{path}/successor"), [("service", other.to_string())]).await.redirects();
    w.amina.get("/").await.shows("Refused:");
    let seen = w.amina.post(&next, answers("send", ALL)).await.redirects();
    w.amina.get("/").await.lacks("Refused:");
    w.amina.get(&path).await.shows("Referred elsewhere: R-").shows("Nothing is awaited");
    does(&w.chen, &seen, "decline", &[("reason", "duplicate")]).await.redirects();
    w.amina.get("/").await.lacks("Refused:");
}

async fn raw(w: &World, path: &str, body: String) -> Seen {
    let request = Request::post(path)
        .header(header::COOKIE, "session=gone")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::REFERER, format!("http://127.0.0.1:8080{path}?kind=note"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .expect("a request");
    w.nobody.send(request).await
}

pub fn hidden(page: &Seen, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let at = page.body.find(&start).unwrap_or_else(|| panic!("no field {name}:\n{}", page.body)) + start.len();
    page.body[at..].split('"').next().unwrap_or_default().to_owned()
}

async fn signs_in(w: &World, login: &str, kept: &str) -> (Browser, Seen) {
    let browser = Browser::nobody(&throughcare::cli::serve::service(w.ground.clone()));
    let fields = [("login", login), ("password", PASSWORD), ("next", ""), ("kept", kept)];
    let seen = browser.post("/sign-in", fields).await;
    (browser, seen)
}

#[tokio::test]
async fn a_lost_session_loses_no_words_and_shows_them_to_their_writer_alone() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let token = hidden(&w.amina.get(format!("{case}/notes?kind=note")).await, "_csrf");
    let body = |words: &str| {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("_csrf", token.as_str()), ("kind", "note"), ("body", words)])
            .finish()
    };
    let seen = raw(&w, &format!("{case}/notes"), body("She came with \"her\" aunt.")).await;
    seen.is(401).shows("Your session has ended").lacks("aunt");
    assert_eq!(hidden(&seen, "next"), format!("{case}/notes?kind=note"));
    let kept = hidden(&seen, "kept");
    let (_, other) = signs_in(&w, "bruno", &kept).await;
    assert_eq!(other.redirects(), "/");
    let (amina, back) = signs_in(&w, "amina", &kept).await;
    back.is(200).shows("You are signed in again").shows("nothing was saved").lacks("aunt.</");
    let fields =
        [("_csrf", hidden(&back, "_csrf")), ("_again", "yes".into()), ("kind", "note".into()), ("body", "She came.".into())];
    let form = fields.iter().fold(url::form_urlencoded::Serializer::new(String::new()), |mut form, (name, value)| {
        form.append_pair(name, value);
        form
    });
    let request = Request::post(format!("{case}/notes"))
        .header(header::COOKIE, amina.cookies())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from({ form }.finish()))
        .expect("a request");
    amina.send(request).await.is(422).shows("Nothing was saved yet").shows("She came.");
    w.amina.get(&case).await.lacks("She came.");
    // Choices alone are made again in a moment; nothing of them travels.
    let bare = raw(&w, &format!("{case}/stage"), format!("_csrf={token}&stage=planning")).await;
    assert_eq!(
        bare.redirects(),
        format!(
            "/sign-in?next={}",
            url::form_urlencoded::byte_serialize(format!("{case}/stage?kind=note").as_bytes()).collect::<String>()
        )
    );
}

#[tokio::test]
async fn s04_after_withdrawal_the_receiver_reads_no_word_about_the_person() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let page = format!("/referrals/{}", sent.id);
    w.chen.post(sent.path("acceptance"), [("remark", "Farida may come on Monday")]).await.redirects();
    does(&w.chen, &page, "message", &[("text", "Please ask Farida to bring her papers")]).await.redirects();
    w.chen.get(&page).await.shows("bring her papers").shows("may come on Monday");
    does(&w.amina, &page, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.chen.get(&page).await.lacks("Farida").shows("the conversation and remarks are closed");
    w.amina.get(&page).await.shows("bring her papers").shows("the other side no longer reads this conversation");
}

#[tokio::test]
async fn s04_after_withdrawal_the_sender_decides_and_the_receiver_is_not_reminded_to_answer() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let page = format!("/referrals/{}", sent.id);
    does(&w.amina, &page, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.amina
        .get(&page)
        .await
        .shows("Consent was withdrawn on")
        .shows("the other side sees nothing more. It is your side’s move: decide what happens next")
        .shows("Accepted · not to come")
        .lacks("confirm receipt");
    w.amina.get("/").await.shows("Consent withdrawn: decide what happens with the referral");
    w.after(chrono::TimeDelta::days(6)).await;
    w.amina.get("/notifications").await.shows("A referral is due");
    let about = format!("reason = 'acknowledge' and referral_id = '{}'", sent.id);
    assert_eq!(w.count(&format!("referral_moves where action in ('reminder', 'due', 'escalated') and {about}")).await, 0);
    let own = "own_side_only and reason = 'decide_after_withdrawal' and action = 'due'";
    assert_eq!(w.count(&format!("referral_moves where {own} and referral_id = '{}'", sent.id)).await, 1);
}

#[tokio::test]
async fn s06_s07_no_call_is_promised_where_no_number_is_safe() {
    let w = World::new().await;
    scene(&w, ASSISTANCE, "amina", COVERED).await;
    w.sql("update person_contacts set safe_to_call = false, safe_to_text = true").await;
    let path = drafted(&w, &w.amina).await;
    let by = |way: &str| {
        let mut fields = answers("send", ALL);
        fields.retain(|(name, _)| *name != "follow_up");
        fields.push(("follow_up", way.to_owned()));
        fields
    };
    w.amina.post(format!("{path}/edit"), by("call")).await.is(422).shows("The person has marked no number safe for this");
    // A person has no pages of their own yet, so nobody is promised an answer there.
    w.amina.get(format!("{path}/edit")).await.lacks("own pages");
    w.amina.post(format!("{path}/edit"), by("portal")).await.is(422);
    let token = w.token(&w.amina).await;
    let id = path.trim_start_matches("/referrals/");
    let version = w.value(&format!("select version::text from referrals where id = '{id}'")).await;
    let request = Request::post(format!("/api/v1{path}/moves"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("if-match", format!("\"{version}\""))
        .body(Body::from(r#"{"action":"submit","fields":{}}"#))
        .expect("a request");
    w.nobody.send(request).await.is(422).shows("follow_up");
    w.amina.post(format!("{path}/edit"), by("sms")).await.redirects();
}

#[tokio::test]
async fn an_appointment_lies_within_a_year_moves_no_due_date_and_nobody_came_to_it_before_its_day() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let at = |days: i64| (w.ground.clock.now() + chrono::TimeDelta::days(days)).format("%Y-%m-%dT10:00").to_string();
    let due = format!("select next_due_at::date::text from referrals where id = '{}'", sent.id);
    let outcome =
        w.value(&format!("select (requested_at + interval '14 days')::date::text from referrals where id = '{}'", sent.id)).await;
    w.chen.post(sent.path("acceptance"), [("at", at(1200).as_str())]).await.is(422).shows("Choose a time within a year");
    w.chen.post(sent.path("acceptance"), [("at", at(60).as_str())]).await.redirects();
    assert_eq!(w.value(&due).await, outcome);
    w.chen.post(sent.path("outcome"), [("what", "A check-up")]).await.redirects();
    w.amina.get(format!("/referrals/{}", sent.id)).await.lacks(": came").shows("no longer needed");
}

#[tokio::test]
async fn a_name_shows_something_and_steers_nothing() {
    let w = World::new().await;
    let blank = [("name", "\u{200F}\u{200B}"), ("somebody_else", "true"), LOOKED];
    w.amina.post("/people/new", blank).await.is(422).shows("Name: Fill this in.");
    let id = w.person(&w.amina, "Dana\u{202E}\u{0007} Saleh", &[]).await;
    assert_eq!(w.value(&format!("select name from persons where id = '{id}'")).await, "Dana Saleh");
    let ages = [("name", "Lina Saleh"), ("born_on", "1990-01-01"), ("age", "12"), ("somebody_else", "true"), LOOKED];
    w.amina.post("/people/new", ages).await.is(422).shows("The date of birth gives another age");
    let token = w.token(&w.amina).await;
    let request = Request::post("/api/v1/people")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from("{\"name\":\"Da\u{202E}na\"}"))
        .expect("a request");
    w.nobody.send(request).await.is(422);
}

#[tokio::test]
async fn s02_an_emergency_offers_own_cases_the_fitting_service_and_a_number_to_ring() {
    let w = World::new().await;
    scene(&w, PROTECTION, "amina", COVERED).await;
    w.amina.get("/emergency").await.shows("C-2222-2222").lacks("Dana");
    let page = format!("/cases/{CASE}/emergency");
    w.amina.get(&page).await.lacks("child_best_interests");
    let to = format!("service:{SERVICE}");
    let slip = [("need", "shelter"), ("to", to.as_str()), ("safe_contact", "at noon"), ("basis", "consent")];
    w.amina.post(&page, slip).await.is(422).shows("This service is entered for other needs").shows("Send it there all the same");
    let child = [("need", "health"), ("to", to.as_str()), ("safe_contact", "at noon"), ("basis", "child_best_interests")];
    w.amina.post(&page, child).await.is(422).shows("This basis is for a child");
    let good = [("need", "health"), ("to", to.as_str()), ("safe_contact", "at noon"), ("basis", "vital_interest")];
    let sent = w.amina.post(&page, good).await.redirects();
    w.amina.get(sent.trim_end_matches("#hand-off")).await.shows("555 0200");
    w.sql(&format!("update services set phone = '555 4321' where id = '{SERVICE}'")).await;
    w.amina.get(sent.trim_end_matches("#hand-off")).await.shows("555 4321");
    let _ = PERSON;
}

#[tokio::test]
async fn s12_who_sees_nobody_of_a_household_sees_no_household() {
    let w = World::new().await;
    let head = w.known_person("Dana Aziz").await;
    let home = format!("/households/{}", w.household(head).await);
    w.amina.get(&home).await.is(200);
    w.only_case(head, crate::support::world::FIELD, "gender_based_violence", user("salma")).await;
    w.amina.get(&home).await.is(404);
    w.salma.get(&home).await.is(200);
}

#[tokio::test]
async fn paper_says_when_and_by_whom_it_was_printed_without_any_script() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let seen = w.amina.get(format!("{case}/print")).await;
    let printed = seen.body.split_once("data-print-time>").expect("the foot").1;
    assert!(printed.starts_with(|c: char| c.is_ascii_digit()), "{}", &printed[..40]);
}

#[tokio::test]
async fn a_code_is_never_broken_wherever_it_is_listed() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    for page in ["/", "/cases", case.as_str()] {
        let seen = w.amina.get(page).await;
        assert!(seen.body.contains(&format!("<bdi class=\"tc-whole\">{code}</bdi>")), "{page}");
    }
}

#[tokio::test]
async fn an_answer_without_a_receipt_is_the_receipt_and_steps_of_one_moment_keep_their_order() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    let page = w.amina.get(format!("/referrals/{}", sent.id)).await;
    let received = page.body.split("tc-step-label").nth(2).expect("the second step").to_owned();
    assert!(received.contains("Chen Li"), "{received}");
    w.sql(&format!(
        "update referral_moves set happened_at = recorded_at, id = gen_random_uuid() where referral_id = '{}'",
        sent.id
    ))
    .await;
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows("Accepted");
}

#[tokio::test]
async fn what_is_settled_leads_back_to_the_referral() {
    let w = World::new().await;
    let sent = w.served(ASSISTANCE).await;
    let said = [("answer", "received"), ("confirmer", "person")];
    assert_eq!(w.amina.post(sent.path("follow-up"), said).await.redirects(), format!("/referrals/{}", sent.id));
    w.amina.get(format!("/referrals/{}", sent.id)).await.lacks("Did the service come?");
}

#[tokio::test]
async fn pages_say_whom_and_what_they_are_about() {
    let w = World::new().await;
    let home = w.household(w.known_person("Dana Aziz").await).await;
    w.amina.get(format!("/people?household={home}")).await.shows("Add to household H-");
    let sent = w.sent(PROTECTION).await;
    let case = w.value(&format!("select code from cases where id = '{}'", sent.case)).await;
    w.amina.get("/referrals").await.shows(&case);
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows(&format!("Person {case}")).lacks("Dana");
    w.member("viktor", 1, "policy_viewer").await;
    assert_eq!(w.browser("viktor").await.get("/").await.redirects(), "/loop");
}

#[tokio::test]
async fn s11_the_log_of_the_protection_officer_has_no_line_of_what_they_do_not_see() {
    let w = World::new().await;
    let hidden = w.sent(GBV).await;
    w.salma.get(format!("/referrals/{}", hidden.id)).await.is(200);
    let seen = w.sent(PROTECTION).await;
    w.amina.get(format!("/referrals/{}", seen.id)).await.is(200);
    w.pia.get("/protection").await.shows("Amina Haddad").lacks("<bdi>Salma Noor</bdi>");
}

#[tokio::test]
async fn what_the_person_agreed_to_without_is_not_ticked_beforehand() {
    let w = World::new().await;
    scene(&w, 1, "amina", "need,urgency,identity").await;
    let path = drafted(&w, &w.amina).await;
    let page = w.amina.get(format!("{path}/edit")).await;
    let ticked = |section: &str| {
        let (_, rest) = page.body.split_once(&format!("id=\"f-sections-{section}\"")).expect("the box is there");
        rest.split('>').next().expect("its end").contains("checked")
    };
    assert!(ticked("need") && ticked("urgency") && !ticked("area") && !ticked("identity"));
}
