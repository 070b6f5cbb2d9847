//! On which sides of a referral the actor may act, and with which right.

use super::referral::{Actor, Hand};
use super::row::Referral;
use super::rules::permit;
use super::store::Shown;
use super::words::{Act, Kind, Side, Source};
use crate::access::table::Act as Right;
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::{Actor as Who, Work};
use crate::platform::ids::{CaseId, UnitId};

/// What the actor may do for each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Write, send and follow up.
    pub write: bool,
    /// Approve or return somebody else's draft.
    pub review: bool,
    /// Answer for the receiver.
    pub answer: bool,
    /// Give it to a colleague of the receiver's.
    pub assign: bool,
    /// Reads it from the sender's side.
    pub reads_from: bool,
    /// Reads it from the receiver's side.
    pub reads_to: bool,
}

impl Rights {
    /// The side from which the actor reads the page; who sees both reads as the sender, unless they act for the receiver only.
    pub fn reading_side(self) -> Side {
        if self.reads_from { Side::From } else { Side::To }
    }

    /// Whether an act is within these rights on a side.
    pub fn allow(self, act: Act, side: Side) -> bool {
        match (side, act) {
            (Side::System, _) => false,
            (Side::To, Act::Assign) => self.assign || self.answer,
            (Side::To, _) => self.answer,
            (Side::From, Act::Approve | Act::Return) => self.review,
            (Side::From, _) => self.write,
        }
    }
}

/// The actor's rights over a referral that they see.
pub async fn rights(work: &mut Work, referral: &Referral) -> Result<Rights, Error> {
    if matches!(work.actor, Who::Link(_)) {
        return Ok(Rights { answer: true, reads_to: true, ..Rights::default() });
    }
    let Who::User(me) = work.actor else {
        let all = Rights { write: true, review: true, answer: true, assign: true, reads_from: true, reads_to: true };
        return Ok(all);
    };
    let mut rights = match referral.case_id {
        Some(case) => rights_from(work, referral.from.unit, case).await?,
        None => rights_from_unit(work, referral.from.unit).await?,
    };
    let Some(unit) = referral.to.unit.filter(|_| referral.state.times.sent.is_some()) else { return Ok(rights) };
    // Restricted types reach the receiving unit's focal points and whoever holds the referral, nobody else of the unit (S9).
    let reached = referral.to.assignee == Some(me) || referral.state.terms.sensitivity != Sensitivity::Restricted || {
        sqlx::query_scalar!("select exists (select from focal_points where unit = $1 and user_id = $2) as \"is!\"", unit, me.0)
            .fetch_one(work.db())
            .await?
    };
    if reached {
        rights.answer = holds(work, Right::ReferralAnswer, unit).await?;
        rights.assign = holds(work, Right::ReferralAssign, unit).await?;
        rights.reads_to = rights.answer || !rights.reads_from;
    }
    Ok(rights)
}

// Every step of sending asks this anew, so that it is one statement.
async fn rights_from(work: &mut Work, unit: UnitId, case: CaseId) -> Result<Rights, Error> {
    let row = sqlx::query!(
        r#"select exists (select from cases where id = $1) as "sees!", access.holds($3, $2, $1) as "writes!", access.holds($4, $2, $1) as "reviews!""#,
        case.0,
        unit,
        Right::ReferralWrite.code(),
        Right::ReferralReview.code()
    )
    .fetch_one(work.db())
    .await?;
    Ok(Rights {
        reads_from: row.sees,
        write: row.sees && row.writes && work.holds(Right::ReferralWrite),
        review: row.sees && row.reviews && work.holds(Right::ReferralReview),
        ..Rights::default()
    })
}

async fn rights_from_unit(work: &mut Work, unit: UnitId) -> Result<Rights, Error> {
    let write = holds(work, Right::ReferralWrite, unit).await?;
    let reads_from = write || work.standing.units.contains(&unit);
    let review = reads_from && holds(work, Right::ReferralReview, unit).await?;
    Ok(Rights { reads_from, write, review, ..Rights::default() })
}

async fn holds(work: &mut Work, right: Right, unit: UnitId) -> Result<bool, Error> {
    match work.may_in(right, unit, None).await {
        Ok(()) => Ok(true),
        Err(Error::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The right that an act asks for on a side.
pub fn right_for(act: Act, side: Side) -> Right {
    match (side, act) {
        (Side::To, Act::Assign) => Right::ReferralAssign,
        (Side::To, _) => Right::ReferralAnswer,
        (_, Act::Approve | Act::Return) => Right::ReferralReview,
        _ => Right::ReferralWrite,
    }
}

/// The side for which the actor does this: as they say, or the one whose act it is, or the one they have.
pub fn side_for(work: &Work, referral: &Referral, rights: Rights, act: Act, said: Option<Side>) -> Side {
    match work.actor {
        Who::User(_) => {}
        Who::Link(_) => return Side::To,
        _ => return said.unwrap_or(Side::System),
    }
    let recorded_by_sender = matches!(referral.state.terms.kind, Kind::External | Kind::SelfReferral);
    match said {
        Some(side @ (Side::From | Side::To)) => side,
        _ if permit::is_answer(act) && !recorded_by_sender => Side::To,
        _ if act == Act::Message && !rights.write => Side::To,
        _ => Side::From,
    }
}

/// The actor as the rules take it.
pub fn actor(work: &Work, referral: &Referral, side: Side, on_behalf: Option<Source>) -> Actor {
    let author = matches!(work.actor, Who::User(me) if side == Side::From && referral.is_by(me));
    let hand = if author { Hand::Author } else { Hand::Colleague };
    Actor { side, hand, on_behalf }
}

// An organisation outside the system has no staff here, and a free-text receiver not even a row.
fn by_link(referral: &Referral) -> Shown {
    let name = if referral.to.org.is_none() { referral.to.name.clone() } else { String::new() };
    Shown { user: None, org: referral.to.org, name, role: "outside".to_owned() }
}

/// How the actor is shown in the movement log: restricted types show role and organisation, never a name (S31).
pub async fn shown(work: &mut Work, referral: &Referral, side: Side) -> Result<Shown, Error> {
    if matches!(work.actor, Who::Link(_)) {
        return Ok(by_link(referral));
    }
    let Who::User(me) = work.actor else { return Ok(Shown { org: work.org(), ..Shown::default() }) };
    let unit = if side == Side::To { referral.to.unit.unwrap_or_default() } else { referral.from.unit };
    let role = sqlx::query_scalar!(
        "select r.code from memberships m join roles r on r.id = m.role where m.user_id = $1 and m.ended_at is null order by (m.unit = $2) desc, m.created_at limit 1",
        me.0,
        unit
    )
    .fetch_optional(work.db())
    .await?;
    let restricted = referral.state.terms.sensitivity == Sensitivity::Restricted;
    let name = if restricted { String::new() } else { work.standing.name.clone() };
    Ok(Shown { user: Some(me), org: Some(work.standing.org), name, role: role.unwrap_or_default() })
}
