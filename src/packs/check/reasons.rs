//! Rules for coded reasons.

use crate::packs::pack::Pack;
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
            ("meaning = \"consent_withdrawn\", ", "", "0 reasons of `cancellation` mean `consent_withdrawn`"),
            (
                "code = \"child_at_risk\", basis = \"child_best_interests\"",
                "code = \"child_at_risk\", basis = \"nothing\"",
                "`basis` can't be `nothing`",
            ),
        ]);
    }
}
