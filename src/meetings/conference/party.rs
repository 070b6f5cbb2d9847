//! Who comes to a conference, what is shared with them and on what ground. No SQL.
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::meetings::outcome::Decided;
use crate::people::guard::{self, Kind, Known};
use crate::platform::ids::{CaseId, ConsentId, OrgId, RowId};

/// Why the person is not asked to come.
pub const NOT_INVITED: [&str; 5] = ["declined", "not_safe", "too_young", "unwell", "other"];
/// How a party agreed to keep what it hears to itself.
pub const AGREED: [&str; 3] = ["signed", "said", "written"];
/// The longest text of a section, and the longest name of who comes.
pub const LONGEST_TEXT: usize = 4000;
/// The longest name of who comes.
pub const LONGEST_LINE: usize = 200;

/// Whether the person is asked to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// They are.
    pub person: bool,
    /// Why not; one of [`NOT_INVITED`].
    pub reason: Option<String>,
}

/// One section that is shared.
#[derive(Debug, Clone)]
pub struct Share {
    /// Of the pack.
    pub section: String,
    /// What it rests on.
    pub consent: ConsentId,
    /// The kind of that basis.
    pub basis: String,
    /// It was taken back since.
    pub withdrawn: bool,
}

/// An organisation that comes.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its id.
    pub id: RowId,
    /// Which organisation.
    pub org: OrgId,
    /// How it is called.
    pub org_name: String,
    /// Somebody there can open minutes of the case; where nobody can, its part goes on paper.
    pub reads: bool,
    /// Who comes for it.
    pub who: String,
    /// How it agreed to keep what it hears to itself; it has not yet without it.
    pub agreed_how: Option<String>,
    /// What is shared with it.
    pub shares: Vec<Share>,
    /// The packet that it received.
    pub packet: Option<RowId>,
    /// It is asked to delete that packet.
    pub recall: Option<Recall>,
}

/// How it stands with minutes that are to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recall {
    /// By when.
    pub by: DateTime<Utc>,
    /// The organisation said that no copy is left.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Nobody there may answer here.
    pub unanswered: bool,
}

impl Party {
    /// The part of the minutes that is shared with it, by section.
    pub fn part_of(&self, minutes: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let shared = |section: &String| self.shares.iter().any(|share| share.section == *section);
        minutes.iter().filter(|(section, _)| shared(section)).map(|(section, text)| (section.clone(), text.clone())).collect()
    }

    /// These words tell it more of who is meant than is shared with it (S27).
    pub fn is_told_too_much(&self, words: &str, known: &Known) -> bool {
        let hears = |kind| self.shares.iter().any(|share| share.section == section_of(kind) && !share.withdrawn);
        guard::find(words, known).iter().any(|hit| !hears(hit.kind))
    }

    /// What it agreed to do. What tells it more than is shared with it by now, since consent was taken back, does not leave with its packet.
    pub fn agreed_to(&self, decided: &[Decided], known: &Known) -> Vec<Agreed> {
        let own = decided.iter().filter(|one| one.party == Some(self.id.0) && !self.is_told_too_much(&one.what, known));
        own.map(|one| Agreed { what: one.what.clone(), due_on: one.due_on }).collect()
    }
}

// The section that says this of somebody.
fn section_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Name | Kind::Birth => "identity",
        Kind::Phone | Kind::Email => "safe_contact",
        Kind::Document => "identity_documents",
        Kind::Address => "address",
    }
}

/// A party to be added.
#[derive(Debug, Clone, Default)]
pub struct NewParty {
    /// Which organisation.
    pub org: Option<OrgId>,
    /// Who comes for it.
    pub who: String,
    /// What is to be shared with it.
    pub sections: Vec<String>,
}

/// A part of the minutes that goes to one organisation, and what it rests on now.
#[derive(Debug, Clone)]
pub struct Part {
    /// Of the pack.
    pub section: String,
    /// What is said of it.
    pub text: String,
    /// The consent or other basis.
    pub consent: ConsentId,
}

/// What stands in a packet, sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Minutes {
    /// Text by section.
    pub sections: BTreeMap<String, String>,
    /// What its receiver agreed to do.
    pub agreed: Vec<Agreed>,
}

/// Something that an organisation agreed to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreed {
    /// What.
    pub what: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// A packet as its receiver finds it, closed.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its id.
    pub id: RowId,
    /// Of which case, for its sender.
    pub case_id: CaseId,
    /// Its code.
    pub code: String,
    /// Who held the conference.
    pub from_name: String,
    /// Whose packet it is.
    pub to_org: OrgId,
    /// When the conference was.
    pub held_at: DateTime<Utc>,
    /// The pack that names its sections.
    pub pack: String,
    /// In which version.
    pub pack_version: i32,
    /// What stands in it, sealed.
    pub body: Vec<u8>,
}

/// Minutes that the reader's organisation is to delete.
#[derive(Debug, Clone)]
pub struct ToDelete {
    /// The packet they were in.
    pub id: RowId,
    /// The code of the case.
    pub code: String,
    /// Who asks.
    pub from_name: String,
    /// When the conference was.
    pub held_at: DateTime<Utc>,
    /// By when.
    pub due_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn told_of(sections: &[&str]) -> Party {
        let share = |section: &&str| Share {
            section: (*section).to_owned(),
            consent: ConsentId(Uuid::nil()),
            basis: "consent".into(),
            withdrawn: false,
        };
        Party {
            id: RowId(Uuid::nil()),
            org: 2,
            org_name: "Clinic".into(),
            reads: true,
            who: String::new(),
            agreed_how: None,
            shares: sections.iter().map(share).collect(),
            packet: None,
            recall: None,
        }
    }

    #[test]
    fn s27_an_organisation_is_told_who_is_meant_as_far_as_that_is_shared_with_it() {
        let known = Known { names: vec!["Dana Saleh".into()], phones: vec!["+962791234567".into()], ..Known::default() };
        let told = |sections: &[&str], words: &str| told_of(sections).is_told_too_much(words, &known);
        assert!(!told(&["need"], "Back to school"));
        assert!(told(&["need"], "Dana Saleh goes back to school"));
        assert!(!told(&["need", "identity"], "Dana Saleh goes back to school"));
        assert!(told(&["need", "identity"], "Ring +962 79 123 4567"));
        assert!(!told(&["safe_contact"], "Ring +962 79 123 4567"));
        let mut taken_back = told_of(&["identity"]);
        taken_back.shares[0].withdrawn = true;
        assert!(taken_back.is_told_too_much("Dana Saleh goes back to school", &known));
        let agreed = |what: &str| Decided { what: what.into(), party: Some(Uuid::nil()), ..Decided::default() };
        let decided = [agreed("Offer a place"), agreed("Ring Dana Saleh")];
        assert_eq!(taken_back.agreed_to(&decided, &known).len(), 1);
        assert_eq!(told_of(&["identity"]).agreed_to(&decided, &known).len(), 2);
    }

    #[test]
    fn s27_a_packet_holds_what_is_shared_with_its_organisation_and_nothing_else() {
        let party = told_of(&["need", "health"]);
        let minutes = BTreeMap::from(["need", "address"].map(|section| (section.to_owned(), format!("about {section}"))));
        assert_eq!(party.part_of(&minutes), BTreeMap::from([("need".to_owned(), "about need".to_owned())]));
    }
}
