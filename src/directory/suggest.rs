//! Which services fit a person's need, best first, each with the reasons why. What is unknown stays unknown and says so.
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};
use crate::platform::lang::Lang;
use crate::platform::text::text_with;

use super::service::Listed;
use super::store::{Question, Reach, search};

// More services than this for one need are not ranked: the search has put the accepting and near ones first.
const CANDIDATES: i64 = 200;

const AGE_NO: &str = "directory-reason-age-no";
const SEX_NO: &str = "directory-reason-sex-no";

/// What is sought, and for whom, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A need's code.
    pub need: String,
    /// `Amman` or `Amman / Downtown`; empty for no wish.
    pub area: String,
    /// Codes of the languages the person speaks; empty for unknown.
    pub languages: Vec<String>,
    pub age: Option<i32>,
    pub sex: Option<String>,
    /// Services not to suggest at all.
    pub exclude: Vec<ServiceId>,
    /// Services that have said no to this person before; they come later.
    pub declined: Vec<ServiceId>,
    /// How organisations answer, where enough is known of it.
    pub records: Vec<Record>,
    pub limit: usize,
}

/// How an organisation has answered referrals so far, from figures that stand on enough of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub org: OrgId,
    /// Half of its answers come within so many days.
    pub days_to_answer: Option<i64>,
    /// Of a hundred persons, how many confirmed that the service came.
    pub confirmed: Option<i32>,
}

/// How a reason speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    For,
    Against,
    /// Nobody knows; the worker asks.
    Unknown,
}

