//! Names and kinds: what was read becomes what is evaluated, or mistakes. Goes on after a mistake to find the others.
use super::MAX_MACROS;
use super::mistake::{Mistake, Span, Wrong};
use super::nearest::{listed, nearest};
use super::syntax::{Node, Syntax};
use super::values::{is_zero, kind_in_words};
use crate::fields::{FieldRef, Fields, Kind, Of};
use crate::shape::{Arithmetic, Comparison, Term, Truth};

/// What a part of a rule turned out to be.
#[derive(Debug)]
pub(super) enum Checked {
    Truth(Truth),
    /// Of a kind that is a number, a text or a choice.
    Term(Term, Kind),
    /// A field of several choices.
    Choices(FieldRef),
    /// The members, or those of whom something holds.
    Members(Option<Box<Truth>>),
}

pub(super) struct Checker<'f> {
    pub(super) fields: &'f Fields,
    /// The names given to the member at hand, from the outside in.
    pub(super) scopes: Vec<String>,
    mistakes: Vec<Wrong>,
}

impl<'f> Checker<'f> {
    pub(super) fn new(fields: &'f Fields) -> Self {
        Self { fields, scopes: Vec::new(), mistakes: Vec::new() }
    }

    pub(super) fn wrong(&mut self, wrong: Wrong) {
        self.mistakes.push(wrong);
    }

    pub(super) fn finish(self, text: &str) -> Result<(), Vec<Mistake>> {
        if self.mistakes.is_empty() { Ok(()) } else { Err(self.mistakes.into_iter().map(|wrong| wrong.placed(text)).collect()) }
    }

    /// Says nothing only after it has noted a mistake.
    pub(super) fn check(&mut self, node: &Node) -> Option<Checked> {
        match &node.what {
            Syntax::Bool(value) => Some(Checked::Truth(Truth::Always(*value))),
            Syntax::Int(value) => Some(Checked::Term(Term::Int(*value), Kind::Int)),
            Syntax::Number(value) => Some(Checked::Term(Term::Number(*value), Kind::Number)),
            Syntax::Text(text) => Some(Checked::Term(Term::Text(text.clone()), Kind::Text)),
            Syntax::List(_) => {
                let remedy = "Use it after “in”: household.tenure in ['rented', 'free'].";
                self.refuse(Wrong::new(node.at, "list", "A list can't stand here.", remedy))
            }
            Syntax::Name(name) => self.name(name, node.at),
            Syntax::Select { of, field, name } => self.select(of, field, *name),
            Syntax::Call { of, function, name, arguments } => self.call(of.as_deref(), function, *name, arguments),
            Syntax::Not(of) => self.truth(of).map(|of| Checked::Truth(Truth::Not(Box::new(of)))),
            Syntax::Minus(of) => self.number(of).map(|(of, kind)| Checked::Term(Term::Minus(Box::new(of)), kind)),
            Syntax::Arithmetic { terms, operators } => self.arithmetic(terms, operators),
            Syntax::Compare { operator, left, right } => self.compare(*operator, left, right, node.at),
            Syntax::In { left, right } => self.within(left, right),
            Syntax::And(parts) => self.truths(parts).map(|parts| Checked::Truth(Truth::All(flat(parts, all_parts)))),
            Syntax::Or(parts) => self.truths(parts).map(|parts| Checked::Truth(Truth::Any(flat(parts, any_parts)))),
            Syntax::Choose { condition, then, otherwise } => self.choose(condition, then, otherwise, node.at),
        }
    }

    pub(super) fn refuse<T>(&mut self, wrong: Wrong) -> Option<T> {
        self.wrong(wrong);
        None
    }

    pub(super) fn truth(&mut self, node: &Node) -> Option<Truth> {
        match self.check(node)? {
            Checked::Truth(truth) => Some(truth),
            other => self.refuse(other.no_truth(node.at)),
        }
    }

