//! One message's turn: may it go, what does it say, hand it over, write down how it ended.
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::store::{self, End, Taken};
use super::{Ask, PUT_OFF};
use crate::audit::{About, Fact};
use crate::config::Numbering;
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::ReferralId;
use crate::platform::mail::{Failure, FailureKind, Letter, Written};
use crate::platform::outbox::store::{self as outbox, Sealed};
use crate::platform::outbox::{Carrier, May, Outgoing, Part, State};
use crate::platform::sms::ShortMessage;

/// Messages are given up two days after their first try.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(48);
const FIRST_PAUSE: i64 = 60;
const LONGEST_PAUSE: i64 = 4 * 60 * 60;
/// While the server itself is away, the sender pauses; its messages stay next in line.
const SERVER_PAUSE: i64 = 20;
/// Whoever waited so long for the window goes without: one slow server must not hold up all others.
const WINDOW_WAIT: Duration = Duration::from_secs(5);

/// Open to one handing over at a time, from the message's last byte to its mark: what a crash can repeat.
pub(super) type Window = Arc<Mutex<()>>;

/// How a turn ended, for whoever paces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The message got its end, whichever.
    Done,
    /// Its mail domain wants to be left alone for a while.
    Slower,
    /// The server is away.
    ServerAway,
}

/// Gives a taken message its turn.
pub(super) async fn give(ground: &Arc<Ground>, ask: Ask, window: &Window, message: &Taken) -> Outcome {
    let written = match Box::pin(prepare(ground, ask, message)).await {
        Ok(Ready::Mail(written)) => written,
        Ok(Ready::Text(written)) => return by_text(ground, message, &written).await,
        Ok(Ready::Gone) => return Outcome::Done,
        Ok(Ready::Unfit(failure)) => return fail(ground, message, failure).await,
        Err(error) => {
            tracing::warn!(message = %message.id, ?error, "A message could not be made ready; it is tried again.");
            return fail(ground, message, Failure { kind: FailureKind::Later, result: "not_ready", reply: None }).await;
        }
    };
    let channel = &ground.mail.channel;
    let offered = match channel.offer(&written).await {
        Ok(offered) => offered,
        Err(failure) => return fail(ground, message, failure).await,
    };
    let alone = timeout(WINDOW_WAIT, window.lock()).await;
    let handed = channel.hand_over(offered, &written).await;
    let outcome = match handed {
        Ok(()) => sent(ground, message).await,
        Err(failure) => fail(ground, message, failure).await,
    };
    drop(alone);
    outcome
}

// A gateway tells by its id what it has already, so that nothing is repeated where several are handed over at once.
async fn by_text(ground: &Arc<Ground>, message: &Taken, written: &ShortMessage) -> Outcome {
    match Box::pin(ground.sms.channel.hand_over(written)).await {
        Ok(()) => sent(ground, message).await,
        Err(failure) => fail(ground, message, failure).await,
    }
}

async fn sent(ground: &Arc<Ground>, message: &Taken) -> Outcome {
    let end = End { state: State::Sent, result: "accepted".into(), reply: None, due_at: None, failed: false, put_off: false };
    mark(ground, message, &end).await;
    Outcome::Done
}

enum Ready {
    Mail(Written),
    Text(ShortMessage),
    Unfit(Failure),
    Gone,
}

// Asks the owning room and opens what was sealed. The transaction ends before anything slow begins.
async fn prepare(ground: &Arc<Ground>, ask: Ask, message: &Taken) -> Result<Ready, Error> {
    let mut work = Work::open(ground, Actor::System { job: "mail", org: Some(message.org) }).await?;
    let sealed = match outbox::open(&mut work, message.id, message.body.as_deref()).await {
        Ok(sealed) => sealed,
        // Its key is destroyed: what it said is gone for good.
        Err(Error::NotFound) => {
            drop_it(&mut work, message, "forgotten").await?;
            work.commit().await?;
            return Ok(Ready::Gone);
        }
        Err(error) => return Err(error),
    };
    let outgoing = Outgoing {
        id: message.id,
        kind: message.kind.clone(),
        org: message.org,
        lang: message.lang.parse().unwrap_or_default(),
        about: message.about,
        referral: message.referral_id.map(ReferralId),
        to: sealed.to.clone(),
        attach: sealed.attach,
        posted_at: message.posted_at,
    };
    let parts = match ask(&mut work, &outgoing).await? {
        May::Send(parts) => parts,
        May::Drop(reason) => {
            drop_it(&mut work, message, reason).await?;
            work.commit().await?;
            return Ok(Ready::Gone);
        }
        May::Later(at) => {
            put_off(&mut work, message, at).await?;
            work.commit().await?;
            return Ok(Ready::Gone);
        }
    };
    if message.carrier == Carrier::Text.code() {
        work.commit().await?;
        return Ok(short(message, &sealed, parts, &ground.sms.numbering).map_or_else(Ready::Unfit, Ready::Text));
    }
    let sender = store::sender_name(&mut work, message).await?;
    work.commit().await?;
    let mut letter = Letter {
        public_id: message.public_id,
        sender: sender.as_deref(),
        to: &sealed.to.address,
        lang: outgoing.lang,
        subject: &sealed.subject,
        text: sealed.text.clone(),
        files: Vec::new(),
        at: message.posted_at,
    };
    for part in parts {
        match part {
            Part::Text(text) => letter.text = text,
            Part::File { name, media_type, bytes } => letter.files.push((name, media_type, bytes)),
        }
    }
    Ok(ground.mail.write(letter).map_or_else(Ready::Unfit, Ready::Mail))
}

