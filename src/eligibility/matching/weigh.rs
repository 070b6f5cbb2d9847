//! Weighing services: the rank of each aspect, 0 the best, and what to say of it.
use std::collections::HashMap;

use rules::Verdict;

use super::chance::kilometres;
use super::weights::{ASPECTS, Aspect, FAR_KM, NEAR_KM, OFTEN, QUICK_DAYS, SELDOM, SHORT_WAIT_DAYS, SLOW_DAYS};
use super::{Beside, Reason, Record, Speaks, Suggestion, Wanted};
use crate::directory::Listed;
use crate::eligibility::judging::{Clause, Judgement};
use crate::platform::ids::ServiceId;

// The rank of one aspect, 0 the best, and what to say of it.
type Answer = (u32, Vec<Reason>);

/// Ranks services, best first.
pub(super) fn rank(services: Vec<Listed>, wanted: &Wanted, beside: &HashMap<ServiceId, Beside>) -> Vec<Suggestion> {
    let nothing = Beside::default();
    let mut suggestions: Vec<([u32; ASPECTS], Suggestion)> = services
        .into_iter()
        .map(|service| {
            let by_entry = || Judgement::by_entry(&service, wanted.age, wanted.sex.as_deref());
            let judgement = wanted.judged.get(&service.id).cloned().unwrap_or_else(by_entry);
            let beside = beside.get(&service.id).unwrap_or(&nothing);
            let answers = weigh(&Weighed { service: &service, wanted, judgement: &judgement, beside });
            let key = answers.each_ref().map(|answer| answer.0);
            let mut reasons: Vec<Reason> = answers.into_iter().flat_map(|answer| answer.1).collect();
            if service.requires_approval {
                reasons.push(Reason::new(Speaks::Unknown, "directory-reason-approval"));
            }
            (key, Suggestion { service, reasons, judgement })
        })
        .collect();
    // Stable: what ties keeps the order of the search.
    suggestions.sort_by_key(|(key, _)| *key);
    suggestions.into_iter().map(|(_, suggestion)| suggestion).take(wanted.limit).collect()
}

struct Weighed<'a> {
    service: &'a Listed,
    wanted: &'a Wanted,
    judgement: &'a Judgement,
    beside: &'a Beside,
}

// In the order of `Aspect`, which is the order in which they count.
const ORDER: [Aspect; ASPECTS] = [
    Aspect::Eligible,
    Aspect::Accepting,
    Aspect::Wish,
    Aspect::SaidNo,
    Aspect::Recorded,
    Aspect::Place,
    Aspect::Free,
    Aspect::Wait,
    Aspect::Language,
    Aspect::Access,
    Aspect::Answers,
    Aspect::Confirmed,
    Aspect::Agreement,
];

fn weigh(weighed: &Weighed<'_>) -> [Answer; ASPECTS] {
    ORDER.map(|aspect| match aspect {
        Aspect::Eligible => eligible(weighed.judgement),
        Aspect::Accepting => accepting(weighed.service),
        Aspect::Wish => wish(weighed),
        Aspect::SaidNo => said_no(weighed),
        Aspect::Recorded => nothing(u32::from(weighed.judgement.names_no_condition())),
        Aspect::Place => place(weighed),
        Aspect::Free => free_places(weighed.service),
        Aspect::Wait => waiting(weighed.service),
        Aspect::Language => language(weighed),
        Aspect::Access => access(weighed),
        Aspect::Answers => answering(weighed),
        Aspect::Confirmed => confirming(weighed),
        Aspect::Agreement => agreement(weighed.service),
    })
}

fn nothing(rank: u32) -> Answer {
    (rank, Vec::new())
}

fn said(rank: u32, speaks: Speaks, key: &'static str) -> Answer {
    (rank, vec![Reason::new(speaks, key)])
}

fn eligible(judgement: &Judgement) -> Answer {
    let rank = match judgement.verdict {
        Verdict::Eligible => 0,
        Verdict::Unknown => 1,
        Verdict::NotEligible => 2,
    };
    if judgement.number.is_none() {
        return (rank, judgement.clauses.iter().filter_map(by_entry).collect());
    }
    match judgement.verdict {
        Verdict::Eligible => said(rank, Speaks::For, "match-reason-eligible"),
        Verdict::Unknown => said(rank, Speaks::Unknown, "match-reason-unknown"),
        Verdict::NotEligible => said(rank, Speaks::Against, "match-reason-not-eligible"),
    }
}

