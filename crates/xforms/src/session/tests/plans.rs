use std::time::{Duration, Instant};

use super::super::{Plan, Session};
use super::{form, none, open, plan, surroundings, told};
use crate::instance::{Extent, Instance};

fn refused(text: &str) -> String {
    match Plan::new(form(text), &none) {
        Ok(_) => String::new(),
        Err(problems) => told(&problems),
    }
}

#[test]
fn questions_in_a_circle_are_named() {
    let circle = refused(
        "survey
        type | name | label | calculation | relevant
        calculate | a | | ${b} + 1 |
        calculate | b | | ${c} + 1 |
        text | c | C | | ${a} > 1",
    );
    assert!(
        circle.contains("survey, row") && circle.contains("circle") && ["a", "b", "c"].iter().all(|name| circle.contains(name)),
        "{circle}"
    );
    let own = refused("survey\ntype | name | label | calculation\ncalculate | a | | ${a} + 1");
    assert!(own.contains("`a` depends on itself."), "{own}");
    let group = refused(
        "survey
        type | name | label | relevant
        begin group | g | G | ${x} = 1
        integer | x | X |
        end group | | |",
    );
    assert!(group.contains("`g` depends on itself."), "{group}");
    let repeat = refused(
        "survey
        type | name | label | repeat_count | calculation
        begin repeat | r | R | ${n} |
        text | x | X | |
        end repeat | | | |
        calculate | n | | | count(${x})",
    );
    assert!(repeat.contains("circle"), "{repeat}");
    let rounds = refused(
        "survey
        type | name | label | calculation
        begin repeat | r | R |
        calculate | x | | ${y}
        calculate | y | | ${x}
        end repeat | | |",
    );
    assert!(rounds.contains("circle"), "{rounds}");
}

#[test]
fn what_only_looks_like_a_circle_is_none() {
    for text in [
        "survey\ntype | name | label | constraint\ninteger | a | A | ${a} > 1 and . < 5",
        "survey\ntype | name | label | required\ninteger | a | A | ${b} = ''\ninteger | b | B | ${a} = ''",
        "survey\ntype | name | label | calculation\ncalculate | a | | once(random())",
        "survey
        type | name | label | calculation
        begin repeat | r | R |
        calculate | x | | sum(/data/r[position() < position(current()/..)]/x) + 1
        end repeat | | |",
    ] {
        assert_eq!(refused(text), "");
    }
}

#[test]
fn a_circle_of_rounds_that_never_rests_is_cut_off() {
    let mut session = open(
        "survey
        type | name | label | calculation
        begin repeat | r | R |
        calculate | x | | number(coalesce(/data/r[position() = last()]/x, 0)) + 1
        end repeat | | |",
    );
    assert!(!session.troubles().is_empty());
    assert!(session.add_round(session.instance().root(), session.plan().place("/data/r").expect("it is there")).is_ok());
}

#[test]
fn expressions_that_cannot_be_read_are_told_with_their_place() {
    let mut wrong = form("survey\ntype | name | label | calculation\ntext | a | A |\ncalculate | b | | 1 + 1");
    let crate::form::Node { bind, .. } = &mut wrong.body[1];
    bind.calculate.as_mut().expect("it is there").text = "1 + (2".to_owned();
    let problems = Plan::new(wrong, &none).expect_err("it can't be read");
    assert!(told(&problems).contains("At its end: a ) is missing here"), "{}", told(&problems));
    assert_eq!(problems[0].place.sheet, "survey");
}

#[test]
fn paths_that_lead_nowhere_are_warned_of() {
    let plan =
        plan("survey\ntype | name | label | calculation\ntext | a | A |\ncalculate | b | | /data/aa + ../c + /data/*[x]/y");
    let codes: Vec<&str> = plan.warnings().iter().map(|problem| problem.code).collect();
    assert!(codes.len() >= 2 && codes.iter().all(|code| *code == "path-nowhere"), "{}", told(plan.warnings()));
}

