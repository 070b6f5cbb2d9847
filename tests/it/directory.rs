//! The service directory: import, search, hidden services, who keeps an entry, agreements.
use throughcare::directory::hsds;
use throughcare::directory::import::{Report, import};
use throughcare::eligibility::matching::{Speaks, Wanted, suggest};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::standing::Standing;
use uuid::Uuid;

use crate::support::World;
use crate::support::world::{CLINIC, COAST, HARBOUR, user};

const CLINIC_SERVICE: Uuid = Uuid::from_u128(0xc11);
const SHELTER: Uuid = Uuid::from_u128(0x5e1);

// A public service of the Clinic, confirmed today, and a shelter that only those cleared for type 200 learn of.
async fn with_services(w: &World) {
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs, verified_at, min_age, places_free) values
           ('{CLINIC_SERVICE}', 2, 21, 'Eye care', '{{health}}', now(), 18, 4);
         insert into services (id, org, unit, name, needs, visibility, cleared_types, verified_at) values
           ('{SHELTER}', 2, 21, 'Quiet house', '{{health}}', 'cleared', '{{200}}', now());
         insert into locations (id, service_id, name, admin1, address) values (gen_random_uuid(), '{CLINIC_SERVICE}', 'Main hall', 'North', '1 Quay Street');
         insert into locations (id, service_id, name, admin1, address, visibility) values (gen_random_uuid(), '{CLINIC_SERVICE}', 'Back door', 'North', '2 Hidden Lane', 'cleared');
         insert into locations (id, service_id, name, admin1, address) values (gen_random_uuid(), '{SHELTER}', 'Refuge', 'Secret valley', '3 Hidden Lane');
         insert into service_viewers (service_id, user_id) values ('{SHELTER}', '{chen}');",
        chen = user("chen")
    ))
    .await;
}

async fn as_user(w: &World, login: &str, org: i32) -> Work {
    let mut work = Work::open(&w.ground, Actor::Nobody).await.expect("the database is there");
    work.become_user(user(login), Standing { org, ..Standing::default() }).await.expect("a user");
    work
}

fn sample(name: &str, text: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("throughcare-directory-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(name), text).expect("a file");
    folder
}

async fn run_import(w: &World, folder: &std::path::Path) -> Report {
    let reading = hsds::read(folder).expect("the sample is there");
    let mut work = w.operate().await;
    let report = import(&mut work, reading).await.expect("the import runs");
    work.commit().await.expect("it commits");
    report
}

const TWO_SERVICES: &str = r#"[
  {"id": "s1", "name": "Legal advice", "name_ar": "استشارة قانونية", "status": "active", "wait_time": "2 weeks", "minimum_age": 18,
   "organization": {"id": "o1", "name": "Law house", "description": "Lawyers."},
   "languages": [{"id": "l1", "name": "Arabic"}],
   "schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "13:00"}],
   "attributes": [{"id": "a1", "taxonomy_term": {"id": "t1", "code": "X-9", "name": "Legal aid", "description": ""}},
                  {"id": "a2", "taxonomy_term": {"id": "t2", "code": "X-8", "name": "Falconry", "description": ""}}],
   "service_at_locations": [{"id": "sl1", "location": {"id": "k1", "location_type": "physical", "name": "Law house",
     "addresses": [{"id": "ad1", "address_1": "1 Quay Street", "city": "Downtown", "state_province": "North", "postal_code": "1", "country": "JO", "address_type": "physical"}]}}]},
  {"id": "s2", "name": "Too old", "status": "active", "minimum_age": 400, "organization": {"id": "o1", "name": "Law house", "description": "Lawyers."}},
  {"id": "s3", "status": "active", "organization": {"id": "o1", "name": "Law house", "description": "Lawyers."}}
]"#;

