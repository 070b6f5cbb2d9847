//! Two people change one record: the second sees both versions, chooses, and loses nothing. And a disk without room.
use http::Request;
use serde_json::json;
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::world::{FIELD, user};

async fn call(w: &World, token: &str, method: &str, path: &str, version: &str, body: serde_json::Value) -> Seen {
    let mut request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    if !version.is_empty() {
        request = request.header("if-match", version);
    }
    w.nobody.send(request.header("content-type", "application/json").body(body.to_string().into()).expect("a request")).await
}

async fn contact(w: &World, by: &Browser) -> (Uuid, String) {
    let dana = w.known_person("Dana Aziz").await;
    by.post(format!("/people/{dana}/contacts"), [("channel", "phone"), ("value", "0791234567")]).await.redirects();
    let page = by.get(format!("/people/{dana}")).await;
    (dana, page.link(&format!("/people/{dana}/contacts/0")))
}

#[tokio::test]
async fn of_two_versions_of_a_contact_each_field_is_chosen() {
    let w = World::new().await;
    let (dana, path) = contact(&w, &w.amina).await;
    let with = |word: &str, hours: &str| {
        [("channel", "phone"), ("value", "0791234567"), ("version", "1"), ("agreed_word", word), ("hours", hours)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    w.bruno.post(&path, with("tulip", "mornings")).await.redirects();
    let seen = w.amina.post(&path, with("lemon", "evenings")).await;
    seen.is(409).shows("Somebody changed this meanwhile").shows("lemon").shows("tulip").shows("evenings").shows("mornings");
    let choice = [
        ("channel", "phone"),
        ("value", "0791234567"),
        ("version", "2"),
        ("_either", "agreed_word"),
        ("_mine.agreed_word", "lemon"),
        ("_theirs.agreed_word", "tulip"),
        ("_take.agreed_word", "mine"),
        ("_either", "hours"),
        ("_mine.hours", "evenings"),
        ("_theirs.hours", "mornings"),
        ("_take.hours", "theirs"),
    ];
    w.amina.post(&path, choice).await.redirects();
    w.amina.get(format!("/people/{dana}")).await.shows("lemon").shows("mornings").lacks("evenings");
    w.amina.post(format!("{path}/removal"), [("version", "1")]).await.is(409);
    w.amina.get(format!("/people/{dana}")).await.shows("0791234567");
}

#[tokio::test]
async fn nothing_is_chosen_beforehand_and_what_was_left_as_it_was_is_not_asked() {
    let w = World::new().await;
    let (dana, path) = contact(&w, &w.amina).await;
    let with = |version: &'static str, word: &'static str, hours: &'static str| {
        [("channel", "phone"), ("value", "0791234567"), ("version", version), ("agreed_word", word), ("hours", hours)]
    };
    w.bruno.post(&path, with("1", "tulip", "mornings")).await.redirects();
    let seen = w.amina.post(&path, with("1", "lemon", "").into_iter().chain([("_same", "hours")])).await;
    seen.is(409).shows("lemon").shows("tulip").keeps("mornings").lacks("_take.hours").lacks("value=\"mine\" checked");
    // Who had touched nothing of what changed is told what stands now, and asked nothing.
    let left = with("1", "", "").into_iter().chain([("_same", "hours"), ("_same", "agreed_word")]);
    let seen = w.amina.post(&path, left).await;
    seen.is(409)
        .shows("You had left these as they were")
        .shows("tulip")
        .shows("mornings")
        .lacks("not in this form")
        .lacks("_take.");
    let unchosen = [("_read", "1"), ("_either", "agreed_word"), ("_mine.agreed_word", "lemon"), ("_theirs.agreed_word", "tulip")];
    let seen = w.amina.post(&path, with("2", "", "mornings").into_iter().chain(unchosen)).await;
    seen.is(409).shows("Choose one of these.").shows("lemon");
    w.amina.get(format!("/people/{dana}")).await.shows("tulip").shows("mornings").lacks("lemon");
}

#[tokio::test]
async fn of_two_versions_of_a_person_both_are_shown_and_nothing_typed_is_lost() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let path = format!("/people/{dana}/edit");
    let kept = [("name", "Dana Aziz"), ("born_on", "1990-05-01"), ("version", "1"), ("address", "Quay Street 1")];
    w.bruno.post(&path, kept).await.redirects();
    let typed = [("name", "Dana Azizi"), ("version", "1"), ("address", "Mill Lane 2"), ("gender", "woman")];
    let seen = w.amina.post(&path, typed).await;
    seen.is(409).shows("Mill Lane 2").shows("Quay Street 1").shows("Dana Azizi").keeps("woman");
}

