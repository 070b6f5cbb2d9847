//! Judging a case: every rule in force over the case's profile, and the entry of a service where it has no rule.
use std::collections::HashMap;
use std::sync::Arc;

use rules::{Explanation, Profile, Verdict};
use serde_json::Value;

use super::known::Known;
use super::rule::Rule;
use super::store;
use crate::cases::Case;
use crate::directory::Listed;
use crate::error::Error;
use crate::forms::{self, Submission, profile};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;

/// One condition and whether it holds.
#[derive(Debug, Clone)]
pub enum Clause {
    /// A clause of the service's rule.
    Rule(rules::Clause),
    /// The ages that the entry names, and the person's.
    Ages { min: Option<i32>, max: Option<i32>, age: Option<i32> },
    /// The sexes that the entry names, and the person's.
    Sexes { sexes: Vec<String>, sex: Option<String> },
}

impl Clause {
    /// Whether it holds; `None` while something is unknown.
    pub fn holds(&self) -> Option<bool> {
        match self {
            Self::Rule(clause) => clause.holds,
            Self::Ages { min, max, age } => age.map(|age| min.is_none_or(|min| min <= age) && max.is_none_or(|max| age <= max)),
            Self::Sexes { sexes, sex } => sex.as_ref().map(|sex| sexes.contains(sex)),
        }
    }
}

/// Whether a service is for somebody, and why.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Eligible, not eligible or unknown.
    pub verdict: Verdict,
    /// The version of the rule that was applied; `None` where the entry alone was.
    pub number: Option<i32>,
    /// Every condition.
    pub clauses: Vec<Clause>,
    /// Fields that are unknown and could still change the verdict.
    pub decides: Vec<String>,
    /// What its fields are called and where each is asked.
    pub known: Arc<Known>,
}

impl Judgement {
    /// Something is unknown, and can be asked on the case at hand.
    pub fn is_to_ask(&self) -> bool {
        self.verdict == Verdict::Unknown
            && (self.decides.is_empty() || self.decides.iter().any(|name| self.known.can_be_asked(name)))
    }

    /// Nothing says for whom the service is.
    pub fn names_no_condition(&self) -> bool {
        self.clauses.is_empty()
    }

    /// It says of itself that it is not for this person.
    pub fn is_against(&self) -> bool {
        self.verdict == Verdict::NotEligible
    }

    /// From a rule; nothing where it speaks of something else than the case's pack calls so.
    pub fn by_rule(rule: &Rule, profile: &Profile, known: &Arc<Known>) -> Result<Option<Self>, Error> {
        let ready = rule.ready()?;
        let is_meant = known.is_meant(rule.speaks_of.as_deref(), &ready.fields());
        Ok(is_meant.then(|| Self { number: Some(rule.number), ..Self::explained(ready.explain(profile), known) }))
    }

    /// From what the evaluator says, of a rule without a number yet.
    pub fn explained(explained: Explanation, known: &Arc<Known>) -> Self {
        Self {
            verdict: explained.verdict,
            number: None,
            clauses: explained.clauses.into_iter().map(Clause::Rule).collect(),
            decides: explained.decides,
            known: known.clone(),
        }
    }

    /// From the ages and sexes of the entry.
    pub fn by_entry(service: &Listed, age: Option<i32>, sex: Option<&str>) -> Self {
        let mut clauses = Vec::new();
        let mut decides = Vec::new();
        if service.min_age.is_some() || service.max_age.is_some() {
            clauses.push(Clause::Ages { min: service.min_age, max: service.max_age, age });
            decides.extend(age.is_none().then(|| "member.age".to_owned()));
        }
        if !service.sexes.is_empty() {
            let sex = sex.filter(|sex| *sex != "unknown").map(str::to_owned);
            decides.extend(sex.is_none().then(|| "member.sex".to_owned()));
            clauses.push(Clause::Sexes { sexes: service.sexes.clone(), sex });
        }
        let verdict = if clauses.iter().any(|clause| clause.holds() == Some(false)) {
            decides.clear();
            Verdict::NotEligible
        } else if decides.is_empty() {
            Verdict::Eligible
        } else {
            Verdict::Unknown
        };
        Self { verdict, number: None, clauses, decides, known: Arc::default() }
    }
}

/// What is known of somebody, and the rules that apply to them.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// By service: those that have a rule in force which is meant for such a case.
    pub by_rule: HashMap<ServiceId, Judgement>,
    /// Where the household lives, where a form asked for it.
    pub at: Option<(f64, f64)>,
    /// What is known; `None` where rules read nothing.
    pub profile: Option<Profile>,
    /// The fields that rules speak of.
    pub known: Arc<Known>,
}

/// Judges a case by every rule that the reader may see. Restricted cases have no profile: of them only the entries speak (S16).
pub async fn judge(work: &mut Work, case: &Case) -> Result<Judged, Error> {
    let copies = forms::store::submissions(work, case.id).await?;
    judge_with(work, case, &copies).await
}

/// The same for whoever read the case's copies already.
pub async fn judge_with(work: &mut Work, case: &Case, copies: &[Submission]) -> Result<Judged, Error> {
    let mut known = Known::of_case_type(work, case.case_type).await?;
    known.drafts = copies.iter().filter(|copy| copy.is_draft()).map(|copy| (copy.code.clone(), copy.path())).collect();
    let mut judged = Judged { known: Arc::new(known), ..Judged::default() };
    if case.sensitivity() == Sensitivity::Restricted {
        return Ok(judged);
    }
    let values = profile::known(work, case).await?;
    let profile = as_profile(&values)?;
    for (service, rule) in store::active(work).await? {
        if let Some(judgement) = Judgement::by_rule(&rule, &profile, &judged.known)? {
            judged.by_rule.insert(service, judgement);
        }
    }
    judged.at = place(&values);
    judged.profile = Some(profile);
    Ok(judged)
}

/// Values as the evaluator takes them.
pub fn as_profile(values: &Value) -> Result<Profile, Error> {
    Ok(serde_json::from_value(values.clone()).map_err(anyhow::Error::from)?)
}

// Two numbers that a pack may declare; the registry keeps no coordinates of people.
fn place(values: &Value) -> Option<(f64, f64)> {
    let of = |name: &str| values.get("household")?.get(name)?.as_f64();
    of("latitude").zip(of("longitude"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::matching::sample;

    #[test]
    fn an_entry_judges_by_its_ages_and_sexes_and_the_unknown_stays_unknown() {
        let women = Listed { sexes: vec!["female".into()], min_age: Some(18), ..sample("women") };
        let judged = |age, sex| Judgement::by_entry(&women, age, sex);
        assert_eq!(judged(Some(30), Some("female")).verdict, Verdict::Eligible);
        assert_eq!(judged(Some(30), None).decides, ["member.sex"]);
        let child = judged(Some(9), None);
        assert_eq!((child.verdict, child.decides.len()), (Verdict::NotEligible, 0));
        assert!(Judgement::by_entry(&sample("all"), None, None).names_no_condition());
    }
}
