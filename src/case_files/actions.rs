//! The verbs: ask for a file, release it or refuse it, and take it.
use chrono::NaiveDate;
use serde_json::json;

use super::case_file::{CaseFile, Entry, NewCaseFile};
use super::{gather, jobs, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::consent;
use crate::documents;
use crate::error::{Error, FieldErrors, invalid};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UserId};
use crate::platform::jobs::Job;
use crate::tasks::{self, NewTask};

// The documents of one file, which is put together in memory.
const MOST_BYTES: i64 = 60 * 1024 * 1024;

/// Asks for a copy of what is kept of somebody on the case. Whoever is not safe to involve receives nothing, neither their own nor another's.
pub async fn ask(work: &mut Work, case: &Case, new: &NewCaseFile) -> Result<CaseFile, Error> {
    work.may_steer(case.unit, case.id).await?;
    check(work, case, new).await?;
    let person = new.person.ok_or(Error::NotFound)?;
    let file = CaseFile {
        id: RowId::new(),
        case_id: case.id,
        person_id: person,
        given_to: new.given_to.filter(|other| *other != person),
        own_wish: new.own_wish,
        lang: new.lang.unwrap_or(work.lang()),
        reason: new.reason.trim().to_owned(),
        state: "asked".to_owned(),
        asked_by: work.me()?,
        asked_by_name: work.standing.name.clone(),
        asked_at: work.now(),
        decided_by_name: None,
        expires_at: None,
        version: 1,
    };
    let entries = gather::entries(work, case, &file, &new.sections).await?;
    store::insert(work, &file, &entries).await?;
    let releaser = releaser(work, case).await?;
    let task = NewTask::of_case("release_case_file", case.id, work.now() + super::case_file::KEPT).to(releaser);
    tasks::actions::add(work, task.once(key(file.id))).await?;
    work.record(Fact::CaseFileAsked, about(&file).note(json!({ "sections": new.sections }))).await?;
    Ok(file)
}

// What is missing, and who may receive nothing: whoever is not on the case or not safe to involve, and whoever is not the person, unless the person
// is a child or said so themselves: no head of a household receives what is another adult's (S12).
async fn check(work: &mut Work, case: &Case, new: &NewCaseFile) -> Result<(), Error> {
    let mut errors = new.faults();
    let people = cases::store::people(work, case.id).await?;
    let known = |id| people.iter().find(|member| member.person_id == id);
    for (field, id) in [("person", new.person), ("given_to", new.given_to)] {
        match id.map(known) {
            Some(None) => errors.add(field, "not_a_choice"),
            Some(Some(member)) if member.not_safe_to_involve => errors.add(field, "not_safe_to_involve"),
            _ => {}
        }
    }
    let today = work.today();
    let is_child = |born: NaiveDate| today.years_since(born).is_none_or(|years| years < 18);
    let child = new.person.and_then(known).and_then(|member| member.born_on).is_some_and(is_child);
    let to_another = new.given_to.is_some() && new.given_to != new.person;
    if to_another && !child && !new.own_wish {
        errors.add("own_wish", "needs_own_wish");
    }
    errors.or_ok()
}

/// Whether it may still go to whom it was asked for: nobody said since that they are not safe to involve, or took them off the case.
pub async fn still_goes(work: &mut Work, case: &Case, file: &CaseFile) -> Result<bool, Error> {
    let people = cases::store::people(work, case.id).await?;
    let safe = |id: PersonId| people.iter().any(|member| member.person_id == id && !member.not_safe_to_involve);
    Ok(safe(file.person_id) && file.given_to.is_none_or(safe))
}

/// The actor may release the files of this case that others asked for: the protection officer; of a restricted case whoever approves on it (S9).
pub async fn may_release_others(work: &mut Work, case: &Case) -> Result<(), Error> {
    work.may_in(releases(case), case.unit, Some(case.id)).await
}

fn releases(case: &Case) -> Act {
    if case.sensitivity() == Sensitivity::Restricted { Act::CaseApprove } else { Act::ConsentReview }
}

