//! Mail as files: one `.eml` a message, named by its public id, readable by this program's user alone.
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::{Failure, Written};

/// Writes the message whole or not at all; a second time it replaces itself.
pub(super) async fn write(folder: &Path, message: &Written) -> Result<(), Failure> {
    let (folder, name, bytes) = (folder.to_owned(), message.public_id.simple().to_string(), message.bytes.clone());
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
    std::fs::rename(&unfinished, folder.join(format!("{name}.eml")))
}
