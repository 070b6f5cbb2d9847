//! Judging alone, beside `openfisca-core`: the same made households, the same five rules, building the input included, in the same run.
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use rules::{Batch, Cell, Field, Fields, Kind, Rule, Verdict};
use serde::Deserialize;

use crate::bench::report::Report;

/// How many households both judge.
const HOUSEHOLDS: usize = 200_000;
/// Members of each.
const MEMBERS: usize = 4;
/// So many at once.
const CHUNK: usize = 4000;
/// The better of so many rounds counts, for both.
const ROUNDS: usize = 5;

/// The five rules; `scripts/openfisca-bench.py` has the same.
const RULES: [&str; 5] = [
    "household.income < 100.0",
    "household.income < 150.0 && household.rent > 80.0",
    "members.exists(m, m.age >= 60)",
    "members.filter(m, m.age < 6).size() >= 2",
    "household.debt > 500.0 || (!household.has_toilet && members.exists(m, m.age < 18))",
];

// Values as they come from a database, before either has built its input.
struct Known {
    income: Vec<f64>,
    rent: Vec<f64>,
    debt: Vec<f64>,
    has_toilet: Vec<bool>,
    ages: Vec<i64>,
}

#[derive(Deserialize)]
struct Theirs {
    seconds: f64,
    eligible: Vec<u64>,
}

/// Adds to the report how many households a second both judge. Where the other is not at hand, the comparison is missing from it.
pub fn compare(python: Option<&Path>, report: &mut Report) -> anyhow::Result<()> {
    let scale = u32::try_from(HOUSEHOLDS)?;
    let (seconds, eligible) = ours()?;
    let per_second = HOUSEHOLDS as f64 / seconds;
    report.counted("judging alone, five rules", scale, "households/s", per_second);
    let Some(python) = python else {
        eprintln!("openfisca-core is not at hand: our judging is compared with nothing");
        report.missing("time of ours to time of theirs", scale, "ratio", 1.0);
        return Ok(());
    };
    let theirs = theirs(python)?;
    ensure!(theirs.eligible == eligible, "the two judge differently: {:?} and {eligible:?}", theirs.eligible);
    report.counted("the same in openfisca-core", scale, "households/s", HOUSEHOLDS as f64 / theirs.seconds);
    report.within("time of ours to time of theirs", scale, "ratio", seconds / theirs.seconds, 1.0);
    Ok(())
}

fn theirs(python: &Path) -> anyhow::Result<Theirs> {
    let output = Command::new(python)
        .arg("scripts/openfisca-bench.py")
        .args([HOUSEHOLDS, MEMBERS, ROUNDS].map(|number| number.to_string()))
        .output()
        .with_context(|| format!("{} cannot be run", python.display()))?;
    ensure!(output.status.success(), "openfisca-core failed: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("openfisca-core answered with something else")
}

fn ours() -> anyhow::Result<(f64, Vec<u64>)> {
    let fields = fields();
    let compiled: Result<Vec<Rule>, _> = RULES.iter().map(|text| rules::compile(text, &fields)).collect();
    let compiled = compiled.map_err(|mistakes| anyhow::anyhow!("a rule is wrong: {mistakes:?}"))?;
    let known = made();
    let mut best = (f64::INFINITY, Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let eligible = judge(&fields, &compiled, &known);
        let seconds = start.elapsed().as_secs_f64();
        if seconds < best.0 {
            best = (seconds, eligible);
        }
    }
    Ok(best)
}

fn judge(fields: &Fields, compiled: &[Rule], known: &Known) -> Vec<u64> {
    let mut batch = Batch::new(fields);
    let (mut eligible, mut verdicts) = (vec![0; compiled.len()], Vec::new());
    for start in (0..HOUSEHOLDS).step_by(CHUNK) {
        batch.clear();
        (start..(start + CHUNK).min(HOUSEHOLDS)).for_each(|at| add(&mut batch, known, at));
        for (count, rule) in eligible.iter_mut().zip(compiled) {
            rule.judge_batch(&batch, &mut verdicts);
            *count += verdicts.iter().filter(|verdict| **verdict == Verdict::Eligible).count() as u64;
        }
    }
    eligible
}

fn add(batch: &mut Batch, known: &Known, at: usize) {
    let mut row = batch.add();
    row.set(0, Cell::Number(known.income[at]));
    row.set(1, Cell::Number(known.rent[at]));
    row.set(2, Cell::Number(known.debt[at]));
    row.set(3, Cell::Bool(known.has_toilet[at]));
    for age in &known.ages[at * MEMBERS..(at + 1) * MEMBERS] {
        row.member();
        row.set_member(0, Cell::Int(*age));
    }
}

fn fields() -> Fields {
    let field = |name: &str, kind| Field { name: name.to_owned(), kind, choices: Vec::new() };
    let numbers = ["income", "rent", "debt"].map(|name| field(name, Kind::Number));
    let household = numbers.into_iter().chain([field("has_toilet", Kind::Bool)]).collect();
    Fields { household, members: vec![field("age", Kind::Int)] }
}

// The same numbers as the script makes.
fn made() -> Known {
    let all = |factor: usize, most: usize| (0..HOUSEHOLDS).map(|at| (at * factor % most) as f64 / 100.0).collect();
    Known {
        income: all(7919, 40_000),
        rent: all(131, 20_000),
        debt: all(977, 150_000),
        has_toilet: (0..HOUSEHOLDS).map(|at| at % 3 != 0).collect(),
        ages: (0..HOUSEHOLDS * MEMBERS).map(|at| (at * 31 % 90) as i64).collect(),
    }
}
