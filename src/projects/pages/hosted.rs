//! What a host writes down: the hours of people who are placed with it and agreed that it is told. It reads a name and hours, nothing of a case.
use askama::Template;
use axum::response::Response;

use super::placement::{hours, week_choice};
use super::{Row, heads, meanwhile, row};
use crate::access::Act;
use crate::audit::About;
use crate::consent::recall::may_answer;
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::PlacementId;
use crate::projects::store::hosted::{self as store, Hosted, ToDelete};
use crate::projects::{actions, recall};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/hosted.html")]
struct Index {
    p: Page,
    asked: Vec<Asked>,
    rows: Vec<(String, String, String)>,
}

// Somebody whose name and hours are to be deleted.
struct Asked {
    action: String,
    what: String,
    from: String,
    by: String,
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
    meanwhile: String,
}

/// GET /hosted
pub(super) async fn index(mut work: Work) -> Result<Response, Error> {
    may_answer(&work)?;
    let all = store::list(&mut work).await?;
    let to_delete = store::to_delete(&mut work).await?;
    let p = Page::titled(&mut work, "hosted-title").await?;
    let one = |one: &Hosted| (format!("/hosted/{}", one.placement), one.person.clone(), told(&p, one));
    let asked = |one: &ToDelete| Asked {
        action: format!("/hosted/{}/deletion", one.placement),
        what: [one.project.clone(), p.date(&one.starts_on), p.ta("project-hours", "count", i64::from(one.weekly_hours))]
            .join(" · "),
        from: one.from_name.clone(),
        by: p.detailed(&p.t("conference-to-delete"), &p.moment(&one.due_at)),
    };
    let seen = all.iter().map(|one| one.placement.0).chain(to_delete.iter().map(|one| one.placement.0));
    let about = About::subjects(seen);
    let page = Index { rows: all.iter().map(one).collect(), asked: to_delete.iter().map(asked).collect(), p };
    work.show(about, page).await
}

/// POST /hosted/{placement}/deletion: no copy is left.
pub(super) async fn delete(mut work: Work, Path(id): Path<PlacementId>) -> Result<Response, Error> {
    recall::deleted(&mut work, id).await?;
    work.then("/hosted", "conferences-are-deleted").await
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
    let read = form.value("version").to_owned();
    let week = super::placement::asked(&mut form, &said);
    let path = format!("/hosted/{}", hosted.placement);
    let again = |one: &crate::projects::Week| {
        if hosted.expects(one.week, today) { format!("{path}?week={}", one.week) } else { String::new() }
    };
    Ok(Show {
        meanwhile: meanwhile(&p, &read, week.as_ref()),
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
