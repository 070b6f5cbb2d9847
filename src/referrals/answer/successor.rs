//! After a decline or failure: other services for the same need, each one click away from a new draft that names the old referral.
//!
//! What has been tried already is not offered again. Only the sender's side is asked and shown; nothing is sent by it.
use axum::response::Response;
use uuid::Uuid;

use crate::eligibility::matching::Suggestion;
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{ReferralId, ServiceId};
use crate::referrals::follow_up;
use crate::referrals::row::Referral;
use crate::referrals::sending::draft;
use crate::referrals::sending::offers::{self, Sought};
use crate::referrals::sending::target;
use crate::referrals::store;
use crate::referrals::words::{DisputeSharing, Status};
use crate::web::form::Path;
use crate::web::{Form, Routes};

// More than this is a directory to browse, not an offer.
const MOST: usize = 5;

/// The new draft in place of a declined referral.
pub fn routes() -> Routes {
    Routes::new().page("POST", "/referrals/{id}/successor", create)
}

/// Whether another service is the sender's next thought.
pub fn is_called_for(referral: &Referral) -> bool {
    referral.case_id.is_some() && matches!(referral.state.status, Status::Rejected | Status::Failed)
}

/// The next best services, each with its reasons; what is for people of another age or sex is no next step.
pub async fn offers(work: &mut Work, referral: &Referral) -> Result<Vec<Suggestion>, Error> {
    let Some(case) = referral.case_id else { return Ok(Vec::new()) };
    let exclude = tried(work, referral).await?;
    let case = draft::case(work, case).await?;
    let person = match store::persons(work, referral.id).await?.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let sought = Sought { need: referral.wanted.need.clone(), exclude, person, limit: usize::MAX };
    let found = offers::offers(work, &case, sought).await?;
    Ok(found.into_iter().filter(|offered| !offered.is_for_others()).take(MOST).collect())
}

// Every service that a referral of this case asked for the same need, as far as the actor sees them (S11).
async fn tried(work: &mut Work, referral: &Referral) -> Result<Vec<ServiceId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"select distinct service_id as "id!" from referrals where case_id = $1 and need = $2 and service_id is not null and sent"#,
        referral.case_id.map(|case| case.0),
        referral.wanted.need
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids.into_iter().map(ServiceId).collect())
}

/// POST /referrals/{id}/successor
async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    let old = follow_up::find(&mut work, id).await?;
    let service = form.parsed::<ServiceId>("service");
    form.check()?;
    let Some(service) = service else { return Err(Error::NotFound) };
    let new = begin(&mut work, &old, service).await?;
    work.then(&format!("/referrals/{}/edit", new.id), "answer-next-made").await
}

/// A new draft to this service with what was already said, naming the old referral. A second click finds the first one's draft.
pub async fn begin(work: &mut Work, old: &Referral, service: ServiceId) -> Result<Referral, Error> {
    let (Some(case), true) = (old.case_id, is_called_for(old)) else {
        let state = old.state.status.code().to_owned();
        return Err(Error::Conflict(Clash::State { state, code: "not_from_here" }));
    };
    let case = draft::case(work, case).await?;
    let target = target::target(work, &format!("service:{service}")).await?;
    let form = said_before(work, old).await?;
    let id = ReferralId(Uuid::new_v5(&old.id.0, service.0.as_bytes()));
    draft::begin(work, id, &case, &target, None, &form).await?;
    sqlx::query!(
        "update referrals set instead_of = $2, area = $3 where id = $1 and status = 'draft'",
        id.0,
        old.id.0,
        old.wanted.area
    )
    .execute(work.db())
    .await?;
    crate::referrals::store::find(work, id).await
}

async fn said_before(work: &mut Work, old: &Referral) -> Result<Form, Error> {
    let reason = match &old.wanted.reason {
        Some(sealed) => work.referral_key(old.id.0).await?.open_text("referrals.reason", sealed)?,
        None => String::new(),
    };
    let terms = &old.state.terms;
    let mut form = Form::blank([
        ("need", old.wanted.need.clone()),
        ("reason", reason),
        ("area", old.wanted.area.clone()),
        ("priority", terms.priority.code().to_owned()),
        ("accompaniment", old.care.accompaniment.clone().unwrap_or_default()),
        ("accompaniment_reason", old.care.accompaniment_reason.clone()),
    ]);
    if let Some(way) = terms.follow_up {
        form.set("follow_up", way.code());
    }
    if terms.dispute_sharing == DisputeSharing::Agreed {
        form.set("dispute_sharing", terms.dispute_sharing.code());
    }
    Ok(form)
}