#[tokio::test]
async fn an_import_takes_over_what_is_right_and_says_what_is_not() {
    let w = World::new().await;
    let report = run_import(&w, &sample("services.json", TWO_SERVICES)).await;
    assert_eq!((report.organisations.added, report.services.added), (1, 1), "{report:?}");
    assert!(report.refused.iter().any(|row| row.column == "minimum_age"), "{:?}", report.refused);
    assert!(report.refused.iter().any(|row| row.column == "name" && row.row == 3), "{:?}", report.refused);
    assert_eq!(report.unmapped.into_iter().collect::<Vec<_>>(), [("Falconry".to_owned(), 1)]);
    let list = w.amina.get("/services?need=legal&language=ar&area=North&open=1").await;
    list.is(200).shows("Legal advice").shows("Law house").shows("wait 14 days").shows("Never confirmed");
    w.amina.get("/services?open=3").await.lacks("Legal advice");
    w.amina.get(list.link("/services/")).await.is(200).shows("Legal aid").shows("09:00–13:00").shows("Outside this program");
}

#[tokio::test]
async fn a_second_import_changes_nothing_and_leaves_alone_what_people_changed() {
    let w = World::new().await;
    let folder = sample("services.json", TWO_SERVICES);
    run_import(&w, &folder).await;
    let again = run_import(&w, &folder).await;
    assert!(again.changed_nothing() && again.services.unchanged == 1 && again.organisations.unchanged == 1, "{again:?}");

    let renamed = sample("services.json", &TWO_SERVICES.replace("Legal advice", "Free legal advice"));
    assert_eq!(run_import(&w, &renamed).await.services.changed, 1);
    w.amina.get("/services?q=free").await.shows("Free legal advice");

    w.sql("update services set name = 'Put right by hand', version = version + 1 where external_id = 's1'").await;
    assert_eq!(run_import(&w, &folder).await.services.kept_by_hand, 1);
    w.amina.get("/services").await.shows("Put right by hand");
}

#[tokio::test]
async fn a_service_is_found_however_its_words_and_its_needs_are_written() {
    let w = World::new().await;
    with_services(&w).await;
    w.sql(
        "insert into services (id, org, unit, name, names, needs, verified_at) values (gen_random_uuid(), 2, 21, 'Safe house',
           '{\"ar\": \"بيت الأسرة الآمن\", \"fr\": \"Hébergement d''urgence\"}', '{legal}', now())",
    )
    .await;
    let find = |text: &str| {
        format!("/services?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish())
    };
    for text in ["اسره", "الأسرة", "أُسْرَة", "آمن", "الامن", "hebergement", "HÉBERGEMENT urgence", "safe hou"]
    {
        w.amina.get(find(text)).await.shows("Safe house").lacks("Eye care");
    }
    // By what its need is called, in any language, also beside a word of its name.
    for text in ["Legal aid", "juridique", "مساعدة", "القانونيه", "legal house", "asistencia"] {
        w.amina.get(find(text)).await.shows("Safe house").lacks("Eye care");
    }
    w.amina.get(find("sante")).await.shows("Eye care").lacks("Safe house");
    w.amina.get(find("health house")).await.shows("No service fits");
    w.amina.get(find("' | :* & !")).await.is(200);
}

#[tokio::test]
async fn s14_a_hidden_shelter_appears_to_nobody_uncleared() {
    let w = World::new().await;
    with_services(&w).await;
    for outsider in [&w.amina, &w.odd, &w.pia] {
        outsider.get("/services").await.shows("Eye care").shows("1 service").lacks("Quiet house").lacks("Secret valley");
        outsider.get("/services?q=quiet").await.shows("No service fits").lacks("Quiet house");
        outsider.get(format!("/services/{SHELTER}")).await.is(404);
        let post = outsider.post(format!("/services/{SHELTER}/capacity"), [("places_free", "1")]).await;
        post.is(404);
        outsider.get(format!("/services/{CLINIC_SERVICE}")).await.is(200).shows("1 Quay Street").lacks("Hidden Lane");
    }
    let mut work = as_user(&w, "amina", HARBOUR).await;
    let wanted = Wanted { need: "health".into(), limit: 20, ..Wanted::default() };
    let names: Vec<String> = suggest(&mut work, &wanted).await.expect("it answers").into_iter().map(|s| s.service.name).collect();
    assert_eq!(names, ["Eye care"]);
    // Who is named and keeps entries keeps this one.
    w.chen.get("/services").await.shows("Quiet house").shows("2 services");
}

