//! The directory over REST for those who keep its entries: add a service of one's own organisation, change it, confirm it. Fields and rules are
//! those of the form on the page.
use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};

use super::api::ServiceRecord;
use super::pages::{Write, fields_of, mine, write};
use super::{actions, store};
use crate::access::Act;
use crate::api::{Asked, IfMatch, Nothing, versioned};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// The REST routes of those who keep entries.
pub fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/services", create)
        .api("PUT", "/api/v1/services/{id}", update)
        .api("POST", "/api/v1/services/{id}/verification", verify)
        .described::<Described>()
}

/// What an entry says: the fields of the form under the same names, each a list. What is left out stays as it is, or empty in a new entry.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct ServiceFields {
    /// `name`, `name_ar` and so on, `unit`, `description`, `needs`, `languages`, `documents_required`, `eligibility`, `min_age`, `max_age`, `sexes`,
    /// `accessibility`, `phone`, `email`, `url`, `status`, `capacity`, `places_free`, `waiting_days`, `not_accepting` and `requires_approval` (`true`),
    /// `visibility` (`public`, `cleared`, `named`), `cleared_types`, `viewers`; opening hours by weekday from Monday, `hours_1` as `09:00-13:00`; and
    /// places from 0, `place_0_name`, `place_0_admin1`, `place_0_admin2`, `place_0_address`, `place_0_visibility`, with `places` for how many
    /// numbers are read.
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
}

/// Add a service of the caller's organisation. Who writes an entry has confirmed it.
#[utoipa::path(post, path = "/api/v1/services", tag = "services", request_body = ServiceFields, responses((status = 201, body = ServiceRecord)))]
async fn create(mut work: Work, asked: Asked<ServiceFields>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    work.may(Act::ServiceEdit)?;
    let mut service = mine(&work);
    let mut form = over(&fields_of(&service, &[]), &asked.body.fields);
    write(&mut work, &mut service, &mut form, Write::Add).await?;
    form.all_looked_at()?;
    let made = store::find(&mut work, service.id).await?;
    let path = format!("/api/v1/services/{}", made.id);
    asked.answer(work, StatusCode::CREATED, Some(path), &ServiceRecord::from(made)).await
}

/// Change an entry of the caller's organisation, over the version that was read.
#[utoipa::path(put, path = "/api/v1/services/{id}", tag = "services", params(("id" = ServiceId, Path)), request_body = ServiceFields,
    responses((status = 200, body = ServiceRecord)))]
async fn update(
    mut work: Work,
    Path(id): Path<ServiceId>,
    IfMatch(version): IfMatch,
    asked: Asked<ServiceFields>,
) -> Result<Response, Error> {
    let mut service = actions::kept(&mut work, id).await?;
    let (viewers, _) = store::viewers(&mut work, id).await?;
    let mut form = over(&fields_of(&service, &viewers), &asked.body.fields);
    form.set("version", version.to_string());
    write(&mut work, &mut service, &mut form, Write::Change).await?;
    form.all_looked_at()?;
    let saved = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(saved.version, ServiceRecord::from(saved)))
}

/// Confirm that an entry is still right.
#[utoipa::path(post, path = "/api/v1/services/{id}/verification", tag = "services", params(("id" = ServiceId, Path)),
    responses((status = 200, body = ServiceRecord)))]
async fn verify(mut work: Work, Path(id): Path<ServiceId>, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::verify(&mut work, id).await?;
    let service = store::find(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &ServiceRecord::from(service)).await
}

// What was sent over what stands there; a field that no form has is refused afterwards.
fn over(stands: &Form, sent: &BTreeMap<String, Vec<String>>) -> Form {
    let mut fields: BTreeMap<String, Vec<String>> =
        stands.entries().map(|(name, values)| (name.to_owned(), values.to_vec())).collect();
    fields.extend(sent.iter().map(|(name, values)| (name.clone(), values.clone())));
    Form::sent(&fields)
}

#[derive(OpenApi)]
#[openapi(paths(create, update, verify))]
struct Described;
