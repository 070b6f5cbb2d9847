//! The verbs: hold a case and lift the hold, propose that cases are erased, approve or refuse it, and erase again what an old backup brought back.
use std::sync::Arc;

use serde_json::json;

use super::kept::{self, Erased};
use super::store::{self, Due, Proposal, Wanted};
use super::{BEGIN, LONGEST_REFERENCE, LONGEST_WORDS, MOST, MOST_LISTED, REASONS};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::platform::db::{Actor, Ground, Pool, Work};
use crate::platform::ids::{CaseId, RowId};
use crate::platform::jobs::Job;

/// A hold to be placed, on the case of this id or of this code.
#[derive(Debug, Clone, Default)]
pub struct NewHold {
    /// The case, where its id is known.
    pub case: Option<CaseId>,
    /// Its code, where it is not.
    pub code: String,
    /// One of [`REASONS`].
    pub reason: String,
    /// The number of the file elsewhere; no name.
    pub reference: String,
}

/// The actor may open the list at all: the protection officer, and whoever approves on cases. What stands on it the database decides case by case.
pub fn may_look(work: &Work) -> Result<(), Error> {
    if work.holds(Act::ConsentReview) { work.may(Act::ConsentReview) } else { work.may(Act::CaseApprove) }
}

/// Places a hold: as long as it stands the case is not erased, whatever was decided.
pub async fn hold(work: &mut Work, new: &NewHold) -> Result<RowId, Error> {
    may_look(work)?;
    let mut errors = FieldErrors::default();
    if !REASONS.contains(&new.reason.as_str()) {
        errors.add("reason", if new.reason.is_empty() { "required" } else { "not_a_choice" });
    }
    check_words("reference", &new.reference, LONGEST_REFERENCE, &mut errors);
    errors.or_ok()?;
    let Some((id, case)) = store::place_hold(work, new).await? else { return Err(invalid("case", "no_such_case")) };
    work.record(Fact::HoldPlaced, About::case(case).with(id).note(json!({ "reason": new.reason }))).await?;
    Ok(id)
}

/// Lifts a hold that somebody else placed.
pub async fn lift(work: &mut Work, id: RowId) -> Result<(), Error> {
    may_look(work)?;
    let hold = store::holds(work, Some(id)).await?.pop().ok_or(Error::NotFound)?;
    if hold.by == work.me()? {
        return Err(refused("hold", "own_hold"));
    }
    store::lift_hold(work, id).await?;
    work.record(Fact::HoldLifted, About::case(hold.case).with(id)).await
}

/// Proposes that these cases are erased, with the same words for all of them. All of them or none.
pub async fn propose(work: &mut Work, cases: &[CaseId], words: &str) -> Result<Vec<RowId>, Error> {
    may_look(work)?;
    let mut errors = FieldErrors::default();
    check_count(cases.len(), &mut errors);
    check_words("words", words, LONGEST_WORDS, &mut errors);
    errors.or_ok()?;
    let mut proposed = Vec::new();
    for due in named(work, cases).await? {
        if due.state != "due" {
            return Err(refused(&due.state, "erasure_not_due"));
        }
        let id = store::propose(work, due.case, words.trim()).await?;
        work.record(Fact::ErasureProposed, About::case(due.case).with(id)).await?;
        proposed.push(id);
    }
    Ok(proposed)
}

/// Approves that these cases are erased, as somebody else proposed. Receivers are asked to delete what they have; then each case is erased by a job of its own.
pub async fn approve(work: &mut Work, cases: &[CaseId]) -> Result<(), Error> {
    for (due, proposal) in decided(work, cases).await? {
        if due.state != "proposed" {
            let code = if due.state == "held" { "erasure_held" } else { "erasure_not_waiting" };
            return Err(refused(&due.state, code));
        }
        if proposal.by == Some(work.me()?) {
            return Err(refused("proposed", "own_erasure"));
        }
        if !proposal.by_officer && !work.holds(Act::ConsentReview) {
            return Err(refused("proposed", "erasure_needs_officer"));
        }
        store::approve(work, proposal.id).await?;
        work.record(Fact::ErasureApproved, About::case(due.case).with(proposal.id)).await?;
        let job = Job::new(BEGIN, work.org(), json!({ "erasure": proposal.id })).once(format!("{BEGIN}:{}", proposal.id));
        work.enqueue(job).await?;
    }
    Ok(())
}

/// Refuses what was proposed for these cases, or takes it back, as long as they are not erased.
pub async fn refuse(work: &mut Work, cases: &[CaseId]) -> Result<(), Error> {
    for (due, proposal) in decided(work, cases).await? {
        store::refuse(work, proposal.id).await?;
        work.record(Fact::ErasureRefused, About::case(due.case).with(proposal.id)).await?;
    }
    Ok(())
}

async fn decided(work: &mut Work, cases: &[CaseId]) -> Result<Vec<(Due, Proposal)>, Error> {
    may_look(work)?;
    let mut errors = FieldErrors::default();
    check_count(cases.len(), &mut errors);
    errors.or_ok()?;
    let named = named(work, cases).await?;
    let with = |due: Due| {
        let Some(proposal) = due.erasure.clone() else { return Err(refused(&due.state, "erasure_not_waiting")) };
        Ok((due, proposal))
    };
    named.into_iter().map(with).collect()
}

fn check_words(field: &str, words: &str, longest: usize, errors: &mut FieldErrors) {
    match words.trim().chars().count() {
        0 => errors.add(field, "required"),
        length if length > longest => errors.add(field, "too_long"),
        _ => {}
    }
}

fn check_count(cases: usize, errors: &mut FieldErrors) {
    match cases {
        0 => errors.add("case", "no_case_chosen"),
        count if count > MOST => errors.add("case", "too_many"),
        _ => {}
    }
}

// All of them stand on the actor's list, or none is known.
async fn named(work: &mut Work, cases: &[CaseId]) -> Result<Vec<Due>, Error> {
    let mut ids: Vec<_> = cases.iter().map(|case| case.0).collect();
    ids.sort();
    ids.dedup();
    let found = store::list(work, Wanted { cases: &ids, most: MOST_LISTED, ..Wanted::default() }).await?.rows;
    if found.len() == ids.len() { Ok(found) } else { Err(Error::NotFound) }
}

fn refused(state: &str, code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: format!("retention_{state}"), code })
}

/// Erases again what the list outside the database names and an old backup brought back; answers how many cases there were.
pub async fn again(ground: &Arc<Ground>, operator: &Pool) -> Result<usize, Error> {
    let mut count = 0;
    for Erased { case, .. } in kept::list(ground)? {
        let mut work = Work::open_with(ground, operator, Actor::Operator).await?;
        let Some(files) = store::erase_again(&mut work, case).await? else { continue };
        // Files first: whoever is interrupted here finds the case whole, and begins once more.
        kept::take_away(ground, &files).await?;
        work.record(Fact::CaseErased, About::case(case)).await?;
        work.commit().await?;
        count += 1;
    }
    Ok(count)
}
