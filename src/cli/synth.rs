//! `throughcare synth`: a big made-up world for measuring, in an empty database.
use super::set_up::Opened;
use crate::bench::desk::broken;
use crate::bench::world;
use crate::demo::{self, Found};
use crate::platform::db::{Actor, Work};

/// Fills an empty database with so many households and all that hangs on them, and says how far it is.
pub async fn fill(opened: &Opened, households: u32) -> anyhow::Result<()> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    if demo::look(&mut work).await.map_err(broken)? != Found::Nothing {
        anyhow::bail!("this database is not empty, so nothing is made in it; name an empty data folder in THROUGHCARE_DATA");
    }
    let start = std::time::Instant::now();
    let say = |step: &str| eprintln!("{:>5} s  {step}", start.elapsed().as_secs());
    world::make(&mut work, households, say).await.map_err(broken)?;
    work.commit().await.map_err(broken)?;
    say("looks over every table");
    opened.operator.tidy_up(world::TABLES).await.map_err(broken)?;
    opened.operator.tidy_up(&["units", "users", "memberships", "services"]).await.map_err(broken)?;
    say("done");
    Ok(())
}
