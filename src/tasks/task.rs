//! A task, and one that is to be made.
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::platform::ids::{CaseId, RecordId, ReferralId, RowId, TaskId, UnitId, UserId};
use crate::web::Page;

/// Nobody promises work for later than this: two years, and a day for the leap year among them.
pub const FURTHEST: TimeDelta = TimeDelta::days(731);

/// Something that somebody must do by a moment.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What kind of work it is: a code with a text `task-<code>`.
    pub kind: String,
    /// The case it belongs to.
    pub case_id: Option<CaseId>,
    /// The case's code, where the reader may see it.
    pub case_code: Option<String>,
    /// The person of the case, for showing the name of standard cases only (S13).
    pub person_id: Option<uuid::Uuid>,
    /// How closely the case is guarded.
    pub sensitivity: Option<String>,
    /// The referral it belongs to.
    pub referral_id: Option<ReferralId>,
    /// That referral's code.
    pub referral_code: Option<String>,
    /// What that referral asks for.
    pub need: Option<String>,
    /// The organisation on its other side.
    pub other_side: Option<String>,
    /// The service that it asks for, by its name in the reader's language; of a restricted case not even that.
    pub service: Option<String>,
    /// The unit that must act.
    pub unit: UnitId,
    /// Who must act; nobody yet when it stands in the unit's inbox.
    pub assignee: Option<UserId>,
    /// The worker's own words for it; without names.
    pub title: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// From when on it counts as overdue; later than due where the rules leave room.
    pub overdue_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Which edition of the row this is.
    pub version: i32,
    /// The name of whoever must act, where the reader may know it.
    pub assignee_name: Option<String>,
    /// Who handed it to them, or gave it back.
    pub handed_by: Option<UserId>,
    /// Their name, where the reader may know it.
    pub handed_by_name: Option<String>,
    /// Why; without names.
    pub handed_reason: String,
    /// It came back from a colleague.
    pub handed_back: bool,
    /// It comes again and again.
    pub series: Option<RowId>,
    /// The record that asks for it.
    pub record: Option<RecordId>,
    /// The form that was received, where the reader sees that it was; it is due from then on.
    pub form_title: Option<String>,
}

/// Where a task of this kind is worked on; nowhere without a case to go to.
pub fn href(kind: &str, case: Option<CaseId>) -> Option<String> {
    let tail = DONE_BY_WORK.iter().chain(PLACES).find(|(known, _)| *known == kind).map(|(_, tail)| *tail);
    match (tail, case) {
        (Some(tail), _) if tail.starts_with('/') => Some(tail.to_owned()),
        (Some(tail), Some(case)) => Some(format!("/cases/{case}/{tail}")),
        (None, Some(case)) => Some(format!("/cases/{case}")),
        (_, None) => None,
    }
}

impl Task {
    /// What it asks for; a received form by its title and by when it came, and never by whom it is about (S13); what a referral waits for with its
    /// service, as several of one case may wait for the same.
    pub fn called(&self, p: &Page) -> String {
        let what = called(p, &self.kind, &self.title);
        // The code stands in where no service may be named; of a case that the reader does not see it says already what the row is about.
        let referral = self.service.as_ref().or_else(|| self.referral_code.as_ref().filter(|_| self.case_code.is_some()));
        match (&self.form_title, referral) {
            (Some(form), _) => p.detailed(&what, &p.joined([form.clone(), p.moment(&self.due_at)])),
            (None, Some(referral)) => p.detailed(&what, &p.joined([referral])),
            (None, None) => what,
        }
    }

    /// What somebody looks at who sees it on a list: its case where they see that, else its referral.
    pub fn subject(&self) -> Option<uuid::Uuid> {
        match (&self.case_code, self.case_id, self.referral_id) {
            (Some(_), Some(case), _) => Some(case.0),
            (_, _, referral) => referral.map(|id| id.0),
        }
    }

    /// Nobody has done it yet, and its time has passed.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.done_at.is_none() && self.overdue_at.unwrap_or(self.due_at) < now
    }

    /// Only the work itself ends it; of a referral nothing is done but by a move (S1, S4).
    pub fn is_done_by_work(&self) -> bool {
        self.referral_id.is_some() || DONE_BY_WORK.iter().any(|(kind, _)| *kind == self.kind)
    }

    /// Whoever holds it may ask a colleague to do it: what a word ends, a follow-up, or another look that a record asks for, of a case that is not
    /// restricted, and is not handed on already.
    pub fn may_be_handed(&self) -> bool {
        let open = self.case_code.is_some() && self.sensitivity.as_deref() != Some("restricted");
        open && (self.kind == FOLLOW_UP || self.record.is_some() || self.is_a_supervisors() || !self.is_done_by_work())
            && !self.is_handed()
            && self.done_at.is_none()
    }

    /// Nobody but a supervisor does it, and not of a case that they keep (S21, S22, S23).
    pub fn is_a_supervisors(&self) -> bool {
        A_SUPERVISORS.contains(&self.kind.as_str())
    }

    /// It is about a colleague who is out on a visit, and not about whom they visit (S22).
    pub fn is_of_a_visit(&self) -> bool {
        self.kind == VISIT_OUT || self.kind == VISIT_OVERDUE
    }

    /// It is a colleague's, who asked whoever holds it now to do it.
    pub fn is_handed(&self) -> bool {
        self.handed_by.is_some() && !self.handed_back
    }

    /// Where it is worked on.
    pub fn href(&self) -> String {
        match (self.referral_id, self.case_id, self.record) {
            // Whoever is out says that they are back, whether they see the case or not (S22).
            _ if self.kind == VISIT_OUT && self.case_code.is_none() => "/visits".to_owned(),
            (Some(referral), _, _) => format!("/referrals/{referral}{}", of_move(&self.kind)),
            (None, Some(case), Some(record)) => format!("/cases/{case}/records/{record}"),
            _ => href(&self.kind, self.case_id).unwrap_or_default(),
        }
    }
}

