//! Reasons: clause by clause, with the values seen, and what would have to be asked.
use crate::support::{fields, profile, rule};
use rules::{Comparison, Explanation, How, NO_REASON, Term, Truth, Value, Verdict};

fn explain(text: &str, json: &str) -> Explanation {
    rule(text).explain(&profile(json))
}

fn decides(text: &str, json: &str) -> Vec<String> {
    explain(text, json).decides
}

#[test]
fn conditions_joined_by_and_are_explained_one_by_one() {
    let text = "household.income < 200 &&\n (household.tenure == 'rented' && members.exists(m, m.age >= 60))";
    let family = r#"{"household": {"income": 120.5}, "members": [{"age": 67}, {}]}"#;
    let explanation = explain(text, family);
    let clauses: Vec<(&str, Option<bool>)> =
        explanation.clauses.iter().map(|clause| (&text[clause.source.0..clause.source.1], clause.holds)).collect();
    let expected = [
        ("household.income < 200", Some(true)),
        ("household.tenure == 'rented'", None),
        ("members.exists(m, m.age >= 60)", Some(true)),
    ];
    assert_eq!(clauses, expected);
    assert_eq!(explanation.verdict, Verdict::Unknown);
    assert_eq!(explanation.decides, ["household.tenure"]);
}

#[test]
fn a_clause_shows_the_values_it_saw_and_of_whom_it_holds() {
    let explanation = explain(
        "members.exists(m, m.age >= 60 && household.size > 1)",
        r#"{"household": {"size": 2}, "members": [{"age": 67}, {}]}"#,
    );
    let clause = &explanation.clauses[0];
    let value = |name: &str, value| (name.to_owned(), value);
    let expected = [
        value("members", Some(Value::Int(2))),
        value("member.age", Some(Value::Int(67))),
        value("member.age", None),
        value("household.size", Some(Value::Int(2))),
    ];
    assert_eq!(clause.values, expected);
    assert_eq!(clause.members, [Some(true), None]);
}

#[test]
fn the_shape_of_a_clause_can_be_put_into_words() {
    let explanation = explain("members.all(m, m.age != 4)", "{}");
    let Truth::Members { how: How::All, such } = &explanation.clauses[0].shape else { panic!("{explanation:?}") };
    let Truth::Compare { operator: Comparison::NotEqual, left, right } = &**such else { panic!("{such:?}") };
    assert_eq!(**right, Term::Int(4));
    assert!(matches!(&**left, Term::Field(field) if field.to_string() == "member.age"));
}

#[test]
fn only_what_could_still_change_the_verdict_is_asked_for() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("household.size > 1 && household.income < 5", r#"{"household": {"size": 1}}"#, &[]),
        ("household.size > 1 || household.income < 5", r#"{"household": {"size": 1}}"#, &["household.income"]),
        (
            "(household.size > 1 || household.has_toilet) && household.income < 5",
            r#"{"household": {"size": 2}}"#,
            &["household.income"],
        ),
        (
            "household.has_toilet ? household.size > 1 : household.income < 5",
            r#"{"household": {"has_toilet": true}}"#,
            &["household.size"],
        ),
        ("household.has_toilet ? household.size > 1 : true", "{}", &["household.has_toilet", "household.size"]),
        (
            "members.exists(m, m.sex == 'male' && m.age > 60)",
            r#"{"members": [{"sex": "female"}, {"sex": "male"}]}"#,
            &["member.age"],
        ),
        ("members.exists(m, m.sex == 'male' && m.age > 60)", r#"{"members": [{"sex": "female"}]}"#, &[]),
        ("members.exists(m, m.age > 60)", "{}", &["members"]),
        ("members.filter(m, m.age < 6).size() >= 2", r#"{"members": [{"age": 2}, {"age": 3}, {}]}"#, &[]),
        ("members.filter(m, m.age < 6).size() >= 2", r#"{"members": [{"age": 2}, {}]}"#, &["member.age"]),
        ("size(members) == household.size", r#"{"members": []}"#, &["household.size"]),
        (
            "'radio' in household.assets && household.admin1 == household.tenure",
            "{}",
            &["household.assets", "household.admin1", "household.tenure"],
        ),
        ("has(household.income) || household.size > 3", "{}", &["household.size"]),
    ];
    for (text, json, expected) in cases {
        assert_eq!(decides(text, json), *expected, "{text} of {json}");
    }
}

#[test]
fn a_stored_reason_names_the_clause_that_failed_or_is_unknown() {
    let rule = rule("household.size > 1 && household.income < 5 && household.has_toilet");
    let mut batch = rules::Batch::new(&fields());
    for household in [
        r#"{"size": 2, "income": 3, "has_toilet": true}"#,
        r#"{"size": 2, "income": 7, "has_toilet": false}"#,
        r#"{"size": 2, "has_toilet": false}"#,
        r#"{"size": 2, "has_toilet": true}"#,
        "{}",
    ] {
        batch.push_json(format!(r#"{{"household": {household}}}"#).as_bytes()).unwrap();
    }
    let (mut verdicts, mut reasons) = (Vec::new(), Vec::new());
    rule.judge_batch_with_reasons(&batch, &mut verdicts, &mut reasons);
    assert_eq!(reasons, [NO_REASON, 1, 2, 1, 0]);
    let (yes, no, unknown) = (Verdict::Eligible, Verdict::NotEligible, Verdict::Unknown);
    assert_eq!(verdicts, [yes, no, no, unknown, unknown]);
}

#[test]
fn verdicts_and_explanations_keep_as_json() {
    assert_eq!(serde_json::to_string(&Verdict::NotEligible).unwrap(), "\"not_eligible\"");
    let explanation = explain("members.exists(m, m.weight / (m.weight - 3.5) > 1.0)", r#"{"members": [{"weight": 3.5}]}"#);
    let kept = serde_json::to_string(&explanation).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&kept).unwrap(), explanation);
}
