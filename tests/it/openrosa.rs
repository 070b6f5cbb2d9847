//! A Collect-shaped client at the door: who gets in, what is offered, and what becomes of what is sent.
use uuid::Uuid;

use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::phone::{correction, filled, photo};
use crate::support::world::{FIELD, PASSWORD, user};

const FORM: &str = "household_intake";

// Dana's household with Amina's case; answers its code.
async fn dana(w: &World) -> (String, Uuid) {
    let person = w.known_person("Dana Saleh").await;
    let household = w.household(person).await.to_string();
    let path = w.case(&w.amina, ASSISTANCE, person, &[("household", &household), ("whole_household", "true")]).await;
    let id: Uuid = path.trim_start_matches("/cases/").parse().expect("a case");
    (w.value(&format!("select code from cases where id = '{id}'")).await, id)
}

#[tokio::test]
async fn a_phone_is_asked_for_a_password_and_then_told_its_forms() {
    let w = World::new().await;
    let edition = w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let hash = w.value("select hash from form_editions").await;
    let asked = w.nobody.get("/openrosa/formList").await;
    asked.is(401).shows("Name and password are needed");
    assert_eq!(asked.headers["www-authenticate"], "Basic realm=\"Throughcare\", charset=\"UTF-8\"");
    let list = w.aminas_phone().get("/formList?deviceID=collect%3Aabc").await;
    for seen in [&asked, &list] {
        assert_eq!(seen.headers["x-openrosa-version"], "1.0");
        assert_eq!(seen.headers["content-type"], "text/xml; charset=utf-8");
        assert!(seen.headers["date"].to_str().expect("text").ends_with(" GMT"));
    }
    let root = "http://127.0.0.1:8080/openrosa";
    assert_eq!(
        list.is(200).body,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"><xform><formID>{FORM}</formID>\
             <name>Household &amp; intake</name><version>1</version><hash>md5:{hash}</hash><downloadUrl>{root}/forms/{edition}.xml</downloadUrl>\
             <manifestUrl>{root}/forms/{edition}/manifest</manifestUrl></xform></xforms>"
        )
    );
    let phone = w.aminas_phone();
    phone.get("/formList?formID=other").await.lacks("<xform>");
    phone.get(&format!("/formList?formID={FORM}&verbose=true")).await.shows("Household & intake");
    let form = phone.get(&format!("/forms/{edition}.xml")).await;
    assert_eq!(form.is(200).body, w.value("select xform from form_editions").await);
    phone.get(&format!("/forms/{}.xml", Uuid::from_u128(7))).await.is(404);
    // Another organisation's form is not on anybody else's list.
    w.phone_of("odd", PASSWORD).get("/formList").await.is(200).lacks("<xform>");
    w.phone_of("odd", PASSWORD).get(&format!("/forms/{edition}.xml")).await.is(404);
    // Whose work holds no cases fills no forms.
    w.phone_of("ada", PASSWORD).get("/formList").await.is(403).shows("Your role does not fill forms");
}

