//! What a submission says of itself: which form, which copy, which case.
use xforms::form::{Form, ItemSource, Node, SecondarySource};
use xforms::instance::Instance;

use super::case_list::ADDRESS;
use crate::error::{Error, invalid};
use crate::platform::ids::read_code;

/// The name of a question whose answer is the code of a case, where it does not choose from the list of cases.
pub(in crate::forms) const CASE_CODE: &str = "case_code";
/// No id is longer.
const LONGEST_ID: usize = 120;

/// Reads a submission. What has no form or no id of its own can't be kept once, and is refused.
pub(super) fn read(bytes: &[u8]) -> Result<Instance, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| invalid("xml", "not_understood"))?;
    let instance = Instance::read(text).map_err(|_| invalid("xml", "not_understood"))?;
    let attribute = |name: &str| instance.attribute(instance.root(), name).unwrap_or_default();
    // What the form's author had sealed with a key of their own, nobody here can read.
    if attribute("encrypted") == "yes" {
        return Err(invalid("xml", "encrypted"));
    }
    let has_id = instance.instance_id().is_some_and(|id| id.len() <= LONGEST_ID);
    if attribute("id").is_empty() || !has_id {
        return Err(invalid("xml", "required"));
    }
    Ok(instance)
}

/// The code of the case that a submission names: the answer of a question that chooses from the list of cases, or of one called `case_code`.
pub(in crate::forms) fn case_code(form: &Form, instance: &Instance) -> Option<String> {
    case_questions(form).iter().find_map(|path| read_code('C', instance.text(instance.find(path)?)))
}

/// Whether a form asks which case it is about.
pub(in crate::forms) fn asks_for_case(form: &Form) -> bool {
    !case_questions(form).is_empty()
}

/// The paths of the questions that ask which case a form is about.
pub(in crate::forms) fn case_questions(form: &Form) -> Vec<String> {
    let lists: Vec<&str> = form
        .secondary
        .iter()
        .filter(|one| matches!(&one.source, SecondarySource::File(address) if address == ADDRESS))
        .map(|one| one.id.as_str())
        .collect();
    let mut paths = Vec::new();
    form.walk(&mut |node| {
        if node.name == CASE_CODE || chooses_from(node, &lists) {
            paths.push(node.path.clone());
        }
    });
    paths
}

fn chooses_from(node: &Node, lists: &[&str]) -> bool {
    let source = node.question().and_then(|question| question.items.as_ref()).map(|items| &items.source);
    matches!(source, Some(ItemSource::Instance(id)) if lists.contains(&id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::code;
    use xforms::form::{ItemSet, Kind, Question, QuestionKind, Secondary};

    fn form(items: Option<ItemSet>) -> Form {
        let question = Question { items, ..Question::new(QuestionKind::SelectOne) };
        let body = vec![Node::new("which", "/data/which".into(), Kind::Question(question))];
        let cases = Secondary { id: "cases".into(), source: SecondarySource::File(ADDRESS.into()) };
        Form { body, secondary: vec![cases], ..Form::default() }
    }

    #[test]
    fn the_case_is_what_was_chosen_from_the_list_of_cases() {
        let code = code('C');
        let sent =
            format!("<data id=\"f\" version=\"2\"><which>{code}</which><meta><instanceID>uuid:1</instanceID></meta></data>");
        let said = read(sent.as_bytes()).unwrap();
        let from_list = form(Some(ItemSet::all(ItemSource::Instance("cases".into()))));
        assert_eq!(case_code(&from_list, &said), Some(code));
        assert_eq!(case_code(&form(None), &said), None);
        assert!(asks_for_case(&from_list) && !asks_for_case(&form(None)));
    }

    #[test]
    fn what_names_no_form_or_no_copy_is_refused() {
        for wrong in [
            "<data><meta><instanceID>uuid:1</instanceID></meta></data>",
            "<data id=\"f\"/>",
            "<data id=\"f\" encrypted=\"yes\"><meta><instanceID>uuid:1</instanceID></meta></data>",
            "<data id=\"f\">",
            "<!DOCTYPE data [<!ENTITY a \"b\">]><data id=\"f\"><meta><instanceID>&a;</instanceID></meta></data>",
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
