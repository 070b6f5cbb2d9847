//! Putting rows together: one record an id, every reference followed or refused.
use std::collections::{BTreeMap, BTreeSet};

use super::Reading;
use super::merge::unique;
use super::parts::{self, Part, Refused};
use super::rows::{Gathered, Problem, Row, Table};
use super::shapes::{Attribute, HsdsId, Language, Location, Organisation, Place, Service, Term};

/// What has been put together so far, by id.
#[derive(Default)]
struct Shelf {
    organisations: BTreeMap<String, Organisation>,
    services: BTreeMap<String, Service>,
    locations: BTreeMap<String, Location>,
    /// Each place with the id of its service.
    places: BTreeMap<String, (String, Place)>,
    contacts: BTreeMap<String, Vec<Owner>>,
    phone_languages: BTreeMap<String, Vec<Language>>,
    taxonomies: BTreeMap<String, String>,
    terms: BTreeMap<String, Term>,
    units: BTreeMap<String, String>,
    /// The parts given out already: owner, kind of part, and the part's id.
    given: BTreeSet<(Owner, Table, String)>,
    refused: Refused,
}

/// The record that a phone, a schedule or another part belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Owner(Table, String);

/// Puts one row of a table on the shelf.
type Step = fn(&mut Shelf, &Row) -> Result<(), Problem>;

/// Parts that stand in a list of the record they belong to.
const PARTS: [Table; 8] = [
    Table::Phone,
    Table::Language,
    Table::Schedule,
    Table::Address,
    Table::Accessibility,
    Table::ServiceArea,
    Table::RequiredDocument,
    Table::Capacity,
];

/// Turns gathered rows into the records they describe.
pub(super) fn link(gathered: Gathered) -> Reading {
    let mut shelf = Shelf { refused: gathered.refused, ..Shelf::default() };
    let rows = unique(gathered.rows, &mut shelf.refused);
    let steps: [(Table, Step); 10] = [
        (Table::Organization, Shelf::organisation),
        (Table::Organization, Shelf::parent),
        (Table::Service, Shelf::service),
        (Table::Location, Shelf::location),
        (Table::ServiceAtLocation, Shelf::place),
        (Table::Taxonomy, Shelf::taxonomy),
        (Table::TaxonomyTerm, Shelf::term),
        (Table::Unit, Shelf::unit),
        (Table::Contact, Shelf::contact),
        (Table::Language, Shelf::phone_language),
    ];
    let parts = PARTS.map(|table| (table, Shelf::part as Step));
    let last = [(Table::Attribute, Shelf::attribute as Step)];
    for (table, step) in steps.into_iter().chain(parts).chain(last) {
        for row in rows.get(&table).into_iter().flatten() {
            if let Err(problem) = step(&mut shelf, row) {
                shelf.refused.push(row.at.refused(problem));
            }
        }
    }
    shelf.reading()
}

impl Shelf {
    fn organisation(&mut self, row: &Row) -> Result<(), Problem> {
        let organisation = parts::organisation(row, &mut self.refused)?;
        self.organisations.insert(row.words("id"), organisation);
        Ok(())
    }

    /// An organisation whose parent is unknown is kept without it: a single record rarely brings its parent.
    fn parent(&mut self, row: &Row) -> Result<(), Problem> {
        let known = self.check(row, "parent_organization_id", Table::Organization);
        let parent = parts::or_without(row, known, &mut self.refused).map(HsdsId);
        if let Some(organisation) = self.organisations.get_mut(&row.words("id")) {
            organisation.parent = parent;
        }
        Ok(())
    }

    fn service(&mut self, row: &Row) -> Result<(), Problem> {
        self.check(row, "organization_id", Table::Organization)?;
        let service = parts::service(row, &mut self.refused)?;
        self.services.insert(row.words("id"), service);
        Ok(())
    }

    fn location(&mut self, row: &Row) -> Result<(), Problem> {
        let known = self.check(row, "organization_id", Table::Organization);
        let organisation = parts::or_without(row, known, &mut self.refused).map(HsdsId);
        let location = parts::location(row, &mut self.refused)?;
        self.locations.insert(row.words("id"), Location { organisation, ..location });
        Ok(())
    }

    fn place(&mut self, row: &Row) -> Result<(), Problem> {
        row.need("service_id")?;
        let service = self.check(row, "service_id", Table::Service)?.unwrap_or_default();
        self.check(row, "location_id", Table::Location)?;
        self.places.insert(row.words("id"), (service, parts::place(row)?));
        Ok(())
    }

    fn taxonomy(&mut self, row: &Row) -> Result<(), Problem> {
        self.taxonomies.insert(row.words("id"), row.need("name")?.to_owned());
        Ok(())
    }

    fn unit(&mut self, row: &Row) -> Result<(), Problem> {
        self.units.insert(row.words("id"), row.need("name")?.to_owned());
        Ok(())
    }

    fn term(&mut self, row: &Row) -> Result<(), Problem> {
        let named = row.get("taxonomy_id").and_then(|id| self.taxonomies.get(id)).cloned();
        let term = Term {
            id: Some(row.id()),
            code: row.text("code"),
            name: row.need_wording("name")?,
            description: row.words("description"),
            taxonomy: row.text("taxonomy").or(named),
            parent: row.text("parent_id").map(HsdsId),
        };
        self.terms.insert(row.words("id"), term);
        Ok(())
    }

