//! Reading and writing referrals and their movement log; row security decides what exists.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::elsewhere::Letter;
use super::referral::{Move, State};
use super::row::{Deadline, Referral, Row, word};
use super::words::{Act, Approval, DisputeSharing, Side, Status};
use crate::error::{Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, PersonId, ReferralId, UserId};
use crate::platform::outbox;

/// The referral, if the actor sees it from either side.
pub async fn find(work: &mut Work, id: ReferralId) -> Result<Referral, Error> {
    load(work, &[id.0]).await?.pop().ok_or(Error::NotFound)
}

/// Every referral written from a case, the newest first.
pub async fn list_of_case(work: &mut Work, case: CaseId) -> Result<Vec<Referral>, Error> {
    let ids =
        sqlx::query_scalar!("select id from referrals where case_id = $1 order by recorded_at desc, id desc limit 500", case.0)
            .fetch_all(work.db())
            .await?;
    load(work, &ids).await
}

/// These referrals, as far as the actor sees them, in this order.
pub async fn load(work: &mut Work, ids: &[Uuid]) -> Result<Vec<Referral>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.public_id, r.code, r.kind, r.case_id, r.case_type, coalesce(t.sensitivity, 'standard') as "sensitivity!", r.started_from,
             r.from_org, r.from_unit, r.from_manager, r.from_supervisor, r.to_org, r.to_unit, r.to_assignee, r.to_name, r.service_id, r.service_name,
             access.named((select s.names from services s where s.id = r.service_id), r.service_name, $2) as "service_called!", r.need, r.area, r.priority, r.status, r.step, r.loop as "loop", r.author, r.hands, r.reviewer, r.needs_review, r.reason, r.confirm_way,
             r.confirm_tries, r.tell_provider_disputed, r.safe_for_person, r.safe_for_worker, r.dont_go_alone, r.precaution, r.accompaniment,
             r.accompaniment_reason, r.safe_contact, r.emergency_basis, r.instead_of, r.counter_to, r.requested_at, r.acknowledged_at, r.decided_at,
             r.ended_at, r.loop_closed_at, r.acknowledge_by, r.decide_by, r.due_at, r.follow_up_at, r.next_due_at, r.next_side, r.expected_on,
             r.waitlist_position, r.appointment_at, r.cancellation_asked_at, r.outcome, r.outcome_note, r.outcome_amount, r.paid_on, r.paid_confirmed, r.satisfied, r.new_needs,
             r.opened_case, r.pace, r.served, r.tries_allowed, r.sharing, r.later_review, r.sequel, r.deletion_asked_at, r.last_moved_at,
             r.copy_lost_at, r.deletion_mailed_at, r.deletion_by_hand_at, r.draft, r.version
           from referrals r left join case_types t on t.id = r.case_type where r.id = any ($1) order by array_position($1, r.id)"#,
        ids,
        lang
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter().map(Referral::try_from).collect()
}

/// Whom it is for.
pub async fn persons(work: &mut Work, id: ReferralId) -> Result<Vec<PersonId>, Error> {
    let persons = sqlx::query_scalar!("select person_id from referral_people where referral_id = $1", id.0);
    Ok(persons.fetch_all(work.db()).await?.into_iter().map(PersonId).collect())
}

/// Whether a letter was written for it that the actor may read: the sender's side alone.
pub async fn has_letter(work: &mut Work, id: ReferralId) -> Result<bool, Error> {
    let has = sqlx::query_scalar!("select exists (select from letters where referral_id = $1) as \"has!\"", id.0);
    Ok(has.fetch_one(work.db()).await?)
}

