//! The SQL of asking another organisation whether it knows somebody. Each side reads its own row; what touches both goes through definer functions.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::elsewhere::{Lately, Question, Shown};
use super::{Listed, READ};
use crate::error::{Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, OrgId, PersonId, RowId, UnitId, UserId};

/// The reader sees a case of this person that is not of a standard type.
pub(super) async fn is_guarded(work: &mut Work, id: PersonId) -> Result<bool, Error> {
    let guarded = sqlx::query_scalar!(
        r#"select exists (select from case_people cp join case_types t on t.id = cp.case_type
             where cp.person_id = $1 and t.sensitivity <> 'standard') as "guarded!""#,
        id.0
    );
    Ok(guarded.fetch_one(work.db()).await?)
}

/// For each of these organisations the latest consent of this person, of those the reader sees, that lets it be asked.
pub(super) async fn consents_to_ask(work: &mut Work, id: PersonId, orgs: &[OrgId]) -> Result<BTreeMap<OrgId, ConsentId>, Error> {
    let found = sqlx::query!(
        r#"select distinct on (o.org) o.org as "org!", k.id as "id!: ConsentId"
           from unnest($2::int[]) o(org) join consents k on k.person_id = $1 and access.lets_me_ask(k.id, o.org)
           order by o.org, k.recorded_at desc, k.id"#,
        id.0,
        orgs
    );
    Ok(found.fetch_all(work.db()).await?.into_iter().map(|row| (row.org, row.id)).collect())
}

/// Which of these persons of others were asked about lately for this one, each with how that stands.
pub(super) async fn asked_lately(
    work: &mut Work,
    id: PersonId,
    others: &[PersonId],
) -> Result<BTreeMap<PersonId, Lately>, Error> {
    let now = work.now();
    let others: Vec<Uuid> = others.iter().map(|other| other.0).collect();
    let found = sqlx::query!(
        r#"select of_other as "other!: PersonId", of_state as "state!", since as "asked_at!", due as "due_at!" from access.asked_lately($1, $2, $3)"#,
        id.0,
        &others,
        now
    );
    let found = found.fetch_all(work.db()).await?.into_iter();
    Ok(found.map(|row| (row.other, Lately { state: row.state, asked_at: row.asked_at, due_at: row.due_at })).collect())
}

/// Asks about two persons; who asked lately is told so.
pub(super) async fn ask(
    work: &mut Work,
    row: RowId,
    (own, other, consent): (PersonId, PersonId, ConsentId),
    due: DateTime<Utc>,
) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.ask_elsewhere($1, $2, $3, $4, $5, $6)", row.0, own.0, other.0, consent.0, due, now)
        .fetch_one(work.db())
        .await
        .on_constraint("person_questions_lately", || invalid("hit", "asked_elsewhere_lately"))?;
    Ok(())
}

