//! Community projects in a few lines: on the case page, under a support of a plan, at a review.
use super::pages::{progress, state};
use super::placement::{Placement, Sum, Week};
use super::{rules, store};
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::PlanLineId;
use crate::web::Page;
use crate::web::parts::Badge;

/// The places of a case, as its page shows them.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Where all of them are.
    pub all: String,
    /// Those that last.
    pub lines: Vec<Line>,
}

/// One place.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The support of a plan that it was started from, or the copy of it in the plan that is shown.
    pub of: Option<PlanLineId>,
    /// Its page.
    pub href: String,
    /// "Garden · Municipality".
    pub label: String,
    /// "8 hours a week".
    pub hours: String,
    /// Whether it lasts.
    pub state: Badge,
    /// Hours against what was agreed.
    pub progress: String,
}

/// The card of a case; `None` where such cases have no community projects.
pub async fn card(work: &mut Work, p: &Page, case: &Case) -> Result<Option<Card>, Error> {
    if rules(work, case).await?.is_none() {
        return Ok(None);
    }
    let lines = lines(work, p, case).await?;
    Ok(Some(Card { all: format!("{}/placements", case.path()), lines }))
}

/// The places of a case that last, with hours against what was agreed: what a review looks at.
pub async fn lines(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<Line>, Error> {
    let placements = store::placed::list(work, case.id).await?;
    if placements.is_empty() {
        return Ok(Vec::new());
    }
    let weeks = store::placed::weeks(work, case.id).await?;
    Ok(placements.iter().filter(|one| one.lasts()).map(|one| line(p, one, &weeks)).collect())
}

/// The places that were started from these lines of a plan, or from what they are copies of, whether they last or not.
pub async fn of_plan(work: &mut Work, p: &Page, case: &Case, actions: &[PlanLineId]) -> Result<Vec<Line>, Error> {
    let placements = store::placed::list(work, case.id).await?;
    if placements.is_empty() {
        return Ok(Vec::new());
    }
    let weeks = store::placed::weeks(work, case.id).await?;
    let started = store::placed::of_lines(work, case.id, actions).await?;
    let shown = started.iter().filter_map(|(of, id)| {
        let placement = placements.iter().find(|one| one.id == *id)?;
        Some(Line { of: Some(*of), ..line(p, placement, &weeks) })
    });
    Ok(shown.collect())
}

fn line(p: &Page, one: &Placement, weeks: &[Week]) -> Line {
    let own: Vec<Week> = weeks.iter().filter(|week| week.placement == one.id).cloned().collect();
    let title = one.title.clone().unwrap_or_else(|| p.t("project-elsewhere"));
    let label = match &one.host {
        Some(host) => format!("{title} · {host}"),
        None => title,
    };
    Line {
        of: None,
        href: one.path(),
        label,
        hours: p.ta("project-hours", "count", i64::from(one.weekly_hours)),
        state: state(p, one),
        progress: progress(p, Sum::of(one.weekly_hours, &own)),
    }
}
