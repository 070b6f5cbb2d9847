//! Rounds of an assessment: what they ask about, the tool each began with, one beside the other, and one written down late.
use throughcare::access::Act;
use throughcare::packs;

use super::{ANALYSIS, SCREENING, alone, begun, finalised, household, said, version};
use crate::support::World;
use crate::support::sent::PROTECTION;

// What the built-in tools ask about.
const PARTS: [&str; 7] = [
    "Living conditions and shelter",
    "Water, sanitation and hygiene",
    "Food and nutrition",
    "Health, of body and mind",
    "Safety, protection and legal status",
    "Children and education",
    "Livelihood and economic security",
];

#[tokio::test]
async fn seven_parts_of_life_are_asked_about_of_a_household_and_of_one_member_alone() {
    let w = World::new().await;
    let (together, own) = (household(&w).await, alone(&w, PROTECTION).await);
    for (case, tool) in [(&together, SCREENING), (&together, ANALYSIS), (&own, "member_analysis")] {
        let round = begun(&w.amina, case, tool).await;
        let page = w.amina.get(format!("{round}/answers")).await;
        for part in PARTS {
            page.shows(part);
        }
        // The household's members are counted where it is looked at closely.
        assert_eq!(page.text().contains("Members of the household"), tool == ANALYSIS, "{tool}");
    }
}

#[tokio::test]
async fn a_round_keeps_the_tool_that_it_began_with() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    let acts: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    let mut pack = packs::read(std::path::Path::new("packs/protection"), &acts).expect("the shipped pack is right");
    pack.assessments[0].domains[0].questions[0].labels.en = "Does the wind blow through?".into();
    let mut work = w.operate().await;
    packs::store::load(&mut work, &pack).await.expect("it loads");
    work.commit().await.expect("it commits");
    w.amina.get(format!("{round}/answers")).await.shows("Does the roof leak").lacks("Does the wind");
    said(&w, &w.amina, &round, &[("evicted", "no")]).await;
    finalised(&w, &w.amina, &round, "moderate", "").await.redirects();
    let next = begun(&w.amina, &case, SCREENING).await;
    w.amina.get(format!("{next}/answers")).await.shows("Does the wind blow through?");
    w.amina.get(&round).await.shows("Does the roof leak");
}

#[tokio::test]
async fn rounds_stand_beside_each_other_with_what_changed() {
    let w = World::new().await;
    let case = household(&w).await;
    let compared = format!("{case}/assessments/comparison?tool={SCREENING}");
    w.amina.get(&compared).await.shows("Nothing to compare yet");
    for (water, roof) in [("no", "yes"), ("yes", "yes")] {
        let round = begun(&w.amina, &case, SCREENING).await;
        said(&w, &w.amina, &round, &[("evicted", "no"), ("water", water), ("roof", roof)]).await;
        finalised(&w, &w.amina, &round, "moderate", "").await.redirects();
    }
    w.amina.get(format!("{case}/assessments")).await.link(&compared);
    let page = w.amina.get(&compared).await;
    page.shows("Round 1")
        .shows("Round 2")
        .shows("2. Water, sanitation and hygiene")
        .shows("Less need (−2)")
        .shows("The same")
        .shows("3 of 16");
    assert!(page.body.contains("role=\"img\" aria-label=\"Need by domain"), "the drawing is named");
    assert_eq!(page.body.matches("<polygon class=\"tc-radar-").count(), 4 + 2, "four rings and two rounds");
}

#[tokio::test]
async fn a_late_round_says_why_and_the_next_is_due_from_when_it_took_place() {
    let w = World::new().await;
    let case = household(&w).await;
    let round = begun(&w.amina, &case, SCREENING).await;
    said(&w, &w.amina, &round, &[("evicted", "no")]).await;
    let version = version(&w, &round).await;
    let late = [("version", version.as_str()), ("risk", "moderate"), ("happened_at", "2026-01-05T10:00")];
    w.amina.post(format!("{round}/finalisation"), late).await.is(422).keeps("2026-01-05T10:00");
    w.amina.post(format!("{round}/finalisation"), [&late[..], &[("late_reason", "Power cut")]].concat()).await.redirects();
    w.amina.get(&round).await.shows("Power cut");
    assert_eq!(w.count("tasks where kind = 'assess_again' and due_at = '2026-07-05T10:00Z'").await, 1);
}
