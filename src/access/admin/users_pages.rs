//! Pages: the users of the organisation, one user with memberships, deactivation, temporary passwords.
use askama::Template;
use axum::response::Response;

use super::memberships::{self, Membership};
use super::users::{self, NewUser, User};
use super::{colleague_choices, may_look, page, roles, unit_choices};
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{RowId, UserId};
use crate::platform::lang::SPOKEN;
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of users.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/users", index)
        .page("GET", "/admin/users/new", new)
        .page("POST", "/admin/users", create)
        .page("GET", "/admin/users/{id}", show)
        .page("POST", "/admin/users/{id}", update)
        .page("POST", "/admin/users/{id}/password", password)
        .page("POST", "/admin/users/{id}/deactivation", deactivate)
        .page("POST", "/admin/users/{id}/reactivation", reactivate)
}

#[derive(Template)]
#[template(path = "access/html/admin/users.html")]
struct Index {
    p: Page,
    heads: [String; 4],
    rows: Vec<Row>,
}

struct Row {
    id: UserId,
    name: String,
    login: String,
    parts: String,
    state: Badge,
}

/// GET /admin/users
async fn index(mut work: Work) -> Result<Response, Error> {
    may_look(&work)?;
    let p = page(&mut work, "admin-users").await?;
    let org = work.standing.org;
    let users = sqlx::query!(
        "select u.id as \"id: UserId\", u.name, u.login, u.active,
           coalesce((select string_agg(n.name || ': ' || coalesce(r.labels ->> $2, r.code), ', ' order by n.path) from memberships m
             join units n on n.id = m.unit join roles r on r.id = m.role where m.user_id = u.id and m.ended_at is null), '') as \"parts!\"
         from users u where u.org = $1 order by u.active desc, u.name, u.login limit 1000",
        org,
        p.lang
    )
    .fetch_all(work.db())
    .await?;
    let rows = users.into_iter().map(|user| Row {
        id: user.id,
        name: user.name,
        login: user.login,
        parts: user.parts,
        state: state(&p, user.active),
    });
    let rows = rows.collect();
    let heads = ["name", "login", "parts", "state"].map(|head| p.t(&format!("admin-{head}")));
    work.show_plain(Index { p, heads, rows }).await
}

fn state(p: &Page, active: bool) -> Badge {
    if active { Badge::new(p.t("admin-active"), Tone::Good) } else { Badge::new(p.t("admin-inactive"), Tone::Neutral) }
}

#[derive(Template)]
#[template(path = "access/html/admin/user_new.html")]
struct New {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    roles: Vec<Choice>,
}

async fn new_page(work: &mut Work, form: Form) -> Result<New, Error> {
    let (units, roles) = (unit_choices(work).await?, roles::choices(work).await?);
    Ok(New { p: page(work, "admin-user-add").await?, form, units, roles })
}

/// GET /admin/users/new
async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let page = new_page(&mut work, Form::default()).await?;
    work.show_plain(page).await
}

#[derive(Template)]
#[template(path = "access/html/admin/password.html")]
struct Shown {
    p: Page,
    id: UserId,
    temporary: String,
}

