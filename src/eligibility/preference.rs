//! What the person says of a service: that they would like it, that they do not want it, or neither any more. The newest counts.
use std::collections::HashMap;

use serde_json::json;

use super::store::{self, Said};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ServiceId};

const WORDS: &str = "service_preferences.words";

/// What may be said of a service.
pub const WISHES: [&str; 3] = ["wanted", "unwanted", "open"];

/// What the person says of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preference {
    /// One of [`WISHES`].
    pub wish: String,
    /// Why, in a few words.
    pub words: String,
}

/// Records what the person says; why not is needed of a refusal, so that nobody asks the same again next week.
pub async fn record(work: &mut Work, case: &Case, service: ServiceId, said: &Preference) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    crate::directory::store::find(work, service).await?;
    let (words, mut errors) = (said.words.trim(), FieldErrors::default());
    if !WISHES.contains(&said.wish.as_str()) {
        errors.add("wish", "required");
    }
    if said.wish == "unwanted" && words.is_empty() {
        errors.add("words", "required");
    }
    if words.chars().count() > 500 {
        errors.add("words", "too_long");
    }
    errors.or_ok()?;
    let sealed = if words.is_empty() { None } else { Some(work.case_key(case.id.0).await?.seal(WORDS, words.as_bytes())) };
    let said = Said { service, wish: said.wish.clone(), words: sealed };
    store::insert_preference(work, case.id, &said).await?;
    let about = About::case(case.id).with(case.person_id).with(service).note(json!({ "wish": said.wish }));
    work.record(Fact::PreferenceRecorded, about).await
}

/// What the person says now, by service.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<HashMap<ServiceId, Preference>, Error> {
    let rows = store::preferences(work, case).await?;
    let key = if rows.iter().any(|row| row.words.is_some()) { Some(work.case_key(case.0).await?) } else { None };
    let mut said = HashMap::new();
    for row in rows {
        let words = match (&key, &row.words) {
            (Some(key), Some(sealed)) => key.open_text(WORDS, sealed)?,
            _ => String::new(),
        };
        said.insert(row.service, Preference { wish: row.wish, words });
    }
    said.retain(|_, said| said.wish != "open");
    Ok(said)
}
