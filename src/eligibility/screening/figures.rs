//! What a screening found, as it may be shown: small cells are hidden, and so is what they could be worked out from (S15).
use std::collections::BTreeMap;

use rules::{Answers, Profile, Rule, Verdict};

use super::changes::Turn;
use super::course::{Counts, Line, Screening};
use crate::access::suppress;
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::ids::ServiceId;

/// The figures of one line; none where a figure is hidden.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The place of the line in its screening.
    pub nth: usize,
    /// The service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
    /// Whose service.
    pub provider: String,
    /// The version of its rule.
    pub number: i32,
    /// The pack that brought it.
    pub pack: Option<String>,
    /// The screening before asked another version.
    pub changed_rule: bool,
    /// It was asked of some case; else its rule speaks of another programme than all of them.
    pub is_asked: bool,
    /// Cases that meet the rule.
    pub eligible: Option<u64>,
    /// Cases that don't.
    pub not_eligible: Option<u64>,
    /// Cases of which something must be asked.
    pub unknown: Option<u64>,
    /// Of a hundred cases, how many are eligible.
    pub share: u32,
    /// The fields that most of the unknown cases lack.
    pub lacking: Vec<String>,
    /// The screening before asked the service too; else nothing is newly so, and nothing no longer.
    pub is_compared: bool,
    /// Eligible now and not before.
    pub newly: Option<u64>,
    /// Eligible before and not now.
    pub no_longer: Option<u64>,
    /// Eligible, and left out of the proposals: by reason.
    pub left_out: BTreeMap<String, Option<u64>>,
}

/// The figures of every line whose service the reader sees (S14).
pub fn of(screening: &Screening) -> Result<Vec<Figures>, Error> {
    let lines = screening.lines.iter().zip(&screening.counts).enumerate().filter(|(_, (line, _))| line.is_seen);
    lines.map(|(nth, (line, counts))| of_line(nth, line, counts)).collect()
}

/// The figure behind which a list of what was found stands. Where it is hidden there is no list: it would say what is hidden.
pub fn found(screening: &Screening, nth: usize, verdict: Verdict) -> Result<u64, Error> {
    let line = of_nth(screening, nth)?;
    let count = match verdict {
        Verdict::Eligible => line.eligible,
        Verdict::NotEligible => line.not_eligible,
        Verdict::Unknown => line.unknown,
    };
    count.ok_or(Error::NotFound)
}

/// The same of what changed; where nothing is compared, nothing did.
pub fn changed(screening: &Screening, nth: usize, turn: Turn) -> Result<u64, Error> {
    let line = of_nth(screening, nth)?;
    let count = match turn {
        Turn::Newly => line.newly,
        Turn::NoLonger => line.no_longer,
    };
    if line.is_compared { count.ok_or(Error::NotFound) } else { Ok(0) }
}

fn of_nth(screening: &Screening, nth: usize) -> Result<Figures, Error> {
    of(screening)?.into_iter().find(|line| line.nth == nth).ok_or(Error::NotFound)
}

fn of_line(nth: usize, line: &Line, counts: &Counts) -> Result<Figures, Error> {
    let sizes = [counts.eligible, counts.not_eligible, counts.unknown];
    let show = suppress::showable(&sizes, Sensitivity::Standard);
    let shown = |at: usize| (sizes[at] == 0 || show[at]).then_some(sizes[at]);
    let all: u64 = sizes.iter().sum();
    let eligible = shown(0);
    let share = eligible.and_then(|count| (count * 100).checked_div(all)).and_then(|share| u32::try_from(share).ok());
    Ok(Figures {
        nth,
        service: line.service,
        name: line.name.clone(),
        provider: line.provider.clone(),
        number: line.number,
        pack: line.pack.clone(),
        changed_rule: line.changed,
        is_asked: all > 0,
        eligible,
        not_eligible: shown(1),
        unknown: shown(2),
        share: share.unwrap_or_default(),
        lacking: lacking(line, counts)?,
        is_compared: line.is_compared,
        newly: line.is_compared.then(|| alone(counts.newly)).flatten(),
        no_longer: line.is_compared.then(|| alone(counts.no_longer)).flatten(),
        left_out: counts.left_out.iter().map(|(reason, count)| (reason.clone(), alone(*count))).collect(),
    })
}

// A figure that stands by itself.
fn alone(count: u64) -> Option<u64> {
    (count == 0 || count >= suppress::floor(Sensitivity::Standard)).then_some(count)
}

// The fields of the condition that most of the unknown cases lack first.
fn lacking(line: &Line, counts: &Counts) -> Result<Vec<String>, Error> {
    let Some((place, _)) = counts.lacking_most() else { return Ok(Vec::new()) };
    let rule: Rule = serde_json::from_value(line.compiled.clone()).map_err(anyhow::Error::from)?;
    // Of somebody of whom nothing is known the condition names everything that it looks at.
    let nobody = Profile { members: Some(vec![Answers::new()]), ..Profile::default() };
    let clause = rule.explain(&nobody).clauses.into_iter().nth(place);
    let mut fields: Vec<String> = clause.into_iter().flat_map(|clause| clause.values).map(|(field, _)| field).collect();
    fields.sort_unstable();
    fields.dedup();
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::RowId;

    fn figures(counts: &Counts) -> Figures {
        let line = Line {
            service: ServiceId::new(),
            name: "Cash".into(),
            provider: "Clinic".into(),
            rule: RowId::new(),
            number: 1,
            compiled: serde_json::Value::Null,
            pack: None,
            changed: false,
            is_compared: true,
            is_seen: true,
        };
        of_line(0, &line, counts).expect("figures")
    }

    #[test]
    fn s15_a_small_cell_is_hidden_and_what_it_could_be_worked_out_from() {
        let shown = figures(&Counts { eligible: 3, not_eligible: 40, unknown: 7, newly: 2, no_longer: 6, ..Counts::default() });
        assert_eq!((shown.eligible, shown.not_eligible, shown.unknown), (None, Some(40), None));
        assert_eq!((shown.newly, shown.no_longer, shown.share), (None, Some(6), 0));
        assert!(shown.is_asked && !figures(&Counts::default()).is_asked);
        let all = figures(&Counts { eligible: 6, not_eligible: 0, unknown: 6, ..Counts::default() });
        assert_eq!((all.eligible, all.not_eligible, all.unknown, all.share), (Some(6), Some(0), Some(6), 50));
    }
}
