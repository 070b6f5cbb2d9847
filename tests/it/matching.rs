//! Services for a case: ranked with reasons, several drafted at once, what the person says and what was refused before.
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::call;
use crate::referrals::{ALL, CASE, COVERED, SERVICE, answers, drafted, scene};
use crate::support::World;
use crate::support::sent::{ASSISTANCE, PROTECTION};
use crate::support::world::{CLINIC, RECEPTION};

const NIGHT: Uuid = Uuid::from_u128(0x5E5);
const HIDDEN: Uuid = Uuid::from_u128(0x5E6);

async fn world() -> World {
    let w = World::new().await;
    scene(&w, PROTECTION, "amina", COVERED).await;
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values ('{NIGHT}', {CLINIC}, {RECEPTION}, 'Night clinic', '{{health}}');
         insert into services (id, org, unit, name, needs, visibility, cleared_types) values
           ('{HIDDEN}', {CLINIC}, {RECEPTION}, 'Quiet house', '{{health}}', 'cleared', '{{200}}')"
    ))
    .await;
    w
}

// The same with thirty-one services more: a page and a bit.
async fn with_wards() -> World {
    let w = world().await;
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) select gen_random_uuid(), {CLINIC}, {RECEPTION}, 'Ward ' || n, '{{health}}'
           from generate_series(1, 31) n"
    ))
    .await;
    w
}

fn list() -> String {
    format!("/cases/{CASE}/services")
}

// What is said of one service: its fields carry its id, since the whole list is one form.
fn of_one(service: Uuid, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let named = fields.iter().map(|(field, value)| (format!("{field}-{service}"), (*value).to_owned()));
    named.chain([("service".to_owned(), service.to_string())]).collect()
}

#[tokio::test]
async fn several_services_make_one_draft_each_in_one_action() {
    let w = world().await;
    let drafts = [Uuid::now_v7().to_string(), Uuid::now_v7().to_string()];
    let (first, second) = (SERVICE.to_string(), NIGHT.to_string());
    let form = [("draft", drafts[0].as_str()), ("draft", &drafts[1]), ("to", &first), ("to", &second), ("need", "health")];
    for _ in 0..2 {
        let back = w.amina.post(list(), form).await.redirects();
        assert!(back.starts_with(&format!("{}?need=health", list())) && back.ends_with("#drafts"), "{back}");
        assert_eq!(w.count("referrals").await, 2, "a second click finds the first one's drafts");
    }
    let page = w.amina.get(list()).await;
    page.shows("Drafts of this case that wait").shows("Walk-in clinic · R-").shows("Night clinic · R-").shows("A draft waits");
    let another = Uuid::now_v7().to_string();
    w.amina.post(list(), [("draft", another.as_str()), ("to", &second), ("need", "health")]).await.redirects();
    assert_eq!(w.count("referrals").await, 2, "the draft that waits is gone on with");
    assert_eq!(w.value("select string_agg(distinct status, ',') from referrals").await, "draft", "nothing is sent");
    w.amina.get(format!("/referrals/{}/edit", drafts[1])).await.is(200).shows("Night clinic");
    w.amina.post(list(), [("need", "health")]).await.is(422).shows("Fill this in");
    let nine: Vec<(&str, String)> = (0..9).map(|_| ("to", Uuid::now_v7().to_string())).collect();
    w.amina.post(list(), nine).await.is(422).shows("Eight services at most");
    w.odd.post(list(), form).await.is(404);
}

#[tokio::test]
async fn a_service_to_which_a_referral_runs_says_so_and_is_not_written_to_again_without_a_word() {
    let w = World::new().await;
    crate::referrals::sent(&w).await;
    let code = w.value("select code from referrals").await;
    w.amina.get(list()).await.shows("Under way").shows(&code);
    let (draft, service) = (Uuid::now_v7().to_string(), SERVICE.to_string());
    let fields = [("draft", draft.as_str()), ("to", service.as_str()), ("need", "health")];
    w.amina.post(list(), fields).await.is(422).shows("is under way already").shows("Write another one all the same");
    assert_eq!(w.count("referrals").await, 1);
    w.amina.post(list(), [fields.as_slice(), &[("again", "true")]].concat()).await.redirects();
    assert_eq!(w.count("referrals").await, 2);
}

