//! Gates: how far the panels of a case have come, and with it which stages and panels are open. Consent and plans are agreed to,
//! assessments are finalised, achievements are all known; what no room has brought yet stands shut.
use super::Case;
use super::actions::{pack_of, rules};
use super::beside::{self, Consent};
use crate::achievements;
use crate::assessments::Standing;
use crate::error::{Error, invalid};
use crate::packs::plan::PANEL;
use crate::packs::{Gate, Panel, PanelState, Process, Reason, ReasonKind, Stage, Word};
use crate::plans;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::parts::{Step, StepAt};

/// How far the panels of a case have come.
pub struct Reached<'a> {
    consents: &'a [Consent],
    pub(super) assessments: &'a Standing,
    pub(super) plans: &'a plans::Standing,
    achievements: Option<&'a achievements::Standing>,
}

impl<'a> Reached<'a> {
    /// From what was read already.
    pub fn by(
        consents: &'a [Consent],
        assessments: &'a Standing,
        plans: &'a plans::Standing,
        achievements: Option<&'a achievements::Standing>,
    ) -> Self {
        Self { consents, assessments, plans, achievements }
    }

    /// What still stands before this panel.
    pub fn shut<'p>(&self, panel: &'p Panel) -> Vec<&'p Gate> {
        panel.shut(|code, state| self.has(code, state))
    }

    /// Whether this panel has come so far.
    pub fn has(&self, panel: &str, state: PanelState) -> bool {
        (panel == "consent" && state == PanelState::Agreed && self.consents.iter().any(Consent::stands))
            || self.assessments.reached(panel, state)
            || self.plans.reached(panel, state)
            || self.achievements.is_some_and(|standing| standing.reached(panel, state))
    }
}

// Everything by which it is seen how far the panels of a case have come.
struct Read {
    consents: Vec<Consent>,
    assessments: Standing,
    plans: plans::Standing,
    achievements: Option<achievements::Standing>,
}

impl Read {
    async fn of(work: &mut Work, case: &Case) -> Result<Self, Error> {
        Ok(Self {
            consents: beside::consents(work, case.id).await?,
            assessments: Standing::of(work, case).await?,
            plans: plans::Standing::of(work, case).await?,
            achievements: achievements::Standing::of(work, case).await?,
        })
    }

    fn reached(&self) -> Reached<'_> {
        Reached::by(&self.consents, &self.assessments, &self.plans, self.achievements.as_ref())
    }
}

/// What still stands before a stage of the case's process, in the process's order of gates.
pub async fn before<'a>(work: &mut Work, case: &Case, stages: &'a [Stage]) -> Result<Vec<(&'a Stage, Vec<&'a Gate>)>, Error> {
    if stages.iter().all(|stage| stage.gates.is_empty()) {
        return Ok(Vec::new());
    }
    let read = Read::of(work, case).await?;
    let reached = read.reached();
    let shut = stages.iter().map(|stage| (stage, stage.shut(|panel, state| reached.has(panel, state))));
    Ok(shut.filter(|(_, gates)| !gates.is_empty()).collect())
}

/// What still stands before a panel of the case's process.
pub async fn of_panel(work: &mut Work, case: &Case, code: &str) -> Result<Vec<Gate>, Error> {
    let pack = pack_of(work, case).await?;
    let (_, process) = rules(&pack, case)?;
    let Some(panel) = process.panel(code).filter(|panel| !panel.gates.is_empty()) else { return Ok(Vec::new()) };
    let read = Read::of(work, case).await?;
    let reached = read.reached();
    Ok(panel.shut(|panel, state| reached.has(panel, state)).into_iter().cloned().collect())
}

/// What still comes before closing a case for this reason. What is shut itself is not waited for: of a plan that nobody agreed to there is nothing
/// to evaluate.
pub async fn before_reason(work: &mut Work, case: &Case, reason: &Reason) -> Result<Vec<Gate>, Error> {
    if reason.gates.is_empty() {
        return Ok(Vec::new());
    }
    let pack = pack_of(work, case).await?;
    let (_, process) = rules(&pack, case)?;
    let read = Read::of(work, case).await?;
    Ok(still_before(process, &read.reached(), reason))
}

