//! A copy that a device still keeps beside the one that came to its case meanwhile, for whoever decides which counts.
use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::access::Act;
use crate::audit::Fact;
use crate::error::Error;
use crate::forms::fill;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, SubmissionId};
use crate::web::Routes;
use crate::web::upload::Uploads;

/// Where both are compared.
pub(super) fn routes() -> Routes {
    Routes::new().page("POST", "/field/comparison", create)
}

/// POST /field/comparison: every question that they answer otherwise. Nothing is kept of what was sent.
async fn create(mut work: Work, request: Request) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let sent = Uploads::read(&work, request).await?;
    let case: CaseId = sent.form.value("case").parse().ok().ok_or(Error::NotFound)?;
    let copy: SubmissionId = sent.form.value("case_version").parse().ok().ok_or(Error::NotFound)?;
    let here = (sent.form.value("xml"), sent.form.value("edition").parse().ok(), sent.form.value("handed_in").parse().ok());
    let (changes, about) = fill::against(&mut work, (case, copy), here).await?;
    let row = |change: &fill::Change| json!({ "label": change.label, "there": change.before, "here": change.now });
    let rows: Vec<Value> = changes.iter().map(row).collect();
    work.record(Fact::Viewed, about).await?;
    work.commit().await?;
    Ok(Json(json!({ "href": format!("/cases/{case}/forms/{copy}"), "rows": rows })).into_response())
}
