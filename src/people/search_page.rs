//! The page of the search box: hits with why they match, masked hits with whom to ask, then the way to register somebody new.
use askama::Template;

use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::people::search::{Hit, Who};
use crate::people::{household_pages, names, search, shown, store};
use crate::platform::db::Work;
use crate::platform::ids::HouseholdId;
use crate::web::Page;

/// Somebody the actor may open.
pub(super) struct SeenRow {
    href: String,
    who: String,
    detail: String,
    why: String,
}

/// Somebody another organisation, or another unit, knows.
pub(super) struct MaskedRow {
    who: String,
    born: String,
    org: String,
    desk: String,
    why: String,
}

/// The page of /people and /search.
#[derive(Template)]
#[template(path = "people/html/index.html")]
pub(super) struct Results {
    p: Page,
    typed: String,
    household: String,
    common: bool,
    seen: Vec<SeenRow>,
    masked: Vec<MaskedRow>,
    recent: Vec<SeenRow>,
    may_register: bool,
}

impl Results {
    /// Searches for what was typed, or shows who was registered lately, and says whom the page is about.
    pub async fn load(work: &mut Work, typed: String, household: Option<HouseholdId>) -> Result<(Self, About), Error> {
        let title = household_pages::titled(work, household, "people-title").await?;
        let found = if typed.is_empty() { search::Found::default() } else { search::search(work, &typed).await? };
        let recent = if typed.is_empty() { store::recent(work).await? } else { Vec::new() };
        let p = Page::of(work, title).await?;
        let mut page = Self {
            typed,
            household: household.map(|id| id.to_string()).unwrap_or_default(),
            common: found.common,
            seen: Vec::new(),
            masked: Vec::new(),
            recent: Vec::new(),
            may_register: work.holds(Act::PersonRegister),
            p,
        };
        let subjects = page.take(work, found.hits).await?;
        for person in &recent {
            page.recent.push(SeenRow {
                href: page.href(&person.path()),
                who: person.full_name(),
                detail: shown::detail(&page.p, person),
                why: page.p.when(&person.recorded_at),
            });
        }
        let about = About::subjects(subjects.into_iter().chain(recent.iter().map(|person| person.id.0)));
        Ok((page, about))
    }

    async fn take(&mut self, work: &mut Work, hits: Vec<Hit>) -> Result<Vec<uuid::Uuid>, Error> {
        let ids: Vec<uuid::Uuid> =
            hits.iter().filter_map(|hit| if let Who::Seen(person) = &hit.who { Some(person.id.0) } else { None }).collect();
        let restricted = store::known_only_as_restricted(work, &ids).await?;
        for hit in hits {
            let reasons: Vec<String> = hit.why.iter().map(|why| self.p.tc("people-why", why)).collect();
            let why = self.p.list(reasons);
            match hit.who {
                Who::Seen(person) => {
                    // The name appears only inside (S13).
                    let hidden = restricted.contains(&person.id);
                    let who = if hidden { names::masked(&person.name) } else { person.full_name() };
                    let row = SeenRow { href: self.href(&person.path()), who, detail: shown::detail(&self.p, &person), why };
                    self.seen.push(row);
                }
                Who::Masked { name, born_in, org, desk, .. } => {
                    let born = born_in.map(|year| self.p.reader.digits(&year.to_string())).unwrap_or_default();
                    self.masked.push(MaskedRow { who: name, born, org, desk, why });
                }
            }
        }
        Ok(ids)
    }

    // Looking for a member of a household, a hit leads to joining it.
    fn href(&self, person: &str) -> String {
        if self.household.is_empty() {
            return person.to_owned();
        }
        format!("/households/{}/members/new?person={}", self.household, person.trim_start_matches("/people/"))
    }
}
