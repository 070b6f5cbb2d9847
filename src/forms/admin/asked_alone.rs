//! What a household is never asked together: a form about a household with a word on violence, abuse or sexual health is refused (S12).
use xforms::form::{Form, Place};

use super::problem::Kept;
use crate::packs::said::{self, Said};
use crate::packs::touchy;

/// Every question, group and choice that only one person alone may be asked, in the form and in the lists beside it (name and text), to their ends: not
/// on a thread that answers requests.
pub fn found(form: &Form, lists: &[(String, String)]) -> Vec<Kept> {
    let mut found: Vec<Kept> = said::of(form).iter().filter_map(asked).collect();
    for (name, text) in lists {
        for (row, line) in (1..).zip(text.lines()) {
            let Some(word) = touchy::found(line) else { continue };
            let place = Place { sheet: name.clone(), row, column: String::new() };
            found.push(told(&place, "", line.split(',').next().unwrap_or_default(), &word));
        }
    }
    found
}

fn asked(said: &Said) -> Option<Kept> {
    let (column, word) = said.texts.iter().find_map(|(column, text)| Some((column, touchy::found(text)?)))?;
    Some(told(&said.place, column, &said.name, &word))
}

fn told(place: &Place, column: &str, name: &str, word: &str) -> Kept {
    let name: String = name.chars().take(60).collect();
    Kept {
        mistake: true,
        code: "asked-alone".to_owned(),
        sheet: place.sheet.clone(),
        row: place.row,
        column: column.to_owned(),
        what: format!("A household would be asked `{name}` (`{word}`): on violence, abuse or sexual health."),
        remedy: "Ask it of one person alone, in a form about one person. If the word means something else here, choose another."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::admin::say::tests::form;

    #[test]
    fn s12_what_only_one_person_may_be_asked_is_found_with_its_place() {
        let form = form(
            "
            | survey  |                    |       |                                |
            |         | type               | name  | label                          |
            |         | integer            | size  | How many live here?            |
            |         | select_one partner | home  | Has anybody here beaten you?   |
            | choices |                    |       |                                |
            |         | list_name          | name  | label                          |
            |         | partner            | no    | No                             |
            |         | partner            | abuse | By words                       |
            ",
        );
        let found: Vec<(String, u32)> = found(&form, &[]).into_iter().map(|one| (one.sheet, one.row)).collect();
        assert_eq!(found, [("survey".to_owned(), 3), ("choices".to_owned(), 3)]);
    }

    #[test]
    fn s12_hints_calculations_and_lists_beside_a_household_form_are_read_too() {
        let form = form(
            "
            | survey |           |      |                    |                            |                          |
            |        | type      | name | label              | hint                       | calculation              |
            |        | integer   | size | How many are you?  | Does your husband hit you? |                          |
            |        | calculate | says |                    |                            | concat('they beat', 'x') |
            ",
        );
        let list = [("reasons.csv".to_owned(), "name,label\na,Poverty\nb,Domestic violence\n".to_owned())];
        let found: Vec<_> = found(&form, &list).into_iter().map(|one| (one.sheet, one.row, one.column)).collect();
        let told: Vec<_> = found.iter().map(|(sheet, row, column)| (sheet.as_str(), *row, column.as_str())).collect();
        assert_eq!(told, [("survey", 2, "hint"), ("survey", 3, "calculation"), ("reasons.csv", 3, "")]);
    }
}
