//! One place: the hours of each week against what was agreed, writing a week down, leaving.
use askama::Template;
use axum::response::Response;

use super::{Row, case_of, heads, meanwhile, name_of, progress, row, state, titled};
use crate::cases::{self, Case};
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PlacementId};
use crate::projects::actions::{self, Hours, Leaving};
use crate::projects::placement::{LEAVING, Placement, Sum, Week, monday};
use crate::projects::store::placed;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "projects/html/placement.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    path: String,
    code: String,
    title: String,
    state: Badge,
    facts: Vec<Entry>,
    progress: String,
    absent: String,
    heads: [String; 5],
    rows: Vec<Row>,
    // The week that is said anew; empty for a new one.
    of_week: String,
    weeks: Vec<Choice>,
    may_note: bool,
    meanwhile: String,
    may_leave: bool,
    // Whoever is still to come leaves at once, and no day is asked.
    has_begun: bool,
    reasons: Vec<Choice>,
    version: i32,
}

type Ids = Path<(CaseId, PlacementId)>;

async fn found(work: &mut Work, (case, id): (CaseId, PlacementId)) -> Result<(Case, Placement), Error> {
    let (case, _) = case_of(work, case).await?;
    let placement = placed::find(work, case.id, id).await?;
    Ok((case, placement))
}

/// GET /cases/{id}/placements/{placement}?week=: a week that was written down already is said anew.
pub(super) async fn show(mut work: Work, Path(ids): Ids, Query(query): Query) -> Result<Response, Error> {
    let (case, placement) = found(&mut work, ids).await?;
    let page = page(&mut work, (&case, &placement), query).await?;
    work.show(actions::about(&case, placement.id.0).with(placement.project_id), page).await
}

/// POST /cases/{id}/placements/{placement}/attendance
pub(super) async fn note(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let (case, placement) = found(&mut work, ids).await?;
    let how = hours(&mut form);
    let done = match form.check() {
        Ok(()) => actions::note(&mut work, &case, &placement, &how).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "project-week-saved").await
}

/// POST /cases/{id}/placements/{placement}/ending
pub(super) async fn leave(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let (case, placement) = found(&mut work, ids).await?;
    let how = Leaving {
        version: form.parsed_maybe("left_version").unwrap_or(0),
        on: form.date_maybe("left_on"),
        reason: form.value("reason").to_owned(),
    };
    let done = match form.check() {
        Ok(()) => actions::leave(&mut work, &case, &placement, &how).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "project-was-left").await
}

/// The hours of a week as a form brings them.
pub(super) fn hours(form: &mut Form) -> Hours {
    Hours {
        version: form.parsed_maybe("version").unwrap_or(0),
        week: form.date_maybe("week"),
        present: form.parsed_maybe("present"),
        justified: form.parsed_maybe("justified"),
        unjustified: form.parsed_maybe("unjustified"),
    }
}

async fn answer(
    work: Work,
    ids: (CaseId, PlacementId),
    form: Form,
    done: Result<(), Error>,
    said: &str,
) -> Result<Response, Error> {
    let errors = match done {
        Ok(()) => return work.then(&format!("/cases/{}/placements/{}", ids.0, ids.1), said).await,
        Err(Error::Invalid(errors)) => errors,
        // Somebody wrote the same week down meanwhile: look at it as it stands now, with what was typed here.
        Err(Error::Conflict(Clash::Stale)) => FieldErrors::one("", "look_again"),
        Err(error) => return Err(error),
    };
    let mut work = work.again().await?;
    let (case, placement) = found(&mut work, ids).await?;
    let page = page(&mut work, (&case, &placement), form.with_errors(errors)).await?;
    work.show_again(&page)
}

