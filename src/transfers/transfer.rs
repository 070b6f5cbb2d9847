//! A transfer, its records, and what the former side keeps.
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::{self, Action, Side, State};
use crate::error::{Clash, Error, same_version};
use crate::packs::Word;
use crate::platform::ids::{CaseId, OrgId, TransferId, UnitId, UserId};

/// Cases on their way from one unit to another.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// What people read and say.
    pub code: String,
    /// `direct`, `request` or `pull`.
    pub mode: String,
    /// The stored word of its state.
    pub state_code: String,
    /// The organisation that has the cases.
    pub from_org: OrgId,
    /// Its name.
    pub from_org_name: String,
    /// The unit that has them.
    pub from_unit: UnitId,
    /// That unit's name.
    pub from_unit_name: String,
    /// The organisation that shall have them.
    pub to_org: OrgId,
    /// Its name.
    pub to_org_name: String,
    /// The unit that shall have them.
    pub to_unit: UnitId,
    /// That unit's name.
    pub to_unit_name: String,
    /// The type of a restricted case; 0 for everything else.
    pub case_type: i16,
    /// Who will keep them.
    pub to_manager: Option<UserId>,
    /// Who will supervise them by name.
    pub to_supervisor: Option<UserId>,
    /// The agreement under which they are taken over.
    pub agreement_id: Option<Uuid>,
    /// Where the services will be given.
    pub location_id: Option<Uuid>,
    /// Types of related cases that go along.
    pub with_types: Vec<i16>,
    /// Documents go along.
    pub with_documents: bool,
    /// Referrals still open go along.
    pub with_referrals: bool,
    /// The household goes along.
    pub with_household: bool,
    /// `agreed` or `on_file`.
    pub basis: String,
    /// When everybody agreed.
    pub agreed_on: Option<NaiveDate>,
    /// The coded reason for it.
    pub reason: String,
    /// Why it was declined.
    pub decision_reason: Option<String>,
    /// When both workers met with the person.
    pub introduced_on: Option<NaiveDate>,
    /// The transfer notice that announced it.
    pub notice_id: Option<Uuid>,
    /// Who asked for it.
    pub requested_by: UserId,
    /// Their name.
    pub requested_by_name: String,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// Nothing of it moved, because every case went elsewhere meanwhile.
    pub overtaken: bool,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Transfer {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::parse(&self.state_code).unwrap_or(State::Draft)
    }

    /// It leaves the organisation.
    pub fn is_across(&self) -> bool {
        self.from_org != self.to_org
    }

    /// A request that ended before it was decided.
    pub fn ended_undecided(&self) -> bool {
        self.mode == "request" && self.state() == State::Failed && self.decided_at.is_none()
    }

    /// It is of one restricted case.
    pub fn is_restricted(&self) -> bool {
        self.case_type != 0
    }

    /// Both organisations, for facts.
    pub fn orgs(&self) -> Vec<OrgId> {
        let mut orgs = vec![self.from_org];
        orgs.extend(Some(self.to_org).filter(|org| *org != self.from_org));
        orgs
    }

    /// The state after this act; the refusal names the state as it is.
    pub fn step(&self, action: Action, by: Side) -> Result<State, Error> {
        rules::step(self.state(), action, by).map_err(|why| {
            let state = format!("transfer_{}", self.state_code);
            Error::Conflict(Clash::State { state, code: why.as_str() })
        })
    }

    /// Refuses a form that was opened on another edition.
    pub fn must_be(&self, version: i32) -> Result<(), Error> {
        same_version(self.version, version)
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/transfers/{}", self.id)
    }
}

/// One record of a transfer, as far as its reader sees it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case_id: CaseId,
    /// The case's code.
    pub code: String,
    /// `asked` or `related`.
    pub kind: String,
    /// `waiting`, `done`, `failed` or `left_out`.
    pub state: String,
    /// Why it failed or was left out.
    pub reason: Option<String>,
    /// The type's labels.
    pub type_labels: serde_json::Value,
    /// The type's number.
    pub case_type: i16,
    /// The risk level when it was submitted.
    pub risk: Option<String>,
    /// The stage when it was submitted.
    pub stage: String,
    /// When it moved.
    pub moved_at: Option<DateTime<Utc>>,
    /// The reader sees the case itself.
    pub seen: bool,
}

/// What the former side keeps of a case.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The case's code.
    pub case_code: String,
    /// The transfer.
    pub transfer_id: TransferId,
    /// The transfer's code.
    pub transfer_code: String,
    /// The organisation that has it now.
    pub org_name: String,
    /// That organisation's general desk.
    pub desk: String,
    /// When it moved.
    pub moved_at: DateTime<Utc>,
    /// When it came back.
    pub returned_at: Option<DateTime<Utc>>,
}

/// A step of a transfer.
#[derive(Debug, Clone)]
pub struct Step {
    /// What was done.
    pub action: String,
    /// To which state it led.
    pub to_state: String,
    /// A coded reason.
    pub reason: String,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was typed in.
    pub recorded_at: DateTime<Utc>,
    /// Why so late (S31).
    pub late_reason: String,
    /// Whose step it was, where the reader may know.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Their organisation.
    pub org_name: Option<String>,
}
