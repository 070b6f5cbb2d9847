//! Scores of a pack over a case's profile. A score's band proposes a level of risk; a worker sets it, and nobody else.
use std::collections::BTreeSet;

use super::judging::Judged;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{self, Labels, PackScore};
use crate::platform::db::Work;
use crate::platform::lang::Lang;

/// A score as it stands.
#[derive(Debug, Clone)]
pub struct Scored {
    /// Its code.
    pub code: String,
    labels: Labels,
    /// The number; `None` while something it needs is unknown.
    pub value: Option<f64>,
    /// The unknown fields that keep it unknown.
    pub lacks: Vec<String>,
    /// The fields that it uses.
    pub reads: BTreeSet<String>,
    /// What made it so, summand by summand.
    pub parts: Vec<rules::Part>,
    /// The level of risk that its band proposes, and what it is called.
    pub risk: Option<(String, Labels)>,
}

impl Scored {
    /// What it is called.
    pub fn label(&self, lang: Lang) -> String {
        self.labels.get(lang).to_owned()
    }

    /// The level of risk that it proposes, in words.
    pub fn proposes(&self, lang: Lang) -> Option<String> {
        self.risk.as_ref().map(|(_, labels)| labels.get(lang).to_owned())
    }
}

/// The scores of a case, as its newest answers give them; none where there is no profile.
pub async fn of(work: &mut Work, case: &Case, judged: &Judged) -> Result<Vec<Scored>, Error> {
    let Some(profile) = &judged.profile else { return Ok(Vec::new()) };
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    let mut scores = Vec::new();
    for score in &pack.scores {
        let compiled = rules::compile_score(&score.expression, &judged.known.for_rules())
            .map_err(|_| anyhow::anyhow!("the score {} of the pack {} does not compile here", score.code, pack.name))?;
        let value = compiled.value(profile);
        let risk = value.and_then(|value| band(score, value)).and_then(|risk| pack.risk_level(risk));
        scores.push(Scored {
            code: score.code.clone(),
            labels: score.labels.clone(),
            value,
            lacks: compiled.lacks(profile),
            reads: compiled.fields(),
            parts: if value.is_some() { compiled.parts(profile) } else { Vec::new() },
            risk: risk.map(|level| (level.code.clone(), level.labels.clone())),
        });
    }
    Ok(scores)
}

// The band with the highest beginning that the number reaches.
fn band(score: &PackScore, value: f64) -> Option<&str> {
    let reached = score.bands.iter().filter(|band| f64::from(band.from) <= value);
    reached.max_by_key(|band| band.from).map(|band| band.risk.as_str())
}

/// A number with one place after the point, or none where it is whole.
pub fn shown(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
