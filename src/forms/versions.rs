//! Versions of a copy on its case: what corrects what, and of several corrections the one that stands.
use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::actions::may_write;
use super::{Submission, profile, store};
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Clash, Error, same_version};
use crate::platform::db::Work;
use crate::platform::ids::SubmissionId;

/// A copy with every version of it on its case: what it corrects, what corrects it, and what stands beside it; each after what it corrects.
pub fn versions<'c>(copy: &Submission, copies: &'c [Submission]) -> Vec<&'c Submission> {
    let way = |one: &Submission| way(one, copies);
    let first = way(copy).last().copied();
    let of_form = copies.iter().filter(|one| one.form_id == copy.form_id).map(|one| (way(one), one));
    let mut line: Vec<_> = of_form.filter(|(way, _)| way.last().copied() == first).collect();
    line.sort_by_key(|(way, _)| way.len());
    line.into_iter().map(|(_, one)| one).collect()
}

// The way from a copy to the first that was filled in.
fn way(one: &Submission, copies: &[Submission]) -> Vec<SubmissionId> {
    let older = |id: &SubmissionId| copies.iter().find(|copy| copy.id == *id).and_then(|copy| copy.replaces);
    std::iter::successors(Some(one.id), older).take(copies.len() + 1).collect()
}

/// Those of a case's copies that stand beside another correction of the same copy, worked out once for all of them.
pub fn disputed(copies: &[Submission]) -> HashSet<SubmissionId> {
    let mut standing: HashMap<_, Vec<SubmissionId>> = HashMap::new();
    for one in copies.iter().filter(|one| one.state == "complete") {
        standing.entry((one.form_id, way(one, copies).last().copied())).or_default().push(one.id);
    }
    standing.into_values().filter(|beside| beside.len() > 1).flatten().collect()
}

/// The other corrections that stand beside a complete copy: two people, or two phones, corrected the same one.
pub fn twins<'c>(copy: &Submission, copies: &'c [Submission]) -> Vec<&'c Submission> {
    if copy.state != "complete" {
        return Vec::new();
    }
    versions(copy, copies).into_iter().filter(|one| one.state == "complete" && one.id != copy.id).collect()
}

/// Of several corrections of one copy this one stands; the others stay to be read.
pub async fn stand(work: &mut Work, case: &Case, copy: &Submission, version: i32) -> Result<(), Error> {
    may_write(work, case).await?;
    store::hold_case(work, case.id).await?;
    let copies = store::submissions(work, case.id).await?;
    let now = copies.iter().find(|one| one.id == copy.id).ok_or(Error::NotFound)?;
    same_version(now.version, version)?;
    if now.state != "complete" {
        return Err(Error::Conflict(Clash::State { state: now.state.clone(), code: "form_not_complete" }));
    }
    let twins = twins(now, &copies);
    // Somebody else chose meanwhile.
    if twins.is_empty() {
        return Err(Error::Conflict(Clash::Stale));
    }
    for other in twins {
        store::replaced(work, other.id).await?;
        let about = About::case(case.id).with(copy.id).with(other.id).note(json!({ "form": copy.code }));
        work.record(Fact::FormCorrected, about).await?;
    }
    profile::project(work, case).await
}
