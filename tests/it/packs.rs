//! Several packs at once: each worker meets what their own roles are cleared for, and nothing of the rest.
use throughcare::packs;

use crate::support::World;
use crate::support::world::{ELSEWHERE, FIELD};

const EMPLOYMENT: i16 = 20;

async fn with_all_packs() -> World {
    let w = World::new().await;
    w.load_pack("employment-services").await;
    w.load_pack("refugee-protection").await;
    w
}

#[tokio::test]
async fn a_worker_of_two_packs_opens_cases_of_both_and_each_list_names_a_code_once() {
    let w = with_all_packs().await;
    let amina = w.also("amina", FIELD, "employment_case_manager").await;
    let person = w.person(&amina, "Yusuf Karam", &[]).await;
    let page = amina.get(format!("/cases/new?person={person}")).await;
    page.shows("Youth at work").shows("Child protection").shows("Employment services").lacks("Resettlement").lacks("Fraud");
    assert_eq!(page.body.matches("value=\"hotline\"").count(), 1);
    assert_eq!(page.body.matches("name=\"risk\"").count(), 3);
    let case = w.case(&amina, EMPLOYMENT, person, &[]).await;
    amina.get(&case).await.shows("Employment needs assessment").shows("Programmes and services").lacks("Safety plan");
    let list = amina.get("/cases").await;
    list.shows("External case management").shows("Intake");
    assert_eq!(list.body.matches("risk=moderate").count(), 1);
}

#[tokio::test]
async fn s11_a_pack_that_one_works_nothing_of_is_nowhere() {
    let w = with_all_packs().await;
    let person = w.person(&w.amina, "Yusuf Karam", &[]).await;
    let page = w.amina.get(format!("/cases/new?person={person}")).await;
    page.shows("General protection").lacks("Youth at work").lacks("Resettlement").lacks("Protection case management");
    w.amina.get("/cases").await.lacks("Youth at work").lacks("Resettlement");
    w.amina.get(format!("/people/{person}/refer")).await.lacks("Youth at work");
    let (person, case_type) = (person.to_string(), EMPLOYMENT.to_string());
    let fields = [
        ("person", person.as_str()),
        ("case_type", &case_type),
        ("intake_source", "self"),
        ("priority", "normal"),
        ("keeper", "me"),
    ];
    w.amina.post("/cases/new", fields).await.is(422);
}

#[tokio::test]
async fn a_case_of_one_pack_is_not_seen_through_a_role_of_another() {
    let w = with_all_packs().await;
    let worker = w.member("erik", FIELD, "employment_supervisor").await;
    let erik = w.browser("erik").await;
    let person = w.person(&erik, "Yusuf Karam", &[]).await;
    let case = w.case(&erik, EMPLOYMENT, person, &[("risk", "low")]).await;
    w.bruno.get(&case).await.is(404);
    w.also("bruno", FIELD, "employment_supervisor").await.get(&case).await.is(200);
    w.also("odd", ELSEWHERE, "employment_supervisor").await.get(&case).await.is(404);
    assert_eq!(w.count(&format!("cases where case_manager = '{worker}'")).await, 1);
}

#[tokio::test]
async fn administrators_tell_roles_of_several_packs_apart() {
    let w = with_all_packs().await;
    w.ada.get("/admin/roles").await.shows("Advanced user").shows("Refugee protection").shows("Employment services");
    let amina = crate::support::world::user("amina");
    w.ada.get(format!("/admin/users/{amina}")).await.shows("Intermediate user · Refugee protection");
}

#[tokio::test]
async fn a_pack_never_takes_over_a_role_or_a_number_of_another() {
    let w = World::new().await;
    let mut work = w.operate().await;
    let (_, mut pack) = packs::store::newest(&mut work).await.map(|all| (all[0].0, (*all[0].1).clone())).expect("a pack");
    pack.name = "second".into();
    pack.case_types.clear();
    let error = packs::store::load(&mut work, &pack).await.expect_err("its roles are another pack's");
    assert!(format!("{error:?}").contains("role_taken"), "{error:?}");
}

#[tokio::test]
async fn packs_load_again_without_a_new_version() {
    let w = with_all_packs().await;
    w.load_pack("refugee-protection").await;
    assert_eq!(w.count("packs").await, 3);
}
