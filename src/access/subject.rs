//! A case as far as access to it is concerned: whose it is and how closely it is guarded. Rooms that keep a case's content read their own.
use std::sync::Arc;

use crate::error::Error;
use crate::packs::{self, CaseType, Pack, Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, PersonId, UnitId, UserId};

/// The case that a consent, a bar or a grant is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The case.
    pub id: CaseId,
    /// Its code.
    pub code: String,
    /// The owning organisation.
    pub org: OrgId,
    /// The owning unit.
    pub unit: UnitId,
    /// The number of its type.
    pub case_type: i16,
    /// How closely it is guarded.
    pub sensitivity: Sensitivity,
    /// The pack it follows.
    pub pack: String,
    /// At this version.
    pub pack_version: i32,
    /// Who works on it.
    pub case_manager: Option<UserId>,
    /// Who supervises it by name.
    pub supervisor: Option<UserId>,
    /// Whom it is about.
    pub person_id: PersonId,
    /// Whether the limits of confidentiality were explained (S1).
    pub limits_explained: bool,
}

/// A case that the actor sees.
pub async fn find(work: &mut Work, id: CaseId) -> Result<Subject, Error> {
    let row = sqlx::query!(
        "select c.id, c.code, c.org, c.unit, c.case_type, t.sensitivity, c.pack, c.pack_version, c.case_manager, c.supervisor, c.person_id,
           c.limits_explained_on is not null as \"limits_explained!\"
         from cases c join case_types t on t.id = c.case_type where c.id = $1",
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(Subject {
        id: CaseId(row.id),
        code: row.code,
        org: row.org,
        unit: row.unit,
        case_type: row.case_type,
        sensitivity: Sensitivity::parse(&row.sensitivity).unwrap_or(Sensitivity::Restricted),
        pack: row.pack,
        pack_version: row.pack_version,
        case_manager: row.case_manager.map(UserId),
        supervisor: row.supervisor.map(UserId),
        person_id: PersonId(row.person_id),
        limits_explained: row.limits_explained,
    })
}

impl Subject {
    /// The pack it follows.
    pub async fn pack(&self, work: &mut Work) -> Result<Arc<Pack>, Error> {
        packs::store::find(work, &self.pack, self.pack_version).await
    }

    /// Its type within its pack.
    pub fn type_in<'a>(&self, pack: &'a Pack) -> Option<&'a CaseType> {
        u8::try_from(self.case_type).ok().and_then(|id| pack.case_type_by_id(id))
    }

    /// Its address.
    pub fn path(&self) -> String {
        format!("/cases/{}", self.id)
    }

    /// The address of a page below it.
    pub fn under(&self, tail: &str) -> String {
        format!("/cases/{}/{tail}", self.id)
    }
}
