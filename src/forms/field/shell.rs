//! The page that a browser keeps, and the worker that keeps it. Both are the same for everybody who reads the same language.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::{Map, Value, json};

use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids;
use crate::platform::lang::Lang;
use crate::platform::text::text_with;
use crate::web::{Page, Routes, assets};

// What the pages of the field say; `words` hands them over.
const WORDS: &[&str] = &[
    "field-along",
    "field-along-failed",
    "field-along-failed-next",
    "field-along-taken",
    "field-answered",
    "field-back",
    "field-begin",
    "field-change",
    "field-changed",
    "field-choose",
    "field-clause-met",
    "field-clause-not-met",
    "field-clause-unknown",
    "field-clear",
    "field-compare",
    "field-compare-failed",
    "field-compare-same",
    "field-complete",
    "field-complete-next",
    "field-connected",
    "field-day",
    "field-day-hint",
    "field-down",
    "field-drafts",
    "field-drafts-none",
    "field-draw-clear",
    "field-draw-here",
    "field-drop",
    "field-drop-sure",
    "field-elsewhere",
    "field-elsewhere-next",
    "field-end",
    "field-errors",
    "field-fault-choice",
    "field-fault-constraint",
    "field-fault-date",
    "field-fault-date-time",
    "field-fault-location",
    "field-fault-number",
    "field-fault-required",
    "field-fault-scale",
    "field-fault-time",
    "field-fault-whole-number",
    "field-file-kind",
    "field-file-large",
    "field-file-open",
    "field-file-taken",
    "field-file-unreadable",
    "field-finish",
    "field-first-online",
    "field-first-online-next",
    "field-form-absent",
    "field-form-absent-next",
    "field-form-broken",
    "field-forms",
    "field-forms-none",
    "field-give-back",
    "field-go-on",
    "field-hand-in",
    "field-handed-in",
    "field-here",
    "field-judged",
    "field-judged-provisional",
    "field-judged-provisional-next",
    "field-kept-hours",
    "field-kept-until",
    "field-language",
    "field-later",
    "field-leave",
    "field-lock",
    "field-lost",
    "field-mend",
    "field-month-hint",
    "field-more",
    "field-next",
    "field-no",
    "field-no-label",
    "field-no-storage",
    "field-no-storage-next",
    "field-not-connected",
    "field-not-film",
    "field-not-kept",
    "field-not-protected",
    "field-not-taken",
    "field-open-there",
    "field-picture-taken",
    "field-pin-again",
    "field-pin-differs",
    "field-pin-easy",
    "field-pin-gone",
    "field-pin-gone-next",
    "field-pin-gone-why",
    "field-pin-new",
    "field-pin-of",
    "field-pin-online",
    "field-pin-open",
    "field-pin-other",
    "field-pin-set",
    "field-pin-short",
    "field-pin-title",
    "field-pin-why",
    "field-pin-why-next",
    "field-pin-wrong",
    "field-place-add",
    "field-place-close",
    "field-place-hint",
    "field-place-refused",
    "field-place-take",
    "field-progress",
    "field-question",
    "field-queue",
    "field-queue-none",
    "field-rank-right",
    "field-refused-case",
    "field-refused-file",
    "field-refused-large",
    "field-refused-offline",
    "field-refused-other",
    "field-refused-unknown",
    "field-remove",
    "field-remove-sure",
    "field-required",
    "field-round",
    "field-round-add",
    "field-round-added",
    "field-round-blank",
    "field-round-removed",
    "field-scale-none",
    "field-send-again",
    "field-send-now",
    "field-sent-some",
    "field-sign-in",
    "field-signed-out",
    "field-sound-long",
    "field-sound-taken",
    "field-state-conflict",
    "field-state-draft",
    "field-state-refused",
    "field-state-sent",
    "field-state-waiting",
    "field-take-over",
    "field-there",
    "field-time",
    "field-time-hint",
    "field-title",
    "field-to-forms",
    "field-try-again",
    "field-understood",
    "field-unit",
    "field-up",
    "field-value",
    "field-verdict-ask",
    "field-verdict-eligible",
    "field-verdict-not-eligible",
    "field-verdict-unknown",
    "field-verdict-why",
    "field-went-elsewhere",
    "field-who",
    "field-wiped",
    "field-words-arrival",
    "field-words-case",
    "field-words-conflict",
    "field-words-inbox",
    "field-words-known",
    "field-words-overtaken",
    "field-year-hint",
];

