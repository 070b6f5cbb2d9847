//! Agreements of the reader's organisation with others.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::show::number;
use crate::access::Act;
use crate::directory::actions;
use crate::directory::store::agreements::{self as store, Terms};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

const KINDS: [&str; 4] = ["flagged", "locked", "conditional_transfer", "new_line"];

#[derive(Template)]
#[template(path = "directory/html/agreements.html")]
struct Agreements {
    p: Page,
    heads: [String; 5],
    rows: Vec<Row>,
    form: Form,
    kinds: Vec<Choice>,
    partners: Vec<Choice>,
    may_edit: bool,
}

struct Row {
    parties: String,
    kind: String,
    places: String,
    tracking: String,
    dates: String,
    /// Where it is ended; empty where it may not be.
    end: String,
    version: String,
}

/// GET /agreements
pub(super) async fn index(mut work: Work) -> Result<Response, Error> {
    let form = Form::blank([("starts_on", work.today().to_string()), ("client_tracking", "true".to_owned())]);
    let page = page(&mut work, form).await?;
    work.show_plain(page).await
}

async fn page(work: &mut Work, form: Form) -> Result<Agreements, Error> {
    let (mine, today, may_edit) = (work.standing.org, work.today(), work.holds(Act::AgreementEdit));
    let listed = store::list(work).await?;
    let partners = if may_edit { store::partners(work, mine).await? } else { Vec::new() };
    let title = text(work.lang(), "directory-agreements-title");
    let p = Page::of(work, title).await?;
    let row = |it: store::Listed| {
        let runs = it.ends_on.is_none_or(|end| end > today);
        let until = it.ends_on.map_or_else(|| p.t("directory-agreement-open"), |end| p.date(&end));
        Row {
            end: if may_edit && runs && it.from_org == mine { format!("/agreements/{}/end", it.id) } else { String::new() },
            parties: format!("{} → {}", it.from_name, it.to_name),
            kind: p.tc("directory-agreement", &it.kind),
            places: it.places.map(|places| p.number(places)).unwrap_or_default(),
            tracking: if it.client_tracking { p.t("directory-tracking-yes") } else { p.t("directory-tracking-no") },
            dates: format!("{} – {until}", p.date(&it.starts_on)),
            version: it.version.to_string(),
        }
    };
    Ok(Agreements {
        heads: [
            p.t("directory-agreement-parties"),
            p.t("directory-agreement-kind"),
            p.t("directory-agreement-places-head"),
            p.t("directory-tracking"),
            p.t("directory-agreement-dates"),
        ],
        rows: listed.into_iter().map(row).collect(),
        kinds: KINDS.iter().map(|kind| Choice::new(*kind, p.tc("directory-agreement", kind))).collect(),
        partners: partners.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        may_edit,
        form,
        p,
    })
}

/// POST /agreements
pub(super) async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AgreementEdit)?;
    match write(&mut work, &mut form).await {
        Ok(()) => work.then("/agreements", "directory-agreement-added").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn write(work: &mut Work, form: &mut Form) -> Result<(), Error> {
    let mine = work.standing.org;
    let partners: Vec<String> = store::partners(work, mine).await?.into_iter().map(|(id, _)| id.to_string()).collect();
    let to_org = form.one_of("to_org", partners.iter().map(String::as_str));
    let kind = form.one_of("kind", KINDS);
    let places = number(form, "places");
    let client_tracking = form.ticked("client_tracking");
    let (starts_on, ends_on) = (form.date("starts_on"), form.date_maybe("ends_on"));
    form.check()?;
    let (Ok(to_org), Some(starts_on)) = (to_org.parse(), starts_on) else { return Err(Error::NotFound) };
    actions::agree(work, &Terms { to_org, kind, places, client_tracking, starts_on, ends_on }).await
}

/// POST /agreements/{id}/end
pub(super) async fn end(mut work: Work, Path(id): Path<Uuid>, form: Form) -> Result<Response, Error> {
    let version = form.value("version").parse().unwrap_or(0);
    actions::end_agreement(&mut work, id, version).await?;
    work.then("/agreements", "directory-agreement-ended").await
}
