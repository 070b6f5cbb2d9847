//! Which answers tell who somebody is or where they are found, and stay out of a file without names (S13, S15, S18): by what a question
//! holds, by its name and its labels, each in its language, and whatever is worked out from such an answer.
use std::collections::HashSet;
use std::sync::LazyLock;

use xforms::form::{Deed, Expression, Form, Node, QuestionKind};
use xforms::xpath::{self, Expr, Path, Start, Test};

use crate::packs::touchy::{self, Words};

// What is looked for in a text: among names one in French does not count `nombre`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Numbers,
    Words,
    WordsOfFrench,
}

// Words in the name or the label of a question that asks what somebody is called; no number is a name.
static NAMES: Words = LazyLock::new(|| {
    touchy::read(&[
        "name names surname surnames firstname lastname fullname nom noms prénom prénoms prenom prenoms apellido apellidos",
        "nickname nicknames surnom surnoms sobriquet apodo apodos alias",
        "اسم اسماء لقب القاب كنيه كنيت",
    ])
});
// A name in Spanish, a number in French.
static NOMBRE: Words = LazyLock::new(|| touchy::read(&["nombre nombres"]));
// Words for where somebody is found, and for papers and accounts that are one person's.
static REACHED: Words = LazyLock::new(|| {
    touchy::read(&[
        "phone phones telephone telephones mobile whatsapp email emails mail address addresses street streets passport passports iban nid",
        "identity identité identidad",
        "adresse adresses domicile rue rues téléphone téléphones tel tél courriel courriels passeport passeports",
        "telefono telefonos teléfono teléfonos móvil móviles celular celulares correo correos direccion direcciones dirección domicilio",
        "domicilios calle calles pasaporte pasaportes cedula cedulas cédula cédulas",
        "هاتف هواتف جوال موبايل واتساب عنوان عناوين شارع شوارع بريد ايميل جواز جوازات هويه هويت",
    ])
});
// Word after word: numbers by which an office knows one person.
const NUMBERS: &[&[&str]] = &[
    &["national", "number"],
    &["national", "id"],
    &["id", "card"],
    &["id", "number"],
    &["case", "number"],
    &["registration", "number"],
    &["file", "number"],
    &["numéro", "national"],
    &["numéro", "de", "dossier"],
    &["número", "nacional"],
    &["número", "de", "caso"],
    &["número", "de", "expediente"],
    &["رقم", "وطني"],
    &["رقم", "قومي"],
    &["رقم", "ملف"],
];
// How a label begins that asks who somebody is.
const WHO: &[&[&str]] = &[
    &["who", "is"],
    &["who", "are"],
    &["qui", "est"],
    &["qui", "sont"],
    &["quién", "es"],
    &["quiénes", "son"],
    &["من", "هو"],
    &["من", "هي"],
    &["من", "هم"],
];
// One of a household, where the label says no more than this.
const ONE_OF_THEM: &[&[&str]] = &[
    &["head"],
    &["head", "of", "household"],
    &["head", "of", "the", "household"],
    &["household", "head"],
    &["father"],
    &["mother"],
    &["chef", "de", "famille"],
    &["chef", "de", "ménage"],
    &["chef", "du", "ménage"],
    &["père"],
    &["mère"],
    &["jefe", "de", "hogar"],
    &["jefa", "de", "hogar"],
    &["jefe", "del", "hogar"],
    &["jefa", "del", "hogar"],
    &["padre"],
    &["madre"],
    &["رب", "الاسره"],
    &["ربه", "الاسره"],
    &["الاب"],
    &["الام"],
];
/// What a device knows of whoever holds it.
const OF_DEVICE: &[&str] = &["phonenumber", "email", "username", "deviceid", "simserial", "subscriberid"];

