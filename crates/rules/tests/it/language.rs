//! What rules can say of a household of which everything is known.
use crate::support::{fields, judge, profile, rule};
use rules::Verdict::{Eligible, NotEligible};
use rules::{Rule, Score, compile_score};

const FAMILY: &str = r#"{
    "household": {"size": 3, "income": 120.5, "has_toilet": false, "tenure": "rented", "assets": ["radio", "phone"], "admin1": "North"},
    "members": [
        {"age": 41, "weight": 60.5, "in_school": false, "sex": "female", "needs": [], "name": "Amal"},
        {"age": 16, "weight": 50.0, "in_school": false, "sex": "male", "needs": ["seeing"], "name": "Basim"},
        {"age": 5, "weight": 18.0, "in_school": true, "sex": "female", "needs": [], "name": "Dana"}
    ]
}"#;

fn holds(conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(judge(condition, FAMILY), Eligible, "{condition}");
        assert_eq!(judge(&format!("!({condition})"), FAMILY), NotEligible, "!({condition})");
    }
}

#[test]
fn numbers_are_compared_and_reckoned_with() {
    holds(&[
        "household.size == 3",
        "household.size != 4 && household.size < 4 && household.size <= 3 && household.size > 2 && household.size >= 3",
        "household.income < 200",
        "household.income / 2 == 60.25",
        "household.size / 2 == 1 && -7 / 2 == -3 && -7 % 2 == -1",
        "2 + 3 * 4 - 1 == 13 && (2 + 3) * 4 == 20 && 10 - 2 - 3 == 5",
        "--3 == 3 && - 3 == -3 && -household.size == -3",
        "household.size in [1, 3, 5] && household.income in [120.5, 1] && !(household.size in [1.5])",
        "int(household.income) == 120 && double(household.size) == 3.0 && int(-1.9) == -1",
        "0x10 == 16 && 1e2 == 100 && .5 == 0.5",
        "-9223372036854775808 < 0",
    ]);
}

#[test]
fn texts_and_choices_are_compared() {
    holds(&[
        "household.tenure == 'rented' && household.tenure != \"owned\"",
        "household.tenure in ['rented', 'free']",
        "'radio' in household.assets && !('bicycle' in household.assets)",
        "household.assets.size() == 2 && size(household.admin1) == 5",
        "household.admin1.startsWith('No') && household.admin1.endsWith('th') && household.admin1.contains('ort')",
        "household.admin1 < 'Nz' && 'a' < 'b' && household.tenure >= 'rented'",
        "'it\\'s \\u0041' == \"it's A\"",
        "(household.size > 2 ? 'rented' : 'free') == household.tenure",
    ]);
}

#[test]
fn members_are_gone_through() {
    holds(&[
        "members.exists(m, m.age >= 40)",
        "members.all(m, m.age >= 5)",
        "members.exists_one(m, m.sex == 'male') && !members.exists_one(m, m.sex == 'female')",
        "members.filter(m, m.age < 18).size() >= 2 && size(members.filter(m, m.age < 18)) == 2",
        "size(members) == household.size && members.size() == 3",
        "members.exists(m, 'seeing' in m.needs && m.age < household.size + 20)",
        "members.exists(m, members.exists(n, n.age < m.age - 30))",
        "members.all(m, members.filter(n, n.name == m.name).size() == 1)",
        "members.exists(m, members.exists(m, m.age == 5))",
        "members.exists(m, members.exists(n, n.age == m.age && size(members) == 3))",
    ]);
}

#[test]
fn conditions_are_joined_and_chosen_between() {
    holds(&[
        "true && !false",
        "false || household.size == 3 || false",
        "household.size == 1 || household.size == 3 && !household.has_toilet",
        "household.has_toilet == false && household.has_toilet != true",
        "(household.size > 2) == (household.income > 100)",
        "household.has_toilet ? false : household.size == 3",
        "household.size > 5 ? false : household.size > 4 ? false : true",
        "has(household.income) && members.all(m, has(m.age))",
        "household.size == 3 // people who eat together\n  && true",
    ]);
}

#[test]
fn a_household_of_nobody_has_no_member_of_any_kind() {
    let nobody = r#"{"members": []}"#;
    assert_eq!(judge("members.all(m, m.age > 100)", nobody), Eligible);
    assert_eq!(judge("members.exists(m, m.age < 100)", nobody), NotEligible);
    assert_eq!(judge("members.exists_one(m, true)", nobody), NotEligible);
    assert_eq!(judge("size(members) == 0", nobody), Eligible);
}

#[test]
fn a_score_is_a_number() {
    let value = |text: &str, json: &str| score(text).value(&profile(json));
    assert_eq!(value("household.size * 2 + (household.income < 200 ? 3 : 0)", FAMILY), Some(9.0));
    assert_eq!(value("household.income < 100 ? 1 : 0.5", FAMILY), Some(0.5));
    assert_eq!(value("(household.size > 1 ? 1 : 2.5) / 2", FAMILY), Some(0.5));
    assert_eq!(value("household.size + size(members)", r#"{"members": []}"#), None);
    assert_eq!(score("household.size + size(members)").lacks(&profile(r#"{"members": []}"#)), ["household.size"]);
}

#[test]
fn a_score_says_which_conditions_made_it_so() {
    let parts = |text: &str| -> Vec<(f64, bool)> {
        score(text).parts(&profile(FAMILY)).iter().map(|part| (part.points, part.because.is_some())).collect()
    };
    assert_eq!(
        parts("household.size * 2 + (household.income < 200 ? 3 : 0) + (household.size > 9 ? 4 : 0)"),
        [(6.0, false), (3.0, true)]
    );
    let because = |text: &str| score(text).parts(&profile(FAMILY)).pop().and_then(|part| part.because);
    let innermost = because("household.size > 9 ? 4 : household.income < 200 ? 3 : 0");
    assert!(matches!(innermost, Some(rules::Truth::Compare { .. })), "{innermost:?}");
    let contrary = because("household.size > 9 ? 0 : 3");
    assert!(matches!(contrary, Some(rules::Truth::Not(_))), "{contrary:?}");
    assert!(score("household.size + 0").parts(&profile(r#"{"members": []}"#)).is_empty(), "unknown, and nothing");
}

fn score(text: &str) -> Score {
    compile_score(text, &fields()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

#[test]
fn what_is_kept_compiled_says_the_same() {
    let nested = format!("{}household.size{} == 3 && {}true", "(1 + ".repeat(26), ")".repeat(26), "!(".repeat(12));
    for text in [
        "members.exists(m, members.exists(n, n.age < m.age)) && household.income in [120.5, 2.0]",
        &format!("{nested}{}", ")".repeat(12)),
    ] {
        let rule = rule(text);
        let kept = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&kept).unwrap(), rule);
    }
    let score = score("2.0 * size(members)");
    assert_eq!(serde_json::from_str::<Score>(&serde_json::to_string(&score).unwrap()).unwrap(), score);
}

#[test]
fn a_rule_names_the_fields_it_uses() {
    let rule = rule("household.income < 9 && members.exists(m, m.age > 3 && m.age < 9)");
    assert_eq!(rule.fields().into_iter().collect::<Vec<_>>(), ["household.income", "member.age", "members"]);
    let only = fields().only(&rule.fields());
    assert_eq!((only.household.len(), only.members.len()), (1, 1));
}
