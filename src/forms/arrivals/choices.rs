//! What the registry knows of the people whom an arrival names, and the cases on which it may belong.
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use xforms::instance::Instance;
use xforms::session::{Plan, Session};

use super::people::{self as described, Described};
use crate::cases::{self, Case};
use crate::error::Error;
use crate::forms::openrosa::case_code;
use crate::forms::{Arrival, Form, Submission, plans, store};
use crate::packs::Sensitivity;
use crate::people::names::{self, Spelling};
use crate::people::search::{self, Who};
use crate::people::{Person, store as people};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, EditionId, FormId, PersonId, SubmissionId};
use crate::web::Page;

/// No more cases are offered; any other is named by its code.
const MOST_CASES: usize = 20;

/// Somebody whom the form describes, and who may be the same.
pub(super) struct Candidate {
    pub described: Described,
    pub same: Vec<Person>,
    /// Who may be the same but is not the actor's to open.
    pub elsewhere: Vec<Who>,
}

impl Candidate {
    /// Who may be the same elsewhere, as a search shows them: masked, and whom to ask.
    pub fn elsewhere_in_words(&self, p: &Page) -> Vec<String> {
        let said = self.elsewhere.iter().filter_map(|who| match who {
            Who::Masked { name, born_in, org, desk, .. } => {
                let born = born_in.map(|year| format!("{} {}", p.t("people-born"), p.reader.digits(&year.to_string())));
                let parts = [name.clone(), born.unwrap_or_default(), org.clone(), desk.clone()];
                Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
            }
            Who::Seen(_) => None,
        });
        said.collect()
    }
}

/// What an arrival says, ready for reading.
pub(super) struct Opened {
    pub plan: Arc<Plan>,
    pub instance: Instance,
    pub came_at: DateTime<Utc>,
    pub meant_for: Option<CaseId>,
}

impl Opened {
    /// It at work, as of when it came: an age in it must not grow from one look to the next.
    pub fn session(&self, work: &Work) -> Session {
        let mut surroundings = plans::surroundings(work, &self.plan, rand::random());
        surroundings.now = plans::moment(self.came_at, work.zone());
        Session::resume(self.plan.clone(), self.instance.clone(), surroundings)
    }
}

/// Opens an arrival that waits.
pub(super) async fn opened(work: &mut Work, arrival: &Arrival) -> Result<Opened, Error> {
    let plan = plans::plan(work, arrival.edition_id).await?;
    let xml = store::arrival_body(work, arrival.id).await?;
    let instance = Instance::read(&xml).map_err(|error| anyhow::anyhow!("a kept arrival can't be read: {error}"))?;
    let meant_for = store::meant_for(work, arrival.id).await?;
    Ok(Opened { plan, instance, came_at: arrival.recorded_at, meant_for })
}

