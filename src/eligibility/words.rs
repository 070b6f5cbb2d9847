//! A judgement in the reader's words, condition by condition: what it asks, whether it holds, and which question would decide it.
use rules::{Arithmetic, Comparison, FieldRef, How, Term, Truth, Value, Values, Verdict, WordTest};

use super::judging::{Clause, Judgement};
use super::known::Known;
use super::matching::span;
use crate::platform::lang::Lang;
use crate::platform::text::{text, text_with};
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

// More values than this beside one condition would bury it.
const VALUES: usize = 6;

/// A condition as a page shows it.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Met, not met, unknown.
    pub state: Badge,
    /// "Age of a member is 60 or more (67)": whether it holds stands beside it.
    pub words: String,
    /// Where what is unknown is asked: the address and what the link says.
    pub ask: Vec<(String, String)>,
}

/// The verdict as a word.
pub fn verdict(p: &Page, judgement: &Judgement) -> Badge {
    match judgement.verdict {
        _ if judgement.names_no_condition() => Badge::new(p.t("verdict-no-condition"), Tone::Neutral),
        Verdict::Eligible => Badge::new(p.t("verdict-eligible"), Tone::Good),
        Verdict::NotEligible => Badge::new(p.t("verdict-not-eligible"), Tone::Danger),
        Verdict::Unknown => Badge::new(p.t("verdict-unknown"), Tone::Warning),
    }
}

/// Every condition of a judgement. With the path of a case, what is unknown links to where it is asked.
pub fn lines(p: &Page, judgement: &Judgement, case_path: &str) -> Vec<Line> {
    judgement.clauses.iter().map(|clause| line(p, judgement, clause, case_path)).collect()
}

fn line(p: &Page, judgement: &Judgement, clause: &Clause, case_path: &str) -> Line {
    let holds = clause.holds();
    let state = match holds {
        Some(true) => Badge::new(p.t("clause-met"), Tone::Good),
        Some(false) => Badge::new(p.t("clause-not-met"), Tone::Danger),
        None => Badge::new(p.t("clause-unknown"), Tone::Warning),
    };
    let unknown = judgement.decides.iter().filter(|name| holds.is_none() && names(clause, name));
    Line {
        state,
        words: p.reader.digits(&beside_badge(p.reader.lang, &judgement.known, clause)),
        ask: unknown.filter_map(|name| asked(p, &judgement.known, name, case_path)).collect(),
    }
}

fn names(clause: &Clause, field: &str) -> bool {
    match clause {
        Clause::Rule(clause) => clause.values.iter().any(|(name, _)| name == field),
        Clause::Ages { .. } => field == "member.age",
        Clause::Sexes { .. } => field == "member.sex",
    }
}

/// The question that a field comes from, on this case: its address and what the link says. `None` without a case, or where no form asks it.
pub fn asked(p: &Page, known: &Known, name: &str, case_path: &str) -> Option<(String, String)> {
    if case_path.is_empty() || !known.can_be_asked(name) {
        return None;
    }
    let asked = known.field(name).and_then(|field| field.asked.as_ref());
    let href = match asked {
        Some(asked) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            match known.drafts.get(&asked.form) {
                Some(draft) => format!("{draft}?{}#f-{}", query.append_pair("at", &asked.path).finish(), asked.path),
                // No draft stands yet: where it is begun, it opens at the question.
                None => {
                    let query = query.append_pair("form", &asked.form).append_pair("at", &asked.path).finish();
                    format!("{case_path}/forms?{query}")
                }
            }
        }
        // The registry knows these: who lives there, how old they are, where.
        None if registry(name) => format!("{case_path}/people"),
        None => return None,
    };
    Some((href, p.ta("match-ask-this", "field", called(p.reader.lang, known, name))))
}

fn registry(name: &str) -> bool {
    matches!(name, "members" | "member.age" | "member.sex" | "household.size" | "household.admin1" | "household.admin2")
}

