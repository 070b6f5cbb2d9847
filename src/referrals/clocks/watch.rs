//! A referral's clocks in the real world: the pack's deadlines, both organisations' calendars, and the tasks they make.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use serde_json::json;
use uuid::Uuid;

use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, UserId};
use crate::referrals::deadlines::{Clocks, Watch};
use crate::referrals::next::{self, Awaited, NextMove};
use crate::referrals::referral::State;
use crate::referrals::row::{Deadline, Referral};
use crate::referrals::words::{Pace, Side, Status, Step};
use crate::tasks::calendar::Calendar;
use crate::tasks::clock;

/// The clocks and calendars of one referral.
#[derive(Clone, Debug)]
pub struct Clockwork {
    clocks: Clocks,
    from: Calendar,
    to: Calendar,
    /// How long the receiver still sees the packet after the end.
    pub packet_after_end: packs::Period,
    /// After which a step typed later needs a reason.
    pub late_entry: packs::Period,
}

impl Clockwork {
    /// For a referral between these organisations, by the pack of its case type.
    pub async fn of(work: &mut Work, referral: &Referral) -> Result<Clockwork, Error> {
        let pack = pack_of(work, referral.case_type).await?;
        let from = calendar(work, referral.from.org).await?;
        let to = match referral.to.org {
            Some(org) if org != referral.from.org => calendar(work, org).await?,
            _ => from.clone(),
        };
        Ok(Self::new(pack.as_deref(), from, to))
    }

    /// By this pack's deadlines, between sides with these calendars.
    pub fn new(pack: Option<&Pack>, from: Calendar, to: Calendar) -> Clockwork {
        let deadlines = pack.map(|pack| &pack.deadlines);
        let mut clocks = deadlines.map(Clocks::from).unwrap_or_default();
        for priority in pack.into_iter().flat_map(|pack| &pack.priorities) {
            match priority.code.as_str() {
                "emergency" => clocks.emergency = priority.due,
                "urgent" => clocks.urgent = priority.due,
                "normal" => clocks.normal = priority.due,
                _ => {}
            }
        }
        Clockwork {
            clocks,
            from,
            to,
            packet_after_end: deadlines.map_or(packs::Period::Days(30), |known| known.packet_after_end),
            late_entry: deadlines.map_or(packs::Period::Hours(24), |known| known.late_entry),
        }
    }

    /// As the rules take it.
    pub fn watch(&self) -> Watch<'_> {
        Watch { clocks: &self.clocks, from: &self.from, to: &self.to }
    }

    /// When something that starts now on the receiving side is due.
    pub fn due(&self, period: packs::Period, start: DateTime<Utc>) -> DateTime<Utc> {
        clock::due(period, start, &self.to)
    }

    /// The referral's deadlines in this state.
    pub fn deadline(&self, state: &State, now: DateTime<Utc>) -> Deadline {
        let watch = self.watch();
        let next = next::next_move(state, &watch, now);
        let urgently = state.terms.pace == Pace::SameDay;
        let (acknowledge, decide) = match urgently {
            true => (self.clocks.acknowledge_urgently, self.clocks.decide_urgently),
            false => (self.clocks.acknowledge, self.clocks.decide),
        };
        let from_sending = |period| state.times.sent.map(|sent| clock::due(period, sent, &self.to));
        let all = next::all_moves(state, &watch, now);
        let asks = all.iter().find(|wait| wait.what == Awaited::AskPerson);
        Deadline {
            acknowledge_by: from_sending(acknowledge),
            decide_by: from_sending(decide),
            follow_up_at: asks.and_then(|wait| wait.due),
            next_due_at: next.due,
            next_side: next.side.filter(|side| *side != Side::System),
        }
    }
}

/// The newest pack that declares a case type; for none, the first pack there is.
pub async fn pack_of(work: &mut Work, case_type: i16) -> Result<Option<std::sync::Arc<Pack>>, Error> {
    if case_type != 0 {
        return packs::store::of_case_type(work, case_type).await.map(|(_, pack)| Some(pack));
    }
    Ok(packs::store::newest(work).await?.into_iter().next().map(|(_, pack)| pack))
}

// A step asks for the same two organisations several times: a work reads each once.
async fn calendar(work: &mut Work, org: OrgId) -> Result<Calendar, Error> {
    let kept = format!("calendar {org}");
    if let Some(calendar) = work.has_read::<Calendar>(&kept) {
        return Ok(Calendar::clone(&calendar));
    }
    let row =
        sqlx::query!("select time_zone, weekend, holidays from organisations where id = $1", org).fetch_one(work.db()).await?;
    let zone = row.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let day = |number: &i32| u8::try_from(number - 1).ok().and_then(|day| Weekday::try_from(day).ok());
    let weekend: Vec<Weekday> = row.weekend.iter().filter_map(day).collect();
    let holidays: Vec<NaiveDate> = row.holidays;
    // A week without a working day would stop every clock, so it counts as one without rest.
    let calendar = Calendar::new(zone, &weekend, holidays)
        .or_else(|_| Calendar::new(zone, &[], []))
        .map_err(|_| anyhow::anyhow!("no working day"))?;
    Ok(Calendar::clone(&work.keep_read(kept, std::sync::Arc::new(calendar))))
}