fn by_entry(clause: &Clause) -> Option<Reason> {
    match clause {
        Clause::Ages { min, max, .. } => {
            let (speaks, key) = match clause.holds() {
                Some(true) => (Speaks::For, "directory-reason-age-yes"),
                Some(false) => (Speaks::Against, "directory-reason-age-no"),
                None => (Speaks::Unknown, "directory-reason-age-unknown"),
            };
            Some(Reason::new(speaks, key).with("ages", span(*min, *max)))
        }
        Clause::Sexes { .. } => Some(match clause.holds() {
            Some(true) => Reason::new(Speaks::For, "directory-reason-sex-yes"),
            Some(false) => Reason::new(Speaks::Against, "directory-reason-sex-no"),
            None => Reason::new(Speaks::Unknown, "directory-reason-sex-unknown"),
        }),
        Clause::Rule(_) => None,
    }
}

/// `18–60`, `18+`, `0–17`.
pub(in crate::eligibility) fn span(min: Option<i32>, max: Option<i32>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("{min}+"),
        (None, Some(max)) => format!("0–{max}"),
        (None, None) => String::new(),
    }
}

fn accepting(service: &Listed) -> Answer {
    if service.accepting {
        said(0, Speaks::For, "directory-reason-accepting")
    } else {
        said(1, Speaks::Against, "directory-reason-not-accepting")
    }
}

fn wish(weighed: &Weighed<'_>) -> Answer {
    let Some(said) = weighed.wanted.wishes.get(&weighed.service.id) else { return nothing(1) };
    let (rank, speaks, key, bare) = match said.wish.as_str() {
        "wanted" => (0, Speaks::For, "match-reason-wanted-why", "match-reason-wanted"),
        _ => (2, Speaks::Against, "match-reason-unwanted-why", "match-reason-unwanted"),
    };
    let reason =
        if said.words.is_empty() { Reason::new(speaks, bare) } else { Reason::new(speaks, key).with("why", &said.words) };
    (rank, vec![reason])
}

fn said_no(weighed: &Weighed<'_>) -> Answer {
    let before: Vec<_> = weighed.wanted.declined.iter().filter(|one| one.service == weighed.service.id).collect();
    let reason = |by_person: bool, why: &str| {
        let (key, bare) = match by_person {
            true => ("match-reason-person-said-no-why", "match-reason-person-said-no"),
            false => ("match-reason-declined-why", "directory-reason-declined"),
        };
        if why.is_empty() { Reason::new(Speaks::Against, bare) } else { Reason::new(Speaks::Against, key).with("why", why) }
    };
    let mut reasons: Vec<Reason> = Vec::new();
    for one in &before {
        let reason = reason(one.by_person, &one.why);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    (u32::from(!before.is_empty()), reasons)
}

fn place(weighed: &Weighed<'_>) -> Answer {
    let (service, wanted) = (weighed.service, weighed.wanted);
    let away = wanted.at.and_then(|from| {
        let all = weighed.beside.places.iter().map(|to| kilometres(from, *to));
        all.min_by(f64::total_cmp)
    });
    if let Some(away) = away {
        let (rank, speaks) = match away {
            ..=NEAR_KM => (0, Speaks::For),
            ..=FAR_KM => (1, Speaks::For),
            _ => (4, Speaks::Against),
        };
        return (rank, vec![Reason::new(speaks, "match-reason-distance").with("count", away.ceil() as i64)]);
    }
    let admin2 = wanted.area.split_once(" / ").map_or("", |(_, admin2)| admin2.trim());
    let same_district = !admin2.is_empty() && service.admin2.to_lowercase() == admin2.to_lowercase();
    let with = |rank, speaks, key, area: &str| (rank, vec![Reason::new(speaks, key).with("area", area)]);
    match service.in_area {
        Some(true) if same_district => with(0, Speaks::For, "directory-reason-near", &service.admin2),
        Some(true) => with(1, Speaks::For, "directory-reason-near", &service.admin1),
        Some(false) => with(3, Speaks::Against, "directory-reason-far", &service.admin1),
        None if service.has_place => nothing(2),
        None => said(2, Speaks::Unknown, "directory-reason-no-place"),
    }
}

fn free_places(service: &Listed) -> Answer {
    match service.places_free {
        Some(0) => said(2, Speaks::Against, "directory-reason-full"),
        Some(places) => (0, vec![Reason::new(Speaks::For, "directory-reason-places").with("count", places)]),
        None => said(1, Speaks::Unknown, "directory-reason-places-unknown"),
    }
}

fn waiting(service: &Listed) -> Answer {
    match service.waiting_days {
        Some(0) => said(0, Speaks::For, "directory-reason-no-wait"),
        Some(days) => {
            let speaks = if days <= SHORT_WAIT_DAYS { Speaks::For } else { Speaks::Against };
            // By weeks: a day more or less should not outweigh a shared language.
            (days.unsigned_abs() / 7, vec![Reason::new(speaks, "directory-reason-wait").with("count", days)])
        }
        // Between a short wait and a long one.
        None => nothing(2),
    }
}

fn language(weighed: &Weighed<'_>) -> Answer {
    let (service, wanted) = (weighed.service, weighed.wanted);
    if wanted.languages.is_empty() {
        return nothing(0);
    }
    if service.languages.is_empty() {
        return said(1, Speaks::Unknown, "directory-reason-language-unknown");
    }
    if service.languages.iter().any(|language| wanted.languages.contains(language)) {
        said(0, Speaks::For, "directory-reason-language-yes")
    } else {
        said(2, Speaks::Against, "directory-reason-language-no")
    }
}

// The entry says it in words of its own, so that whether they suit this person is for the worker to read.
fn access(weighed: &Weighed<'_>) -> Answer {
    if !weighed.wanted.has_disability {
        return nothing(0);
    }
    match weighed.beside.accessibility.trim() {
        "" => said(1, Speaks::Unknown, "match-reason-access-unknown"),
        words => (0, vec![Reason::new(Speaks::For, "match-reason-access").with("words", words)]),
    }
}

fn record<'a>(weighed: &Weighed<'a>) -> Option<&'a Record> {
    weighed.wanted.records.iter().flatten().find(|record| record.org == weighed.service.org)
}