/// What a field is called; of the members as such, that.
pub fn called(lang: Lang, known: &Known, name: &str) -> String {
    match name {
        "members" => text(lang, "eligibility-field-members"),
        // The entry of a service asks these without any pack.
        "member.age" if known.field(name).is_none() => text(lang, "eligibility-field-age"),
        "member.sex" if known.field(name).is_none() => text(lang, "eligibility-field-sex"),
        _ => known.label(lang, name),
    }
}

/// "Ask to know: income per head, age".
pub fn to_ask(p: &Page, judgement: &Judgement) -> String {
    let asked = judgement.decides.iter().filter(|name| judgement.known.can_be_asked(name));
    let fields: Vec<String> = asked.map(|name| called(p.reader.lang, &judgement.known, name)).collect();
    if fields.is_empty() { String::new() } else { p.ta("match-to-ask", "fields", p.list(fields)) }
}

/// "Age of a member is 60 or more: yes (67)".
pub fn sentence(lang: Lang, known: &Known, clause: &Clause) -> String {
    let (what, values) = parts(lang, known, clause);
    let holds = match clause.holds() {
        Some(true) => "yes",
        Some(false) => "no",
        None => return text_with(lang, "clause-unknown-said", &[("what", what.into())]),
    };
    if values.is_empty() {
        return text_with(lang, &format!("clause-{holds}"), &[("what", what.into())]);
    }
    text_with(lang, &format!("clause-{holds}-with"), &[("what", what.into()), ("values", values.into())])
}

// The same where "Met" or "Not met" stands before it.
fn beside_badge(lang: Lang, known: &Known, clause: &Clause) -> String {
    if clause.holds().is_none() {
        return sentence(lang, known, clause);
    }
    let (what, values) = parts(lang, known, clause);
    if values.is_empty() { what } else { text_with(lang, "clause-with", &[("what", what.into()), ("values", values.into())]) }
}

// What a condition asks, and the values that it saw.
fn parts(lang: Lang, known: &Known, clause: &Clause) -> (String, String) {
    let words = Words { lang, known };
    let (what, values) = match clause {
        Clause::Rule(clause) => (words.truth(&clause.shape), words.values(clause)),
        Clause::Ages { min, max, age } => {
            let what = text_with(lang, "say-ages", &[("ages", span(*min, *max).into())]);
            (what, age.iter().map(ToString::to_string).collect())
        }
        Clause::Sexes { sexes, sex } => {
            let called = |sex: &String| text(lang, &format!("directory-sex-{sex}"));
            let all = lang.list(sexes.iter().map(called).collect::<Vec<_>>());
            (text_with(lang, "say-sexes", &[("sexes", all.into())]), sex.iter().map(called).collect())
        }
    };
    (what, lang.list(values))
}

/// "+8 · Income per head less than 50": a summand of a score.
pub fn part(lang: Lang, known: &Known, part: &rules::Part) -> String {
    let words = Words { lang, known };
    let what = part.because.as_ref().map_or_else(|| words.term(&part.term), |because| words.truth(because));
    let sign = if part.points < 0.0 { "−" } else { "+" };
    format!("{sign}{} · {what}", super::scores::shown(part.points.abs()))
}

/// What a condition asks, whoever it is asked of.
pub fn said(lang: Lang, known: &Known, shape: &Truth) -> String {
    Words { lang, known }.truth(shape)
}

fn opposite(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::More,
        Comparison::More => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
    }
}

struct Words<'a> {
    lang: Lang,
    known: &'a Known,
}

