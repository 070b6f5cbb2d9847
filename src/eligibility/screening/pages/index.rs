//! The screenings of one's units, and the form that begins one.
use askama::Template;
use axum::response::Response;
use chrono::DateTime;
use uuid::Uuid;

use super::badge;
use crate::access::Act;
use crate::audit::About;
use crate::eligibility::screening::actions::{self, NewScreening};
use crate::eligibility::screening::course::State;
use crate::eligibility::screening::scope;
use crate::eligibility::screening::store::{self, Listed};
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Pager};
use crate::web::{Form, Page};

const MOST: i64 = 20;

#[derive(Template)]
#[template(path = "eligibility/screening/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    kinds: Vec<Choice>,
    services: Vec<Choice>,
    heads: [String; 5],
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    at: String,
    unit: String,
    by: String,
    progress: String,
    state: Badge,
}

/// GET /screenings
pub(super) async fn index(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    work.may(Act::ScreeningRun)?;
    let page = page(&mut work, form).await?;
    work.show(About::default(), page).await
}

async fn page(work: &mut Work, mut form: Form) -> Result<Index, Error> {
    let p = Page::titled(work, "screenings-title").await?;
    let units = scope::units(work).await?;
    if let [only] = units.as_slice() {
        form.set("unit", only.id.to_string());
    }
    let lang = p.reader.lang;
    let kinds = scope::kinds(work).await?;
    let lines = scope::lines(work).await?;
    let mut listed = store::list(work, place(form.value("before")), MOST + 1).await?;
    let more = i64::try_from(listed.len()).is_ok_and(|count| count > MOST);
    listed.truncate(usize::try_from(MOST).unwrap_or_default());
    let next =
        listed.last().filter(|_| more).map(|last| format!("/screenings?before={}_{}", last.begun_at.timestamp_micros(), last.id));
    Ok(Index {
        units: units.iter().map(|unit| Choice::new(unit.id.to_string(), &unit.name)).collect(),
        kinds: kinds.iter().map(|kind| Choice::new(kind.id.to_string(), kind.labels.get(lang))).collect(),
        services: lines
            .iter()
            .map(|(line, _)| Choice::new(line.service.to_string(), &line.name).with_hint(&line.provider))
            .collect(),
        heads: ["begun", "unit", "by", "progress", "state"].map(|head| p.tc("screenings-head", head)),
        rows: listed.iter().map(|one| row(&p, one)).collect(),
        pager: Pager { next: next.unwrap_or_default(), ..Pager::default() },
        form,
        p,
    })
}

fn place(text: &str) -> Option<(DateTime<chrono::Utc>, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
}

fn row(p: &Page, one: &Listed) -> Row {
    let services = p.ta("screenings-services", "count", i64::from(one.services));
    Row {
        href: format!("/screenings/{}", one.id),
        at: p.moment(&one.begun_at),
        unit: one.unit_name.clone(),
        by: one.begun_by_name.clone(),
        progress: match one.total {
            Some(total) => format!("{} / {} · {services}", p.number(one.done), p.number(total)),
            None => services,
        },
        state: State::parse(&one.state).map(|state| badge(p, state)).unwrap_or_default(),
    }
}

/// POST /screenings
pub(super) async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let new = NewScreening {
        unit: form.parsed_maybe("unit"),
        case_types: form.all("case_types").iter().filter_map(|id| id.parse().ok()).collect(),
        services: form.all("services").iter().filter_map(|id| id.parse().ok()).collect(),
    };
    let begun = match form.check() {
        Ok(()) => actions::begin(&mut work, &new).await,
        Err(error) => Err(error),
    };
    match begun {
        Ok(id) => work.then(&format!("/screenings/{id}"), "screening-begun").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
