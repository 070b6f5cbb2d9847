//! Tasks of a case that come again every so many days, weeks or months, until a day or so many times. The next one is made when the one
//! before is done, or when its day comes; made twice it is one, for each has a number of its own.
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::calendar::Calendar;
use super::task::{NewTask, Task};
use super::{actions, store};
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, TaskId, UnitId, UserId};

/// What is counted between one task and the next.
pub const STEPS: &[&str] = &["days", "weeks", "months"];
// What one run makes; the next run makes the rest.
const AT_ONCE: i64 = 500;

/// How a task comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// Every so many.
    pub every: i32,
    /// Of [`STEPS`].
    pub step: String,
    /// The last day on which one may be due.
    pub until_on: Option<NaiveDate>,
    /// How many there are, the first one included.
    pub times: Option<i32>,
}

impl Repeat {
    /// Refuses what never ends, never begins, or is not a step.
    pub fn check(&self, first: DateTime<Utc>, errors: &mut FieldErrors) {
        if !(1..=365).contains(&self.every) {
            errors.add("every", "every_range");
        }
        if !STEPS.contains(&self.step.as_str()) {
            errors.add("step", "not_a_choice");
        }
        if self.until_on.is_none() && self.times.is_none() {
            errors.add("until_on", "until_or_times");
        }
        if self.until_on.is_some_and(|day| day < first.date_naive()) {
            errors.add("until_on", "ends_before_it_starts");
        }
        if self.times.is_some_and(|times| !(2..=500).contains(&times)) {
            errors.add("times", "times_range");
        }
    }

    /// When the one after `made` of them is due; none where it is over. The time of day is the unit's own, whatever its clocks do meanwhile.
    pub fn after(&self, first: DateTime<Utc>, made: i32, calendar: &Calendar) -> Option<DateTime<Utc>> {
        if self.times.is_some_and(|times| made >= times) {
            return None;
        }
        let wall = first.with_timezone(&calendar.zone()).naive_local();
        let count = u32::try_from(self.every.checked_mul(made)?).ok()?;
        let day = match self.step.as_str() {
            "days" => wall.date().checked_add_days(Days::new(count.into()))?,
            "weeks" => wall.date().checked_add_days(Days::new(u64::from(count) * 7))?,
            _ => wall.date().checked_add_months(Months::new(count))?,
        };
        self.until_on.is_none_or(|last| day <= last).then(|| calendar.at(day, wall.time()))
    }
}

/// A series as it stands.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its id.
    pub id: RowId,
    /// Its case.
    pub case_id: CaseId,
    /// The unit of that case.
    pub unit: UnitId,
    /// In the worker's own words.
    pub title: String,
    /// How it comes again.
    pub repeat: Repeat,
    /// When the first one was due.
    pub first_due_at: DateTime<Utc>,
    /// How many were made.
    pub made: i32,
    /// When the next one is due; nothing more comes where that is empty.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Whose the next one is.
    pub holder: Option<UserId>,
}

/// Begins a series with its first task.
pub async fn begin(
    work: &mut Work,
    (case, unit): (CaseId, UnitId),
    (title, first, holder): (&str, DateTime<Utc>, Holder),
    repeat: &Repeat,
) -> Result<TaskId, Error> {
    let mut errors = FieldErrors::default();
    repeat.check(first, &mut errors);
    errors.or_ok()?;
    let (id, me, now, name) = (RowId::new(), work.me()?, work.now(), work.standing.name.clone());
    let next = repeat.after(first, 1, &store::calendar(work, unit).await?);
    sqlx::query!(
        "insert into task_series (id, case_id, title, every, step, first_due_at, until_on, times, next_due_at, assignee, author, author_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id.0,
        case.0,
        title,
        repeat.every,
        repeat.step,
        first,
        repeat.until_on,
        repeat.times,
        next,
        holder.named.map(|user| user.0),
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    work.record(Fact::TaskSeries, About::case(case).with(id).note(json!({ "begun": true }))).await?;
    let task = NewTask::of_case("own", case, first).to(Some(holder.first)).titled(title).once(key(id, 1)).of_series(id);
    let made = actions::add(work, task).await?;
    made.ok_or_else(|| anyhow::anyhow!("the first task of a series is made once").into())
}

/// Whose the tasks of a series are.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    /// Who holds the first one.
    pub first: UserId,
    /// Who holds each; whoever keeps the case then, where nobody is named.
    pub named: Option<UserId>,
}

fn key(series: RowId, number: i32) -> String {
    format!("series:{series}:{number}")
}

/// The latest task of a series is done: the next one comes.
pub(super) async fn go_on(work: &mut Work, task: &Task) -> Result<(), Error> {
    let Some(series) = task.series else { return Ok(()) };
    let is_latest = sqlx::query_scalar!(
        r#"select exists (select from tasks t join task_series s on s.id = t.series_id
           where t.id = $1 and t.once = 'series:' || s.id || ':' || s.made and s.next_due_at is not null) as "is!""#,
        task.id.0
    )
    .fetch_one(work.db())
    .await?;
    if !is_latest {
        return Ok(());
    }
    match list(work, Which::One(series)).await?.pop() {
        Some(series) => make(work, &series).await,
        None => Ok(()),
    }
}

/// Makes what is due today, whether the one before is done or not.
pub(super) async fn make_due(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    for series in list(work, Which::Before(now + TimeDelta::days(1))).await? {
        let calendar = store::calendar(work, series.unit).await?;
        if series.next_due_at.is_some_and(|due| calendar.date(due) <= calendar.date(now)) {
            make(work, &series).await?;
        }
    }
    Ok(())
}