/// Keeps the referral's deadlines, and a task for whoever's move it is on either side.
pub async fn keep(work: &mut Work, referral: &Referral, clockwork: &Clockwork) -> Result<(), Error> {
    let now = work.now();
    let deadline = clockwork.deadline(&referral.state, now);
    sqlx::query!(
        "update referrals set acknowledge_by = $2, decide_by = $3, follow_up_at = $4, next_due_at = $5, next_side = $6 where id = $1",
        referral.id.0,
        deadline.acknowledge_by,
        deadline.decide_by,
        deadline.follow_up_at,
        deadline.next_due_at,
        deadline.next_side.map(|side| side.code())
    )
    .execute(work.db())
    .await?;
    give_turns(work, referral, clockwork).await
}

/// Keeps a task for whoever's move it is on either side.
pub async fn give_turns(work: &mut Work, referral: &Referral, clockwork: &Clockwork) -> Result<(), Error> {
    let now = work.now();
    let holders = Holders {
        referral: referral.id.0,
        author: referral.author,
        manager: referral.from.manager,
        supervisor: referral.from.supervisor,
        assignee: referral.to.assignee,
    };
    let tasks: Vec<_> = clockwork.turns(&referral.state, &holders, now).into_iter().map(Turn::into_json).collect();
    sqlx::query!("select access.set_awaited($1, $2)", referral.id.0, json!(tasks)).fetch_one(work.db()).await?;
    Ok(())
}

/// Who holds a referral on either side.
#[derive(Clone, Copy, Debug)]
pub struct Holders {
    /// Which referral.
    pub referral: Uuid,
    /// Who wrote it.
    pub author: UserId,
    /// Who keeps its case.
    pub manager: Option<UserId>,
    /// Who supervises its case, where somebody is named.
    pub supervisor: Option<UserId>,
    /// Who holds it at the receiver's.
    pub assignee: Option<UserId>,
}

/// The task of whoever's move it is.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What kind of task.
    pub kind: String,
    /// Whose side.
    pub side: Side,
    /// Given to whom, if to somebody.
    pub assignee: Option<UserId>,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// When they are reminded.
    pub remind_at: Option<DateTime<Utc>>,
    /// The key under which there is one only.
    pub once: String,
}

impl Turn {
    fn into_json(self) -> serde_json::Value {
        json!({ "id": Uuid::now_v7(), "kind": self.kind, "side": self.side.code(), "assignee": self.assignee, "due_at": self.due_at,
            "remind_at": self.remind_at, "once": self.once })
    }
}

impl Clockwork {
    /// Whose move it is in this state, on both sides.
    pub fn turns(&self, state: &State, holders: &Holders, now: DateTime<Utc>) -> Vec<Turn> {
        let waits = next::all_moves(state, &self.watch(), now).into_iter().filter(|wait| is_a_task(state, wait.what));
        waits.filter_map(|wait| self.turn(holders, &wait, now)).collect()
    }

    fn turn(&self, holders: &Holders, wait: &NextMove, now: DateTime<Utc>) -> Option<Turn> {
        let side = wait.side?;
        // What a colleague looked at goes on the same working day: the person waits for it.
        let back = matches!(wait.what, Awaited::FinishDraft | Awaited::SendApproved);
        let period = if back { packs::Period::WorkingDays(0) } else { self.clocks.later_review };
        let due_at = wait.due.unwrap_or_else(|| clock::due(period, wait.since.unwrap_or(now), &self.from));
        let assignee = match (side, wait.what) {
            (Side::To, _) => holders.assignee,
            (_, Awaited::Review | Awaited::ReviewEmergency) => holders.supervisor.filter(|user| *user != holders.author),
            (_, Awaited::FinishDraft | Awaited::SendApproved) => Some(holders.author),
            _ => holders.manager.or(Some(holders.author)),
        };
        Some(Turn {
            kind: format!("referral_{}", wait.what.code()),
            side,
            assignee,
            due_at,
            remind_at: wait.alarms(&self.watch()).map(|alarms| alarms.remind_at),
            once: format!("awaited:{}:{}:{}", holders.referral, side.code(), wait.what.code()),
        })
    }
}

// A draft that its author writes is on their list of drafts and no task; one that a colleague returned or approved is.
fn is_a_task(state: &State, what: Awaited) -> bool {
    match what {
        Awaited::Nothing => false,
        Awaited::FinishDraft => state.step == Step::Returned,
        _ => true,
    }
}

/// Whether the receiver still sees the packet of a referral in this status.
pub fn is_over(status: Status) -> bool {
    status.is_answered() || status == Status::EnteredInError
}
