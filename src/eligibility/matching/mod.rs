//! Which services fit somebody's need, best first, each with the reasons why. What is unknown stays unknown and says so.
//!
//! `weights` says in which order the reasons count, `weigh` finds them, `chance` is the arithmetic of few people and of distances.
mod chance;
mod store;
mod weigh;
pub mod weights;

use std::collections::HashMap;

pub use chance::{Share, share};
pub use store::Beside;
pub(super) use weigh::span;

use super::judging::Judgement;
use super::preference::Preference;
use crate::directory::Listed;
use crate::directory::store::{Question, Reach, search};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};
use crate::platform::lang::Lang;
use crate::platform::text::text_with;

// More services than this for one need are not ranked: the search has put the accepting and near ones first.
const CANDIDATES: i64 = 200;

/// What is sought, and for whom, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A need's code; empty for any.
    pub need: String,
    /// `Amman` or `Amman / Downtown`; empty for no wish.
    pub area: String,
    /// Where the household lives, where that is known so closely.
    pub at: Option<(f64, f64)>,
    /// Codes of the languages the person speaks; empty for unknown.
    pub languages: Vec<String>,
    /// Whole years.
    pub age: Option<i32>,
    /// A code of the registry.
    pub sex: Option<String>,
    /// They have a lot of difficulty with one of the functions that the registry asks for.
    pub has_disability: bool,
    /// By service: those that have a rule. The others are judged by their entry.
    pub judged: HashMap<ServiceId, Judgement>,
    /// What the person says, by service.
    pub wishes: HashMap<ServiceId, Preference>,
    /// Services not to suggest at all.
    pub exclude: Vec<ServiceId>,
    /// Services to which a referral of this person has failed before, and why.
    pub declined: Vec<Declined>,
    /// How organisations answer, where enough is known of it; `None` where the reader may not know.
    pub records: Option<Vec<Record>>,
    /// At most so many.
    pub limit: usize,
}

/// A referral that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// The service.
    pub service: ServiceId,
    /// Why, in the words of the pack; empty where none were given.
    pub why: String,
    /// It was the person who did not want it.
    pub by_person: bool,
}

/// How an organisation has answered referrals so far, from figures that stand on enough of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// The organisation.
    pub org: OrgId,
    /// Half of its answers come within so many days.
    pub days_to_answer: Option<i64>,
    /// Half of its services are given within so many days.
    pub days_to_serve: Option<i64>,
    /// How many confirmed that the service came.
    pub confirmed: Option<Share>,
}

/// How a reason speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// For the service.
    For,
    /// Against it.
    Against,
    /// Nobody knows; the worker asks.
    Unknown,
}

/// One reason beside a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// How it speaks.
    pub speaks: Speaks,
    /// The key of its text.
    pub key: &'static str,
    /// What stands in the text.
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
        // A count is handed on as a number, so that each language finds its plural.
        let given = |(name, value): &(&'static str, String)| match value.parse::<i64>() {
            Ok(count) if *name == "count" => (*name, count.into()),
            _ => (*name, value.clone().into()),
        };
        let values: Vec<_> = self.values.iter().map(given).collect();
        text_with(lang, self.key, &values)
    }
}

/// A service and why it fits or does not.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// The service.
    pub service: Listed,
    /// What speaks for it and against it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Whether it is for this person, condition by condition.
    pub judgement: Judgement,
}

impl Suggestion {
    /// Whether the service says of itself that it is not for this person.
    pub fn is_for_others(&self) -> bool {
        self.judgement.is_against()
    }
}

/// The services for this need that the actor may see, best first. Three queries, however many there are.
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
    let ids: Vec<ServiceId> = found.services.iter().map(|service| service.id).collect();
    let beside = store::beside(work, &ids).await?;
    Ok(weigh::rank(found.services, wanted, &beside))
}

/// The fields that are unknown of most services, at most so many, with how many: what to ask first to know more.
pub fn worth_asking(suggestions: &[Suggestion], most: usize) -> Vec<(String, usize)> {
    most_named(suggestions.iter().flat_map(|suggestion| suggestion.judgement.decides.iter().map(String::as_str)), most)
}

/// Names with how often each comes, the most frequent first, then by name.
pub(super) fn most_named<'a>(names: impl Iterator<Item = &'a str>, most: usize) -> Vec<(String, usize)> {
    let mut counted = std::collections::BTreeMap::<&str, usize>::new();
    for name in names {
        *counted.entry(name).or_default() += 1;
    }
    let mut counted: Vec<(String, usize)> = counted.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    // Stable: names that come equally often stay in their order.
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.truncate(most);
    counted
}

/// A service that says nothing of itself but its name.
#[cfg(test)]
pub(super) fn sample(name: &str) -> Listed {
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
        visibility: crate::directory::Visibility::Public,
        verified_at: None,
        agreement: None,
        open_now: None,
        own: false,
    }
}
