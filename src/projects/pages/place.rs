//! Placing somebody of a case from a support of their plan.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{case_of, titled};
use crate::audit::About;
use crate::cases::pages::told_apart;
use crate::cases::{self, Case, gates};
use crate::error::{Error, FieldErrors};
use crate::packs::ProjectRules;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlanLineId};
use crate::projects::actions::{self, Placing, may_take_part};
use crate::projects::store::{self, placed};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/place.html")]
struct Write {
    p: Page,
    form: Form,
    back: String,
    action: String,
    code: String,
    opens: String,
    people: Vec<Choice>,
    projects: Vec<Choice>,
}

/// GET /cases/{id}/placements/new?line=
pub(super) async fn new(mut work: Work, Path(id): Path<CaseId>, Query(mut query): Query) -> Result<Response, Error> {
    let (case, rules) = case_of(&mut work, id).await?;
    actions::may_write(&mut work, &case).await?;
    // A place begins at a support of the plan.
    let Some(line) = query.parsed_maybe::<PlanLineId>("line") else {
        return Ok(Redirect::to(&format!("/cases/{id}/placements?ask=true")).into_response());
    };
    let form =
        Form::blank([("line", line.to_string()), ("weekly_hours", "8".to_owned()), ("starts_on", work.today().to_string())]);
    let page = page(&mut work, (&case, &rules), form).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/placements
pub(super) async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, _) = case_of(&mut work, id).await?;
    let how = Placing {
        project: form.parsed_maybe("project"),
        person: form.parsed_maybe("person"),
        line: form.parsed_maybe("line"),
        weekly_hours: form.parsed_maybe("weekly_hours"),
        own_wish: form.ticked("own_wish"),
        starts_on: form.date_maybe("starts_on"),
    };
    let done = match form.check() {
        Ok(()) => actions::place(&mut work, &case, &how).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(placement) => work.then(&format!("{}/placements/{placement}", case.path()), "project-was-placed").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, id: CaseId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (case, rules) = case_of(&mut work, id).await?;
    let page = page(&mut work, (&case, &rules), form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, (case, rules): (&Case, &ProjectRules), form: Form) -> Result<Write, Error> {
    let p = titled(work, case).await?;
    let today = work.today();
    let people = cases::store::people(work, case.id).await?;
    let exemptions = placed::exemptions(work, case.id).await?;
    let opens = gates::opening(work, &p, case, &rules.panel).await?;
    let running = store::list(work, Some(today)).await?;
    // Who is exempt is told so beside their name, and may take part because they want to.
    let person = |one: &cases::Member| {
        let exempt = exemptions.iter().find(|exemption| exemption.person_id == one.person_id && exemption.holds(today));
        let name = told_apart(&p, &people, one);
        let label = match exempt {
            Some(exemption) => format!("{name} ({})", p.tc("project-exempt", &exemption.reason)),
            None => name,
        };
        Choice::new(one.person_id.to_string(), label)
    };
    let project = |one: &crate::projects::Project| {
        let hours = p.ta("project-hours", "count", i64::from(one.weekly_hours));
        let free = super::list::places(&p, one).word;
        Choice::new(one.id.to_string(), [one.title.as_str(), &one.host, &hours, &free].join(" · "))
    };
    let path = case.path();
    Ok(Write {
        people: people.iter().filter(|one| may_take_part(one, today)).map(person).collect(),
        projects: running.iter().filter(|one| one.org == case.org && one.takes(today)).map(project).collect(),
        code: case.code.clone(),
        action: format!("{path}/placements"),
        back: format!("{path}/placements"),
        opens,
        form,
        p,
    })
}
