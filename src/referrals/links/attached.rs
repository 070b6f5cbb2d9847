//! What is attached to the packet, for whoever came in by link: listed beside what is shared, and a file each. It opens as the packet does,
//! from acceptance and no longer than that; everything else is answered as what does not exist.
use axum::response::Response;
use axum_extra::extract::CookieJar;
use uuid::Uuid;

use super::door;
use super::entrance::{self, At};
use super::store as links;
use crate::error::Error;
use crate::platform::db::Work;
use crate::referrals::attachments;
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// The way to each.
pub(super) fn routes() -> Routes {
    Routes::new().open("GET", "/r/attachments/{attachment}", show)
}

/// Where each that opens now stands, and what it is called.
pub(super) async fn links(work: &mut Work, referral: &Referral) -> Result<Vec<(String, String)>, Error> {
    let open = attachments::list(work, referral.id).await?;
    Ok(open.into_iter().map(|one| (format!("/r/attachments/{}", one.id), one.title)).collect())
}

/// GET /r/attachments/{attachment}: the file. Each opening is a use of the link and a fact.
async fn show(mut work: Work, jar: CookieJar, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let opened = match door::open(&mut work, &jar).await? {
        Some(guest) => {
            let referral = store::find(&mut work, guest.referral).await?;
            let about = referral.about_for_sender();
            attachments::open(&mut work, &referral, id, about).await.map(|(found, bytes)| (referral.code, found, bytes))
        }
        None => Err(Error::NotFound),
    };
    match opened {
        Ok((code, found, bytes)) => {
            links::note_use(&mut work, "attachment", "").await?;
            work.commit().await?;
            Ok(attachments::download(&code, found, bytes))
        }
        Err(Error::NotFound) => {
            let page = entrance::door(&work, At::Gone, Form::default());
            entrance::answer(work, page).await
        }
        Err(error) => Err(error),
    }
}
