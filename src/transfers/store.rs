//! Every SQL statement about transfers; row security decides what exists.
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::State;
use super::transfer::{Item, Step, Transfer};
use crate::error::{Error, changed};
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, TransferId, UnitId, UserId};

/// The transfer, if the actor sees it and anything of it. One whose only records are hidden from them does not exist (S11).
pub async fn find(work: &mut Work, id: TransferId) -> Result<Transfer, Error> {
    let found = load(work, &[id.0]).await?.pop().ok_or(Error::NotFound)?;
    let anything = sqlx::query_scalar!(
        r#"select $2 or exists (select from transfer_items where transfer_id = $1) or exists (select from transfer_receipts where transfer_id = $1) as "any!""#,
        id.0,
        work.me().map_or(true, |me| me == found.requested_by)
    )
    .fetch_one(work.db())
    .await?;
    if anything { Ok(found) } else { Err(Error::NotFound) }
}

/// Waits for whoever changes the transfer now; what is read afterwards stands until the end of this work.
pub(super) async fn lock(work: &mut Work, id: TransferId) -> Result<(), Error> {
    sqlx::query!("select id from transfers where id = $1 for update", id.0).fetch_optional(work.db()).await?;
    Ok(())
}

/// Which transfers a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Asked of the actor's side.
    Incoming,
    /// Asked by the actor's side.
    Outgoing,
}

/// Transfers of the actor's side of which they see anything, those that wait first, the newest first.
pub async fn list(work: &mut Work, which: Which, before: Option<Uuid>, most: i64) -> Result<Vec<Transfer>, Error> {
    let ids = sqlx::query_scalar!(
        "select t.id from transfers t
         where case when $1 then t.sent and t.to_unit = any (select unnest(path) from units where id = any ($2) union select u.id from units u where u.path && $2)
                      else t.requested_by = access.me() or t.from_unit = any (select u.id from units u where u.path && $2) end
           and (t.requested_by = access.me() or exists (select from transfer_items i where i.transfer_id = t.id) or exists (select from transfer_receipts r where r.transfer_id = t.id))
           and ($3::uuid is null or t.id < $3)
         order by t.id desc limit $4",
        which == Which::Incoming,
        &work.standing.units.clone(),
        before,
        most
    )
    .fetch_all(work.db())
    .await?;
    load(work, &ids).await
}