/// One reason beside a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub speaks: Speaks,
    /// The key of its text.
    pub key: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Reason {
    fn new(speaks: Speaks, key: &'static str) -> Self {
        Self { speaks, key, values: Vec::new() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers pass numbers and words alike")]
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The reason in words.
    pub fn text(&self, lang: Lang) -> String {
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
        text_with(lang, self.key, &values)
    }
}

/// A service and why it fits or does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub service: Listed,
    pub reasons: Vec<Reason>,
}

impl Suggestion {
    /// Whether the service says of itself that it is not for somebody of this age or sex.
    pub fn is_for_others(&self) -> bool {
        self.reasons.iter().any(|reason| [AGE_NO, SEX_NO].contains(&reason.key))
    }
}

/// The services for this need that the actor may see, best first.
pub async fn suggest(work: &mut Work, wanted: &Wanted) -> Result<Vec<Suggestion>, Error> {
    let question = Question {
        need: wanted.need.clone(),
        area: wanted.area.clone(),
        reach: Reach::Anywhere,
        size: CANDIDATES,
        exclude: wanted.exclude.clone(),
        ..Question::default()
    };
    let found = search(work, &question).await?;
    Ok(rank(found.services, wanted))
}

fn rank(services: Vec<Listed>, wanted: &Wanted) -> Vec<Suggestion> {
    let mut suggestions: Vec<([u32; 10], Suggestion)> = services
        .into_iter()
        .map(|service| {
            let answers = weigh(&service, wanted);
            let key = answers.each_ref().map(|answer| answer.0);
            let mut reasons: Vec<Reason> = answers.into_iter().filter_map(|answer| answer.1).collect();
            if service.requires_approval {
                reasons.push(Reason::new(Speaks::Unknown, "directory-reason-approval"));
            }
            (key, Suggestion { service, reasons })
        })
        .collect();
    // Stable: what ties keeps the order of the search.
    suggestions.sort_by_key(|(key, _)| *key);
    suggestions.into_iter().map(|(_, suggestion)| suggestion).take(wanted.limit).collect()
}

// The rank of one aspect, 0 the best, and what to say of it.
type Answer = (u32, Option<Reason>);

// In the order in which they count.
fn weigh(service: &Listed, wanted: &Wanted) -> [Answer; 10] {
    [
        eligible(service, wanted),
        accepting(service),
        said_no(service, wanted),
        place(service),
        free_places(service),
        waiting(service),
        language(service, wanted),
        answering(service, wanted),
        confirming(service, wanted),
        agreement(service),
    ]
}

fn eligible(service: &Listed, wanted: &Wanted) -> Answer {
    let limited_age = service.min_age.is_some() || service.max_age.is_some();
    let age = if limited_age {
        wanted.age.map(|age| service.min_age.is_none_or(|min| min <= age) && service.max_age.is_none_or(|max| age <= max))
    } else {
        Some(true)
    };
    let sex = if service.sexes.is_empty() { Some(true) } else { wanted.sex.as_ref().map(|sex| service.sexes.contains(sex)) };
    let span = || match (service.min_age, service.max_age) {
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("{min}+"),
        (None, Some(max)) => format!("0–{max}"),
        (None, None) => String::new(),
    };
    match (age, sex) {
        (Some(false), _) => (2, Some(Reason::new(Speaks::Against, AGE_NO).with("ages", span()))),
        (_, Some(false)) => (2, Some(Reason::new(Speaks::Against, SEX_NO))),
        (None, _) => (1, Some(Reason::new(Speaks::Unknown, "directory-reason-age-unknown").with("ages", span()))),
        (_, None) => (1, Some(Reason::new(Speaks::Unknown, "directory-reason-sex-unknown"))),
        _ if limited_age => (0, Some(Reason::new(Speaks::For, "directory-reason-age-yes").with("ages", span()))),
        _ if !service.sexes.is_empty() => (0, Some(Reason::new(Speaks::For, "directory-reason-sex-yes"))),
        _ => (0, None),
    }
}

fn accepting(service: &Listed) -> Answer {
    if service.accepting {
        (0, Some(Reason::new(Speaks::For, "directory-reason-accepting")))
    } else {
        (1, Some(Reason::new(Speaks::Against, "directory-reason-not-accepting")))
    }
}

fn place(service: &Listed) -> Answer {
    let said = |speaks, key| Some(Reason::new(speaks, key).with("area", &service.admin1));
    match service.in_area {
        Some(true) => (0, said(Speaks::For, "directory-reason-near")),
        Some(false) => (2, said(Speaks::Against, "directory-reason-far")),
        None if service.has_place => (1, None),
        None => (1, Some(Reason::new(Speaks::Unknown, "directory-reason-no-place"))),
    }
}

fn free_places(service: &Listed) -> Answer {
    match service.places_free {
        Some(0) => (2, Some(Reason::new(Speaks::Against, "directory-reason-full"))),
        Some(places) => (0, Some(Reason::new(Speaks::For, "directory-reason-places").with("count", places))),
        None => (1, Some(Reason::new(Speaks::Unknown, "directory-reason-places-unknown"))),
    }
}

fn waiting(service: &Listed) -> Answer {
    match service.waiting_days {
        Some(0) => (0, Some(Reason::new(Speaks::For, "directory-reason-no-wait"))),
        Some(days) => {
            let speaks = if days <= 14 { Speaks::For } else { Speaks::Against };
            // By weeks: a day more or less should not outweigh a shared language.
            (days.unsigned_abs() / 7, Some(Reason::new(speaks, "directory-reason-wait").with("count", days)))
        }
        // Between a short wait and a long one.
        None => (2, None),
    }
}

fn language(service: &Listed, wanted: &Wanted) -> Answer {
    if wanted.languages.is_empty() {
        return (0, None);
    }
    if service.languages.is_empty() {
        return (1, Some(Reason::new(Speaks::Unknown, "directory-reason-language-unknown")));
    }
    if service.languages.iter().any(|language| wanted.languages.contains(language)) {
        (0, Some(Reason::new(Speaks::For, "directory-reason-language-yes")))
    } else {
        (2, Some(Reason::new(Speaks::Against, "directory-reason-language-no")))
    }
}

fn said_no(service: &Listed, wanted: &Wanted) -> Answer {
    if wanted.declined.contains(&service.id) {
        return (1, Some(Reason::new(Speaks::Against, "directory-reason-declined")));
    }
    (0, None)
}

fn record<'a>(service: &Listed, wanted: &'a Wanted) -> Option<&'a Record> {
    wanted.records.iter().find(|record| record.org == service.org)
}

