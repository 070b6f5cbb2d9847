//! Tokens for programs: each works as the user who made it, never as another, so that a token opens nothing its maker could not; or as a
//! program of the organisation's, a user with a role and no password, for which administrators make them.
//!
//! The secret is shown once and stored as a hash. Whoever holds `token.create` sees and revokes the tokens of the whole organisation.
use askama::Template;
use axum::Json;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::access::Act;
use crate::access::admin::users;
use crate::api::problem::Problem;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{self, RowId, UserId};
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::parts::{Badge, Tone};
use crate::web::{Form, Page, Routes};

/// The longest life of a token: nobody remembers what an older one is for.
pub const MOST_DAYS: i64 = 365;
const USUAL_DAYS: i64 = 90;

/// The token pages, and the call that tells a program whom it works as.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/account/tokens", index)
        .page("POST", "/account/tokens", create)
        .page("POST", "/account/tokens/{id}/revocation", revoke)
        .page("POST", "/admin/users/{id}/tokens", create_for_program)
        .api("GET", "/api/v1/me", me)
        .described::<Described>()
}

/// A token as listed; its secret is not known any more.
#[derive(Debug)]
struct Token {
    id: RowId,
    user_id: UserId,
    user_name: String,
    name: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

async fn list(work: &mut Work) -> Result<Vec<Token>, Error> {
    let tokens = sqlx::query_as!(
        Token,
        "select t.id as \"id: RowId\", t.user_id as \"user_id: UserId\", u.name as user_name, t.name, t.created_at, t.expires_at, t.used_at, t.revoked_at
         from api_tokens t join users u on u.id = t.user_id order by t.revoked_at is not null, t.created_at desc limit 200"
    )
    .fetch_all(work.db())
    .await?;
    Ok(tokens)
}

/// Makes a token that works as the actor until it expires; answers with its secret.
async fn make(work: &mut Work, name: &str, days: i64) -> Result<String, Error> {
    work.may(Act::TokenCreate)?;
    let me = work.me()?;
    insert(work, me, name, days).await
}

async fn insert(work: &mut Work, user: UserId, name: &str, days: i64) -> Result<String, Error> {
    let (id, secret) = (RowId::new(), format!("tc_{}", ids::secret()));
    let (org, expires_at) = (work.standing.org, work.now() + TimeDelta::days(days));
    sqlx::query!(
        "insert into api_tokens (id, token_hash, user_id, org, name, expires_at) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        ids::hash(&secret),
        user.0,
        org,
        name,
        expires_at
    )
    .execute(work.db())
    .await?;
    work.record(Fact::TokenCreated, About::subjects([id.0, user.0])).await?;
    Ok(secret)
}

/// Ends a token at once: one's own, or as an administrator one of the organisation.
async fn end(work: &mut Work, id: RowId) -> Result<(), Error> {
    if !work.holds(Act::AdminUsers) {
        work.may(Act::TokenCreate)?;
    }
    let now = work.now();
    let user = sqlx::query_scalar!(
        "update api_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1 returning user_id",
        id.0,
        now
    )
    .fetch_one(work.db())
    .await?;
    work.record(Fact::TokenRevoked, About::subjects([id.0, user])).await
}

#[derive(Template)]
#[template(path = "access/html/tokens.html")]
struct Tokens {
    p: Page,
    form: Form,
    secret: String,
    may_make: bool,
    may_end: bool,
    heads: [String; 5],
    rows: Vec<Row>,
}

struct Row {
    id: RowId,
    name: String,
    whose: String,
    used: String,
    expires: String,
    state: Badge,
    live: bool,
}

async fn page(work: &mut Work, form: Form, secret: String) -> Result<Tokens, Error> {
    let title = text(work.lang(), "tokens-title");
    let p = Page::of(work, title).await?;
    let (me, now) = (work.me()?, work.now());
    let rows = list(work).await?.into_iter().map(|token| {
        let live = token.revoked_at.is_none() && token.expires_at > now;
        Row {
            id: token.id,
            name: token.name,
            whose: if token.user_id == me { p.t("tokens-mine") } else { token.user_name },
            used: token.used_at.map_or_else(|| p.t("tokens-never-used"), |at| p.moment(&at)),
            expires: p.moment(&token.expires_at),
            state: match (token.revoked_at, live) {
                (Some(_), _) => Badge::new(p.t("tokens-revoked"), Tone::Neutral),
                (None, false) => Badge::new(p.t("tokens-expired"), Tone::Neutral),
                (None, true) => Badge::new(p.ta("tokens-live-since", "when", p.moment(&token.created_at)), Tone::Good),
            },
            live,
        }
    });
    let rows = rows.collect();
    let heads = ["name", "whose", "used", "expires", "state"].map(|head| p.t(&format!("tokens-{head}")));
    let may_make = work.holds(Act::TokenCreate);
    Ok(Tokens { may_end: may_make || work.holds(Act::AdminUsers), may_make, p, form, secret, heads, rows })
}

/// GET /account/tokens
async fn index(mut work: Work) -> Result<Response, Error> {
    let page = page(&mut work, Form::blank([("days", USUAL_DAYS.to_string())]), String::new()).await?;
    work.show_plain(page).await
}

/// POST /account/tokens: the one page that shows the secret.
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let name = form.text("name", 100);
    let days = form.parsed("days").unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        form.errors.add("days", "token_days");
    }
    if form.check().is_err() {
        let page = page(&mut work, form, String::new()).await?;
        return work.show_again(&page);
    }
    let secret = make(&mut work, &name, days).await?;
    let page = page(&mut work, Form::blank([("days", USUAL_DAYS.to_string())]), secret).await?;
    work.show_plain(page).await
}

/// POST /admin/users/{id}/tokens: for a program of the organisation's, on the one page that shows the secret.
async fn create_for_program(mut work: Work, Path(id): Path<UserId>, mut form: Form) -> Result<Response, Error> {
    let program = users::find_program(&mut work, id).await?;
    let name = form.text("token_name", 100);
    let days = form.parsed("days").unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        form.errors.add("days", "token_days");
    }
    form.check()?;
    let secret = insert(&mut work, program.id, &name, days).await?;
    let page = page(&mut work, Form::blank([("days", USUAL_DAYS.to_string())]), secret).await?;
    work.show_plain(page).await
}

/// POST /account/tokens/{id}/revocation
async fn revoke(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    end(&mut work, id).await?;
    work.then("/account/tokens", "tokens-revoked-now").await
}

/// Whom a token works as.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    id: UserId,
    name: String,
    organisation: String,
    /// Time zone of the organisation, by its IANA name.
    time_zone: String,
    /// Acts held through any membership.
    acts: Vec<String>,
}

#[derive(OpenApi)]
#[openapi(paths(me), components(schemas(Problem)))]
struct Described;

/// Whom this token works as, and what they may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, body = Me)))]
async fn me(work: Work) -> Result<Json<Me>, Error> {
    let (id, standing) = (work.me()?, work.standing.clone());
    work.commit().await?;
    Ok(Json(Me { id, name: standing.name, organisation: standing.org_name, time_zone: standing.time_zone, acts: standing.acts }))
}
