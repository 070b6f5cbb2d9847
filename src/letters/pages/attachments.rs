//! What travelled with a referral: for both sides, as long as the packet is open to them.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;
use uuid::Uuid;

use crate::audit::About;
use crate::error::Error;
use crate::letters::attachments;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
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
    let (found, bytes) = attachments::open(&mut work, &referral, attachment).await?;
    work.commit().await?;
    let ending = match found.media_type.as_str() {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "text/plain" => "txt",
        _ => "jpg",
    };
    let media_type = if ending == "txt" { "text/plain; charset=utf-8".to_owned() } else { found.media_type };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{ending}\"", referral.code)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
