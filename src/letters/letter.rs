//! The letter of a referral: how it travels, what was typed, where it stands. No SQL, no HTTP.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::packs::{LetterUse, Sensitivity, Word, vocabulary};
use crate::platform::ids::{ContactId, LetterId, ReferralId};
use crate::platform::lang::Lang;
use crate::platform::outbox::{self, Delivery};
use crate::referrals::words::Kind;

vocabulary! {
    /// How a letter reaches its receiver.
    Way {
        Email = "email",
        /// On paper, carried by the person.
        Hand = "hand",
        /// On paper, by post or courier.
        Post = "post",
    }

    /// Where a letter stands, apart from its message.
    State {
        Draft = "draft",
        /// Frozen; its bytes are not made yet.
        Submitted = "submitted",
        /// Its exact bytes are kept; its message is posted, or it waits to be printed.
        Issued = "issued",
        /// Nothing went out.
        Dropped = "dropped",
    }
}

/// What the person who writes has put in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub contact_name: String,
    /// The name that the words were begun for.
    pub greeted: String,
    pub email: String,
    /// Subject and text of the message.
    pub words: Words,
    /// The template and language that the words were begun from: `referral_letter.fr`.
    pub based_on: String,
    /// Words that were edited before template or language changed, by what they were begun from. Nothing edited is lost.
    pub kept: BTreeMap<String, Words>,
    /// Records of the case that travel in the packet.
    pub documents: Vec<Uuid>,
    pub notes: Vec<Uuid>,
    /// Whether the person may carry the paper safely: `yes`, `no`, or not asked yet.
    pub safe_to_carry: String,
    /// Why the guard was overridden.
    pub guard_reason: String,
    /// The very words that this reason was given for, as [`Words::print`] knows them.
    pub guard_words: String,
    /// When and where to come, on an appointment card.
    pub card_on: Option<chrono::NaiveDate>,
    pub card_time: String,
    pub card_place: String,
}

/// A message's subject and text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub subject: String,
    pub message: String,
}

impl Words {
    /// Tells these words from others; browsers send other line ends than they were given.
    pub fn print(&self) -> String {
        use sha2::Digest;
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        hex::encode(sha2::Sha256::digest(format!("{}\0{}", plain(&self.subject), plain(&self.message))))
    }
}

impl Typed {
    /// A reason covers the words that it was given for and no later ones; answers whether one was dropped.
    pub fn drop_lapsed_reason(&mut self) -> bool {
        let lapsed = !self.guard_reason.is_empty() && self.guard_words != self.words.print();
        if lapsed {
            self.guard_reason.clear();
            self.guard_words.clear();
        }
        lapsed
    }
}

/// The template that a submitted letter was written with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pinned {
    pub pack: String,
    pub pack_version: i32,
    /// The organisation's own version, if it had one in force.
    pub own: Option<Uuid>,
}

/// The letter of a referral.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: LetterId,
    pub referral: ReferralId,
    /// 1 is the letter that went with the referral; those after it are further ones of the same packet.
    pub number: i16,
    pub state: State,
    /// Why nothing went out, as a code.
    pub reason: Option<String>,
    pub way: Way,
    pub lang: Lang,
    pub contact: Option<ContactId>,
    pub template: String,
    pub pinned: Option<Pinned>,
    pub typed: Typed,
    pub submitted_at: Option<DateTime<Utc>>,
    pub issued_at: Option<DateTime<Utc>>,
    pub printed_at: Option<DateTime<Utc>>,
    /// Counts its changes; 0 for one that is not kept yet.
    pub version: i32,
}

/// The number of a referral's first letter.
pub const FIRST: i16 = 1;

/// The id of a referral's letter. It follows from the referral and the letter's number, so that a preview carries the very code that the
/// letter will carry, before anything is kept; what cannot be guessed is the code, which is made with the keyring.
pub fn id_of(referral: ReferralId, number: i16) -> LetterId {
    let name = if number == FIRST { "letter".to_owned() } else { format!("letter {number}") };
    LetterId(Uuid::new_v5(&referral.0, name.as_bytes()))
}