/// The week that a form is about, where it was written down before, and how often that was; a form on another one keeps no old count.
pub(super) fn asked(form: &mut Form, said: &[Week]) -> Option<Week> {
    let typed = form.value("week").parse::<chrono::NaiveDate>().ok().map(monday);
    let week = said.iter().find(|one| Some(one.week) == typed).cloned();
    form.set("version", week.as_ref().map_or(0, |one| one.nth).to_string());
    if let Some(one) = &week
        && ["present", "justified", "unjustified"].iter().all(|field| !form.filled(field))
    {
        form.set("week", one.week.to_string());
        form.set("present", one.present.to_string());
        form.set("justified", one.justified.to_string());
        form.set("unjustified", one.unjustified.to_string());
    }
    week
}

async fn page(work: &mut Work, (case, placement): (&Case, &Placement), mut form: Form) -> Result<Show, Error> {
    let p = titled(work, case).await?;
    let today = work.today();
    let people = cases::store::people(work, case.id).await?;
    let mut said = placed::weeks(work, case.id).await?;
    said.retain(|week| week.placement == placement.id);
    let may_write = actions::may_write(work, case).await.is_ok();
    let read = form.value("version").to_owned();
    let week = asked(&mut form, &said);
    let (path, sum) = (placement.path(), Sum::of(placement.weekly_hours, &said));
    let again = |one: &Week| {
        let open = may_write && placement.expects(one.week, today);
        if open { format!("{path}?week={}", one.week) } else { String::new() }
    };
    let weeks: Vec<Choice> = placement.unsaid(&said, today).iter().map(|day| week_choice(&p, day)).collect();
    let meanwhile = meanwhile(&p, &read, week.as_ref());
    let of_week = week.map(|one| p.ta("project-week-of", "day", p.date(&one.week))).unwrap_or_default();
    Ok(Show {
        title: placement.title.clone().unwrap_or_else(|| p.t("project-elsewhere")),
        code: case.code.clone(),
        back: format!("{}/placements", case.path()),
        state: state(&p, placement),
        facts: facts(&p, placement, &name_of(&people, placement.person_id)),
        progress: progress(&p, sum),
        absent: absent(&p, sum),
        heads: heads(&p),
        rows: said.iter().map(|one| row(&p, one, again(one))).collect(),
        may_note: may_write && (!weeks.is_empty() || !of_week.is_empty()),
        weeks,
        of_week,
        meanwhile,
        has_begun: placement.starts_on <= today,
        may_leave: may_write && placement.lasts(),
        reasons: LEAVING.iter().map(|reason| Choice::new(*reason, p.tc("project-left", reason))).collect(),
        version: placement.version,
        path,
        form,
        p,
    })
}

/// A week to choose.
pub(super) fn week_choice(p: &Page, day: &chrono::NaiveDate) -> Choice {
    Choice::new(day.to_string(), p.ta("project-week-of", "day", p.date(day)))
}

/// "Away: 4 hours for a good reason, 2 without".
pub(super) fn absent(p: &Page, sum: Sum) -> String {
    if sum.justified + sum.unjustified == 0 {
        return String::new();
    }
    let values = [("justified", p.number(sum.justified).into()), ("unjustified", p.number(sum.unjustified).into())];
    crate::platform::text::text_with(p.reader.lang, "project-absent", &values)
}

fn facts(p: &Page, placement: &Placement, name: &str) -> Vec<Entry> {
    let until = placement.left_on.or(placement.ends_on).map(|day| p.date(&day)).unwrap_or_default();
    let wish = if placement.own_wish { p.t("project-own-wish") } else { String::new() };
    let rows = [
        ("person", name.to_owned()),
        ("host", placement.host.clone().unwrap_or_default()),
        ("agreed-hours", p.ta("project-hours", "count", i64::from(placement.weekly_hours))),
        ("starts-on", p.date(&placement.starts_on)),
        ("ends-on", until),
        ("own-wish", wish),
        ("placed-by", placement.author_name.clone()),
    ];
    let told = rows.into_iter().filter(|(_, text)| !text.is_empty());
    told.map(|(name, text)| Entry::new(p.tc("project-field", name), text)).collect()
}
