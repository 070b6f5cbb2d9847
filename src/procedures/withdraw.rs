//! Consent is withdrawn (S4): sharing stops at once, packets close for good, every receiver is asked to stop using and delete its copies.
//!
//! Nobody is asked why, and nothing about why reaches a receiver. A person who no longer wants a service is never held by the
//! cancellation handshake: where they end the service too, the referral ends in the same transaction.
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::call_back;
use crate::access::Act;
use crate::access::break_glass::NOT_JUSTIFIED;
use crate::access::subject;
use crate::api::idempotency::Asked;
use crate::audit::Fact;
use crate::consent::store::Ending;
use crate::consent::{self, Consent, Kind};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ConsentId;
use crate::platform::jobs::Taken;
use crate::referrals::words::Extent;
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// How the person said it.
pub const HOWS: [&str; 4] = ["in_person", "by_phone", "in_writing", "through_another"];

/// The page and the REST call.
pub fn routes() -> Routes {
    Routes::new()
        .page("POST", "/consents/{id}/withdrawal", create)
        .api("POST", "/api/v1/consents/{id}/withdrawal", create_by_api)
        .described::<Calls>()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(create_by_api))]
struct Calls;

/// What the person wants to end, and how they said so.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// Sharing only, or the service too.
    pub extent: Extent,
    /// How the person said so: one of [`HOWS`].
    pub how: String,
}

/// Withdraws a consent with everything that rests on it.
pub async fn withdraw_consent(work: &mut Work, id: ConsentId, withdrawal: &Withdrawal) -> Result<TakenBack, Error> {
    let consent = consent::store::find(work, id).await?;
    let subject = subject::find(work, consent.case_id).await?;
    work.may_in(Act::ConsentRecord, subject.unit, Some(subject.id)).await?;
    // What is being sent on it at this moment is committed first, and found below; what comes later finds it withdrawn.
    consent::store::hold(work, &consent).await?;
    let consent = consent::store::find(work, id).await?;
    if consent.withdrawn_at.is_some() || consent.kind == Kind::Refused {
        return Err(consent::actions::refused("consent_already_withdrawn"));
    }
    let now = work.now();
    let ending = Ending { how: &withdrawal.how, ends_service: withdrawal.extent == Extent::EndService };
    consent::store::withdraw(work, &consent, now, ending).await?;
    let minutes = call_back::resting_on(work, &consent, &subject, withdrawal.extent).await?;
    work.record(Fact::ConsentWithdrawn, consent::actions::about(&consent)).await?;
    let asked = minutes || consent::recall::anybody_asked(work, &consent).await?;
    Ok(TakenBack { consent: consent::store::find(work, id).await?, asked })
}

/// A consent that was taken back.
pub struct TakenBack {
    /// The consent.
    pub consent: Consent,
    /// Somebody held copies on it and was asked to delete them.
    pub asked: bool,
}

/// A basis was found not justified: what was shared on it is called back at once, as after a withdrawal.
pub async fn stop_unjustified(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = serde_json::from_value(job.body["consent"].clone()).map_err(anyhow::Error::from)?;
    let consent = match consent::store::find(work, id).await {
        Ok(consent) => consent,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    // The finding is on the row; the job alone says nothing.
    if consent.review_finding.as_deref() != Some(NOT_JUSTIFIED) {
        return Ok(());
    }
    let subject = subject::find(work, consent.case_id).await?;
    call_back::resting_on(work, &consent, &subject, Extent::StopSharing).await.map(drop)
}

/// POST /consents/{id}/withdrawal
async fn create(mut work: Work, Path(id): Path<ConsentId>, mut form: Form) -> Result<Response, Error> {
    consent::store::find(&mut work, id).await?;
    work.may(Act::ConsentRecord)?;
    let extent = if form.one_of("extent", ["stop_sharing", "end_service"]) == "end_service" {
        Extent::EndService
    } else {
        Extent::StopSharing
    };
    let how = form.one_of("how", HOWS);
    if form.check().is_err() {
        return consent::pages::show_again(work, id, form).await;
    }
    let TakenBack { consent, asked } = withdraw_consent(&mut work, id, &Withdrawal { extent, how }).await?;
    work.then(&consent.path(), if asked { "warning:consent-withdrawn" } else { "consent-withdrawn-nobody" }).await
}

/// A withdrawal, as a caller asks for it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WithdrawalRequest {
    /// `stop_sharing` or `end_service`.
    pub extent: String,
    /// `in_person`, `by_phone`, `in_writing` or `through_another`.
    pub how: String,
}

/// What came of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Withdrawn {
    /// The consent.
    pub id: ConsentId,
    /// When it ended.
    pub withdrawn_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Withdraw a consent: sharing stops at once and receivers are asked to delete their copies.
#[utoipa::path(post, path = "/api/v1/consents/{id}/withdrawal", tag = "consent", request_body = WithdrawalRequest,
    params(("id" = ConsentId, Path)), responses((status = 200, body = Withdrawn)))]
async fn create_by_api(mut work: Work, Path(id): Path<ConsentId>, asked: Asked<WithdrawalRequest>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    consent::store::find(&mut work, id).await?;
    let mut form = Form::blank([("extent", asked.body.extent.clone()), ("how", asked.body.how.clone())]);
    let extent = if form.one_of("extent", ["stop_sharing", "end_service"]) == "end_service" {
        Extent::EndService
    } else {
        Extent::StopSharing
    };
    let how = form.one_of("how", HOWS);
    form.check()?;
    let taken = withdraw_consent(&mut work, id, &Withdrawal { extent, how }).await?;
    asked.answer(work, StatusCode::OK, None, &Withdrawn { id, withdrawn_at: taken.consent.withdrawn_at }).await
}
