use super::super::{Refusal, Session};
use super::{open, plan, surroundings};
use crate::instance::{Extent, Instance};

const HOUSEHOLD: &str = "survey
    type | name | label | calculation | default | relevant
    begin repeat | member | Member | | |
    text | name | Name | | ? |
    integer | age | Age of ${name} | | |
    calculate | place | | position(..) | |
    calculate | adult | | ${age} > 17 | |
    text | job | Job | | | ${adult} = 'true'
    end repeat | | | | |
    calculate | count | | count(${member}) | |
    calculate | sum | | sum(${age}) | |
    calculate | second | | indexed-repeat(${name}, ${member}, 2) | |";

fn member(session: &Session) -> super::super::PlaceId {
    session.plan().place("/data/member").expect("it is there")
}

#[test]
fn rounds_are_added_with_defaults_and_removed_with_what_they_hold() {
    let mut session = open(HOUSEHOLD);
    let root = session.instance().root();
    let repeat = member(&session);
    assert_eq!((session.rounds(root, repeat).len(), session.has("count")), (1, "1"));
    session.say("member[1]/age", "40");
    let changes = session.add_round(root, repeat).expect("it may be added");
    assert_eq!(changes.added, [session.at("member[2]")]);
    assert_eq!((session.has("member[2]/name"), session.has("member[2]/place"), session.has("count")), ("?", "2", "2"));
    session.say("member[2]/age", "7");
    session.say("member[2]/name", "Omar");
    assert_eq!((session.has("sum"), session.has("second")), ("47", "Omar"));
    assert!(session.asks("member[1]/job") && !session.asks("member[2]/job"));
    session.remove_round(session.at("member[1]")).expect("it may be removed");
    assert_eq!((session.has("sum"), session.has("count"), session.has("second")), ("7", "1", ""));
    assert_eq!((session.has("member[1]/name"), session.has("member[1]/place")), ("Omar", "1"));
    assert_eq!(session.label(session.at("member[1]/age")), "Age of Omar");
}

#[test]
fn an_answer_is_felt_in_its_own_round_alone() {
    let mut session = open(HOUSEHOLD);
    let (root, repeat) = (session.instance().root(), member(&session));
    for _ in 0..3 {
        session.add_round(root, repeat).expect("it may be added");
    }
    let changes = session.say("member[3]/age", "18");
    assert_eq!(changes.values, [session.at("member[3]/age"), session.at("member[3]/adult"), session.at("sum")]);
    assert_eq!(changes.relevance, [session.at("member[3]/job")]);
}

#[test]
fn a_count_makes_and_unmakes_rounds() {
    let mut session = open(
        "survey
        type | name | label | repeat_count | calculation
        integer | n | N | |
        begin repeat | r | R | ${n} |
        integer | x | X | |
        begin repeat | s | S | ${x} |
        text | y | Y | |
        end repeat | | | |
        end repeat | | | |
        calculate | all | | | count(${y})",
    );
    let repeat = session.plan().place("/data/r").expect("it is there");
    let root = session.instance().root();
    assert_eq!(session.rounds(root, repeat).len(), 0);
    assert_eq!(session.add_round(root, repeat), Err(Refusal::Rounds));
    session.say("n", "3");
    assert_eq!(session.rounds(root, repeat).len(), 3);
    session.say("r[2]/x", "2");
    session.say("r[3]/x", "1");
    assert_eq!(session.has("all"), "3");
    session.say("n", "2");
    assert_eq!((session.rounds(root, repeat).len(), session.has("all")), (2, "2"));
    session.say("n", "");
    assert_eq!((session.rounds(root, repeat).len(), session.has("all")), (0, "0"));
    session.say("n", "100000000");
    assert_eq!(session.rounds(root, repeat).len(), 1_000);
}

