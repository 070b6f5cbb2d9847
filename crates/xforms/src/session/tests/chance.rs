use proptest::prelude::{Just, Strategy, any, prop_assert_eq};
use proptest::{prop_oneof, proptest};

use super::super::Session;
use super::{plan, surroundings};
use crate::instance::{Extent, Instance};

const FORM: &str = "survey
    type | name | label | relevant | calculation | repeat_count | choice_filter
    integer | a | A | | | |
    integer | b | B | ${a} > 2 | | |
    calculate | ab | | | ${a} + coalesce(${b}, 10) | |
    integer | n | N | ${ab} != 7 | | |
    begin group | g | G | ${a} != 5 | | |
    begin repeat | r | R | ${n} < 4 or ${n} = '' | | |
    integer | x | X | ${a} != ${x2} or position(..) > 1 | | |
    integer | x2 | X2 | | | |
    calculate | share | | | ${x} div sum(/data/g/r/x) | |
    calculate | before | | | indexed-repeat(${x}, ${r}, position(..) - 1) | |
    calculate | many | | | count(../s) + count(${z}) | |
    begin repeat | s | S | ${x} > 0 | | ${x} |
    integer | z | Z | ${x2} = '' or ${x2} > 2 | | |
    calculate | deep | | | concat(${z}, '/', ${share}, '/', position(..), '/', position(../..)) | |
    end repeat | | | | | |
    end repeat | | | | | |
    end group | | | | | |
    calculate | all | | | join(' ', ${deep}) | |
    calculate | wild | | | count(/data/g//z[. > 1]) + sum(/data/*/r[x > 1]/x2) | |
    text | last | Last | ${wild} > 1 and ${all} != '' | | |";

#[derive(Debug, Clone)]
enum Deed {
    Answer(usize, String),
    Add(usize),
    Remove(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let text = prop_oneof![4 => (0..6i32).prop_map(|number| number.to_string()), 1 => Just(String::new()), 1 => Just("-1".to_owned()), 1 => any::<String>()];
    let deed = prop_oneof![
        8 => (any::<usize>(), text).prop_map(|(place, text)| Deed::Answer(place, text)),
        2 => any::<usize>().prop_map(Deed::Add),
        1 => any::<usize>().prop_map(Deed::Remove),
    ];
    proptest::collection::vec(deed, 1..30)
}

fn act(session: &mut Session, deed: &Deed) {
    let pages = session.pages();
    let pick = |place: &usize, length: usize| if length == 0 { 0 } else { place % length };
    match deed {
        Deed::Answer(place, text) => {
            let questions: Vec<_> = pages.iter().flat_map(|page| page.questions.iter().copied()).collect();
            if let Some(question) = questions.get(pick(place, questions.len())) {
                let _ = session.answer(*question, text);
            }
        }
        Deed::Add(place) => {
            let growing: Vec<_> = pages.iter().flat_map(|page| page.growing.iter().copied()).collect();
            if let Some((parent, repeat)) = growing.get(pick(place, growing.len())) {
                let _ = session.add_round(*parent, *repeat);
            }
        }
        Deed::Remove(place) => {
            let repeat = session.plan().place("/data/g/r").expect("it is there");
            let rounds = session.elements(repeat).to_vec();
            if let Some(round) = rounds.get(pick(place, rounds.len())) {
                let _ = session.remove_round(*round);
            }
        }
    }
}

proptest! {
    /// What is worked out step by step is what is worked out at once: no dependency is missed.
    #[test]
    fn step_by_step_gives_what_all_at_once_gives(deeds in deeds()) {
        let plan = plan(FORM);
        let mut session = Session::open(plan.clone(), surroundings());
        for deed in &deeds {
            act(&mut session, deed);
            let _ = (session.findings(), session.progress());
        }
        let kept = session.instance().to_xml(Extent::Everything);
        let again = Session::resume(plan, Instance::read(&kept).expect("what is written can be read"), surroundings());
        prop_assert_eq!(again.instance().to_xml(Extent::Submission), session.instance().to_xml(Extent::Submission));
        prop_assert_eq!(again.pages().len(), session.pages().len());
    }
}
