use super::super::{Progress, Session};
use super::open;

const FORM: &str = "survey
    type | name | label | appearance | relevant | required
    note | hello | Hello | | |
    text | a | A | | | yes
    begin group | list | List | field-list | |
    text | b | B | | |
    text | c | C | | ${a} = 'c' | yes
    calculate | d | | | |
    end group | | | | |
    begin group | plain | Plain | | ${a} != 'skip' |
    text | e | E | | |
    text | f | F | | |
    end group | | | | |
    begin repeat | r | R | | |
    text | g | G | | |
    end repeat | | | | |
    text | last | Last | | |";

fn addresses(session: &Session) -> Vec<String> {
    session.pages().into_iter().map(|page| page.address.trim_start_matches("/data/").to_owned()).collect()
}

#[test]
fn a_page_is_a_question_or_a_field_list() {
    let mut session = open(&FORM.replace("calculate | d | | | |\n", ""));
    assert_eq!(addresses(&session), ["hello", "a", "list", "plain/e", "plain/f", "r[1]/g", "r[+]", "last"]);
    let page = session.page("/data/list").expect("it is there");
    assert_eq!((page.questions, page.group), (vec![session.at("list/b")], Some(session.at("list"))));
    session.say("a", "c");
    assert_eq!(session.page("/data/list").map(|page| page.questions.len()), Some(2));
    session.say("a", "skip");
    assert_eq!(addresses(&session), ["hello", "a", "list", "r[1]/g", "r[+]", "last"]);
}

#[test]
fn a_page_knows_whether_its_questions_follow_from_each_other() {
    let follows = |relevant: &str, calculation: &str| {
        let session = open(&format!(
            "survey
            type | name | label | appearance | relevant | calculation
            text | before | Before | | |
            begin group | list | List | field-list | |
            text | b | B | | |
            calculate | d | | | | {calculation}
            text | c | C | | {relevant} |
            end group | | | | |"
        ));
        session.follows_within(session.at("list"))
    };
    assert!(follows("${b} = 'x'", "1") && follows("${d} = 1", "string-length(${b})"));
    assert!(!follows("", "1") && !follows("${before} = 'x'", "1") && !follows("${d} = 1", "string-length(${before})"));
    let session = open(
        "survey
        type | name | label | appearance | choice_filter
        begin group | list | List | field-list |
        select_one gov | gov | Governorate | |
        select_one town | town | Town | | gov = ${gov}
        end group | | | |
        choices
        list_name | name | label | gov
        gov | amm | Amman |
        town | abd | Abdali | amm",
    );
    assert!(session.follows_within(session.at("list")), "the towns are those of the governorate");
}

#[test]
fn next_and_previous_pass_over_what_is_not_asked() {
    let mut session = open(&FORM.replace("calculate | d | | | |\n", ""));
    session.say("a", "skip");
    let go = |page: Option<super::super::Page>| page.map(|page| page.address);
    assert_eq!(go(session.first()).as_deref(), Some("/data/hello"));
    assert_eq!(go(session.next("/data/list")).as_deref(), Some("/data/r[1]/g"));
    assert_eq!(go(session.previous("/data/r[1]/g")).as_deref(), Some("/data/list"));
    assert_eq!(go(session.next("/data/plain/e")).as_deref(), Some("/data/r[1]/g"));
    assert_eq!(go(session.previous("/data/plain/f")).as_deref(), Some("/data/list"));
    assert_eq!(go(session.next("/data/last")), None);
    assert_eq!(go(session.previous("/data/hello")), None);
    let page = session.page("/data/r[+]").expect("it is there");
    let (parent, repeat) = page.growing[0];
    session.add_round(parent, repeat).expect("it may be added");
    assert_eq!(go(session.next("/data/r[1]/g")).as_deref(), Some("/data/r[2]/g"));
    assert_eq!(session.round(session.at("r[2]")), Some((2, 2)));
}

#[test]
fn progress_counts_what_people_answer() {
    let mut session = open(&FORM.replace("calculate | d | | | |\n", ""));
    assert_eq!(session.progress(), Progress { asked: 6, answered: 0, missing: 1, pages: 8 });
    session.say("a", "c");
    assert_eq!(session.progress(), Progress { asked: 7, answered: 1, missing: 1, pages: 8 });
    let findings: Vec<String> = session.findings().into_iter().map(|finding| finding.address).collect();
    assert_eq!(findings, ["/data/list/c"]);
}

#[test]
fn addresses_find_their_elements() {
    let session = open(FORM.replace("calculate | d | | | |\n", "").as_str());
    for page in session.pages() {
        for question in page.questions {
            assert_eq!(session.find(&session.address(question)), Some(question));
        }
    }
}