/// POST /admin/users: the one page that shows the temporary password. A program gets none.
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    match made(&mut work, &mut form).await {
        Ok((id, Some(temporary))) => show_password(work, id, temporary).await,
        Ok((id, None)) => work.then(&format!("/admin/users/{id}"), "admin-program-added").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = new_page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn made(work: &mut Work, form: &mut Form) -> Result<(UserId, Option<String>), Error> {
    let login = form.text("login", 100).to_lowercase();
    if login.chars().count() < 2 || login.contains(char::is_whitespace) {
        form.errors.add("login", "not_a_login");
    }
    let (name, email) = (form.text("name", 200), form.text_maybe("email", 200));
    let (unit, role) = (form.parsed("unit"), form.parsed("role"));
    form.check()?;
    let (Some(unit), Some(role)) = (unit, role) else { return Err(Error::NotFound) };
    let org = work.standing.org;
    let new = NewUser { org, login, name, email, unit, role };
    if form.ticked("program") {
        return Ok((users::add_program(work, &new).await?, None));
    }
    let (id, temporary) = users::add(work, &new).await?;
    Ok((id, Some(temporary)))
}

async fn show_password(mut work: Work, id: UserId, temporary: String) -> Result<Response, Error> {
    let p = page(&mut work, "admin-password-temporary").await?;
    work.show_plain(Shown { p, id, temporary }).await
}

#[derive(Template)]
#[template(path = "access/html/admin/user.html")]
struct Show {
    p: Page,
    form: Form,
    user: User,
    oneself: bool,
    state: Badge,
    since: String,
    memberships: Vec<(RowId, String, String)>,
    units: Vec<Choice>,
    roles: Vec<Choice>,
    colleagues: Vec<Choice>,
    languages: Vec<Choice>,
    levels: Vec<Choice>,
}

async fn user_page(work: &mut Work, user: User, form: Form) -> Result<Show, Error> {
    let p = page(work, "admin-user").await?;
    let (units, roles) = (unit_choices(work).await?, roles::choices(work).await?);
    let colleagues = colleague_choices(work, user.id).await?;
    let named = |one: Membership| (one.id, one.unit, super::label(&one.role, p.lang, &one.code));
    let memberships = memberships::of_user(work, user.id).await?.into_iter().map(named).collect();
    let oneself = work.actor == Actor::User(user.id);
    let (state, since) = (state(&p, user.active), p.moment(&user.created_at));
    let languages = SPOKEN.iter().map(|code| Choice::new(*code, p.tc("person-language", code))).collect();
    let levels = ["1", "2", "3"].map(|level| Choice::new(level, p.tc("team-level", level))).to_vec();
    Ok(Show { p, form, user, oneself, state, since, memberships, units, roles, colleagues, languages, levels })
}

/// GET /admin/users/{id}
async fn show(mut work: Work, Path(id): Path<UserId>) -> Result<Response, Error> {
    may_look(&work)?;
    let user = users::find(&mut work, id).await?;
    let level = user.level.map(|level| level.to_string()).unwrap_or_default();
    let first =
        [("name", user.name.clone()), ("email", user.email.clone()), ("level", level), ("version", user.version.to_string())];
    let mut form = Form::blank(first);
    form.set_all("languages", user.languages.clone());
    let page = user_page(&mut work, user, form).await?;
    work.show_plain(page).await
}

/// POST /admin/users/{id}
async fn update(mut work: Work, Path(id): Path<UserId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    let mut user = users::find(&mut work, id).await?;
    let stood = user.name.clone();
    user.name = form.text("name", 200);
    user.email = form.text_maybe("email", 200);
    user.languages = form.some_of("languages", SPOKEN.iter().copied());
    user.level = form.parsed_maybe("level").filter(|level| (1..=3).contains(level));
    user.version = form.parsed("version").unwrap_or_default();
    if form.check().is_err() {
        user.name = stood;
        let page = user_page(&mut work, user, form).await?;
        return work.show_again(&page);
    }
    users::edit(&mut work, &user).await?;
    work.then(&format!("/admin/users/{id}"), "admin-saved").await
}

/// POST /admin/users/{id}/password
async fn password(mut work: Work, Path(id): Path<UserId>) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    users::find(&mut work, id).await?;
    let temporary = users::reset_password(&mut work, id).await?;
    show_password(work, id, temporary).await
}

/// POST /admin/users/{id}/deactivation
async fn deactivate(mut work: Work, Path(id): Path<UserId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    users::find(&mut work, id).await?;
    let colleague = form.parsed_maybe("colleague");
    form.check()?;
    users::deactivate(&mut work, id, colleague).await?;
    work.then("/admin/users", "admin-deactivated").await
}

/// POST /admin/users/{id}/reactivation
async fn reactivate(mut work: Work, Path(id): Path<UserId>) -> Result<Response, Error> {
    work.may(Act::AdminUsers)?;
    users::reactivate(&mut work, id).await?;
    work.then(&format!("/admin/users/{id}"), "admin-saved").await
}
