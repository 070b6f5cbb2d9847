//! Nobody learns: whatever lists, counts, searches, exports, notifications and errors say to somebody, they say it in the same words after
//! something was recorded that they may not know of. Each test looks at all the pages, lets it happen, and looks again.
use std::collections::BTreeMap;

use throughcare::routes;
use throughcare::web::routes::Gate;
use uuid::Uuid;

use crate::people::LOOKED;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::{CLINIC, FIELD, RECEPTION, user};

/// What the secrets are called, so that everybody can ask for them.
const NAME: &str = "Layla Quietly";
const PHONE: &str = "555 0177";
const NUMBER: &str = "Q7700177";

/// Every page that names no record, as the census knows them, and the questions that a curious person would ask.
fn everywhere() -> Vec<String> {
    let all = routes::all();
    let broad =
        all.recorded().iter().filter(|route| route.method == "GET" && route.gate != Gate::Api && !route.path.contains('{'));
    let asked = ["layla quietli", PHONE, NUMBER, "C-2345-678X"].map(|word| word.replace(' ', "+"));
    let questions = ["/search?q=", "/people?q=", "/people/new?q=", "/cases?q=", "/services?q=", "/referrals?q="];
    broad
        .map(|route| route.path.to_owned())
        // Two tell of the server and of the session; the third is the log of who looked, so that looking changes it.
        .filter(|path| !matches!(path.as_str(), "/readyz" | "/account" | "/protection"))
        .chain(questions.iter().flat_map(|question| asked.iter().map(move |word| format!("{question}{word}"))))
        .chain(
            ["/referrals?tab=sent", "/referrals?tab=received", "/loop?months=12", "/notifications?show=unread"]
                .map(ToOwned::to_owned),
        )
        .chain(
            ["/services?need=shelter", "/services?need=health", "/emergency?code=C-2345-678X", "/cases?show=all"]
                .map(ToOwned::to_owned),
        )
        .collect()
}

type Looked = BTreeMap<String, (u16, String)>;

// What somebody sees: status and words of every page, and of those they name beside.
async fn look(by: &Browser, beside: &[String]) -> Looked {
    let mut looked = Looked::new();
    for path in everywhere().iter().chain(beside) {
        let seen = by.get(path).await;
        looked.insert(path.clone(), (seen.status.as_u16(), seen.text()));
    }
    looked
}

#[track_caller]
fn unchanged(who: &str, before: &Looked, after: &Looked) {
    for (path, was) in before {
        assert_eq!(was, &after[path], "{path} tells {who}");
    }
}

struct Watcher {
    name: &'static str,
    browser: Browser,
    beside: Vec<String>,
}

// Everybody who is not meant to know: colleagues, the supervisor of the unit, those above it, administrators, other organisations.
async fn watchers(w: &World, known: Uuid) -> Vec<Watcher> {
    w.ground.clock.forward(chrono::TimeDelta::zero());
    let case = w.case(&w.amina, PROTECTION, known, &[]).await;
    w.member("cora", 1, "coordinator").await;
    w.member("vic", 1, "policy_viewer").await;
    w.member("zora", FIELD, "gbv_case_worker").await;
    let near = vec![
        case.clone(),
        format!("{case}/print"),
        format!("{case}/consents"),
        format!("{case}/refer?need=health"),
        format!("/people/{known}"),
    ];
    let mut watchers = Vec::new();
    for (name, browser) in [("amina", w.amina.clone()), ("bruno", w.bruno.clone()), ("cora", w.browser("cora").await)] {
        watchers.push(Watcher { name, browser, beside: near.clone() });
    }
    let far = [("chen", w.chen.clone()), ("odd", w.odd.clone()), ("ada", w.ada.clone()), ("pia", w.pia.clone())];
    let more = [("vic", w.browser("vic").await), ("zora", w.browser("zora").await)];
    for (name, browser) in far.into_iter().chain(more) {
        watchers.push(Watcher { name, browser, beside: Vec::new() });
    }
    watchers
}

async fn nobody_learns(w: &World, watchers: &[Watcher], happens: impl AsyncFnOnce()) {
    let mut before = Vec::new();
    for watcher in watchers {
        before.push(look(&watcher.browser, &watcher.beside).await);
    }
    happens().await;
    w.work_off().await;
    for (watcher, before) in watchers.iter().zip(&before) {
        unchanged(watcher.name, before, &look(&watcher.browser, &watcher.beside).await);
    }
}

