//! Roles: those of the packs as a matrix to read, and an organisation's own, copied from one of them and changed.
use askama::Template;
use axum::response::Response;

use super::{label, may_look, page};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

const REACHES: [&str; 3] = ["own", "unit", "subtree"];

/// The pages of roles.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/roles", index)
        .page("GET", "/admin/roles/{id}", edit)
        .page("POST", "/admin/roles/{id}", update)
        .page("POST", "/admin/roles/{id}/copies", copy)
}

struct Role {
    id: i32,
    org: Option<i32>,
    code: String,
    labels: serde_json::Value,
    acts: Vec<String>,
    reach: String,
    cleared: Vec<i16>,
    supervises: bool,
}

async fn list(work: &mut Work) -> Result<Vec<Role>, Error> {
    let org = work.standing.org;
    let roles = sqlx::query_as!(
        Role,
        "select id, org, code, labels, acts, reach, cleared, supervises from roles where org is null or org = $1 order by org nulls first, id",
        org
    );
    Ok(roles.fetch_all(work.db()).await?)
}

async fn find(work: &mut Work, id: i32) -> Result<Role, Error> {
    list(work).await?.into_iter().find(|role| role.id == id).ok_or(Error::NotFound)
}

/// The roles a membership may give.
pub(super) async fn choices(work: &mut Work) -> Result<Vec<Choice>, Error> {
    let lang = work.lang().code();
    let programmes = Programmes::read(work).await?;
    let choice = |role: Role| {
        let name = [label(&role.labels, lang, &role.code), programmes.of(&role)];
        Choice::new(role.id.to_string(), name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
    };
    Ok(list(work).await?.into_iter().map(choice).collect())
}

/// Which pack a role came with; said only where several are loaded, whose roles may have the same name.
struct Programmes(Vec<(String, String)>);

impl Programmes {
    async fn read(work: &mut Work) -> Result<Self, Error> {
        let lang = work.lang();
        let packs = crate::packs::store::newest(work).await?;
        let several = packs.len() > 1;
        let roles = packs.iter().filter(|_| several).flat_map(|(_, pack)| pack.roles.iter().map(move |role| (role, pack)));
        Ok(Self(roles.map(|(role, pack)| (role.code.clone(), pack.title.get(lang).to_owned())).collect()))
    }

    fn of(&self, role: &Role) -> String {
        let known = self.0.iter().find(|(code, _)| role.org.is_none() && *code == role.code);
        known.map(|(_, title)| title.clone()).unwrap_or_default()
    }
}

async fn case_types(work: &mut Work) -> Result<Vec<Choice>, Error> {
    let lang = work.lang().code();
    let types = sqlx::query!("select id, code, labels from case_types order by id").fetch_all(work.db()).await?;
    Ok(types.into_iter().map(|one| Choice::new(one.id.to_string(), label(&one.labels, lang, &one.code))).collect())
}

#[derive(Template)]
#[template(path = "access/html/admin/roles.html")]
struct Index {
    p: Page,
    heads: [String; 4],
    rows: Vec<Row>,
}

struct Row {
    id: i32,
    name: String,
    own: bool,
    programme: String,
    reach: String,
    cleared: String,
    acts: Vec<String>,
}

/// GET /admin/roles
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let p = page(&mut work, "admin-roles").await?;
    let types = case_types(&mut work).await?;
    let programmes = Programmes::read(&mut work).await?;
    let named = |ids: &[i16]| {
        let names = types.iter().filter(|one| ids.iter().any(|id| one.is(&id.to_string()))).map(|one| one.label.clone());
        p.list(names)
    };
    let rows = list(&mut work).await?.into_iter().map(|role| Row {
        id: role.id,
        name: label(&role.labels, p.lang, &role.code),
        own: role.org.is_some(),
        programme: programmes.of(&role),
        reach: p.tc("admin-reach", &role.reach),
        cleared: named(&role.cleared),
        acts: role.acts.iter().map(|act| act_text(&p, act)).collect(),
    });
    let rows = rows.collect();
    let heads = ["role", "reach", "cleared", "acts"].map(|head| p.t(&format!("admin-{head}")));
    work.show_plain(Index { p, heads, rows }).await
}

fn act_text(p: &Page, act: &str) -> String {
    p.tc("admin-act", &act.replace('.', "-"))
}

