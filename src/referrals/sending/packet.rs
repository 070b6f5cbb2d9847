//! What a referral discloses: gathered section by section from each person's own data, frozen when it is sent.
//!
//! The preview that the sender sees is made by the same function as the packet, so it is exactly what the receiver will see. Before
//! acceptance the receiver reads the brief alone; for protected and restricted types it holds no name and no free words.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cash;
use super::child;
use super::draft::CaseBrief;
use crate::error::Error;
use crate::packs::{Pack, PacketSection, Sensitivity};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PersonId};
use crate::referrals::row::Referral;
use crate::web::Form;

// Where the sections lie sealed.
const BODY: &str = "packets.body";

/// One line of a section: a key that says what it is, and its value.
pub type Line = (String, String);

/// A section as it is disclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The pack's code.
    pub code: String,
    /// What it says; empty where nothing is recorded.
    pub lines: Vec<Line>,
}

/// What is disclosed about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Whose data.
    pub person: PersonId,
    /// Seen while the receiver decides.
    pub brief: Vec<Section>,
    /// Seen from acceptance on: everything.
    pub full: Vec<Section>,
}

/// Gathers what these sections say about a person.
pub async fn gather(
    work: &mut Work,
    referral: &Referral,
    case: &CaseBrief,
    person: &Person,
    form: &Form,
    pack: &Pack,
) -> Result<Disclosure, Error> {
    let wanted = form.all("sections").to_vec();
    let chosen: Vec<&PacketSection> = pack.packet_sections.iter().filter(|section| wanted.contains(&section.code)).collect();
    let mut full = Vec::new();
    for section in &chosen {
        full.push(Section { code: section.code.clone(), lines: lines(work, referral, case, person, form, &section.code).await? });
    }
    let brief = brief(pack, case.sensitivity, &full);
    Ok(Disclosure { person: person.id, brief, full })
}

/// What of a packet is read while deciding: for guarded types neither a name nor free words.
pub fn brief(pack: &Pack, sensitivity: Sensitivity, full: &[Section]) -> Vec<Section> {
    let shown =
        |code: &str| pack.packet_sections.iter().any(|known| known.code == code && known.shown_before_acceptance(sensitivity));
    let mut brief: Vec<Section> = full.iter().filter(|section| shown(&section.code)).cloned().collect();
    if sensitivity != Sensitivity::Standard {
        for section in &mut brief {
            section.lines.retain(|(key, _)| key != "reason");
        }
    }
    brief
}

async fn lines(
    work: &mut Work,
    referral: &Referral,
    case: &CaseBrief,
    person: &Person,
    form: &Form,
    code: &str,
) -> Result<Vec<Line>, Error> {
    match code {
        "household" if person.household_confidential => Ok(Vec::new()),
        "household" => {
            let household = people::store::household_of(work, person.id).await?;
            Ok(household.map(|household| line("household_size", &household.present().count().to_string())).into_iter().collect())
        }
        "safe_contact" if person.phone_confidential => Ok(Vec::new()),
        "safe_contact" => contact_lines(work, person).await,
        "identity_documents" => {
            let documents = people::store::documents(work, person.id).await?;
            Ok(documents.iter().map(|document| line(&format!("document_{}", document.kind), &document.number)).collect())
        }
        "identity" | "area" | "address" | "access_needs" | "disability" => {
            let today = work.today();
            Ok(said(of_person(person, code, today)))
        }
        "payment" => match cash::lines(work, case, person, form).await? {
            Some(lines) => Ok(said(lines)),
            None => Ok(said(of_form(referral, case, form, code))),
        },
        "child" => child_lines(work, case, person, form).await,
        code => Ok(said(of_form(referral, case, form, code))),
    }
}

fn line(key: &str, value: &str) -> Line {
    (key.to_owned(), value.to_owned())
}

