//! What is kept beside the notes of a case: child records, documents, forms, conferences that are over, visits that were not safe, meetings that were
//! put right, closings that were asked for.
use super::{Event, at};
use crate::cases::Case;
use crate::cases::closing::asked::{self, Asked};
use crate::cases::rare::Rare;
use crate::documents::{self, Document};
use crate::error::Error;
use crate::forms::Submission;
use crate::meetings::{self, Meeting};
use crate::platform::db::Work;
use crate::records::store::Line;
use crate::records::{self, Place, card};
use crate::web::Page;
use crate::web::parts::Tone;

// So many stand in the timeline; their own pages have all.
const MOST_RECORDS: usize = 100;

/// As far as the reader sees it.
pub(in crate::cases::pages) struct Kept {
    pub(in crate::cases::pages) place: Place,
    pub(in crate::cases::pages) rare: Rare,
    pub(in crate::cases::pages) papers: Vec<Document>,
    pub(in crate::cases::pages) records: Vec<Line>,
    pub(super) met: Vec<Meeting>,
    // What is planned, the soonest first.
    pub(in crate::cases::pages) next: Vec<Meeting>,
    // The latest first.
    pub(in crate::cases::pages) asked: Vec<Asked>,
}

impl Kept {
    /// What is kept of a case.
    pub(in crate::cases::pages) async fn of(work: &mut Work, case: &Case) -> Result<Self, Error> {
        let (place, rare) = (Place::of_case(work, case).await?, Rare::of(work, case.id).await?);
        let records =
            if rare.records { records::store::list(work, place.of, None, card::LOOKED_THROUGH).await? } else { Vec::new() };
        let papers = documents::store::list(work, case.id, None).await?;
        let asked = if rare.asked { asked::list(work, case.id).await? } else { Vec::new() };
        let (next, met) = meetings::card::of_case(work, case).await?;
        Ok(Self { place, rare, papers, records, met, next, asked })
    }
}

/// Records and documents, each as it came.
pub(super) fn events(p: &Page, kept: &Kept) -> Vec<Event> {
    let records = kept.records.iter().take(MOST_RECORDS).map(|line| of_record(p, &kept.place, line));
    records.chain(kept.papers.iter().map(|paper| of_paper(p, paper))).collect()
}

// A record in its newest version; its words stand on its page.
fn of_record(p: &Page, place: &Place, line: &Line) -> Event {
    let state = match (line.moved, line.corrected) {
        (true, _) => Some(p.t("records-moved")),
        (_, true) => Some(p.t("records-corrected")),
        _ => None,
    };
    Event {
        icon: "file-text",
        title: card::label(p, place, &line.kind),
        by: line.author_name.clone(),
        href: format!("{}/records/{}", place.path(), line.root),
        link: p.t("case-see"),
        small: state.into_iter().collect(),
        ..at(p, line.happened_at)
    }
}

/// Forms that were completed, each version when it was; what they say stands on their pages.
pub(super) fn of_forms(p: &Page, copies: &[Submission]) -> Vec<Event> {
    let event = |copy: &Submission| {
        let corrected = (copy.state == "replaced").then(|| p.tc("fill-state", "replaced"));
        Some(Event {
            icon: "file-text",
            title: p.t("fact-form-completed"),
            by: copy.author_name.clone(),
            href: copy.path(),
            link: copy.title.clone(),
            small: corrected.into_iter().collect(),
            ..at(p, copy.completed_at?)
        })
    };
    copies.iter().filter_map(event).take(MOST_RECORDS).collect()
}

fn of_paper(p: &Page, paper: &Document) -> Event {
    Event {
        icon: "upload",
        title: p.t("case-event-document"),
        by: paper.added_by_name.clone(),
        href: if paper.is_served() { paper.path() } else { format!("/cases/{}/documents", paper.case_id) },
        link: paper.title.clone(),
        ..at(p, paper.recorded_at)
    }
}

/// What became of a conference and what was decided, that a visit was not safe (S22), and each time that something was put right. What was said stands on
/// the page of the meeting.
pub(super) fn of_meeting(p: &Page, case: &Case, meeting: &Meeting) -> Vec<Event> {
    let (kind, href) = (p.tc("meeting-kind", &meeting.kind), format!("{}/meetings/{}", case.path(), meeting.id));
    let event = |title: String, by: &str, moment: Event| Event {
        icon: if meeting.kind == "conference" { "users-group" } else { "calendar" },
        title,
        by: by.to_owned(),
        href: href.clone(),
        link: p.t("case-see"),
        ..moment
    };
    let right = |one: &meetings::Former| {
        let title = p.detailed(&kind, &p.t("meeting-put-right"));
        Event { words: one.why.clone(), ..event(title, &one.by, at(p, one.at)) }
    };
    let mut events: Vec<_> = meeting.words.former.iter().map(right).collect();
    let unsafe_now = meeting.was_not_safe();
    if unsafe_now || meeting.kind == "conference" {
        let title = p.detailed(&kind, &p.tc("meeting-state", &meeting.state));
        events.push(Event {
            words: if unsafe_now { p.t("meeting-not-safe") } else { String::new() },
            tone: if unsafe_now { Tone::Danger } else { Tone::Neutral },
            small: meeting.words.decided.iter().map(|one| meetings::card::decision(p, one)).collect(),
            ..event(title, &meeting.holder_name, at(p, meeting.starts_at))
        });
    }
    events
}