/// The actor may release this file: never one's own.
pub async fn may_release(work: &mut Work, case: &Case, file: &CaseFile) -> Result<(), Error> {
    may_release_others(work, case).await?;
    if file.asked_by == work.me()? { Err(Error::Forbidden(releases(case).code())) } else { Ok(()) }
}

/// The actor may look at this file: whoever asked, and whoever may release it.
pub async fn may_look(work: &mut Work, case: &Case, file: &CaseFile) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    if file.asked_by == work.me()? { Ok(()) } else { may_release(work, case, file).await }
}

/// Releases a file with the entries that are named by their places, and has it made.
pub async fn release(work: &mut Work, case: &Case, file: &CaseFile, kept: &[usize]) -> Result<(), Error> {
    may_release(work, case, file).await?;
    file.must_be_asked()?;
    if !still_goes(work, case, file).await? {
        return Err(invalid("", "not_safe_to_involve"));
    }
    let entries = store::content(work, file).await?;
    let left: Vec<Entry> =
        entries.into_iter().enumerate().filter(|(nth, _)| kept.contains(nth)).map(|(_, entry)| entry).collect();
    if left.is_empty() {
        return Err(invalid("keep", "tick_what_goes"));
    }
    let papers = documents::store::list(work, case.id, None).await?;
    let sizes = papers.iter().filter(|paper| left.iter().any(|entry| entry.file == Some(paper.id))).map(|paper| paper.size_bytes);
    if sizes.sum::<i64>() > MOST_BYTES {
        return Err(invalid("keep", "too_large"));
    }
    store::decide(work, file, "released", Some(&left)).await?;
    tasks::actions::done_under(work, case.id, &key(file.id)).await?;
    work.enqueue(Job::new(jobs::MAKE, Some(case.org), json!({ "case": case.id, "file": file.id })).once(format!(
        "{}:{}",
        jobs::MAKE,
        file.id
    )))
    .await?;
    work.record(Fact::CaseFileReleased, about(file).note(json!({ "entries": left.len() }))).await
}

/// Refuses a file; what it would have said is forgotten.
pub async fn refuse(work: &mut Work, case: &Case, file: &CaseFile) -> Result<(), Error> {
    may_release(work, case, file).await?;
    file.must_be_asked()?;
    store::decide(work, file, "refused", None).await?;
    tasks::actions::done_under(work, case.id, &key(file.id)).await?;
    work.record(Fact::CaseFileRefused, about(file)).await
}

/// The bytes of one of the two files, while they are there.
pub async fn take(work: &mut Work, case: &Case, file: &CaseFile, ending: &str) -> Result<Vec<u8>, Error> {
    may_look(work, case, file).await?;
    file.must_be_made(work.now())?;
    if !still_goes(work, case, file).await? {
        return Err(file.unsafe_by_now());
    }
    let bytes = store::read(work, file, ending).await?;
    work.record(Fact::Exported, about(file).note(json!({ "what": "case_file", "as": ending }))).await?;
    Ok(bytes)
}

/// The places of entries, as a form names them.
pub fn places(values: &[String]) -> Result<Vec<usize>, Error> {
    let places: Option<Vec<usize>> = values.iter().map(|value| value.parse().ok()).collect();
    places.ok_or_else(|| Error::Invalid(FieldErrors::one("keep", "not_a_choice")))
}

async fn releaser(work: &mut Work, case: &Case) -> Result<Option<UserId>, Error> {
    let me = work.me()?;
    let asked = if case.sensitivity() == Sensitivity::Restricted {
        [case.supervisor, case.case_manager].into_iter().flatten().find(|one| *one != me)
    } else {
        consent::store::protection_officer(work, case.org).await?
    };
    Ok(asked.filter(|one| *one != me))
}

fn key(id: RowId) -> String {
    format!("case_file:{id}")
}

fn about(file: &CaseFile) -> About {
    About::case(file.case_id).with(file.person_id).with(file.id)
}
