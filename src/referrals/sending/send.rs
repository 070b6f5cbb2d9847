//! Sending a draft: everything that must be true is looked up and checked at once, then packet and move are written together.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::agreed::{self, Agreed};
use super::cash;
use super::child;
use super::draft::{self, CaseBrief};
use super::others;
use super::packet::{self, Disclosure, Part};
use super::target;
use crate::consent;
use crate::error::{Error, FieldErrors};
use crate::packs::Pack;
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::platform::text::text_with;
use crate::referrals::action::{Action, Consent as Covered};
use crate::referrals::actions::{self, Said};
use crate::referrals::clearance::{self, Cleared};
use crate::referrals::clocks::watch;
use crate::referrals::follow_up::ways;
use crate::referrals::problems::{Fault, Field, Problem};
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::submission::{Accompaniment, Answer, Cover, Running, Safety, Submission};
use crate::referrals::words::{DisputeSharing, FollowUp, Kind, Pace, Priority, Sequel, Side, Status, Step};
use crate::web::Form;

/// A draft with everything that was looked up for it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The case it is written from.
    pub case: CaseBrief,
    /// The persons it is for.
    pub persons: Vec<PersonId>,
    /// What the registry knows of them, in no particular order.
    pub known: Vec<Person>,
    /// What each of them agreed to.
    pub consents: Vec<Agreed>,
    /// What would be disclosed about each of them.
    pub disclosures: Vec<Disclosure>,
    /// As the rules take it.
    pub submission: Submission,
    /// What stands in the way.
    pub problems: Vec<Problem>,
    /// It is for cash or vouchers, and says no more than that needs (S26).
    pub cash: bool,
}

/// Looks up everything that sending asks for, for somebody who may write or review the draft; changes nothing.
pub async fn prepare(work: &mut Work, referral: &Referral, form: &Form, pack: &Pack) -> Result<Prepared, Error> {
    let case = draft::brief(work, referral.case_id.ok_or(Error::NotFound)?).await?;
    let form = &cash::narrowed(pack, &referral.wanted.need, form);
    let chosen: Vec<Uuid> = form.all("person").iter().filter_map(|id| id.parse().ok()).collect();
    let persons: Vec<PersonId> = case.people.iter().filter(|id| chosen.contains(id)).map(|id| PersonId(*id)).collect();
    let (cover, consents) = agreed::cover(work, referral, &case, &persons, form.all("sections"), pack).await?;
    let known = people::store::several(work, &persons).await?;
    let mut disclosures = Vec::new();
    for person in &persons {
        let person = known.iter().find(|one| one.id == *person).ok_or(Error::NotFound)?;
        disclosures.push(packet::gather(work, referral, &case, person, form, pack).await?);
    }
    let submission = submission(work, referral, &case, (&persons, &known), form, cover).await?;
    let problems = crate::referrals::problems::problems(&submission, work.now());
    Ok(Prepared { case, persons, known, consents, disclosures, submission, problems, cash: form.ticked("cash") })
}

async fn submission(
    work: &mut Work,
    referral: &Referral,
    case: &CaseBrief,
    (persons, known): (&[PersonId], &[Person]),
    form: &Form,
    cover: Option<Cover>,
) -> Result<Submission, Error> {
    let priority = form.value("priority").parse().unwrap_or(Priority::Normal);
    let answer = |field: &str| match form.value(field) {
        "yes" => Answer::Yes,
        "no" => Answer::No,
        _ => Answer::Unanswered,
    };
    // The person has no pages of their own yet; what was agreed before stays readable.
    let follow_up = form.value("follow_up").parse::<FollowUp>().ok().filter(|way| *way != FollowUp::Portal);
    let urgent = priority == Priority::Emergency || case.risk.as_deref() == Some("high");
    Ok(Submission {
        kind: referral.state.terms.kind,
        sensitivity: case.sensitivity,
        priority,
        pace: if urgent { Pace::SameDay } else { Pace::Ordinary },
        person: if persons.is_empty() { String::new() } else { case.code.clone() },
        need: form.value("need").to_owned(),
        safe_contact: String::new(),
        cover,
        sections: form.all("sections").iter().cloned().collect(),
        due_at: due_at(work, referral, form, priority).await?,
        running: if others::running(work, referral, persons).await?.is_empty() { Running::None } else { Running::SameService },
        already_receives: answer("already_receives"),
        without_help: answer("without_help"),
        available_here: answer("available_here"),
        accompaniment: accompaniment(work, known, form),
        safety: Safety {
            person: answer("safe_for_person"),
            worker: answer("safe_for_worker"),
            precaution: form.value("precaution").trim().to_owned(),
        },
        follow_up,
        safe_way: ways::reach(work, persons, follow_up).await?,
        dispute_sharing: if form.ticked("dispute_sharing") { DisputeSharing::Agreed } else { DisputeSharing::KeptFromProvider },
    })
}

