//! Achievements in words: in a few lines on the case page, and a state or a source wherever it stands.
use super::figure::{Missing, Poor};
use super::line::{Judged, Person, Source, State};
use super::standing::Standing;
use crate::cases::gates;
use crate::cases::pages::told_apart_among;
use crate::packs::{Achievements, Process, Word};
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// The card of a case.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// What the case's process calls the list.
    pub title: String,
    /// The page with all lines.
    pub all: String,
    /// What opens it first; while it is shut no figure stands here.
    pub opens: String,
    /// "12 of 18 achieved".
    pub achieved: String,
    /// How many are to achieve, and how many are not known.
    pub states: Vec<Badge>,
    /// The share of conditions that are missing.
    pub missing: String,
    /// Poor or not.
    pub poor: Badge,
}

/// The card; `None` where such cases have no list.
pub fn card(
    p: &Page,
    path: &str,
    standing: Option<&Standing>,
    (process, reached): (&Process, &gates::Reached<'_>),
) -> Option<Card> {
    let standing = standing?;
    let panel = process.panel(&standing.list().panel);
    let (counts, missing) = (standing.counts(), standing.missing());
    let some = |state: State, key: &str, count: i64| {
        (count > 0).then(|| Badge { word: p.ta(key, "count", p.number(count)), ..self::state(p, state) })
    };
    let states = [
        some(State::ToAchieve, "achievements-count-to-achieve", counts.to_achieve),
        some(State::Unknown, "achievements-count-unknown", counts.unknown),
    ];
    Some(Card {
        title: title(p, process, standing.list()),
        opens: panel.map(|panel| gates::opens(p, process, &reached.shut(panel))).unwrap_or_default(),
        all: format!("{path}/achievements"),
        achieved: of(p, counts.achieved, counts.applying()),
        states: states.into_iter().flatten().collect(),
        missing: missing.map(|missing| share(p, missing)).unwrap_or_default(),
        poor: poor(p, standing),
    })
}

/// What the case's process calls the list.
pub(super) fn title(p: &Page, process: &Process, list: &Achievements) -> String {
    process.panel(&list.panel).map_or_else(|| p.t("achievements-title"), |panel| panel.labels.get(p.reader.lang).to_owned())
}

/// "12 of 18 achieved".
pub(super) fn of(p: &Page, achieved: i64, applying: i64) -> String {
    let values = [("achieved", p.number(achieved).into()), ("all", p.number(applying).into())];
    text_with(p.reader.lang, "achievements-of", &values)
}

/// "20 %", or "20 % to 45 %", for the cells of a table.
pub fn percents(p: &Page, missing: Missing) -> String {
    ranged(p, missing, "achievements-range")
}

/// "20 %", or "at least 20 %, at most 45 %".
pub(super) fn between(p: &Page, missing: Missing) -> String {
    ranged(p, missing, "achievements-between")
}

fn ranged(p: &Page, missing: Missing, key: &str) -> String {
    let (least, most) = (p.reader.percent(missing.least), p.reader.percent(missing.most));
    if missing.is_certain() {
        return least;
    }
    text_with(p.reader.lang, key, &[("least", least.into()), ("most", most.into())])
}

/// "Share of conditions missing: at least 20 %, at most 45 %".
pub(super) fn share(p: &Page, missing: Missing) -> String {
    p.detailed(&p.t("achievements-missing"), &between(p, missing))
}

/// Whether the household is poor in several dimensions, where the pack says from when on.
pub(super) fn poor(p: &Page, standing: &Standing) -> Badge {
    let said = standing.missing().zip(standing.list().poor_from);
    let Some((missing, from)) = said else { return Badge::default() };
    let (key, tone) = match missing.is_poor(from) {
        Poor::Yes => ("achievements-poor", Tone::Warning),
        Poor::No => ("achievements-not-poor", Tone::Good),
        Poor::Open => ("achievements-poor-open", Tone::Neutral),
    };
    Badge::new(p.t(key), tone)
}

/// A state as a word.
pub(super) fn state(p: &Page, state: State) -> Badge {
    let tone = match state {
        State::Achieved => Tone::Good,
        State::ToAchieve => Tone::Warning,
        State::DoesNotApply => Tone::Neutral,
        State::Unknown => Tone::Info,
    };
    Badge::new(p.tc("achievement-state", state.as_str()), tone)
}

/// From what it is known how a line stands.
pub(super) fn source(p: &Page, standing: &Standing, judged: &Judged<'_>) -> String {
    match judged.from {
        Source::Hand(mark) => p.signed(&mark.author_name, &p.date(&mark.seen_on)),
        Source::Registry(Some(since)) => p.ta("achievement-from-registry", "day", p.reader.day(since)),
        Source::Registry(None) => p.t("achievement-from-registry-none"),
        Source::Answer(told) => {
            let tool = standing.pack().tool(&told.tool).map_or(told.tool.as_str(), |tool| tool.labels.get(p.reader.lang));
            p.signed(tool, &p.date(&told.on))
        }
        Source::Rule(ruled) => match &ruled.filled {
            Some(filled) => p.signed(&filled.title, &p.date(&filled.on)),
            None => p.t("achievement-from-rule"),
        },
        Source::NotTheirs => p.t("achievement-from-age"),
        Source::NoAge => p.t("achievement-from-no-age"),
        Source::Nothing => p.t("achievement-from-nothing"),
    }
}

/// A member's name, told apart from others of the household who bear it.
pub fn who(p: &Page, standing: &Standing, person: &Person) -> String {
    let named = |one: &Person| (one.code.clone(), one.name.clone(), one.born_on, one.born_estimated);
    let namesakes = standing.grounds.people.iter().filter(|one| one.name == person.name);
    let people: Vec<_> = namesakes.map(named).collect();
    told_apart_among(p, &people, &person.code)
}
