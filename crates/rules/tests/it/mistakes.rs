//! Mistakes in a rule, with their place and their remedy; and what is refused because it is too much.
use crate::support::fields;
use rules::{Instead, MAX_CHARACTERS, MAX_CLAUSES, Mistake, compile, compile_score};

fn mistakes(text: &str) -> Vec<Mistake> {
    compile(text, &fields()).expect_err(text)
}

/// Each text's only mistake has this code and a remedy that contains these words.
fn wrong(cases: &[(&str, &str, &str)]) {
    for (text, code, remedy) in cases {
        let found = mistakes(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].code, *code, "{text}: {found:?}");
        assert!(found[0].remedy.contains(remedy), "{text}: {}", found[0]);
    }
}

#[test]
fn kinds_that_do_not_fit_are_found_before_anybody_is_judged() {
    wrong(&[
        ("\"nine\" < 18", "kinds", "text with a text"),
        ("household.size > '3'", "kinds", "without quotes: 3"),
        ("household.size", "kinds", "Compare it with"),
        ("household.assets == 'radio'", "kinds", "'radio' in household.assets"),
        ("members > 3", "kinds", "size(members)"),
        ("household.has_toilet > 3", "kinds", "by itself"),
        ("household.has_toilet < true", "kinds", "== or !="),
        ("household.admin1 + 1 > 2", "kinds", "numbers"),
        ("household.income % 2 == 0", "kinds", "int("),
        ("household.size / 0 > 1", "zero", "another number"),
        ("household.income / -0.0 > 1.0", "zero", "another number"),
        ("household.size in ['a']", "kinds", "numbers"),
        ("household.tenure in [3]", "kinds", "quotes"),
        ("household.tenure in household.admin1", "kinds", "['a', 'b']"),
        ("household.size == (household.has_toilet ? 1 : 'a')", "kinds", "same kind"),
        ("members.filter(m, m.age < 6).exists(n, n.in_school)", "kinds", "Join both"),
        ("household.size.startsWith('3')", "kinds", "quotes"),
        ("members", "kinds", "members.exists"),
        ("members.exists(m, m.age)", "kinds", "Compare it"),
        ("has(3)", "kinds", "has(household.income)"),
        ("size(household.size) > 1", "kinds", "size(members)"),
    ]);
}

#[test]
fn a_name_that_does_not_exist_is_answered_with_the_nearest() {
    wrong(&[
        ("household.incom < 3", "unknown-field", "household.income"),
        ("household.age < 3", "unknown-field", "members.exists(m, m.age"),
        ("members.exists(m, m.size > 3)", "unknown-field", "household.size"),
        ("members.exists(m, m.agee > 3)", "unknown-field", "m.age"),
        ("household.colour_of_roof == 'red'", "unknown-field", "size, income"),
        ("income < 3", "unknown-name", "household.income"),
        ("incom < 3", "unknown-name", "household.income"),
        ("age < 3", "unknown-name", "m.age"),
        ("houshold.size < 3", "unknown-name", "household"),
        ("members.age < 3", "members", "members.exists(m, m.age"),
        ("member.age < 3", "unknown-name", "members.exists(m, m.age"),
        ("household.tenure == 'rentd'", "unknown-choice", "'rented'"),
        ("household.tenure in ['owned', 'x']", "unknown-choice", "owned, rented, free"),
        ("'tv' in household.assets", "unknown-choice", "radio, phone, bicycle"),
        ("members.exist(m, m.age < 3)", "unknown-function", "exists"),
        ("matches(household.admin1, 'N.*')", "unknown-function", "has, size, int"),
        ("members.exists(m.age < 3)", "arguments", "members.exists(m, …)"),
        ("household.admin1.size.x == 3", "unknown-field", "one name"),
    ]);
}

