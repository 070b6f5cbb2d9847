//! What is wrong with answers.
use super::fill::Session;
use super::pages::Page;
use crate::form::{Node, QuestionKind, Range, Text};
use crate::instance::NodeId;
use crate::xpath::{moment, number};

/// Something wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The question.
    pub element: NodeId,
    /// Its address, as `Session::address` gives it.
    pub address: String,
    /// What is wrong.
    pub fault: Fault,
    /// What the author says about it, in the language in use; only for `Required` and `Constraint`.
    pub message: Option<String>,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is demanded and blank.
    Required,
    /// The author's condition does not hold.
    Constraint,
    /// It is no whole number.
    WholeNumber,
    /// It is no number.
    Number,
    /// It lies outside the scale, or between two of its marks.
    Scale,
    /// It is no day as `2026-11-27`.
    Date,
    /// It is no time as `09:30`.
    Time,
    /// It is no day with a time.
    DateTime,
    /// It is no place, line or shape.
    Location,
    /// This part of it can't be chosen, or not any more.
    Choice(String),
}

impl Session {
    /// What is wrong with the answer to one question; nothing for what is not asked.
    pub fn check(&self, element: NodeId) -> Option<Finding> {
        let place = self.place(element).filter(|place| self.plan().is_shown(*place))?;
        let node = self.plan().node(place)?;
        if !self.is_relevant(element) {
            return None;
        }
        let answer = self.value(element);
        let finding = |fault, message: Option<&Text>| {
            let message = message.and_then(|text| self.words(text, element)).filter(|words| !words.is_empty());
            Some(Finding { element, address: self.address(element), fault, message })
        };
        if answer.is_empty() {
            let demanded =
                self.is_required(element) && !matches!(node.question().map(|question| &question.kind), Some(QuestionKind::Note));
            return if demanded { finding(Fault::Required, Some(&node.bind.required_message)) } else { None };
        }
        if let Some(fault) = self.type_fault(element, node, answer) {
            return finding(fault, None);
        }
        let constraint = node.bind.constraint.as_ref().and_then(|rule| self.plan().expr(rule))?;
        // A condition that can't be worked out for this answer does not hold: it was not written with such an answer in mind.
        if self.holds(Some(constraint), element) { None } else { finding(Fault::Constraint, Some(&node.bind.constraint_message)) }
    }

    /// What is wrong on a page.
    pub fn check_page(&self, page: &Page) -> Vec<Finding> {
        page.questions.iter().filter_map(|element| self.check(*element)).collect()
    }

    /// Everything that is wrong, in the order of the pages. A copy without findings can be sent.
    pub fn findings(&self) -> Vec<Finding> {
        self.pages().iter().flat_map(|page| self.check_page(page)).collect()
    }

    fn type_fault(&self, element: NodeId, node: &Node, answer: &str) -> Option<Fault> {
        let choice = |several| self.stranger(element, answer, several).map(Fault::Choice);
        match &node.question()?.kind {
            QuestionKind::SelectOne => choice(false),
            QuestionKind::SelectMultiple | QuestionKind::Rank => choice(true),
            kind => fault_of(kind, answer),
        }
    }
}

/// Whether an answer is of the kind that a question takes; choices are not looked at.
pub(crate) fn fits(kind: &QuestionKind, answer: &str) -> bool {
    fault_of(kind, answer).is_none()
}

fn fault_of(kind: &QuestionKind, answer: &str) -> Option<Fault> {
    let unless = |right: bool, fault| if right { None } else { Some(fault) };
    match kind {
        QuestionKind::Integer => unless(is_whole(answer), Fault::WholeNumber),
        QuestionKind::Decimal => unless(is_number(answer), Fault::Number),
        QuestionKind::Range(range) => unless(lies_on(answer, range), Fault::Scale),
        QuestionKind::Date => unless(matches!(moment::read(answer, 0), Some(moment::Reading::Day(_))), Fault::Date),
        QuestionKind::Time => unless(matches!(moment::read(answer, 0), Some(moment::Reading::Time(_))), Fault::Time),
        QuestionKind::DateTime => unless(matches!(moment::read(answer, 0), Some(moment::Reading::Moment(_))), Fault::DateTime),
        QuestionKind::Geopoint => unless(points(answer) == Some(1), Fault::Location),
        QuestionKind::Geotrace => unless(points(answer).is_some_and(|count| count >= 2), Fault::Location),
        QuestionKind::Geoshape => unless(points(answer).is_some_and(|count| count >= 4) && is_closed(answer), Fault::Location),
        _ => None,
    }
}

/// Of at most nine digits, as Collect takes them.
fn is_whole(answer: &str) -> bool {
    let digits = answer.strip_prefix('-').unwrap_or(answer);
    (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_number(answer: &str) -> bool {
    let digits = answer.strip_prefix('-').unwrap_or(answer);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !digits.contains(['-', ':'])
        && number::from_text(answer, 0).is_finite()
}

fn lies_on(answer: &str, range: &Range) -> bool {
    let read = |text: &str| Some(number::from_text(text, 0)).filter(|value| value.is_finite());
    let (Some(value), Some(start), Some(end)) = (read(answer), read(&range.start), read(&range.end)) else { return false };
    let marks = read(&range.step).filter(|step| *step != 0.0).is_none_or(|step| {
        let steps = (value - start) / step;
        libm::fabs(steps - libm::round(steps)) < 1e-6
    });
    is_number(answer) && value >= start.min(end) && value <= start.max(end) && marks
}

/// How many points an answer has, if all of them are places on Earth.
fn points(answer: &str) -> Option<usize> {
    let all = answer.split(';').map(str::trim).filter(|point| !point.is_empty()).map(|point| {
        let numbers: Vec<f64> = point.split_whitespace().map(|part| number::from_text(part, 0)).collect();
        let fits = (2..=4).contains(&numbers.len()) && numbers.iter().all(|value| value.is_finite());
        fits && libm::fabs(numbers[0]) <= 90.0 && libm::fabs(numbers[1]) <= 180.0
    });
    let all: Vec<bool> = all.collect();
    all.iter().all(|fits| *fits).then_some(all.len())
}

fn is_closed(answer: &str) -> bool {
    let ends = |point: &str| point.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    let mut points = answer.split(';').map(str::trim).filter(|point| !point.is_empty()).map(ends);
    let first = points.next();
    first == points.next_back()
}
