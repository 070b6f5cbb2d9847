//! Gaps in what is kept: counted over what the reader sees, each figure opens its list.
use serde_json::json;

use crate::plans::id;
use crate::support::World;
use crate::support::case_work::{CHILD_PROTECTION, GBV};
use crate::support::world::user;

#[tokio::test]
async fn each_figure_of_the_board_opens_its_list_and_what_is_mended_leaves_it() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", id(&case))).await;
    w.sql(&format!("update persons set born_on = null where id = '{dana}'")).await;
    w.amina.get("/team/data").await.is(403);
    let page = w.bruno.get("/team/data").await;
    page.shows("No date of birth 1").shows("No phone or e-mail 1").shows("Opened before the person was born 0").shows("Amina Haddad");
    let list = page.link("/team/data?unit=11&#38;of=no_birth").replace("&#38;", "&").replace("#list", "");
    w.bruno.get(&list).await.shows(&code).lacks("Dana");
    w.sql(&format!("update persons set born_on = '2030-01-01' where id = '{dana}'")).await;
    w.bruno.get(&list).await.lacks(&code).shows("Nothing here");
    w.bruno.get("/team/data?of=contradictory").await.shows(&code).shows("Opened before the person was born");
    w.bruno.get(format!("/team/data?of=missing&worker={}", user("bruno"))).await.lacks(&code);
    w.bruno.get(format!("/team/data?of=missing&worker={}", user("amina"))).await.shows(&code);
    w.bruno.get("/team/data?of=everything").await.is(404);
}

#[tokio::test]
async fn what_has_grown_old_is_found() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!(
        "update cases set risk_set_at = now() - interval '200 days', opened_at = now() - interval '300 days', last_contact_at = now() - interval '100 days' where id = '{0}';
         insert into person_contacts (id, person_id, channel, value, value_key) values (gen_random_uuid(), '{dana}', 'phone', '555 0199', '5550199');
         insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, expires_on, recorded_by, recorded_by_name)
           values (gen_random_uuid(), '{0}', '{dana}', 'consent', 'consent', 'to refer', current_date - 90, current_date - 1, '{1}', 'Amina'),
             (gen_random_uuid(), '{0}', '{dana}', 'consent', 'assent', 'to refer', current_date - 90, null, '{1}', 'Amina')",
        id(&case),
        user("amina")
    ))
    .await;
    let page = w.bruno.get("/team/data").await;
    page.shows("Consent expired 1").shows("Risk not looked at for 180 days 1").shows("Phone never checked 1");
    page.shows("No contact for 90 days 1").shows("Adult whose consent is still a child’s 1");
}

#[tokio::test]
async fn s11_a_restricted_case_of_others_is_in_no_figure() {
    let w = World::new().await;
    w.gita().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.salma, GBV, dana, &[("supervisor", &user("gita").to_string())]).await;
    w.bruno.get("/team/data").await.shows("No phone or e-mail 0").lacks("Salma");
    let other = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Sami Noor").await, &[]).await;
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let program = w.bruno.program().await;
    let counts = program.get("/api/v1/team/data").await;
    let counts: Vec<serde_json::Value> = serde_json::from_str(&counts.body).expect("JSON");
    let missing = counts.iter().find(|one| one["gap"] == json!("no_contact")).expect("a figure");
    assert_eq!((&missing["cases"], &missing["group"], &missing["worker"]), (&json!(1), &json!("missing"), &json!(user("amina"))));
    let found = program.get("/api/v1/team/data/cases?of=no_contact").await;
    let found: Vec<serde_json::Value> = serde_json::from_str(&found.body).expect("JSON");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["case"], json!(id(&other)));
}