/// What a move changes beside the state.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Who holds it on the receiving side.
    pub assignee: Option<UserId>,
    /// Who approved it.
    pub reviewer: Option<UserId>,
    /// When a place is expected.
    pub expected_on: Option<chrono::NaiveDate>,
    /// The place on the waiting list.
    pub waitlist_position: Option<i32>,
    /// `given`, or the coded reason why not.
    pub outcome: Option<String>,
    /// What was given, sealed.
    pub outcome_note: Option<Vec<u8>>,
    /// How much or how often.
    pub outcome_amount: Option<String>,
    /// When cash was paid, and whether the payee confirmed it.
    pub paid: Option<(chrono::NaiveDate, bool)>,
    /// Whether the person is satisfied.
    pub satisfied: Option<bool>,
    /// Whether the person has new needs.
    pub new_needs: Option<bool>,
    /// The person no longer wants it: left out of the figures (S8).
    pub person_declined: bool,
}

/// How far the letter of a referral that waits for its answer has come, as its sender's side sees. Letters belong to a room above; only this
/// much of them is read here.
pub async fn letter(work: &mut Work, referral: &Referral) -> Result<Letter, Error> {
    if referral.state.status != Status::Requested {
        return Ok(Letter::None);
    }
    let mailed = sqlx::query_scalar!(
        "select id from letters where referral_id = $1 and way = 'email' and submitted_at is not null order by number limit 1",
        referral.id.0
    );
    let Some(id) = mailed.fetch_optional(work.db()).await? else { return Ok(Letter::None) };
    let sent = outbox::store::state_of(work, id)
        .await?
        .is_some_and(|mail| matches!(mail.state, outbox::State::Sent | outbox::State::Delivered));
    Ok(if sent { Letter::Sent } else { Letter::Queued })
}

/// When letters of the referral came back or were given up, the latest first, as its sender's side sees.
pub async fn came_back(work: &mut Work, id: ReferralId) -> Result<Vec<DateTime<Utc>>, Error> {
    let mailed = sqlx::query_scalar!(
        "select id from letters where referral_id = $1 and way = 'email' and submitted_at is not null order by number desc limit 20",
        id.0
    );
    let mailed = mailed.fetch_all(work.db()).await?;
    let lost = |mail: outbox::Delivery| match mail.state {
        outbox::State::Bounced | outbox::State::Dead => mail.settled_at,
        _ => None,
    };
    let mut times: Vec<DateTime<Utc>> = outbox::store::states_of(work, &mailed).await?.into_values().filter_map(lost).collect();
    times.sort_by_key(|at| std::cmp::Reverse(*at));
    Ok(times)
}

/// How to reach the person went out with the referral and is taken back with it; the sender keeps it in the registry (S4).
pub async fn forget_safe_contact(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    sqlx::query!("update referrals set safe_contact = '' where id = $1 and safe_contact <> ''", id.0).execute(work.db()).await?;
    Ok(())
}

/// Whether this user could answer the referral: a member of its unit or reaching it from above, cleared for its type and not barred.
pub async fn may_hold(work: &mut Work, referral: &Referral, user: UserId) -> Result<bool, Error> {
    let (case, unit) = (referral.case_id.map(|case| case.0), referral.to.unit);
    let may = sqlx::query_scalar!(
        r#"select access.fit_for($1, $2, $3) and exists (
             select from memberships m join roles r on r.id = m.role and 'referral.answer' = any (r.acts) join units u on u.id = $4
             where m.user_id = $1 and m.ended_at is null and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))) as "may!""#,
        user.0,
        case as _,
        referral.case_type,
        unit as _
    )
    .fetch_one(work.db())
    .await?;
    Ok(may)
}

