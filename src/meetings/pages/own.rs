//! The visit that one is out on, whether one sees its case or not: when it is, and that one is back. It says nothing of the case (S22).
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::show::{fill, late, out};
use crate::audit::About;
use crate::error::Error;
use crate::meetings::meeting::Meeting;
use crate::meetings::store;
use crate::meetings::visit::{self, ComingBack};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::tasks::Task;
use crate::tasks::task::VISIT_OUT;
use crate::web::form::Path;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "meetings/html/own_visit.html")]
struct OwnVisit {
    p: Page,
    form: Form,
    // Where its forms are sent.
    path: &'static str,
    // Whoever is out on two says of the first that they are back, and then of the next.
    visit: Option<Meeting>,
    out: String,
    late: String,
}

async fn page(work: &mut Work, visit: Option<Meeting>, mut form: Form) -> Result<OwnVisit, Error> {
    let p = Page::titled(work, "visit-own").await?;
    if let Some(meeting) = &visit {
        fill(&p, meeting, &mut form);
    }
    let said = |how: fn(&Page, &Meeting) -> String| visit.as_ref().map(|meeting| how(&p, meeting)).unwrap_or_default();
    let (out, late) = (said(out), said(late));
    Ok(OwnVisit { path: "/visits", visit, out, late, form, p })
}

/// What whoever is out reads first on their day and on the page of the case, once for each visit: since when, and where they say that they are back.
pub struct OutNow {
    /// Since when, and by when they are to be back.
    pub words: String,
    /// That this has passed.
    pub late: String,
    /// Where it is said that they are back.
    pub back: String,
}

/// The visits that the reader is out on, of this case where one is named, whichever they are to be back from first before the others. They are looked
/// up only where one of these tasks says that they are out.
pub async fn out_now(work: &mut Work, p: &Page, tasks: &[Task], case: Option<CaseId>) -> Result<Vec<OutNow>, Error> {
    let me = work.me()?;
    if !tasks.iter().any(|task| task.kind == VISIT_OUT && task.assignee == Some(me)) {
        return Ok(Vec::new());
    }
    let visits = store::own_visits(work).await?.into_iter().map(|own| own.meeting);
    let since = |at| p.ta("visit-own-since", "time", p.reader.time(at));
    let by = |at| p.ta("tasks-back-at", "time", p.reader.time(at));
    let said = |visit: Meeting| OutNow {
        words: p.joined([
            p.t("task-visit-out-own"),
            visit.set_out_at.map(since).unwrap_or_default(),
            visit.back_by.map(by).unwrap_or_default(),
        ]),
        late: late(p, &visit),
        back: format!("/visits/{}/return", visit.id),
    };
    Ok(visits.filter(|visit| case.is_none_or(|case| visit.case_id == case)).map(said).collect())
}

/// GET /visits
pub(super) async fn show(mut work: Work) -> Result<Response, Error> {
    let visit = store::own_visits(&mut work).await?.into_iter().next().map(|own| own.meeting);
    let about = About::subjects(visit.iter().map(|one| one.id));
    let page = page(&mut work, visit, Form::default()).await?;
    work.show(about, page).await
}

// On to where a step leads, or back to the same page with what was typed.
async fn answer(work: Work, id: Uuid, form: Form, done: Result<(), Error>, (to, say): (&str, &str)) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(to, say).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let own = store::own_visit(&mut work, id).await?;
            let page = page(&mut work, Some(own.meeting), form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /visits/{meeting}/return
pub(super) async fn come_back(mut work: Work, Path(id): Path<Uuid>, form: Form) -> Result<Response, Error> {
    let own = store::own_visit(&mut work, id).await?;
    let not_safe = form.filled("unsafe").then(|| form.value("not_safe"));
    let done = visit::come_back_own(&mut work, own, ComingBack { spoke: "", not_safe }).await;
    let say = if not_safe.is_some() { "warning:meeting-back-not-safe" } else { "meeting-back" };
    answer(work, id, form, done, ("/", say)).await
}

/// POST /visits/{meeting}/back-by
pub(super) async fn stay_out(mut work: Work, Path(id): Path<Uuid>, mut form: Form) -> Result<Response, Error> {
    let own = store::own_visit(&mut work, id).await?;
    let zone = work.zone();
    let version = form.value("version").parse().unwrap_or_default();
    let back_by = form.moment_maybe("back_by", zone);
    let done = match form.check() {
        Ok(()) => visit::stay_out_own(&mut work, own, (back_by, version)).await,
        Err(error) => Err(error),
    };
    answer(work, id, form, done, ("/visits", "meeting-stays-out")).await
}
