//! Pages: this month's sample of a unit, and the reviews of a case.
use askama::Template;
use axum::response::Response;

use super::quality::{self, ANSWERS, QUESTIONS, RESULTS, Review};
use super::store::{self, Unit, Written};
use super::team;
use crate::access::Act;
use crate::audit::About;
use crate::cases::pages::type_label;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::packs;
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of reviews.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/team/quality", sample).page("GET", "/cases/{id}/quality", show).page(
        "POST",
        "/cases/{id}/quality",
        write,
    )
}

#[derive(Template)]
#[template(path = "supervision/html/sample.html")]
struct Sample {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    heads: [String; 4],
    rows: Vec<Line>,
    done: String,
}

struct Line {
    href: String,
    code: String,
    kind: String,
    manager: String,
    state: Badge,
}

/// GET /team/quality
async fn sample(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    work.may(Act::CaseApprove)?;
    let units = store::units(&mut work).await?;
    let chosen = team::chosen(&units, form.value("unit").parse().ok())?;
    let month = quality::month(&work);
    let begins = midnight(month, work.zone());
    let drawn = match chosen {
        Some(unit) => store::sample(&mut work, &unit.within, month, begins).await?,
        None => Vec::new(),
    };
    form.set("unit", chosen.map(|unit| unit.id.to_string()).unwrap_or_default());
    let p = Page::titled(&mut work, "quality-title").await?;
    let me = work.me()?;
    let done = drawn.iter().filter(|one| one.result.is_some()).count();
    let done = p.reader.digits(&format!("{done} / {}", drawn.len()));
    let ids: Vec<_> = drawn.iter().map(|one| one.id.0).collect();
    let mut rows = Vec::new();
    for one in drawn {
        let pack = packs::store::find(&mut work, &one.pack, one.pack_version).await?;
        rows.push(Line {
            href: format!("/cases/{}/quality", one.id),
            kind: type_label(&pack, one.case_type, p.reader.lang),
            state: match one.result.as_deref() {
                Some(result) => result_badge(&p, result),
                // Nobody reviews their own: it waits for a colleague.
                None if one.manager == me => Badge::new(p.t("quality-own"), Tone::Neutral),
                None => Badge::new(p.t("quality-open"), Tone::Warning),
            },
            code: one.code,
            manager: one.manager_name,
        });
    }
    let units = units.iter().map(|unit: &Unit| Choice::new(unit.id.to_string(), &unit.name)).collect();
    let heads = ["case", "type", "worker", "state"].map(|head| p.t(&format!("quality-head-{head}")));
    work.show(About::subjects(ids), Sample { p, form, units, heads, rows, done }).await
}

fn result_badge(p: &Page, result: &str) -> Badge {
    let tone = match result {
        "good" => Tone::Good,
        "serious" => Tone::Danger,
        _ => Tone::Warning,
    };
    Badge::new(p.tc("quality-result", result), tone)
}

#[derive(Template)]
#[template(path = "supervision/html/quality.html")]
struct Quality {
    p: Page,
    form: Form,
    path: String,
    code: String,
    may: bool,
    // Whoever looks reviews cases and keeps this one.
    own: bool,
    questions: Vec<(String, String)>,
    answers: Vec<Choice>,
    results: Vec<Choice>,
    reviews: Vec<Shown>,
}

// A review as it stands on the page.
struct Shown {
    day: String,
    by: String,
    result: Badge,
    answers: Vec<(String, String)>,
    remark: String,
}

/// GET /cases/{id}/quality
async fn show(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let page = page(&mut work, &case, Form::default()).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/quality
async fn write(mut work: Work, Path(id): Path<CaseId>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let answers = QUESTIONS.iter().map(|question| ((*question).to_owned(), form.value(question).to_owned())).collect();
    let review = Review { answers, result: form.value("result").to_owned(), remark: form.value("remark").to_owned() };
    match quality::write(&mut work, &case, &review).await {
        Ok(_) => work.then(&format!("/cases/{id}/quality"), "quality-written").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn page(work: &mut Work, case: &Case, form: Form) -> Result<Quality, Error> {
    let p = Page::titled(work, "quality-case-title").await?;
    let month = quality::month(work);
    let written = store::reviews(work, case.id).await?;
    let reviewed = written.iter().any(|one| one.month == month);
    let may = !reviewed && quality::may(work, case).await.is_ok();
    let own = case.case_manager == Some(work.me()?) && work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await.is_ok();
    let choices = |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect();
    Ok(Quality {
        path: case.path(),
        code: case.code.clone(),
        may,
        own,
        questions: QUESTIONS.iter().map(|code| ((*code).to_owned(), p.tc("quality-question", code))).collect(),
        answers: choices("quality-answer", &ANSWERS),
        results: choices("quality-result", &RESULTS),
        reviews: written.iter().map(|one| shown(&p, one)).collect(),
        form,
        p,
    })
}

fn shown(p: &Page, one: &Written) -> Shown {
    let answered = |code: &&str| {
        let answer = one.answers.get(*code)?.as_str()?;
        Some((p.tc("quality-question", code), p.tc("quality-answer", answer)))
    };
    Shown {
        day: p.reader.day(one.recorded_at),
        by: p.signed(&one.author_name, &p.moment(&one.recorded_at)),
        result: result_badge(p, &one.result),
        answers: QUESTIONS.iter().filter_map(answered).collect(),
        remark: one.remark.clone(),
    }
}