#[tokio::test]
async fn a_wrong_password_waits_longer_each_time() {
    let w = World::new().await;
    for _ in 0..3 {
        w.phone_of("amina", "wrong").get("/formList").await.is(401);
    }
    let slow = w.aminas_phone().get("/formList").await;
    slow.is(429).shows("Too many tries");
    assert!(slow.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_key_is_shown_once_works_as_its_maker_and_ends_when_withdrawn() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let phone = w.phone(&w.amina).await;
    let made = w.amina.post("/devices", [("name", "Second phone")]).await;
    assert!(made.body.contains("src=\"data:image/svg+xml;base64,"), "the page draws the square");
    w.amina.get("/devices").await.shows("Blue phone").lacks("/openrosa/key/");
    let list = phone.get("/formList").await;
    list.is(200).shows(FORM);
    assert!(list.body.contains(&format!("<downloadUrl>http://127.0.0.1:8080{}/forms/", phone.root)));
    let device = w.value("select id::text from devices where name = 'Blue phone'").await;
    // Neither a colleague nor another organisation ends it; an administrator does.
    for other in [&w.bruno, &w.odd] {
        other.post(format!("/devices/{device}/revocation"), [("", "")]).await.is(404);
    }
    w.ada.get("/devices").await.shows("Blue phone").shows("Amina Haddad");
    w.ada.post(format!("/devices/{device}/revocation"), [("", "")]).await.redirects();
    let over = phone.get("/formList").await;
    over.is(403).shows("This phone's key does not work any more".replace('\'', "\u{2019}").as_str());
    assert!(!over.headers.contains_key("www-authenticate"), "Collect would ask for a password that nothing takes");
    assert_eq!(w.count("facts where kind in ('device.added', 'device.revoked')").await, 3);
}

#[tokio::test]
async fn guessed_keys_wait_and_keep_no_phone_waiting() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let phone = w.phone(&w.amina).await;
    for _ in 0..3 {
        w.nobody.get("/openrosa/key/guessed/formList").await.is(403);
    }
    w.nobody.get("/openrosa/key/guessed/formList").await.is(429);
    phone.get("/formList").await.is(200);
    w.sql("update users set active = false where login = 'amina'").await;
    phone.get("/formList").await.is(403);
}

#[tokio::test]
async fn own_standard_cases_come_along_as_a_list_of_entities() {
    let w = World::new().await;
    let edition = w.intake_form(FORM, &[ASSISTANCE, CHILD_PROTECTION], "household").await;
    let (code, case) = dana(&w).await;
    let child = w.known_person("Omar Hidden").await;
    w.case(&w.amina, CHILD_PROTECTION, child, &[]).await;
    let phone = w.aminas_phone();
    let list = phone.get(&format!("/forms/{edition}/media/cases.csv")).await;
    let version = w
        .value(&format!(
            "select (c.version + p.version)::text from cases c join persons p on p.id = c.person_id where c.id = '{case}'"
        ))
        .await;
    assert_eq!(list.is(200).body, format!("name,label,__version\n{code},Dana Saleh · {code},{version}\n"));
    let (hash, root) = (w.value(&format!("select md5('{}')", list.body)).await, "http://127.0.0.1:8080/openrosa");
    assert_eq!(
        phone.get(&format!("/forms/{edition}/manifest")).await.is(200).body,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\"><mediaFile type=\"entityList\">\
             <filename>cases.csv</filename><hash>md5:{hash}</hash><downloadUrl>{root}/forms/{edition}/media/cases.csv</downloadUrl></mediaFile></manifest>"
        )
    );
    phone.get(&format!("/forms/{edition}/media/other.csv")).await.is(404);
    // Bruno keeps no case: his list is empty, whatever he may read.
    assert_eq!(
        w.phone_of("bruno", PASSWORD).get(&format!("/forms/{edition}/media/cases.csv")).await.body,
        "name,label,__version\n"
    );
}

#[tokio::test]
async fn where_to_send_is_asked_first() {
    let w = World::new().await;
    let phone = w.phone(&w.amina).await;
    let told = phone.head().await;
    assert_eq!(told.is(204).headers["location"], format!("http://127.0.0.1:8080{}/submission", phone.root));
    assert_eq!(told.headers["x-openrosa-accept-content-length"], "15728640");
    assert_eq!(told.headers["x-openrosa-version"], "1.0");
    w.phone_of("amina", "wrong").head().await.is(401);
}

