//! What a submission says of itself: which form, which copy, which case.
use std::collections::HashSet;

use xforms::form::{Form, ItemSource, Node, QuestionKind, SecondarySource};
use xforms::instance::Instance;

use super::case_list::ADDRESS;
use crate::error::{Error, invalid};
use crate::platform::ids::read_code;

/// The name of a question whose answer is the code of a case, where it does not choose from the list of cases.
const CASE_CODE: &str = "case_code";
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

/// Takes places and pictures out of a copy, as they could lead to somebody in hiding (S18); whether there were any.
pub(super) fn without_places(form: &Form, instance: &mut Instance) -> bool {
    let mut paths = HashSet::new();
    form.walk(&mut |node| {
        if node.question().is_some_and(|question| shows_where(&question.kind)) {
            paths.insert(node.path.clone());
        }
    });
    let (mut open, mut found) = (vec![instance.root()], Vec::new());
    while let Some(at) = open.pop() {
        open.extend(instance.children(at));
        if !instance.text(at).is_empty() && paths.contains(&instance.path(at)) {
            found.push(at);
        }
    }
    found.iter().for_each(|at| instance.set_text(*at, ""));
    !found.is_empty()
}

fn shows_where(kind: &QuestionKind) -> bool {
    match kind {
        QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape => true,
        QuestionKind::File(media_type) => media_type.starts_with("image/") || media_type.starts_with("video/"),
        QuestionKind::Hidden(data) => data.starts_with("geo"),
        _ => false,
    }
}

/// The code of the case that a submission names: the answer of a question that chooses from the list of cases, or of one called `case_code`.
pub(super) fn case_code(form: &Form, instance: &Instance) -> Option<String> {
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
    paths.iter().find_map(|path| read_code('C', instance.text(instance.find(path)?)))
}

fn chooses_from(node: &Node, lists: &[&str]) -> bool {
    let source = node.question().and_then(|question| question.items.as_ref()).map(|items| &items.source);
    matches!(source, Some(ItemSource::Instance(id)) if lists.contains(&id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::code;
    use xforms::form::{ItemSet, Kind, Question, Secondary};
    use xforms::instance::Extent;

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
    }

    #[test]
    fn s18_places_and_pictures_are_taken_out_of_every_round() {
        let node = |name: &str, kind| Node::new(name, format!("/data/visit/{name}"), Kind::Question(Question::new(kind)));
        let body = vec![
            node("at", QuestionKind::Geopoint),
            node("face", QuestionKind::File("image/*".into())),
            node("say", QuestionKind::Text),
        ];
        let form = Form { body, ..Form::default() };
        let round = "<visit><at>33.5 36.3 0 5</at><face>1.jpg</face><say>Here</say></visit>";
        let mut sent = Instance::read(&format!("<data id=\"f\">{round}{round}</data>")).unwrap();
        assert!(without_places(&form, &mut sent));
        let left = "<visit><at/><face/><say>Here</say></visit>";
        assert!(sent.to_xml(Extent::Submission).ends_with(&format!("<data id=\"f\">{left}{left}</data>")));
        assert!(!without_places(&form, &mut sent), "nothing is left to take out");
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
