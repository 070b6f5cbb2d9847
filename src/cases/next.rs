//! What to do next on a case: what its stage asks of this reader, and beside it where that leads.
use super::Case;
use super::gates::{Reached, page_of};
use crate::assessments::Round;
use crate::packs::plan::PANEL;
use crate::packs::{CaseType, Gate, Panel, PanelState, Process, Stage, StageKind, Word};
use crate::web::Page;

// The stage of a process in which consent is asked for.
const CONSENTED: &str = "consented";
const CONSENT: &str = "consent";

/// What the reader may do with the case.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Work on it.
    pub edits: bool,
    /// Give it to somebody.
    pub assigns: bool,
    /// Close it.
    pub closes: bool,
    /// They were let in for a handed task: they do that, and the case is for others to steer.
    pub in_for_task: bool,
}

impl Reader {
    /// Move it along, pause it, take it up.
    pub fn steers(self) -> bool {
        self.edits && !self.in_for_task
    }
}

/// A step in words, and where it is done.
type Step = (String, String);

/// What to do next on an open case: somebody keeps it, it goes on where it is paused, then what is due first; beside that the stage to which the work has
/// come, or where nothing is due the one that follows, and in the last stage its closing. Of what comes behind the stage in which its type ends it asks
/// nothing.
pub fn next(
    p: &Page,
    (case_type, process): (&CaseType, &Process),
    case: &Case,
    (reached, reader): (&Reached<'_>, Reader),
) -> Vec<Step> {
    if case.paused_reason.is_some() && reader.steers() {
        return vec![(p.t("case-resumption-verb"), format!("{}/resumption", case.path()))];
    }
    if case.case_manager.is_none() && (reader.assigns || reader.steers()) {
        return vec![(p.t("case-assignment-verb"), format!("{}/assignment", case.path()))];
    }
    let here = process.stages.iter().position(|stage| stage.code == case.stage && works(stage));
    let Some(here) = here.filter(|_| reader.edits) else { return Vec::new() };
    let end = end_of(case_type, process, here);
    let course = &process.stages[..end.map_or(process.stages.len(), |end| end + 1)];
    let last = !course[here + 1..].iter().any(works);
    let lacks_consent = process.panel(CONSENT).is_some() && !reached.has(CONSENT, PanelState::Agreed);
    let consent = (p.t("case-next-consent"), format!("{}{}", case.path(), page_of(CONSENT)));
    let first = if lacks_consent && begins_with_consent(process) {
        Some(consent.clone())
    } else {
        owed(p, process, case, reached)
            .or_else(|| of_stage(p, process, case, reached))
            .or_else(|| opener(p, process, case, (reached, course)))
    };
    let come_to = come_to(course, here, reached);
    let stage = if first.is_some() { come_to } else { come_to.or_else(|| course[here + 1..].iter().find(|stage| works(stage))) };
    let stage = stage.filter(|_| reader.steers());
    let has_plan = end.is_none() || reached.plans.coming().is_some();
    let plan = if first.is_none() && has_plan { plan(p, process, case, reached) } else { None };
    let move_on = |stage: &Stage| {
        let words = p.ta("case-next-stage", "what", stage.labels.get(p.reader.lang));
        (words, format!("{}/stage", case.path()))
    };
    let mut steps: Vec<Step> = first.into_iter().chain(review(p, reached)).chain(plan).chain(stage.map(move_on)).collect();
    // Where nothing waits for consent, referrals do: it is asked for beside the work.
    if lacks_consent && (!last || end.is_some()) && !steps.contains(&consent) {
        steps.push(consent);
    }
    if last && reader.closes {
        steps.push((p.t("case-closure-verb"), format!("{}/closure", case.path())));
    }
    steps
}

fn works(stage: &Stage) -> bool {
    stage.kind == StageKind::Working
}

// Where cases of the type end before the process does; one that went on beyond that goes through all of it.
fn end_of(case_type: &CaseType, process: &Process, here: usize) -> Option<usize> {
    let end = process.stages.iter().position(|stage| Some(&stage.code) == case_type.ends_in.as_ref())?;
    (end >= here && process.stages[end + 1..].iter().any(works)).then_some(end)
}

// Consent is a step of the process itself, before everything that waits.
fn begins_with_consent(process: &Process) -> bool {
    process.stages.iter().any(|stage| stage.code == CONSENTED) || gates(process).any(|gate| gate.panel == CONSENT)
}

fn gates(process: &Process) -> impl Iterator<Item = &Gate> {
    process.stages.iter().flat_map(|stage| &stage.gates).chain(process.panels.iter().flat_map(|panel| &panel.gates))
}

// What is done already opens stages behind the one where the case stands: the first of those that open with the last of them. What opened the case's own
// stage says nothing of those behind it.
fn come_to<'p>(course: &'p [Stage], here: usize, reached: &Reached<'_>) -> Option<&'p Stage> {
    let is_open = |stage: &Stage| stage.shut(|panel, state| reached.has(panel, state)).is_empty();
    let behind: Vec<&Stage> = course[here + 1..].iter().filter(|stage| works(stage)).collect();
    let last = behind.iter().rfind(|stage| !stage.gates.is_empty() && is_open(stage))?;
    if last.gates == course[here].gates {
        return None;
    }
    behind.iter().find(|stage| stage.gates == last.gates).copied()
}

// An analysis that a screening led to, which nobody has settled since.
fn owed(p: &Page, process: &Process, case: &Case, reached: &Reached<'_>) -> Option<Step> {
    let standing = reached.assessments;
    let waits = |tool: &str| standing.of_tool(tool).any(Round::awaits_approval);
    let tool = standing.offered.tools().find(|tool| standing.owes(&tool.code).is_some() && !waits(&tool.code))?;
    process.panel(&tool.panel).filter(|panel| reached.shut(panel).is_empty())?;
    let what = tool.labels.get(p.reader.lang);
    Some(match standing.draft(&tool.code) {
        Some(round) => (p.ta("case-next-finalised", "what", what), round.path()),
        None => (p.ta("case-next-started", "what", what), format!("{}{}", case.path(), page_of(&tool.panel))),
    })
}

// The assessment that bears the name of the stage.
fn of_stage(p: &Page, process: &Process, case: &Case, reached: &Reached<'_>) -> Option<Step> {
    let is_assessed = |panel: &&Panel| reached.assessments.offered.tools().any(|tool| tool.panel == panel.code);
    let panel = process.panel(&case.stage).filter(is_assessed)?;
    let is_due = reached.shut(panel).is_empty() && !reached.has(&panel.code, PanelState::Finalised);
    is_due.then(|| step(p, case, reached, (panel, PanelState::Finalised)))
}

// The first thing that opens something; of a course that ends early, one of its stages.
fn opener(p: &Page, process: &Process, case: &Case, (reached, course): (&Reached<'_>, &[Stage])) -> Option<Step> {
    let is_open = |gate: &&Gate| process.panel(&gate.panel).is_some_and(|panel| reached.shut(panel).is_empty());
    let panels = if course.len() == process.stages.len() { &process.panels[..] } else { &[] };
    let asked = course.iter().flat_map(|stage| &stage.gates).chain(panels.iter().flat_map(|panel| &panel.gates));
    let gate = asked.filter(|gate| !reached.has(&gate.panel, gate.state)).find(is_open)?;
    Some(step(p, case, reached, (process.panel(&gate.panel)?, gate.state)))
}

// Nothing waits for the plan; it is next all the same once it was begun, or once what opens it is done.
fn plan(p: &Page, process: &Process, case: &Case, reached: &Reached<'_>) -> Option<Step> {
    let panel = process.panel(PANEL).filter(|panel| reached.shut(panel).is_empty())?;
    let has_begun = reached.plans.coming().is_some();
    let is_opened = !panel.gates.is_empty() && !reached.has(PANEL, PanelState::Agreed);
    (has_begun || is_opened).then(|| step(p, case, reached, (panel, PanelState::Agreed)))
}

// The day on which progress is looked at has come.
fn review(p: &Page, reached: &Reached<'_>) -> Option<Step> {
    let plan = reached.plans.agreed()?;
    plan.review_on.filter(|day| *day <= p.reader.today())?;
    Some((p.t("plan-review"), format!("{}/review", plan.path())))
}

// What is not begun is begun first, and a plan is put forward before both sides agree to it.
fn step(p: &Page, case: &Case, reached: &Reached<'_>, (panel, wanted): (&Panel, PanelState)) -> Step {
    let coming = reached.plans.coming().filter(|_| panel.code == PANEL);
    let state = match coming {
        Some(plan) if plan.is_draft() => PanelState::Finalised,
        Some(_) => wanted,
        None if reached.has(&panel.code, PanelState::Started) => wanted,
        None => PanelState::Started,
    };
    let words = p.ta(&format!("case-next-{}", state.as_str()), "what", panel.labels.get(p.reader.lang));
    let href = coming.map_or_else(|| format!("{}{}", case.path(), page_of(&panel.code)), |plan| plan.path());
    (words, href)
}
