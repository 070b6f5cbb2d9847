//! The sender's verbs: issue a link for a letter, take it back, issue another instead.
use serde_json::json;
use uuid::Uuid;

use super::secret::{self, secrets};
use super::store::{self, Link, NewLink};
use crate::access::Act as Right;
use crate::audit::Fact;
use crate::directory::contacts::{self, Contact};
use crate::error::{Clash, Error, invalid};
use crate::packs::{Period, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::{self, ContactId, LinkId, ReferralId};
use crate::referrals::clocks::watch::{self, Clockwork};
use crate::referrals::row::Referral;
use crate::referrals::sides;
use crate::referrals::words::{Act, Kind, Sharing, Side};

/// Makes the link that this letter carries work, with its one-time codes going to this contact. The same letter again answers with the same
/// link. Protected and restricted types ask for a named contact that was verified by telephone (S17).
pub async fn issue(work: &mut Work, referral: ReferralId, letter: Uuid, contact: Option<ContactId>) -> Result<LinkId, Error> {
    let referral = crate::referrals::store::find(work, referral).await?;
    may_keep(work, &referral).await?;
    if let Some(known) = store::of_letter(work, letter).await? {
        return Ok(known.id);
    }
    is_open(&referral)?;
    let contact = match contact {
        Some(id) => Some(contacts::find(work, id).await?),
        None => None,
    };
    if let Some(code) = refusal(&referral, contact.as_ref()) {
        return Err(invalid("contact", code));
    }
    let expires_at = expiry(work, &referral).await?;
    let secrets = secrets(work.ground(), letter);
    let new = NewLink {
        referral: referral.id,
        letter,
        contact: contact.map(|contact| contact.id),
        token_hash: ids::hash(&secrets.token),
        code_hash: secret::code_hash(work.ground(), &secrets.short_code),
        expires_at,
    };
    let id = store::insert(work, &new).await?;
    let about = referral.about_for_sender().with(id).note(json!({ "contact": new.contact }));
    work.record(Fact::LinkIssued, about).await?;
    Ok(id)
}

/// Takes a link back at once.
pub async fn revoke(work: &mut Work, id: LinkId) -> Result<(), Error> {
    let link = store::find(work, id).await?;
    let referral = crate::referrals::store::find(work, link.referral).await?;
    may_keep(work, &referral).await?;
    let by = work.me().ok();
    if store::revoke(work, id, by).await? {
        work.record(Fact::LinkRevoked, referral.about_for_sender().with(id)).await?;
    }
    Ok(())
}

/// Takes a link back and issues another for a new letter to this contact.
pub async fn reissue(work: &mut Work, id: LinkId, letter: Uuid, contact: Option<ContactId>) -> Result<LinkId, Error> {
    let link = store::find(work, id).await?;
    revoke(work, id).await?;
    issue(work, link.referral, letter, contact).await
}

/// Issues the link that this letter carries in the place of all before it, which no longer work.
pub async fn replace(work: &mut Work, referral: ReferralId, letter: Uuid, contact: Option<ContactId>) -> Result<LinkId, Error> {
    for link in store::of_referral(work, referral).await? {
        if link.letter != letter && link.revoked_at.is_none() {
            revoke(work, link.id).await?;
        }
    }
    issue(work, referral, letter, contact).await
}

/// Why this contact may not be given the link of this referral; a code for the field.
pub fn refusal(referral: &Referral, contact: Option<&Contact>) -> Option<&'static str> {
    let guarded = referral.state.terms.sensitivity != Sensitivity::Standard;
    match contact {
        Some(contact) if Some(contact.org) != referral.to.org => Some("not_a_choice"),
        Some(contact) if contact.keeper != referral.from.org && contact.keeper != contact.org => Some("not_a_choice"),
        Some(contact) if !contact.is_active() => Some("contact_retired"),
        Some(contact) if !contact.may_hear_of(referral.state.terms.sensitivity) => Some("contact_not_verified"),
        None if guarded => Some("contact_not_verified"),
        _ => None,
    }
}

// Links are the sender's to keep: whoever writes the referral, or the job of its organisation.
pub(super) async fn may_keep(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    let rights = sides::rights(work, referral).await?;
    if rights.allow(Act::Amend, Side::From) { Ok(()) } else { Err(Error::Forbidden(Right::ReferralWrite.code())) }
}

fn is_open(referral: &Referral) -> Result<(), Error> {
    let state = &referral.state;
    let refused = |code| Error::Conflict(Clash::State { state: state.status.code().to_owned(), code });
    if state.terms.kind != Kind::External {
        return Err(refused("no_receiver"));
    }
    if !state.status.is_in_flight() {
        return Err(refused("already_ended"));
    }
    if state.sharing == Sharing::Open { Ok(()) } else { Err(refused("sharing_stopped")) }
}

// Unanswered it lasts as the pack says; each answer prolongs it, to as long after what it announced (`lasting`).
async fn expiry(work: &mut Work, referral: &Referral) -> Result<chrono::DateTime<chrono::Utc>, Error> {
    let (period, now) = (period(work, referral).await?, work.now());
    Ok(Clockwork::of(work, referral).await?.due(period, now))
}

pub(super) async fn period(work: &mut Work, referral: &Referral) -> Result<Period, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?;
    Ok(pack.map_or(Period::Days(14), |pack| pack.deadlines.answer_link))
}

/// The newest link of a referral that is in force.
pub async fn current(work: &mut Work, referral: ReferralId) -> Result<Option<Link>, Error> {
    let now = work.now();
    Ok(store::of_referral(work, referral).await?.into_iter().find(|link| link.is_in_force(now)))
}
