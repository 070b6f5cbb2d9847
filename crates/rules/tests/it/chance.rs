//! Rules and profiles made by chance: three ways to a verdict agree, another interpreter of CEL agrees with them, and what is said to
//! decide does.
use crate::generated::{conditions, numbers, pieces, profiles, whole_profiles, widened};
use crate::support::{fields, profile};
use cel::{Context, Program, Value as Cel};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use rules::{Batch, Mistake, Profile, Rule, Value, Verdict, compile, compile_score};

fn judged(rule: &Rule, profiles: &[Profile]) -> (Vec<Verdict>, Vec<u8>) {
    let (mut batch, mut from_text) = (Batch::new(&fields()), Batch::new(&fields()));
    for profile in profiles {
        batch.push(profile);
        from_text.push_json(serde_json::to_string(profile).expect("it is well formed").as_bytes()).expect("it is well formed");
    }
    let (mut verdicts, mut reasons, mut again) = (Vec::new(), Vec::new(), Vec::new());
    rule.judge_batch_with_reasons(&batch, &mut verdicts, &mut reasons);
    rule.judge_batch(&from_text, &mut again);
    assert_eq!(verdicts, again);
    (verdicts, reasons)
}

/// What stands in `text`, compiled; nothing when it is too large or divides by zero, which chance may make it.
fn compiled<T>(compiled: Result<T, Vec<Mistake>>, text: &str) -> Option<T> {
    let by_chance = |mistake: &Mistake| mistake.code.starts_with("too-") || mistake.code == "zero";
    compiled.map_err(|mistakes| assert!(by_chance(&mistakes[0]), "{text}: {mistakes:?}")).ok()
}

