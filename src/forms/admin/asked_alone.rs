//! What a household is never asked together: a form about a household with a word on violence, abuse or sexual health is refused (S12).
use xforms::form::{Form, Place, Text};

use super::problem::Kept;
use crate::packs::touchy;

/// Every question, group and choice that only one person alone may be asked.
pub fn found(form: &Form) -> Vec<Kept> {
    let mut found = Vec::new();
    form.walk(&mut |node| {
        let bind = &node.bind;
        let texts = [&node.label, &node.hint, &node.guidance, &bind.constraint_message, &bind.required_message];
        found.extend(told(&node.place, &node.name, &texts));
    });
    for choice in form.lists.iter().flat_map(|list| &list.choices) {
        found.extend(told(&choice.place, &choice.value, &[&choice.label]));
    }
    found
}

fn told(place: &Place, name: &str, texts: &[&Text]) -> Option<Kept> {
    let said = texts.iter().flat_map(|text| &text.wordings).map(|wording| wording.outline());
    let named = std::iter::once(name.replace(['_', '-', '.'], " "));
    let word = named.chain(said).find_map(|text| touchy::found(&text))?;
    Some(Kept {
        mistake: true,
        code: "asked-alone".to_owned(),
        sheet: place.sheet.clone(),
        row: place.row,
        column: String::new(),
        what: format!("A household would be asked `{name}` (`{word}`): on violence, abuse or sexual health."),
        remedy: "Ask it of one person alone, in a form about one person.".to_owned(),
    })
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
        let found: Vec<(String, u32)> = found(&form).into_iter().map(|one| (one.sheet, one.row)).collect();
        assert_eq!(found, [("survey".to_owned(), 3), ("choices".to_owned(), 3)]);
    }
}
