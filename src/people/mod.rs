//! The registry of persons and households: who somebody is, how they may safely be reached, with whom they live.
//!
//! *Particulars* are what is known of a person and may be edited; a *contact* is a phone or an e-mail address with the words that make it
//! safe (S6: unknown is not safe); a *household* has members who join and leave with dates. *Search first*: a person is created only
//! after a search, and a search finds by name in any script, order and spelling, by document, phone, e-mail and code.
//!
//! Row security decides who exists: a person is seen by the registering unit until the first case, then through a visible case. A
//! member whose person is not visible is not shown in a household either, nor counted (S11, S12).
//!
//! Two records of one person are *joined* by two people (`merge`); what was joined is found under the record that stays, and can be undone.
//! Of two organisations none is joined: they may *ask* each other, and then both know that the person is also known there (`elsewhere`).
//!
//! What deliberately is not here: who may open or see a case (`access`), what a person told in a case (`cases`).
pub mod actions;
mod api;
pub mod by_two;
pub mod check;
pub mod contact;
mod contact_api;
mod contact_pages;
pub mod corrections;
mod corrections_api;
mod corrections_pages;
pub mod elsewhere;
mod elsewhere_api;
mod elsewhere_pages;
mod elsewhere_store;
mod forms;
pub mod guard;
pub mod household;
mod household_api;
mod household_pages;
mod log_page;
pub mod merge;
mod merge_api;
mod merge_pages;
pub mod merge_store;
pub mod names;
mod pages;
pub mod person;
mod person_page;
pub mod search;
mod search_page;
mod second;
pub mod shown;
pub mod store;
pub mod texting;
mod writing;

pub use contact::{Contact, ContactEntry, Document, DocumentEntry, Way};
pub use household::{Household, Member, Membership};
pub use person::{Particulars, Person, name_for};

use crate::web::Routes;

/// So many lines of what was proposed or asked stand on one page; of more, the page says so.
pub(crate) const MOST: usize = 100;
// One more is read, so that it is known whether there are more.
const READ: i64 = MOST as i64 + 1;

/// What stands on one page: the first [`MOST`], and whether there are more.
pub struct Listed<T> {
    /// They.
    pub items: Vec<T>,
    /// There are more.
    pub more: bool,
}

impl<T> Listed<T> {
    // Of what was read.
    fn of(mut read: Vec<T>) -> Self {
        let more = read.len() > MOST;
        read.truncate(MOST);
        Self { items: read, more }
    }
}

/// Every page and call of the registry.
pub fn routes() -> Routes {
    pages::routes()
        .and(contact_pages::routes())
        .and(household_pages::routes())
        .and(log_page::routes())
        .and(api::routes())
        .and(contact_api::routes())
        .and(household_api::routes())
        .and(corrections_pages::routes())
        .and(corrections_api::routes())
        .and(merge_pages::routes())
        .and(merge_api::routes())
        .and(elsewhere_pages::routes())
        .and(elsewhere_api::routes())
}
