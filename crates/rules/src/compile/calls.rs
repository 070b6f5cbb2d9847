//! The functions there are.
use super::check::{Checked, Checker};
use super::mistake::{Span, Wrong};
use super::nearest::nearest;
use super::syntax::{Node, Syntax};
use crate::fields::Kind;
use crate::shape::{How, Term, Truth, WordTest};

/// As a mistake lists them, with the name by which they are found.
const FUNCTIONS: &[(&str, &str)] = &[
    ("has", "has(household.income)"),
    ("size", "size(members)"),
    ("int", "int(household.income)"),
    ("double", "double(household.size)"),
    ("exists", "members.exists(m, …)"),
    ("all", "members.all(m, …)"),
    ("exists_one", "members.exists_one(m, …)"),
    ("filter", "members.filter(m, …).size()"),
    ("startsWith", "household.name.startsWith('…')"),
    ("endsWith", "household.name.endsWith('…')"),
    ("contains", "household.name.contains('…')"),
];

impl Checker<'_> {
    /// `function(arguments)`, or `of.function(arguments)`.
    pub(super) fn call(&mut self, of: Option<&Node>, function: &str, name: Span, arguments: &[Node]) -> Option<Checked> {
        match (of, function, arguments) {
            (None, "has", [field]) => self.has(field),
            (None, "size", [of]) | (Some(of), "size", []) => self.size(of),
            (None, "int", [of]) => self.number(of).map(|(of, _)| Checked::Term(Term::ToInt(Box::new(of)), Kind::Int)),
            (None, "double", [of]) => self.number(of).map(|(of, _)| Checked::Term(Term::ToNumber(Box::new(of)), Kind::Number)),
            (Some(of), "exists", [scope, such]) => self.members(of, How::Exists, scope, such),
            (Some(of), "all", [scope, such]) => self.members(of, How::All, scope, such),
            (Some(of), "exists_one" | "existsOne", [scope, such]) => self.members(of, How::One, scope, such),
            (Some(of), "filter", [scope, such]) => {
                self.every_member(of)?;
                self.inside(scope, such).map(|such| Checked::Members(Some(Box::new(such))))
            }
            (Some(of), "startsWith", [part]) => self.words(WordTest::Starts, of, part),
            (Some(of), "endsWith", [part]) => self.words(WordTest::Ends, of, part),
            (Some(of), "contains", [part]) => self.words(WordTest::Contains, of, part),
            _ => self.refuse(misused(function, name)),
        }
    }

    fn has(&mut self, field: &Node) -> Option<Checked> {
        let Syntax::Select { of, field, name } = &field.what else {
            let remedy = "Write has(household.income), or has(m.age) in a condition on members.";
            let wrong = Wrong::new(field.at, "kinds", "Only of a field it can be asked whether it is known.", remedy);
            return self.refuse(wrong.write("has(household.income)"));
        };
        self.field(of, field, *name).map(|field| Checked::Truth(Truth::Known(field)))
    }

    fn size(&mut self, of: &Node) -> Option<Checked> {
        let term = match self.check(of)? {
            Checked::Members(such) => Term::Count(such),
            Checked::Choices(field) => Term::Picked(field),
            Checked::Term(term, kind) if kind.is_text() => Term::Length(Box::new(term)),
            other => {
                let what = format!("Only lists and texts have a size; this is {}.", other.in_words());
                return self
                    .refuse(Wrong::new(of.at, "kinds", what, "Write size(members), or leave size out.").write("size(members)"));
            }
        };
        Some(Checked::Term(term, Kind::Int))
    }

    fn members(&mut self, of: &Node, how: How, scope: &Node, such: &Node) -> Option<Checked> {
        self.every_member(of)?;
        self.inside(scope, such).map(|such| Checked::Truth(Truth::Members { how, such: Box::new(such) }))
    }

    /// Conditions are on all members, not on some of them chosen before.
    fn every_member(&mut self, of: &Node) -> Option<()> {
        match self.check(of)? {
            Checked::Members(None) => Some(()),
            Checked::Members(Some(_)) => {
                let remedy = "Join both conditions: members.exists(m, m.age < 6 && m.in_school).";
                let wrong = Wrong::new(of.at, "kinds", "Only size() can follow filter().", remedy);
                self.refuse(wrong.write("members.exists(m, m.age < 6 && m.in_school)"))
            }
            Checked::Choices(field) => {
                let remedy = format!("Ask for each choice: 'radio' in {field} || 'phone' in {field}.");
                let wrong = Wrong::new(of.at, "kinds", "Choices can't be gone through.", remedy);
                self.refuse(wrong.write(format!("'radio' in {field} || 'phone' in {field}")))
            }
            other => {
                let what = format!("Only members can be gone through; this is {}.", other.in_words());
                self.refuse(Wrong::new(of.at, "kinds", what, "Write members.exists(m, …).").write("members.exists(m, …)"))
            }
        }
    }

    fn words(&mut self, test: WordTest, text: &Node, part: &Node) -> Option<Checked> {
        let (text, part) = (self.text(text), self.text(part));
        Some(Checked::Truth(Truth::Words { test, text: Box::new(text?), part: Box::new(part?) }))
    }
}

fn misused(function: &str, name: Span) -> Wrong {
    if let Some((_, example)) = FUNCTIONS.iter().find(|(known, _)| *known == function) {
        return Wrong::new(name, "arguments", format!("{function} is used differently."), format!("Write {example}."))
            .write(*example);
    }
    let there_are = FUNCTIONS.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
    let what = format!("There is no function {function}.");
    if function.eq_ignore_ascii_case("not") {
        return Wrong::new(name, "unknown-function", what, "Write ! before a condition.").write("!");
    }
    let meant = nearest(function, FUNCTIONS.iter().map(|(known, _)| *known));
    let remedy = match meant {
        Some(near) => format!("Was {near} meant? There are: {there_are}."),
        None => format!("There are: {there_are}."),
    };
    Wrong::new(name, "unknown-function", what, remedy).names(meant.map(str::to_owned), there_are)
}
