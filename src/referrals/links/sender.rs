//! The sender's pages of answer links: make one, take it back, print its short code, read a one-time code out by telephone.
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::secret::{self, secrets};
use super::{actions, job, store};
use crate::audit::Fact;
use crate::directory::contacts;
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, LinkId, ReferralId};
use crate::platform::text::text;
use crate::referrals::pages::show;
use crate::web::form::Path;
use crate::web::{Form, Page, Routes};

/// The sender's routes.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("POST", "/referrals/{id}/links", create)
        .page("POST", "/links/{id}/revocation", revoke)
        .page("POST", "/links/{id}/code", read_out)
        .page("GET", "/links/{id}", slip)
}

/// Makes a link for a new letter; in force at once, and the ones before it no longer. By e-mail to its contact if asked.
pub async fn issue_anew(work: &mut Work, id: ReferralId, contact: Option<ContactId>, by_mail: ByMail) -> Result<LinkId, Error> {
    let referral = crate::referrals::store::find(work, id).await?;
    actions::may_keep(work, &referral).await?;
    let letter = Uuid::now_v7();
    let link = actions::replace(work, id, letter, contact).await?;
    if let (Some(contact), ByMail::Yes) = (contact, by_mail) {
        let contact = contacts::find(work, contact).await?;
        if contact.email.is_empty() {
            return Err(invalid("contact", "no_email"));
        }
        job::post_link(work, &referral, link, letter, &contact).await?;
    }
    Ok(link)
}

/// Whether the link is written to its contact at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByMail {
    /// It is.
    Yes,
    /// It travels on paper, or by another message.
    No,
}

/// POST /referrals/{id}/links
async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    crate::referrals::store::find(&mut work, id).await?;
    let contact = form.parsed_maybe::<ContactId>("contact");
    let by_mail = if form.ticked("by_mail") { ByMail::Yes } else { ByMail::No };
    if by_mail == ByMail::Yes && contact.is_none() {
        form.errors.add("contact", "required");
    }
    let made = match form.check() {
        Ok(()) => issue_anew(&mut work, id, contact, by_mail).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(_) => work.then(&format!("/referrals/{id}#links"), "links-issued").await,
        Err(Error::Invalid(errors)) => show::again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

/// POST /links/{id}/revocation
async fn revoke(mut work: Work, Path(id): Path<LinkId>) -> Result<Response, Error> {
    let link = store::find(&mut work, id).await?;
    actions::revoke(&mut work, id).await?;
    work.then(&format!("/referrals/{}#links", link.referral), "links-revoked-now").await
}

#[derive(Template)]
#[template(path = "referrals/links/html/slip.html")]
struct Slip {
    p: Page,
    back: String,
    code: String,
    org: String,
    desk: String,
    service: String,
    entrance: String,
    short_code: String,
    until: String,
}

/// GET /links/{id}: what paper may carry: the code, the service wanted, the sender's switchboard; never the one-time code (S17).
async fn slip(mut work: Work, Path(id): Path<LinkId>) -> Result<Response, Error> {
    let link = store::find(&mut work, id).await?;
    let referral = crate::referrals::store::find(&mut work, link.referral).await?;
    actions::may_keep(&mut work, &referral).await?;
    if !store::is_live(&mut work, id).await? {
        return Err(Error::Conflict(Clash::State { state: referral.state.status.code().to_owned(), code: "link_not_in_force" }));
    }
    let lang = work.lang().code();
    let org = sqlx::query!(
        r#"select access.named(names, name, $2) as "name!", general_desk from organisations where id = $1"#,
        referral.from.org,
        lang
    )
    .fetch_one(work.db())
    .await?;
    let title = text(work.lang(), "links-slip-title");
    let p = Page::of(&mut work, title).await?;
    let page = Slip {
        back: format!("/referrals/{}", referral.id),
        code: referral.code.clone(),
        org: org.name,
        desk: org.general_desk,
        service: referral.wanted.service_called.clone(),
        entrance: secret::entrance(work.ground()),
        short_code: secrets(work.ground(), link.letter).short_code,
        until: p.moment(&link.expires_at),
        p,
    };
    work.show(referral.about_for_sender(), page).await
}

#[derive(Template)]
#[template(path = "referrals/links/html/code.html")]
struct Code {
    p: Page,
    back: String,
    name: String,
    phone: String,
    code: String,
}

/// Makes a one-time code for a colleague to read to the registered contact by telephone; what it is, and whom to ring.
pub async fn code_to_read(work: &mut Work, id: LinkId) -> Result<(contacts::Contact, String), Error> {
    let link = store::find(work, id).await?;
    let referral = crate::referrals::store::find(work, link.referral).await?;
    actions::may_keep(work, &referral).await?;
    let refused = |code| Error::Conflict(Clash::State { state: referral.state.status.code().to_owned(), code });
    let Some(contact) = link.contact else { return Err(refused("no_contact_to_ring")) };
    let contact = contacts::find(work, contact).await?;
    if actions::refusal(&referral, Some(&contact)).is_some() || contact.phone.is_empty() {
        return Err(refused("no_contact_to_ring"));
    }
    let (_, code) = job::make(work, id, "code_read").await?;
    let about = referral.about_for_sender().with(id).note(json!({ "contact": contact.id }));
    work.record(Fact::LinkCodeRead, about).await?;
    Ok((contact, format!("{} {}", &code[..4], &code[4..])))
}

/// POST /links/{id}/code: shown once, kept nowhere.
async fn read_out(mut work: Work, Path(id): Path<LinkId>) -> Result<Response, Error> {
    let (contact, code) = code_to_read(&mut work, id).await?;
    let link = store::find(&mut work, id).await?;
    let title = text(work.lang(), "links-read-title");
    let p = Page::of(&mut work, title).await?;
    let page = Code { back: format!("/referrals/{}#links", link.referral), name: contact.name, phone: contact.phone, code, p };
    let html = page.render().map_err(anyhow::Error::from)?;
    work.commit().await?;
    Ok(Html(html).into_response())
}
