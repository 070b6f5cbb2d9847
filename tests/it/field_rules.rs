//! Rules that go with a form onto a device: only those that the form can answer, in words, and of services that everybody may see.
use serde_json::{Value, json};

use crate::eligibility::{applied, with_income};
use crate::field::read;
use crate::referrals::{COVERED, SERVICE, scene};
use crate::support::World;
use crate::support::sent::PROTECTION;

// What the reader reads: without marks of direction.
fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace(['\u{2068}', '\u{2069}'], "")
}

#[tokio::test]
async fn rules_go_along_whose_every_question_the_form_asks() {
    let w = World::new().await;
    with_income(&w).await;
    scene(&w, PROTECTION, "amina", COVERED).await;
    let edition = w.intake_form("household_needs", &[PROTECTION], "household").await;
    let address = format!("/field/editions/{edition}/rules");
    // Who lives there this form does not ask.
    applied(&w, "members.exists(m, m.age >= 18) && household.income < 100.0").await;
    assert_eq!(read(&w.amina.get(&address).await)["services"], json!([]));

    applied(&w, "household.income < 100.0").await;
    let told = read(&w.amina.get(&address).await);
    // In every language, whichever the page is in when it is read.
    let clause = &told["services"][0]["clauses"][0];
    assert_eq!(words(&clause["en"]), "Income per head less than 100");
    assert!(["ar", "fr", "es"].iter().all(|lang| !words(&clause[lang]).is_empty() && clause[lang] != clause["en"]), "{clause}");
    assert_eq!(told["services"][0]["rule"]["text"], "household.income < 100.0");
    assert_eq!(words(&told["labels"]["household.income"]["en"]), "Income per head");
    let field = &told["fields"][0];
    assert_eq!((&field["path"], &field["kind"]), (&json!("/data/income/per_head"), &json!("number")));
    w.odd.get(&address).await.is(404);
}

#[tokio::test]
async fn s16_nothing_goes_along_of_services_that_not_everybody_may_see_nor_with_forms_about_one_person() {
    let w = World::new().await;
    with_income(&w).await;
    scene(&w, PROTECTION, "amina", COVERED).await;
    applied(&w, "household.income < 100.0").await;
    let household = w.intake_form("household_needs", &[PROTECTION], "household").await;
    let address = format!("/field/editions/{household}/rules");
    assert_eq!(read(&w.amina.get(&address).await)["services"].as_array().map(Vec::len), Some(1));
    w.sql("update forms set subject = 'person' where code = 'household_needs'").await;
    assert_eq!(read(&w.amina.get(&address).await)["services"], json!([]));
    w.sql(&format!(
        "update forms set subject = 'household' where code = 'household_needs';
         update services set visibility = 'cleared', cleared_types = '{{{PROTECTION}}}' where id = '{SERVICE}'"
    ))
    .await;
    assert_eq!(read(&w.amina.get(&address).await)["services"], json!([]));
}
