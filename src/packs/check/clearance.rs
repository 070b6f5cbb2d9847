//! Rules for who works with which case type.

use std::collections::BTreeMap;

use crate::packs::pack::{CaseType, Pack};
use crate::packs::page::Page;
use crate::packs::words::{Duty, Sensitivity, StageKind, Subject, Word};

/// Numbers are unique, and restricted types keep what is fixed for them (S9, S12).
pub fn case_types(pack: &Pack, page: &mut Page<'_>) {
    let mut ids = BTreeMap::new();
    for (index, case_type) in pack.case_types.iter().enumerate() {
        let path = format!("case_types#{index}");
        if let Some(first) = ids.insert(case_type.id, &case_type.code) {
            let what = format!("The case types `{first}` and `{}` have the same id {}", case_type.code, case_type.id);
            page.complain(&format!("{path}.id"), what, "Give the newer one a number that no version used");
        }
        if let Some(end) = case_type.ends_in.as_deref().filter(|end| !is_working(pack, case_type, end)) {
            let what = format!("The case type `{}` ends in `{end}`, which is no working stage of its process", case_type.code);
            page.complain(&format!("{path}.ends_in"), what, "Name a working stage of its process, or leave `ends_in` out");
        }
        if case_type.sensitivity != Sensitivity::Restricted {
            continue;
        }
        if case_type.break_glass {
            let what = format!("The restricted case type `{}` allows break-glass (S9)", case_type.code);
            page.complain(&format!("{path}.break_glass"), what, "Set it to false; the on-duty focal point is asked");
        }
        if case_type.transfer_view_days > 0 {
            let what = format!("The restricted case type `{}` stays readable after a transfer (S9)", case_type.code);
            page.complain(&format!("{path}.transfer_view_days"), what, "Remove it; the former side keeps a receipt");
        }
        if case_type.subject != Subject::Person {
            let what = format!("The restricted case type `{}` may be opened for a household (S12)", case_type.code);
            page.complain(&format!("{path}.subject"), what, "Write `person`; each member has a case of their own");
        }
    }
}

// An unknown process is told where it is named.
fn is_working(pack: &Pack, case_type: &CaseType, code: &str) -> bool {
    let Some(process) = pack.process(case_type) else { return true };
    process.stage(code).is_some_and(|stage| stage.kind == StageKind::Working)
}

/// A case type that nobody may work with or supervise would lose its cases.
pub fn clearance(pack: &Pack, page: &mut Page<'_>) {
    for (index, case_type) in pack.case_types.iter().enumerate() {
        for duty in [Duty::CaseManager, Duty::Supervisor, Duty::FocalPoint] {
            let cleared = pack.roles_with(duty).any(|role| role.cleared.contains(&case_type.code));
            if !cleared && !case_type.code.is_empty() {
                let what = format!("No role with the duty `{}` is cleared for `{}`", duty.as_str(), case_type.code);
                let remedy = "Add the case type to `cleared` of such a role";
                page.complain(&format!("case_types#{index}"), what, remedy);
            }
        }
    }
}

/// The parts that the safeguarding rules rely on are played by somebody.
pub fn duties(pack: &Pack, page: &mut Page<'_>) {
    let restricted = pack.case_types.iter().any(|case_type| case_type.sensitivity == Sensitivity::Restricted);
    for duty in [Duty::ProtectionOfficer, Duty::Administrator, Duty::RestrictedFocalPoint] {
        let needed = restricted || duty != Duty::RestrictedFocalPoint;
        if needed && pack.roles_with(duty).next().is_none() {
            let what = format!("No role has the duty `{}`", duty.as_str());
            page.complain("roles", what, "Add it to `duties` of the role that plays this part");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::expect;

    #[test]
    fn s09_s12_restricted_case_types_keep_what_is_fixed_for_them() {
        expect(&[
            (
                "break_glass = false",
                "break_glass = true",
                "The restricted case type `gender_based_violence` allows break-glass (S9)",
            ),
            (
                "sensitivity = \"restricted\"\nsubject = \"person\"",
                "sensitivity = \"restricted\"\nsubject = \"either\"",
                "The restricted case type `gender_based_violence` may be opened for a household (S12)",
            ),
            (
                "sensitivity = \"restricted\"\nsubject",
                "transfer_view_days = 30\nsensitivity = \"restricted\"\nsubject",
                "The restricted case type `gender_based_violence` stays readable after a transfer (S9)",
            ),
            ("id = 2\n", "id = 1\n", "The case types `general_protection` and `child_protection` have the same id 1"),
        ]);
    }

    #[test]
    fn a_case_type_ends_in_a_working_stage() {
        expect(&[(
            "id = 2\n",
            "id = 2\nends_in = \"paused\"\n",
            "The case type `child_protection` ends in `paused`, which is no working stage of its process",
        )]);
    }

    #[test]
    fn parts_that_nobody_plays_are_told() {
        expect(&[
            ("duties = [\"protection_officer\"]", "duties = []", "No role has the duty `protection_officer`"),
            (
                "duties = [\"focal_point\", \"restricted_focal_point\", \"case_manager\"]",
                "duties = [\"restricted_focal_point\", \"case_manager\"]",
                "No role with the duty `focal_point` is cleared for `gender_based_violence`",
            ),
        ]);
    }
}
