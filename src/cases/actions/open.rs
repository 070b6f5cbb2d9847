//! Opening a case.
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::access::{Act, bars};
use crate::audit::{About, Fact};
use crate::cases::case::{Case, wrong_day_of_limits};
use crate::cases::owning;
use crate::cases::store::{self, NewMove, Safety};
use crate::error::{Error, FieldErrors, invalid};
use crate::packs::{self, CaseType, Pack, Sensitivity, StageKind, Subject, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, HouseholdId, PersonId, UnitId, UserId};
use crate::supervision::carrying::{self, Meant};

/// Who will keep a new case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keeper {
    /// Whoever opens it.
    #[default]
    Me,
    /// A colleague.
    Colleague(UserId),
    /// Nobody yet.
    UnitInbox,
}

/// Whom a complaint about staff is about (S9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Complaint {
    /// This was not said; types that go outside the unit need an answer.
    #[default]
    Unsaid,
    /// Nobody who works with this program, or not known.
    NobodyHere,
    /// A colleague, who is barred from the case before anybody else sees it.
    About(UserId),
}

/// What is known when a case is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Its id. A form brings one along, so that sending the form twice opens one case.
    pub id: CaseId,
    /// The person it is about; for a household its head, or whoever speaks for it.
    pub person: PersonId,
    /// The household it is about.
    pub household: Option<HouseholdId>,
    /// The number of its type.
    pub case_type: i16,
    /// The unit that will own it; the actor's own when `None`.
    pub unit: Option<UnitId>,
    /// How it came in.
    pub intake_source: String,
    /// How soon it must be taken up.
    pub priority: String,
    /// The first risk level; the type's own when `None`.
    pub risk: Option<String>,
    /// Who will keep it.
    pub keeper: Keeper,
    /// The named supervisor; needed for restricted types (S9).
    pub supervisor: Option<UserId>,
    /// Whom a complaint about staff is about.
    pub complaint: Complaint,
    /// When the limits of confidentiality were explained (S1).
    pub limits_explained_on: Option<NaiveDate>,
    /// When work began; now when `None`.
    pub opened_at: Option<DateTime<Utc>>,
    /// What is meant all the same: that the colleague who gets it is away, carries more than a full caseload, or works below its level.
    pub meant: Meant,
}

/// Opens a case and starts its clocks. Answers with its id only: the actor may not see it any more when it is for somebody else.
pub async fn open(work: &mut Work, opening: Opening) -> Result<CaseId, Error> {
    work.may(Act::CaseOpen)?;
    let me = work.me()?;
    let (version, pack) =
        packs::store::of_case_type(work, opening.case_type).await.map_err(|_| invalid("case_type", "not_a_choice"))?;
    let case_type = u8::try_from(opening.case_type).ok().and_then(|id| pack.case_type_by_id(id));
    let case_type = case_type.ok_or_else(|| invalid("case_type", "not_a_choice"))?;
    if !store::cleared_types(work).await?.contains(&opening.case_type) {
        return Err(invalid("case_type", "not_a_choice"));
    }
    let unit = unit_of(work, &opening, case_type)?;
    check(work, &opening, &pack, case_type)?;
    check_complaint(work, &opening, case_type, unit).await?;
    let people = people_of(work, &opening, case_type).await?;
    let (manager, supervisor) = keepers(work, &opening, case_type, unit).await?;
    let case = new_case(work, &opening, &pack, version, case_type, unit)?;
    if let Some(to) = manager.filter(|to| *to != me) {
        carrying::may_get(work, &case, ("manager", to), opening.meant).await?;
    }
    let stage = begins_in(&pack, case_type, case.stage.clone(), manager);
    let case = Case { stage, ..case };
    // The opener keeps it for as long as its first rows are written, so that they are theirs to write; then it goes to whom it is for.
    let case = owning::insert(work, case).await?;
    work.new_key(case.id.0, Some(case.id.0)).await?;
    for (person, part) in people {
        store::set_person(work, case.id, person, part, Safety::AsBefore).await?;
    }
    let step =
        NewMove { kind: "opened", from: None, to: Some(&case.stage), reason: &case.intake_source, happened_at: case.opened_at };
    store::insert_move(work, case.id, step).await?;
    if let Complaint::About(named) = opening.complaint {
        bars::bar_the_named(work, case.id, named).await?;
    }
    super::risk::start_clocks(work, &case, &pack, Some(me)).await?;
    let codes = json!({ "type": case.type_code, "risk": case.risk, "priority": case.priority, "source": case.intake_source });
    work.record(Fact::CaseOpened, About::case(case.id).with(case.person_id).note(codes)).await?;
    if manager != Some(me) || supervisor.is_some() {
        super::assign::settle(work, &case, unit, manager, supervisor).await?;
    }
    Ok(case.id)
}

// What lasts until somebody keeps the case is over for one that somebody keeps from the start. Of a new case nothing has opened a gate yet.
fn begins_in(pack: &Pack, case_type: &CaseType, first: String, keeper: Option<UserId>) -> String {
    let next = pack.process(case_type).and_then(|process| process.once_kept(&first)).filter(|next| next.gates.is_empty());
    next.filter(|_| keeper.is_some()).map_or(first, |next| next.code.clone())
}

