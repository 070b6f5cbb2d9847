//! The words of the loaded packs that the directory speaks: needs, guarded case types, and when an entry is out of date.
use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::error::Error;
use crate::packs::{self, Labels, Period, Sensitivity};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::parts::Choice;

/// What the newest version of every pack says of services.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Needs in the packs' order, each code once.
    pub needs: Vec<(String, Labels)>,
    /// Case types that are not standard: who is cleared for one may be told of a hidden service.
    pub guarded_types: Vec<(i16, Labels)>,
    /// Entries last confirmed before this moment are out of date.
    pub stale_before: DateTime<Utc>,
}

/// Reads the vocabulary.
pub async fn vocabulary(work: &mut Work) -> Result<Vocabulary, Error> {
    let now = work.now();
    let mut known = Vocabulary { stale_before: before(now, Period::Months(6)), ..Vocabulary::default() };
    let packs = packs::store::newest(work).await?;
    // Where packs differ, the shorter period holds: an entry is only as good as its most careful reader needs.
    if let Some(period) = packs.iter().map(|(_, pack)| pack.deadlines.directory_entry).min_by_key(|period| period.rough_hours()) {
        known.stale_before = before(now, period);
    }
    for (_, pack) in packs {
        for need in &pack.needs {
            if !known.needs.iter().any(|(code, _)| *code == need.code) {
                known.needs.push((need.code.clone(), need.labels.clone()));
            }
        }
        let guarded = pack.case_types.iter().filter(|case_type| case_type.sensitivity != Sensitivity::Standard);
        known.guarded_types.extend(guarded.map(|case_type| (i16::from(case_type.id), case_type.labels.clone())));
    }
    Ok(known)
}

fn before(now: DateTime<Utc>, period: Period) -> DateTime<Utc> {
    let earlier = match period {
        Period::Months(count) => now.checked_sub_months(Months::new(u32::from(count))),
        Period::Years(count) => now.checked_sub_months(Months::new(u32::from(count) * 12)),
        other => now.checked_sub_signed(TimeDelta::hours(i64::from(other.rough_hours()))),
    };
    earlier.unwrap_or(now)
}

impl Vocabulary {
    /// The label of a need, or its code where no loaded pack knows it.
    pub fn need<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.needs.iter().find(|(known, _)| known == code).map_or(code, |(_, labels)| labels.get(lang))
    }

    /// The code of the need that a term of another taxonomy means, by its code or by its label in any language.
    pub fn need_of_term(&self, term: &str) -> Option<&str> {
        let wanted = fold(term);
        let means =
            |code: &str, labels: &Labels| fold(code) == wanted || Lang::ALL.iter().any(|lang| fold(labels.get(*lang)) == wanted);
        self.needs.iter().find(|(code, labels)| means(code, labels)).map(|(code, _)| code.as_str())
    }

    /// The needs as options.
    pub fn need_choices(&self, lang: Lang) -> Vec<Choice> {
        self.needs.iter().map(|(code, labels)| Choice::new(code.clone(), labels.get(lang))).collect()
    }
}

// `Mental-health`, `mental health` and `mental_health` are one word.
fn fold(text: &str) -> String {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_means_a_need_by_code_or_by_label_in_any_language() {
        let labels = Labels {
            en: "Legal aid".into(),
            ar: "المساعدة القانونية".into(),
            fr: "Aide juridique".into(),
            es: "Asistencia legal".into(),
        };
        let known = Vocabulary { needs: vec![("legal_aid".into(), labels)], ..Vocabulary::default() };
        for term in ["legal_aid", "LEGAL-AID", " Aide  juridique", "المساعدة القانونية"] {
            assert_eq!(known.need_of_term(term), Some("legal_aid"), "{term}");
        }
        assert_eq!(known.need_of_term("Legal"), None);
    }
}
