//! Programme packs: what differs by country or agency, as declarative files: read, check, load.
//!
//! A *pack* is the folder `packs/<name>/`; its `pack.toml` declares case types, processes, roles, clocks, reasons,
//! packet sections, needs, consent ages, records, assessments and achievements; letters, forms and rules lie in folders beside it. A *code* is a name the pack invents; a *word* (`words`) is one the
//! program acts upon. Whatever a pack can say is never an `if` on a code elsewhere: ask for a duty, a meaning, a
//! demand or a consequence. Reading finds all mistakes at once, each with file, line and remedy.
//! Deliberately not here: figures that SAFEGUARDING marks as fixed, and the permission table (`access`), whose act
//! names are handed in.

pub(crate) mod achievements;
pub mod beside;
mod check;
mod entry;
pub mod forms;
mod letter;
pub mod letters;
mod lookups;
mod mistake;
mod own_words;
mod pack;
mod page;
mod period;
pub(crate) mod plan;
pub(crate) mod projects;
mod read;
pub mod rules;
pub(crate) mod said;
#[cfg(test)]
pub(crate) mod samples;
pub mod store;
mod supervision;
mod tool;
pub(crate) mod touchy;
mod words;

pub use achievements::{AchievementLine, Achievements, Answered, Applies, Dimension, LineRule};
pub use forms::{FormSubject, PackForm};
pub use letter::{LetterTemplate, LetterTexts};
pub use mistake::Mistake;
pub use own_words::{OwnIntensity, OwnWord};
pub use pack::{
    CaseType, Choice, ConsentAge, Deadlines, Gate, Labels, Need, Pack, PacketSection, Panel, Priority, Process, Reason,
    RecordKind, RiskLevel, Role, Stage,
};
pub use period::{NotAPeriod, Period};
pub use plan::{ClosingRules, PlanRules};
pub use projects::ProjectRules;
pub use read::{parse, read};
pub use rules::{Expected, FieldKind, PackField, PackRule, PackScore, RuleTest, ScoreBand};
pub use supervision::Supervision;
pub use tool::{After, Approval, Condition, Domain, Ends, GoesOn, Question, RiskRule, Scored, Tool};
pub(crate) use words::vocabulary;
pub use words::{
    AnswerKind, Asks, Basis, ConsentGiver, Consequence, Demand, Disclosure, Duty, Handling, Intensity, Known, LetterLayout,
    LetterUse, Meaning, PanelState, Reach, ReasonKind, Review, Sensitivity, Sex, Shape, StageKind, StateWord, Subject, ToolShape,
    Topic, Under, Until, Word,
};
