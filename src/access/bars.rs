//! Bars (S10): a user or unit that must never see a case, against every scope, grant, break-glass and administrator. Effective at once;
//! whoever is barred learns nothing of it.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::subject::Subject;
use super::table::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UnitId, UserId};

/// Who a bar or grant is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// One person.
    User(UserId),
    /// Everybody of a unit and the units below.
    Unit(UnitId),
}

impl Principal {
    /// `user:<id>` or `unit:<number>`, as forms send it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("user", id) => id.parse().ok().map(Self::User),
            ("unit", id) => id.parse().ok().map(Self::Unit),
            _ => None,
        }
    }

    /// The user's id, if it is one.
    pub fn user(self) -> Option<Uuid> {
        if let Self::User(id) = self { Some(id.0) } else { None }
    }

    /// The unit's number, if it is one.
    pub fn unit(self) -> Option<UnitId> {
        if let Self::Unit(id) = self { Some(id) } else { None }
    }
}

/// A bar that stands.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its id.
    pub id: Uuid,
    /// The user's or unit's name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub set_at: DateTime<Utc>,
}

/// Bars a user or unit from a case.
pub async fn set(work: &mut Work, subject: &Subject, who: Principal, reason: &str) -> Result<(), Error> {
    work.may_in(Act::BarSet, subject.unit, Some(subject.id)).await?;
    let me = work.me()?;
    if who == Principal::User(me) {
        return Err(invalid("who", "bar_oneself"));
    }
    insert(work, subject.id, who, reason).await
}

/// The reason of a bar that a complaint sets by itself.
pub const SUBJECT_OF_COMPLAINT: &str = "subject_of_complaint";

/// Bars whoever a complaint is about from its case, as it is opened (S9). The rule does it, so the opener needs no right to bar.
pub async fn bar_the_named(work: &mut Work, case: CaseId, named: UserId) -> Result<(), Error> {
    if named == work.me()? {
        return Err(invalid("complaint_about", "bar_oneself"));
    }
    insert(work, case, Principal::User(named), SUBJECT_OF_COMPLAINT).await
}

async fn insert(work: &mut Work, case: CaseId, who: Principal, reason: &str) -> Result<(), Error> {
    let me = work.me()?;
    sqlx::query!(
        "insert into bars (id, case_id, user_id, unit, reason, set_by) values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        case.0,
        who.user(),
        who.unit(),
        reason,
        me.0
    )
    .execute(work.db())
    .await?;
    work.record(Fact::BarSet, about(case, who)).await
}

/// The reason as people read it: a rule's own code in words, what somebody typed as it is.
pub(super) fn reason_in_words(p: &crate::web::Page, reason: String) -> String {
    if reason == SUBJECT_OF_COMPLAINT { p.t("protection-subject-of-complaint") } else { reason }
}

/// Lifts a bar.
pub async fn lift(work: &mut Work, subject: &Subject, bar: RowId) -> Result<(), Error> {
    work.may_in(Act::BarSet, subject.unit, Some(subject.id)).await?;
    let now = work.now();
    let lifted = sqlx::query!(
        "update bars set lifted_at = $3 where id = $1 and case_id = $2 and lifted_at is null",
        bar.0,
        subject.id.0,
        now
    )
    .execute(work.db())
    .await?;
    if lifted.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    work.record(Fact::BarLifted, About::case(subject.id).with(bar)).await
}

/// The bars that stand on a case.
pub async fn list(work: &mut Work, case: CaseId) -> Result<Vec<Bar>, Error> {
    let bars = sqlx::query_as!(
        Bar,
        "select b.id, coalesce(u.name, n.name, '') as \"name!\", b.reason, b.set_at
         from bars b left join users u on u.id = b.user_id left join units n on n.id = b.unit
         where b.case_id = $1 and b.lifted_at is null order by b.set_at",
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(bars)
}

pub(super) fn about(case: CaseId, who: Principal) -> About {
    let about = About { subjects: who.user().into_iter().collect(), ..About::case(case) };
    about.note(serde_json::json!({ "unit": who.unit() }))
}
