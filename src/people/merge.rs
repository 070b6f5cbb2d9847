//! Two records of one person. Whoever may change both says that they are two persons, which is remembered, or proposes that they are joined and which values stay;
//! somebody else, never the same, agrees; a day later a job carries it out, and for ninety days it can be undone.
//!
//! *Stays* is the record that everything is found under afterwards; *goes* is the other: a stub that nobody sees, whose address and code lead to the one that stays.
//! Everything that names a person moves (`access.places_of_people`), each row is written down by its id, and undoing moves back exactly these. What came since stays.
//!
//! *Nobody learns of a case by it* (S11). Whoever sees one record comes to see the particulars of the other; that is what joining means, and the reason for these bounds.
//! Restricted cases, those of another organisation, those with a bar, and any that whoever agreed does not see keep two records apart. Proposing and agreeing answer
//! alike all the same: whether it can come about is asked behind the policies, shown to nobody, and comes out only a day later, as one *not joined* for every
//! reason there is: somebody said no, a record changed meanwhile, or they may not be joined. Which of them it was is written nowhere. The owners of cases that stood
//! in the way get a task on their own case. Candidates, comparison and refusals come from what the reader sees. Confidentiality and warnings of either record stay,
//! of a telephone that stands in both the more careful marks, and undoing takes none of them away.
//!
//! What deliberately is not here: joining across organisations, each of which keeps its own record (ADR 0004).
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::merge_store::{self as rows, Proposal};
use super::{actions, search, second, store, writing};
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors};
use crate::people::Person;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UserId};
use crate::platform::jobs::{Job, Taken};
use crate::tasks::task::JOIN_LAPSED;
use crate::tasks::{self, NewTask, clock};

/// What may be taken from the record that goes.
pub const FIELDS: &[&str] = &[
    "name",
    "name_latin",
    "sex",
    "gender",
    "born_on",
    "languages",
    "worker_sex",
    "interpreter_sex",
    "difficulties",
    "place",
    "address",
    "household",
];
/// The job that carries out what was agreed, and comes back when undoing is over.
pub const JOIN: &str = "people.join";
/// The job that ends a proposal which nobody answered.
pub const LAPSE: &str = "people.join_lapse";
/// So long somebody may still say no.
const REST: TimeDelta = TimeDelta::hours(24);
/// A proposal that nobody answered by then is none any more.
pub(super) const LAPSES: TimeDelta = TimeDelta::days(30);
/// So long it can be undone.
const UNDOABLE: TimeDelta = TimeDelta::days(90);

/// A proposal to join two records, and what became of it.
#[derive(Debug, Clone)]
pub struct Join {
    /// Its id.
    pub id: RowId,
    /// The record that stays.
    pub stays: PersonId,
    /// Its code.
    pub stays_code: String,
    /// The record that goes.
    pub goes: PersonId,
    /// Its code.
    pub goes_code: String,
    /// Of [`FIELDS`]: what is taken from the record that goes.
    pub chosen: Vec<String>,
    /// `proposed`, `returned`, `agreed`, `stopped`, `joined`, `undone`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Their name then.
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who agreed, or returned it.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it is carried out.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was.
    pub joined_at: Option<DateTime<Utc>>,
    /// Counts what was decided.
    pub version: i32,
}

impl Join {
    /// It waits for a second person.
    pub fn waits(&self) -> bool {
        self.state == "proposed"
    }

    /// Until when it can be undone, where it was carried out.
    pub fn undone_until(&self) -> Option<DateTime<Utc>> {
        self.joined_at.filter(|_| self.state == "joined").map(|at| at + UNDOABLE)
    }
}

/// The joining, if it is one of this person.
pub async fn of(work: &mut Work, id: PersonId, row: RowId) -> Result<Join, Error> {
    let join = rows::find(work, row).await?;
    if join.stays == id || join.goes == id { Ok(join) } else { Err(Error::NotFound) }
}

