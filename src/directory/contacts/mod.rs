//! Registered contacts: where an organisation is reached about referrals, a person by name or a desk.
//!
//! A *keeper* is the organisation in whose register a contact stands: an organisation keeps its own desks, and each keeps for itself whom it
//! knows at organisations outside the system. *Verified* means that somebody of the keeper's rang the organisation's known number (S17);
//! another name, address or number must be verified again. For protected and restricted types only a named, verified contact is written to.
//! Deliberately not here: what is sent to a contact (`referrals::links`, letters), and anything about the person a referral is for.
pub mod actions;
mod api;
mod pages;
mod record;
pub mod store;

use chrono::{DateTime, Utc};

use crate::packs::Sensitivity;
use crate::platform::ids::{ContactId, OrgId};
use crate::platform::lang::Lang;

pub use store::{find, list, verified};

/// Every route of contacts.
pub fn routes() -> crate::web::Routes {
    pages::routes().and(api::routes())
}

/// A registered contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Whose contact.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// In whose register it stands.
    pub keeper: OrgId,
    /// The person's or the desk's name.
    pub name: String,
    /// The person's role, or where the desk is.
    pub desk: String,
    /// A person by name, or a desk.
    pub kind: ContactKind,
    /// Where it is written to; may be empty.
    pub email: String,
    /// Where it is rung; may be empty.
    pub phone: String,
    /// The language it is written to in.
    pub lang: Lang,
    /// When it was verified by telephone.
    pub verified_at: Option<DateTime<Utc>>,
    /// Who did that, as far as the reader knows them.
    pub verified_by: String,
    /// When it was taken out of use.
    pub retired_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i32,
}

/// Whether a contact is a person or a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContactKind {
    /// A person by name.
    Person,
    /// A desk where several read.
    #[default]
    Desk,
}

impl ContactKind {
    /// The code in forms and on the wire.
    pub fn code(self) -> &'static str {
        if self == Self::Person { "person" } else { "desk" }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Person, Self::Desk].into_iter().find(|kind| kind.code() == code)
    }
}

impl Contact {
    /// It is in use.
    pub fn is_active(&self) -> bool {
        self.retired_at.is_none()
    }

    /// A person by name, verified by telephone, in use: what S17 asks for.
    pub fn is_proven(&self) -> bool {
        self.is_active() && self.kind == ContactKind::Person && self.verified_at.is_some()
    }

    /// May be written to about a case that is guarded so.
    pub fn may_hear_of(&self, sensitivity: Sensitivity) -> bool {
        self.is_active() && (sensitivity == Sensitivity::Standard || self.is_proven())
    }
}
