//! Copies that come from browsers. Each is answered with what became of it, so that the browser knows whether to send it again.
use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use xforms::instance::Instance;

use super::along::{self, Place};
use super::offered::{self, Offline};
use super::shell;
use crate::access::Act;
use crate::error::{Error, invalid};
use crate::forms::actions::{self, Landed, Received};
use crate::forms::form::{Form, Origin};
use crate::forms::{Said, store};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
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
        Ok(Taken::Landed(Landed::Case(..))) => ("landed", "field-words-case"),
        Ok(Taken::Landed(Landed::Arrival(_))) => ("landed", "field-words-arrival"),
        Ok(Taken::Landed(Landed::Known)) => ("known", "field-words-known"),
        Ok(Taken::Inbox) => ("landed", "field-words-inbox"),
        Ok(Taken::Overtaken(version)) => {
            let mut overtaken = told(lang, "conflict", "field-words-overtaken");
            overtaken["version"] = json!(version);
            return Ok(Json(overtaken).into_response());
        }
        Err(Error::Conflict(_)) => ("conflict", "field-words-conflict"),
        Err(Error::Invalid(errors)) => ("refused", refused(errors.0.values().next().copied().unwrap_or_default())),
        Err(Error::NotFound) => ("refused", "field-refused-case"),
        Err(error) => return Err(error),
    };
    Ok(Json(told(lang, result, key)).into_response())
}

// The words, and by which key the browser says them once it is read in another language.
fn told(lang: Lang, result: &str, key: &str) -> Value {
    json!({ "result": result, "word": shell::short(key), "words": text(lang, key) })
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

// What became of a copy.
enum Taken {
    Landed(Landed),
    // Whoever brought it may not write on its case any more.
    Inbox,
    // Its case has a newer copy, which they have not seen: this one.
    Overtaken(String),
}

async fn take(mut work: Work, sent: Uploads) -> Result<Taken, Error> {
    let xml = sent.form.value("xml").to_owned();
    let tree = Instance::read(&xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    let (form, _) = actions::form_of(&mut work, &tree).await?;
    let taken_along: Option<CaseId> = sent.form.value("case").parse().ok();
    must_be_for_devices(&mut work, form.clone(), taken_along).await?;
    let mut case = None;
    if let Some(meant) = taken_along {
        let instance = tree.instance_id().unwrap_or_default();
        match along::place(&mut work, &form, instance, (meant, sent.form.value("case_version"))).await? {
            Place::OnCase(found) => case = Some(found),
            Place::Inbox => {}
            Place::Overtaken(newest) => return Ok(Taken::Overtaken(newest)),
        }
    }
    // A unit that the worker has left meanwhile gives its place to their first.
    let unit = sent.form.value("unit").parse().ok().filter(|unit| work.standing.units.contains(unit));
    let edition = sent.form.value("edition").parse().ok();
    let files = sent.files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let moment = |field: &str| sent.form.value(field).parse().ok();
    let said = Said { begun: moment("begun"), handed_in: moment("handed_in") };
    let received = Received { xml, case, meant_for: taken_along, unit, edition, origin: Origin::Browser, files, said };
    let landed = actions::receive(&mut work, &received).await?;
    work.commit().await?;
    let waits = taken_along.is_some() && matches!(landed, Landed::Arrival(_));
    Ok(if waits { Taken::Inbox } else { Taken::Landed(landed) })
}

// S20 once more: a form that was opened to restricted types since it was fetched takes nothing from browsers.
async fn must_be_for_devices(work: &mut Work, mut form: Form, taken_along: Option<CaseId>) -> Result<(), Error> {
    // Whether it is still offered does not matter for what was begun while it was.
    form.offline = true;
    let sensitivities = store::sensitivities(work).await?;
    let offline = match taken_along {
        Some(_) => offered::along(&form, Sensitivity::Standard, &sensitivities),
        None => offered::offline(&form, &sensitivities),
    };
    if offline == Offline::Never { Err(invalid("form", "form_not_offline")) } else { Ok(()) }
}
