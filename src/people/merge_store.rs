//! The SQL of joining two records of one person. What is written goes through definer functions; what is read, through row security.
use uuid::Uuid;

use super::merge::{Join, LAPSES};
use super::{Listed, READ};
use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId, UnitId, UserId};

/// Two records that somebody holds to be of one person.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The record that stays.
    pub stays: PersonId,
    /// The version of it that was looked at.
    pub version_that_stays: i32,
    /// The record that goes.
    pub goes: PersonId,
    /// The version of it that was looked at.
    pub version_that_goes: i32,
    /// Of [`super::merge::FIELDS`]: what is taken from the record that goes.
    pub chosen: Vec<String>,
}

/// How the carrying out ended.
#[derive(Debug)]
pub struct Ended {
    /// `joined` or `stopped`.
    pub state: String,
    /// The record that stays.
    pub stays: PersonId,
    /// The other.
    pub goes: PersonId,
}

/// A proposal that nobody answered in time.
#[derive(Debug)]
pub(super) struct Lapsed {
    /// Who proposed it, while they work here.
    pub proposer: Option<UserId>,
    /// The unit of the record that was to stay.
    pub unit: UnitId,
    /// That record's code.
    pub code: String,
    /// The tasks to look at it, which are over.
    pub ended: Vec<Uuid>,
}

