//! What a host writes down: the hours of people who are placed with it and agreed that it is told. It reads a name and hours, nothing of a case.
use askama::Template;
use axum::response::Response;

use super::placement::{hours, week_choice};
use super::{Row, heads, row};
use crate::access::Act;
use crate::audit::About;
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::PlacementId;
use crate::projects::actions;
use crate::projects::store::hosted::{self as store, Hosted};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/hosted.html")]
struct Index {
    p: Page,
    rows: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "projects/html/hosting.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    title: String,
    lead: String,
    heads: [String; 5],
    rows: Vec<Row>,
    of_week: String,
    weeks: Vec<Choice>,
}

/// GET /hosted
pub(super) async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::ReferralAnswer)?;
    let all = store::list(&mut work).await?;
    let p = Page::titled(&mut work, "hosted-title").await?;
    let one = |one: &Hosted| (format!("/hosted/{}", one.placement), one.person.clone(), told(&p, one));
    let page = Index { rows: all.iter().map(one).collect(), p };
    work.show(About::subjects(all.iter().map(|one| one.placement.0)), page).await
}

fn told(p: &Page, one: &Hosted) -> String {
    format!("{} · {}", one.project, p.ta("project-hours", "count", i64::from(one.hours)))
}

/// GET /hosted/{placement}?week=
pub(super) async fn show(mut work: Work, Path(id): Path<PlacementId>, Query(query): Query) -> Result<Response, Error> {
    let hosted = store::find(&mut work, id).await?;
    work.may(Act::ReferralAnswer)?;
    let page = page(&mut work, &hosted, query).await?;
    work.show(About::subjects([id.0]), page).await
}

/// POST /hosted/{placement}/attendance
pub(super) async fn note(mut work: Work, Path(id): Path<PlacementId>, mut form: Form) -> Result<Response, Error> {
    let hosted = store::find(&mut work, id).await?;
    let how = hours(&mut form);
    let done = match form.check() {
        Ok(()) => actions::note_as_host(&mut work, &hosted, &how).await,
        Err(error) => Err(error),
    };
    let errors = match done {
        Ok(()) => return work.then(&format!("/hosted/{id}"), "project-week-saved").await,
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Conflict(Clash::Stale)) => FieldErrors::one("", "look_again"),
        Err(error) => return Err(error),
    };
    let mut work = work.again().await?;
    let hosted = store::find(&mut work, id).await?;
    let page = page(&mut work, &hosted, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, hosted: &Hosted, mut form: Form) -> Result<Show, Error> {
    // The name stands inside the page only, not in the browser's history (S13).
    let p = Page::titled(work, "hosted-title").await?;
    let today = work.today();
    let said = store::weeks(work, hosted.placement).await?;
    let week = super::placement::asked(&mut form, &said);
    let path = format!("/hosted/{}", hosted.placement);
    let again = |one: &crate::projects::Week| {
        if hosted.expects(one.week, today) { format!("{path}?week={}", one.week) } else { String::new() }
    };
    Ok(Show {
        title: hosted.person.clone(),
        lead: told(&p, hosted),
        heads: heads(&p),
        rows: said.iter().map(|one| row(&p, one, again(one))).collect(),
        of_week: week.map(|one| p.ta("project-week-of", "day", p.date(&one.week))).unwrap_or_default(),
        weeks: hosted.unsaid(&said, today).iter().map(|day| week_choice(&p, day)).collect(),
        path,
        form,
        p,
    })
}