#[tokio::test]
async fn a_form_that_names_a_case_lands_on_it_and_is_kept_once() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let (code, case) = dana(&w).await;
    let sent = filled(FORM, "1", &format!("<case_code>{code}</case_code><head_name>Dana</head_name><photo>door.jpg</photo>"));
    let phone = w.aminas_phone();
    for _ in 0..2 {
        let taken = phone.send(&sent, &[("door.jpg", &photo())]).await;
        assert!(taken.is(201).body.ends_with("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>Received. Thank you.</message></OpenRosaResponse>"));
    }
    assert_eq!(w.count(&format!("submissions where case_id = '{case}' and state = 'complete' and origin = 'collect'")).await, 1);
    assert_eq!(w.count(&format!("documents where case_id = '{case}'")).await, 1);
    assert_eq!(w.count("arrivals").await, 0);
    // What a file was called on the phone may name people; on the case it is called as its question.
    w.amina.get(format!("/cases/{case}/documents")).await.shows("Photo of the door").lacks("door.jpg");
    // A copy of another form corrects nothing.
    w.intake_form("another_form", &[ASSISTANCE], "household").await;
    phone.send(&correction("another_form", "2", "1", &format!("<case_code>{code}</case_code>")), &[]).await.is(201);
    assert_eq!(w.count(&format!("submissions where case_id = '{case}' and state = 'complete'")).await, 2);
}

#[tokio::test]
async fn files_come_in_several_posts_and_none_is_doubled() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let (code, case) = dana(&w).await;
    let phone = w.phone(&w.amina).await;
    let on_case = filled(FORM, "1", &format!("<case_code>{code}</case_code><photo>a.jpg</photo><paper>b.pdf</paper>"));
    phone.send_part(&on_case, &[("a.jpg", &photo())]).await.is(202).shows("The rest of the files is awaited");
    phone.send(&on_case, &[("a.jpg", &photo()), ("b.pdf", b"%PDF-1.7 paper")]).await.is(201);
    assert_eq!(w.count(&format!("documents where case_id = '{case}'")).await, 2);
    let waiting = filled(FORM, "2", "<head_name>Somebody New</head_name><photo>a.jpg</photo><paper>b.pdf</paper>");
    phone.send_part(&waiting, &[("a.jpg", &photo())]).await.is(202);
    let arrival = w.value("select id::text from arrivals").await;
    w.amina.get(format!("/arrivals/{arrival}")).await.shows("Files that are not here").shows("Paper · PDF");
    phone.send(&waiting, &[("a.jpg", &photo()), ("b.pdf", b"%PDF-1.7 paper")]).await.is(201);
    assert_eq!((w.count("arrivals").await, w.count("arrival_files").await), (1, 2));
    // What no document can be is not kept, and said so.
    let sound = filled(FORM, "3", "<head_name>Somebody Else</head_name>");
    phone.send(&sound, &[("talk.m4a", b"\0\0\0\x20ftypM4A ")]).await.is(201).shows("neither a picture nor a PDF");
}

#[tokio::test]
async fn a_phone_that_asks_sends_is_cut_off_sends_again_and_edits_leaves_one_copy() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let (code, case) = dana(&w).await;
    let named = format!("<case_code>{code}</case_code>");
    let first = filled(FORM, "1", &format!("{named}<photo>a.jpg</photo>"));
    // Without a password it is asked for one, whether it looks where to send or sends at once, and nothing is kept.
    let stranger = w.new_phone();
    for asked in [stranger.head().await, stranger.send(&first, &[("a.jpg", &photo())]).await] {
        assert!(asked.is(401).headers["www-authenticate"].to_str().expect("text").starts_with("Basic "));
    }
    assert_eq!(w.count("submissions").await + w.count("arrivals").await, 0);
    let phone = w.aminas_phone();
    phone.head().await.is(204);
    // An answer that is lost on its way is a post that comes again.
    for _ in 0..2 {
        phone.send_part(&first, &[]).await.is(202);
    }
    for _ in 0..2 {
        let kept = phone.send(&first, &[("a.jpg", &photo())]).await;
        assert_eq!(kept.is(201).headers["x-openrosa-version"], "1.0");
        assert!(kept.headers.contains_key("date"));
    }
    assert_eq!(w.count(&format!("documents where case_id = '{case}'")).await, 1);
    // Edited, edited again, and each of the posts once more, in any order.
    let (second, third) = (correction(FORM, "2", "1", &named), correction(FORM, "3", "2", &named));
    for sent in [&second, &third, &third, &first, &second] {
        phone.send(sent, &[]).await.is(201);
    }
    let states = format!("select string_agg(state, ' ' order by instance_id) from submissions where case_id = '{case}'");
    assert_eq!(w.value(&states).await, "replaced replaced complete");
    assert_eq!(w.count("arrivals").await, 0);
}

