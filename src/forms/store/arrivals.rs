//! What came from devices and names no case, sealed with a key of its own.
use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{MOST_FORMS, changed};
use crate::error::{Clash, Error, OnConstraint};
use crate::forms::Said;
use crate::forms::form::{Arrival, Edition, Origin};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId, EditionId, FormId, UnitId, UserId};

// Where its answers lie, and the bytes of its files.
const BODY: &str = "arrivals.body";
const FILE: &str = "arrival_files.bytes";

/// What waits in the units of the actor, the oldest first.
pub async fn waiting(work: &mut Work) -> Result<Vec<Arrival>, Error> {
    let found = sqlx::query_as!(
        Arrival,
        r#"select a.id as "id: ArrivalId", a.org, a.unit, a.case_type, a.form_id as "form_id: FormId", f.title, a.edition_id as "edition_id: EditionId", a.instance_id,
             a.origin, a.author as "author: UserId", a.author_name, a.recorded_at, a.state, a.reason, a.case_id as "case_id: crate::platform::ids::CaseId", a.version
           from arrivals a join forms f on f.id = a.form_id where a.state = 'waiting' order by a.recorded_at, a.id limit $1"#,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    Ok(found)
}

/// What was decided on in the units of the actor, the latest first.
pub async fn settled(work: &mut Work) -> Result<Vec<Arrival>, Error> {
    let found = sqlx::query_as!(
        Arrival,
        r#"select a.id as "id: ArrivalId", a.org, a.unit, a.case_type, a.form_id as "form_id: FormId", f.title, a.edition_id as "edition_id: EditionId", a.instance_id,
             a.origin, a.author as "author: UserId", a.author_name, a.recorded_at, a.state, a.reason, a.case_id as "case_id: crate::platform::ids::CaseId", a.version
           from arrivals a join forms f on f.id = a.form_id where a.state <> 'waiting' order by a.settled_at desc, a.id limit 100"#
    )
    .fetch_all(work.db())
    .await?;
    Ok(found)
}

/// What the actor sent under this id and names no case.
pub async fn arrival_of_instance(work: &mut Work, instance: &str) -> Result<Option<Arrival>, Error> {
    let found = sqlx::query_as!(
        Arrival,
        r#"select a.id as "id: ArrivalId", a.org, a.unit, a.case_type, a.form_id as "form_id: FormId", f.title, a.edition_id as "edition_id: EditionId", a.instance_id,
             a.origin, a.author as "author: UserId", a.author_name, a.recorded_at, a.state, a.reason, a.case_id as "case_id: crate::platform::ids::CaseId", a.version
           from arrivals a join forms f on f.id = a.form_id where a.instance_id = $1 and a.author = access.me() limit 1"#,
        instance
    )
    .fetch_optional(work.db())
    .await?;
    Ok(found)
}

/// The case that an arrival was filled in for, where whoever sent it could not put it there.
pub async fn meant_for(work: &mut Work, id: ArrivalId) -> Result<Option<CaseId>, Error> {
    let meant = sqlx::query_scalar!(r#"select meant_for as "case: CaseId" from arrivals where id = $1"#, id.0);
    Ok(meant.fetch_one(work.db()).await?)
}

/// Whether an arrival names a copy that it corrects.
pub async fn is_correction(work: &mut Work, id: ArrivalId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(r#"select corrects is not null as "is!" from arrivals where id = $1"#, id.0);
    Ok(found.fetch_one(work.db()).await?)
}

/// When its device says that it was filled in.
pub async fn arrival_said(work: &mut Work, id: ArrivalId) -> Result<Said, Error> {
    let said = sqlx::query_as!(Said, "select begun_at as begun, handed_in_at as handed_in from arrivals where id = $1", id.0);
    Ok(said.fetch_one(work.db()).await?)
}

/// Who decided on an arrival, and when.
pub async fn settled_by(work: &mut Work, id: ArrivalId) -> Result<Option<(String, DateTime<Utc>)>, Error> {
    let row = sqlx::query!("select settled_by_name, settled_at from arrivals where id = $1", id.0).fetch_one(work.db()).await?;
    Ok(row.settled_by_name.zip(row.settled_at))
}

/// One arrival.
pub async fn arrival(work: &mut Work, id: ArrivalId) -> Result<Arrival, Error> {
    let found = sqlx::query_as!(
        Arrival,
        r#"select a.id as "id: ArrivalId", a.org, a.unit, a.case_type, a.form_id as "form_id: FormId", f.title, a.edition_id as "edition_id: EditionId", a.instance_id,
             a.origin, a.author as "author: UserId", a.author_name, a.recorded_at, a.state, a.reason, a.case_id as "case_id: crate::platform::ids::CaseId", a.version
           from arrivals a join forms f on f.id = a.form_id where a.id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(found)
}

/// The answers of an arrival, as XML.
pub async fn arrival_body(work: &mut Work, id: ArrivalId) -> Result<String, Error> {
    let sealed = sqlx::query_scalar!("select body from arrivals where id = $1", id.0).fetch_one(work.db()).await?;
    let key = work.arrival_key(id.0).await?;
    Ok(key.open_text(BODY, &sealed)?)
}

/// As what copies of these types wait: as the most guarded that the actor is cleared for, restricted ones left out, which stay off devices (S20).
pub async fn arrival_type(work: &mut Work, case_types: &[i16]) -> Result<Option<i16>, Error> {
    let found = sqlx::query_scalar!(
        "select id from case_types
         where id = any ($1::smallint[]) and id = any ((select access.my_types())::smallint[]) and sensitivity <> 'restricted'
         order by sensitivity = 'standard', array_position($1::smallint[], id) limit 1",
        case_types
    );
    Ok(found.fetch_optional(work.db()).await?)
}

/// Whether a case of one's organisation keeps no places and no pictures, also one that the actor does not see; `None` where it is gone.
pub async fn is_guarded(work: &mut Work, case: CaseId) -> Result<Option<bool>, Error> {
    Ok(sqlx::query_scalar!("select access.is_guarded($1)", case.0).fetch_one(work.db()).await?)
}

/// Keeps what came from a device: in the inbox of a unit as a case of this type, or, without one, for those who see the case that it was meant for.
pub async fn insert_arrival(
    work: &mut Work,
    (unit, case_type): (UnitId, Option<i16>),
    edition: &Edition,
    (instance, corrects, meant_for): (&str, Option<&str>, Option<CaseId>),
    (xml, origin, sent_digest, said): (&str, Origin, Vec<u8>, Said),
) -> Result<ArrivalId, Error> {
    let (id, me, now) = (ArrivalId::new(), work.me()?, work.now());
    let name = work.standing.name.clone();
    let body = work.new_key(id.0, None).await?.seal(BODY, xml.as_bytes());
    sqlx::query!(
        "insert into arrivals (id, org, unit, case_type, form_id, edition_id, instance_id, body, origin, author, author_name, recorded_at, sent_digest, corrects, meant_for, begun_at, handed_in_at)
         values ($1, (select org from units where id = $2), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        id.0,
        unit,
        case_type,
        edition.form_id.0,
        edition.id.0,
        instance,
        body,
        origin.as_str(),
        me.0,
        name,
        now,
        sent_digest,
        corrects,
        meant_for.map(|case| case.0),
        said.begun,
        said.handed_in
    )
    .execute(work.db())
    .await
    .on_constraint("arrivals_instance_key", || Error::Conflict(Clash::State { state: "complete".to_owned(), code: "form_known" }))?;
    Ok(id)
}

/// Whether this actor sent a corrected copy of this one before, wherever that is now. One that somebody threw away corrects nothing, unless
/// it went because another had corrected it in turn: then that one counts.
pub async fn is_corrected(work: &mut Work, instance: &str) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"with recursive later as (
             select instance_id, state, reason from arrivals where corrects = $1 and author = access.me()
             union
             select a.instance_id, a.state, a.reason from arrivals a join later l on a.corrects = l.instance_id and l.reason = 'corrected'
             where a.author = access.me())
           select exists (select from later where state <> 'discarded') as "is_corrected!""#,
        instance
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// The others that wait and correct the same copy as this one: id, who sent it and when.
pub async fn twins(work: &mut Work, id: ArrivalId) -> Result<Vec<(ArrivalId, String, DateTime<Utc>)>, Error> {
    let rows = sqlx::query!(
        r#"select o.id as "id!: ArrivalId", o.author_name as "author_name!", o.recorded_at as "recorded_at!" from arrivals a join arrivals o on o.corrects = a.corrects and o.org = a.org
           where a.id = $1 and o.id <> a.id and o.state = 'waiting' order by o.recorded_at, o.id limit 20"#,
        id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.author_name, row.recorded_at)).collect())
}

/// Keeps a file of an arrival, sealed like its answers. The same file twice is kept once.
pub async fn insert_arrival_file(work: &mut Work, arrival: ArrivalId, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let media_type = crate::documents::sniff(bytes)?;
    let sealed = work.arrival_key(arrival.0).await?.seal(FILE, bytes);
    sqlx::query!(
        "insert into arrival_files (arrival_id, name, media_type, bytes) values ($1, $2, $3, $4) on conflict on constraint arrival_files_pkey do nothing",
        arrival.0,
        name,
        media_type,
        sealed
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The names of the files that came with an arrival.
pub async fn arrival_file_names(work: &mut Work, id: ArrivalId) -> Result<Vec<String>, Error> {
    let names = sqlx::query_scalar!("select name from arrival_files where arrival_id = $1 order by name limit 200", id.0);
    Ok(names.fetch_all(work.db()).await?)
}

/// The files of an arrival, opened.
pub async fn arrival_files(work: &mut Work, id: ArrivalId) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let rows = sqlx::query!("select name, bytes from arrival_files where arrival_id = $1 order by name limit 200", id.0)
        .fetch_all(work.db())
        .await?;
    let key = work.arrival_key(id.0).await?;
    Ok(rows.into_iter().map(|row| Ok((row.name, key.open(FILE, &row.bytes)?))).collect::<anyhow::Result<_>>()?)
}

/// Takes the files out of an arrival.
pub async fn clear_arrival_files(work: &mut Work, id: ArrivalId) -> Result<(), Error> {
    sqlx::query!("delete from arrival_files where arrival_id = $1", id.0).execute(work.db()).await?;
    Ok(())
}

/// Writes down what was decided on a waiting arrival: on which case it is, or why it is on none. What it said is taken out of it,
/// and where it is on none, its key destroyed.
pub async fn settle(work: &mut Work, arrival: &Arrival, reason: Option<&str>, case: Option<CaseId>) -> Result<(), Error> {
    let (me, now, name) = (work.me()?, work.now(), work.standing.name.clone());
    let state = if case.is_some() { "placed" } else { "discarded" };
    let done = sqlx::query!(
        "update arrivals set state = $3, reason = $4, case_id = $5, settled_by = $6, settled_by_name = $7, settled_at = $8, body = ''::bytea, version = version + 1
         where id = $1 and version = $2 and state = 'waiting'",
        arrival.id.0,
        arrival.version,
        state,
        reason,
        case.map(|case| case.0),
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    if case.is_none() {
        sqlx::query!("select access.destroy_arrival_key($1)", arrival.id.0).fetch_one(work.db()).await?;
    }
    clear_arrival_files(work, arrival.id).await
}

/// What these units are called.
pub async fn unit_names(work: &mut Work, units: &[UnitId]) -> Result<HashMap<UnitId, String>, Error> {
    let rows = sqlx::query!("select id, name from units where id = any ($1)", units).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
