//! The registry: search, registration, editing, safe contact, households.
use uuid::Uuid;

use crate::support::World;
use crate::support::world::{FIELD, user};

const FATIMA: [(&str, &str); 7] = [
    ("name_latin", "Fatima Hussein Mansour"),
    ("sex", "female"),
    ("age", "34"),
    ("phone", "+962 79 123 4567"),
    ("document_kind", "national_id"),
    ("document_number", "AB-123 456"),
    ("email", "fatima@example.org"),
];

/// The form to register somebody comes after a search, and says so.
pub const LOOKED: (&str, &str) = ("searched", "Somebody");

fn query(text: &str) -> String {
    format!("/people?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish())
}

#[tokio::test]
async fn a_person_is_found_by_name_in_any_order_script_and_usual_spelling() {
    let w = World::new().await;
    w.person(&w.amina, "فاطمة حسين منصور", &FATIMA).await;
    for typed in [
        "فاطمة حسين",
        "منصور فاطمه",
        "Fatma Hussain",
        "Mansour Fatima",
        "hussein mansur",
        "Fatima Husseim",
        "Fatina Mansour",
        "Fatima",
    ] {
        w.amina.get(query(typed)).await.is(200).shows("Fatima Hussein Mansour");
    }
    w.amina.get(query("Khaled Haddad")).await.lacks("Fatima").shows("Nobody found").shows("Register a person");
}

#[tokio::test]
async fn two_parts_of_a_long_name_find_it_in_any_order_and_one_rare_part_does() {
    let w = World::new().await;
    w.person(&w.amina, "Hermenegilda Pilar Dolores Carmen Ruiz", &[]).await;
    for typed in ["Hermenegilda", "Hermenegilda Pilar", "ruiz hermenegilda", "carmen DOLORES"] {
        w.amina.get(query(typed)).await.shows("Hermenegilda Pilar Dolores Carmen Ruiz");
    }
    w.person(&w.amina, "خلود عبد الرحمن محمد سعيد الكبيسي", &[]).await;
    for typed in ["خلود الكبيسي", "الكبيسي خلود", "خلود محمد"] {
        w.amina.get(query(typed)).await.shows("خلود عبد الرحمن محمد سعيد الكبيسي").lacks("Hermenegilda");
    }
    w.amina.get(query("Pilar Gomez")).await.lacks("Hermenegilda");
    // A second record is not held to be the same for two parts alone.
    w.person(&w.amina, "Pilar Ruiz", &[]).await;
}

#[tokio::test]
async fn a_person_is_found_by_document_phone_and_address_as_people_write_them() {
    let w = World::new().await;
    let id = w.person(&w.amina, "فاطمة حسين", &FATIMA).await;
    for typed in ["ab123456", "AB 123 456", "0791234567", "٠٧٩١٢٣٤٥٦٧", "00962 79 1234567", "Fatima@Example.org"] {
        w.amina.get(query(typed)).await.shows("Fatima Hussein");
    }
    let page = w.amina.get(format!("/people/{id}")).await;
    let text = page.text();
    let code = text.split_whitespace().find(|word| word.starts_with("P-")).expect("the page shows the code");
    assert_eq!(w.amina.get(query(code)).await.redirects(), format!("/people/{id}"));
    w.odd.get(query(code)).await.is(200).lacks("Fatima");
}

#[tokio::test]
async fn a_phone_is_found_with_and_without_the_countrys_code_and_its_zero() {
    let w = World::new().await;
    w.person(&w.amina, "Nour Haddad", &[("phone", "+961 3 777 111")]).await;
    w.person(&w.amina, "Rima Aziz", &[("phone", "71 777 111")]).await;
    w.person(&w.amina, "Hala Mansour", &[("phone", "03 888 222")]).await;
    for typed in ["03777111", "3777111", "03 777 111", "٠٣٧٧٧١١١", "+961 3 777 111", "009613777111"] {
        w.amina.get(query(typed)).await.shows("Nour Haddad").lacks("Rima Aziz");
        w.odd.get(query(typed)).await.lacks("Nour Haddad");
    }
    w.amina.get(query("+961 3 888 222")).await.shows("Hala Mansour");
    w.amina.get(query("777111")).await.lacks("Nour Haddad");
    let again = [("name", "Somebody Else"), ("phone", "03777111"), LOOKED];
    w.amina.post("/people/new", again).await.is(422).shows("Perhaps already registered").shows("Nour Haddad");
}

#[tokio::test]
async fn the_list_of_errors_follows_the_order_of_the_page() {
    let w = World::new().await;
    let long = "x".repeat(101);
    let wrong = [("phone", "x"), ("born_on", "2131-01-01"), ("name", ""), ("admin1", long.as_str()), LOOKED];
    let seen = w.amina.post("/people/new", wrong).await;
    let list =
        seen.is(422).body.split("tc-errors").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list").to_owned();
    let fields: Vec<&str> = list.split("href=\"#f-").skip(1).filter_map(|item| item.split('"').next()).collect();
    let mut by_page = fields.clone();
    by_page.sort_by_key(|field| seen.body.find(&format!("id=\"f-{field}\"")).expect("the field"));
    assert_eq!(fields, by_page);
    assert_eq!((fields.len(), fields[0]), (4, "name"));
}

#[tokio::test]
async fn a_stranger_gets_a_masked_hit_with_the_general_desk_and_no_page() {
    let w = World::new().await;
    let id = w.person(&w.amina, "Fatima Hussein", &FATIMA[1..4]).await;
    let seen = w.odd.get(query("Fatima Hussein")).await;
    seen.is(200).shows("F••• H•••").shows("Harbour switchboard, 555 0100").shows("Born");
    seen.lacks("Fatima Hussein ·").lacks("field unit").lacks(&id.to_string()).lacks("123 4567");
    w.odd.get(format!("/people/{id}")).await.is(404);
    w.odd.get(format!("/people/{id}/edit")).await.is(404);
    w.odd.post(format!("/people/{id}/contacts"), [("channel", "phone"), ("value", "12345")]).await.is(404);
}

#[tokio::test]
async fn one_common_word_asks_for_a_second() {
    let w = World::new().await;
    w.sql(
        "insert into persons (id, code, org, unit, name) select gen_random_uuid(), 'P-' || n, 1, 11, 'Fatima ' || n from generate_series(1, 120) n;
         insert into person_keys (clearance, key, person_id) select 0, 'n:fdm', id from persons;",
    )
    .await;
    let key = throughcare::people::names::keys("Fatima")[0].to_string();
    w.sql(&format!("update person_keys set key = 'n:{key}'")).await;
    w.amina.get(query("Fatima")).await.is(200).shows("This name is very common").shows("Add a second part");
}

#[tokio::test]
async fn s11_a_person_known_only_through_a_restricted_case_is_found_by_nobody_else() {
    let w = World::new().await;
    let id = w.person(&w.salma, "Fatima Hussein", &FATIMA[1..]).await;
    w.only_case(id, FIELD, "gender_based_violence", user("salma")).await;
    for typed in ["Fatima Hussein", "Fatima", "AB123456", "0791234567", "fatima@example.org"] {
        for uncleared in [&w.amina, &w.bruno, &w.odd, &w.chen] {
            uncleared.get(query(typed)).await.is(200).lacks("F•••").lacks("Harbour switchboard").shows("Nobody found");
        }
        // S13: even to those who see her, a list shows the code.
        w.salma.get(query(typed)).await.shows("F••• H•••").lacks("Fatima Hussein ·").shows("P-");
    }
    w.amina.get(format!("/people/{id}")).await.is(404);
    w.salma.get(format!("/people/{id}")).await.shows("Fatima Hussein");
    // Registering the same person again warns the uncleared of nothing.
    w.amina.post("/people/new", [("name", "Fatima Hussein"), ("phone", "0791234567"), LOOKED]).await.redirects();
}

#[tokio::test]
async fn s11_keys_of_restricted_persons_lie_where_others_never_look() {
    let w = World::new().await;
    let id = w.person(&w.salma, "Fatima Hussein", &FATIMA[1..]).await;
    w.only_case(id, FIELD, "gender_based_violence", user("salma")).await;
    let mut work = w.operate().await;
    let open: i64 = sqlx::query_scalar("select count(*) from person_keys where person_id = $1 and clearance = 0")
        .bind(id)
        .fetch_one(work.db())
        .await
        .expect("a count");
    assert_eq!(open, 0);
    drop(work);
    // An edit by those who see her keeps them there.
    let edit = [("name", "Fatima Husayn"), ("version", "1")];
    w.salma.post(format!("/people/{id}/edit"), edit).await.redirects();
    w.amina.get(query("Fatima Husayn")).await.shows("Nobody found");
    w.salma.get(query("Fatima Husayn")).await.shows("F•••");
}

#[tokio::test]
async fn s06_unknown_is_not_safe_and_a_shared_phone_is_not_safe_until_marked() {
    let w = World::new().await;
    let phone = [("phone", "0791234567"), ("shared", "true"), ("agreed_word", "lamp")];
    let id = w.person(&w.amina, "Dana Haddad", &phone).await;
    let page = w.amina.get(format!("/people/{id}")).await;
    page.shows("Not safe: do not call or write")
        .shows("No safe contact is known")
        .shows("Shared phone")
        .shows("lamp")
        .lacks("Safe to call");
    let contact = page.link(&format!("/people/{id}/contacts/0"));
    let marked = [("channel", "phone"), ("value", "0791234567"), ("shared", "true"), ("safe_to_call", "true")];
    w.amina.post(&contact, marked).await.is(422).shows("Last checked").shows("Fill this in.");
    let checked = |day| marked.iter().copied().chain([("checked_on", day), ("version", "1")]);
    w.amina.post(&contact, checked("2999-01-05")).await.is(422).shows("still to come");
    w.amina.post(&contact, checked("2026-01-05")).await.redirects();
    let page = w.amina.get(format!("/people/{id}")).await;
    page.shows("Safe to call").lacks("Safe to text").lacks("No safe contact is known");
    w.amina.post(format!("{contact}/removal"), [("version", "2")]).await.redirects();
    w.amina.get(query("0791234567")).await.shows("Nobody found");
}

#[tokio::test]
async fn registering_shows_every_error_beside_its_field_and_keeps_what_was_typed() {
    let w = World::new().await;
    let wrong = [("name", ""), ("name_latin", "Dana H"), ("born_on", "2031-01-01"), ("phone", "x"), ("age", "12"), LOOKED];
    let seen = w.amina.post("/people/new", wrong).await;
    seen.is(422).shows("Fill this in.").shows("Write a phone number.");
    assert!(seen.body.contains("Dana H"));
    let seen = w.amina.post("/people/new", [("name", "Dana"), ("born_on", "2131-01-01"), LOOKED]).await;
    seen.is(422).shows("This day is still to come.");
    assert!(seen.body.contains("2131-01-01"));
}

#[tokio::test]
async fn nobody_is_registered_before_somebody_looked_whether_they_are_known() {
    let w = World::new().await;
    let known = format!("/people/{}", w.person(&w.amina, "Nour Haddad", &[]).await);
    let [name, sure] = [("name", "Nour Haddad"), ("somebody_else", "true")];
    // What was typed is looked for instead.
    w.amina.post("/people/new", [name, sure]).await.is(200).link(&known);
    w.amina.get("/people/new?q=Nour+Haddad").await.is(200).link(&known);
    assert_eq!(w.count("persons").await, 1);
    let form = w.amina.post("/people/prefilled", [("q", "Nour Haddad")]).await;
    let looked = form.is(200).keeps("Nour Haddad").marked("searched");
    w.amina.post("/people/new", [name, sure, ("searched", looked.as_str())]).await.redirects();
    assert_eq!(w.count("persons").await, 2);
}

#[tokio::test]
async fn who_is_likely_known_already_is_shown_before_a_second_record_is_made() {
    let w = World::new().await;
    let id = w.person(&w.amina, "Fatima Hussein", &FATIMA[1..4]).await;
    let again = [("name", "Hussein Fatma"), ("age", "35"), LOOKED];
    let seen = w.amina.post("/people/new", again).await;
    seen.is(422).shows("Perhaps already registered").link(&format!("/people/{id}"));
    let path = w.amina.post("/people/new", again.iter().copied().chain([("somebody_else", "true")])).await.redirects();
    w.amina.get(path).await.shows("Perhaps the same person");
    w.amina.post("/people/new", [("name", "Fatima Hussein"), ("age", "70"), LOOKED]).await.redirects();
}

#[tokio::test]
async fn two_who_edit_at_once_both_keep_their_words() {
    let w = World::new().await;
    let id = w.person(&w.amina, "Dana Haddad", &[("address", "Old street")]).await;
    let path = format!("/people/{id}/edit");
    w.amina.post(&path, [("version", "1"), ("name", "Dana Haddad"), ("address", "First street")]).await.redirects();
    let seen = w.bruno.post(&path, [("version", "1"), ("name", "Dana Haddad"), ("address", "Second street")]).await;
    seen.is(409).shows("Somebody changed this meanwhile").shows("First street").shows("Second street");
    w.amina.get(format!("/people/{id}")).await.shows("First street");
    w.bruno.post(&path, [("version", "2"), ("name", "Dana Haddad"), ("address", "Second street")]).await.redirects();
    w.amina.get(format!("/people/{id}")).await.shows("Second street");
}

async fn household(w: &World) -> (String, Uuid, Uuid) {
    let head = w.person(&w.amina, "Dana Haddad", &[]).await;
    let child = w.person(&w.amina, "Sami Khoury", &[("age", "12")]).await;
    let path =
        w.amina.post("/households/new", [("head", head.to_string()), ("joined_on", "2020-01-01".into())]).await.redirects();
    let member = [
        ("person_id", child.to_string()),
        ("relationship", "child".into()),
        ("joined_on", "2020-01-01".into()),
        ("version", "1".into()),
    ];
    w.amina.post(format!("{path}/members"), member).await.redirects();
    (path, head, child)
}

#[tokio::test]
async fn members_join_and_leave_a_household_with_dates() {
    let w = World::new().await;
    let (path, head, child) = household(&w).await;
    let page = w.amina.get(&path).await;
    page.shows("Dana Haddad").shows("Sami Khoury").shows("head of household").shows("child");
    w.amina.get(format!("/people/{child}")).await.shows("Dana Haddad");
    let twice = [("person_id", head.to_string()), ("relationship", "parent".into()), ("joined_on", "2021-01-01".into())];
    w.amina.post(format!("{path}/members"), twice).await.is(422).shows("lives in this household already");
    let leaving = last_leaving(&page.body);
    w.amina.post(&leaving, [("left_on", "2019-01-01")]).await.is(422).shows("before the person joined");
    w.amina.post(&leaving, [("left_on", "2024-05-01"), ("version", "2")]).await.redirects();
    w.amina.get(&path).await.shows("Earlier members").shows("1 May 2024");
    w.odd.get(&path).await.is(404);
    w.odd.post(&leaving, [("left_on", "2024-05-01")]).await.is(404);
}

/// Where the form stands by which the last of a household's members leaves.
pub fn last_leaving(body: &str) -> String {
    body.split('"').rfind(|part| part.starts_with("/households/") && part.ends_with("/leaving")).expect("a form").to_owned()
}

#[tokio::test]
async fn s12_who_stays_never_sees_where_somebody_went() {
    let w = World::new().await;
    let (path, _, child) = household(&w).await;
    let leaving = last_leaving(&w.amina.get(&path).await.body);
    w.amina.post(&leaving, [("left_on", "2024-05-01"), ("confidential", "true"), ("version", "2")]).await.redirects();
    let elsewhere =
        w.salma.post("/households/new", [("head", child.to_string()), ("joined_on", "2024-05-01".into())]).await.redirects();
    w.only_case(child, FIELD, "gender_based_violence", user("salma")).await;
    for who in [&w.amina, &w.bruno] {
        who.get(&path).await.is(200).shows("Dana Haddad").lacks("Sami").lacks("Earlier members").lacks(&child.to_string());
        who.get(&elsewhere).await.lacks("Sami").lacks(&child.to_string());
        who.get(format!("/people/{child}")).await.is(404);
    }
    w.salma.get(format!("/people/{child}")).await.shows("Sami Khoury").link(&elsewhere);
}

// A household without its head would say that somebody is hidden.
#[tokio::test]
async fn s11_a_household_whose_head_is_hidden_is_not_there() {
    let w = World::new().await;
    let (path, head, child) = household(&w).await;
    w.amina.get(&path).await.shows("Sami Khoury");
    w.ada.get(&path).await.is(403);
    w.only_case(head, FIELD, "gender_based_violence", user("salma")).await;
    for who in [&w.amina, &w.bruno] {
        who.get(&path).await.is(404);
        who.get(format!("/people/{child}")).await.is(200).lacks(&path);
    }
}

#[tokio::test]
async fn s28_a_search_is_a_fact_without_what_was_typed() {
    let w = World::new().await;
    w.person(&w.amina, "Fatima Hussein", &FATIMA[1..]).await;
    w.amina.get(query("Fatima Hussein")).await.is(200);
    let mut work = w.operate().await;
    let note: String = sqlx::query_scalar("select string_agg(note::text || fields::text, ' ') from facts where kind like 'pe%'")
        .fetch_one(work.db())
        .await
        .expect("facts");
    assert!(note.contains("by_name") && !note.to_lowercase().contains("fatima"), "{note}");
}

#[tokio::test]
async fn the_registry_speaks_arabic_from_right_to_left() {
    let w = World::new().await;
    let id = w.person(&w.amina, "فاطمة حسين", &FATIMA).await;
    w.amina.post("/account", [("lang", "ar"), ("digits", "arabic")]).await.redirects();
    let page = w.amina.get(format!("/people/{id}")).await;
    page.shows("غير آمن: لا اتصال ولا كتابة").shows("تعديل البيانات").lacks("people-").lacks("person-field");
    w.amina.get("/people").await.shows("الأشخاص").lacks("people-title");
}

// A call of a program that works as this member of the cast.
pub async fn call(
    w: &World,
    token: &str,
    method: &str,
    path: &str,
    version: &str,
    body: serde_json::Value,
) -> crate::support::browser::Seen {
    let mut request = http::Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    if !version.is_empty() {
        request = request.header("if-match", version);
    }
    w.nobody.send(request.body(axum::body::Body::from(body.to_string())).expect("a request")).await
}

async fn token_of_amina(w: &World) -> String {
    w.sql("update roles set acts = acts || '{token.create}' where code = 'case_worker'").await;
    let page = w.amina.post("/account/tokens", [("name", "Registry"), ("days", "30")]).await;
    page.is(200).text().split_whitespace().find(|word| word.starts_with("tc_")).expect("the secret").to_owned()
}

#[tokio::test]
async fn the_same_is_done_over_rest() {
    let w = World::new().await;
    let token = token_of_amina(&w).await;
    let dana = serde_json::json!({ "name": "Dana Haddad", "contacts": [{ "channel": "phone", "value": "0791234567" }] });
    let made = call(&w, &token, "POST", "/api/v1/people", "", dana.clone()).await;
    let path = made.is(201).location.clone().expect("where it is");
    call(&w, &token, "POST", "/api/v1/people", "", dana).await.is(422).shows("likely_known");
    let shown = call(&w, &token, "GET", &path, "", serde_json::Value::Null).await;
    shown.is(200).shows("Dana Haddad").shows("\"safe_to_call\":false");
    assert_eq!(shown.headers["etag"], "\"1\"");
    let changed = serde_json::json!({ "name": "Dana Khoury", "sex": "robot" });
    call(&w, &token, "PUT", &path, "\"1\"", changed).await.is(422).shows("not_a_choice");
    let changed = serde_json::json!({ "name": "Dana Khoury" });
    call(&w, &token, "PUT", &path, "\"1\"", changed.clone()).await.is(200);
    call(&w, &token, "PUT", &path, "\"1\"", changed).await.is(412);
    let sought = serde_json::json!({ "q": "khoury dana" });
    call(&w, &token, "POST", "/api/v1/people/search", "", sought).await.is(200).shows("Dana Khoury");
    let id = path.rsplit('/').next().expect("an id").to_owned();
    let home = serde_json::json!({ "head": id, "since": "2020-01-01" });
    let home = call(&w, &token, "POST", "/api/v1/households", "", home).await.is(201).location.clone().expect("where it is");
    let twice = serde_json::json!({ "person": id, "relationship": "child", "joined_on": "2020-01-01" });
    call(&w, &token, "POST", &format!("{home}/members"), "\"1\"", twice).await.is(422).shows("already_member");
    call(&w, &token, "GET", &home, "", serde_json::Value::Null).await.is(200).shows("Dana Khoury");
}