// Where the move that a referral waits for is made; several answers are possible on its own page.
fn of_move(kind: &str) -> &'static str {
    match kind {
        "referral_finish_draft" | "referral_send_approved" => "/edit",
        "referral_report_outcome" => "/outcome",
        "referral_schedule_or_start" | "referral_new_appointment" => "/appointment",
        "referral_confirm_deletion" => "/deletion-confirmation",
        "referral_ask_person" | "referral_resolve_dispute" => "/follow-up",
        _ => "",
    }
}

/// A case that is new to its keeper, or that waits in the inbox of its unit for one.
pub const TAKE_UP: &str = "take_up";
/// Nobody has heard of the person for long: they are tried again, or closing is proposed (S23).
pub const CONTACT_LOST: &str = "contact_lost";
/// No safety action is logged though the risk is high: the supervisor sees to it (S21).
pub const SAFETY_ALERT: &str = "safety_alert";
/// The supervisor looks at the safety of somebody who has not been heard of (S23).
pub const SAFETY_REVIEW: &str = "safety_review";
/// The supervisor decides what must change after a visit that was not safe (S22).
pub const VISIT_NOT_SAFE: &str = "visit_not_safe";
/// What nobody but a supervisor does.
pub(super) const A_SUPERVISORS: &[&str] = &[SAFETY_ALERT, SAFETY_REVIEW, VISIT_NOT_SAFE];
/// A worker is out on a visit, until they say that they are back (S22).
pub const VISIT_OUT: &str = "visit_out";
/// They are not back in time: the supervisor looks for them (S22).
pub const VISIT_OVERDUE: &str = "visit_overdue";
/// A risk level sets when the person is next seen or spoken with (DOMAIN section 2).
pub const FOLLOW_UP: &str = "follow_up";
/// An action of a plan whose day comes; named by its number there.
pub const PLAN_ACTION: &str = "plan_action";

/// Nobody answered when its holder proposed to join two records; named by the code of the one that was to stay.
pub const JOIN_LAPSED: &str = "join_lapsed";

/// The key under which a supervisor is asked to decide after this visit that was not safe.
pub fn not_safe_key(visit: Uuid) -> String {
    format!("{VISIT_NOT_SAFE}:{visit}")
}

/// What a task is called: by the worker's own words, else by its kind; one of a visit by whoever is out; an action of a plan by its number there, which
/// gives nothing away (S13), or where it may be read by its words; one about a record by its code.
pub fn called(p: &Page, kind: &str, title: &str) -> String {
    let is_number = |title: &str| title.chars().all(|one| one.is_ascii_digit() || one == '.');
    match kind {
        _ if title.is_empty() => p.tc("task", kind),
        VISIT_OUT => p.ta("task-visit-out-who", "name", title.to_owned()),
        VISIT_OVERDUE => p.ta("task-visit-overdue-who", "name", title.to_owned()),
        JOIN_LAPSED => p.ta("task-join-lapsed-of", "code", title.to_owned()),
        PLAN_ACTION if is_number(title) => p.ta("task-plan-action-nth", "number", title.to_owned()),
        PLAN_ACTION => p.ta("task-plan-action-words", "words", title.to_owned()),
        _ => title.to_owned(),
    }
}

