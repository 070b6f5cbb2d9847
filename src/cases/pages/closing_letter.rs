//! The closing letter, in the person's language: what became of each goal, how to come back, whom to ask. It names no kind of work, no reason
//! and no worker; it is printed only where the person can keep it safely, and never of a restricted case. Goals stand in a worker's words, and
//! may say what it was about: of a guarded case none is on it (S17).
use askama::Template;
use axum::response::Response;

use super::closing::{goal_words, letter_allowed, outcome};
use crate::audit::{About, Fact};
use crate::cases::closing::{self, Closed};
use crate::cases::{Case, store};
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::platform::lang::Lang;
use crate::web::form::{Path, Query};
use crate::web::paper::{self, Paper};
use crate::web::parts::Badge;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "cases/html/closing_letter.html")]
struct Letter {
    // The page around it speaks the worker's language, the letter the person's.
    p: Page,
    paper: Page,
    back: String,
    lead: String,
    to: String,
    ended: String,
    goals: Vec<(String, Badge)>,
    from: String,
    head: Vec<String>,
    unit: String,
}

/// GET /cases/{id}/closures/{closure}/letter?lang=&safe=: asks for the language, and once more whether paper is safe to carry.
pub(super) async fn show(
    mut work: Work,
    Path((id, closure)): Path<(CaseId, RowId)>,
    Query(mut query): Query,
) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let closed = closing::store::find(&mut work, id, closure).await?;
    if !letter_allowed(&case, &closed) {
        return Err(Error::Conflict(Clash::State { state: case.stage, code: "closing_letter_not_safe" }));
    }
    match paper::answered(&mut query) {
        Some(lang) => print(work, &case, &closed, lang).await,
        None => ask(work, &case, &closed, query).await,
    }
}

async fn ask(mut work: Work, case: &Case, closed: &Closed, form: Form) -> Result<Response, Error> {
    let p = Page::of(&mut work, case.code.clone()).await?;
    let back = format!("{}/closures/{}", case.path(), closed.id);
    let paper = Paper {
        title: p.t("case-letter-print"),
        lead: p.t("case-letter-lead"),
        hint: p.t("case-letter-safe-hint"),
        action: format!("{back}/letter"),
        back_label: p.t("case-back"),
        code: case.code.clone(),
        back,
    };
    work.show(About::case(case.id).with(closed.id), paper::Ask::about(p, paper, form)).await
}

async fn print(mut work: Work, case: &Case, closed: &Closed, lang: Lang) -> Result<Response, Error> {
    let p = Page::of(&mut work, case.code.clone()).await?;
    let paper = p.clone().speaking(lang);
    let day = paper.reader.full_date(closed.recorded_at.with_timezone(&paper.reader.zone).date_naive());
    let words = goal_words(&mut work, case.id, closed).await?;
    let people = store::people(&mut work, case.id).await?;
    // Whoever finds the paper learns no name of a guarded case (S13).
    let subject = people.iter().find(|one| one.person_id == case.person_id).filter(|_| !case.goes_by_code());
    let from = store::sender(&mut work, case.org, lang).await?;
    let page = Letter {
        back: format!("{}/closures/{}", case.path(), closed.id),
        lead: paper.signed(&case.code, &day),
        to: subject.map(|one| one.name.clone()).unwrap_or_default(),
        ended: paper.ta("case-letter-ended", "day", day),
        goals: closed
            .outcomes
            .iter()
            .filter(|_| !case.goes_by_code())
            .map(|(goal, word)| (words.get(goal).cloned().unwrap_or_default(), outcome(&paper, word)))
            .collect(),
        from: from.name,
        head: from.head,
        unit: case.unit_name.clone(),
        paper,
        p,
    };
    work.record(Fact::Printed, About::case(case.id).with(closed.id)).await?;
    work.show(About::case(case.id).with(closed.id), page).await
}
