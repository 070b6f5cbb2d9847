//! Rules of a form in words: an expression as a person would say it, with the labels of questions and choices in place of their names.
//!
//! What has no words here, such as rare functions, is shown as it is written: the sentence is for understanding, the form decides.
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use xforms::form::{Expression, Form, ItemSource, Node, Text};
use xforms::xpath::{self, Axis, Expr, Operator, Path, Start, Test};

use crate::forms::fill::words::plain;
use crate::platform::lang::Lang;
use crate::platform::text::{text, text_with};

/// The longest label within a sentence.
const LONGEST: usize = 80;
/// Deeper than this nothing is said in words.
const DEEPEST: usize = 12;

/// Says the rules of one form in one of its languages, to a reader of one of ours.
pub struct Sayer<'f> {
    form: &'f Form,
    reader: Lang,
    language: usize,
    by_path: HashMap<&'f str, &'f Node>,
    // Names that belong to one question alone: where a path is written relatively its last step says enough.
    by_name: HashMap<&'f str, Option<&'f Node>>,
}

impl<'f> Sayer<'f> {
    /// For a reader of this language, with the form's texts in its language of that place.
    pub fn new(form: &'f Form, reader: Lang, language: usize) -> Self {
        let (mut by_path, mut by_name) = (HashMap::new(), HashMap::new());
        form.walk(&mut |node| {
            by_path.entry(node.path.as_str()).or_insert(node);
            by_name.entry(node.name.as_str()).and_modify(|known| *known = None).or_insert(Some(node));
        });
        Self { form, reader, language, by_path, by_name }
    }

    /// The words of a text; of another language of the form where this one says nothing.
    pub fn words(&self, text: &Text) -> String {
        let own = text.in_language(self.language).or_else(|| text.in_language(self.form.default_language));
        let any = own.or_else(|| text.wordings.iter().find(|wording| !wording.is_empty()));
        any.map(|wording| plain(&wording.outline())).unwrap_or_default()
    }

    /// What a question is called: its label, else its name.
    pub fn called(&self, node: &Node) -> String {
        let label = self.words(&node.label);
        if label.is_empty() { node.name.clone() } else { label }
    }

    /// The groups around a question, the outermost first; empty for one that stands in none.
    pub fn around(&self, node: &Node) -> String {
        let mut steps = node.path.trim_start_matches('/').split('/');
        let mut path = format!("/{}", steps.next().unwrap_or_default());
        let mut names = Vec::new();
        for step in steps {
            path = format!("{path}/{step}");
            if path != node.path {
                names.extend(self.by_path.get(path.as_str()).map(|group| self.called(group)));
            }
        }
        names.join(" › ")
    }

    /// A rule in words, seen from the question that it belongs to.
    pub fn rule(&self, expression: &Expression, at: &'f Node) -> String {
        match xpath::parse(&expression.text) {
            Ok(expr) => self.say(&expr, at, 0),
            Err(_) => expression.text.clone(),
        }
    }

    fn say(&self, expr: &Expr, at: &'f Node, depth: usize) -> String {
        if depth > DEEPEST {
            return expr.to_string();
        }
        match expr {
            Expr::Text(words) => self.quoted(words),
            Expr::Chain { first, rest } => self.chain(first, rest, at, depth),
            Expr::Path(path) => self.path(path, at),
            Expr::Call { function, arguments } => {
                self.call(function.name(), arguments, at, depth).unwrap_or_else(|| expr.to_string())
            }
            Expr::Number(_) | Expr::Negate { .. } | Expr::Union(_) => expr.to_string(),
        }
    }

    fn chain(&self, first: &Expr, rest: &[(Operator, Expr)], at: &'f Node, depth: usize) -> String {
        let inner = |expr: &Expr| {
            let said = self.say(expr, at, depth + 1);
            if matches!(expr, Expr::Chain { .. }) { format!("({said})") } else { said }
        };
        // What is compared with a question that offers choices is one of them.
        let subject = self.question(first, at);
        let mut said = inner(first);
        for (operator, expr) in rest {
            let right = match (subject, expr) {
                (Some(node), Expr::Text(value)) if operator.level() == 3 => self.value(node, value),
                _ => inner(expr),
            };
            let key = match operator {
                Operator::Or => "form-say-or",
                Operator::And => "form-say-and",
                Operator::Equal => "form-say-is",
                Operator::NotEqual => "form-say-is-not",
                Operator::Less => "form-say-less",
                Operator::LessOrEqual => "form-say-at-most",
                Operator::Greater => "form-say-more",
                Operator::GreaterOrEqual => "form-say-at-least",
                Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod => "",
            };
            let blank = matches!(expr, Expr::Text(value) if value.is_empty());
            said = match operator {
                Operator::NotEqual if blank => text_with(self.reader, "form-say-answered", &[("left", said.into())]),
                Operator::Equal if blank => text_with(self.reader, "form-say-blank", &[("left", said.into())]),
                _ if key.is_empty() => format!("{said} {} {right}", sign(*operator)),
                _ => text_with(self.reader, key, &[("left", said.into()), ("right", right.into())]),
            };
        }
        said
    }