#[tokio::test]
async fn a_corrected_copy_takes_the_place_of_what_it_corrects() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let (code, case) = dana(&w).await;
    let phone = w.aminas_phone();
    let named = format!("<case_code>{code}</case_code>");
    phone.send(&filled(FORM, "1", &named), &[]).await.is(201);
    for _ in 0..2 {
        phone.send(&correction(FORM, "2", "1", &named), &[]).await.is(201);
    }
    let states =
        w.value(&format!("select string_agg(state, ' ' order by recorded_at) from submissions where case_id = '{case}'")).await;
    assert_eq!(states, "replaced complete");
    // One that waits gives its place in the inbox.
    phone.send(&filled(FORM, "3", "<head_name>Lina</head_name>"), &[]).await.is(201);
    phone.send(&correction(FORM, "4", "3", "<head_name>Lina Saleh</head_name>"), &[]).await.is(201);
    assert_eq!(
        w.value("select string_agg(state || coalesce(' ' || reason, ''), ', ' order by recorded_at) from arrivals").await,
        "discarded corrected, waiting"
    );
    assert_eq!(w.count("tasks where kind = 'arrival' and done_at is null").await, 1);
    // The same where the corrected copy comes first.
    phone.send(&correction(FORM, "6", "5", "<head_name>Rana Saleh</head_name>"), &[]).await.is(201);
    phone.send(&filled(FORM, "5", "<head_name>Rana</head_name>"), &[]).await.is(201);
    assert_eq!(w.value("select state || ' ' || reason from arrivals where instance_id = 'uuid:5'").await, "discarded corrected");
    assert_eq!(w.count("arrivals where instance_id = 'uuid:6' and state = 'waiting'").await, 1);
    assert_eq!(w.count("tasks where kind = 'arrival' and done_at is null").await, 2);
}

#[tokio::test]
async fn what_cannot_be_taken_says_why_and_stays_on_the_phone() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let phone = w.aminas_phone();
    phone.send("<data", &[]).await.is(400).shows("can't be read".replace('\'', "\u{2019}").as_str());
    phone.send("<data id=\"household_intake\" version=\"1\"/>", &[]).await.is(400);
    phone.send(&filled("unknown", "1", ""), &[]).await.is(404).shows("This form is not there for you");
    phone.send(&filled(FORM, "1", "").replace("version=\"1\"", "version=\"9\""), &[]).await.is(404);
    let large = vec![0; 18 * 1024 * 1024];
    phone.send(&filled(FORM, "1", ""), &[("a.jpg", &large)]).await.is(413).shows("15 MB");
    phone.send(&filled(FORM, "1", ""), &[("a".repeat(201).as_str(), &photo())]).await.is(400);
    w.phone_of("odd", PASSWORD).send(&filled(FORM, "1", ""), &[]).await.is(404);
    w.sql("update forms set case_types = '{}'").await;
    phone.send(&filled(FORM, "1", ""), &[]).await.is(400).shows("needs a case");
    assert_eq!(w.count("arrivals").await, 0);
    // An edition that was retired after the phone had fetched it still takes what was filled with it.
    w.sql(&format!("update forms set case_types = '{{{ASSISTANCE}}}'")).await;
    w.intake_edition(FORM, "2", &[ASSISTANCE], "household").await;
    phone.send(&filled(FORM, "1", "<head_name>Lina</head_name>"), &[]).await.is(201);
}

