//! What is kept outside the database of what was erased: a list of ids and moments beside the audit's seals, by which a backup that was put back is brought
//! up to date (`throughcare erase --again`). And taking sealed files away.
use std::io::{Read, Write};
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
    match std::fs::read(file(ground)) {
        Ok(bytes) => Ok(read(&bytes)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(anyhow::Error::from(error).context("the list of erased cases cannot be read").into()),
    }
}

/// Puts a case on the list. Safe to do twice: it stands there once.
pub fn add(ground: &Ground, erased: Erased) -> Result<(), Error> {
    append(ground, erased).map_err(|error| error.context("the list of erased cases cannot be written").into())
}

// A last line without an end that cannot be read was torn off by a power cut. Whoever wrote it had not finished, and writes it again.
fn read(bytes: &[u8]) -> anyhow::Result<Vec<Erased>> {
    let (whole, rest) = bytes.split_at(end_of_lines(bytes));
    let lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut listed = lines.map(serde_json::from_slice).collect::<Result<Vec<Erased>, _>>()?;
    listed.extend(serde_json::from_slice::<Erased>(rest).ok());
    Ok(listed)
}

fn end_of_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1)
}

fn append(ground: &Ground, erased: Erased) -> anyhow::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).read(true).append(true).open(file(ground))?;
    // Several copies of the service share the file: they take turns, until it is closed.
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if read(&bytes)?.iter().any(|known| known.case == erased.case) {
        return Ok(());
    }
    let mut line = serde_json::to_string(&erased)? + "\n";
    let end = end_of_lines(&bytes);
    if serde_json::from_slice::<Erased>(&bytes[end..]).is_ok() {
        line.insert(0, '\n');
    } else {
        file.set_len(u64::try_from(end)?)?;
    }
    file.write_all(line.as_bytes())?;
    Ok(file.sync_data()?)
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
