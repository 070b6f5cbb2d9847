//! A visit: setting out on it, staying longer, and coming back (S22).
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::actions::{about, ask_supervisor, tell_supervisor};
use super::jobs::{once, once_out};
use super::meeting::{BackSaid, LONGEST_TEXT, Meeting, Words};
use super::outing::Outing;
use super::safety::Safety;
use super::store::{self, Own};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{TaskId, UserId};
use crate::tasks::task::VISIT_OUT;
use crate::tasks::{self, NewTask};

// Nobody is out for longer without a word.
const LONGEST_OUT: TimeDelta = TimeDelta::hours(24);
// Whoever sets out so long before a visit begins says that they mean it: most of the time it is the wrong visit, or its time was never changed.
const EARLY: TimeDelta = TimeDelta::hours(4);
// All that is said of one visit that was not safe, one after the other.
const LONGEST_NOT_SAFE: usize = 5 * LONGEST_TEXT;

/// What a worker says who sets out.
#[derive(Debug, Clone)]
pub struct SettingOut {
    /// By when they are back.
    pub back_by: Option<DateTime<Utc>>,
    /// Whether it is safe for both, asked again.
    pub safety: Safety,
    /// They set out long before it begins, and mean it.
    pub early: bool,
    /// The edition that they looked at.
    pub version: i32,
}

/// Sets out on a visit, once both are asked about safety again, and says by when one is back (S22). One at a time: a colleague who goes along takes
/// the place of nobody who is out. And nobody goes there again before it is decided what must change after a visit that was not safe.
pub async fn set_out(work: &mut Work, case: &Case, meeting: Meeting, out: SettingOut) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    meeting.must_be(out.version)?;
    meeting.must_be_planned()?;
    meeting.must_be_to_set_out_on()?;
    must_be_decided(work, &meeting).await?;
    let SettingOut { back_by, safety, early, .. } = out;
    let (now, me) = (work.now(), work.me()?);
    let mut errors = FieldErrors::default();
    safety.check(&mut errors);
    check_back_by(back_by, now, &mut errors);
    if !early && meeting.starts_at > now + EARLY {
        errors.add("early", "far_ahead");
    }
    errors.or_ok()?;
    let before = meeting.words.outings.iter().cloned().chain(Outing::last(&meeting)).collect();
    let words = Words {
        safety_out: Some(safety),
        out_by: Some(me),
        out_name: work.standing.name.clone(),
        outings: before,
        back_said: None,
        ..meeting.words.clone()
    };
    let out = Meeting { set_out_at: Some(now), back_by, back_at: None, words, ..meeting };
    store::save(work, &out).await?;
    ask_back(work, &out).await?;
    work.record(Fact::VisitBegun, about(&out)).await
}

// Whoever supervises decides on the page of the visit that was not safe, with one tap where it is urgent.
async fn must_be_decided(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    if store::not_safe_yet(work, meeting.case_id).await?.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(Clash::State { state: meeting.state.clone(), code: "visit_not_safe_yet" }))
}

fn check_back_by(back_by: Option<DateTime<Utc>>, now: DateTime<Utc>, errors: &mut FieldErrors) {
    match back_by {
        None => errors.add("back_by", "required"),
        Some(by) if by <= now || by > now + LONGEST_OUT => errors.add("back_by", "within_a_day"),
        Some(_) => {}
    }
}

// Whoever is out finds among their tasks where they say that they are back; it goes by their name for everybody else.
async fn ask_back(work: &mut Work, out: &Meeting) -> Result<Option<TaskId>, Error> {
    let (me, name) = (work.me()?, work.standing.name.clone());
    let by = out.back_by.unwrap_or(work.now());
    let task = NewTask::of_case(VISIT_OUT, out.case_id, by).to(Some(me)).titled(name).once(once_out(out.id));
    tasks::actions::add(work, task).await
}

/// Is out for longer, as whoever is out says: they are looked for once that time has passed, and whoever looks for them already need not any more.
pub async fn stay_out(
    work: &mut Work,
    case: &Case,
    meeting: Meeting,
    (back_by, version): (Option<DateTime<Utc>>, i32),
) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    if says_back(work, case, &meeting).await? != Back::Own {
        return Err(Error::Forbidden(Act::CaseEdit.code()));
    }
    let out = longer(work, meeting, (back_by, version))?;
    store::save(work, &out).await?;
    let looks = store::who_looks(work, &out).await?;
    tell_longer(work, &out, looks).await
}

/// The same of a visit whose case they see no more: it was theirs to set out on, and so it is to say this, whatever they may do by now (S22).
pub async fn stay_out_own(work: &mut Work, own: Own, (back_by, version): (Option<DateTime<Utc>>, i32)) -> Result<(), Error> {
    let out = longer(work, own.meeting, (back_by, version))?;
    store::save_own(work, &out, None).await?;
    tell_longer(work, &out, own.looks).await
}

fn longer(work: &Work, meeting: Meeting, (back_by, version): (Option<DateTime<Utc>>, i32)) -> Result<Meeting, Error> {
    meeting.must_be(version)?;
    if !meeting.is_out() {
        return Err(Error::Conflict(Clash::Stale));
    }
    let mut errors = FieldErrors::default();
    check_back_by(back_by, work.now(), &mut errors);
    errors.or_ok()?;
    Ok(Meeting { back_by, ..meeting })
}