#[test]
fn a_running_total_reads_the_round_before() {
    let mut session = open(
        "survey
        type | name | label | calculation
        begin repeat | r | R |
        integer | x | X |
        calculate | total | | coalesce(${x}, 0) + coalesce(indexed-repeat(${total}, ${r}, position(..) - 1), 0) * (position(..) > 1)
        end repeat | | |",
    );
    let (root, repeat) = (session.instance().root(), session.plan().place("/data/r").expect("it is there"));
    for _ in 0..4 {
        session.add_round(root, repeat).expect("it may be added");
    }
    for round in 1..=5 {
        session.say(&format!("r[{round}]/x"), &round.to_string());
    }
    assert_eq!(session.has("r[5]/total"), "15");
    session.say("r[1]/x", "11");
    assert_eq!(session.has("r[5]/total"), "25");
    session.remove_round(session.at("r[2]")).expect("it may be removed");
    assert_eq!(session.has("r[4]/total"), "23");
}

#[test]
fn a_submission_without_patterns_can_be_edited() {
    let mut first = open(HOUSEHOLD);
    let (root, repeat) = (first.instance().root(), member(&first));
    first.say("member[1]/age", "40");
    first.add_round(root, repeat).expect("it may be added");
    let sent = Instance::read(&first.instance().to_xml(Extent::Submission)).expect("it is XML");
    let mut again = Session::resume(plan(HOUSEHOLD), sent, surroundings());
    let root = again.instance().root();
    again.add_round(root, member(&again)).expect("it may be added");
    assert_eq!((again.has("count"), again.has("member[3]/name"), again.has("member[1]/age")), ("3", "?", "40"));
}

#[test]
fn rounds_of_a_repeat_that_is_not_asked_are_not_added() {
    let mut session = open(
        "survey
        type | name | label | relevant
        text | has | Has? |
        begin repeat | r | R | ${has} = 'y'
        text | x | X |
        end repeat | | |",
    );
    let (root, repeat) = (session.instance().root(), session.plan().place("/data/r").expect("it is there"));
    assert_eq!(session.add_round(root, repeat), Err(Refusal::Rounds));
    session.say("has", "y");
    session.remove_round(session.at("r[1]")).expect("it may be removed");
    session.add_round(root, repeat).expect("the last round may be gone");
    session.say("has", "n");
    assert_eq!(session.sent(), "<has>n</has>");
}

#[test]
fn choices_come_from_rounds() {
    let mut session = open(
        "survey
        type | name | label | choice_filter
        begin repeat | member | M |
        text | name | Name |
        integer | age | Age |
        end repeat | | |
        select_one ${name} | head | Head | ${age} > 17",
    );
    let (root, repeat) = (session.instance().root(), member(&session));
    session.add_round(root, repeat).expect("it may be added");
    session.say("member[1]/name", "Mona");
    session.say("member[1]/age", "9");
    session.say("member[2]/name", "Omar");
    session.say("member[2]/age", "40");
    assert_eq!(session.labels_of("head"), ["Omar"]);
}

#[test]
fn dynamic_defaults_and_triggers_stay_in_their_round() {
    let mut session = open(
        "survey
        type | name | label | default | trigger | calculation
        integer | base | Base | 5 | |
        begin repeat | r | R | | |
        integer | x | X | ${base} + position(..) | |
        text | y | Y | | ${x} | concat('x', ${x})
        end repeat | | | | |",
    );
    let (root, repeat) = (session.instance().root(), session.plan().place("/data/r").expect("it is there"));
    session.add_round(root, repeat).expect("it may be added");
    assert_eq!((session.has("r[1]/x"), session.has("r[2]/x")), ("6", "7"));
    session.say("r[1]/x", "1");
    assert_eq!((session.has("r[1]/y"), session.has("r[2]/x")), ("x1", "7"));
    assert_ne!(session.has("r[2]/y"), "x1");
}

#[test]
fn counts_within_counts_end() {
    let mut session = open(
        "survey
        type | name | label | repeat_count | calculation
        date | day | Day | |
        begin repeat | r | R | ${day} |
        begin repeat | s | S | ${day} |
        begin repeat | t | T | ${day} |
        text | x | X | |
        calculate | here | | | concat(position(..), ${x}, count(../../../s))
        end repeat | | | |
        end repeat | | | |
        end repeat | | | |",
    );
    let begin = std::time::Instant::now();
    session.say("day", "2026-11-27");
    eprintln!("30,000 elements in rounds: {:?}", begin.elapsed());
    assert!(session.instance().capacity() <= 30_100);
}
