//! The tree of units. What a role reaches follows the tree, so a unit moves only while no records stand in it or below.
use askama::Template;
use axum::response::Response;

use super::{may_look, page, unit_choices};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, changed, invalid};
use crate::platform::db::Work;
use crate::platform::ids::UnitId;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The pages of units.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/units", index)
        .page("GET", "/admin/units/new", new)
        .page("POST", "/admin/units", create)
        .page("GET", "/admin/units/{id}", edit)
        .page("POST", "/admin/units/{id}", update)
}

#[derive(Template)]
#[template(path = "access/html/admin/units.html")]
struct Index {
    p: Page,
    rows: Vec<Row>,
}

struct Row {
    id: UnitId,
    depth: usize,
    name: String,
    active: bool,
}

/// GET /admin/units
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let p = page(&mut work, "admin-units").await?;
    let org = work.standing.org;
    let units =
        sqlx::query!("select id, name, active, cardinality(path) as \"depth!\" from units where org = $1 order by path", org)
            .fetch_all(work.db())
            .await?;
    let row = |depth: i32| usize::try_from(depth - 1).unwrap_or_default();
    let rows = units.into_iter().map(|unit| Row { id: unit.id, depth: row(unit.depth), name: unit.name, active: unit.active });
    let rows = rows.collect();
    work.show_plain(Index { p, rows }).await
}

#[derive(Template)]
#[template(path = "access/html/admin/unit.html")]
struct Edit {
    p: Page,
    form: Form,
    id: Option<UnitId>,
    parents: Vec<Choice>,
    states: Vec<Choice>,
}

impl Edit {
    fn action(&self) -> String {
        self.id.map_or_else(|| "/admin/units".to_owned(), |id| format!("/admin/units/{id}"))
    }
}

async fn shown(work: &mut Work, id: Option<UnitId>, form: Form) -> Result<Edit, Error> {
    let p = page(work, if id.is_some() { "admin-unit" } else { "admin-unit-add" }).await?;
    let mut parents = unit_choices(work).await?;
    parents.retain(|unit| id.is_none_or(|id| unit.value != id.to_string()));
    let states = ["active", "inactive"].map(|state| Choice::new(state, p.t(&format!("admin-{state}")))).to_vec();
    Ok(Edit { p, form, id, parents, states })
}

/// GET /admin/units/new
async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::AdminUnits)?;
    let page = shown(&mut work, None, Form::blank([("state", "active".to_owned())])).await?;
    work.show_plain(page).await
}

/// GET /admin/units/{id}
async fn edit(mut work: Work, Path(id): Path<UnitId>) -> Result<Response, Error> {
    work.may(Act::AdminUnits)?;
    let org = work.standing.org;
    let unit = sqlx::query!("select name, desk, parent, active, version from units where id = $1 and org = $2", id, org)
        .fetch_one(work.db())
        .await?;
    let form = Form::blank([
        ("name", unit.name),
        ("desk", unit.desk),
        ("parent", unit.parent.map(|parent| parent.to_string()).unwrap_or_default()),
        ("state", if unit.active { "active" } else { "inactive" }.to_owned()),
        ("version", unit.version.to_string()),
    ]);
    let page = shown(&mut work, Some(id), form).await?;
    work.show_plain(page).await
}

struct Particulars {
    name: String,
    desk: String,
    parent: Option<UnitId>,
    active: bool,
    version: i32,
}

fn read(form: &mut Form) -> Result<Particulars, Error> {
    let particulars = Particulars {
        name: form.text("name", 200),
        desk: form.text_maybe("desk", 200),
        parent: form.parsed_maybe("parent"),
        active: form.one_of("state", ["active", "inactive"]) == "active",
        version: form.parsed_maybe("version").unwrap_or_default(),
    };
    form.check().map(|()| particulars)
}

/// POST /admin/units
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let result = match read(&mut form) {
        Ok(new) => add(&mut work, &new).await,
        Err(error) => Err(error),
    };
    answer(work, None, form, result).await
}

/// POST /admin/units/{id}
async fn update(mut work: Work, Path(id): Path<UnitId>, mut form: Form) -> Result<Response, Error> {
    let org = work.standing.org;
    work.may(Act::AdminUnits)?;
    sqlx::query!("select id from units where id = $1 and org = $2", id, org).fetch_one(work.db()).await?;
    let result = match read(&mut form) {
        Ok(new) => change(&mut work, id, &new).await,
        Err(error) => Err(error),
    };
    answer(work, Some(id), form, result).await
}

async fn answer(work: Work, id: Option<UnitId>, form: Form, result: Result<(), Error>) -> Result<Response, Error> {
    match result {
        Ok(()) => work.then("/admin/units", "admin-saved").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = shown(&mut work, id, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn add(work: &mut Work, new: &Particulars) -> Result<(), Error> {
    work.may(Act::AdminUnits)?;
    parent_fits(work, None, new.parent).await?;
    let org = work.standing.org;
    let id = sqlx::query_scalar!(
        "insert into units (id, org, parent, name, desk) values (nextval('unit_ids'), $1, $2, $3, $4) returning id",
        org,
        new.parent,
        new.name,
        new.desk
    )
    .fetch_one(work.db())
    .await?;
    work.record(Fact::UnitChanged, About::default().note(serde_json::json!({ "unit": id, "how": "added" }))).await
}

async fn change(work: &mut Work, id: UnitId, new: &Particulars) -> Result<(), Error> {
    let old = sqlx::query!("select parent, active from units where id = $1", id).fetch_one(work.db()).await?;
    if old.parent != new.parent {
        parent_fits(work, Some(id), new.parent).await?;
        let holds = sqlx::query_scalar!("select access.unit_holds_records($1) as \"holds!\"", id).fetch_one(work.db()).await?;
        if holds {
            return Err(invalid("parent", "unit_holds_records"));
        }
    }
    if old.active && !new.active {
        no_members(work, id).await?;
    }
    let done = sqlx::query!(
        "update units set name = $3, desk = $4, parent = $5, active = $6, version = version + 1 where id = $1 and version = $2",
        id,
        new.version,
        new.name,
        new.desk,
        new.parent,
        new.active
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    if old.parent != new.parent {
        // Those below learn their new ancestors, nearest first.
        let below = sqlx::query_scalar!("select id from units where $1 = any (path) and id <> $1 order by cardinality(path)", id);
        for unit in below.fetch_all(work.db()).await? {
            sqlx::query!("update units set parent = parent where id = $1", unit).execute(work.db()).await?;
        }
    }
    work.record(Fact::UnitChanged, About::default().note(serde_json::json!({ "unit": id, "how": "changed" }))).await
}

// The parent is of the same organisation, and not the unit itself or below it.
async fn parent_fits(work: &mut Work, id: Option<UnitId>, parent: Option<UnitId>) -> Result<(), Error> {
    let Some(parent) = parent else { return Ok(()) };
    let org = work.standing.org;
    let path =
        sqlx::query_scalar!("select path from units where id = $1 and org = $2", parent, org).fetch_optional(work.db()).await?;
    match path {
        Some(path) if id.is_none_or(|id| !path.contains(&id)) => Ok(()),
        _ => Err(invalid("parent", "not_a_choice")),
    }
}

async fn no_members(work: &mut Work, id: UnitId) -> Result<(), Error> {
    let members = sqlx::query_scalar!(
        "select exists (select from memberships m join users u on u.id = m.user_id and u.active where m.unit = $1 and m.ended_at is null) as \"some!\"",
        id
    );
    if members.fetch_one(work.db()).await? { Err(invalid("state", "unit_has_members")) } else { Ok(()) }
}
