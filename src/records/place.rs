//! Where records are kept: a case or a person, and what the packs let be kept there.
use std::sync::Arc;

use crate::access::Act;
use crate::cases::{self, Case, gates};
use crate::documents::document::OfRecord;
use crate::error::Error;
use crate::packs::{self, Pack, RecordKind, Shape, Under};
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RecordId, UnitId, UserId};
use crate::web::Page;

use super::{part, record};

/// A case or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A case.
    Case(CaseId),
    /// A person.
    Person(PersonId),
}

/// A kind with the pack that knows it.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The pack.
    pub pack: Arc<Pack>,
    /// At this version.
    pub version: i32,
    /// The kind.
    pub kind: RecordKind,
}

/// Where records are kept.
#[derive(Debug, Clone)]
pub struct Place {
    /// The case or person.
    pub of: Of,
    /// Its code, which stands in titles instead of the name (S13).
    pub code: String,
    /// The person; of a case its subject.
    pub person: PersonId,
    /// The unit that writes here.
    pub unit: UnitId,
    /// Work goes on here.
    pub open: bool,
    /// What may be kept.
    pub kinds: Vec<Kind>,
    /// Who keeps the case and who supervises it by name.
    pub keepers: Vec<UserId>,
}

impl Place {
    /// The place, as far as the actor sees it.
    pub async fn find(work: &mut Work, of: Of) -> Result<Self, Error> {
        work.may(Act::CaseRead)?;
        match of {
            Of::Case(id) => {
                let case = cases::store::find(work, id).await?;
                Self::of_case(work, &case).await
            }
            Of::Person(id) => Self::of_person(work, id).await,
        }
    }

    /// The place that a case is. A running case keeps the kinds of the pack it began with.
    pub async fn of_case(work: &mut Work, case: &Case) -> Result<Self, Error> {
        let pack = cases::actions::pack_of(work, case).await?;
        let kinds = pack.record_kinds(Under::Case, &case.type_code).cloned();
        let kinds = kinds.map(|kind| Kind { pack: pack.clone(), version: case.pack_version, kind }).collect();
        let (of, code) = (Of::Case(case.id), case.code.clone());
        let keepers = [case.case_manager, case.supervisor].into_iter().flatten().collect();
        Ok(Self { of, code, person: case.person_id, unit: case.unit, open: case.is_open(), kinds, keepers })
    }

    // A person's records are kept by the reader's own unit, of the kinds that their roles are cleared for.
    async fn of_person(work: &mut Work, id: PersonId) -> Result<Self, Error> {
        let person = people::store::find(work, id).await?;
        let cleared = cases::store::cleared_types(work).await?;
        let mut kinds = Vec::new();
        for (version, pack) in packs::store::newest(work).await? {
            let mine =
                |kind: &&RecordKind| kind.under == Under::Person && pack.kept_for(kind).iter().any(|id| cleared.contains(id));
            let known = pack.records.iter().filter(mine).cloned();
            kinds.extend(known.map(|kind| Kind { pack: pack.clone(), version, kind }));
        }
        let unit = work.standing.units.first().copied().unwrap_or_default();
        Ok(Self { of: Of::Person(id), code: person.code, person: id, unit, open: true, kinds, keepers: Vec::new() })
    }

    /// The address of the case or person.
    pub fn path(&self) -> String {
        match self.of {
            Of::Case(id) => format!("/cases/{id}"),
            Of::Person(id) => format!("/people/{id}"),
        }
    }

    /// The kind of this code, if it may be kept here.
    pub fn kind(&self, code: &str) -> Option<&Kind> {
        self.kinds.iter().find(|known| known.kind.code == code)
    }

    /// How documents of a record of this kind are kept: of one with guarded parts, or of a kind that the pack no longer knows, no further than these.
    pub fn holds(&self, kind: &str, root: RecordId) -> OfRecord {
        let shape = self.kind(kind).map(|known| known.kind.shape);
        let guarded = |name: &&str| part::find(name).is_some_and(|part| part.guarded);
        OfRecord {
            root,
            guarded: shape.is_none_or(|shape| record::parts(shape).iter().any(guarded)),
            tracing: shape == Some(Shape::Tracing),
        }
    }

    /// The panel that records of this kind wait for is open.
    pub async fn must_be_open(&self, work: &mut Work, kind: &Kind) -> Result<(), Error> {
        let (Of::Case(id), Some(panel)) = (self.of, &kind.kind.panel) else { return Ok(()) };
        let case = cases::store::find(work, id).await?;
        gates::must_be_open(work, &case, panel).await
    }

    /// What opens that panel, in words; empty where it is open.
    pub async fn opening(&self, work: &mut Work, p: &Page, kind: &Kind) -> Result<String, Error> {
        let (Of::Case(id), Some(panel)) = (self.of, &kind.kind.panel) else { return Ok(String::new()) };
        let case = cases::store::find(work, id).await?;
        gates::opening(work, p, &case, panel).await
    }

    /// The actor may write something new here: nothing is added to a closed case.
    pub async fn may_add(&self, work: &mut Work) -> Result<(), Error> {
        self.may_write(work).await?;
        match self.of {
            Of::Case(id) if !self.open => cases::store::find(work, id).await?.must_be_open(),
            _ => Ok(()),
        }
    }

    /// The actor may write here.
    pub async fn may_write(&self, work: &mut Work) -> Result<(), Error> {
        let case = match self.of {
            Of::Case(id) => Some(id),
            Of::Person(_) => None,
        };
        work.may_in(Act::CaseEdit, self.unit, case).await
    }
}
