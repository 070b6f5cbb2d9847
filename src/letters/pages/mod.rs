//! Pages of letters: a case's referrals as a list that opens, a new referral to an organisation, the letter's dialogue, what became of it.
mod attachments;
mod compose;
mod confirm;
mod lacks;
mod list;
mod new;
mod show;

use axum::response::{IntoResponse, Response};
use http::header;

use super::letter::{Letter, standing};
use crate::packs::{Pack, StateWord};
use crate::platform::outbox::Delivery;
use crate::web::parts::{Badge, Tone};
use crate::web::{Page, Routes};

/// Every page of the sender's letters, and the receiver's way to attachments.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/referrals", list::index)
        .page("GET", "/cases/{id}/referrals/new", new::show)
        .page("POST", "/cases/{id}/referrals", new::create)
        .page("GET", "/referrals/{id}/letter", compose::show)
        .page("POST", "/referrals/{id}/letter", compose::update)
        .page("POST", "/referrals/{id}/letter/fields", compose::fields)
        .page("GET", "/referrals/{id}/letter/preview", compose::preview_kept)
        .page("POST", "/referrals/{id}/letter/preview", compose::preview)
        .page("GET", "/referrals/{id}/letter/submission", confirm::show)
        .page("POST", "/referrals/{id}/letter/submission", confirm::create)
        .page("GET", "/referrals/{id}/letter/file", show::file)
        .page("POST", "/referrals/{id}/letter/printing", show::print)
        .page("POST", "/referrals/{id}/letters", show::begin)
        .page("GET", "/referrals/{id}/letters/{letter}/file", show::file_of)
        .page("GET", "/referrals/{id}/attachments", attachments::index)
        .page("GET", "/referrals/{id}/attachments/{attachment}", attachments::show)
}

/// A PDF to be looked at, under a name that is a code (S13).
pub(super) fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// Where a letter stands, as a word; the pack may have words of its own for waiting and sent.
pub(super) fn state(p: &Page, pack: &Pack, letter: &Letter, delivery: Option<&Delivery>) -> Badge {
    let code = standing(letter, delivery);
    let tone = match code {
        "sent" | "delivered" | "printed" => Tone::Good,
        "bounced" | "dead" | "dropped" => Tone::Danger,
        "to-print" => Tone::Warning,
        "draft" => Tone::Neutral,
        _ => Tone::Info,
    };
    let own = match code {
        "queued" => pack.own_word(StateWord::LetterQueued),
        "sent" => pack.own_word(StateWord::LetterSent),
        _ => None,
    };
    Badge::new(own.map_or_else(|| p.tc("letter-state", code), |labels| labels.get(p.reader.lang).to_owned()), tone)
}