/// Puts it to the other side, unless it may be put to nobody: which question it is, and of which organisation.
pub(super) async fn put(work: &mut Work, id: RowId) -> Result<Option<(Uuid, OrgId)>, Error> {
    let now = work.now();
    let put = sqlx::query!(r#"select put as "put!", to_org as "to_org!" from access.put_question($1, $2)"#, id.0, now);
    Ok(put.fetch_optional(work.db()).await?.map(|row| (row.put, row.to_org)))
}

/// Who of the organisation that this job is for finds a task for the question: in which unit, and by when.
pub(super) async fn to_be_asked(work: &mut Work, question: Uuid) -> Result<Vec<(UserId, UnitId, DateTime<Utc>)>, Error> {
    let found = sqlx::query!(
        r#"select of_user as "user!: UserId", of_unit as "unit!", by_then as "due!" from access.to_be_asked($1)"#,
        question
    );
    Ok(found.fetch_all(work.db()).await?.into_iter().map(|row| (row.user, row.unit, row.due)).collect())
}

/// Answers this version of a question.
pub(super) async fn answer(work: &mut Work, id: RowId, version: i32, answer: &str) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.answer_elsewhere($1, $2, $3, $4)", id.0, version, answer, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Tells both sides where its day has come: of whom the asking side asked, and whether it is the same person.
pub(super) async fn settle(work: &mut Work, id: RowId) -> Result<Option<(PersonId, bool)>, Error> {
    let now = work.now();
    let told =
        sqlx::query!(r#"select person as "person!: PersonId", same as "same!" from access.settle_question($1, $2)"#, id.0, now);
    Ok(told.fetch_optional(work.db()).await?.map(|row| (row.person, row.same)))
}

/// Ends it for both sides.
pub(super) async fn end(work: &mut Work, id: RowId, version: i32, reason: &str) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("select access.end_elsewhere($1, $2, $3, $4)", id.0, version, reason, now).fetch_one(work.db()).await?;
    Ok(())
}

/// Another organisation that knows a person too, or was asked whether it does.
#[derive(Debug)]
pub(super) struct Known {
    /// The organisation.
    pub org: String,
    /// Its general desk.
    pub desk: String,
    /// When it was asked, and by when it answers, where that is open.
    pub open: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Where this person is also known, each organisation once, and which of them were asked and have not answered yet.
pub(super) async fn known_at(work: &mut Work, id: PersonId) -> Result<Vec<Known>, Error> {
    let lang = work.lang().code();
    let found = sqlx::query!(
        r#"select x.org as "org!", x.desk as "desk!", x.asked_at as "asked_at?", x.due_at as "due_at?" from (
             select distinct on (q.other_org) access.named(o.names, o.name, $2) as org, o.general_desk as desk,
               case when q.state = 'asked' then q.asked_at end as asked_at, case when q.state = 'asked' then q.due_at end as due_at
             from person_questions q join organisations o on o.id = q.other_org
             where q.person_id = $1 and (q.state = 'same' or (q.state = 'asked' and q.side = 'asks'))
             order by q.other_org, q.state = 'same' desc, q.asked_at desc
           ) x order by x.org limit 20"#,
        id.0,
        lang
    );
    let found = found.fetch_all(work.db()).await?.into_iter();
    Ok(found.map(|row| Known { org: row.org, desk: row.desk, open: row.asked_at.zip(row.due_at) }).collect())
}

/// One side's row, if the reader sees its person.
pub(super) async fn find(work: &mut Work, id: RowId) -> Result<Question, Error> {
    list(work, Some(id.0), None).await?.pop().ok_or(Error::NotFound)
}

/// Everything asked about a person, from either side, what is open first and then the latest; of very many the first.
pub(super) async fn of_person(work: &mut Work, id: PersonId) -> Result<Listed<Question>, Error> {
    list(work, None, Some(id.0)).await.map(Listed::of)
}

/// What waits for an answer of the reader's side, the most pressing first; of very many the first.
pub(super) async fn waiting(work: &mut Work) -> Result<Listed<Question>, Error> {
    list(work, None, None).await.map(Listed::of)
}

// One, those of a person, or all that wait.
async fn list(work: &mut Work, id: Option<Uuid>, person: Option<Uuid>) -> Result<Vec<Question>, Error> {
    let lang = work.lang().code();
    let found = sqlx::query_as!(
        Question,
        r#"select q.id as "id: RowId", q.side = 'asks' as "asks!", q.person_id as "person: PersonId", p.code as person_code,
             access.named(o.names, o.name, $3) as "other!", o.general_desk as desk, q.state, q.author_name, q.asked_at, q.due_at, q.answer, q.answered_at,
             q.shown as "shown: Json<Shown>", q.version
           from person_questions q join persons p on p.id = q.person_id join organisations o on o.id = q.other_org
           where ($1::uuid is null or q.id = $1) and ($2::uuid is null or q.person_id = $2)
             and ($1::uuid is not null or $2::uuid is not null or (q.side = 'asked' and q.state = 'asked'))
           order by case when $1::uuid is null and $2::uuid is null then q.due_at end, q.state = 'asked' desc, q.asked_at desc, q.id limit $4"#,
        id,
        person,
        lang,
        READ
    );
    Ok(found.fetch_all(work.db()).await?)
}
