//! Display-ready values for the macros of `html/macros.html`: what a handler hands to a template.
//!
//! Every text is already translated, every address already built. Nothing here knows a rule of the domain,
//! reads the database or renders HTML; the macros do the last.
use std::collections::HashMap;
use std::fmt;

use super::Page;

/// What a colour means; the same word names the icon that stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to worry about, nothing to celebrate.
    #[default]
    Neutral,
    /// Harm, loss or a missed deadline.
    Danger,
    /// Needs attention soon.
    Warning,
    /// Done or safe.
    Good,
    /// Worth knowing.
    Info,
}

impl Tone {
    /// The word used for the style class and the icon.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Danger => "danger",
            Tone::Warning => "warning",
            Tone::Good => "good",
            Tone::Info => "info",
        }
    }

    /// Whether it asks for no emphasis.
    pub fn is_neutral(self) -> bool {
        self == Tone::Neutral
    }
}

impl fmt::Display for Tone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A state as a word with a tone and an icon; an empty word shows nothing.
#[derive(Clone, Debug, Default)]
pub struct Badge {
    /// The translated word.
    pub word: String,
    /// What its colour means.
    pub tone: Tone,
    /// An icon of the sprite; empty takes the tone's own.
    pub icon: &'static str,
}

impl Badge {
    /// A word with the icon of its tone.
    pub fn new(word: impl Into<String>, tone: Tone) -> Self {
        Badge { word: word.into(), tone, icon: "" }
    }

    /// The same word with an icon of its own.
    pub fn with_icon(self, icon: &'static str) -> Self {
        Badge { icon, ..self }
    }
}

/// One option of a select, radio or checkbox group.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A second, quieter line; radio and checkbox groups only.
    pub hint: String,
}

impl Choice {
    /// An option without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// Adds the option unless its value stands there already: several packs may know one code.
    pub fn add_once(self, choices: &mut Vec<Choice>) {
        if !choices.iter().any(|known| known.value == self.value) {
            choices.push(self);
        }
    }

    /// The same options, and those that read alike with a number, so that whoever chooses knows which one they took.
    pub fn told_apart(p: &Page, mut choices: Vec<Choice>) -> Vec<Choice> {
        let mut met = HashMap::<String, i64>::new();
        for choice in &mut choices {
            let count = met.entry(choice.label.clone()).or_default();
            *count += 1;
            if *count > 1 {
                choice.label = format!("{} · {}", choice.label, p.number(*count));
            }
        }
        choices
    }

    /// The same option with a quieter second line.
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Choice { hint: hint.into(), ..self }
    }

    /// Whether this is the value the form holds.
    pub fn is(&self, value: &(impl AsRef<str> + ?Sized)) -> bool {
        self.value == value.as_ref()
    }

    /// Whether this is among the values the form holds.
    pub fn is_among(&self, values: &[impl AsRef<str>]) -> bool {
        values.iter().any(|value| self.is(value))
    }
}

/// A term and its text, as in a summary list or on the identity bar.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What it is.
    pub term: String,
    /// Its value; empty reads as "not recorded" in a summary list.
    pub text: String,
    /// Where it is changed; empty shows no link.
    pub href: String,
    /// Other than neutral shows the text as a state word, as for an overdue date.
    pub tone: Tone,
}

impl Entry {
    /// A plain term and text.
    pub fn new(term: impl Into<String>, text: impl Into<String>) -> Self {
        Entry { term: term.into(), text: text.into(), ..Entry::default() }
    }

    /// The same entry with the address where it is changed.
    pub fn changed_at(self, href: impl Into<String>) -> Self {
        Entry { href: href.into(), ..self }
    }

    /// The same entry shown as a state word.
    pub fn toned(self, tone: Tone) -> Self {
        Entry { tone, ..self }
    }
}

/// The bar above everything about a person: who, how risky, whose move, by when, and how not to call.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Name, or case code where the rules ask for one (S13).
    pub who: String,
    /// Age, code and the like, in one line.
    pub detail: String,
    /// The risk level; its tone also colours the edge of the bar.
    pub risk: Badge,
    /// The state of the case or referral.
    pub status: Badge,
    /// Stage, owner, whose move, next due.
    pub facts: Vec<Entry>,
    /// Limits on contact, one sentence each.
    pub restrictions: Vec<String>,
}

/// Where a step of a stage line or state line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepAt {
    /// Behind us.
    Done,
    /// Here.
    Current,
    /// Ahead and reachable.
    #[default]
    Open,
    /// Nothing shuts it any more.
    Unlocked,
    /// Ahead and shut; the note says what opens it.
    Locked,
    /// What came before ended otherwise, so it is not to come.
    Never,
    /// Where it ended, and not well.
    Failed,
}

