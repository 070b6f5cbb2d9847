//! What answers come to: which questions they make relevant, how many points, which level of risk, and whether an analysis is due.
use std::collections::BTreeMap;

use crate::packs::{AnswerKind, Condition, Domain, Question, Tool};
use crate::platform::typed;

/// The answers to a tool: the question's code and what was answered.
pub type Answers = BTreeMap<String, String>;

/// No text of an answer is longer.
pub const LONGEST: usize = 4_000;

/// What a domain came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// The domain's code.
    pub domain: String,
    /// Its points.
    pub score: i32,
    /// The most that it can come to.
    pub most: i32,
}

/// What a whole tool came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Each domain in the tool's order.
    pub points: Vec<Points>,
    /// The level that the pack's rule proposes.
    pub level: Option<String>,
    /// The analysis that is due.
    pub goes_on_to: Option<String>,
}

/// Whether a question is asked after these answers. One that waits for a question which is not asked itself is not asked either.
pub fn is_relevant(tool: &Tool, question: &Question, answers: &Answers) -> bool {
    question.when.as_ref().is_none_or(|after| {
        answers.get(&after.question).is_some_and(|answer| after.answers.contains(answer))
            && tool.question(&after.question).is_some_and(|earlier| is_relevant(tool, earlier, answers))
    })
}

/// The answers that count: those to questions which the others make relevant.
pub fn counting(tool: &Tool, answers: &Answers) -> Answers {
    let relevant = |code: &str| tool.question(code).is_some_and(|question| is_relevant(tool, question, answers));
    answers.iter().filter(|(code, _)| relevant(code)).map(|(code, answer)| (code.clone(), answer.clone())).collect()
}

/// Questions that finalising waits for.
pub fn missing<'a>(tool: &'a Tool, answers: &Answers) -> Vec<&'a Question> {
    let open =
        |question: &&Question| question.required && is_relevant(tool, question, answers) && !answers.contains_key(&question.code);
    tool.questions().filter(open).collect()
}

/// How many of a domain's relevant questions are answered, and how many there are.
pub fn progress(tool: &Tool, domain: &Domain, answers: &Answers) -> (usize, usize) {
    let relevant = || domain.questions.iter().filter(|question| is_relevant(tool, question, answers));
    (relevant().filter(|question| answers.contains_key(&question.code)).count(), relevant().count())
}

/// How many of a domain's relevant questions that can bring points have no answer: they count as if there were no need.
pub fn unanswered(tool: &Tool, domain: &Domain, answers: &Answers) -> usize {
    let brings = |question: &&Question| question.most_points() > 0 && is_relevant(tool, question, answers);
    domain.questions.iter().filter(brings).filter(|question| !answers.contains_key(&question.code)).count()
}

/// What the answers come to.
pub fn outcome(tool: &Tool, answers: &Answers) -> Outcome {
    let counting = counting(tool, answers);
    let of_domain = |domain: &Domain| Points {
        domain: domain.code.clone(),
        score: domain.questions.iter().map(|question| points(question, counting.get(&question.code))).sum(),
        most: i32::try_from(domain.most()).unwrap_or(i32::MAX),
    };
    let points: Vec<Points> = tool.domains.iter().map(of_domain).collect();
    let holds = |when: &[Condition]| when.iter().any(|condition| holds(condition, &points, &counting));
    let level = tool.risk.iter().find(|rule| holds(&rule.when)).map(|rule| rule.level.clone());
    let goes_on_to = tool.goes_on.as_ref().filter(|next| holds(&next.when)).map(|next| next.to.clone());
    Outcome { points, level, goes_on_to }
}

fn holds(condition: &Condition, points: &[Points], answers: &Answers) -> bool {
    if let Some(question) = &condition.question {
        return answers.get(question).is_some_and(|answer| condition.answers.contains(answer));
    }
    let counted = points.iter().filter(|one| condition.domain.as_ref().is_none_or(|code| *code == one.domain));
    let sum: i32 = counted.map(|one| one.score).sum();
    condition.score.is_some_and(|least| sum >= i32::from(least))
}

fn points(question: &Question, answer: Option<&String>) -> i32 {
    let Some(answer) = answer else { return 0 };
    match question.kind {
        AnswerKind::Scale => answer.parse().unwrap_or(0),
        AnswerKind::Choice => {
            question.choices.iter().find(|choice| choice.code == *answer).map_or(0, |choice| choice.score.into())
        }
        AnswerKind::YesNo => i32::from(if answer == "yes" { question.yes } else { question.no }),
        AnswerKind::Number | AnswerKind::Text => 0,
    }
}

