//! Messages as files, one each, named by its public id, readable by this program's user alone.
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::Failure;

/// Writes the message whole or not at all; a second time it replaces itself.
pub(in crate::platform) async fn write(folder: &Path, name: String, bytes: Vec<u8>) -> Result<(), Failure> {
    let folder = folder.to_owned();
    let written = tokio::task::spawn_blocking(move || put(&folder, &name, &bytes)).await;
    match written {
        Ok(Ok(())) => Ok(()),
        _ => Err(Failure::server("folder_unwritable", None)),
    }
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished = folder.join(format!(".{name}"));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(name))
}