// A text message is its words alone.
fn short(message: &Taken, sealed: &Sealed, parts: Vec<Part>, numbering: &Numbering) -> Result<ShortMessage, Failure> {
    let fresh = parts.into_iter().find_map(|part| if let Part::Text(text) = part { Some(text) } else { None });
    ShortMessage::of(message.public_id, &sealed.to.address, &fresh.unwrap_or_else(|| sealed.text.clone()), numbering)
}

async fn drop_it(work: &mut Work, message: &Taken, reason: &str) -> Result<(), Error> {
    let end = End { state: State::Dropped, result: reason.to_owned(), reply: None, due_at: None, failed: false, put_off: false };
    write_end(work, message, &end).await
}

// No try failed: the room that owns it wants it to wait.
async fn put_off(work: &mut Work, message: &Taken, until: DateTime<Utc>) -> Result<(), Error> {
    let end =
        End { state: State::Queued, result: PUT_OFF.to_owned(), reply: None, due_at: Some(until), failed: false, put_off: true };
    write_end(work, message, &end).await
}

async fn fail(ground: &Arc<Ground>, message: &Taken, failure: Failure) -> Outcome {
    let end = end_of(message, failure, ground.clock.now());
    tracing::info!(message = %message.id, result = failure.result, reply = failure.reply, state = end.state.code(), "A message did not get through.");
    mark(ground, message, &end).await;
    match failure.kind {
        FailureKind::Server => Outcome::ServerAway,
        FailureKind::Later => Outcome::Slower,
        FailureKind::Never => Outcome::Done,
    }
}

fn end_of(message: &Taken, failure: Failure, now: DateTime<Utc>) -> End {
    let over = now - message.first_try_at >= GIVE_UP_AFTER;
    let (state, pause, failed) = match failure.kind {
        FailureKind::Never => (State::Bounced, None, true),
        _ if over => (State::Dead, None, true),
        FailureKind::Server => (State::Queued, Some(TimeDelta::seconds(SERVER_PAUSE)), false),
        FailureKind::Later => (State::Queued, Some(pause(message.failures)), true),
    };
    End {
        state,
        result: failure.result.to_owned(),
        reply: failure.reply,
        due_at: pause.map(|pause| now + pause),
        failed,
        put_off: false,
    }
}

// One minute, doubled with every failure up to four hours, a tenth more or less so that what failed together does not come together.
fn pause(failures: i32) -> TimeDelta {
    let doubled = FIRST_PAUSE << failures.clamp(0, 8);
    let seconds = doubled.min(LONGEST_PAUSE);
    TimeDelta::seconds(seconds + rand::rng().random_range(-seconds / 10..=seconds / 10))
}

// The end must be written down, or the message goes out again: tried until the database answers, as long as the lease is held.
async fn mark(ground: &Arc<Ground>, message: &Taken, end: &End) {
    for again in 0..5 {
        match try_to_mark(ground, message, end).await {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(message = %message.id, ?error, "How a message ended could not be written down yet.");
                tokio::time::sleep(Duration::from_millis(200 << again)).await;
            }
        }
    }
    tracing::error!(message = %message.id, state = end.state.code(), "How a message ended could not be written down; it may be sent again.");
}

async fn try_to_mark(ground: &Arc<Ground>, message: &Taken, end: &End) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "mail", org: Some(message.org) }).await?;
    write_end(&mut work, message, end).await?;
    work.commit().await
}

async fn write_end(work: &mut Work, message: &Taken, end: &End) -> Result<(), Error> {
    if !store::end(work, message, end).await? {
        return Ok(());
    }
    let fact = match end.state {
        State::Sent => Fact::MessageSent,
        State::Bounced => Fact::MessageBounced,
        State::Dropped => Fact::MessageDropped,
        State::Dead => Fact::MessageDead,
        _ => return Ok(()),
    };
    let about = About {
        referral_id: message.referral_id.map(ReferralId),
        subjects: message.about.into_iter().chain([message.id.0]).collect(),
        note: json!({ "kind": message.kind, "result": end.result }),
        ..About::default()
    };
    work.record(fact, about).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_four_hours_and_two_days_see_some_twenty_tries() {
        let mut at = 0;
        let mut tries = 0;
        while at < GIVE_UP_AFTER.num_seconds() {
            let pause = pause(tries).num_seconds();
            assert!((54..=LONGEST_PAUSE * 11 / 10).contains(&pause));
            at += pause;
            tries += 1;
        }
        assert!((15..25).contains(&tries), "{tries}");
    }
}
