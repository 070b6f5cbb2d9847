//! What became of a meeting is put right: by whoever may record it, with a reason. What stood before stays among its words, and the note that told of it on
//! the case is corrected with it; a contact that was none ends no silence (S23).
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::conference::Party;
use super::meeting::{LONGEST_LINE, Meeting, took_place};
use super::outcome::{Attended, Outcome};
use super::{actions, conference, deciding, store};
use crate::access::Act;
use crate::audit::Fact;
use crate::cases::note::{NewNote, Note};
use crate::cases::{self, Case, contact};
use crate::error::{Clash, Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::NoteId;

/// So often what became of a meeting is put right; what stood before stays each time.
pub const MOST_CORRECTIONS: usize = 20;
// A note of it is looked for among so many, the newest.
const MOST_NOTES: i64 = 1000;
// What is recorded may begin so much earlier than planned.
const BEFORE_IT_BEGINS: TimeDelta = TimeDelta::minutes(15);

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
}

/// What became of the note that told of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is right, or there is none.
    Right,
    /// None was kept with the meeting, and none was found that is surely its own: if one tells of it, it is put right by hand.
    ByHand,
}

/// Puts right what became of a meeting.
pub async fn correct(work: &mut Work, case: &Case, meeting: &Meeting, outcome: &Outcome, why: &str) -> Result<Noted, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    // Whoever shares the minutes of it at this moment comes before or after, and not in between (S27).
    let meeting = store::held(work, case.id, meeting.id).await?;
    meeting.must_be(outcome.version)?;
    meeting.must_be_recorded()?;
    if meeting.words.former.len() >= MOST_CORRECTIONS {
        return Err(Error::Conflict(Clash::State { state: meeting.state.clone(), code: "meeting_corrected_often" }));
    }
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_LINE {
        return Err(invalid("why", if why.is_empty() { "required" } else { "too_long" }));
    }
    outcome.check(&meeting, work.now())?;
    let asked = actions::check_took_part(work, &meeting, outcome).await?;
    let mut right = put_right(work, &meeting, (outcome, &asked), why)?;
    let fields = changed(&meeting, &right);
    if fields.is_empty() {
        return Err(invalid("state", "nothing_new"));
    }
    if fields.iter().any(|field| matches!(*field, "state" | "attended")) && minutes_are_out(work, &meeting).await? {
        return Err(invalid("state", "minutes_are_out"));
    }
    let told = told(work, case, &meeting).await?;
    let by_hand = told.is_none() && actions::note_kind(&meeting).is_some() && !is_told_alike(&meeting, &right);
    right.words.told = tell(work, case, (&meeting, &right), (told, why)).await?;
    actions::bind(work, case, &meeting, (&asked, outcome)).await?;
    store::save(work, &right).await?;
    let note = json!({ "state": right.state, "reason": right.reason, "fields": fields });
    work.record(Fact::MeetingCorrected, actions::about(&right).note(note)).await?;
    if right.was_not_safe() && !meeting.was_not_safe() {
        actions::tell_supervisor(work, case, &right).await?;
    }
    Ok(if by_hand { Noted::ByHand } else { Noted::Right })
}

fn put_right(work: &Work, meeting: &Meeting, (outcome, asked): (&Outcome, &[Party]), why: &str) -> Result<Meeting, Error> {
    let reason = Some(outcome.reason.clone()).filter(|reason| !reason.is_empty() && !is_left_over(meeting, outcome));
    let mut words = meeting.words.clone();
    words.former.push(former(work, meeting, why));
    words.came.clone_from(&outcome.came);
    words.others_agreed = outcome.others_agreed;
    words.minutes.clone_from(&outcome.minutes);
    words.attended = deciding::attended(asked, &outcome.attended)?;
    Ok(Meeting { state: outcome.state.clone(), reason, words, corrected_at: Some(work.now()), ..meeting.clone() })
}

// Why it did not take place stood in the form already: of what took place after all it says nothing.
fn is_left_over(meeting: &Meeting, outcome: &Outcome) -> bool {
    took_place(&outcome.state) && !meeting.took_place() && meeting.reason.as_deref() == Some(outcome.reason.as_str())
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
        ("came", was.came != is.came || was.others_agreed != is.others_agreed),
        ("attended", parts(&was.attended) != parts(&is.attended)),
        ("minutes", was.minutes != is.minutes),
    ];
    each.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

// How each took part. What an organisation is called depends on who reads, and the order on who writes.
fn parts(attended: &[Attended]) -> BTreeMap<Option<Uuid>, (&str, &str)> {
    attended.iter().map(|one| (one.party, (one.how.as_str(), one.role.as_str()))).collect()
}

// Others read how this conference took place: their copies are called back before it took place otherwise, or with somebody else (S27).
async fn minutes_are_out(work: &mut Work, meeting: &Meeting) -> Result<bool, Error> {
    if meeting.kind != "conference" {
        return Ok(false);
    }
    let asked = conference::asked(work, meeting).await?;
    Ok(asked.iter().any(|party| party.packet.is_some() && party.recall.is_none()))
}

// The note that tells of it. Of a meeting that was recorded before it was kept which, the one of that kind, moment and words, if there is no other.
async fn told(work: &mut Work, case: &Case, meeting: &Meeting) -> Result<Option<Told>, Error> {
    let (None, Some(kind)) = (&meeting.words.told, actions::note_kind(meeting)) else { return Ok(meeting.words.told.clone()) };
    let minutes = meeting.words.minutes.trim();
    let notes = cases::notes::list(work, case.id, MOST_NOTES).await?;
    let is_its_own = |note: &&Note| {
        note.kind == kind
            && note.corrects.is_none()
            && (meeting.starts_at - BEFORE_IT_BEGINS..=meeting.starts_at).contains(&note.happened_at)
            && note.body.as_ref().is_some_and(|body| body.ends_with(minutes))
    };
    let mut found = notes.iter().filter(is_its_own);
    Ok(match (found.next(), found.next()) {
        (Some(note), None) => Some(Told { note: note.id, at: note.happened_at }),
        _ => None,
    })
}

fn is_told_alike(before: &Meeting, after: &Meeting) -> bool {
    before.state == after.state && before.words.minutes == after.words.minutes
}

// Corrects the note that told of it, or writes one where there was nothing to tell before.
async fn tell(
    work: &mut Work,
    case: &Case,
    (before, after): (&Meeting, &Meeting),
    (told, why): (Option<Told>, &str),
) -> Result<Option<Told>, Error> {
    let (was, is) = (actions::note_kind(before), actions::note_kind(after));
    let Some(told) = told else {
        // What was recorded while its case was closed is told by the timeline alone.
        return if was.is_none() { actions::note(work, case, after, why).await } else { Ok(None) };
    };
    if is_told_alike(before, after) {
        return Ok(Some(told));
    }
    let newest = cases::notes::newest(work, case.id, told.note).await?;
    // A note that was moved to another case is nothing of this one any more.
    let note = if newest.moved_at.is_some() {
        told.note
    } else {
        let body = actions::note_body(after);
        let corrected = NewNote { corrects: Some(newest.id), ..NewNote::of(is.unwrap_or("note"), &body) };
        cases::actions::write_note(work, case.clone(), corrected).await?
    };
    match (is_contact(was), is_contact(is)) {
        (true, false) => contact::not_met(work, case, told.at).await?,
        (false, true) if newest.moved_at.is_none() => contact::met_after_all(work, case, told.at).await?,
        _ => {}
    }
    Ok(Some(Told { note, ..told }))
}

fn is_contact(kind: Option<&str>) -> bool {
    matches!(kind, Some("contact" | "visit"))
}