#[tokio::test]
async fn every_service_can_be_reached_and_what_names_no_condition_is_not_called_eligible() {
    let w = with_wards().await;
    let page = w.amina.get(format!("{}?need=health", list())).await;
    page.shows("1–30 of 33");
    let rest = w.amina.get(format!("{}?need=health&only=all&page=2", list())).await;
    rest.shows("31–33 of 33");
    let eligible = w.amina.get(format!("{}?need=health&only=eligible", list())).await;
    eligible.lacks("Night clinic").lacks("Ward 7");
}

#[tokio::test]
async fn what_is_ticked_stays_so_on_the_pages_before_and_after() {
    let w = with_wards().await;
    let (first, page) = (NIGHT.to_string(), w.amina.get(format!("{}?need=health", list())).await);
    page.shows("1–30 of 33").lacks("Chosen on other pages").lacks("rel=\"next\"");
    // Enter on a tick box presses the first button of the form, and that turns no page.
    let form = page.body.split("id=\"draft-form\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("the form");
    assert!(form.contains("type=\"submit\"") && !form.contains("name=\"turn\""), "{form}");
    let turn = [("need", "health"), ("only", "all"), ("page", "1"), ("to", first.as_str()), ("turn", "2")];
    let next = w.amina.post(list(), turn).await.redirects();
    assert_eq!(w.count("referrals").await, 0, "turning a page drafts nothing");
    let elsewhere = if page.body.contains(&format!("value=\"{first}\"")) { next } else { next.replace("page=2", "page=1") };
    w.amina.get(elsewhere).await.shows("Chosen on other pages").shows("Night clinic");
    // So it does with another filter and another need, also where they show nothing.
    for (turned, to) in [("only:to_ask", "only=to_ask"), ("find", "need=shelter")] {
        let fields = [("need", "health"), ("find", "shelter"), ("only", "all"), ("to", first.as_str()), ("turn", turned)];
        let there = w.amina.post(list(), fields).await.redirects();
        assert!(there.contains(to) && there.contains(&format!("to={first}")), "{there}");
    }
    page.shows("Takes people now");
    assert!(page.body.contains("form=\"draft-form\" name=\"turn\" value=\"only:accepting\""), "{}", page.body);
    w.odd.post(list(), turn).await.is(404);
}

#[tokio::test]
async fn what_is_ticked_stays_so_while_something_is_said_of_another_service() {
    let w = world().await;
    let ticked = SERVICE.to_string();
    let tick = format!("id=\"f-to-{ticked}\" value=\"{ticked}\" checked");
    let page = w.amina.get(list()).await;
    // One form holds the list, and Enter in what is typed there drafts nothing.
    page.lacks(&format!(" action=\"{}/preference\"", list())).lacks(&format!(" action=\"{}/not-referred\"", list()));
    assert!(page.body.contains(&format!("<textarea class=\"form-control\" id=\"y-{NIGHT}\"")), "{}", page.body);
    let with_tick = |fields: Vec<(String, String)>| [fields, vec![("to".to_owned(), ticked.clone())]].concat();
    let prefer = format!("{}/preference", list());
    // With a mistake, both the tick and what was begun in the row are still there.
    let fields = of_one(NIGHT, &[("wish", "unwanted"), ("words", ""), ("not_referred", "already_receives")]);
    let again = w.amina.post(&prefer, with_tick(fields)).await;
    again.is(422).shows("Fill this in");
    assert!(again.body.contains(&tick) && again.body.contains("value=\"already_receives\" selected"), "{}", again.body);
    let back = w.amina.post(&prefer, with_tick(of_one(NIGHT, &[("wish", "wanted"), ("words", "")]))).await.redirects();
    assert!(w.amina.get(&back).await.body.contains(&tick), "{back}");
    // Whoever is not referred to a service does not stay ticked for it.
    let decline = format!("{}/not-referred", list());
    let mut both = with_tick(of_one(NIGHT, &[("of_need", "health"), ("not_referred", "already_receives")]));
    both.push(("to".to_owned(), NIGHT.to_string()));
    let back = w.amina.post(&decline, both).await.redirects();
    assert!(back.contains(&format!("to={ticked}")) && !back.contains(&format!("to={NIGHT}")), "{back}");
    let many: Vec<(String, String)> = (0..99).map(|_| ("to".to_owned(), Uuid::now_v7().to_string())).collect();
    let back = w.amina.post(&prefer, [of_one(NIGHT, &[("wish", "open"), ("words", "")]), many].concat()).await.redirects();
    assert_eq!(back.matches("to=").count(), 30, "an address takes so many");
    assert_eq!(w.count("referrals").await, 0);
}

#[tokio::test]
async fn s14_a_hidden_service_is_neither_ranked_nor_counted_nor_drafted() {
    let w = world().await;
    w.amina.get(format!("{}?need=health", list())).await.shows("Night clinic").lacks("Quiet house").lacks(&HIDDEN.to_string());
    let (draft, to) = (Uuid::now_v7().to_string(), HIDDEN.to_string());
    w.amina.post(list(), [("draft", draft.as_str()), ("to", &to)]).await.is(422);
    w.amina.post(format!("{}/preference", list()), of_one(HIDDEN, &[("wish", "wanted")])).await.is(404);
    assert_eq!(w.count("referrals").await + w.count("service_preferences").await, 0);
}

#[tokio::test]
async fn a_refusal_before_counts_against_with_its_reason() {
    let w = world().await;
    w.sql(&format!("update services set places_free = 4 where id = '{SERVICE}'")).await;
    let before = w.amina.get(format!("{}?need=health", list())).await.text();
    assert!(before.find("Walk-in clinic") < before.find("Night clinic"), "it has places free");
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    w.chen.post(format!("{path}/decline"), [("reason", "no_capacity"), ("remark", "")]).await.redirects();
    let page = w.amina.get(format!("{}?need=health", list())).await;
    page.shows("Has declined this person before: No capacity at present");
    let at = |name: &str| page.text().find(name).unwrap_or_else(|| panic!("{name} is not there"));
    assert!(at("Night clinic") < at("Walk-in clinic"));
}

// Dana, who walks with much difficulty and speaks Arabic, in a household of which it is known where it lives; and two services.
async fn near_and_far() -> World {
    let w = World::new().await;
    scene(&w, ASSISTANCE, "amina", COVERED).await;
    w.sql(&format!(
        r#"update persons set admin1 = '', languages = '{{ar}}', disability = '{{"walking": "a_lot"}}';
         insert into profiles (case_id, fields, computed_at) values ('{CASE}', '{{"household": {{"latitude": 31.95, "longitude": 35.93}}}}', now());
         insert into services (id, org, unit, name, needs, languages, accessibility)
           values ('{NIGHT}', {CLINIC}, {RECEPTION}, 'Night clinic', '{{health}}', '{{ar}}', 'A ramp at the door');
         update services set languages = '{{fr}}' where id = '{SERVICE}';
         insert into locations (id, service_id, latitude, longitude) values
           (gen_random_uuid(), '{SERVICE}', 31.96, 35.93), (gen_random_uuid(), '{NIGHT}', 33.95, 35.93)"#
    ))
    .await;
    w
}

#[tokio::test]
async fn distance_counts_before_a_shared_language_and_that_before_access_and_each_says_so() {
    let w = near_and_far().await;
    let page = async || w.amina.get(format!("{}?need=health", list())).await;
    let first =
        |text: &str| if text.find("Walk-in clinic") < text.find("Night clinic") { "Walk-in clinic" } else { "Night clinic" };
    let seen = page().await;
    seen.shows("About 2 km away").shows("About 223 km away");
    assert_eq!(first(&seen.text()), "Walk-in clinic", "it is near, whatever it speaks");
    // Where each lies is not known: the language decides.
    w.sql("delete from locations").await;
    let seen = page().await;
    seen.shows("Speaks the person's language · Says of access: A ramp at the door").shows("Does not speak the person's language");
    assert_eq!(first(&seen.text()), "Night clinic");
    // Both speak it: what they say of access does.
    w.sql(&format!(
        "update services set languages = '{{ar}}', accessibility = case id when '{SERVICE}' then 'A lift' else '' end"
    ))
    .await;
    let seen = page().await;
    seen.shows("Speaks the person's language · Says of access: A lift")
        .shows("Ask whether it is accessible: the entry does not say");
    assert_eq!(first(&seen.text()), "Walk-in clinic");
}

#[tokio::test]
async fn what_the_person_says_is_kept_and_counts() {
    let w = world().await;
    let path = format!("{}/preference", list());
    let says = async |wish: &str, words: &str| w.amina.post(&path, of_one(NIGHT, &[("wish", wish), ("words", words)])).await;
    says("unwanted", "").await.is(422).shows("Needed where the person does not want the service.").shows("Fill this in");
    says("unwanted", "Afraid of the way there at night").await.redirects();
    let page = w.amina.get(format!("{}?need=health", list())).await;
    page.shows("The person does not want it: Afraid of the way there at night");
    let text = page.text();
    assert!(text.find("Walk-in clinic") < text.find("Night clinic"));
    let kept = w.value("select encode(words, 'escape') from service_preferences").await;
    assert!(!kept.contains("Afraid"), "it is sealed");
    says("wanted", "").await.redirects();
    let text = w.amina.get(format!("{}?need=health", list())).await.text();
    assert!(text.find("Night clinic") < text.find("Walk-in clinic"));
    w.odd.post(&path, of_one(NIGHT, &[("wish", "wanted")])).await.is(404);
}

#[tokio::test]
async fn why_nobody_is_referred_is_kept_from_the_list() {
    let w = world().await;
    let service = SERVICE.to_string();
    let path = format!("{}/not-referred", list());
    let said = |reason| of_one(SERVICE, &[("of_need", "health"), ("not_referred", reason)]);
    w.amina.post(&path, said("no such reason")).await.is(422);
    w.amina.post(&path, said("already_receives")).await.redirects();
    assert_eq!(w.value("select service_id::text from not_referred").await, service);
    w.amina.get(list()).await.shows("Not referring here, because: ");
}

#[tokio::test]
async fn a_providers_record_says_how_sure_it_is_and_few_people_say_nothing() {
    let w = world().await;
    w.amina.get(list()).await.shows("Too few people have answered");
    w.sql(&format!(
        "insert into loop_figures (id, from_org, cut, value, sensitivity, sent, verified, due, days_to_serve_median, counted_at)
           values (gen_random_uuid(), null, 'to_org', '{CLINIC}', 'protected', 40, 24, 30, 6, now())"
    ))
    .await;
    let page = w.amina.get(list()).await;
    page.shows("Of 100 people, 80 confirmed that the service came (between 63 and 90, from 30 answers)");
    page.shows("The service usually comes within 6 days").lacks("Too few people have answered");
    w.sql("update loop_figures set sent = 20, due = 20, verified = 16").await;
    w.amina.get(list()).await.shows("Too few people have answered").lacks("Of 100 people");
}

#[tokio::test]
async fn matches_and_drafts_go_over_rest() {
    let w = world().await;
    let token = w.token(&w.amina).await;
    let path = format!("/api/v1{}", list());
    let found = call(&w, &token, "GET", &format!("{path}?need=health"), "", Value::Null).await;
    let found: Value = serde_json::from_str(&found.is(200).body).expect("JSON");
    let names: Vec<&str> = found["services"].as_array().expect("services").iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["Night clinic", "Walk-in clinic"]);
    assert!(found["services"][0]["reasons"].as_array().is_some_and(|reasons| reasons.iter().any(|it| it["speaks"] == "for")));
    let body = json!({ "need": "health", "services": [SERVICE, NIGHT] });
    let made = call(&w, &token, "POST", &path, "", body).await;
    let made: Value = serde_json::from_str(&made.is(201).body).expect("JSON");
    assert_eq!(made["referrals"].as_array().map(Vec::len), Some(2), "{made}");
    let said = json!({ "service": SERVICE, "wish": "unwanted", "words": "Too far" });
    call(&w, &token, "POST", &format!("/api/v1/cases/{CASE}/service-preferences"), "", said).await.is(201);
}

#[tokio::test]
async fn what_they_will_see_calls_the_service_as_its_reader_does() {
    let w = world().await;
    let path = drafted(&w, &w.amina).await;
    w.amina.get(format!("{path}/edit")).await.shows("Walk-in clinic");
    w.sql(&format!(
        r#"update services set names = '{{"ar": "عيادة بلا موعد"}}' where id = '{SERVICE}'; update users set lang = 'ar' where login = 'amina'"#
    ))
    .await;
    let amina = w.browser("amina").await;
    amina.get(format!("{path}/edit")).await.shows("الخدمة عيادة بلا موعد").lacks("Walk-in clinic");
}
