//! The registry over REST: the same verbs, the same rules.
use std::collections::BTreeMap;

use axum::Json;
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors, invalid};
use crate::people::actions::{self, NewPerson};
use crate::people::search::{self, Hit, Who};
use crate::people::{Contact, ContactEntry, DocumentEntry, Particulars, store};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId, UnitId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of the registry.
pub fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/people/search", look)
        .api("POST", "/api/v1/people", create)
        .api("GET", "/api/v1/people/{id}", show)
        .api("PUT", "/api/v1/people/{id}", update)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(look, create, show, update))]
struct Described;

/// Somebody who may be the person looked for. Without an id: known to another organisation or unit; ask its desk.
#[derive(Serialize, ToSchema)]
struct HitWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// In full, or first letters only.
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name_latin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    born_in: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    desk: Option<String>,
    /// What matches: `name`, `document`, `phone`, `email`.
    why: Vec<String>,
}

/// What a search found.
#[derive(Serialize, ToSchema)]
struct FoundWire {
    items: Vec<HitWire>,
    /// The one word typed is too common; add a second.
    too_common: bool,
}

/// What is known of a person.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
struct ParticularsWire {
    name: String,
    name_latin: String,
    /// `female`, `male`, `other`, `unknown`.
    sex: Option<String>,
    gender: String,
    born_on: Option<NaiveDate>,
    born_estimated: bool,
    languages: Vec<String>,
    /// Who they would rather have as case worker: `woman`, `man`; null where they have no preference or were not asked.
    worker_sex: Option<String>,
    /// The same of whoever interprets.
    interpreter_sex: Option<String>,
    /// The Washington Group short set: `seeing` … to `none`, `some`, `a_lot`, `cannot`.
    difficulties: BTreeMap<String, String>,
    admin1: String,
    admin2: String,
    admin3: String,
    address: String,
    address_confidential: bool,
    phone_confidential: bool,
    household_confidential: bool,
    dont_go_alone: bool,
    contact_restriction: String,
}

/// A phone or e-mail address. Unknown is not safe.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct ContactWire {
    /// `phone` or `email`.
    channel: String,
    value: String,
    safe_to_call: bool,
    safe_to_text: bool,
    safe_to_email: bool,
    shared: bool,
    others: String,
    hours: String,
    may_say: String,
    voicemail: bool,
    agreed_word: String,
    /// Needed where anything is marked safe.
    checked_on: Option<NaiveDate>,
}

/// A document.
#[derive(Serialize, Deserialize, ToSchema)]
struct DocumentWire {
    kind: String,
    number: String,
    expires_on: Option<NaiveDate>,
}

/// Somebody to register.
#[derive(Deserialize, ToSchema)]
struct NewPersonWire {
    /// The registering unit; your only one if you leave it out.
    unit: Option<UnitId>,
    #[serde(flatten)]
    particulars: ParticularsWire,
    #[serde(default)]
    contacts: Vec<ContactWire>,
    #[serde(default)]
    documents: Vec<DocumentWire>,
    /// You have looked at the likely duplicates: this is somebody else.
    #[serde(default)]
    somebody_else: bool,
}

/// A person.
#[derive(Serialize, ToSchema)]
struct PersonWire {
    id: PersonId,
    code: String,
    version: i32,
    #[serde(flatten)]
    particulars: ParticularsWire,
    contacts: Vec<KnownContactWire>,
    documents: Vec<DocumentWire>,
    household: Option<HouseholdId>,
}

/// A contact that is kept, with what a change of it names.
#[derive(Serialize, ToSchema)]
pub(super) struct KnownContactWire {
    id: RowId,
    version: i32,
    #[serde(flatten)]
    contact: ContactWire,
}

