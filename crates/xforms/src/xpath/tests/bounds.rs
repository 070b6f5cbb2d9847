use proptest::prelude::{Just, Strategy, any};
use proptest::{prop_oneof, proptest};

use super::super::{Error, Function, Limits, MAX_DEPTH, MAX_SOURCE, Node, evaluate_within, parse};
use super::World;

/// Runs on a stack of the size that a browser gives.
fn on_a_small_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(test);
    thread.expect("a thread starts").join().expect("the test passes");
}

#[test]
fn a_hundred_thousand_brackets_are_refused_and_no_stack_overflows() {
    on_a_small_stack(|| {
        for (open, close) in
            [("(", ")"), ("a[", "]"), ("not(", ")"), ("-(", ")"), ("(a|", ")"), ("1+(", ")"), ("/a[", "]"), ("if(1,2,", ")")]
        {
            for count in [100_000, 20_000, 9_000] {
                let source = open.repeat(count) + "1" + &close.repeat(count);
                assert!(matches!(parse(&source), Err(Error::TooLong | Error::TooDeep { .. })), "{open}");
            }
            let source = open.repeat(MAX_DEPTH) + "a" + &close.repeat(MAX_DEPTH);
            let expr = parse(&source).expect("so deep is allowed");
            assert_eq!(parse(&expr.to_string()), Ok(expr.clone()));
            let world = World::new("<data><a><a>1</a></a></data>");
            let mut limits = Limits { steps: 100_000, ..Limits::default() };
            let _ = evaluate_within(&expr, &world, Node::element(world.at("/data")), &mut limits);
        }
    });
}

#[test]
fn long_chains_are_flat() {
    on_a_small_stack(|| {
        for part in ["1+", "1=", "a or ", "a|", "-", "a/", "1*2+", "''=1<2+3*"] {
            let source = part.repeat((MAX_SOURCE - 1) / part.len()) + "a";
            let world = World::new("<data><a>1</a></data>");
            let expr = parse(&source).expect("it is right");
            let mut limits = Limits { steps: 10_000_000, ..Limits::default() };
            evaluate_within(&expr, &world, Node::element(world.at("/data")), &mut limits).expect("it ends");
            assert_eq!(parse(&expr.to_string()).is_ok(), expr.to_string().len() <= MAX_SOURCE);
        }
    });
}

fn spent(world: &World, source: &str, limits: Limits) -> Result<(), Error> {
    let expr = parse(source)?;
    let mut limits = limits;
    evaluate_within(&expr, world, Node::element(world.at("/data")), &mut limits).map(drop)
}

#[test]
fn an_evaluation_that_takes_too_long_is_ended() {
    let world = World::new(&format!("<data>{}</data>", "<a>1</a>".repeat(2_000)));
    let few = Limits { steps: 1_000_000, ..Limits::default() };
    for source in [
        "count(//a[count(//a[count(//a) > 1]) > 1])",
        "count(a/following::a/following::a)",
        "sum(//*/../*/../*/../*)",
        "count(a[. != ../a[last()]][../a = 3])",
        "translate(join('', a, a, a, a), join('', a, a, a), '')",
    ] {
        let result = spent(&world, source, few);
        assert!(matches!(result, Err(Error::OutOfSteps | Error::TooManyNodes) | Ok(())), "{source}: {result:?}");
    }
    assert_eq!(spent(&world, "count(//a[count(//a) > 1][count(//a) > 1])", few), Err(Error::OutOfSteps));
    assert_eq!(spent(&world, "count(a/../a)", Limits { nodes: 1_999, ..few }), Err(Error::TooManyNodes));
}

#[test]
fn texts_do_not_grow_without_end() {
    let world = World::new("<data/>");
    let ten = |inner: &str| format!("concat({inner}{})", format!(", {inner}").repeat(9));
    let source = (0..3).fold("'0123456789'".to_owned(), |inner, _| ten(&inner));
    assert_eq!(spent(&world, &source, Limits { text: 9_999, ..Limits::default() }), Err(Error::TooMuchText));
    assert_eq!(spent(&world, &source, Limits { text: 10_000, ..Limits::default() }), Ok(()));
}

/// Sources made of the pieces of the language, most of them wrong and some of them right.
fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "b",
        "/",
        "//",
        "..",
        ".",
        "*",
        "@",
        "[",
        "]",
        "(",
        ")",
        ",",
        "|",
        "=",
        "!=",
        "<",
        "+",
        "-",
        " and ",
        " or ",
        " div ",
        " mod ",
        "1",
        "2.5",
        "'x'",
        "::",
        "self::",
        "ancestor::",
        "text()",
        "last()",
        " ",
    ];
    let functions: Vec<String> = Function::all().map(|name| format!("{name}(")).collect();
    let piece = prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => proptest::sample::select(functions),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Sources that are right.
fn right() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("-2.5".to_owned()),
        Just("'2026-11-27'".to_owned()),
        Just("''".to_owned()),
        Just("a".to_owned()),
        Just("/data/a/b".to_owned()),
        Just("//b".to_owned()),
        Just("(/)".to_owned()),
        Just("..".to_owned()),
        Just("@k".to_owned()),
        Just("position()".to_owned()),
        Just("(0 div 0)".to_owned()),
        Just("(1 div 0)".to_owned()),
        Just("'5 5 0 0;6 6 0 0'".to_owned()),
        Just("99999999999999999999".to_owned()),
    ];
    let operators = ["+", "-", "*", " div ", " mod ", "=", "!=", "<", ">=", " and ", " or ", "|"];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let names: Vec<&'static str> = Function::all().collect();
        let arguments = proptest::collection::vec(inner.clone(), 0..5).prop_map(|parts| parts.join(","));
        prop_oneof![
            (inner.clone(), proptest::sample::select(operators.to_vec()), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left}{operator}{right})")),
            (proptest::sample::select(names), arguments).prop_map(|(name, arguments)| format!("{name}({arguments})")),
            (inner.clone(), inner.clone()).prop_map(|(from, predicate)| format!("(({from})[{predicate}])")),
            inner.clone().prop_map(|from| format!("(({from})/..)")),
            inner.prop_map(|of| format!("-{of}")),
        ]
    })
}

fn try_out(source: &str) {
    let Ok(expr) = parse(source) else { return };
    let printed = expr.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&expr), "{printed}");
    let world = World::new("<data k='1'><a><b>1</b><b/></a><a><b>2026-11-27</b></a><c>x y</c></data>")
        .with("x", "<root><item><name>1</name></item></root>");
    let mut limits = Limits { steps: 50_000, ..Limits::default() };
    for path in ["/data", "/data/a[1]/b[2]", "/data/c"] {
        let value = evaluate_within(&expr, &world, Node::element(world.at(path)), &mut limits);
        let _ = value.map(|value| (value.to_text(&world), value.to_number(&world), value.to_bool()));
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(source in any::<String>()) {
        try_out(&source);
    }

    #[test]
    fn no_order_of_pieces_makes_it_panic(source in pieces()) {
        try_out(&source);
    }

    #[test]
    fn no_values_make_a_function_panic_and_what_is_printed_reads_the_same(source in right()) {
        try_out(&source);
    }
}