/// The code of the case that an arrival was filled in for, for whoever sees that case. What waits there as a correction was not filled in for it.
pub(super) async fn meant(work: &mut Work, arrival: &Arrival) -> Result<Option<String>, Error> {
    if store::is_correction(work, arrival.id).await? {
        return Ok(None);
    }
    let Some(case) = store::meant_for(work, arrival.id).await? else { return Ok(None) };
    match cases::store::find(work, case).await {
        Ok(case) => Ok(Some(case.code)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Those whom an arrival describes, the head first, each with the persons of the registry who are likely the same. A form about one person
/// describes that one alone (S12).
pub(super) async fn candidates(work: &mut Work, arrival: &Arrival, form: &Form) -> Result<Vec<Candidate>, Error> {
    let opened = opened(work, arrival).await?;
    likely(work, &opened, form).await
}

/// The same, of an arrival that was opened.
pub(super) async fn likely(work: &mut Work, opened: &Opened, form: &Form) -> Result<Vec<Candidate>, Error> {
    let mut candidates = Vec::new();
    for one in told(work, opened, form) {
        let (same, elsewhere) = search::alike(work, &one.particulars, &one.contacts, &one.documents).await?;
        candidates.push(Candidate { described: one, same, elsewhere });
    }
    Ok(candidates)
}

fn told(work: &Work, opened: &Opened, form: &Form) -> Vec<Described> {
    let mut all = described::of(opened.plan.form(), &opened.instance, work.today());
    if form.subject != "household" {
        all.truncate(1);
    }
    all
}

/// Whether a copy that is put on a case names somebody else, as [`strangers_of_copy`] tells.
pub(in crate::forms) async fn names_other(
    work: &mut Work,
    case: &Case,
    (form, edition): (FormId, EditionId),
    instance: &Instance,
) -> Result<bool, Error> {
    // A form that can't be made ready names nobody, and its copy is kept all the same.
    let Some(plan) = plans::plan_maybe(work, edition).await? else { return Ok(false) };
    let form = store::form(work, form).await?;
    let opened = Opened { plan, instance: instance.clone(), came_at: work.now(), meant_for: None };
    Ok(instead_of_head(work, &opened, &form, case).await?.is_some())
}

/// Whom a copy names that stands on a case about others: as [`strangers`], where it names the person or the head. Members alone may be new.
pub(in crate::forms) async fn strangers_of_copy(
    work: &mut Work,
    case: &Case,
    copy: &Submission,
    instance: &Instance,
) -> Result<Option<(String, String)>, Error> {
    let (opened, form) = of_copy(work, copy, instance).await?;
    instead_of_head(work, &opened, &form, case).await
}

/// Whom a copy names that was marked as naming somebody else, and what its case goes by.
pub(in crate::forms) async fn both_names(
    work: &mut Work,
    case: &Case,
    copy: &Submission,
    instance: &Instance,
) -> Result<(String, String), Error> {
    let (opened, form) = of_copy(work, copy, instance).await?;
    let named = told(work, &opened, &form).first().map(|first| first.particulars.full_name()).unwrap_or_default();
    let names = cases::list::names(work, &[case.person_id.0]).await?;
    Ok((named, called(case, &names)))
}

async fn of_copy(work: &mut Work, copy: &Submission, instance: &Instance) -> Result<(Opened, Form), Error> {
    let plan = plans::plan(work, copy.edition_id).await?;
    let form = store::form(work, copy.form_id).await?;
    Ok((Opened { plan, instance: instance.clone(), came_at: copy.recorded_at, meant_for: None }, form))
}

async fn instead_of_head(work: &mut Work, opened: &Opened, form: &Form, case: &Case) -> Result<Option<(String, String)>, Error> {
    if told(work, opened, form).first().is_none_or(|first| first.relationship != "head") {
        return Ok(None);
    }
    strangers(work, opened, form, case).await
}

/// Whom a form names where the case is about others: its name, and what the case goes by. Nothing where it names nobody, or among others somebody of the
/// case, in whichever script and spelling.
pub(super) async fn strangers(
    work: &mut Work,
    opened: &Opened,
    form: &Form,
    case: &Case,
) -> Result<Option<(String, String)>, Error> {
    let named = told(work, opened, form);
    let Some(first) = named.first() else { return Ok(None) };
    let mut own = vec![case.person_id];
    if let Some(household) = case.household_id {
        match people::find_household(work, household).await {
            Ok(home) => own.extend(home.present().map(|member| member.person_id)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let ids: Vec<Uuid> = own.iter().map(|person| person.0).collect();
    let names = cases::list::names(work, &ids).await?;
    let is_called_so = |one: &Described| {
        let called = [one.particulars.name.as_str(), one.particulars.name_latin.as_str()];
        names.values().any(|name| called.iter().any(|called| is_alike(name, called)))
    };
    if named.iter().any(is_called_so) {
        return Ok(None);
    }
    // Under another name somebody may be known by a number.
    let candidates = likely(work, opened, form).await?;
    if candidates.iter().flat_map(|candidate| &candidate.same).any(|person| own.contains(&person.id)) {
        return Ok(None);
    }
    Ok(Some((first.particulars.full_name(), called(case, &names))))
}

// What a case goes by: where its type lets the name stand there, with it.
fn called(case: &Case, names: &HashMap<Uuid, String>) -> String {
    let name = names.get(&case.person_id.0).filter(|_| !case.goes_by_code());
    [name.cloned(), Some(case.code.clone())].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The same of a copy that stands on another case.
pub async fn strangers_on(
    work: &mut Work,
    copy: &Submission,
    form: &Form,
    case: &Case,
) -> Result<Option<(String, String)>, Error> {
    let plan = plans::plan(work, copy.edition_id).await?;
    let kept = store::answers(work, copy).await?;
    let instance = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let opened = Opened { plan, instance, came_at: copy.recorded_at, meant_for: None };
    strangers(work, &opened, form, case).await
}

/// What was settled of a copy holds for the one that takes its place, as long as that names the same person (S28).
pub(in crate::forms) async fn stays_settled(
    work: &mut Work,
    case: &Case,
    old: SubmissionId,
    new: SubmissionId,
) -> Result<(), Error> {
    let before = first_named(work, case, old).await?;
    let now = first_named(work, case, new).await?;
    if before.zip(now).is_some_and(|(before, now)| is_alike(&before, &now)) {
        store::belongs_as(work, old, new).await?;
    }
    Ok(())
}

// What a copy calls the person or the head.
async fn first_named(work: &mut Work, case: &Case, copy: SubmissionId) -> Result<Option<String>, Error> {
    let copy = store::submission(work, case.id, copy).await?;
    let Some(plan) = plans::plan_maybe(work, copy.edition_id).await? else { return Ok(None) };
    let form = store::form(work, copy.form_id).await?;
    let kept = store::answers(work, &copy).await?;
    let instance = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let opened = Opened { plan, instance, came_at: copy.recorded_at, meant_for: None };
    Ok(told(work, &opened, &form).first().map(|first| first.particulars.name.clone()))
}

// Every part of the shorter name sounds like one of the longer: who is called Dana here may be called Dana Saleh there, or دانا صالح.
fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (names::spellings(one), names::spellings(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    !short.is_empty() && short.iter().all(|part| long.iter().any(|known| sounds_like(part, known)))
}

// Where a script leaves short vowels out, the consonants alone are compared.
fn sounds_like(one: &Spelling, other: &Spelling) -> bool {
    let bones = one.vowelless || other.vowelless;
    let heard = |reading: &String| if bones { names::consonants(reading) } else { reading.clone() };
    let known: Vec<String> = other.readings.iter().map(heard).collect();
    one.readings.iter().map(heard).any(|reading| !reading.is_empty() && known.contains(&reading))
}

/// The open case that it was meant for, that it names or whose copy it corrects, then those of persons who are likely the same that the form is for.
pub(super) async fn cases_of(
    work: &mut Work,
    opened: &Opened,
    form: &Form,
    candidates: &[Candidate],
) -> Result<Vec<Case>, Error> {
    let mut found: Vec<Case> = Vec::new();
    if let Some(old) = opened.instance.deprecated_id()
        && let Some(standing) = store::corrected(work, old).await?.filter(|standing| standing.form == form.id)
    {
        found.push(cases::store::find(work, standing.case).await?);
    }
    if let Some(code) = case_code(opened.plan.form(), &opened.instance)
        && let Some(named) = cases::store::find_by_code(work, &code).await?
    {
        found.insert(0, cases::store::find(work, named).await?);
    }
    if let Some(meant) = opened.meant_for {
        found.insert(0, cases::store::find(work, meant).await?);
    }
    let people: Vec<PersonId> = candidates.iter().flat_map(|candidate| &candidate.same).map(|person| person.id).collect();
    found.extend(cases::store::list_of_people(work, &people).await?);
    let takes = |case: &Case| match opened.meant_for {
        Some(meant) if meant == case.id => form.asks_about(case),
        _ => form.is_for(case) && case.sensitivity() != Sensitivity::Restricted,
    };
    found.retain(|case| case.is_open() && takes(case));
    let mut offered: Vec<Case> = Vec::new();
    for case in found {
        if offered.iter().all(|known| known.id != case.id) && !was_left(work, opened, form, &case).await? {
            offered.push(case);
        }
    }
    offered.truncate(MOST_CASES);
    Ok(offered)
}

// What it corrects was moved away from there: it goes where that is, and is refused on this one (S28).
async fn was_left(work: &mut Work, opened: &Opened, form: &Form, case: &Case) -> Result<bool, Error> {
    let Some(old) = opened.instance.deprecated_id() else { return Ok(false) };
    let standing = store::corrected(work, old).await?;
    let stands_there = standing.is_some_and(|standing| standing.case == case.id && standing.form == form.id);
    Ok(!stands_there && store::was_moved_away(work, old, case.id).await?)
}

#[cfg(test)]
mod tests {
    use super::is_alike;

    #[test]
    fn somebody_is_known_again_in_another_script_and_spelling() {
        for (one, other) in
            [("Dana", "Dana Saleh"), ("dana saleh", "Dana Saleh"), ("أحمد صالح", "احمد صالح"), ("Fatima Hussein", "فاطمة حسين")]
        {
            assert!(is_alike(one, other) && is_alike(other, one), "{one} and {other}");
        }
        for (one, other) in [("Dana Saleh", "Omar Saleh"), ("", "Dana"), ("Omar", "Dana Saleh")] {
            assert!(!is_alike(one, other), "{one} and {other}");
        }
    }
}
