//! What isn't known stays unknown, and no further than it must.
use crate::support::{judge, profile, rule};
use rules::Trouble::{DivisionByZero, Overflow};
use rules::Verdict::{Eligible, NotEligible, Unknown};
use rules::{Trouble, Verdict};

fn cases(json: &str, cases: &[(&str, Verdict)]) {
    for (text, verdict) in cases {
        assert_eq!(judge(text, json), *verdict, "{text} of {json}");
    }
}

#[test]
fn nothing_known_decides_nothing_but_what_is_sure_anyway() {
    cases(
        "{}",
        &[
            ("household.size >= 3", Unknown),
            ("household.size >= 3 && false", NotEligible),
            ("household.size >= 3 || true", Eligible),
            ("!household.has_toilet", Unknown),
            ("household.has_toilet == household.has_toilet", Unknown),
            ("household.tenure in ['rented']", Unknown),
            ("'radio' in household.assets", Unknown),
            ("household.admin1.contains('')", Unknown),
            ("household.size * 0 == 0", Unknown),
            ("has(household.size)", NotEligible),
            ("household.has_toilet ? false : false", NotEligible),
            ("household.has_toilet ? true : false", Unknown),
            ("(household.has_toilet ? 1 : 1) == 1", Eligible),
            ("members.exists(m, true)", Unknown),
            ("members.all(m, true)", Unknown),
            ("members.exists_one(m, false)", Unknown),
            ("size(members) >= 1", Unknown),
            ("size(members) >= 0", Eligible),
        ],
    );
}

#[test]
fn members_of_whom_something_is_unknown_count_as_far_as_they_must() {
    let family = r#"{"members": [{"age": 70}, {}, {"age": 10}]}"#;
    cases(
        family,
        &[
            ("members.exists(m, m.age >= 60)", Eligible),
            ("members.exists(m, m.age >= 80)", Unknown),
            ("members.all(m, m.age >= 60)", NotEligible),
            ("members.all(m, m.age >= 5)", Unknown),
            ("members.exists_one(m, m.age >= 60)", Unknown),
            ("members.exists_one(m, m.age >= 5)", NotEligible),
            ("members.filter(m, m.age < 18).size() >= 1", Eligible),
            ("members.filter(m, m.age < 18).size() >= 2", Unknown),
            ("members.filter(m, m.age < 18).size() >= 3", NotEligible),
            ("3 > members.filter(m, m.age < 18).size()", Eligible),
            ("members.filter(m, m.age < 18).size() == 3", NotEligible),
            ("members.filter(m, m.age < 18).size() != 0", Eligible),
            ("members.filter(m, m.age < 18).size() == 1", Unknown),
            ("members.filter(m, m.age < 18).size() < 2.5", Eligible),
            ("members.filter(m, m.age < 18).size() + 0 >= 1", Unknown),
        ],
    );
}

#[test]
fn who_belongs_to_the_household_is_unknown_until_somebody_says_nobody() {
    assert_eq!(judge("size(members) == 0", r#"{"household": {}}"#), Unknown);
    assert_eq!(judge("size(members) == 0", r#"{"members": null}"#), Unknown);
    assert_eq!(judge("size(members) == 0", r#"{"members": []}"#), Eligible);
}

#[test]
fn a_value_that_no_such_field_can_hold_is_unknown() {
    for value in ["null", "\"3\"", "3.5", "true", "[\"3\"]", "{\"a\": 3}", "[3]", "1e300"] {
        assert_eq!(judge("household.size == 3", &format!(r#"{{"household": {{"size": {value}}}}}"#)), Unknown, "{value}");
    }
    assert_eq!(judge("household.size == 3", r#"{"household": {"size": 3.0}}"#), Eligible);
    assert_eq!(judge("household.income == 3.0", r#"{"household": {"income": 3}}"#), Eligible);
}

#[test]
fn dividing_by_nothing_and_numbers_too_large_are_unknown_with_their_reason() {
    let troubled = |text: &str, expected: Trouble| {
        let explanation = rule(text).explain(&profile(r#"{"household": {"size": 0, "income": 0.0}}"#));
        assert_eq!(explanation.verdict, Unknown, "{text}");
        assert_eq!(explanation.clauses[0].trouble, Some(expected), "{text}");
        assert!(explanation.decides.is_empty(), "{text}");
    };
    troubled("10 / household.size > 1", DivisionByZero);
    troubled("10 % household.size > 1", DivisionByZero);
    troubled("10.0 / household.income > 1", DivisionByZero);
    troubled("household.size + 9223372036854775807 + 1 > 0", Overflow);
    troubled("(household.size - 9223372036854775807 - 1) / -1 > 0", Overflow);
    troubled("-(household.size - 9223372036854775807 - 1) > 0", Overflow);
    troubled("1e308 * 10.0 > household.income", Overflow);
    troubled("int(1e300) > household.size", Overflow);
    assert_eq!(judge("10 / household.size > 1 || household.size == 0", r#"{"household": {"size": 0}}"#), Eligible);
}