#[tokio::test]
async fn s11_a_case_that_one_may_not_write_on_answers_like_none() {
    let w = World::new().await;
    w.intake_form(FORM, &[ASSISTANCE], "household").await;
    let (hidden, person) = (Uuid::now_v7(), w.known_person("Noor Hidden").await);
    let code = throughcare::platform::ids::code('C');
    w.sql(&format!(
        "insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
         values ('{hidden}', '{code}', 1, {FIELD}, {GBV}, '{salma}', '{salma}', '{person}', 'protection', 1, 'intake', 'self', now())",
        salma = user("salma")
    ))
    .await;
    let phone = w.aminas_phone();
    let there = phone.send(&filled(FORM, "1", &format!("<case_code>{code}</case_code>")), &[]).await;
    let nowhere = throughcare::platform::ids::code('C');
    let absent = phone.send(&filled(FORM, "2", &format!("<case_code>{nowhere}</case_code>")), &[]).await;
    assert_eq!((there.is(201).body.clone(), there.headers.len()), (absent.is(201).body.clone(), absent.headers.len()));
    assert_eq!(w.count("arrivals where state = 'waiting'").await, 2);
    assert_eq!(w.count("submissions").await, 0);
}

#[tokio::test]
async fn s20_restricted_forms_never_leave_and_protected_ones_only_for_a_phone_that_is_vouched_for() {
    let w = World::new().await;
    let restricted = w.intake_form("survivors", &[GBV], "person").await;
    let protected = w.intake_form("children", &[CHILD_PROTECTION], "person").await;
    let phone = w.phone(&w.salma).await;
    phone.get("/formList").await.is(200).lacks("survivors");
    phone.get(&format!("/forms/{restricted}.xml")).await.is(404);
    phone.send(&filled("survivors", "1", "<person_name>Noor</person_name>"), &[]).await.is(404);
    let phone = w.phone(&w.amina).await;
    phone.get("/formList").await.lacks("children");
    w.aminas_phone().get(&format!("/forms/{protected}.xml")).await.is(404);
    let device = w.value(&format!("select id::text from devices where user_id = '{}'", user("amina"))).await;
    w.amina.post(format!("/devices/{device}/vouching"), [("", "")]).await.is(403);
    w.ada.post(format!("/devices/{device}/vouching"), [("", "")]).await.redirects();
    phone.get("/formList").await.shows("children").lacks("survivors");
    let bruno = w.phone(&w.bruno).await;
    bruno.get("/formList").await.is(200);
    // A list of guarded cases never travels.
    let child = w.known_person("Omar").await;
    w.case(&w.amina, CHILD_PROTECTION, child, &[]).await;
    assert_eq!(phone.get(&format!("/forms/{protected}/media/cases.csv")).await.body, "name,label,__version\n");
    w.ada.post("/admin/lockdown", [("", "")]).await.redirects();
    // A lockdown ends the keys of every phone.
    bruno.get("/formList").await.is(403);
    phone.get("/formList").await.is(403);
    // Nor does a password that is right open the door before it is lifted.
    w.aminas_phone().get("/formList").await.is(401);
}

#[tokio::test]
async fn s18_no_place_and_no_picture_reaches_a_guarded_case() {
    let w = World::new().await;
    w.intake_form("children", &[CHILD_PROTECTION], "person").await;
    let child = w.known_person("Omar").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, child, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    let answers = format!("<case_code>{code}</case_code><photo>a.jpg</photo><paper>b.pdf</paper><place>33.5 36.3 0 5</place>");
    let files: [(&str, &[u8]); 2] = [("a.jpg", &photo()), ("b.pdf", b"%PDF-1.7 paper")];
    w.phone(&w.amina).await.send(&filled("children", "1", &answers), &files).await.is(201);
    assert_eq!(w.value("select string_agg(media_type, ' ') from documents").await, "application/pdf");
    let id: Uuid = case.trim_start_matches("/cases/").parse().expect("a case");
    let mut work = w.operate().await;
    let (sealed,): (Vec<u8>,) = sqlx::query_as("select answers from submissions").fetch_one(work.db()).await.expect("a copy");
    let kept =
        work.case_key(id).await.expect("the key").open_text(throughcare::forms::store::ANSWERS, &sealed).expect("it opens");
    assert!(kept.contains("<place/>") && kept.contains("<photo/>") && kept.contains("<paper>b.pdf</paper>"), "{kept}");
}
