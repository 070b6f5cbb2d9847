//! How much work a case is, as DOMAIN section 2 names it: said by whoever works on it, as often as it changes; nothing else follows from it. A pack
//! may call it otherwise.
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::beside;
use crate::cases::case::Case;
use crate::cases::store::{self, NewMove};
use crate::error::{Error, invalid};
use crate::packs::{Intensity, Word};
use crate::platform::db::Work;

/// Says how much work the case is. What was said before stays in its course.
pub async fn set_intensity(work: &mut Work, case: &Case, to: &str, version: i32) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    case.must_be(version)?;
    if Intensity::parse(to).is_none() {
        return Err(invalid("intensity", if to.is_empty() { "required" } else { "not_a_choice" }));
    }
    let before = beside::intensity(work, case.id).await?;
    if before.as_deref() == Some(to) {
        return Ok(());
    }
    let step = NewMove { kind: "intensity", from: before.as_deref(), to: Some(to), reason: "", happened_at: work.now() };
    store::insert_move(work, case.id, step).await?;
    work.record(Fact::CaseIntensitySet, About::case(case.id).note(json!({ "from": before, "to": to }))).await
}
