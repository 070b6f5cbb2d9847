//! Assessment tools as data: domains of questions, what they score, and what follows from it.
//!
//! Points say need: the more, the worse. A tool's rules look at points or at a key answer; a question that another answer makes irrelevant
//! counts nowhere.
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::pack::Labels;
use super::period::Period;
use super::words::{AnswerKind, Asks, ToolShape, Topic};

/// A questionnaire that a worker goes through with a household or with one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub code: String,
    pub labels: Labels,
    /// The panel of the case page that it moves.
    pub panel: String,
    pub shape: ToolShape,
    pub of: Asks,
    pub case_types: Vec<String>,
    /// After which it is gone through again.
    pub again_after: Option<Period>,
    /// When another, deeper one is due.
    pub goes_on: Option<GoesOn>,
    /// Where a second person approves it.
    pub approval: Option<Approval>,
    /// From the highest level down; the first that holds is proposed.
    pub risk: Vec<RiskRule>,
    pub domains: Vec<Domain>,
}

/// What a screening leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoesOn {
    /// The code of the tool that is due.
    pub to: String,
    pub within: Period,
    /// Any of them suffices.
    pub when: Vec<Condition>,
}

/// Where a finalised assessment waits for somebody else's agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub case_types: Vec<String>,
    pub within: Period,
}

/// When a level of risk is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskRule {
    pub level: String,
    /// Any of them suffices.
    pub when: Vec<Condition>,
}

/// So many points, of the whole or of one domain, or one of these answers to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub score: Option<u16>,
    pub domain: Option<String>,
    pub question: Option<String>,
    pub answers: Vec<String>,
}

/// A part of life that is looked at by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    pub code: String,
    pub labels: Labels,
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub code: String,
    pub labels: Labels,
    pub kind: AnswerKind,
    /// What it touches; named in every question, so that nobody forgets to think of it (S12).
    pub topic: Topic,
    /// Why a household may be asked it together although its words give something away, once somebody has looked at it; empty where nobody did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reviewed: String,
    /// Its answer is sealed with the case's key.
    pub sensitive: bool,
    /// Finalising waits for its answer.
    pub required: bool,
    /// The answers of a choice.
    pub choices: Vec<Scored>,
    /// The highest step of a scale, or the highest number.
    pub most: u16,
    /// What the lowest and the highest step mean.
    pub ends: Option<Ends>,
    /// Points for yes, and for no.
    pub yes: u16,
    pub no: u16,
    /// Asked only after one of these answers to an earlier question.
    pub when: Option<After>,
}

/// An answer with its points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    pub code: String,
    pub labels: Labels,
    pub score: u16,
}

/// The ends of a scale in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    pub lowest: Labels,
    pub highest: Labels,
}

/// What makes a question relevant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    pub question: String,
    pub answers: Vec<String>,
}

impl Tool {
    /// Every question in the order of the form.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.domains.iter().flat_map(|domain| &domain.questions)
    }

    /// The question of this code.
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions().find(|question| question.code == code)
    }

    /// The domain of this code.
    pub fn domain(&self, code: &str) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.code == code)
    }

    /// Whether a second person approves it in a case of this type.
    pub fn approved_for(&self, case_type: &str) -> Option<&Approval> {
        self.approval.as_ref().filter(|approval| approval.is_for(case_type))
    }

    /// The most points it can come to.
    pub fn most(&self) -> u32 {
        self.domains.iter().map(Domain::most).sum()
    }
}

impl Approval {
    /// Whether a case of this type asks for it.
    pub fn is_for(&self, case_type: &str) -> bool {
        self.case_types.iter().any(|code| code == case_type)
    }
}

impl Domain {
    /// The most points it can come to.
    pub fn most(&self) -> u32 {
        self.questions.iter().map(|question| u32::from(question.most_points())).sum()
    }
}

