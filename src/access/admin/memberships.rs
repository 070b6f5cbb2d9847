//! Memberships: who works where, as what. Each beginning and end takes effect at once, so the user's sessions end with it.
use axum::response::Response;
use uuid::Uuid;

use super::users;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{RowId, UnitId, UserId};
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// Beginning and ending memberships.
pub(super) fn routes() -> Routes {
    Routes::new().page("POST", "/admin/users/{id}/memberships", create).page("POST", "/admin/memberships/{id}/end", finish)
}

/// A membership in force.
#[derive(Debug)]
pub struct Membership {
    /// Its id.
    pub id: RowId,
    /// Where.
    pub unit: String,
    /// As what.
    pub role: serde_json::Value,
    /// The role's code.
    pub code: String,
}

/// Begins a membership.
pub async fn begin(work: &mut Work, user: UserId, unit: UnitId, role: i32) -> Result<(), Error> {
    work.may(Act::AdminUsers)?;
    users::not_oneself(work, user)?;
    let fits = sqlx::query_scalar!(
        "select exists (select from users u join units n on n.org = u.org and n.active join roles r on r.org is null or r.org = u.org
           where u.id = $1 and n.id = $2 and r.id = $3) as \"fits!\"",
        user.0,
        unit,
        role
    )
    .fetch_one(work.db())
    .await?;
    if !fits {
        return Err(invalid("unit", "not_a_choice"));
    }
    let id = Uuid::now_v7();
    sqlx::query!("insert into memberships (id, user_id, unit, org, role) values ($1, $2, $3, 0, $4)", id, user.0, unit, role)
        .execute(work.db())
        .await?;
    work.record(Fact::MembershipChanged, About::subjects([user.0, id])).await
}

/// Ends a membership and the user's sessions; answers whose it was.
pub async fn end(work: &mut Work, membership: RowId) -> Result<UserId, Error> {
    work.may(Act::AdminUsers)?;
    let now = work.now();
    let org = work.standing.org;
    let user = sqlx::query_scalar!(
        "update memberships set ended_at = $2 where id = $1 and ended_at is null and org = $3 returning user_id",
        membership.0,
        now,
        org
    )
    .fetch_one(work.db())
    .await?;
    users::not_oneself(work, UserId(user))?;
    sqlx::query!("select access.end_sessions($1)", user).fetch_one(work.db()).await?;
    work.record(Fact::MembershipChanged, About::subjects([user, membership.0])).await?;
    Ok(UserId(user))
}

/// The memberships of a user that are in force.
pub async fn of_user(work: &mut Work, user: UserId) -> Result<Vec<Membership>, Error> {
    let rows = sqlx::query_as!(
        Membership,
        "select m.id as \"id: RowId\", n.name as unit, r.labels as role, r.code from memberships m join units n on n.id = m.unit join roles r on r.id = m.role
         where m.user_id = $1 and m.ended_at is null order by n.path, r.code",
        user.0
    );
    Ok(rows.fetch_all(work.db()).await?)
}

/// POST /admin/users/{id}/memberships
async fn create(mut work: Work, Path(id): Path<UserId>, mut form: Form) -> Result<Response, Error> {
    users::find(&mut work, id).await?;
    let (unit, role) = (form.parsed("unit"), form.parsed("role"));
    form.check()?;
    let (Some(unit), Some(role)) = (unit, role) else { return Err(Error::NotFound) };
    begin(&mut work, id, unit, role).await?;
    sqlx::query!("select access.end_sessions($1)", id.0).fetch_one(work.db()).await?;
    work.then(&format!("/admin/users/{id}"), "admin-saved").await
}

/// POST /admin/memberships/{id}/end
async fn finish(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let user = end(&mut work, id).await?;
    work.then(&format!("/admin/users/{user}"), "admin-saved").await
}
