//! Which answers tell who somebody is or where they are found, and stay out of a file without names (S13, S15, S18): by what a question
//! holds, by its name and its labels in any language, and whatever is worked out from such an answer.
use std::collections::HashSet;

use xforms::form::{Deed, Expression, Form, Node, QuestionKind};
use xforms::xpath::{self, Expr, Path, Start, Test};

/// Words in the name or the label of a question that asks who somebody is or where they are found.
const TELLING: &[&str] = &[
    "name",
    "names",
    "surname",
    "firstname",
    "lastname",
    "fullname",
    "phone",
    "telephone",
    "mobile",
    "whatsapp",
    "email",
    "mail",
    "address",
    "passport",
    "iban",
    "nid",
    "nom",
    "noms",
    "prénom",
    "prénoms",
    "prenom",
    "adresse",
    "téléphone",
    "tel",
    "tél",
    "courriel",
    "passeport",
    "nombre",
    "nombres",
    "apellido",
    "apellidos",
    "telefono",
    "teléfono",
    "móvil",
    "celular",
    "correo",
    "direccion",
    "dirección",
    "domicilio",
    "pasaporte",
    "cedula",
    "cédula",
    "اسم",
    "اسمك",
    "اسمه",
    "اسمها",
    "أسماء",
    "الاسم",
    "الأسماء",
    "لقب",
    "كنية",
    "هاتف",
    "الهاتف",
    "هاتفك",
    "جوال",
    "الجوال",
    "موبايل",
    "الموبايل",
    "واتساب",
    "عنوان",
    "العنوان",
    "عنوانك",
    "بريد",
    "البريد",
    "جواز",
    "هوية",
    "الهوية",
];
/// What a device knows of whoever holds it.
const OF_DEVICE: &[&str] = &["phonenumber", "email", "username", "deviceid", "simserial", "subscriberid"];

/// The paths of all such questions and of what depends on them.
pub fn paths(form: &Form) -> HashSet<String> {
    let mut found = HashSet::new();
    form.walk(&mut |node| {
        if tells_who(node) || is_place(node) {
            found.insert(node.path.clone());
        }
    });
    let sources = sources(form);
    // What is worked out from something worked out is found in a later round; each finds at least one more.
    loop {
        let names: HashSet<&str> = found.iter().filter_map(|path| path.rsplit('/').next()).collect();
        let more: Vec<String> = sources
            .iter()
            .filter(|(path, read)| !found.contains(path) && read.iter().any(|name| names.contains(name.as_str())))
            .map(|(path, _)| path.clone())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// A place on the map, asked for or taken down by the device.
pub fn is_place(node: &Node) -> bool {
    match node.question().map(|question| &question.kind) {
        Some(QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape) => true,
        Some(QuestionKind::Hidden(data)) => data.starts_with("geo"),
        _ => false,
    }
}

// A free answer that tells who somebody is.
fn tells_who(node: &Node) -> bool {
    let Some(question) = node.question() else { return false };
    let preload = node.bind.preload.as_ref();
    if preload
        .is_some_and(|preload| preload.what == "property" && OF_DEVICE.contains(&preload.parameter.trim_start_matches("uri:")))
    {
        return true;
    }
    match &question.kind {
        // What is scanned is a card or a wristband, and belongs to one.
        QuestionKind::Barcode => true,
        // A text of digits is a number that somebody is known by: of a phone, a card, an account.
        QuestionKind::Text => node.wants_digits() || is_called_so(node),
        QuestionKind::Hidden(_) | QuestionKind::Integer => is_called_so(node),
        _ => false,
    }
}

fn is_called_so(node: &Node) -> bool {
    let labels = node.label.wordings.iter().map(|wording| wording.outline());
    // The groups around it count: a `street` in `address`. The outermost element is the form.
    let around = node.path.split('/').skip(2).map(ToOwned::to_owned);
    around.chain([node.bind.save_to.clone()]).chain(labels).any(|text| is_telling(&text))
}

fn is_telling(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| TELLING.contains(&word))
}

// What is set or worked out, and the names of what it reads.
fn sources(form: &Form) -> Vec<(String, HashSet<String>)> {
    let mut sources = Vec::new();
    form.walk(&mut |node| {
        if let Some(rule) = &node.bind.calculate {
            sources.push((node.path.clone(), read(rule)));
        }
    });
    for action in &form.actions {
        if let Deed::Set(Some(rule)) = &action.deed {
            sources.push((action.target.clone(), read(rule)));
        }
    }
    sources
}

fn read(rule: &Expression) -> HashSet<String> {
    let mut names = HashSet::new();
    match xpath::parse(&rule.text) {
        Ok(expr) => gather(&expr, true, &mut names),
        // What can't be read is told by its words.
        Err(_) => names.extend(rule.text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).map(ToOwned::to_owned)),
    }
    names
}

