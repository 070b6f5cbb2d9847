//! `throughcare audit verify`: has anybody touched the log?
use anyhow::bail;

use super::set_up;
use crate::audit::verify;
use crate::config::Config;
use crate::platform::db::{Actor, Work};

/// Reads every sealed block again and says what does not fit; fails if anything does not.
pub async fn verify(config: &Config) -> anyhow::Result<()> {
    let opened = set_up::open_beside(config).await?;
    let mut work =
        Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let report = verify::verify(&opened.ground, &mut work).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    println!("blocks: {}", report.blocks);
    println!("sealed facts: {}", report.sealed);
    println!("not yet sealed: {}", report.unprotected);
    for problem in &report.problems {
        println!("problem: {problem}");
    }
    if !report.problems.is_empty() {
        bail!("the audit does not verify");
    }
    println!("Every sealed fact is as it was written.");
    Ok(())
}
