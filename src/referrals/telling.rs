//! Words that would tell what their reader may not know: the sender's while the packet is not open to the receiver, and, in restricted types,
//! a name of staff from either side (S31).
//!
//! While the packet is open the sender's words may name the person. The receiver's are not held against the people of the case: they go to
//! a side that has the whole case, and a guard that answered to a receiver without the packet would be a way to ask it for names.
//! What nobody of the other side reads is not looked through: the reason of a cancellation, what the person said to the sender, an answer
//! that the sender writes down when no link opens the referral any more.
use super::conversation::words_are_open;
use super::referral::Move;
use super::row::Referral;
use super::words::{Kind, Side};
use crate::access::Act as Right;
use crate::error::{Error, FieldErrors};
use crate::packs::Sensitivity;
use crate::people::guard::{self, Hit, Known};
use crate::platform::db::{Actor, Work};
use crate::web::Form;

/// The error beside words that tell who is meant.
const PERSON: &str = "personal_data";
/// The error beside words that name whoever writes.
const STAFF: &str = "staff_name";

/// Whether a field's error is that its words were stopped here.
pub(super) fn is_stopped(code: Option<&str>) -> bool {
    matches!(code, Some(PERSON | STAFF))
}

/// What in these words of one side would tell the other too much.
pub(super) struct Found {
    /// Where, in order.
    pub hits: Vec<Hit>,
    /// What it is, as an error beside the field.
    pub code: &'static str,
}

/// Looks these words of one side through.
pub(super) async fn found(work: &mut Work, referral: &Referral, side: Side, typed: &str) -> Result<Found, Error> {
    let mut known = match (side, referral.case_id) {
        (Side::From, Some(case)) if !is_open(work, referral).await? => guard::known(work, case).await?,
        _ => Known::default(),
    };
    let code = if guard::find(typed, &known).is_empty() { STAFF } else { PERSON };
    let restricted = referral.state.terms.sensitivity == Sensitivity::Restricted;
    if restricted && matches!(work.actor, Actor::User(_)) {
        known.names.push(work.standing.name.clone());
    }
    Ok(Found { hits: guard::find(typed, &known), code })
}

async fn is_open(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    Ok(sqlx::query_scalar!("select access.packets_open($1) as \"open!\"", referral.id.0).fetch_one(work.db()).await?)
}

/// Words on a move, each in the field it was typed in.
pub(super) struct OnMove<'a> {
    pub side: Side,
    pub made: &'a [Move],
    pub words: [(&'static str, &'a str); 3],
}

/// Refuses words that the other side would read on a move and that tell it too much. They can be said in a message instead, which somebody
/// with the right to may let go.
pub(super) async fn check(work: &mut Work, after: &Referral, spoken: &OnMove<'_>) -> Result<(), Error> {
    let other = match spoken.side {
        Side::From => Side::To,
        Side::To => Side::From,
        Side::System => return Ok(()),
    };
    let shown = spoken.made.iter().any(|line| line.seen_by(other).is_some());
    if !shown || !words_are_open(after, other) || !somebody_reads(after, other) {
        return Ok(());
    }
    let mut errors = FieldErrors::default();
    for (field, text) in spoken.words.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let found = found(work, after, spoken.side, text).await?;
        if !found.hits.is_empty() {
            errors.add(field, found.code);
        }
    }
    errors.or_ok()
}

// An organisation without account reads by its link, which is in force while the referral runs.
fn somebody_reads(after: &Referral, side: Side) -> bool {
    match (side, after.state.terms.kind) {
        (Side::To, Kind::SelfReferral) => false,
        (Side::To, Kind::External) => after.state.status.is_in_flight(),
        _ => true,
    }
}

/// Words that were stopped, for the page that shows them again.
#[derive(Default)]
pub(super) struct Stopped {
    /// In which field.
    pub field: &'static str,
    /// In pieces: plain, or marked.
    pub pieces: Vec<(String, bool)>,
    /// The reader may let them go with a reason.
    pub may_override: bool,
}

/// What the guard marked in a form that it stopped; nothing for any other.
pub(super) async fn stopped(work: &mut Work, referral: &Referral, side: Side, form: &Form) -> Result<Stopped, Error> {
    let at = |field: &&str| is_stopped(form.errors.get(field));
    let Some(field) = ["text", "who", "remark", "what", "late_reason"].into_iter().find(at) else {
        return Ok(Stopped::default());
    };
    let typed = form.value(field).trim();
    let found = found(work, referral, side, typed).await?;
    let may_override = side == Side::From && work.holds(Right::LetterOverrideGuard);
    Ok(Stopped { field, pieces: guard::marked(typed, &found.hits), may_override })
}
