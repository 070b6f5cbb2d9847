//! A case conference with other organisations (S27).
//!
//! First it is said whether the person is asked to come, or why not. A *party* is an organisation that comes: for each section that is shared with it a
//! consent or another basis must cover it, and it must have agreed to keep what it hears to itself. The invitation carries the code of the case and no
//! name. The *minutes* are written by section and go out as one packet for each organisation: it holds what is shared with that one and nothing else.
//! Consent that is taken back closes the packet, and its receiver is asked to delete what was copied or printed (`recall`).
//! Deliberately not here: when a conference is and what was decided, which every meeting has (`meetings::actions`).
mod actions;
mod api;
mod coverage;
mod pages;
mod party;
pub mod recall;
mod received;
mod store;

use crate::cases::Case;
use crate::error::Error;
use crate::meetings::Meeting;
use crate::platform::db::Work;
use crate::web::Routes;

pub use party::Party;

/// The conference's page, its parties and minutes; and what an organisation received.
pub(super) fn routes() -> Routes {
    pages::routes().and(received::routes()).and(api::routes())
}

/// The organisations that are asked to a conference, each with its part in it.
pub async fn asked(work: &mut Work, meeting: &Meeting) -> Result<Vec<Party>, Error> {
    store::parties(work, meeting.case_id, meeting.id).await
}

/// Writes down that these organisations agreed aloud, there, to keep to themselves what they heard.
pub async fn agree_aloud(work: &mut Work, case: &Case, meeting: &Meeting, parties: &[&Party]) -> Result<(), Error> {
    for party in parties {
        actions::agree(work, case, meeting, party, "said").await?;
    }
    Ok(())
}

/// It was held, and there is somebody who was asked and with whom its minutes are not shared yet.
pub async fn is_unshared(work: &mut Work, meeting: &Meeting) -> Result<bool, Error> {
    let held = meeting.kind == "conference" && meeting.took_place();
    Ok(held && asked(work, meeting).await?.iter().any(|party| party.packet.is_none()))
}

/// The person is asked to come to a conference.
pub async fn asks_person(work: &mut Work, meeting: &Meeting) -> Result<bool, Error> {
    Ok(store::invited(work, meeting.id).await?.is_some_and(|said| said.person))
}