/// The paths of all such questions and of what depends on them.
pub fn paths(form: &Form) -> HashSet<String> {
    let mut found = HashSet::new();
    form.walk(&mut |node| {
        if tells_who(form, node) || is_place(node) {
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
fn tells_who(form: &Form, node: &Node) -> bool {
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
        QuestionKind::Text => node.wants_digits() || is_called_so(form, node, Sought::Words),
        QuestionKind::Hidden(data) if matches!(data.as_str(), "int" | "integer" | "decimal") => {
            is_called_so(form, node, Sought::Numbers)
        }
        QuestionKind::Hidden(_) => is_called_so(form, node, Sought::Words),
        QuestionKind::Integer | QuestionKind::Decimal => is_called_so(form, node, Sought::Numbers),
        _ => false,
    }
}

fn is_called_so(form: &Form, node: &Node, sought: Sought) -> bool {
    let speaks = |beginning: &str| form.languages.iter().any(|language| is_in(&language.name, beginning));
    let of_french = |french: bool| if french && sought == Sought::Words { Sought::WordsOfFrench } else { sought };
    let labels = node.label.wordings.iter().enumerate().any(|(at, wording)| {
        let french = form.languages.get(at).is_some_and(|language| is_in(&language.name, "fr"));
        let text = wording.outline();
        is_telling(&text, of_french(french)) || (sought != Sought::Numbers && asks_who(&text))
    });
    // The groups around it count: a `street` in `address`. The outermost element is the form. Names have no language but the form's.
    let french = speaks("fr") && !speaks("es");
    let mut around = node.path.split('/').skip(2).chain([node.bind.save_to.as_str()]);
    labels || around.any(|name| is_telling(name, of_french(french)))
}

// Whether a language, written like `Français (fr)`, begins so or has such a code.
fn is_in(language: &str, code: &str) -> bool {
    let lower = language.to_lowercase();
    lower.starts_with(code) || lower.contains(&format!("({code}"))
}

// Whether a label asks who somebody is.
fn asks_who(text: &str) -> bool {
    let words = words(text);
    WHO.iter().any(|phrase| is_within(phrase, words.get(..phrase.len()).unwrap_or_default()))
        || ONE_OF_THEM.iter().any(|phrase| phrase.len() == words.len() && is_within(phrase, &words))
}

fn is_within(phrase: &[&str], words: &[&str]) -> bool {
    let is = |(word, wanted): (&&str, &&str)| touchy::is_among(word, &touchy::read(&[*wanted]));
    words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(is))
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect()
}

fn is_telling(text: &str, sought: Sought) -> bool {
    let words = words(text);
    let is_numbered = NUMBERS.iter().any(|phrase| is_within(phrase, &words));
    is_numbered
        || words.iter().any(|word| {
            touchy::is_among(word, &REACHED)
                || (sought != Sought::Numbers && touchy::is_among(word, &NAMES))
                || (sought == Sought::Words && touchy::is_among(word, &NOMBRE))
        })
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

    #[test]
    fn s15_a_number_of_people_in_french_goes_out_and_a_telephone_that_is_a_number_does_not() {
        let form = form(
            "
            | survey |         |        |                      |                        |
            |        | type    | name   | label::Français (fr) | label::Español (es)    |
            |        | integer | people | Nombre d’enfants     | ¿Cuántos hijos?        |
            |        | text    | many   | Nombre de personnes  | ¿Cuántas personas?     |
            |        | text    | who    | Qui ?                | Nombre                 |
            |        | decimal | digits | Numéro de téléphone  | ¿Cuál?                 |
            |        | integer | house  | Numéro               | Número de la calle     |
            ",
        );
        let mut found: Vec<String> =
            paths(&form).into_iter().filter_map(|path| path.rsplit('/').next().map(str::to_owned)).collect();
        found.sort();
        assert_eq!(found, ["digits", "house", "who"]);
    }

    #[test]
    fn s13_what_tells_who_or_where_is_known_in_four_languages_with_what_is_written_onto_it() {
        for text in [
            "Her phones",
            "Which street?",
            "Prénoms",
            "Quelle rue ?",
            "Domicile",
            "¿En qué calle?",
            "Apellidos",
            "ما هاتفها؟",
            "هاتفه",
            "وهاتفكم",
            "اسمكم",
            "الأسماء",
            "وعنوانها",
            "بريدها",
            "في أيّ شارع؟",
            "رقم هويتها",
            "للاسم",
            "ولقبه",
            "National number",
            "ID card number",
            "UNHCR case number",
            "Nickname",
            "Numéro de carte d’identité",
            "Documento de identidad",
            "الرقم الوطني",
        ] {
            assert!(is_telling(text, Sought::Words), "{text}");
        }
        for text in [
            "How many rooms?",
            "Combien de pièces ?",
            "¿Cuántos cuartos?",
            "كم غرفة؟",
            "سقف من الإسمنت",
            "Remark",
            "Number of cases",
        ] {
            assert!(!is_telling(text, Sought::Words), "{text}");
        }
        for text in
            ["Who is the father?", "Head of the household", "Qui est la mère ?", "¿Quién es el padre?", "من هو الأب؟", "رب الأسرة"]
        {
            assert!(asks_who(text), "{text}");
        }
        for text in ["Work of the father", "What happened?", "Those who are ill", "Ce qui s’est passé", "مهنة الأب", "من أين؟"]
        {
            assert!(!asks_who(text), "{text}");
        }
        assert!(!is_telling("Nombre", Sought::Numbers) && !is_telling("Nombre", Sought::WordsOfFrench));
    }
}