#[tokio::test]
async fn s14_a_unit_that_works_for_a_hidden_service_alone_is_offered_to_nobody_else() {
    let w = World::new().await;
    crate::referrals::scene(&w, 1, "amina", crate::referrals::COVERED).await;
    let name = w.value(&format!("select name from units where id = {COAST}")).await;
    let pages = [
        format!("/cases/{}/refer?need=health", crate::referrals::CASE),
        format!("/cases/new?person={}", crate::referrals::PERSON),
    ];
    for page in &pages {
        w.amina.get(page).await.is(200).shows(&name);
    }
    w.sql(&format!("insert into services (id, org, unit, name, visibility) values (gen_random_uuid(), {HARBOUR}, {COAST}, 'Lantern', 'named')")).await;
    for page in &pages {
        w.amina.get(page).await.is(200).lacks(&name);
    }
    let forged = [("need", "health"), ("draft", "01900000-0000-7000-8000-00000000000a"), ("to", &format!("unit:{COAST}"))];
    w.amina.post(&pages[0], forged).await.is(422);
    w.sql(&format!("insert into services (id, org, unit, name) values (gen_random_uuid(), {HARBOUR}, {COAST}, 'Open desk')"))
        .await;
    w.amina.get(&pages[0]).await.shows(&name);
}

#[tokio::test]
async fn s14_the_open_data_face_publishes_nothing_hidden_and_no_staff() {
    let w = World::new().await;
    with_services(&w).await;
    w.sql(&format!("update services set verified_by = '{}' where id = '{CLINIC_SERVICE}'", user("chen"))).await;
    w.sql("insert into services (id, org, name, visibility) values (gen_random_uuid(), 3, 'Only hidden', 'named')").await;
    let list = w.nobody.get("/hsds/services").await;
    list.is(200)
        .shows("Eye care")
        .shows("Main hall")
        .lacks("Quiet house")
        .lacks("Hidden Lane")
        .lacks("Chen")
        .lacks("Only hidden");
    assert!(list.body.contains("\"total_items\":1"), "{}", list.body);
    w.nobody.get(format!("/hsds/services/{CLINIC_SERVICE}")).await.is(200).shows("Eye care").lacks("Hidden Lane");
    w.nobody.get(format!("/hsds/services/{SHELTER}")).await.is(404);
    w.nobody.get("/hsds/organizations").await.is(200).shows("Clinic").lacks("Stranger");
}

#[tokio::test]
async fn s14_a_named_viewer_learns_of_a_hidden_service_and_their_colleague_does_not() {
    let w = World::new().await;
    with_services(&w).await;
    let form = [
        ("name", "Quiet house"),
        ("status", "active"),
        ("visibility", "named"),
        ("viewers", "salma"),
        ("version", "1"),
        ("places", "1"),
    ];
    w.chen.post(format!("/services/{SHELTER}/edit"), form).await.redirects();
    w.salma.get(format!("/services/{SHELTER}")).await.is(200);
    w.amina.get(format!("/services/{SHELTER}")).await.is(404);
    let unknown =
        [("name", "Quiet house"), ("status", "active"), ("visibility", "named"), ("viewers", "nobody-here"), ("version", "2")];
    w.chen.post(format!("/services/{SHELTER}/edit"), unknown).await.is(422).shows("does not exist");
}

#[tokio::test]
async fn s14_the_right_to_keep_entries_opens_no_hidden_one() {
    let w = World::new().await;
    with_services(&w).await;
    w.member("dora", 21, "provider").await;
    let dora = w.browser("dora").await;
    dora.get("/services").await.shows("1 service").lacks("Quiet house");
    dora.get(format!("/services/{SHELTER}")).await.is(404);
    dora.post(format!("/services/{SHELTER}/edit"), [("name", "Open house"), ("version", "1")]).await.is(404);
    let hidden = [("name", "Lantern house"), ("status", "active"), ("visibility", "named"), ("viewers", "salma")];
    let made = w.chen.post("/services/new", hidden).await.redirects();
    for named in [&w.chen, &w.salma] {
        named.get(&made).await.is(200).shows("Lantern house");
    }
    dora.get(&made).await.is(404);
}

