//! One row of each table as the record it describes, before records are put together.
use super::RefusedRow;
use super::rows::{Problem, Row, Table};
use super::shapes::{
    Accessibility, Address, Area, Attribute, Capacity, Document, HsdsId, Language, Location, Organisation, Phone, Place,
    Schedule, Service,
};

/// The refusals that a row brings although it is kept.
pub(super) type Refused = Vec<RefusedRow>;

/// A value the row can do without: if it cannot be read, the row is kept and the value reported.
pub(super) fn or_without<T>(row: &Row, value: Result<Option<T>, Problem>, refused: &mut Refused) -> Option<T> {
    value.unwrap_or_else(|mut problem| {
        problem.reason.push_str(" The row is kept without it.");
        refused.push(row.at.refused(problem));
        None
    })
}

pub(super) fn organisation(row: &Row, refused: &mut Refused) -> Result<Organisation, Problem> {
    Ok(Organisation {
        id: row.id(),
        name: row.need_wording("name")?,
        alternate_name: row.text("alternate_name"),
        description: row.wording("description"),
        email: or_without(row, row.email("email"), refused),
        website: or_without(row, row.url("website"), refused),
        parent: row.text("parent_organization_id").map(HsdsId),
        ..Organisation::default()
    })
}

/// Ages and status are not optional to read: without them a service would seem open to everybody.
pub(super) fn service(row: &Row, refused: &mut Refused) -> Result<Service, Problem> {
    let (minimum_age, maximum_age) = (row.number("minimum_age", 0.0, 150.0)?, row.number("maximum_age", 0.0, 150.0)?);
    if minimum_age.zip(maximum_age).is_some_and(|(least, most)| least > most) {
        return Err(Problem::new("maximum_age", "The greatest age is below the least age."));
    }
    Ok(Service {
        id: row.id(),
        organisation: HsdsId(row.need("organization_id")?.to_owned()),
        name: row.need_wording("name")?,
        alternate_name: row.text("alternate_name"),
        description: row.wording("description"),
        url: or_without(row, row.url("url"), refused),
        email: or_without(row, row.email("email"), refused),
        status: row.status()?,
        application_process: row.text("application_process"),
        interpretation: row.text("interpretation_services"),
        fees: row.text("fees_description").or_else(|| row.text("fees")),
        wait_time: row.text("wait_time"),
        eligibility: row.wording("eligibility_description"),
        minimum_age,
        maximum_age,
        alert: row.text("alert"),
        assured_on: or_without(row, row.date("assured_date"), refused),
        assurer_email: or_without(row, row.email("assurer_email"), refused),
        modified_at: or_without(row, row.moment("last_modified"), refused),
        ..Service::default()
    })
}

pub(super) fn location(row: &Row, refused: &mut Refused) -> Result<Location, Problem> {
    let latitude = or_without(row, row.number("latitude", -90.0, 90.0), refused);
    let longitude = or_without(row, row.number("longitude", -180.0, 180.0), refused);
    // Half a point would be shown somewhere on the equator or the first meridian.
    let point = latitude.zip(longitude);
    Ok(Location {
        id: row.id(),
        kind: row.location_kind("location_type")?,
        organisation: row.text("organization_id").map(HsdsId),
        name: row.wording("name"),
        alternate_name: row.text("alternate_name"),
        description: row.wording("description"),
        transportation: row.text("transportation"),
        url: or_without(row, row.url("url"), refused),
        latitude: point.map(|(latitude, _)| latitude),
        longitude: point.map(|(_, longitude)| longitude),
        ..Location::default()
    })
}

pub(super) fn place(row: &Row) -> Result<Place, Problem> {
    let location = HsdsId(row.need("location_id")?.to_owned());
    Ok(Place { id: row.id(), location, description: row.text("description"), ..Place::default() })
}

/// A record that stands in a list of the record it belongs to.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Phone(Phone),
    Language(Language),
    Schedule(Schedule),
    Address(Address),
    Accessibility(Accessibility),
    Area(Area),
    Document(Document),
    Capacity(Capacity),
    Attribute(Attribute),
}

/// The part a row describes; attributes need their term, and are made where terms are known.
pub(super) fn part(row: &Row, refused: &mut Refused) -> Result<Part, Problem> {
    match row.table {
        Table::Phone => phone(row, refused).map(Part::Phone),
        Table::Language => language(row).map(Part::Language),
        Table::Schedule => schedule(row).map(Part::Schedule),
        Table::Address => address(row).map(Part::Address),
        Table::Accessibility => Ok(Part::Accessibility(accessibility(row, refused))),
        Table::ServiceArea => Ok(Part::Area(area(row))),
        Table::RequiredDocument => document(row, refused).map(Part::Document),
        Table::Capacity => capacity(row, refused).map(Part::Capacity),
        other => Err(Problem::new("", format!("A {} is no part of another record.", other.word()))),
    }
}