/// Writes down that they are two persons; once, whoever says it.
pub(super) async fn keep_apart(work: &mut Work, one: PersonId, other: PersonId) -> Result<(), Error> {
    let (me, name, now) = (work.me()?, work.standing.name.clone(), work.now());
    sqlx::query!(
        "insert into person_pairs_apart (one, other, author, author_name, recorded_at) values (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $3, $4, $5)
         on conflict do nothing",
        one.0,
        other.0,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Those who were said not to be this person.
pub async fn kept_apart_from(work: &mut Work, id: PersonId) -> Result<Vec<PersonId>, Error> {
    let found = sqlx::query_scalar!(
        r#"select case when one = $1 then other else one end as "id!: PersonId" from person_pairs_apart where one = $1 or other = $1"#,
        id.0
    );
    Ok(found.fetch_all(work.db()).await?)
}

/// Both are named on one case or one referral that the actor sees.
pub(super) async fn on_one_case(work: &mut Work, one: PersonId, other: PersonId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"select (exists (select from case_people a join case_people b on b.case_id = a.case_id where a.person_id = $1 and b.person_id = $2)
             or exists (select from referral_people a join referral_people b on b.referral_id = a.referral_id where a.person_id = $1 and b.person_id = $2)) as "found!""#,
        one.0,
        other.0
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// Writes a proposal. Of two at once the second hears that there is one.
pub(super) async fn propose(work: &mut Work, new: &Proposal) -> Result<RowId, Error> {
    let (id, now) = (RowId::new(), work.now());
    sqlx::query!(
        "select access.propose_join($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        new.stays.0,
        new.goes.0,
        new.version_that_stays,
        new.version_that_goes,
        &new.chosen,
        now
    )
    .fetch_one(work.db())
    .await
    .on_constraint("person_joins_live_key", || Error::Conflict(Clash::State { state: "open".to_owned(), code: "join_waits" }))?;
    Ok(id)
}

/// Agrees to this version of a proposal and of both records.
pub(super) async fn agree(
    work: &mut Work,
    id: RowId,
    (version, stays, goes): (i32, i32, i32),
    due: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.agree_to_join($1, $2, $3, $4, $5, $6)", id.0, version, stays, goes, due, now)
        .fetch_one(work.db())
        .await?;
    Ok(())
}

/// Gives it back, or takes it back.
pub(super) async fn give_back(work: &mut Work, id: RowId, version: i32) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.return_join($1, $2, $3)", id.0, version, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Says no to this version of what was agreed; nobody is told who did.
pub(super) async fn object(work: &mut Work, id: RowId, version: i32) -> Result<(), Error> {
    sqlx::query!("select access.object_to_join($1, $2)", id.0, version).fetch_one(work.db()).await?;
    Ok(())
}

/// Carries it out where its time has come; nothing where there is nothing to be done.
pub(super) async fn carry_out(work: &mut Work, id: RowId) -> Result<Option<Ended>, Error> {
    let now = work.now();
    let ended = sqlx::query_as!(
        Ended,
        r#"select state as "state!", stays as "stays!: PersonId", goes as "goes!: PersonId" from access.carry_out_join($1, $2)"#,
        id.0,
        now
    );
    Ok(ended.fetch_optional(work.db()).await?)
}

/// Ends a proposal whose time is over; nothing where it was answered.
pub(super) async fn lapse(work: &mut Work, id: RowId) -> Result<Option<Lapsed>, Error> {
    let now = work.now();
    let lapsed = sqlx::query_as!(
        Lapsed,
        r#"select proposer as "proposer: UserId", in_unit as "unit!", of_code as "code!", ended as "ended!" from access.lapse_join($1, $2)"#,
        id.0,
        now
    );
    Ok(lapsed.fetch_optional(work.db()).await?)
}

/// Moves back what this joining moved.
pub(super) async fn undo(work: &mut Work, id: RowId, version: i32) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.undo_join($1, $2, $3)", id.0, version, now).fetch_one(work.db()).await?;
    Ok(())
}

/// The record that stayed was joined with another since.
pub(super) async fn joined_again(work: &mut Work, join: &Join) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from person_joins where state = 'joined' and stays = $1 and id <> $2 and joined_at > $3) as "found!""#,
        join.stays.0,
        join.id.0,
        join.joined_at
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// Where a person who was joined is found now, if the actor sees them there.
pub async fn joined_into(work: &mut Work, id: PersonId) -> Result<Option<PersonId>, Error> {
    let found = sqlx::query_scalar!(r#"select access.joined_into($1, null) as "id: PersonId""#, id.0);
    Ok(found.fetch_one(work.db()).await?)
}

/// The same by a code as it is typed.
pub(super) async fn joined_into_by_code(work: &mut Work, code: &str) -> Result<Option<PersonId>, Error> {
    let found = sqlx::query_scalar!(r#"select access.joined_into(null, $1) as "id: PersonId""#, code);
    Ok(found.fetch_one(work.db()).await?)
}

/// The proposal, if the actor sees both.
pub async fn find(work: &mut Work, id: RowId) -> Result<Join, Error> {
    list(work, Some(id.0), None, None).await?.pop().ok_or(Error::NotFound)
}

/// What was proposed for these two, the latest first.
pub async fn of_pair(work: &mut Work, one: PersonId, other: PersonId) -> Result<Vec<Join>, Error> {
    list(work, None, Some(one.0), Some(other.0)).await
}

/// Everything of a person, what is open first and then the latest; of very many the first.
pub async fn of_person(work: &mut Work, id: PersonId) -> Result<Listed<Join>, Error> {
    list(work, None, Some(id.0), None).await.map(Listed::of)
}

/// Whether anything was ever proposed or joined of a person.
pub(super) async fn has_any(work: &mut Work, id: PersonId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from person_joins j join persons s on s.id = j.stays where $1 in (j.stays, j.goes)) as "found!""#,
        id.0
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// What waits for a second person, of those whom the reader sees, the oldest first; of very many the first.
pub async fn waiting(work: &mut Work) -> Result<Listed<Join>, Error> {
    list(work, None, None, None).await.map(Listed::of)
}

// One joining, those of a person or of two, or all that wait.
async fn list(work: &mut Work, id: Option<Uuid>, one: Option<Uuid>, other: Option<Uuid>) -> Result<Vec<Join>, Error> {
    let since = work.now() - LAPSES;
    let found = sqlx::query_as!(
        Join,
        r#"select j.id as "id: RowId", j.stays as "stays: PersonId", s.code as stays_code, j.goes as "goes: PersonId", j.goes_code, j.chosen, j.state,
             j.proposed_by as "proposed_by: UserId", j.proposed_by_name, j.proposed_at, j.decided_by_name, j.decided_at, j.due_at, j.joined_at,
             j.version
           from person_joins j join persons s on s.id = j.stays
           where ($1::uuid is null or j.id = $1) and ($2::uuid is null or $2 in (j.stays, j.goes)) and ($3::uuid is null or $3 in (j.stays, j.goes))
             and ($1::uuid is not null or $2::uuid is not null or (j.state = 'proposed' and j.proposed_at > $4))
           order by case when $1::uuid is null and $2::uuid is null then j.proposed_at end, j.state in ('proposed', 'agreed') desc,
             j.proposed_at desc, j.id limit $5"#,
        id,
        one,
        other,
        since,
        READ
    );
    Ok(found.fetch_all(work.db()).await?)
}