// Nothing known stands between a good record and a bad one.
fn answering(weighed: &Weighed<'_>) -> Answer {
    let Some(record) = record(weighed) else { return nothing(1) };
    let mut reasons = Vec::new();
    let mut rank = 1;
    if let Some(days) = record.days_to_answer {
        let (place, speaks) = if days <= QUICK_DAYS {
            (0, Speaks::For)
        } else if days <= SLOW_DAYS {
            (1, Speaks::For)
        } else {
            (2, Speaks::Against)
        };
        rank = place;
        reasons.push(Reason::new(speaks, "directory-reason-answers").with("count", days));
    }
    if let Some(days) = record.days_to_serve {
        let speaks = if days <= i64::from(SHORT_WAIT_DAYS) { Speaks::For } else { Speaks::Against };
        reasons.push(Reason::new(speaks, "match-reason-serves").with("count", days));
    }
    (rank, reasons)
}

fn confirming(weighed: &Weighed<'_>) -> Answer {
    // Whoever may not read the figures is not told that there are none.
    if weighed.wanted.records.is_none() {
        return nothing(1);
    }
    let Some(share) = record(weighed).and_then(|record| record.confirmed) else {
        return said(1, Speaks::Unknown, "match-reason-few-confirmed");
    };
    let hundredth = |part: f64| (part * 100.0).round() as i64;
    let (rank, speaks) = match share.low {
        low if low >= OFTEN => (0, Speaks::For),
        low if low >= SELDOM => (1, Speaks::For),
        _ => (2, Speaks::Against),
    };
    let reason = Reason::new(speaks, "match-reason-confirmed")
        .with("count", hundredth(share.share))
        .with("low", hundredth(share.low))
        .with("high", hundredth(share.high))
        .with("of", share.of);
    (rank, vec![reason])
}

