//! `throughcare user add`: the first administrator of an organisation, or anybody else.
use anyhow::{Context, bail};

use super::set_up;
use crate::access::admin::users::{self, NewUser};
use crate::config::Config;
use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::OrgId;

#[derive(Debug, clap::Subcommand)]
pub enum UserCommand {
    /// Add a user and print a temporary password, to be changed at the first sign-in.
    Add(Add),
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// What they sign in with.
    login: String,
    /// Their name.
    #[arg(long)]
    name: String,
    /// Their organisation, by its name.
    #[arg(long)]
    organisation: String,
    /// Make the organisation first, of this kind: ministry, municipality, un_agency, ngo, provider, other.
    #[arg(long, value_name = "KIND")]
    new_organisation: Option<String>,
    /// Where they work, by the unit's name; the organisation's first unit if not given.
    #[arg(long)]
    unit: Option<String>,
    /// As what: the code of a role, such as `administrator` or `case_worker`.
    #[arg(long, default_value = "administrator")]
    role: String,
}

/// Runs it.
pub async fn run(config: &Config, UserCommand::Add(add): UserCommand) -> anyhow::Result<()> {
    let opened = set_up::open_beside(config).await?;
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(set_up::plainly)?;
    let temporary = add_user(&mut work, &add).await?;
    work.commit().await.map_err(set_up::plainly)?;
    println!("login: {}", add.login.to_lowercase());
    println!("temporary password: {temporary}");
    opened.close().await
}

async fn add_user(work: &mut Work, add: &Add) -> anyhow::Result<String> {
    if let Some(kind) = &add.new_organisation {
        make_organisation(work, &add.organisation, kind).await.map_err(set_up::plainly)?;
    }
    let org = sqlx::query_scalar!("select id from organisations where name = $1", add.organisation)
        .fetch_optional(work.db())
        .await?
        .with_context(|| format!("No organisation is called {:?}. Make it with --new-organisation KIND.", add.organisation))?;
    let unit = sqlx::query_scalar!(
        "select id from units where org = $1 and ($2::text is null or name = $2) order by path limit 1",
        org,
        add.unit
    )
    .fetch_optional(work.db())
    .await?
    .with_context(|| format!("{} has no such unit.", add.organisation))?;
    let role = sqlx::query_scalar!(
        "select id from roles where code = $1 and (org is null or org = $2) order by org nulls last limit 1",
        add.role,
        org
    )
    .fetch_optional(work.db())
    .await?;
    let Some(role) = role else {
        let known = sqlx::query_scalar!("select code from roles where org is null or org = $1 order by code", org)
            .fetch_all(work.db())
            .await?;
        bail!("No role is called {:?}. There are: {}. Load a pack if there are none.", add.role, known.join(", "));
    };
    let new = NewUser { org, login: add.login.clone(), name: add.name.clone(), email: String::new(), unit, role };
    let (_, temporary) = users::add(work, &new).await.map_err(set_up::plainly)?;
    Ok(temporary)
}

async fn make_organisation(work: &mut Work, name: &str, kind: &str) -> Result<OrgId, Error> {
    let id = sqlx::query_scalar!(
        "insert into organisations (id, name, kind) values (nextval('organisation_ids'), $1, $2) returning id",
        name,
        kind
    )
    .fetch_one(work.db())
    .await?;
    sqlx::query!("insert into units (id, org, name) values (nextval('unit_ids'), $1, $2)", id, name).execute(work.db()).await?;
    Ok(id)
}
