//! Focal points: who answers for restricted types in a unit (S9). Naming one opens what comes in for that unit, within their clearance.
use askama::Template;
use axum::response::Response;

use super::{colleague_choices, may_look, page, unit_choices, users};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{UnitId, UserId};
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The page of focal points.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/admin/focal-points", index).page("POST", "/admin/focal-points", create).page(
        "POST",
        "/admin/focal-points/end",
        destroy,
    )
}

#[derive(Template)]
#[template(path = "access/html/admin/focal_points.html")]
struct Index {
    p: Page,
    rows: Vec<Row>,
    units: Vec<Choice>,
    colleagues: Vec<Choice>,
}

struct Row {
    unit: UnitId,
    unit_name: String,
    user: UserId,
    name: String,
}

/// GET /admin/focal-points
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let p = page(&mut work, "admin-focal-points").await?;
    let org = work.standing.org;
    let rows = sqlx::query_as!(
        Row,
        "select f.unit, n.name as unit_name, f.user_id as \"user: UserId\", u.name from focal_points f join units n on n.id = f.unit join users u on u.id = f.user_id
         where n.org = $1 order by n.path, u.name",
        org
    )
    .fetch_all(work.db())
    .await?;
    let me = work.me()?;
    let (units, colleagues) = (unit_choices(&mut work).await?, colleague_choices(&mut work, me).await?);
    work.show_plain(Index { p, rows, units, colleagues }).await
}

fn read(form: &mut Form) -> Result<(UnitId, UserId), Error> {
    let (unit, user) = (form.parsed("unit"), form.parsed("user"));
    form.check()?;
    unit.zip(user).ok_or(Error::NotFound)
}

/// POST /admin/focal-points
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let (unit, user) = read(&mut form)?;
    users::not_oneself(&work, user)?;
    users::find(&mut work, user).await?;
    sqlx::query!("insert into focal_points (unit, user_id) values ($1, $2) on conflict do nothing", unit, user.0)
        .execute(work.db())
        .await?;
    record(&mut work, unit, user, "begun").await?;
    work.then("/admin/focal-points", "admin-saved").await
}

/// POST /admin/focal-points/end
async fn destroy(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let (unit, user) = read(&mut form)?;
    sqlx::query!("delete from focal_points where unit = $1 and user_id = $2", unit, user.0).execute(work.db()).await?;
    record(&mut work, unit, user, "ended").await?;
    work.then("/admin/focal-points", "admin-saved").await
}

async fn record(work: &mut Work, unit: UnitId, user: UserId, how: &str) -> Result<(), Error> {
    sqlx::query!("select access.end_sessions($1)", user.0).fetch_one(work.db()).await?;
    let about = About::subjects([user.0]).note(serde_json::json!({ "focal_point": unit, "how": how }));
    work.record(Fact::MembershipChanged, about).await
}
