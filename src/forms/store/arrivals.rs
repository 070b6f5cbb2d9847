//! What came from devices and names no case, sealed with a key of its own.
use super::MOST_FORMS;
use crate::error::{Clash, Error, OnConstraint};
use crate::forms::form::{Arrival, Edition, Origin};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, EditionId, FormId, UnitId, UserId};

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

/// Keeps what came from a device in the inbox of a unit.
pub async fn insert_arrival(
    work: &mut Work,
    (unit, case_type): (UnitId, i16),
    edition: &Edition,
    (instance, xml, origin): (&str, &str, Origin),
) -> Result<ArrivalId, Error> {
    let (id, me, now) = (ArrivalId::new(), work.me()?, work.now());
    let name = work.standing.name.clone();
    let body = work.new_key(id.0, None).await?.seal(BODY, xml.as_bytes());
    sqlx::query!(
        "insert into arrivals (id, org, unit, case_type, form_id, edition_id, instance_id, body, origin, author, author_name, recorded_at)
         values ($1, (select org from units where id = $2), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
        now
    )
    .execute(work.db())
    .await
    .on_constraint("arrivals_instance_key", || Error::Conflict(Clash::State { state: "complete".to_owned(), code: "form_known" }))?;
    Ok(id)
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
