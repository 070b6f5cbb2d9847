//! The assessments of a case in a few lines, as its page and the list show them.
use std::collections::HashMap;

use super::round::Round;
use super::standing::Standing;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::packs::{self, Tool};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::platform::text::text_with;
use crate::tasks::Task;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// A tool with where it stands.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The tool's code.
    pub code: String,
    /// What it is called.
    pub label: String,
    /// The newest round's page; the list where there is none.
    pub href: String,
    /// Where it stands.
    pub state: Badge,
    /// "12 of 40 points", of the newest that is finalised.
    pub score: String,
    /// Who, and when.
    pub by: String,
    /// When what follows is due.
    pub due: Badge,
}

/// A line for each tool, in their order. What is due is what the case's open tasks say, so that there is one clock for it.
pub fn lines(p: &Page, standing: &Standing, case: &Case, tasks: &[Task]) -> Vec<Line> {
    standing.tools().iter().map(|tool| line(p, standing, tool, (case, tasks))).collect()
}

fn line(p: &Page, standing: &Standing, tool: &Tool, (case, tasks): (&Case, &[Task])) -> Line {
    let newest = standing.of_tool(&tool.code).next();
    let counted = standing.of_tool(&tool.code).find(|round| !round.is_draft());
    Line {
        code: tool.code.clone(),
        label: tool.labels.get(p.reader.lang).to_owned(),
        href: newest.map_or_else(|| format!("{}/assessments", case.path()), Round::path),
        state: newest.map_or_else(|| Badge::new(p.t("assessment-state-none"), Tone::Neutral), |round| state(p, round)),
        score: counted.map(|round| score(p, round)).unwrap_or_default(),
        by: newest.map(|round| by(p, round)).unwrap_or_default(),
        // Nothing is due any more once the case is closed.
        due: if case.is_open() { due(p, standing, tool, tasks) } else { Badge::default() },
    }
}

/// Where a round stands.
pub fn state(p: &Page, round: &Round) -> Badge {
    let tone = match round.stands() {
        "draft" => Tone::Info,
        "returned" | "waiting" => Tone::Warning,
        _ => Tone::Good,
    };
    Badge::new(p.tc("assessment-state", round.stands()), tone)
}

/// "12 of 40 points".
pub fn score(p: &Page, round: &Round) -> String {
    points(p, round.score(), round.most())
}

/// So many points of so many.
pub fn points(p: &Page, score: i32, most: i32) -> String {
    let values = [("score", p.number(score).into()), ("most", p.number(most).into())];
    text_with(p.reader.lang, "assessment-points", &values)
}

// The task of an analysis that a round leads to.
const OWED: &str = "analysis_due";

/// Tasks of an analysis that is due by what the pack calls it, for the page of a case.
pub fn name_owed(p: &Page, standing: &Standing, tasks: &mut [Task]) {
    let Some(tool) = standing.owed() else { return };
    for task in tasks.iter_mut().filter(|task| task.kind == OWED && task.title.is_empty()) {
        tool.labels.get(p.reader.lang).clone_into(&mut task.title);
    }
}

/// The same for a list of tasks of many cases. What a guarded case is gone through with would tell its kind there (S13).
pub async fn name_owed_on_list(work: &mut Work, tasks: &mut [Task]) -> Result<(), Error> {
    let is_named = |task: &Task| task.kind == OWED && task.title.is_empty() && task.sensitivity.as_deref() == Some("standard");
    let cases: Vec<_> = tasks.iter().filter(|task| is_named(task)).filter_map(|task| task.case_id).map(|case| case.0).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let lang = work.lang();
    let mut names: HashMap<CaseId, String> = HashMap::new();
    for led in store::led_to(work, &cases).await? {
        let pack = packs::store::find(work, &led.pack, led.pack_version).await?;
        names.extend(pack.tool(&led.tool).map(|tool| (led.case_id, tool.labels.get(lang).to_owned())));
    }
    for task in tasks.iter_mut().filter(|task| is_named(task)) {
        if let Some(name) = task.case_id.and_then(|case| names.get(&case)) {
            task.title.clone_from(name);
        }
    }
    Ok(())
}

fn by(p: &Page, round: &Round) -> String {
    let name = round.finalised_by_name.as_ref().filter(|_| !round.is_draft()).unwrap_or(&round.author_name);
    p.signed(name, &p.reader.day(round.happened_at.unwrap_or(round.recorded_at)))
}

// An analysis that a screening leads to, otherwise the next round of this tool. Its task may have been counted anew since, where the case was
// opened again; a reader who does not see the task reads what the round said.
fn due(p: &Page, standing: &Standing, tool: &Tool, tasks: &[Task]) -> Badge {
    let open = |kind: &str| tasks.iter().find(|task| task.kind == kind).map(|task| task.due_at);
    if let Some(due) = standing.owes(&tool.code).and_then(|round| open(OWED).or(round.next_due_at)) {
        let (key, tone) =
            if due < p.reader.now { ("assessment-owed-late", Tone::Danger) } else { ("assessment-owed", Tone::Warning) };
        return Badge::new(p.ta(key, "day", p.reader.day(due)), tone).with_icon("clock");
    }
    let last = standing.of_tool(&tool.code).find(|round| !round.is_draft());
    // One such task waits at a time: for the tool that was gone through last.
    let newest = standing.rounds.iter().filter_map(|round| round.finalised_at).max();
    let again = |round: &Round| open("assess_again").filter(|_| round.finalised_at == newest).or(round.next_due_at);
    let Some(due) = last.filter(|round| round.goes_on_to.is_none()).and_then(again) else {
        return Badge::default();
    };
    let (key, tone) =
        if due < p.reader.now { ("assessment-again-late", Tone::Warning) } else { ("assessment-again", Tone::Neutral) };
    Badge::new(p.ta(key, "day", p.reader.day(due)), tone).with_icon("clock")
}
