//! Rules for community projects: they are for standard cases that have the panel, and what they are a support in.
use crate::packs::pack::Pack;
use crate::packs::page::Page;
use crate::packs::plan::PANEL;
use crate::packs::words::Sensitivity;

/// Notes what is wrong with the section `[projects]`.
pub fn rules(pack: &Pack, page: &mut Page<'_>) {
    let Some(rules) = &pack.projects else { return };
    if rules.case_types.is_empty() {
        let what = "Community projects are for no case type".to_owned();
        page.complain("projects.case_types", what, "Name at least one in `case_types`, or remove `[projects]`");
    }
    for case_type in rules.case_types.iter().filter_map(|code| pack.case_type(code)) {
        // A host is told who comes: nobody of a guarded case is placed.
        if case_type.sensitivity != Sensitivity::Standard {
            let what = format!("Somebody of a `{}` case, which is guarded, would be placed with a host", case_type.code);
            page.complain("projects.case_types", what, "Take that case type out");
        }
        let Some(process) = pack.process(case_type) else { continue };
        for (panel, place) in [(rules.panel.as_str(), "projects.panel"), (PANEL, "projects.case_types")] {
            if process.panel(panel).is_none() {
                let what = format!("A case of `{}` has no panel `{panel}`", case_type.code);
                page.complain(place, what, "Name a panel of its process, or add it there");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::packs::read::parse;
    use crate::packs::samples::{ACTS, shipped};

    const INCLUSION: &str = include_str!("../../../packs/inclusion/pack.toml");

    fn complaints(old: &str, new: &str) -> Vec<String> {
        assert!(INCLUSION.contains(old), "{old}");
        let read = parse(Path::new("pack.toml"), "inclusion", &INCLUSION.replacen(old, new, 1), ACTS);
        read.expect_err("the pack has a mistake").into_iter().map(|mistake| mistake.what).collect()
    }

    #[test]
    fn projects_are_for_standard_cases_that_have_the_panel() {
        let pack = shipped("inclusion", INCLUSION);
        assert_eq!(pack.projects_of("inclusion").map(|rules| rules.panel.as_str()), Some("community_projects"));
        let panel = "[projects]\npanel = \"community_projects\"";
        assert_eq!(complaints(panel, "[projects]\npanel = \"puc\""), ["A case of `inclusion` has no panel `puc`"]);
        let typed = format!("{panel}\ncase_types = [\"inclusion\"]");
        let none = complaints(&typed, &format!("{panel}\ncase_types = []"));
        assert_eq!(none, ["Community projects are for no case type"]);
    }
}
