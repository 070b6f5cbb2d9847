//! Reads the JSON of a call. What can't be read is named: the field, or the place in the text; and a field that the call does not know is
//! refused, so that nothing a program sends is left out without a word.
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::{Error, FieldErrors};

/// More unknown fields than this are not named.
const MOST_NAMED: usize = 20;
/// No name is repeated at greater length.
const LONGEST_NAME: usize = 100;

/// What a call without particulars takes: no body, or an empty object.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// The body of a call as its handler takes it.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    // A call without particulars may have no body at all.
    let text: &[u8] = if bytes.is_empty() { b"null" } else { bytes };
    let mut json = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = FieldErrors::default();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let read = serde_ignored::deserialize(tracked, |path| {
        if unknown.0.len() < MOST_NAMED {
            unknown.add(&name(&path.to_string()), "unknown_field");
        }
    });
    let body =
        read.and_then(|body: T| json.end().map(|()| body)).map_err(|error| fault(bytes, &track.path().to_string(), &error))?;
    if unknown.is_empty() {
        Ok(body)
    } else {
        Err(Error::Unread(unknown, "This call does not know every field that was sent.".to_owned()))
    }
}

// The library's words on a mistake of form quote nothing of what was sent; those on a wrong value do, and are not repeated.
fn fault(bytes: &[u8], path: &str, error: &serde_json::Error) -> Error {
    let (field, code) = match missing(error) {
        Some(missing) => (name(&format!("{path}.{missing}")), "required"),
        None => (name(path), "not_understood"),
    };
    let unread = |field: &str, code, detail| Error::Unread(FieldErrors::one(field, code), detail);
    match error.classify() {
        _ if bytes.is_empty() => unread("", "required", "This call needs a body.".to_owned()),
        Category::Data => unread(&field, code, format!("Reading stopped at line {}, column {}.", error.line(), error.column())),
        _ => unread("", "not_understood", format!("The body is not JSON: {error}.")),
    }
}

// A wrong value is quoted before the words that say so, so a field's name is taken only from a message that begins with them.
fn missing(error: &serde_json::Error) -> Option<String> {
    let said = error.to_string();
    let (field, _) = said.strip_prefix("missing field `")?.split_once('`')?;
    Some(field.to_owned())
}

// `a[0].b`, `a.0.b` and `?.a` become `a.0.b` and `a`.
fn name(path: &str) -> String {
    let dotted = path.replace('[', ".").replace(']', "");
    let parts = dotted.split('.').filter(|part| !part.is_empty() && *part != "?");
    parts.collect::<Vec<_>>().join(".").chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Visit {
        place: String,
        #[serde(default)]
        guests: Vec<Guest>,
        at: Option<chrono::DateTime<chrono::Utc>>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Guest {
        age: u8,
    }

    fn refused<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> (Vec<(String, &'static str)>, String) {
        let Err(Error::Unread(fields, detail)) = read::<T>(text.as_bytes()) else { panic!("{text} was read") };
        (fields.0.into_iter().collect(), detail)
    }

    #[test]
    fn what_cannot_be_read_is_named_and_placed() {
        for (text, field, code, detail) in [
            (r#"{"place":"a","plaec":"b"}"#, "plaec", "unknown_field", "does not know every field"),
            (r#"{"place":"a","guests":[{"age":1,"name":"Dana"}]}"#, "guests.0.name", "unknown_field", "does not know"),
            (r#"{"guests":[]}"#, "place", "required", "line 1, column 13"),
            (r#"{"place":"a","guests":[{}]}"#, "guests.0.age", "required", "line 1"),
            (r#"{"place":"a","guests":[{"age":"Dana"}]}"#, "guests.0.age", "not_understood", "line 1, column 36"),
            ("{\"place\":\"a\",\n\"at\":\"Dana\"}", "at", "not_understood", "line 2"),
            ("{\"place\":\"a\"\n\"at\":null}", "", "not_understood", "not JSON: expected `,` or `}` at line 2 column 1."),
            (r#"{"place":"a"} and more"#, "", "not_understood", "trailing characters at line 1 column 15"),
            (r#"{"place":"Da"#, "", "not_understood", "EOF while parsing a string at line 1 column 12"),
            ("", "", "required", "needs a body"),
            ("[]", "", "not_understood", "line 1"),
        ] {
            let (fields, said) = refused::<Visit>(text);
            assert_eq!(fields, [(field.to_owned(), code)], "{text}: {said}");
            assert!(said.contains(detail) && !said.contains("Dana"), "{text}: {said}");
        }
    }

    #[test]
    fn a_call_without_particulars_takes_no_body_or_an_empty_one() {
        for text in ["", "null", "{}"] {
            read::<Option<Nothing>>(text.as_bytes()).unwrap();
        }
        assert_eq!(refused::<Option<Nothing>>(r#"{"reason":"x"}"#).0, [("reason".to_owned(), "unknown_field")]);
    }
}