#[test]
fn hostile_instances_are_opened_without_panic() {
    let text = "survey
        type | name | label | calculation | relevant
        begin repeat | r | R | |
        integer | x | X | |
        end repeat | | | |
        calculate | s | | sum(${x}) | ${s2} > 1
        integer | s2 | S | |";
    for xml in [
        "<other/>",
        "<data/>",
        "<data><r><r><r/></r></r><x/><s><y/></s></data>",
        "<data>text<r jr:template=''/><r jr:template=''/></data>",
        "<data><s2>٣</s2><r><x>1e9</x><x>2</x></r></data>",
    ] {
        let mut session = Session::resume(plan(text), Instance::read(xml).expect("it is XML"), surroundings());
        let _ = (session.pages(), session.findings(), session.progress());
        for address in ["/data/r[9]/x", "/data/r[0]", "x", "", "/", "/data/r[x]/x", "/data/r[+]", "//[["] {
            let _ = (
                session.find(address),
                session.page(address),
                session.next(address).is_some(),
                session.previous(address).is_some(),
            );
        }
        let root = session.instance().root();
        let _ = session.add_round(root, session.plan().place("/data/r").expect("it is there"));
        let _ = session.answer(root, "x");
        session.finish();
        let _ = session.instance().to_xml(Extent::Submission);
    }
}

/// Nine hundred questions: groups of thirty, relevance, calculations over neighbours, a sum over everything.
pub fn large() -> String {
    let mut text = "survey\ntype | name | label | relevant | constraint | calculation\n".to_owned();
    for group in 0..30 {
        text.push_str(&format!("begin group | g{group} | Group {group} | | |\n"));
        for number in 0..30 {
            let name = group * 30 + number;
            let before = if name > 0 { name - 1 } else { 899 };
            match number % 5 {
                0 => text.push_str(&format!("integer | q{name} | Question {name} | | . < 1000 |\n")),
                4 => text.push_str(&format!("calculate | q{name} | | | | coalesce(${{q{before}}}, 0) + 1\n")),
                _ => text.push_str(&format!(
                    "integer | q{name} | After ${{q{before}}} | ${{q{before}}} > 0 or ${{q{before}}} = '' | . >= 0 |\n"
                )),
            }
        }
        text.push_str("end group | | | | |\n");
    }
    text.push_str("calculate | total | | | | sum(/data/*/*)\n");
    text
}

#[test]
fn nine_hundred_questions_open_and_answer_in_time() {
    let plan = plan(&large());
    let begin = Instant::now();
    let mut session = Session::open(plan, surroundings());
    let opened = begin.elapsed();
    let mut slowest = Duration::ZERO;
    for group in 0..30 {
        let begin = Instant::now();
        session.say(&format!("g{group}/q{}", group * 30), "3");
        slowest = slowest.max(begin.elapsed());
    }
    let begin = Instant::now();
    let (pages, findings) = (session.pages().len(), session.findings().len());
    let shown = begin.elapsed();
    eprintln!("900 questions: open {opened:?}, slowest answer {slowest:?}, {pages} pages and {findings} findings in {shown:?}");
    // The limits are those of an optimised build; tests are not one.
    assert!(opened < Duration::from_millis(1_000) && slowest < Duration::from_millis(200));
}

#[test]
fn a_list_of_fifty_thousand_choices_is_filtered_in_time() {
    let mut xml = "<root>".to_owned();
    for number in 0..50_000 {
        xml.push_str(&format!(
            "<item><name>n{number}</name><label>Place {number}</label><region>r{}</region><kind>k{}</kind></item>",
            number % 500,
            number % 7
        ));
    }
    xml.push_str("</root>");
    let places = crate::xml::Bounds { elements: 1_000_000, ..crate::xml::Bounds::INSTANCE };
    let tree = Instance::read_within(&xml, places).expect("it is XML");
    let plan = super::plan_with(
        "survey
        type | name | label | choice_filter | calculation
        text | region | Region | |
        select_one_from_file places.csv | place | Place | region = ${region} and kind = 'k3' |
        calculate | found | | | instance('places')/root/item[name = ${place}]/label",
        &|_| Some(tree.clone()),
    );
    let mut session = Session::open(plan, surroundings());
    session.say("region", "r17");
    let begin = Instant::now();
    let items = session.values_of("place");
    let filtered = begin.elapsed();
    let begin = Instant::now();
    session.say("place", &items[0]);
    eprintln!("50,000 choices: filtered to {} in {filtered:?}, one looked up in {:?}", items.len(), begin.elapsed());
    assert!(session.has("found").starts_with("Place "));
    assert!(filtered < Duration::from_secs(1));
}