#[test]
fn slips_of_other_languages_are_understood_and_corrected() {
    wrong(&[
        ("household.size = 3", "syntax", "=="),
        ("household.size > 3 and household.has_toilet", "syntax", "&&"),
        ("(household.size > 3 or household.has_toilet)", "syntax", "||"),
        ("not household.has_toilet", "syntax", "!"),
        ("not(household.has_toilet)", "unknown-function", "!"),
        ("household.size > 3 & true", "syntax", "&&"),
        ("household.tenure == “rented”", "syntax", "'rented'"),
        ("household.size ≥ 3", "syntax", ">="),
        ("household.size > ٣", "syntax", "0 to 9"),
        ("1 < household.size < 5", "chained", "&&"),
        ("household.income == null", "null", "has("),
        ("members[0].age < 3", "index", "members.exists"),
        ("household.tenure == 'rented", "open-text", "'"),
        ("household.size > 3)", "syntax", "Leave it out"),
        ("(household.size > 3", "syntax", "Close every bracket"),
        ("household.size >", "syntax", "household.size"),
        ("household.size > 3 household.has_toilet", "syntax", "Join"),
        ("household.tenure in []", "empty-list", "'a', 'b'"),
        ("", "empty", "condition"),
        ("household.size > 3u", "number", "12"),
        ("household.tenure == r'rented'", "syntax", "quotes alone"),
    ]);
}

#[test]
fn a_remedy_can_be_said_without_its_sentence() {
    let instead = |text: &str| mistakes(text).remove(0).instead;
    assert_eq!(instead("household.incom < 5.0"), [Instead::Meant("household.income".to_owned())]);
    assert_eq!(instead("member.age > 3"), [Instead::Write("members.exists(m, m.age …)".to_owned())]);
    assert_eq!(instead("household.size = 3"), [Instead::Write("==".to_owned())]);
    assert!(matches!(&instead("household == 3")[..], [Instead::Known(names)] if names.contains("income")));
}

#[test]
fn a_mistake_says_where_it_is_and_all_of_them_are_told_at_once() {
    let found = mistakes("household.size > 2 &&\n  // إعالة\n  'é' < household.incom &&\n  members.exists(m, m.agee > 3)");
    let places: Vec<(usize, usize)> = found.iter().map(|mistake| (mistake.line, mistake.column)).collect();
    assert_eq!(places, [(3, 19), (4, 23)]);
    assert_eq!(found[0].to_string(), "line 3, column 19: There is no field household.incom. Was household.income meant?");
}

#[test]
fn a_score_must_be_a_number() {
    let found = compile_score("household.size > 3", &fields()).unwrap_err();
    assert!(found[0].remedy.contains("? 1 : 0"), "{found:?}");
    assert!(compile_score("household.admin1", &fields()).is_err());
}

#[test]
fn what_is_too_much_is_refused_and_not_tried() {
    let cases = [
        (format!("true || {}", " ".repeat(MAX_CHARACTERS)), "too-long"),
        (format!("{}true{}", "(".repeat(900), ")".repeat(900)), "too-deep"),
        (format!("{}true{}", "!(".repeat(40), ")".repeat(40)), "too-deep"),
        (format!("household{} == 3", ".a".repeat(400)), "too-deep"),
        (format!("{}true", "true ? true : ".repeat(60)), "too-deep"),
        (format!("1{} > 0", "+1".repeat(600)), "too-large"),
        (format!("true{}", "&&true".repeat(MAX_CLAUSES)), "too-many"),
        (format!("household.size in [0{}]", ",1".repeat(100)), "long-list"),
        ("members.exists(a, members.exists(b, members.exists(c, c.age > 3)))".to_owned(), "too-deep"),
        ("household.size > 9223372036854775808".to_owned(), "number"),
        ("household.income > 1e999".to_owned(), "number"),
    ];
    for (text, code) in cases {
        assert_eq!(mistakes(&text)[0].code, code, "{text}");
    }
    assert!(compile(&format!("{}(household.size > 3)", "!".repeat(1000)), &fields()).is_ok());
}
