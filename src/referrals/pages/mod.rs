//! Pages of the sender, and the referral's own page for both sides.

mod edit;
mod emergency;
pub(super) mod facts;
pub(super) mod log;
mod new;
mod notice;
pub mod packet_view;
mod person;
mod review;
mod services;
pub(super) mod show;
mod steps;

use crate::packs::{Pack, ReasonKind};
use crate::platform::lang::Lang;
use crate::web::Routes;
use crate::web::parts::Choice;

/// Refer, emergency, and the referral page.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/refer", new::show)
        .page("POST", "/cases/{id}/refer", new::create)
        .page("POST", "/cases/{id}/not-referred", new::decline_to_refer)
        .page("GET", "/cases/{id}/services", services::show)
        .page("POST", "/cases/{id}/services", services::create)
        .page("POST", "/cases/{id}/services/preference", services::prefer)
        .page("POST", "/cases/{id}/services/not-referred", services::decline)
        .page("GET", "/cases/{id}/emergency", emergency::show)
        .page("POST", "/cases/{id}/emergency", emergency::create)
        .page("GET", "/emergency", emergency::ask_code)
        .page("GET", "/referrals/{id}/edit", edit::show)
        .page("POST", "/referrals/{id}/edit", edit::update)
        .page("POST", "/referrals/{id}/preview", edit::preview)
        .page("GET", "/people/{id}/refer", person::show)
        .page("POST", "/people/{id}/refer", person::create)
        .page("GET", "/referrals/{id}", show::show)
        .page("POST", "/referrals/{id}/moves", show::create_move)
        .page("POST", "/referrals/{id}/hand-off", show::hand_off)
}

fn needs(pack: &Pack, lang: Lang) -> Vec<Choice> {
    pack.needs.iter().map(|need| Choice::new(&need.code, need.labels.get(lang))).collect()
}

fn reasons(pack: &Pack, kind: ReasonKind, lang: Lang) -> Vec<Choice> {
    pack.reasons(kind).map(|reason| Choice::new(&reason.code, reason.labels.get(lang))).collect()
}