    fn call(&self, name: &str, arguments: &[Expr], at: &'f Node, depth: usize) -> Option<String> {
        let say = |expr: &Expr| self.say(expr, at, depth + 1);
        let with = |key: &str, values: &[(&'static str, String)]| {
            let values: Vec<(&'static str, FluentValue<'_>)> =
                values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
            text_with(self.reader, key, &values)
        };
        Some(match (name, arguments) {
            ("selected", [list, Expr::Text(value)]) => {
                let right = self.question(list, at).map_or_else(|| self.quoted(value), |node| self.value(node, value));
                with("form-say-selected", &[("left", say(list)), ("right", right)])
            }
            ("not", [of]) => with("form-say-not", &[("what", say(of))]),
            ("true", []) => text(self.reader, "form-say-always"),
            ("false", []) => text(self.reader, "form-say-never"),
            ("today", []) => text(self.reader, "form-say-today"),
            ("now", []) => text(self.reader, "form-say-now"),
            ("count-selected", [of]) => with("form-say-count-selected", &[("what", say(of))]),
            ("count", [of]) => with("form-say-count", &[("what", say(of))]),
            ("sum", [of]) => with("form-say-sum", &[("what", say(of))]),
            ("max", [of]) => with("form-say-max", &[("what", say(of))]),
            ("min", [of]) => with("form-say-min", &[("what", say(of))]),
            ("once", [of]) => with("form-say-once", &[("what", say(of))]),
            ("join", [_, of]) => with("form-say-join", &[("what", say(of))]),
            ("pulldata", [Expr::Text(list), Expr::Text(column), ..]) => {
                with("form-say-pulldata", &[("list", self.quoted(list)), ("column", self.quoted(column))])
            }
            ("string-length", [of]) => with("form-say-length", &[("what", say(of))]),
            ("string-length", []) => with("form-say-length", &[("what", text(self.reader, "form-say-answer"))]),
            ("if", [test, yes, no]) => with("form-say-if", &[("test", say(test)), ("yes", say(yes)), ("no", say(no))]),
            ("regex", [of, _]) => with("form-say-regex", &[("what", say(of))]),
            ("coalesce", [one, other]) => with("form-say-coalesce", &[("one", say(one)), ("other", say(other))]),
            ("int" | "number" | "string" | "round" | "decimal-date-time" | "boolean", [of, ..]) => say(of),
            ("position", [_]) => text(self.reader, "form-say-position"),
            _ => return None,
        })
    }

    fn path(&self, path: &Path, at: &'f Node) -> String {
        if is_here(path) {
            return text(self.reader, "form-say-answer");
        }
        match self.node(path, at) {
            Some(node) => self.quoted(&self.called(node)),
            None => path.to_string(),
        }
    }

    // The question that an expression is about, if it is about one.
    fn question(&self, expr: &Expr, at: &'f Node) -> Option<&'f Node> {
        match expr {
            Expr::Path(path) if is_here(path) => Some(at),
            Expr::Path(path) => self.node(path, at),
            _ => None,
        }
    }

    fn node(&self, path: &Path, at: &'f Node) -> Option<&'f Node> {
        let mut steps: Vec<&str> = match path.start {
            Start::Root => Vec::new(),
            Start::Here if is_column(path, at) => return None,
            Start::Here => at.path.split('/').filter(|step| !step.is_empty()).collect(),
            Start::Filter { ref from, .. } => match &**from {
                // `current()/../name`, as filters of choices write it.
                Expr::Call { function, .. } if function.name() == "current" => {
                    at.path.split('/').filter(|step| !step.is_empty()).collect()
                }
                _ => return None,
            },
        };
        for step in &path.steps {
            match (step.axis, &step.test) {
                (Axis::Itself, Test::Node) => {}
                (Axis::Parent, Test::Node) => {
                    steps.pop();
                }
                (Axis::Child, Test::Name(name)) => steps.push(name),
                _ => return None,
            }
        }
        let full = format!("/{}", steps.join("/"));
        let by_name = || self.by_name.get(*steps.last()?).copied().flatten();
        self.by_path.get(full.as_str()).copied().or_else(by_name)
    }

    // A value of a question in words: the label of the choice, else the value itself.
    fn value(&self, node: &Node, value: &str) -> String {
        let source = node.question().and_then(|question| question.items.as_ref()).map(|items| &items.source);
        let choice = match source {
            Some(ItemSource::List(name)) => {
                self.form.list(name).and_then(|list| list.choices.iter().find(|one| one.value == value))
            }
            _ => None,
        };
        let label = choice.map(|choice| self.words(&choice.label)).filter(|label| !label.is_empty());
        self.quoted(&label.unwrap_or_else(|| value.to_owned()))
    }

    fn quoted(&self, words: &str) -> String {
        let mut short: String = words.chars().take(LONGEST).collect();
        if words.chars().count() > LONGEST {
            short.push('…');
        }
        text_with(self.reader, "form-say-quoted", &[("words", short.into())])
    }
}

// Which choices there are is said of what stands beside each in its list, and nothing stands below a question.
fn is_column(path: &Path, at: &Node) -> bool {
    let chooses = at.question().is_some_and(|question| question.items.is_some());
    chooses && path.steps.first().is_some_and(|step| step.axis == Axis::Child)
}

fn is_here(path: &Path) -> bool {
    let itself = |step: &xpath::Step| step.axis == Axis::Itself && step.predicates.is_empty();
    matches!(path.start, Start::Here) && path.steps.len() == 1 && path.steps.iter().all(itself)
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Plus => "+",
        Operator::Minus => "−",
        Operator::Times => "×",
        Operator::Div => "÷",
        other => other.sign(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use xforms::xlsform::{self, Workbook};

    /// A form from a table.
    pub(in crate::forms::admin) fn form(table: &str) -> Form {
        let outcome = xlsform::read(&Workbook::from_tables(table), "f");
        outcome.form.unwrap_or_else(|| panic!("{:?}", outcome.problems))
    }

    const SURVEY: &str = "
        | survey   |                   |       |                    |                                      |              |
        |          | type              | name  | label              | relevant                             | constraint   |
        |          | select_one yesno  | water | Is there water?    |                                      |              |
        |          | integer           | walk  | Minutes on foot    | ${water} = 'no'                      | . > 0 and . <= 600 |
        |          | select_multiple of | from | Where from?        | ${walk} >= 30 or not(selected(${water}, 'yes')) | count-selected(.) < 3 |
        | choices  |                   |       |                    |                                      |              |
        |          | list_name         | name  | label              |                                      |              |
        |          | yesno             | yes   | Yes                |                                      |              |
        |          | yesno             | no    | No                 |                                      |              |
        |          | of                | well  | A well             |                                      |              |
        |          | of                | river | The river          |                                      |              |
    ";

    fn said(form: &Form, name: &str, rule: fn(&Node) -> Option<&Expression>) -> String {
        let sayer = Sayer::new(form, Lang::En, 0);
        let node = form.body.iter().find(|node| node.name == name).expect("the question");
        sayer.rule(rule(node).expect("the rule"), node).replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn which_choices_there_are_is_said_by_what_stands_beside_them() {
        let form = form(
            "
            | survey   |                     |          |             |               |
            |          | type                | name     | label       | choice_filter |
            |          | select_one gov      | gov      | Governorate |               |
            |          | select_one district | district | District    | gov = ${gov}  |
            | choices  |                     |          |             |               |
            |          | list_name           | name     | label       | gov           |
            |          | gov                 | irb      | Irbid       |               |
            |          | district            | ram      | Ramtha      | irb           |
        ",
        );
        assert_eq!(said(&form, "district", |node| node.question()?.items.as_ref()?.filter.as_ref()), "gov is “Governorate”");
    }

    #[test]
    fn rules_are_said_with_labels_in_place_of_names() {
        let form = form(SURVEY);
        assert_eq!(said(&form, "walk", |node| node.bind.relevant.as_ref()), "“Is there water?” is “No”");
        assert_eq!(
            said(&form, "walk", |node| node.bind.constraint.as_ref()),
            "(the answer is more than 0) and (the answer is at most 600)"
        );
        assert_eq!(
            said(&form, "from", |node| node.bind.relevant.as_ref()),
            "(“Minutes on foot” is at least 30) or not (“Is there water?” includes “Yes”)"
        );
        assert_eq!(
            said(&form, "from", |node| node.bind.constraint.as_ref()),
            "the number of choices in the answer is less than 3"
        );
    }
}
