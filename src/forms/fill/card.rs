//! The forms of a case in a few lines, as its page shows them.
use std::collections::HashSet;

use crate::forms::{Submission, versions};
use crate::platform::ids::SubmissionId;
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

// The card shows so many; the list shows all.
const SHOWN: usize = 5;

/// A copy in a line.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// The form's title.
    pub title: String,
    /// Where it stands.
    pub state: Badge,
    /// Who, and when.
    pub by: String,
}

/// The newest of a case's copies, drafts first.
pub fn lines(p: &Page, copies: &[Submission]) -> Vec<Line> {
    let current = copies.iter().filter(|copy| copy.state != "replaced");
    let disputed = versions::disputed(copies);
    current.take(SHOWN).map(|copy| line(p, copy, &disputed)).collect()
}

fn line(p: &Page, copy: &Submission, disputed: &HashSet<SubmissionId>) -> Line {
    let when = copy.completed_at.unwrap_or(copy.started_at);
    Line {
        href: copy.path(),
        title: copy.title.clone(),
        state: state(p, copy, disputed),
        by: p.signed(&copy.author_name, &p.moment(&when)),
    }
}

/// Where a copy stands; whether another correction stands beside it is known of all copies of its case.
pub(super) fn state(p: &Page, copy: &Submission, disputed: &HashSet<SubmissionId>) -> Badge {
    if disputed.contains(&copy.id) {
        return Badge::new(p.tc("fill-state", "disputed"), Tone::Warning);
    }
    if copy.state == "complete" && copy.names_other {
        return Badge::new(p.tc("fill-state", "stranger"), Tone::Warning);
    }
    let tone = match copy.state.as_str() {
        "draft" => Tone::Info,
        "complete" => Tone::Good,
        _ => Tone::Neutral,
    };
    let word = if copy.is_draft() && copy.replaces.is_some() { "correction" } else { copy.state.as_str() };
    Badge::new(p.tc("fill-state", word), tone)
}

/// "12 of 40 answered".
pub(super) fn progress(p: &Page, copy: &Submission) -> String {
    let counts = [("answered", p.number(copy.answered).into()), ("asked", p.number(copy.asked).into())];
    text_with(p.reader.lang, "fill-progress", &counts)
}
