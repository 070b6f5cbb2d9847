//! Achievements of many households by place: what is shown, what is hidden because it is few, and to whom.
use serde_json::Value;

use super::{FAMILY, household};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::program::Program;
use crate::support::world::FIELD;

// So many women alone in this place, each accompanied by Amina.
async fn families(w: &World, by: &Browser, place: &str, count: usize) {
    for _ in 0..count {
        let (_, person) = household(w, by, FAMILY).await;
        w.sql(&format!("update persons set admin1 = '{place}', admin2 = '' where id = '{person}'")).await;
    }
}

async fn scene(w: &World) -> Browser {
    w.load_pack("family-accompaniment").await;
    let amina = w.also("amina", FIELD, "family_worker").await;
    for (place, count) in [("Zarqa", 6), ("Mafraq", 2), ("Irbid", 3)] {
        families(w, &amina, place, count).await;
    }
    amina
}

#[tokio::test]
async fn s15_achievements_are_counted_by_place_and_few_are_hidden() {
    let w = World::new().await;
    let amina = scene(&w).await;
    amina.get("/loop").await.link("/loop/achievements");
    // Nobody has an identity document, all else is not known: whether they are poor is open, and so are all eleven.
    let page = amina.get("/loop/achievements").await;
    page.shows("Households counted 11")
        .shows("Zarqa 0% to 100% 6 15% to 100%")
        .shows("0 / 6")
        .shows("Mafraq hidden hidden hidden");
    page.lacks("Dana").lacks("/cases/0");
    let file = amina.get("/loop/achievements/export?type=80").await;
    assert!(file.is(200).body.contains("Zarqa,,6,0,100,15,100,0,6"), "{}", file.body);
    assert!(file.body.contains("Irbid,,hidden,hidden"), "{}", file.body);
    assert_eq!(w.count("facts where kind = 'exported'").await, 1);
    // Where somebody lives whose address is confidential stands nowhere.
    w.sql("update persons set address_confidential = true where admin1 = 'Zarqa'").await;
    amina.get("/loop/achievements").await.lacks("Zarqa").shows("Place not recorded 0% to 100% 6");
}

#[tokio::test]
async fn achievements_by_place_are_of_cases_that_the_reader_sees() {
    let w = World::new().await;
    let amina = scene(&w).await;
    for somebody in [&w.bruno, &w.odd] {
        somebody.get("/loop/achievements").await.is(200).shows("No households to count").lacks("Zarqa");
        somebody.get("/loop/achievements/export").await.is(404);
    }
    let program = Program::of(&w.nobody, w.token(&amina).await);
    let read: Value = serde_json::from_str(&program.get("/api/v1/loop/achievements").await.is(200).body).expect("JSON");
    let zarqa = read["places"].as_array().and_then(|all| all.iter().find(|one| one["admin1"] == "Zarqa")).expect("a place");
    assert_eq!((zarqa["households"].as_i64(), zarqa["poor"]["most"].as_f64()), (Some(6), Some(1.0)));
    assert_eq!(read["places"][0]["households"], Value::Null, "Irbid has three");
}
