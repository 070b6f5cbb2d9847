//! Judging a chunk of cases by every line at once, column by column, and writing it down small. No SQL, no names.
use std::collections::{HashMap, HashSet};

use rules::{Batch, Fields, NO_REASON, Rule, Score, Verdict};
use uuid::Uuid;

use super::course::{Counts, Line, Screening};
use super::store;
use crate::eligibility::Known;
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;

/// Cases as they were read, column by column.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// Which.
    pub cases: Vec<Uuid>,
    /// Their types.
    pub types: Vec<i16>,
    /// Their packs.
    pub packs: Vec<String>,
    /// What is known of each, as JSON.
    pub profiles: Vec<String>,
    /// What the screening before found.
    pub before: Vec<Option<Vec<u8>>>,
}

/// What came of a chunk, as it is kept.
#[derive(Debug, Default)]
pub struct Judged {
    /// Which.
    pub cases: Vec<Uuid>,
    /// Their types.
    pub types: Vec<i16>,
    /// Two bits for each line.
    pub verdicts: Vec<Vec<u8>>,
    /// A byte for each line: the place of the condition that decided.
    pub reasons: Vec<Vec<u8>>,
    /// Two bits for each line where something changed.
    pub changes: Vec<Option<Vec<u8>>>,
    /// How much help each needs.
    pub need: Vec<Option<f32>>,
    /// What each line counts.
    pub counts: Vec<Counts>,
}

/// The rules of a screening, ready to judge.
pub struct Prepared {
    fields: Fields,
    rules: Vec<Rule>,
    // The packs whose cases each rule is not meant for.
    not_for: Vec<HashSet<String>>,
    // Which line of the screening before asked the same service.
    before: Vec<Option<usize>>,
    // The score that says how much help a case of this pack needs.
    scores: HashMap<String, Score>,
}

impl Prepared {
    /// Reads the rules that the screening keeps, and what orders its cases.
    pub async fn of(work: &mut Work, screening: &Screening) -> Result<Self, Error> {
        let known = Known::of(work).await?.for_rules();
        let earlier = match screening.previous {
            Some(id) => store::find(work, id).await?.lines,
            None => Vec::new(),
        };
        let mut scores = HashMap::new();
        let packs = packs::store::newest(work).await?;
        for (_, pack) in &packs {
            // A pack is checked before it is loaded; a score that does not fit the fields of today orders nothing.
            let first = pack.scores.first().and_then(|score| rules::compile_score(&score.expression, &known).ok());
            scores.extend(first.map(|score| (pack.name.clone(), score)));
        }
        let ready = Self::ready(&known, &screening.lines, &earlier, scores)?;
        let each = Known::of_each(&packs);
        let not_for = |(line, rule): (&Line, &Rule)| {
            let names = rule.fields();
            let others = each.iter().filter(|(_, known)| !known.is_meant(line.pack.as_deref(), &names));
            others.map(|(pack, _)| pack.clone()).collect::<HashSet<String>>()
        };
        let not_for = screening.lines.iter().zip(&ready.rules).map(not_for).collect();
        Ok(Self { not_for, ..ready })
    }

    fn ready(known: &Fields, lines: &[Line], earlier: &[Line], scores: HashMap<String, Score>) -> Result<Self, Error> {
        let rule = |line: &Line| serde_json::from_value(line.compiled.clone()).map_err(anyhow::Error::from);
        let rules = lines.iter().map(rule).collect::<Result<Vec<Rule>, _>>()?;
        let used = rules.iter().flat_map(Rule::fields).chain(scores.values().flat_map(Score::fields)).collect();
        let fields = known.only(&used);
        let before = lines.iter().map(|line| earlier.iter().position(|one| one.service == line.service)).collect();
        let not_for = vec![HashSet::new(); lines.len()];
        Ok(Self { fields, rules, not_for, before, scores })
    }
}

