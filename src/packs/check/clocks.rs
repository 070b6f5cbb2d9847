//! Rules for lengths of time that must agree with each other.

use crate::packs::pack::Pack;
use crate::packs::page::Page;

/// A higher risk is followed up sooner, and nothing is overdue before it is due (S21).
pub fn risk_levels(pack: &Pack, page: &mut Page<'_>) {
    let mut sooner = 0;
    for (index, level) in pack.risk_levels.iter().enumerate() {
        let path = format!("risk_levels#{index}");
        if level.overdue.rough_hours() < level.follow_up.rough_hours() {
            let what = format!("Follow-up at risk `{}` is overdue before it is due", level.code);
            page.complain(&format!("{path}.overdue"), what, "Write the same length of time as `follow_up` or a longer one");
        }
        if level.alert.is_some() && level.safety_action.is_none() {
            let what = format!("Risk `{}` alerts the supervisor about an action that it never asks for", level.code);
            page.complain(&format!("{path}.alert"), what, "Add `safety_action` or remove `alert`");
        }
        if level.follow_up.rough_hours() < sooner {
            let what = format!("Risk `{}` has an earlier follow-up than the level above it", level.code);
            page.complain(&path, what, "List the levels from the highest risk to the lowest");
        }
        sooner = level.follow_up.rough_hours();
    }
}

/// The emergency comes first, and what is more urgent is due sooner (S2).
pub fn priorities(pack: &Pack, page: &mut Page<'_>) {
    let mut sooner = 0;
    for (index, priority) in pack.priorities.iter().enumerate() {
        if priority.due.rough_hours() < sooner {
            let what = format!("The priority `{}` is due before a more urgent one", priority.code);
            page.complain(&format!("priorities#{index}.due"), what, "List the priorities from the most urgent down");
        }
        sooner = priority.due.rough_hours();
        if priority.emergency && index > 0 {
            let what = format!("The emergency priority `{}` is not the first", priority.code);
            page.complain(&format!("priorities#{index}.emergency"), what, "Let one priority, the first, be the emergency");
        }
    }
    if pack.emergency().is_none() && !pack.priorities.is_empty() {
        page.complain("priorities", "No priority is the emergency (S2)", "Add `emergency = true` to the first");
    }
}

/// Who decides has acknowledged.
pub fn deadlines(pack: &Pack, page: &mut Page<'_>) {
    let deadlines = &pack.deadlines;
    if deadlines.decide.rough_hours() < deadlines.acknowledge.rough_hours() {
        let what = "A referral must be decided before it must be acknowledged";
        page.complain("deadlines.decide", what, "Write the same length of time as `acknowledge` or a longer one");
    }
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::expect;

    #[test]
    fn clocks_that_contradict_each_other_are_told() {
        expect(&[
            ("overdue = \"5 days\"", "overdue = \"2 days\"", "Follow-up at risk `moderate` is overdue before it is due"),
            ("safety_action = \"same day\"\n", "", "Risk `high` alerts the supervisor about an action that it never asks for"),
            ("follow_up = \"10 days\"", "follow_up = \"1 day\"", "Risk `low` has an earlier follow-up than the level above it"),
            ("due = \"72 hours\"", "due = \"12 hours\"", "The priority `urgent` is due before a more urgent one"),
            ("due = \"72 hours\"", "due = \"72 hours\"\nemergency = true", "The emergency priority `urgent` is not the first"),
            ("emergency = true\n", "", "No priority is the emergency (S2)"),
            ("decide = \"5 working days\"", "decide = \"1 day\"", "A referral must be decided before it must be acknowledged"),
        ]);
    }
}
