//! A referral being written: what was typed so far, kept sealed so that nothing is lost when the author leaves.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::target::Target;
use super::{cash, child, notice};
use crate::access::table::Act as Right;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, changed};
use crate::packs::{Pack, ReasonKind, Review, Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{self, CaseId, PersonId, ReferralId, UnitId};
use crate::referrals::action::Action;
use crate::referrals::actions;
use crate::referrals::clocks::watch;
use crate::referrals::moves;
use crate::referrals::referral::{Actor, Hand};
use crate::referrals::row::Referral;
use crate::referrals::sides;
use crate::referrals::store;
use crate::referrals::words::{Act, Kind, Priority, Status, Step};
use crate::web::Form;

// A referral that may take longer is never overdue, and so never seen to be lost.
const LONGEST: TimeDelta = TimeDelta::days(366);

// Where the form lies sealed.
const DRAFT: &str = "referrals.draft";

/// The fields of the form, as they are kept.
pub const FIELDS: &[&str] = &[
    "need",
    "reason",
    "area",
    "priority",
    "due_on",
    "person",
    "sections",
    "already_receives",
    "without_help",
    "available_here",
    "safe_for_person",
    "safe_for_worker",
    "precaution",
    "dont_go_alone",
    "accompaniment",
    "accompaniment_reason",
    "care",
    "caregiver_relationship",
    "caregiver_informed",
    "caregiver_not_informed",
    "follow_up",
    "dispute_sharing",
    "text_history",
    "text_assessment",
    "text_payment",
    "text_health",
    "text_legal_status",
    "text_account",
    "text_child",
    "cash_payee",
    "cash_means",
    "cash_band",
    "cash_risk",
    "cash_size",
];

/// What the sender needs to know of the case.
#[derive(Clone, Debug)]
pub struct CaseBrief {
    /// Its id.
    pub id: CaseId,
    /// The code that stands for the name.
    pub code: String,
    /// The number of its type.
    pub case_type: i16,
    /// Its unit.
    pub unit: UnitId,
    /// How closely it is guarded.
    pub sensitivity: Sensitivity,
    /// Its risk level.
    pub risk: Option<String>,
    /// Whom it is about.
    pub person: Uuid,
    /// Everybody on it.
    pub people: Vec<Uuid>,
    /// Whether it was closed.
    pub closed: bool,
}

/// The case, if the actor sees it and may write referrals from it.
pub async fn case(work: &mut Work, id: CaseId) -> Result<CaseBrief, Error> {
    let case = brief(work, id).await?;
    work.may_in(Right::ReferralWrite, case.unit, Some(id)).await?;
    Ok(case)
}

/// The case, if the actor sees it: whoever reviews a draft reads it without writing.
pub async fn brief(work: &mut Work, id: CaseId) -> Result<CaseBrief, Error> {
    let row = sqlx::query!(
        r#"select c.code, c.case_type, c.unit, t.sensitivity, c.risk, c.person_id, c.closed_at is not null as "closed!",
             array(select cp.person_id from case_people cp where cp.case_id = c.id and cp.part in ('subject', 'member') order by cp.recorded_at) as "people!"
           from cases c join case_types t on t.id = c.case_type where c.id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    let mut people = row.people;
    if !people.contains(&row.person_id) {
        people.insert(0, row.person_id);
    }
    Ok(CaseBrief {
        id,
        code: row.code,
        case_type: row.case_type,
        unit: row.unit,
        sensitivity: Sensitivity::parse(&row.sensitivity).unwrap_or(Sensitivity::Restricted),
        risk: row.risk,
        person: row.person_id,
        people,
        closed: row.closed,
    })
}

/// Begins a draft. The id comes from the form, so that a second click finds the first one's draft instead of making another.
pub async fn begin(
    work: &mut Work,
    id: ReferralId,
    case: &CaseBrief,
    target: &Target,
    started_from: Option<Uuid>,
    form: &Form,
) -> Result<Referral, Error> {
    if let Ok(known) = store::find(work, id).await {
        return Ok(known);
    }
    // An emergency starts from any stage (S2), a closed case too.
    if case.closed && form.value("priority") != Priority::Emergency.code() {
        return Err(Error::Conflict(Clash::State { state: "closed".to_owned(), code: "closed_case" }));
    }
    if target.kind == Kind::TransferNotice {
        notice::check(work, case, target).await?;
    }
    let me = work.me()?;
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    faults(form, &pack, work.today()).or_ok()?;
    let key = work.new_key(id.0, Some(case.id.0)).await?;
    let draft = key.seal(DRAFT, as_json(form).as_bytes());
    let tries = i16::try_from(pack.supervision.confirmation_tries).unwrap_or(3);
    let now = work.now();
    let org = work.standing.org;
    // An organisation that is referred to by name is no service.
    let service_name = if target.names_an_organisation() { "" } else { target.name.as_str() };
    let code = free_code(work).await?;
    sqlx::query!(
        "insert into referrals (id, code, kind, case_id, case_type, started_from, from_org, from_unit, to_org, to_unit, to_name, service_id,
           service_name, need, priority, status, step, author, hands, needs_review, tries_allowed, draft, last_moved_at, to_assignee, to_kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $21, $13, 'normal', 'draft', 'writing', $14, $15, $16, $17, $18, $19, $20, $22)",
        id.0,
        code,
        target.kind.code(),
        case.id.0,
        case.case_type,
        started_from,
        org,
        case.unit,
        target.org,
        target.unit,
        target.name,
        target.service.map(|id| id.0),
        form.value("need"),
        me.0,
        &[me.0],
        needs_review(&pack, case.case_type, target.asks_approval),
        tries,
        draft,
        now,
        target.assignee.map(|user| user.0),
        service_name,
        target.org_kind
    )
    .execute(work.db())
    .await?;
    let about = About { case_id: Some(case.id), ..About::referral(id) }.note(json!({ "kind": target.kind.code() }));
    work.record(Fact::ReferralDrafted, about.between([org])).await?;
    store::find(work, id).await
}

// Of ten milliard codes one that is taken is seldom drawn; then another is.
async fn free_code(work: &mut Work) -> Result<String, Error> {
    for code in ids::codes('R') {
        let taken = sqlx::query_scalar!("select access.referral_code_taken($1) as \"taken!\"", code);
        if !taken.fetch_one(work.db()).await? {
            return Ok(code);
        }
    }
    Err(ids::no_code_free('R'))
}

fn needs_review(pack: &Pack, case_type: i16, service_asks: bool) -> bool {
    let known = u8::try_from(case_type).ok().and_then(|id| pack.case_type_by_id(id));
    match known.map(|case_type| case_type.review) {
        Some(Review::Always) => true,
        Some(Review::Never) => false,
        _ => service_asks,
    }
}

fn as_json(form: &Form) -> String {
    let kept: BTreeMap<&str, &[String]> =
        FIELDS.iter().map(|field| (*field, form.all(field))).filter(|(_, values)| !values.is_empty()).collect();
    json!(kept).to_string()
}

/// The form as it was left.
pub async fn form(work: &mut Work, referral: &Referral) -> Result<Form, Error> {
    let mut form = Form::default();
    let Some(sealed) = &referral.draft else { return Ok(form) };
    let kept: BTreeMap<String, Vec<String>> = work.referral_key(referral.id.0).await?.open_json(DRAFT, sealed)?;
    for (name, values) in kept {
        form.set_all(&name, values);
    }
    Ok(form)
}

/// What can't be kept as it is typed: a need or a reason that the pack does not know, a day by which nobody can be held to answer, and words
/// longer than there is room for.
pub fn faults(form: &Form, pack: &Pack, today: NaiveDate) -> FieldErrors {
    let mut typed = form.clone().with_errors(FieldErrors::default());
    let due = typed.date_maybe("due_on");
    let mut errors = typed.errors;
    if due.is_some_and(|due| due > today + LONGEST) {
        errors.add("due_on", "too_far");
    }
    if form.filled("need") && pack.need(form.value("need")).is_none() {
        errors.add("need", "not_a_choice");
    }
    let reason = form.value("accompaniment_reason");
    if !reason.is_empty() && pack.reason(ReasonKind::Unaccompanied, reason).is_none() {
        errors.add("accompaniment_reason", "not_a_choice");
    }
    child::faults(form, &mut errors);
    cash::faults(form, &mut errors);
    let most = |field: &str| match field {
        "precaution" => 400,
        "caregiver_not_informed" => child::MOST_OF_A_REASON,
        field if field == "reason" || field.starts_with("text_") => 4000,
        _ => 100,
    };
    for field in FIELDS.iter().filter(|field| form.all(field).iter().any(|value| value.chars().count() > most(field))) {
        errors.add(field, "too_long");
    }
    errors
}

/// Whether the form says the same as what is kept.
pub async fn says_the_same(work: &mut Work, referral: &Referral, form: &Form) -> Result<bool, Error> {
    Ok(as_json(form) == as_json(&self::form(work, referral).await?))
}

/// Whether the form brings words of its own; what only says "send" brings none.
pub fn brings_words(form: &Form) -> bool {
    form.filled("reason") || FIELDS.iter().any(|field| field.starts_with("text_") && form.filled(field))
}

/// Keeps what was typed. The actor becomes one of its authors, and an approval given before no longer counts.
pub async fn save(work: &mut Work, referral: &Referral, form: &Form) -> Result<Referral, Error> {
    may_write(work, referral).await?;
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    faults(form, &pack, work.today()).or_ok()?;
    let hand = if referral.is_by(work.me()?) { Hand::Author } else { Hand::Colleague };
    let actor = Actor { hand, ..Actor::AUTHOR };
    let when = crate::referrals::referral::When::now(work.now());
    moves::step(&referral.state, &Action::Edit, &actor, &when).map_err(actions::refused)?;
    let referral = if referral.state.step == Step::Writing {
        referral.clone()
    } else {
        actions::act(work, referral, Action::Edit, actions::Said::default()).await?
    };
    let draft = actions::seal(work, &referral, DRAFT, &as_json(form)).await?;
    let priority = form.value("priority").parse::<Priority>().unwrap_or(Priority::Normal);
    let me = work.me()?.0;
    let saved = sqlx::query!(
        "update referrals set draft = $3, need = coalesce(nullif($4, ''), need), priority = $5, hands = array(select distinct unnest(hands || $6::uuid)),
           version = version + 1 where id = $1 and version = $2 and status = 'draft'",
        referral.id.0,
        referral.version,
        draft,
        form.value("need"),
        priority.code(),
        me
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())?;
    work.record(Fact::ReferralEdited, referral.about_for_sender()).await?;
    store::find(work, referral.id).await
}

/// The actor may write this referral, and it is still a draft.
pub async fn may_write(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    let rights = sides::rights(work, referral).await?;
    if !rights.allow(Act::Edit, crate::referrals::words::Side::From) {
        return Err(Error::Forbidden(Right::ReferralWrite.code()));
    }
    if referral.state.status != Status::Draft {
        let state = referral.state.status.code().to_owned();
        return Err(Error::Conflict(Clash::State { state, code: "already_sent" }));
    }
    Ok(())
}

/// The drafts of a case that would disclose something of this person.
pub async fn drafts_about(work: &mut Work, case: CaseId, person: PersonId) -> Result<Vec<Referral>, Error> {
    let ids =
        sqlx::query_scalar!("select id from referrals where case_id = $1 and status = 'draft' and step <> 'discarded'", case.0)
            .fetch_all(work.db())
            .await?;
    let person = person.to_string();
    let mut about = Vec::new();
    for draft in store::load(work, &ids).await? {
        if form(work, &draft).await?.has("person", &person) {
            about.push(draft);
        }
    }
    Ok(about)
}

/// The person took back what the draft rests on: what it would have disclosed is dropped, and an approval given for it no longer counts.
pub async fn drop_packet(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    let mut kept = form(work, referral).await?;
    for field in FIELDS.iter().filter(|field| **field == "sections" || field.starts_with("text_")) {
        kept.set_all(field, Vec::new());
    }
    kept.set("cash_payee", "");
    let approved = referral.state.step == Step::Approved && sides::rights(work, referral).await?.write;
    if approved {
        actions::act(work, referral, Action::Edit, actions::Said::default()).await?;
    }
    let draft = actions::seal(work, referral, DRAFT, &as_json(&kept)).await?;
    sqlx::query!(
        "update referrals set draft = $2, version = version + 1 where id = $1 and status = 'draft'",
        referral.id.0,
        draft
    )
    .execute(work.db())
    .await?;
    work.record(Fact::PacketClosed, referral.about_for_sender()).await
}
