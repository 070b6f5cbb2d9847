//! `throughcare pack check` and `pack load`.
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::set_up;
use crate::access::Act;
use crate::config::Config;
use crate::eligibility;
use crate::forms;
use crate::packs::{self, Pack};
use crate::platform::db::{Actor, Work};

#[derive(Debug, clap::Subcommand)]
pub enum PackCommand {
    /// Name every mistake in a pack's folder, with file, line and remedy.
    Check {
        /// The folder with its `pack.toml`.
        folder: PathBuf,
    },
    /// Load a pack as its next version; the whole pack or nothing. Running cases keep the version they started with.
    Load {
        /// The folder with its `pack.toml`.
        folder: PathBuf,
    },
}

/// Runs one of them.
pub async fn run(command: PackCommand) -> anyhow::Result<()> {
    match command {
        PackCommand::Check { folder } => {
            let pack = read(&folder)?;
            println!(
                "The pack {} is right: {} case types, {} roles, {} forms, {} rules.",
                pack.name,
                pack.case_types.len(),
                pack.roles.len(),
                pack.forms.len(),
                pack.rules.len()
            );
            Ok(())
        }
        PackCommand::Load { folder } => load(&Config::from_env()?, &read(&folder)?).await,
    }
}

fn read(folder: &Path) -> anyhow::Result<Pack> {
    let acts: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    packs::read(folder, &acts).or_else(|mistakes| {
        for mistake in &mistakes {
            eprintln!("{mistake}");
        }
        bail!("the pack in {} can't be used: {} mistakes", folder.display(), mistakes.len())
    })
}

async fn load(config: &Config, pack: &Pack) -> anyhow::Result<()> {
    let opened = set_up::open_beside(config).await?;
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(set_up::plainly)?;
    let (version, is_new) = packs::store::load(&mut work, pack).await.map_err(set_up::plainly)?;
    let forms = forms::packed::load(&mut work, pack).await.map_err(set_up::plainly)?;
    let rules = eligibility::actions::take_over(&mut work).await.map_err(set_up::plainly)?;
    work.commit().await.map_err(|error| anyhow!("{error:?}"))?;
    match is_new {
        true => println!("The pack {} is loaded as version {version}.", pack.name),
        false => println!("The pack {} stands already, as version {version}.", pack.name),
    }
    for form in forms {
        println!("The form {form} is published anew.");
    }
    if rules > 0 {
        println!("{rules} services of the directory are judged by a new rule.");
    }
    opened.close().await
}