// Complaints about staff go to a unit that the opener does not belong to (S9); everything else to one of their own.
fn unit_of(work: &Work, opening: &Opening, case_type: &CaseType) -> Result<UnitId, Error> {
    let own = &work.standing.units;
    match opening.unit {
        Some(unit) if case_type.outside_unit != own.contains(&unit) => Ok(unit),
        Some(_) if case_type.outside_unit => Err(invalid("unit", "outside_unit")),
        Some(_) => Err(invalid("unit", "not_a_choice")),
        None if case_type.outside_unit => Err(invalid("unit", "outside_unit")),
        None => own.first().copied().ok_or(Error::Forbidden(Act::CaseOpen.code())),
    }
}

fn check(work: &Work, opening: &Opening, pack: &Pack, case_type: &CaseType) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if pack.intake_source(&opening.intake_source).is_none() {
        errors.add("intake_source", "not_a_choice");
    }
    if pack.priority(&opening.priority).is_none() {
        errors.add("priority", "not_a_choice");
    }
    if opening.risk.as_deref().is_some_and(|risk| pack.risk_level(risk).is_none()) {
        errors.add("risk", "not_a_choice");
    }
    if let Some(code) = opening.limits_explained_on.and_then(|day| wrong_day_of_limits(day, work.today())) {
        errors.add("limits_explained_on", code);
    }
    if opening.opened_at.is_some_and(|moment| moment > work.now()) {
        errors.add("opened_at", "in_the_future");
    }
    let fits = match case_type.subject {
        Subject::Person => opening.household.is_none(),
        Subject::Household => opening.household.is_some(),
        Subject::Either => true,
    };
    if !fits {
        errors.add("case_type", if opening.household.is_some() { "for_a_person" } else { "for_a_household" });
    }
    errors.or_ok()
}

// Whoever a complaint is about neither keeps nor supervises it, and it does not lie with a unit of theirs (S9).
async fn check_complaint(work: &mut Work, opening: &Opening, case_type: &CaseType, unit: UnitId) -> Result<(), Error> {
    let named = match opening.complaint {
        Complaint::About(named) if case_type.outside_unit => named,
        Complaint::About(_) => return Err(invalid("complaint_about", "not_a_complaint")),
        Complaint::Unsaid if case_type.outside_unit => return Err(invalid("complaint_about", "required")),
        _ => return Ok(()),
    };
    let Some(units) = store::units_of_colleague(work, named).await? else {
        return Err(invalid("complaint_about", "not_a_choice"));
    };
    if units.contains(&unit) {
        return Err(invalid("unit", "outside_unit"));
    }
    let kept_by_them = opening.supervisor == Some(named) || opening.keeper == Keeper::Colleague(named);
    if kept_by_them { Err(invalid("complaint_about", "keeps_the_complaint")) } else { Ok(()) }
}

async fn people_of(work: &mut Work, opening: &Opening, case_type: &CaseType) -> Result<Vec<(PersonId, &'static str)>, Error> {
    if !store::sees_person(work, opening.person).await? {
        return Err(Error::NotFound);
    }
    let mut people = vec![(opening.person, "subject")];
    if let Some(household) = opening.household {
        let members = store::household_members(work, household).await?;
        if !members.contains(&opening.person) {
            return Err(Error::NotFound);
        }
        // What a member says alone stays that member's (S12): a guarded case begins with its subject only.
        if case_type.sensitivity == Sensitivity::Standard || case_type.subject == Subject::Household {
            people.extend(members.into_iter().filter(|&id| id != opening.person).map(|id| (id, "member")));
        }
    }
    Ok(people)
}

async fn keepers(
    work: &mut Work,
    opening: &Opening,
    case_type: &CaseType,
    unit: UnitId,
) -> Result<(Option<UserId>, Option<UserId>), Error> {
    let me = work.me()?;
    let manager = match opening.keeper {
        Keeper::Me if case_type.outside_unit => None,
        Keeper::Me => Some(me),
        Keeper::Colleague(id) => Some(id),
        Keeper::UnitInbox => None,
    };
    if manager.is_some_and(|id| id != me) {
        work.may_in(Act::CaseAssign, unit, None).await?;
    }
    super::assign::check_keepers(work, unit, case_type, manager, opening.supervisor).await?;
    Ok((manager, opening.supervisor))
}

fn new_case(
    work: &Work,
    opening: &Opening,
    pack: &Pack,
    version: i32,
    case_type: &CaseType,
    unit: UnitId,
) -> Result<Case, Error> {
    let stage = pack.process(case_type).and_then(|process| process.first(StageKind::Working));
    let stage = stage.ok_or_else(|| anyhow::anyhow!("case type {} has no first stage", case_type.code))?;
    let now = work.now();
    Ok(Case {
        id: opening.id,
        // Found when the row is written.
        code: String::new(),
        org: work.standing.org,
        unit,
        unit_name: String::new(),
        case_type: opening.case_type,
        type_code: case_type.code.clone(),
        guarded: case_type.sensitivity.as_str().to_owned(),
        case_manager: Some(work.me()?),
        manager_name: None,
        supervisor: None,
        person_id: opening.person,
        household_id: opening.household,
        pack: pack.name.clone(),
        pack_version: version,
        stage: stage.code.clone(),
        paused_reason: None,
        priority: opening.priority.clone(),
        risk: Some(opening.risk.clone().unwrap_or_else(|| case_type.default_risk.clone())),
        risk_set_at: Some(opening.opened_at.unwrap_or(now)),
        safety_action_at: None,
        last_contact_at: None,
        next_due_at: None,
        intake_source: opening.intake_source.clone(),
        limits_explained_on: opening.limits_explained_on,
        opened_at: opening.opened_at.unwrap_or(now),
        closed_at: None,
        close_reason: None,
        version: 1,
    })
}
