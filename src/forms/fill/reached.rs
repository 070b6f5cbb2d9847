//! A phone number that a complete copy gives and the registry doesn't hold: offered as a contact of the person whom the case is about, safe
//! to call only where they say so (S6). Which question asks for one is known by its name.
use xforms::form::{Node, QuestionKind};

use super::at::At;
use super::sheet::{Said, Section};
use crate::access::Act;
use crate::error::Error;
use crate::people::{self, names};
use crate::platform::db::Work;
use crate::web::Page;

/// Words in the name of a question that asks for a phone number.
const WORDS: [&str; 7] = ["phone", "telephone", "tel", "telefono", "mobile", "whatsapp", "movil"];
// Fewer digits reach nobody.
const FEWEST_DIGITS: usize = 6;

/// A number, and where it is kept.
pub(super) struct Number {
    pub words: String,
    pub value: String,
    pub action: String,
    pub today: String,
}

/// The first number of this copy that is not known yet, to whoever may write it down.
pub(super) async fn offered(work: &mut Work, p: &Page, at: &At, sections: &[Section]) -> Result<Option<Number>, Error> {
    let given: Vec<&Said> = sections.iter().flat_map(|section| &section.rows).filter(|said| !said.phone.is_empty()).collect();
    if given.is_empty() || !at.case.is_open() || !work.holds(Act::PersonEdit) {
        return Ok(None);
    }
    let id = at.case.person_id;
    if !people::store::may_change(work, Act::PersonEdit, id).await? {
        return Ok(None);
    }
    let person = people::store::find(work, id).await?;
    let known: Vec<String> = people::store::contacts(work, id).await?.iter().map(|contact| contact.key()).collect();
    let new = given.into_iter().find(|said| !known.contains(&names::phone_key(&said.phone)));
    Ok(new.map(|said| Number {
        words: p.ta("fill-contact-of", "name", person.full_name()),
        value: said.phone.clone(),
        action: format!("{}/contacts", person.path()),
        today: p.reader.today().to_string(),
    }))
}

/// The question asks for a phone number, and this is one.
pub(super) fn is_phone(node: &Node, value: &str) -> bool {
    let kind = node.question().map(|question| &question.kind);
    let lower = node.name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    matches!(kind, Some(QuestionKind::Text | QuestionKind::Integer))
        && words.any(|word| WORDS.contains(&word))
        && names::phone_key(value).len() >= FEWEST_DIGITS
}

#[cfg(test)]
mod tests {
    use xforms::form::{Kind, Question};

    use super::*;

    #[test]
    fn a_phone_is_known_by_the_name_of_its_question_and_its_digits() {
        let text = |name: &str| Node::new(name, format!("/data/{name}"), Kind::Question(Question::new(QuestionKind::Text)));
        for (name, value, is) in [
            ("head_phone", "0790 123 456", true),
            ("telefono", "+57 300 123 4567", true),
            ("phone", "none", false),
            ("telling", "0790 123 456", false),
            ("income", "0790 123 456", false),
        ] {
            assert_eq!(is_phone(&text(name), value), is, "{name} {value}");
        }
    }
}