#[tokio::test]
async fn who_leaves_a_household_that_changed_meanwhile_is_asked_again() {
    let w = World::new().await;
    let head = w.known_person("Dana Aziz").await;
    let home = format!("/households/{}", w.household(head).await);
    let sami = w.known_person("Sami Aziz").await.to_string();
    let fields = [("person_id", sami.as_str()), ("relationship", "child"), ("joined_on", "2024-01-01")];
    w.amina.post(format!("{home}/members"), fields).await.is(409).shows("send it once more");
    w.amina.post(format!("{home}/members"), fields.into_iter().chain([("version", "1")])).await.redirects();
    let page = w.amina.get(&home).await;
    let leaving = page.body.split('"').find(|part| part.ends_with("/leaving")).expect("a form").to_owned();
    let seen = w.bruno.post(&leaving, [("left_on", "2025-02-03"), ("version", "1")]).await;
    seen.is(409).shows("Somebody changed this meanwhile").keeps("2025-02-03");
    let own = w.amina.post(&leaving, [("left_on", "2025-02-03"), ("version", "1")]).await;
    own.is(409).shows("You changed this meanwhile, in another window").lacks("Somebody changed this");
    w.bruno.post(&leaving, [("left_on", "2025-02-03"), ("version", "2")]).await.redirects();
}