/// Both persons, if the actor sees both and they are two.
pub async fn both(work: &mut Work, one: PersonId, other: PersonId) -> Result<(Person, Person), Error> {
    let mut found = store::several(work, &[one, other]).await?;
    found.sort_by_key(|person| person.id != one);
    let [first, second] = <[Person; 2]>::try_from(found).map_err(|_| Error::NotFound)?;
    Ok((first, second))
}

/// The actor may change both.
pub async fn may_both(work: &mut Work, one: PersonId, other: PersonId) -> Result<bool, Error> {
    Ok(actions::could_change(work, one).await? && actions::could_change(work, other).await?)
}

/// They are two persons: they are not offered as one again.
pub async fn keep_apart(work: &mut Work, one: PersonId, other: PersonId) -> Result<(), Error> {
    both(work, one, other).await?;
    actions::may_change(work, one).await?;
    actions::may_change(work, other).await?;
    rows::keep_apart(work, one, other).await?;
    work.record(Fact::PersonsKeptApart, About::default().with(one).with(other)).await
}

/// Proposes that two records of one person are joined. What stands in the way and is not the actor's to see changes nothing of the answer (S11).
pub async fn propose(work: &mut Work, new: &Proposal) -> Result<RowId, Error> {
    let (stays, goes) = both(work, new.stays, new.goes).await?;
    actions::may_change(work, stays.id).await?;
    actions::may_change(work, goes.id).await?;
    if (stays.version, goes.version) != (new.version_that_stays, new.version_that_goes) {
        return Err(Error::Conflict(Clash::Stale));
    }
    let mut errors = FieldErrors::default();
    if stays.org != goes.org {
        errors.add("stays", "other_organisation");
    } else if rows::on_one_case(work, stays.id, goes.id).await? {
        errors.add("stays", "on_one_case");
    }
    if !restrictions_fit(&stays, &goes) {
        errors.add("stays", "restrictions_too_long");
    }
    if new.chosen.iter().any(|field| !FIELDS.contains(&field.as_str())) {
        errors.add("stays", "not_a_choice");
    }
    errors.or_ok()?;
    let id = rows::propose(work, new).await?;
    work.record(Fact::JoinProposed, About::default().with(stays.id).with(goes.id).with(id)).await?;
    second::ask(work, second::JOIN, &stays, id).await?;
    // A little later than it is over, so that no clock finds it a moment too early.
    let over = work.now() + LAPSES + TimeDelta::hours(1);
    work.enqueue(Job::new(LAPSE, work.org(), json!({ "join": id })).at(over).once(format!("{LAPSE}:{id}"))).await?;
    Ok(id)
}

// What must be respected when they are contacted is kept of both, in one line (S6).
fn restrictions_fit(stays: &Person, goes: &Person) -> bool {
    const LONGEST: usize = 397;
    let (one, other) = (stays.contact_restriction.trim(), goes.contact_restriction.trim());
    one == other || one.chars().count() + other.chars().count() <= LONGEST
}

/// The answer to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is one person.
    Agree,
    /// It is not, or not so; whoever proposed takes it back in the same way.
    Return,
    /// No to what two have agreed, before it is carried out.
    Object,
}

impl Answer {
    /// Its code, as forms and calls send it.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "agree" => Some(Self::Agree),
            "return" => Some(Self::Return),
            "object" => Some(Self::Object),
            _ => None,
        }
    }
}

