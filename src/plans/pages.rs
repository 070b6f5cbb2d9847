//! Pages: the versions of a case's plan, one of them, writing in it, agreeing to it, printing it, reviewing it.
mod agree;
mod line;
mod list;
mod print;
mod review;
mod said;
mod show;
mod view;

pub(in crate::plans) use show::reviews;

use super::line::Line;
use super::plan::Plan;
use super::{actions, card, store};
use crate::cases::{self, Case, Member, gates};
use crate::error::Error;
use crate::packs;
use crate::packs::plan::PANEL;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, PlanId, PlanLineId};
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::{Page, Routes};

/// The routes of plans.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/plans", list::index)
        .page("POST", "/cases/{id}/plans", list::create)
        .page("GET", "/cases/{id}/plans/{plan}", show::show)
        .page("GET", "/cases/{id}/plans/{plan}/words", said::edit)
        .page("POST", "/cases/{id}/plans/{plan}/words", said::update)
        .page("GET", "/cases/{id}/plans/{plan}/lines/new", line::new)
        .page("POST", "/cases/{id}/plans/{plan}/lines", line::create)
        .page("GET", "/cases/{id}/plans/{plan}/lines/{line}", line::edit)
        .page("POST", "/cases/{id}/plans/{plan}/lines/{line}", line::update)
        .page("POST", "/cases/{id}/plans/{plan}/lines/{line}/removal", line::destroy)
        .page("POST", "/cases/{id}/plans/{plan}/lines/{line}/state", line::mark)
        .page("POST", "/cases/{id}/plans/{plan}/proposal", show::propose)
        .page("POST", "/cases/{id}/plans/{plan}/draft", show::take_back)
        .page("POST", "/cases/{id}/plans/{plan}/approval", show::approve)
        .page("POST", "/cases/{id}/plans/{plan}/return", show::give_back)
        .page("GET", "/cases/{id}/plans/{plan}/agreement", agree::new)
        .page("POST", "/cases/{id}/plans/{plan}/agreement", agree::create)
        .page("POST", "/cases/{id}/plans/{plan}/codes", agree::send_code)
        .page("GET", "/cases/{id}/plans/{plan}/print", print::show)
        .page("GET", "/cases/{id}/plans/{plan}/review", review::new)
        .page("POST", "/cases/{id}/plans/{plan}/review", review::create)
        .page("GET", "/cases/{id}/plans/{plan}/ending", review::new_ending)
        .page("POST", "/cases/{id}/plans/{plan}/ending", review::create_ending)
}

/// What opens plans of this case, in words, and where that is done; both empty where they are open.
async fn opening(work: &mut Work, p: &Page, case: &Case) -> Result<(String, String), Error> {
    let shut = gates::of_panel(work, case, PANEL).await?;
    let pack = cases::actions::pack_of(work, case).await?;
    let (_, process) = cases::actions::rules(&pack, case)?;
    Ok((gates::opens(p, process, &shut.iter().collect::<Vec<_>>()), gates::way(case, &shut)))
}

/// What plans of this case are called, as on its page.
async fn called(work: &mut Work, p: &Page, case: &Case) -> Result<String, Error> {
    let pack = cases::actions::pack_of(work, case).await?;
    let (_, process) = cases::actions::rules(&pack, case)?;
    Ok(card::title(p, process))
}

type Ids = Path<(CaseId, PlanId)>;

/// A version with its case.
struct At {
    case: Case,
    plan: Plan,
}

impl At {
    async fn find(work: &mut Work, (case, id): (CaseId, PlanId)) -> Result<Self, Error> {
        let case = Case::read(work, case).await?;
        let plan = store::find(work, case.id, id).await?;
        Ok(Self { case, plan })
    }

    // As a household may read them, where it is a household's plan (S12).
    async fn lines(&self, work: &mut Work) -> Result<Vec<Line>, Error> {
        lines_of(work, &self.case, &self.plan).await
    }

    // The same for paper in this language.
    async fn lines_in(&self, work: &mut Work, lang: Lang) -> Result<Vec<Line>, Error> {
        let lines = store::lines_in(work, lang, &[&self.plan]).await?;
        as_read(work, &self.case, lines).await
    }

    async fn line(&self, work: &mut Work, id: PlanLineId) -> Result<Line, Error> {
        let line = store::find_line(work, &self.plan, id).await?;
        let (_, pack) = packs::store::of_case_type(work, self.case.case_type).await?;
        Ok(if self.case.is_of_household(&pack) { line.for_household(&pack) } else { line })
    }

    async fn may_write(&self, work: &mut Work) -> bool {
        self.case.may_be_written(work).await.is_ok()
    }
}

/// The lines of a version, in a household's case as a household may read them (S12).
pub(in crate::plans) async fn lines_of(work: &mut Work, case: &Case, plan: &Plan) -> Result<Vec<Line>, Error> {
    let lines = store::lines(work, &[plan]).await?;
    as_read(work, case, lines).await
}

async fn as_read(work: &mut Work, case: &Case, lines: Vec<(PlanId, Line)>) -> Result<Vec<Line>, Error> {
    let (_, pack) = packs::store::of_case_type(work, case.case_type).await?;
    let together = case.is_of_household(&pack);
    let read = |line: Line| if together { line.for_household(&pack) } else { line };
    Ok(lines.into_iter().map(|(_, line)| read(line)).collect())
}

// The title stands in the browser's history: the code, never the name (S13).
async fn titled(work: &mut Work, case: &Case) -> Result<Page, Error> {
    let title = format!("{} · {}", text(work.lang(), "plans-title"), case.code);
    Page::of(work, title).await
}

fn name_of(people: &[Member], id: PersonId) -> String {
    people.iter().find(|member| member.person_id == id).map(|member| member.name.clone()).unwrap_or_default()
}
