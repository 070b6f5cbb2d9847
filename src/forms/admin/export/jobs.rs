//! Making a large file behind the page, and taking it away when its day is over.
use anyhow::Context;
use chrono::TimeDelta;
use serde_json::json;

use super::make::{self, Follower};
use super::store::{self, Export};
use super::wanted::Wanted;
use crate::documents::store::write_file;
use crate::error::Error;
use crate::forms::store as forms;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{FormId, RowId};
use crate::platform::jobs::{Job, Taken};
use crate::platform::seal::DataKey;

/// The job that makes a file.
pub const MAKE: &str = "forms.export";
/// The job that takes it away.
pub const EXPIRE: &str = "forms.export_expiry";
/// So long it is there.
pub const KEPT: TimeDelta = TimeDelta::days(1);

// A file that fails so often fails for a reason that waiting does not mend.
const MOST_ATTEMPTS: i32 = 5;

const PLACE: &str = "form_exports.file";

/// The job for an export.
pub fn later(export: &Export) -> Job {
    Job::new(MAKE, Some(export.org), json!({ "form": export.form_id, "export": export.id })).once(format!("{MAKE}:{}", export.id))
}

/// Makes the file of an export as whoever asked for it: what they don't see any more is not in it. Safe to run twice.
pub async fn make(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let (form, id) = named(job)?;
    let export = store::export(work, form, id).await?;
    if export.state != "waiting" {
        return Ok(());
    }
    if job.attempts > MOST_ATTEMPTS {
        return store::failed(work, id, "form_export_broken").await;
    }
    let wanted: Wanted = serde_json::from_value(export.wanted.clone()).map_err(anyhow::Error::from)?;
    let Some(standing) = store::standing(work, export.asked_by).await? else {
        return store::failed(work, id, "form_export_left").await;
    };
    let ground = work.ground().clone();
    let mut theirs = Work::open(&ground, Actor::User(export.asked_by)).await?;
    theirs.standing = standing;
    let follower = Follower { ground: ground.clone(), org: export.org, export: id, job: job.id };
    let made = match forms::form(&mut theirs, form).await {
        Ok(form) => make::make(&mut theirs, &form, &wanted, Some(&follower)).await,
        Err(error) => Err(error),
    };
    let made = match made {
        Ok(made) => made,
        Err(Error::NotFound) => return store::failed(work, id, "form_export_left").await,
        Err(Error::Invalid(_)) => return store::failed(work, id, "form_export_large").await,
        Err(error) => return Err(error),
    };
    let sealed = key(work, id).seal(PLACE, &made.bytes);
    write_file(&path(work, id), &sealed).await.context("an export cannot be written")?;
    // The facts name whose data left; they stand before the file can be taken.
    theirs.commit().await?;
    let until = work.now() + KEPT;
    if !store::made(work, id, (made.media_type, made.ending), made.copies, until).await? {
        // Either this job ran twice, and the other made it; or a case was erased meanwhile whose answers it may hold (S29).
        let stands = store::export(work, form, id).await?.state == "made";
        return if stands { Ok(()) } else { take_away(work, id).await };
    }
    work.enqueue(Job::new(EXPIRE, Some(export.org), job.body.clone()).at(until).once(format!("{EXPIRE}:{id}"))).await
}

/// Takes the file of an export away; one that is not there is no fault.
pub async fn expire(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let (_, id) = named(job)?;
    take_away(work, id).await?;
    store::gone(work, id).await
}

async fn take_away(work: &Work, id: RowId) -> Result<(), Error> {
    match tokio::fs::remove_file(path(work, id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(anyhow::Error::from(error).context("an export cannot be removed").into())
        }
        _ => Ok(()),
    }
}

/// The bytes of a file that was made.
pub async fn read(work: &Work, id: RowId) -> Result<Vec<u8>, Error> {
    let sealed = tokio::fs::read(path(work, id)).await.context("an export cannot be read")?;
    Ok(key(work, id).open(PLACE, &sealed)?)
}

fn named(job: &Taken) -> Result<(FormId, RowId), Error> {
    let form = serde_json::from_value(job.body["form"].clone()).map_err(anyhow::Error::from)?;
    Ok((form, serde_json::from_value(job.body["export"].clone()).map_err(anyhow::Error::from)?))
}

// Derived for this one file: nothing of it lies beside, and when the file is gone so is what it says.
fn key(work: &Work, id: RowId) -> DataKey {
    work.ground().keyring.own_key("form export", id.0)
}

fn path(work: &Work, id: RowId) -> std::path::PathBuf {
    work.ground().files.join(format!("form_exports/{id}.sealed"))
}
