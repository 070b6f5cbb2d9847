//! What may be done with a case beside its next step, in groups: pausing and closing stand together at the end.
use crate::access::Act;
use crate::cases::Case;
use crate::cases::next::Reader;
use crate::platform::db::Work;
use crate::web::Page;

/// What belongs together: its heading, and for each where it leads and what it says.
pub(super) struct Group {
    /// The heading.
    pub heading: String,
    /// What can be done.
    pub items: Vec<(String, String)>,
}

/// The groups in which this reader may do anything.
pub(super) fn groups(p: &Page, work: &Work, case: &Case, reader: Reader) -> Vec<Group> {
    let groups = [
        ("change", changes(work, case, reader)),
        ("workers", if reader.in_for_task { Vec::new() } else { workers(work, case, reader) }),
        ("read", if reader.in_for_task { vec!["quality", "print"] } else { vec!["quality", "print", "file"] }),
        ("end", ends(case, reader)),
    ];
    let item = |topic: &&str| (format!("{}/{topic}", case.path()), p.t(&format!("case-{topic}-verb")));
    let offered = groups.iter().filter(|(_, topics)| !topics.is_empty());
    offered.map(|(name, topics)| Group { heading: p.tc("case-menu", name), items: topics.iter().map(item).collect() }).collect()
}

fn changes(work: &Work, case: &Case, reader: Reader) -> Vec<&'static str> {
    let mut topics = Vec::new();
    if reader.edits && case.is_open() {
        // A paused case goes on first, which stands above as its next step; then it moves.
        topics.extend(Some("stage").filter(|_| case.paused_reason.is_none() && reader.steers()));
        topics.extend(["risk", "intensity", "people", "tasks", "limits"]);
    }
    topics.extend(Some("type").filter(|_| case.is_open() && work.holds(Act::CaseClassify) && !reader.in_for_task));
    topics
}

fn workers(work: &Work, case: &Case, reader: Reader) -> Vec<&'static str> {
    let mut topics = Vec::new();
    if case.is_open() && (reader.assigns || (reader.edits && case.case_manager.is_none())) {
        topics.push("assignment");
    }
    if case.is_open() && (work.holds(Act::TransferRequest) || work.holds(Act::TransferDirect)) {
        topics.push("transfer");
    }
    if work.holds(Act::BarSet) || work.holds(Act::CaseAssign) {
        topics.push("access");
    }
    topics
}

fn ends(case: &Case, reader: Reader) -> Vec<&'static str> {
    let pauses = reader.steers() && case.is_open() && case.paused_reason.is_none();
    let closes = if case.is_open() { "closure" } else { "reopening" };
    [Some("pause").filter(|_| pauses), Some(closes).filter(|_| reader.closes)].into_iter().flatten().collect()
}