// A survivor comes to Salma: person, case, note, task, consent, a referral to the clinic that is sent.
async fn a_survivor_comes(w: &World, person: Option<Uuid>) {
    let sent = w.sent(GBV).await;
    let survivor = person.unwrap_or(sent.person);
    let salma = user("salma");
    w.sql(&format!(
        "update persons set name = '{NAME}' where id = '{id}';
         insert into person_contacts (id, person_id, channel, value, value_key) values (gen_random_uuid(), '{id}', 'phone', '{PHONE}', '5550177');
         insert into person_documents (id, person_id, kind, number, number_key) values (gen_random_uuid(), '{id}', 'passport', '{NUMBER}', '{NUMBER}');
         update cases set code = 'C-2345-678X', person_id = '{survivor}' where id = '{case}';
         update case_people set person_id = '{survivor}' where case_id = '{case}';
         insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at) values (gen_random_uuid(), 'other', '{case}', 0, 0, '{salma}', 'Call', now() - interval '1 day')",
        id = sent.person,
        case = sent.case,
    ))
    .await;
    let mut work = w.operate().await;
    work.new_key(sent.case, Some(sent.case)).await.expect("a key");
    work.commit().await.expect("it commits");
    let case = format!("/cases/{}", sent.case);
    w.salma.post(format!("{case}/notes"), [("kind", "note"), ("body", "She spoke")]).await.redirects();
    w.salma.post(format!("{case}/risk"), [("risk", "high"), ("version", "1")]).await.redirects();
}

#[tokio::test]
async fn s11_a_restricted_case_changes_nothing_for_whoever_may_not_know() {
    let w = World::new().await;
    let known = w.known_person("Dana Aziz").await;
    let watchers = watchers(&w, known).await;
    nobody_learns(&w, &watchers, async || a_survivor_comes(&w, None).await).await;
    w.pia.get("/protection").await.lacks("C-2345-678X");
    w.salma.get("/search?q=C-2345-678X").await.redirects();
}

#[tokio::test]
async fn s11_a_restricted_case_of_somebody_whom_all_know_changes_nothing_either() {
    let w = World::new().await;
    let known = w.known_person("Dana Aziz").await;
    let watchers = watchers(&w, known).await;
    nobody_learns(&w, &watchers, async || a_survivor_comes(&w, Some(known)).await).await;
}

#[tokio::test]
async fn s11_to_register_somebody_hidden_goes_through_as_if_nobody_were_there() {
    let w = World::new().await;
    a_survivor_comes(&w, None).await;
    let fields = [("name", NAME), ("phone", PHONE), ("document_kind", "passport"), ("document_number", NUMBER), LOOKED];
    let page = w.amina.post("/people/new", fields).await;
    assert!(page.redirects().starts_with("/people/"), "no duplicate is hinted at");
}

#[tokio::test]
async fn s11_a_restricted_referral_that_runs_stops_no_other_to_the_same_service() {
    let w = World::new().await;
    let known = w.known_person("Dana Aziz").await;
    let service = Uuid::now_v7();
    let case = w.case(&w.amina, PROTECTION, known, &[]).await;
    a_survivor_comes(&w, Some(known)).await;
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values ('{service}', {CLINIC}, {RECEPTION}, 'Day clinic', '{{health}}');
         update referrals set service_id = '{service}'; update referral_people set person_id = '{known}'"
    ))
    .await;
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, understood, spoken_alone, recorded_by, recorded_by_name)
         select gen_random_uuid(), id, '{known}', 'consent', 'consent', 'to refer', '{{{CLINIC}}}', '{{need,urgency,area}}', current_date, true, true, '{amina}', 'Amina'
         from cases where person_id = '{known}' and case_type = {PROTECTION}",
        amina = user("amina")
    ))
    .await;
    let (draft, to, person) = (Uuid::now_v7().to_string(), format!("service:{service}"), known.to_string());
    let path = w.amina.post(format!("{case}/refer"), [("need", "health"), ("draft", &draft), ("to", &to)]).await.redirects();
    let fields = [
        ("need", "health"),
        ("reason", "A check-up"),
        ("priority", "normal"),
        ("person", person.as_str()),
        ("sections", "need"),
        ("sections", "urgency"),
        ("sections", "area"),
        ("already_receives", "no"),
        ("without_help", "no"),
        ("available_here", "yes"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
        ("follow_up", "with_worker"),
        ("go", "send"),
    ];
    w.amina.post(&path, fields).await.redirects();
}

