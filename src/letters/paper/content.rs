//! What can be printed: texts ready to be read, in the language of the letter. Words that every letter of a layout carries ("Date",
//! "How to answer") are the layout's own and are not passed in.
use crate::platform::lang::Lang;

/// Everything one piece of paper says.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Content {
    pub layout: Layout,
    pub lang: Lang,
    pub discretion: Discretion,
    pub letterhead: Letterhead,
    /// The day of the letter, as the reader writes dates.
    pub date: String,
    /// The referral's code; for the person, protected and restricted cases have no other name here.
    pub reference: String,
    /// Organisation, contact and address of the receiver, a line each.
    pub recipient: Vec<String>,
    pub subject: String,
    /// The body; a line break inside a paragraph is kept. For protected types it comes from the template alone and names the service.
    pub paragraphs: Vec<String>,
    /// The packet's sections.
    pub sections: Vec<Section>,
    /// Whom to ask at the sender: name or desk, telephone, e-mail, hours, a line each. Protected types name the switchboard alone.
    pub sender: Vec<String>,
    pub answer: Option<Answer>,
    /// Where there is neither account nor link to answer by: whom to ring, a line each.
    #[serde(default)]
    pub by_telephone: Option<String>,
    /// The line at the foot of each page; a standing one is printed if this is empty.
    pub confidentiality: String,
    /// For [`Layout::InterAgencyForm`].
    pub form: Option<Form>,
    /// For [`Layout::AppointmentCard`].
    pub card: Option<Card>,
}

/// Which paper it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Layout {
    #[default]
    Letter,
    InterAgencyForm,
    AppointmentCard,
}

/// How much the paper may tell whoever finds it (S17).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Discretion {
    /// The sections that consent allows.
    #[default]
    Standard,
    /// Protected types: code, service wanted and the sender's switchboard; everything else waits behind the PIN.
    CodeOnly,
    /// Restricted types: nothing but a plain appointment card.
    CardOnly,
}

/// Who writes.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Letterhead {
    /// Empty where the paper must not say who sends it.
    pub org_name: String,
    /// Address, telephone, web site, a line each.
    pub lines: Vec<String>,
    pub logo: Option<Logo>,
}

impl Letterhead {
    /// Who writes, and where to reach them, a line each.
    pub fn in_lines(&self) -> String {
        let parts = std::iter::once(&self.org_name).chain(&self.lines).filter(|part| !part.is_empty());
        parts.cloned().collect::<Vec<_>>().join("\n")
    }
}

/// A picture for the letterhead.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub enum Logo {
    Png(#[serde(with = "in_base64")] Vec<u8>),
    Jpeg(#[serde(with = "in_base64")] Vec<u8>),
}

impl Logo {
    /// The picture that these bytes were found to be.
    pub fn of(media_type: &str, bytes: Vec<u8>) -> Self {
        if media_type == "image/png" { Self::Png(bytes) } else { Self::Jpeg(bytes) }
    }

    /// Its type.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Png(_) => "image/png",
            Self::Jpeg(_) => "image/jpeg",
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Png(bytes) | Self::Jpeg(bytes) => bytes,
        }
    }
}

// A frozen letter holds its logo, as a third more characters and not as a list of numbers.
mod in_base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map_err(de::Error::custom)
    }
}

/// One section of the packet.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Section {
    pub title: String,
    /// Label and value.
    pub rows: Vec<(String, String)>,
    /// The person did not agree to share it: the title is printed, and that it is withheld; never the rows.
    pub withheld: bool,
}

/// How the receiver answers.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// What the QR code opens.
    pub url: String,
    /// What a reader without a camera types into the browser, for example `https://care.example/r`.
    pub address: String,
    /// The code to type there.
    pub short_code: String,
    /// The last day on which code and QR work.
    pub expires: String,
}

/// The inter-agency referral form.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Form {
    pub priority: Priority,
    /// When the answer is due, by the pack's clock for this priority.
    pub answer_by: String,
    pub referring: Agency,
    pub receiving: Agency,
    /// Person's name or case code, language, and what else identifies them for the receiver, as label and value.
    pub person: Vec<(String, String)>,
    /// For a child.
    pub child: Option<Child>,
    /// Why the person is referred, a paragraph each.
    pub reason: Vec<String>,
    /// What has already been provided, a line each.
    pub provided: Vec<String>,
    pub services: Vec<Tick>,
    pub consent: Vec<Consent>,
    /// How the person may and may not be reached, a line each.
    pub restrictions: Vec<String>,
    pub follow_up: FollowUp,
}

/// How soon help is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Priority {
    Emergency,
    Urgent,
    #[default]
    Normal,
}

/// One side of the form.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Agency {
    pub name: String,
    /// Contact, telephone, e-mail, place, a line each.
    pub lines: Vec<String>,
}

/// The block for a child.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Child {
    /// The primary caregiver's name. None for one who is not safe to involve (S3), who is never printed.
    pub caregiver: Option<String>,
    pub relationship: Option<String>,
    /// Where and how the caregiver is safely reached.
    #[serde(default)]
    pub contact: Option<String>,
    pub accompaniment: Accompaniment,
    pub informed: Informed,
}

/// With whom the child is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Accompaniment {
    #[default]
    WithCaregiver,
    Separated,
    Unaccompanied,
    NotKnown,
}

/// The caregiver knows of this referral, or why not.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Informed {
    Yes,
    No {
        reason: String,
    },
    #[default]
    NotRecorded,
}

/// One line of a tick list.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Tick {
    pub ticked: bool,
    pub text: String,
}

/// What the person agreed to share with one recipient, and what they did not.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    pub recipient: String,
    pub shared: Vec<String>,
    pub withheld: Vec<String>,
    pub until: String,
}

/// How and when the sender hears how it went.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct FollowUp {
    pub channel: String,
    pub date: String,
}

/// A plain appointment card: no service, no kind of agency, no reason.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Card {
    pub date: String,
    pub time: String,
    /// Where, a line each; leave empty for a place that must stay hidden (S14).
    pub place: Vec<String>,
    /// The switchboard.
    pub phone: String,
    /// A word or code to say there.
    pub say: String,
}
