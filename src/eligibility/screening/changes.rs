//! SQL on what changed since the screening before, of the cases that the reader sees.
use uuid::Uuid;

use super::course::Screening;
use super::judging::{NEWLY, NO_LONGER, bit};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// Which way a verdict changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Eligible now and not before.
    Newly,
    /// Eligible before and not now.
    NoLonger,
}

impl Turn {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Newly => "newly",
            Self::NoLonger => "no_longer",
        }
    }

    /// The one of this code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Newly, Self::NoLonger].into_iter().find(|turn| turn.code() == code)
    }

    fn bit(self) -> usize {
        match self {
            Self::Newly => NEWLY,
            Self::NoLonger => NO_LONGER,
        }
    }
}

/// A case whose verdict changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Which.
    pub case: CaseId,
    /// Its code.
    pub code: String,
    /// The person, whose name stands on lists of standard cases.
    pub person: Uuid,
    /// The worker's name.
    pub worker: Option<String>,
}

/// Open cases whose verdict on this line turned this way, after this one.
pub async fn list(
    work: &mut Work,
    screening: &Screening,
    (line, turn): (usize, Turn),
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<Changed>, Error> {
    let bit = i64::try_from(bit(line, turn.bit())).map_err(anyhow::Error::from)?;
    let changed = sqlx::query_as!(
        Changed,
        r#"select c.id as "case: CaseId", c.code, c.person_id as person, w.name as "worker?"
           from screening_results r join cases c on c.id = r.case_id join case_types t on t.id = c.case_type and t.sensitivity = 'standard'
             left join users w on w.id = c.case_manager
           where r.screening_id = $1 and r.changes is not null and get_bit(r.changes, $2) = 1 and r.case_id > $3 and c.closed_at is null
           order by r.case_id limit $4"#,
        screening.id.0,
        bit,
        after.unwrap_or_default(),
        most
    );
    Ok(changed.fetch_all(work.db()).await?)
}
