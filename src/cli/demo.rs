//! `throughcare serve --demo`: a made-up country to try things in.
use super::set_up::Opened;
use crate::demo::{self, Found};
use crate::platform::db::{Actor, Work};

/// Fills an empty database with the demo, keeps one that is there, and prints who can sign in. Never touches real work.
pub async fn ensure(opened: &Opened) -> anyhow::Result<()> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(explain)?;
    match demo::look(&mut work).await.map_err(explain)? {
        Found::Demo => {}
        Found::Work => anyhow::bail!(
            "this database holds somebody's work, so the demo is not loaded into it; start without --demo, or name an empty data folder in THROUGHCARE_DATA"
        ),
        Found::Nothing => {
            eprintln!("Making the demo country; this takes a few seconds");
            let now = work.now();
            demo::load(&mut work, demo::SEED, now).await.map_err(explain)?;
            work.commit().await.map_err(explain)?;
        }
    }
    eprintln!("\n{}\n", demo::people());
    Ok(())
}

fn explain(error: crate::error::Error) -> anyhow::Error {
    match error {
        crate::error::Error::Broken(error) => error,
        other => anyhow::anyhow!("the demo could not be loaded: {other:?}"),
    }
}