// Typed, or by the priority's own period.
async fn due_at(work: &mut Work, referral: &Referral, form: &Form, priority: Priority) -> Result<Option<DateTime<Utc>>, Error> {
    let mut typed = form.clone();
    if let Some(day) = typed.date_maybe("due_on") {
        let end = day.and_time(NaiveTime::MIN) + chrono::TimeDelta::minutes(23 * 60 + 59);
        return Ok(end.and_local_timezone(work.zone()).latest().map(|end| end.with_timezone(&Utc)));
    }
    let clockwork = watch::Clockwork::of(work, referral).await?;
    let mut state = referral.state;
    state.terms.priority = priority;
    state.terms.due_at = None;
    state.times.sent = Some(work.now());
    Ok(crate::referrals::next::outcome_due(&state, &clockwork.watch()))
}

fn accompaniment(work: &Work, known: &[Person], form: &Form) -> Accompaniment {
    let today = work.today();
    let child = known.iter().any(|person| person.age_on(today).is_some_and(|age| age < 18));
    match form.value("accompaniment") {
        _ if !child => Accompaniment::Adult,
        "adult" => Accompaniment::AcceptedAdult,
        "case_worker" => Accompaniment::CaseWorker,
        "no_safe_adult" => Accompaniment::NoSafeAdult(form.value("accompaniment_reason").trim().to_owned()),
        _ => Accompaniment::Unanswered,
    }
}

/// Sends a draft to review, complete as it must be to be sent: nobody reviews what could not go, and nothing approved has to be mended and
/// approved again (S5, S26).
pub async fn ask_for_review(work: &mut Work, referral: &Referral, form: &Form) -> Result<Referral, Error> {
    draft::may_write(work, referral).await?;
    // In any other step the rules say why not.
    if matches!(referral.state.step, Step::Writing | Step::Returned) {
        ready(work, referral, form).await?;
    }
    actions::act(work, referral, Action::SendForReview, Said::default()).await
}

// Everything that must be true of what is sent; what is not stands beside its field, all of it at once.
async fn ready(work: &mut Work, referral: &Referral, form: &Form) -> Result<(Prepared, Cleared), Error> {
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let prepared = prepare(work, referral, form, &pack).await?;
    let mut owed = cash::owed(&pack, &referral.wanted.need, form);
    if form.value("reason").trim().is_empty() && !cash::is(&pack, form.value("need")) {
        owed.add("reason", "required");
    }
    if prepared.cash
        && let Some(why) = cash::owes_size(work, &prepared.persons, form).await?
    {
        owed.add(cash::SIZE, why);
    }
    if child::owes_a_reason(form) {
        owed.add("caregiver_not_informed", "why_not_informed");
    }
    match clearance::check(&prepared.submission, work.now()) {
        Ok(cleared) => {
            owed.or_ok()?;
            Ok((prepared, cleared))
        }
        Err(problems) => {
            let mut all = refusals(&problems, &prepared.consents);
            owed.0.into_iter().for_each(|(field, code)| all.add(&field, code));
            Err(Error::Invalid(all))
        }
    }
}

