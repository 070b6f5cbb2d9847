//! What may be chosen when cases are transferred, and what the former side keeps: reading only; row security decides what exists.
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::transfer::Receipt;
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, PersonId, TransferId, UnitId, UserId};
use crate::supervision::carrying::Asked;

/// A unit of any organisation that could receive, with its organisation.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub org: OrgId,
    /// That organisation's name, in the reader's language.
    pub org_name: String,
    /// Of another organisation, and its name would tell what a person came for (S11, S14).
    pub discreet: bool,
    /// Which of several such units of its organisation it is, from 1 on; always the same one.
    pub nth: i64,
    /// How many of them there are.
    pub alike: i64,
    /// Somebody may decide there on cases of all these types.
    pub decides: bool,
    /// The actor may move cases there at once.
    pub direct: bool,
    /// Of another organisation, where somebody may take such cases over after a notice.
    pub receives: bool,
}

/// Units that cases of these types can go to: own ones, and those of organisations that work here.
pub async fn destinations(work: &mut Work, types: &[i16]) -> Result<Vec<Destination>, Error> {
    let (own, lang) = (work.standing.org, work.lang().code());
    let rows = sqlx::query_as!(
        Destination,
        r#"select u.id as unit, u.name, o.id as org, access.named(o.names, o.name, $2) as "org_name!",
             o.id <> $1 and u.id in (select access.discreet_units()) as "discreet!",
             (select count(*) from units d where d.org = u.org and d.id <= u.id and d.id in (select access.discreet_units())) as "nth!",
             (select count(*) from units d where d.org = u.org and d.id in (select access.discreet_units())) as "alike!",
             u.id in (select access.transfer_units('transfer.decide', $3)) as "decides!",
             u.id in (select access.transfer_units('transfer.direct', '{}')) as "direct!",
             o.id <> $1 and o.id in (select d.org from units d where d.id in (select access.transfer_units('transfer.receive', $3))) as "receives!"
           from units u join organisations o on o.id = u.org
           where u.active and o.active and o.in_system and u.id <> all (access.my_hidden_units()) order by (o.id = $1) desc, 4, u.path limit 1000"#,
        own,
        lang,
        types
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Those of these cases that do not change hands at their stage.
pub async fn fixed(work: &mut Work, cases: &[CaseId]) -> Result<Vec<CaseId>, Error> {
    let ids: Vec<Uuid> = cases.iter().map(|id| id.0).collect();
    let rows = sqlx::query_scalar!(r#"select fixed as "fixed!: CaseId" from access.fixed_cases($1) as fixed"#, &ids);
    Ok(rows.fetch_all(work.db()).await?)
}

/// Whether of any of these cases nobody noted that the limits of confidentiality were explained.
pub async fn limits_unexplained(work: &mut Work, cases: &[CaseId]) -> Result<bool, Error> {
    let ids: Vec<Uuid> = cases.iter().map(|id| id.0).collect();
    let any = sqlx::query_scalar!(
        r#"select exists (select from cases where id = any ($1) and limits_explained_on is null) as "any!""#,
        &ids
    );
    Ok(any.fetch_one(work.db()).await?)
}

/// Requests that wait for these cases: the case's code, the transfer and its code.
pub async fn asked_already(work: &mut Work, cases: &[CaseId]) -> Result<Vec<(String, TransferId, String)>, Error> {
    let ids: Vec<Uuid> = cases.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select i.code, t.id as "id: TransferId", t.code as transfer from transfer_items i join transfers t on t.id = i.transfer_id
           where i.case_id = any ($1) and i.state = 'waiting' and t.state in ('submitted', 'approved') order by i.code, t.code limit 50"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id, row.transfer)).collect())
}

/// A unit with its organisation: once where both are called the same, the organisation alone where the unit's name is not said.
pub fn placed(org: &str, unit: &str) -> String {
    if unit.is_empty() || unit == org { org.to_owned() } else { format!("{org} · {unit}") }
}

/// Who may keep cases of these types in a unit that the actor fills by transfer.
pub async fn keepers(work: &mut Work, unit: UnitId, types: &[i16]) -> Result<Vec<(UserId, String, bool)>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id!: UserId", name as "name!", supervises as "supervises!" from access.keepers($1, $2)"#,
        unit,
        types
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.supervises)).collect())
}

/// What the records of a transfer that wait ask of whoever gets them, by what the actor sees of them; nothing where this person keeps them all already.
pub async fn asked_of(work: &mut Work, transfer: TransferId, to: UserId) -> Result<Option<Asked>, Error> {
    let rows = sqlx::query!(
        r#"select case_type, risk, count(*) as "cases!" from transfer_items
           where transfer_id = $1 and state = 'waiting' and case_manager is distinct from $2 group by case_type, risk"#,
        transfer.0,
        to.0
    )
    .fetch_all(work.db())
    .await?;
    let mut all: Option<Asked> = None;
    for row in rows {
        let (_, pack) = packs::store::of_case_type(work, row.case_type).await?;
        let asked = Asked::of(&pack, (row.case_type, row.risk.as_deref()), row.cases);
        all = Some(all.unwrap_or_default().with(asked));
    }
    Ok(all)
}

