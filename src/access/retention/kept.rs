//! What is kept outside the database of what was erased: a list of ids and moments beside the audit's seals, by which a backup that was put back is brought
//! up to date (`throughcare erase --again`). And taking sealed files away.
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::platform::db::Ground;
use crate::platform::ids::CaseId;

/// A case that was erased: nothing but its id, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The case.
    pub case: CaseId,
    /// When.
    pub at: DateTime<Utc>,
}

/// The file that keeps the list, one case a line.
pub fn file(ground: &Ground) -> PathBuf {
    ground.files.join("erasures.jsonl")
}

/// Everything that was erased, the oldest first; nothing when there is no file yet.
pub fn list(ground: &Ground) -> Result<Vec<Erased>, Error> {
    match std::fs::read_to_string(file(ground)) {
        Ok(text) => Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>().map_err(anyhow::Error::from)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(anyhow::Error::from(error).context("the list of erased cases cannot be read").into()),
    }
}

/// Puts a case on the list. Safe to do twice: it stands there once.
pub fn add(ground: &Ground, erased: Erased) -> Result<(), Error> {
    if list(ground)?.iter().any(|known| known.case == erased.case) {
        return Ok(());
    }
    let line = serde_json::to_string(&erased).map_err(anyhow::Error::from)?;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file(ground)).map_err(anyhow::Error::from)?;
    writeln!(file, "{line}").map_err(anyhow::Error::from)?;
    file.sync_data().map_err(|error| anyhow::Error::from(error).into())
}

/// Takes sealed files away; one that is not there is no fault.
pub async fn take_away(ground: &Ground, files: &[String]) -> Result<(), Error> {
    for name in files {
        match tokio::fs::remove_file(ground.files.join(name)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(anyhow::Error::from(error).context("a sealed file cannot be removed").into());
            }
            _ => {}
        }
    }
    Ok(())
}