fn agreement(service: &Listed) -> Answer {
    match &service.agreement {
        Some(_) => said(0, Speaks::For, "directory-reason-agreement"),
        None => nothing(1),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Declined, sample, share};
    use super::*;
    use crate::eligibility::preference::Preference;

    fn names(services: Vec<Listed>, wanted: &Wanted) -> Vec<String> {
        let ranked = rank(services, &Wanted { limit: 9, ..wanted.clone() }, &HashMap::new());
        ranked.into_iter().map(|suggestion| suggestion.service.name).collect()
    }

    fn keys(service: &Listed, wanted: &Wanted) -> Vec<&'static str> {
        let ranked = rank(vec![service.clone()], &Wanted { limit: 1, ..wanted.clone() }, &HashMap::new());
        ranked[0].reasons.iter().map(|reason| reason.key).collect()
    }

    #[test]
    fn the_eligible_come_first_and_the_unknown_stay_unknown() {
        let adults = Listed { min_age: Some(18), ..sample("adults") };
        let children = Listed { max_age: Some(17), ..sample("children") };
        let women = Listed { sexes: vec!["female".into()], ..sample("women") };
        let wanted = Wanted { age: Some(30), ..Wanted::default() };
        assert_eq!(names(vec![children.clone(), women.clone(), adults], &wanted), ["adults", "women", "children"]);
        assert_eq!(keys(&women, &wanted)[0], "directory-reason-sex-unknown");
        assert_eq!(keys(&children, &wanted)[0], "directory-reason-age-no");
    }

    #[test]
    fn one_whose_conditions_are_met_comes_before_one_that_records_none_unless_the_person_would_rather() {
        let (met, none) = (Listed { min_age: Some(18), ..sample("met") }, Listed { places_free: Some(9), ..sample("none") });
        let wanted = Wanted { age: Some(30), ..Wanted::default() };
        assert_eq!(names(vec![none.clone(), met.clone()], &wanted), ["met", "none"]);
        let wishes = HashMap::from([(none.id, Preference { wish: "wanted".to_owned(), words: String::new() })]);
        assert_eq!(names(vec![met, none], &Wanted { wishes, ..wanted }), ["none", "met"]);
    }

    #[test]
    fn of_equals_the_one_that_answers_sooner_is_better_and_one_that_said_no_comes_last() {
        let (slow, quick, no) = (Listed { org: 2, ..sample("slow") }, Listed { org: 3, ..sample("quick") }, sample("no"));
        let record = |org, days| Record { org, days_to_answer: Some(days), days_to_serve: None, confirmed: None };
        let declined = vec![Declined { service: no.id, why: "No capacity".to_owned(), by_person: false }];
        let wanted = Wanted { records: Some(vec![record(2, 9), record(3, 1)]), declined, ..Wanted::default() };
        assert_eq!(names(vec![no.clone(), slow, quick], &wanted), ["quick", "slow", "no"]);
        assert!(keys(&no, &wanted).contains(&"match-reason-declined-why"));
    }

    #[test]
    fn of_two_eligible_services_the_one_that_accepts_is_better_however_near_the_other_is() {
        let near = Listed { accepting: false, in_area: Some(true), ..sample("near") };
        let far = Listed { in_area: Some(false), requires_approval: true, ..sample("far") };
        assert_eq!(names(vec![near, far.clone()], &Wanted::default()), ["far", "near"]);
        assert!(keys(&far, &Wanted::default()).contains(&"directory-reason-approval"));
    }

    #[test]
    fn what_the_person_says_outweighs_every_advantage_but_that_a_service_takes_them() {
        let (near, asked_for) = (Listed { in_area: Some(true), places_free: Some(9), ..sample("near") }, sample("asked for"));
        let refused = Listed { in_area: Some(true), ..sample("refused") };
        let says = |wish: &str| Preference { wish: wish.to_owned(), words: String::new() };
        let wishes = HashMap::from([(asked_for.id, says("wanted")), (refused.id, says("unwanted"))]);
        let wanted = Wanted { wishes, ..Wanted::default() };
        assert_eq!(names(vec![refused, near, asked_for], &wanted), ["asked for", "near", "refused"]);
    }

    #[test]
    fn of_two_that_look_alike_the_one_with_more_people_behind_it_is_surer() {
        let (few, many) = (Listed { org: 2, ..sample("few") }, Listed { org: 3, ..sample("many") });
        let record = |org, confirmed| Record { org, days_to_answer: None, days_to_serve: None, confirmed };
        let wanted = Wanted { records: Some(vec![record(2, share(21, 30)), record(3, share(700, 1000))]), ..Wanted::default() };
        assert_eq!(names(vec![few.clone(), many], &wanted), ["many", "few"]);
        assert!(keys(&sample("none"), &wanted).contains(&"match-reason-few-confirmed"), "too few say so");
        assert!(!keys(&few, &Wanted::default()).contains(&"match-reason-few-confirmed"), "whoever may not know is told nothing");
    }

    #[test]
    fn a_known_distance_counts_before_the_district() {
        let (close, elsewhere) = (Listed { in_area: Some(false), has_place: true, ..sample("close") }, sample("no place"));
        let places = HashMap::from([(close.id, Beside { places: vec![(31.96, 35.93)], ..Beside::default() })]);
        let wanted = Wanted { at: Some((31.95, 35.93)), limit: 9, ..Wanted::default() };
        let ranked = rank(vec![elsewhere, close], &wanted, &places);
        assert_eq!(ranked[0].service.name, "close");
        let distance = ranked[0].reasons.iter().find(|reason| reason.key == "match-reason-distance").expect("a distance");
        assert_eq!(distance.values, [("count", "2".to_owned())]);
    }
}
