//! Contacts over REST: read the register, add, change, verify, retire.
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::store::{self, Typed};
use super::{Contact, ContactKind, actions};
use crate::api::{Asked, IfMatch, versioned};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, OrgId};
use crate::web::Routes;
use crate::web::form::{Path, Query};

/// The calls and their description.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/contacts", list)
        .api("POST", "/api/v1/contacts", create)
        .api("GET", "/api/v1/contacts/{id}", show)
        .api("PUT", "/api/v1/contacts/{id}", update)
        .api("POST", "/api/v1/contacts/{id}/verification", verify)
        .api("POST", "/api/v1/contacts/{id}/retirement", retire)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(list, create, show, update, verify, retire))]
struct Described;

/// A registered contact of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactRecord {
    id: ContactId,
    /// The organisation's number.
    org: OrgId,
    organisation: String,
    name: String,
    desk: String,
    /// `person` or `desk`.
    kind: &'static str,
    email: String,
    phone: String,
    language: &'static str,
    /// When somebody verified it by telephone.
    verified_at: Option<DateTime<Utc>>,
    retired_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<Contact> for ContactRecord {
    fn from(it: Contact) -> Self {
        Self {
            id: it.id,
            org: it.org,
            organisation: it.org_name,
            name: it.name,
            desk: it.desk,
            kind: it.kind.code(),
            email: it.email,
            phone: it.phone,
            language: it.lang.code(),
            verified_at: it.verified_at,
            retired_at: it.retired_at,
            version: it.version,
        }
    }
}

/// The contacts that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactList {
    contacts: Vec<ContactRecord>,
}

/// A contact to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ContactFields {
    /// The organisation's number; the caller's own, or one outside the system. Not changed afterwards.
    #[serde(default)]
    org: OrgId,
    name: String,
    #[serde(default)]
    desk: String,
    /// `person` or `desk`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    /// `en`, `ar`, `fr` or `es`.
    #[serde(default)]
    language: String,
}

fn typed(fields: &ContactFields) -> Result<Typed, Error> {
    for (name, text, most) in
        [("name", &fields.name, 200), ("desk", &fields.desk, 200), ("email", &fields.email, 200), ("phone", &fields.phone, 60)]
    {
        if text.chars().count() > most {
            return Err(invalid(name, "too_long"));
        }
    }
    let trimmed = |text: &String| text.trim().to_owned();
    Ok(Typed {
        name: trimmed(&fields.name),
        desk: trimmed(&fields.desk),
        kind: ContactKind::parse(&fields.kind).ok_or_else(|| invalid("kind", "not_a_choice"))?,
        email: trimmed(&fields.email),
        phone: trimmed(&fields.phone),
        lang: if fields.language.is_empty() { Ok(Default::default()) } else { fields.language.parse() }
            .map_err(|_| invalid("language", "not_a_choice"))?,
    })
}

/// Which version was read.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ContactVersion {
    #[serde(default)]
    version: i32,
}

/// Read the contacts in use, of one organisation or of all.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(("org" = Option<i32>, Query)), responses((status = 200, body = ContactList)))]
async fn list(mut work: Work, Query(mut query): Query) -> Result<Response, Error> {
    let org = query.parsed_maybe::<OrgId>("org");
    query.check()?;
    let contacts = match org {
        Some(org) => store::list(&mut work, org).await?,
        None => store::all(&mut work).await?,
    };
    work.commit().await?;
    Ok(Json(ContactList { contacts: contacts.into_iter().map(ContactRecord::from).collect() }).into_response())
}

/// Add a contact to the caller's register.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", request_body = ContactFields, responses((status = 201, body = ContactRecord)))]
async fn create(mut work: Work, asked: Asked<ContactFields>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let id = actions::add(&mut work, asked.body.org, &typed(&asked.body)?).await?;
    let body = ContactRecord::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/contacts/{id}")), &body).await
}

/// Read a contact. Its version is the `ETag`.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), responses((status = 200, body = ContactRecord)))]
async fn show(mut work: Work, Path(id): Path<ContactId>) -> Result<Response, Error> {
    let contact = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(contact.version, ContactRecord::from(contact)))
}

/// Change a contact over the version that was read; another name, address or number must be verified again.
#[utoipa::path(put, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = ContactId, Path)), request_body = ContactFields,
    responses((status = 200, body = ContactRecord)))]
async fn update(
    mut work: Work,
    Path(id): Path<ContactId>,
    IfMatch(version): IfMatch,
    asked: Asked<ContactFields>,
) -> Result<Response, Error> {
    actions::kept(&mut work, id).await?;
    actions::change(&mut work, id, version, &typed(&asked.body)?).await?;
    let contact = store::find(&mut work, id).await?;
    work.commit().await?;
    Ok(versioned(contact.version, ContactRecord::from(contact)))
}

/// Write down that the contact was verified by telephone.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/verification", tag = "contacts", params(("id" = ContactId, Path)), request_body = ContactVersion,
    responses((status = 200, body = ContactRecord)))]
async fn verify(mut work: Work, Path(id): Path<ContactId>, asked: Asked<ContactVersion>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::verify(&mut work, id, asked.body.version).await?;
    let body = ContactRecord::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::OK, None, &body).await
}

/// Take a contact out of use.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/retirement", tag = "contacts", params(("id" = ContactId, Path)), request_body = ContactVersion,
    responses((status = 200, body = ContactRecord)))]
async fn retire(mut work: Work, Path(id): Path<ContactId>, asked: Asked<ContactVersion>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    actions::retire(&mut work, id, asked.body.version).await?;
    let body = ContactRecord::from(store::find(&mut work, id).await?);
    asked.answer(work, StatusCode::OK, None, &body).await
}