    /// Every one is looked at, so that all mistakes show at once.
    fn truths(&mut self, nodes: &[Node]) -> Option<Vec<Truth>> {
        let truths: Vec<Option<Truth>> = nodes.iter().map(|node| self.truth(node)).collect();
        truths.into_iter().collect()
    }

    pub(super) fn number(&mut self, node: &Node) -> Option<(Term, Kind)> {
        match self.check(node)? {
            Checked::Term(term, kind) if !kind.is_text() => Some((term, kind)),
            other => self.refuse(other.no_number(node.at)),
        }
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<Term> {
        match self.check(node)? {
            Checked::Term(term, kind) if kind.is_text() => Some(term),
            other => {
                let what = format!("A text is needed here; this is {}.", other.in_words());
                self.refuse(Wrong::new(node.at, "kinds", what, "Use a field with text, or a text in quotes."))
            }
        }
    }

    fn arithmetic(&mut self, nodes: &[Node], operators: &[Arithmetic]) -> Option<Checked> {
        let terms: Vec<Option<(Term, Kind)>> = nodes.iter().map(|node| self.number(node)).collect();
        let terms: Vec<(Term, Kind)> = terms.into_iter().collect::<Option<_>>()?;
        let kinds: Vec<Kind> = terms.iter().map(|(_, kind)| *kind).collect();
        let whole = kinds.iter().all(|kind| *kind == Kind::Int);
        if operators.contains(&Arithmetic::Remainder) && !whole {
            let at = nodes.iter().zip(&kinds).find(|(_, kind)| **kind != Kind::Int).map_or((0, 0), |(node, _)| node.at);
            return self.refuse(Wrong::new(at, "kinds", "% is for whole numbers only.", "Write int(…) around this number."));
        }
        let divides = |operator: &Arithmetic| matches!(operator, Arithmetic::Divide | Arithmetic::Remainder);
        let by_zero = |nth: &usize| divides(&operators[*nth]) && terms.get(nth + 1).is_some_and(|(term, _)| is_zero(term));
        if let Some(node) = (0..operators.len()).find(by_zero).and_then(|nth| nodes.get(nth + 1)) {
            return self.refuse(Wrong::new(node.at, "zero", "Nothing can be divided by zero.", "Divide by another number."));
        }
        let terms = terms.into_iter().map(|(term, _)| term).collect();
        let kind = if whole { Kind::Int } else { Kind::Number };
        Some(Checked::Term(Term::Arithmetic { terms, operators: operators.to_vec() }, kind))
    }

    fn compare(&mut self, operator: Comparison, left: &Node, right: &Node, at: Span) -> Option<Checked> {
        let (one, other) = (self.check(left), self.check(right));
        let truth = match (one?, other?) {
            (Checked::Truth(one), Checked::Truth(other)) => return self.same(operator, one, other, at),
            (Checked::Term(one, kind), Checked::Term(other, other_kind)) if kind.is_text() == other_kind.is_text() => {
                self.check_pair((&one, left.at), (&other, right.at));
                Truth::Compare { operator, left: Box::new(one), right: Box::new(other) }
            }
            (one, other) => return self.refuse(incomparable(&one, &other, at)),
        };
        Some(Checked::Truth(truth))
    }

    /// Conditions can only be equal or not. `x == true` is `x`.
    fn same(&mut self, operator: Comparison, left: Truth, right: Truth, at: Span) -> Option<Checked> {
        let same = match (left, right) {
            (Truth::Always(true), other) | (other, Truth::Always(true)) => other,
            (Truth::Always(false), other) | (other, Truth::Always(false)) => Truth::Not(Box::new(other)),
            (left, right) => Truth::Same { left: Box::new(left), right: Box::new(right) },
        };
        match operator {
            Comparison::Equal => Some(Checked::Truth(same)),
            Comparison::NotEqual => Some(Checked::Truth(Truth::Not(Box::new(same)))),
            _ => {
                let what = "Yes and no are neither more nor less than each other.";
                self.refuse(Wrong::new(at, "kinds", what, "Write == or !=.").write("==").write("!="))
            }
        }
    }

    fn within(&mut self, left: &Node, right: &Node) -> Option<Checked> {
        if let Syntax::List(items) = &right.what {
            return match self.check(left)? {
                Checked::Term(term, kind) => self.among(term, kind, items, right.at),
                other => {
                    let what = format!("Only a number, a text or a choice can be in a list; this is {}.", other.in_words());
                    let remedy = "Write 'radio' in household.assets to ask for one choice of several.";
                    self.refuse(Wrong::new(left.at, "kinds", what, remedy).write("'radio' in household.assets"))
                }
            };
        }
        let (choice, field) = (self.text(left), self.check(right)?);
        match (choice?, field) {
            (choice, Checked::Choices(field)) => {
                if let (Term::Text(text), Some(known)) = (&choice, self.known_field(&field)) {
                    self.check_choice(known, text, left.at);
                }
                Some(Checked::Truth(Truth::Chosen { choice: Box::new(choice), field }))
            }
            (_, other) => {
                let what = format!("Only a list can follow “in”; this is {}.", other.in_words());
                self.refuse(
                    Wrong::new(right.at, "kinds", what, "Write ['a', 'b'], or a field of several choices.").write("['a', 'b']"),
                )
            }
        }
    }

    fn choose(&mut self, condition: &Node, then: &Node, otherwise: &Node, at: Span) -> Option<Checked> {
        let (condition, one, other) = (self.truth(condition), self.check(then), self.check(otherwise));
        let condition = Box::new(condition?);
        match (one?, other?) {
            (Checked::Truth(then), Checked::Truth(otherwise)) => {
                Some(Checked::Truth(Truth::Choose { condition, then: Box::new(then), otherwise: Box::new(otherwise) }))
            }
            (Checked::Term(one, kind), Checked::Term(other, other_kind)) if kind.is_text() == other_kind.is_text() => {
                let kind = joined(kind, other_kind);
                let [then, otherwise] =
                    [one, other].map(|term| Box::new(if kind == Kind::Number { as_number(term) } else { term }));
                Some(Checked::Term(Term::Choose { condition, then, otherwise }, kind))
            }
            (one, other) => {
                let what = format!("After ? stands {}, after : {}.", one.in_words(), other.in_words());
                self.refuse(Wrong::new(at, "kinds", what, "Give both the same kind of value."))
            }
        }
    }

    fn name(&mut self, name: &str, at: Span) -> Option<Checked> {
        match name {
            "members" => return Some(Checked::Members(None)),
            "household" => {
                let known = listed(self.names(Of::Household));
                let wrong = Wrong::new(at, "no-value", "The household has many fields.", format!("Name one: {known}."));
                return self.refuse(wrong.names(None, known));
            }
            _ if self.scopes.iter().any(|scope| scope == name) => {
                let known = listed(self.names(Of::Member));
                let wrong = Wrong::new(at, "no-value", "A member has many fields.", format!("Name one: {known}."));
                return self.refuse(wrong.names(None, known));
            }
            _ => {}
        }
        let wrong = |remedy: String| Wrong::new(at, "unknown-name", format!("There is nothing called {name}."), remedy);
        let wrong = if self.names(Of::Household).any(|field| field == name) {
            wrong(format!("Write household.{name}.")).write(format!("household.{name}"))
        } else if self.names(Of::Member).any(|field| field == name) {
            wrong(format!("Write members.exists(m, m.{name} …), or m.{name} inside such a condition."))
                .write(format!("members.exists(m, m.{name} …)"))
        } else {
            let scopes = self.scopes.iter().map(String::as_str);
            let near = nearest(name, ["household", "members"].into_iter().chain(scopes)).map(str::to_owned);
            match near.or_else(|| nearest(name, self.names(Of::Household)).map(|field| format!("household.{field}"))) {
                Some(near) => wrong(format!("Was {near} meant?")).names(Some(near), ""),
                None => wrong("Fields are written household.… or, in a condition on members, m.…; texts in quotes.".to_owned())
                    .write("household.…")
                    .write("members.exists(m, m.…)"),
            }
        };
        self.refuse(wrong)
    }

    fn names(&self, of: Of) -> impl Iterator<Item = &'f str> + use<'f> {
        self.fields.list(of).iter().map(|field| field.name.as_str())
    }

    fn select(&mut self, of: &Node, name: &str, at: Span) -> Option<Checked> {
        let field = self.field(of, name, at)?;
        Some(match field.kind {
            Kind::Bool => Checked::Truth(Truth::Field(field)),
            Kind::Choices => Checked::Choices(field),
            kind => Checked::Term(Term::Field(field), kind),
        })
    }

    /// The field that `of.name` names.
    pub(super) fn field(&mut self, of: &Node, name: &str, at: Span) -> Option<FieldRef> {
        let Syntax::Name(whose) = &of.what else {
            let remedy = "Fields have one name after household. or m., such as household.size.";
            let wrong = Wrong::new(at, "unknown-field", format!("Nothing here has a field {name}."), remedy);
            return self.refuse(wrong.write("household.size"));
        };
        let level = self.scopes.iter().rposition(|scope| scope == whose);
        let of_whom = match (level, whose.as_str()) {
            (Some(0), _) => Of::Member,
            (Some(_), _) => Of::Other,
            (None, "household") => Of::Household,
            (None, "members") => {
                let remedy = format!("Ask of one or all of them: members.exists(m, m.{name} …).");
                let wrong = Wrong::new(of.at, "members", "members is a list; its members have fields.", remedy);
                return self.refuse(wrong.write(format!("members.exists(m, m.{name} …)")));
            }
            // So fields of members are named where nobody stands around them, as in what decides a verdict.
            (None, "member") => {
                let remedy = format!("Ask of one or all of the members: members.exists(m, m.{name} …).");
                let wrong = Wrong::new(of.at, "unknown-name", "There is nothing called member.", remedy);
                return self.refuse(wrong.write(format!("members.exists(m, m.{name} …)")));
            }
            (None, _) => return self.name(whose, of.at).and(None),
        };
        let Some(field) = self.fields.list(of_whom).iter().find(|field| field.name == name) else {
            return self.refuse(self.unknown_field(of_whom, whose, name, at));
        };
        Some(FieldRef { of: of_whom, name: name.to_owned(), kind: field.kind })
    }

    fn unknown_field(&self, of: Of, whose: &str, name: &str, at: Span) -> Wrong {
        let elsewhere = if of == Of::Household { Of::Member } else { Of::Household };
        let wrong = |remedy: String| Wrong::new(at, "unknown-field", format!("There is no field {whose}.{name}."), remedy);
        let is_elsewhere = self.names(elsewhere).any(|field| field == name);
        match nearest(name, self.names(of)) {
            Some(near) => wrong(format!("Was {whose}.{near} meant?")).names(Some(format!("{whose}.{near}")), ""),
            None if is_elsewhere && of == Of::Household => {
                let example = format!("members.exists(m, m.{name} …)");
                wrong(format!("Members have one: {example}.")).write(example)
            }
            None if is_elsewhere => wrong(format!("The household has one: household.{name}.")).write(format!("household.{name}")),
            None => {
                let known = listed(self.names(of));
                wrong(format!("There are: {known}.")).names(None, known)
            }
        }
    }

    /// A condition on members, inside which `name` is the member at hand.
    pub(super) fn inside(&mut self, name: &Node, such: &Node) -> Option<Truth> {
        let Syntax::Name(scope) = &name.what else {
            let remedy = "Write a short name for the member first: members.exists(m, m.age >= 60).";
            let wrong = Wrong::new(name.at, "member-name", "A name for the member is missing here.", remedy);
            return self.refuse(wrong.write("members.exists(m, m.age >= 60)"));
        };
        if scope == "household" || scope == "members" {
            let wrong = Wrong::new(name.at, "member-name", format!("{scope} means something else."), "Call the member m.");
            return self.refuse(wrong.write("members.exists(m, …)"));
        }
        if self.scopes.len() == MAX_MACROS {
            let what = format!("Conditions on members lie in each other deeper than {MAX_MACROS} times.");
            return self.refuse(Wrong::new(
                name.at,
                "too-deep",
                what,
                "Split the rule, or put a part of it into a field of the form.",
            ));
        }
        self.scopes.push(scope.clone());
        let truth = self.truth(such);
        self.scopes.pop();
        truth
    }
}

impl Checked {
    pub(super) fn in_words(&self) -> &'static str {
        match self {
            Self::Truth(_) => kind_in_words(Kind::Bool),
            Self::Term(_, kind) => kind_in_words(*kind),
            Self::Choices(_) => kind_in_words(Kind::Choices),
            Self::Members(_) => "a list of members",
        }
    }