#[tokio::test]
async fn providers_keep_their_own_entries_and_nobody_elses() {
    let w = World::new().await;
    with_services(&w).await;
    let page = format!("/services/{CLINIC_SERVICE}");
    w.odd.get(format!("{page}/edit")).await.is(403);
    w.odd.post(format!("{page}/capacity"), [("places_free", "9")]).await.is(403);
    w.ada.post(format!("{page}/verification"), [("a", "b")]).await.is(403);
    w.chen.post(format!("{page}/capacity"), [("places_free", "7"), ("only", "places_free")]).await.redirects();
    w.chen.post(format!("{page}/capacity"), [("places_free", "many")]).await.is(422).shows("could not be understood");
    let late = w.chen.post(format!("{page}/capacity"), [("places_free", "6"), ("version", "1")]).await;
    late.is(409).shows("You changed this meanwhile, in another window").lacks("Changed by");
    w.amina.get(&page).await.shows("7 places free");

    let form = [
        ("name", "Eye and ear care"),
        ("status", "active"),
        ("visibility", "public"),
        ("hours_1", "9-13, 14:00-17:00"),
        ("places", "1"),
    ];
    let with_version = |version| form.into_iter().chain([("version", version)]);
    w.chen.post(format!("{page}/edit"), with_version("1")).await.is(409);
    w.chen.post(format!("{page}/edit"), with_version("2")).await.redirects();
    w.amina.get(&page).await.shows("Eye and ear care").shows("09:00–13:00, 14:00–17:00");
}

#[tokio::test]
async fn a_new_service_is_found_at_once() {
    let w = World::new().await;
    let form = [
        ("name", "Wheelchair repair"),
        ("status", "active"),
        ("visibility", "public"),
        ("unit", "21"),
        ("needs", "disability"),
        ("languages", "ar"),
        ("places", "1"),
        ("place_0_admin1", "North"),
        ("place_0_address", "5 Mill Road"),
        ("version", "0"),
    ];
    w.amina.post("/services/new", form).await.is(403);
    w.chen.post("/services/new", form).await.redirects();
    w.amina
        .get("/services?q=wheel&need=disability&area=North&language=ar&accepting=true")
        .await
        .shows("Wheelchair repair")
        .shows("today");
}

#[tokio::test]
async fn an_entry_nobody_confirmed_lately_is_marked_and_its_keepers_are_reminded_once() {
    let w = World::new().await;
    with_services(&w).await;
    w.sql("update services set verified_at = now() - interval '7 months'").await;
    let page = format!("/services/{CLINIC_SERVICE}");
    w.amina.get(&page).await.shows("Out of date");
    for _ in 0..2 {
        let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(CLINIC) }).await.expect("a job");
        throughcare::directory::remind::check(&mut work).await.expect("it checks");
        work.commit().await.expect("it commits");
    }
    let mut work = w.operate().await;
    let open = "select count(*), coalesce(bool_or(title like '%Quiet%'), false) from tasks where kind = 'service_check' and done_at is null";
    let (tasks, told): (i64, bool) = sqlx::query_as(open).fetch_one(work.db()).await.expect("tasks");
    assert_eq!((tasks, told), (2, false), "one for each entry, and the shelter's is not named");
    drop(work);

    w.chen.post(format!("{page}/verification"), [("a", "b")]).await.redirects();
    w.amina.get(&page).await.lacks("Out of date").shows("Clinic").lacks("Chen Li");
    w.chen.get(&page).await.shows("by Chen Li");
    let mut work = w.operate().await;
    let (left, _): (i64, bool) = sqlx::query_as(open).fetch_one(work.db()).await.expect("tasks");
    assert_eq!(left, 1);
}

