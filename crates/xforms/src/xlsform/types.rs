//! The column `type`: its many spellings, and what each asks for.
use crate::form::{Preload, QuestionKind, Range};

/// What a row of the survey is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RowType {
    Begin(Section),
    End(Section),
    /// A select or rank over a list, a file or the rounds of a repeat.
    Select(Select),
    Question(QuestionKind),
    /// What the client fills in.
    Metadata(&'static str, Preload),
    Calculate,
    Hidden,
    Audit,
    BackgroundAudio,
    StartGeopoint,
    BackgroundGeopoint,
    /// A file that expressions look things up in; the ending is `csv` or `xml`.
    External(&'static str),
    /// Ready-made questions of old forms: kind, constraint, hint.
    Preset(QuestionKind, &'static str, &'static str),
    /// A setting that stands on the survey sheet in old forms.
    Setting(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Group,
    Repeat,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Select {
    pub kind: QuestionKind,
    /// Name of a list or a file, or `${name}`.
    pub list: String,
    pub or_other: bool,
    pub from_file: bool,
    pub external: bool,
}

/// Names for suggestions when a type is not known.
pub(super) const COMMON: &[&str] = &[
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "select_one",
    "select_multiple",
    "rank",
    "range",
    "note",
    "calculate",
    "acknowledge",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
    "barcode",
    "hidden",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "audit",
    "select_one_from_file",
    "select_multiple_from_file",
    "csv-external",
    "xml-external",
    "start-geopoint",
    "background-audio",
    "background-geopoint",
];

/// Understands a type; nothing if there is no such type.
pub(super) fn read(text: &str) -> Option<RowType> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    section(&text).or_else(|| select(&text)).or_else(|| metadata(&text)).or_else(|| question(&text)).or_else(|| special(&text))
}

fn section(text: &str) -> Option<RowType> {
    let (word, rest) = text.split_once([' ', '_'])?;
    let section = match rest {
        "group" => Section::Group,
        "repeat" | "lgroup" | "looped group" => Section::Repeat,
        _ => return None,
    };
    match word {
        "begin" => Some(RowType::Begin(section)),
        "end" => Some(RowType::End(section)),
        _ => None,
    }
}

fn select(text: &str) -> Option<RowType> {
    const COMMANDS: &[(&str, QuestionKind, bool, bool)] = &[
        ("select_one_from_file", QuestionKind::SelectOne, true, false),
        ("select one from file", QuestionKind::SelectOne, true, false),
        ("select_multiple_from_file", QuestionKind::SelectMultiple, true, false),
        ("select multiple from file", QuestionKind::SelectMultiple, true, false),
        ("select_one_external", QuestionKind::SelectOne, false, true),
        ("add select one prompt using", QuestionKind::SelectOne, false, false),
        ("add select multiple prompt using", QuestionKind::SelectMultiple, false, false),
        ("select all that apply from", QuestionKind::SelectMultiple, false, false),
        ("select all that apply", QuestionKind::SelectMultiple, false, false),
        ("select one from", QuestionKind::SelectOne, false, false),
        ("select one", QuestionKind::SelectOne, false, false),
        ("select1", QuestionKind::SelectOne, false, false),
        ("select_one", QuestionKind::SelectOne, false, false),
        ("select_multiple", QuestionKind::SelectMultiple, false, false),
        ("rank", QuestionKind::Rank, false, false),
    ];
    for (command, kind, from_file, external) in COMMANDS {
        let Some(rest) = text.strip_prefix(command).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let (list, or_other) = ["or_other", "or other", "or specify other"]
            .iter()
            .find_map(|suffix| rest.strip_suffix(suffix).and_then(|list| list.strip_suffix(' ')).map(|list| (list, true)))
            .unwrap_or((rest, false));
        if list.contains(' ') {
            continue;
        }
        return Some(RowType::Select(Select {
            kind: kind.clone(),
            list: list.to_owned(),
            or_other,
            from_file: *from_file,
            external: *external,
        }));
    }
    None
}

fn metadata(text: &str) -> Option<RowType> {
    let preload = |what: &str, parameter: &str| Preload { what: what.to_owned(), parameter: parameter.to_owned() };
    Some(match text {
        "start" | "start time" | "get start time" => RowType::Metadata("dateTime", preload("timestamp", "start")),
        "end" | "end time" | "get end time" => RowType::Metadata("dateTime", preload("timestamp", "end")),
        "today" | "get today" => RowType::Metadata("date", preload("date", "today")),
        "deviceid" | "device id" | "get device id" | "imei" => RowType::Metadata("string", preload("property", "deviceid")),
        "subscriberid" | "subscriber id" | "get subscriber id" => {
            RowType::Metadata("string", preload("property", "subscriberid"))
        }
        "simserial" | "sim id" | "get sim id" => RowType::Metadata("string", preload("property", "simserial")),
        "phonenumber" | "get phone number" => RowType::Metadata("string", preload("property", "phonenumber")),
        "username" | "email" | "uri:username" | "uri:email" | "uri:deviceid" | "uri:phonenumber" | "uri:simserial"
        | "uri:subscriberid" => RowType::Metadata("string", preload("property", text)),
        _ => return None,
    })
}

fn question(text: &str) -> Option<RowType> {
    let plain = text
        .strip_prefix("q ")
        .or_else(|| text.strip_prefix("add ").and_then(|rest| rest.strip_suffix(" prompt")))
        .unwrap_or(text);
    let kind = match plain {
        "text" | "string" => QuestionKind::Text,
        "integer" | "int" => QuestionKind::Integer,
        "decimal" => QuestionKind::Decimal,
        "date" => QuestionKind::Date,
        "time" => QuestionKind::Time,
        "dateTime" | "datetime" | "date time" => QuestionKind::DateTime,
        "note" => QuestionKind::Note,
        "acknowledge" | "trigger" => QuestionKind::Acknowledge,
        "geopoint" | "location" | "gps" => QuestionKind::Geopoint,
        "geotrace" => QuestionKind::Geotrace,
        "geoshape" => QuestionKind::Geoshape,
        "image" | "photo" | "picture" => QuestionKind::File("image/*".to_owned()),
        "audio" => QuestionKind::File("audio/*".to_owned()),
        "video" => QuestionKind::File("video/*".to_owned()),
        "file" => QuestionKind::File("application/*".to_owned()),
        "barcode" => QuestionKind::Barcode,
        "range" => QuestionKind::Range(Range::default()),
        "calculate" => return Some(RowType::Calculate),
        _ => return None,
    };
    Some(RowType::Question(kind))
}

fn special(text: &str) -> Option<RowType> {
    let days = |constraint, hint| RowType::Preset(QuestionKind::Integer, constraint, hint);
    Some(match text {
        "hidden" => RowType::Hidden,
        "audit" => RowType::Audit,
        "background-audio" => RowType::BackgroundAudio,
        "start-geopoint" => RowType::StartGeopoint,
        "background-geopoint" => RowType::BackgroundGeopoint,
        "csv-external" => RowType::External("csv"),
        "xml-external" => RowType::External("xml"),
        "percentage" => days("0 <= . and . <= 100", ""),
        "number of days in last month" => days("0 <= . and . <= 31", "Enter a number 0-31."),
        "number of days in last six months" => days("0 <= . and . <= 183", "Enter a number 0-183."),
        "number of days in last year" => days("0 <= . and . <= 365", "Enter a number 0-365."),
        "phone number" => RowType::Preset(QuestionKind::Text, "regex(., '^\\d*$')", "Enter numbers only."),
        "form_title" | "set form title" => RowType::Setting("form_title"),
        "form_id" | "set form id" => RowType::Setting("form_id"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{RowType, Section, read};
    use crate::form::QuestionKind;

    #[test]
    fn types_are_understood_however_they_are_spelled() {
        assert_eq!(read("begin  group"), Some(RowType::Begin(Section::Group)));
        assert_eq!(read("end_repeat"), Some(RowType::End(Section::Repeat)));
        assert_eq!(read("add date prompt"), Some(RowType::Question(QuestionKind::Date)));
        let Some(RowType::Select(select)) = read("select one from yn or_other") else { panic!("it is a select") };
        assert_eq!((select.list.as_str(), select.or_other), ("yn", true));
        let Some(RowType::Select(select)) = read("select_multiple_from_file a.csv") else { panic!("it is a select") };
        assert_eq!((select.kind, select.from_file), (QuestionKind::SelectMultiple, true));
        assert_eq!(read("select_one"), None);
        assert_eq!(read("txet"), None);
    }
}
