//! The verbs of the directory: keep an entry, say what is free, confirm it, make and end agreements.
use serde_json::json;
use uuid::Uuid;

use super::service::{Service, Visibility};
use super::store::{self, Capacity, agreements};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;

/// A service that the actor keeps. Whoever only sees it may not; whoever does not see it learns nothing.
pub async fn kept(work: &mut Work, id: ServiceId) -> Result<Service, Error> {
    let service = store::find(work, id).await?;
    work.may(Act::ServiceEdit)?;
    if store::keeps(work, id).await? { Ok(service) } else { Err(Error::Forbidden(Act::ServiceEdit.code())) }
}

/// Adds a service of the actor's organisation. Who writes an entry has confirmed it.
pub async fn add(work: &mut Work, service: &Service, viewers: &[Uuid]) -> Result<(), Error> {
    work.may(Act::ServiceEdit)?;
    check(service, viewers, Others::Unnamed)?;
    store::add(work, service).await?;
    hide(work, service, viewers).await?;
    store::save(work, service).await?;
    store::set_verified(work, service.id).await?;
    work.record(Fact::ServiceChanged, About::subjects([service.id.0]).note(json!({ "visibility": service.visibility.code() })))
        .await
}

/// Changes an entry over the version that was read.
pub async fn change(work: &mut Work, service: &Service, viewers: &[Uuid], others: Others) -> Result<(), Error> {
    kept(work, service.id).await?;
    check(service, viewers, others)?;
    hide(work, service, viewers).await?;
    store::save(work, service).await?;
    work.record(Fact::ServiceChanged, About::subjects([service.id.0]).note(json!({ "visibility": service.visibility.code() })))
        .await
}

// Names the viewers before the entry is hidden, and among them whoever hides it: keeping entries opens no hidden one (S14).
async fn hide(work: &mut Work, service: &Service, viewers: &[Uuid]) -> Result<(), Error> {
    let me = work.me()?.0;
    let keeper = (service.visibility != Visibility::Public).then_some(me);
    let viewers: Vec<Uuid> = viewers.iter().copied().chain(keeper).collect();
    store::set_viewers(work, service.id, &viewers).await
}

/// Whether anybody of another organisation is named as a viewer already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    AreNamed,
    Unnamed,
}

fn check(service: &Service, viewers: &[Uuid], others: Others) -> Result<(), Error> {
    if let (Some(min), Some(max)) = (service.min_age, service.max_age)
        && min > max
    {
        return Err(invalid("max_age", "ages_crossed"));
    }
    if let (Some(capacity), Some(free)) = (service.capacity, service.places_free)
        && free > capacity
    {
        return Err(invalid("places_free", "more_than_capacity"));
    }
    // An entry that nobody outside may see is a mistake that its keeper would not notice.
    if service.visibility == Visibility::Cleared && service.cleared_types.is_empty() {
        return Err(invalid("cleared_types", "required"));
    }
    if service.visibility == Visibility::Named && viewers.is_empty() && others == Others::Unnamed {
        return Err(invalid("viewers", "required"));
    }
    Ok(())
}

/// Says how many places are free, how long people wait, and whether the service takes anybody now; answers with the new version.
pub async fn set_capacity(work: &mut Work, id: ServiceId, version: Option<i32>, capacity: Capacity) -> Result<i32, Error> {
    let service = kept(work, id).await?;
    if service.capacity.zip(capacity.places_free).is_some_and(|(most, free)| free > most) {
        return Err(invalid("places_free", "more_than_capacity"));
    }
    let version = store::set_capacity(work, id, version, capacity).await?;
    work.record(Fact::ServiceChanged, About::subjects([id.0]).note(json!({ "fields": "capacity" }))).await?;
    Ok(version)
}

/// Confirms that the entry is still right.
pub async fn verify(work: &mut Work, id: ServiceId) -> Result<(), Error> {
    kept(work, id).await?;
    store::set_verified(work, id).await?;
    work.record(Fact::ServiceVerified, About::subjects([id.0])).await
}

/// Makes an agreement of the actor's organisation with another.
pub async fn agree(work: &mut Work, terms: &agreements::Terms) -> Result<(), Error> {
    work.may(Act::AgreementEdit)?;
    let from = work.standing.org;
    if terms.to_org == from {
        return Err(invalid("to_org", "not_a_choice"));
    }
    if terms.ends_on.is_some_and(|end| end < terms.starts_on) {
        return Err(invalid("ends_on", "ends_before_it_starts"));
    }
    let id = agreements::add(work, from, terms).await?;
    work.record(Fact::AgreementChanged, About::subjects([id]).between([from, terms.to_org]).note(json!({ "kind": terms.kind })))
        .await
}

/// Ends an agreement today.
pub async fn end_agreement(work: &mut Work, id: Uuid, version: i32) -> Result<(), Error> {
    let from = agreements::sender(work, id).await?;
    work.may(Act::AgreementEdit)?;
    if from != work.standing.org {
        return Err(Error::Forbidden(Act::AgreementEdit.code()));
    }
    let today = work.today();
    let to = agreements::end(work, id, version, today).await?;
    work.record(Fact::AgreementChanged, About::subjects([id]).between([from, to]).note(json!({ "ended": true }))).await
}
