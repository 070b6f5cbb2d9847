//! What the daily check reads and leaves, as the worker.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId};

/// The organisations whose people work with this program.
pub async fn organisations(work: &mut Work) -> Result<Vec<OrgId>, Error> {
    Ok(sqlx::query_scalar!("select id from organisations where active and in_system order by id").fetch_all(work.db()).await?)
}

/// Leaves a task with the unit of each out-of-date service of the job's organisation that has none yet; answers for which services.
/// A hidden service's name stays out of the task: colleagues of the unit read it who may not know of the service (S14).
pub async fn leave_tasks(work: &mut Work, stale_before: DateTime<Utc>, due: DateTime<Utc>) -> Result<Vec<ServiceId>, Error> {
    let stale = sqlx::query!(
        "select id, org, unit as \"unit!\", name, visibility, verified_at from services
         where unit is not null and status in ('active', 'temporarily_closed') and (verified_at is null or verified_at < $1) order by id",
        stale_before
    )
    .fetch_all(work.db())
    .await?;
    let mut left = Vec::new();
    for service in stale {
        let confirmed = service.verified_at.map_or(0, |at| at.timestamp());
        let title = if service.visibility == "public" { service.name.chars().take(200).collect() } else { String::new() };
        let done = sqlx::query!(
            "insert into tasks (id, kind, org, unit, title, due_at, once) values ($1, 'service_check', $2, $3, $4, $5, $6) on conflict do nothing",
            Uuid::now_v7(),
            service.org,
            service.unit,
            title,
            due,
            format!("service_check:{}:{confirmed}", service.id)
        )
        .execute(work.db())
        .await?;
        if done.rows_affected() == 1 {
            left.push(ServiceId(service.id));
        }
    }
    Ok(left)
}
