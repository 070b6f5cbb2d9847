//! Is somebody known to another organisation too? A worker who meets a masked hit while looking at a person of their own asks that organisation, on the person's
//! consent; it answers; and after the same days for every answer both pages say that the person is also known there, with the general desk, or that it was not
//! confirmed. It is a *link* and never more: no record is joined, and nothing of a case is told.
//!
//! *Nobody learns of a case by it* (S11, S16). What is protected or restricted feeds no matching between organisations; but to offer, refuse or answer otherwise
//! where there is such a case would tell of it. So every masked hit that a search shows is offered alike, under a handle that means nothing to anybody else;
//! asking is answered alike; a job puts the question to the other side, or to nobody where either person is known for more than standard work; and on its day
//! everything but a yes that still holds is one word, *not confirmed*. Each side may end it, and is never told why the other did.
//!
//! What deliberately is not here: joining records (`merge`), which stays inside one organisation; sending data, which is a referral's.
use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use sqlx::types::Json;

use super::elsewhere_store as rows;
use super::search::{self, Key, Who};
use super::{Person, actions, store};
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PersonId, RowId};
use crate::platform::jobs::{Job, Taken};
use crate::tasks::{self, NewTask};

/// What may be answered.
pub const ANSWERS: &[&str] = &["yes", "no", "unsure"];
/// Why it is ended; the other side is not told.
pub const REASONS: &[&str] = &["not_same", "own_wish", "not_needed", "mistake"];
/// The job that puts a question to the other side.
pub const PUT: &str = "people.put_question";
/// The job by which those who may answer find a task.
pub const TELL: &str = "people.tell_question";
const TASK: &str = "known_elsewhere";
/// The job that tells both sides.
pub const SETTLE: &str = "people.settle_question";
/// Both sides are told so long after it was asked, whatever was answered and when.
const TOLD_AFTER: TimeDelta = TimeDelta::days(7);
// So long after the answer nothing is asked once more (`access.keeps_from_asking`).
const AGAIN_AFTER: TimeDelta = TimeDelta::days(30);

/// A question as one of its sides knows it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The id of this side's row.
    pub id: RowId,
    /// This side asked.
    pub asks: bool,
    /// This side's own person.
    pub person: PersonId,
    /// Their code.
    pub person_code: String,
    /// The organisation on the other side.
    pub other: String,
    /// Its general desk.
    pub desk: String,
    /// `asked`, `same`, `not_same`, `ended`.
    pub state: String,
    /// Who of this side asked or answered.
    pub author_name: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When both sides are told.
    pub due_at: DateTime<Utc>,
    /// What this side answered, where it is the one asked.
    pub answer: Option<String>,
    /// When it did, the last time.
    pub answered_at: Option<DateTime<Utc>>,
    /// What the side that asked lets the other know.
    pub shown: Json<Shown>,
    /// Counts what was decided.
    pub version: i32,
}

impl Question {
    /// It may still be answered.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == "asked" && self.due_at > now
    }
}

/// What the asked side is told of the other's person.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// The name.
    pub name: String,
    /// The year of birth.
    pub born: Option<i32>,
    /// The sex, by its code.
    pub sex: Option<String>,
    /// Region and district, where consent names the area.
    pub places: Vec<String>,
}

/// A masked hit of another organisation that may be the same person.
#[derive(Debug)]
pub struct Offer {
    /// Stands for the hit, for this asker and this person alone.
    pub handle: String,
    /// First letters only.
    pub name: String,
    /// Year of birth.
    pub born_in: Option<i32>,
    /// The organisation.
    pub org: String,
    /// Its general desk.
    pub desk: String,
    /// The person's consent that this organisation is asked, where there is one.
    pub consent: Option<ConsentId>,
    /// What was asked of it lately, so that it is not asked again.
    pub lately: Option<Lately>,
    key: Key,
}

/// What was asked about the same two persons lately.
#[derive(Debug)]
pub struct Lately {
    /// `asked`, `same` or `not_same`.
    pub state: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When both sides are told, or were.
    pub due_at: DateTime<Utc>,
}

impl Lately {
    /// From when on it can be asked once more, where nothing was confirmed.
    pub fn again_from(&self) -> DateTime<Utc> {
        self.due_at + AGAIN_AFTER
    }
}

/// It is one's own organisation's person, of whom the reader sees nothing but standard work.
pub async fn may_be_asked(work: &mut Work, person: &Person) -> Result<bool, Error> {
    Ok(Some(person.org) == work.org() && !rows::is_guarded(work, person.id).await?)
}

/// Whom others know who may be the same, masked as a search masks them.
pub async fn offers(work: &mut Work, person: &Person) -> Result<Vec<Offer>, Error> {
    if !may_be_asked(work, person).await? {
        return Ok(Vec::new());
    }
    let contacts: Vec<_> = store::contacts(work, person.id).await?.into_iter().map(|contact| contact.entry).collect();
    let documents: Vec<_> = store::documents(work, person.id).await?.into_iter().map(|document| document.entry).collect();
    // A shared phone makes two people one household, not one person.
    let own: Vec<_> = contacts.into_iter().filter(|contact| !contact.shared).collect();
    let (_, hits) = search::alike(work, &person.particulars, &own, &documents).await?;
    let others: BTreeSet<_> =
        hits.iter().filter_map(|hit| if let Who::Masked { key, .. } = hit { Some(key.org) } else { None }).collect();
    let agreed = rows::consents_to_ask(work, person.id, &others.into_iter().collect::<Vec<_>>()).await?;
    let mut offers: Vec<Offer> = Vec::new();
    for hit in hits {
        let Who::Masked { name, born_in, org, desk, key } = hit else { continue };
        if key.org == person.org || offers.iter().any(|offer| offer.key.person == key.person) {
            continue;
        }
        let handle = handle(work, person.id, key.person)?;
        let consent = agreed.get(&key.org).copied();
        offers.push(Offer { handle, name, born_in, org, desk, consent, lately: None, key });
    }
    let keys: Vec<_> = offers.iter().map(|offer| offer.key.person).collect();
    let mut lately = rows::asked_lately(work, person.id, &keys).await?;
    for offer in &mut offers {
        offer.lately = lately.remove(&offer.key.person);
    }
    Ok(offers)
}