fn still_before(process: &Process, reached: &Reached<'_>, reason: &Reason) -> Vec<Gate> {
    let can_be_done = |gate: &Gate| process.panel(&gate.panel).is_some_and(|panel| reached.shut(panel).is_empty());
    let waits = |gate: &&Gate| can_be_done(gate) && !reached.has(&gate.panel, gate.state);
    reason.gates.iter().filter(waits).cloned().collect()
}

/// The reasons for closing a case that something still comes before: their words, what opens each, and where that is done.
pub async fn waiting_reasons(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String, String)>, Error> {
    let pack = pack_of(work, case).await?;
    let (_, process) = rules(&pack, case)?;
    let gated: Vec<&Reason> = pack.reasons(ReasonKind::Closure).filter(|reason| !reason.gates.is_empty()).collect();
    if gated.is_empty() {
        return Ok(Vec::new());
    }
    let read = Read::of(work, case).await?;
    let mut waiting = Vec::new();
    for reason in gated {
        let shut = still_before(process, &read.reached(), reason);
        if !shut.is_empty() {
            let words = opens(p, process, &shut.iter().collect::<Vec<_>>());
            waiting.push((reason.labels.get(p.reader.lang).to_owned(), words, way(case, &shut)));
        }
    }
    Ok(waiting)
}

/// A panel is open, or the refusal that sends the reader to what opens it.
pub async fn must_be_open(work: &mut Work, case: &Case, panel: &str) -> Result<(), Error> {
    if of_panel(work, case, panel).await?.is_empty() { Ok(()) } else { Err(invalid("", "panel_shut")) }
}

/// What opens a panel of this case, in words; empty where it is open.
pub async fn opening(work: &mut Work, p: &Page, case: &Case, panel: &str) -> Result<String, Error> {
    let shut = of_panel(work, case, panel).await?;
    let pack = pack_of(work, case).await?;
    let (_, process) = rules(&pack, case)?;
    Ok(opens(p, process, &shut.iter().collect::<Vec<_>>()))
}

/// What opens something, in words; empty where nothing is shut.
pub fn opens(p: &Page, process: &Process, shut: &[&Gate]) -> String {
    let named = |gate: &&Gate| {
        let panel = process.panel(&gate.panel)?;
        Some(format!("{} ({})", panel.labels.get(p.reader.lang), p.tc("case-gate-state", gate.state.as_str())))
    };
    let names: Vec<String> = shut.iter().filter_map(named).collect();
    if names.is_empty() { String::new() } else { p.ta("case-gate-needs", "panel", p.list(names)) }
}

/// Where the first of what is shut is opened; empty where nothing is shut.
pub fn way(case: &Case, shut: &[Gate]) -> String {
    shut.first().map(|gate| format!("{}{}", case.path(), page_of(&gate.panel))).unwrap_or_default()
}

// Where a panel is worked on.
pub(super) fn page_of(panel: &str) -> &'static str {
    match panel {
        "consent" => "/consents/new",
        "plan" => "/plans",
        "progress" | "achievements" => "/achievements",
        _ => "/assessments",
    }
}

/// The panels behind a gate, open or locked with what opens them; only those are worth a line.
pub fn panels(p: &Page, process: &Process, reached: &Reached<'_>) -> Vec<Step> {
    let gated = process.panels.iter().filter(|panel| !panel.gates.is_empty());
    let step = |panel: &Panel| {
        let note = opens(p, process, &reached.shut(panel));
        // A plan that somebody approved waits for both sides still.
        let last = if panel.code == PANEL { PanelState::Agreed } else { PanelState::Finalised };
        let done = [last, PanelState::Agreed].iter().any(|state| reached.has(&panel.code, *state));
        let at = match note.is_empty() {
            _ if done => StepAt::Done,
            true => StepAt::Unlocked,
            false => StepAt::Locked,
        };
        Step::new(panel.labels.get(p.reader.lang), note, at)
    };
    gated.map(step).collect()
}