    fn contact(&mut self, row: &Row) -> Result<(), Problem> {
        let owners = self.owners(row)?;
        self.contacts.insert(row.words("id"), owners);
        Ok(())
    }

    /// Languages of phones are read before the phones that take them along.
    fn phone_language(&mut self, row: &Row) -> Result<(), Problem> {
        if let (Some(phone), Ok(language)) = (row.get("phone_id"), parts::language(row)) {
            self.phone_languages.entry(phone.to_owned()).or_default().push(language);
        }
        Ok(())
    }

    fn part(&mut self, row: &Row) -> Result<(), Problem> {
        let mut part = parts::part(row, &mut self.refused)?;
        match &mut part {
            Part::Phone(phone) => phone.languages = self.phone_languages.remove(&phone.id.0).unwrap_or_default(),
            Part::Capacity(capacity) => match self.units.get(&capacity.unit.0) {
                Some(name) => capacity.unit_name.clone_from(name),
                None => return Err(unknown("unit_id", Table::Unit, &capacity.unit.0)),
            },
            Part::Language(_) if row.get("phone_id").is_some() && self.owners(row).is_err() => {
                return Ok(());
            }
            _ => {}
        }
        for owner in self.owners(row)? {
            self.give(row, &owner, part.clone())?;
        }
        Ok(())
    }

    /// A term said of some other table (a phone, say) has no use in the directory and is passed over.
    fn attribute(&mut self, row: &Row) -> Result<(), Problem> {
        let entity = row.need("link_entity")?.to_ascii_lowercase();
        let Some(table) = Table::named(&entity) else {
            return Err(Problem::new("link_entity", format!("There is no table “{entity}”.")));
        };
        if !matches!(table, Table::Organization | Table::Service | Table::Location) {
            return Ok(());
        }
        row.need("link_id")?;
        let id = self.check(row, "link_id", table)?.unwrap_or_default();
        let term = match row.get("taxonomy_term_id") {
            Some(term) => self.terms.get(term).cloned().ok_or_else(|| unknown("taxonomy_term_id", Table::TaxonomyTerm, term))?,
            None => Term { name: row.need_wording("label")?, ..Term::default() },
        };
        let attribute = Attribute { id: row.id(), kind: row.text("link_type"), value: row.text("value"), term };
        self.give(row, &Owner(table, id), Part::Attribute(attribute))
    }

    /// The id in a column, if what it refers to was kept.
    fn check(&self, row: &Row, column: &str, table: Table) -> Result<Option<String>, Problem> {
        let Some(id) = row.get(column) else {
            return Ok(None);
        };
        let known = match table {
            Table::Organization => self.organisations.contains_key(id),
            Table::Service => self.services.contains_key(id),
            Table::Location => self.locations.contains_key(id),
            Table::ServiceAtLocation => self.places.contains_key(id),
            _ => self.contacts.contains_key(id),
        };
        if known { Ok(Some(id.to_owned())) } else { Err(unknown(column, table, id)) }
    }

    /// Whatever a row says it belongs to; a contact's phone belongs to whatever the contact does.
    fn owners(&self, row: &Row) -> Result<Vec<Owner>, Problem> {
        let mut owners = Vec::new();
        for table in [Table::Organization, Table::Service, Table::ServiceAtLocation, Table::Location] {
            owners.extend(self.check(row, &table.reference(), table)?.map(|id| Owner(table, id)));
        }
        if let Some(contact) = self.check(row, "contact_id", Table::Contact)? {
            owners.extend(self.contacts[&contact].iter().cloned());
        }
        if owners.is_empty() {
            return Err(Problem::new("", format!("The {} does not say what it belongs to.", row.table.word())));
        }
        Ok(owners)
    }

    /// Nested records repeat parts, each time with other references; an owner takes each part once.
    fn give(&mut self, row: &Row, owner: &Owner, part: Part) -> Result<(), Problem> {
        if !self.given.insert((owner.clone(), row.table, row.words("id"))) {
            return Ok(());
        }
        let Owner(table, id) = owner;
        let taken = match *table {
            Table::Organization => self.organisations.get_mut(id).is_some_and(|it| it.take(part)),
            Table::Service => self.services.get_mut(id).is_some_and(|it| it.take(part)),
            Table::Location => self.locations.get_mut(id).is_some_and(|it| it.take(part)),
            _ => self.places.get_mut(id).is_some_and(|(_, it)| it.take(part)),
        };
        let reason = || format!("A {} cannot belong to this kind of record ({}).", row.table.word(), table.word());
        if taken { Ok(()) } else { Err(Problem::new(&table.reference(), reason())) }
    }

    fn reading(mut self) -> Reading {
        for (_, (service, place)) in self.places {
            if let Some(service) = self.services.get_mut(&service) {
                service.places.push(place);
            }
        }
        self.refused.sort();
        self.refused.dedup();
        Reading {
            organisations: self.organisations.into_values().collect(),
            services: self.services.into_values().collect(),
            locations: self.locations.into_values().collect(),
            refused: self.refused,
            unread: 0,
        }
    }
}

fn unknown(column: &str, table: Table, id: &str) -> Problem {
    let shown: String = id.chars().take(60).collect();
    Problem::new(column, format!("There is no {} with the id “{shown}”, or it was refused itself.", table.word()))
}
