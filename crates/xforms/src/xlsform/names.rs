//! Names on the survey: what clashes, and what is unwise.
use super::draft::{Draft, Shape};
use super::sheet::Record;
use crate::findings::Findings;

// Columns that exports, databases and entity lists make by themselves.
const UNWISE: &[&str] = &["id", "key", "parent_key", "submissiondate", "instanceid", "instancename", "__id", "__system"];

/// Reports what is wrong with a name among those that it joins.
pub(super) fn check(draft: &Draft, parent: usize, name: &str, shape: &Shape, record: &Record, findings: &mut Findings) {
    let place = || record.place("name");
    if name == "meta" && parent == 0 {
        findings.mistake("reserved-name", place(), "The name `meta` belongs to the form itself.", "Choose another name.");
        return;
    }
    match draft.similar(parent, name) {
        Some(other) if other.name == name => {
            let what = format!("`{name}` is also the name of row {} in the same place.", other.record.row);
            findings.mistake("duplicate-name", place(), what, "Give one of them another name.");
        }
        Some(other) => {
            let what = format!("`{name}` differs from `{}` of row {} only in capital letters.", other.name, other.record.row);
            findings.warn("similar-name", place(), what, "Choose names that differ more: some tools take them for the same.");
        }
        None => {}
    }
    if *shape == Shape::Repeat {
        let taken = draft.named(name).iter().any(|&id| draft.items[id].shape == Shape::Repeat);
        if taken || name == draft.items[0].name {
            let what = format!("A repeat named `{name}` would be mixed up with another of that name.");
            findings.mistake("duplicate-repeat", place(), what, "Give each repeat a name of its own.");
        }
    }
    if parent == 0 && UNWISE.contains(&name.to_lowercase().as_str()) {
        findings.warn(
            "reserved-name",
            place(),
            format!("`{name}` is a column that exports make by themselves."),
            "Choose another name.",
        );
    }
}
