//! Copies that come from browsers. Each is answered with what became of it, so that the browser knows whether to send it again.
use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use xforms::instance::Instance;

use super::offered::{Offline, offline};
use crate::access::Act;
use crate::error::{Error, invalid};
use crate::forms::actions::{self, Landed, Received};
use crate::forms::form::Origin;
use crate::forms::store;
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::Routes;
use crate::web::upload::Uploads;

/// Where copies are sent.
pub(super) fn routes() -> Routes {
    Routes::new().page("POST", "/field/submissions", create)
}

/// POST /field/submissions: `landed` and `known` are off the browser's hands; `conflict` and `refused` stay there with the reason. What
/// else goes wrong answers as an error, and the browser tries again.
async fn create(work: Work, request: Request) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let lang = work.lang();
    let sent = Uploads::read(&work, request).await;
    let taken = match sent {
        Ok(sent) => take(work, sent).await,
        Err(error) => Err(error),
    };
    let (result, key) = match taken {
        Ok(Landed::Case(..)) => ("landed", "field-words-case"),
        Ok(Landed::Arrival(_)) => ("landed", "field-words-arrival"),
        Ok(Landed::Known) => ("known", "field-words-known"),
        Err(Error::Conflict(_)) => ("conflict", "field-words-conflict"),
        Err(Error::Invalid(errors)) => ("refused", refused(errors.0.values().next().copied().unwrap_or_default())),
        Err(Error::NotFound) => ("refused", "field-refused-case"),
        Err(error) => return Err(error),
    };
    Ok(answer(lang, result, key))
}

fn answer(lang: Lang, result: &str, key: &str) -> Response {
    Json(json!({ "result": result, "words": text(lang, key) })).into_response()
}

// Words for whoever filled the copy in, by the code of what was wrong.
fn refused(code: &str) -> &'static str {
    match code {
        "form_unknown" | "form_not_published" => "field-refused-unknown",
        "form_needs_case" | "form_not_for_case" | "form_not_offline" => "field-refused-offline",
        "too_large" => "field-refused-large",
        "file_type" | "kind" => "field-refused-file",
        _ => "field-refused-other",
    }
}

async fn take(mut work: Work, sent: Uploads) -> Result<Landed, Error> {
    let xml = sent.form.value("xml").to_owned();
    let may_be_offline = may_be_offline(&mut work, &xml).await?;
    if !may_be_offline {
        return Err(invalid("form", "form_not_offline"));
    }
    // A unit that the worker has left meanwhile gives its place to their first.
    let unit = sent.form.value("unit").parse().ok().filter(|unit| work.standing.units.contains(unit));
    let files = sent.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let edition = sent.form.value("edition").parse().ok();
    let received = Received { xml, case: None, unit, edition, origin: Origin::Browser, files };
    let landed = actions::receive(&mut work, &received).await?;
    work.commit().await?;
    Ok(landed)
}

// S20 once more: a form that was opened to restricted types since it was fetched takes nothing from browsers.
async fn may_be_offline(work: &mut Work, xml: &str) -> Result<bool, Error> {
    let tree = Instance::read(xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    let (mut form, _) = actions::form_of(work, &tree).await?;
    // Whether it is still offered does not matter for what was begun while it was.
    form.offline = true;
    let sensitivities = store::sensitivities(work).await?;
    Ok(offline(&form, &sensitivities) != Offline::Never)
}
