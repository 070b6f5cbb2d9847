//! What was asked and answered in a round, in words.
use super::scoring::{self, Answers};
use crate::packs::{AnswerKind, Question, Tool};
use crate::web::Page;

/// A question that was asked, with its answer.
#[derive(Debug, Clone)]
pub struct Told {
    /// The code of the question.
    pub code: String,
    /// The question in the reader's language.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// What was chosen or counted, as it is kept; empty for words.
    pub chosen: String,
    /// It was typed freely and may speak of others, or is told to nobody else lightly.
    pub is_free: bool,
}

/// The questions of a tool that were asked, in its order, with their answers.
pub fn told(p: &Page, tool: &Tool, answers: &Answers) -> Vec<Told> {
    let asked = tool.questions().filter(|question| scoring::is_relevant(tool, question, answers));
    asked
        .map(|question| {
            let given = answers.get(&question.code).map(String::as_str).unwrap_or_default();
            Told {
                code: question.code.clone(),
                question: question.labels.get(p.reader.lang).to_owned(),
                answer: in_words(p, question, given),
                chosen: if question.kind == AnswerKind::Text { String::new() } else { given.to_owned() },
                is_free: question.sensitive || question.kind == AnswerKind::Text,
            }
        })
        .collect()
}

/// An answer as it reads.
pub(super) fn in_words(p: &Page, question: &Question, answer: &str) -> String {
    let lang = p.reader.lang;
    match question.kind {
        AnswerKind::YesNo if !answer.is_empty() => p.tc("assessment", answer),
        AnswerKind::Choice => {
            let choice = question.choices.iter().find(|choice| choice.code == answer);
            choice.map_or(answer, |choice| choice.labels.get(lang)).to_owned()
        }
        AnswerKind::Scale if !answer.is_empty() => step(p, question, answer.parse().unwrap_or_default()),
        AnswerKind::Number => p.reader.digits(answer),
        _ => answer.to_owned(),
    }
}

/// "4 · Unbearably": the ends of a scale say what they mean.
pub(super) fn step(p: &Page, question: &Question, step: u16) -> String {
    let number = p.number(step);
    let end = question.ends.as_ref().and_then(|ends| match step {
        0 => Some(&ends.lowest),
        _ if step == question.most => Some(&ends.highest),
        _ => None,
    });
    end.map_or_else(|| number.clone(), |labels| format!("{number} · {}", labels.get(p.reader.lang)))
}
