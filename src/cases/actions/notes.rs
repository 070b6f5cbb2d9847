//! Writing, correcting, pinning and moving notes.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::note::NewNote;
use crate::cases::store::NewMove;
use crate::cases::{notes, store};
use crate::error::{Error, invalid};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::NoteId;
use crate::tasks;
use crate::tasks::task::not_safe_key;

/// Writes a note, or corrects one that nobody has corrected yet. A contact moves the next follow-up; a safety action stops its clock (S21); a threat is told to the supervisor (S22).
pub async fn write_note(work: &mut Work, case: Case, note: NewNote) -> Result<NoteId, Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    let pack = super::pack_of(work, &case).await?;
    let note = match note.corrects {
        Some(corrected) => NewNote::correcting(note, &notes::find(work, case.id, corrected).await?),
        None => note,
    };
    let happened_at = note.moment(work.now(), late_after(&pack))?;
    if let Some(corrected) = note.corrects {
        notes::hold(work, case.id, corrected).await?;
        if notes::newest(work, case.id, corrected).await?.id != corrected {
            return Err(invalid("body", "note_corrected"));
        }
    }
    let id = NoteId::new();
    let note = take_place(work, &case, note).await?;
    notes::insert(work, &case, id, &note, happened_at).await?;
    if note.pinned {
        tell_pin(work, &case, id, "pinned").await?;
    }
    let fact = if note.corrects.is_some() { Fact::NoteCorrected } else { Fact::NoteWritten };
    let mut about = About::case(case.id).with(id).note(json!({ "kind": note.kind }));
    about.subjects.extend(note.corrects.map(|id| id.0));
    work.record(fact, about).await?;
    // What must change after a visit that was not safe is written by whoever supervises it, also once the case is closed, and settles no other visit (S22).
    if let Some(visit) = note.settles()
        && super::safety::may_review(work, &case).await.is_ok()
    {
        tasks::actions::done_under(work, case.id, &not_safe_key(visit)).await?;
    }
    if note.corrects.is_some() || !case.is_open() {
        return Ok(id);
    }
    super::taken_up(work, &case).await?;
    // What they talked about may have been written down already, as an assessment or a signature of that day.
    let day = |moment: DateTime<Utc>| moment.with_timezone(&work.zone()).date_naive();
    if note.is_contact() && case.last_contact_at.is_none_or(|last| day(last) <= day(happened_at)) {
        let case = Case { last_contact_at: case.last_contact_at.max(Some(happened_at)), ..case };
        store::save(work, &case).await?;
        tasks::actions::done_in_case(work, case.id, crate::cases::lost_contact::TASKS).await?;
        super::risk::follow_on(work, &case, &pack).await?;
    } else if note.kind == "safety_action" {
        let case = Case { safety_action_at: Some(happened_at), ..case };
        store::save(work, &case).await?;
        tasks::actions::done_in_case(work, case.id, &["safety_action", "safety_alert"]).await?;
        work.record(Fact::SafetyActionLogged, About::case(case.id).with(id)).await?;
    } else if note.kind == "threat" {
        work.record(Fact::ThreatLogged, About::case(case.id).with(id)).await?;
    }
    Ok(id)
}

// One note is pinned at a time: this one takes the place of what was, or of the words that it corrects.
async fn take_place(work: &mut Work, case: &Case, note: NewNote) -> Result<NewNote, Error> {
    let corrects_pinned = match note.corrects {
        Some(corrected) => notes::find(work, case.id, corrected).await?.pinned,
        None => false,
    };
    let pinned = note.pinned || corrects_pinned;
    if pinned {
        take_down(work, case).await?;
    }
    Ok(NewNote { pinned, ..note })
}

async fn take_down(work: &mut Work, case: &Case) -> Result<(), Error> {
    match notes::unpin(work, case.id).await? {
        Some(down) => tell_pin(work, case, down, "unpinned").await,
        None => Ok(()),
    }
}

/// Pins a note to the top of its case, in the place of whatever stood there; of one that was corrected, the latest words.
pub async fn pin_note(work: &mut Work, case: &Case, id: NoteId) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    let note = notes::newest(work, case.id, id).await?;
    if note.pinned {
        return Ok(());
    }
    take_down(work, case).await?;
    notes::pin(work, case.id, note.id).await?;
    tell_pin(work, case, note.id, "pinned").await
}

/// Takes a pinned note down. It stays among the notes, and that it stood at the top among the steps.
pub async fn unpin_note(work: &mut Work, case: &Case, id: NoteId) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    if !notes::find(work, case.id, id).await?.pinned {
        return Ok(());
    }
    take_down(work, case).await
}

async fn tell_pin(work: &mut Work, case: &Case, id: NoteId, kind: &str) -> Result<(), Error> {
    let happened_at = work.now();
    store::insert_move(work, case.id, NewMove { kind, from: None, to: None, reason: "", happened_at }).await?;
    work.record(Fact::NotePinned, About::case(case.id).with(id).note(json!({ "kind": kind }))).await
}

/// Moves a note that was written on the wrong case. A stub without words stays where it was (S28).
pub async fn move_note(work: &mut Work, case: &Case, id: NoteId, to: &Case) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    work.may_in(Act::CaseEdit, to.unit, Some(to.id)).await?;
    if to.id == case.id {
        return Err(invalid("to", "same_case"));
    }
    let note = notes::find(work, case.id, id).await?;
    if note.body.is_none() {
        return Err(Error::NotFound);
    }
    let moved = notes::insert_moved(work, to, &note).await?;
    notes::empty(work, case.id, id).await?;
    work.record(Fact::NoteMoved, About::case(case.id).with(id)).await?;
    work.record(Fact::NoteMoved, About::case(to.id).with(moved)).await
}

fn late_after(pack: &Pack) -> TimeDelta {
    TimeDelta::hours(i64::from(pack.deadlines.late_entry.rough_hours()))
}