// Whoever looks for them hears that they need not any more, as does whoever supervises them: the first two that the fact names say of what and who.
async fn tell_longer(work: &mut Work, out: &Meeting, looks: Option<UserId>) -> Result<(), Error> {
    let looks = looks.unwrap_or(work.me()?);
    end_tasks(work, out).await?;
    let asked = ask_back(work, out).await?;
    let about = asked.into_iter().fold(About::case(out.case_id), About::with).with(looks);
    work.record(Fact::VisitProlonged, about.with(out.id).with(out.holder)).await
}

async fn end_tasks(work: &mut Work, meeting: &Meeting) -> Result<(), Error> {
    tasks::actions::done_under(work, meeting.case_id, &once_out(meeting.id)).await?;
    tasks::actions::done_under(work, meeting.case_id, &once(meeting.id)).await
}

/// Whether the actor says of themselves that they are back, or supervises whoever is out and may say so once they spoke to them.
pub async fn says_back(work: &mut Work, case: &Case, meeting: &Meeting) -> Result<Back, Error> {
    let me = work.me()?;
    if me == meeting.who_is_out() {
        return Ok(Back::Own);
    }
    let supervises = case.supervisor == Some(me) || work.may_in(Act::TaskAssign, case.unit, Some(case.id)).await.is_ok();
    Ok(if supervises { Back::Theirs } else { Back::Nobodys })
}

/// Whose word it is that somebody is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// One's own.
    Own,
    /// That of somebody who was spoken to.
    Theirs,
    /// Not the actor's.
    Nobodys,
}

/// What is said of coming back.
#[derive(Debug, Clone, Copy, Default)]
pub struct ComingBack<'a> {
    /// Not empty where somebody else spoke to whoever was out.
    pub spoke: &'a str,
    /// What happened, where it was not safe.
    pub not_safe: Option<&'a str>,
}

/// Is back, as whoever went out says, or whoever supervises and spoke to them. Nothing else ends it (S22). Where it was not safe the supervisor is asked
/// to act, also where somebody else said meanwhile that they are back.
pub async fn come_back(work: &mut Work, case: &Case, meeting: Meeting, coming: ComingBack<'_>) -> Result<(), Error> {
    work.may(Act::CaseRead)?;
    let said = says_back(work, case, &meeting).await?;
    if said == Back::Nobodys {
        return Err(Error::Forbidden(Act::TaskAssign.code()));
    }
    let Some(back) = once_back(work, meeting, said, coming)? else { return Ok(()) };
    store::save(work, &back).await?;
    tell_back(work, &back, said, coming).await?;
    if coming.not_safe.is_some() {
        tell_supervisor(work, case, &back).await?;
    }
    Ok(())
}

/// The same of a visit whose case they see no more.
pub async fn come_back_own(work: &mut Work, own: Own, coming: ComingBack<'_>) -> Result<(), Error> {
    let words = store::own_words(work, &own).await?;
    let (unit, supervisor) = (own.unit, own.supervisor);
    let meeting = Meeting { words, ..own.meeting };
    let Some(back) = once_back(work, meeting, Back::Own, coming)? else { return Ok(()) };
    store::save_own(work, &back, Some(&back.words)).await?;
    tell_back(work, &back, Back::Own, coming).await?;
    if coming.not_safe.is_some() {
        ask_supervisor(work, &back, (unit, supervisor)).await?;
    }
    Ok(())
}

// How it stands then; nothing where it was said before. What was not safe is kept whenever it is said (S22), beside what was said of it before.
fn once_back(work: &Work, meeting: Meeting, said: Back, coming: ComingBack<'_>) -> Result<Option<Meeting>, Error> {
    if !meeting.is_out() && coming.not_safe.is_none() {
        return Ok(None);
    }
    if said == Back::Theirs && coming.spoke.is_empty() {
        return Err(invalid("spoke", "speak_first"));
    }
    let before = meeting.back_not_safe();
    let not_safe = match (before, coming.not_safe.map(str::trim)) {
        (_, Some("")) => return Err(invalid("not_safe", "required")),
        (_, Some(words)) if words.chars().count() > LONGEST_TEXT => return Err(invalid("not_safe", "too_long")),
        // The same form, sent twice.
        (Some(before), Some(words)) if before == words || before.ends_with(&format!("\n{words}")) => return Ok(None),
        (Some(before), Some(words)) => Some(format!("{before}\n{words}")),
        (_, words) => words.map(str::to_owned),
    };
    if not_safe.as_ref().is_some_and(|words| words.chars().count() > LONGEST_NOT_SAFE) {
        return Err(invalid("not_safe", "too_long"));
    }
    let back_at = if meeting.is_out() { Some(work.now()) } else { meeting.back_at };
    // Who said first that they are back did so, whoever adds to it what was not safe.
    let former = meeting.words.back_said.clone().filter(|_| !meeting.is_out());
    let name = work.standing.name.clone();
    let mut back_said =
        former.unwrap_or_else(|| BackSaid { name: name.clone(), spoke: said == Back::Theirs, ..BackSaid::default() });
    back_said.not_safe = not_safe;
    if coming.not_safe.is_some() && !back_said.not_safe_by.contains(&name) {
        back_said.not_safe_by.push(name);
    }
    let words = Words { back_said: Some(back_said), ..meeting.words.clone() };
    Ok(Some(Meeting { back_at, words, ..meeting }))
}

async fn tell_back(work: &mut Work, back: &Meeting, said: Back, coming: ComingBack<'_>) -> Result<(), Error> {
    end_tasks(work, back).await?;
    let note = json!({ "spoken_to": said == Back::Theirs, "safe": coming.not_safe.is_none() });
    work.record(Fact::VisitEnded, about(back).note(note)).await
}
