//! `throughcare erase --again`: after an old backup was put back, erases once more what was erased since.
use super::set_up;
use crate::access::retention::actions;
use crate::config::Config;

/// Goes through the list beside the database; says how many cases had come back.
pub async fn again(config: &Config) -> anyhow::Result<()> {
    let opened = set_up::open_beside(config).await?;
    let done = actions::again(&opened.ground, &opened.operator).await.map_err(set_up::plainly);
    opened.close().await?;
    match done? {
        0 => println!("Nothing that was erased is there."),
        count => println!("Erased again: {count}"),
    }
    Ok(())
}