/// Sends a draft. A second send of what was already sent answers with it as it is, so that a double click sends once.
pub async fn submit(work: &mut Work, referral: &Referral, form: &Form) -> Result<Referral, Error> {
    if referral.state.times.sent.is_some() {
        return Ok(referral.clone());
    }
    draft::may_write(work, referral).await?;
    consent::store::hold_still(work, referral.case_id.ok_or(Error::NotFound)?).await?;
    let (prepared, cleared) = ready(work, referral, form).await?;
    target::settle_receiver(work, referral).await?;
    write_terms(work, referral, &prepared, form).await?;
    for (disclosure, said) in prepared.disclosures.iter().zip(&prepared.consents) {
        packet::freeze(work, referral, disclosure, said.covered_by, Part::Original).await?;
    }
    let sent = actions::act(work, referral, Action::Submit(cleared), Said::default()).await?;
    settle_sequel(work, &sent).await?;
    Ok(sent)
}

// What was refused is referred elsewhere: nothing more is owed there (DOMAIN section 3).
async fn settle_sequel(work: &mut Work, sent: &Referral) -> Result<(), Error> {
    let Some(old) = sent.instead_of else { return Ok(()) };
    let old = store::find(work, old).await?;
    if old.state.sequel != Sequel::Owed {
        return Ok(());
    }
    let reason = text_with(work.lang(), "referral-decided-elsewhere", &[("code", sent.code.clone().into())]);
    actions::act(work, &old, Action::NoteDecision { reason }, Said { side: Some(Side::From), ..Said::default() }).await?;
    Ok(())
}

async fn write_terms(work: &mut Work, referral: &Referral, prepared: &Prepared, form: &Form) -> Result<(), Error> {
    let sealed = actions::seal(work, referral, "referrals.reason", form.value("reason").trim()).await?;
    let precaution = form.value("precaution").trim();
    let precaution =
        if precaution.is_empty() { None } else { Some(actions::seal(work, referral, "referrals.precaution", precaution).await?) };
    let ids: Vec<Uuid> = prepared.persons.iter().map(|id| id.0).collect();
    let known = &prepared.known;
    let together = form.ticked("dont_go_alone") || known.iter().any(|person| person.dont_go_alone);
    let area = known.first().map(|person| {
        [person.admin1.clone(), person.admin2.clone()].into_iter().filter(|at| !at.is_empty()).collect::<Vec<_>>().join(", ")
    });
    let with = match &prepared.submission.accompaniment {
        Accompaniment::AcceptedAdult => "adult",
        Accompaniment::CaseWorker => "case_worker",
        Accompaniment::NoSafeAdult(_) => "no_safe_adult",
        _ => "not_needed",
    };
    let yes = |answer| answer == Answer::Yes;
    sqlx::query!(
        "update referrals set reason = $2, precaution = $3, safe_for_person = $4, safe_for_worker = $5, dont_go_alone = $6, accompaniment = $7,
           accompaniment_reason = $8, area = $9 where id = $1",
        referral.id.0,
        sealed,
        precaution,
        yes(prepared.submission.safety.person),
        yes(prepared.submission.safety.worker),
        together,
        with,
        form.value("accompaniment_reason"),
        area.filter(|_| !prepared.cash).unwrap_or_default()
    )
    .execute(work.db())
    .await?;
    add_people(work, referral, &ids).await
}

