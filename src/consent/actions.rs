//! The verbs: record what was said, record another basis, agree to it as the second person, review it.
use chrono::{DateTime, NaiveDate, Utc};

use super::basis::{BasisDraft, EmergencyGround, Told};
use super::consent::{Basis, Consent, Form, Giver, Kind};
use super::draft::{Assent, Draft};
use super::store;
use crate::access::subject::{self, Subject};
use crate::access::{Act, basis_review};
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::packs::{Period, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId, UserId};
use crate::platform::jobs::{Job, Taken};
use crate::tasks::{self, NewTask};

/// Records a consent, or a refusal, which blocks nothing else. A child's assent stands beside it as a row of its own.
pub async fn record(work: &mut Work, subject: &Subject, draft: Draft) -> Result<ConsentId, Error> {
    work.may_in(Act::ConsentRecord, subject.unit, Some(subject.id)).await?;
    let consent = of_draft(work, subject, &draft).await?;
    store::insert(work, &consent).await?;
    if draft.assent == Assent::Given && consent.kind == Kind::Representative {
        let assent = Consent {
            id: ConsentId::new(),
            kind: Kind::Assent,
            given_by: Giver::Person,
            given_by_person: None,
            child_assent_of: Some(consent.id),
            note: None,
            document_id: None,
            ..consent.clone()
        };
        store::insert(work, &assent).await?;
    }
    if draft.limits_explained {
        store::note_limits(work, subject.id, draft.given_on).await?;
    }
    remind(work, subject, &consent).await?;
    if consent.kind == Kind::Refused {
        let job = Job::new(REFUSED, Some(subject.org), serde_json::json!({ "consent": consent.id }));
        work.enqueue(job.once(format!("{REFUSED}:{}", consent.id))).await?;
    }
    work.record(Fact::ConsentRecorded, about(&consent).note(serde_json::json!({ "kind": consent.kind.as_str() }))).await?;
    Ok(consent.id)
}

async fn of_draft(work: &mut Work, subject: &Subject, draft: &Draft) -> Result<Consent, Error> {
    let note = seal(work, subject.id, &draft.note).await?;
    Ok(Consent {
        person_id: draft.person,
        kind: draft.kind,
        purpose: draft.purpose.clone(),
        for_tracing: draft.for_tracing,
        to_orgs: draft.to_orgs.clone(),
        to_kinds: draft.to_kinds.clone(),
        sections: draft.sections.clone(),
        form: draft.form,
        given_by: draft.given_by,
        given_by_person: draft.given_by_person.filter(|_| draft.given_by != Giver::Person),
        witness: draft.witness.clone(),
        spoken_alone: draft.spoken_alone,
        understood: draft.understood,
        language: draft.language.clone(),
        interpreter: draft.interpreter.clone(),
        interpreter_bound: draft.interpreter_bound && !draft.interpreter.is_empty(),
        law: draft.law.clone(),
        document_id: draft.document,
        note,
        given_on: draft.given_on,
        expires_on: draft.expires_on,
        ..empty(work, subject)?
    })
}

/// Records another basis than consent (S1). It may be used once a second person agrees; in an emergency at once, for a day.
pub async fn record_basis(work: &mut Work, subject: &Subject, draft: BasisDraft) -> Result<ConsentId, Error> {
    work.may_in(Act::ConsentRecord, subject.unit, Some(subject.id)).await?;
    write_basis(work, subject, draft).await
}

/// Keeps the ground of an emergency, which may not wait for a right to record (S2): what the person said themselves covers today alone;
/// another basis may be used at once, and goes to the second person and the protection officer.
pub async fn note_emergency(work: &mut Work, subject: &Subject, ground: EmergencyGround) -> Result<ConsentId, Error> {
    let today = work.today();
    if ground.basis != Basis::Consent {
        let pack = subject.pack(work).await?;
        let draft = BasisDraft::of_emergency(ground, &pack, today).ok_or_else(|| invalid("basis", "not_a_choice"))?;
        return write_basis(work, subject, draft).await;
    }
    let consent = Consent {
        person_id: ground.person,
        kind: Kind::Consent,
        given_by: Giver::Person,
        to_orgs: vec![ground.org],
        sections: ground.sections,
        only_referral: Some(ground.referral),
        expires_on: Some(today),
        ..empty(work, subject)?
    };
    store::insert(work, &consent).await?;
    work.record(Fact::ConsentRecorded, about(&consent).note(serde_json::json!({ "kind": consent.kind.as_str() }))).await?;
    Ok(consent.id)
}

