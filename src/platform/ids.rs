//! Typed ids: a case id is never mistaken for a person id. Ids are made by the program, version 7, and stay inside; what leaves the
//! house (packets, letters, links) carries random ids. Codes for people to read are random with a check character (S13).
use rand::RngExt;
use uuid::Uuid;

/// Declares one id type over [`Uuid`].
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, ordered by time.
            #[expect(clippy::new_without_default, reason = "a new id is never a default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

id! {
    /// A user of the system.
    UserId,
    /// A person on the registry.
    PersonId,
    /// A household.
    HouseholdId,
    /// A case.
    CaseId,
    /// A note on a case.
    NoteId,
    /// A child record of a case or a person.
    RecordId,
    /// A round of an assessment of a case.
    AssessmentId,
    /// A version of a case's plan.
    PlanId,
    /// A goal, an expected result or an action of a plan.
    PlanLineId,
    /// A document on a case.
    DocumentId,
    /// A consent, or another basis of disclosure.
    ConsentId,
    /// A service of the directory.
    ServiceId,
    /// A screening of households for services.
    ScreeningId,
    /// A referral.
    ReferralId,
    /// A packet: what a referral disclosed.
    PacketId,
    /// The letter of a referral.
    LetterId,
    /// A task.
    TaskId,
    /// A notification.
    NotificationId,
    /// A message in the outbox.
    MessageId,
    /// A registered contact of an organisation.
    ContactId,
    /// An answer link: one referral's way in for a receiver without account.
    LinkId,
    /// A transfer of cases.
    TransferId,
    /// A form.
    FormId,
    /// An edition of a form: one definition that was uploaded.
    EditionId,
    /// One filled copy of a form on a case.
    SubmissionId,
    /// A filled copy that came from a device and names no case.
    ArrivalId,
    /// A request that a case be closed.
    ClosingId,
    /// A community project.
    ProjectId,
    /// Somebody's place in a community project.
    PlacementId,
    /// A row that needs no type of its own.
    RowId,
}

/// An organisation's number.
pub type OrgId = i32;
/// A unit's number.
pub type UnitId = i32;

// Without vowels and look-alikes, so that no code spells a word and none is misread.
const ALPHABET: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";

/// A random code such as `C-7KQ4-M2XD`: a letter for the kind, seven random characters, one check character. No initials, place or year.
pub fn code(kind: char) -> String {
    code_from(kind, &mut rand::rng())
}

/// Codes to try one after the other until one is free: two of ten milliard seldom meet, and whoever meets them is not told so.
pub fn codes(kind: char) -> impl Iterator<Item = String> {
    std::iter::repeat_with(move || code(kind)).take(5)
}

/// None of these codes was free.
pub fn no_code_free(kind: char) -> crate::error::Error {
    anyhow::anyhow!("of several codes of the kind {kind} none was free").into()
}

/// The same as [`code`] from a given source of randomness, for worlds that can be made again.
pub fn code_from(kind: char, random: &mut impl rand::Rng) -> String {
    let body: Vec<usize> = (0..7).map(|_| random.random_range(0..ALPHABET.len())).collect();
    spell(kind, &body)
}

fn spell(kind: char, body: &[usize]) -> String {
    let letters: String = body.iter().chain([&check(body)]).map(|&i| char::from(ALPHABET[i])).collect();
    format!("{kind}-{}-{}", &letters[..4], &letters[4..])
}

// A weighted sum modulo a prime larger than the weights: catches every single wrong character and every swap of neighbours.
fn check(body: &[usize]) -> usize {
    body.iter().enumerate().map(|(i, &value)| value * (i + 2)).sum::<usize>() % ALPHABET.len()
}

/// Reads a code as people type it: any case, with or without dashes; `None` when the check character does not fit.
pub fn read_code(kind: char, typed: &str) -> Option<String> {
    let plain: String = typed.trim().to_uppercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let plain = plain.strip_prefix(kind)?;
    let values = plain.bytes().map(|b| ALPHABET.iter().position(|&a| a == b)).collect::<Option<Vec<_>>>()?;
    let (&last, body) = values.split_last()?;
    (body.len() == 7 && check(body) == last).then(|| spell(kind, body))
}

// None shares a factor with the alphabet's length, so every single wrong character shows; neighbours differ by 1 or 2, so every swap does.
const WEIGHTS: [usize; SHORT] = [1, 2, 4, 5, 7, 8, 10, 11, 13];
const SHORT: usize = 9;

/// A short code for paper, such as `7KQ4M-2XDH9`: nine characters (42 bits) out of these bytes, and one that checks them.
pub fn short_code(secret: &[u8; 16]) -> String {
    let base = ALPHABET.len() as u128;
    let mut rest = u128::from_be_bytes(*secret);
    let mut body = [0; SHORT];
    for place in &mut body {
        *place = usize::try_from(rest % base).unwrap_or_default();
        rest /= base;
    }
    spell_short(&body)
}

fn spell_short(body: &[usize; SHORT]) -> String {
    let check = body.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<usize>() % ALPHABET.len();
    let letters: String = body.iter().chain([&check]).map(|&i| char::from(ALPHABET[i])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// Reads a short code as people type it; `None` when it can't be one.
pub fn read_short_code(typed: &str) -> Option<String> {
    let plain: String = typed.to_uppercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let values = plain.bytes().map(|b| ALPHABET.iter().position(|&a| a == b)).collect::<Option<Vec<_>>>()?;
    let (_, body) = values.split_last()?;
    let code = spell_short(body.try_into().ok()?);
    (code.replace('-', "") == plain).then_some(code)
}

/// 32 random bytes as URL-safe text, for sessions, tokens and links. Only a hash of it is stored.
pub fn secret() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The hash under which a secret is stored.
pub fn hash(secret: &str) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_typed_by_hand_but_not_a_slip() {
        let code = code('C');
        assert_eq!(read_code('C', &code.to_lowercase().replace('-', " ")), Some(code.clone()));
        let slip = if code.ends_with('2') { "3" } else { "2" };
        assert_eq!(read_code('C', &format!("{}{slip}", &code[..code.len() - 1])), None);
        assert_eq!(read_code('R', &code), None);
    }

    #[test]
    fn a_short_code_shows_every_wrong_character_and_every_swap_of_neighbours() {
        for secret in (0..50u128).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834).to_be_bytes()) {
            let code = short_code(&secret);
            assert_eq!(code.len(), 11);
            assert_eq!(read_short_code(&format!(" {} ", code.to_lowercase().replace('-', " "))), Some(code.clone()));
            let plain: Vec<u8> = code.bytes().filter(|b| *b != b'-').collect();
            for at in 0..10 {
                for wrong in ALPHABET.iter().filter(|b| **b != plain[at]) {
                    let mut slip = plain.clone();
                    slip[at] = *wrong;
                    assert_eq!(read_short_code(&String::from_utf8_lossy(&slip)), None);
                }
                let mut swapped = plain.clone();
                if at < 8 && plain[at] != plain[at + 1] {
                    swapped.swap(at, at + 1);
                    assert_eq!(read_short_code(&String::from_utf8_lossy(&swapped)), None);
                }
            }
        }
        assert_eq!(read_short_code("ABC"), None);
    }
}
