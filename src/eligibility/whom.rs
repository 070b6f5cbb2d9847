//! For whom of a case a service is: where its rule or its entry asks something of a member, the member who meets it is meant.
use std::collections::HashMap;

use rules::{Answers, Profile, Value, Verdict};

use super::judging::{Clause, as_profile};
use super::known::Known;
use super::rule::Rule;
use super::store;
use crate::cases::Case;
use crate::directory::Service;
use crate::error::Error;
use crate::forms::profile;
use crate::packs::Sensitivity;
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ServiceId};

/// The people of a case, and what services ask of them.
#[derive(Debug)]
pub struct Members {
    // The person of the case first.
    each: Vec<One>,
    rules: HashMap<ServiceId, Rule>,
    profile: Profile,
    known: Known,
}

#[derive(Debug)]
struct One {
    id: PersonId,
    age: Option<i32>,
    sex: Option<String>,
}

impl Members {
    /// These people of a case. To restricted cases no rule is applied: of them only the entries speak (S16).
    pub async fn of(work: &mut Work, case: &Case, people: &[PersonId]) -> Result<Self, Error> {
        let today = work.today();
        let known = people::store::several(work, people).await?;
        let one = |person: &Person| One {
            id: person.id,
            age: person.age_on(today).and_then(|age| i32::try_from(age).ok()),
            sex: person.sex.clone().filter(|sex| sex != "unknown"),
        };
        let in_order = people.iter().filter_map(|id| known.iter().find(|person| person.id == *id));
        let mut each: Vec<One> = in_order.map(one).collect();
        each.sort_by_key(|one| one.id != case.person_id);
        let (rules, profile, known) = if case.sensitivity() == Sensitivity::Restricted {
            (HashMap::new(), Profile::default(), Known::default())
        } else {
            let known = Known::of_case_type(work, case.case_type).await?;
            (store::active(work).await?, as_profile(&profile::known(work, case).await?)?, known)
        };
        Ok(Self { each, rules, profile, known })
    }

    /// The one for whom the service speaks best by themselves; the person of the case where it speaks of nobody more than of them.
    pub fn meant(&self, service: &Service) -> Result<Option<PersonId>, Error> {
        let kept = self.rules.get(&service.id);
        let is_meant =
            |ready: &rules::Rule| self.known.is_meant(kept.and_then(|rule| rule.speaks_of.as_deref()), &ready.fields());
        let rule = kept.map(Rule::ready).transpose()?.filter(is_meant);
        let against = |one: &One| {
            let verdict = rule.as_ref().map_or_else(|| one.by_entry(service), |rule| rule.judge(&self.alone(one)));
            match verdict {
                Verdict::Eligible => 0,
                Verdict::Unknown => 1,
                Verdict::NotEligible => 2,
            }
        };
        // The first of several that are alike.
        Ok(self.each.iter().min_by_key(|one| against(one)).map(|one| one.id))
    }

    fn alone(&self, one: &One) -> Profile {
        alone(&self.profile, one.age, one.sex.as_deref())
    }
}

/// What is known of a household, with nobody in it but one of this age and sex.
pub fn alone(household: &Profile, age: Option<i32>, sex: Option<&str>) -> Profile {
    let mut answers = Answers::new();
    answers.extend(age.map(|age| ("age".to_owned(), Value::Int(age.into()))));
    answers.extend(sex.filter(|sex| *sex != "unknown").map(|sex| ("sex".to_owned(), Value::Text(sex.to_owned()))));
    Profile { household: household.household.clone(), members: Some(vec![answers]) }
}

impl One {
    fn by_entry(&self, service: &Service) -> Verdict {
        let (min, max) = (service.min_age, service.max_age);
        let ages = (min.is_some() || max.is_some()).then_some(Clause::Ages { min, max, age: self.age });
        let sexes = (!service.sexes.is_empty()).then(|| Clause::Sexes { sexes: service.sexes.clone(), sex: self.sex.clone() });
        let held: Vec<Option<bool>> = [ages, sexes].iter().flatten().map(Clause::holds).collect();
        if held.contains(&Some(false)) {
            Verdict::NotEligible
        } else if held.contains(&None) {
            Verdict::Unknown
        } else {
            Verdict::Eligible
        }
    }
}
