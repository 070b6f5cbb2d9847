//! What a referral's page tells its reader, over REST: the packet as far as it is open to this side now, and the movement log as this side
//! sees it.

use axum::Json;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::clocks::watch;
use super::pages::{log, packet_view};
use super::row::Referral;
use super::sending::packet::{self, Opened};
use super::sides;
use super::store;
use super::words::{Kind, Side};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::web::form::Path;
use crate::web::{Page, Routes};

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/referrals/{id}/packet", show_packet)
        .api("GET", "/api/v1/referrals/{id}/moves", list_moves)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show_packet, list_moves))]
struct Described;

/// What is disclosed about one person, or added to that later.
#[derive(Debug, Serialize, ToSchema)]
pub struct PacketWire {
    /// Everything is open; else the brief alone, which is read while deciding.
    pub full: bool,
    /// In the order of the programme.
    pub sections: Vec<PacketSectionWire>,
}

/// A section of a packet.
#[derive(Debug, Serialize, ToSchema)]
pub struct PacketSectionWire {
    /// Its code in the pack.
    pub code: String,
    /// What it is called in the reader's language.
    pub title: String,
    /// What it says; empty where nothing is recorded.
    pub lines: Vec<PacketLineWire>,
}

/// A line of a section.
#[derive(Debug, Serialize, ToSchema)]
pub struct PacketLineWire {
    /// What it is, as a code.
    pub key: String,
    /// As it was frozen: a code, a number or words.
    pub value: String,
    /// What it is, in the reader's language.
    pub label: String,
    /// The value in the reader's language.
    pub text: String,
}

/// A move of either side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralMoveWire {
    /// What was done, such as `submit`, `accept`, `complete`.
    pub action: &'static str,
    /// What happened, in the reader's language.
    pub title: String,
    /// The status that it led to.
    pub status: &'static str,
    /// Who did it: `from`, `to` or `system`.
    pub side: &'static str,
    /// Who is shown: a name or, of restricted types, a role; and the organisation.
    pub by: String,
    /// From whom the sender heard it, where the receiver has no account.
    pub on_behalf: Option<&'static str>,
    /// The code of a reason, where this side is told one.
    pub reason: Option<String>,
    /// A remark, where this side reads it.
    pub words: String,
    /// Why it was typed in late, where this side reads the remark.
    pub late_reason: String,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
}

/// Reads what is disclosed, as far as it is open to your side now. Empty where that is nothing.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/packet", tag = "referrals", params(("id" = ReferralId, Path)), responses((status = 200, body = Vec<PacketWire>)))]
async fn show_packet(mut work: Work, Path(id): Path<ReferralId>) -> Result<Json<Vec<PacketWire>>, Error> {
    let referral = store::find(&mut work, id).await?;
    let side = sides::rights(&mut work, &referral).await?.reading_side();
    let pack = watch::pack_of(&mut work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let mut disclosed = packet::read(&mut work, &referral).await?;
    disclosed.retain(|one| !one.sections.is_empty());
    if side == Side::To && disclosed.iter().any(|one| one.full) {
        work.record(Fact::PacketOpened, About::referral(id).between(referral.orgs())).await?;
    }
    let p = words_of(&work);
    viewed(work, &referral, side).await?;
    Ok(Json(disclosed.iter().map(|one| packet_wire(&p, &pack, &referral, one)).collect()))
}

/// Reads the movement log as your side sees it, the latest move first.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/moves", tag = "referrals", params(("id" = ReferralId, Path)), responses((status = 200, body = Vec<ReferralMoveWire>)))]
async fn list_moves(mut work: Work, Path(id): Path<ReferralId>) -> Result<Json<Vec<ReferralMoveWire>>, Error> {
    let referral = store::find(&mut work, id).await?;
    let side = sides::rights(&mut work, &referral).await?.reading_side();
    let logged = store::moves(&mut work, &referral).await?;
    let p = words_of(&work);
    let told = log::told(&mut work, &referral, &logged, side).await?;
    let moves = told.into_iter().map(|told| move_wire(&p, referral.state.terms.kind, told, side)).collect();
    viewed(work, &referral, side).await?;
    Ok(Json(moves))
}

// The words of a page without the page: a program has neither menu nor forms.
fn words_of(work: &Work) -> Page {
    let mut page = Page::plain(work.lang(), "", work.now());
    page.reader.zone = work.zone();
    page
}

// As on the page: the case is named for the side whose it is.
async fn viewed(mut work: Work, referral: &Referral, side: Side) -> Result<(), Error> {
    let case_id = referral.case_id.filter(|_| side == Side::From);
    work.record(Fact::Viewed, About { case_id, ..About::referral(referral.id).between(referral.orgs()) }).await?;
    work.commit().await
}

fn packet_wire(p: &Page, pack: &Pack, referral: &Referral, one: &Opened) -> PacketWire {
    let shown = packet_view::view_of(p, pack, referral, &one.sections);
    let sections = one.sections.iter().zip(shown).map(|(section, shown)| PacketSectionWire {
        code: section.code.clone(),
        title: shown.title,
        lines: section
            .lines
            .iter()
            .zip(shown.rows)
            .map(|((key, value), row)| PacketLineWire { key: key.clone(), value: value.clone(), label: row.term, text: row.text })
            .collect(),
    });
    PacketWire { full: one.full, sections: sections.collect() }
}

fn move_wire(p: &Page, kind: Kind, told: log::Told<'_>, side: Side) -> ReferralMoveWire {
    let log::Told { act, reason, words, late_reason, line } = told;
    ReferralMoveWire {
        action: act.code(),
        title: log::title(p, kind, act, line, side),
        status: line.made.state.status.code(),
        side: line.made.side.code(),
        by: log::signature(p, line),
        on_behalf: line.made.on_behalf.map(|source| source.code()),
        reason: reason.map(str::to_owned),
        words,
        late_reason,
        happened_at: line.made.happened_at,
    }
}
