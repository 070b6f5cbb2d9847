//! Households over REST: making one, who joins, who leaves. A change names the version that was read.
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::api::{Made, unit};
use crate::access::Act;
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::people::actions::{self, Whereabouts};
use crate::people::store;
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId, UnitId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of households.
pub fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/households", create_household)
        .api("GET", "/api/v1/households/{id}", show_household)
        .api("POST", "/api/v1/households/{id}/members", create_member)
        .api("POST", "/api/v1/households/{id}/members/{row}/leaving", leave)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(create_household, show_household, create_member, leave))]
struct Described;

/// A household to make.
#[derive(Deserialize, ToSchema)]
struct NewHouseholdWire {
    unit: Option<UnitId>,
    head: PersonId,
    since: NaiveDate,
}

/// Somebody who joins.
#[derive(Deserialize, ToSchema)]
struct NewMemberWire {
    person: PersonId,
    relationship: String,
    joined_on: NaiveDate,
}

/// A household with those members whom you may see.
#[derive(Serialize, ToSchema)]
struct HouseholdWire {
    id: HouseholdId,
    code: String,
    version: i32,
    head: Option<PersonId>,
    members: Vec<MemberWire>,
}

/// A member.
#[derive(Serialize, ToSchema)]
struct MemberWire {
    id: RowId,
    person: PersonId,
    name: String,
    relationship: String,
    joined_on: NaiveDate,
    left_on: Option<NaiveDate>,
}

/// When somebody left, and who may know where they went.
#[derive(Deserialize, ToSchema)]
struct LeavingWire {
    left_on: NaiveDate,
    /// From now on the person's household is confidential.
    #[serde(default)]
    confidential: bool,
}

/// Make a household around its head.
#[utoipa::path(post, path = "/api/v1/households", tag = "people", request_body = NewHouseholdWire, responses((status = 201, body = Made)))]
async fn create_household(mut work: Work, asked: Asked<NewHouseholdWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let unit = unit(&work, asked.body.unit)?;
    let id = actions::make_household(&mut work, unit, asked.body.head, asked.body.since).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/households/{id}")), &Made { id: id.0 }).await
}

/// A household, with the version as `ETag`.
#[utoipa::path(get, path = "/api/v1/households/{id}", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = HouseholdWire)))]
async fn show_household(mut work: Work, Path(id): Path<HouseholdId>) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let home = store::find_household(&mut work, id).await?;
    let members = home.members.iter().map(|member| MemberWire {
        id: member.id,
        person: member.person_id,
        name: member.on_lists(),
        relationship: member.relationship.clone(),
        joined_on: member.joined_on,
        left_on: member.left_on,
    });
    let wire = HouseholdWire { id, code: home.code.clone(), version: home.version, head: home.head, members: members.collect() };
    let subjects = home.members.iter().map(|member| member.person_id.0).chain([id.0]);
    work.record(Fact::Viewed, About::subjects(subjects)).await?;
    work.commit().await?;
    Ok(versioned(home.version, wire))
}

/// Somebody joins this version of a household.
#[utoipa::path(post, path = "/api/v1/households/{id}/members", tag = "people",
  params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The `ETag` of the household that you have read.")),
  request_body = NewMemberWire, responses((status = 201, body = Made)))]
async fn create_member(
    mut work: Work,
    Path(id): Path<HouseholdId>,
    version: IfMatch,
    asked: Asked<NewMemberWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let NewMemberWire { person, relationship, joined_on } = &asked.body;
    actions::join(&mut work, (id, version.0), *person, relationship, *joined_on).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/households/{id}")), &Made { id: person.0 }).await
}

/// Somebody leaves this version of a household.
#[utoipa::path(post, path = "/api/v1/households/{id}/members/{row}/leaving", tag = "people",
  params(("id" = Uuid, Path), ("row" = Uuid, Path), ("If-Match" = String, Header, description = "The `ETag` of the household that you have read.")),
  request_body = LeavingWire, responses((status = 200, body = Made)))]
async fn leave(
    mut work: Work,
    Path((id, row)): Path<(HouseholdId, RowId)>,
    version: IfMatch,
    asked: Asked<LeavingWire>,
) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let whereabouts = if asked.body.confidential { Whereabouts::Confidential } else { Whereabouts::Open };
    actions::leave(&mut work, (id, version.0), row, asked.body.left_on, whereabouts).await?;
    asked.answer(work, StatusCode::OK, Some(format!("/api/v1/households/{id}")), &Made { id: row.0 }).await
}
