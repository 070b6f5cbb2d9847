//! Community projects on a case: who has a place where, how many hours, who is exempt and why.
use askama::Template;
use axum::response::Response;

use super::{case_of, name_of, progress, state, titled};
use crate::audit::About;
use crate::cases::pages::told_apart;
use crate::cases::{self, Case, gates};
use crate::error::{Error, FieldErrors};
use crate::packs::ProjectRules;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::projects::actions::{self, NewExemption};
use crate::projects::placement::{EXEMPT, Sum, Week};
use crate::projects::store::placed;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/case.html")]
struct Index {
    p: Page,
    form: Form,
    back: String,
    path: String,
    code: String,
    opens: String,
    // A place was asked for without a support of the plan.
    asked: bool,
    may_write: bool,
    placements: Vec<Placed>,
    exemptions: Vec<Exempt>,
    people: Vec<Choice>,
    reasons: Vec<Choice>,
}

struct Placed {
    href: String,
    who: String,
    what: String,
    detail: String,
    state: Badge,
    progress: String,
}

struct Exempt {
    who: String,
    reason: String,
    until: String,
    by: String,
    end: String,
    version: i32,
}

/// GET /cases/{id}/placements?ask=: says from what a place is given to whoever asked for one.
pub(super) async fn index(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let (case, rules) = case_of(&mut work, id).await?;
    let mut page = page(&mut work, (&case, &rules), Form::default()).await?;
    page.asked = query.ticked("ask");
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/exemptions
pub(super) async fn exempt(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let (case, _) = case_of(&mut work, id).await?;
    let how = NewExemption {
        person: form.parsed_maybe("person"),
        reason: form.value("reason").to_owned(),
        until_on: form.date_maybe("until_on"),
    };
    let done = match form.check() {
        Ok(()) => actions::exempt(&mut work, &case, &how).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => work.then(&format!("{}/placements", case.path()), "project-exempted").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

/// POST /cases/{id}/exemptions/{exemption}/ending
pub(super) async fn end_exemption(
    mut work: Work,
    Path((id, exemption)): Path<(CaseId, RowId)>,
    mut form: Form,
) -> Result<Response, Error> {
    let (case, _) = case_of(&mut work, id).await?;
    let all = placed::exemptions(&mut work, id).await?;
    let exemption = all.into_iter().find(|one| one.id == exemption).ok_or(Error::NotFound)?;
    actions::end_exemption(&mut work, &case, &exemption, form.parsed_maybe("version").unwrap_or(0)).await?;
    work.then(&format!("{}/placements", case.path()), "project-exemption-ended").await
}

async fn again(work: Work, id: CaseId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (case, rules) = case_of(&mut work, id).await?;
    let page = page(&mut work, (&case, &rules), form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, (case, rules): (&Case, &ProjectRules), form: Form) -> Result<Index, Error> {
    let p = titled(work, case).await?;
    let people = cases::store::people(work, case.id).await?;
    let (all, weeks) = (placed::list(work, case.id).await?, placed::weeks(work, case.id).await?);
    let exemptions = placed::exemptions(work, case.id).await?;
    let opens = gates::opening(work, &p, case, &rules.panel).await?;
    let may_write = actions::may_write(work, case).await.is_ok();
    let path = case.path();
    let shown = |one: &crate::projects::Placement| {
        let own: Vec<Week> = weeks.iter().filter(|week| week.placement == one.id).cloned().collect();
        Placed {
            href: one.path(),
            who: name_of(&people, one.person_id),
            what: one.title.clone().unwrap_or_else(|| p.t("project-elsewhere")),
            detail: [one.host.clone().unwrap_or_default(), p.ta("project-hours", "count", i64::from(one.weekly_hours))]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            state: state(&p, one),
            progress: progress(&p, Sum::of(one.weekly_hours, &own)),
        }
    };
    let exempt = |one: &crate::projects::Exemption| Exempt {
        who: name_of(&people, one.person_id),
        reason: p.tc("project-exempt", &one.reason),
        until: one.until_on.map(|day| p.ta("project-exempt-until", "day", p.date(&day))).unwrap_or_default(),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        end: if may_write { format!("{path}/exemptions/{}/ending", one.id) } else { String::new() },
        version: one.version,
    };
    Ok(Index {
        placements: all.iter().map(shown).collect(),
        exemptions: exemptions.iter().map(exempt).collect(),
        people: people.iter().map(|one| Choice::new(one.person_id.to_string(), told_apart(&p, &people, one))).collect(),
        reasons: EXEMPT.iter().map(|reason| Choice::new(*reason, p.tc("project-exempt", reason))).collect(),
        code: case.code.clone(),
        back: path.clone(),
        path,
        opens,
        asked: false,
        may_write,
        form,
        p,
    })
}
