//! Moves what was filled in on the wrong case to the right one (S28), as notes and records are moved: every version of it, its files, its author and
//! its times. A stub without answers stays where it stood, and what rules know of both cases is worked out anew.
use std::collections::HashMap;

use serde_json::json;

use super::actions::{keeps_places, may_write, versions};
use super::{Submission, arrivals, profile, store, withheld};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::documents;
use crate::error::{Clash, Error, invalid, same_version};
use crate::platform::db::Work;
use crate::platform::ids::{DocumentId, SubmissionId};

/// Why a filled form is moved.
pub const REASONS: &[&str] = &["other_person", "other_case"];

/// Moves a complete copy with all its versions, for a reason out of [`REASONS`] and over the version that was read; answers what it is on the other case.
pub async fn move_to(
    work: &mut Work,
    case: &Case,
    copy: &Submission,
    (to, reason): (&Case, &str),
    version: i32,
) -> Result<SubmissionId, Error> {
    may_write(work, case).await?;
    if to.id == case.id {
        return Err(invalid("to", "same_place"));
    }
    if !REASONS.contains(&reason) {
        return Err(invalid("reason", "not_a_choice"));
    }
    let form = store::form(work, copy.form_id).await?;
    let takes = |to: &Case| to.org == case.org && form.is_for(to);
    let to = arrivals::writable(work, to.id).await?.filter(takes).ok_or_else(|| invalid("to", "case_of_form"))?;
    // In one order, so that of two who move forms towards each other neither waits for the other.
    let mut held = [case.id, to.id];
    held.sort();
    for id in held {
        store::hold_case(work, id).await?;
    }
    let copies = store::submissions(work, case.id).await?;
    let now = copies.iter().find(|one| one.id == copy.id).ok_or(Error::NotFound)?;
    same_version(now.version, version)?;
    if now.state != "complete" {
        return Err(Error::Conflict(Clash::State { state: now.state.clone(), code: "form_not_complete" }));
    }
    let line = versions(now, &copies);
    if line.iter().any(|one| one.is_draft()) {
        return Err(invalid("to", "correction_begun"));
    }
    let mut moved: HashMap<SubmissionId, SubmissionId> = HashMap::new();
    let mut carried = HashMap::new();
    for one in line {
        let replaces = one.replaces.and_then(|old| moved.get(&old).copied());
        let there = carry(work, one, &to, replaces).await?;
        carry_files(work, one, (&to, there), &mut carried).await?;
        moved.insert(one.id, there);
    }
    let there = moved.get(&copy.id).copied().ok_or(Error::NotFound)?;
    for (place, id, step) in [(case, copy.id, "form_moved_away"), (&to, there, "form_moved_here")] {
        profile::project(work, place).await?;
        cases::actions::tell_step(work, place.id, step, reason).await?;
        let about = About::case(place.id).with(id).note(json!({ "form": copy.code, "reason": reason }));
        work.record(Fact::FormMoved, about).await?;
    }
    Ok(there)
}

// A guarded case keeps no places and no pictures, wherever they come from (S18).
async fn carry(work: &mut Work, one: &Submission, to: &Case, replaces: Option<SubmissionId>) -> Result<SubmissionId, Error> {
    let kept = store::answers(work, one).await?;
    let xml = if keeps_places(to) { kept } else { withheld::guarded(work, one.edition_id, &kept).await? };
    store::empty(work, one).await?;
    store::insert_moved(work, to, one, (&xml, replaces)).await
}

// Several versions may show the same file: it is taken along once.
async fn carry_files(
    work: &mut Work,
    one: &Submission,
    (to, there): (&Case, SubmissionId),
    carried: &mut HashMap<DocumentId, Option<DocumentId>>,
) -> Result<(), Error> {
    for (name, document) in store::files(work, one.id).await? {
        let new = match carried.get(&document) {
            Some(known) => *known,
            None => carry_file(work, one, document, to).await?,
        };
        carried.insert(document, new);
        if let Some(new) = new {
            store::put_file(work, there, to.id, &name, new).await?;
        }
    }
    Ok(())
}

// What was withdrawn before stays behind, as does what the other case does not keep.
async fn carry_file(work: &mut Work, one: &Submission, id: DocumentId, to: &Case) -> Result<Option<DocumentId>, Error> {
    let document = match documents::store::find(work, one.case_id, id).await {
        Ok(document) => document,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let tells = document.media_type.starts_with("image/") || document.media_type.starts_with("audio/");
    if tells && !keeps_places(to) {
        documents::actions::withdraw(work, one.case_id, id).await?;
        return Ok(None);
    }
    documents::actions::take_along(work, document, (to.id, None)).await
}
