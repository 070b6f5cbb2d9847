//! What a screening found of each case on one of its lines: the verdict and the condition that decided, of the cases that the reader sees.
use rules::{NO_REASON, Verdict};
use uuid::Uuid;

use super::course::Screening;
use super::judging::{ELIGIBLE, UNKNOWN, bit};
use crate::eligibility::rule;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// The verdict of this code.
pub fn parse(word: &str) -> Option<Verdict> {
    [Verdict::Eligible, Verdict::NotEligible, Verdict::Unknown].into_iter().find(|verdict| rule::code(*verdict) == word)
}

/// A case that a line judged so.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which.
    pub case: CaseId,
    /// Its code.
    pub code: String,
    /// Its type.
    pub case_type: i16,
    /// The person, whose name stands on lists of standard cases.
    pub person: Uuid,
    /// The worker's name.
    pub worker: Option<String>,
    /// The place in the rule of the condition that decided; 255 for none.
    pub reason: i32,
}

impl Found {
    /// The place of the condition that decided.
    pub fn decided_by(&self) -> Option<usize> {
        usize::try_from(self.reason).ok().filter(|place| *place != usize::from(NO_REASON))
    }
}

/// The cases that a line judged so, after this one. Of a case that its rule is not meant for nothing was found.
pub async fn list(
    work: &mut Work,
    screening: &Screening,
    (line, verdict): (usize, Verdict),
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<Found>, Error> {
    let at = |which| i64::try_from(bit(line, which)).map_err(anyhow::Error::from);
    let place = i32::try_from(line).map_err(anyhow::Error::from)?;
    let found = sqlx::query_as!(
        Found,
        r#"select c.id as "case!: CaseId", c.code as "code!", c.case_type as "case_type!", c.person_id as "person!", w.name as "worker?", get_byte(r.reasons, $6) as "reason!"
           from screening_results r join cases c on c.id = r.case_id join case_types t on t.id = c.case_type and t.sensitivity = 'standard'
             left join users w on w.id = c.case_manager
           where r.screening_id = $1 and get_bit(r.verdicts, $2) = $3 and get_bit(r.verdicts, $4) = $5
             and ($3 = 1 or get_byte(r.reasons, $6) <> 255) and r.case_id > $7
           order by r.case_id limit $8"#,
        screening.id.0,
        at(ELIGIBLE)?,
        i32::from(verdict == Verdict::Eligible),
        at(UNKNOWN)?,
        i32::from(verdict == Verdict::Unknown),
        place,
        after.unwrap_or_default(),
        most
    );
    Ok(found.fetch_all(work.db()).await?)
}
