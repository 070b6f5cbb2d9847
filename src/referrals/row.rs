//! The stored referral: the pure state, and beside it what the rules don't ask.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::referral::{Closing, State, Terms, Times};
use super::words::{Approval, DisputeSharing, Priority, Sharing, Side, Status};
use crate::audit::About;
use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::platform::ids::{CaseId, OrgId, ReferralId, ServiceId, UnitId, UserId};

/// A referral as it is kept.
#[derive(Clone, Debug)]
pub struct Referral {
    /// Its id inside the house.
    pub id: ReferralId,
    /// The id that leaves the house.
    pub public_id: Uuid,
    /// The code that people read.
    pub code: String,
    /// What the rules know of it.
    pub state: State,
    /// Counts the changes; a write names the one it saw.
    pub version: i32,
    /// The case it was written from, if from one.
    pub case_id: Option<CaseId>,
    /// The case's type, which decides who sees it; 0 without a case.
    pub case_type: i16,
    /// The child record it was started from.
    pub started_from: Option<Uuid>,
    /// The sending side.
    pub from: From,
    /// The receiving side.
    pub to: To,
    /// What is asked for.
    pub wanted: Wanted,
    /// What was agreed about safety.
    pub care: Care,
    /// Who wrote it.
    pub author: UserId,
    /// Everybody who wrote a part of it.
    pub hands: Vec<Uuid>,
    /// Who approved it.
    pub reviewer: Option<UserId>,
    /// The referral that it follows after a decline or a wrong ending.
    pub instead_of: Option<ReferralId>,
    /// The referral that it answers with an onward one.
    pub counter_to: Option<ReferralId>,
    /// Its deadlines.
    pub clocks: Deadline,
    /// How it ended.
    pub ending: Ending,
    /// The form as it was left, sealed; none once it is sent.
    pub draft: Option<Vec<u8>>,
}

/// The side that refers.
#[derive(Clone, Debug)]
pub struct From {
    /// Its organisation.
    pub org: OrgId,
    /// Its unit.
    pub unit: UnitId,
    /// The case manager.
    pub manager: Option<UserId>,
    /// The named supervisor.
    pub supervisor: Option<UserId>,
}

/// The side that is asked.
#[derive(Clone, Debug)]
pub struct To {
    /// Its organisation, if it works in this system.
    pub org: Option<OrgId>,
    /// The unit whose inbox receives it.
    pub unit: Option<UnitId>,
    /// Who holds it there.
    pub assignee: Option<UserId>,
    /// The name of an organisation that does not work in this system.
    pub name: String,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The need's code.
    pub need: String,
    /// The service, where one was chosen.
    pub service_id: Option<ServiceId>,
    /// Its name when it was chosen: what was sent, and what is put on paper.
    pub service_name: String,
    /// Its name in the reader's language, as far as it has one that they see; what pages show.
    pub service_called: String,
    /// Roughly where, never an address.
    pub area: String,
    /// Why, sealed with the referral's key.
    pub reason: Option<Vec<u8>>,
}

/// What was asked about safety before it was sent.
#[derive(Clone, Debug)]
pub struct Care {
    /// Whether it is safe for the person.
    pub for_person: Option<bool>,
    /// Whether it is safe for the worker.
    pub for_worker: Option<bool>,
    /// Nobody goes there alone; no reason is given (S22).
    pub dont_go_alone: bool,
    /// What is done where it is not safe, sealed.
    pub precaution: Option<Vec<u8>>,
    /// Who goes with a child (S5).
    pub accompaniment: Option<String>,
    /// Why no adult goes.
    pub accompaniment_reason: String,
    /// How an emergency reaches the person safely.
    pub safe_contact: String,
    /// On what ground an emergency was sent.
    pub emergency_basis: Option<String>,
}

/// The clocks of a referral, kept with each move.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deadline {
    /// To acknowledge.
    pub acknowledge_by: Option<DateTime<Utc>>,
    /// To accept or decline.
    pub decide_by: Option<DateTime<Utc>>,
    /// To ask the person.
    pub follow_up_at: Option<DateTime<Utc>>,
    /// Whichever strikes next.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Whose move that is.
    pub next_side: Option<Side>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Ending {
    /// `given`, or the coded reason why not.
    pub outcome: Option<String>,
    /// What was given, sealed.
    pub outcome_note: Option<Vec<u8>>,
    /// How much or how often.
    pub outcome_amount: String,
    /// When cash was paid, and whether the payee confirmed it.
    pub paid: Option<(NaiveDate, bool)>,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether the person has new needs.
    pub new_needs: Option<bool>,
    /// When a place is expected.
    pub expected_on: Option<NaiveDate>,
    /// The place on the waiting list.
    pub waitlist_position: Option<i32>,
    /// The case that the receiver opened for it.
    pub opened_case: Option<CaseId>,
}

