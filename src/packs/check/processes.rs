//! Rules for stages and for the gates of panels.

use crate::packs::pack::Process;
use crate::packs::page::Page;
use crate::packs::words::{StageKind, Word};

/// Panels that no gate may lock: a person in danger can't wait for a form (DOMAIN, "Case").
const NEVER_GATED: [&str; 4] = ["referrals", "notes", "safety_plan", "emergency"];

/// Working stages come first, and a case can be closed.
pub fn stages(process: &Process, index: usize, page: &mut Page<'_>) {
    let mut ended = false;
    for (place, stage) in process.stages.iter().enumerate() {
        if stage.kind != StageKind::Working {
            ended = true;
        } else if ended {
            let what = format!("The working stage `{}` stands after a paused or closed one", stage.code);
            let remedy = "Put the working stages first, in their usual order";
            page.complain(&format!("processes#{index}.stages#{place}"), what, remedy);
        }
    }
    if process.first(StageKind::Working).is_some() && !process.stages.iter().any(|stage| stage.transferable) {
        let what = format!("A case of the process `{}` could never change hands", process.code);
        page.complain(&format!("processes#{index}.stages"), what, "Leave `transferable` out of at least one stage");
    }
    for kind in [StageKind::Working, StageKind::Closed] {
        if process.first(kind).is_none() && !process.stages.is_empty() {
            let what = format!("The process `{}` has no {} stage", process.code, kind.as_str());
            let remedy = format!("Add one with `kind = \"{}\"`", kind.as_str());
            page.complain(&format!("processes#{index}.stages"), what, remedy);
        }
    }
}

/// What ends by itself has somewhere to go on.
pub fn endings(process: &Process, index: usize, page: &mut Page<'_>) {
    for (place, stage) in process.stages.iter().enumerate() {
        if stage.until.is_some() && (stage.kind != StageKind::Working || process.once_kept(&stage.code).is_none()) {
            let what = format!("The stage `{}` ends by itself, but no case goes on from it to a working stage", stage.code);
            let remedy = "Leave `until` to working stages that are followed by another one";
            page.complain(&format!("processes#{index}.stages#{place}.until"), what, remedy);
        }
    }
}

/// Every panel can open, and those for danger are never locked.
pub fn panels(process: &Process, index: usize, page: &mut Page<'_>) {
    for (place, panel) in process.panels.iter().enumerate() {
        let path = format!("processes#{index}.panels#{place}.gates");
        if NEVER_GATED.contains(&panel.code.as_str()) && !panel.gates.is_empty() {
            let what = format!("The panel `{}` has a gate, but must never be locked", panel.code);
            page.complain(&path, what, "Remove its gates");
        }
        if waits_for_itself(process, &panel.code) {
            let what = format!("The gates of the panel `{}` lead back to itself, so it would never open", panel.code);
            page.complain(&path, what, "Remove one of the gates on that way round");
        }
    }
}

/// A case begins somewhere, and can always be paused and closed.
pub fn stage_gates(process: &Process, index: usize, page: &mut Page<'_>) {
    for (place, stage) in process.stages.iter().enumerate() {
        if !stage.gates.is_empty() && (place == 0 || stage.kind != StageKind::Working) {
            let what = format!("The stage `{}` has a gate, but must always be open", stage.code);
            page.complain(&format!("processes#{index}.stages#{place}.gates"), what, "Remove its gates");
        }
    }
}

fn waits_for_itself(process: &Process, start: &str) -> bool {
    let mut seen = vec![start];
    let mut next = 0;
    while let Some(code) = seen.get(next) {
        next += 1;
        for gate in process.panel(code).map_or(&[][..], |panel| &panel.gates) {
            if gate.panel == start {
                return true;
            }
            if !seen.contains(&gate.panel.as_str()) {
                seen.push(&gate.panel);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::{expect, protection};
    use crate::packs::words::PanelState;

    #[test]
    fn a_process_that_can_not_work_is_told() {
        expect(&[
            (
                "\"paused\", kind = \"paused\"",
                "\"paused\", kind = \"closed\", labels = { en = \"a\", ar = \"a\", fr = \"a\", es = \"a\" } },\n{ code = \"late\", kind = \"working\"",
                "The working stage `late` stands after a paused or closed one",
            ),
            ("\"closed\", kind = \"closed\"", "\"closed\", kind = \"paused\"", "The process `six_steps` has no closed stage"),
            (
                "es = \"Notas\" } },",
                "es = \"Notas\" }, gates = [{ panel = \"plan\", state = \"started\" }] },",
                "The panel `notes` has a gate, but must never be locked",
            ),
            (
                "{ panel = \"plan\", state = \"agreed\" }",
                "{ panel = \"progress\", state = \"agreed\" }",
                "The gates of the panel `progress` lead back to itself, so it would never open",
            ),
            (
                "\"closed\", kind = \"closed\"",
                "\"closed\", gates = [{ panel = \"plan\", state = \"agreed\" }], kind = \"closed\"",
                "The stage `closed` has a gate, but must always be open",
            ),
            (
                "\"paused\", kind = \"paused\"",
                "\"paused\", until = \"assigned\", kind = \"paused\"",
                "The stage `paused` ends by itself, but no case goes on from it to a working stage",
            ),
        ]);
    }

    #[test]
    fn a_gate_opens_when_its_panel_has_come_far_enough() {
        let pack = protection();
        let process = pack.processes.first().expect("the pack has a process");
        let plan = process.panel("plan").expect("the process has a plan");
        assert_eq!(plan.shut(|_, _| false).len(), 1);
        assert!(plan.shut(|panel, state| panel == "assessment" && state == PanelState::Finalised).is_empty());
    }
}