/// The referral's new state with its clocks, unless somebody changed it since it was read.
pub async fn save_state(
    work: &mut Work,
    referral: &Referral,
    state: &State,
    beside: &Beside,
    deadline: &Deadline,
) -> Result<(), Error> {
    let (terms, times) = (&state.terms, &state.times);
    // What asks for deletion here takes back; where the case is to be erased it was asked before, and nobody took anything back.
    let started = (state.status == Status::InProgress).then_some(times.last).flatten();
    let saved = sqlx::query!(
        "update referrals set status = $3, step = $4, loop = $5, confirm_tries = $6, loop_closed_at = $7, sharing = $8, later_review = $9,
           appointment_at = $10, requested_at = $11, acknowledged_at = $12, decided_at = $13, cancellation_asked_at = $14, deletion_asked_at = $15,
           ended_at = $16, last_moved_at = $17, priority = $18, pace = $19, confirm_way = $20, tell_provider_disputed = $21, due_at = $22,
           started_at = coalesce(started_at, $23), needs_review = $24,
           withdrawn_at = coalesce(withdrawn_at, case when deletion_asked_at is distinct from $15 then $15 end),
           to_assignee = coalesce($25, to_assignee), reviewer = coalesce($26, reviewer), expected_on = coalesce($27, expected_on),
           waitlist_position = coalesce($28, waitlist_position), outcome = coalesce($29, outcome), outcome_note = coalesce($30, outcome_note),
           outcome_amount = coalesce($31, outcome_amount), satisfied = coalesce($32, satisfied), new_needs = coalesce($33, new_needs),
           person_declined = person_declined or $34, draft = case when $3 = 'draft' then draft end, reminded_at = null, escalated_at = null, sequel = $35,
           acknowledge_by = $36, decide_by = $37, follow_up_at = $38, next_due_at = $39, next_side = $40, version = version + 1
         where id = $1 and version = $2",
        referral.id.0,
        referral.version,
        state.status.code(),
        state.step.code(),
        state.closing.state.code(),
        i32::from(state.closing.tries),
        state.closing.changed_at,
        state.sharing.code(),
        state.later_review.code(),
        state.appointment_at,
        times.sent,
        times.acknowledged,
        times.decided,
        times.cancellation_asked,
        times.deletion_asked,
        times.ended,
        times.last,
        terms.priority.code(),
        terms.pace.code(),
        terms.follow_up.map(|way| way.code()),
        terms.dispute_sharing == DisputeSharing::Agreed,
        terms.due_at,
        started,
        terms.approval == Approval::Needed,
        beside.assignee.map(|id| id.0),
        beside.reviewer.map(|id| id.0),
        beside.expected_on,
        beside.waitlist_position,
        beside.outcome,
        beside.outcome_note,
        beside.outcome_amount,
        beside.satisfied,
        beside.new_needs,
        beside.person_declined,
        state.sequel.code(),
        deadline.acknowledge_by,
        deadline.decide_by,
        deadline.follow_up_at,
        deadline.next_due_at,
        deadline.next_side.map(|side| side.code())
    )
    .execute(work.db())
    .await?;
    changed(saved.rows_affected())
}

/// When cash was paid, and whether the payee confirmed it; part of the same move as the outcome, whose version counts.
pub async fn save_payment(work: &mut Work, id: ReferralId, (on, confirmed): (chrono::NaiveDate, bool)) -> Result<(), Error> {
    sqlx::query!("update referrals set paid_on = $2, paid_confirmed = $3 where id = $1", id.0, on, confirmed)
        .execute(work.db())
        .await?;
    Ok(())
}

/// A line of the movement log as kept, before anybody's side is considered.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its id.
    pub id: Uuid,
    /// The move, with the referral's present terms.
    pub made: Move,
    /// Free words, sealed with the referral's key.
    pub remark: Option<Vec<u8>>,
    /// Only the acting side reads the words.
    pub own_side_only: bool,
    /// Why it was typed in late, sealed with the referral's key.
    pub late_words: Option<Vec<u8>>,
    /// The same of before it was sealed; a log is never rewritten.
    pub late_reason: Option<String>,
    /// Whose name is shown; empty for restricted types (S31).
    pub name: String,
    /// The code of their role.
    pub role: String,
    /// Their organisation.
    pub org: Option<OrgId>,
    /// Its name.
    pub org_name: String,
}

