//! For whom some of the demo's services are: rules over ages and numbers, which the registry knows of every household.
use serde_json::{Map, Value, json};

use crate::packs::{Expected, Labels, PackRule, RuleTest};

struct Entry {
    code: &'static str,
    service: &'static str,
    labels: [&'static str; 4],
    text: &'static str,
    /// The ages of a household that is eligible, and of one that is not.
    ages: (&'static [i64], &'static [i64]),
}

const ENTRIES: [Entry; 4] = [
    Entry {
        code: "older_persons",
        service: "demo-service-11",
        labels: ["Somebody of 60 or more", "فرد في الستين أو أكثر", "Une personne de 60 ans ou plus", "Alguien de 60 años o más"],
        text: "members.exists(m, m.age >= 60)",
        ages: (&[67, 30], &[59, 8]),
    },
    Entry {
        code: "nutrition",
        service: "demo-service-4",
        labels: ["A child under five", "طفل دون الخامسة", "Un enfant de moins de cinq ans", "Un niño menor de cinco años"],
        text: "members.exists(m, m.age < 5)",
        ages: (&[4, 30], &[5, 30]),
    },
    Entry {
        code: "large_families",
        service: "demo-service-12",
        labels: ["Three children or more", "ثلاثة أطفال أو أكثر", "Trois enfants ou plus", "Tres niños o más"],
        text: "// As the municipality counts them.\nmembers.filter(m, m.age < 18).size() >= 3",
        ages: (&[40, 9, 7, 3], &[40, 9, 7]),
    },
    Entry {
        code: "vocational_training",
        service: "demo-service-27",
        labels: ["Somebody from 18 to 35", "فرد بين 18 و35", "Une personne de 18 à 35 ans", "Alguien de 18 a 35 años"],
        text: "members.exists(m, m.age >= 18 && m.age <= 35)",
        ages: (&[18, 50], &[17, 36]),
    },
];

/// The rules, as a pack would bring them.
pub fn rules() -> Vec<PackRule> {
    ENTRIES.iter().map(rule).collect()
}

fn rule(entry: &Entry) -> PackRule {
    let [en, ar, fr, es] = entry.labels.map(str::to_owned);
    let known = |name: &str, expect, ages: &[i64]| RuleTest {
        name: name.to_owned(),
        expect,
        decides: Vec::new(),
        household: Map::new(),
        members: Some(ages.iter().map(|age| aged(json!(age))).collect()),
    };
    PackRule {
        code: entry.code.to_owned(),
        service: entry.service.to_owned(),
        also: Vec::new(),
        labels: Labels { en, ar, fr, es },
        text: entry.text.to_owned(),
        tests: vec![
            known("Just within", Expected::Eligible, entry.ages.0),
            known("Just outside", Expected::NotEligible, entry.ages.1),
            RuleTest { members: None, ..known("Nobody is known", Expected::Unknown, &[]) },
        ],
    }
}

fn aged(age: Value) -> Map<String, Value> {
    Map::from_iter([("age".to_owned(), age)])
}
