//! SQL on screenings themselves; what they read, find and propose is in `reading`, `changes` and `proposals`.
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::course::{Counts, Line, Screening, State};
use crate::error::{Clash, Error, OnConstraint};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ScreeningId, UnitId, UserId};

struct Row {
    id: ScreeningId,
    org: OrgId,
    unit: UnitId,
    unit_name: String,
    case_types: Vec<i16>,
    lines: Value,
    seen: Vec<Uuid>,
    state: String,
    previous: Option<ScreeningId>,
    at_case: Option<Uuid>,
    slice: i32,
    total: Option<i64>,
    done: i64,
    counts: Value,
    chosen: i32,
    begun_by_name: String,
    begun_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    proposed_at: Option<DateTime<Utc>>,
    version: i32,
}

impl Row {
    fn screening(self) -> Result<Screening, Error> {
        let mut lines: Vec<Line> = serde_json::from_value(self.lines).map_err(anyhow::Error::from)?;
        for line in &mut lines {
            line.is_seen = self.seen.contains(&line.service.0);
        }
        let mut counts: Vec<Counts> = serde_json::from_value(self.counts).map_err(anyhow::Error::from)?;
        counts.resize(lines.len(), Counts::default());
        let state =
            State::parse(&self.state).ok_or_else(|| anyhow::anyhow!("no state of a screening is called {}", self.state))?;
        Ok(Screening {
            id: self.id,
            org: self.org,
            unit: self.unit,
            unit_name: self.unit_name,
            case_types: self.case_types,
            lines,
            state,
            previous: self.previous,
            at: self.at_case,
            slice: self.slice,
            total: self.total,
            done: self.done,
            counts,
            chosen: self.chosen,
            begun_by_name: self.begun_by_name,
            begun_at: self.begun_at,
            ended_at: self.ended_at,
            proposed_at: self.proposed_at,
            version: self.version,
        })
    }
}

/// A screening that the actor may see. A service that was hidden from them since is no line of theirs to read (S14).
pub async fn find(work: &mut Work, id: ScreeningId) -> Result<Screening, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select s.id as "id: ScreeningId", s.org, s.unit, u.name as unit_name, s.case_types, s.lines, s.state, s.previous as "previous: ScreeningId",
             s.at_case, s.slice, s.total, s.done, s.counts, s.chosen, s.begun_by_name, s.begun_at, s.ended_at, s.proposed_at, s.version,
             array(select v.id from services v where v.id in (select (l ->> 'service')::uuid from jsonb_array_elements(s.lines) l)) as "seen!"
           from screenings s join units u on u.id = s.unit where s.id = $1"#,
        id.0
    );
    row.fetch_one(work.db()).await?.screening()
}

/// The same for whoever goes on with it now, who reads no line; none while another does.
pub(super) async fn take(work: &mut Work, id: ScreeningId) -> Result<Option<Screening>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select s.id as "id: ScreeningId", s.org, s.unit, u.name as unit_name, s.case_types, s.lines, s.state, s.previous as "previous: ScreeningId",
             s.at_case, s.slice, s.total, s.done, s.counts, s.chosen, s.begun_by_name, s.begun_at, s.ended_at, s.proposed_at, s.version,
             array[]::uuid[] as "seen!"
           from screenings s join units u on u.id = s.unit where s.id = $1 for update of s skip locked"#,
        id.0
    );
    row.fetch_optional(work.db()).await?.map(Row::screening).transpose()
}

/// The organisation that is named by its number, or by the id that its directory knows it by, with this unit of it or, where none is said, the
/// one above all others. The unit is missing where the organisation has no such one.
pub async fn whose(work: &mut Work, named: &str, unit: Option<UnitId>) -> Result<Option<(OrgId, Option<UnitId>)>, Error> {
    let number: Option<OrgId> = named.parse().ok();
    let row = sqlx::query!(
        r#"select o.id, (select u.id from units u where u.org = o.id and (u.id = $3 or ($3::int is null and u.parent is null)) order by u.id limit 1) as unit
           from organisations o where o.id = $1 or o.external_id = $2 order by o.id = $1 desc nulls last limit 1"#,
        number,
        named,
        unit
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| (row.id, row.unit)))
}

/// A screening in the list.
#[derive(Debug)]
pub struct Listed {
    /// Its id.
    pub id: ScreeningId,
    /// The unit's name.
    pub unit_name: String,
    /// Where it stands.
    pub state: String,
    /// How many services.
    pub services: i32,
    /// How many cases there are.
    pub total: Option<i64>,
    /// How many were gone through.
    pub done: i64,
    /// Who began it.
    pub begun_by_name: String,
    /// When.
    pub begun_at: DateTime<Utc>,
}

/// The screenings of the actor's units, the latest first, before this moment.
pub(super) async fn list(work: &mut Work, before: Option<(DateTime<Utc>, Uuid)>, most: i64) -> Result<Vec<Listed>, Error> {
    let (moment, id) = before.unzip();
    let listed = sqlx::query_as!(
        Listed,
        r#"select s.id as "id: ScreeningId", u.name as unit_name, s.state, jsonb_array_length(s.lines) as "services!", s.total, s.done, s.begun_by_name, s.begun_at
           from screenings s join units u on u.id = s.unit
           where $1::timestamptz is null or (s.begun_at, s.id) < ($1, $2::uuid)
           order by s.begun_at desc, s.id desc limit $3"#,
        moment,
        id,
        most
    );
    Ok(listed.fetch_all(work.db()).await?)
}