pub(super) async fn add_people(work: &mut Work, referral: &Referral, people: &[Uuid]) -> Result<(), Error> {
    for person in people {
        sqlx::query!(
            "insert into referral_people (id, referral_id, person_id) values ($1, $2, $3)",
            Uuid::now_v7(),
            referral.id.0,
            person
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

// Why nothing covers it says more than that nothing does: a consent may have been withdrawn since the draft was begun.
fn refusals(problems: &[Problem], consents: &[Agreed]) -> FieldErrors {
    let uncovered = problems.iter().any(|problem| problem.field == Field::Basis);
    let gap = consents.iter().find_map(|said| said.gap).filter(|_| uncovered);
    let mut all = gap.map(|gap| FieldErrors::one("sections", gap)).unwrap_or_default();
    for (field, code) in errors(problems).0 {
        all.add(&field, code);
    }
    all
}

/// Problems as errors beside the fields of the form.
pub fn errors(problems: &[Problem]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for problem in problems {
        let field = match problem.field {
            Field::Basis | Field::Recipient => "sections",
            Field::DueAt => "due_on",
            field => field.code(),
        };
        let code = match (problem.field, problem.fault) {
            (Field::Basis, _) => "no_consent",
            (Field::Recipient, _) => "recipient_not_covered",
            (Field::Sections, Fault::NotCovered) => "sections_not_covered",
            (_, Fault::Missing | Fault::Unanswered) => "required",
            (_, Fault::InPast) => "in_past",
            (_, Fault::AlreadyRunning) => "already_running",
            (Field::AlreadyReceives, Fault::NotReferredBecause) => "not_referred_receives",
            (Field::WithoutHelp, Fault::NotReferredBecause) => "not_referred_without_help",
            (_, Fault::NotReferredBecause) => "not_referred_unavailable",
            (_, Fault::PrecautionNeeded) => "precaution_needed",
            (_, Fault::ReasonNeeded) => "reason_needed",
            (_, Fault::UnsafeChannel) => "unsafe_channel",
            (_, Fault::NoSafeWay) => "no_safe_way",
            (_, Fault::NotCovered) => "not_covered",
        };
        errors.add(field, code);
    }
    errors
}

/// Adds a supplement to what was sent: consent-checked, the original stays.
pub async fn amend(work: &mut Work, referral: &Referral, form: &Form, said: Said) -> Result<Referral, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let case = draft::case(work, referral.case_id.ok_or(Error::NotFound)?).await?;
    consent::store::hold_still(work, case.id).await?;
    let persons = store::persons(work, referral.id).await?;
    let form = &cash::narrowed(&pack, &referral.wanted.need, form);
    let sections: BTreeSet<String> = form.all("sections").iter().cloned().collect();
    let (cover, consents) = agreed::cover(work, referral, &case, &persons, form.all("sections"), &pack).await?;
    let problems = crate::referrals::problems::disclosure_problems(cover.as_ref(), &sections);
    if !problems.is_empty() {
        return Err(Error::Invalid(errors(&problems)));
    }
    let after = actions::act(work, referral, Action::Amend { consent: Covered::Covers }, said).await?;
    let opened_at = (after.state.status != Status::Requested).then(|| work.now());
    let known = people::store::several(work, &persons).await?;
    for (person, said) in persons.iter().zip(&consents) {
        let person = known.iter().find(|one| one.id == *person).ok_or(Error::NotFound)?;
        let disclosure = packet::gather(work, &after, &case, person, form, &pack).await?;
        packet::freeze(work, &after, &disclosure, said.covered_by, Part::Supplement { opened_at }).await?;
    }
    Ok(after)
}

/// Whether nobody at the receiver is cleared to see it: it would wait unseen. Said, and never stops help.
pub async fn nobody_answers(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    let Some(unit) = referral.to.unit.filter(|_| referral.to.assignee.is_none()) else { return Ok(false) };
    let somebody = sqlx::query_scalar!("select access.somebody_answers($1, $2) as \"is!\"", unit, referral.case_type)
        .fetch_one(work.db())
        .await?;
    Ok(!somebody)
}

/// Whether the sender may send at all by an agreement; a missing one is said and never stops help.
pub async fn lacks_agreement(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    let Some(org) = referral.to.org.filter(|_| referral.state.terms.kind == Kind::Partner) else { return Ok(false) };
    let today = work.today();
    let tracked = sqlx::query_scalar!(
        "select exists (select from agreements where from_org = $1 and to_org = $2 and client_tracking and starts_on <= $3
           and (ends_on is null or ends_on >= $3)) as \"is!\"",
        referral.from.org,
        org,
        today
    )
    .fetch_one(work.db())
    .await?;
    Ok(!tracked)
}
