//! Every text on a screen, through Fluent, in four languages: `locales/<lang>/<room>.ftl`.
use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use unic_langid::langid;

use crate::platform::lang::Lang;

static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "en",
    };
}

static IDS: [LanguageIdentifier; 4] = [langid!("en"), langid!("ar"), langid!("fr"), langid!("es")];

fn id(lang: Lang) -> &'static LanguageIdentifier {
    match lang {
        Lang::En => &IDS[0],
        Lang::Ar => &IDS[1],
        Lang::Fr => &IDS[2],
        Lang::Es => &IDS[3],
    }
}

/// The text under this key; the key itself where none exists, which the tests find.
pub fn text(lang: Lang, key: &str) -> String {
    TEXTS.try_lookup(id(lang), key).unwrap_or_else(|| key.to_owned())
}

/// The text under this key with its values filled in.
pub fn text_with(lang: Lang, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
        values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    TEXTS.try_lookup_with_args(id(lang), key, &values).unwrap_or_else(|| key.to_owned())
}

/// A text without the marks that set the direction of each value apart: outside a page they would become part of an address that is tapped
/// or of a code that is copied, and old mail programs show them as boxes.
pub fn without_marks(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// The key exists.
pub fn has(lang: Lang, key: &str) -> bool {
    TEXTS.try_lookup(id(lang), key).is_some()
}
