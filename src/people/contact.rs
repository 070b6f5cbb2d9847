//! Phones, e-mail addresses and documents of a person. Unknown is not safe (S6): every flag is false until the person said so.
use chrono::NaiveDate;

use crate::people::names;
use crate::platform::ids::RowId;

/// Kinds of document that are offered.
pub const DOCUMENT_KINDS: &[&str] =
    &["national_id", "passport", "refugee_certificate", "residence_permit", "birth_certificate", "family_booklet", "other"];

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Speaking on the phone.
    Call,
    /// A text message.
    Text,
    /// An e-mail.
    Email,
}

/// A phone number or e-mail address as it is written down, with what makes it safe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactEntry {
    /// `phone` or `email`.
    pub channel: String,
    /// Number or address as given.
    pub value: String,
    /// The person said calls are safe.
    pub safe_to_call: bool,
    /// The person said text messages are safe.
    pub safe_to_text: bool,
    /// The person said e-mails are safe.
    pub safe_to_email: bool,
    /// Others use this phone too.
    pub shared: bool,
    /// Who else may answer or read.
    pub others: String,
    /// At which hours.
    pub hours: String,
    /// What the caller may say.
    pub may_say: String,
    /// A voice message may be left.
    pub voicemail: bool,
    /// The word by which caller and person know each other.
    pub agreed_word: String,
    /// When all this was last checked with the person.
    pub checked_on: Option<NaiveDate>,
}

impl ContactEntry {
    /// The person marked this way safe on this channel. Nothing else makes it so: not a default, not another person, not a habit.
    pub fn is_safe_for(&self, way: Way) -> bool {
        match way {
            Way::Call => self.channel == "phone" && self.safe_to_call,
            Way::Text => self.channel == "phone" && self.safe_to_text,
            Way::Email => self.channel == "email" && self.safe_to_email,
        }
    }

    /// Any way is safe on this channel.
    pub fn is_safe(&self) -> bool {
        [Way::Call, Way::Text, Way::Email].into_iter().any(|way| self.is_safe_for(way))
    }

    /// What it is compared by.
    pub fn key(&self) -> String {
        if self.channel == "phone" { names::phone_key(&self.value) } else { self.value.trim().to_lowercase() }
    }
}

/// A contact of a person on the registry.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The row.
    pub id: RowId,
    /// Which edition of the row this is.
    pub version: i32,
    /// What is written down.
    pub entry: ContactEntry,
}

// A contact is read as its entry everywhere: `contact.value`.
impl std::ops::Deref for Contact {
    type Target = ContactEntry;
    fn deref(&self) -> &ContactEntry {
        &self.entry
    }
}

/// A document as it is written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentEntry {
    /// One of [`DOCUMENT_KINDS`].
    pub kind: String,
    /// The number as printed.
    pub number: String,
    /// The last day it is valid.
    pub expires_on: Option<NaiveDate>,
}

/// A document of a person on the registry.
#[derive(Debug, Clone)]
pub struct Document {
    /// The row.
    pub id: RowId,
    /// What is written down.
    pub entry: DocumentEntry,
}

impl std::ops::Deref for Document {
    type Target = DocumentEntry;
    fn deref(&self) -> &DocumentEntry {
        &self.entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s06_unknown_is_not_safe_and_no_flag_reaches_another_channel() {
        let phone = ContactEntry { channel: "phone".into(), value: "0790 123456".into(), ..ContactEntry::default() };
        assert!(!phone.is_safe());
        assert!(!ContactEntry { shared: true, checked_on: NaiveDate::from_ymd_opt(2026, 1, 1), ..phone.clone() }.is_safe());
        let texts_only = ContactEntry { safe_to_text: true, safe_to_email: true, ..phone };
        assert!(texts_only.is_safe_for(Way::Text));
        assert!(!texts_only.is_safe_for(Way::Call) && !texts_only.is_safe_for(Way::Email));
    }
}
