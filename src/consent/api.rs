//! REST: the consents of a case, and recording one.
use axum::Json;
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::consent::{Basis, Consent, Kind, Standing};
use super::{actions, basis, draft, pages, store};
use crate::access::Act;
use crate::access::subject;
use crate::api::idempotency::Asked;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId, PersonId};
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// REST calls of consent.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/consents", index)
        .api("POST", "/api/v1/cases/{id}/consents", create)
        .described::<Calls>()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(index, create))]
struct Calls;

/// A consent, refusal or other basis.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConsentAnswer {
    id: ConsentId,
    person: PersonId,
    /// `consent`, `vital_interest`, `child_best_interests` or `legal_duty`.
    basis: &'static str,
    /// `consent`, `assent`, `representative`, `refused` or `none`.
    kind: &'static str,
    /// `live`, `awaits_agreement`, `expired`, `withdrawn`, `refused`, `beside` or `rejected`.
    standing: &'static str,
    purpose: String,
    /// It is for the search for family, and alone lets a photo be kept with it.
    for_tracing: bool,
    to_orgs: Vec<OrgId>,
    to_kinds: Vec<String>,
    sections: Vec<String>,
    given_on: NaiveDate,
    expires_on: Option<NaiveDate>,
    version: i32,
}

/// The id of what was recorded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Recorded {
    id: ConsentId,
}

/// A consent to be recorded: the fields of the form under the same names; lists as arrays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ConsentRequest {
    /// `consent`, or `basis` for another basis than consent.
    #[serde(default)]
    way: String,
    /// Text fields: `person`, `answer`, `purpose`, `form`, `given_by`, `language`, `given_on`, `reason`, `told`, … and `yes` for ticked boxes.
    fields: std::collections::BTreeMap<String, String>,
    /// Organisations.
    #[serde(default)]
    to_orgs: Vec<OrgId>,
    /// Kinds of organisation.
    #[serde(default)]
    to_kinds: Vec<String>,
    /// Packet sections.
    sections: Vec<String>,
}

/// What was agreed, refused or based otherwise on a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/consents", tag = "consent", params(("id" = CaseId, Path)), responses((status = 200, body = Vec<ConsentAnswer>)))]
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Json<Vec<ConsentAnswer>>, Error> {
    subject::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let (today, now) = (work.today(), work.now());
    let consents = store::list_of_case(&mut work, id).await?;
    let answers = consents.into_iter().map(|consent| wire(consent.standing(today, now), consent)).collect();
    work.record(Fact::Viewed, About::case(id).note(serde_json::json!({ "page": "/api/v1/cases/{}/consents" }))).await?;
    work.commit().await?;
    Ok(Json(answers))
}

/// Record a consent, a refusal or another basis.
#[utoipa::path(post, path = "/api/v1/cases/{id}/consents", tag = "consent", request_body = ConsentRequest, params(("id" = CaseId, Path)),
    responses((status = 201, body = Recorded)))]
async fn create(mut work: Work, Path(id): Path<CaseId>, asked: Asked<ConsentRequest>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let subject = subject::find(&mut work, id).await?;
    work.may_in(Act::ConsentRecord, subject.unit, Some(id)).await?;
    let pack = subject.pack(&mut work).await?;
    let people = store::people(&mut work, id).await?;
    let orgs: Vec<OrgId> = store::recipients(&mut work).await?.iter().map(|org| org.id).collect();
    let mut form = Form::sent(&asked.body.fields.iter().map(|(name, value)| (name.clone(), vec![value.clone()])).collect());
    form.set_all("to_orgs", asked.body.to_orgs.iter().map(ToString::to_string).collect());
    form.set_all("to_kinds", asked.body.to_kinds.clone());
    form.set_all("sections", asked.body.sections.clone());
    let terms = pages::terms(&work, &subject, &pack, &people, &orgs);
    let recorded = if asked.body.way == "basis" {
        let draft = basis::read(&mut form, &terms);
        form.check()?;
        actions::record_basis(&mut work, &subject, draft.ok_or(Error::NotFound)?).await?
    } else {
        let draft = draft::read(&mut form, &terms);
        form.check()?;
        actions::record(&mut work, &subject, draft.ok_or(Error::NotFound)?).await?
    };
    form.all_looked_at()?;
    let path = format!("/api/v1/cases/{id}/consents");
    asked.answer(work, StatusCode::CREATED, Some(path), &Recorded { id: recorded }).await
}

fn wire(standing: Standing, consent: Consent) -> ConsentAnswer {
    ConsentAnswer {
        id: consent.id,
        person: consent.person_id,
        basis: Basis::as_str(consent.basis),
        kind: Kind::as_str(consent.kind),
        standing: standing.code(),
        purpose: consent.purpose,
        for_tracing: consent.for_tracing,
        to_orgs: consent.to_orgs,
        to_kinds: consent.to_kinds,
        sections: consent.sections,
        given_on: consent.given_on,
        expires_on: consent.expires_on,
        version: consent.version,
    }
}
