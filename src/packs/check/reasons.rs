//! Rules for coded reasons.

use crate::packs::pack::{Pack, Reason};
use crate::packs::page::Page;
use crate::packs::words::{Basis, Demand, Meaning, ReasonKind, Word};

/// Each reason has what its list asks for, and nothing that belongs to another list.
pub fn reasons(pack: &Pack, page: &mut Page<'_>) {
    for kind in ReasonKind::ALL {
        for (index, reason) in pack.reasons(*kind).enumerate() {
            let path = format!("reasons.{}#{index}", kind.as_str());
            let mut only_in = |key: &str, list: ReasonKind, written: bool| {
                if written == (*kind == list) {
                    return;
                }
                let (what, remedy) = if written {
                    (format!("The reason `{}` has a {key}", reason.code), format!("Keep `{key}` for `{}`", list.as_str()))
                } else {
                    (format!("The reason `{}` has no {key}", reason.code), format!("Add `{key} = …`"))
                };
                page.complain(&format!("{path}.{key}"), what, remedy);
            };
            only_in("consequence", ReasonKind::Decline, reason.consequence.is_some());
            only_in("basis", ReasonKind::Basis, reason.basis.is_some());
            if reason.meaning == Some(Meaning::ContactLost)
                && *kind == ReasonKind::Closure
                && !reason.demands(Demand::ContactAttempts)
            {
                let what = format!("`{}` closes a case on lost contact without the logged attempts (S23)", reason.code);
                page.complain(&path, what, "Add `contact_attempts` to `demands`");
            }
            gates(pack, reason, &path, page);
        }
    }
}

// A case can always be closed: what waits for a panel is a reason that the worker is free to choose, and never what has simply happened.
fn gates(pack: &Pack, reason: &Reason, path: &str, page: &mut Page<'_>) {
    let path = format!("{path}.gates");
    if !reason.gates.is_empty() && (reason.kind != ReasonKind::Closure || reason.meaning.is_some()) {
        let what = format!("The reason `{}` has a gate, but must always be open", reason.code);
        page.complain(&path, what, "Remove its gates");
    }
    for gate in &reason.gates {
        if pack.processes.iter().all(|process| process.panel(&gate.panel).is_none()) {
            let what = format!("No process has a panel `{}`", gate.panel);
            page.complain(&path, what, "Name a panel of a process, or add it there");
        }
    }
}

/// The reasons that the program itself gives must each exist once.
pub fn required_meanings(pack: &Pack, page: &mut Page<'_>) {
    let needed = [
        (ReasonKind::Cancellation, Meaning::ConsentWithdrawn),
        (ReasonKind::Closure, Meaning::ContactLost),
        (ReasonKind::Closure, Meaning::Transferred),
        (ReasonKind::Closure, Meaning::Death),
    ];
    for (kind, meaning) in needed {
        let count = pack.reasons(kind).filter(|reason| reason.meaning == Some(meaning)).count();
        if count != 1 && pack.reasons(kind).next().is_some() {
            let what = format!("{count} reasons of `{}` mean `{}`", kind.as_str(), meaning.as_str());
            let remedy = format!("Let exactly one have `meaning = \"{}\"`", meaning.as_str());
            page.complain(&format!("reasons.{}", kind.as_str()), what, remedy);
        }
    }
    for basis in Basis::ALL {
        let bases = || pack.reasons(ReasonKind::Basis);
        if bases().next().is_some() && !bases().any(|reason| reason.basis == Some(*basis)) {
            let what = format!("No reason stands for the basis `{}` (S1)", basis.as_str());
            page.complain("reasons.basis", what, format!("Add one with `basis = \"{}\"`", basis.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::expect;

    #[test]
    fn reasons_without_what_rules_need_are_told() {
        expect(&[
            ("consequence = \"close\", ", "", "The reason `duplicate` has no consequence"),
            ("consequence = \"close\"", "consequence = \"shrug\"", "`consequence` can't be `shrug`"),
            ("{ code = \"no_show\"", "{ code = \"no_show\", consequence = \"close\"", "The reason `no_show` has a consequence"),
            ("basis = \"vital_interest\", ", "", "The reason `danger_to_life` has no basis"),
            (
                "demands = [\"contact_attempts\", \"supervisor\"]",
                "demands = [\"supervisor\"]",
                "`contact_lost` closes a case on lost contact without the logged attempts (S23)",
            ),
            (
                "code = \"death\", meaning = \"death\"",
                "code = \"death\", meaning = \"death\", gates = [{ panel = \"plan\", state = \"agreed\" }]",
                "The reason `death` has a gate, but must always be open",
            ),
            (
                "code = \"needs_met\"",
                "code = \"needs_met\", gates = [{ panel = \"evaluations\", state = \"finalised\" }]",
                "No process has a panel `evaluations`",
            ),
            ("meaning = \"consent_withdrawn\", ", "", "0 reasons of `cancellation` mean `consent_withdrawn`"),
            (
                "code = \"child_at_risk\", basis = \"child_best_interests\"",
                "code = \"child_at_risk\", basis = \"nothing\"",
                "`basis` can't be `nothing`",
            ),
        ]);
    }
}