// Nothing known stands between a good record and a bad one.
fn answering(service: &Listed, wanted: &Wanted) -> Answer {
    let Some(days) = record(service, wanted).and_then(|record| record.days_to_answer) else { return (1, None) };
    let said = |speaks| Some(Reason::new(speaks, "directory-reason-answers").with("count", days));
    match days {
        ..=2 => (0, said(Speaks::For)),
        3..=5 => (1, said(Speaks::For)),
        _ => (2, said(Speaks::Against)),
    }
}

fn confirming(service: &Listed, wanted: &Wanted) -> Answer {
    let Some(share) = record(service, wanted).and_then(|record| record.confirmed) else { return (1, None) };
    let said = |speaks| Some(Reason::new(speaks, "directory-reason-confirmed").with("count", share));
    match share {
        60.. => (0, said(Speaks::For)),
        30.. => (1, said(Speaks::For)),
        _ => (2, said(Speaks::Against)),
    }
}

fn agreement(service: &Listed) -> Answer {
    match &service.agreement {
        Some(_) => (0, Some(Reason::new(Speaks::For, "directory-reason-agreement"))),
        None => (1, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Visibility;

    fn service(name: &str) -> Listed {
        Listed {
            id: ServiceId::new(),
            org: 1,
            org_name: String::new(),
            in_system: true,
            unit: None,
            name: name.to_owned(),
            needs: Vec::new(),
            languages: Vec::new(),
            min_age: None,
            max_age: None,
            sexes: Vec::new(),
            admin1: String::new(),
            admin2: String::new(),
            has_place: false,
            in_area: None,
            accepting: true,
            capacity: None,
            places_free: None,
            waiting_days: None,
            requires_approval: false,
            visibility: Visibility::Public,
            verified_at: None,
            agreement: None,
            open_now: None,
            own: false,
        }
    }

    #[test]
    fn the_eligible_come_first_and_the_unknown_stay_unknown() {
        let adults = Listed { min_age: Some(18), ..service("adults") };
        let children = Listed { max_age: Some(17), ..service("children") };
        let women = Listed { sexes: vec!["female".into()], ..service("women") };
        let wanted = Wanted { age: Some(30), limit: 9, ..Wanted::default() };
        let ranked = rank(vec![children, women, adults], &wanted);
        let names: Vec<&str> = ranked.iter().map(|suggestion| suggestion.service.name.as_str()).collect();
        assert_eq!(names, ["adults", "women", "children"]);
        assert_eq!(ranked[1].reasons[0], Reason::new(Speaks::Unknown, "directory-reason-sex-unknown"));
        assert_eq!(ranked[2].reasons[0].speaks, Speaks::Against);
    }

    #[test]
    fn of_equals_the_one_that_answers_sooner_is_better_and_one_that_said_no_comes_last() {
        let (slow, quick, said_no) = (Listed { org: 2, ..service("slow") }, Listed { org: 3, ..service("quick") }, service("no"));
        let record = |org, days| Record { org, days_to_answer: Some(days), confirmed: None };
        let declined = vec![said_no.id];
        let wanted = Wanted { records: vec![record(2, 9), record(3, 1)], declined, limit: 9, ..Wanted::default() };
        let ranked = rank(vec![said_no, slow, quick], &wanted);
        let names: Vec<&str> = ranked.iter().map(|suggestion| suggestion.service.name.as_str()).collect();
        assert_eq!(names, ["quick", "slow", "no"]);
        assert_eq!(ranked[2].reasons.iter().filter(|reason| reason.key == "directory-reason-declined").count(), 1);
    }

    #[test]
    fn of_two_eligible_services_the_one_that_accepts_is_better_however_near_the_other_is() {
        let near = Listed { accepting: false, in_area: Some(true), ..service("near") };
        let far = Listed { in_area: Some(false), requires_approval: true, ..service("far") };
        let ranked = rank(vec![near, far], &Wanted { limit: 1, ..Wanted::default() });
        assert_eq!(ranked[0].service.name, "far");
        assert!(ranked[0].reasons.iter().any(|reason| reason.key == "directory-reason-approval"));
    }
}