/// Judges every case of a chunk by every line.
pub fn judge(prepared: &Prepared, chunk: &Chunk) -> Result<Judged, Error> {
    let batch = batch(&prepared.fields, &chunk.profiles)?;
    let (rows, lines) = (chunk.cases.len(), prepared.rules.len());
    let mut judged = Judged {
        cases: chunk.cases.clone(),
        types: chunk.types.clone(),
        verdicts: vec![vec![0; bytes_for(lines)]; rows],
        reasons: vec![vec![0; lines]; rows],
        changes: vec![None; rows],
        need: need(prepared, &batch, chunk),
        counts: vec![Counts::default(); lines],
    };
    let (mut verdicts, mut reasons) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    for (line, rule) in prepared.rules.iter().enumerate() {
        rule.judge_batch_with_reasons(&batch, &mut verdicts, &mut reasons);
        let before = prepared.before[line];
        for (row, (verdict, reason)) in verdicts.iter().zip(&reasons).enumerate() {
            // A rule that means something else by its words says nothing of this case: it is counted nowhere, and compared with nothing.
            if prepared.not_for[line].contains(&chunk.packs[row]) {
                judged.reasons[row][line] = NO_REASON;
                continue;
            }
            note(&mut judged, (row, line), *verdict, *reason);
            let earlier = before.zip(chunk.before[row].as_deref());
            compare(&mut judged, (row, line), *verdict, earlier, bytes_for(lines));
        }
    }
    Ok(judged)
}

fn batch(fields: &Fields, profiles: &[String]) -> Result<Batch, Error> {
    let mut batch = Batch::new(fields);
    for profile in profiles {
        batch.push_json(profile.as_bytes()).map_err(|error| anyhow::anyhow!("a profile can't be read: {error}"))?;
    }
    Ok(batch)
}

fn need(prepared: &Prepared, batch: &Batch, chunk: &Chunk) -> Vec<Option<f32>> {
    let mut need = vec![None; chunk.cases.len()];
    for (pack, score) in &prepared.scores {
        let mut values = Vec::with_capacity(chunk.cases.len());
        score.value_batch(batch, &mut values);
        for (row, value) in values.into_iter().enumerate().filter(|(row, _)| chunk.packs[*row] == *pack) {
            // A score orders cases; seven digits do.
            need[row] = value.map(|value: f64| value as f32);
        }
    }
    need
}

fn note(judged: &mut Judged, (row, line): (usize, usize), verdict: Verdict, reason: u8) {
    judged.reasons[row][line] = reason;
    let counts = &mut judged.counts[line];
    match verdict {
        Verdict::Eligible => {
            counts.eligible += 1;
            set(&mut judged.verdicts[row], line, ELIGIBLE);
        }
        Verdict::NotEligible => counts.not_eligible += 1,
        Verdict::Unknown => {
            counts.unknown += 1;
            let place = usize::from(reason);
            if counts.lacking.len() <= place {
                counts.lacking.resize(place + 1, 0);
            }
            counts.lacking[place] += 1;
            set(&mut judged.verdicts[row], line, UNKNOWN);
        }
    }
}

// Only what both screenings asked is compared: a case that is new, or a service that is, changed nothing.
fn compare(judged: &mut Judged, at: (usize, usize), verdict: Verdict, earlier: Option<(usize, &[u8])>, bytes: usize) {
    let Some((place, earlier)) = earlier else { return };
    let ((row, line), was, is) = (at, is_set(earlier, place, ELIGIBLE), verdict == Verdict::Eligible);
    if was == is {
        return;
    }
    let changes = judged.changes[row].get_or_insert_with(|| vec![0; bytes]);
    set(changes, line, if is { NEWLY } else { NO_LONGER });
    let counts = &mut judged.counts[line];
    if is {
        counts.newly += 1;
    } else {
        counts.no_longer += 1;
    }
}

/// The lower bit of a line's two.
pub const ELIGIBLE: usize = 0;
/// The upper one.
pub const UNKNOWN: usize = 1;
/// Of changes: the lower one.
pub const NEWLY: usize = 0;
/// Of changes: the upper one.
pub const NO_LONGER: usize = 1;

/// The place of a line's bit, as the database's `get_bit` counts them.
pub fn bit(line: usize, which: usize) -> usize {
    line * 2 + which
}

fn set(bits: &mut [u8], line: usize, which: usize) {
    let bit = bit(line, which);
    bits[bit / 8] |= 1 << (bit % 8);
}

fn is_set(bits: &[u8], line: usize, which: usize) -> bool {
    let bit = bit(line, which);
    bits.get(bit / 8).is_some_and(|byte| byte & (1 << (bit % 8)) != 0)
}