// Of two who make the same one at once, the slower finds that the series has moved on.
async fn make(work: &mut Work, series: &Series) -> Result<(), Error> {
    let Some(due) = series.next_due_at else { return Ok(()) };
    let number = series.made + 1;
    let next = series.repeat.after(series.first_due_at, number, &store::calendar(work, series.unit).await?);
    let moved = sqlx::query!(
        "update task_series set made = made + 1, next_due_at = $3, version = version + 1 where id = $1 and made = $2 and next_due_at is not null",
        series.id.0,
        series.made,
        next
    )
    .execute(work.db())
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(());
    }
    let task = NewTask::of_case("own", series.case_id, due).to(series.holder).titled(&series.title).once(key(series.id, number));
    actions::add(work, task.of_series(series.id)).await.map(drop)
}

/// The series of a case from which more will come.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<Vec<Series>, Error> {
    list(work, Which::Of(case)).await
}

/// One series from which more will come.
pub async fn find(work: &mut Work, id: RowId) -> Result<Series, Error> {
    list(work, Which::One(id)).await?.pop().ok_or(Error::NotFound)
}

/// Nothing more comes of a series; what was made stays.
pub async fn end(work: &mut Work, series: &Series) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update task_series set next_due_at = null, ended_at = $2, version = version + 1 where id = $1 and made = $3 and next_due_at is not null",
        series.id.0,
        now,
        series.made
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict(Clash::Stale));
    }
    work.record(Fact::TaskSeries, About::case(series.case_id).with(series.id).note(json!({ "begun": false }))).await
}

/// With a case end its series.
pub(super) async fn end_in_case(work: &mut Work, case: CaseId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update task_series set next_due_at = null, ended_at = $2, version = version + 1 where case_id = $1 and next_due_at is not null",
        case.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

enum Which {
    One(RowId),
    Of(CaseId),
    Before(DateTime<Utc>),
}

async fn list(work: &mut Work, which: Which) -> Result<Vec<Series>, Error> {
    let (one, of, before) = match which {
        Which::One(id) => (Some(id.0), None, None),
        Which::Of(case) => (None, Some(case.0), None),
        Which::Before(moment) => (None, None, Some(moment)),
    };
    let rows = sqlx::query!(
        r#"select s.id as "id: RowId", s.case_id as "case_id: CaseId", s.unit, s.title, s.every, s.step, s.first_due_at, s.until_on, s.times, s.made, s.next_due_at,
             case when s.assignee is not null and access.fit_for(s.assignee, s.case_id, s.case_type) then s.assignee else s.case_manager end as "holder: UserId"
           from task_series s where s.next_due_at is not null and ($1::uuid is null or s.id = $1) and ($2::uuid is null or s.case_id = $2)
             and ($3::timestamptz is null or s.next_due_at <= $3) order by s.next_due_at, s.id limit $4"#,
        one,
        of,
        before,
        AT_ONCE
    )
    .fetch_all(work.db())
    .await?;
    let series = rows.into_iter().map(|row| Series {
        id: row.id,
        case_id: row.case_id,
        unit: row.unit,
        title: row.title,
        repeat: Repeat { every: row.every, step: row.step, until_on: row.until_on, times: row.times },
        first_due_at: row.first_due_at,
        made: row.made,
        next_due_at: row.next_due_at,
        holder: row.holder,
    });
    Ok(series.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeat(every: i32, step: &str, until_on: Option<&str>, times: Option<i32>) -> Repeat {
        Repeat { every, step: step.into(), until_on: until_on.map(|day| day.parse().unwrap()), times }
    }

    #[test]
    fn the_next_one_keeps_its_time_of_day_and_ends_when_it_should() {
        let berlin = Calendar::new(chrono_tz::Europe::Berlin, &[], []).unwrap();
        let first: DateTime<Utc> = "2026-03-20T08:00:00Z".parse().unwrap();
        let due = |repeat: &Repeat, made| repeat.after(first, made, &berlin).map(|at| at.to_rfc3339());
        // Nine in the morning before and after the clocks change on 29 March.
        assert_eq!(due(&repeat(2, "weeks", None, Some(3)), 1).as_deref(), Some("2026-04-03T07:00:00+00:00"));
        assert_eq!(due(&repeat(2, "weeks", None, Some(3)), 3), None);
        assert_eq!(due(&repeat(1, "months", Some("2026-05-20"), None), 2).as_deref(), Some("2026-05-20T07:00:00+00:00"));
        assert_eq!(due(&repeat(1, "months", Some("2026-05-20"), None), 3), None);
        assert_eq!(due(&repeat(3, "days", None, Some(9)), 1).as_deref(), Some("2026-03-23T08:00:00+00:00"));
    }

    #[test]
    fn what_comes_again_must_end_some_day() {
        let first: DateTime<Utc> = "2026-03-20T08:00:00Z".parse().unwrap();
        let errors = |repeat: Repeat| {
            let mut errors = FieldErrors::default();
            repeat.check(first, &mut errors);
            errors
        };
        assert_eq!(errors(repeat(1, "days", None, None)).get("until_on"), Some("until_or_times"));
        assert_eq!(errors(repeat(0, "days", None, Some(4))).get("every"), Some("every_range"));
        assert_eq!(errors(repeat(1, "days", Some("2026-03-01"), None)).get("until_on"), Some("ends_before_it_starts"));
        assert_eq!(errors(repeat(1, "days", None, Some(1))).get("times"), Some("times_range"));
        assert!(errors(repeat(1, "weeks", None, Some(4))).0.is_empty());
    }
}