impl KnownContactWire {
    pub(super) fn of(contact: &Contact) -> Self {
        Self { id: contact.id, version: contact.version, contact: ContactWire::of(contact) }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    pub(super) id: Uuid,
}

/// What is looked for. In the body, not in the address: addresses are remembered on the way.
#[derive(Deserialize, ToSchema)]
struct Sought {
    /// A name, a document's number, a phone or an e-mail address.
    #[schema(max_length = 200)]
    q: String,
}

/// Search the registry.
#[utoipa::path(post, path = "/api/v1/people/search", tag = "people", request_body = Sought, responses((status = 200, body = FoundWire)))]
async fn look(mut work: Work, asked: Asked<Sought>) -> Result<Json<FoundWire>, Error> {
    if asked.body.q.chars().count() > 200 {
        return Err(invalid("q", "too_long"));
    }
    let found = search::search(&mut work, &asked.body.q).await?;
    work.commit().await?;
    Ok(Json(FoundWire { too_common: found.common, items: found.hits.into_iter().map(hit).collect() }))
}

fn hit(hit: Hit) -> HitWire {
    let why = hit.why.into_iter().map(ToOwned::to_owned).collect();
    match hit.who {
        Who::Seen(person) => HitWire {
            id: Some(person.id),
            code: Some(person.code.clone()),
            name: person.name.clone(),
            name_latin: person.name_latin.clone(),
            born_in: person.born_on.map(|day| chrono::Datelike::year(&day)),
            organisation: None,
            desk: None,
            why,
        },
        Who::Masked { name, born_in, org, desk, .. } => HitWire {
            id: None,
            code: None,
            name,
            name_latin: String::new(),
            born_in,
            organisation: Some(org),
            desk: Some(desk),
            why,
        },
    }
}

/// Register a person.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = NewPersonWire, responses((status = 201, body = Made)))]
async fn create(mut work: Work, asked: Asked<NewPersonWire>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let new = NewPerson {
        particulars: asked.body.particulars.read(),
        contacts: asked.body.contacts.iter().map(ContactWire::read).collect(),
        documents: asked.body.documents.iter().map(DocumentWire::read).collect(),
    };
    if !asked.body.somebody_else
        && !search::likely_same(&mut work, &new.particulars, &new.contacts, &new.documents).await?.is_empty()
    {
        return Err(invalid("somebody_else", "likely_known"));
    }
    let unit = unit(&work, asked.body.unit)?;
    let id = actions::register(&mut work, unit, &new).await?;
    asked.answer(work, StatusCode::CREATED, Some(format!("/api/v1/people/{id}")), &Made { id: id.0 }).await
}

pub(super) fn unit(work: &Work, named: Option<UnitId>) -> Result<UnitId, Error> {
    match (named, work.standing.units.as_slice()) {
        (Some(unit), _) | (None, &[unit]) => Ok(unit),
        _ => Err(Error::Invalid(FieldErrors::one("unit", "required"))),
    }
}

/// A person, with the version as `ETag`.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = PersonWire)))]
async fn show(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    let wire = PersonWire {
        id,
        code: person.code.clone(),
        version: person.version,
        particulars: ParticularsWire::of(&person),
        contacts: store::contacts(&mut work, id).await?.iter().map(KnownContactWire::of).collect(),
        documents: store::documents(&mut work, id).await?.iter().map(|document| DocumentWire::of(document)).collect(),
        household: store::household_of(&mut work, id).await?.map(|home| home.id),
    };
    work.record(Fact::Viewed, About::default().with(id)).await?;
    work.commit().await?;
    Ok(versioned(person.version, wire))
}

/// Change a person's particulars.
#[utoipa::path(put, path = "/api/v1/people/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = ParticularsWire,
  responses((status = 200, body = Made)))]
async fn update(
    mut work: Work,
    Path(id): Path<PersonId>,
    version: IfMatch,
    asked: Asked<ParticularsWire>,
) -> Result<Response, Error> {
    actions::edit(&mut work, id, version.0, &asked.body.read()).await?;
    let now = store::find(&mut work, id).await?.version;
    work.commit().await?;
    Ok(versioned(now, Made { id: id.0 }))
}

/// Both directions of a wire type whose fields are the room's own.
macro_rules! mirrors {
    ($wire:ident, $own:ident { $($field:ident),+ $(,)? }) => {
        impl $wire {
            pub(super) fn of(own: &$own) -> Self {
                Self { $($field: own.$field.clone()),+ }
            }

            pub(super) fn read(&self) -> $own {
                $own { $($field: self.$field.clone()),+ }
            }
        }
    };
}

mirrors!(
    ParticularsWire,
    Particulars {
        name,
        name_latin,
        sex,
        gender,
        born_on,
        born_estimated,
        languages,
        worker_sex,
        interpreter_sex,
        difficulties,
        admin1,
        admin2,
        admin3,
        address,
        address_confidential,
        phone_confidential,
        household_confidential,
        dont_go_alone,
        contact_restriction,
    }
);
mirrors!(
    ContactWire,
    ContactEntry {
        channel,
        value,
        safe_to_call,
        safe_to_text,
        safe_to_email,
        shared,
        others,
        hours,
        may_say,
        voicemail,
        agreed_word,
        checked_on,
    }
);
mirrors!(DocumentWire, DocumentEntry { kind, number, expires_on });
