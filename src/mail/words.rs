//! What codes of mail are called on a page. Rooms that post messages bring their own kinds and reasons; those without a text are called
//! by a general word, never by their code.
use crate::platform::outbox::State;
use crate::platform::text::has;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// What kind of message it is.
pub fn kind(p: &Page, code: &str) -> String {
    known(p, "mail-kind", code).unwrap_or_else(|| p.t("mail-kind-other"))
}

/// How a try ended, or why a message was dropped or came back, with the code that the far end gave.
pub fn result(p: &Page, code: Option<&str>, detail: Option<&str>) -> String {
    let Some(code) = code else { return String::new() };
    let said = known(p, "mail-result", code).unwrap_or_else(|| p.t("mail-result-other"));
    match detail {
        Some(detail) => format!("{said} ({detail})"),
        None => said,
    }
}

/// Where a message stands.
pub fn state(p: &Page, state: State) -> Badge {
    let tone = match state {
        State::Queued | State::Sending => Tone::Info,
        State::Sent | State::Delivered => Tone::Good,
        State::Dropped => Tone::Neutral,
        State::Bounced | State::Dead => Tone::Danger,
    };
    Badge::new(p.tc("mail-state", state.code()), tone)
}

fn known(p: &Page, family: &str, code: &str) -> Option<String> {
    let key = format!("{family}-{}", code.replace('_', "-"));
    has(p.reader.lang, &key).then(|| p.t(&key))
}
