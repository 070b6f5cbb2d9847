//! Devices: made known with a session, asked after without one.
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids;
use crate::web::{Form, Routes};

/// What a device asks and says. Its secret opens nothing else, so that two of these are for everybody.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/field/me", me)
        .page("POST", "/field/devices", create)
        .open("POST", "/field/standing", standing)
        .open("POST", "/field/wiped", wiped)
}

/// GET /field/me: who is signed in here, and the token that their forms send back.
async fn me(mut work: Work) -> Result<Response, Error> {
    let (me, login) = (work.me()?, store::login(&mut work).await?);
    let answer = json!({ "user": me, "login": login, "name": work.standing.name, "csrf": work.standing.csrf });
    work.commit().await?;
    Ok(Json(answer).into_response())
}

fn hash_of(form: &Form) -> Result<Vec<u8>, Error> {
    let secret = form.value("device");
    if secret.len() == 64 { Ok(ids::hash(secret)) } else { Err(invalid("device", "not_understood")) }
}

/// POST /field/devices: a device that is going to keep forms of the actor's.
async fn create(mut work: Work, form: Form) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let hash = hash_of(&form)?;
    store::insert_device(&mut work, &hash).await?;
    let me = work.me()?;
    work.record(Fact::FieldDeviceAdded, About::subjects([me.0])).await?;
    work.commit().await?;
    Ok(StatusCode::CREATED.into_response())
}

/// POST /field/standing: whether what the device keeps must go. A secret that nobody has is told the same as one whose device may keep all.
async fn standing(mut work: Work, form: Form) -> Result<Response, Error> {
    let hash = hash_of(&form)?;
    let wipe = store::device_seen(&mut work, &hash).await?;
    work.commit().await?;
    Ok(Json(json!({ "wipe": wipe })).into_response())
}

/// POST /field/wiped: nothing is left on the device.
async fn wiped(mut work: Work, form: Form) -> Result<Response, Error> {
    let hash = hash_of(&form)?;
    store::device_wiped(&mut work, &hash).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
