//! The verbs of contacts: add, change, verify by telephone, retire. Facts name the contact and its organisation, never an address.
use serde_json::json;

use super::store::{self, Typed};
use super::{Contact, ContactKind};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, OrgId};
use crate::platform::mail::is_address;

/// Adds a contact of this organisation to the actor's own register.
pub async fn add(work: &mut Work, org: OrgId, typed: &Typed) -> Result<ContactId, Error> {
    work.may(Act::AgreementEdit)?;
    check(typed)?;
    let keeper = work.standing.org;
    if !store::organisations(work).await?.iter().any(|kept| kept.org == org) {
        return Err(invalid("org", "not_a_choice"));
    }
    let id = store::add(work, keeper, org, typed).await?;
    record(work, id, org, "added").await?;
    Ok(id)
}

/// Changes a contact over the version that was read. Whoever is reached elsewhere than before must be verified again.
pub async fn change(work: &mut Work, id: ContactId, version: i32, typed: &Typed) -> Result<(), Error> {
    let contact = kept(work, id).await?;
    check(typed)?;
    store::save(work, id, version, typed).await?;
    record(work, id, contact.org, "changed").await
}

/// Writes down that the contact was verified by telephone, by whom and when.
pub async fn verify(work: &mut Work, id: ContactId, version: i32) -> Result<(), Error> {
    let contact = kept(work, id).await?;
    let me = work.me()?;
    store::verify(work, id, version, me).await?;
    record(work, id, contact.org, "verified").await
}

/// Takes a contact out of use; nothing is sent to it any more.
pub async fn retire(work: &mut Work, id: ContactId, version: i32) -> Result<(), Error> {
    let contact = kept(work, id).await?;
    store::retire(work, id, version).await?;
    record(work, id, contact.org, "retired").await
}

/// A contact in the actor's own register. Whoever sees it but does not keep it may not change it.
pub async fn kept(work: &mut Work, id: ContactId) -> Result<Contact, Error> {
    let contact = store::find(work, id).await?;
    work.may(Act::AgreementEdit)?;
    if Some(contact.keeper) == work.org() { Ok(contact) } else { Err(Error::Forbidden(Act::AgreementEdit.code())) }
}

fn check(typed: &Typed) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if typed.name.is_empty() {
        errors.add("name", "required");
    }
    if typed.email.is_empty() && typed.phone.is_empty() {
        errors.add("email", "email_or_phone");
    }
    if !typed.email.is_empty() && !is_address(&typed.email) {
        errors.add("email", "not_an_email");
    }
    if typed.kind == ContactKind::Person && typed.phone.is_empty() {
        errors.add("phone", "phone_to_verify");
    }
    errors.or_ok()
}

async fn record(work: &mut Work, id: ContactId, org: OrgId, how: &str) -> Result<(), Error> {
    let about = About::subjects([id.0]).note(json!({ "organisation": org, "how": how }));
    work.record(Fact::ContactChanged, about).await
}
