//! Eligibility on the page of a case: how many services are for this household, what to ask first, and scores.
use super::judging::{Judged, Judgement, judge};
use super::scores::{self, Scored};
use super::words;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// A score with what it proposes; of one that is not known, what to ask: addresses and words.
pub type Score = (String, Badge, Vec<(String, String)>);

/// The card of a case.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Where services are found and compared.
    pub all: String,
    /// How many services are for the household, and of how many that is not known.
    pub counts: Vec<Badge>,
    /// What to ask first: the address, empty where no form asks it, and the words.
    pub ask: Vec<(String, String)>,
    /// Scores with what they propose; of one that is not known, what to ask: addresses and words, as above.
    pub scores: Vec<Score>,
}

/// The card; `None` where the case is closed, or of a type that no rule ever reads (S16).
pub async fn card(work: &mut Work, p: &Page, case: &Case) -> Result<Option<Card>, Error> {
    if !case.is_open() || case.sensitivity() == Sensitivity::Restricted {
        return Ok(None);
    }
    let judged = judge(work, case).await?;
    let counted = |is: fn(&Judgement) -> bool| judged.by_rule.values().filter(|judgement| is(judgement)).count() as i64;
    let badge = |count: i64, key: &str, tone| (count > 0).then(|| Badge::new(p.ta(key, "count", p.number(count)), tone));
    let counts = [
        badge(counted(|judgement| judgement.verdict == rules::Verdict::Eligible), "eligibility-card-eligible", Tone::Good),
        badge(counted(Judgement::is_to_ask), "eligibility-card-unknown", Tone::Warning),
    ];
    Ok(Some(Card {
        all: format!("{}/services", case.path()),
        counts: counts.into_iter().flatten().collect(),
        ask: ask(p, &judged, &case.path()),
        scores: scores::of(work, case, &judged).await?.iter().map(|scored| score(p, &judged, scored, &case.path())).collect(),
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

fn score(p: &Page, judged: &Judged, scored: &Scored, case_path: &str) -> (String, Badge, Vec<(String, String)>) {
    let lang = p.reader.lang;
    let badge = match (scored.value, scored.proposes(lang)) {
        (None, _) => Badge::new(p.t("score-unknown"), Tone::Neutral),
        (Some(value), None) => Badge::new(p.reader.digits(&scores::shown(value)), Tone::Info),
        (Some(value), Some(risk)) => {
            let values = [("score", p.reader.digits(&scores::shown(value)).into()), ("risk", risk.into())];
            Badge::new(text_with(lang, "score-proposes", &values), Tone::Info)
        }
    };
    let lacking = |name: &String| {
        let words = || p.ta("match-ask-this", "field", words::called(lang, &judged.known, name));
        words::asked(p, &judged.known, name, case_path).unwrap_or_else(|| (String::new(), words()))
    };
    // What lacks is asked one after the other; so many at once can be read on a card.
    (scored.label(lang), badge, scored.lacks.iter().filter(|name| judged.known.can_be_asked(name)).take(3).map(lacking).collect())
}