// Names of the form's own elements; those of a list that is looked up are others. `own` says what a path without a start begins at.
fn gather(expr: &Expr, own: bool, names: &mut HashSet<String>) {
    match expr {
        Expr::Number(_) | Expr::Text(_) => {}
        Expr::Chain { first, rest } => {
            gather(first, own, names);
            rest.iter().for_each(|(_, part)| gather(part, own, names));
        }
        Expr::Negate { of, .. } => gather(of, own, names),
        Expr::Union(parts) => parts.iter().for_each(|part| gather(part, own, names)),
        Expr::Call { arguments, .. } => arguments.iter().for_each(|argument| gather(argument, own, names)),
        Expr::Path(path) => of_path(path, own, names),
    }
}

fn of_path(path: &Path, own: bool, names: &mut HashSet<String>) {
    let own = match &path.start {
        Start::Root => true,
        Start::Here => own,
        Start::Filter { from, predicates } => {
            gather(from, own, names);
            let own = !matches!(&**from, Expr::Call { function, .. } if function.name() == "instance");
            predicates.iter().for_each(|predicate| gather(predicate, own, names));
            own
        }
    };
    for step in &path.steps {
        if let (true, Test::Name(name)) = (own, &step.test) {
            names.insert(name.clone());
        }
        step.predicates.iter().for_each(|predicate| gather(predicate, own, names));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::admin::say::tests::form;

    #[test]
    fn s15_what_tells_of_somebody_is_found_by_what_it_holds_by_its_labels_and_by_what_is_made_of_it() {
        let form = form(
            "
            | survey  |              |         |                  |                                    |                         |
            |         | type         | name    | label            | calculation                        | constraint              |
            |         | begin_repeat | member  | Member           |                                    |                         |
            |         | text         | m_name  | Who?             |                                    |                         |
            |         | integer      | age     | Age              |                                    |                         |
            |         | end_repeat   |         |                  |                                    |                         |
            |         | calculate    | all     |                  | join(', ', ${m_name})              |                         |
            |         | calculate    | shout   |                  | concat(${all}, '!')                |                         |
            |         | calculate    | oldest  |                  | max(${age})                        |                         |
            |         | text         | t_regex | Phone            |                                    |                         |
            |         | text         | card    | Number on it     |                                    | regex(., '[0-9]{6}')    |
            |         | text         | q1      | ما عنوان السكن؟  |                                    |                         |
            |         | barcode      | band    | Wristband        |                                    |                         |
            |         | calculate    | town    |                  | instance('towns')/root/item[name = ${age}]/label |           |
            |         | select_one towns | where | Town           |                                    |                         |
            |         | text         | remark  | Anything else?   |                                    |                         |
            | choices |              |         |                  |                                    |                         |
            |         | list_name    | name    | label            |                                    |                         |
            |         | towns        | a       | A                |                                    |                         |
            ",
        );
        let mut found: Vec<String> =
            paths(&form).into_iter().filter_map(|path| path.rsplit('/').next().map(str::to_owned)).collect();
        found.sort();
        assert_eq!(found, ["all", "band", "card", "m_name", "q1", "shout", "t_regex"]);
    }
}
