//! Values written in a rule, against the choices of the field they stand beside; and what mistakes say of kinds.
use super::check::{Checked, Checker};
use super::mistake::{Span, Wrong};
use super::nearest::{listed, nearest};
use super::syntax::{Node, Syntax};
use crate::fields::{Field, FieldRef, Kind};
use crate::shape::{Term, Truth, Values};

impl<'f> Checker<'f> {
    /// A text beside a field of choices must be one of them.
    pub(super) fn check_choice(&mut self, field: &Field, text: &str, at: Span) {
        if field.choices.is_empty() || field.choices.iter().any(|choice| choice == text) {
            return;
        }
        let choices = || field.choices.iter().map(String::as_str);
        let (meant, known) = (nearest(text, choices()), listed(choices()));
        let remedy = match meant {
            Some(near) => format!("Was '{near}' meant? There are: {known}."),
            None => format!("There are: {known}."),
        };
        let wrong = Wrong::new(at, "unknown-choice", format!("{} has no choice '{text}'.", field.name), remedy);
        self.wrong(wrong.names(meant.map(|near| format!("'{near}'")), known));
    }

    /// The same for whatever two terms stand beside each other.
    pub(super) fn check_pair(&mut self, left: (&Term, Span), right: (&Term, Span)) {
        for ((one, _), (other, at)) in [(left, right), (right, left)] {
            if let (Term::Field(field), Term::Text(text)) = (one, other)
                && let Some(field) = self.known_field(field)
            {
                self.check_choice(field, text, at);
            }
        }
    }

    /// `term in [values]`.
    pub(super) fn among(&mut self, term: Term, kind: Kind, items: &[Node], at: Span) -> Option<Checked> {
        if items.is_empty() {
            self.wrong(Wrong::new(
                at,
                "empty-list",
                "This list is empty, so nothing is in it.",
                "Put values into it: ['a', 'b'].",
            ));
            return None;
        }
        let values = match kind {
            Kind::Text | Kind::Choice => Values::Texts(self.texts(&term, items)?),
            _ => self.numbers(kind, items)?,
        };
        Some(Checked::Truth(Truth::Among { term: Box::new(term), values }))
    }

    fn texts(&mut self, term: &Term, items: &[Node]) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for item in items {
            let Syntax::Text(text) = &item.what else {
                self.wrong(Wrong::new(
                    item.at,
                    "kinds",
                    "A text is looked for here, and this is none.",
                    "Put it in quotes: 'rented'.",
                ));
                continue;
            };
            self.check_pair((term, item.at), (&Term::Text(text.clone()), item.at));
            texts.push(text.clone());
        }
        (texts.len() == items.len()).then_some(texts)
    }

    fn numbers(&mut self, kind: Kind, items: &[Node]) -> Option<Values> {
        let (mut ints, mut numbers) = (Vec::new(), Vec::new());
        for item in items {
            match item.what {
                Syntax::Int(value) => {
                    ints.push(value);
                    numbers.push(value as f64);
                }
                Syntax::Number(value) => numbers.push(value),
                _ => {
                    let remedy = "Write numbers only, such as [1, 2]; fields are asked for one by one with ||.";
                    self.wrong(Wrong::new(item.at, "kinds", "A number is looked for here, and this is none.", remedy));
                }
            }
        }
        if numbers.len() < items.len() {
            return None;
        }
        let whole = kind == Kind::Int && ints.len() == items.len();
        Some(if whole { Values::Ints(ints) } else { Values::Numbers(numbers) })
    }

    /// The field that a rule means.
    pub(super) fn known_field(&self, field: &FieldRef) -> Option<&'f Field> {
        self.fields.list(field.of).iter().find(|known| known.name == field.name)
    }
}

/// A kind in words.
pub(super) fn kind_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "a yes or no",
        Kind::Int => "a whole number",
        Kind::Number => "a number",
        Kind::Text => "a text",
        Kind::Choice => "a choice",
        Kind::Choices => "several choices",
    }
}

/// Whatever the household, this number is nothing.
pub(super) fn is_zero(term: &Term) -> bool {
    match term {
        Term::Int(number) => *number == 0,
        Term::Number(number) => *number == 0.0,
        Term::Minus(of) | Term::ToInt(of) | Term::ToNumber(of) => is_zero(of),
        _ => false,
    }
}
