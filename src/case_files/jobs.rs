//! Making a released file, and taking it away when its time is over.
use super::bundle::{self, Attached, Manifest};
use super::case_file::{CaseFile, Entry, KEPT};
use super::{printed, store};
use crate::audit::{About, Fact};
use crate::documents;
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::platform::jobs::Taken;
use crate::tasks::{self, NewTask};

/// The job that makes the two files.
pub const MAKE: &str = "case_files.make";
/// The job that takes them away.
pub const EXPIRE: &str = "case_files.expire";

/// Makes both files of what was released. Safe to run twice: what is made stays as it is.
pub async fn make(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let case: CaseId = serde_json::from_value(job.body["case"].clone()).map_err(anyhow::Error::from)?;
    let id: RowId = serde_json::from_value(job.body["file"].clone()).map_err(anyhow::Error::from)?;
    let file = store::find(work, case, id).await?;
    if file.state != "released" {
        return Ok(());
    }
    let entries = store::content(work, &file).await?;
    let attached = attached(work, &file, &entries).await?;
    // Typesetting takes a processor for some tenths of a second: not on a thread that answers requests.
    let of_case = store::of_case(work, case, file.lang).await?;
    let made_at = work.now();
    let (paper, bundle) = {
        let file = file.clone();
        let made = move || {
            let manifest = Manifest { file: &file, case: &of_case, made_at };
            Ok::<_, Error>((printed::pdf(&manifest, &entries)?, bundle::zip(&manifest, &entries, &attached)?))
        };
        tokio::task::spawn_blocking(made).await.map_err(anyhow::Error::from)??
    };
    store::keep(work, &file, "pdf", &paper).await?;
    store::keep(work, &file, "zip", &bundle).await?;
    let until = work.now() + KEPT;
    store::mark_made(work, &file, until).await?;
    let task =
        NewTask::of_case("hand_over_case_file", case, until).to(Some(file.asked_by)).once(format!("hand_over_case_file:{id}"));
    tasks::actions::add(work, task).await?;
    work.record(Fact::CaseFileMade, About::case(case).with(file.person_id).with(id)).await
}

// A document that was withdrawn meanwhile stays out, and so does one in which something was found, or a photo that nobody may open any more.
async fn attached(work: &mut Work, file: &CaseFile, entries: &[Entry]) -> Result<Vec<Attached>, Error> {
    let mut attached = Vec::new();
    for (nth, id) in entries.iter().filter_map(|entry| entry.file).enumerate() {
        let (document, bytes) = match documents::actions::open(work, file.case_id, id).await {
            Ok(found) => found,
            Err(Error::NotFound | Error::Conflict(Clash::State { .. })) => continue,
            Err(error) => return Err(error),
        };
        let name = document.file_name();
        let ending = name.rsplit('.').next().unwrap_or("bin");
        attached.push(Attached { id, name: format!("documents/{}.{ending}", nth + 1), bytes });
    }
    Ok(attached)
}

/// Takes away the files of this organisation whose time is over.
pub async fn expire(work: &mut Work) -> Result<(), Error> {
    for id in store::expired(work).await? {
        store::remove(work, id).await?;
        work.record(Fact::CaseFileGone, About::subjects([id.0])).await?;
    }
    Ok(())
}
