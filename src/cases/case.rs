//! A case, its people, its moves, and the rules that need no database.
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Clash, Error, same_version};
use crate::packs::{Pack, Sensitivity, Stage, StageKind, Subject, Word};
use crate::platform::ids::{CaseId, HouseholdId, OrgId, PersonId, UnitId, UserId};

// No case runs longer: a child grows up in it.
const LONGEST_YEARS: u32 = 20;

/// A record of work with a person or a household, of one type, owned by one unit.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// What people read and say instead of a name.
    pub code: String,
    /// The organisation that owns it.
    pub org: OrgId,
    /// The unit that owns it.
    pub unit: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// The number of its type.
    pub case_type: i16,
    /// The code of its type.
    pub type_code: String,
    /// The word for how closely it is guarded.
    pub guarded: String,
    /// The one worker who keeps it; nobody while it stands in the unit's inbox.
    pub case_manager: Option<UserId>,
    /// Their name, where the reader may know it.
    pub manager_name: Option<String>,
    /// The named supervisor: always there for restricted types (S9).
    pub supervisor: Option<UserId>,
    /// The person it is about; a household's head.
    pub person_id: PersonId,
    /// The household it is about.
    pub household_id: Option<HouseholdId>,
    /// The programme pack it began with.
    pub pack: String,
    /// That pack's version; a running case keeps the one it started with.
    pub pack_version: i32,
    /// Where it stands in its process.
    pub stage: String,
    /// Why it is paused, when it is.
    pub paused_reason: Option<String>,
    /// How soon it must be taken up.
    pub priority: String,
    /// The risk level.
    pub risk: Option<String>,
    /// Since when.
    pub risk_set_at: Option<DateTime<Utc>>,
    /// When an action that makes the person safer was last logged (S21).
    pub safety_action_at: Option<DateTime<Utc>>,
    /// When somebody last spoke with the person.
    pub last_contact_at: Option<DateTime<Utc>>,
    /// The earliest of its open tasks.
    pub next_due_at: Option<DateTime<Utc>>,
    /// How the case came in.
    pub intake_source: String,
    /// When the limits of confidentiality were explained (S1).
    pub limits_explained_on: Option<NaiveDate>,
    /// When work began.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The coded reason why.
    pub close_reason: Option<String>,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Case {
    /// How closely it is guarded; what cannot be read counts as the closest.
    pub fn sensitivity(&self) -> Sensitivity {
        Sensitivity::parse(&self.guarded).unwrap_or(Sensitivity::Restricted)
    }

    /// Lists, tasks and titles show the code; the name stands inside the case only (S13).
    pub fn goes_by_code(&self) -> bool {
        self.sensitivity() != Sensitivity::Standard
    }

    /// Paper may say whom it is about and what for: never of a restricted case (S17).
    pub fn paper_may_tell(&self) -> bool {
        self.sensitivity() != Sensitivity::Restricted
    }

    /// A household is worked with together, by its type in this pack or because the case names one: what one says alone has no place in it (S12).
    pub fn is_of_household(&self, pack: &Pack) -> bool {
        let always = pack.case_type(&self.type_code).is_some_and(|known| known.subject == Subject::Household);
        always || self.household_id.is_some()
    }

    /// Work goes on.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// A high risk was set and no action that makes the person safer was logged since (S21).
    pub fn lacks_safety_action(&self) -> bool {
        self.is_open() && self.safety_action_at < self.risk_set_at
    }

    /// Work may go on in this stage; one that lasts until somebody keeps the case is over once somebody does.
    pub fn may_stand_in(&self, stage: &Stage) -> bool {
        stage.kind == StageKind::Working && (stage.until.is_none() || self.case_manager.is_none())
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}", self.id)
    }

    /// Refuses work on a closed case, naming the state.
    pub fn must_be_open(&self) -> Result<(), Error> {
        if self.is_open() {
            return Ok(());
        }
        Err(Error::Conflict(Clash::State { state: self.stage.clone(), code: "case_closed" }))
    }

    /// Refuses another stage for a paused case: whoever goes on with it says why.
    pub fn must_go_on(&self) -> Result<(), Error> {
        if self.paused_reason.is_none() {
            return Ok(());
        }
        Err(Error::Conflict(Clash::State { state: self.stage.clone(), code: "case_waits" }))
    }

    /// Refuses to pause what is paused.
    pub fn must_run(&self) -> Result<(), Error> {
        if self.paused_reason.is_none() {
            return Ok(());
        }
        Err(Error::Conflict(Clash::State { state: self.stage.clone(), code: "case_paused" }))
    }

    /// Refuses to go on with what is not paused.
    pub fn must_be_paused(&self) -> Result<(), Error> {
        if self.paused_reason.is_some() {
            return Ok(());
        }
        Err(Error::Conflict(Clash::State { state: self.stage.clone(), code: "case_not_paused" }))
    }

    /// Refuses to open what is open.
    pub fn must_be_closed(&self) -> Result<(), Error> {
        if !self.is_open() {
            return Ok(());
        }
        Err(Error::Conflict(Clash::State { state: self.stage.clone(), code: "case_open" }))
    }

    /// Refuses a form that was opened on another edition.
    pub fn must_be(&self, version: i32) -> Result<(), Error> {
        same_version(self.version, version)
    }
}

/// Somebody on a case.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person_id: PersonId,
    /// Their name; read inside the case only.
    pub name: String,
    /// The name in Latin letters, where it differs.
    pub name_latin: String,
    /// Their code.
    pub code: String,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// The date of birth is a guess.
    pub born_estimated: bool,
    /// The part they play: subject, member, caregiver, chosen_adult.
    pub part: String,
    /// Never asked, notified or printed (S3).
    pub not_safe_to_involve: bool,
    /// How not to reach them.
    pub contact_restriction: String,
    /// Nobody goes there alone (S22); no reason is given.
    pub dont_go_alone: bool,
    /// Who they would rather have as case worker, a `woman` or a `man`, where they said so (S25).
    pub worker_sex: Option<String>,
    /// The same of whoever interprets.
    pub interpreter_sex: Option<String>,
    /// They marked a way to reach them safe (S6).
    pub has_safe_contact: bool,
}

/// So many steps of a case, the newest of them, are read at once.
pub const MOST_MOVES: usize = 100;

/// A step of a case: stage, risk, owner, pause, closing.
#[derive(Debug, Clone)]
pub struct Move {
    /// What moved.
    pub kind: String,
    /// From which code.
    pub from: Option<String>,
    /// To which code.
    pub to: Option<String>,
    /// A coded reason.
    pub reason: String,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// Whose step it was.
    pub actor_name: String,
}

/// What is wrong with the day on which the limits are said to have been explained (S1): it is to come, or a slip of the year.
pub fn wrong_day_of_limits(day: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    match today.years_since(day) {
        None => Some("in_the_future"),
        Some(years) if years >= LONGEST_YEARS => Some("too_long_ago"),
        Some(_) => None,
    }
}
