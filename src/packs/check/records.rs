//! Rules for the kinds of child records, and for the agency's own words.

use crate::packs::pack::{Pack, RecordKind};
use crate::packs::page::Page;
use crate::packs::words::{Sensitivity, Shape, Under, Word};

/// What a restricted case knows stays inside it (S9, S12), and no record is guarded less than its case.
pub fn kinds(pack: &Pack, page: &mut Page<'_>) {
    for (index, kind) in pack.records.iter().enumerate() {
        let path = format!("records#{index}");
        let types = || kind.case_types.iter().filter_map(|code| pack.case_type(code));
        if kind.case_types.is_empty() {
            let what = format!("The kind of record `{}` is kept for no case type", kind.code);
            page.complain(&path, what, "Name at least one in `case_types`");
        }
        let restricted = kind.sensitivity == Sensitivity::Restricted
            || types().any(|case_type| case_type.sensitivity == Sensitivity::Restricted);
        if kind.under == Under::Person && restricted {
            let what = format!("The restricted kind of record `{}` would belong to a person (S9, S12)", kind.code);
            page.complain(&format!("{path}.under"), what, "Write `case`; what a restricted case knows stays inside it");
            continue;
        }
        panel(pack, kind, &path, page);
        let of_a_child = matches!(
            kind.shape,
            Shape::BestInterests | Shape::Determination | Shape::Separation | Shape::Tracing | Shape::Reunification
        );
        if kind.under == Under::Person && of_a_child {
            let what = format!("The kind of record `{}` would stand outside the child's case (S12)", kind.code);
            page.complain(&format!("{path}.under"), what, "Write `case`");
        }
        if let Some(closer) = types().find(|case_type| case_type.sensitivity > kind.sensitivity) {
            let what = format!("The kind of record `{}` is guarded less closely than `{}`", kind.code, closer.code);
            let remedy = format!("Write `{}`, or make a kind of its own for that case type", closer.sensitivity.as_str());
            page.complain(&format!("{path}.sensitivity"), what, remedy);
        }
    }
}

// What waits for a panel stands on a case that has it.
fn panel(pack: &Pack, kind: &RecordKind, path: &str, page: &mut Page<'_>) {
    let Some(panel) = &kind.panel else { return };
    if kind.under == Under::Person {
        let what = format!("The kind of record `{}` belongs to a person and waits for the panel `{panel}`", kind.code);
        page.complain(&format!("{path}.panel"), what, "Remove `panel`; only a case has panels");
        return;
    }
    for case_type in kind.case_types.iter().filter_map(|code| pack.case_type(code)) {
        if pack.process(case_type).is_some_and(|process| process.panel(panel).is_none()) {
            let what = format!("A case of `{}` has no panel `{panel}`", case_type.code);
            page.complain(&format!("{path}.panel"), what, "Name a panel of its process, or add it there");
        }
    }
}

/// An agency has one word for a state, and one for how much work a case is.
pub fn own_words(pack: &Pack, page: &mut Page<'_>) {
    for (index, word) in pack.state_words.iter().enumerate() {
        if pack.state_words[..index].iter().any(|earlier| earlier.state == word.state) {
            let what = format!("The state `{}` has two words", word.state.as_str());
            page.complain(&format!("state_words#{index}.state"), what, "Remove one of them");
        }
    }
    for (index, word) in pack.intensity_words.iter().enumerate() {
        if pack.intensity_words[..index].iter().any(|earlier| earlier.intensity == word.intensity) {
            let what = format!("The intensity of work `{}` has two words", word.intensity.as_str());
            page.complain(&format!("intensity_words#{index}.intensity"), what, "Remove one of them");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::expect;

    #[test]
    fn s09_s12_what_a_restricted_case_knows_stays_inside_it() {
        expect(&[
            (
                "under = \"person\"\ncase_types = [\"general_protection\"",
                "under = \"person\"\ncase_types = [\"gender_based_violence\", \"general_protection\"",
                "The restricted kind of record `counselling` would belong to a person (S9, S12)",
            ),
            (
                "case_types = [\"gender_based_violence\"]\nsensitivity = \"restricted\"",
                "case_types = [\"gender_based_violence\"]\nsensitivity = \"protected\"",
                "The kind of record `survivor_incident` is guarded less closely than `gender_based_violence`",
            ),
            (
                "shape = \"session\"\nunder = \"person\"",
                "shape = \"tracing\"\nunder = \"person\"",
                "The kind of record `counselling` would stand outside the child's case (S12)",
            ),
            ("under = \"person\"", "under = \"household\"", "`under` can't be `household`"),
            ("shape = \"session\"", "shape = \"talk\"", "`shape` can't be `talk`"),
        ]);
    }
    #[test]
    fn an_intensity_of_work_has_one_word_and_is_one_of_ours() {
        let word = |intensity| {
            format!(
                "[[intensity_words]]\nintensity = \"{intensity}\"\nlabels = {{ en = \"a\", ar = \"a\", fr = \"a\", es = \"a\" }}\n\n"
            )
        };
        let records = "[[records]]\n";
        let twice = format!("{}{}{records}", word("case_work"), word("case_work"));
        let unknown = format!("{}{records}", word("hard_work"));
        expect(&[
            (records, &twice, "The intensity of work `case_work` has two words"),
            (records, &unknown, "`intensity` can't be `hard_work`"),
        ]);
    }
}