#[tokio::test]
async fn s10_a_barred_user_sees_no_trace_of_the_case() {
    let w = World::new().await;
    let known = w.known_person("Dana Aziz").await;
    let all = watchers(&w, known).await;
    let barred: Vec<Watcher> = all.into_iter().filter(|watcher| watcher.name == "bruno").collect();
    nobody_learns(&w, &barred, async || {
        let sent = w.sent(PROTECTION).await;
        w.sql(&format!(
            "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{case}', '{bruno}', 'relative');
             update persons set name = '{NAME}' where id = '{person}'; update cases set code = 'C-2345-678X' where id = '{case}'",
            case = sent.case,
            person = sent.person,
            bruno = user("bruno")
        ))
        .await;
        w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    })
    .await;
    w.amina.get("/search?q=C-2345-678X").await.redirects();
}

#[tokio::test]
async fn s14_a_hidden_shelter_changes_nothing_for_whoever_is_not_named() {
    let w = World::new().await;
    let known = w.known_person("Dana Aziz").await;
    let watchers = watchers(&w, known).await;
    let id = Uuid::now_v7();
    nobody_learns(&w, &watchers, async || {
        w.sql(&format!(
            "insert into services (id, org, unit, name, description, needs, phone, visibility)
               values ('{id}', 1, {FIELD}, '{NAME} house', 'Safe house for Layla', '{{shelter,health}}', '{PHONE}', 'named');
             insert into service_viewers (service_id, user_id) values ('{id}', '{salma}');
             insert into locations (id, service_id, admin1, address) values (gen_random_uuid(), '{id}', 'Marsa', '7 Quiet Street');
             insert into opening_hours (id, service_id, weekday, opens, closes) values (gen_random_uuid(), '{id}', 1, '08:00', '15:00')",
            salma = user("salma")
        ))
        .await;
    })
    .await;
    w.salma.get("/services?need=shelter").await.shows(NAME);
}

#[tokio::test]
async fn s09_what_is_hidden_and_what_is_not_there_are_refused_in_the_same_words() {
    let w = World::new().await;
    a_survivor_comes(&w, None).await;
    let reason = [("ground", "life_at_risk"), ("reason", "He is at the door")];
    for somebody in [&w.amina, &w.bruno] {
        let tried = async |code: &'static str| somebody.post("/break-glass", [("case", code), reason[0], reason[1]]).await;
        let [hidden, absent] = [tried("C-2345-678X").await, tried("C-2345-6798").await];
        assert_eq!(hidden.status, absent.status);
        assert_eq!(hidden.text().replace("C-2345-678X", ""), absent.text().replace("C-2345-6798", ""));
    }
}

#[tokio::test]
async fn s19_every_page_can_be_hidden_and_goes_blank_by_itself() {
    let w = World::new().await;
    for path in ["/", "/cases", "/inbox", "/people", "/loop", "/notifications"] {
        let page = w.chen.get(path).await;
        assert!(page.body.contains("data-hide") && page.body.contains("data-idle-minutes=\"15\""), "{path}");
        // Hiding is a link within the page: it works without scripts and without the network, and loses no word that was typed.
        assert!(page.body.contains("href=\"#neutral\"") && page.body.contains("id=\"neutral\""), "{path}");
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn s19_the_receiver_never_reads_why_a_referral_is_called_back() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    let asked = [("action", "request_cancellation"), ("reason", "not_safe"), ("remark", "He waits outside")];
    w.amina.post(sent.path("moves"), asked).await.redirects();
    w.work_off().await;
    let pages = ["/inbox", "/notifications", "/referrals?tab=received"].map(ToOwned::to_owned);
    for path in pages.into_iter().chain([sent.path("").trim_end_matches('/').to_owned(), sent.path("cancellation-confirmation")])
    {
        w.chen.get(&path).await.is(200).lacks("not safe").lacks("not_safe").lacks("He waits outside");
    }
    w.chen.post(sent.path("cancellation-confirmation"), [("remark", "")]).await.redirects();
    w.chen.get(sent.path("").trim_end_matches('/')).await.lacks("not safe").lacks("He waits outside");
}

#[tokio::test]
async fn s31_of_a_restricted_referral_the_other_side_reads_role_and_organisation_and_no_name() {
    let w = World::new().await;
    let sent = w.sent(GBV).await;
    let nadia = w.nadia().await;
    let page = sent.path("").trim_end_matches('/').to_owned();
    nadia.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    nadia.post(sent.path("moves"), [("action", "message"), ("text", "We can come to her")]).await.redirects();
    w.salma.get(&page).await.shows("We can come to her").shows("Clinic").lacks("Nadia");
    w.salma.post(sent.path("moves"), [("action", "message"), ("text", "Better not")]).await.redirects();
    nadia.get(&page).await.shows("Better not").shows("Harbour").lacks("Salma");
}
