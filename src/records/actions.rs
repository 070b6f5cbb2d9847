//! The verbs of records: write, correct, move.
use serde_json::json;

use super::next;
use super::place::{Of, Place};
use super::record::{NewRecord, Record, Said};
use super::store::{self, Written};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases;
use crate::documents;
use crate::error::{Clash, Error, invalid};
use crate::packs::Shape;
use crate::platform::db::Work;
use crate::platform::ids::RecordId;

/// Writes a new record of this kind.
pub async fn write(work: &mut Work, place: &Place, kind: &str, new: &NewRecord) -> Result<RecordId, Error> {
    place.may_add(work).await?;
    let kind = place.kind(kind).ok_or_else(|| invalid("kind", "not_a_choice"))?;
    place.must_be_open(work, kind).await?;
    let written = now(work, new.checked(kind, work.now(), work.zone())?)?;
    let id = store::insert(work, place, kind, new, None, &written).await?;
    // A session is a conversation, of a child's case perhaps with a caregiver alone (S23); what else is written down may have been said by anybody, or by
    // nobody.
    if let (Of::Case(case), Shape::Session) = (place.of, kind.kind.shape)
        && !cases::store::is_child(work, place.person).await?
    {
        let case = cases::store::find(work, case).await?;
        cases::contact::met(work, &case, written.happened_at).await?;
    }
    work.record(Fact::RecordWritten, about(place, id).note(json!({ "kind": kind.kind.code }))).await?;
    next::keep(work, place, kind).await?;
    Ok(id)
}

/// Every version of a record as this reader may read it, the newest first: guarded parts only for whoever keeps, supervises or approves on
/// the case, and for whoever wrote the record.
pub async fn read(work: &mut Work, place: &Place, root: RecordId) -> Result<Vec<Record>, Error> {
    let mut versions = store::versions(work, place.of, root).await?;
    if !reads_all(work, place, &versions).await? {
        for version in &mut versions {
            version.withheld = version.said.as_mut().map(Said::withhold).unwrap_or_default();
        }
    }
    Ok(versions)
}

// Who reads guarded parts, and the documents of such a record: the row policy of documents says the same.
async fn reads_all(work: &mut Work, place: &Place, versions: &[Record]) -> Result<bool, Error> {
    let me = work.me()?;
    let wrote = versions.iter().any(|version| version.author == me);
    if wrote || place.keepers.contains(&me) {
        return Ok(true);
    }
    let case = match place.of {
        Of::Case(id) => Some(id),
        Of::Person(_) => None,
    };
    match work.may_in(Act::CaseApprove, place.unit, case).await {
        Ok(()) => Ok(true),
        Err(Error::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Corrects a record: a new version that names the one it was written upon. The old words are kept (S28).
pub async fn correct(work: &mut Work, place: &Place, root: RecordId, upon: RecordId, new: &NewRecord) -> Result<(), Error> {
    place.may_write(work).await?;
    let newest = read(work, place, root).await?.into_iter().next().ok_or(Error::NotFound)?;
    let kind = place.kind(&newest.kind).ok_or(Error::NotFound)?;
    if newest.said.is_none() {
        return Err(Error::NotFound);
    }
    // Whoever cannot read a part would leave it out.
    if !newest.withheld.is_empty() {
        return Err(Error::Forbidden(Act::CaseApprove.code()));
    }
    if newest.id != upon {
        return Err(Error::Conflict(Clash::Stale));
    }
    let written = now(work, new.checked(kind, work.now(), work.zone())?)?;
    let id = store::insert(work, place, kind, new, Some(&newest), &written).await?;
    work.record(Fact::RecordCorrected, about(place, root).with(id).note(json!({ "kind": newest.kind }))).await?;
    next::keep(work, place, kind).await
}

/// Moves a record that was written in the wrong place, with its author and times as they were; a stub without words stays (S28).
pub async fn move_to(work: &mut Work, place: &Place, root: RecordId, to: &Place) -> Result<RecordId, Error> {
    place.may_write(work).await?;
    to.may_add(work).await?;
    if place.of == to.of {
        return Err(invalid("to", "same_place"));
    }
    let versions = store::versions(work, place.of, root).await?;
    let reads_all = reads_all(work, place, &versions).await?;
    let newest = versions.into_iter().next().ok_or(Error::NotFound)?;
    let Some(said) = newest.said else { return Err(Error::NotFound) };
    // Whoever cannot read a part, or a document, would leave it behind.
    if !reads_all && place.holds(&newest.kind, root).guarded {
        return Err(Error::Forbidden(Act::CaseApprove.code()));
    }
    let kind = to.kind(&newest.kind).ok_or_else(|| invalid("to", "kind_not_kept_there"))?;
    to.must_be_open(work, kind).await?;
    let new = NewRecord { said, late_reason: newest.late_reason.unwrap_or_default(), ..NewRecord::default() };
    let written = Written {
        happened_at: newest.happened_at,
        recorded_at: newest.recorded_at,
        author: newest.author,
        author_name: newest.author_name,
    };
    let moved = store::insert(work, to, kind, &new, None, &written).await?;
    if let (Of::Case(from), Of::Case(there)) = (place.of, to.of) {
        documents::actions::carry(work, (from, root), (there, to.holds(&newest.kind, moved))).await?;
    }
    store::empty(work, place.of, root).await?;
    work.record(Fact::RecordMoved, about(place, root)).await?;
    work.record(Fact::RecordMoved, about(to, moved)).await?;
    next::keep_both(work, place, to, &newest.kind).await?;
    Ok(moved)
}

fn now(work: &Work, happened_at: chrono::DateTime<chrono::Utc>) -> Result<Written, Error> {
    Ok(Written { happened_at, recorded_at: work.now(), author: work.me()?, author_name: work.standing.name.clone() })
}

/// What the audit names of a record: its case or person, and its first version.
pub(super) fn about(place: &Place, root: RecordId) -> About {
    match place.of {
        Of::Case(id) => About::case(id).with(place.person).with(root),
        Of::Person(id) => About::default().with(id).with(root),
    }
}
