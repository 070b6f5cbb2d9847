//! The emergency path (S2): four fields from any stage, no gate, no prior review; reviewed the next working day.

use uuid::Uuid;

use super::agreed;
use super::draft::{self, CaseBrief};
use super::packet::{self, Part};
use super::send;
use super::target;
use crate::access::subject;
use crate::consent::{self, basis::EmergencyGround};
use crate::error::{Error, FieldErrors};
use crate::packs::{Pack, Word};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PersonId, ReferralId};
use crate::referrals::action::Action;
use crate::referrals::actions::{self, Said};
use crate::referrals::clearance;
use crate::referrals::clocks::watch;
use crate::referrals::conversation::{self, MOST_OF_A_REASON, Words};
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::submission::{Accompaniment, Answer, Basis, Cover, Reach, Running, Safety, Submission};
use crate::referrals::words::{DisputeSharing, Pace, Priority, Side};
use crate::web::Form;

/// The sections that an emergency discloses, as far as the pack has them: the least with which somebody can help.
const SECTIONS: [&str; 5] = ["need", "urgency", "area", "identity", "safe_contact"];

/// Sends an emergency at once.
pub async fn send(work: &mut Work, id: ReferralId, case: &CaseBrief, form: &Form) -> Result<Referral, Error> {
    if let Ok(known) = store::find(work, id).await {
        return Ok(known);
    }
    let errors = missing(form);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let person = people::store::find(work, PersonId(case.person)).await?;
    fits(work, &person, form).await?;
    let target = target::target(work, form.value("to")).await?;
    let mut kept = form.clone();
    kept.set("priority", Priority::Emergency.code());
    let referral = draft::begin(work, id, case, &target, None, &kept).await?;
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    kept.set_all(
        "sections",
        SECTIONS.iter().filter(|code| pack.section(code).is_some()).map(|code| (*code).to_owned()).collect(),
    );
    let cleared = clearance::check(&submission(&referral, case, &kept), work.now())
        .map_err(|problems| Error::Invalid(send::errors(&problems)))?;
    sqlx::query!(
        "update referrals set safe_contact = $2, emergency_basis = $3, accompaniment = 'not_needed', dont_go_alone = $4 where id = $1",
        referral.id.0,
        form.value("safe_contact").trim(),
        form.value("basis"),
        person.dont_go_alone
    )
    .execute(work.db())
    .await?;
    send::add_people(work, &referral, &[case.person]).await?;
    let disclosure = packet::gather(work, &referral, case, &person, &kept, &pack).await?;
    let ground = ground(work, &referral, case, &kept, &pack).await?;
    packet::freeze(work, &referral, &disclosure, Some(ground), Part::Original).await?;
    actions::act(work, &referral, Action::Submit(cleared), Said::default()).await
}

// The ground is a row of its own: withdrawing it closes the packet, and another basis than consent waits for its second person and its
// review (S1). A consent that covers it already is the ground itself.
async fn ground(work: &mut Work, referral: &Referral, case: &CaseBrief, form: &Form, pack: &Pack) -> Result<ConsentId, Error> {
    let person = PersonId(case.person);
    let basis = consent::Basis::parse(form.value("basis")).unwrap_or(consent::Basis::VitalInterest);
    let sections = form.all("sections").to_vec();
    if basis == consent::Basis::Consent {
        consent::store::hold_still(work, case.id).await?;
        let (_, said) = agreed::cover(work, referral, case, &[person], &sections, pack).await?;
        if let Some(known) = said.first().and_then(|said| said.covered_by) {
            return Ok(known);
        }
    }
    let subject = subject::find(work, case.id).await?;
    let org = referral.to.org.ok_or(Error::NotFound)?;
    consent::actions::note_emergency(work, &subject, EmergencyGround { person, basis, org, referral: referral.id, sections })
        .await
}