/// An agreement under which cases come to an organisation, or go from it.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Its id.
    pub id: Uuid,
    /// What kind of arrangement.
    pub kind: String,
    /// The other party, in the reader's language.
    pub other: String,
    /// The other party refers to this one.
    pub comes: bool,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
}

/// The agreements with client tracking that run today and to which the organisation is a party.
pub async fn agreements(work: &mut Work, org: OrgId) -> Result<Vec<Agreement>, Error> {
    let (today, lang) = (work.today(), work.lang().code());
    let rows = sqlx::query_as!(
        Agreement,
        r#"select a.id, a.kind, access.named(o.names, o.name, $3) as "other!", a.to_org = $1 as "comes!", a.starts_on, a.ends_on
           from agreements a join organisations o on o.id = case when a.to_org = $1 then a.from_org else a.to_org end
           where (a.to_org = $1 or a.from_org = $1) and a.client_tracking and a.starts_on <= $2 and (a.ends_on is null or a.ends_on >= $2) order by 3, 4 desc, a.id"#,
        org,
        today,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Where the organisation gives services, the place first, as far as the actor may know the places (S14).
pub async fn locations(work: &mut Work, org: OrgId) -> Result<Vec<(Uuid, String)>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select l.id, l.name, l.address, l.admin1, l.admin2, access.named(s.names, s.name, $2) as "service!"
           from locations l join services s on s.id = l.service_id where s.org = $1 order by l.admin1, l.admin2, l.name, l.address, 6 limit 200"#,
        org,
        lang
    )
    .fetch_all(work.db())
    .await?;
    let label = |parts: [String; 5]| {
        let mut said: Vec<String> = Vec::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            // An address often ends with its town.
            if !said.iter().any(|before| before.ends_with(&part)) {
                said.push(part);
            }
        }
        said.join(" · ")
    };
    Ok(rows.into_iter().map(|row| (row.id, label([row.name, row.address, row.admin2, row.admin1, row.service]))).collect())
}

/// The subject of a case that the actor sees.
pub async fn subject_name(work: &mut Work, person: PersonId) -> Result<String, Error> {
    Ok(sqlx::query_scalar!("select name from persons where id = $1", person.0).fetch_one(work.db()).await?)
}

/// Other open cases of these persons that the actor sees and could move: of the same organisation, of an ordinary type (S11).
pub async fn related(work: &mut Work, cases: &[CaseId]) -> Result<Vec<(CaseId, i16)>, Error> {
    let ids: Vec<Uuid> = cases.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select distinct o.id as "id: CaseId", o.case_type from cases c join cases o on o.person_id = c.person_id and o.org = c.org and o.closed_at is null
             join case_types t on t.id = o.case_type and t.sensitivity <> 'restricted'
           where c.id = any ($1) and o.id <> all ($1) and o.case_type = any (access.my_types()) limit 500"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.case_type)).collect())
}

/// Somebody of a household who does not go along to another organisation: nobody has their own agreement, or they said no (S3).
#[derive(Debug, Clone)]
pub struct LeftMember {
    /// On which case.
    pub case_id: CaseId,
    /// Who.
    pub person_id: PersonId,
    /// Their code.
    pub code: String,
    /// Their name; empty where the case goes by its code.
    pub name: String,
    /// `member_not_asked`, `member_refused` or `child_not_asked`.
    pub why: String,
}

/// Who of the households of these cases would stay behind, of the cases that the actor sees.
pub async fn members_left(work: &mut Work, cases: &[CaseId], to_org: OrgId) -> Result<Vec<LeftMember>, Error> {
    let (ids, now): (Vec<Uuid>, _) = (cases.iter().map(|id| id.0).collect(), work.now());
    let rows = sqlx::query_as!(
        LeftMember,
        r#"select case_id as "case_id!: CaseId", person_id as "person_id!: PersonId", code as "code!", name as "name!", why as "why!"
           from access.members_left($1, $2, $3, 200)"#,
        &ids,
        to_org,
        now
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// What the actor's side keeps of cases that have left, the newest first; all, or those of one transfer.
pub async fn receipts(work: &mut Work, transfer: Option<TransferId>, most: i64) -> Result<Vec<Receipt>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Receipt,
        r#"select r.case_code, r.transfer_id as "transfer_id: TransferId", coalesce(t.code, '') as "transfer_code!", access.named(o.names, o.name, $3) as "org_name!", o.general_desk as desk, r.moved_at, r.returned_at
           from transfer_receipts r join organisations o on o.id = r.to_org left join transfers t on t.id = r.transfer_id
           where ($1::uuid is null or r.transfer_id = $1) order by r.moved_at desc, r.id limit $2"#,
        transfer.map(|id| id.0),
        most,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Where somebody who comes back with this code is sent: organisation, its general desk, since when.
pub async fn receipt_of(work: &mut Work, code: &str) -> Result<Option<(String, String, String, DateTime<Utc>)>, Error> {
    let lang = work.lang().code();
    let row = sqlx::query!(
        r#"select case_code as "code!", org_name as "org!", desk as "desk!", moved_at as "at!" from access.receipt_of($1, $2)"#,
        code,
        lang
    )
    .fetch_optional(work.db())
    .await?;
    Ok(row.map(|row| (row.code, row.org, row.desk, row.at)))
}