/// The movement log, the oldest line first. Show a line only through `Move::seen_by`. What the clocks said stands in `clocks::said`.
pub async fn moves(work: &mut Work, referral: &Referral) -> Result<Vec<Logged>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select m.id, m.action, m.side, m.from_status, m.to_status, m.step, m.loop as "loop", m.reason, m.remark, m.own_side_only, m.late_words, m.late_reason,
             m.on_behalf, m.happened_at, m.recorded_at, m.actor_org, m.shown_name, m.shown_role, coalesce(access.named(o.names, o.name, $2), '') as "org_name!"
           from referral_moves m left join organisations o on o.id = m.actor_org
           where m.referral_id = $1 and m.action not in ('reminder', 'due', 'escalated', 'sender_changed', 'covered', 'cover_ended') order by m.happened_at, m.recorded_at, m.nth"#,
        referral.id.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    let mut log = Vec::with_capacity(rows.len());
    for row in rows {
        let mut state = referral.state;
        (state.status, state.step) = (word(&row.to_status)?, word(&row.step)?);
        if let Some(known) = &row.r#loop {
            state.closing.state = word(known)?;
        }
        let mut from = state.place();
        from.status = word(&row.from_status)?;
        let made = Move {
            act: word::<Act>(&row.action)?,
            side: word::<Side>(&row.side)?,
            on_behalf: row.on_behalf.as_deref().map(word).transpose()?,
            reason: row.reason,
            from,
            happened_at: row.happened_at,
            recorded_at: row.recorded_at,
            state,
        };
        log.push(Logged {
            id: row.id,
            made,
            remark: row.remark,
            own_side_only: row.own_side_only,
            late_words: row.late_words,
            late_reason: row.late_reason,
            name: row.shown_name,
            role: row.shown_role,
            org: row.actor_org,
            org_name: row.org_name,
        });
    }
    Ok(log)
}

/// Who is shown as having acted.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The user.
    pub user: Option<UserId>,
    /// Their organisation.
    pub org: Option<OrgId>,
    /// The name the other side sees; empty for restricted types (S31).
    pub name: String,
    /// The code of their role.
    pub role: String,
}

/// The words that go with a move.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Sealed with the referral's key.
    pub remark: Option<Vec<u8>>,
    /// Only the acting side reads them.
    pub own_side_only: bool,
    /// Why it was typed in late, sealed like the remark.
    pub late_reason: Option<Vec<u8>>,
}

/// Appends moves to the log; words go with the last of them.
pub async fn save_moves(work: &mut Work, id: ReferralId, made: &[Move], by: &Shown, words: &Words) -> Result<(), Error> {
    for (at, line) in made.iter().enumerate() {
        let last = at + 1 == made.len();
        sqlx::query!(
            "insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, loop, reason, remark, own_side_only,
               late_words, on_behalf, happened_at, recorded_at, actor_id, actor_org, shown_name, shown_role)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            Uuid::now_v7(),
            id.0,
            line.act.code(),
            line.side.code(),
            line.from.status.code(),
            line.state.status.code(),
            line.state.step.code(),
            line.state.closing.state.code(),
            line.reason,
            words.remark.as_deref().filter(|_| last),
            words.own_side_only,
            words.late_reason.as_deref().filter(|_| last),
            line.on_behalf.map(|source| source.code()),
            line.happened_at,
            line.recorded_at,
            by.user.map(|user| user.0),
            by.org,
            by.name,
            by.role
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

/// Opens what was disclosed to the receiver.
pub async fn open_packets(work: &mut Work, id: ReferralId, at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("select access.open_packets($1, $2)", id.0, at).fetch_one(work.db()).await?;
    Ok(())
}

/// Closes what was disclosed at this moment.
pub async fn close_packets(work: &mut Work, id: ReferralId, at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!("select access.close_packets($1, $2)", id.0, at).fetch_one(work.db()).await?;
    Ok(())
}

/// Closes what was disclosed for good: nobody reads it again.
pub async fn destroy_packets(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    sqlx::query!("select access.destroy_packets($1)", id.0).fetch_one(work.db()).await?;
    Ok(())
}

/// What was sent of a case and not called back before.
pub async fn shared_of_case(work: &mut Work, case: CaseId) -> Result<Vec<ReferralId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: ReferralId" from referrals where case_id = $1 and sent and sharing = 'open' and kind <> 'self' order by id limit 500"#,
        case.0
    );
    Ok(ids.fetch_all(work.db()).await?)
}
