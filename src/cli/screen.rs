//! `throughcare screen`: begins a screening and goes through it, beside a program that may be serving. Progress goes to standard error, what
//! was found to standard output. Whoever stops it leaves it to the worker, or to the page where it can be paused and cancelled.
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::cli::set_up::{self, Opened, plainly};
use crate::config::Config;
use crate::eligibility::screening::figures::{self, Figures};
use crate::eligibility::screening::run::{Step, advance};
use crate::eligibility::screening::{self, NewScreening, Screening, State, actions, jobs, scope};
use crate::error::Error;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{OrgId, ScreeningId, UnitId};

/// Somebody paused or cancelled it meanwhile.
const STOPPED: u8 = 3;
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What to screen.
#[derive(clap::Args)]
pub struct Arguments {
    /// The organisation: its number, or the id that its directory knows it by.
    #[arg(long)]
    org: String,
    /// Only this unit and all below it.
    #[arg(long)]
    unit: Option<UnitId>,
    /// Only cases of this standard type; may be said again.
    #[arg(long = "case-type")]
    case_types: Vec<String>,
    /// Only this service: its id, or the id that its directory knows it by; may be said again.
    #[arg(long = "service")]
    services: Vec<String>,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// Screens, and prints what was found. Exits with 0 when every case was gone through, 3 when somebody stopped it, 1 when it failed.
pub async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = set_up::open_beside(&Config::from_env()?).await?;
    let screened = screen(&opened, arguments).await;
    opened.close().await?;
    let screening = screened?;
    match screening.state {
        State::Done => {
            print(&screening, arguments.json)?;
            Ok(ExitCode::SUCCESS)
        }
        State::Failed => anyhow::bail!("the screening failed; the log says why"),
        state => {
            eprintln!("Somebody stopped it: {}.", state.as_str());
            Ok(ExitCode::from(STOPPED))
        }
    }
}

async fn screen(opened: &Opened, arguments: &Arguments) -> anyhow::Result<Screening> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(plainly)?;
    let (org, unit) = whose(&mut work, arguments).await?;
    let new = what(&mut work, arguments).await?;
    let id = actions::begin_for(&mut work, org, unit, &new).await.map_err(|error| match error {
        Error::Conflict(_) => {
            anyhow::anyhow!(
                "this unit is being screened already; wait until that has ended, or cancel it on the page /screenings"
            )
        }
        other => plainly(other),
    })?;
    work.commit().await.map_err(plainly)?;
    go_through(opened, org, id).await?;
    // Jobs of an organisation read no other's services (S14); whoever runs the server reads every line.
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(plainly)?;
    screening::find(&mut work, id).await.map_err(plainly)
}

async fn go_through(opened: &Opened, org: OrgId, id: ScreeningId) -> anyhow::Result<()> {
    loop {
        let mut work = Work::open(&opened.ground, Actor::System { job: "screen", org: Some(org) }).await.map_err(plainly)?;
        let step = advance(&mut work, id).await.map_err(plainly)?;
        let screening = screening::find(&mut work, id).await.map_err(plainly)?;
        if step == Step::Over {
            jobs::follow_up(&mut work, &screening).await.map_err(plainly)?;
        }
        work.commit().await.map_err(plainly)?;
        let total = screening.total.map_or_else(|| "?".to_owned(), |total| total.to_string());
        eprintln!("{} of {total} cases ({} %)", screening.done, screening.percent());
        match step {
            Step::More => {}
            Step::Elsewhere => tokio::time::sleep(LOOK_AGAIN).await,
            Step::Over => return Ok(()),
        }
    }
}

async fn whose(work: &mut Work, arguments: &Arguments) -> anyhow::Result<(OrgId, UnitId)> {
    let found = screening::whose(work, &arguments.org, arguments.unit).await.map_err(plainly)?;
    let Some((org, unit)) = found else {
        let all = screening::organisations(work).await.map_err(plainly)?;
        let all: Vec<String> = all.iter().map(|(number, name)| format!("{number:>6}  {name}")).collect();
        anyhow::bail!("there is no organisation {}; there are\n{}", arguments.org, all.join("\n"));
    };
    Ok((org, unit.context("the organisation has no such unit")?))
}

async fn what(work: &mut Work, arguments: &Arguments) -> anyhow::Result<NewScreening> {
    let (kinds, lines) = (scope::kinds(work).await.map_err(plainly)?, scope::lines(work).await.map_err(plainly)?);
    let kind = |code: &String| {
        let found = kinds.iter().find(|kind| kind.code == *code).map(|kind| kind.id);
        let codes: Vec<&str> = kinds.iter().map(|kind| kind.code.as_str()).collect();
        found.with_context(|| format!("{code} is no standard case type; there are {}", codes.join(", ")))
    };
    let service = |named: &String| {
        let is = |line: &screening::Line, external: &Option<String>| {
            line.service.to_string() == *named || external.as_ref() == Some(named)
        };
        let found = lines.iter().find(|(line, external)| is(line, external)).map(|(line, _)| line.service);
        found.with_context(|| format!("{named} is no public service with a rule in force"))
    };
    Ok(NewScreening {
        unit: None,
        case_types: arguments.case_types.iter().map(kind).collect::<anyhow::Result<_>>()?,
        services: arguments.services.iter().map(service).collect::<anyhow::Result<_>>()?,
    })
}

fn print(screening: &Screening, as_json: bool) -> anyhow::Result<()> {
    let found = figures::of(screening).map_err(plainly)?;
    if as_json {
        let services: Vec<Value> = found.iter().map(wire).collect();
        let whole = json!({ "id": screening.id, "cases": screening.done, "services": services });
        println!("{}", serde_json::to_string_pretty(&whole)?);
        return Ok(());
    }
    println!("{:>12} {:>12} {:>12}  service", "eligible", "not", "unknown");
    for one in &found {
        let shown = |count: Option<u64>| count.map_or_else(|| "hidden".to_owned(), |count| count.to_string());
        println!(
            "{:>12} {:>12} {:>12}  {} ({})",
            shown(one.eligible),
            shown(one.not_eligible),
            shown(one.unknown),
            one.name,
            one.provider
        );
    }
    eprintln!("Proposals are worked out by the worker, and stand on the page /screenings/{}.", screening.id);
    Ok(())
}

fn wire(one: &Figures) -> Value {
    json!({
        "service": one.service, "name": one.name, "provider": one.provider, "eligible": one.eligible, "not_eligible": one.not_eligible,
        "unknown": one.unknown, "lacking": one.lacking, "newly_eligible": one.newly, "no_longer_eligible": one.no_longer,
    })
}