/// The other interpreter's answer, if it has one: it stops at overflow and at division by zero.
fn other_interpreter(text: &str, profile: &Profile) -> Option<Cel> {
    let program = Program::compile(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
    let mut context = Context::default();
    let wide = widened(profile);
    context.add_variable("household", wide.household).expect("it is well formed");
    context.add_variable("members", wide.members.unwrap_or_default()).expect("it is well formed");
    program.execute(&context).ok()
}

#[test]
fn the_other_interpreter_answers() {
    let profile =
        profile(r#"{"household": {"size": 2, "income": 3, "assets": ["radio"]}, "members": [{"age": 7, "name": "Amal"}]}"#);
    let text = "members.exists(m, m.age * 2 > 13 && m.name.startsWith('A')) && size(members) == 1 && 'radio' in household.assets \
        && household.income / 2.0 == 1.5 && has(household.size) && household.size / 2 == 1 && int(1.5) < household.income";
    assert_eq!(other_interpreter(text, &profile), Some(Cel::Bool(true)));
    assert_eq!(other_interpreter("1 / 0 > 2", &profile), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn one_by_one_explained_and_all_at_once_are_the_same(text in conditions(), profiles in prop::collection::vec(profiles(), 1..80)) {
        let Some(rule) = compiled(compile(&text, &fields()), &text) else { return Ok(()) };
        let rule: Rule = serde_json::from_str(&serde_json::to_string(&rule).unwrap()).unwrap();
        let (verdicts, reasons) = judged(&rule, &profiles);
        for (at, profile) in profiles.iter().enumerate() {
            let explanation = rule.explain(profile);
            prop_assert_eq!(rule.judge(profile), verdicts[at], "{}", text);
            prop_assert_eq!(explanation.verdict, verdicts[at], "{}", text);
            let awaited = match verdicts[at] { Verdict::Eligible => Some(true), Verdict::NotEligible => Some(false), Verdict::Unknown => None };
            let clause = explanation.clauses.get(usize::from(reasons[at]));
            prop_assert_eq!(clause.map_or(Some(true), |clause| clause.holds), awaited, "{}", text);
        }
    }

    #[test]
    fn scores_are_the_same_one_by_one_and_all_at_once(text in numbers(), profiles in prop::collection::vec(profiles(), 1..80)) {
        let Some(score) = compiled(compile_score(&text, &fields()), &text) else { return Ok(()) };
        let mut batch = Batch::new(&fields());
        profiles.iter().for_each(|profile| batch.push(profile));
        let mut values = Vec::new();
        score.value_batch(&batch, &mut values);
        let alone: Vec<Option<f64>> = profiles.iter().map(|profile| score.value(profile)).collect();
        prop_assert_eq!(values, alone, "{}", text);
    }

    #[test]
    fn another_interpreter_of_cel_agrees_where_everything_is_known(text in conditions(), profile in whole_profiles()) {
        let Some(rule) = compiled(compile(&text, &fields()), &text) else { return Ok(()) };
        if let Some(answer) = other_interpreter(&text, &profile) {
            let Cel::Bool(holds) = answer else { panic!("{text}: {answer:?}") };
            let awaited = if holds { Verdict::Eligible } else { Verdict::NotEligible };
            prop_assert_eq!(rule.judge(&profile), awaited, "{} of {:?}", text, profile);
        }
    }

    #[test]
    fn another_interpreter_of_cel_gives_the_same_scores(text in numbers(), profile in whole_profiles()) {
        let Some(score) = compiled(compile_score(&text, &fields()), &text) else { return Ok(()) };
        let awaited = match other_interpreter(&text, &profile) {
            Some(Cel::Int(value)) => value as f64,
            Some(Cel::Float(value)) => value,
            other => { prop_assert!(other.is_none(), "{}: {:?}", text, other); return Ok(()) }
        };
        prop_assert_eq!(score.value(&profile), Some(awaited), "{} of {:?}", text, profile);
    }

    // Neither `has(…)`, which answers differ from, nor arithmetic that fails stands in these rules.
    #[test]
    fn what_is_said_to_decide_decides_and_nothing_else_does(
        text in conditions().prop_filter("steady", |text| !text.contains("has(") && !text.contains(['/', '%'])),
        mut profile in profiles(),
        whole in whole_profiles(),
    ) {
        // A value that its field can't hold is unknown, but in the way.
        profile.household.retain(|name, value| name != "size" || matches!(value, Value::Int(_)));
        let Some(rule) = compiled(compile(&text, &fields()), &text) else { return Ok(()) };
        let explanation = rule.explain(&profile);
        prop_assert_eq!(explanation.decides.is_empty(), explanation.verdict != Verdict::Unknown, "{}", text);
        let filled = |which: &dyn Fn(&str) -> bool| rule.judge(&fill(&profile, &whole, which));
        let decides = |name: &str| explanation.decides.iter().any(|one| one == name);
        prop_assert_eq!(filled(&|name| !decides(name)), explanation.verdict, "{} of {:?}", text, profile);
        if !decides("members") {
            prop_assert!(filled(&decides) != Verdict::Unknown, "{} of {:?}", text, profile);
        }
    }

    #[test]
    fn whatever_is_written_the_compiler_ends(text in any::<String>(), pieces in prop::collection::vec(pieces(), 0..60)) {
        for text in [text, pieces.concat()] {
            match compile(&text, &fields()) {
                Ok(rule) => prop_assert!(!rule.clauses().is_empty()),
                Err(mistakes) => prop_assert!(!mistakes.is_empty()),
            }
        }
    }

    #[test]
    fn whatever_is_read_the_reader_ends(text in prop::collection::vec(any::<u8>(), 0..60), cut in 0_usize..400, profile in profiles()) {
        let mut batch = Batch::new(&fields());
        let whole = serde_json::to_vec(&profile).unwrap();
        let read = usize::from(batch.push_json(&text).is_ok());
        prop_assert_eq!(batch.push_json(&whole[..cut.min(whole.len())]).is_ok(), cut >= whole.len());
        prop_assert_eq!(batch.len(), read + usize::from(cut >= whole.len()));
    }
}

/// The profile with those of its unknown fields filled in, from another one, whose full names are asked for.
fn fill(profile: &Profile, from: &Profile, which: &dyn Fn(&str) -> bool) -> Profile {
    let mut filled = profile.clone();
    let add = |answers: &mut std::collections::BTreeMap<String, Value>,
               from: &std::collections::BTreeMap<String, Value>,
               whose: &str| {
        for (name, value) in from.iter().filter(|(name, _)| which(&format!("{whose}.{name}"))) {
            answers.entry(name.clone()).or_insert_with(|| value.clone());
        }
    };
    add(&mut filled.household, &from.household, "household");
    let answers = from.members.iter().flatten().next().cloned().unwrap_or_default();
    match &mut filled.members {
        Some(members) => members.iter_mut().for_each(|member| add(member, &answers, "member")),
        None if which("members") => filled.members.clone_from(&from.members),
        None => {}
    }
    filled
}
