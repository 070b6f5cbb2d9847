//! Mistakes in an XLSForm: all of them, each with its place and its remedy.
use xforms::problem::{Problem, Severity};
use xforms::xlsform::{self, Workbook};

fn problems(text: &str) -> Vec<Problem> {
    xlsform::read(&Workbook::from_tables(text), "form").problems
}

// Code, sheet, row and column of each, those of the settings aside that no test has.
#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let outcome = xlsform::read(&Workbook::from_tables(text), "form");
    let found: Vec<String> = outcome
        .problems
        .iter()
        .filter(|problem| problem.code != "no-form-id")
        .map(|problem| {
            format!("{} {} {} {}", problem.code, problem.place.sheet, problem.place.row, problem.place.column).trim().to_owned()
        })
        .collect();
    assert_eq!(found, expected);
    let mistaken = outcome.problems.iter().any(|problem| problem.severity == Severity::Mistake);
    assert_eq!(outcome.form.is_none(), mistaken);
    for problem in outcome.problems {
        assert!(problem.what.ends_with('.') && !problem.remedy.is_empty(), "{problem}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    finds(
        "| survey | | | | | |
         | | type | name | label | relevant | parameters |
         | | txt | a | A | | |
         | | text | b c | B | | |
         | | select_one nolist | d | D | ${nothing} = 1 | |
         | | text | d | again | ${d | rows=many |
         | | range | r | R | | start=1 end=2 stp=3 |
         | | integer | | no name | | |
         | | text | silent | | | |
         | | end group | | | | |
         | | begin repeat | open | | | |",
        &[
            "unknown-type survey 2 type",
            "bad-name survey 3 name",
            "unknown-list survey 4 type",
            "unknown-reference survey 4 relevant",
            "duplicate-name survey 5 name",
            "broken-reference survey 5 relevant",
            "broken-parameter survey 5 parameters",
            "unknown-parameter survey 6 parameters",
            "no-name survey 7 name",
            "no-label survey 8 label",
            "wrong-end survey 9 type",
            "unclosed-section survey 10 type",
            "no-repeat-label survey 10 label",
        ],
    );
}

#[test]
fn a_remedy_names_what_was_likely_meant() {
    let found = problems(
        "| survey | | | |
         | | type | name | label | relevant |
         | | inteer | age | Age | |
         | | integer | size | Size | ${siz} > 1 |
         | | select_one yesno | ok | OK | |
         | choices | | | |
         | | list_name | name | label |
         | | yes_no | y | Yes |",
    );
    let remedies: Vec<&str> =
        found.iter().filter(|problem| problem.severity == Severity::Mistake).map(|problem| problem.remedy.as_str()).collect();
    assert_eq!(remedies, ["Perhaps `integer` is meant.", "Perhaps `${size}` is meant.", "Perhaps `yes_no` is meant."]);
    assert!(found.iter().any(|problem| problem.to_string().starts_with("survey, row 3, column relevant: There is no question")));
}

#[test]
fn unwise_things_are_warnings() {
    finds(
        "| survey | | | | | |
         | | type | name | label::en | label::ar | hint::en | relevnt |
         | | text | id | A | أ | H | x |
         | | text | Name | B | ب | | |
         | | text | name | C | ت | | |
         | | select_one l | s | S | س | | |
         | choices | | | | |
         | | list_name | name | label::en | label::ar | bad heading |
         | | l | 1 | One | | z |
         | | l | 1 | Uno | | |
         | | unused | 1 | | | |
         | setings | | |
         | | form_id | |
         | | x | |",
        &[
            "missing-translation survey 1 hint::ar",
            "unknown-column survey 1 relevnt",
            "reserved-name survey 2 name",
            "similar-name survey 4 name",
            "bad-heading choices 1 bad heading",
            "duplicate-choice choices 3 name",
            "no-choice-label choices 4 label",
            "unused-list choices 4 list_name",
            "sheet-ignored setings 0",
        ],
    );
}

#[test]
fn selects_are_checked_with_their_lists() {
    finds(
        "| survey | | | | | |
         | | type | name | label | choice_filter | parameters |
         | | select_multiple l | a | A | | |
         | | select_one l or_other | b | B | x = 1 | |
         | | select_one_from_file towns.txt | c | C | | |
         | | select_one places.csv | d | D | | |
         | | select_one | e | E | | |
         | | select_one l | f | F | | seed=3 |
         | | select_one l | g | G | | randomize=perhaps |
         | choices | | | |
         | | list_name | name | label |
         | | l | two words | Two |",
        &[
            "filter-with-other survey 3 choice_filter",
            "bad-file survey 4 type",
            "unknown-list survey 5 type",
            "unknown-type survey 6 type",
            "broken-parameter survey 7 parameters",
            "broken-parameter survey 8 parameters",
            "space-in-choice choices 2 name",
        ],
    );
}

#[test]
fn triggers_and_entities_are_checked() {
    finds(
        "| survey | | | | | |
         | | type | name | label | trigger | calculation | save_to |
         | | text | a | A | | | name |
         | | calculate | c | | | 1 | age |
         | | text | b | B | ${c} | 1 | |
         | | text | d | D | a | 1 | |
         | | background-geopoint | g | | | | |
         | | calculate | nothing | | | | |
         | | calculate | n | | | instance('none')/root/item | |
         | entities | | |
         | | list_name | label | update_if |
         | | my.list | ${a} | true() |",
        &[
            "bad-save-to survey 2 save_to",
            "unseen-trigger survey 4 trigger",
            "broken-trigger survey 5 trigger",
            "no-trigger survey 6 trigger",
            "no-calculation survey 7 calculation",
            "unknown-instance survey 8 calculation",
            "bad-entity-list entities 2 list_name",
            "broken-entity entities 2 entity_id",
        ],
    );
}

#[test]
fn a_workbook_without_a_survey_is_no_form() {
    finds("| Survy | |\n| | type | name |", &["no-survey survey 0"]);
}

#[test]
fn expressions_that_cannot_be_read_are_told_with_their_cell() {
    finds(
        "| survey | | | | |
         | | type | name | label | Relevance | constraint | choice_filter |
         | | integer | a | A | ${a > 1 | . > | |
         | | integer | b | B ${a} | if(${a}, 1 | nofunction(.) | |
         | | select_one l | c | C | | | x = = 2 |
         | choices | | | |
         | | list_name | name | label |
         | | l | x | X ${a |",
        &[
            "broken-reference survey 2 Relevance",
            "expression survey 2 constraint",
            "expression survey 3 Relevance",
            "expression survey 3 constraint",
            "expression survey 4 choice_filter",
            "broken-reference choices 2 label",
        ],
    );
}