// What the shell is made of, beside the drawings of the style sheets.
const KEPT: [&str; 10] = [
    "app.css",
    "app.rtl.css",
    "early.js",
    "app.js",
    "field.js",
    "forms.wasm",
    "icons.svg",
    "mark.svg",
    "noto-sans-arabic-400.woff2",
    "noto-sans-arabic-600.woff2",
];

// Values that the browser puts in: it is handed their names in braces.
const VALUES: [(&str, &str); 14] = [
    ("added", "{added}"),
    ("answered", "{answered}"),
    ("asked", "{asked}"),
    ("count", "{count}"),
    ("field", "{field}"),
    ("gone", "{gone}"),
    ("hours", "{hours}"),
    ("left", "{left}"),
    ("login", "{login}"),
    ("page", "{page}"),
    ("pages", "{pages}"),
    ("value", "{value}"),
    ("what", "{what}"),
    ("when", "{when}"),
];

/// The page and its worker.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/field", show).page("GET", "/field/sw.js", worker)
}

#[derive(Template)]
#[template(path = "forms/field/html/field.html")]
struct Shell {
    p: Page,
    settings: String,
    words: String,
}

/// GET /field: the shell. It names nobody: another person may open it here without a network.
async fn show(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let mut p = Page::titled(&mut work, "field-title").await?;
    p.csrf.clear();
    p.user_name.clear();
    p.org_name.clear();
    p.flash = None;
    let settings = json!({
        "wasm": assets::url("forms.wasm"), "worker": "/field/sw.js", "submissions": "/field/submissions", "formsCache": "field-forms",
    });
    let words = words(work.lang());
    work.show_plain(Shell { p, settings: settings.to_string(), words }).await
}

/// A key as the browser knows it.
pub(super) fn short(key: &str) -> String {
    key.trim_start_matches("field-").replace('-', "_")
}

fn words(lang: Lang) -> String {
    let values: Vec<_> = VALUES.iter().map(|(name, value)| (*name, (*value).into())).collect();
    let word = |key: &str| {
        let text = text_with(lang, key, &values);
        (short(key), Value::String(text))
    };
    let words: Map<String, Value> = WORDS.iter().map(|key| word(key)).collect();
    Value::Object(words).to_string()
}

/// GET /field/sw.js: the service worker, with the addresses of the shell as they now are.
async fn worker(work: Work) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    work.commit().await?;
    let kept: Vec<&str> = KEPT.iter().map(|name| assets::url(name)).chain(assets::drawings()).collect();
    let list = serde_json::to_string(&kept).map_err(anyhow::Error::from)?;
    let version = hex::encode(&ids::hash(&list)[..6]);
    let script = include_str!("sw.js").replace("[/*SHELL*/]", &list).replace("/*VERSION*/", &version);
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::HeaderName::from_static("service-worker-allowed"), "/field"),
    ];
    Ok((headers, script).into_response())
}

#[cfg(test)]
mod tests {
    use super::{WORDS, words};
    use crate::platform::lang::Lang;

    #[test]
    fn the_browser_is_handed_every_word_that_it_says() {
        let scripts = std::fs::read_dir("assets/src/field").expect("the scripts").map(|file| file.expect("a file").path());
        let scripts: Vec<String> = scripts.map(|path| std::fs::read_to_string(path).expect("text")).collect();
        let is_call = |script: &str, at: usize| !script[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.');
        let calls = |script: &'static str| script.match_indices("t(\"").filter(move |(at, _)| is_call(script, *at));
        let word = |script: &'static str, at: usize| script[at + 3..].split('"').next().unwrap_or_default();
        let said: Vec<&str> = scripts
            .into_iter()
            .map(|script| -> &'static str { script.leak() })
            .flat_map(|script| calls(script).map(|(at, _)| word(script, at)).collect::<Vec<_>>())
            .collect();
        assert!(said.len() > 60, "{said:?}");
        let missing: Vec<_> =
            said.iter().filter(|key| !WORDS.contains(&format!("field-{}", key.replace('_', "-")).as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        for lang in [Lang::En, Lang::Ar, Lang::Fr, Lang::Es] {
            assert!(!words(lang).contains("\"field-"), "a word is missing in {}", lang.code());
        }
    }
}