impl Words<'_> {
    fn say(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        text_with(self.lang, key, &values)
    }

    // The values that a condition saw: where it holds of some members, theirs; otherwise all that are known.
    fn values(&self, clause: &rules::Clause) -> Vec<String> {
        // A field of yes or no says it all by whether it holds.
        if matches!(&clause.shape, Truth::Field(_))
            || matches!(&clause.shape, Truth::Not(inner) if matches!(**inner, Truth::Field(_)))
        {
            return Vec::new();
        }
        let exists = matches!(&clause.shape, Truth::Members { how: How::Exists | How::One, .. });
        let only_these = exists && clause.holds == Some(true);
        // How many there are says something only of a condition on their number alone.
        let of_number = clause.values.iter().all(|(name, _)| name == "members");
        let mut nth = std::collections::HashMap::<&str, usize>::new();
        let mut seen = Vec::new();
        for (name, value) in &clause.values {
            let at = nth.entry(name.as_str()).or_default();
            let member = *at;
            *at += 1;
            let counts = !only_these || !name.starts_with("member.") || clause.members.get(member) == Some(&Some(true));
            if let Some(value) = value.as_ref().filter(|_| counts && (of_number || name != "members")) {
                seen.push((name.as_str(), member, self.value(name, value)));
            }
        }
        let of_one_field = seen.windows(2).all(|pair| pair[0].0 == pair[1].0);
        let mut said: Vec<String> =
            if of_one_field { seen.into_iter().map(|(.., said)| said).collect() } else { self.named(seen) };
        if said.len() > VALUES {
            said.truncate(VALUES);
            said.push("…".to_owned());
        }
        said
    }

    // Of several fields each value is named, and those of one member stand together.
    fn named(&self, seen: Vec<(&str, usize, String)>) -> Vec<String> {
        let mut said = Vec::new();
        let mut members = std::collections::BTreeMap::<usize, Vec<String>>::new();
        for (name, member, value) in seen {
            let named = self.say("say-value", &[("field", called(self.lang, self.known, name)), ("value", value)]);
            if name.starts_with("member.") { members.entry(member).or_default().push(named) } else { said.push(named) }
        }
        said.extend(members.into_values().map(|named| named.join(" · ")));
        said
    }

    fn value(&self, name: &str, value: &Value) -> String {
        let choice = |code: &str| self.known.field(name).map_or_else(|| code.to_owned(), |field| field.choice(self.lang, code));
        match value {
            Value::Bool(true) => text(self.lang, "rule-value-yes"),
            Value::Bool(false) => text(self.lang, "rule-value-no"),
            Value::Int(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(code) => choice(code),
            Value::Choices(codes) => self.lang.list(codes.iter().map(|code| choice(code)).collect::<Vec<_>>()),
        }
    }

    fn field(&self, field: &FieldRef) -> String {
        called(self.lang, self.known, &field.to_string())
    }

    fn joined(&self, key: &str, parts: &[Truth]) -> String {
        let mut parts = parts.iter().map(|part| self.truth(part));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |left, right| self.say(key, &[("left", left), ("right", right)]))
    }

    fn truth(&self, truth: &Truth) -> String {
        match truth {
            Truth::Always(true) => self.say("say-always", &[]),
            Truth::Always(false) => self.say("say-never", &[]),
            Truth::Field(field) => self.field(field),
            Truth::Known(field) => self.say("say-known", &[("field", self.field(field))]),
            Truth::Compare { operator, left, right } => self.compare(*operator, left, right),
            Truth::Same { left, right } => self.say("say-same", &[("left", self.truth(left)), ("right", self.truth(right))]),
            Truth::Among { term, values } => {
                let codes = self.codes(term, values);
                self.say("say-among", &[("left", self.term(term)), ("values", self.lang.list(codes))])
            }
            Truth::Chosen { choice, field } => {
                let choice = self.beside(&Term::Field(field.clone()), choice);
                self.say("say-chosen", &[("field", self.field(field)), ("choice", choice)])
            }
            Truth::Words { test, text, part } => {
                let key = match test {
                    WordTest::Starts => "say-starts",
                    WordTest::Ends => "say-ends",
                    WordTest::Contains => "say-contains",
                };
                self.say(key, &[("left", self.term(text)), ("right", self.term(part))])
            }
            Truth::Not(inner) => self.negated(inner),
            Truth::All(parts) => self.joined("say-and", parts),
            Truth::Any(parts) => self.joined("say-or", parts),
            Truth::Members { how, such } => {
                let key = match how {
                    How::Exists => "say-exists",
                    How::All => "say-all",
                    How::One => "say-one",
                };
                self.say(key, &[("what", self.truth(such))])
            }
            Truth::Choose { condition, then, otherwise } => self.choose(condition, self.truth(then), self.truth(otherwise)),
        }
    }

    // What must not be, as somebody would say it.
    fn negated(&self, inner: &Truth) -> String {
        match inner {
            Truth::Not(twice) => self.truth(twice),
            Truth::Field(field) => self.say("say-no", &[("field", self.field(field))]),
            Truth::Known(field) => self.say("say-not-known", &[("field", self.field(field))]),
            Truth::Compare { operator, left, right } => self.compare(opposite(*operator), left, right),
            Truth::Among { term, values } => {
                let codes = self.codes(term, values);
                self.say("say-not-among", &[("left", self.term(term)), ("values", self.lang.list(codes))])
            }
            Truth::Chosen { choice, field } => {
                let choice = self.beside(&Term::Field(field.clone()), choice);
                self.say("say-not-chosen", &[("field", self.field(field)), ("choice", choice)])
            }
            other => self.say("say-not", &[("what", self.truth(other))]),
        }
    }

    fn choose(&self, condition: &Truth, then: String, otherwise: String) -> String {
        self.say("say-choose", &[("condition", self.truth(condition)), ("then", then), ("otherwise", otherwise)])
    }

    fn compare(&self, operator: Comparison, left: &Term, right: &Term) -> String {
        let key = match operator {
            Comparison::Equal => "say-equal",
            Comparison::NotEqual => "say-not-equal",
            Comparison::Less => "say-less",
            Comparison::AtMost => "say-at-most",
            Comparison::More => "say-more",
            Comparison::AtLeast => "say-at-least",
        };
        self.say(key, &[("left", self.beside(right, left)), ("right", self.beside(left, right))])
    }

    // A text beside a field is one of its choices, and read as that.
    fn beside(&self, other: &Term, term: &Term) -> String {
        match (other, term) {
            (Term::Field(field), Term::Text(code)) => self.value(&field.to_string(), &Value::Text(code.clone())),
            _ => self.term(term),
        }
    }

    fn codes(&self, term: &Term, values: &Values) -> Vec<String> {
        match values {
            Values::Ints(all) => all.iter().map(ToString::to_string).collect(),
            Values::Numbers(all) => all.iter().map(ToString::to_string).collect(),
            Values::Texts(all) => all.iter().map(|code| self.beside(term, &Term::Text(code.clone()))).collect(),
        }
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Field(field) => self.field(field),
            Term::Int(number) => number.to_string(),
            Term::Number(number) => number.to_string(),
            Term::Text(words) => self.say("say-quoted", &[("what", words.clone())]),
            Term::Count(None) => self.say("say-members", &[]),
            Term::Count(Some(such)) => self.say("say-count", &[("what", self.truth(such))]),
            Term::Picked(field) => self.say("say-picked", &[("field", self.field(field))]),
            Term::Length(of) => self.say("say-length", &[("what", self.term(of))]),
            Term::Arithmetic { terms, operators } => self.arithmetic(terms, operators),
            Term::Minus(of) => format!("−{}", self.term(of)),
            Term::ToInt(of) => self.say("say-whole", &[("what", self.term(of))]),
            Term::ToNumber(of) => self.term(of),
            Term::Choose { condition, then, otherwise } => self.choose(condition, self.term(then), self.term(otherwise)),
        }
    }

    fn arithmetic(&self, terms: &[Term], operators: &[Arithmetic]) -> String {
        let mut said = String::new();
        for (nth, term) in terms.iter().enumerate() {
            let sign = nth.checked_sub(1).and_then(|before| operators.get(before)).map(|operator| match operator {
                Arithmetic::Add => " + ",
                Arithmetic::Subtract => " − ",
                Arithmetic::Multiply => " × ",
                Arithmetic::Divide => " ÷ ",
                Arithmetic::Remainder => " mod ",
            });
            said.push_str(sign.unwrap_or_default());
            let inner = self.term(term);
            match term {
                Term::Arithmetic { .. } => said.extend(["(", inner.as_str(), ")"]),
                _ => said.push_str(&inner),
            }
        }
        said
    }
}
