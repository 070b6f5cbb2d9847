//! What may be screened here: the actor's units, the standard case types they are cleared for, and the public services that have a rule.
use super::course::{Line, MOST_LINES};
use crate::cases;
use crate::eligibility::{self, Rule};
use crate::error::Error;
use crate::packs::{self, Labels, Sensitivity};
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{OrgId, ServiceId, UnitId};

const MOST_UNITS: i64 = 200;

/// A unit whose households may be screened.
#[derive(Debug)]
pub struct Unit {
    /// Which.
    pub id: UnitId,
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
}

/// The units of which the actor may have the households screened, those above before those below.
pub async fn units(work: &mut Work) -> Result<Vec<Unit>, Error> {
    let units = sqlx::query_as!(
        Unit,
        "select id, org, name from units where active and (id = any ((select access.my_screening_units())::int[])) order by path limit $1",
        MOST_UNITS
    );
    Ok(units.fetch_all(work.db()).await?)
}

/// A case type that machines may go through.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its number.
    pub id: i16,
    /// Its code.
    pub code: String,
    /// Its name.
    pub labels: Labels,
}

/// The standard case types that the actor is cleared for; all of them for the operator.
pub async fn kinds(work: &mut Work) -> Result<Vec<Kind>, Error> {
    let cleared = match work.actor {
        Actor::User(_) => Some(cases::store::cleared_types(work).await?),
        _ => None,
    };
    let mut kinds: Vec<Kind> = Vec::new();
    for (_, pack) in packs::store::newest(work).await? {
        for one in pack.case_types.iter().filter(|one| one.sensitivity == Sensitivity::Standard) {
            let id = i16::from(one.id);
            if cleared.as_ref().is_none_or(|cleared| cleared.contains(&id)) {
                kinds.push(Kind { id, code: one.code.clone(), labels: one.labels.clone() });
            }
        }
    }
    Ok(kinds)
}

struct Offered {
    id: ServiceId,
    name: String,
    provider: String,
    external_id: Option<String>,
}

/// A service that may be screened, as a line, with the id that its directory knows it by.
pub async fn lines(work: &mut Work) -> Result<Vec<(Line, Option<String>)>, Error> {
    let mut rules = eligibility::store::active(work).await?;
    let ids: Vec<uuid::Uuid> = rules.keys().map(|service| service.0).collect();
    let lang = work.lang().code();
    let most = i64::try_from(MOST_LINES).unwrap_or(i64::MAX);
    let offered = sqlx::query_as!(
        Offered,
        r#"select s.id as "id: ServiceId", access.named(s.names, s.name, $3) as "name!", access.named(o.names, o.name, $3) as "provider!", s.external_id
           from services s join organisations o on o.id = s.org
           where s.id = any ($1) and s.visibility = 'public' and s.status = 'active' order by 2, s.id limit $2"#,
        &ids,
        most,
        lang
    )
    .fetch_all(work.db())
    .await?;
    let line = |one: Offered| {
        let rule = rules.remove(&one.id)?;
        Some((line_of(one.id, (one.name, one.provider), rule), one.external_id))
    };
    Ok(offered.into_iter().filter_map(line).collect())
}

fn line_of(service: ServiceId, (name, provider): (String, String), rule: Rule) -> Line {
    Line {
        service,
        name,
        provider,
        rule: rule.id,
        number: rule.number,
        compiled: rule.compiled,
        pack: rule.speaks_of,
        changed: false,
        is_compared: false,
        is_seen: true,
    }
}
