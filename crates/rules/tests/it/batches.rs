//! Many profiles at once: however they come in, they are the same, and what is broken leaves no trace.
use crate::support::{fields, profile, rule};
use rules::{Batch, Cell, Profile, Rule, Verdict, compile_score};

fn verdicts(rule: &Rule, batch: &Batch) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    rule.judge_batch(batch, &mut verdicts);
    verdicts
}

const RULE: &str = "household.income < 200 && household.tenure == 'rented' && 'radio' in household.assets && !household.has_toilet \
    && household.admin1 == 'Nör\"d' && members.exists(m, m.age == 7 && m.sex == 'female')";

const JSON: &str = r#" { "other": [1, {"a": [null, true, -1.5e3, "x\\"]}], "household" : {"income": 1.205E+2, "unheard": {}, "tenure":
    "\u0072ented", "assets":["phone","radio"] , "has_toilet":false,"admin1":"N\u00f6r\"d"},
    "members":[{},{"sex":"female","age":7}]} "#;

fn typed(batch: &mut Batch) {
    let mut row = batch.add();
    row.set(1, Cell::Number(120.5));
    row.set(3, Cell::Text("rented"));
    row.set(4, Cell::Choices(&["phone", "radio"]));
    row.set(2, Cell::Bool(false));
    row.set(5, Cell::Text("Nör\"d"));
    row.member();
    row.member();
    row.set_member(0, Cell::Int(7));
    row.set_member(3, Cell::Text("female"));
}

#[test]
fn profiles_come_in_as_documents_as_text_or_value_by_value() {
    let rule = rule(RULE);
    let mut batch = Batch::new(&fields());
    batch.push(&profile(JSON));
    batch.push_json(JSON.as_bytes()).unwrap();
    typed(&mut batch);
    batch.push_json(b"{}").unwrap();
    let yes = Verdict::Eligible;
    assert_eq!(verdicts(&rule, &batch), [yes, yes, yes, Verdict::Unknown]);
}

#[test]
fn a_value_set_again_replaces_the_one_before() {
    let mut batch = Batch::new(&fields());
    for household in [r#"{"size": 3, "size": 4}"#, r#"{"size": 4, "size": null}"#, r#"{"assets": ["radio"], "assets": []}"#] {
        let json = format!(r#"{{"household": {household}}}"#);
        batch.push_json(json.as_bytes()).unwrap();
        batch.push(&profile(&json));
    }
    let (yes, no, unknown) = (Verdict::Eligible, Verdict::NotEligible, Verdict::Unknown);
    assert_eq!(verdicts(&rule("household.size == 4"), &batch), [yes, yes, unknown, unknown, unknown, unknown]);
    assert_eq!(verdicts(&rule("'radio' in household.assets"), &batch), [unknown, unknown, unknown, unknown, no, no]);
}

#[test]
fn what_is_no_profile_is_refused_and_leaves_no_trace() {
    let broken = [
        "",
        "{",
        "{}x",
        "{\"household\": []}",
        "{\"household\": {\"size\": 3}",
        "{\"household\": {\"size\": 03}}",
        "{\"household\": {\"size\": 3,}}",
        "{\"household\": {\"size\" 3}}",
        "{\"household\": {size: 3}}",
        "{\"household\": {\"size\": 3.}}",
        "{\"household\": {\"size\": tru}}",
        "{\"household\": {\"admin1\": \"a}}",
        "{\"household\": {\"admin1\": \"\\x\"}}",
        "{\"household\": {\"admin1\": \"\\ud800\"}}",
        "{\"household\": {\"income\": 1e999}}",
        "{\"members\": {}}",
        "{\"members\": [{\"age\": 3}, null]}",
        "{\"members\": [{\"age\": 3}",
        "{\"household\": {}, \"household\": {}}",
        "{\"x\": -}",
        "{\"household\": {\"admin1\": \"a\u{1}\"}}",
        "{\"household\": {\"size\": 3}, \"x\": nul}",
    ];
    let mut batch = Batch::new(&fields());
    for text in broken {
        assert!(serde_json::from_str::<Profile>(text).is_err(), "{text}");
        let error = batch.push_json(text.as_bytes()).expect_err(text);
        assert!(error.at <= text.len(), "{text}: {error}");
    }
    assert!(batch.push_json(b"{\"household\": {\"admin1\": \"\xff\"}}").is_err());
    assert!(batch.push_json(format!("{{\"x\": {}", "[".repeat(100_000)).as_bytes()).is_err());
    batch.push_json(b"{\"members\": [{}]}").unwrap();
    assert_eq!(batch.len(), 1);
    assert_eq!(verdicts(&rule("household.size == 3 || members.exists(m, m.age == 3)"), &batch), [Verdict::Unknown]);
    assert_eq!(verdicts(&rule("size(members) == 1"), &batch), [Verdict::Eligible]);
}

#[test]
fn an_emptied_batch_remembers_nobody() {
    let mut batch = Batch::new(&fields());
    for round in 0..3 {
        for number in 0..40_000 {
            let text = format!(
                "{{\"household\": {{\"admin1\": \"{round}-{number}\", \"assets\": [\"a{number}\"]}}, \"members\": [{{\"age\": 3}}]}}"
            );
            batch.push_json(text.as_bytes()).unwrap();
        }
        let rule = rule(&format!("household.admin1 == '{round}-39999'"));
        assert_eq!(verdicts(&rule, &batch).iter().filter(|verdict| **verdict == Verdict::Eligible).count(), 1);
        batch.clear();
        batch.push_json(b"{\"members\": [{}]}").unwrap();
        let rule = crate::support::rule("household.admin1 < 'x' || size(household.assets) > 0 || members.exists(m, m.age == 3)");
        assert_eq!(verdicts(&rule, &batch), [Verdict::Unknown]);
        batch.clear();
    }
}

/// Households of these sizes, whose members are as old as their place.
fn households(sizes: impl Iterator<Item = usize>) -> Batch {
    let mut batch = Batch::new(&fields());
    for size in sizes {
        let mut profile = batch.add();
        profile.set(0, Cell::Int(i64::try_from(size).expect("a small number")));
        profile.listed();
        for place in 0..size {
            profile.member();
            profile.set_member(0, Cell::Int(i64::try_from(place).expect("a small number")));
        }
    }
    batch
}

#[test]
fn households_of_any_size_are_told_apart() {
    let yes =
        |batch: &Batch, text: &str| verdicts(&rule(text), batch).iter().filter(|verdict| **verdict == Verdict::Eligible).count();
    let batch = households((0..3000).map(|row| if row == 1500 { 9000 } else { row % 4 }));
    assert_eq!(yes(&batch, "size(members) == household.size && members.all(m, m.age < household.size)"), 3000);
    assert_eq!(yes(&batch, "members.exists(m, m.age == 8999)"), 1);
    let batch = households((0..3000).map(|row| row % 4));
    assert_eq!(yes(&batch, "members.exists(m, members.exists(n, n.age == m.age + household.size - 1 && n.age > 0))"), 1500);
}

#[test]
fn scores_of_a_batch_are_those_of_its_profiles() {
    let score = compile_score("household.size * 2 + (household.income < 200 ? 0.5 : 0)", &fields()).unwrap();
    let mut batch = Batch::new(&fields());
    batch.push_json(br#"{"household": {"size": 3, "income": 120}}"#).unwrap();
    batch.push_json(br#"{"household": {"size": 3}}"#).unwrap();
    let mut values = vec![Some(1.0)];
    score.value_batch(&batch, &mut values);
    assert_eq!(values, [Some(6.5), None]);
}