impl Referral {
    /// Whether this side may know what is due next. What the sender still owes the person after the answer is its own, for its date would tell
    /// a dispute from silence (S7), and so is what the sender decides once sharing has ended (S4).
    pub fn tells_due(&self, side: Side) -> bool {
        let running = !self.state.status.is_answered() && self.state.sharing == Sharing::Open;
        side == Side::From || running || self.clocks.next_side == Some(Side::To)
    }

    /// Whether this user wrote a part of it.
    pub fn is_by(&self, user: UserId) -> bool {
        self.author == user || self.hands.contains(&user.0)
    }

    /// Whether the receiver may see names: standard types always, the others once it has accepted (S13).
    pub fn names_shown_to(&self, side: Side) -> bool {
        match (side, self.state.terms.sensitivity) {
            (_, Sensitivity::Restricted) => false,
            (Side::To, Sensitivity::Protected) => self.state.times.decided.is_some() && self.state.status != Status::Rejected,
            _ => true,
        }
    }

    /// What its facts name: itself and its case.
    pub fn about(&self) -> About {
        About { case_id: self.case_id, ..About::referral(self.id) }
    }

    /// The same of what is the sender's alone: it reaches no other organisation.
    pub fn about_for_sender(&self) -> About {
        self.about().between([self.from.org])
    }

    /// Both organisations, for facts.
    pub fn orgs(&self) -> Vec<OrgId> {
        let mut orgs = vec![self.from.org];
        orgs.extend(self.to.org.filter(|org| *org != self.from.org));
        orgs
    }
}

/// One row as the database gives it.
pub(super) struct Row {
    pub id: Uuid,
    pub public_id: Uuid,
    pub code: String,
    pub kind: String,
    pub case_id: Option<Uuid>,
    pub case_type: i16,
    pub sensitivity: String,
    pub started_from: Option<Uuid>,
    pub from_org: i32,
    pub from_unit: i32,
    pub from_manager: Option<Uuid>,
    pub from_supervisor: Option<Uuid>,
    pub to_org: Option<i32>,
    pub to_unit: Option<i32>,
    pub to_assignee: Option<Uuid>,
    pub to_name: String,
    pub service_id: Option<Uuid>,
    pub service_name: String,
    pub service_called: String,
    pub need: String,
    pub area: String,
    pub priority: String,
    pub status: String,
    pub step: String,
    pub r#loop: String,
    pub author: Uuid,
    pub hands: Vec<Uuid>,
    pub reviewer: Option<Uuid>,
    pub needs_review: bool,
    pub reason: Option<Vec<u8>>,
    pub confirm_way: Option<String>,
    pub confirm_tries: i32,
    pub tell_provider_disputed: bool,
    pub safe_for_person: Option<bool>,
    pub safe_for_worker: Option<bool>,
    pub dont_go_alone: bool,
    pub precaution: Option<Vec<u8>>,
    pub accompaniment: Option<String>,
    pub accompaniment_reason: String,
    pub safe_contact: String,
    pub emergency_basis: Option<String>,
    pub instead_of: Option<Uuid>,
    pub counter_to: Option<Uuid>,
    pub requested_at: Option<DateTime<Utc>>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub loop_closed_at: Option<DateTime<Utc>>,
    pub acknowledge_by: Option<DateTime<Utc>>,
    pub decide_by: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub follow_up_at: Option<DateTime<Utc>>,
    pub next_due_at: Option<DateTime<Utc>>,
    pub next_side: Option<String>,
    pub expected_on: Option<NaiveDate>,
    pub waitlist_position: Option<i32>,
    pub appointment_at: Option<DateTime<Utc>>,
    pub cancellation_asked_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
    pub outcome_note: Option<Vec<u8>>,
    pub outcome_amount: String,
    pub paid_on: Option<NaiveDate>,
    pub paid_confirmed: Option<bool>,
    pub satisfied: Option<bool>,
    pub new_needs: Option<bool>,
    pub opened_case: Option<Uuid>,
    pub pace: String,
    pub served: String,
    pub tries_allowed: i16,
    pub sharing: String,
    pub later_review: String,
    pub sequel: String,
    pub deletion_asked_at: Option<DateTime<Utc>>,
    pub last_moved_at: Option<DateTime<Utc>>,
    pub copy_lost_at: Option<DateTime<Utc>>,
    pub deletion_mailed_at: Option<DateTime<Utc>>,
    pub deletion_by_hand_at: Option<DateTime<Utc>>,
    pub draft: Option<Vec<u8>>,
    pub version: i32,
}

