//! Pages of transfers and of cover.
mod beforehand;
mod choose;
mod cover;
mod decide;
mod index;
mod pull;
mod show;
mod stays;
mod write;

use crate::error::Error;
use crate::packs::{self, Labels, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{UnitId, UserId};
use crate::supervision::carrying;
use crate::transfers::choices;
use crate::web::parts::{Badge, Choice, Tab, Tone};
use crate::web::{Page, Routes};

/// The routes of this room. Words beside `{id}` win over it.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/transfers", index::index)
        .page("GET", "/transfers/receipts", index::receipts)
        .page("GET", "/transfers/choose", choose::choose)
        .page("GET", "/transfers/new", write::new)
        .page("POST", "/transfers/new", write::create)
        .page("GET", "/transfers/{id}", show::show)
        .page("GET", "/transfers/{id}/progress", show::progress)
        .page("GET", "/transfers/{id}/edit", write::edit)
        .page("POST", "/transfers/{id}/edit", write::update)
        .page("POST", "/transfers/{id}/submission", show::submit)
        .page("POST", "/transfers/{id}/taking-back", show::take_back)
        .page("POST", "/transfers/{id}/removal", show::discard)
        .page("POST", "/transfers/{id}/introduction", show::introduce)
        .page("GET", "/transfers/{id}/decision", decide::new)
        .page("POST", "/transfers/{id}/decision", decide::create)
        .page("GET", "/cases/{id}/transfer", write::of_case)
        .page("POST", "/cases/{id}/transfer-notice", write::announce)
        .page("GET", "/referrals/{id}/transfer", pull::new)
        .page("POST", "/referrals/{id}/transfer", pull::create)
        .page("GET", "/covers", cover::index)
        .page("POST", "/covers", cover::create)
        .page("POST", "/covers/{id}/end", cover::end)
}

// Where one is among the pages of this room.
fn tabs(p: &Page, on: &str) -> Vec<Tab> {
    let places = [
        ("incoming", "/transfers?which=incoming"),
        ("outgoing", "/transfers?which=outgoing"),
        ("receipts", "/transfers/receipts"),
        ("covers", "/covers"),
    ];
    places.iter().map(|(name, href)| Tab::new(*href, p.t(&format!("transfers-tab-{name}"))).on_when(on, name)).collect()
}

fn state_badge(p: &Page, state: &str) -> Badge {
    let tone = match state {
        "transferred" => Tone::Good,
        "rejected" | "failed" => Tone::Danger,
        "submitted" => Tone::Warning,
        "approved" => Tone::Info,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("transfer-state", state), tone)
}

// Who may keep cases of these types in a unit, each with what they carry and until when they are away; and who may supervise them.
async fn keepers(work: &mut Work, p: &Page, unit: UnitId, types: &[i16]) -> Result<(Vec<Choice>, Vec<Choice>), Error> {
    let found = choices::keepers(work, unit, types).await?;
    let carry = carrying::of(work, &found.iter().map(|keeper| keeper.0).collect::<Vec<_>>()).await?;
    let named = |(id, name, _): &(UserId, String, bool)| {
        Choice::new(id.to_string(), carry.get(id).copied().unwrap_or_default().named(p, name))
    };
    let supervisors = found.iter().filter(|keeper| keeper.2).map(|keeper| Choice::new(keeper.0.to_string(), &keeper.1));
    Ok((found.iter().map(named).collect(), supervisors.collect()))
}

// A label out of the database's own copy of a pack's labels.
fn label(p: &Page, labels: &serde_json::Value) -> String {
    serde_json::from_value::<Labels>(labels.clone()).map(|labels| labels.get(p.reader.lang).to_owned()).unwrap_or_default()
}

// The newest pack that knows this type, for the words of stages and risks.
async fn pack_of(work: &mut Work, case_type: i16) -> Option<std::sync::Arc<Pack>> {
    packs::store::of_case_type(work, case_type).await.ok().map(|(_, pack)| pack)
}

fn risk_label(pack: Option<&Pack>, risk: Option<&str>, p: &Page) -> String {
    let level = risk.and_then(|risk| pack?.risk_level(risk));
    level.map(|level| level.labels.get(p.reader.lang).to_owned()).unwrap_or_default()
}

fn stage_label(pack: Option<&Pack>, case_type: i16, stage: &str, p: &Page) -> String {
    let kind = u8::try_from(case_type).ok().and_then(|id| pack?.case_type_by_id(id));
    let found = kind.and_then(|kind| pack?.process(kind)?.stage(stage));
    found.map_or_else(String::new, |stage| stage.labels.get(p.reader.lang).to_owned())
}