async fn write_basis(work: &mut Work, subject: &Subject, draft: BasisDraft) -> Result<ConsentId, Error> {
    let now = work.now();
    let deadlines = subject.pack(work).await?.deadlines.clone();
    let agree_by = now + hours(deadlines.second_person);
    let consent = Consent {
        person_id: draft.person,
        basis: draft.basis,
        to_orgs: draft.to_orgs,
        sections: draft.sections,
        reason: Some(draft.reason),
        law: draft.law,
        told: draft.told,
        not_told_reason: draft.not_told_reason,
        note: seal(work, subject.id, &draft.note).await?,
        given_on: draft.given_on,
        expires_on: Some(draft.expires_on),
        second_due_at: draft.is_emergency.then_some(agree_by),
        only_referral: draft.only_referral,
        ..empty(work, subject)?
    };
    store::insert(work, &consent).await?;
    let task =
        NewTask::of_case("agree_basis", subject.id, agree_by).to(subject.supervisor).once(format!("agree_basis {}", consent.id));
    tasks::actions::add(work, task).await?;
    let officer = store::protection_officer(work, subject.org).await?;
    let review_by = now + hours(deadlines.break_glass_review);
    let task = NewTask::of_case("review_basis", subject.id, review_by).to(officer).once(format!("review_basis {}", consent.id));
    tasks::actions::add(work, task).await?;
    work.record(Fact::ConsentRecorded, about(&consent).note(serde_json::json!({ "basis": consent.basis.as_str() }))).await?;
    Ok(consent.id)
}

/// The second person agrees to another basis; never the one who recorded it.
pub async fn agree(work: &mut Work, id: ConsentId, told: Option<Told>) -> Result<Consent, Error> {
    let consent = store::find(work, id).await?;
    let subject = subject::find(work, consent.case_id).await?;
    work.may_in(Act::ConsentAgree, subject.unit, Some(subject.id)).await?;
    let me = another_than_recorder(work, &consent)?;
    if consent.second_agreed_at.is_some() || consent.withdrawn_at.is_some() {
        return Err(refused("basis_settled"));
    }
    let now = work.now();
    store::agree(work, id, me, now, told.as_ref()).await?;
    store::chore_done(work, &format!("agree_basis {id}"), me, now).await?;
    work.record(Fact::BasisAgreed, about(&consent)).await?;
    Ok(consent)
}

/// The protection officer reviews another basis. Not justified ends it at once.
pub async fn review(work: &mut Work, id: ConsentId, finding: &str) -> Result<Consent, Error> {
    let consent = store::find(work, id).await?;
    let subject = subject::find(work, consent.case_id).await?;
    work.may_in(Act::ConsentReview, subject.unit, Some(subject.id)).await?;
    let me = another_than_recorder(work, &consent)?;
    if consent.reviewed_at.is_some() {
        return Err(refused("basis_settled"));
    }
    let now = work.now();
    store::review(work, id, me, now, finding).await?;
    store::chore_done(work, &format!("review_basis {id}"), me, now).await?;
    basis_review::stop_unless_justified(work, subject.org, id.0, finding).await?;
    work.record(Fact::BasisReviewed, about(&consent).note(serde_json::json!({ "finding": finding }))).await?;
    Ok(consent)
}

/// The job that asks whoever may know something no more since a refusal to delete it.
pub const REFUSED: &str = "consent.refused";