// Nothing recorded is nothing said.
fn said(lines: Vec<Line>) -> Vec<Line> {
    let trimmed = lines.into_iter().map(|(key, value)| (key, value.trim().to_owned()));
    trimmed.filter(|(_, value)| !value.is_empty()).collect()
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

fn of_person(person: &Person, code: &str, today: NaiveDate) -> Vec<Line> {
    match code {
        "identity" => vec![
            line("name", &person.full_name()),
            line("sex", person.sex.as_deref().unwrap_or_default()),
            line("age", &person.age_on(today).map(|age| age.to_string()).unwrap_or_default()),
        ],
        "area" => vec![line("area", &joined(&[&person.admin1, &person.admin2], ", "))],
        "address" if person.address_confidential => Vec::new(),
        "address" => vec![line("address", &joined(&[&person.address, &person.admin3, &person.admin2, &person.admin1], " "))],
        "disability" => {
            person.difficulties.iter().map(|(function, level)| line(&format!("function_{function}"), level)).collect()
        }
        _ => vec![line("languages", &person.languages.join(" "))],
    }
}

fn of_form(referral: &Referral, case: &CaseBrief, form: &Form, code: &str) -> Vec<Line> {
    match code {
        "need" => vec![
            line("need", &referral.wanted.need),
            line("service", &referral.wanted.service_name),
            line("reason", form.value("reason")),
        ],
        "urgency" => {
            let due = form.clone().date_maybe("due_on").map(|due| due.to_string());
            vec![line("priority", form.value("priority")), line("due", &due.unwrap_or_default())]
        }
        "risk" => vec![line("risk", case.risk.as_deref().unwrap_or_default())],
        other => vec![line("text", form.value(&format!("text_{other}")))],
    }
}

async fn child_lines(work: &mut Work, case: &CaseBrief, person: &Person, form: &Form) -> Result<Vec<Line>, Error> {
    let care = child::care(work, case.id, person, form).await?;
    let mut lines = care.map(|care| care.lines()).unwrap_or_default();
    lines.extend([line("accompaniment", form.value("accompaniment")), line("text", form.value("text_child"))]);
    Ok(said(lines))
}

// Only what the person marked safe, with how it is safe (S6).
async fn contact_lines(work: &mut Work, person: &Person) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for contact in people::store::contacts(work, person.id).await?.into_iter().filter(|contact| contact.is_safe()) {
        lines.push(line(&contact.channel, &contact.value));
        lines.push(line("contact_others", &contact.others));
        lines.push(line("contact_hours", &contact.hours));
        lines.push(line("contact_may_say", &contact.may_say));
    }
    lines.push(line("contact_restriction", &person.contact_restriction));
    Ok(said(lines))
}

/// Whether a packet adds to what was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What was sent first.
    Original,
    /// A later supplement; open from the start where the receiver has accepted.
    Supplement {
        /// When it opens, if already.
        opened_at: Option<DateTime<Utc>>,
    },
}

/// Freezes a disclosure as a packet with a key of its own.
pub async fn freeze(
    work: &mut Work,
    referral: &Referral,
    disclosure: &Disclosure,
    consent: Option<ConsentId>,
    part: Part,
) -> Result<(), Error> {
    let id = Uuid::now_v7();
    let key = work.new_key(id, referral.case_id.map(|case| case.0)).await?;
    let body = key.seal_json(BODY, &disclosure.full)?;
    let sections: Vec<String> = disclosure.full.iter().map(|section| section.code.clone()).collect();
    let brief = serde_json::to_value(&disclosure.brief).map_err(anyhow::Error::from)?;
    let (is_supplement, opened_at) = match part {
        Part::Original => (false, None),
        Part::Supplement { opened_at } => (true, opened_at),
    };
    let now = work.now();
    sqlx::query!(
        "insert into packets (id, referral_id, person_id, consent_id, sections, brief, body, frozen_at, opened_at, is_supplement)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        referral.id.0,
        disclosure.person.0,
        consent.map(|id| id.0),
        &sections,
        brief,
        body,
        now,
        opened_at,
        is_supplement
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A packet as one side may read it now.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its id.
    pub id: Uuid,
    /// What may be read.
    pub sections: Vec<Section>,
    /// Whether that is everything, or the brief alone.
    pub full: bool,
}

/// The packets of a referral: in full where the actor may open them, else the brief, else nothing.
pub async fn read(work: &mut Work, referral: &Referral) -> Result<Vec<Opened>, Error> {
    let bodies = sqlx::query!("select id, body from packets where referral_id = $1 order by frozen_at, id", referral.id.0)
        .fetch_all(work.db())
        .await?;
    let mut opened = BTreeMap::new();
    for row in bodies {
        // A destroyed key reads as absent: the sections are gone for both sides.
        let Ok(key) = work.packet_key(row.id).await else { continue };
        let sections = key.open_json(BODY, &row.body)?;
        opened.insert(row.id, Opened { id: row.id, sections, full: true });
    }
    let briefs = sqlx::query!("select packet_id as \"id!\", brief as \"brief!\" from access.packet_briefs($1)", referral.id.0)
        .fetch_all(work.db())
        .await?;
    for row in briefs {
        let sections: Vec<Section> = serde_json::from_value(row.brief).unwrap_or_default();
        opened.entry(row.id).or_insert(Opened { id: row.id, sections, full: false });
    }
    Ok(opened.into_values().collect())
}