/// For which kind of referral a letter is written at all, and which templates are meant for it.
pub fn use_of(kind: Kind) -> Option<LetterUse> {
    match kind {
        Kind::TransferNotice => Some(LetterUse::CaseTransfer),
        Kind::Partner => Some(LetterUse::Within),
        Kind::External => Some(LetterUse::Outside),
        Kind::Internal | Kind::SelfReferral => None,
    }
}

/// The ways that a case guarded so may be written about: of a restricted one nothing but a card goes, and only on paper (S17).
pub fn ways(sensitivity: Sensitivity) -> &'static [Way] {
    if sensitivity == Sensitivity::Restricted { &[Way::Hand] } else { Way::ALL }
}

/// Where a letter stands in one word, with its message: the tail of a text key.
pub fn standing(letter: &Letter, delivery: Option<&Delivery>) -> &'static str {
    match (letter.state, letter.way, delivery.map(|known| known.state)) {
        (State::Draft, ..) => "draft",
        (State::Dropped, ..) => "dropped",
        (_, Way::Email, None) => "queued",
        (_, Way::Email, Some(state)) => match state {
            outbox::State::Sending => "queued",
            other => other.code(),
        },
        (State::Submitted, ..) => "being-made",
        (State::Issued, ..) if letter.printed_at.is_some() => "printed",
        (State::Issued, ..) => "to-print",
    }
}

impl Letter {
    /// A letter that nobody has begun.
    pub fn blank(referral: ReferralId, lang: Lang) -> Self {
        Self {
            id: id_of(referral, FIRST),
            referral,
            number: FIRST,
            state: State::Draft,
            reason: None,
            way: Way::Email,
            lang,
            contact: None,
            template: String::new(),
            pinned: None,
            typed: Typed::default(),
            submitted_at: None,
            issued_at: None,
            printed_at: None,
            version: 0,
        }
    }

    /// It is still being written.
    pub fn is_draft(&self) -> bool {
        self.state == State::Draft
    }

    /// It is not the one that went with the referral.
    pub fn is_further(&self) -> bool {
        self.number > FIRST
    }

    /// The next one of its referral, begun with what this one said.
    pub fn next(&self, number: i16) -> Self {
        let typed = Typed { documents: Vec::new(), notes: Vec::new(), guard_reason: String::new(), ..self.typed.clone() };
        Self {
            number,
            way: self.way,
            contact: self.contact,
            template: self.template.clone(),
            typed,
            id: id_of(self.referral, number),
            ..Self::blank(self.referral, self.lang)
        }
    }

    /// The name of its file: the referral's code and nothing else (S13).
    pub fn file_name(code: &str) -> String {
        format!("{code}.pdf")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s17_of_a_restricted_case_nothing_goes_by_mail() {
        assert_eq!(ways(Sensitivity::Restricted), [Way::Hand]);
        assert!(ways(Sensitivity::Protected).contains(&Way::Email));
    }

    #[test]
    fn s13_the_file_is_named_by_the_code_alone() {
        assert_eq!(Letter::file_name("R-2222-2222"), "R-2222-2222.pdf");
    }

    #[test]
    fn each_letter_of_a_referral_has_an_id_of_its_own() {
        let (one, other) = (ReferralId::new(), ReferralId::new());
        assert_eq!(id_of(one, FIRST), id_of(one, FIRST));
        assert_ne!(id_of(one, FIRST), id_of(other, FIRST));
        assert_ne!(id_of(one, FIRST), id_of(one, 2));
        assert_ne!(id_of(one, FIRST).0, one.0);
    }

    #[test]
    fn a_further_letter_begins_with_what_the_last_one_said_and_attaches_nothing() {
        let mut first = Letter::blank(ReferralId::new(), Lang::Fr);
        first.typed = Typed { email: "desk@clinic.example".into(), notes: vec![Uuid::now_v7()], ..Typed::default() };
        let next = Letter { state: State::Issued, version: 3, ..first.clone() }.next(2);
        assert_eq!((next.number, next.version, next.state, next.lang), (2, 0, State::Draft, Lang::Fr));
        assert_eq!((next.typed.email.as_str(), next.typed.notes.len()), ("desk@clinic.example", 0));
        assert_eq!(next.id, id_of(first.referral, 2));
    }
}
