//! The job that looks at an organisation's referrals every minute and rings their deadlines, and the one that tells people.
//!
//! Each referral is looked at by its sender's organisation alone, so that both sides hear the same thing once. A ring's id is made from
//! the deadline it belongs to: a second one finds its line in the movement log and stays silent, also when two workers race.
use serde_json::{Value, json};
use uuid::Uuid;

use super::Ring;
use super::store;
use super::watch::{self, Clockwork};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ReferralId};
use crate::platform::jobs::{Job, RecordedFact};
use crate::referrals::clocks;
use crate::referrals::deadlines::Watch;
use crate::referrals::next::{self, NextMove};
use crate::referrals::row::Referral;

/// The job that looks at the referrals of one organisation.
pub const LOOK: &str = "referral_clocks";
/// The job that tells one organisation's people of a ring.
pub const TELL: &str = "referral_ring";

// One look stays well below the time a job is held.
const MOST: i64 = 200;

/// The jobs that a ring wakes: one for each side that hears of it.
pub fn of_fact(fact: &RecordedFact) -> Vec<Job> {
    let Some(ring) =
        [Fact::ReferralReminder, Fact::ReferralDue, Fact::ReferralEscalated].into_iter().find(|ring| ring.code() == fact.kind)
    else {
        return Vec::new();
    };
    let tell = |org: &OrgId| {
        let body =
            json!({ "fact": fact.id, "ring": ring.code(), "referral": fact.referral_id, "sender_only": fact.kept_from_receiver });
        Job::new(TELL, Some(*org), body).once(format!("{TELL}:{}:{org}", fact.id))
    };
    fact.orgs.iter().map(tell).collect()
}

/// Looks at every referral of the job's organisation whose time has come.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    let org = work.org().ok_or_else(|| anyhow::anyhow!("the clocks run for one organisation at a time"))?;
    let due = store::due(work, org, MOST).await?;
    let more = due.len() as i64 == MOST;
    for referral in crate::referrals::store::load(work, &due).await? {
        // One that can't be read or saved must not hold up the others: its own steps are undone, and the next minute tries it again.
        let before = work.savepoint().await?;
        match strike(work, &referral).await {
            Ok(()) => work.keep(before).await?,
            Err(error) => {
                tracing::error!(referral = %referral.id, ?error, "The clocks of a referral could not be wound.");
                work.undo(before).await?;
            }
        }
    }
    if more {
        work.enqueue(Job::new(LOOK, Some(org), json!({}))).await?;
    }
    Ok(())
}

async fn strike(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    let now = work.now();
    let clockwork = Clockwork::of(work, referral).await?;
    let clocks = clocks::paced(clockwork.watch().clocks, referral.state.terms.pace);
    let watch = Watch { clocks: &clocks, ..clockwork.watch() };
    let waits = next::all_moves(&referral.state, &watch, now);
    let mut rang = Vec::new();
    for wait in &waits {
        for ring in clocks::ringing(wait, &watch, now) {
            if ring_once(work, referral, wait, ring).await? {
                rang.push(ring);
            }
        }
    }
    store::look_at(work, referral.id, clocks::looks_next(&waits, &watch, now), &rang).await?;
    // An appointment that is past asks for something else without anybody having moved.
    watch::keep(work, referral, &clockwork).await
}

async fn ring_once(work: &mut Work, referral: &Referral, wait: &NextMove, ring: Ring) -> Result<bool, Error> {
    let deadline = format!("{}:{}:{}", ring.code(), wait.what.code(), wait.due.map_or(0, |due| due.timestamp()));
    let id = Uuid::new_v5(&referral.id.0, deadline.as_bytes());
    if !store::log(work, id, referral, wait.what, ring).await? {
        return Ok(false);
    }
    let fact = match ring {
        Ring::Reminder => Fact::ReferralReminder,
        Ring::Due => Fact::ReferralDue,
        Ring::Escalated => Fact::ReferralEscalated,
    };
    let about = About::referral(referral.id).note(json!({ "awaited": wait.what.code() }));
    let about = if clocks::is_the_senders_own(wait.what) {
        about.between([referral.from.org]).kept_from_receiver()
    } else {
        about.between(referral.orgs())
    };
    work.record(fact, about).await?;
    Ok(true)
}

/// Tells the people of the job's organisation: who works on the referral, or for an escalation their supervisors.
pub async fn tell(work: &mut Work, body: &Value) -> Result<(), Error> {
    let org = work.org().ok_or_else(|| anyhow::anyhow!("a ring is told in one organisation at a time"))?;
    let read = |key: &str| body.get(key).and_then(Value::as_str);
    let (Some(fact), Some(ring), Some(id)) =
        (read("fact"), read("ring"), read("referral").and_then(|id| id.parse::<ReferralId>().ok()))
    else {
        return Err(anyhow::anyhow!("a ring names its fact and referral").into());
    };
    let referral = crate::referrals::store::find(work, id).await?;
    let up = ring == Fact::ReferralEscalated.code();
    let mut told = Vec::new();
    if referral.from.org == org {
        told.extend(if up { store::supervisors_from(work, &referral).await? } else { store::workers_from(&referral) });
    }
    // A deadline of the sender's own is not the receiver's to hear of (S7), be they colleagues.
    let sender_only = body.get("sender_only").and_then(Value::as_bool).unwrap_or_default();
    if referral.to.org == Some(org) && !sender_only {
        told.extend(if up { store::supervisors_to(work, &referral).await? } else { store::workers_to(work, &referral).await? });
    }
    told.sort_unstable();
    told.dedup();
    for user in told {
        store::notify(work, user, org, ring, id, format!("{fact}:{user}")).await?;
    }
    Ok(())
}
