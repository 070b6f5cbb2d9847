//! Rules and profiles by chance, for the fields of `support`. Rules keep to what every CEL allows: no number of one kind beside one of
//! another in arithmetic, and no division of fractions, where CEL knows infinity.
use proptest::option::weighted;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop, prop_oneof};
use proptest::sample::{select, subsequence};
use rules::{Answers, Profile, Value};

/// The names of the members at hand: none, one or two.
const SCOPES: [&[&str]; 3] = [&[], &["m"], &["m", "n"]];

fn owned(text: &'static [&'static str]) -> BoxedStrategy<String> {
    select(text).prop_map(str::to_owned).boxed()
}

/// A field of the household, or of a member at hand.
fn field(level: usize, household: &'static [&'static str], member: &'static [&'static str]) -> BoxedStrategy<String> {
    let own = owned(household).prop_map(|name| format!("household.{name}")).boxed();
    match SCOPES[level] {
        [] => own,
        scopes => {
            let theirs = (select(scopes), owned(member)).prop_map(|(scope, name)| format!("{scope}.{name}"));
            prop_oneof![own, theirs].boxed()
        }
    }
}

/// A text or a choice, but no value: not every value is a choice.
fn words(level: usize) -> BoxedStrategy<String> {
    field(level, &["tenure", "admin1"], &["sex", "name"])
}

/// A text, which may be any.
fn text(level: usize) -> BoxedStrategy<String> {
    prop_oneof![2 => field(level, &["admin1"], &["name"]), 1 => owned(&["'North'", "'Amal'", "'A'", "'x\\ny'"])].boxed()
}

fn ints(level: usize, deep: u32) -> BoxedStrategy<String> {
    let plain = prop_oneof![
        3 => field(level, &["size"], &["age"]),
        2 => (-3_i64..80).prop_map(|value| value.to_string()),
        1 => field(level, &["assets", "admin1"], &["needs", "name"]).prop_map(|of| format!("size({of})")),
        1 => owned(&["size(members)"]),
        1 => field(level, &["income"], &["weight"]).prop_map(|of| format!("int({of})")),
    ]
    .boxed();
    if deep == 0 {
        return plain;
    }
    let inner = ints(level, deep - 1);
    let operator = select(&["+", "-", "*", "/", "%"][..]);
    let mut strategies = vec![
        plain,
        (inner.clone(), operator, inner.clone())
            .prop_map(|(left, operator, right)| format!("({left} {operator} {right})"))
            .boxed(),
        (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} - {b} + {c})")).boxed(),
        inner.clone().prop_map(|of| format!("-({of})")).boxed(),
        (condition(level, 0), inner.clone(), inner)
            .prop_map(|(condition, then, other)| format!("({condition} ? {then} : {other})"))
            .boxed(),
    ];
    if level < 2 {
        let such = condition(level + 1, deep - 1);
        strategies
            .push(such.prop_map(move |such| format!("members.filter({}, {such}).size()", SCOPES[level + 1][level])).boxed());
    }
    prop::strategy::Union::new(strategies).boxed()
}

fn floats(level: usize, deep: u32) -> BoxedStrategy<String> {
    let plain = prop_oneof![
        3 => field(level, &["income"], &["weight"]),
        2 => owned(&["0.5", "100.0", "60.25", "-2.0", "1e3"]),
        1 => ints(level, 0).prop_map(|of| format!("double({of})")),
    ]
    .boxed();
    if deep == 0 {
        return plain;
    }
    let inner = floats(level, deep - 1);
    let operator = select(&["+", "-", "*"][..]);
    prop_oneof![
        plain,
        (inner.clone(), operator, inner.clone()).prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
        inner.clone().prop_map(|of| format!("({of} / 4.0)")),
        (condition(level, 0), inner.clone(), inner)
            .prop_map(|(condition, then, other)| format!("({condition} ? {then} : {other})")),
    ]
    .boxed()
}

fn comparison() -> BoxedStrategy<&'static str> {
    select(&["==", "!=", "<", "<=", ">", ">="][..]).boxed()
}

fn compared(terms: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    (terms.clone(), comparison(), terms.clone()).prop_map(|(left, operator, right)| format!("{left} {operator} {right}")).boxed()
}

fn plain_condition(level: usize, deep: u32) -> BoxedStrategy<String> {
    let mixed = (ints(level, deep), comparison(), floats(level, 0));
    let tested = (words(level), owned(&["startsWith", "endsWith", "contains"]), text(level));
    prop_oneof![
        4 => compared(&ints(level, deep)),
        2 => compared(&floats(level, deep)),
        1 => mixed.prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        2 => compared(&text(level)),
        1 => compared(&words(level)),
        2 => field(level, &["tenure"], &["sex"]).prop_map(|of| format!("{of} == '{}'", if of.ends_with("sex") { "male" } else { "rented" })),
        2 => field(level, &["has_toilet"], &["in_school"]),
        1 => field(level, &["size", "income", "tenure"], &["age", "sex"]).prop_map(|of| format!("has({of})")),
        1 => ints(level, 0).prop_map(|of| format!("{of} in [1, 3, 16, 41]")),
        1 => text(level).prop_map(|of| format!("{of} in ['North', 'Amal', 'South']")),
        1 => owned(&["'radio' in household.assets", "household.tenure in household.assets", "true", "false"]),
        1 => tested.prop_map(|(of, test, part)| format!("{of}.{test}({part})")),
    ]
    .boxed()
}