impl Question {
    /// The most points an answer can bring.
    pub fn most_points(&self) -> u16 {
        match self.kind {
            AnswerKind::Scale => self.most,
            AnswerKind::Choice => self.choices.iter().map(|choice| choice.score).max().unwrap_or(0),
            AnswerKind::YesNo => self.yes.max(self.no),
            AnswerKind::Number | AnswerKind::Text => 0,
        }
    }

    /// The answers it knows; none where anything may be typed.
    pub fn answers(&self) -> Vec<String> {
        match self.kind {
            AnswerKind::Scale => (0..=self.most).map(|step| step.to_string()).collect(),
            AnswerKind::Choice => self.choices.iter().map(|choice| choice.code.clone()).collect(),
            AnswerKind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
            AnswerKind::Number | AnswerKind::Text => Vec::new(),
        }
    }
}

/// One entry of `[[assessments]]`.
pub(super) fn tool(entry: &mut Entry<'_, '_>) -> Tool {
    let code = entry.code("code", "assessment");
    let tool = Tool {
        labels: entry.labels("labels"),
        panel: entry.text("panel").map(|(panel, _)| panel).unwrap_or_default(),
        shape: entry.word("shape"),
        of: entry.word("of"),
        case_types: entry.mentions("case_types", "case type"),
        again_after: entry.period_maybe("again_after"),
        goes_on: entry.inside_maybe("goes_on", |next| {
            let (to, within) = (next.mention("to", "assessment"), next.period("within"));
            next.set_scope(&code);
            GoesOn { to, within, when: next.each("when", condition) }
        }),
        approval: approval(entry),
        risk: entry.each_maybe("risk", |rule| {
            let level = rule.mention("level", "risk level");
            rule.set_scope(&code);
            RiskRule { level, when: rule.each("when", condition) }
        }),
        domains: Vec::new(),
        code: code.clone(),
    };
    entry.set_scope(&code);
    Tool { domains: entry.each("domains", domain), ..tool }
}

/// The section `approval`, of whatever a second person approves.
pub(super) fn approval(entry: &mut Entry<'_, '_>) -> Option<Approval> {
    entry.inside_maybe("approval", |approval| Approval {
        case_types: approval.mentions("case_types", "case type"),
        within: approval.period("within"),
    })
}

fn condition(entry: &mut Entry<'_, '_>) -> Condition {
    Condition {
        score: entry.number_maybe("score", 0..=10_000),
        domain: entry.mention_maybe("domain", "domain"),
        question: entry.mention_maybe("question", "question"),
        answers: entry.texts("answers"),
    }
}

fn domain(entry: &mut Entry<'_, '_>) -> Domain {
    Domain { code: entry.code("code", "domain"), labels: entry.labels("labels"), questions: entry.each("questions", question) }
}

fn question(entry: &mut Entry<'_, '_>) -> Question {
    Question {
        code: entry.code("code", "question"),
        labels: entry.labels("labels"),
        kind: entry.word("kind"),
        topic: entry.word("topic"),
        reviewed: entry.text_maybe("reviewed").map(|(reason, _)| reason).unwrap_or_default(),
        sensitive: entry.flag("sensitive"),
        required: entry.flag("required"),
        choices: entry.each_maybe("choices", |choice| Scored {
            code: choice.text("code").map(|(code, _)| code).unwrap_or_default(),
            labels: choice.labels("labels"),
            score: choice.number_maybe("score", 0..=100).unwrap_or(0),
        }),
        most: entry.number_maybe("most", 1..=10_000).unwrap_or(0),
        ends: entry.inside_maybe("ends", |ends| Ends { lowest: ends.labels("lowest"), highest: ends.labels("highest") }),
        yes: entry.number_maybe("yes", 0..=100).unwrap_or(0),
        no: entry.number_maybe("no", 0..=100).unwrap_or(0),
        when: entry.inside_maybe("when", |after| After {
            question: after.mention("question", "question"),
            answers: after.texts("answers"),
        }),
    }
}