/// What a screening begins with.
pub(super) struct Beginning<'a> {
    pub id: ScreeningId,
    pub org: OrgId,
    pub unit: UnitId,
    pub case_types: &'a [i16],
    pub lines: &'a [Line],
    pub previous: Option<ScreeningId>,
    pub by: Option<UserId>,
    pub by_name: &'a str,
}

pub(super) async fn insert(work: &mut Work, new: &Beginning<'_>) -> Result<(), Error> {
    let lines = serde_json::to_value(new.lines).map_err(anyhow::Error::from)?;
    let now = work.now();
    sqlx::query!(
        "insert into screenings (id, org, unit, case_types, lines, previous, begun_by, begun_by_name, begun_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id.0,
        new.org,
        new.unit,
        new.case_types,
        lines,
        new.previous.map(|id| id.0),
        new.by.map(|user| user.0),
        new.by_name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("screenings_under_way_key", runs)?;
    Ok(())
}

/// The last finished screening of this unit and these types that asked one of these services, with the lines it asked.
pub(super) async fn before(
    work: &mut Work,
    unit: UnitId,
    case_types: &[i16],
    lines: &[Line],
) -> Result<Option<(ScreeningId, Vec<Line>)>, Error> {
    let services: Vec<String> = lines.iter().map(|line| line.service.to_string()).collect();
    let row = sqlx::query!(
        r#"select id as "id: ScreeningId", lines from screenings s
           where unit = $1 and state = 'done' and case_types @> $2 and case_types <@ $2
             and exists (select from jsonb_array_elements(s.lines) l where l ->> 'service' = any ($3))
           order by begun_at desc limit 1"#,
        unit,
        case_types,
        &services
    )
    .fetch_optional(work.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((row.id, serde_json::from_value(row.lines).map_err(anyhow::Error::from)?)))
}

// Another screening of the unit is under way.
fn runs() -> Error {
    Error::Conflict(Clash::State { state: State::Running.as_str().to_owned(), code: "screening_runs" })
}

/// Changes the state, if it is one of these; answers the edition it then is, or none where it was another. While another one of the unit is
/// under way: [`Clash::State`] `screening_runs`.
pub(super) async fn set_state(work: &mut Work, id: ScreeningId, from: &[State], to: State) -> Result<Option<i32>, Error> {
    let from: Vec<String> = from.iter().map(|state| state.as_str().to_owned()).collect();
    let ended = matches!(to, State::Done | State::Cancelled | State::Failed).then(|| work.now());
    let version = sqlx::query_scalar!(
        "update screenings set state = $3, ended_at = $4, version = version + 1 where id = $1 and state = any ($2) returning version",
        id.0,
        &from,
        to.as_str(),
        ended
    );
    version.fetch_optional(work.db()).await.on_constraint("screenings_under_way_key", runs)
}

/// Keeps how far it has come.
pub(super) async fn save_progress(work: &mut Work, screening: &Screening) -> Result<(), Error> {
    let counts = serde_json::to_value(&screening.counts).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "update screenings set state = $2, at_case = $3, total = $4, done = $5, counts = $6, chosen = $7, ended_at = $8 where id = $1",
        screening.id.0,
        screening.state.as_str(),
        screening.at,
        screening.total,
        screening.done,
        counts,
        screening.chosen,
        screening.ended_at
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The proposals are given to the workers, once.
pub(super) async fn set_proposed(work: &mut Work, id: ScreeningId) -> Result<bool, Error> {
    let (now, me) = (work.now(), work.me().ok().map(|user| user.0));
    let set = sqlx::query!(
        "update screenings set proposed_at = $2, proposed_by = $3, version = version + 1 where id = $1 and proposed_at is null and state = 'done'",
        id.0,
        now,
        me
    );
    Ok(set.execute(work.db()).await?.rows_affected() == 1)
}

/// Deletes results of screenings that later ones of the same scope have overtaken, so many at once; answers how many. What a failed one found
/// stays, since it may go on; and so does a finished one's while no later one asked each of its services, since it is what the next is compared with.
pub(super) async fn forget_overtaken(work: &mut Work, newest: &Screening, most: i64) -> Result<u64, Error> {
    let gone = sqlx::query!(
        "delete from screening_results where ctid = any (array(
           select r.ctid from screening_results r join screenings s on s.id = r.screening_id
           where s.org = $1 and s.unit = $2 and s.case_types @> $3 and s.case_types <@ $3 and s.id <> $4 and s.id is distinct from $5
             and (s.state = 'cancelled' or (s.state = 'done' and not exists (select from jsonb_array_elements(s.lines) l where not exists (
               select from screenings n where n.unit = s.unit and n.state = 'done' and n.begun_at > s.begun_at and n.case_types @> s.case_types
                 and n.case_types <@ s.case_types and n.lines @> jsonb_build_array(jsonb_build_object('service', l -> 'service'))))))
           limit $6))",
        newest.org,
        newest.unit,
        &newest.case_types,
        newest.id.0,
        newest.previous.map(|id| id.0),
        most
    );
    Ok(gone.execute(work.db()).await?.rows_affected())
}