// A service for something else, and a child's interests for an adult, are slips of a hurried hand: both are asked about at once.
async fn fits(work: &mut Work, person: &Person, form: &Form) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if form.value("basis") == "child_best_interests" && is_adult(work, person) {
        errors.add("basis", "not_for_an_adult");
    }
    let anyway = form.ticked("anyway");
    if let Some(Ok(service)) = form.value("to").strip_prefix("service:").map(str::parse::<Uuid>) {
        let serves = sqlx::query_scalar!(
            "select cardinality(needs) = 0 or $2 = any (needs) as \"serves!\" from services where id = $1",
            service,
            form.value("need")
        )
        .fetch_optional(work.db())
        .await?;
        if serves == Some(false) && !anyway {
            errors.add("to", "serves_another_need");
        }
    }
    errors.or_ok()
}

/// Whether a person is known to be of age.
pub fn is_adult(work: &Work, person: &Person) -> bool {
    person.age_on(work.today()).is_some_and(|age| age >= 18)
}

/// The other side's number to ring: for the sender the service's own where everybody may know it, else the switchboard of the organisation;
/// for the receiver the sender's switchboard (S14).
pub async fn phone(work: &mut Work, referral: &Referral, side: Side) -> Result<String, Error> {
    let (org, service) = match side {
        Side::To => (Some(referral.from.org), None),
        _ => (referral.to.org, referral.wanted.service_id.map(|id| id.0)),
    };
    let number = sqlx::query_scalar!(
        r#"select coalesce((select s.phone from services s where s.id = $2 and s.visibility = 'public' and s.phone <> ''), o.general_desk) as "number!"
           from organisations o where o.id = $1"#,
        org,
        service
    )
    .fetch_optional(work.db())
    .await?;
    Ok(number.unwrap_or_default())
}

fn missing(form: &Form) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for field in ["need", "safe_contact", "basis", "to"] {
        if !form.filled(field) {
            errors.add(field, "required");
        }
    }
    if form.filled("basis") && form.value("basis").parse::<Basis>().is_err() {
        errors.add("basis", "not_a_choice");
    }
    if form.value("safe_contact").chars().count() > 400 {
        errors.add("safe_contact", "too_long");
    }
    errors
}

fn submission(referral: &Referral, case: &CaseBrief, form: &Form) -> Submission {
    let basis = form.value("basis").parse().unwrap_or(Basis::VitalInterest);
    let sections = form.all("sections").iter().cloned().collect();
    Submission {
        kind: referral.state.terms.kind,
        sensitivity: case.sensitivity,
        priority: Priority::Emergency,
        pace: Pace::SameDay,
        person: case.code.clone(),
        need: form.value("need").to_owned(),
        safe_contact: form.value("safe_contact").to_owned(),
        cover: Some(Cover { basis, recipient: Reach::Covered, sections }),
        sections: form.all("sections").iter().cloned().collect(),
        due_at: None,
        running: Running::None,
        already_receives: Answer::Unanswered,
        without_help: Answer::Unanswered,
        available_here: Answer::Unanswered,
        accompaniment: Accompaniment::Unanswered,
        safety: Safety { person: Answer::Unanswered, worker: Answer::Unanswered, precaution: String::new() },
        follow_up: None,
        safe_way: Reach::NotCovered,
        dispute_sharing: DisputeSharing::KeptFromProvider,
    }
}

/// Logs "phone them now": who spoke with whom, and whether they were reached.
pub async fn hand_off(work: &mut Work, referral: &Referral, form: &mut Form) -> Result<Referral, Error> {
    let who = form.text("who", 200);
    let reached = form.one_of("reached", ["yes", "no"]);
    let why = form.text_maybe("guard_reason", MOST_OF_A_REASON);
    form.check()?;
    let text = format!("{}: {who} · {reached}", crate::platform::text::text(work.lang(), "refer-hand-off"));
    conversation::say(work, referral, &Words { text, typed: who, field: "who", why }).await
}
