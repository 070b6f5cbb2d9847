//! What may be asked of a desk.
use std::collections::BTreeMap;

use rules::Rule;
use serde::Deserialize;

use crate::judge::Field;

/// One request. Which fields count depends on what is to be done; the others are left out.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// `open`, `page`, `answer`, `add`, `remove`, `check`, `language`, `draft`, `finish`, `close` or `judge`.
    #[serde(rename = "do")]
    pub what: String,
    /// Which open copy.
    #[serde(default)]
    pub handle: usize,
    /// The form as XForm.
    #[serde(default)]
    pub xform: String,
    /// Files beside the form: their text by address, such as `jr://file-csv/places.csv`.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Name of the language to show.
    #[serde(default)]
    pub language: String,
    /// Milliseconds since 1970-01-01T00:00Z.
    #[serde(default)]
    pub now: Option<i64>,
    /// Minutes east of UTC.
    #[serde(default)]
    pub offset: i32,
    /// Where chance begins: a number below 2⁶⁴ in decimal digits, since JavaScript has none so large.
    #[serde(default)]
    pub seed: String,
    /// `username`, `deviceid` …
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// A draft to go on with; for `judge` the finished copy.
    #[serde(default)]
    pub draft: Option<String>,
    /// The page that is looked at; nothing for the first.
    #[serde(default)]
    pub page: Option<String>,
    /// The question, the round, or the element that is to hold a new round.
    #[serde(default)]
    pub at: String,
    /// The answer; or, for `add`, the path of the repeat.
    #[serde(default)]
    pub text: String,
    /// The rules to judge by.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The fields that they know.
    #[serde(default)]
    pub fields: Vec<Field>,
}