/// Reads a stored code; one that is not in its list is a defect of ours.
pub(super) fn word<T: std::str::FromStr>(code: &str) -> Result<T, Error> {
    code.parse().map_err(|_| Error::Broken(anyhow::anyhow!("the code {code:?} is in no list")))
}

impl Row {
    fn state(&self) -> Result<State, Error> {
        let sharing = if self.tell_provider_disputed { DisputeSharing::Agreed } else { DisputeSharing::KeptFromProvider };
        let terms = Terms {
            kind: word(&self.kind)?,
            priority: word::<Priority>(&self.priority)?,
            pace: word(&self.pace)?,
            sensitivity: Sensitivity::parse(&self.sensitivity).unwrap_or(Sensitivity::Restricted),
            approval: if self.needs_review { Approval::Needed } else { Approval::NotNeeded },
            served: word(&self.served)?,
            follow_up: self.confirm_way.as_deref().map(word).transpose()?,
            dispute_sharing: sharing,
            due_at: self.due_at,
            tries_allowed: u8::try_from(self.tries_allowed).unwrap_or(u8::MAX),
        };
        let tries = u8::try_from(self.confirm_tries).unwrap_or(u8::MAX);
        Ok(State {
            terms,
            status: word(&self.status)?,
            step: word(&self.step)?,
            closing: Closing { state: word(&self.r#loop)?, tries, changed_at: self.loop_closed_at },
            sharing: word(&self.sharing)?,
            later_review: word(&self.later_review)?,
            sequel: word(&self.sequel)?,
            appointment_at: self.appointment_at,
            times: Times {
                sent: self.requested_at,
                acknowledged: self.acknowledged_at,
                decided: self.decided_at,
                cancellation_asked: self.cancellation_asked_at,
                deletion_asked: self.deletion_asked_at,
                ended: self.ended_at,
                last: self.last_moved_at,
                copy_lost: self.copy_lost_at,
                deletion_mailed: self.deletion_mailed_at,
                deletion_by_hand: self.deletion_by_hand_at,
            },
        })
    }
}

impl TryFrom<Row> for Referral {
    type Error = Error;

    fn try_from(row: Row) -> Result<Referral, Error> {
        let state = row.state()?;
        let next_side = row.next_side.as_deref().map(word).transpose()?;
        let Row { acknowledge_by, decide_by, follow_up_at, next_due_at, .. } = row;
        let clocks = Deadline { acknowledge_by, decide_by, follow_up_at, next_due_at, next_side };
        Ok(Referral {
            id: ReferralId(row.id),
            public_id: row.public_id,
            code: row.code,
            state,
            version: row.version,
            case_id: row.case_id.map(CaseId),
            case_type: row.case_type,
            started_from: row.started_from,
            from: From {
                org: row.from_org,
                unit: row.from_unit,
                manager: row.from_manager.map(UserId),
                supervisor: row.from_supervisor.map(UserId),
            },
            to: To { org: row.to_org, unit: row.to_unit, assignee: row.to_assignee.map(UserId), name: row.to_name },
            wanted: Wanted {
                need: row.need,
                service_id: row.service_id.map(ServiceId),
                service_name: row.service_name,
                service_called: row.service_called,
                area: row.area,
                reason: row.reason,
            },
            care: Care {
                for_person: row.safe_for_person,
                for_worker: row.safe_for_worker,
                dont_go_alone: row.dont_go_alone,
                precaution: row.precaution,
                accompaniment: row.accompaniment,
                accompaniment_reason: row.accompaniment_reason,
                safe_contact: row.safe_contact,
                emergency_basis: row.emergency_basis,
            },
            author: UserId(row.author),
            hands: row.hands,
            reviewer: row.reviewer.map(UserId),
            instead_of: row.instead_of.map(ReferralId),
            counter_to: row.counter_to.map(ReferralId),
            clocks,
            ending: Ending {
                outcome: row.outcome,
                outcome_note: row.outcome_note,
                outcome_amount: row.outcome_amount,
                paid: row.paid_on.zip(row.paid_confirmed),
                satisfied: row.satisfied,
                new_needs: row.new_needs,
                expected_on: row.expected_on,
                waitlist_position: row.waitlist_position,
                opened_case: row.opened_case.map(CaseId),
            },
            draft: row.draft,
        })
    }
}
