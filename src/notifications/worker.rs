//! From a fact to the people who hear of it: one job for each side's organisation, which sees only what that organisation sees.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kinds::{Hearer, Kind};
use super::store::{self, Matter, Subject, TaskAt};
use crate::audit::Fact;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::jobs::{Job, RecordedFact};
use crate::tasks::task::{FOLLOW_UP, JOIN_LAPSED};

/// The job's kind.
pub const NOTIFY: &str = "notify";

#[derive(Debug, Serialize, Deserialize)]
struct Heard {
    fact: Uuid,
    kind: String,
    by: Option<Uuid>,
    case: Option<Uuid>,
    referral: Option<Uuid>,
    #[serde(default)]
    task: Option<Uuid>,
    #[serde(default)]
    kept_from_receiver: bool,
    #[serde(default)]
    transfer: Option<Uuid>,
    // Who handed on the task that is done, held the one that went further up, looked for who stays out longer, or asked for what was decided.
    #[serde(default)]
    giver: Option<Uuid>,
    // The people, the packets or the parties that such a fact names.
    #[serde(default)]
    named: Vec<Uuid>,
}

// New tasks that no other fact tells their holder of: a case assigned, a missing safety action and an emergency access say so themselves.
const TOLD_WHEN_NEW: &[&str] = &[
    "own",
    "agree_basis",
    "review_basis",
    "renew_consent",
    "service_check",
    "follow_running",
    "delete_minutes",
    "delete_hosted",
    "known_elsewhere",
    "check_correction",
    "check_join",
    JOIN_LAPSED,
];

/// The jobs that tell people of a fact.
pub fn jobs_of_fact(fact: &RecordedFact) -> Vec<Job> {
    let Some(kind) = Kind::of_fact(fact.kind).filter(|kind| !kind.hearers.is_empty()) else { return Vec::new() };
    let task = fact.subjects.first().copied().filter(|_| kind.is_of_task());
    let transfer = fact.subjects.first().copied().filter(|_| kind.is_of_transfer());
    let named = if kind.names_its_own() { fact.subjects.clone() } else { Vec::new() };
    if task.is_none() && transfer.is_none() && named.is_empty() && fact.case_id.is_none() && fact.referral_id.is_none() {
        return Vec::new();
    }
    let heard = Heard {
        fact: fact.id,
        kind: fact.kind.to_owned(),
        by: fact.by,
        case: fact.case_id,
        referral: fact.referral_id,
        task,
        kept_from_receiver: fact.kept_from_receiver,
        transfer,
        giver: fact.subjects.get(1).copied().filter(|_| kind.names_second()),
        named,
    };
    let Ok(body) = serde_json::to_value(&heard) else { return Vec::new() };
    let job = |org| Job::new(NOTIFY, Some(org), body.clone()).once(format!("notify:{}:{org}", fact.id));
    fact.orgs.iter().copied().map(job).collect()
}

/// Tells the people of one organisation. Safe to run twice: each hears of a fact once.
pub async fn notify(work: &mut Work, body: &serde_json::Value) -> Result<(), Error> {
    let heard = Heard::deserialize(body).map_err(anyhow::Error::from)?;
    let Some(kind) = Kind::of_fact(&heard.kind) else { return Ok(()) };
    if let Some(id) = heard.task {
        let Some(task) = store::task(work, id).await? else { return Ok(()) };
        let mut users = of_task(work, &task, kind).await?;
        users.extend(heard.giver);
        return tell(work, users, &heard, kind, Matter::Task(id)).await;
    }
    if let Some(id) = heard.transfer {
        let users = store::of_transfer(work, id, kind.hearers.contains(&Hearer::TransferDecider)).await?;
        tell(work, users, &heard, kind, Matter::Transfer(id)).await?;
        if kind.hearers.contains(&Hearer::Administrator) {
            let users = store::rights::administrators_for(work, id).await?;
            tell(work, users, &heard, kind, Matter::Rights).await?;
        }
        return Ok(());
    }
    if kind.names_its_own() {
        return of_named(work, &heard, kind).await;
    }
    let Some(subject) = store::subject(work, heard.case, heard.referral).await? else { return Ok(()) };
    let mut users: Vec<Uuid> = heard.giver.into_iter().collect();
    // What the page hides from the receiver, no notification tells them (S7), be they colleagues of the sender.
    for hearer in kind.hearers.iter().filter(|hearer| !(heard.kept_from_receiver && **hearer == Hearer::Receiver)) {
        users.extend(who(work, &subject, *hearer).await?);
    }
    tell(work, users, &heard, kind, subject.matter()).await
}

