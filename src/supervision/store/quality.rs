//! The statements of the review of quality.
use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UnitId, UserId};
use crate::supervision::quality::Review;

const REMARK: &str = "quality_reviews.remark";

/// A case drawn for review this month.
#[derive(Debug)]
pub struct Drawn {
    /// The case.
    pub id: CaseId,
    /// Its code.
    pub code: String,
    /// Its type.
    pub case_type: i16,
    /// Its pack.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// Who keeps it.
    pub manager: UserId,
    /// By name.
    pub manager_name: String,
    /// What this month's review found, once there is one.
    pub result: Option<String>,
}

/// This month's sample of these units: of every worker one in twenty of the cases that were open as the month began, one at least. Which ones
/// follows from the case and the month, so that everybody sees the same and nobody chooses.
pub async fn sample(work: &mut Work, units: &[UnitId], month: NaiveDate, begins: DateTime<Utc>) -> Result<Vec<Drawn>, Error> {
    let drawn = sqlx::query_as!(
        Drawn,
        r#"with open as (
             select c.id, c.code, c.case_type, c.pack, c.pack_version, c.case_manager, count(*) over (partition by c.case_manager) as cases,
               row_number() over (partition by c.case_manager order by hashtextextended(c.id::text || $2::date, 0)) as place
             from cases c where c.unit = any ($1) and c.case_manager is not null and c.opened_at < $3 and (c.closed_at is null or c.closed_at >= $3))
           select o.id as "id!: CaseId", o.code as "code!", o.case_type as "case_type!", o.pack as "pack!", o.pack_version as "pack_version!", o.case_manager as "manager!: UserId", u.name as manager_name, q.result as "result?"
           from open o join users u on u.id = o.case_manager left join quality_reviews q on q.case_id = o.id and q.month = $2
           where o.place <= ceil(o.cases / 20.0) order by u.name, o.place limit 200"#,
        units,
        month,
        begins
    );
    Ok(drawn.fetch_all(work.db()).await?)
}

/// Writes a review; one more of the same month is refused.
pub(in crate::supervision) async fn insert_review(
    work: &mut Work,
    case: CaseId,
    id: RowId,
    month: NaiveDate,
    review: &Review,
) -> Result<(), Error> {
    let remark = review.remark.trim();
    let sealed = if remark.is_empty() { None } else { Some(work.case_key(case.0).await?.seal(REMARK, remark.as_bytes())) };
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    let answers = serde_json::to_value(&review.answers).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into quality_reviews (id, case_id, month, answers, result, remark, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.0,
        case.0,
        month,
        answers,
        review.result,
        sealed,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("quality_reviews_month_key", || invalid("result", "reviewed_this_month"))?;
    Ok(())
}

/// A review as it is read.
#[derive(Debug)]
pub struct Written {
    /// Of which month.
    pub month: NaiveDate,
    /// Question to answer.
    pub answers: serde_json::Value,
    /// What came of it.
    pub result: String,
    /// In the reviewer's words.
    pub remark: String,
    /// Who looked.
    pub author_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// The reviews of a case, the newest first.
pub async fn reviews(work: &mut Work, case: CaseId) -> Result<Vec<Written>, Error> {
    let rows = sqlx::query!(
        "select month, answers, result, remark, author_name, recorded_at from quality_reviews where case_id = $1 order by month desc limit 60",
        case.0
    )
    .fetch_all(work.db())
    .await?;
    let sealed = rows.iter().any(|row| row.remark.is_some());
    let key = if sealed { Some(work.case_key(case.0).await?) } else { None };
    let opened = |remark: Option<Vec<u8>>| match (&key, remark) {
        (Some(key), Some(sealed)) => key.open_text(REMARK, &sealed),
        _ => Ok(String::new()),
    };
    rows.into_iter()
        .map(|row| {
            let remark = opened(row.remark)?;
            Ok(Written {
                month: row.month,
                answers: row.answers,
                result: row.result,
                remark,
                author_name: row.author_name,
                recorded_at: row.recorded_at,
            })
        })
        .collect()
}