#[tokio::test]
async fn a_closing_of_a_case_that_changed_meanwhile_keeps_its_words() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let old = w.value(&format!("select version::text from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    w.bruno.post(format!("{case}/stage"), [("stage", "assessment"), ("version", &old)]).await.redirects();
    let seen = w.amina.post(format!("{case}/stage"), [("stage", "planning"), ("version", &old)]).await;
    seen.is(409).shows("Planning").shows("Assessment");
    let seen = w
        .amina
        .post(format!("{case}/closure"), [("reason", "needs_met"), ("explanation", "All is well now."), ("version", &old)])
        .await;
    seen.is(409).keeps("All is well now.");
}

#[tokio::test]
async fn s10_who_changed_it_is_named_and_never_who_let_somebody_in_or_barred_them_since() {
    let w = World::new().await;
    for (login, role) in [("farah", "supervisor"), ("karim", "case_worker")] {
        w.member(login, FIELD, role).await;
    }
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let old = w.value(&format!("select version::text from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    let moved = [("stage", "assessment"), ("version", old.as_str())];
    w.browser("farah").await.post(format!("{case}/stage"), moved).await.redirects();
    let (karim, day) = (format!("user:{}", user("karim")), w.in_days(30));
    let grant = [("act", "grant"), ("who", karim.as_str()), ("until", &day[..10])];
    w.bruno.post(format!("{case}/access"), grant).await.redirects();
    let bar = [("act", "bar"), ("who", karim.as_str()), ("reason", "relative")];
    w.bruno.post(format!("{case}/access"), bar).await.redirects();
    let seen = w.amina.post(format!("{case}/stage"), [("stage", "planning"), ("version", old.as_str())]).await;
    seen.is(409).shows("Changed by: Farah").lacks("Bruno Costa");
}

#[tokio::test]
async fn words_for_a_case_that_moved_away_are_shown_for_copying_and_tell_no_stranger_that_it_is_there() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let note = [("kind", "note"), ("body", "She came with her aunt.\nOn Monday again.")];
    let seen = w.odd.post(format!("{case}/notes"), note).await;
    seen.is(404).shows("What you typed").shows("It was not saved").shows("She came with her aunt.").lacks("Dana");
    let nowhere = w.odd.post(format!("/cases/{}/notes", Uuid::now_v7()), note).await;
    assert_eq!((nowhere.status, &nowhere.body), (seen.status, &seen.body), "the same answer");
    let correction = [("explanation", "Closed after a talk with her."), ("reason", "needs_met"), ("version", "1")];
    w.odd.post(format!("{case}/closure"), correction).await.is(404).shows("Closed after a talk with her.");
    w.odd.get(&case).await.is(404).lacks("What you typed");
}

#[tokio::test]
async fn contacts_and_leaving_a_household_over_rest_name_the_version_that_was_read() {
    let w = World::new().await;
    let token = w.token(&w.amina).await;
    let dana = w.known_person("Dana Aziz").await;
    let contacts = format!("/api/v1/people/{dana}/contacts");
    let phone = json!({ "channel": "phone", "value": "0791234567" });
    call(&w, &token, "POST", &contacts, "", phone.clone()).await.is(201);
    let listed: serde_json::Value =
        serde_json::from_str(&call(&w, &token, "GET", &contacts, "", json!(null)).await.body).expect("JSON");
    let one = format!("{contacts}/{}", listed["items"][0]["id"].as_str().expect("an id"));
    call(&w, &token, "PUT", &one, "", phone.clone()).await.is(428);
    call(&w, &token, "PUT", &one, "\"7\"", phone.clone()).await.is(412);
    call(&w, &token, "PUT", &one, "\"1\"", phone).await.is(200);
    call(&w, &token, "DELETE", &one, "\"1\"", json!(null)).await.is(412);
    call(&w, &token, "DELETE", &one, "\"2\"", json!(null)).await.is(204);
    let home = format!("/api/v1/households/{}", w.household(dana).await);
    let shown: serde_json::Value =
        serde_json::from_str(&call(&w, &token, "GET", &home, "", json!(null)).await.body).expect("JSON");
    let leaving = format!("{home}/members/{}/leaving", shown["members"][0]["id"].as_str().expect("an id"));
    call(&w, &token, "POST", &leaving, "", json!({ "left_on": "2025-02-03" })).await.is(428);
    call(&w, &token, "POST", &leaving, "\"1\"", json!({ "left_on": "2025-02-03" })).await.is(200);
}

#[tokio::test]
async fn a_disk_nearly_full_refuses_writes_early_and_lets_reading_go_on() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.ground.disk.note(Some(3));
    let seen = w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "She came with her aunt.")]).await;
    seen.is(507).shows("Nothing can be saved right now").shows("She came with her aunt.");
    w.amina.get(&case).await.is(200).lacks("She came with her aunt.");
    w.ground.disk.note(Some(90_000));
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "She came with her aunt.")]).await.redirects();
    w.ground.disk.note(Some(3));
    w.amina.post("/sign-out", [("", "")]).await.redirects();
}

#[tokio::test]
async fn what_is_not_there_keeps_the_way_on_for_whoever_is_signed_in() {
    let w = World::new().await;
    for path in [format!("/cases/{}", Uuid::now_v7()), "/nowhere".to_owned()] {
        w.amina.get(&path).await.is(404).shows("My day").shows("Amina Haddad").link("/cases");
        assert!(!w.nobody.get(&path).await.body.contains("tc-nav"), "{path}");
    }
    w.chen.get("/admin/users").await.is(403).shows("My day").lacks("/admin");
}

#[tokio::test]
async fn a_child_as_a_spouse_is_saved_with_a_word_to_look_again() {
    let w = World::new().await;
    let head = w.person(&w.amina, "Dana Haddad", &[]).await.to_string();
    let child = w.person(&w.amina, "Sami Khoury", &[("age", "10")]).await.to_string();
    let home = w.amina.post("/households/new", [("head", head.as_str()), ("joined_on", "2020-01-01")]).await.redirects();
    let joins = [("person_id", child.as_str()), ("relationship", "spouse"), ("joined_on", "2020-01-01"), ("version", "1")];
    let seen = w.amina.post(format!("{home}/members"), joins).await;
    seen.redirects();
    let said =
        seen.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().is_ok_and(|text| text.contains("young-spouse")));
    assert!(said, "{:?}", seen.headers);
}
