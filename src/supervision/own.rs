//! How much somebody carries themselves, which is said before they take more (S24).
use super::team::{is_more_than_full, share};
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;

/// What the actor carries.
#[derive(Debug, Clone, Copy)]
pub struct Carries {
    /// The share of one worker's caseload that their cases take.
    pub load: f64,
}

impl Carries {
    /// The actor's own cases, in whichever unit.
    pub async fn of_me(work: &mut Work) -> Result<Self, Error> {
        let me = work.me()?;
        let rows = sqlx::query!(
            r#"select case_type, pack, pack_version, risk, count(*) as "cases!" from cases
               where case_manager = $1 and closed_at is null group by case_type, pack, pack_version, risk"#,
            me.0
        )
        .fetch_all(work.db())
        .await?;
        let mut load = 0.0;
        for row in rows {
            let pack = packs::store::find(work, &row.pack, row.pack_version).await?;
            load += share(&pack, row.case_type, row.risk.as_deref()) * row.cases as f64;
        }
        Ok(Self { load })
    }

    /// Nothing more fits.
    pub fn is_full(self) -> bool {
        self.load > 1.0 - 1e-9
    }

    /// It is more than a full caseload.
    pub fn is_too_much(self) -> bool {
        is_more_than_full(self.load)
    }
}