#[tokio::test]
async fn an_agreement_is_for_its_parties_alone() {
    let w = World::new().await;
    with_services(&w).await;
    let form = [("to_org", "2"), ("kind", "locked"), ("places", "12"), ("client_tracking", "true"), ("starts_on", "2026-01-01")];
    w.amina.post("/agreements", form).await.is(403);
    w.ada.post("/agreements", form).await.redirects();
    w.chen.get("/agreements").await.shows("Harbour → Clinic").shows("Reserved places");
    w.odd.get("/agreements").await.lacks("Clinic").shows("There are no agreements");
    w.amina.get(format!("/services/{CLINIC_SERVICE}")).await.shows("Reserved places");
    w.odd.get(format!("/services/{CLINIC_SERVICE}")).await.shows("no agreement");
    let end = w.ada.get("/agreements").await.link("/agreements/");
    w.odd.post(&end, [("version", "1")]).await.is(404);
    w.chen.post(&end, [("version", "1")]).await.is(403);
    w.ada.post(&end, [("version", "1")]).await.redirects();
}

#[tokio::test]
async fn suggestions_give_their_reasons_and_leave_out_what_was_excluded() {
    let w = World::new().await;
    with_services(&w).await;
    let mut work = as_user(&w, "amina", HARBOUR).await;
    let wanted = Wanted { need: "health".into(), area: "North".into(), limit: 5, ..Wanted::default() };
    let found = suggest(&mut work, &wanted).await.expect("it answers");
    let reasons: Vec<(Speaks, &str)> = found[0].reasons.iter().map(|reason| (reason.speaks, reason.key)).collect();
    assert!(reasons.contains(&(Speaks::Unknown, "directory-reason-age-unknown")), "{reasons:?}");
    assert!(reasons.contains(&(Speaks::For, "directory-reason-near")), "{reasons:?}");
    let excluded = Wanted { exclude: vec![CLINIC_SERVICE.into()], ..wanted };
    assert!(suggest(&mut work, &excluded).await.expect("it answers").is_empty());
}

#[tokio::test]
async fn whoever_keeps_entries_does_so_over_rest() {
    let w = World::new().await;
    w.sql("update roles set acts = acts || '{service.edit,token.create}' where code = 'provider'").await;
    let (token, stranger) = (w.token(&w.chen).await, w.token(&w.odd).await);
    let new = serde_json::json!({ "fields": {
        "name": ["Night pharmacy"], "name_ar": ["صيدلية ليلية"], "needs": ["health"], "languages": ["ar"], "hours_1": ["20:00-02:00"],
        "place_0_admin1": ["Marsa"], "place_0_address": ["1 Quay Street"] } });
    let call = crate::people::call;
    call(&w, &stranger, "POST", "/api/v1/services", "", new.clone()).await.is(403);
    let made = call(&w, &token, "POST", "/api/v1/services", "", new).await;
    let made: serde_json::Value = serde_json::from_str(&made.is(201).body).expect("JSON");
    let path = format!("/api/v1/services/{}", made["id"].as_str().expect("an id"));
    assert_eq!((&made["locations"][0]["admin1"], made["verified_at"].is_string()), (&serde_json::json!("Marsa"), true), "{made}");
    w.amina.get("/services?q=pharmacy").await.shows("Night pharmacy");

    let changed = serde_json::json!({ "fields": { "phone": ["555 0199"] } });
    call(&w, &token, "PUT", &path, "", changed.clone()).await.is(428);
    let version = format!("\"{}\"", made["version"]);
    let saved = call(&w, &token, "PUT", &path, &version, changed.clone()).await;
    saved.is(200).shows("555 0199").shows("Night pharmacy").shows("1 Quay Street");
    call(&w, &token, "PUT", &path, &version, changed.clone()).await.is(412);
    call(&w, &stranger, "PUT", &path, &version, changed).await.is(403);
    let unknown = serde_json::json!({ "fields": { "telephone": ["1"] } });
    let again =
        w.value(&format!("select version::text from services where id = '{}'", made["id"].as_str().expect("an id"))).await;
    call(&w, &token, "PUT", &path, &format!("\"{again}\""), unknown).await.is(422).shows("unknown_field");
    call(&w, &token, "POST", &format!("{path}/verification"), "", serde_json::json!({})).await.is(200);
    call(&w, &stranger, "POST", &format!("{path}/verification"), "", serde_json::json!({})).await.is(403);
}
