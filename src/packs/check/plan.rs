//! Rules for plans: whoever must approve them is asked in cases that have one.
use crate::packs::pack::Pack;
use crate::packs::page::Page;
use crate::packs::plan::PANEL;

/// Notes what is wrong with the section `[plan]`.
pub fn rules(pack: &Pack, page: &mut Page<'_>) {
    let Some(approval) = pack.plan.as_ref().and_then(|rules| rules.approval.as_ref()) else { return };
    let path = "plan.approval.case_types";
    if approval.case_types.is_empty() {
        page.complain(path, "Plans are approved in no case type".to_owned(), "Name at least one, or remove `approval`");
    }
    for case_type in approval.case_types.iter().filter_map(|code| pack.case_type(code)) {
        if pack.process(case_type).is_some_and(|process| process.panel(PANEL).is_none()) {
            let what = format!("Plans are approved in cases of `{}`, which have no panel `{PANEL}`", case_type.code);
            page.complain(path, what, "Take that case type out, or add the panel to its process");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::{expect, protection};

    #[test]
    fn a_plan_is_approved_only_where_there_is_one() {
        let pack = protection();
        let rules = pack.plan.as_ref().expect("the pack has rules for plans");
        assert!(rules.approved_for("child_protection").is_some() && rules.approved_for("social_assistance").is_none());
        expect(&[
            (
                "[plan]\nreview_after = \"3 months\"\napproval = { case_types = [\"child_protection\"",
                "[plan]\nreview_after = \"3 months\"\napproval = { case_types = [\"staff_complaint\"",
                "Plans are approved in cases of `staff_complaint`, which have no panel `plan`",
            ),
            (
                "[plan]\nreview_after = \"3 months\"\napproval = { case_types = [\"child_protection\"]",
                "[plan]\nreview_after = \"3 months\"\napproval = { case_types = []",
                "Plans are approved in no case type",
            ),
        ]);
    }
}
