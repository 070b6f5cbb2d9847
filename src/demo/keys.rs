//! The search keys of the demo's people, as the registry writes them.
use super::registry::Person;
use crate::people::{ContactEntry, DocumentEntry, Particulars, names, search};

/// What a phone number is compared by.
pub fn phone(number: &str) -> String {
    names::phone_key(number)
}

/// What a document's number is compared by.
pub fn document(number: &str) -> String {
    names::document_key(number)
}

/// Everything by which this person is found.
pub fn of(person: &Person, phone: Option<&str>, document: Option<&str>) -> Vec<String> {
    let particulars = Particulars { name: person.name.clone(), name_latin: person.latin.clone(), ..Particulars::default() };
    let phone = phone.map(|value| ContactEntry { channel: "phone".into(), value: value.into(), ..ContactEntry::default() });
    let document = document.map(|number| DocumentEntry { number: number.into(), ..DocumentEntry::default() });
    search::keys_of(&particulars, phone.as_slice(), document.as_slice())
}

/// The keys of one name: each part, and each two parts together.
pub fn of_name(name: &str) -> Vec<String> {
    search::keys_of(&Particulars { name: name.into(), ..Particulars::default() }, &[], &[])
}
