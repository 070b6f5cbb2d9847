//! The versions of a copy, for its sheet: which took whose place, which stand beside each other, and where those differ.
use std::collections::HashSet;

use super::at::At;
use super::card;
use super::changes::{self, Change};
use crate::error::Error;
use crate::forms::{Submission, versions};
use crate::platform::db::Work;
use crate::platform::ids::SubmissionId;
use crate::web::Page;
use crate::web::parts::Badge;

// Who corrects the same copy more often than this compares on paper.
const MOST_TWINS: usize = 4;

/// A version.
pub(super) struct Version {
    pub href: String,
    pub words: String,
    pub state: Badge,
    pub here: bool,
}

/// Another correction that stands beside this one, and where it says otherwise.
pub(super) struct Twin {
    pub href: String,
    pub words: String,
    pub changes: Vec<Change>,
}

/// All versions of a copy.
pub(super) struct Line {
    /// The newest first; none where there is only this one.
    pub versions: Vec<Version>,
    /// What stands now in the place of one that does not, be it the next version or one beside it: page and words.
    pub newer: Vec<(String, String)>,
    pub twins: Vec<Twin>,
}

/// The versions of the copy that is shown.
pub(super) async fn of(
    work: &mut Work,
    p: &Page,
    at: &At,
    (copies, disputed): (&[Submission], &HashSet<SubmissionId>),
) -> Result<Line, Error> {
    let line = versions::versions(&at.copy, copies);
    let called: Vec<(&Submission, String)> = (1..).zip(line).map(|(nth, one)| (one, words(p, nth, one))).collect();
    let is_replaced = at.copy.state == "replaced";
    let stands = |one: &Submission| is_replaced && one.state == "complete";
    let newer = called.iter().rev().filter(|(one, _)| stands(one)).map(|(one, words)| (one.path(), words.clone())).collect();
    let version = |(one, words): &(&Submission, String)| Version {
        href: one.path(),
        words: words.clone(),
        state: card::state(p, one, disputed),
        here: one.id == at.copy.id,
    };
    let shown = if called.len() > 1 { called.as_slice() } else { &[] };
    let mut twins = Vec::new();
    for twin in versions::twins(&at.copy, copies).into_iter().take(MOST_TWINS) {
        let other = At::of(work, at.case.clone(), twin.clone(), &at.chosen).await?;
        let words = called.iter().find(|(one, _)| one.id == twin.id).map(|(_, words)| words.clone()).unwrap_or_default();
        twins.push(Twin { href: twin.path(), words, changes: changes::between(p, &other, at) });
    }
    Ok(Line { versions: shown.iter().rev().map(version).collect(), newer, twins })
}

// Which one it is, who filled it in and when, and when it came from a device.
fn words(p: &Page, nth: i64, copy: &Submission) -> String {
    let signed = p.signed(&copy.author_name, &p.moment(&copy.completed_at.unwrap_or(copy.started_at)));
    let came = (copy.origin != "page").then(|| p.ta("fill-came", "when", p.moment(&copy.recorded_at)));
    [p.ta("fill-version-nth", "nth", p.number(nth)), signed].into_iter().chain(came).collect::<Vec<_>>().join(" · ")
}