#[derive(Template)]
#[template(path = "access/html/admin/role.html")]
struct Edit {
    p: Page,
    form: Form,
    id: i32,
    acts: Vec<Choice>,
    reaches: Vec<Choice>,
    types: Vec<Choice>,
}

async fn shown(work: &mut Work, id: i32, form: Form) -> Result<Edit, Error> {
    let p = page(work, "admin-role").await?;
    let acts = Act::ALL.iter().map(|act| Choice::new(act.code(), act_text(&p, act.code()))).collect();
    let reaches = REACHES.iter().map(|reach| Choice::new(*reach, p.tc("admin-reach", reach))).collect();
    let types = case_types(work).await?;
    Ok(Edit { p, form, id, acts, reaches, types })
}

/// GET /admin/roles/{id}: the organisation's own roles only; those of packs are read in the matrix.
async fn edit(mut work: Work, Path(id): Path<i32>) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let role = own(find(&mut work, id).await?)?;
    let lang = work.lang().code();
    let mut form = Form::blank([("name", label(&role.labels, lang, &role.code)), ("reach", role.reach)]);
    form.set_all("acts", role.acts);
    form.set_all("cleared", role.cleared.iter().map(ToString::to_string).collect());
    let page = shown(&mut work, id, form).await?;
    work.show_plain(page).await
}

fn own(role: Role) -> Result<Role, Error> {
    if role.org.is_some() { Ok(role) } else { Err(Error::NotFound) }
}

/// POST /admin/roles/{id}/copies: an own role to change, first the same as the one it was copied from.
async fn copy(mut work: Work, Path(id): Path<i32>) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let role = find(&mut work, id).await?;
    let org = work.standing.org;
    let code = format!("{}_{}", role.code, crate::platform::ids::code('X')[2..6].to_lowercase());
    let copy = sqlx::query_scalar!(
        "insert into roles (id, org, code, labels, acts, reach, cleared, supervises) values (nextval('role_ids'), $1, $2, $3, $4, $5, $6, $7) returning id",
        org,
        code,
        role.labels,
        &role.acts,
        role.reach,
        &role.cleared,
        role.supervises
    )
    .fetch_one(work.db())
    .await
    .on_constraint("roles_org_code_key", || invalid("name", "not_a_choice"))?;
    work.record(Fact::RoleChanged, About::default().note(serde_json::json!({ "role": copy, "how": "copied", "of": id }))).await?;
    work.then(&format!("/admin/roles/{copy}"), "admin-role-copied").await
}

/// POST /admin/roles/{id}: whoever holds the role signs in again, so that it counts at once.
async fn update(mut work: Work, Path(id): Path<i32>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let role = own(find(&mut work, id).await?)?;
    let name = form.text("name", 100);
    let acts = form.some_of("acts", Act::ALL.iter().map(|act| act.code()));
    let reach = form.one_of("reach", REACHES);
    let types = case_types(&mut work).await?;
    let cleared: Vec<i16> =
        form.some_of("cleared", types.iter().map(|one| one.value.as_str())).iter().filter_map(|id| id.parse().ok()).collect();
    if form.check().is_err() {
        let page = shown(&mut work, id, form).await?;
        return work.show_again(&page);
    }
    let me = work.me()?;
    let holders = sqlx::query_scalar!("select distinct user_id from memberships where role = $1 and ended_at is null", id)
        .fetch_all(work.db())
        .await?;
    if holders.contains(&me.0) {
        super::users::not_oneself(&work, me)?;
    }
    // An own role is named once, in the words of the organisation.
    let labels = serde_json::json!({ "en": name, "ar": name, "fr": name, "es": name });
    sqlx::query!(
        "update roles set labels = $2, acts = $3, reach = $4, cleared = $5, version = version + 1 where id = $1",
        role.id,
        labels,
        &acts,
        reach,
        &cleared
    )
    .execute(work.db())
    .await?;
    for holder in holders {
        sqlx::query!("select access.end_sessions($1)", holder).fetch_one(work.db()).await?;
    }
    work.record(Fact::RoleChanged, About::default().note(serde_json::json!({ "role": id, "how": "changed" }))).await?;
    work.then("/admin/roles", "admin-saved").await
}
