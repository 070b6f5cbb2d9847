//! Devices and lockdown over REST.
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{lockdown, store};
use crate::access::Act;
use crate::api::{Asked, Nothing};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::web::Routes;

/// The calls and their description.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/lockdown", show)
        .api("POST", "/api/v1/lockdown", declare)
        .api("POST", "/api/v1/lockdown/end", lift)
        .api("POST", "/api/v1/lockdown/devices", wipe)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, declare, lift, wipe))]
struct Described;

/// Whether a lockdown is in force, and the devices that keep forms.
#[derive(Debug, Serialize, ToSchema)]
struct LockdownWire {
    /// Since when one is in force.
    in_force_since: Option<DateTime<Utc>>,
    /// By person, those seen last first.
    devices: Vec<DevicesWire>,
}

/// One person's devices.
#[derive(Debug, Serialize, ToSchema)]
struct DevicesWire {
    user: UserId,
    /// How many are in use.
    kept: i64,
    /// How many of them are wiped at their next contact.
    asked: i64,
    /// How many were wiped.
    wiped: i64,
    /// When one of them was in contact last.
    seen_at: DateTime<Utc>,
}

async fn standing(work: &mut Work) -> Result<LockdownWire, Error> {
    let lockdowns = store::lockdowns(work).await?;
    let in_force_since = lockdowns.iter().find(|one| one.lifted_at.is_none()).map(|one| one.declared_at);
    let wire = |one: store::Devices| DevicesWire {
        user: one.user,
        kept: one.kept,
        asked: one.asked,
        wiped: one.wiped,
        seen_at: one.seen_at,
    };
    let devices = store::devices(work).await?.into_iter().map(wire).collect();
    Ok(LockdownWire { in_force_since, devices })
}

/// Whether a lockdown is in force, and the devices of the caller's organisation.
#[utoipa::path(get, path = "/api/v1/lockdown", responses((status = 200, body = LockdownWire)))]
async fn show(mut work: Work) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let wire = standing(&mut work).await?;
    work.commit().await?;
    Ok(Json(wire).into_response())
}

/// Declares a lockdown: every session of the organisation ends, every device is wiped at its next contact.
#[utoipa::path(post, path = "/api/v1/lockdown", responses((status = 200, body = LockdownWire)))]
async fn declare(mut work: Work, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    lockdown::declare(&mut work).await?;
    let wire = standing(&mut work).await?;
    asked.answer(work, StatusCode::OK, None, &wire).await
}

/// Lifts the lockdown in force.
#[utoipa::path(post, path = "/api/v1/lockdown/end", responses((status = 200, body = LockdownWire)))]
async fn lift(mut work: Work, asked: Asked<Option<Nothing>>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    lockdown::lift(&mut work).await?;
    let wire = standing(&mut work).await?;
    asked.answer(work, StatusCode::OK, None, &wire).await
}

/// Whose devices.
#[derive(Debug, Deserialize, ToSchema)]
struct WhoseWire {
    user: UserId,
}

/// Has the devices of one person wiped at their next contact.
#[utoipa::path(post, path = "/api/v1/lockdown/devices", request_body = WhoseWire, responses((status = 200, body = LockdownWire)))]
async fn wipe(mut work: Work, asked: Asked<WhoseWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    lockdown::wipe_devices(&mut work, asked.body.user).await?;
    let wire = standing(&mut work).await?;
    asked.answer(work, StatusCode::OK, None, &wire).await
}
