//! Headings of columns: their many spellings, languages after `::`, and attributes that pass through.

/// A heading, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// As written.
    pub heading: String,
    /// What the column is for; empty if nothing is written. Unknown ones stay as written.
    pub key: String,
    /// The language of the column.
    pub language: Option<String>,
    /// Whether it is one of those that we know.
    pub known: bool,
}

/// Which sheet the headings belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Survey,
    Choices,
    Settings,
    Entities,
}

// Columns that may carry a language.
const TRANSLATED: &[&str] =
    &["label", "hint", "guidance_hint", "image", "big-image", "audio", "video", "constraint_message", "required_message"];

const SURVEY: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "image",
    "big-image",
    "audio",
    "video",
    "constraint",
    "constraint_message",
    "required",
    "required_message",
    "relevant",
    "read_only",
    "calculation",
    "default",
    "trigger",
    "appearance",
    "parameters",
    "choice_filter",
    "repeat_count",
    "save_to",
    "autoplay",
    "rows",
    "intent",
    "disabled",
    "no_app_error_string",
];

const CHOICES: &[&str] = &["list_name", "name", "label", "image", "big-image", "audio", "video"];

const SETTINGS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "instance_name",
    "instance_id",
    "instance_xmlns",
    "default_language",
    "style",
    "public_key",
    "submission_url",
    "auto_send",
    "auto_delete",
    "client_editable",
    "namespaces",
    "name",
    "prefix",
    "delimiter",
    "allow_choice_duplicates",
    "clean_text_values",
    "omit_instanceid",
    "flat",
];

const ENTITIES: &[&str] = &["list_name", "label", "entity_id", "create_if", "update_if", "repeat"];

/// Understands a row of headings.
pub(super) fn read(cells: &[String], kind: Kind) -> Vec<Heading> {
    let doubled = cells.iter().any(|cell| cell.contains("::"));
    cells.iter().map(|cell| one(cell.trim(), kind, doubled)).collect()
}

fn one(heading: &str, kind: Kind, doubled: bool) -> Heading {
    let mut parts = split(heading, doubled);
    if matches!(kind, Kind::Survey | Kind::Choices)
        && parts.len() > 1
        && ["media", "bind", "body", "control"].contains(&snake(&parts[0]).as_str())
    {
        let family = snake(&parts.remove(0));
        return inner(heading, &family, &parts, kind);
    }
    let family = snake(parts.first().map_or("", String::as_str));
    if parts.len() > 1 && ["instance", "attribute"].contains(&family.as_str()) {
        let key = format!("{family}::{}", parts[1..].join("::"));
        return Heading { heading: heading.to_owned(), key, language: None, known: true };
    }
    let key = alias(&family, kind);
    let known = known(kind).contains(&key);
    let language = (parts.len() > 1 && TRANSLATED.contains(&key)).then(|| parts[1..].join("::"));
    let key = if known && (parts.len() == 1 || language.is_some()) { key } else { heading };
    Heading { heading: heading.to_owned(), key: key.to_owned(), language, known }
}

// `media::image::French`, `bind::relevant`, `body::accuracyThreshold`.
fn inner(heading: &str, family: &str, parts: &[String], kind: Kind) -> Heading {
    let name = snake(&parts[0]);
    let key = alias(&name, kind);
    let known_key = known(kind).contains(&key);
    let language = (parts.len() > 1 && TRANSLATED.contains(&key)).then(|| parts[1..].join("::"));
    let family = if family == "control" { "body" } else { family };
    let key = if known_key { key.to_owned() } else { format!("{family}::{}", parts[0]) };
    Heading { heading: heading.to_owned(), key, language, known: true }
}

// One colon separates only where no heading has two, as in forms of long ago; the prefix `jr:` is none.
fn split(heading: &str, doubled: bool) -> Vec<String> {
    let trimmed = |parts: std::str::Split<'_, &str>| parts.map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    if doubled || heading.contains("::") {
        return trimmed(heading.split("::"));
    }
    let mut parts = trimmed(heading.split(":"));
    if let Some(at) = parts.iter().position(|part| part == "jr")
        && at + 1 < parts.len()
    {
        let name = parts.remove(at + 1);
        parts[at] = format!("jr:{name}");
    }
    parts
}

fn known(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Survey => SURVEY,
        Kind::Choices => CHOICES,
        Kind::Settings => SETTINGS,
        Kind::Entities => ENTITIES,
    }
}

fn alias(name: &str, kind: Kind) -> &str {
    match (kind, name) {
        (Kind::Survey | Kind::Choices, "caption") => "label",
        (Kind::Survey, "command") => "type",
        (Kind::Survey, "tag" | "value") | (Kind::Choices, "value") => "name",
        (Kind::Survey, "relevance") => "relevant",
        (Kind::Survey, "constraining_message" | "jr:constraintmsg") => "constraint_message",
        (Kind::Survey, "requiredmsg" | "jr:requiredmsg") => "required_message",
        (Kind::Survey, "noapperrorstring" | "jr:noapperrorstring") => "no_app_error_string",
        (Kind::Survey, "calculate") => "calculation",
        (Kind::Survey, "readonly") => "read_only",
        (Kind::Survey, "count" | "jr:count") => "repeat_count",
        (Kind::Survey, "entities:saveto") => "save_to",
        (Kind::Settings, "title" | "set_form_title") => "form_title",
        (Kind::Settings, "id_string" | "set_form_id") => "form_id",
        (Kind::Entities, "dataset") => "list_name",
        _ => name,
    }
}

fn snake(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    #[track_caller]
    fn understood(heading: &str, kind: Kind, key: &str, language: Option<&str>) {
        let found = &read(&[heading.to_owned(), "x::y".to_owned()], kind)[0];
        assert_eq!((found.key.as_str(), found.language.as_deref()), (key, language));
    }

    #[test]
    fn headings_are_understood_however_they_are_spelled() {
        understood("label::English (en)", Kind::Survey, "label", Some("English (en)"));
        understood("Media::Image::French", Kind::Survey, "image", Some("French"));
        understood("bind::jr:constraintMsg::fr", Kind::Survey, "constraint_message", Some("fr"));
        understood("Relevance", Kind::Survey, "relevant", None);
        understood("bind::esri:fieldType", Kind::Survey, "bind::esri:fieldType", None);
        understood("body::accuracyThreshold", Kind::Survey, "body::accuracyThreshold", None);
        understood("instance::ex:duration", Kind::Survey, "instance::ex:duration", None);
        understood("List Name", Kind::Choices, "list_name", None);
        understood("Distrito", Kind::Choices, "Distrito", None);
        understood("set form id", Kind::Settings, "form_id", None);
        understood("attribute::esri:x", Kind::Settings, "attribute::esri:x", None);
    }

    #[test]
    fn one_colon_separates_in_old_forms() {
        let found = read(&["label:English".to_owned(), "jr:count".to_owned()], Kind::Survey);
        assert_eq!((found[0].key.as_str(), found[0].language.as_deref()), ("label", Some("English")));
        assert_eq!(found[1].key, "repeat_count");
    }
}
