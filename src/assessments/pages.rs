//! Pages: the assessments of a case, filling one in domain by domain, one with its answers, finalising it, rounds beside each other.
mod compare;
mod fill;
mod finalise;
mod list;
mod show;

use super::offered::Kept;
use super::round::Round;
use super::told::{in_words, step};
use super::{actions, scoring, store};
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId};
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::{Page, Routes};

/// The routes of assessments.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/assessments", list::index)
        .page("POST", "/cases/{id}/assessments", list::create)
        .page("GET", "/cases/{id}/assessments/comparison", compare::show)
        .page("GET", "/cases/{id}/assessments/{assessment}", show::show)
        .page("GET", "/cases/{id}/assessments/{assessment}/answers", fill::edit)
        .page("POST", "/cases/{id}/assessments/{assessment}/answers", fill::update)
        .page("GET", "/cases/{id}/assessments/{assessment}/finalisation", finalise::edit)
        .page("POST", "/cases/{id}/assessments/{assessment}/finalisation", finalise::update)
        .page("POST", "/cases/{id}/assessments/{assessment}/approval", show::approve)
        .page("POST", "/cases/{id}/assessments/{assessment}/return", show::give_back)
}

/// A round with its case and its tool.
struct At {
    case: Case,
    round: Round,
    kept: Kept,
}

impl At {
    async fn find(work: &mut Work, (case, id): (CaseId, AssessmentId)) -> Result<Self, Error> {
        let case = Case::read(work, case).await?;
        let round = store::find(work, case.id, id).await?;
        let kept = Kept::of(work, &round).await?;
        Ok(Self { case, round, kept })
    }

    async fn said(&self, work: &mut Work) -> Result<store::Said, Error> {
        let said = store::said(work, self.case.id, std::slice::from_ref(&self.round)).await?;
        Ok(said.into_iter().next().unwrap_or_default())
    }

    async fn may_write(&self, work: &mut Work) -> bool {
        self.case.may_be_written(work).await.is_ok()
    }

    fn label(&self, lang: Lang) -> String {
        self.kept.tool().labels.get(lang).to_owned()
    }
}

// The title stands in the browser's history: the code, never the name (S13).
async fn titled(work: &mut Work, case: &Case) -> Result<Page, Error> {
    let title = format!("{} · {}", text(work.lang(), "assessments-title"), case.code);
    Page::of(work, title).await
}

fn nth(p: &Page, round: &Round) -> String {
    p.ta("assessment-round", "round", p.number(round.round))
}