impl Organisation {
    /// Takes a part up, unless an organisation has none of its kind.
    pub(super) fn take(&mut self, part: Part) -> bool {
        match part {
            Part::Phone(it) => self.phones.push(it),
            Part::Attribute(it) => self.attributes.push(it),
            _ => return false,
        }
        true
    }
}

impl Service {
    /// Takes a part up, unless a service has none of its kind.
    pub(super) fn take(&mut self, part: Part) -> bool {
        match part {
            Part::Phone(it) => self.phones.push(it),
            Part::Language(it) => self.languages.push(it),
            Part::Schedule(it) => self.schedules.push(it),
            Part::Area(it) => self.areas.push(it),
            Part::Document(it) => self.documents.push(it),
            Part::Capacity(it) => self.capacities.push(it),
            Part::Attribute(it) => self.attributes.push(it),
            Part::Address(_) | Part::Accessibility(_) => return false,
        }
        true
    }
}

impl Location {
    /// Takes a part up, unless a location has none of its kind.
    pub(super) fn take(&mut self, part: Part) -> bool {
        match part {
            Part::Phone(it) => self.phones.push(it),
            Part::Language(it) => self.languages.push(it),
            Part::Schedule(it) => self.schedules.push(it),
            Part::Address(it) => self.addresses.push(it),
            Part::Accessibility(it) => self.accessibility.push(it),
            Part::Attribute(it) => self.attributes.push(it),
            Part::Area(_) | Part::Document(_) | Part::Capacity(_) => return false,
        }
        true
    }
}

impl Place {
    /// Takes a part up, unless a place has none of its kind.
    pub(super) fn take(&mut self, part: Part) -> bool {
        match part {
            Part::Phone(it) => self.phones.push(it),
            Part::Schedule(it) => self.schedules.push(it),
            Part::Area(it) => self.areas.push(it),
            _ => return false,
        }
        true
    }
}

fn phone(row: &Row, refused: &mut Refused) -> Result<Phone, Problem> {
    Ok(Phone {
        id: row.id(),
        number: row.need("number")?.to_owned(),
        extension: or_without(row, row.count("extension"), refused),
        kind: row.text("type"),
        description: row.text("description"),
        languages: Vec::new(),
    })
}

pub(super) fn language(row: &Row) -> Result<Language, Problem> {
    if row.get("code").is_none() {
        row.need("name")?;
    }
    Ok(Language { id: row.id(), code: row.text("code"), name: row.text("name"), note: row.text("note") })
}

fn schedule(row: &Row) -> Result<Schedule, Problem> {
    Ok(Schedule {
        id: row.id(),
        frequency: row.frequency()?,
        interval: row.count("interval")?,
        days: row.days()?,
        month_days: row.month_days()?,
        opens_at: row.time("opens_at")?,
        closes_at: row.time("closes_at")?,
        starts_on: row.date("dtstart")?,
        until: row.date("until")?,
        valid_from: row.date("valid_from")?,
        valid_to: row.date("valid_to")?,
        attending_type: row.text("attending_type"),
        description: row.text("description"),
        notes: row.text("notes"),
    })
}

fn address(row: &Row) -> Result<Address, Problem> {
    Ok(Address {
        id: row.id(),
        kind: row.location_kind("address_type")?,
        attention: row.text("attention"),
        line_1: row.words("address_1"),
        line_2: row.text("address_2"),
        city: row.words("city"),
        region: row.text("region"),
        state_province: row.words("state_province"),
        postal_code: row.words("postal_code"),
        country: row.words("country"),
    })
}

fn accessibility(row: &Row, refused: &mut Refused) -> Accessibility {
    let url = or_without(row, row.url("url"), refused);
    Accessibility { id: row.id(), description: row.text("description"), details: row.text("details"), url }
}

fn area(row: &Row) -> Area {
    Area { id: row.id(), name: row.text("name"), description: row.text("description") }
}

fn document(row: &Row, refused: &mut Refused) -> Result<Document, Problem> {
    let url = or_without(row, row.url("uri"), refused);
    Ok(Document { id: row.id(), name: row.need_wording("document")?, url })
}

fn capacity(row: &Row, refused: &mut Refused) -> Result<Capacity, Problem> {
    row.need("available")?;
    Ok(Capacity {
        id: row.id(),
        unit: HsdsId(row.need("unit_id")?.to_owned()),
        unit_name: String::new(),
        available: row.number("available", 0.0, 1e9)?.unwrap_or_default(),
        maximum: row.number("maximum", 0.0, 1e9)?,
        description: row.text("description"),
        updated_at: or_without(row, row.moment("updated"), refused),
    })
}