// Nobody without the keyring makes one, and one that was made for somebody else, or beside another person, fits no offer.
fn handle(work: &Work, own: PersonId, other: PersonId) -> Result<String, Error> {
    let me = work.me()?;
    let message = [me.0.as_bytes().as_slice(), own.0.as_bytes().as_slice(), other.0.as_bytes().as_slice()].concat();
    Ok(hex::encode(&work.ground().keyring.derive("known elsewhere", &message)[..16]))
}

/// What is asked.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Whom, by the handle of an offer.
    pub handle: &'a str,
    /// The person knows of it and agrees.
    pub agreed: bool,
}

/// Asks the organisation behind a handle whether it is the same person.
pub async fn ask(work: &mut Work, id: PersonId, asking: &Asking<'_>) -> Result<RowId, Error> {
    actions::may_change(work, id).await?;
    let person = store::find(work, id).await?;
    let mut errors = FieldErrors::default();
    if !asking.agreed {
        errors.add("agreed", "required");
    }
    let offer = offers(work, &person).await?.into_iter().find(|offer| offer.handle == asking.handle);
    let code = match &offer {
        Some(offer) if offer.lately.is_some() => "asked_elsewhere_lately",
        None if asking.handle.is_empty() => "required",
        _ => "not_a_choice",
    };
    let asked = offer.filter(|offer| offer.lately.is_none());
    let Some((other, consent)) = asked.and_then(|offer| Some((offer.key.person, offer.consent?))) else {
        errors.add("hit", code);
        return Err(Error::Invalid(errors));
    };
    errors.or_ok()?;
    let (row, due, org) = (RowId::new(), work.now() + TOLD_AFTER, work.org());
    rows::ask(work, row, (id, other, consent), due).await?;
    let job = |kind: &'static str| Job::new(kind, org, json!({ "question": row })).once(format!("{kind}:{row}"));
    work.enqueue(job(PUT)).await?;
    work.enqueue(job(SETTLE).at(due)).await?;
    work.record(Fact::ElsewhereAsked, About::default().with(id).with(row)).await?;
    Ok(row)
}

/// Answers a question of another organisation; again, if somebody thinks better of it before both sides are told.
pub async fn answer(work: &mut Work, id: RowId, version: i32, answer: &str) -> Result<(), Error> {
    let question = put_to_us(work, id).await?;
    actions::may_change(work, question.person).await?;
    rows::answer(work, id, version, answer).await?;
    work.record(Fact::ElsewhereAnswered, About::default().with(question.person).with(id)).await
}

/// A question that was put to the reader's side.
pub async fn put_to_us(work: &mut Work, id: RowId) -> Result<Question, Error> {
    let question = rows::find(work, id).await?;
    if question.asks { Err(Error::NotFound) } else { Ok(question) }
}

/// Ends what is known of each other, or takes back a question.
pub async fn end(work: &mut Work, person: PersonId, id: RowId, (version, reason): (i32, &str)) -> Result<(), Error> {
    of(work, person, id).await?;
    actions::may_change(work, person).await?;
    rows::end(work, id, version, reason).await?;
    work.record(Fact::ElsewhereEnded, About::default().with(person).with(id)).await
}

/// The question, if it is one of this person.
pub async fn of(work: &mut Work, person: PersonId, id: RowId) -> Result<Question, Error> {
    let question = rows::find(work, id).await?;
    if question.person == person { Ok(question) } else { Err(Error::NotFound) }
}

/// Puts a question to the other side, unless it may be put to nobody.
pub async fn put(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let Some((question, org)) = rows::put(work, question(job)?).await? else { return Ok(()) };
    work.enqueue(Job::new(TELL, Some(org), json!({ "question": question })).once(format!("{TELL}:{question}"))).await
}

/// Leaves a task for each of the asked organisation who may answer, never for a unit: whoever else works there is not to hear of it (S10, S11).
pub async fn tell(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let question = question(job)?.0;
    for (user, unit, due) in rows::to_be_asked(work, question).await? {
        let task = NewTask::of_unit(TASK, unit, due).to(Some(user));
        tasks::actions::add(work, task.once(format!("{TASK}:{question}:{user}"))).await?;
    }
    Ok(())
}

/// Tells both sides, once the day has come.
pub async fn settle(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = question(job)?;
    let Some((person, same)) = rows::settle(work, id).await? else { return Ok(()) };
    let fact = if same { Fact::ElsewhereConfirmed } else { Fact::ElsewhereNotConfirmed };
    work.record(fact, About::default().with(person).with(id)).await
}

fn question(job: &Taken) -> Result<RowId, Error> {
    Ok(serde_json::from_value(job.body["question"].clone()).map_err(anyhow::Error::from)?)
}