    pub(super) fn no_truth(&self, at: Span) -> Wrong {
        let remedy = match self {
            Self::Truth(_) => "",
            Self::Term(..) => "Compare it with something: household.size >= 3.",
            Self::Choices(_) => "Ask for one of them: 'radio' in household.assets.",
            Self::Members(_) => "Ask something of them: members.exists(m, m.age >= 60), or size(members) >= 3.",
        };
        Wrong::new(at, "kinds", format!("A condition is needed here; this is {}.", self.in_words()), remedy)
    }

    pub(super) fn no_number(&self, at: Span) -> Wrong {
        let remedy = match self {
            Self::Truth(_) => "Write condition ? 1 : 0.",
            Self::Term(..) => "Use a field with numbers, or size(…) of a text.",
            Self::Choices(_) | Self::Members(_) => "Ask how many: size(…).",
        };
        Wrong::new(at, "kinds", format!("A number is needed here; this is {}.", self.in_words()), remedy)
    }
}

fn incomparable(one: &Checked, other: &Checked, at: Span) -> Wrong {
    let remedy = match (one, other) {
        (Checked::Term(Term::Text(text), _), Checked::Term(..)) | (Checked::Term(..), Checked::Term(Term::Text(text), _))
            if text.parse::<f64>().is_ok() =>
        {
            format!("Write the number without quotes: {text}.")
        }
        (Checked::Choices(field), _) | (_, Checked::Choices(field)) => format!("Ask for one of them: 'radio' in {field}."),
        (Checked::Members(_), _) | (_, Checked::Members(_)) => "Ask how many there are: size(members).".to_owned(),
        (Checked::Truth(_), _) | (_, Checked::Truth(_)) => {
            "A yes or no is written by itself, or beside true or false.".to_owned()
        }
        _ => "Compare a number with a number, a text with a text.".to_owned(),
    };
    let what = format!("{} can't be compared with {}.", capital(one.in_words()), other.in_words());
    Wrong::new(at, "kinds", what, remedy)
}

fn capital(words: &str) -> String {
    words.replacen('a', "A", usize::from(words.starts_with('a'))).replacen("several", "Several", 1)
}

fn joined(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (Kind::Int, Kind::Int) => Kind::Int,
        (Kind::Text | Kind::Choice, _) => Kind::Text,
        _ => Kind::Number,
    }
}

/// Both ways of a choice must be evaluated as one kind.
fn as_number(term: Term) -> Term {
    match term {
        Term::Int(value) => Term::Number(value as f64),
        other => Term::ToNumber(Box::new(other)),
    }
}

fn flat(parts: Vec<Truth>, inner: fn(Truth) -> Result<Vec<Truth>, Truth>) -> Vec<Truth> {
    parts.into_iter().flat_map(|part| inner(part).unwrap_or_else(|other| vec![other])).collect()
}

fn all_parts(truth: Truth) -> Result<Vec<Truth>, Truth> {
    if let Truth::All(parts) = truth { Ok(parts) } else { Err(truth) }
}

fn any_parts(truth: Truth) -> Result<Vec<Truth>, Truth> {
    if let Truth::Any(parts) = truth { Ok(parts) } else { Err(truth) }
}
