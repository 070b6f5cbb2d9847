//! Reminders of a meeting to the person, and the word that one does not take place, by text message, or by mail where no text message reaches them: only
//! where they agreed to be reminded, on a telephone or at an address that they marked safe (S6), never of a restricted case, and with no word of who writes,
//! what for or where (S13). Asked when it is promised, again when it is due, and again when it leaves;
//! where a text message was promised, no mail goes in its place.
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use super::meeting::{BEFORE, Meeting, Reminder, Says};
use super::store::{self, Reminded};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::mail::PUT_OFF;
use crate::mail::words::result;
use crate::packs::Sensitivity;
use crate::people::texting::{Reach, SafeChannel, reach, reach_by_text};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::lang::Lang;
use crate::platform::outbox::{self, Carrier, May, NewMessage, Outgoing, Part, Recipient, State};
use crate::platform::text::{text, text_with, without_marks};
use crate::web::Page;
use crate::web::format::Reader;
use crate::web::parts::Choice;

/// The outbox's kind of such a message.
pub const MESSAGE: &str = "meeting_reminder";
/// The outbox's kind of the word that a meeting does not take place, to whoever agreed to be reminded of it.
pub const CALLED_OFF: &str = "meeting_called_off";

// Nobody is reminded of what has almost begun.
const AT_LEAST: TimeDelta = TimeDelta::hours(1);

/// What is promised of a meeting that begins then; refused beside the field where it can't be kept.
pub(super) async fn promised(
    work: &mut Work,
    case: &Case,
    (kind, starts_at): (&str, DateTime<Utc>),
    before: i16,
) -> Result<Reminder, Error> {
    promise(work, case, (kind, starts_at), (before, Carrier::Mail)).await
}

// `by` is the last that the person may be reached by.
async fn promise(
    work: &mut Work,
    case: &Case,
    (kind, starts_at): (&str, DateTime<Utc>),
    (before, by): (i16, Carrier),
) -> Result<Reminder, Error> {
    if !BEFORE.contains(&before) {
        return Err(invalid("remind", "not_a_choice"));
    }
    let channel = match channel_of(work, case, kind, by).await? {
        Reach::By(channel) => channel,
        Reach::Nobody(why) => return Err(invalid("remind", why)),
    };
    let at = due(&channel, (starts_at, before), work.now(), work.zone()).map_err(|why| invalid("remind", why))?;
    Ok(Reminder { before, by: channel.carrier, at, done_at: None, why: None })
}

/// The same promise for another time. A meeting is moved even where the promise can't be kept any more: then that is written down.
pub(super) async fn renewed(
    work: &mut Work,
    case: &Case,
    moved: &Meeting,
    (before, by): (i16, Carrier),
) -> Result<Reminder, Error> {
    match promise(work, case, (moved.kind.as_str(), moved.starts_at), (before, by)).await {
        Err(Error::Invalid(errors)) => {
            let (now, why) = (work.now(), errors.get("remind").map(ToOwned::to_owned));
            Ok(Reminder { before, by, at: now, done_at: Some(now), why })
        }
        answer => answer,
    }
}

async fn channel_of(work: &mut Work, case: &Case, kind: &str, by: Carrier) -> Result<Reach, Error> {
    // A conference is about the person, who may not be asked to come, or for good reasons not know of it.
    if kind == "conference" {
        return Ok(Reach::Nobody("text_conference"));
    }
    if case.sensitivity() == Sensitivity::Restricted {
        return Ok(Reach::Nobody("text_restricted"));
    }
    let people = cases::store::people(work, case.id).await?;
    if people.iter().any(|one| one.person_id == case.person_id && one.not_safe_to_involve) {
        return Ok(Reach::Nobody("text_not_involved"));
    }
    reached(work, (case.person_id, case.org), (case.sensitivity(), by)).await
}

// Of a guarded case no mail goes to an address that nobody proved by telephone (S17); mail stays where it arrives, and on every device that fetches it.
// Nor to whoever was promised a text message.
async fn reached(
    work: &mut Work,
    (person, org): (PersonId, OrgId),
    (sensitivity, by): (Sensitivity, Carrier),
) -> Result<Reach, Error> {
    match (sensitivity, by) {
        (Sensitivity::Standard, Carrier::Mail) => reach(work, person, org).await,
        _ => reach_by_text(work, person, org).await,
    }
}

// When a reminder is due: at its time, or as soon afterwards as is safe.
fn due(
    channel: &SafeChannel,
    (starts_at, before): (DateTime<Utc>, i16),
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<DateTime<Utc>, &'static str> {
    let wanted = (starts_at - TimeDelta::hours(i64::from(before))).max(now);
    let at = channel.safe_from(wanted, zone)?;
    if at + AT_LEAST <= starts_at { Ok(at) } else { Err("text_too_late") }
}