impl StepAt {
    /// The text key that says it for a screen reader.
    pub fn key(self) -> &'static str {
        match self {
            StepAt::Done => "look-step-done",
            StepAt::Current => "look-step-current",
            StepAt::Open => "look-step-open",
            StepAt::Unlocked => "look-step-unlocked",
            StepAt::Locked => "look-step-locked",
            StepAt::Never => "look-step-never",
            StepAt::Failed => "look-step-failed",
        }
    }
}

impl fmt::Display for StepAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StepAt::Done => "done",
            StepAt::Current => "current",
            StepAt::Open => "open",
            StepAt::Unlocked => "unlocked",
            StepAt::Locked => "locked",
            StepAt::Never => "never",
            StepAt::Failed => "failed",
        })
    }
}

/// One step of a stage line or state line.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The step's name.
    pub label: String,
    /// Time and actor when done, or what opens it when locked.
    pub note: String,
    /// Where it leads; empty shows no link.
    pub href: String,
    /// Where it stands.
    pub at: StepAt,
}

impl Step {
    /// A step with its note and no link.
    pub fn new(label: impl Into<String>, note: impl Into<String>, at: StepAt) -> Self {
        Step { label: label.into(), note: note.into(), href: String::new(), at }
    }

    /// Whether the work stands here now.
    pub fn is_current(&self) -> bool {
        self.at == StepAt::Current
    }

    /// Whether it is only open: its sign alone would not say so, so the word is shown.
    pub fn is_unlocked(&self) -> bool {
        self.at == StepAt::Unlocked
    }
}

/// A row of My day: person, what, due, and one tap that does it.
#[derive(Clone, Debug, Default)]
pub struct TaskRow {
    /// The page behind the row.
    pub href: String,
    /// Name or code.
    pub who: String,
    /// What must be done.
    pub what: String,
    /// When, relative: "in 2 days", "3 days overdue".
    pub due: String,
    /// When, exactly.
    pub exact: String,
    /// How pressing it is.
    pub tone: Tone,
    /// Where the one-tap form posts; empty shows the way to the page where it is done.
    pub action: String,
    /// The verb on its button.
    pub verb: String,
    /// Hidden fields of the form, such as the version.
    pub fields: Vec<(String, String)>,
    /// What else is to be known, in one line.
    pub note: String,
    /// How risky the case is that it belongs to.
    pub risk: Badge,
    /// Something else that can be done with it: where, and its verb.
    pub more: Option<(String, String)>,
}

/// A filter chip or a tab.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// A figure beside it; empty shows none.
    pub count: String,
    /// Whether it is the one being looked at.
    pub on: bool,
}

impl Tab {
    /// A tab that isn't the one being looked at.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Tab { href: href.into(), label: label.into(), ..Tab::default() }
    }

    /// The same tab with a figure.
    pub fn counted(self, count: impl fmt::Display) -> Self {
        Tab { count: count.to_string(), ..self }
    }

    /// The same tab, looked at when `current` equals `name`.
    pub fn on_when(self, current: &str, name: &str) -> Self {
        Tab { on: current == name, ..self }
    }
}

/// The way to the pages before and after.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// "21–40 of 200", or whatever is true.
    pub summary: String,
    /// Address of the page before; empty for none.
    pub prev: String,
    /// Address of the page after; empty for none.
    pub next: String,
}

/// One row of a bar chart or funnel, with the figures of the table beside it.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// The figure as read, already suppressed or rounded where S15 asks.
    pub figure: String,
    /// Length of the bar, 0 to 100.
    pub share: u32,
    /// The list behind the figure; empty where S15 allows none.
    pub href: String,
    /// Further columns of the table, such as median days.
    pub notes: Vec<String>,
    /// Where each of those leads; missing for nowhere.
    pub note_hrefs: Vec<String>,
    /// Neutral is the accent colour.
    pub tone: Tone,
}

impl Bar {
    /// Where this note leads; empty for nowhere. Templates count by reference.
    pub fn note_href(&self, nth: &usize) -> &str {
        self.note_hrefs.get(*nth).map_or("", String::as_str)
    }
}

/// A trend line for a cell or tile.
#[derive(Clone, Debug, Default)]
pub struct Sparkline {
    /// What it shows, in words with the last figure.
    pub label: String,
    /// SVG points in a 100 × 28 box.
    pub points: String,
    /// Where the last point lies.
    pub x: String,
    /// Where the last point lies.
    pub y: String,
}

impl Sparkline {
    /// A line through values between 0 and `top`, oldest first.
    pub fn new(label: impl Into<String>, values: &[f64], top: f64) -> Self {
        let step = 96.0 / values.len().saturating_sub(1).max(1) as f64;
        let spots: Vec<(String, String)> = values
            .iter()
            .enumerate()
            .map(|(i, v)| {
                let height = (v / top.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) * 22.0;
                (format!("{:.1}", 2.0 + i as f64 * step), format!("{:.1}", 25.0 - height))
            })
            .collect();
        let points: Vec<String> = spots.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let (x, y) = spots.last().cloned().unwrap_or_default();
        Sparkline { label: label.into(), points: points.join(" "), x, y }
    }
}