// Those who take part in a session, or proposed a correction, of whatever else its facts name; or whoever reads the minutes that came to this
// organisation, or would have.
async fn of_named(work: &mut Work, heard: &Heard, kind: &Kind) -> Result<(), Error> {
    if kind.hearers.contains(&Hearer::TakesPart) || kind.hearers.contains(&Hearer::Proposer) {
        return tell(work, heard.named.clone(), heard, kind, Matter::Page).await;
    }
    if kind.hearers.contains(&Hearer::AskedToConfer) {
        for (party, users) in store::rights::parties_called_off(work, &heard.named).await? {
            tell(work, users, heard, kind, Matter::CalledOff(party)).await?;
        }
        return Ok(());
    }
    for (packet, users) in store::rights::minutes_received(work, &heard.named).await? {
        tell(work, users, heard, kind, Matter::Minutes(packet)).await?;
    }
    Ok(())
}

async fn tell(work: &mut Work, mut users: Vec<Uuid>, heard: &Heard, kind: &Kind, matter: Matter) -> Result<(), Error> {
    users.retain(|user| Some(*user) != heard.by);
    users.sort_unstable();
    users.dedup();
    store::insert(work, &users, &kind.code(), matter, heard.fact).await
}

// The deadlines of a referral ring by themselves, on both sides; its tasks are not told a second time.
async fn of_task(work: &mut Work, task: &TaskAt, kind: &Kind) -> Result<Vec<Uuid>, Error> {
    match (kind.fact, task.assignee) {
        (Fact::TaskOverdue, _) if task.of_referral => Ok(Vec::new()),
        (Fact::TaskOverdue, Some(assignee)) if task.kind == FOLLOW_UP && task.high => {
            Ok([vec![assignee], supervisors(work, task).await?].concat())
        }
        (Fact::TaskAdded, _) if !TOLD_WHEN_NEW.contains(&task.kind.as_str()) => Ok(Vec::new()),
        // Whoever is asked to look for a colleague who is out, and whoever supervises them (S22).
        (Fact::VisitOverdue, _) => Ok(task.assignee.into_iter().chain(supervisors(work, task).await?).collect()),
        (Fact::VisitProlonged, _) => supervisors(work, task).await,
        (_, Some(assignee)) => Ok(vec![assignee]),
        // The second person is somebody who may agree (S1); of a restricted case that is its supervisor, to whom the task is given.
        (Fact::TaskAdded, None) if task.kind == "agree_basis" && !task.restricted => {
            store::holders(work, task.unit, task.case_type, "consent.agree").await
        }
        (Fact::ApprovalDueSoon | Fact::ApprovalEscalated, None) if !task.restricted => {
            store::holders(work, task.unit, task.case_type, "case.approve").await
        }
        (Fact::TaskOverdue, None) if task.restricted => Ok(task.supervisor.into_iter().collect()),
        (Fact::TaskOverdue, None) => store::holders(work, task.unit, task.case_type, "task.assign").await,
        _ => Ok(Vec::new()),
    }
}

// Whoever was to be looked after within two days and was not is the supervisor's matter too (S21); of a restricted case that of its named
// supervisor only (S9).
async fn supervisors(work: &mut Work, task: &TaskAt) -> Result<Vec<Uuid>, Error> {
    match task.supervisor {
        Some(supervisor) => Ok(vec![supervisor]),
        None if task.restricted => Ok(Vec::new()),
        None => store::holders(work, task.unit, task.case_type, "referral.review").await,
    }
}

async fn who(work: &mut Work, subject: &Subject, hearer: Hearer) -> Result<Vec<Uuid>, Error> {
    let (from, to) = (subject.is_from, subject.is_to);
    match hearer {
        Hearer::Author if from => Ok(subject.author.into_iter().collect()),
        Hearer::Sender if from => Ok(subject.manager.or(subject.author).into_iter().collect()),
        Hearer::CaseManager if from => Ok(subject.manager.into_iter().collect()),
        Hearer::SenderSupervisor | Hearer::CaseSupervisor if from => match subject.supervisor {
            Some(supervisor) => Ok(vec![supervisor]),
            // A restricted case is known to its named supervisor only (S9).
            None if subject.restricted => Ok(Vec::new()),
            None => store::holders(work, subject.from_unit, subject.case_type, "referral.review").await,
        },
        Hearer::Protection if from => store::protection_officers(work).await,
        Hearer::Receiver if to => receivers(work, subject).await,
        _ => Ok(Vec::new()),
    }
}

async fn receivers(work: &mut Work, subject: &Subject) -> Result<Vec<Uuid>, Error> {
    let Some(unit) = subject.to_unit else { return Ok(Vec::new()) };
    match subject.assignee {
        Some(assignee) => Ok(vec![assignee]),
        _ if subject.restricted => store::focal_points(work, unit).await,
        _ => store::holders(work, unit, subject.case_type, "referral.answer").await,
    }
}
