//! What somebody wants to transfer, as the form says it: which cases, where to, what goes along, on what ground.
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::FieldErrors;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};
use crate::supervision::carrying::Meant;
use crate::web::Form;

/// Why cases are handed over.
pub const REASONS: &[&str] =
    &["person_moved", "person_asked", "closer_service", "specialised_help", "caseload", "programme_ends", "other"];
/// Why the receiving side declines, as a whole or for one record.
pub const REJECTIONS: &[&str] =
    &["no_capacity", "not_eligible", "out_of_area", "not_for_this_unit", "incomplete_information", "other"];
/// No list of records is longer.
pub const MOST_RECORDS: usize = 200;

// A step typed in more than a day later says why (S31).
const LATE_AFTER: TimeDelta = TimeDelta::hours(24);

/// Whether something goes along with the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// It goes along.
    Along,
    /// It does not.
    Not,
}

impl Goes {
    fn read(form: &mut Form, name: &str) -> Self {
        if form.one_of(name, ["yes", "no"]) == "yes" { Self::Along } else { Self::Not }
    }

    /// As a column keeps it.
    pub fn along(self) -> bool {
        self == Self::Along
    }
}

/// On what ground cases leave the organisation (S1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// A consent or another basis that reaches the receiver stands on each case.
    OnFile,
    /// Everybody concerned was told on this day and agreed.
    Agreed(NaiveDate),
}

impl Ground {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        if self == Self::OnFile { "on_file" } else { "agreed" }
    }

    /// The day of the agreement.
    pub fn day(self) -> Option<NaiveDate> {
        if let Self::Agreed(day) = self { Some(day) } else { None }
    }
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The cases.
    pub cases: Vec<CaseId>,
    /// The unit that shall have them.
    pub to_unit: UnitId,
    /// The coded reason.
    pub reason: String,
    /// Types of related cases that go along.
    pub with_types: Vec<i16>,
    /// Documents.
    pub documents: Goes,
    /// Referrals that still run.
    pub referrals: Goes,
    /// The other members of the household.
    pub household: Goes,
    /// On what ground.
    pub ground: Ground,
}

/// Reads the form, noting every mistake beside its field.
pub fn read(form: &mut Form, today: NaiveDate) -> Wish {
    let mut cases: Vec<CaseId> = form.all("case").iter().filter_map(|id| id.parse().ok()).collect();
    cases.dedup();
    if cases.is_empty() {
        form.errors.add("case", "required");
    }
    if cases.len() > MOST_RECORDS {
        form.errors.add("case", "too_many");
    }
    let with_types: Vec<i16> = form
        .entries()
        .filter(|(_, values)| values.iter().any(|value| value == "yes"))
        .filter_map(|(name, _)| name.strip_prefix("type_")?.parse().ok())
        .collect();
    Wish {
        cases,
        to_unit: form.parsed("to").unwrap_or(0),
        reason: form.one_of("reason", REASONS.iter().copied()),
        with_types,
        documents: Goes::read(form, "documents"),
        referrals: Goes::read(form, "referrals"),
        household: Goes::read(form, "household"),
        ground: ground(form, today),
    }
}

fn ground(form: &mut Form, today: NaiveDate) -> Ground {
    if form.one_of("basis", ["on_file", "agreed"]) == "on_file" {
        return Ground::OnFile;
    }
    let day = form.date("agreed_on").unwrap_or(today);
    if day > today {
        form.errors.add("agreed_on", "in_the_future");
    }
    Ground::Agreed(day)
}

/// Who will keep what arrives, and under what.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// The case manager; the unit's inbox when `None`.
    pub manager: Option<UserId>,
    /// The named supervisor; needed for restricted types (S9).
    pub supervisor: Option<UserId>,
    /// The agreement or programme under which it is taken over.
    pub agreement: Option<Uuid>,
    /// Where services will be given.
    pub location: Option<Uuid>,
    /// What is meant all the same: that the case manager is away, carries more than a full caseload, or works below the level asked for.
    pub meant: Meant,
}

impl Place {
    /// Reads the form.
    pub fn read(form: &mut Form) -> Self {
        Self {
            manager: form.parsed_maybe("manager"),
            supervisor: form.parsed_maybe("supervisor"),
            agreement: form.parsed_maybe("agreement"),
            location: form.parsed_maybe("location"),
            meant: Meant::ticked(form),
        }
    }
}

/// When a step happened, and why it is typed in late (S31).
#[derive(Debug, Clone, Default)]
pub struct When {
    /// As typed; now if `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why so late.
    pub late_reason: String,
}

impl When {
    /// Reads the form.
    pub fn read(work: &Work, form: &mut Form) -> Self {
        Self { happened_at: form.moment_maybe("happened_at", work.zone()), late_reason: form.text_maybe("late_reason", 200) }
    }

    /// The moment of the step, if it may be that one.
    pub fn moment(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, FieldErrors> {
        let at = self.happened_at.unwrap_or(now);
        if at > now + TimeDelta::minutes(1) {
            return Err(FieldErrors::one("happened_at", "in_future"));
        }
        if now - at > LATE_AFTER && self.late_reason.is_empty() {
            return Err(FieldErrors::one("late_reason", "late_without_reason"));
        }
        Ok(at)
    }
}
