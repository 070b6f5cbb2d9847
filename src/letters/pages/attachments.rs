//! What travelled with a referral: for both sides, as long as the packet is open to them.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::attachments;
use crate::referrals::sides;
use crate::referrals::store as referrals;
use crate::web::Page;
use crate::web::form::Path;

#[derive(Template)]
#[template(path = "letters/html/attachments.html")]
struct Index {
    p: Page,
    back: String,
    code: String,
    rows: Vec<(String, String)>,
}

/// GET /referrals/{id}/attachments
pub async fn index(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let rights = sides::rights(&mut work, &referral).await?;
    let p = Page::of(&mut work, referral.code.clone()).await?;
    let rows = attachments::list(&mut work, id).await?;
    let rows = rows.into_iter().map(|one| (format!("/referrals/{id}/attachments/{}", one.id), one.title)).collect();
    let page = Index { back: format!("/referrals/{id}"), code: referral.code.clone(), rows, p };
    let case = referral.case_id.filter(|_| rights.reads_from);
    work.show(About { case_id: case, ..About::referral(id) }, page).await
}

/// GET /referrals/{id}/attachments/{attachment}: the file, under a name that gives nothing away (S13).
pub async fn show(mut work: Work, Path((id, attachment)): Path<(ReferralId, Uuid)>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let about = About::referral(id).between(referral.orgs());
    let (found, bytes) = attachments::open(&mut work, &referral, attachment, about).await?;
    work.commit().await?;
    Ok(attachments::download(&referral.code, found, bytes))
}