/// What a page offers: when the person may be reminded and by what, not at all among it; and why nothing else, where it is not safe.
pub(super) async fn offered(work: &mut Work, p: &Page, case: &Case, kind: &str) -> Result<(Vec<Choice>, String), Error> {
    let (by, why) = match channel_of(work, case, kind, Carrier::Mail).await? {
        Reach::By(channel) => (channel.carrier, channel.safe_from(work.now(), work.zone()).err()),
        Reach::Nobody(why) => (Carrier::Text, Some(why)),
    };
    let by = match by {
        Carrier::Text => "texting-by-text",
        Carrier::Mail => "texting-by-mail",
    };
    let mut choices = vec![Choice::new("", p.tc("texting-before", "none"))];
    if let Some(why) = why {
        return Ok((choices, p.error(why)));
    }
    let when = |hours: i16| p.ta(by, "when", p.tc("texting-before", &hours.to_string()));
    choices.extend(BEFORE.map(|hours| Choice::new(hours.to_string(), when(hours))));
    Ok((choices, String::new()))
}

/// How the last message about a meeting stands, in words; empty where the person agreed to none.
pub(super) async fn standing(work: &mut Work, p: &Page, meeting: &Meeting) -> Result<String, Error> {
    let Some(message) = meeting.called_off.as_ref().or(meeting.reminder.as_ref()) else { return Ok(String::new()) };
    let not_sent = |why: &str| p.ta("texting-not-sent", "why", result(p, Some(why), None));
    if let Some(why) = message.why.as_deref() {
        return Ok(not_sent(why));
    }
    if message.done_at.is_none() {
        let wanted = meeting.is_planned() || meeting.called_off.is_some();
        return Ok(if wanted { p.ta("texting-will-be-sent", "when", p.moment(&message.at)) } else { not_sent("not_wanted") });
    }
    let Some(delivery) = outbox::store::state_of(work, meeting.id).await? else { return Ok(p.t("texting-on-its-way")) };
    Ok(match delivery.state {
        State::Queued if delivery.result.as_deref() == Some(PUT_OFF) => p.t("texting-put-off"),
        State::Queued | State::Sending => p.t("texting-on-its-way"),
        State::Sent => p.ta("texting-sent", "when", p.moment(&delivery.sent_at.unwrap_or(delivery.posted_at))),
        State::Delivered => p.ta("texting-arrived", "when", p.moment(&delivery.settled_at.unwrap_or(delivery.posted_at))),
        // The gateway took it, and says now that it did not get it through.
        State::Bounced if delivery.sent_at.is_some() => {
            p.ta("texting-not-arrived", "why", result(p, delivery.result.as_deref(), None))
        }
        State::Bounced | State::Dropped | State::Dead => not_sent(delivery.result.as_deref().unwrap_or("other")),
    })
}