/// Answers a proposal, having seen these versions of it and of both records. Who says no to what was agreed names neither record in the log: whoever may
/// read who looked at a person would learn there who said it.
pub async fn answer(work: &mut Work, id: RowId, versions: (i32, i32, i32), answer: Answer) -> Result<(), Error> {
    let join = rows::find(work, id).await?;
    both(work, join.stays, join.goes).await?;
    actions::may_change(work, join.stays).await?;
    actions::may_change(work, join.goes).await?;
    let (version, stays, goes) = versions;
    let about = About::default().with(join.stays).with(join.goes).with(id);
    match answer {
        Answer::Agree if join.proposed_by == work.me()? => return Err(refused("own_join")),
        Answer::Agree => {
            let due = work.now() + REST;
            rows::agree(work, id, (version, stays, goes), due).await?;
            let job = Job::new(JOIN, work.org(), json!({ "join": id })).at(due).once(format!("{JOIN}:{id}"));
            work.enqueue(job).await?;
        }
        Answer::Return => rows::give_back(work, id, version).await?,
        Answer::Object => {
            rows::object(work, id, version).await?;
            return work.record(Fact::JoinAnswered, About::default().with(id)).await;
        }
    }
    tasks::actions::end_answered(work, id).await?;
    work.record(Fact::JoinAnswered, about).await
}

/// Carries out what two agreed on, or leaves everything as it is. Once it can't be undone any more it forgets what was kept for that.
pub async fn carry_out(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id: RowId = serde_json::from_value(job.body["join"].clone()).map_err(anyhow::Error::from)?;
    let Some(ended) = rows::carry_out(work, id).await? else { return Ok(()) };
    let is_joined = ended.state == "joined";
    if is_joined {
        let forgets = Job::new(JOIN, work.org(), json!({ "join": id })).at(work.now() + UNDOABLE + TimeDelta::days(1));
        work.enqueue(forgets.once(format!("{JOIN}:{id}:forget"))).await?;
    }
    let fact = if is_joined { Fact::PersonsJoined } else { Fact::JoinStopped };
    work.record(fact, About::default().with(ended.stays).with(ended.goes).with(id)).await
}

/// Ends a proposal that nobody answered in time, and leaves whoever proposed it a task, named by the code of the record that was to stay.
pub async fn lapse(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id: RowId = serde_json::from_value(job.body["join"].clone()).map_err(anyhow::Error::from)?;
    let Some(lapsed) = rows::lapse(work, id).await? else { return Ok(()) };
    if !lapsed.ended.is_empty() {
        work.record(Fact::TaskDone, About::subjects(lapsed.ended)).await?;
    }
    if let Some(proposer) = lapsed.proposer {
        let calendar = tasks::store::calendar(work, lapsed.unit).await?;
        let due = clock::due_by_working_days(work.now(), second::LOOKED_AT_WITHIN, &calendar);
        let task = NewTask::of_unit(JOIN_LAPSED, lapsed.unit, due).to(Some(proposer)).titled(lapsed.code);
        tasks::actions::add(work, task.once(format!("{JOIN_LAPSED}:{id}"))).await?;
    }
    work.record(Fact::JoinLapsed, About::default().with(id)).await
}

/// Undoes it: what was moved goes back, and what came since stays where it is.
pub async fn undo(work: &mut Work, id: RowId, version: i32) -> Result<Join, Error> {
    let join = rows::find(work, id).await?;
    actions::may_change(work, join.stays).await?;
    let now = work.now();
    if join.undone_until().is_none_or(|until| until < now) {
        return Err(refused("join_not_undoable"));
    }
    if rows::joined_again(work, &join).await? {
        return Err(refused("join_joined_again"));
    }
    rows::undo(work, id, version).await?;
    for person in store::several(work, &[join.stays, join.goes]).await? {
        let contacts: Vec<_> = store::contacts(work, person.id).await?.into_iter().map(|contact| contact.entry).collect();
        let documents: Vec<_> = store::documents(work, person.id).await?.into_iter().map(|document| document.entry).collect();
        writing::set_keys(work, person.id, &search::keys_of(&person.particulars, &contacts, &documents)).await?;
    }
    work.record(Fact::JoinUndone, About::default().with(join.stays).with(join.goes).with(id)).await?;
    Ok(join)
}

fn refused(code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: "open".to_owned(), code })
}
