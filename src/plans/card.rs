//! The plan of a case in a few lines, as its page shows it.
use super::line::numbers;
use super::plan::Plan;
use super::standing::Standing;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::Process;
use crate::packs::plan::PANEL;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::projects;
use crate::tasks::Task;
use crate::tasks::task::PLAN_ACTION;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// The version that holds, and the one that is coming.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// What the case's process calls plans: "Pact for inclusion".
    pub title: String,
    /// Where all versions are.
    pub all: String,
    /// A line for each, the coming one first; none where there is no plan.
    pub lines: Vec<Line>,
    /// Who has a place in a community project; absent where such cases have none.
    pub projects: Option<projects::card::Card>,
}

/// A version with where it stands.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// Where it stands.
    pub state: Badge,
    /// "3 of 5 done".
    pub done: String,
    /// When progress is looked at next.
    pub review: Badge,
}

/// How many actions of the plan that holds are done, and how many there are; absent where nobody read its lines.
pub type Done = Option<(i64, i64)>;

/// The card of a case.
pub async fn card(
    work: &mut Work,
    p: &Page,
    case: &Case,
    (standing, counted): (&Standing, Done),
    process: &Process,
) -> Result<Card, Error> {
    let shown = standing.coming().into_iter().chain(standing.agreed()).collect::<Vec<_>>();
    let shown = if shown.is_empty() { standing.newest().into_iter().collect() } else { shown };
    let mut lines = Vec::new();
    for plan in shown {
        let (done, all) = match counted {
            _ if !plan.is_agreed() => (0, 0),
            Some(counted) => counted,
            None => store::done(work, plan).await?,
        };
        let values = [("done", p.number(done).into()), ("all", p.number(all).into())];
        lines.push(Line {
            href: plan.path(),
            label: nth(p, plan),
            state: state(p, case, plan),
            done: if all > 0 { text_with(p.reader.lang, "plan-done-of", &values) } else { String::new() },
            review: review(p, case, plan),
        });
    }
    let projects = projects::card::card(work, p, case).await?;
    Ok(Card { title: title(p, process), all: format!("{}/plans", case.path()), lines, projects })
}

/// What the case's process calls plans.
pub(super) fn title(p: &Page, process: &Process) -> String {
    process.panel(PANEL).map_or_else(|| p.t("plans-title"), |panel| panel.labels.get(p.reader.lang).to_owned())
}

/// Tasks of actions by the words of the plan that holds, for the page of a case whose name may be read there too: what a task says in a list is a
/// number alone, and a guarded case says no more inside (S13). Where that plan was read for it, how much of it is done is told as well.
pub async fn name_actions(work: &mut Work, case: &Case, standing: &Standing, tasks: &mut [Task]) -> Result<Done, Error> {
    let is_numbered = |task: &Task| task.kind == PLAN_ACTION && !task.title.is_empty();
    let Some(plan) = standing.agreed().filter(|_| !case.goes_by_code() && tasks.iter().any(is_numbered)) else { return Ok(None) };
    let lines: Vec<_> = store::lines(work, &[plan]).await?.into_iter().map(|(_, line)| line).collect();
    let numbers = numbers(&lines);
    for task in tasks.iter_mut().filter(|task| is_numbered(task)) {
        if let Some(line) = lines.iter().find(|line| numbers.get(&line.id) == Some(&task.title)) {
            task.title.clone_from(&line.words);
        }
    }
    let actions = || lines.iter().filter(|line| !matches!(line.kind.as_str(), "goal" | "result"));
    let done = actions().filter(|line| line.state == "done").count();
    Ok(Some((done as i64, actions().count() as i64)))
}

/// "Plan 2".
pub fn nth(p: &Page, plan: &Plan) -> String {
    p.ta("plan-nth", "nth", p.number(plan.nth))
}

/// Where a version stands. The one that held when the case was closed holds again once it is opened anew.
pub(super) fn state(p: &Page, case: &Case, plan: &Plan) -> Badge {
    if plan.is_agreed() && !case.is_open() {
        return Badge::new(p.t("plan-state-closed"), Tone::Neutral);
    }
    let tone = match plan.stands() {
        "draft" => Tone::Info,
        "returned" | "waiting" | "proposed" => Tone::Warning,
        "agreed" => Tone::Good,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("plan-state", plan.stands()), tone)
}

/// When progress of what holds is looked at next, while the case is open.
pub(super) fn review(p: &Page, case: &Case, plan: &Plan) -> Badge {
    let Some(on) = plan.review_on.filter(|_| plan.is_agreed() && case.is_open()) else { return Badge::default() };
    let today = p.reader.now.with_timezone(&p.reader.zone).date_naive();
    let (key, tone) = if on < today { ("plan-review-late", Tone::Danger) } else { ("plan-review-on", Tone::Neutral) };
    Badge::new(p.ta(key, "day", p.date(&on)), tone).with_icon("clock")
}
