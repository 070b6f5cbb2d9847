//! Where a draft goes: to a service, to a unit of one's own organisation, or to a colleague there by name.

use uuid::Uuid;

use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId, UnitId, UserId};
use crate::referrals::row::Referral;
use crate::referrals::words::Kind;

/// Where a draft goes.
#[derive(Clone, Debug)]
pub struct Target {
    pub(super) kind: Kind,
    pub(super) org: Option<OrgId>,
    pub(super) unit: Option<UnitId>,
    pub(super) assignee: Option<UserId>,
    pub(super) service: Option<ServiceId>,
    pub(super) name: String,
    pub(super) asks_approval: bool,
    /// The kind of organisation of a receiver that has no row of its own; consent may reach it by that.
    pub(super) org_kind: &'static str,
}

impl Target {
    /// The name is that of an organisation, not of a service or unit.
    pub(super) fn names_an_organisation(&self) -> bool {
        self.service.is_none() && matches!(self.kind, Kind::Partner | Kind::External | Kind::TransferNotice)
    }
}

/// Reads `service:<id>`, `unit:<number>`, `user:<id>`, `org:<number>`, `notice:<number>` (a case transfer is announced there) or
/// `outside:<kind>:<name>` as the page sends it, as far as the actor may see it.
pub async fn target(work: &mut Work, choice: &str) -> Result<Target, Error> {
    let found = match choice.split_once(':') {
        Some(("service", id)) => of_service(work, id.parse().unwrap_or_default()).await?,
        Some(("unit", id)) => of_unit(work, id.parse().unwrap_or_default()).await?,
        Some(("user", id)) => of_colleague(work, id).await?,
        Some(("org", id)) => of_organisation(work, id.parse().unwrap_or_default(), Kind::Partner).await?,
        Some(("notice", id)) => of_organisation(work, id.parse().unwrap_or_default(), Kind::TransferNotice).await?,
        Some(("outside", named)) => outside(named),
        _ => None,
    };
    found.ok_or_else(|| invalid("to", "not_a_choice"))
}

async fn of_service(work: &mut Work, id: Uuid) -> Result<Option<Target>, Error> {
    let row = sqlx::query!(
        "select s.org, s.unit, s.name, s.requires_approval, o.in_system,
           (select u.id from units u where u.org = s.org and u.parent is null and u.active order by u.id limit 1) as root
         from services s join organisations o on o.id = s.org where s.id = $1",
        id
    )
    .fetch_optional(work.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = match (Some(row.org) == work.org(), row.in_system) {
        (true, _) => Kind::Internal,
        (false, true) => Kind::Partner,
        (false, false) => Kind::External,
    };
    Ok(Some(Target {
        kind,
        org: Some(row.org),
        unit: if kind == Kind::External { None } else { row.unit.or(row.root) },
        assignee: None,
        service: Some(ServiceId(id)),
        name: row.name,
        asks_approval: row.requires_approval,
        org_kind: "",
    }))
}

// An organisation in the system is referred to by name under an agreement with client tracking; one outside it, as far as it is known.
async fn of_organisation(work: &mut Work, id: OrgId, kind: Kind) -> Result<Option<Target>, Error> {
    let (own, today) = (work.standing.org, work.today());
    let row = sqlx::query!(
        r#"select o.name, o.in_system,
             access.front_desk(o.id) as desk,
             exists (select from agreements a where a.from_org = $2 and a.to_org = o.id and a.client_tracking and a.starts_on <= $3
               and (a.ends_on is null or a.ends_on >= $3)) as "agreed!"
           from organisations o where o.id = $1 and o.active and o.id <> $2"#,
        id,
        own,
        today
    )
    .fetch_optional(work.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = match (row.in_system, kind) {
        (true, kind) if row.agreed && row.desk.is_some() => kind,
        (false, Kind::Partner) => Kind::External,
        _ => return Ok(None),
    };
    let unit = if kind == Kind::External { None } else { row.desk };
    let org = Some(id);
    Ok(Some(Target { kind, org, unit, assignee: None, service: None, name: row.name, asks_approval: false, org_kind: "" }))
}

/// Kinds of organisation, as consent names them.
pub const ORG_KINDS: &[&str] = &["ministry", "municipality", "un_agency", "ngo", "provider", "other"];

// A receiver that the directory does not know has a name and a kind.
fn outside(named: &str) -> Option<Target> {
    let (kind, name) = named.split_once(':')?;
    let org_kind = ORG_KINDS.iter().copied().find(|known| *known == kind)?;
    let name: String = name.trim().chars().take(200).collect();
    let target = Target {
        kind: Kind::External,
        org: None,
        unit: None,
        assignee: None,
        service: None,
        name,
        asks_approval: false,
        org_kind,
    };
    Some(target).filter(|target| !target.name.is_empty())
}

fn internal(org: OrgId, unit: UnitId, name: String, assignee: Option<UserId>) -> Target {
    Target {
        kind: Kind::Internal,
        org: Some(org),
        unit: Some(unit),
        assignee,
        service: None,
        name,
        asks_approval: false,
        org_kind: "",
    }
}

async fn of_unit(work: &mut Work, id: UnitId) -> Result<Option<Target>, Error> {
    let own = work.org();
    let row = sqlx::query!("select org, name from units where id = $1 and active and id <> all (access.my_hidden_units())", id)
        .fetch_optional(work.db())
        .await?;
    Ok(row.filter(|row| Some(row.org) == own).map(|row| internal(row.org, id, row.name, None)))
}

async fn of_colleague(work: &mut Work, id: &str) -> Result<Option<Target>, Error> {
    let org = work.standing.org;
    let Ok(user) = id.parse::<UserId>() else { return Ok(None) };
    let found = colleagues(work).await?.into_iter().find(|colleague| colleague.id == user);
    Ok(found.map(|found| internal(org, found.unit, found.unit_name, Some(user))))
}

/// A colleague of one's own organisation to whom a referral can go by name; their unit's inbox receives it beside them.
#[derive(Clone, Debug)]
pub struct Named {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// The unit whose inbox it reaches.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The case types they are cleared for.
    pub cleared: Vec<i16>,
}

/// Everybody of the organisation who answers referrals, but the actor.
pub async fn colleagues(work: &mut Work) -> Result<Vec<Named>, Error> {
    let (org, me) = (work.standing.org, work.me()?);
    let rows = sqlx::query_as!(
        Named,
        r#"select distinct on (u.name, u.id) u.id as "id: UserId", u.name, m.unit, x.name as unit_name, r.cleared
           from memberships m join users u on u.id = m.user_id and u.active and not u.is_program join units x on x.id = m.unit and x.active
           join roles r on r.id = m.role and 'referral.answer' = any (r.acts)
           where m.org = $1 and m.ended_at is null and u.id <> $2 order by u.name, u.id, m.created_at limit 300"#,
        org,
        me.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// A named colleague may have left since the draft was begun: then the unit's inbox alone receives it.
pub async fn settle_receiver(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    if referral.to.assignee.is_none() {
        return Ok(());
    }
    sqlx::query!(
        "update referrals r set to_assignee = null where r.id = $1 and r.to_assignee is not null and not exists (
           select from memberships m join users u on u.id = m.user_id and u.active join units x on x.id = m.unit
           where m.user_id = r.to_assignee and m.ended_at is null and x.org = r.to_org)",
        referral.id.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}