/// The answer as it is kept, `None` for none, or the code of what is wrong with it.
pub fn read(question: &Question, typed: &str) -> Result<Option<String>, &'static str> {
    let answer = typed::cleaned(typed);
    if answer.is_empty() {
        return Ok(None);
    }
    match question.kind {
        AnswerKind::Text if answer.chars().count() > LONGEST => Err("too_long"),
        AnswerKind::Text => Ok(Some(answer)),
        AnswerKind::Number => {
            let number: u16 = crate::web::form::digits(&answer).parse().map_err(|_| "not_understood")?;
            if number > question.most { Err("too_high") } else { Ok(Some(number.to_string())) }
        }
        _ if question.answers().contains(&answer) => Ok(Some(answer)),
        _ => Err("not_a_choice"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Pack;

    fn pack() -> Pack {
        crate::packs::samples::protection()
    }

    fn said(answers: &[(&str, &str)]) -> Answers {
        answers.iter().map(|(code, answer)| ((*code).to_owned(), (*answer).to_owned())).collect()
    }

    #[test]
    fn points_and_key_answers_give_the_level_and_what_follows() {
        let pack = pack();
        type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], i32, &'a str, Option<&'a str>);
        let rows: [Row<'_>; 6] = [
            ("household_screening", &[("evicted", "no")], 0, "low", None),
            ("household_screening", &[("evicted", "yes")], 3, "moderate", Some("household_analysis")),
            (
                "household_screening",
                &[("evicted", "no"), ("meals", "most_days"), ("water", "no")],
                5,
                "low",
                Some("household_analysis"),
            ),
            ("member_screening", &[("tonight", "yes"), ("hurt", "yes")], 5, "high", Some("member_analysis")),
            ("member_analysis", &[("danger_now", "no"), ("mood", "4"), ("sleeping", "home")], 4, "low", None),
            ("household_analysis", &[("home", "unfit"), ("stay", "leaving")], 8, "high", None),
        ];
        for (code, answers, score, level, next) in rows {
            let outcome = outcome(pack.tool(code).expect("a tool"), &said(answers));
            assert_eq!(outcome.points.iter().map(|one| one.score).sum::<i32>(), score, "{code} {answers:?}");
            assert_eq!((outcome.level.as_deref(), outcome.goes_on_to.as_deref()), (Some(level), next), "{code} {answers:?}");
        }
    }

    #[test]
    fn what_another_answer_makes_irrelevant_counts_nowhere() {
        let pack = pack();
        let tool = pack.tool("member_analysis").expect("a tool");
        let answers = said(&[("danger_now", "no"), ("by_whom", "home"), ("disability", "no"), ("aids", "no")]);
        assert_eq!(outcome(tool, &answers).points.iter().map(|one| one.score).sum::<i32>(), 0);
        assert_eq!(counting(tool, &answers).len(), 2);
        assert_eq!(missing(tool, &answers).iter().map(|question| question.code.as_str()).collect::<Vec<_>>(), ["sleeping"]);
    }

    #[test]
    fn what_has_no_answer_is_counted_where_it_could_bring_points() {
        let pack = pack();
        let tool = pack.tool("household_screening").expect("a tool");
        let open = |answers: &Answers| tool.domains.iter().map(|domain| unanswered(tool, domain, answers)).collect::<Vec<_>>();
        assert_eq!(open(&said(&[("evicted", "no"), ("papers", "no")])), [1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(open(&said(&[("evicted", "no"), ("roof", "no"), ("papers", "no"), ("unsafe", "no")])), [0, 1, 1, 1, 0, 1, 1]);
    }

    #[test]
    fn an_answer_is_one_that_the_question_knows() {
        let pack = pack();
        let tool = pack.tool("household_analysis").expect("a tool");
        let read = |code: &str, typed: &str| read(tool.question(code).expect("a question"), typed);
        assert_eq!(read("home", "sound"), Ok(Some("sound".to_owned())));
        assert_eq!(read("home", "palace"), Err("not_a_choice"));
        assert_eq!(read("people_a_room", "٧"), Ok(Some("7".to_owned())));
        assert_eq!(read("people_a_room", "99"), Err("too_high"));
        assert_eq!(read("people_a_room", "many"), Err("not_understood"));
        assert_eq!(read("worries", "9"), Err("not_a_choice"));
        assert_eq!(read("strengths", " \n"), Ok(None));
    }
}
