//! How fast rules are judged on one core: `cargo run --release -p rules --example speed`. A profile has eight fields of the household and
//! four members with four fields each.
use std::time::Instant;

use rules::{Batch, Cell, Field, Fields, Kind, Rule, compile};

const PROFILES: usize = 1_000_000;
/// A batch holds so many at a time, as screening does it.
const AT_ONCE: usize = 8192;

const RULES: [&str; 5] = [
    "household.income < 200.0 && household.size >= 3",
    "household.tenure == 'rented' && !household.has_toilet && household.income / double(household.size) < 60.0",
    "members.exists(m, m.age >= 60) || household.income < 90.0",
    "members.filter(m, m.age < 6).size() >= 1 && household.admin1 in ['north', 'south']",
    "members.all(m, m.age < 18 || !m.in_school) && members.exists(m, m.sex == 'female' && m.age >= 15)",
];

fn fields() -> Fields {
    let field = |name: &str, kind| Field { name: name.to_owned(), kind, choices: Vec::new() };
    Fields {
        household: vec![
            field("size", Kind::Int),
            field("income", Kind::Number),
            field("has_toilet", Kind::Bool),
            field("tenure", Kind::Choice),
            field("admin1", Kind::Text),
            field("rooms", Kind::Int),
            field("rent", Kind::Number),
            field("water", Kind::Choice),
        ],
        members: vec![
            field("age", Kind::Int),
            field("sex", Kind::Choice),
            field("in_school", Kind::Bool),
            field("works", Kind::Bool),
        ],
    }
}

/// Numbers that look like chance, the same at every run.
fn chance(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn pick<'a>(words: &[&'a str], seed: &mut u64) -> &'a str {
    words[chance(seed) as usize % words.len()]
}

fn add(batch: &mut Batch, seed: &mut u64) {
    let mut row = batch.add();
    row.set(0, Cell::Int(4));
    row.set(1, Cell::Number((chance(seed) % 4000) as f64 / 10.0));
    row.set(2, Cell::Bool(chance(seed).is_multiple_of(2)));
    row.set(3, Cell::Text(pick(&["owned", "rented", "free"], seed)));
    row.set(4, Cell::Text(pick(&["north", "south", "east", "west", "middle"], seed)));
    row.set(5, Cell::Int((chance(seed) % 5) as i64));
    row.set(6, Cell::Number((chance(seed) % 900) as f64));
    row.set(7, Cell::Text(pick(&["piped", "well", "truck"], seed)));
    for _ in 0..4 {
        row.member();
        row.set_member(0, Cell::Int((chance(seed) % 80) as i64));
        row.set_member(1, Cell::Text(pick(&["female", "male"], seed)));
        row.set_member(2, Cell::Bool(chance(seed).is_multiple_of(2)));
        row.set_member(3, Cell::Bool(chance(seed).is_multiple_of(2)));
    }
}

/// One profile's JSON, with its keys in the order in which PostgreSQL keeps them.
fn json(seed: &mut u64) -> String {
    let member = |seed: &mut u64| {
        let (age, sex) = (chance(seed) % 80, pick(&["female", "male"], seed));
        format!(
            r#"{{"age": {age}, "sex": "{sex}", "works": {}, "in_school": {}}}"#,
            chance(seed).is_multiple_of(2),
            chance(seed).is_multiple_of(2)
        )
    };
    let members: Vec<String> = (0..4).map(|_| member(seed)).collect();
    let (rent, income) = (chance(seed) % 900, (chance(seed) % 4000) as f64 / 10.0);
    let (admin, tenure) = (pick(&["north", "south", "east", "west", "middle"], seed), pick(&["owned", "rented", "free"], seed));
    format!(
        r#"{{"members": [{}], "household": {{"rent": {rent}, "size": 4, "rooms": 3, "water": "{}", "admin1": "{admin}", "income": {income}, "tenure": "{tenure}", "has_toilet": {}}}}}"#,
        members.join(", "),
        pick(&["piped", "well", "truck"], seed),
        chance(seed).is_multiple_of(2),
    )
}

fn judge(rules: &[Rule], batch: &Batch, eligible: &mut usize) {
    let (mut verdicts, mut reasons) = (Vec::new(), Vec::new());
    for rule in rules {
        rule.judge_batch_with_reasons(batch, &mut verdicts, &mut reasons);
        *eligible += reasons.iter().filter(|reason| **reason == rules::NO_REASON).count();
    }
}

fn report(what: &str, count: usize, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("{what}: {:.2} million/s ({seconds:.2} s)", count as f64 / seconds / 1e6);
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = RULES
        .iter()
        .map(|text| compile(text, &fields()))
        .collect::<Result<Vec<Rule>, _>>()
        .map_err(|mistakes| mistakes[0].clone())?;
    let (mut seed, mut eligible) = (7, 0);
    let mut batch = Batch::new(&fields());

    let start = Instant::now();
    for _ in 0..PROFILES / AT_ONCE {
        batch.clear();
        (0..AT_ONCE).for_each(|_| add(&mut batch, &mut seed));
        judge(&rules, &batch, &mut eligible);
    }
    report("rule evaluations, with building input from values", PROFILES / AT_ONCE * AT_ONCE * RULES.len(), start);

    let start = Instant::now();
    (0..PROFILES / AT_ONCE).for_each(|_| judge(&rules, &batch, &mut eligible));
    report("rule evaluations alone", PROFILES / AT_ONCE * AT_ONCE * RULES.len(), start);

    let texts: Vec<String> = (0..AT_ONCE).map(|_| json(&mut seed)).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = Instant::now();
    for _ in 0..PROFILES / AT_ONCE {
        batch.clear();
        for text in &texts {
            batch.push_json(text.as_bytes())?;
        }
    }
    report("profiles read from JSON", PROFILES / AT_ONCE * AT_ONCE, start);
    println!("{} bytes of JSON a profile; {eligible} times eligible", bytes / texts.len());
    Ok(())
}
