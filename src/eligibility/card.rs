//! Eligibility on the page of a case: how many services are for this household, what to ask first, and scores.
use super::judging::{Judged, Judgement, judge_with};
use super::scores::{self, Scored};
use super::{proposal, words};
use crate::cases::Case;
use crate::error::Error;
use crate::forms::Submission;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// A score with what it proposes.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// What it is called.
    pub label: String,
    /// What it is, and what it proposes.
    pub badge: Badge,
    /// Of one that is not known, what to ask: addresses and words.
    pub lacks: Vec<(String, String)>,
    /// Where the level that it proposes is set; empty where the case has it, or the reader sets none.
    pub set: String,
}

/// The card of a case.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Where services are found and compared.
    pub all: String,
    /// How many services are for the household, and of how many that is not known.
    pub counts: Vec<Badge>,
    /// What to ask first: the address, empty where no form asks it, and the words.
    pub ask: Vec<(String, String)>,
    /// Scores with what they propose.
    pub scores: Vec<Score>,
}

/// The card, from the case's copies and for whoever may set its level of risk or not; `None` where the case is closed, or of a type that no rule
/// ever reads (S16).
pub async fn card(
    work: &mut Work,
    p: &Page,
    case: &Case,
    (copies, may_set): (&[Submission], bool),
) -> Result<Option<Card>, Error> {
    if !case.is_open() || case.sensitivity() == Sensitivity::Restricted {
        return Ok(None);
    }
    let judged = judge_with(work, case, copies).await?;
    let counted = |is: fn(&Judgement) -> bool| judged.by_rule.values().filter(|judgement| is(judgement)).count() as i64;
    let badge = |count: i64, key: &str, tone| (count > 0).then(|| Badge::new(p.ta(key, "count", p.number(count)), tone));
    let counts = [
        badge(counted(|judgement| judgement.verdict == rules::Verdict::Eligible), "eligibility-card-eligible", Tone::Good),
        badge(counted(Judgement::is_to_ask), "eligibility-card-unknown", Tone::Warning),
    ];
    let mut scores: Vec<Score> =
        scores::of(work, case, &judged).await?.iter().map(|scored| score(p, &judged, scored, case)).collect();
    if !may_set {
        scores.iter_mut().for_each(|score| score.set.clear());
    }
    Ok(Some(Card {
        all: format!("{}/services", case.path()),
        counts: counts.into_iter().flatten().collect(),
        ask: ask(p, &judged, &case.path()),
        scores,
    }))
}

// The two questions that would decide most.
fn ask(p: &Page, judged: &Judged, case_path: &str) -> Vec<(String, String)> {
    let all = judged.by_rule.values().flat_map(|judgement| judgement.decides.iter().map(String::as_str));
    let all = all.filter(|name| judged.known.can_be_asked(name));
    let first = super::matching::most_named(all, 2);
    let link = |(name, _): &(String, usize)| {
        let words = words::called(p.reader.lang, &judged.known, name);
        words::asked(p, &judged.known, name, case_path).map_or((String::new(), words), |link| link)
    };
    first.iter().map(link).collect()
}

fn score(p: &Page, judged: &Judged, scored: &Scored, case: &Case) -> Score {
    let (lang, case_path) = (p.reader.lang, case.path());
    let badge = match (scored.value, proposal::said(p, scored)) {
        (None, _) => Badge::new(p.t("score-unknown"), Tone::Neutral),
        (Some(value), None) => Badge::new(p.reader.digits(&scores::shown(value)), Tone::Info),
        (Some(_), Some(words)) => Badge::new(words, Tone::Info),
    };
    let lacking = |name: &String| {
        let words = || p.ta("match-ask-this", "field", words::called(lang, &judged.known, name));
        words::asked(p, &judged.known, name, &case_path).unwrap_or_else(|| (String::new(), words()))
    };
    // What lacks is asked one after the other; so many at once can be read on a card.
    Score {
        label: scored.label(lang),
        badge,
        lacks: scored.lacks.iter().filter(|name| judged.known.can_be_asked(name)).take(3).map(lacking).collect(),
        set: proposal::href(case, scored).unwrap_or_default(),
    }
}