enum Verdict {
    Write(SafeChannel),
    Wait(DateTime<Utc>),
    Not(&'static str),
}

// Asked anew each time: what was safe when it was promised may not be any more.
async fn verdict(work: &mut Work, of: &Reminded, says: Says, now: DateTime<Utc>) -> Result<Verdict, Error> {
    let wanted = match says {
        Says::Reminder => of.is_planned && of.is_open,
        Says::CalledOff => of.is_called_off,
    };
    if !wanted {
        return Ok(Verdict::Not("not_wanted"));
    }
    let Some(sensitivity) = of.sensitivity.filter(|known| *known != Sensitivity::Restricted) else {
        return Ok(Verdict::Not("text_restricted"));
    };
    if of.not_safe_to_involve {
        return Ok(Verdict::Not("text_not_involved"));
    }
    let channel = match reached(work, (of.person_id, of.org), (sensitivity, of.by)).await? {
        Reach::By(channel) => channel,
        Reach::Nobody(why) => return Ok(Verdict::Not(why)),
    };
    let at = match says {
        Says::Reminder => due(&channel, (of.starts_at, of.before), now, of.zone),
        // Once they went in vain they need no message.
        Says::CalledOff => match channel.safe_from(now, of.zone) {
            Ok(at) if at >= of.starts_at => Err("text_too_late"),
            answer => answer,
        },
    };
    Ok(match at {
        Ok(at) if at <= now => Verdict::Write(channel),
        Ok(at) => Verdict::Wait(at),
        Err(why) => Verdict::Not(why),
    })
}

/// Posts what is due in the organisation this work is for; or writes down why not.
pub(super) async fn write_due(work: &mut Work) -> Result<(), Error> {
    for id in store::reminders_due(work).await? {
        write(work, id, Says::Reminder).await?;
    }
    for id in store::called_off_due(work).await? {
        write(work, id, Says::CalledOff).await?;
    }
    Ok(())
}

async fn write(work: &mut Work, id: Uuid, says: Says) -> Result<(), Error> {
    let Some(of) = store::reminded(work, id).await? else { return Ok(()) };
    let now = work.now();
    match verdict(work, &of, says, now).await? {
        Verdict::Write(channel) => {
            store::text_done(work, (id, says), now, None).await?;
            post(work, &of, says, channel).await
        }
        Verdict::Wait(at) => store::text_later(work, (id, says), at).await,
        Verdict::Not(why) => {
            store::text_done(work, (id, says), now, Some(why)).await?;
            tell(work, &of, says, Some(why)).await
        }
    }
}

/// A message of ours that did not get through: whoever keeps the case hears of it, of each message once, as is written down at the meeting.
pub(super) async fn lost(work: &mut Work, meeting: Uuid) -> Result<(), Error> {
    let Some(of) = store::reminded(work, meeting).await? else { return Ok(()) };
    let Some(last) = outbox::store::state_of(work, meeting).await? else { return Ok(()) };
    let says = match last.kind.as_str() {
        MESSAGE => Says::Reminder,
        CALLED_OFF => Says::CalledOff,
        _ => return Ok(()),
    };
    let is_lost = matches!(last.state, State::Bounced | State::Dropped | State::Dead);
    if is_lost && store::told_of_loss(work, meeting, last.id.0).await? {
        return tell(work, &of, says, last.result.as_deref()).await;
    }
    Ok(())
}

// What is not wanted any more, or waits for another time, is no loss. Whoever was promised word that a meeting does not take place, and gets none, goes in
// vain: that is told of a closed case too.
async fn tell(work: &mut Work, of: &Reminded, says: Says, why: Option<&str>) -> Result<(), Error> {
    let (fact, counts) = match says {
        Says::Reminder => (Fact::ReminderLost, of.is_planned && of.is_open),
        Says::CalledOff => (Fact::CalledOffLost, of.is_called_off && why != Some("text_died")),
    };
    if !counts || matches!(why, Some("not_wanted" | "text_moved")) {
        return Ok(());
    }
    let about = About::case(of.case_id).with(of.id).note(json!({ "result": why }));
    work.record(fact, about).await
}

async fn post(work: &mut Work, of: &Reminded, says: Says, channel: SafeChannel) -> Result<(), Error> {
    let (carrier, lang) = (channel.carrier, channel.lang.unwrap_or(of.lang));
    let kind = match says {
        Says::Reminder => MESSAGE,
        Says::CalledOff => CALLED_OFF,
    };
    let message = NewMessage {
        kind,
        org: of.org,
        carrier,
        to: Recipient { name: String::new(), address: channel.address },
        lang,
        // The same of both, and all that shows where mail is listed.
        subject: if carrier == Carrier::Mail { text(lang, "texting-mail-subject") } else { String::new() },
        text: words(of, says, (carrier, lang), work.now()),
        attach: None,
        about: Some(of.id),
        referral: None,
        // That it is posted once is written at the meeting, in this same work.
        once: format!("{kind}:{}", Uuid::now_v7()),
    };
    work.post(message).await.map(|_| ())
}

// The day and the hour, and that it is off; of a guarded case nothing else at all.
fn words(of: &Reminded, says: Says, (carrier, lang): (Carrier, Lang), now: DateTime<Utc>) -> String {
    let reader = Reader { lang, arabic_digits: false, zone: of.zone, now, years: false };
    let key = match (says, of.sensitivity == Some(Sensitivity::Standard)) {
        (Says::Reminder, true) => "texting-meeting",
        (Says::Reminder, false) => "texting-meeting-guarded",
        (Says::CalledOff, true) => "texting-called-off",
        (Says::CalledOff, false) => "texting-called-off-guarded",
    };
    // Marks of direction count as signs of a text message, and show as boxes on old telephones.
    let said = without_marks(&text_with(lang, key, &[("when", reader.moment(of.starts_at).into())]));
    match carrier {
        Carrier::Text => said,
        // Mail is easily answered, and these answers would be read by nobody.
        Carrier::Mail => format!("{said}\n\n{}\n", text(lang, "texting-mail-no-answers")),
    }
}

/// Whether a message may still go. One that was posted for another time, or to a telephone or an address that is no longer the safe one, may not.
pub async fn may_send(work: &mut Work, message: &Outgoing) -> Result<May, Error> {
    let Some(of) = store::reminded(work, message.about.unwrap_or_default()).await? else { return Ok(May::Drop("not_wanted")) };
    let (says, done) = if message.kind == CALLED_OFF { (Says::CalledOff, of.told_off_at) } else { (Says::Reminder, of.done_at) };
    if done.is_none_or(|done| message.posted_at < done) {
        return Ok(May::Drop("text_moved"));
    }
    let now = work.now();
    Ok(match verdict(work, &of, says, now).await? {
        Verdict::Write(channel) if channel.address == message.to.address => {
            May::Send(vec![Part::Text(words(&of, says, (channel.carrier, message.lang), now))])
        }
        Verdict::Write(_) => May::Drop("contact_changed"),
        // The gateway or the mail server was away, or the hours are others by now: what can still come in time comes at the next safe hour (S6).
        Verdict::Wait(at) => May::Later(at),
        Verdict::Not(why) => May::Drop(why),
    })
}