/// The job that leaves the renewal task some days before a consent's last day (S4).
pub const RENEWAL: &str = "consent.renewal";

async fn remind(work: &mut Work, subject: &Subject, consent: &Consent) -> Result<(), Error> {
    let Some(last) = consent.expires_on else { return Ok(()) };
    let before = hours(subject.pack(work).await?.deadlines.consent_renewal);
    let job = Job::new(RENEWAL, Some(subject.org), serde_json::json!({ "consent": consent.id }))
        .at(noon(last) - before)
        .once(format!("{RENEWAL} {}", consent.id));
    work.enqueue(job).await
}

/// Leaves the renewal task, if the consent still stands.
pub async fn renew_later(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = serde_json::from_value(job.body["consent"].clone()).map_err(anyhow::Error::from)?;
    let consent = match store::find(work, id).await {
        Ok(consent) => consent,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let (Some(last), None) = (consent.expires_on, consent.withdrawn_at) else { return Ok(()) };
    let subject = subject::find(work, consent.case_id).await?;
    let task =
        NewTask::of_case("renew_consent", subject.id, noon(last)).to(subject.case_manager).once(format!("renew_consent {id}"));
    tasks::actions::add(work, task).await.map(|_| ())
}

/// The words that were added, for who may read the case.
pub async fn note(work: &mut Work, consent: &Consent) -> Result<String, Error> {
    let Some(sealed) = &consent.note else { return Ok(String::new()) };
    Ok(work.case_key(consent.case_id.0).await?.open_text(SEALED, sealed)?)
}

const SEALED: &str = "consents.note";

async fn seal(work: &mut Work, case: CaseId, note: &str) -> Result<Option<Vec<u8>>, Error> {
    if note.is_empty() {
        return Ok(None);
    }
    Ok(Some(work.case_key(case.0).await?.seal(SEALED, note.as_bytes())))
}

fn another_than_recorder(work: &Work, consent: &Consent) -> Result<UserId, Error> {
    let me = work.me()?;
    match consent.basis {
        Basis::Consent => Err(refused("not_a_basis")),
        _ if consent.recorded_by == me => Err(refused("own_basis")),
        _ => Ok(me),
    }
}

/// This consent's state does not allow it.
pub fn refused(code: &'static str) -> Error {
    Error::Conflict(Clash::State { state: "consent".to_owned(), code })
}

/// What facts about a consent name: its case, itself and its person.
pub fn about(consent: &Consent) -> About {
    About::case(consent.case_id).with(consent.id).with(consent.person_id)
}

// Hours are enough here: none of these clocks is read to the minute.
fn hours(period: Period) -> chrono::TimeDelta {
    chrono::TimeDelta::hours(period.rough_hours().into())
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc()
}

// A row with nothing in it yet but who recorded it, when and where.
fn empty(work: &Work, subject: &Subject) -> Result<Consent, Error> {
    let now = work.now();
    Ok(Consent {
        id: ConsentId::new(),
        case_id: subject.id,
        person_id: subject.person_id,
        basis: Basis::Consent,
        kind: Kind::None,
        purpose: String::new(),
        for_tracing: false,
        to_orgs: Vec::<OrgId>::new(),
        to_kinds: Vec::new(),
        sections: Vec::new(),
        form: None::<Form>,
        given_by: Giver::Workers,
        given_by_person: None,
        witness: String::new(),
        spoken_alone: false,
        understood: false,
        language: None,
        interpreter: String::new(),
        interpreter_bound: false,
        child_assent_of: None,
        document_id: None,
        note: None,
        given_on: work.today(),
        expires_on: None,
        reason: None,
        law: String::new(),
        told: None,
        not_told_reason: String::new(),
        second_person: None,
        second_agreed_at: None,
        second_due_at: None,
        only_referral: None,
        reviewed_at: None,
        review_finding: None,
        withdrawn_at: None,
        ends_service: None,
        recorded_by: work.me()?,
        recorded_by_name: work.standing.name.clone(),
        recorded_at: now,
        version: 1,
    })
}