fn condition(level: usize, deep: u32) -> BoxedStrategy<String> {
    let plain = plain_condition(level, deep.min(1));
    if deep == 0 {
        return plain;
    }
    let inner = condition(level, deep - 1);
    let joined = prop::collection::vec(inner.clone(), 2..4);
    let mut strategies = vec![
        plain,
        joined.clone().prop_map(|parts| format!("({})", parts.join(" && "))).boxed(),
        joined.prop_map(|parts| format!("({})", parts.join(" || "))).boxed(),
        inner.clone().prop_map(|of| format!("!({of})")).boxed(),
        (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("(({left}) == ({right}))")).boxed(),
        (inner.clone(), inner.clone(), inner)
            .prop_map(|(condition, then, other)| format!("(({condition}) ? ({then}) : ({other}))"))
            .boxed(),
    ];
    if level < 2 {
        let how = select(&["exists", "all", "exists_one"][..]);
        let such = condition(level + 1, deep - 1);
        let members = (how, such).prop_map(move |(how, such)| format!("members.{how}({}, {such})", SCOPES[level + 1][level]));
        strategies.extend([members.clone().boxed(), members.boxed()]);
    }
    prop::strategy::Union::new(strategies).boxed()
}

/// Conditions, joined at the top as rules are.
pub fn conditions() -> impl Strategy<Value = String> {
    prop::collection::vec(condition(0, 2), 1..4).prop_map(|parts| parts.join(" && "))
}

/// Expressions that give a number.
pub fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![ints(0, 2), floats(0, 2)]
}

/// Bits of rules, in whatever order.
pub fn pieces() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "household",
            ".",
            "size",
            "members",
            "exists",
            "(",
            ")",
            "m",
            ",",
            "&&",
            "||",
            "!",
            "-",
            "3",
            "0.5",
            "'a'",
            "[",
            "]",
            "in",
            " ",
            "==",
            "<",
            "?",
            ":",
            "true",
            "has(",
            "household.size",
            "members.all(m, ",
            "m.age",
            "// x\n",
            "\"",
            "'",
            "é",
            "filter",
            "+",
            "%",
            "int(",
        ][..],
    )
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![(-8_i32..800).prop_map(|value| Value::Number(f64::from(value) / 4.0)), (0_i64..200).prop_map(Value::Int)].boxed()
}

fn word(words: &'static [&'static str]) -> BoxedStrategy<Value> {
    owned(words).prop_map(Value::Text).boxed()
}

fn chosen(choices: &'static [&'static str]) -> BoxedStrategy<Value> {
    subsequence(choices, 0..=choices.len())
        .prop_map(|chosen| Value::Choices(chosen.into_iter().map(str::to_owned).collect()))
        .boxed()
}

fn household() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    vec![
        ("size", (0_i64..6).prop_map(Value::Int).boxed()),
        ("income", number()),
        ("has_toilet", any::<bool>().prop_map(Value::Bool).boxed()),
        ("tenure", word(&["owned", "rented", "free", "radio"])),
        ("assets", chosen(&["radio", "phone", "owned"])),
        ("admin1", word(&["North", "South", "Norther", "", "Ä\"\\"])),
    ]
}

fn member() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    vec![
        ("age", (0_i64..80).prop_map(Value::Int).boxed()),
        ("weight", number()),
        ("in_school", any::<bool>().prop_map(Value::Bool).boxed()),
        ("sex", word(&["female", "male"])),
        ("needs", chosen(&["seeing", "hearing"])),
        ("name", word(&["Amal", "Basim", "A", "x\ny"])),
    ]
}

/// Answers of which each is known so often.
fn answers(fields: Vec<(&'static str, BoxedStrategy<Value>)>, known: f64) -> BoxedStrategy<Answers> {
    let maybe =
        |value: BoxedStrategy<Value>| if known < 1.0 { weighted(known, value).boxed() } else { value.prop_map(Some).boxed() };
    let each: Vec<_> = fields.into_iter().map(|(name, value)| (Just(name), maybe(value))).collect();
    each.prop_map(|all| all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()).boxed()
}

/// Profiles of which much is unknown.
pub fn profiles() -> impl Strategy<Value = Profile> {
    let odd = any::<bool>().prop_map(|yes| if yes { Value::Text("odd".to_owned()) } else { Value::Number(2.5) });
    let members = weighted(0.8, prop::collection::vec(answers(member(), 0.7), 0..6));
    (answers(household(), 0.7), members, weighted(0.1, odd)).prop_map(|(mut household, members, odd)| {
        // Now and then a value that its field can't hold.
        household.extend(odd.map(|odd| ("size".to_owned(), odd)));
        Profile { household, members }
    })
}

/// Profiles of which everything is known.
pub fn whole_profiles() -> impl Strategy<Value = Profile> {
    (answers(household(), 1.0), prop::collection::vec(answers(member(), 1.0), 1..6))
        .prop_map(|(household, members)| Profile { household, members: Some(members) })
}

/// The profile for an interpreter without fields: numbers that may have a fraction are such numbers.
pub fn widened(profile: &Profile) -> Profile {
    let wide = |answers: &Answers| {
        let value = |name: &str, value: &Value| match value {
            Value::Int(value) if name == "income" || name == "weight" => Value::Number(*value as f64),
            other => other.clone(),
        };
        answers.iter().map(|(name, one)| (name.clone(), value(name, one))).collect::<Answers>()
    };
    let members = profile.members.as_ref().map(|members| members.iter().map(wide).collect());
    Profile { household: wide(&profile.household), members }
}