async fn load(work: &mut Work, ids: &[Uuid]) -> Result<Vec<Transfer>, Error> {
    let (own, lang) = (work.standing.org, work.lang().code());
    let rows = sqlx::query_as!(
        Transfer,
        r#"select t.id as "id: TransferId", t.code, t.mode, t.state as state_code, t.from_org, access.named(fo.names, fo.name, $2) as "from_org_name!", t.from_unit,
             case when t.from_org <> $3 and t.from_unit in (select access.discreet_units()) then '' else fu.name end as "from_unit_name!", t.to_org, access.named(o.names, o.name, $2) as "to_org_name!", t.to_unit,
             case when t.to_org <> $3 and t.to_unit in (select access.discreet_units()) then '' else u.name end as "to_unit_name!", t.case_type, t.to_manager as "to_manager: UserId",
             t.to_supervisor as "to_supervisor: UserId", t.agreement_id, t.location_id, t.with_types, t.with_documents, t.with_referrals, t.with_household,
             t.basis, t.agreed_on, t.reason, t.decision_reason, t.introduced_on, t.notice_id, t.requested_by as "requested_by: UserId", t.requested_by_name,
             t.submitted_at, t.decided_at, t.ended_at, t.recorded_at, t.version,
             exists (select from transfer_moves m where m.transfer_id = t.id and m.action = 'fail' and m.reason = 'moved_already') as "overtaken!"
           from transfers t join organisations fo on fo.id = t.from_org join units fu on fu.id = t.from_unit join organisations o on o.id = t.to_org
             join units u on u.id = t.to_unit
           where t.id = any ($1) order by array_position($1, t.id)"#,
        ids,
        lang,
        own
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The records of a transfer that the actor sees, those asked for first. Of a request that was declined none waits any more.
pub async fn items(work: &mut Work, id: TransferId) -> Result<Vec<Item>, Error> {
    let rows = sqlx::query_as!(
        Item,
        r#"select i.id, i.case_id as "case_id: CaseId", i.code, i.kind,
             case when t.state = 'rejected' and i.state = 'waiting' then 'left_out' else i.state end as "state!",
             case when t.state = 'rejected' and i.state = 'waiting' then 'declined' else i.reason end as reason, ct.labels as type_labels, i.case_type, i.risk, i.stage, i.moved_at,
             exists (select from cases c where c.id = i.case_id) as "seen!"
           from transfer_items i join transfers t on t.id = i.transfer_id join case_types ct on ct.id = i.case_type where i.transfer_id = $1 order by i.kind, i.id limit 1000"#,
        id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// How many records the actor sees in each state: waiting, moved, failed or left out.
pub async fn counts(work: &mut Work, id: TransferId) -> Result<(i64, i64, i64), Error> {
    let row = sqlx::query!(
        r#"select count(*) filter (where state = 'waiting') as "waiting!",
             greatest(count(*) filter (where state = 'done'), (select count(*) from transfer_receipts r where r.transfer_id = $1)) as "done!",
             count(*) filter (where state in ('failed', 'left_out')) as "failed!"
           from transfer_items where transfer_id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.waiting, row.done, row.failed))
}

/// Writes a new transfer as a draft, or one that begins at once.
pub(super) async fn insert(work: &mut Work, new: &NewTransfer<'_>) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    sqlx::query!(
        "insert into transfers (id, code, mode, state, from_org, from_unit, to_org, to_unit, case_type, only_case, reason, basis, agreed_on, with_types,
           with_documents, with_referrals, with_household, to_manager, to_supervisor, agreement_id, location_id, notice_id, requested_by, requested_by_name, recorded_at)
         values ($1, $2, $3, $4, 0, $5, 0, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        new.id.0,
        new.code,
        new.mode,
        new.state.as_str(),
        new.from_unit,
        new.to_unit,
        new.case_type,
        new.only_case.map(|id| id.0),
        new.reason,
        new.basis,
        new.agreed_on,
        &new.with_types,
        new.with_documents,
        new.with_referrals,
        new.with_household,
        new.to_manager.map(|id| id.0),
        new.to_supervisor.map(|id| id.0),
        new.agreement_id,
        new.location_id,
        new.notice.map(|id| id.0),
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// A transfer to be written.
pub(super) struct NewTransfer<'a> {
    pub id: TransferId,
    pub code: String,
    pub mode: &'a str,
    pub state: State,
    pub from_unit: UnitId,
    pub to_unit: UnitId,
    pub case_type: i16,
    pub only_case: Option<CaseId>,
    pub reason: &'a str,
    pub basis: &'a str,
    pub agreed_on: Option<NaiveDate>,
    pub with_types: Vec<i16>,
    pub with_documents: bool,
    pub with_referrals: bool,
    pub with_household: bool,
    pub to_manager: Option<UserId>,
    pub to_supervisor: Option<UserId>,
    pub agreement_id: Option<Uuid>,
    pub location_id: Option<Uuid>,
    pub notice: Option<ReferralId>,
}

/// Writes a draft anew, with the records it is about now.
pub(super) async fn rewrite(work: &mut Work, before: &Transfer, new: &NewTransfer<'_>) -> Result<(), Error> {
    let done = sqlx::query!(
        "update transfers set from_unit = $3, to_unit = $4, case_type = $5, only_case = $6, reason = $7, basis = $8, agreed_on = $9, with_types = $10,
           with_documents = $11, with_referrals = $12, with_household = $13, version = version + 1
         where id = $1 and version = $2",
        before.id.0,
        before.version,
        new.from_unit,
        new.to_unit,
        new.case_type,
        new.only_case.map(|id| id.0),
        new.reason,
        new.basis,
        new.agreed_on,
        &new.with_types,
        new.with_documents,
        new.with_referrals,
        new.with_household
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    sqlx::query!("delete from transfer_items where transfer_id = $1", before.id.0).execute(work.db()).await?;
    Ok(())
}

/// A record to be put on a transfer.
pub(super) struct NewItem<'a> {
    pub case: CaseId,
    pub code: &'a str,
    pub kind: &'static str,
    pub unit: UnitId,
    pub version: Option<i32>,
    pub risk: Option<&'a str>,
    pub stage: &'a str,
}

/// Puts a record on a transfer; the same case twice counts once.
pub(super) async fn insert_item(work: &mut Work, transfer: TransferId, new: &NewItem<'_>) -> Result<Uuid, Error> {
    let (id, now) = (Uuid::now_v7(), work.now());
    sqlx::query!(
        "insert into transfer_items (id, transfer_id, case_id, code, kind, from_unit, case_version, risk, stage, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        transfer.0,
        new.case.0,
        new.code,
        new.kind,
        new.unit,
        new.version,
        new.risk,
        new.stage,
        now
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// What a decision keeps beside the state.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// Who will keep the cases.
    pub manager: Option<UserId>,
    /// Who will supervise them by name.
    pub supervisor: Option<UserId>,
    /// The agreement.
    pub agreement: Option<Uuid>,
    /// Where services will be given.
    pub location: Option<Uuid>,
    /// Why it was declined.
    pub reason: Option<String>,
}

/// The transfer's new state, unless somebody changed it since it was read.
pub(super) async fn save_state(work: &mut Work, transfer: &Transfer, state: State, decided: &Decided) -> Result<(), Error> {
    let (now, me) = (work.now(), work.me().ok().map(|me| me.0));
    let done = sqlx::query!(
        "update transfers set state = $3, version = version + 1,
           submitted_at = case when $3 = 'submitted' then coalesce(submitted_at, $4) when $3 = 'draft' then null else submitted_at end,
           decided_at = case when $3 in ('approved', 'rejected') then $4 else decided_at end,
           decided_by = case when $3 in ('approved', 'rejected') then $5 else decided_by end,
           ended_at = case when $3 in ('transferred', 'rejected', 'failed') then $4 end,
           to_manager = coalesce($6, to_manager), to_supervisor = coalesce($7, to_supervisor), agreement_id = coalesce($8, agreement_id),
           location_id = coalesce($9, location_id), decision_reason = coalesce($10, decision_reason)
         where id = $1 and version = $2",
        transfer.id.0,
        transfer.version,
        state.as_str(),
        now,
        me,
        decided.manager.map(|id| id.0),
        decided.supervisor.map(|id| id.0),
        decided.agreement,
        decided.location,
        decided.reason
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Keeps the day on which both workers met with the person.
pub(super) async fn save_introduction(work: &mut Work, transfer: &Transfer, day: NaiveDate) -> Result<(), Error> {
    let done = sqlx::query!(
        "update transfers set introduced_on = $3, version = version + 1 where id = $1 and version = $2",
        transfer.id.0,
        transfer.version,
        day
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Throws a draft away.
pub(super) async fn delete(work: &mut Work, transfer: &Transfer) -> Result<(), Error> {
    let gone =
        sqlx::query!("delete from transfers where id = $1 and version = $2 and state = 'draft'", transfer.id.0, transfer.version)
            .execute(work.db())
            .await?;
    changed(gone.rows_affected())
}

/// One of several records stays where it is, with a reason of the receiving side's.
pub(super) async fn leave_out(work: &mut Work, transfer: TransferId, item: Uuid, reason: &str) -> Result<(), Error> {
    let done = sqlx::query!(
        "update transfer_items set state = 'left_out', reason = $3 where id = $2 and transfer_id = $1 and state = 'waiting'",
        transfer.0,
        item,
        reason
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// A step to write down.
pub(super) struct NewStep<'a> {
    pub action: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub reason: &'a str,
    pub happened_at: DateTime<Utc>,
    pub late_reason: &'a str,
    pub name: &'a str,
    pub role: &'a str,
}

/// Writes a step down.
pub(super) async fn insert_step(work: &mut Work, transfer: TransferId, step: &NewStep<'_>) -> Result<(), Error> {
    let (now, org, me) = (work.now(), work.org(), work.me().ok().map(|me| me.0));
    sqlx::query!(
        "insert into transfer_moves (id, transfer_id, action, from_state, to_state, reason, happened_at, recorded_at, late_reason, actor_id, actor_org, shown_name, shown_role)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        Uuid::now_v7(),
        transfer.0,
        step.action,
        step.from,
        step.to,
        step.reason,
        step.happened_at,
        now,
        step.late_reason,
        me,
        org,
        step.name,
        step.role
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The actor's role, as restricted types show it instead of a name (S31).
pub(super) async fn own_role(work: &mut Work) -> Result<String, Error> {
    let role = sqlx::query_scalar!(
        "select r.code from memberships m join roles r on r.id = m.role where m.user_id = access.me() and m.ended_at is null order by m.created_at limit 1"
    )
    .fetch_optional(work.db())
    .await?;
    Ok(role.unwrap_or_default())
}

/// The steps of a transfer, the newest first. Colleagues read who of their own organisation it was; where the program itself took the
/// step, whose transfer or decision that was.
pub async fn steps(work: &mut Work, id: TransferId) -> Result<Vec<Step>, Error> {
    let (own, lang) = (work.standing.org, work.lang().code());
    let mut rows = sqlx::query_as!(
        Step,
        r#"select m.action, m.to_state, m.reason, m.happened_at, m.recorded_at, m.late_reason, coalesce(nullif(m.shown_name, ''), u.name, '') as "name!",
             m.shown_role as role, access.named(o.names, o.name, $3) as "org_name?"
           from transfer_moves m join transfers t on t.id = m.transfer_id left join organisations o on o.id = m.actor_org
             left join users u on m.actor_org = $2 and u.org = $2
               and u.id = coalesce(m.actor_id, case when m.actor_org = t.from_org then t.requested_by else t.decided_by end)
           where m.transfer_id = $1 order by m.recorded_at desc, m.id desc limit 100"#,
        id.0,
        own,
        lang
    )
    .fetch_all(work.db())
    .await?;
    // That it failed nobody did, neither whoever asked for it nor whoever agreed: the rules stopped it.
    for row in rows.iter_mut().filter(|row| row.action == "fail") {
        row.name.clear();
        row.role.clear();
    }
    Ok(rows)
}

/// What stands in the way of each record that the actor sees, as things are; for whoever decides and sees nothing of it, that something does.
pub async fn in_the_way(work: &mut Work, id: TransferId) -> Result<Vec<(Uuid, String)>, Error> {
    let now = work.now();
    let rows =
        sqlx::query!(r#"select item as "item!", code from access.stands_in_the_way($1, $2) where code is not null"#, id.0, now)
            .fetch_all(work.db())
            .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.item, row.code?))).collect())
}

/// The records of a transfer that still wait, for the job that moves them; as far as the actor sees them.
pub(super) async fn waiting(work: &mut Work, id: TransferId) -> Result<Vec<Uuid>, Error> {
    let ids =
        sqlx::query_scalar!("select id from transfer_items where transfer_id = $1 and state = 'waiting' order by kind, id", id.0)
            .fetch_all(work.db())
            .await?;
    Ok(ids)
}
