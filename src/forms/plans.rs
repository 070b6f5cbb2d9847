//! Editions made ready to be filled in: read once, then kept in memory. An edition never changes, so a kept plan is never stale.
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Offset, Utc};
use chrono_tz::Tz;
use xforms::form::Form;
use xforms::instance::Instance;
use xforms::session::{Files, Plan, Surroundings};
use xforms::xpath::moment::Moment;

use super::openrosa::CASE_LIST;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::EditionId;
use crate::platform::lang::Lang;

// Plans of large forms take some megabytes each.
const KEPT: usize = 24;

static PLANS: Mutex<VecDeque<(EditionId, Arc<Plan>)>> = Mutex::new(VecDeque::new());

/// An edition made ready.
pub async fn plan(work: &mut Work, edition: EditionId) -> Result<Arc<Plan>, Error> {
    ready(work, edition).await?.map_err(Error::from)
}

/// The same; `None` where the edition itself can't be read. An outage says nothing about a form and is told as what it is.
pub async fn plan_maybe(work: &mut Work, edition: EditionId) -> Result<Option<Arc<Plan>>, Error> {
    Ok(ready(work, edition).await?.ok())
}

// The outer error is that of fetching it, the inner one that of reading it.
async fn ready(work: &mut Work, edition: EditionId) -> Result<anyhow::Result<Arc<Plan>>, Error> {
    if let Some(kept) = take(edition) {
        return Ok(Ok(kept));
    }
    let xform = store::xform(work, edition).await?;
    let files = store::lists(work, edition).await?;
    let plan = match made(&xform, &files) {
        Ok(plan) => Arc::new(plan),
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
    plans.retain(|(id, _)| *id != edition);
    plans.push_front((edition, plan.clone()));
    plans.truncate(KEPT);
    Ok(Ok(plan))
}

fn take(edition: EditionId) -> Option<Arc<Plan>> {
    let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
    let at = plans.iter().position(|(id, _)| *id == edition)?;
    let found = plans.remove(at)?;
    let plan = found.1.clone();
    plans.push_front(found);
    Some(plan)
}

fn made(xform: &str, files: &[(String, String)]) -> anyhow::Result<Plan> {
    let told = |problems: Vec<xforms::problem::Problem>| {
        anyhow::anyhow!("a kept form can't be read: {}", problems.first().map(ToString::to_string).unwrap_or_default())
    };
    let outcome = xforms::xform::read(xform);
    let form = outcome.form.ok_or_else(|| told(outcome.problems))?;
    let find = |address: &str| -> Option<Instance> {
        let name = address.rsplit('/').next().unwrap_or(address);
        let (_, text) = files.iter().find(|(file, _)| file == name)?;
        xforms::beside::read(address, text)
    };
    let files: Files<'_> = &find;
    Plan::new(form, files).map_err(told)
}

/// What a session of this worker knows of the world: the time where they are, their language, and their name for `username`.
pub fn surroundings(work: &Work, plan: &Plan, seed: u64) -> Surroundings {
    let language = language(plan, work.lang());
    let properties = vec![("username".to_owned(), work.standing.name.clone())];
    Surroundings { language, properties, ..Surroundings::new(moment(work.now(), work.zone()), seed) }
}

/// The same on a case: a form that asks which case it is about has this one to choose from, whatever list a phone would have.
pub fn on_case(work: &Work, plan: &Plan, case: &Case, seed: u64) -> Surroundings {
    let list = xforms::beside::read(CASE_LIST, &case_list(&case.code));
    let lists = list.into_iter().map(|list| (CASE_LIST.to_owned(), list)).collect();
    Surroundings { lists, ..surroundings(work, plan, seed) }
}

/// The list of cases that holds this one alone.
pub fn case_list(code: &str) -> String {
    format!("name,label\n{code},{code}\n")
}

/// A moment as the engine has it: with the offset from UTC, in minutes, that this zone has then.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> Moment {
    let offset = at.with_timezone(&zone).offset().fix().local_minus_utc() / 60;
    Moment { milliseconds: at.timestamp_millis(), offset }
}

/// The form's own name of this language; empty where it has none.
pub fn language(plan: &Plan, lang: Lang) -> String {
    let form = plan.form();
    spoken(form, lang).map(|at| form.languages[at].name.clone()).unwrap_or_default()
}

/// Which of a form's languages this one is: `Arabic (ar)` by its code, or the bare code.
pub fn spoken(form: &Form, lang: Lang) -> Option<usize> {
    let code = format!("({})", lang.code());
    let named = |name: &str| name.to_lowercase().contains(&code) || name.eq_ignore_ascii_case(lang.code());
    form.languages.iter().position(|language| named(&language.name))
}
