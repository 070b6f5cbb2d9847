//! What a pack says of achievements: lines that a household is accompanied towards, by dimension, how each is known, what each weighs.
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::pack::Labels;
use super::words::{Asks, Known, Sex};

/// A country's list of minimum conditions for a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Achievements {
    /// The panel of the case page that they move.
    pub panel: String,
    pub case_types: Vec<String>,
    /// From which share of deprivations, in per cent, a household is poor in several dimensions; none where no such word is said.
    pub poor_from: Option<u16>,
    pub dimensions: Vec<Dimension>,
}

/// Lines of one part of life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    pub code: String,
    pub labels: Labels,
    /// What it weighs beside the other dimensions.
    pub weight: u16,
    pub lines: Vec<AchievementLine>,
}

/// One condition, worded as it reads when it is achieved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AchievementLine {
    pub code: String,
    pub labels: Labels,
    /// The household as one, or each member.
    pub of: Asks,
    /// What it weighs beside the other lines of its dimension.
    pub weight: u16,
    pub known: Known,
    /// To whom of the members it applies; to everybody where nothing is said.
    pub applies: Option<Applies>,
    /// Which answer says how it stands.
    pub answer: Option<Answered>,
    /// Which rule says how it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<LineRule>,
}

/// Members to whom a line applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applies {
    /// The youngest age.
    pub from: Option<u16>,
    /// The oldest age, all of that year of life included.
    pub to: Option<u16>,
    pub sex: Option<Sex>,
}

/// What an answer of an assessment says of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The code of the tool.
    pub assessment: String,
    pub question: String,
    pub achieved: Vec<String>,
    pub to_achieve: Vec<String>,
    pub does_not_apply: Vec<String>,
}

/// Expressions in CEL over the fields that rules know, of the household or of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRule {
    /// The line is achieved where it holds, and to achieve where it does not.
    pub achieved: String,
    /// The line does not apply where it holds.
    pub does_not_apply: Option<String>,
}

impl Achievements {
    /// Every line with its dimension, in the order of the list.
    pub fn lines(&self) -> impl Iterator<Item = (&Dimension, &AchievementLine)> {
        self.dimensions.iter().flat_map(|dimension| dimension.lines.iter().map(move |line| (dimension, line)))
    }

    /// The line of this code.
    pub fn line(&self, code: &str) -> Option<&AchievementLine> {
        self.lines().map(|(_, line)| line).find(|line| line.code == code)
    }

    /// The share of a line in the whole, from 0 to 1: that of its dimension, parted among its lines.
    pub fn share(&self, dimension: &Dimension, line: &AchievementLine) -> f64 {
        let all: u32 = self.dimensions.iter().map(|one| u32::from(one.weight)).sum();
        let inside: u32 = dimension.lines.iter().map(|one| u32::from(one.weight)).sum();
        f64::from(dimension.weight) / f64::from(all.max(1)) * f64::from(line.weight) / f64::from(inside.max(1))
    }
}

impl Answered {
    /// The answers that say something, in the order achieved, to achieve, does not apply.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.achieved.iter().chain(&self.to_achieve).chain(&self.does_not_apply)
    }
}

impl LineRule {
    /// Its expressions, each with its key.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let beside = self.does_not_apply.iter().map(|text| ("does_not_apply", text.as_str()));
        std::iter::once(("achieved", self.achieved.as_str())).chain(beside)
    }
}

/// The section `[achievements]`.
pub(super) fn achievements(entry: &mut Entry<'_, '_>) -> Achievements {
    Achievements {
        panel: entry.text("panel").map(|(panel, _)| panel).unwrap_or_default(),
        case_types: entry.mentions("case_types", "case type"),
        poor_from: entry.number_maybe("poor_from", 1..=100),
        dimensions: entry.each("dimensions", |dimension| Dimension {
            code: dimension.code("code", "dimension of achievements"),
            labels: dimension.labels("labels"),
            weight: dimension.number("weight", 1..=1_000),
            lines: dimension.each("lines", line),
        }),
    }
}

fn line(entry: &mut Entry<'_, '_>) -> AchievementLine {
    AchievementLine {
        code: entry.code("code", "achievement"),
        labels: entry.labels("labels"),
        of: entry.word("of"),
        weight: entry.number_maybe("weight", 1..=1_000).unwrap_or(1),
        known: entry.word("known"),
        applies: entry.inside_maybe("applies", |applies| Applies {
            from: applies.number_maybe("from", 0..=120),
            to: applies.number_maybe("to", 0..=120),
            sex: applies.word_maybe("sex"),
        }),
        answer: entry.inside_maybe("answer", |answer| {
            let assessment = answer.mention("assessment", "assessment");
            answer.set_scope(&assessment);
            Answered {
                question: answer.mention("question", "question"),
                achieved: answer.texts("achieved"),
                to_achieve: answer.texts("to_achieve"),
                does_not_apply: answer.texts("does_not_apply"),
                assessment,
            }
        }),
        rule: entry.inside_maybe("rule", |rule| LineRule {
            achieved: rule.text("achieved").map(|(text, _)| text).unwrap_or_default(),
            does_not_apply: rule.text_maybe("does_not_apply").map(|(text, _)| text),
        }),
    }
}