fn bytes_for(lines: usize) -> usize {
    (lines * 2).div_ceil(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{RowId, ServiceId};
    use rules::{Field, Kind};

    fn fields() -> Fields {
        let field = |name: &str, kind| Field { name: name.to_owned(), kind, choices: Vec::new() };
        Fields {
            household: vec![field("income", Kind::Number), field("has_toilet", Kind::Bool)],
            members: vec![field("age", Kind::Int)],
        }
    }

    fn line(text: &str, service: ServiceId) -> Line {
        let rule = rules::compile(text, &fields()).expect("a right rule");
        Line {
            service,
            name: String::new(),
            provider: String::new(),
            rule: RowId::new(),
            number: 1,
            compiled: serde_json::to_value(rule).expect("a rule is data"),
            pack: None,
            changed: false,
            is_compared: false,
            is_seen: true,
        }
    }

    fn judged(lines: &[Line], earlier: &[Line], before: Option<&[u8]>, profiles: &[&str]) -> Judged {
        judged_by(&Prepared::ready(&fields(), lines, earlier, HashMap::new()).expect("it is ready"), before, profiles)
    }

    fn judged_by(prepared: &Prepared, before: Option<&[u8]>, profiles: &[&str]) -> Judged {
        let chunk = Chunk {
            cases: profiles.iter().map(|_| Uuid::now_v7()).collect(),
            types: vec![3; profiles.len()],
            packs: vec!["protection".into(); profiles.len()],
            profiles: profiles.iter().map(|text| (*text).to_owned()).collect(),
            before: vec![before.map(<[u8]>::to_vec); profiles.len()],
        };
        judge(prepared, &chunk).expect("it judges")
    }

    const POOR: &str = r#"{"household":{"income":50,"has_toilet":true},"members":[{"age":70}]}"#;
    const RICH: &str = r#"{"household":{"income":500},"members":[{"age":9}]}"#;
    const UNASKED: &str = r#"{"household":{"has_toilet":true},"members":[]}"#;

    #[test]
    fn every_case_is_judged_by_every_line_and_the_unknown_says_what_is_lacking() {
        let lines = [
            line("household.has_toilet && household.income < 100.0", ServiceId::new()),
            line("members.exists(m, m.age >= 60)", ServiceId::new()),
        ];
        let judged = judged(&lines, &[], None, &[POOR, RICH, UNASKED]);
        let counted: Vec<_> = judged.counts.iter().map(|one| (one.eligible, one.not_eligible, one.unknown)).collect();
        assert_eq!(counted, [(1, 1, 1), (1, 2, 0)]);
        assert_eq!(judged.verdicts, [[0b0101], [0b0000], [0b0010]]);
        // Income is the second condition.
        assert_eq!(judged.counts[0].lacking_most(), Some((1, 1)));
    }

    #[test]
    fn a_case_of_a_pack_that_a_rule_is_not_meant_for_is_counted_nowhere_and_lost_nothing() {
        let lines = [line("household.has_toilet", ServiceId::new())];
        let mut prepared = Prepared::ready(&fields(), &lines, &lines, HashMap::new()).expect("it is ready");
        prepared.not_for[0].insert("protection".into());
        let judged = judged_by(&prepared, Some(&[0b01]), &[POOR, RICH]);
        assert_eq!(judged.counts, [Counts::default()]);
        assert_eq!(judged.changes, [None, None]);
    }

    #[test]
    fn a_verdict_that_differs_from_the_screening_before_is_a_change() {
        let (old, new) = (ServiceId::new(), ServiceId::new());
        let lines = [line("household.income < 100.0", new), line("household.has_toilet", old)];
        let earlier = [line("household.has_toilet", old)];
        // The old service was not for this household: now it is. The new one was not asked.
        let after = judged(&lines, &earlier, Some(&[0b00]), &[POOR]);
        assert_eq!((after.counts[0].newly, after.counts[1].newly), (0, 1));
        assert_eq!(after.changes, [Some(vec![0b0100])]);
        let same = judged(&lines, &earlier, Some(&[0b01]), &[POOR]);
        assert_eq!(same.changes, [None]);
        let lost = judged(&lines, &earlier, Some(&[0b01]), &[r#"{"household":{"has_toilet":false},"members":[]}"#]);
        assert_eq!((lost.counts[1].no_longer, lost.changes), (1, vec![Some(vec![0b1000])]));
    }
}
