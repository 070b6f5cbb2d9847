//! A level of risk that a score proposes and the case does not have: why, in words, and where a person decides. Nothing sets it by itself.
use super::judging::{Judged, judge};
use super::scores::{self, Scored};
use super::words;
use crate::access::Act;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::web::Page;

/// What a score proposes.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The level.
    pub level: String,
    /// "Vulnerability of the household: 20 · proposes the risk level “High”; you decide".
    pub words: String,
    /// What made the score so.
    pub grounds: Vec<String>,
    /// The page where the level is set, with this one chosen.
    pub href: String,
    /// The codes of the forms that ask what the score uses.
    pub forms: Vec<String>,
}

/// What scores propose for an open case to whoever may set its level; nothing for a restricted one, which no rule ever reads (S16).
pub async fn proposals(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<Proposal>, Error> {
    if !case.is_open() || case.sensitivity() == Sensitivity::Restricted {
        return Ok(Vec::new());
    }
    if work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_err() {
        return Ok(Vec::new());
    }
    let judged = judge(work, case).await?;
    let scores = scores::of(work, case, &judged).await?;
    Ok(scores.iter().filter_map(|scored| proposal(p, case, &judged, scored)).collect())
}

/// The page where the level that a score proposes is set; nothing where the case has it already.
pub(super) fn href(case: &Case, scored: &Scored) -> Option<String> {
    let (level, _) = scored.risk.as_ref().filter(|(level, _)| case.risk.as_ref() != Some(level))?;
    Some(format!("{}/risk?risk={level}", case.path()))
}

/// "20 · proposes the risk level “High”; you decide"; nothing while the score is unknown or proposes none.
pub(super) fn said(p: &Page, scored: &Scored) -> Option<String> {
    let (value, risk) = scored.value.zip(scored.proposes(p.reader.lang))?;
    let values = [("score", p.reader.digits(&scores::shown(value)).into()), ("risk", risk.into())];
    Some(text_with(p.reader.lang, "score-proposes", &values))
}

fn proposal(p: &Page, case: &Case, judged: &Judged, scored: &Scored) -> Option<Proposal> {
    let lang = p.reader.lang;
    let (level, _) = scored.risk.clone()?;
    let part = |part: &rules::Part| p.reader.digits(&words::part(lang, &judged.known, part));
    Some(Proposal {
        level,
        words: p.detailed(&scored.label(lang), &said(p, scored)?),
        grounds: scored.parts.iter().map(part).collect(),
        href: href(case, scored)?,
        forms: scored.reads.iter().filter_map(|name| Some(judged.known.field(name)?.asked.as_ref()?.form.clone())).collect(),
    })
}