/// Kinds that are done by the work they ask for, and by no tap: the safety action that is logged, which also ends the supervisor's alert, the follow-up of which is written what
/// came of it, so that the next one begins (S21), assessments and plans that are finalised, approved or carried out, the reviews and
/// agreements that are recorded (S1, S9), the day that a record names, which the next record of its kind answers, visits from which somebody
/// comes back and what a supervisor decides after one that was not safe (S22), forms that came from a phone. Each with the tail of the address
/// where that is done, from the case on or from the root.
const DONE_BY_WORK: &[(&str, &str)] = &[
    ("safety_action", "notes?kind=safety_action"),
    (SAFETY_ALERT, "notes?kind=safety_action"),
    (FOLLOW_UP, "notes?kind=contact"),
    ("analysis_due", "assessments"),
    ("assess_again", "assessments"),
    ("approve_assessment", "assessments"),
    ("mend_assessment", "assessments"),
    ("meeting", "meetings"),
    (VISIT_OUT, "meetings/out"),
    (VISIT_OVERDUE, "meetings/out"),
    (VISIT_NOT_SAFE, "meetings/not-safe"),
    (CONTACT_LOST, "notes?kind=contact_attempt"),
    ("safety_review", "safety-review"),
    ("approve_plan", "plans"),
    ("mend_plan", "plans"),
    ("approve_closure", "closing"),
    ("mend_closure", "closing"),
    (PLAN_ACTION, "plans"),
    ("plan_review", "plans"),
    ("record_next", "records"),
    ("release_case_file", "file"),
    ("agree_basis", "consents"),
    ("arrival", "/arrivals"),
    ("delete_minutes", "/conferences"),
    ("delete_hosted", "/hosted"),
    ("known_elsewhere", "/questions"),
    ("review_basis", "/protection?view=bases"),
    ("review_break_glass", "/protection?view=glass"),
    ("check_correction", "/corrections"),
];

// Kinds that a tap ends, and where their work is done all the same.
const PLACES: &[(&str, &str)] = &[
    ("screening_consent", "services"),
    ("quality_serious", "quality"),
    ("check_join", "/corrections"),
    (JOIN_LAPSED, "/search"),
];

/// Kinds that do not end when their case is closed.
pub(super) const OUTLIVE_A_CASE: &[&str] = &[
    "agree_basis",
    "review_basis",
    "review_break_glass",
    "follow_running",
    "arrival",
    VISIT_OUT,
    VISIT_OVERDUE,
    VISIT_NOT_SAFE,
    "check_correction",
    "check_join",
];

/// The side of a referral that must act; a case's own tasks are the sender's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Where the case is.
    #[default]
    From,
    /// Where the referral went.
    To,
}

impl Side {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
        }
    }
}

/// A task to be made. The database sets organisation, unit and scope from the case or referral.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// What kind of work it is.
    pub kind: &'static str,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// Its referral.
    pub referral_id: Option<ReferralId>,
    /// Which side of the referral.
    pub side: Side,
    /// The unit that must act, where neither a case nor a referral says so.
    pub unit: UnitId,
    /// Who must act; `None` leaves it in the unit's inbox.
    pub assignee: Option<UserId>,
    /// The worker's own words.
    pub title: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// From when on it is overdue, when later than due.
    pub overdue_at: Option<DateTime<Utc>>,
    /// When to remind.
    pub remind_at: Option<DateTime<Utc>>,
    /// A second task under this key is not made.
    pub once: Option<String>,
    /// It is one of many that come again and again.
    pub series: Option<RowId>,
}

impl NewTask {
    /// A task of a unit alone.
    pub fn of_unit(kind: &'static str, unit: UnitId, due_at: DateTime<Utc>) -> Self {
        Self {
            kind,
            case_id: None,
            referral_id: None,
            side: Side::From,
            unit,
            assignee: None,
            title: String::new(),
            due_at,
            overdue_at: None,
            remind_at: None,
            once: None,
            series: None,
        }
    }

    /// A task of a case.
    pub fn of_case(kind: &'static str, case: CaseId, due_at: DateTime<Utc>) -> Self {
        Self { case_id: Some(case), ..Self::of_unit(kind, 0, due_at) }
    }

    /// A task of one side of a referral. The unit stands in where the receiver has none yet.
    pub fn of_referral(kind: &'static str, referral: ReferralId, side: Side, unit: UnitId, due_at: DateTime<Utc>) -> Self {
        Self { referral_id: Some(referral), side, ..Self::of_unit(kind, unit, due_at) }
    }

    /// The sender's side of a referral that belongs to this case.
    #[must_use]
    pub fn in_case(mut self, case: Option<CaseId>) -> Self {
        self.case_id = case;
        self
    }

    /// Given to this user; `None` leaves it in the unit's inbox.
    #[must_use]
    pub fn to(mut self, user: Option<UserId>) -> Self {
        self.assignee = user;
        self
    }

    /// In the worker's own words.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Overdue only from this moment on.
    #[must_use]
    pub fn overdue_from(mut self, moment: DateTime<Utc>) -> Self {
        self.overdue_at = Some(moment);
        self
    }

    /// Reminded of at this moment.
    #[must_use]
    pub fn reminded(mut self, moment: Option<DateTime<Utc>>) -> Self {
        self.remind_at = moment;
        self
    }

    /// One of many that come again and again.
    #[must_use]
    pub fn of_series(mut self, series: RowId) -> Self {
        self.series = Some(series);
        self
    }

    /// Made once only under this key.
    #[must_use]
    pub fn once(mut self, key: String) -> Self {
        self.once = Some(key);
        self
    }
}
