//! Pages: the screenings of one's units and beginning one; one screening with its progress, figures and proposals; and the lists behind them.
mod found;
mod index;
mod lists;
mod show;

use crate::eligibility::screening::course::State;
use crate::web::parts::{Badge, Tone};
use crate::web::{Page, Routes};

/// The pages of screenings.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/screenings", index::index)
        .page("POST", "/screenings", index::create)
        .page("GET", "/screenings/{id}", show::show)
        .page("GET", "/screenings/{id}/progress", show::progress)
        .page("POST", "/screenings/{id}/pause", show::pause)
        .page("POST", "/screenings/{id}/continuation", show::go_on)
        .page("POST", "/screenings/{id}/cancellation", show::cancel)
        .page("GET", "/screenings/{id}/results", found::found)
        .page("GET", "/screenings/{id}/changes", lists::changes)
        .page("GET", "/screenings/{id}/proposals", lists::proposals)
        .page("POST", "/screenings/{id}/proposals", show::propose)
}

fn badge(p: &Page, state: State) -> Badge {
    let tone = match state {
        State::Done => Tone::Good,
        State::Failed => Tone::Danger,
        State::Paused => Tone::Warning,
        State::Waiting | State::Running | State::Cancelled => Tone::Neutral,
    };
    Badge::new(p.tc("screening-state", state.as_str()), tone)
}
