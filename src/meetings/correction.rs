//! What became of a meeting is put right: by whoever may record it, with a reason. What stood before stays among its words, and the note that told of it on
//! the case is corrected with it; a contact that was none ends no silence (S23).
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::meeting::{LONGEST_LINE, Meeting};
use super::outcome::{Attended, Outcome};
use super::{actions, deciding, store};
use crate::access::Act;
use crate::audit::Fact;
use crate::cases::note::NewNote;
use crate::cases::{self, Case, contact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::NoteId;

/// What stood there before, and why it was put right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Former {
    /// One of the outcomes.
    pub state: String,
    /// Why it was missed or not held.
    pub reason: Option<String>,
    /// Who of the invited came.
    pub came: Vec<String>,
    /// How those who were asked to a conference took part.
    pub attended: Vec<Attended>,
    /// What was said and decided.
    pub minutes: String,
    /// Who put it right, by name as it was then.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in a sentence.
    pub why: String,
}

/// The note that tells of a meeting on its case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub note: NoteId,
    /// The moment that it tells of.
    pub at: DateTime<Utc>,
    /// When somebody had spoken with the person before.
    pub before: Option<DateTime<Utc>>,
}

/// Puts right what became of a meeting.
pub async fn correct(work: &mut Work, case: &Case, meeting: Meeting, outcome: &Outcome, why: &str) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    meeting.must_be(outcome.version)?;
    meeting.must_be_recorded()?;
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_LINE {
        return Err(invalid("why", if why.is_empty() { "required" } else { "too_long" }));
    }
    outcome.check(&meeting, work.now())?;
    let asked = actions::check_took_part(work, &meeting, outcome).await?;
    let reason = Some(outcome.reason.clone()).filter(|reason| !reason.is_empty());
    let mut words = meeting.words.clone();
    words.former.push(former(work, &meeting, why));
    words.came.clone_from(&outcome.came);
    words.minutes.clone_from(&outcome.minutes);
    words.attended = deciding::attended(&asked, &outcome.attended)?;
    let now = work.now();
    let mut right = Meeting { state: outcome.state.clone(), reason, words, corrected_at: Some(now), ..meeting.clone() };
    right.words.told = tell(work, case, (&meeting, &right), why).await?;
    store::save(work, &right).await?;
    let note = json!({ "state": right.state, "reason": right.reason, "fields": changed(&meeting, &right) });
    work.record(Fact::MeetingCorrected, actions::about(&right).note(note)).await?;
    if right.was_not_safe() && !meeting.was_not_safe() {
        actions::tell_supervisor(work, case, &right).await?;
    }
    Ok(())
}

fn former(work: &Work, meeting: &Meeting, why: &str) -> Former {
    Former {
        state: meeting.state.clone(),
        reason: meeting.reason.clone(),
        came: meeting.words.came.clone(),
        attended: meeting.words.attended.clone(),
        minutes: meeting.words.minutes.clone(),
        by: work.standing.name.clone(),
        at: work.now(),
        why: why.to_owned(),
    }
}

// Which fields hold something else by now, by name (S28).
fn changed(before: &Meeting, after: &Meeting) -> Vec<&'static str> {
    let (was, is) = (&before.words, &after.words);
    let each = [
        ("state", before.state != after.state),
        ("reason", before.reason != after.reason),
        ("came", was.came != is.came),
        ("attended", was.attended != is.attended),
        ("minutes", was.minutes != is.minutes),
    ];
    each.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

// Corrects the note that told of it, or writes one where there was nothing to tell before.
async fn tell(work: &mut Work, case: &Case, (before, after): (&Meeting, &Meeting), why: &str) -> Result<Option<Told>, Error> {
    let (was, is) = (actions::note_kind(before), actions::note_kind(after));
    let Some(told) = before.words.told.clone() else {
        // What was recorded when no note was kept with it is told by the timeline alone.
        return if was.is_none() { actions::note(work, case, after, why).await } else { Ok(None) };
    };
    let same = before.state == after.state && before.words.minutes == after.words.minutes;
    let newest = cases::notes::newest(work, case.id, told.note).await?;
    // A note that was moved to another case is nothing of this one any more.
    if same || newest.moved_at.is_some() {
        return Ok(Some(told));
    }
    let body = actions::note_body(work, after);
    let corrected = NewNote { corrects: Some(newest.id), ..NewNote::of(is.unwrap_or("note"), &body) };
    let note = cases::actions::write_note(work, case.clone(), corrected).await?;
    match (is_contact(was), is_contact(is)) {
        (true, false) => contact::not_met(work, case, (told.at, told.before)).await?,
        (false, true) => contact::met(work, case, told.at).await?,
        _ => {}
    }
    Ok(Some(Told { note, ..told }))
}

fn is_contact(kind: Option<&str>) -> bool {
    matches!(kind, Some("contact" | "visit"))
}
